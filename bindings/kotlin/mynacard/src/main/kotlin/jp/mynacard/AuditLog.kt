// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard

import jp.mynacard.ffi.AuditLog as RawLog
import jp.mynacard.ffi.Encounter as RawEncounter
import jp.mynacard.ffi.EncounterStart
import jp.mynacard.ffi.LogStart
import jp.mynacard.ffi.PendingLine
import kotlin.coroutines.AbstractCoroutineContextElement
import kotlin.coroutines.CoroutineContext
import kotlin.time.Clock
import kotlin.time.Duration
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withContext

/**
 * An audit log (監査記録): what encounters begin in, since none may go unrecorded. Calls wait for each other. Close it when
 * the app ends: the library then wipes its key.
 */
public class AuditLog private constructor(
    raw: RawLog,
    private val store: LogStore,
    /** Whether it is a log of drills (訓練). */
    public val isDrill: Boolean,
    internal val clock: Clock,
) : AutoCloseable {
    private val native = Native(raw)
    private val order = Mutex()

    /**
     * Begins an encounter, once its first line is stored. [crew] is a staff number, 1 to 24 characters of `A-Z a-z 0-9 . _ -`,
     * never a name. [permitLife] is at most six hours; null: one hour.
     *
     * Errors: what the store throws; [MynacardException].
     */
    public suspend fun begin(crew: String, permitLife: Duration? = null): Encounter =
        begin(crew, permitLife, random(ID_BYTES), random(KEY_BYTES))

    /** As the other, with the random bytes of the host. [salt] is overwritten. */
    public suspend fun begin(
        crew: String,
        permitLife: Duration?,
        id: ByteArray,
        salt: ByteArray,
    ): Encounter = wiping(salt) {
        exclusively {
            val life = permitLife?.inWholeMilliseconds?.coerceAtLeast(0)?.toULong()
            val start = EncounterStart(isDrill, id, salt, life, crew)
            val raw = translated { RawEncounter.open(start, now()) }
            val encounter = Encounter(raw, this, crew)
            try {
                store(encounter.native)
            } catch (thrown: Throwable) {
                encounter.close()
                throw thrown
            }
            encounter
        }
    }

    /**
     * Stores a checkpoint, which signs everything before it with an Ed25519 key in PKCS#8 (DER); [pkcs8] is overwritten. Gives
     * the line: send it to a place that the tablet cannot change.
     */
    public suspend fun checkpoint(pkcs8: ByteArray): String = wiping(pkcs8) {
        exclusively {
            val now = now()
            checkNotNull(append(null) { it.checkpoint(pkcs8, now) }).text
        }
    }

    /**
     * Stores what encounters have left that were closed before all of it was stored, after a store that threw. The next call of
     * any encounter of this log does it as well. Errors: what the store throws; [MynacardException].
     */
    public suspend fun store(): Unit = exclusively { store(null) }

    /** Lets it go; the key is wiped, after a line that is being stored. A second time does nothing. */
    override fun close(): Unit = native.close()

    internal fun now(): ULong = clock.now().unixMillis()

    /** Has the log for one call. Errors: `BoundaryFault::HandleBusy` from inside a store or a source that it waits for. */
    internal suspend fun <R> exclusively(body: suspend () -> R): R {
        if (currentCoroutineContext()[Inside]?.log === this) throw MynacardException.of(FaultCode.BOUNDARY_HANDLE_BUSY)
        return order.withLock { body() }
    }

    /**
     * Stores the header, what closed encounters have left, and everything that this one has made. A permit among it is in force
     * afterwards.
     */
    internal suspend fun store(encounter: Native<RawEncounter>?) {
        val next = { log: RawLog ->
            if (encounter == null) log.nextLine(null) else encounter.held { log.nextLine(it) }
        }
        // A permit that has become void keeps no later line from the log; of the last line it is told.
        var last: Stored? = null
        while (true) last = append(encounter, next) ?: break
        last?.refusal?.let { throw it }
    }

    /** A line that is stored, and why the permit in it is void, if it is. */
    private class Stored(val text: String, val refusal: Throwable?)

    /** Stores the next line and says so, or names it as not stored; null when there is none. */
    private suspend fun append(encounter: Native<RawEncounter>?, next: (RawLog) -> PendingLine?): Stored? {
        enter(encounter)
        try {
            return withContext(NonCancellable + Inside(this)) {
                val line = native.held(next) ?: return@withContext null
                val now = try {
                    now().also { store.append(line.text) }
                } catch (thrown: Throwable) {
                    native.held { it.discard(line.ticket) }
                    throw thrown
                }
                // A permit may be refused at last, when the facts have changed: its line stays, and the log has moved on.
                val confirmed = runCatching {
                    native.held { log ->
                        if (encounter == null) log.confirm(null, line.ticket, now) else encounter.held { log.confirm(it, line.ticket, now) }
                    }
                }
                val state = native.held { it.state() }
                wiping(state) { store.keep(state) }
                val refusal = confirmed.exceptionOrNull()
                if (refusal != null && native.held { it.pending() } != null) throw refusal
                Stored(line.text, refusal)
            }
        } finally {
            leave(encounter)
        }
    }

    /** Holds what a line needs until it is confirmed, whoever closes it meanwhile. */
    private fun enter(encounter: Native<RawEncounter>?) {
        native.enter()
        try {
            encounter?.enter()
        } catch (closed: MynacardException) {
            native.leave()
            throw closed
        }
    }

    private fun leave(encounter: Native<RawEncounter>?) {
        encounter?.leave()
        native.leave()
    }

    /** Marks what the log waits for: a call from there would wait for itself. */
    internal class Inside(val log: AuditLog) : AbstractCoroutineContextElement(Inside) {
        companion object : CoroutineContext.Key<Inside>
    }

    public companion object {
        private const val ID_BYTES = 16
        private const val KEY_BYTES = 32

        /**
         * Begins a log, once its header is stored. [sealKey]: 32 bytes from the system's cryptographic generator, which also go to
         * whoever will verify, by a way that is not the tablet's disk; overwritten here. [device]: the inventory number, 1 to 24
         * characters of `A-Z a-z 0-9 . _ -`.
         */
        public suspend fun create(
            store: LogStore,
            device: String,
            sealKey: ByteArray,
            isDrill: Boolean = false,
            clock: Clock = Clock.System,
            id: ByteArray = random(ID_BYTES),
        ): AuditLog {
            val raw = wiping(sealKey) {
                val start = LogStart(isDrill, id, sealKey, device)
                translated { RawLog.create(start, clock.now().unixMillis()) }
            }
            val log = AuditLog(raw, store, isDrill, clock)
            try {
                log.exclusively { log.store(null) }
            } catch (thrown: Throwable) {
                log.close()
                throw thrown
            }
            return log
        }

        /**
         * Goes on after the app was restarted, with the state that [LogStore.keep] kept, which is overwritten, and the lines that
         * were stored after it. Errors: [MynacardException.Operator] of kind [FaultKind.AUDIT].
         */
        public fun resume(
            store: LogStore,
            state: ByteArray,
            laterLines: Iterable<String> = emptyList(),
            isDrill: Boolean = false,
            clock: Clock = Clock.System,
        ): AuditLog {
            val raw = wiping(state) { translated { RawLog.resume(isDrill, state) } }
            val log = AuditLog(raw, store, isDrill, clock)
            try {
                laterLines.forEach { line -> log.native.call { it.catchUp(line) } }
            } catch (thrown: Throwable) {
                log.close()
                throw thrown
            }
            return log
        }

        /** The same with lines of which the first may be older than the state. */
        internal fun resumeAmong(
            store: LogStore,
            state: ByteArray,
            lines: Sequence<String>,
            isDrill: Boolean,
            clock: Clock,
        ): AuditLog {
            val log = resume(store, state, emptyList(), isDrill, clock)
            var taken = false
            try {
                for (line in lines) {
                    val refused = runCatching { log.native.call { it.catchUp(line) } }.exceptionOrNull()
                    val isOlder = refused is MynacardException && refused.code == FaultCode.AUDIT_NOT_NEXT.code && !taken
                    if (refused != null && !isOlder) throw refused
                    taken = taken || refused == null
                }
            } catch (thrown: Throwable) {
                log.close()
                throw thrown
            }
            return log
        }
    }
}
