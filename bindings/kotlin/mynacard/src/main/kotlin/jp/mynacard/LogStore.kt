// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard

import java.nio.ByteBuffer
import java.nio.channels.FileChannel
import java.nio.file.Path
import java.nio.file.StandardOpenOption.CREATE
import java.nio.file.StandardOpenOption.WRITE
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
        FileChannel.open(file, CREATE, WRITE).use { channel ->
            val end = channel.size()
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
}
