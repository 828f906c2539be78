// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard

import java.lang.reflect.Modifier
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** Secrets come as arrays, are overwritten, and never appear in text. */
class SecretsTest {
    @Test
    fun `the digits are overwritten, whether they are good or not`() {
        for (digits in listOf("60050320354819", "6005032035481", "６００５０３２０３５４８１９", "x")) {
            val chars = digits.toCharArray()
            runCatching { VerificationNumberB.of(chars).close() }
            assertTrue(chars.all { it == '\u0000' }, "$digits as characters")
            val bytes = digits.toByteArray()
            runCatching { VerificationNumberB.of(bytes).close() }
            assertTrue(bytes.all { it == 0.toByte() }, "$digits as bytes")
        }
    }

    @Test
    fun `the printed parts and the lines of an OCR engine give the same number, and are overwritten`(): Unit = runBlocking {
        VirtualCard().use { card ->
            fun parts() = listOf("昭和60年5月3日生", "2035年5月3日まで有効", "4819").map(String::toCharArray)
            val printed = parts()
            val lines = parts()
            for (number in listOf(
                VerificationNumberB.ofPrinted(printed[0], printed[1], printed[2]),
                VerificationNumberB.ofOcrLines(lines),
            )) {
                number.use { card.read(it, Plan.FACE_ONLY) }.use { read -> read.face().orThrow().close() }
                card.powerOff()
            }
            assertTrue((printed + lines).all { part -> part.all { it == '\u0000' } })
        }
    }

    @Test
    fun `what is missing in the digits is said, without them`() {
        refused<MynacardException.Crew>(FaultCode.CREDENTIAL_LENGTH) { VerificationNumberB.of("123".toCharArray()) }
        val thrown = runCatching { VerificationNumberB.of("600503203548AB".toCharArray()) }.exceptionOrNull()!!
        assertFalse(thrown.toString().contains("600503"), thrown.toString())
        assertEquals(FaultCode.CREDENTIAL_NOT_DIGITS, (thrown as MynacardException).fault.constant)
        assertTrue(thrown.adviceJa.isNotEmpty() && thrown.adviceEn.isNotEmpty())
    }

    @Test
    fun `no function that takes a secret takes it as text`() {
        val functions = VerificationNumberB.Companion::class.java.declaredMethods.filter { Modifier.isPublic(it.modifiers) }
        assertTrue(functions.size >= 4)
        assertTrue(functions.none { String::class.java in it.parameterTypes })
    }

    @Test
    fun `personal values are in no text of an object`(): Unit = runBlocking {
        VirtualCard().use { card ->
            val events = mutableListOf<Any>()
            card.number().use { number ->
                card.read(number) { events += it }.use { reading ->
                    val patient = reading.attributes().orThrow()
                    val objects = events + number + reading + patient + reading.attributes() + reading.face() +
                        reading.certificate() + reading.faceVerification!! + MedicalSource.Answer.PatientFile(patient("adult"))
                    val text = objects.joinToString()
                    for (personal in listOf(patient.name!!, patient.address!!, patient.birthDate.toString(), "60050320354819")) {
                        assertFalse(personal in text, text)
                    }
                }
            }
            events.filterIsInstance<ReadingEvent.Face>().forEach { it.face.close() }
        }
    }

    @Test
    fun `the command and the answer are overwritten after use`(): Unit = runBlocking {
        VirtualCard().use { card ->
            val seen = mutableListOf<ByteArray>()
            val keeping = object : CardTransport {
                override val link = card.link

                override suspend fun transmit(command: ByteArray): ByteArray {
                    val answer = card.transmit(command)
                    seen += command
                    seen += answer
                    return answer
                }
            }
            card.number().use { keeping.read(it).close() }
            assertTrue(seen.size > 10)
            assertTrue(seen.all { bytes -> bytes.all { it == 0.toByte() } })
        }
    }
}
