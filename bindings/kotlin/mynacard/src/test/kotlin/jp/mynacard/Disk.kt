// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard

import java.io.IOException
import java.net.URI
import java.nio.ByteBuffer
import java.nio.channels.FileChannel
import java.nio.channels.ReadableByteChannel
import java.nio.channels.WritableByteChannel
import java.nio.file.AccessMode
import java.nio.file.CopyOption
import java.nio.file.DirectoryStream
import java.nio.file.FileSystem
import java.nio.file.FileSystems
import java.nio.file.Files
import java.nio.file.LinkOption
import java.nio.file.OpenOption
import java.nio.file.Path
import java.nio.file.attribute.BasicFileAttributes
import java.nio.file.attribute.FileAttribute
import java.nio.file.attribute.FileAttributeView
import java.nio.file.spi.FileSystemProvider

/** The real disk, of which a test sees what is done to its files, and which can be full. */
class Disk {
    /** `new`, `write`, `force`, `force folder`: what has been done, in order. */
    val did = mutableListOf<String>()

    /** Bytes that still fit; then it is full. */
    var room = Long.MAX_VALUE

    /** The same place on this disk. */
    fun at(path: Path): Path = Watched(path)

    private val real = FileSystems.getDefault()
    private val provider = Provider()
    private val system = System()

    private inner class Watched(val path: Path) : Path by path {
        override fun getFileSystem(): FileSystem = system

        override fun getParent(): Path? = path.parent?.let(::Watched)
    }

    private fun real(path: Path): Path = (path as Watched).path

    private inner class Provider : FileSystemProvider() {
        private val to = real.provider()

        override fun newFileChannel(path: Path, options: Set<OpenOption>, vararg attributes: FileAttribute<*>): FileChannel {
            if (Files.notExists(real(path))) did += "new"
            return Channel(to.newFileChannel(real(path), options, *attributes), Files.isDirectory(real(path)))
        }

        override fun newByteChannel(path: Path, options: Set<OpenOption>, vararg attributes: FileAttribute<*>) =
            newFileChannel(path, options, *attributes)

        override fun <V : FileAttributeView> getFileAttributeView(path: Path, type: Class<V>, vararg options: LinkOption): V? =
            to.getFileAttributeView(real(path), type, *options)

        override fun <A : BasicFileAttributes> readAttributes(path: Path, type: Class<A>, vararg options: LinkOption): A =
            to.readAttributes(real(path), type, *options)

        override fun readAttributes(path: Path, names: String, vararg options: LinkOption): MutableMap<String, Any> =
            to.readAttributes(real(path), names, *options)

        override fun checkAccess(path: Path, vararg modes: AccessMode) = to.checkAccess(real(path), *modes)

        override fun isHidden(path: Path) = to.isHidden(real(path))

        override fun isSameFile(one: Path, other: Path) = to.isSameFile(real(one), real(other))

        override fun getFileStore(path: Path) = to.getFileStore(real(path))

        override fun getScheme() = "watched"

        override fun newFileSystem(uri: URI, environment: Map<String, *>) = refuse()

        override fun getFileSystem(uri: URI) = refuse()

        override fun getPath(uri: URI) = refuse()

        override fun newDirectoryStream(path: Path, filter: DirectoryStream.Filter<in Path>) = refuse()

        override fun createDirectory(path: Path, vararg attributes: FileAttribute<*>) = refuse()

        override fun delete(path: Path) = refuse()

        override fun copy(from: Path, to: Path, vararg options: CopyOption) = refuse()

        override fun move(from: Path, to: Path, vararg options: CopyOption) = refuse()

        override fun setAttribute(path: Path, name: String, value: Any?, vararg options: LinkOption) = refuse()
    }

    private inner class System : FileSystem() {
        override fun provider(): FileSystemProvider = provider

        override fun close() = refuse()

        override fun isOpen() = true

        override fun isReadOnly() = false

        override fun getSeparator(): String = real.separator

        override fun getRootDirectories(): Iterable<Path> = real.rootDirectories

        override fun getFileStores() = real.fileStores

        override fun supportedFileAttributeViews(): Set<String> = real.supportedFileAttributeViews()

        override fun getPath(first: String, vararg more: String): Path = Watched(real.getPath(first, *more))

        override fun getPathMatcher(pattern: String) = real.getPathMatcher(pattern)

        override fun getUserPrincipalLookupService() = real.userPrincipalLookupService

        override fun newWatchService() = refuse()
    }

    private inner class Channel(private val to: FileChannel, private val isFolder: Boolean) : FileChannel() {
        /** As much as there is room for; on a full disk, nothing. */
        private fun fitting(source: ByteBuffer, write: (ByteBuffer) -> Int): Int {
            if (room == 0L) throw IOException("No space left on device")
            val part = source.slice(source.position(), minOf(room, source.remaining().toLong()).toInt())
            val written = write(part)
            source.position(source.position() + written)
            room -= written
            did += "write"
            return written
        }

        override fun write(source: ByteBuffer) = fitting(source, to::write)

        override fun write(source: ByteBuffer, position: Long) = fitting(source) { to.write(it, position) }

        override fun force(metadata: Boolean) {
            to.force(metadata)
            did += if (isFolder) "force folder" else "force"
        }

        override fun read(target: ByteBuffer) = to.read(target)

        override fun read(target: ByteBuffer, position: Long) = to.read(target, position)

        override fun read(targets: Array<out ByteBuffer>, offset: Int, length: Int) = to.read(targets, offset, length)

        override fun position() = to.position()

        override fun position(position: Long): FileChannel = also { to.position(position) }

        override fun size() = to.size()

        override fun truncate(size: Long): FileChannel = also { to.truncate(size) }

        override fun implCloseChannel() = to.close()

        override fun write(sources: Array<out ByteBuffer>, offset: Int, length: Int) = refuse()

        override fun transferTo(position: Long, count: Long, target: WritableByteChannel) = refuse()

        override fun transferFrom(source: ReadableByteChannel, position: Long, count: Long) = refuse()

        override fun map(mode: MapMode, position: Long, size: Long) = refuse()

        override fun lock(position: Long, size: Long, shared: Boolean) = refuse()

        override fun tryLock(position: Long, size: Long, shared: Boolean) = refuse()
    }

    private fun refuse(): Nothing = throw UnsupportedOperationException()
}
