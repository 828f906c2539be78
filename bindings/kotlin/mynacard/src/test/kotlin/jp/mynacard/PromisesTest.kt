// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard

import java.security.KeyPairGenerator
import jp.mynacard.ffi.AuditLog as RawLog
import jp.mynacard.ffi.Encounter as RawEncounter
import jp.mynacard.ffi.EncounterStart
import jp.mynacard.ffi.LogStart
import jp.mynacard.ffi.MynacardFault
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.minutes
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotSame
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** What a card is spared in anyone's hands. */
class CardPromisesTest {
    @Test
    fun `two readings on one reader are refused, whatever wraps it, and no number goes where it does not belong`(): Unit =
        runBlocking {
            VirtualCard().use { card ->
                val there = CompletableDeferred<Unit>()
                val go = CompletableDeferred<Unit>()
                val first = Meddling(card) { _, exchange ->
                    exchange().also {
                        // The key is selected and asked for its tries; the digits come next.
                        if (!there.isCompleted && it.size == 2 && it[0] == 0x63.toByte()) {
                            there.complete(Unit)
                            go.await()
                        }
                    }
                }
                val second = Meddling(card)
                card.number().use { number ->
                    val reading = launch(Dispatchers.Default) { first.read(number).use { it.attributes().orThrow() } }
                    there.await()
                    assertTrue(card.link.isBusy)
                    refused<MynacardException.Integrator>(FaultCode.MISUSE_LINK_BUSY) { second.readTries() }
                    refused<MynacardException.Integrator>(FaultCode.MISUSE_LINK_BUSY) { second.read(number) }
                    assertEquals(0, second.sent)
                    go.complete(Unit)
                    reading.join()
                }
                assertEquals(2, card.presentations)
                val tries = second.readTries()
                assertTrue(listOf(tries.faceB, tries.textB).all { it == TriesLeft.Count(10) }, "$tries")
                assertEquals(TriesLeft.Count(3), tries.textPin)
            }
        }

    @Test
    fun `what one reading has selected the next one knows, but not after a reset or one that was given up`(): Unit =
        runBlocking {
            VirtualCard().use { card ->
                suspend fun exchanges(): Int = Meddling(card).also { it.identify() }.sent
                val whole = exchanges()
                assertTrue(exchanges() < whole)
                card.powerOff()
                assertEquals(whole, exchanges())
                val there = CompletableDeferred<Unit>()
                val stuck = Meddling(card) { _, _ ->
                    there.complete(Unit)
                    awaitCancellation()
                }
                val given = launch(Dispatchers.Default) { stuck.identify() }
                there.await()
                given.cancelAndJoin()
                assertEquals(whole, exchanges())
                val lost = Meddling(card) { _, _ -> throw LinkException(LinkFault.RESET) }
                card.number().use { lost.read(it).close() }
                assertEquals(whole, exchanges())
            }
        }

    @Test
    fun `a reader has one link, found by the platform's own object`() {
        val reader = Any()
        assertSame(Link.of(reader, Capabilities.SHORT), Link.of(reader, Capabilities.EXTENDED))
        assertNotSame(Link.of(reader, Capabilities.SHORT), Link.of(Any(), Capabilities.SHORT))
        assertEquals(Capabilities.SHORT, Link.of(reader, Capabilities.EXTENDED).capabilities)
    }

    private suspend fun wrongUntilRefused(card: VirtualCard, plan: Plan): Verification? {
        repeat(12) {
            card.powerOff()
            wrongNumber().use { card.read(it, plan) }.close()
        }
        card.powerOff()
        return wrongNumber().use { card.read(it, plan) }.use { it.faceVerification }
    }

