// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard

import java.lang.ref.WeakReference
import jp.mynacard.ffi.Encounter as RawEncounter
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.minutes
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotSame
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertSame
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
                // It ends where identifying begins.
                card.readTries()
                assertTrue(exchanges() < whole)
                card.readTries()
                card.powerOff()
                assertEquals(whole, exchanges())
                card.readTries()
                val there = CompletableDeferred<Unit>()
                val stuck = Meddling(card) { _, _ ->
                    there.complete(Unit)
                    awaitCancellation()
                }
                val given = launch(Dispatchers.Default) { stuck.identify() }
                there.await()
                given.cancelAndJoin()
                assertEquals(whole, exchanges())
                card.readTries()
                val lost = Meddling(card) { _, _ -> throw LinkException(LinkFault.RESET) }
                card.number().use { lost.read(it).close() }
                assertEquals(whole, exchanges())
            }
        }

    /** A reader of a host whose objects are equal when their names are. */
    private data class Named(var name: String)

    @Test
    fun `a reader has one link, found by the object itself and not by what it is equal to`() {
        val reader = Named("ACR39U 0")
        val link = Link.of(reader, Capabilities.SHORT)
        assertSame(link, Link.of(reader, Capabilities.EXTENDED))
        assertEquals(Capabilities.SHORT, link.capabilities)
        assertNotSame(link, Link.of(Named("ACR39U 0"), Capabilities.SHORT))
        reader.name = "ACR39U 1"
        assertSame(link, Link.of(reader, Capabilities.SHORT))
    }

    @Test
    fun `a reader that nobody has any more is not kept for its link`() {
        fun lookedUp() = WeakReference(Named("ACR39U 0").also { Link.of(it, Capabilities.SHORT) })
        val reader = lookedUp()
        val deadline = System.nanoTime() + 60_000_000_000
        while (reader.get() != null) {
            assertTrue(System.nanoTime() < deadline)
            System.gc()
            Thread.sleep(5)
        }
    }

    /** A host's own wrapper, which knows its reader and nothing of other wrappers. */
    private class Wrapper(reader: Named, val card: VirtualCard) : CardTransport {
        override val link = Link.of(reader, Capabilities.EXTENDED)
        var sent = 0
        var meanwhile: suspend () -> Unit = {}

        override suspend fun transmit(command: ByteArray): ByteArray {
            sent += 1
            return card.transmit(command).also { meanwhile() }
        }
    }

    @Test
    fun `two wrappers of one reader share its link, and two readers that are equal do not`(): Unit = runBlocking {
        VirtualCard().use { card ->
            val reader = Named("ACR39U 0")
            val (one, other) = Wrapper(reader, card) to Wrapper(reader, card)
            val elsewhere = Wrapper(Named("ACR39U 0"), VirtualCard("child"))
            card.number().use { number ->
                one.meanwhile = {
                    one.meanwhile = {}
                    refused<MynacardException.Integrator>(FaultCode.MISUSE_LINK_BUSY) { other.read(number) }
                    assertEquals(Token.CARD, elsewhere.identify().kind)
                }
                one.read(number).use { it.attributes().orThrow() }
            }
            assertEquals(0, other.sent)
            assertTrue(elsewhere.sent > 0)
            elsewhere.card.close()
            // What the one has selected the other knows.
            val whole = one.also { it.link.forget(); it.sent = 0; it.identify() }.sent
            one.readTries()
            other.identify()
            assertTrue(other.sent < whole)
        }
    }

    @Test
    fun `cancelled between a VERIFY and its answer, nothing more is sent, and the next reading begins with a SELECT`(): Unit =
        runBlocking {
            VirtualCard().use { card ->
                val arrived = CompletableDeferred<Unit>()
                val commands = mutableListOf<String>()
                class Recorded(val answers: Boolean) : CardTransport {
                    override val link get() = card.link

                    override suspend fun transmit(command: ByteArray): ByteArray {
                        commands += command.hex().take(8)
                        val answer = card.transmit(command)
                        if (!answers && card.presentations == 1L) {
                            arrived.complete(Unit)
                            awaitCancellation()
                        }
                        return answer
                    }
                }
                card.number().use { number ->
                    val reading = launch(Dispatchers.Default) { Recorded(answers = false).read(number) }
                    arrived.await()
                    reading.cancelAndJoin()
                    assertEquals("00200080", commands.last())
                    assertFalse(card.link.isBusy)
                    commands.clear()
                    // The card has not left the reader: its key is still open, and the digits are compared all the same.
                    Recorded(answers = true).read(number).use {
                        assertEquals(VerifyOutcome.ACCEPTED, it.faceVerification?.outcome)
                        it.attributes().orThrow()
                    }
                    assertEquals("00a4040c", commands.first())
                }
                assertEquals(3, card.presentations)
                val tries = card.readTries()
                assertTrue(listOf(tries.faceB, tries.textB).none { it is TriesLeft.Count && it.left < 10 }, "$tries")
            }
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

    private suspend fun Scene.taken(encounter: Encounter, name: String): EncounterEvent {
        val recorded = RecordedReading(name)
        return recorded.play()!!.use { reading ->
            recorded.roots().use { reading.examine(it, recorded.clock()).close() }
            encounter.cardRead(reading)
        }
    }

    @Test
    fun `a genuine face beside somebody else's genuine name is never called live`() {
        val borrowed = RecordedReading("forged-borrowed-name")
        runBlocking {
            borrowed.play()!!.use { reading ->
                reading.attributes().orThrow()
                borrowed.roots().use { roots ->
                    reading.examine(roots, borrowed.clock()).use { report ->
                        assertEquals(Verdict.Genuine(live = false), report.verdict)
                        assertTrue("text-not-live" in report.findings.map(Statement::key), "${report.findings}")
                    }
                }
            }
        }
    }

    @Test
    fun `a card that was forged in an encounter stays forged in it`() = scene { encounter ->
        assertEquals(EncounterEvent.CARD_FORGED, taken(encounter, "forged-swapped-photo"))
        assertEquals(EncounterEvent.SECOND_CARD_ACCEPTABLE, taken(encounter, "long-name"))
        // The same card once more, by its face only, of which nothing proves what it is.
        assertEquals(EncounterEvent.SECOND_CARD_FORGED, taken(encounter, "face-only"))
        encounter.record(EncounterEvent.FACE_MATCHED)
        encounter.record(EncounterEvent.CONSENT_BY_PATIENT)
        assertTrue(encounter.permitRefusal() != null)
        assertTrue(runCatching { encounter.requestPermit() }.exceptionOrNull() is MynacardException.Crew)
        assertNull(encounter.permitUntil)
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
