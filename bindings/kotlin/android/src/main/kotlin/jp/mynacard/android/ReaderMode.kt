// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard.android

import android.app.Activity
import android.nfc.NfcAdapter
import android.os.Bundle
import java.util.concurrent.atomic.AtomicReference
import jp.mynacard.LinkException
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.callbackFlow

/** What the tablet's NFC can do now. */
public enum class NfcState {
    /** There is none. */
    ABSENT,

    /** It is switched off: send the crew to the settings (`Settings.ACTION_NFC_SETTINGS`). */
    OFF,

    /** It reads. */
    READY,
}

/** Waits for cards on the tablet's own NFC while an activity is in the foreground. */
public class ReaderMode(
    private val activity: Activity,
    /**
     * How often Android looks whether the card is still there while nothing is sent. Its own 125 ms disturb a card that is
     * computing; the link tells us of a lost card anyway.
     */
    private val presenceCheck: Duration = 5.seconds,
    /** How long the chip may take for one command. */
    private val timeout: Duration = IsoDepTransport.TIMEOUT,
    /** Whether the tablet beeps when it finds a tag. */
    private val sounds: Boolean = true,
) {
    private val adapter: NfcAdapter? = NfcAdapter.getDefaultAdapter(activity)

    /** What the tablet's NFC can do now. */
    public val state: NfcState
        get() = when {
            adapter == null -> NfcState.ABSENT
            adapter.isEnabled -> NfcState.READY
            else -> NfcState.OFF
        }

    /**
     * The cards that are held to the tablet, connected. Collect it between `onResume` and `onPause`, and read inside: whoever
     * stops collecting ends reader mode and with it the tap. A tap is closed when the next one comes.
     *
     * Errors: [IllegalStateException] without NFC.
     */
    public fun taps(): Flow<IsoDepTransport> = callbackFlow {
        val reader = checkNotNull(adapter) { "this device has no NFC" }
        val present = AtomicReference<IsoDepTransport?>()
        val found = NfcAdapter.ReaderCallback { tag ->
            val tap = try {
                IsoDepTransport.connect(tag, timeout)
            } catch (_: LinkException) {
                null // Gone again: the next tap will do.
            }
            if (tap != null) {
                present.getAndSet(tap)?.close()
                trySend(tap)
            }
        }
        reader.enableReaderMode(activity, found, FLAGS or if (sounds) 0 else SILENT, extras())
        awaitClose {
            // Throws once the activity is destroyed; its reader mode ended with it.
            runCatching { reader.disableReaderMode(activity) }
            present.getAndSet(null)?.close()
        }
    }.buffer(Channel.CONFLATED)

    internal fun extras(): Bundle = Bundle().apply {
        putInt(NfcAdapter.EXTRA_READER_PRESENCE_CHECK_DELAY, presenceCheck.inWholeMilliseconds.toInt())
    }

    internal companion object {
        /** My Number Cards are of type B. An NDEF check would cost time and change what is selected. */
        const val FLAGS = NfcAdapter.FLAG_READER_NFC_B or NfcAdapter.FLAG_READER_SKIP_NDEF_CHECK
        const val SILENT = NfcAdapter.FLAG_READER_NO_PLATFORM_SOUNDS
    }
}
