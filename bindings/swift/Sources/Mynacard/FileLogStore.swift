import Foundation

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// A log in a file. The state goes where the app says, on a tablet into the keychain.
public final class FileLogStore: LogStore, @unchecked Sendable {
    private let file: Int32
    private let keepState: @Sendable (SecretBytes) throws -> Void
    // Guarded by the log's lock, which every call is under.
    private var length: off_t

    /// Opens the file, or makes it, for its owner alone. A link in its place is not followed.
    ///
    /// Errors: `POSIXError`, `.ELOOP` for a link.
    public init(path: String, keepState: @escaping @Sendable (SecretBytes) throws -> Void) throws {
        file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw Self.failure() }
        length = lseek(file, 0, SEEK_END)
        self.keepState = keepState
    }

    deinit {
        if file >= 0 { close(file) }
    }

    /// Writes the line and waits for the disk; on failure the file is as it was.
    public func append(_ line: String) throws {
        var line = line
        do {
            try line.withUTF8 { bytes in
                var written = 0
                while written < bytes.count {
                    let place = length + off_t(written)
                    let count = pwrite(file, bytes.baseAddress! + written, bytes.count - written, place)
                    if count < 0 && errno == EINTR { continue }
                    guard count > 0 else { throw Self.failure() }
                    written += count
                }
                try flush()
                length += off_t(written)
            }
        } catch {
            ftruncate(file, length)
            throw error
        }
    }

    /// Gives the state to the app's own keystore.
    public func keep(state: SecretBytes) throws {
        try keepState(state)
    }

    private func flush() throws {
        #if canImport(Darwin)
            // What fsync leaves in the drive's cache, this does not.
            if fcntl(file, F_FULLFSYNC) == 0 { return }
        #endif
        guard fsync(file) == 0 else { throw Self.failure() }
    }

    private static func failure() -> POSIXError {
        POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
    }
}
