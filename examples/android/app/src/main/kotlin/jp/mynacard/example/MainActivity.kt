// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard.example

import android.app.Activity
import android.content.Context
import android.os.Bundle
import android.text.InputType
import android.view.WindowManager
import android.widget.Button
import android.widget.EditText
import android.widget.ImageView
import android.widget.LinearLayout
import android.widget.ScrollView
import android.widget.TextView
import jp.mynacard.AuditLog
import jp.mynacard.FileLogStore
import jp.mynacard.MedicalSource
import jp.mynacard.Mynacard
import jp.mynacard.MynacardException
import jp.mynacard.Pixels
import jp.mynacard.Query
import jp.mynacard.Roots
import jp.mynacard.SourceKind
import jp.mynacard.VerificationNumberB
import jp.mynacard.android.IsoDepTransport
import jp.mynacard.android.NfcState
import jp.mynacard.android.ReaderMode
import jp.mynacard.android.toBitmap
import java.security.SecureRandom
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Job
import kotlinx.coroutines.MainScope
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.collectLatest
import kotlinx.coroutines.launch

/** The one screen of a drill (訓練): digits, photo, holder, verdict, the crew's buttons, the page for the hospital. */
class MainActivity : Activity() {
    private val scope = MainScope()
    private val ready = CompletableDeferred<Desk>()
    private var made: Desk? = null
    private var waiting: Job? = null

    private lateinit var digits: EditText
    private lateinit var message: TextView
    private lateinit var photo: ImageView
    private lateinit var withoutPhoto: TextView
    private lateinit var holder: TextView
    private lateinit var verdict: TextView
    private lateinit var buttons: LinearLayout
    private lateinit var page: TextView

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        // No screenshot, no picture in the list of recent apps.
        window.addFlags(WindowManager.LayoutParams.FLAG_SECURE)
        setContentView(layOut())
        Mynacard.check()
        scope.launch {
            val parts = parts(this@MainActivity)
            val desk = Desk(parts.log, parts.roots, parts.source, CREW, ::showPhoto) { digits.text.clear() }
            made = desk
            ready.complete(desk)
            desk.screen.collectLatest {
                show(it)
                desk.hidePageInTime()
            }
        }
    }

    override fun onResume() {
        super.onResume()
        val reader = ReaderMode(this)
        when (reader.state) {
            NfcState.ABSENT -> message.text = "この端末にはNFCがありません。"
            NfcState.OFF -> message.text = "端末の設定でNFCをオンにしてください。"
            NfcState.READY -> waiting = scope.launch { reader.taps().collectLatest(::read) }
        }
    }

    override fun onPause() {
        waiting?.cancel()
        super.onPause()
    }

    override fun onDestroy() {
        scope.cancel()
        made?.close()
        super.onDestroy()
    }

    private suspend fun read(card: IsoDepTransport) {
        val typed = digits.text
        // Read already: the card that trembles, or another one, is not given the same number again.
        if (typed.isEmpty()) return
        val number = try {
            // As characters and not as text, so that they can be overwritten.
            VerificationNumberB.of(CharArray(typed.length).also { typed.getChars(0, typed.length, it, 0) })
        } catch (why: MynacardException) {
            message.text = why.adviceJa
            return
        }
        val desk = ready.await()
        try {
            number.use { desk.tap(card, it) }
        } finally {
            if (!desk.isTorn) digits.text.clear()
        }
    }

    private fun show(screen: Screen) {
        message.text = screen.message
        withoutPhoto.text = screen.withoutPhoto
        holder.text = screen.holder
        verdict.text = screen.verdict
        page.text = screen.page
        buttons.removeAllViews()
        if (screen.mayView) button("薬剤・健診情報を見る") { view() }
        for (event in screen.events) button(event.labelJa) { record(event) }
        for ((label, same) in screen.cards) button(label) { cardIs(same) }
    }

    private fun button(label: String, act: suspend Desk.() -> Unit) {
        val button = Button(this)
        button.text = label
        button.setOnClickListener { scope.launch { ready.await().act() } }
        buttons.addView(button)
    }

    private fun showPhoto(pixels: Pixels?) {
        if (pixels == null) {
            photo.setImageDrawable(null)
        } else {
            photo.setImageBitmap(pixels.use { it.toBitmap() })
        }
    }

    private fun layOut(): ScrollView {
        digits = EditText(this).apply {
            hint = "照合番号B(14桁)"
            inputType = InputType.TYPE_CLASS_NUMBER
            isSaveEnabled = false
        }
        message = TextView(this)
        photo = ImageView(this)
        withoutPhoto = TextView(this)
        holder = TextView(this)
        verdict = TextView(this)
        buttons = LinearLayout(this).apply { orientation = LinearLayout.VERTICAL }
        page = TextView(this)
        val column = LinearLayout(this).apply { orientation = LinearLayout.VERTICAL }
        for (view in listOf(digits, message, photo, withoutPhoto, holder, verdict, buttons, page)) column.addView(view)
        return ScrollView(this).apply { addView(column) }
    }

    /** What the desk works with. */
    class Parts(val log: AuditLog, val roots: Roots, val source: MedicalSource)

    companion object {
        /** A staff number; never a name. */
        private const val CREW = "crew-1"

        /** Makes the parts; a test gives its own. */
        var parts: suspend (Context) -> Parts = ::drill

        /** A drill: a log of its own, test cards, a synthetic patient. */
        private suspend fun drill(context: Context): Parts {
            val state = KeystoreState(context.filesDir.toPath().resolve("audit.state"))
            val file = context.filesDir.toPath().resolve("audit.jsonl")
            val store = FileLogStore(file, state::keep)
            val log = when (val kept = state.load()) {
                // In earnest the seal key also goes to whoever will verify, before the first encounter.
                null -> AuditLog.create(store, "tablet-1", ByteArray(32).also(SecureRandom()::nextBytes), isDrill = true)
                else -> store.resume(kept, isDrill = true)
            }
            return Parts(log, Roots.testCards(), SyntheticPatient(context))
        }
    }
}

/** A patient who does not exist, out of the app's assets. In earnest: your connection to the service. */
private class SyntheticPatient(private val context: Context) : MedicalSource {
    override val kind = SourceKind.SYNTHETIC

    override suspend fun ask(query: Query): MedicalSource.Answer =
        MedicalSource.Answer.PatientFile(context.assets.open("adult.json").use { it.readBytes() })
}