    @Test
    fun `a floor of zero is the default, and one below two must be asked for by name`(): Unit = runBlocking {
        VirtualCard().use { card ->
            assertEquals(
                Verification(VerifyOutcome.REFUSED_BY_FLOOR, 2, 2, 0, 3, false),
                wrongUntilRefused(card, Plan(faceFloor = 0, textFloor = 0)),
            )
            // Eight wrong ones leave two tries on the first key; the rest went to the second.
            assertEquals(13, card.presentations)
            for (floor in listOf(1, 16)) {
                val counted = Meddling(card)
                wrongNumber().use { number ->
                    refused<MynacardException.Integrator>(FaultCode.MISUSE_OUT_OF_RANGE) {
                        counted.read(number, Plan(faceFloor = floor))
                    }
                }
                assertEquals(0, counted.sent)
            }
        }
    }

    @Test
    fun `last tries are spent by name, and the result, the report and the log show it`(): Unit = runBlocking {
        val store = Lines()
        Scene(store).play { encounter ->
            VirtualCard("nearly-locked").use { card ->
                card.number().use { card.read(it, Plan(allowLastTries = true)) }.use { reading ->
                    val face = reading.faceVerification!!
                    assertEquals(VerifyOutcome.ACCEPTED, face.outcome)
                    assertTrue(face.allowedLastTries)
                    VirtualCard.roots().use { roots ->
                        reading.examine(roots, HostClock.Trusted(clock.at)).use { report ->
                            assertTrue("last-tries-allowed" in report.findings.map(Statement::key))
                        }
                    }
                    encounter.cardRead(reading)
                }
            }
            assertTrue(store.lines.any { "\"code\":126" in it })
        }
    }

    @Test
    fun `a blocked key ends the use of the number everywhere`(): Unit = runBlocking {
        VirtualCard().use { card ->
            val blocked = wrongUntilRefused(card, Plan(allowLastTries = true))
            assertEquals(listOf(VerifyOutcome.BLOCKED, 0), listOf(blocked?.outcome, blocked?.left))
            assertEquals(10, card.presentations)
            card.powerOff()
            card.number().use { card.read(it) }.use { reading ->
                assertEquals(VerifyOutcome.BLOCKED, reading.faceVerification?.outcome)
                assertNull(reading.attributesVerification)
                assertEquals(Part.NotAttempted, reading.attributes())
            }
            assertEquals(10, card.presentations)
            assertEquals(TriesLeft.Count(10), card.readTries().textB)
        }
    }

    @Test
    fun `digits are not taken for right because the card was unlocked already`(): Unit = runBlocking {
        VirtualCard().use { card ->
            // Another program has opened the face application, and left it open.
            val commands = lines("readings/extended").mapNotNull { it.optString("command", null) }
            val verify = commands.indexOfFirst { it.startsWith("0020") && it.length > 8 }
            commands.take(verify + 1).forEach { card.transmit(it.unhex()) }
            assertEquals(1, card.presentations)
            wrongNumber().use { card.read(it) }.use { reading ->
                assertEquals(VerifyOutcome.REJECTED, reading.faceVerification?.outcome)
                assertNull(reading.face().orNull())
            }
            // A card that says so whatever one does: the digits were not checked, and the report names it.
            card.powerOff()
            val open = Meddling(card) { _, exchange ->
                val answer = exchange()
                if (answer.size == 2 && answer[0] == 0x63.toByte()) byteArrayOf(0x90.toByte(), 0) else answer
            }
            wrongNumber().use { open.read(it) }.use { reading ->
                assertEquals(VerifyOutcome.ALREADY_OPEN, reading.faceVerification?.outcome)
                VirtualCard.roots().use { roots ->
                    reading.examine(roots, HostClock.Unknown).use { report ->
                        assertTrue("digits-not-checked" in report.findings.map(Statement::key))
                    }
                }
            }
            assertEquals(2, card.presentations)
        }
    }
}

/** What a patient is spared in anyone's hands. */
class EncounterPromisesTest {
    private fun scene(act: suspend Scene.(Encounter) -> Unit): Unit = runBlocking { Scene().play(act) }

    private suspend fun Scene.ready(encounter: Encounter) {
        tap(encounter)
        encounter.record(EncounterEvent.FACE_MATCHED)
        encounter.record(EncounterEvent.CONSENT_BY_PATIENT)
    }

