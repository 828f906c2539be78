// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard.android

import android.app.Activity
import android.graphics.BitmapFactory
import android.nfc.NfcAdapter
import jp.mynacard.Picture
import jp.mynacard.VirtualCard
import jp.mynacard.read
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.MainScope
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.collectLatest
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode
import org.robolectric.shadows.ShadowNfcAdapter

@RunWith(RobolectricTestRunner::class)
@Config(sdk = [34], manifest = Config.NONE, shadows = [OwnIsoDep::class, OwnTagTechnology::class])
@GraphicsMode(GraphicsMode.Mode.NATIVE)
class ReaderModeTest {
    private lateinit var activity: Activity
    private lateinit var nfc: ShadowNfcAdapter

    @Before
    fun setUp() {
        activity = Robolectric.buildActivity(Activity::class.java).setup().get()
        nfc = withNfc()
    }

    @Test
    fun `each tap is a transport of its own, and reader mode ends with the collecting`() {
        val scope = MainScope()
        val taps = mutableListOf<IsoDepTransport>()
        val names = mutableListOf<String>()
        VirtualCard().use { card ->
            val reader = ReaderMode(activity)
            assertEquals(NfcState.READY, reader.state)
            scope.launch {
                reader.taps().collectLatest { tap ->
                    taps += tap
                    card.number().use { tap.read(it) }.use { names += it.attributes().orThrow().name!! }
                }
            }
            until("reader mode") { nfc.isInReaderMode }
            val tablets = List(2) { Tablet(card) }
            tablets.forEachIndexed { n, tablet ->
                nfc.dispatchTagDiscovered(tablet.tag())
                until("tap $n") { names.size == n + 1 }
                card.powerOff()
            }
            assertEquals(2, taps.toSet().size)
            assertTrue(tablets[0].closed > 0)
            scope.cancel()
            until("no reader mode") { !nfc.isInReaderMode }
            assertTrue(tablets[1].closed > 0)
        }
    }

    @Test
    fun `a tag that is gone again is no error`() {
        val scope = MainScope()
        VirtualCard().use { card ->
            val taps = mutableListOf<IsoDepTransport>()
            scope.launch { ReaderMode(activity).taps().collect { taps += it } }
            until("reader mode") { nfc.isInReaderMode }
            nfc.dispatchTagDiscovered(Tablet(card).also { it.upToDate = false }.tag())
            nfc.dispatchTagDiscovered(Tablet(card).tag())
            until("the second") { taps.size == 1 }
            scope.cancel()
        }
    }

    @Test
    fun `the flags are type B without NDEF, and the presence check is slow`() {
        assertEquals(NfcAdapter.FLAG_READER_NFC_B or NfcAdapter.FLAG_READER_SKIP_NDEF_CHECK, ReaderMode.FLAGS)
        val extras = ReaderMode(activity, presenceCheck = 3.seconds).extras()
        assertEquals(3000, extras.getInt(NfcAdapter.EXTRA_READER_PRESENCE_CHECK_DELAY))
    }

    @Test
    fun `a tablet that is switched off, or has no NFC, says so`() {
        nfc.setEnabled(false)
        assertEquals(NfcState.OFF, ReaderMode(activity).state)
        ShadowNfcAdapter.setNfcHardwareExists(false)
        assertEquals(NfcState.ABSENT, ReaderMode(activity).state)
    }

    @Test
    fun `a picture becomes the bitmap that its PNG decodes to`(): Unit = runBlocking {
        VirtualCard().use { card ->
            val face = card.number().use { card.read(it) }.use { it.face().orThrow() }
            face.use {
                for (picture in Picture.entries) {
                    face.pixels(picture)!!.use { pixels ->
                        val png = pixels.toPng()
                        val expected = BitmapFactory.decodeByteArray(png, 0, png.size)
                        val found = pixels.toBitmap()
                        assertEquals(expected.width to expected.height, found.width to found.height)
                        for (y in 0..<found.height) {
                            for (x in 0..<found.width) assertEquals("$picture", expected.getPixel(x, y), found.getPixel(x, y))
                        }
                        assertFalse(found.isRecycled)
                    }
                }
            }
        }
    }
}
