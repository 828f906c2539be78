// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard

import java.io.IOException
import kotlin.time.Clock
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.minutes
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** Lines in memory; a test may look, throw or wait before a line is stored. */
class Lines(var before: suspend (String) -> Unit = {}) : LogStore {
    val lines = mutableListOf<String>()
    var state = ByteArray(0)

    override suspend fun append(line: String) {
        before(line)
        lines += line
    }

    override suspend fun keep(state: ByteArray) {
        this.state = state.clone()
    }
}

/** Answers with a synthetic patient, and remembers being asked. */
class Patient(private val name: String = "adult") : MedicalSource {
    override val kind = SourceKind.SYNTHETIC
    val asked = mutableListOf<Query>()

    override suspend fun ask(query: Query): MedicalSource.Answer {
        asked += query
        return MedicalSource.Answer.PatientFile(patient(name))
    }
}

/** A drill with its log. */
class Scene(val store: Lines = Lines(), val clock: HandClock = HandClock()) {
    lateinit var log: AuditLog

    suspend fun play(act: suspend Scene.(Encounter) -> Unit) {
        log = AuditLog.create(store, "tablet-7", ByteArray(32) { 7 }, isDrill = true, clock = clock)
        log.use { log.begin("crew-17").use { act(it) } }
    }

    suspend fun tap(encounter: Encounter, profile: String = "adult"): EncounterEvent = VirtualCard(profile).use { card ->
        card.number().use { card.read(it) }.use { reading ->
            VirtualCard.roots().use { roots ->
                reading.examine(roots, HostClock.Trusted(clock.at)).close()
                encounter.cardRead(reading)
            }
        }
    }
}

class EncounterTest {
    private fun scene(store: Lines = Lines(), act: suspend Scene.(Encounter) -> Unit): Unit =
        runBlocking { Scene(store).play(act) }

    @Test
    fun `with consent the summary is seen and handed over`() = scene { encounter ->
        assertEquals(EncounterEvent.CARD_ACCEPTABLE, tap(encounter))
        assertEquals(FaultCode.REFUSAL_FACE_NOT_CHECKED, encounter.permitRefusal()?.constant)
        assertTrue(EncounterEvent.FACE_MATCHED in encounter.allowedEvents())
        encounter.record(EncounterEvent.FACE_MATCHED)
        encounter.record(EncounterEvent.CONSENT_BY_PATIENT)
        assertNull(encounter.permitRefusal())
        val permit = encounter.requestPermit()
        assertEquals(clock.at + 1.hours, permit.until)
        val source = Patient()
        assertEquals(Fetched.Records, encounter.fetch(source))
        assertEquals(listOf(Query(Scope.SUMMARY, clock.at)), source.asked)
        encounter.note(CrewNotes(unit = "北救急隊", complaint = "胸痛", systolic = 128, oxygen = 96))
        val page = encounter.handover(HandoverForm.PAGE)
        assertTrue("北救急隊" in page && "胸痛" in page && "128" in page, page)
        assertTrue(encounter.handover(HandoverForm.SCRIPT).isNotEmpty())
        assertTrue(encounter.handover(HandoverForm.JSON).startsWith("{"))
        encounter.record(EncounterEvent.HANDED_OVER)
        assertEquals(EncounterEvent.HANDED_OVER, encounter.wayOut)
        assertEquals(0, encounter.unrecorded)
        assertFalse(EncounterEvent.FACE_MATCHED in encounter.allowedEvents())
        refused<MynacardException.Crew>(FaultCode.REFUSAL_ENDED) { encounter.record(EncounterEvent.FACE_MATCHED) }
        // Header, opened, card, face, consent, permit, handed over: nothing personal among them.
        assertEquals(7, store.lines.size)
        assertTrue(store.lines.all { it.endsWith("\n") && it.count { c -> c == '\n' } == 1 })
        assertFalse(store.lines.any { "胸痛" in it })
    }

    @Test
    fun `a refusal closes the way, and only the patient opens it again`() = scene { encounter ->
        tap(encounter)
        encounter.record(EncounterEvent.FACE_MATCHED)
        encounter.record(EncounterEvent.CONSENT_REFUSED)
        val source = Patient()
        refused<MynacardException.Crew>(FaultCode.REFUSAL_REFUSED) { encounter.requestPermit() }
        refused<MynacardException.Crew>(FaultCode.REFUSAL_PERMIT_ENDED) { encounter.fetch(source) }
        refused<MynacardException.Crew>(FaultCode.REFUSAL_REFUSAL_STANDS) {
            encounter.record(EncounterEvent.UNCONSCIOUS)
        }
        assertEquals(0, source.asked.size)
        encounter.record(EncounterEvent.END_REFUSED)
        assertEquals(EncounterEvent.END_REFUSED, encounter.wayOut)
    }

