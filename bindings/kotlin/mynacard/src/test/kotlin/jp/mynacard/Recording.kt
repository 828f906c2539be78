// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard

import java.io.ByteArrayInputStream
import java.nio.ByteBuffer
import java.nio.file.Files
import java.nio.file.Path
import java.security.MessageDigest
import java.security.cert.CertificateFactory
import java.security.cert.X509Certificate
import java.util.HexFormat
import kotlin.time.Instant
import org.json.JSONArray
import org.json.JSONObject
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue

/** The replay kit (conformance/replay). */
val kit: Path = root.resolve("conformance/replay")

fun names(folder: String): List<String> =
    Files.list(kit.resolve(folder)).use { files -> files.map { it.fileName.toString().removeSuffix(".jsonl") }.sorted().toList() }

fun lines(path: String): List<JSONObject> = Files.readAllLines(kit.resolve("$path.jsonl")).map(::JSONObject)

fun String.unhex(): ByteArray = HexFormat.of().parseHex(this)

fun ByteArray.hex(): String = HexFormat.of().formatHex(this)

fun ByteArray.sha256(): String = MessageDigest.getInstance("SHA-256").digest(this).hex()

/** A member that may be null or absent. */
fun JSONObject.text(name: String): String? = if (isNull(name)) null else getString(name)

fun same(recorded: JSONObject, found: JSONObject, where: String) {
    assertTrue(recorded.similar(found)) { "$where\nrecorded $recorded\nfound    $found" }
}

/** One recorded reading, played through our own layer. */
class RecordedReading(private val name: String) {
    private val header: JSONObject
    private val lines: List<JSONObject>
    private var at = 0

    init {
        val all = lines("readings/$name")
        header = all.first()
        lines = all.drop(1)
        assertEquals(2, header.getInt("replay"), "another version of the form")
    }

    private val carried = header.getJSONObject("capabilities").run {
        Capabilities(getInt("max_command"), getInt("max_response"), getBoolean("extended_length"))
    }

    private fun next(): JSONObject {
        assertTrue(at < lines.size, "$name: more happens than was recorded")
        return lines[at++]
    }

    private inner class Tape : CardTransport {
        override val link = Link(carried)

        override suspend fun transmit(command: ByteArray): ByteArray {
            // Only a whole reading shows progress in our layer.
            while (header.getString("flow") != "read" && lines[at].has("progress")) at += 1
            val line = next()
            assertEquals(line.text("command"), command.hex(), "$name, line ${at + 1}")
            line.text("response")?.let { return it.unhex() }
            val code = line.getInt("link")
            throw LinkException(LinkFault.entries.first { it.code == code })
        }
    }

    private fun watch(event: ReadingEvent) {
        val found = when (event) {
            is ReadingEvent.Progress ->
                JSONObject().put("progress", JSONArray(listOf(event.phase.ordinal + 1, event.bytesDone, event.bytesExpected)))
            is ReadingEvent.Face -> event.face.use { JSONObject().put("face", true) }
            is ReadingEvent.Done -> error("told of the end")
        }
        same(next(), found, "$name, line ${at + 1}")
    }

    private fun plan(nonce: String?): Plan = header.getJSONObject("plan").run {
        val parts = getInt("parts")
        Plan(
            face = parts and 1 != 0,
            attributes = parts and 2 != 0,
            certificate = parts and 4 != 0,
            proof = parts and 8 != 0,
            faceFloor = getInt("face_floor"),
            textFloor = getInt("text_floor"),
            allowLastTries = getBoolean("allow_last_tries"),
            nonce = nonce?.let { { it.unhex() } },
            withoutTextProof = getBoolean("without_text_proof"),
        )
    }

    /** Plays it to the end; gives what was read at last, if it is a reading. */
    suspend fun play(): Reading? {
        val read = when (val flow = header.getString("flow")) {
            "read" -> VerificationNumberB.of(header.getString("number").toCharArray()).use { readAll(it) }
            "identify" -> {
                val token = JSONObject()
                try {
                    val found = Tape().identify()
                    token.put("kind", found.kind.ordinal).put("code", 0)
                        .put("residence_permit", found.residencePermit)
                        .put("driving_licence", found.drivingLicence)
                } catch (why: MynacardException) {
                    token.put("code", why.code)
                }
                expect(JSONObject().put("token", token))
                null
            }
            "tries" -> {
                expect(JSONObject().put("tries", tries(Tape().readTries())))
                null
            }
            "facts" -> {
                expect(JSONObject().put("facts", facts(Tape().readFacts())))
                null
            }
            else -> error("unknown flow $flow")
        }
        assertEquals(lines.size, at, "$name: less happens than was recorded")
        return read
    }

