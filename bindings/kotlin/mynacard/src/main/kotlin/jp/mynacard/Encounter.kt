// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard

import jp.mynacard.ffi.MedicalQuery
import jp.mynacard.ffi.SourceFailure
import jp.mynacard.ffi.TimedAnswer
import kotlin.coroutines.CoroutineContext
import kotlin.time.Instant
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.job
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext

/**
 * An encounter (救急活動): one card, one patient, one permit. [AuditLog.begin] makes it.
 *
 * Whatever changes it is stored in the log before the call returns. If [LogStore.append] throws, what happened counts for
 * nothing that a permit needs, and its line is given to the store again by the next call, or by [store]. If
 * [LogStore.keep] throws, the line is stored and counts; [unrecorded] tells the two apart.
 */
public class Encounter internal constructor(
    raw: jp.mynacard.ffi.Encounter,
    private val log: AuditLog,
    private val crew: String,
) : AutoCloseable {
    internal val native = Native(raw)

    /**
     * Takes what was read from a card and [examined][Reading.examine]; [reading] is empty afterwards. One without a face is recorded
     * as the failure that it is, and stays. Another card than before resets identity and consent.
     *
     * Errors: `BoundaryFault::NotExamined`; [FaultKind.REFUSAL], of which `Refusal::CardUnclear` when nothing that was read of
     * this card and the one before can be compared: ask the crew, and give their word. Nothing has changed then.
     */
    public suspend fun cardRead(
        reading: Reading,
        sameCard: SameCard = SameCard.CHIPS_TELL,
        by: String = crew,
    ): EncounterEvent = recorded { encounter ->
        event(reading.native.call { encounter.cardRead(it, sameCard, by, log.now()) })
    }

    /** What a crew could record now: the buttons of a screen. */
    public fun allowedEvents(): List<EncounterEvent> = native.inTurn { encounter ->
        encounter.allowedEvents(log.now()).map(::event)
    }

    /**
     * Records an event that is a crew's to record. Errors: [FaultKind.REFUSAL] when it cannot be in the present state,
     * `Misuse::OutOfRange` for one that is not the crew's. Nothing has changed then.
     */
    public suspend fun record(event: EncounterEvent, by: String = crew): Unit =
        recorded { it.record(event.code.toUShort(), by, log.now()) }

    /** Why a permit would not be granted now; null if it would. */
    public fun permitRefusal(): Fault? =
        native.inTurn { it.permitRefusal(log.now())?.let { code -> Fault.of(code.toInt()) } }

    /**
     * Asks for a permit, which is in force when this returns, since its line is then stored.
     *
     * Errors: [FaultKind.REFUSAL] with the fact that is missing; what the store throws. Nothing is in force then, unless it was
     * [LogStore.keep] that threw: see [permitUntil].
     */
    public suspend fun requestPermit(scope: Scope = Scope.SUMMARY, by: String = crew): Permit {
        recorded { it.requestPermit(scope, by, log.now()) }
        val until = permitUntil ?: throw MynacardException.of(FaultCode.REFUSAL_PERMIT_ENDED)
        return Permit(scope, until)
    }

    /** When the permit that is in force ends; null if none is. */
    public val permitUntil: Instant?
        get() = native.inTurn { it.permitUntil(log.now()) }
            ?.let { Instant.fromEpochMilliseconds(it.toLong()) }

    /**
     * Asks a source for medical information, if the permit in force covers it. The encounter is in use meanwhile: what the
     * source calls on it is refused, and what others record waits. Cancel the fetching to record at once.
     *
     * Errors: [FaultKind.REFUSAL], with nothing asked, or with an answer that came when the permit had ended, and is wiped;
     * [FaultKind.MEDICAL]; what the source throws.
     */
    public suspend fun fetch(
        source: MedicalSource,
        scope: Scope = Scope.SUMMARY,
        by: String = crew,
    ): Fetched {
        val asked = Asked(source, log, currentCoroutineContext().job + AuditLog.Inside(log))
        val event = recordedSlowly {
            try {
                withContext(Dispatchers.IO) { it.fetch(scope, source.kind, asked, by, log.now()) }
            } catch (failed: Throwable) {
                throw asked.thrown ?: failed
            } finally {
                asked.wipe()
            }
        }
        return event?.let { Fetched.Nothing(event(it)) } ?: Fetched.Records
    }

    /** Notes the crew's findings for the hand-over, in the place of what was noted before. */
    public fun note(notes: CrewNotes): Unit = native.inTurn { it.noteCrewFacts(notes.raw()) }

    /**
     * What the hospital is told (引き継ぎ). Ask for it before [EncounterEvent.HANDED_OVER] is recorded, which ends the encounter.
     * Medical information is in it only while its permit is in force. Personal: do not keep it.
     */
    public fun handover(form: HandoverForm): String = native.inTurn { it.handover(form, log.now()) }

    /** How it ended; null while it goes on. */
    public val wayOut: EncounterEvent? get() = native.inTurn { it.wayOut()?.let(::event) }

    /** How many lines were made and are not stored, after a store that threw. */
    public val unrecorded: Int get() = native.inTurn { it.unrecorded().toInt() }

    /** Stores what a store that threw has left. */
    public suspend fun store(): Unit = log.exclusively { log.store(native) }

    /** Wipes it, whatever its state. What is not stored of it stays with the log ([AuditLog.store]). A second time does nothing. */
    override fun close(): Unit = native.close()

    override fun toString(): String = "Encounter"

    /** Does something that makes a line, and stores it after what is left from before: what happened, counts at once. */
    private suspend fun <R> recorded(act: (jp.mynacard.ffi.Encounter) -> R): R = log.exclusively {
        native.inTurn(act).also { log.store(native) }
    }

    /**
     * The same for what takes long: whoever looks at the encounter meanwhile is refused and need not wait. Cancelling ends what is
     * waited for and not this: what came of it until then is stored.
     */
    private suspend fun <R> recordedSlowly(act: suspend (jp.mynacard.ffi.Encounter) -> R): R = log.exclusively {
        withContext(NonCancellable) { native.call { act(it) }.also { log.store(native) } }
    }
}

/** The event of a number: package and library are of one version, so there is one. */
private fun event(code: UShort): EncounterEvent = checkNotNull(EncounterEvent.of(code.toInt()))

/** A source as the library asks it: from a thread that may wait. */
private class Asked(
    private val source: MedicalSource,
    private val log: AuditLog,
    private val context: CoroutineContext,
) : jp.mynacard.ffi.MedicalSource {
    /** What the source threw: for its owner, not for the library. */
    @Volatile
    var thrown: Throwable? = null

    @Volatile
    private var answer: MedicalSource.Answer? = null

    override fun ask(query: MedicalQuery): TimedAnswer {
        val at = Instant.fromEpochMilliseconds(query.unixMillis.toLong())
        return try {
            // A failure must not cancel the caller's coroutine: it is caught inside.
            val asked = runBlocking(context) { runCatching { source.ask(Query(query.scope, at)) } }
            val given = asked.getOrThrow().also { answer = it }
            TimedAnswer(given.raw(), log.now())
        } catch (other: Throwable) {
            thrown = other
            throw SourceFailure.Failed()
        }
    }

    /** Overwrites what the source gave. */
    fun wipe() {
        answer?.wipe()
    }
}