    @Test
    fun `life protection ends when the patient wakes`() = scene { encounter ->
        tap(encounter)
        encounter.record(EncounterEvent.FACE_MATCHED)
        encounter.record(EncounterEvent.UNCONSCIOUS)
        encounter.requestPermit()
        encounter.fetch(Patient())
        encounter.record(EncounterEvent.PATIENT_AWAKE)
        assertNull(encounter.permitUntil)
        refused<MynacardException.Crew>(FaultCode.REFUSAL_NOT_ASKED) { encounter.requestPermit() }
        encounter.record(EncounterEvent.CONSENT_BY_PATIENT)
        encounter.requestPermit(Scope.FULL)
        assertEquals(Fetched.Records, encounter.fetch(Patient(), Scope.FULL))
    }

    @Test
    fun `a second card resets identity and consent, and a withdrawal ends the permit`() = scene { encounter ->
        tap(encounter)
        encounter.record(EncounterEvent.FACE_MATCHED)
        encounter.record(EncounterEvent.CONSENT_BY_PATIENT)
        encounter.requestPermit()
        assertEquals(EncounterEvent.SECOND_CARD_ACCEPTABLE, tap(encounter, "foreign"))
        assertNull(encounter.permitUntil)
        assertEquals(FaultCode.REFUSAL_FACE_NOT_CHECKED, encounter.permitRefusal()?.constant)
        encounter.record(EncounterEvent.FACE_MATCHED)
        encounter.record(EncounterEvent.CONSENT_BY_REPRESENTATIVE)
        encounter.requestPermit()
        encounter.record(EncounterEvent.CONSENT_WITHDRAWN)
        refused<MynacardException.Crew>(FaultCode.REFUSAL_PERMIT_ENDED) { encounter.fetch(Patient("foreign")) }
    }

    @Test
    fun `calls in the wrong order are refused and change nothing`() = scene { encounter ->
        refused<MynacardException.Crew>(FaultCode.REFUSAL_NO_CARD) { encounter.requestPermit() }
        refused<MynacardException.Integrator>(FaultCode.MISUSE_OUT_OF_RANGE) {
            encounter.record(EncounterEvent.PERMIT_SUMMARY)
        }
        refused<MynacardException.Integrator>(FaultCode.MISUSE_OUT_OF_RANGE) { encounter.note(CrewNotes(pulse = -1)) }
        refused<MynacardException.Integrator>(FaultCode.MISUSE_OUT_OF_RANGE) { encounter.note(CrewNotes(oxygen = 300)) }
        assertEquals(2, store.lines.size)
    }

    @Test
    fun `a card that cannot be read is recorded as the failure that it is`() = scene { encounter ->
        VirtualCard().use { card ->
            wrongNumber().use { card.read(it) }.use { reading ->
                VirtualCard.roots().use { roots ->
                    reading.examine(roots, HostClock.Unknown).close()
                    assertEquals(EncounterEvent.CARD_WRONG_NUMBER, encounter.cardRead(reading))
                }
                assertEquals(1, reading.triesSpent)
            }
        }
        tap(encounter)
        VirtualCard().use { card ->
            card.number().use { card.read(it) }.use { reading ->
                VirtualCard.roots().use { roots ->
                    reading.examine(roots, HostClock.Unknown).close()
                    encounter.cardRead(reading)
                }
                // The encounter has taken it out.
                refused<MynacardException.Integrator>(FaultCode.BOUNDARY_ABSENT) { reading.attributes() }
            }
        }
    }

    @Test
    fun `nothing is in force before its line is stored`() {
        val store = Lines()
        lateinit var now: Encounter
        val inForce = mutableListOf<Boolean>()
        runBlocking {
            Scene(store).play { encounter ->
                now = encounter
                tap(encounter)
                encounter.record(EncounterEvent.FACE_MATCHED)
                encounter.record(EncounterEvent.CONSENT_BY_PATIENT)
                store.before = { inForce += now.permitUntil != null }
                encounter.requestPermit()
                assertEquals(listOf(false), inForce)
                assertTrue(encounter.permitUntil != null)
            }
        }
    }

