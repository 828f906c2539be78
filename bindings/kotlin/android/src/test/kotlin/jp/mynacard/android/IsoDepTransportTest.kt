// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard.android

import android.nfc.Tag
import android.nfc.TagLostException
import android.nfc.TransceiveResult.RESULT_EXCEEDED_LENGTH
import android.nfc.TransceiveResult.RESULT_FAILURE
import android.nfc.TransceiveResult.RESULT_SUCCESS
import android.nfc.TransceiveResult.RESULT_TAGLOST
import android.os.Bundle
import java.util.concurrent.CountDownLatch
import jp.mynacard.Capabilities
import jp.mynacard.FaultCode
import jp.mynacard.LinkException
import jp.mynacard.LinkFault
import jp.mynacard.Part
import jp.mynacard.Resumed
import jp.mynacard.TriesLeft
import jp.mynacard.VirtualCard
import jp.mynacard.identify
import jp.mynacard.read
import jp.mynacard.readTries
import jp.mynacard.resume
import kotlin.time.Duration.Companion.milliseconds
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotSame
import org.junit.Assert.assertNull
import org.junit.Assert.assertSame
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config

@RunWith(RobolectricTestRunner::class)
@Config(sdk = [34], manifest = Config.NONE, shadows = [OwnIsoDep::class, OwnTagTechnology::class])
class IsoDepTransportTest {
    private fun connect(tablet: Tablet) = IsoDepTransport.connect(tablet.tag())!!

    private fun faultOf(tablet: Tablet, before: (IsoDepTransport) -> Unit = {}): LinkFault = connect(tablet).use {
        before(it)
        (runCatching { runBlocking { it.transmit(byteArrayOf(0, 0xa4.toByte(), 4, 0)) } }.exceptionOrNull() as LinkException).fault
    }

    @Test
    fun `a whole card is read through the framework's own IsoDep`(): Unit = runBlocking {
        VirtualCard().use { card ->
            val tablet = Tablet(card)
            connect(tablet).use { tap ->
                assertEquals(5000, tablet.timeout)
                card.number().use { tap.read(it) }.use { reading ->
                    assertTrue(reading.attributes().orThrow().name!!.isNotEmpty())
                    assertEquals(tablet.sent.toLong(), reading.statistics.exchanges)
                }
            }
            assertTrue(tablet.closed > 0)
        }
    }

    @Test
    fun `what the tablet says of length is used, and nothing less than every reader can`() {
        VirtualCard().use { card ->
            connect(Tablet(card, extended = true, longest = 2462)).use {
                assertEquals(Capabilities(2462, 2462, true), it.link.capabilities)
            }
            for (tablet in listOf(Tablet(card, extended = false), Tablet(card, extended = true, longest = 253))) {
                connect(tablet).use { assertEquals(Capabilities.SHORT, it.link.capabilities) }
            }
        }
    }

    @Test
    fun `what the framework throws becomes what the crew can act on`() {
        VirtualCard().use { card ->
            assertEquals(LinkFault.LOST, faultOf(Tablet(card) { RESULT_TAGLOST }))
            assertEquals(LinkFault.TRANSPORT, faultOf(Tablet(card) { RESULT_FAILURE }))
            assertEquals(LinkFault.TRANSPORT, faultOf(Tablet(card) { RESULT_EXCEEDED_LENGTH }))
            val old = Tablet(card)
            assertEquals(LinkFault.RESET, faultOf(old) { old.upToDate = false })
            assertEquals(LinkFault.NO_CARD, faultOf(Tablet(card)) { it.close() })
            val slow = Tablet(card) { Thread.sleep(30); RESULT_FAILURE }
            IsoDepTransport.connect(slow.tag(), 20.milliseconds)!!.use {
                val thrown = runCatching { runBlocking { it.transmit(byteArrayOf(0)) } }.exceptionOrNull()
                assertEquals(LinkFault.TIMEOUT, (thrown as LinkException).fault)
            }
        }
    }

