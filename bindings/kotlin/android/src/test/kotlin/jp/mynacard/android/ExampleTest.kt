// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard.android

import android.app.Activity
import android.nfc.TransceiveResult.RESULT_SUCCESS
import android.nfc.TransceiveResult.RESULT_TAGLOST
import android.view.View
import android.view.ViewGroup
import android.widget.Button
import android.widget.EditText
import android.widget.ImageView
import android.widget.TextView
import java.io.IOException
import java.nio.file.Files
import java.nio.file.Path
import jp.mynacard.AuditLog
import jp.mynacard.LogStore
import jp.mynacard.MedicalSource
import jp.mynacard.Query
import jp.mynacard.SourceKind
import jp.mynacard.VirtualCard
import jp.mynacard.example.MainActivity
import kotlin.text.Charsets.ISO_8859_1
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode
import org.robolectric.shadows.ShadowNfcAdapter

/** The example app, run: its activity, its views, the framework's NFC classes, and a virtual card. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [34], manifest = Config.NONE, shadows = [OwnIsoDep::class, OwnTagTechnology::class])
@GraphicsMode(GraphicsMode.Mode.NATIVE)
class ExampleTest {
    private val lines = mutableListOf<String>()
    private var broken = false

    private val store = object : LogStore {
        override suspend fun append(line: String) {
            if (broken) throw IOException("disk full")
            lines += line
        }

        override suspend fun keep(state: ByteArray) = Unit
    }

    private val source = object : MedicalSource {
        override val kind = SourceKind.SYNTHETIC

        override suspend fun ask(query: Query): MedicalSource.Answer {
            val root = Path.of(System.getProperty("mynacard.root"))
            return MedicalSource.Answer.PatientFile(Files.readAllBytes(root.resolve("examples/data/patients/adult.json")))
        }
    }

    private fun views(view: View): Sequence<View> =
        sequenceOf(view) + if (view is ViewGroup) (0..<view.childCount).asSequence().flatMap { views(view.getChildAt(it)) } else sequenceOf()

    /** The app's screen, as a crew sees and touches it. */
    private inner class Shown(activity: Activity) {
        private val decor = activity.window.decorView
        val digits get() = views(decor).filterIsInstance<EditText>().single()
        val photo get() = views(decor).filterIsInstance<ImageView>().first()

        fun says(text: String) = views(decor).filterIsInstance<TextView>().any { text in it.text }

        fun button(label: String) = views(decor).filterIsInstance<Button>().find { it.text.toString() == label }

        fun press(label: String) {
            until("the button $label") { button(label) != null }
            button(label)!!.performClick()
        }
    }

    private fun started(run: Shown.(ShadowNfcAdapter) -> Unit) {
        MainActivity.parts = {
            MainActivity.Parts(AuditLog.create(store, "tablet-1", ByteArray(32) { 9 }, isDrill = true), VirtualCard.roots(), source)
        }
        val nfc = withNfc()
        val made = Robolectric.buildActivity(MainActivity::class.java)
        val activity = made.setup().get()
        until("reader mode") { nfc.isInReaderMode }
        Shown(activity).run(nfc)
        made.pause()
        until("no reader mode") { !nfc.isInReaderMode }
        made.destroy()
    }

    @Test
    fun `scan, torn tap, face, consent, summary, hand-over`() = started { nfc ->
        VirtualCard().use { card ->
            digits.setText("123")
            nfc.dispatchTagDiscovered(Tablet(card).tag())
            until("advice on the digits") { says("桁数が違います") }

            digits.setText("60050320354819")
            nfc.dispatchTagDiscovered(Tablet(card) { if (it < 12) RESULT_SUCCESS else RESULT_TAGLOST }.tag())
            until("advice on the torn tap") { says("もう一度かざして") }
            assertNotNull(photo.drawable)
            card.powerOff()
            nfc.dispatchTagDiscovered(Tablet(card).tag())
            until("the button 目視一致") { button("目視一致") != null }
            // The card trembles: the number is used up, and nothing is sent.
            assertEquals("", digits.text.toString())
            val trembling = Tablet(card)
            nfc.dispatchTagDiscovered(trembling.tag())
            assertTrue(says("生年月日 1985年5月3日"))
            press("目視一致")
            press("口頭同意(本人)")
            press("薬剤・健診情報を見る")
            until("the page") { says("傷病者引き継ぎ票") }
            press("引継ぎ完了")
            until("the end") { says("終了しました") }
            assertEquals(7, lines.size)
            assertEquals("", digits.text.toString())
            assertEquals(0, trembling.sent)
            assertNull(photo.drawable)
            assertFalse(says("生年月日"))

            digits.setText("60050320354819")
            card.powerOff()
            broken = true
            nfc.dispatchTagDiscovered(Tablet(card).tag())
            until("advice on the store") { says("記録を保存できません") }
            assertEquals("", digits.text.toString())
        }
        assertTrue(lines.all { it.endsWith("\n") })
    }

    @Test
    fun `what a card does not have, or has in another form, is said, and the rest is there`() = started { nfc ->
        fun read(card: VirtualCard, number: String, tablet: Tablet) {
            digits.setText(number)
            card.powerOff()
            nfc.dispatchTagDiscovered(tablet.tag())
        }
        fun changed(card: VirtualCard, of: String, other: String) =
            Tablet(card, alter = { it.toString(ISO_8859_1).replace(of, other).toByteArray(ISO_8859_1) })
        VirtualCard().use { card ->
            // The day of birth is not known.
            read(card, "60050320354819", changed(card, "19850503", "19850500"))
            until("what the card has for a birth date") { says("生年月日 不詳(カードの記載 19850500)") }
            assertTrue(says("氏名 救急") && says("性別 男") && says("有効期限 2035年5月3日"))
            assertNotNull(photo.drawable)
            press("偽造カード")
            until("the end") { says("終了しました") }
            assertFalse(says("生年月日"))
            // The photo is no picture.
            read(card, "60050320354819", changed(card, "jP  ", "jP??"))
            until("why there is no photo") { says("顔写真を表示できません") }
            until("the holder") { says("生年月日 1985年5月3日") }
            assertNull(photo.drawable)
            press("偽造カード")
            until("the end") { says("終了しました") }
            assertFalse(says("顔写真"))
        }
        VirtualCard("child").use { card ->
            read(card, CHILD, Tablet(card) { if (it < 12) RESULT_SUCCESS else RESULT_TAGLOST })
            until("advice on the torn tap") { says("もう一度かざして") }
            assertTrue(says("顔写真なし"))
            // Nobody has to type it again.
            assertEquals(CHILD, digits.text.toString())
        }
    }

    private companion object {
        /** 照合番号B of the virtual child. */
        const val CHILD = "07012020300073"
    }
}