    private suspend fun readAll(number: VerificationNumberB): Reading {
        var reading = Tape().read(number, plan(header.getJSONObject("plan").text("nonce")), ::watch)
        expect(JSONObject().put("reading", values(reading)), reading)
        while (at < lines.size) {
            val resume = next().getJSONObject("resume")
            val found = JSONObject()
            try {
                val resumed = Tape().resume(reading, number, plan(resume.getString("nonce")), ::watch)
                assertEquals(0, resume.getInt("refused"), name)
                found.put("resumed", (resumed as? Resumed.DidNot)?.fault?.code ?: 0)
                reading = resumed.reading
            } catch (why: MynacardException) {
                assertEquals(resume.getInt("refused"), why.code, name)
            }
            expect(found.put("reading", values(reading)), reading)
        }
        return reading
    }

    private fun expect(found: JSONObject, reading: Reading? = null) {
        val recorded = next().getJSONObject("expect")
        if (reading == null) {
            // Our layer does not tell what these cost.
            recorded.remove("statistics")
        } else {
            val cost = reading.statistics
            val statistics = JSONObject().put("exchanges", cost.exchanges)
            statistics.put("bytes_sent", cost.bytesSent).put("bytes_received", cost.bytesReceived)
            found.put("statistics", statistics)
        }
        same(recorded, found, name)
    }

    fun roots(): Roots = when (val roots = header.getString("roots")) {
        "production" -> Roots.production()
        else -> Roots.fromJson(Files.readAllBytes(kit.resolve(roots)))
    }

    fun clock(): HostClock = header.getJSONObject("clock").run {
        when (getInt("kind")) {
            1 -> HostClock.Trusted(Instant.fromEpochMilliseconds(getLong("unix_millis")))
            2 -> HostClock.Untrusted(Instant.fromEpochMilliseconds(getLong("unix_millis")))
            else -> HostClock.Unknown
        }
    }

    private fun values(reading: Reading): JSONObject {
        val absent = Fault.of(FaultCode.BOUNDARY_ABSENT)
        val parts = mapOf(
            "face" to reading.face(),
            "attributes" to reading.attributes(),
            "certificate" to reading.certificate(),
            "proof" to reading.proof(),
        )
        val status = JSONObject()
        val log = JSONObject()
        for ((part, became) in parts) {
            status.put(part, if (became is Part.Read) 0 else (became as? Part.NotRead)?.fault?.code ?: absent.code)
            log.put(part, if (became is Part.Read) "" else (became as? Part.NotRead)?.logLine ?: absent.text)
        }
        val verification = JSONObject()
            .put("face", reading.faceVerification?.let(::verification) ?: JSONObject.NULL)
            .put("attributes", reading.attributesVerification?.let(::verification) ?: JSONObject.NULL)
        val face = reading.face().orNull()?.use(::face)
        (parts["face"]?.orNull() as? CardFace)?.close()
        return JSONObject()
            .put("status", status)
            .put("log", log)
            .put("verification", verification)
            .put("tries_spent", reading.triesSpent)
            .put("face", face ?: JSONObject.NULL)
            .put("attributes", reading.attributes().orNull()?.let(::attributes) ?: JSONObject.NULL)
            .put("certificate", reading.certificate().orNull()?.let(::certificate) ?: JSONObject.NULL)
            .put("trust", roots().use { roots -> reading.examine(roots, clock()).use(::trust) })
    }
}

private fun verification(it: Verification): JSONObject = JSONObject()
    .put("outcome", it.outcome.ordinal + 1)
    .put("left_before", it.leftBefore ?: -1)
    .put("left", it.left ?: -1)
    .put("spent", it.spent)
    .put("floor", it.floor)
    .put("allowed_last_tries", it.allowedLastTries)

