// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard

import java.io.IOException
import java.nio.file.Files
import java.nio.file.Path
import java.security.KeyPairGenerator
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

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
            encounter.report(EncounterEvent.CONSENT_BY_PATIENT)
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
            log.begin("crew-17").use { it.report(EncounterEvent.CONSENT_BY_PATIENT) }
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
    fun `a file holds the lines, and no half of one`(@TempDir folder: Path): Unit = runBlocking {
        val file = folder.resolve("audit.jsonl")
        var kept = ByteArray(0)
        val store = FileLogStore(file) { kept = it.clone() }
        log(store).use { log -> log.begin("crew-17").use { it.report(EncounterEvent.CONSENT_BY_PATIENT) } }
        assertEquals(3, Files.readAllLines(file).size)
        AuditLog.resume(store, kept, clock = clock).use { it.begin("crew-18").close() }
        assertEquals(4, Files.readAllLines(file).size)
        val nowhere = FileLogStore(folder.resolve("no/such/folder")) {}
        assertTrue(runCatching { log(nowhere) }.exceptionOrNull() is IOException)
    }
}
