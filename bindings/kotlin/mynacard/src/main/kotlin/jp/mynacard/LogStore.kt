// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard

import java.nio.ByteBuffer
import java.nio.channels.FileChannel
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardOpenOption.CREATE
import java.nio.file.StandardOpenOption.READ
import java.nio.file.StandardOpenOption.WRITE
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

/** A [LogStore] over a file of lines; [keepState] keeps the secret, in the keystore. */
public class FileLogStore(
    private val file: Path,
    private val keepState: suspend (ByteArray) -> Unit,
) : LogStore {
    override suspend fun append(line: String): Unit = withContext(Dispatchers.IO) {
        FileChannel.open(file, CREATE, READ, WRITE).use { channel ->
            val end = wholeLines(channel)
            channel.truncate(end)
            try {
                val bytes = ByteBuffer.wrap(line.toByteArray())
                var at = end
                while (bytes.hasRemaining()) at += channel.write(bytes, at)
                channel.force(true)
            } catch (thrown: Throwable) {
                // Half a line would be read as tampering.
                runCatching { channel.truncate(end) }
                throw thrown
            }
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
        val text = withContext(Dispatchers.IO) { if (Files.exists(file)) Files.readAllBytes(file).decodeToString() else "" }
        val lines = text.substringBeforeLast('\n', "").lineSequence().filter(String::isNotEmpty).map { "$it\n" }
        AuditLog.resumeAmong(this, state, lines, isDrill, clock)
    }

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
}
