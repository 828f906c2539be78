// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard

/**
 * Sends commands to one card: your reader call.
 *
 * What it throws never enters the library. A [LinkException] ends the reading in order, with what was read until then;
 * anything else ends it at once and is thrown again to whoever reads.
 */
public interface CardTransport {
    /**
     * The connection to the card: always the same one as long as the card is the same, and of one that wraps another, the
     * inner one's. A card may still refuse what its capabilities allow.
     */
    public val link: Link

    /**
     * Sends a command, once, and gives the card's answer with its two status bytes. Must not send anything twice: a repeated
     * VERIFY costs the patient a try. Neither may be logged: the command may hold 照合番号B, the answer is personal. Both
     * arrays are overwritten after use, the command also when the reading is cancelled: if your reader may still be sending it
     * then, send a copy and wipe that, or the card gets a VERIFY of zeros.
     *
     * Errors: [LinkException] when there is no answer.
     */
    public suspend fun transmit(command: ByteArray): ByteArray
}

/** What a transport throws when the card gives no answer. */
public class LinkException(
    /** Why. */
    public val fault: LinkFault,
    cause: Throwable? = null,
) : Exception("${fault.code} ${fault.name}", cause)

/** Why a card gave no answer. */
public enum class LinkFault(
    /** The stable code. */
    public val code: Int,
) {
    /** The card left the reader during an exchange. */
    LOST(1001),

    /** The card was reset under the session. */
    RESET(1002),

    /** The card did not answer in time. */
    TIMEOUT(1003),

    /** There is no card on the reader. */
    NO_CARD(1004),

    /** The reader is not there any more. */
    READER_GONE(1005),

    /** Another program is using the card. */
    BUSY(1006),

    /** No card reader is connected. */
    NO_READER(1007),

    /** The smart card service is not running. */
    NO_SERVICE(1008),

    /** The card is there but does not speak. */
    MUTE(1009),

    /** The transport failed in another way. */
    TRANSPORT(1010),

    /** The reading was cancelled. */
    CANCELLED(1011),
}