    @Test
    fun `a store that throws leaves nothing in force, and is given the same line again`() = scene { encounter ->
        tap(encounter)
        encounter.record(EncounterEvent.FACE_MATCHED)
        encounter.record(EncounterEvent.CONSENT_BY_PATIENT)
        val full = IOException("disk full")
        val refusedLines = mutableListOf<String>()
        store.before = { line -> refusedLines += line; throw full }
        // A coroutine's exception is copied for its stack; it is ours all the same.
        val thrown = runCatching { encounter.requestPermit() }.exceptionOrNull()
        assertTrue(thrown === full || thrown?.cause === full)
        assertNull(encounter.permitUntil)
        assertEquals(1, encounter.unrecorded)
        val source = Patient()
        assertTrue(runCatching { encounter.fetch(source) }.isFailure)
        assertEquals(0, source.asked.size)
        store.before = {}
        encounter.store()
        assertEquals(refusedLines.toSet(), setOf(store.lines.last()))
        assertEquals(0, encounter.unrecorded)
        assertTrue(encounter.permitUntil != null)
        assertEquals(Fetched.Records, encounter.fetch(source))
    }

    @Test
    fun `cancelled while a line is being stored, it is stored and counts`() = scene { encounter ->
        tap(encounter)
        val there = CompletableDeferred<Unit>()
        val go = CompletableDeferred<Unit>()
        store.before = { there.complete(Unit); go.await() }
        val reporting = runBlocking {
            val job = launch(Dispatchers.Default) { encounter.record(EncounterEvent.FACE_MATCHED) }
            there.await()
            job.cancel()
            go.complete(Unit)
            job.join()
            job
        }
        assertTrue(reporting.isCancelled)
        assertEquals(0, encounter.unrecorded)
        assertEquals(4, store.lines.size)
        assertEquals(FaultCode.REFUSAL_NOT_ASKED, encounter.permitRefusal()?.constant)
    }

    @Test
    fun `reports from many threads are stored one after the other`() = scene { encounter ->
        tap(encounter)
        encounter.record(EncounterEvent.FACE_MATCHED)
        runBlocking {
            (0..<50).map {
                async(Dispatchers.Default) {
                    encounter.record(EncounterEvent.CONSENT_BY_PATIENT)
                    encounter.record(EncounterEvent.CONSENT_WITHDRAWN)
                }
            }.map { runCatching { it.await() } }
        }
        assertEquals(store.lines.size, store.lines.toSet().size)
        assertEquals(0, encounter.unrecorded)
        // The log can still be gone on with, so its end is where the lines say.
        val again = AuditLog.resume(store, store.state, isDrill = true, clock = clock)
        again.use { it.begin("crew-18").close() }
    }

    @Test
    fun `a store that comes back to its own encounter is refused instead of waiting for ever`() = scene { encounter ->
        val inside = mutableListOf<Throwable?>()
        store.before = {
            inside += runCatching { encounter.record(EncounterEvent.FACE_MATCHED) }.exceptionOrNull()
            inside += runCatching { log.begin("crew-18") }.exceptionOrNull()
        }
        tap(encounter)
        assertEquals(2, inside.size)
        for (thrown in inside) refused<MynacardException.Integrator>(FaultCode.BOUNDARY_HANDLE_BUSY) { throw thrown!! }
    }

