import Foundation

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// A log in a file, for its owner alone. The state goes where the app says, on a tablet into the keychain.
public final class FileLogStore: LogStore, @unchecked Sendable {
    private let file: Int32
    private let keepState: @Sendable (SecretBytes) throws -> Void
    // Where the whole lines end. Guarded by the log's lock, which every call is under.
    private var length: off_t

    /// Opens the file, or makes it. A link in its place is not followed. On iOS it is protected while the device is locked
    /// (`completeUnlessOpen`): it is not opened then, and lines are appended to one that is open.
    ///
    /// Errors: `POSIXError`, `.ELOOP` for a link; that of the protection.
    public init(path: String, keepState: @escaping @Sendable (SecretBytes) throws -> Void) throws {
        file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        length = 0
        self.keepState = keepState
        guard file >= 0 else { throw Self.failure() }
        // Somebody else has made it, or a copy has widened it.
        guard fchmod(file, 0o600) == 0 else { throw Self.failure() }
        #if os(iOS)
            try FileManager.default.setAttributes(
                [.protectionKey: FileProtectionType.completeUnlessOpen], ofItemAtPath: path)
        #endif
        length = try wholeLines()
    }

    deinit {
        if file >= 0 { close(file) }
    }

    /// Goes on after the app was restarted, with the state that was kept. What the file has after it is taken up: the app may
    /// have ended between a line and its state. Half a line at the end never counted, and goes with the next one.
    ///
    /// Errors: `POSIXError`; those of `AuditLog(resuming:drill:store:)`.
    public func resume(
        _ state: SecretBytes, drill: Bool, now: @escaping @Sendable () -> Date = { Date() }
    ) throws -> AuditLog {
        let lines = try read(from: 0, count: Int(length)).split(separator: UInt8(ascii: "\n"))
            .lazy.map { String(decoding: $0, as: UTF8.self) }
        return try AuditLog(resuming: state, drill: drill, among: lines, store: self, now: now)
    }

    /// Writes the line and waits for the disk; on failure the file is as it was.
    public func append(_ line: String) throws {
        // What a power cut or a write that failed has left of a line.
        guard ftruncate(file, length) == 0 else { throw Self.failure() }
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

    /// Where the last whole line ends.
    private func wholeLines() throws -> off_t {
        var end = lseek(file, 0, SEEK_END)
        guard end >= 0 else { throw Self.failure() }
        while end > 0, try read(from: end - 1, count: 1).first != UInt8(ascii: "\n") { end -= 1 }
        return end
    }

    private func read(from start: off_t, count: Int) throws -> Data {
        var data = Data(count: count)
        try data.withUnsafeMutableBytes { bytes in
            var done = 0
            while done < count {
                let read = pread(file, bytes.baseAddress! + done, count - done, start + off_t(done))
                if read < 0 && errno == EINTR { continue }
                guard read > 0 else { throw Self.failure() }
                done += read
            }
        }
        return data
    }

    private static func failure() -> POSIXError {
        POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
    }
}
