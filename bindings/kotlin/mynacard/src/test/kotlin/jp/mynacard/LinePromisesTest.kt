// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard

import java.security.KeyPairGenerator
import jp.mynacard.ffi.AuditLog as RawLog
import jp.mynacard.ffi.Encounter as RawEncounter
import jp.mynacard.ffi.EncounterStart
import jp.mynacard.ffi.LogStart
import jp.mynacard.ffi.MynacardFault
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** A log and encounters below our own layer, which leaves no time between a line and its confirmation. */
class LinePromisesTest {
    private val at = NOON.toEpochMilliseconds().toULong()
    private val made = mutableListOf<AutoCloseable>()

    @AfterEach
    fun close() = made.forEach(AutoCloseable::close)

    private fun log(id: Byte = 1): RawLog =
        RawLog.create(LogStart(true, ByteArray(16) { id }, ByteArray(32) { 2 }, "tablet-7"), at).also { made += it }

    private fun encounter(crew: String = "crew-17", id: Byte = 3): RawEncounter =
        RawEncounter.open(EncounterStart(true, ByteArray(16) { id }, ByteArray(32) { 4 }, null, crew), at).also { made += it }

    private fun refusedWith(code: FaultCode, call: () -> Unit) {
        val fault = assertThrows(MynacardFault.Failed::class.java) { call() }
        assertEquals(code.code, fault.code.toInt())
    }

    private fun notPending(call: () -> Unit) = refusedWith(FaultCode.AUDIT_NOT_PENDING, call)

    private fun RawLog.store(encounter: RawEncounter?) {
        while (true) confirm(encounter, (nextLine(encounter) ?: return).ticket, at)
    }

    private fun signer(): ByteArray = KeyPairGenerator.getInstance("Ed25519").generateKeyPair().private.encoded

    @Test
    fun `a confirmation names its line, and a second line waits for the first`() {
        val (log, encounter) = log() to encounter()
        notPending { log.confirm(null, 0u, at) }
        val header = log.nextLine(null)!!
        refusedWith(FaultCode.AUDIT_LINE_PENDING) { log.nextLine(encounter) }
        // Nobody has asked for another one, by whatever number.
        for (other in listOf(0uL, 1uL, header.ticket - 1u, header.ticket + 1u)) notPending { log.confirm(null, other, at) }
        log.confirm(null, header.ticket, at)
        notPending { log.confirm(null, header.ticket, at) }
        val opened = log.nextLine(encounter)!!
        assertEquals(opened, log.pending())
        refusedWith(FaultCode.AUDIT_LINE_PENDING) { log.checkpoint(signer(), at) }
        // It is the encounter's.
        notPending { log.confirm(null, opened.ticket, at) }
        notPending { log.discard(opened.ticket + 1u) }
        log.confirm(encounter, opened.ticket, at)
        assertNull(log.pending())
        assertNull(log.nextLine(encounter))
    }

    @Test
    fun `a line that was discarded lends its ticket to no other, nor to itself`() {
        val (log, encounter) = log() to encounter()
        log.store(null)
        val dropped = log.nextLine(encounter)!!
        log.discard(dropped.ticket)
        assertNull(log.pending())
        notPending { log.confirm(encounter, dropped.ticket, at) }
        notPending { log.discard(dropped.ticket) }
        val again = log.nextLine(encounter)!!
        assertEquals(dropped.text, again.text)
        assertNotEquals(dropped.ticket, again.ticket)
        notPending { log.confirm(encounter, dropped.ticket, at) }
        log.discard(again.ticket)
        // The log's own line takes the same place.
        val checkpoint = log.checkpoint(signer(), at)
        for (earlier in listOf(dropped, again)) {
            notPending { log.confirm(null, earlier.ticket, at) }
            notPending { log.discard(earlier.ticket) }
        }
        log.confirm(null, checkpoint.ticket, at)
        log.store(encounter)
        assertEquals(0uL, encounter.unrecorded())
    }

    @Test
    fun `a ticket is of one log, and an entry that is being stored is in no other`() {
        val (one, other) = log(1) to log(9)
        val (header, elsewhere) = one.nextLine(null)!! to other.nextLine(null)!!
        notPending { one.confirm(null, elsewhere.ticket, at) }
        notPending { one.discard(elsewhere.ticket) }
        one.confirm(null, header.ticket, at)
        other.confirm(null, elsewhere.ticket, at)
        val encounter = encounter()
        val line = one.nextLine(encounter)!!
        refusedWith(FaultCode.AUDIT_OTHER_LOG) { other.nextLine(encounter) }
        notPending { other.confirm(encounter, line.ticket, at) }
        assertEquals(1uL, encounter.unrecorded())
        one.confirm(encounter, line.ticket, at)
        assertEquals(0uL, encounter.unrecorded())
        assertNull(other.nextLine(encounter))
    }

    @Test
    fun `of two encounters on one log each confirms its own lines`() {
        val log = log()
        log.store(null)
        val (one, other) = encounter("crew-17") to encounter("crew-18", id = 5)
        val line = log.nextLine(one)!!
        refusedWith(FaultCode.AUDIT_LINE_PENDING) { log.nextLine(other) }
        notPending { log.confirm(other, line.ticket, at) }
        assertEquals(line, log.pending())
        log.confirm(one, line.ticket, at)
        assertEquals(listOf(0uL, 1uL), listOf(one.unrecorded(), other.unrecorded()))
        val next = log.nextLine(other)!!
        assertTrue("crew-18" in next.text, next.text)
        notPending { log.confirm(one, next.ticket, at) }
        log.confirm(other, next.ticket, at)
        assertEquals(0uL, other.unrecorded())
    }

    @Test
    fun `what a dropped encounter has left is handed out next, once and in order`() {
        val log = log()
        log.store(null)
        val (gone, next) = encounter("crew-17") to encounter("crew-18", id = 5)
        val opened = log.nextLine(gone)!!
        gone.record(EncounterEvent.CONSENT_BY_PATIENT.code.toUShort(), "crew-17", at)
        // Gone while its first line is being stored: the log can confirm it, and nobody else's ticket.
        gone.close()
        notPending { log.confirm(null, opened.ticket + 1u, at) }
        log.confirm(null, opened.ticket, at)
        val left = log.nextLine(next)!!
        assertTrue("crew-17" in left.text && "\"code\":${EncounterEvent.CONSENT_BY_PATIENT.code}" in left.text, left.text)
        // Not stored at first: it is not lost.
        log.discard(left.ticket)
        val again = log.nextLine(null)!!
        assertEquals(left.text, again.text)
        log.confirm(null, again.ticket, at)
        assertNull(log.nextLine(null))
        assertTrue("crew-18" in log.nextLine(next)!!.text)
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
        notPending { log.confirm(twins[1], line.ticket, at) }
        refusedWith(FaultCode.AUDIT_LINE_PENDING) { log.nextLine(twins[1]) }
        log.confirm(twins[0], line.ticket, at)
        notPending { log.confirm(twins[1], line.ticket, at) }
        assertTrue(twins[0].permitUntil(at) != null)
        assertNull(twins[1].permitUntil(at))
    }
}