    @Test
    fun `what a source throws comes back, a re-entering one is refused, and no signal is an answer`() = scene { encounter ->
        tap(encounter)
        encounter.record(EncounterEvent.FACE_MATCHED)
        encounter.record(EncounterEvent.CONSENT_BY_PATIENT)
        encounter.requestPermit()
        class Source(val answer: suspend () -> MedicalSource.Answer) : MedicalSource {
            override val kind = SourceKind.SYNTHETIC

            override suspend fun ask(query: Query) = answer()
        }
        val mine = IllegalStateException("mine")
        val thrown = runCatching { encounter.fetch(Source { throw mine }) }.exceptionOrNull()
        assertTrue(thrown === mine || thrown?.cause === mine)
        val nothing = Source { MedicalSource.Answer.Nothing(NoRecordsReason.NO_SIGNAL) }
        assertEquals(Fetched.Nothing(EncounterEvent.NO_SIGNAL), encounter.fetch(nothing))
        val inside = mutableListOf<Throwable?>()
        encounter.fetch(
            Source {
                inside += runCatching { encounter.permitUntil }.exceptionOrNull()
                inside += runCatching { encounter.record(EncounterEvent.CONSENT_WITHDRAWN) }.exceptionOrNull()
                MedicalSource.Answer.PatientFile(patient("adult"))
            },
        )
        assertEquals(2, inside.size)
        for (busy in inside) refused<MynacardException.Integrator>(FaultCode.BOUNDARY_HANDLE_BUSY) { throw busy!! }
        refused<MynacardException>(FaultCode.MEDICAL_BAD_FILE) {
            encounter.fetch(Source { MedicalSource.Answer.PatientFile("{}".toByteArray()) })
        }
        @Suppress("UNCHECKED_CAST")
        fun <T> nul(): T = null as T
        val ofNull = runCatching { encounter.fetch(Source { nul() }) }.exceptionOrNull()
        assertInstanceOf(NullPointerException::class.java, ofNull)
    }

    @Test
    fun `cancelling a fetch cancels the source, and the encounter goes on`() = scene { encounter ->
        tap(encounter)
        encounter.record(EncounterEvent.FACE_MATCHED)
        encounter.record(EncounterEvent.CONSENT_BY_PATIENT)
        encounter.requestPermit()
        val there = CompletableDeferred<Unit>()
        val slow = object : MedicalSource {
            override val kind = SourceKind.SYNTHETIC

            override suspend fun ask(query: Query): MedicalSource.Answer {
                there.complete(Unit)
                awaitCancellation()
            }
        }
        runBlocking {
            val fetching = launch(Dispatchers.Default) { encounter.fetch(slow) }
            there.await()
            fetching.cancelAndJoin()
        }
        assertEquals(Fetched.Records, encounter.fetch(Patient()))
    }

    @Test
    fun `cancelled when the source has just answered, what came of it is stored all the same`(): Unit = runBlocking {
        val store = Lines()
        val hand = HandClock()
        var answered: () -> Unit = {}
        val telling = object : Clock {
            override fun now() = hand.now().also { answered() }
        }
        val noSignal = object : MedicalSource {
            override val kind = SourceKind.SYNTHETIC

            override suspend fun ask(query: Query) = MedicalSource.Answer.Nothing(NoRecordsReason.NO_SIGNAL)
        }
        AuditLog.create(store, "tablet-7", ByteArray(32) { 7 }, isDrill = true, clock = telling).use { log ->
            log.begin("crew-17").use { encounter ->
                Scene(store, hand).tap(encounter)
                encounter.record(EncounterEvent.FACE_MATCHED)
                encounter.record(EncounterEvent.CONSENT_BY_PATIENT)
                encounter.requestPermit()
                val before = store.lines.size
                val fetching = launch(Dispatchers.Default, CoroutineStart.LAZY) { encounter.fetch(noSignal) }
                var looks = 0
                // The first look is for the question, the second one for its answer.
                answered = { if (++looks == 2) fetching.cancel() }
                fetching.join()
                answered = {}
                assertTrue(fetching.isCancelled)
                assertEquals(0, encounter.unrecorded)
                assertEquals(before + 1, store.lines.size)
                assertTrue("\"code\":${EncounterEvent.NO_SIGNAL.code}" in store.lines.last(), store.lines.last())
            }
        }
    }

    @Test
    fun `a clock that went back grants and shows nothing`() = scene { encounter ->
        tap(encounter)
        encounter.record(EncounterEvent.FACE_MATCHED)
        encounter.record(EncounterEvent.CONSENT_BY_PATIENT)
        clock.at -= 24.hours
        refused<MynacardException.Operator>(FaultCode.REFUSAL_CLOCK_WENT_BACK) { encounter.requestPermit() }
        assertNull(encounter.permitUntil)
    }

    @Test
    fun `a permit runs out by the clock`() = scene { encounter ->
        tap(encounter)
        encounter.record(EncounterEvent.FACE_MATCHED)
        encounter.record(EncounterEvent.CONSENT_BY_PATIENT)
        encounter.requestPermit()
        clock.pass(61.minutes)
        assertNull(encounter.permitUntil)
        refused<MynacardException.Crew>(FaultCode.REFUSAL_PERMIT_EXPIRED) { encounter.fetch(Patient()) }
    }
}
