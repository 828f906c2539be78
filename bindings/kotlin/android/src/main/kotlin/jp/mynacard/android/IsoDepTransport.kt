// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard.android

import android.nfc.Tag
import android.nfc.TagLostException
import android.nfc.tech.IsoDep
import java.io.IOException
import java.util.concurrent.Executors
import jp.mynacard.Capabilities
import jp.mynacard.CardTransport
import jp.mynacard.Link
import jp.mynacard.LinkException
import jp.mynacard.LinkFault
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.suspendCancellableCoroutine
import kotlin.coroutines.resume
import kotlin.coroutines.resumeWithException

/**
 * One tap of a card, through the tablet's own NFC. [ReaderMode] gives it; close it after use.
 *
 * Cancelling a reading closes the connection, which is the only way to interrupt an exchange on Android; nothing is sent
 * afterwards. A later tap has a transport of its own, so that an old cancellation cannot end a new reading.
 */
public class IsoDepTransport private constructor(
    private val isoDep: IsoDep,
    override val link: Link,
    private val timeout: Duration,
) : CardTransport, AutoCloseable {
    // One thread, since a command must not overtake another, and the framework blocks.
    private val thread = Executors.newSingleThreadExecutor { Thread(it, "mynacard-nfc") }

    override suspend fun transmit(command: ByteArray): ByteArray =
        suspendCancellableCoroutine { waiting ->
            // The caller wipes its own when cancelled, while the thread may still send: half a VERIFY could cost a try.
            val own = command.clone()
            waiting.invokeOnCancellation { close() }
            val sent = runCatching { thread.execute { send(own, waiting) } }
            if (sent.isFailure) {
                own.fill(0)
                waiting.resumeWithException(LinkException(LinkFault.NO_CARD))
            }
        }

    private fun send(own: ByteArray, waiting: CancellableContinuation<ByteArray>) {
        try {
            // Cancelled before its turn: it must not be sent.
            if (!waiting.isActive) return
            runCatching { exchange(own) }
                .onSuccess { answer -> waiting.resume(answer) { _, lost, _ -> lost.fill(0) } }
                .onFailure(waiting::resumeWithException)
        } finally {
            own.fill(0)
        }
    }

    /** Ends the connection; the card loses its state. A second time does nothing. */
    override fun close() {
        thread.shutdown()
        // Throws when the tag is gone, which is what we want.
        runCatching { isoDep.close() }
        link.forget()
    }

    private fun exchange(command: ByteArray): ByteArray {
        val begun = TimeSource.Monotonic.markNow()
        return try {
            isoDep.transceive(command) ?: throw LinkException(LinkFault.MUTE)
        } catch (why: IOException) {
            throw LinkException(faultOf(why, begun.elapsedNow()), why)
        } catch (why: SecurityException) {
            // The tag is one of an earlier tap.
            throw LinkException(LinkFault.RESET, why)
        } catch (why: IllegalStateException) {
            throw LinkException(LinkFault.NO_CARD, why)
        }
    }

    private fun faultOf(why: IOException, elapsed: Duration): LinkFault = when {
        why is TagLostException -> LinkFault.LOST
        elapsed >= timeout -> LinkFault.TIMEOUT
        !connected() -> LinkFault.LOST
        else -> LinkFault.TRANSPORT
    }

    private fun connected(): Boolean = runCatching { isoDep.isConnected }.getOrDefault(false)

    public companion object {
        /** How long the chip may take for one command: a signature over a weak field takes more than a second. */
        public val TIMEOUT: Duration = 5.seconds

        /**
         * Connects to the card of a tap; null for a tag that is no ISO 14443-4 card.
         *
         * Errors: [LinkException] when it is gone already.
         */
        public fun connect(tag: Tag, timeout: Duration = TIMEOUT): IsoDepTransport? {
            val isoDep = IsoDep.get(tag) ?: return null
            try {
                isoDep.connect()
                isoDep.timeout = timeout.inWholeMilliseconds.coerceIn(1, Int.MAX_VALUE.toLong()).toInt()
                // Every IsoDep of a tag speaks to the same card.
                return IsoDepTransport(isoDep, Link.of(tag, capabilitiesOf(isoDep)), timeout)
            } catch (why: IOException) {
                runCatching { isoDep.close() }
                throw LinkException(LinkFault.LOST, why)
            } catch (why: SecurityException) {
                throw LinkException(LinkFault.RESET, why)
            }
        }

        /**
         * What the tablet says of itself. What it says of extended length is not always true, and the card is asked as well: the
         * library falls back when a long command is refused.
         */
        internal fun capabilitiesOf(isoDep: IsoDep): Capabilities {
            val longest = isoDep.maxTransceiveLength
            val short = Capabilities.SHORT
            return when {
                !isoDep.isExtendedLengthApduSupported || longest <= short.maxCommand -> short
                else -> Capabilities(longest, longest, extendedLength = true)
            }
        }
    }
}