    @Test
    fun `a forged card is judged by its own report, whatever else was examined`() = scene { encounter ->
        val forged = RecordedReading("forged-swapped-photo")
        val genuine = RecordedReading("extended")
        VirtualCard().use { card -> card.number().use { card.read(it) } }.use { reading ->
            refused<MynacardException.Integrator>(FaultCode.BOUNDARY_NOT_EXAMINED) { encounter.cardRead(reading) }
        }
        forged.play()!!.use { reading ->
            forged.roots().use { reading.examine(it, forged.clock()).close() }
            genuine.play()!!.use { other ->
                genuine.roots().use { other.examine(it, genuine.clock()).use { report -> assertTrue(report.verdict is Verdict.Genuine) } }
            }
            assertEquals(EncounterEvent.CARD_FORGED, encounter.cardRead(reading))
        }
        // No call takes a report, so that a stale one cannot be given.
        for (type in listOf(Encounter::class.java, RawEncounter::class.java)) {
            assertTrue(type.methods.none { method -> method.parameterTypes.any { "TrustReport" in it.name } })
        }
    }

    @Test
    fun `questions move no time, and a clock that was put right has a way on`() = scene { encounter ->
        ready(encounter)
        encounter.requestPermit()
        clock.pass(5000.hours)
        assertNull(encounter.permitUntil)
        encounter.permitRefusal()
        encounter.allowedEvents()
        encounter.handover(HandoverForm.PAGE)
        clock.at = NOON + 10.minutes
        assertEquals(NOON + 1.hours, encounter.permitUntil)
        assertEquals(Fetched.Records, encounter.fetch(Patient()))
        clock.at = NOON - 24.hours
        assertNull(encounter.permitUntil)
        refused<MynacardException.Operator>(FaultCode.REFUSAL_CLOCK_WENT_BACK) { encounter.requestPermit() }
        encounter.record(EncounterEvent.CLOCK_CORRECTED)
        assertEquals(clock.at + 1.hours, encounter.requestPermit().until)
    }

    @Test
    fun `an answer that comes when the permit has ended is not shown`() = scene { encounter ->
        ready(encounter)
        encounter.requestPermit()
        var asked = 0
        val late = object : MedicalSource {
            override val kind = SourceKind.SYNTHETIC

            override suspend fun ask(query: Query): MedicalSource.Answer {
                asked += 1
                clock.pass(2.hours)
                return MedicalSource.Answer.PatientFile(patient("adult"))
            }
        }
        refused<MynacardException.Crew>(FaultCode.REFUSAL_PERMIT_EXPIRED) { encounter.fetch(late) }
        assertEquals(1, asked)
        assertTrue("\"medical\":null" in encounter.handover(HandoverForm.JSON))
    }

    @Test
    fun `one chip is one card as far as it can be known, else the crew is asked`() = scene { encounter ->
        VirtualCard().use { card ->
            VirtualCard.roots().use { roots ->
                card.number().use { number ->
                    suspend fun read(plan: Plan): Reading {
                        card.powerOff()
                        return card.read(number, plan).also { it.examine(roots, HostClock.Trusted(clock.at)).close() }
                    }
                    read(Plan(face = false, attributes = false)).use { encounter.cardRead(it) }
                    encounter.record(EncounterEvent.FACE_MATCHED)
                    read(Plan(attributes = false, certificate = false)).use { face ->
                        refused<MynacardException.Crew>(FaultCode.REFUSAL_CARD_UNCLEAR) { encounter.cardRead(face) }
                        // Still there for the crew's word.
                        face.face().orThrow().close()
                        encounter.cardRead(face, SameCard.CREW_SAYS_SAME)
                    }
                    assertTrue(store.lines.any { "\"code\":118" in it })
                    val both = read(Plan.ALL).use { encounter.cardRead(it) }
                    assertTrue("SECOND" !in both.name, "$both")
                }
            }
        }
    }
}

