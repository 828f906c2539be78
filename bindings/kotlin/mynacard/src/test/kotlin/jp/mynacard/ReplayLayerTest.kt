// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard

import java.io.IOException
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Instant
import kotlinx.coroutines.runBlocking
import org.json.JSONArray
import org.json.JSONObject
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.TestFactory

/**
 * The recorded encounters through our own layer. Two are none of them: there something happens between an event and its
 * line, or between the line and its confirmation, for which our layer leaves no time.
 */
class ReplayLayerTest {
    @TestFactory
    fun encounters(): List<DynamicTest> = (names("encounters") - listOf("stale-permit", "line-by-line")).map { name ->
        dynamicTest(name) { runBlocking { RecordedScene(name).play() } }
    }
}

private class RecordedScene(private val name: String) : LogStore {
    private val header: JSONObject
    private val steps: List<JSONObject>
    private var at = 0
    private val clock = HandClock()

    /** What a line is expected to be when its step is the one that makes it. */
    private var checkpoint: JSONObject? = null
    private var state = ""

    init {
        val all = lines("encounters/$name")
        header = all.first()
        steps = all.drop(1)
    }

    override suspend fun append(line: String) {
        val step = checkpoint ?: steps[at++].also { assertEquals("store", it.getString("do"), where()) }
        checkpoint = null
        val then = step.getJSONObject("then")
        assertEquals(then.text("text"), line, where())
        assertEquals(0, then.getInt("confirmed"), where())
        clock.at = step.moment()
    }

    override suspend fun keep(state: ByteArray) {
        this.state = state.hex()
    }

    private fun where() = "$name, line ${at + 1}"

    private fun JSONObject.moment() = Instant.fromEpochMilliseconds(getLong("at"))

    suspend fun play() {
        val bytes = { member: String -> header.getString(member).unhex() }
        clock.at = header.moment()
        val log = AuditLog.create(
            this, header.getString("device"), bytes("seal_key"), header.getBoolean("drill"), clock, bytes("log_id"),
        )
        clock.at = header.moment()
        val life = header.getLong("permit_millis").takeIf { it != 0L }?.milliseconds
        log.use {
            log.begin(header.getString("crew"), life, bytes("encounter_id"), bytes("salt")).use { encounter ->
                while (at < steps.size) step(log, encounter)
            }
        }
    }

    private suspend fun step(log: AuditLog, encounter: Encounter) {
        val step = steps[at++]
        val where = where()
        clock.at = step.moment()
        val found = JSONObject().put("code", 0)
        try {
            act(step, log, encounter, found)
        } catch (why: MynacardException) {
            found.put("code", why.code)
        }
        val then = step.getJSONObject("then")
        // Compared when it was stored.
        if (step.getString("do") == "checkpoint") listOf("text", "confirmed").forEach(then::remove)
        same(then, found, where)
    }

    private suspend fun act(step: JSONObject, log: AuditLog, encounter: Encounter, found: JSONObject) {
        when (val what = step.getString("do")) {
            // Whatever there was has been stored: there is nothing left.
            "store" -> {
                val before = at
                encounter.store()
                assertEquals(before, at, where())
                found.put("code", FaultCode.BOUNDARY_ABSENT.code)
            }
            "checkpoint" -> {
                checkpoint = step
                log.checkpoint(step.getString("pkcs8").unhex())
            }
            "state" -> found.put("state", state)
            "tap" -> tap(step, encounter, found)
            // An event that does not exist cannot be said in our layer.
            "record" -> encounter.record(
                EncounterEvent.of(step.getInt("event")) ?: throw MynacardException.of(FaultCode.MISUSE_OUT_OF_RANGE),
            )
            "allowed" -> found.put("events", JSONArray(encounter.allowedEvents().map { it.code }))
            "may-permit" -> encounter.permitRefusal()?.let { found.put("code", it.code) }
            "permit" -> assertEquals(scope(step), encounter.requestPermit(scope(step)).scope)
            "permit-until" -> found.orAbsent("until", encounter.permitUntil?.toEpochMilliseconds())
            "fetch" -> fetch(step, encounter, found)
            "crew-facts" -> encounter.note(notes(step.getJSONObject("facts")))
            "handover" -> found.put("text", encounter.handover(HandoverForm.entries[step.getInt("form") - 1]))
            "way-out" -> found.orAbsent("event", encounter.wayOut?.code)
            else -> error("unknown step $what")
        }
    }

    private fun JSONObject.orAbsent(member: String, value: Any?) {
        if (value == null) put("code", FaultCode.BOUNDARY_ABSENT.code) else put(member, value)
    }

    private suspend fun tap(step: JSONObject, encounter: Encounter, found: JSONObject) {
        val recorded = RecordedReading(step.getString("reading"))
        recorded.play()!!.use { read ->
            recorded.roots().use { roots ->
                read.examine(roots, recorded.clock()).close()
                found.put("event", encounter.cardRead(read, SameCard.entries[step.getInt("same_card")]).code)
            }
        }
    }

    private suspend fun fetch(step: JSONObject, encounter: Encounter, found: JSONObject) {
        var asked = false
        val source = object : MedicalSource {
            override val kind = SourceKind.SYNTHETIC

            override suspend fun ask(query: Query): MedicalSource.Answer {
                asked = true
                clock.pass(step.getLong("after").milliseconds)
                return MedicalSource.Answer.PatientFile((step.text("answer") ?: throw IOException()).toByteArray())
            }
        }
        try {
            when (val fetched = encounter.fetch(source, scope(step))) {
                Fetched.Records -> found.put("event", 0)
                is Fetched.Nothing -> found.put("event", fetched.event.code)
            }
        } catch (_: IOException) {
            // What the source threw comes back as it is; the library was told of the failure.
            found.put("code", FaultCode.MEDICAL_SOURCE_FAILED.code)
        } finally {
            found.put("asked", asked)
        }
    }

    private fun scope(step: JSONObject): Scope = if (step.getInt("scope") == 2) Scope.FULL else Scope.SUMMARY

    private fun notes(facts: JSONObject): CrewNotes {
        fun measured(name: String): Int? = facts.optInt(name, -1).takeIf { it >= 0 }
        return CrewNotes(
            facts.getString("unit"),
            facts.getString("complaint"),
            facts.getString("consciousness"),
            measured("systolic"),
            measured("diastolic"),
            measured("pulse"),
            measured("breaths"),
            measured("oxygen"),
            measured("temperature_tenths"),
        )
    }
}
