// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard

import java.io.IOException
import kotlinx.coroutines.CancellationException
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
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** What can go wrong between card, reader and app: at every exchange, with the tries counted at the card. */
class FaultsTest {
    @Test
    fun `a wrong number costs one try, and is not tried a second time`(): Unit = runBlocking {
        VirtualCard().use { card ->
            wrongNumber().use { number ->
                card.read(number).use { reading ->
                    assertEquals(1, card.presentations)
                    assertEquals(1, reading.triesSpent)
                    assertEquals(Verification(VerifyOutcome.REJECTED, 10, 9, 1, 3, false), reading.faceVerification)
                    assertNull(reading.attributesVerification)
                    val face = assertInstanceOf(Part.NotRead::class.java, reading.face())
                    assertEquals(FaultCode.CREDENTIAL_REJECTED, face.fault.constant)
                    assertEquals(FaultKind.CREDENTIAL, face.fault.kind)
                    assertEquals(Part.NotAttempted, reading.attributes())
                    refused<MynacardException.Crew>(FaultCode.CREDENTIAL_REJECTED) { reading.face().orThrow() }
                }
                assertEquals(TriesLeft.Count(9), card.readTries().faceB)
                assertEquals(TriesLeft.Count(10), card.readTries().textB)
            }
        }
    }

    @Test
    fun `below the floor nothing is tried`(): Unit = runBlocking {
        VirtualCard().use { card ->
            card.number().use { number ->
                card.read(number, Plan(faceFloor = 11, textFloor = 11)).use { reading ->
                    assertEquals(VerifyOutcome.REFUSED_BY_FLOOR, reading.faceVerification?.outcome)
                    refused<MynacardException.Crew>(FaultCode.CREDENTIAL_REFUSED_BY_FLOOR) { reading.face().orThrow() }
                }
                assertEquals(0, card.presentations)
            }
        }
        VirtualCard("nearly-locked").use { card ->
            card.number().use { number ->
                card.read(number).use {
                    assertEquals(Verification(VerifyOutcome.REFUSED_BY_FLOOR, 2, 2, 0, 3, false), it.faceVerification)
                    it.attributes().orThrow()
                }
            }
            assertEquals(1, card.presentations)
        }
    }

    @Test
    fun `a reader that vanishes at any exchange spends no try, and the next tap goes on or says why not`(): Unit =
        runBlocking {
            var wentOn = 0
            for (at in 0..<exchangesOf("adult")) {
                VirtualCard().use { card ->
                    val torn = Meddling(card) { n, exchange ->
                        if (n == at) throw LinkException(LinkFault.LOST) else exchange()
                    }
                    card.number().use { number ->
                        torn.read(number).use { reading ->
                            assertEquals(at + 1, torn.sent, "nothing is sent after the link was lost")
                            assertTrue(card.presentations <= 2)
                            assertEquals(0, reading.triesSpent)
                            card.powerOff()
                            try {
                                val resumed = card.resume(reading, number)
                                resumed.reading.use {
                                    assertInstanceOf(Resumed.WentOn::class.java, resumed)
                                    it.attributes().orThrow()
                                }
                                wentOn += 1
                            } catch (why: MynacardException.Crew) {
                                val told = listOf(FaultCode.LINK_BEGIN_ANEW, FaultCode.CREDENTIAL_OUTCOME_UNKNOWN)
                                assertTrue(why.fault.constant in told, "$why")
                                // Still as it was.
                                assertTrue(reading.statistics.exchanges > 0)
                            }
                        }
                    }
                    assertEquals(TriesLeft.Count(10), card.readTries().faceB)
                    assertTrue(card.presentations <= 4)
                }
            }
            assertTrue(wentOn > 3, "$wentOn readings went on")
        }

    @Test
    fun `what the transport throws at any exchange comes back as it is`(): Unit = runBlocking {
        for (at in 0..<exchangesOf("adult")) {
            VirtualCard().use { card ->
                val mine = IOException("mine")
                val throwing = Meddling(card) { n, exchange -> if (n == at) throw mine else exchange() }
                val thrown = card.number().use { runCatching { throwing.read(it).close() }.exceptionOrNull() }
                assertSame(mine, thrown)
                assertEquals(at + 1, throwing.sent)
            }
        }
    }