/** A log and encounters below our own layer, which leaves no time between a line and its confirmation. */
class LinePromisesTest {
    private val at = NOON.toEpochMilliseconds().toULong()

    private fun log(): RawLog = RawLog.create(LogStart(true, ByteArray(16) { 1 }, ByteArray(32) { 2 }, "tablet-7"), at)

    private fun encounter(): RawEncounter =
        RawEncounter.open(EncounterStart(true, ByteArray(16) { 3 }, ByteArray(32) { 4 }, null, "crew-17"), at)

    private fun refusedWith(code: FaultCode, call: () -> Unit) {
        val fault = assertThrows(MynacardFault.Failed::class.java) { call() }
        assertEquals(code.code, fault.code.toInt())
    }

    private fun RawLog.store(encounter: RawEncounter?) {
        while (true) confirm(encounter, (nextLine(encounter) ?: return).seq, at)
    }

    @Test
    fun `a confirmation names its line, and a second line waits for the first`() {
        val (log, encounter) = log() to encounter()
        refusedWith(FaultCode.AUDIT_NOT_PENDING) { log.confirm(null, 0u, at) }
        val header = log.nextLine(null)!!
        assertEquals(0uL, header.seq)
        refusedWith(FaultCode.AUDIT_LINE_PENDING) { log.nextLine(encounter) }
        refusedWith(FaultCode.AUDIT_NOT_PENDING) { log.confirm(null, 1u, at) }
        log.confirm(null, 0u, at)
        refusedWith(FaultCode.AUDIT_NOT_PENDING) { log.confirm(null, 0u, at) }
        val opened = log.nextLine(encounter)!!
        assertEquals(opened, log.pending())
        refusedWith(FaultCode.AUDIT_LINE_PENDING) { log.checkpoint(KeyPairGenerator.getInstance("Ed25519").generateKeyPair().private.encoded, at) }
        refusedWith(FaultCode.AUDIT_NOT_PENDING) { log.confirm(null, opened.seq, at) }
        refusedWith(FaultCode.AUDIT_NOT_PENDING) { log.discard(opened.seq + 1u) }
        log.discard(opened.seq)
        assertNull(log.pending())
        refusedWith(FaultCode.AUDIT_NOT_PENDING) { log.confirm(encounter, opened.seq, at) }
        assertEquals(opened, log.nextLine(encounter))
        log.confirm(encounter, opened.seq, at)
        assertNull(log.nextLine(encounter))
        log.close()
        encounter.close()
    }

    @Test
    fun `a stored line releases one permit, also between encounters of the same identifiers`(): Unit = runBlocking {
        val log = log()
        log.store(null)
        val twins = List(2) { encounter() }
        for (twin in twins) {
            val recorded = RecordedReading("extended")
            recorded.play()!!.use { reading ->
                recorded.roots().use { reading.examine(it, recorded.clock()).close() }
                reading.native.call { twin.cardRead(it, SameCard.CHIPS_TELL, "crew-17", at) }
            }
            twin.record(EncounterEvent.FACE_MATCHED.code.toUShort(), "crew-17", at)
            twin.record(EncounterEvent.CONSENT_BY_PATIENT.code.toUShort(), "crew-17", at)
            log.store(twin)
            twin.requestPermit(Scope.SUMMARY, "crew-17", at)
        }
        val line = log.nextLine(twins[0])!!
        refusedWith(FaultCode.AUDIT_NOT_PENDING) { log.confirm(twins[1], line.seq, at) }
        refusedWith(FaultCode.AUDIT_LINE_PENDING) { log.nextLine(twins[1]) }
        log.confirm(twins[0], line.seq, at)
        refusedWith(FaultCode.AUDIT_NOT_PENDING) { log.confirm(twins[1], line.seq, at) }
        assertTrue(twins[0].permitUntil(at) != null)
        assertNull(twins[1].permitUntil(at))
        twins.forEach { it.close() }
        log.close()
    }
}
