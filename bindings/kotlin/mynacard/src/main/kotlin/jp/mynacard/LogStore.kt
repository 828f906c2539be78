// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard

import java.nio.ByteBuffer
import java.nio.channels.FileChannel
import java.nio.file.Files
import java.nio.file.LinkOption.NOFOLLOW_LINKS
import java.nio.file.OpenOption
import java.nio.file.Path
import java.nio.file.StandardOpenOption.CREATE
import java.nio.file.StandardOpenOption.READ
import java.nio.file.StandardOpenOption.WRITE
import java.nio.file.attribute.PosixFileAttributeView
import java.nio.file.attribute.PosixFilePermission.OWNER_READ
import java.nio.file.attribute.PosixFilePermission.OWNER_WRITE
import java.nio.file.attribute.PosixFilePermissions
import kotlin.time.Clock
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext

/**
 * Where the lines of an audit log are kept. An [Encounter] appends every line before it counts: a permit is in force only
 * after [append] has returned.
 *
 * Cancellation does not interrupt it. It must not use the encounter or the log that it stores for: that is refused.
 */
public interface LogStore {
    /**
     * Appends one line, which ends with a line feed, durably: it is on the disk when this returns. If it throws, the line must
     * not be there: the same line is given again by the next call of the encounter. What it throws goes to whoever called the
     * encounter, for whom nothing then counts.
     */
    public suspend fun append(line: String)

    /**
     * Keeps the end of the log over the previous one, as a secret, in the keystore: with it every later line can be forged.
     * [state] is overwritten after use. What it throws goes to the caller as well, but the line counts then: it is stored.
     */
    public suspend fun keep(state: ByteArray)
}

/**
 * A [LogStore] over a file of lines, which nobody but its owner may read or write; [keepState] keeps the secret, in the
 * keystore. A link in the file's place is refused: make its folder one that nobody else can write to.
 */
public class FileLogStore(
    private val file: Path,
    private val keepState: suspend (ByteArray) -> Unit,
) : LogStore {
    override suspend fun append(line: String): Unit = withContext(Dispatchers.IO) {
        open().use { channel ->
            val end = wholeLines(channel)
            channel.truncate(end)
            try {
                val bytes = ByteBuffer.wrap(line.toByteArray())
                var at = end
                while (bytes.hasRemaining()) at += channel.write(bytes, at)
                channel.force(true)
                if (end == 0L) forceFolder()
            } catch (thrown: Throwable) {
                // Half a line would be read as tampering.
                runCatching { channel.truncate(end) }
                throw thrown
            }
        }
    }

    /** Puts the name of a new file on the disk as well. Not every system can do that for a folder: there it comes by itself. */
    private fun forceFolder() {
        val folder = file.parent ?: file.toAbsolutePath().parent ?: return
        runCatching { FileChannel.open(folder, setOf(READ)).use { it.force(true) } }
    }

    /** Opens the file, new or not. Where rights are other than POSIX's, they are those of its folder. */
    private fun open(): FileChannel {
        if ("posix" !in file.fileSystem.supportedFileAttributeViews()) return FileChannel.open(file, OPTIONS)
        val channel = FileChannel.open(file, OPTIONS, PosixFilePermissions.asFileAttribute(OWNER_ONLY))
        try {
            val rights = Files.getFileAttributeView(file, PosixFileAttributeView::class.java, NOFOLLOW_LINKS)
            // Somebody else has made it, or a copy has widened it.
            if (rights.readAttributes().permissions() != OWNER_ONLY) rights.setPermissions(OWNER_ONLY)
            return channel
        } catch (thrown: Throwable) {
            channel.close()
            throw thrown
        }
    }

    override suspend fun keep(state: ByteArray): Unit = keepState(state)

    /**
     * Goes on after the app was restarted, with the state that was kept, which is overwritten. What the file has after it is
     * taken up: the app may have ended between a line and its state. Half a line at the end never counted, and goes with
     * the next one. Errors: [IOException][java.io.IOException]; as [AuditLog.resume].
     */
    public suspend fun resume(
        state: ByteArray,
        isDrill: Boolean = false,
        clock: Clock = Clock.System,
    ): AuditLog = wiping(state) {
        val text = withContext(Dispatchers.IO) { if (Files.exists(file, NOFOLLOW_LINKS)) read() else "" }
        val lines = text.substringBeforeLast('\n', "").lineSequence().filter(String::isNotEmpty).map { "$it\n" }
        AuditLog.resumeAmong(this, state, lines, isDrill, clock)
    }

    private fun read(): String = Files.newInputStream(file, NOFOLLOW_LINKS).use { it.readBytes().decodeToString() }

    /** Where the last whole line ends. */
    private fun wholeLines(channel: FileChannel): Long {
        val byte = ByteBuffer.allocate(1)
        var end = channel.size()
        while (end > 0) {
            byte.clear()
            channel.read(byte, end - 1)
            if (byte.get(0) == '\n'.code.toByte()) break
            end -= 1
        }
        return end
    }

    private companion object {
        val OPTIONS: Set<OpenOption> = setOf(CREATE, READ, WRITE, NOFOLLOW_LINKS)
        val OWNER_ONLY = setOf(OWNER_READ, OWNER_WRITE)
    }
}
