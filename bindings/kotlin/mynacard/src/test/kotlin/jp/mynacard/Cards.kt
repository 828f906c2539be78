// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard

import java.nio.file.Files
import java.nio.file.Path
import kotlin.text.Charsets.ISO_8859_1
import kotlin.time.Clock
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import kotlin.time.Instant
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertInstanceOf

/** The repository. */
val root: Path = Path.of(System.getProperty("mynacard.root"))

/** A moment at which the virtual cards are valid. */
val NOON: Instant = Instant.parse("2026-11-25T12:00:00Z")

/** A clock that a test moves. */
class HandClock(var at: Instant = NOON) : Clock {
    override fun now(): Instant = at

    fun pass(time: Duration = 1.seconds) {
        at += time
    }
}

/** A transport that does something else at some exchange, and counts. */
class Meddling(
    val card: VirtualCard,
    /** Is given the number of the exchange, from 0, and the exchange itself. */
    private val meddle: suspend (Int, suspend () -> ByteArray) -> ByteArray = { _, exchange -> exchange() },
) : CardTransport {
    override val link: Link get() = card.link

    /** Commands that were handed to it. */
    var sent = 0
        private set

    override suspend fun transmit(command: ByteArray): ByteArray = meddle(sent++) { card.transmit(command) }
}

/** A card in whose answers other bytes of the same number stand, each written as one character. */
fun altered(card: VirtualCard, vararg bytes: Pair<String, String>) = Meddling(card) { _, exchange ->
    bytes.fold(exchange().toString(ISO_8859_1)) { answer, (of, other) -> answer.replace(of, other) }.toByteArray(ISO_8859_1)
}

/** How many exchanges a whole reading of a card takes. */
suspend fun exchangesOf(profile: String, plan: Plan = Plan.ALL): Int = VirtualCard(profile).use { card ->
    val counted = Meddling(card)
    card.number().use { number -> counted.read(number, plan).close() }
    counted.sent
}

/** A number for a card that is not its own, well formed. */
fun wrongNumber(): VerificationNumberB = VerificationNumberB.of("60050320354818".toCharArray())

/** The typed error of a call. */
inline fun <reified E : MynacardException> refused(code: FaultCode, call: () -> Unit) {
    val thrown = runCatching(call).exceptionOrNull()
    assertInstanceOf(E::class.java, thrown, "$thrown")
    assertEquals(code.code, (thrown as MynacardException).code, "$thrown")
}

/** The medical information of a synthetic patient. */
fun patient(name: String): ByteArray = Files.readAllBytes(root.resolve("examples/data/patients/$name.json"))
