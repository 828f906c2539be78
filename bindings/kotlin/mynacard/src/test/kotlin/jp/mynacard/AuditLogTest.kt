// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard

import java.io.IOException
import java.security.KeyPairGenerator
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.atomic.AtomicBoolean
import kotlin.concurrent.thread
import kotlin.time.Clock
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

class AuditLogTest {
    private val clock = HandClock()

    private suspend fun log(store: LogStore) = AuditLog.create(store, "tablet-7", ByteArray(32) { 7 }, clock = clock)

    @Test
    fun `a log begins with its header, and its secrets are overwritten`(): Unit = runBlocking {
        val store = Lines()
        val seal = ByteArray(32) { 7 }
        AuditLog.create(store, "tablet-7", seal, clock = clock).use { log ->
            assertEquals(1, store.lines.size)
            assertTrue(seal.all { it == 0.toByte() })
            assertTrue(store.state.any { it != 0.toByte() })
            refused<MynacardException>(FaultCode.MISUSE_OUT_OF_RANGE) {
                log.begin("crew-17", null, ByteArray(15), ByteArray(32))
            }
        }
        refused<MynacardException>(FaultCode.MISUSE_OUT_OF_RANGE) {
            AuditLog.create(store, "tablet-7", ByteArray(31), clock = clock)
        }
    }

    @Test
    fun `a log that was closed begins nothing, twice closed or not`(): Unit = runBlocking {
        val log = log(Lines())
        val encounter = log.begin("crew-17")
        log.close()
        log.close()
        refused<MynacardException.Integrator>(FaultCode.BOUNDARY_STALE_HANDLE) { log.begin("crew-17") }
        refused<MynacardException.Integrator>(FaultCode.BOUNDARY_STALE_HANDLE) {
            encounter.record(EncounterEvent.CONSENT_BY_PATIENT)
        }
        encounter.close()
        encounter.close()
        refused<MynacardException.Integrator>(FaultCode.BOUNDARY_STALE_HANDLE) { encounter.allowedEvents() }
    }

    @Test
    fun `after a restart it goes on with the state and the lines that were stored since`(): Unit = runBlocking {
        val store = Lines()
        log(store).use { log ->
            val early = store.state
            log.begin("crew-17").use { it.record(EncounterEvent.CONSENT_BY_PATIENT) }
            val later = store.lines.drop(1)
            AuditLog.resume(store, early.clone(), later, clock = clock).use { it.begin("crew-18").close() }
            refused<MynacardException.Operator>(FaultCode.AUDIT_NOT_NEXT) {
                AuditLog.resume(store, early.clone(), later.reversed(), clock = clock)
            }
            refused<MynacardException>(FaultCode.AUDIT_WRONG_KIND) {
                AuditLog.resume(store, early.clone(), isDrill = true, clock = clock)
            }
            refused<MynacardException.Operator>(FaultCode.AUDIT_BAD_STATE) {
                AuditLog.resume(store, byteArrayOf(1, 2, 3), clock = clock)
            }
        }
    }

    /** Takes up every line behind the header, which only an unbroken log lets through. */
    private fun verify(store: Lines, early: ByteArray, isDrill: Boolean = false): Unit =
        AuditLog.resume(store, early.clone(), store.lines.drop(1), isDrill, clock).close()

    @Test
    fun `a clock that throws stores nothing, and the log goes on`(): Unit = runBlocking {
        val store = Lines()
        var broken = false
        val mine = IllegalStateException("mine")
        val brittle = object : Clock {
            override fun now() = if (broken) throw mine else clock.now()
        }
        AuditLog.create(store, "tablet-7", ByteArray(32) { 7 }, clock = brittle).use { log ->
            val early = store.state
            log.begin("crew-17").use { encounter ->
                store.before = { broken = true }
                encounter.record(EncounterEvent.CONSENT_BY_PATIENT)
                assertTrue(runCatching { encounter.record(EncounterEvent.CONSENT_WITHDRAWN) }.isFailure)
                store.before = {}
                broken = false
                encounter.record(EncounterEvent.CONSENT_WITHDRAWN)
                assertEquals(0, encounter.unrecorded)
            }
            assertEquals(4, store.lines.size)
            verify(store, early)
        }
    }

    @Test
    fun `closed while a line is being stored, the log has it all the same`(): Unit = runBlocking {
        val store = Lines()
        val log = log(store)
        val early = store.state
        val encounter = log.begin("crew-17")
        store.before = {
            encounter.close()
            log.close()
        }
        runCatching { encounter.record(EncounterEvent.CONSENT_BY_PATIENT) }
        store.before = {}
        assertEquals(3, store.lines.size)
        AuditLog.resume(store, store.state, clock = clock).use { it.begin("crew-18").close() }
        assertEquals(4, store.lines.size)
        verify(store, early)
    }

