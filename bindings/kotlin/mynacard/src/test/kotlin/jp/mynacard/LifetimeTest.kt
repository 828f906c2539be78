// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard

import java.nio.BufferOverflowException
import java.nio.ByteBuffer
import javax.imageio.ImageIO
import kotlin.concurrent.thread
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** Objects of the library: closed once, used never after. */
class LifetimeTest {
    private fun stale(call: () -> Unit) = refused<MynacardException.Integrator>(FaultCode.BOUNDARY_STALE_HANDLE, call)

    @Test
    fun `a closed object is refused, and closing twice does nothing`(): Unit = runBlocking {
        val card = VirtualCard()
        val number = card.number()
        val reading = card.read(number)
        val face = reading.face().orThrow()
        val pixels = face.pixels(Picture.PHOTO)!!
        val roots = VirtualCard.roots()
        val report = reading.examine(roots, HostClock.Unknown)
        val all = listOf(pixels, face, report, roots, reading, number, card)
        all.forEach { it.close() }
        all.forEach { it.close() }
        stale { pixels.toPng() }
        stale { pixels.copyTo(ByteBuffer.allocate(pixels.size)) }
        stale { face.birthDate }
        stale { report.verdict }
        stale { reading.attributes() }
        stale { reading.faceVerification }
        VirtualCard().use { other ->
            val counted = Meddling(other)
            stale { runBlocking { counted.read(number) } }
            stale { runBlocking { counted.resume(reading, number) } }
            assertEquals(0, counted.sent)
            other.number().use { good ->
                other.read(good).use { read -> stale { read.examine(roots, HostClock.Unknown) } }
            }
        }
        stale { runBlocking { card.identify() } }
    }

    @Test
    fun `a face outlives its reading, and a reading its number`(): Unit = runBlocking {
        VirtualCard().use { card ->
            val face = card.number().use { card.read(it) }.use { it.face().orThrow() }
            face.use { assertTrue(it.has(Picture.NAME)) }
        }
    }

    @Test
    fun `closing while others use it harms nobody`(): Unit = runBlocking {
        VirtualCard().use { card ->
            repeat(20) {
                val face = card.number().use { number -> card.read(number, Plan.FACE_ONLY) }.use { it.face().orThrow() }
                val failures = mutableListOf<Throwable>()
                val users = (0..<4).map {
                    thread {
                        val ended = runCatching { while (true) face.file(Picture.NAME) }.exceptionOrNull()
                        synchronized(failures) { failures += ended!! }
                    }
                }
                Thread.sleep(2)
                face.close()
                users.forEach(Thread::join)
                failures.forEach { stale { throw it } }
                card.powerOff()
            }
        }
    }

    @Test
    @OptIn(InPlace::class)
    fun `pixels are copied once, and are those of the PNG`(): Unit = runBlocking {
        VirtualCard().use { card ->
            val face = card.number().use { card.read(it) }.use { it.face().orThrow() }
            for (picture in Picture.entries) {
                val pixels = face.pixels(picture)!!
                val mine = ByteBuffer.allocateDirect(pixels.size)
                pixels.copyTo(mine)
                assertFalse(mine.hasRemaining())
                val png = ImageIO.read(pixels.toPng().inputStream())
                assertEquals(pixels.width to pixels.height, png.width to png.height)
                for (y in 0..<png.height) {
                    for (x in 0..<png.width) {
                        val at = (y * png.width + x) * pixels.bytesPerPixel
                        val level = { offset: Int -> mine.get(at + offset).toInt() and 0xff }
                        val argb = when (pixels.bytesPerPixel) {
                            1 -> png.raster.getSample(x, y, 0) to level(0)
                            else -> png.getRGB(x, y) to
                                (level(3) shl 24 or (level(0) shl 16) or (level(1) shl 8) or level(2))
                        }
                        assertEquals(argb.first, argb.second, "$picture at $x, $y")
                    }
                }
                assertThrows(BufferOverflowException::class.java) { pixels.copyTo(ByteBuffer.allocate(pixels.size - 1)) }
                // Closed inside the block, it goes when the block has ended.
                val seen = ByteArray(pixels.size)
                pixels.inPlace { lent ->
                    assertTrue(lent.isReadOnly && lent.isDirect)
                    pixels.close()
                    lent.get(seen)
                }
                assertArrayEquals(ByteArray(mine.capacity()) { mine.get(it) }, seen)
                stale { pixels.inPlace {} }
            }
            face.close()
        }
    }
}