    @Test
    fun `null from the transport, which only Java can give, is an exception of its own and enters nothing`(): Unit =
        runBlocking {
            VirtualCard().use { card ->
                @Suppress("UNCHECKED_CAST")
                fun <T> nothing(): T = null as T
                val silent = Meddling(card) { n, exchange -> if (n == 3) nothing() else exchange() }
                val thrown = card.number().use { runCatching { silent.read(it).close() }.exceptionOrNull() }
                assertInstanceOf(NullPointerException::class.java, thrown)
                card.identify()
            }
        }

    @Test
    fun `cancelled during any exchange, nothing is sent afterwards and no try is lost`(): Unit = runBlocking {
        for (at in 0..<exchangesOf("adult")) {
            for (answered in listOf(false, true)) {
                VirtualCard().use { card ->
                    val there = CompletableDeferred<Unit>()
                    val slow = Meddling(card) { n, exchange ->
                        if (n < at) return@Meddling exchange()
                        // The command has gone out, or has not, when the crew presses cancel.
                        if (answered) exchange()
                        there.complete(Unit)
                        awaitCancellation()
                    }
                    card.number().use { number ->
                        val reading = launch(Dispatchers.Default) { slow.read(number).close() }
                        there.await()
                        reading.cancelAndJoin()
                        assertEquals(at + 1, slow.sent)
                    }
                    assertTrue(card.presentations <= 2)
                    card.powerOff()
                    assertEquals(TriesLeft.Count(10), card.readTries().faceB)
                    assertEquals(TriesLeft.Count(10), card.readTries().textB)
                }
            }
        }
    }

    @Test
    fun `a transport that knows nothing of cancelling is given no further command`(): Unit = runBlocking {
        for (at in 0..<exchangesOf("adult")) {
            VirtualCard().use { card ->
                card.number().use { number ->
                    lateinit var cancel: () -> Unit
                    val deaf = Meddling(card) { n, exchange -> exchange().also { if (n == at) cancel() } }
                    val reading = async(Dispatchers.Default, CoroutineStart.LAZY) { deaf.read(number).close() }
                    cancel = { reading.cancel() }
                    val thrown = runCatching { reading.await() }.exceptionOrNull()
                    // Cancelled behind the last exchange there may be nothing left to stop.
                    if (thrown != null) assertInstanceOf(CancellationException::class.java, thrown)
                    assertEquals(at + 1, deaf.sent)
                }
            }
        }
    }

    @Test
    fun `a link has one reading at a time, also from inside itself`(): Unit = runBlocking {
        VirtualCard().use { card ->
            card.number().use { number ->
                lateinit var again: Meddling
                var inside: Throwable? = null
                again = Meddling(card) { n, exchange ->
                    if (n == 2) inside = runCatching { again.identify() }.exceptionOrNull()
                    exchange()
                }
                again.read(number).use { it.attributes().orThrow() }
                refused<MynacardException.Integrator>(FaultCode.MISUSE_LINK_BUSY) { throw inside!! }

                val there = CompletableDeferred<Unit>()
                val go = CompletableDeferred<Unit>()
                val slow = Meddling(card) { n, exchange ->
                    if (n == 0) there.complete(Unit).also { go.await() }
                    exchange()
                }
                card.powerOff()
                val lost = Meddling(card) { n, exchange ->
                    if (n == 12) throw LinkException(LinkFault.LOST) else exchange()
                }
                val torn = lost.read(number)
                card.powerOff()
                val before = card.presentations
                val first = async { slow.read(number).use { it.attributes().orThrow() } }
                there.await()
                refused<MynacardException.Integrator>(FaultCode.MISUSE_LINK_BUSY) { slow.identify() }
                refused<MynacardException.Integrator>(FaultCode.MISUSE_LINK_BUSY) { slow.resume(torn, number) }
                go.complete(Unit)
                first.await()
                assertEquals(before + 2, card.presentations)
                // Refused as busy, the torn reading is as it was.
                card.powerOff()
                val resumed = assertInstanceOf(Resumed.WentOn::class.java, card.resume(torn, number))
                resumed.reading.use { it.attributes().orThrow() }
            }
        }
    }

    @Test
    fun `many cards are read at once with one number each`(): Unit = runBlocking {
        val names = (0..<16).map { n ->
            async(Dispatchers.Default) {
                VirtualCard(if (n % 2 == 0) "adult" else "foreign").use { card ->
                    card.number().use { number -> card.read(number).use { it.attributes().orThrow().name } }
                }
            }
        }.awaitAll()
        assertEquals(2, names.toSet().size)
    }
}
