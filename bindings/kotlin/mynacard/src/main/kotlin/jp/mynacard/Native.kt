// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard

import jp.mynacard.ffi.MynacardFault

/**
 * An object of the library, until it is closed. A call that runs while another thread closes it ends in order; the object
 * goes with the last of them. Every later call is a typed error.
 */
internal class Native<T : AutoCloseable>(private val raw: T) {
    private val turn = Any()
    private var users = 1
    private var closed = false

    /** Uses the object. Errors: what the call says; `BoundaryFault::StaleHandle` once closed. */
    inline fun <R> call(body: (T) -> R): R {
        enter()
        try {
            return translated { body(raw) }
        } finally {
            leave()
        }
    }

    /**
     * The same, while nobody else is in here: for calls that only take a moment, since a second one waits. The library itself
     * would refuse it as busy.
     */
    inline fun <R> inTurn(body: (T) -> R): R = synchronized(turn) { call(body) }

    /** As [inTurn], for whoever has [enter]ed and not left: also after [close]. */
    inline fun <R> held(body: (T) -> R): R = synchronized(turn) { translated { body(raw) } }

    /** Lets the object go, once; a second time does nothing. */
    fun close() {
        synchronized(this) {
            if (closed) return
            closed = true
        }
        leave()
    }

    fun enter(): Unit = synchronized(this) {
        if (closed) throw MynacardException.of(FaultCode.BOUNDARY_STALE_HANDLE)
        users += 1
    }

    fun leave() {
        val last = synchronized(this) {
            users -= 1
            users == 0
        }
        if (last) raw.close()
    }
}

/** Runs a call of the library. Errors: its code as a typed exception. */
internal inline fun <R> translated(body: () -> R): R = try {
    Mynacard.check()
    body()
} catch (fault: MynacardFault.Failed) {
    throw MynacardException.of(Fault.of(fault.code.toInt()))
}
