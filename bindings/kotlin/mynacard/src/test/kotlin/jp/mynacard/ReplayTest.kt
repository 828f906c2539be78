// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard

import jp.mynacard.ffi.AuditLog as RawLog
import jp.mynacard.ffi.CrewNotes as RawNotes
import jp.mynacard.ffi.Encounter as RawEncounter
import jp.mynacard.ffi.EncounterStart
import jp.mynacard.ffi.LogStart
import jp.mynacard.ffi.MedicalAnswer
import jp.mynacard.ffi.MedicalQuery
import jp.mynacard.ffi.MedicalSource as RawSource
import jp.mynacard.ffi.MynacardFault
import jp.mynacard.ffi.PendingLine
import jp.mynacard.ffi.SourceFailure
import jp.mynacard.ffi.TimedAnswer
import kotlinx.coroutines.runBlocking
import org.json.JSONArray
import org.json.JSONObject
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory

/** The recordings that every language plays: the same commands, values, codes and lines of the log. */
class ReplayTest {
    @TestFactory
    fun readings(): List<DynamicTest> = names("readings").map { name ->
        dynamicTest(name) { runBlocking { RecordedReading(name).play()?.close() } }
    }

    /** Below our own layer, which stores a line in the same call that makes it. */
    @TestFactory
    fun encounters(): List<DynamicTest> = names("encounters").map { name ->
        dynamicTest(name) { runBlocking { RecordedEncounter(name).use { it.play() } } }
    }

    @Test
    fun `there is something to play`() {
        assertTrue(names("readings").size > 50 && names("encounters").size > 20)
    }
}

private class RecordedEncounter(private val name: String) : AutoCloseable {
    private val header: JSONObject
    private val steps: List<JSONObject>

    init {
        val all = lines("encounters/$name")
        header = all.first()
        steps = all.drop(1)
        assertEquals(2, header.getInt("replay"), "another version of the form")
    }

    private val crew = header.getString("crew")
    private val log: RawLog
    private val encounter: RawEncounter

    /** Those of the lines that were handed out, in order. */
    private val tickets = mutableListOf<ULong>()

    init {
        val drill = header.getBoolean("drill")
        val at = header.getLong("at").toULong()
        val bytes = { member: String -> header.getString(member).unhex() }
        log = RawLog.create(LogStart(drill, bytes("log_id"), bytes("seal_key"), header.getString("device")), at)
        val life = header.getLong("permit_millis").takeIf { it != 0L }?.toULong()
        encounter = RawEncounter.open(EncounterStart(drill, bytes("encounter_id"), bytes("salt"), life, crew), at)
    }

    override fun close() {
        encounter.close()
        log.close()
    }

    suspend fun play() {
        steps.forEachIndexed { index, step ->
            val found = JSONObject()
            try {
                found.put("code", 0)
                act(step, step.getLong("at").toULong(), found)
            } catch (why: MynacardFault.Failed) {
                found.put("code", why.code.toInt())
            } catch (why: MynacardException) {
                found.put("code", why.code)
            }
            same(step.getJSONObject("then"), found, "$name, line ${index + 2}: ${step.getString("do")}")
        }
    }

    private suspend fun act(step: JSONObject, at: ULong, found: JSONObject) {
        when (val what = step.getString("do")) {
            "store" -> pending(log.nextLine(encounter), found)?.let { found.put("confirmed", confirmed(encounter, it, at)) }
            "line" -> pending(log.nextLine(encounter), found)
            "confirm" -> log.confirm(encounter.takeUnless { step.getBoolean("own") }, ticket(step), at)
            "discard" -> log.discard(ticket(step))
            "checkpoint" -> pending(log.checkpoint(step.getString("pkcs8").unhex(), at), found)
                ?.let { found.put("confirmed", confirmed(null, it, at)) }
            "state" -> found.put("state", log.state().hex())
            "tap" -> tap(step, at, found)
            "record" -> encounter.record(step.getInt("event").toUShort(), crew, at)
            "allowed" -> found.put("events", JSONArray(encounter.allowedEvents(at).map { it.toInt() }))
            "may-permit" -> encounter.permitRefusal(at)?.let { found.put("code", it.toInt()) }
            "permit" -> encounter.requestPermit(scope(step), crew, at)
            "permit-until" -> found.orAbsent("until", encounter.permitUntil(at)?.toLong())
            "fetch" -> fetch(step, at, found)
            "crew-facts" -> encounter.noteCrewFacts(notes(step.getJSONObject("facts")))
            "handover" -> {
                found.put("text", encounter.handover(HandoverForm.entries[step.getInt("form") - 1], at))
            }
            "way-out" -> found.orAbsent("event", encounter.wayOut()?.toInt())
            else -> error("unknown step $what")
        }
    }

    private fun JSONObject.orAbsent(member: String, value: Any?) {
        if (value == null) put("code", FaultCode.BOUNDARY_ABSENT.code) else put(member, value)
    }

    /** A line that was handed out, which the log gives once more while it is pending. */
    private fun pending(line: PendingLine?, found: JSONObject): ULong? {
        assertEquals(line, log.pending())
        found.orAbsent("text", line?.text)
        if (line != null) tickets += line.ticket
        return line?.ticket
    }

    /** The ticket of a line by its order among those handed out; 0, which is none, for one that was not. */
    private fun ticket(step: JSONObject): ULong = tickets.getOrElse(step.getInt("line")) { 0u }

    private fun confirmed(of: RawEncounter?, ticket: ULong, at: ULong): Int = try {
        log.confirm(of, ticket, at)
        0
    } catch (why: MynacardFault.Failed) {
        why.code.toInt()
    }

    private suspend fun tap(step: JSONObject, at: ULong, found: JSONObject) {
        val recorded = RecordedReading(step.getString("reading"))
        recorded.play()!!.use { read ->
            recorded.roots().use { roots ->
                read.examine(roots, recorded.clock()).close()
                val same = SameCard.entries[step.getInt("same_card")]
                found.put("event", read.native.call { encounter.cardRead(it, same, crew, at) }.toInt())
            }
        }
    }

    private fun fetch(step: JSONObject, at: ULong, found: JSONObject) {
        var asked = false
        val source = object : RawSource {
            override fun ask(query: MedicalQuery): TimedAnswer {
                asked = true
                val answer = step.text("answer") ?: throw SourceFailure.Failed()
                return TimedAnswer(MedicalAnswer.PatientFile(answer.toByteArray()), at + step.getLong("after").toULong())
            }
        }
        try {
            val event = encounter.fetch(scope(step), SourceKind.SYNTHETIC, source, crew, at)
            found.put("event", event?.toInt() ?: 0)
        } finally {
            found.put("asked", asked)
        }
    }

    private fun scope(step: JSONObject): Scope = if (step.getInt("scope") == 2) Scope.FULL else Scope.SUMMARY

    private fun notes(facts: JSONObject): RawNotes {
        fun measured(name: String): UShort? = facts.optInt(name, -1).takeIf { it >= 0 }?.toUShort()
        return RawNotes(
            facts.getString("unit"),
            facts.getString("complaint"),
            facts.getString("consciousness"),
            measured("systolic"),
            measured("diastolic"),
            measured("pulse"),
            measured("breaths"),
            measured("oxygen")?.toUByte(),
            measured("temperature_tenths"),
        )
    }
}