    @Test
    fun `the cause is kept for the log, and a tag that is no card is none`() {
        VirtualCard().use { card ->
            connect(Tablet(card) { RESULT_TAGLOST }).use {
                val thrown = runCatching { runBlocking { it.transmit(byteArrayOf(0)) } }.exceptionOrNull()!!
                assertTrue(generateSequence(thrown) { why -> why.cause }.any { why -> why is TagLostException })
            }
            val nfcA = Tag(byteArrayOf(1), intArrayOf(1), arrayOf(Bundle()), 1, 0L, Tablet(card))
            assertNull(IsoDepTransport.connect(nfcA))
        }
    }

    @Test
    fun `a card that moves away is gone on with at the next tap`(): Unit = runBlocking {
        VirtualCard().use { card ->
            card.number().use { number ->
                val torn = connect(Tablet(card) { if (it < 12) RESULT_SUCCESS else RESULT_TAGLOST }).use { it.read(number) }
                assertEquals(FaultCode.LINK_LOST, (torn.certificate() as Part.NotRead).fault.constant)
                card.powerOff()
                connect(Tablet(card)).use { tap ->
                    val resumed = tap.resume(torn, number)
                    resumed.reading.use {
                        assertTrue(resumed is Resumed.WentOn)
                        it.attributes().orThrow()
                    }
                    assertEquals(TriesLeft.Count(10), tap.readTries().faceB)
                }
            }
        }
    }

    @Test
    fun `every transport of a tap has the link of that tap, and the next tap one of its own`(): Unit = runBlocking {
        VirtualCard().use { card ->
            val first = Tablet(card)
            val tag = first.tag()
            val tap = IsoDepTransport.connect(tag)!!
            tap.use { it.identify() }
            IsoDepTransport.connect(tag)!!.use { again ->
                assertSame(tap.link, again.link)
                // The connection was closed in between: nothing is taken for selected.
                val before = first.sent
                again.identify()
                assertEquals(2 * before, first.sent)
            }
            connect(Tablet(card)).use { assertNotSame(tap.link, it.link) }
        }
    }

    /** Cancels a reading while one of its exchanges is under way, and reads on the next tap. Gives the command of that exchange. */
    private suspend fun cancelledDuring(exchange: Int): ByteArray = VirtualCard().use { card ->
        val there = CountDownLatch(1)
        val go = CountDownLatch(1)
        val tablet = Tablet(card, meddle = {
            if (it == exchange) {
                there.countDown()
                go.await()
            }
            RESULT_SUCCESS
        })
        val old = connect(tablet)
        val sent = exchange + 1
        card.number().use { number ->
            coroutineScope {
                val reading = launch(Dispatchers.Default) { old.read(number).close() }
                until("the exchange") { there.count == 0L || reading.isCompleted }
                assertTrue(reading.isActive)
                val cancelling = launch(Dispatchers.Default) { reading.cancelAndJoin() }
                cancelling.join() // Though the exchange still blocks.
            }
            assertTrue(tablet.closed > 0)
            go.countDown()
            until("the answer") { tablet.answered == sent }
            card.powerOff()
            connect(Tablet(card)).use { next ->
                old.close()
                next.read(number).use { it.attributes().orThrow() }
                val tries = next.readTries()
                assertTrue("$tries", listOf(tries.faceB, tries.textB).none { it is TriesLeft.Count && it.left < 10 })
            }
            assertEquals(sent, tablet.sent)
            assertTrue(runCatching { old.identify() }.isFailure)
            assertEquals(sent, tablet.sent)
        }
        assertFalse(card.presentations > 3)
        tablet.last!!
    }

    @Test
    fun `cancelling closes the tap, sends nothing more, and does not touch the next tap`(): Unit = runBlocking {
        // The reading wipes its own copy when it is cancelled; what goes out is whole.
        assertTrue(cancelledDuring(6).any { it != 0.toByte() })
    }

    @Test
    fun `a VERIFY that is under way when the reading is cancelled goes out whole, once`(): Unit = runBlocking {
        val verify = byteArrayOf(0, 0x20, 0, 0x80.toByte(), 14) + "60050320354819".toByteArray()
        assertArrayEquals(verify, cancelledDuring(3))
    }
}
