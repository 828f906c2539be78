// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard

import java.net.URL
import java.net.URLClassLoader
import java.nio.ByteBuffer
import java.util.Collections
import java.util.Enumeration
import jp.mynacard.ffi.Action
import jp.mynacard.ffi.CardFace as RawFace
import jp.mynacard.ffi.CardTransport as RawTransport
import jp.mynacard.ffi.Driver
import jp.mynacard.ffi.MynacardFault
import jp.mynacard.ffi.NumberB
import jp.mynacard.ffi.Progress as RawProgress
import jp.mynacard.ffi.ReadingListener
import jp.mynacard.ffi.ReadingPart
import jp.mynacard.ffi.SimCard
import jp.mynacard.ffi.planAll
import jp.mynacard.ffi.Link as RawLink
import jp.mynacard.ffi.extendedCapabilities
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** What UniFFI is known to do badly, looked at below our own layer. */
class PitfallsTest {
    private class Transport(val exchange: (ByteArray) -> ByteArray) : RawTransport {
        override fun transmit(command: ByteArray): ByteArray = exchange(command)
    }

    private fun driver(card: SimCard): Driver = Driver.read(RawLink(extendedCapabilities()), NumberB.fromDigits(card.numberB()), planAll())

    @Test
    fun `an exception that no interface declares ends the reading and is no panic`() {
        SimCard.ofProfile("adult").use { card ->
            for (thrown in listOf(RuntimeException("mine"), StackOverflowError(), NullPointerException())) {
                driver(card).use { driver ->
                    var sent = 0
                    driver.run(Transport { if (sent++ == 5) throw thrown else card.transmit(it) }, null)
                    assertEquals(6, sent)
                    driver.reading().use { reading ->
                        assertEquals(FaultCode.LINK_TRANSPORT.code, reading.status(ReadingPart.CERTIFICATE)?.toInt())
                    }
                }
                card.powerOff()
            }
        }
    }

    @Test
    fun `a callback that comes back to its driver is refused`() {
        SimCard.ofProfile("adult").use { card ->
            driver(card).use { driver ->
                var inside: Throwable? = null
                driver.run(
                    Transport {
                        inside = runCatching { driver.statistics() }.exceptionOrNull()
                        card.transmit(it)
                    },
                    null,
                )
                val fault = assertInstanceOf(MynacardFault.Failed::class.java, inside)
                assertEquals(FaultCode.BOUNDARY_HANDLE_BUSY.code, fault.code.toInt())
            }
        }
    }

    @Test
    fun `a callback that cancels its driver, or throws from a listener, harms nothing`() {
        SimCard.ofProfile("adult").use { card ->
            driver(card).use { driver ->
                var sent = 0
                val listener = object : ReadingListener {
                    override fun onProgress(progress: RawProgress): Unit = throw IllegalStateException("mine")

                    override fun onFace(face: RawFace) {
                        face.close()
                        driver.cancel()
                    }
                }
                driver.run(Transport { sent++; card.transmit(it) }, listener)
                driver.reading().use { reading ->
                    assertEquals(null, reading.status(ReadingPart.FACE))
                    assertEquals(FaultCode.LINK_CANCELLED.code, reading.status(ReadingPart.ATTRIBUTES)?.toInt())
                }
                assertEquals(1uL, card.presentations())
            }
        }
    }

    @Test
    fun `steps out of order are refused and change nothing`() {
        SimCard.ofProfile("adult").use { card ->
            driver(card).use { driver ->
                fun refusedWith(code: FaultCode, call: () -> Unit) {
                    val fault = assertThrows(MynacardFault.Failed::class.java) { call() }
                    assertEquals(code.code, fault.code.toInt())
                }
                refusedWith(FaultCode.MISUSE_UNEXPECTED_INPUT) { driver.respond(byteArrayOf(0x90.toByte(), 0)) }
                refusedWith(FaultCode.BOUNDARY_ABSENT) { driver.reading() }
                var action = driver.start()
                refusedWith(FaultCode.MISUSE_UNEXPECTED_INPUT) { driver.start() }
                refusedWith(FaultCode.MISUSE_OUT_OF_RANGE) { driver.linkLost(9999u) }
                while (action !is Action.Done) {
                    action = when (action) {
                        is Action.Transmit -> driver.respond(card.transmit(action.command))
                        is Action.Face -> action.face.use { driver.proceed() }
                        else -> driver.proceed()
                    }
                }
                refusedWith(FaultCode.MISUSE_ALREADY_DONE) { driver.proceed() }
                refusedWith(FaultCode.BOUNDARY_WRONG_HANDLE) { driver.token() }
                driver.reading().close()
                refusedWith(FaultCode.BOUNDARY_ABSENT) { driver.reading() }
            }
            assertEquals(2uL, card.presentations())
        }
    }

    @Test
    fun `there are no checksums, which fail on 32-bit machines, and no direct buffers, which nobody can wipe`() {
        val library = Class.forName("jp.mynacard.ffi.UniffiLib").declaredMethods.map { it.name }
        assertTrue(library.any { it.startsWith("uniffi_") })
        assertTrue(library.none { "checksum" in it })
        for (type in listOf(NumberB.Companion::class.java, Driver::class.java, SimCard::class.java)) {
            assertTrue(type.methods.none { method -> method.parameterTypes.any(ByteBuffer::class.java::isAssignableFrom) })
        }
    }

    @Test
    fun `a missing library is said at once and by name`() {
        val paths = System.getProperty("java.class.path").split(System.getProperty("path.separator"))
        val urls = paths.map { java.io.File(it).toURI().toURL() }.toTypedArray()
        val without = object : URLClassLoader(urls, ClassLoader.getPlatformClassLoader()) {
            override fun findResource(name: String): URL? = if ("mynacard." in name) null else super.findResource(name)

            override fun findResources(name: String): Enumeration<URL> =
                if ("mynacard." in name) Collections.emptyEnumeration() else super.findResources(name)
        }
        without.use { loader ->
            val type = loader.loadClass("jp.mynacard.Mynacard")
            val library = type.getField("INSTANCE").get(null)
            repeat(2) {
                val thrown = runCatching { type.getMethod("check").invoke(library) }.exceptionOrNull()!!.cause!!
                assertEquals("jp.mynacard.MissingLibraryError", thrown.javaClass.name, "$thrown")
                assertTrue(thrown.message!!.contains("mynacard"), thrown.message)
            }
        }
        Mynacard.check()
        assertEquals(System.getProperty("mynacard.version"), Mynacard.VERSION)
    }
}
