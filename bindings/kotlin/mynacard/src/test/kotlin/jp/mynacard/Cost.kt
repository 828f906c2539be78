// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard

import java.nio.ByteBuffer
import jp.mynacard.ffi.CardTransport as RawTransport
import jp.mynacard.ffi.Driver
import jp.mynacard.ffi.NumberB
import jp.mynacard.ffi.SimCard
import jp.mynacard.ffi.Link as RawLink
import jp.mynacard.ffi.extendedCapabilities
import jp.mynacard.ffi.planAll
import jp.mynacard.ffi.version
import kotlinx.coroutines.runBlocking

/** Does something often, says the median of its time in microseconds. */
private fun cost(what: String, rounds: Int, act: () -> Unit): Double {
    repeat(rounds) { act() } // The JIT's share.
    val times = DoubleArray(rounds) {
        val begun = System.nanoTime()
        act()
        (System.nanoTime() - begun) / 1000.0
    }
    times.sort()
    println("%-58s %10.1f us (median of %d)".format(what, times[rounds / 2], rounds))
    return times[rounds / 2]
}

/** What a call into the library costs, and a whole reading, beside the same one that never leaves Rust. */
fun main() {
    val select = "00a4040c0ad392f000260100000001".chunked(2).map { it.toInt(16).toByte() }.toByteArray()
    cost("a call that gives a text", 20_000) { version() }
    SimCard.ofProfile("adult").use { card ->
        cost("a call that gives a number", 20_000) { card.presentations() }
        cost("a command to the virtual card and its answer", 20_000) { card.transmit(select) }
        val exchanges = card.readInRust()
        val rust = cost("a whole reading in Rust, $exchanges exchanges", 200) {
            card.powerOff()
            card.readInRust()
        }
        val called = cost("the same through a callback in Kotlin", 200) {
            card.powerOff()
            NumberB.fromDigits(card.numberB()).use { number ->
                Driver.read(RawLink(extendedCapabilities()), number, planAll()).use { driver ->
                    driver.run(object : RawTransport { override fun transmit(command: ByteArray) = card.transmit(command) }, null)
                    driver.reading().close()
                }
            }
        }
        VirtualCard().use { virtual ->
            val plan = Plan(nonce = null)
            val layer = cost("the same through our layer, stepping the driver", 200) {
                virtual.powerOff()
                runBlocking { virtual.number().use { virtual.read(it, plan) }.close() }
            }
            println("beside Rust: callback %.2f times, our layer %.2f times".format(called / rust, layer / rust))
            val face = runBlocking { virtual.number().use { virtual.read(it, plan) }.use { it.face().orThrow() } }
            face.use {
                face.pixels(Picture.PHOTO)!!.use { pixels ->
                    val buffer = ByteBuffer.allocateDirect(pixels.size)
                    cost("the photo's pixels, ${pixels.size} bytes, into a buffer", 2_000) { pixels.copyTo(buffer.clear()) }
                }
                cost("decoding the photo", 50) { face.pixels(Picture.PHOTO)!!.close() }
            }
        }
    }
}
