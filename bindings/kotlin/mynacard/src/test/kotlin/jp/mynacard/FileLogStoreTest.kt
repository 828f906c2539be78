// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard

import java.io.IOException
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardOpenOption
import java.nio.file.attribute.PosixFilePermissions
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

/** The lines of a log in a file. */
class FileLogStoreTest {
    private val clock = HandClock()

    private suspend fun log(store: LogStore) = AuditLog.create(store, "tablet-7", ByteArray(32) { 7 }, clock = clock)

    @Test
    fun `after a crash between a line and its state, or within a line, the file goes on unbroken`(
        @TempDir folder: Path,
    ): Unit = runBlocking {
        val file = folder.resolve("audit.jsonl")
        val kept = mutableListOf<ByteArray>()
        val store = FileLogStore(file) { kept += it.clone() }
        log(store).use { log -> log.begin("crew-17").use { it.record(EncounterEvent.CONSENT_BY_PATIENT) } }
        val whole = Files.size(file)
        Files.write(file, "{\"half".toByteArray(), StandardOpenOption.APPEND)
        // The state of the last line but one.
        store.resume(kept[1].clone(), clock = clock).use { it.begin("crew-18").close() }
        assertTrue(Files.size(file) > whole)
        store.resume(kept.last().clone(), clock = clock).use { it.begin("crew-19").close() }
        val lines = Files.readAllLines(file).map { "$it\n" }
        assertEquals(5, lines.size)
        AuditLog.resume(store, kept[0].clone(), lines.drop(1), clock = clock).close()
        // A line that was changed is not passed over once the state has been reached.
        Files.writeString(file, (lines.take(2) + lines.drop(3)).joinToString(""))
        refused<MynacardException.Operator>(FaultCode.AUDIT_NOT_NEXT) { store.resume(kept[0].clone(), clock = clock) }
    }

    @Test
    fun `a file holds the lines, and no half of one`(@TempDir folder: Path): Unit = runBlocking {
        val file = folder.resolve("audit.jsonl")
        var kept = ByteArray(0)
        val store = FileLogStore(file) { kept = it.clone() }
        log(store).use { log -> log.begin("crew-17").use { it.record(EncounterEvent.CONSENT_BY_PATIENT) } }
        assertEquals(3, Files.readAllLines(file).size)
        AuditLog.resume(store, kept, clock = clock).use { it.begin("crew-18").close() }
        assertEquals(4, Files.readAllLines(file).size)
        val nowhere = FileLogStore(folder.resolve("no/such/folder")) {}
        assertTrue(runCatching { log(nowhere) }.exceptionOrNull() is IOException)
    }

    @Test
    fun `a file is its owner's alone, and no link is followed`(@TempDir folder: Path): Unit = runBlocking {
        val file = folder.resolve("audit.jsonl")
        val kept = mutableListOf<ByteArray>()
        val store = FileLogStore(file) { kept += it.clone() }
        val ownerOnly = PosixFilePermissions.fromString("rw-------")
        log(store).use { log ->
            assertEquals(ownerOnly, Files.getPosixFilePermissions(file))
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"))
            log.begin("crew-17").close()
            assertEquals(ownerOnly, Files.getPosixFilePermissions(file))
        }
        val elsewhere = Files.writeString(folder.resolve("elsewhere"), "somebody else's")
        for (target in listOf(elsewhere, folder.resolve("not there"))) {
            val link = Files.createSymbolicLink(folder.resolve("link to ${target.fileName}"), target)
            val through = FileLogStore(link) {}
            assertTrue(runCatching { log(through) }.exceptionOrNull() is IOException)
            assertTrue(runCatching { through.resume(kept.last().clone(), clock = clock) }.exceptionOrNull() is IOException)
        }
        assertEquals("somebody else's", Files.readString(elsewhere))
        assertTrue(Files.notExists(folder.resolve("not there")))
    }

    @Test
    fun `a line is on the disk before it counts, and so is the name of a new file`(@TempDir folder: Path): Unit = runBlocking {
        val disk = Disk()
        val store = FileLogStore(disk.at(folder.resolve("audit.jsonl"))) { disk.did += "keep" }
        log(store).use { log ->
            // Forced after the last byte of the line; and the folder, of which the file is new.
            assertEquals(listOf("new", "write", "force", "force folder", "keep"), disk.did)
            disk.did.clear()
            log.begin("crew-17").close()
            assertEquals(listOf("write", "force", "keep"), disk.did)
        }
    }

    @Test
    fun `a disk that is full in the middle of a line keeps no half of it, and the line comes again`(
        @TempDir folder: Path,
    ): Unit = runBlocking {
        val disk = Disk()
        val file = folder.resolve("audit.jsonl")
        val kept = mutableListOf<ByteArray>()
        val store = FileLogStore(disk.at(file)) { kept += it.clone() }
        log(store).use { log ->
            log.begin("crew-17").use { encounter ->
                val before = Files.readAllBytes(file)
                disk.room = 20
                assertTrue(runCatching { encounter.record(EncounterEvent.CONSENT_BY_PATIENT) }.exceptionOrNull() is IOException)
                assertEquals(0, disk.room)
                assertEquals(before.toList(), Files.readAllBytes(file).toList())
                assertEquals(1, encounter.unrecorded)
                disk.room = Long.MAX_VALUE
                encounter.store()
                assertEquals(0, encounter.unrecorded)
            }
        }
        val lines = Files.readAllLines(file).map { "$it\n" }
        assertEquals(3, lines.size)
        AuditLog.resume(store, kept[0].clone(), lines.drop(1), clock = clock).close()
    }
}