    @Test
    fun `whoever looks at an encounter does not come between a line and its confirmation`(): Unit = runBlocking {
        val store = Lines()
        log(store).use { log ->
            val early = store.state
            log.begin("crew-17").use { encounter ->
                val over = AtomicBoolean()
                val failures = ConcurrentLinkedQueue<Throwable>()
                val eyes = List(3) {
                    thread {
                        while (!over.get()) runCatching { encounter.allowedEvents() }.onFailure(failures::add)
                    }
                }
                try {
                    repeat(100) {
                        encounter.record(EncounterEvent.CONSENT_BY_PATIENT)
                        encounter.record(EncounterEvent.CONSENT_WITHDRAWN)
                    }
                } finally {
                    over.set(true)
                    eyes.forEach(Thread::join)
                }
                assertEquals(emptyList<Throwable>(), failures.toList())
                assertEquals(0, encounter.unrecorded)
            }
            assertEquals(202, store.lines.size)
            verify(store, early)
        }
    }

    @Test
    fun `a state that is not kept leaves its line in the log, where it counts`(): Unit = runBlocking {
        val store = Lines()
        val full = IOException("disk full")
        var broken = false
        val brittle = object : LogStore {
            override suspend fun append(line: String) = store.append(line)

            override suspend fun keep(state: ByteArray) = if (broken) throw full else store.keep(state)
        }
        log(brittle).use { log ->
            val early = store.state
            log.begin("crew-17").use { encounter ->
                broken = true
                assertTrue(runCatching { encounter.record(EncounterEvent.CONSENT_BY_PATIENT) }.exceptionOrNull() is IOException)
                assertEquals(0, encounter.unrecorded)
                broken = false
                encounter.record(EncounterEvent.CONSENT_WITHDRAWN)
            }
            assertEquals(4, store.lines.size)
            verify(store, early)
        }
    }

    @Test
    fun `secrets are overwritten also when the call is refused`(): Unit = runBlocking {
        val store = Lines()
        log(store).use { log ->
            val salt = ByteArray(32) { 1 }
            val key = ByteArray(48) { 1 }
            store.before = {
                runCatching { log.begin("crew-18", null, ByteArray(16), salt) }
                runCatching { log.checkpoint(key) }
            }
            log.begin("crew-17").close()
            assertTrue(salt.all { it == 0.toByte() })
            assertTrue(key.all { it == 0.toByte() })
        }
    }

    @Test
    fun `a checkpoint signs what was before with the platform's own key`(): Unit = runBlocking {
        val store = Lines()
        val key = KeyPairGenerator.getInstance("Ed25519").generateKeyPair().private.encoded
        log(store).use { log ->
            val line = log.checkpoint(key)
            assertEquals(store.lines.last(), line)
            assertTrue(key.all { it == 0.toByte() })
            refused<MynacardException.Operator>(FaultCode.AUDIT_BAD_KEY) { log.checkpoint(byteArrayOf(1)) }
            log.begin("crew-17").close()
        }
    }

    @Test
    fun `a line that could not be stored is dropped by its ticket, and stands in nobody's way`(): Unit = runBlocking {
        val store = Lines()
        val key = KeyPairGenerator.getInstance("Ed25519").generateKeyPair().private.encoded
        log(store).use { log ->
            val early = store.state
            log.begin("crew-17").use { encounter ->
                store.before = { throw IOException("disk full") }
                assertTrue(runCatching { encounter.record(EncounterEvent.CONSENT_BY_PATIENT) }.isFailure)
                store.before = {}
                // Another line takes its place; its own comes after it, once.
                log.checkpoint(key)
                log.begin("crew-18").close()
                encounter.store()
                assertEquals(0, encounter.unrecorded)
            }
            assertEquals(5, store.lines.size)
            assertTrue("\"seq\":4" in store.lines.last() && "crew-17" in store.lines.last(), store.lines.last())
            verify(store, early)
        }
    }

    @Test
    fun `what a closed encounter has left unstored the log stores, by itself or before the next one`(): Unit = runBlocking {
        val store = Lines()
        log(store).use { log ->
            val early = store.state
            suspend fun closedUnstored(crew: String) = log.begin(crew).use { encounter ->
                store.before = { throw IOException("disk full") }
                assertTrue(runCatching { encounter.record(EncounterEvent.CONSENT_BY_PATIENT) }.isFailure)
                store.before = {}
            }
            closedUnstored("crew-17")
            assertEquals(2, store.lines.size)
            log.store()
            assertEquals(3, store.lines.size)
            assertTrue("crew-17" in store.lines.last(), store.lines.last())
            log.store()
            closedUnstored("crew-18")
            log.begin("crew-19").close()
            assertEquals(listOf("crew-18", "crew-18", "crew-19"), store.lines.drop(3).map { Regex("crew-[0-9]+").find(it)!!.value })
            verify(store, early)
        }
    }

    @Test
    fun `an encounter whose first line cannot be stored has not begun, and its line is not lost`(): Unit = runBlocking {
        val store = Lines()
        log(store).use { log ->
            val early = store.state
            store.before = { throw IOException("disk full") }
            assertTrue(runCatching { log.begin("crew-17") }.exceptionOrNull() is IOException)
            store.before = {}
            log.store()
            assertTrue("crew-17" in store.lines.last(), store.lines.last())
            verify(store, early)
        }
    }
}
