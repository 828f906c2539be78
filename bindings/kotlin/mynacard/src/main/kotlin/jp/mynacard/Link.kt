// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard

import java.lang.ref.ReferenceQueue
import java.lang.ref.WeakReference
import jp.mynacard.ffi.Link as RawLink
import jp.mynacard.ffi.ReaderCapabilities
import jp.mynacard.ffi.extendedCapabilities
import jp.mynacard.ffi.shortCapabilities

/**
 * A connection to one card, from its power-up to its removal. One reading at a time has it: two that took turns could
 * present a number to a key that the other has selected. What one reading has found out of the card, the next one knows.
 *
 * Whatever wraps a reader gives the link of that reader: [of] finds it by the platform's own object.
 */
public class Link internal constructor(raw: RawLink) {
    internal val native = Native(raw)

    /** A link to a card of which nothing is known. */
    public constructor(capabilities: Capabilities) : this(translated { RawLink(capabilities.raw()) })

    /** What the connection can carry. */
    public val capabilities: Capabilities get() = native.call { Capabilities.of(it.capabilities()) }

    /** Whether a reading has it that has not ended. */
    public val isBusy: Boolean get() = native.call { it.isBusy() }

    /**
     * Forgets what is known of the card, because it was reset or taken away between two readings. One that is under way is
     * told by [LinkException] instead.
     */
    public fun forget(): Unit = native.call { it.forget() }

    public companion object {
        private val ofReaders = HashMap<Itself, Link>()
        private val gone = ReferenceQueue<Any>()

        /**
         * The one link of a reader, by the platform's own object for the card on it (a `Tag`, a `javax.smartcardio.Card`): that object
         * itself, whatever it is equal to. It is not kept. [capabilities] are those of the first call.
         */
        public fun of(reader: Any, capabilities: Capabilities): Link = synchronized(ofReaders) {
            generateSequence(gone::poll).forEach { ofReaders.remove(it) }
            ofReaders.getOrPut(Itself(reader, gone)) { Link(capabilities) }
        }
    }
}

/** An object itself, as long as somebody has it. Two that are equal may be two readers, and one may change what it is equal to. */
private class Itself(reader: Any, gone: ReferenceQueue<Any>) : WeakReference<Any>(reader, gone) {
    private val hash = System.identityHashCode(reader)

    override fun hashCode(): Int = hash

    override fun equals(other: Any?): Boolean =
        this === other || other is Itself && get().let { it != null && it === other.get() }
}

/** What a reader can carry. */
public data class Capabilities(
    /** Longest command in bytes; at least 261 is assumed. */
    val maxCommand: Int,
    /** Longest answer in bytes with its two status bytes; at least 258 is assumed. */
    val maxResponse: Int,
    /** Whether extended-length commands pass. */
    val extendedLength: Boolean,
) {
    init {
        require(maxCommand >= 0 && maxResponse >= 0) { "lengths are not negative" }
    }

    internal fun raw() = ReaderCapabilities(maxCommand.toUInt(), maxResponse.toUInt(), extendedLength)

    public companion object {
        /** What every reader can carry: short commands, 256 bytes an answer. */
        public val SHORT: Capabilities by lazy { of(translated(::shortCapabilities)) }

        /** Extended length up to the standard's bound: most USB readers. */
        public val EXTENDED: Capabilities by lazy { of(translated(::extendedCapabilities)) }

        internal fun of(raw: ReaderCapabilities) =
            Capabilities(raw.maxCommand.toInt(), raw.maxResponse.toInt(), raw.extendedLength)
    }
}