private fun face(face: CardFace): JSONObject {
    val pictures = JSONObject()
    for (picture in Picture.entries) {
        val found = JSONObject()
        try {
            face.file(picture)?.let { found.put("file_sha256", it.sha256()) }
            val pixels = face.pixels(picture)
            found.put("code", if (pixels == null) FaultCode.BOUNDARY_ABSENT.code else 0)
            pixels?.use {
                val bytes = ByteArray(it.size)
                it.copyTo(ByteBuffer.wrap(bytes))
                found.put("width", it.width).put("height", it.height).put("format", it.bytesPerPixel)
                found.put("pixels_sha256", bytes.sha256())
            }
        } catch (why: MynacardException) {
            found.put("code", why.code)
        }
        pictures.put(picture.name.lowercase(), found)
    }
    return JSONObject()
        .put("birth_date", understood(face.birthDate, "face/DF22 birth date", face.notUnderstood))
        .put("sex", understood(face.sex, "face/DF23 sex", face.notUnderstood))
        .put("expiry", understood(face.expiry, "face/DF29 expiry", face.notUnderstood))
        .put("pictures", pictures)
}

private fun attributes(it: Attributes): JSONObject = JSONObject()
    .put("name", understood(it.name, "text/DF22 name", it.notUnderstood))
    .put("address", understood(it.address, "text/DF23 address", it.notUnderstood))
    .put("birth_date", understood(it.birthDate, "text/DF24 birth date", it.notUnderstood))
    .put("sex", understood(it.sex, "text/DF25 sex", it.notUnderstood))

/** A value as the kit has it. One that is null was not understood and is named as that, and no other is. */
private fun understood(value: Any?, item: String, others: List<NotUnderstood>): Any {
    assertEquals(value == null, others.any { it.item == item }, item)
    return when (value) {
        null -> if (item.endsWith("sex")) 255 else ""
        is Sex -> value.iso
        else -> value.toString()
    }
}

private fun certificate(der: ByteArray): JSONObject {
    val parsed = CertificateFactory.getInstance("X.509").generateCertificate(ByteArrayInputStream(der)) as X509Certificate
    return JSONObject()
        .put("sha256", der.sha256())
        .put("serial", parsed.serialNumber.toByteArray().dropWhile { it == 0.toByte() }.toByteArray().hex())
        .put("not_before_unix_millis", parsed.notBefore.time)
        .put("not_after_unix_millis", parsed.notAfter.time)
}

private fun trust(report: TrustReport): JSONObject {
    val values = JSONObject()
    for (value in Value.entries) {
        val how = report[value]
        values.put(value.name.lowercase(), JSONObject().put("status", how.status.ordinal + 1).put("why", how.why))
    }
    val verdict = when (val it = report.verdict) {
        is Verdict.Genuine -> if (it.live) 1 else 2
        is Verdict.Test -> if (it.live) 3 else 4
        Verdict.Unverified -> 5
        Verdict.IssuerUnknown -> 6
        Verdict.Contradictory -> 7
        Verdict.Forged -> 8
        Verdict.Revoked -> 9
    }
    return JSONObject()
        .put("verdict", verdict)
        .put("key", report.verdictStatement.key)
        .put("not_live", report.notLive?.key ?: JSONObject.NULL)
        .put("findings", JSONArray(report.findings.map { it.key }))
        .put("values", values)
}

private fun tries(all: AllTries): JSONObject {
    fun of(left: TriesLeft) = when (left) {
        is TriesLeft.Count -> JSONObject().put("status", 0).put("left", left.left)
        TriesLeft.NotTold -> JSONObject().put("status", 0).put("left", -1)
        is TriesLeft.Unknown -> JSONObject().put("status", left.fault.code).put("left", -1)
    }
    return JSONObject()
        .put("face_b", of(all.faceB))
        .put("text_b", of(all.textB))
        .put("text_pin", of(all.textPin))
        .put("authentication_pin", of(all.authenticationPin))
        .put("signature_password", of(all.signaturePassword))
}

private fun facts(facts: CardFacts): JSONObject {
    fun code(part: Part<*>) = (part as? Part.NotRead)?.fault?.code ?: 0
    val (record, certificates) = facts.record.orNull() to facts.certificates.orNull()
    return JSONObject()
        .put("card_status", code(facts.record))
        .put("expiry", record?.expiry?.toString() ?: JSONObject.NULL)
        .put("municipality", record?.municipality ?: JSONObject.NULL)
        .put("certificates_status", code(facts.certificates))
        .put("signature_certificate", certificates?.signature ?: JSONObject.NULL)
        .put("authentication_certificate", certificates?.authentication ?: JSONObject.NULL)
}
