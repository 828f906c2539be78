import Foundation
import MynacardRaw

/// Where an app stores its audit log (監査記録).
///
/// Both functions are called under the log's lock, off the main thread, and may block for as long as a disk takes.
public protocol LogStore: Sendable {
    /// Appends a line, which has its line feed, durably: it is on the disk when this returns. A permit opens nothing
    /// before that.
    ///
    /// Errors: it is not stored, and nothing of it is left. The log asks for the same line again.
    func append(_ line: String) throws

    /// Keeps the end of the log in the keystore, over the previous one. It is a secret: with it every later line can be
    /// forged.
    func keep(state: SecretBytes) throws
}

/// The store did not store. What was to be recorded waits, and no permit is in force without it; `Encounter.record()`
/// tries again.
public struct LogNotStored: Error, Sendable {
    /// What the store threw.
    public let reason: any Error
}

/// The end of an audit log. One for a device and a kind (drill or not); encounters record into it, several at once too.
public final class AuditLog: @unchecked Sendable {
    /// Whether it is a log of drills (訓練).
    public let isDrill: Bool
    private let raw: MynacardRaw.AuditLog
    private let store: any LogStore
    private let now: @Sendable () -> Date
    // From a line's text to its confirmation, and the state after it.
    private let lock = NSLock()

    /// A new log; stores its header.
    ///
    /// `device` is its inventory number: 1 to 24 characters of `A-Z a-z 0-9 . _ -`. `sealKey` is 32 bytes from
    /// `SecretBytes.random(count: 32)`: it goes to whoever will verify, by a way that is not the tablet's disk; then wipe it.
    ///
    /// Errors: `MynacardError` for bytes of another number or such a name; `LogNotStored`.
    public init(
        newFor device: String, drill: Bool, sealKey: SecretBytes, store: any LogStore,
        now: @escaping @Sendable () -> Date = { Date() }
    ) throws {
        isDrill = drill
        self.store = store
        self.now = now
        let id = SecretBytes.random(count: 16).withUnsafeBytes { Data($0) }
        raw = try calling {
            try sealKey.withData { sealKey in
                try MynacardRaw.AuditLog.create(
                    start: LogStart(drill: drill, id: id, sealKey: sealKey, device: device),
                    nowUnixMillis: now().unixMillis)
            }
        }
        try record(nil)
    }

    /// Goes on where a state was kept. `lines` are those at the end of the file that were stored after it: a power cut
    /// may leave one.
    ///
    /// Errors: `.auditBadState`, `.auditWrongKind`, `.auditNotNext`.
    public init(
        resuming state: SecretBytes, drill: Bool, storedSince lines: [String] = [], store: any LogStore,
        now: @escaping @Sendable () -> Date = { Date() }
    ) throws(MynacardError) {
        isDrill = drill
        self.store = store
        self.now = now
        let raw = try calling {
            try state.withData { try MynacardRaw.AuditLog.resume(drill: drill, state: $0) }
        }
        self.raw = raw
        for line in lines { try calling { try raw.catchUp(line: line) } }
    }

    /// Signs everything so far with an Ed25519 key in PKCS#8 (DER), stores that, and gives the line: send it to a place
    /// that the tablet cannot change.
    ///
    /// Errors: `.auditBadKey`; `LogNotStored`.
    public func checkpoint(signingKey: SecretBytes) throws -> String {
        try lock.withLock {
            let line = try calling {
                try signingKey.withData {
                    try raw.checkpoint(pkcs8: $0, nowUnixMillis: now().unixMillis)
                }
            }
            try put(line, of: nil)
            return line
        }
    }

    /// Stores everything that an encounter has made and is not stored. None: the header.
    func record(_ encounter: MynacardRaw.Encounter?) throws {
        try lock.withLock {
            while let line = try calling({ try raw.nextLine(encounter: encounter) }) {
                try put(line, of: encounter)
            }
        }
    }

    /// Stores a line, lets the log move on, and keeps its new end.
    private func put(_ line: String, of encounter: MynacardRaw.Encounter?) throws {
        do { try store.append(line) } catch { throw LogNotStored(reason: error) }
        // The line is in the log even if the permit in it has become void.
        let confirmed: Result<Void, any Error> = Result {
            try calling { try raw.confirm(encounter: encounter, nowUnixMillis: now().unixMillis) }
        }
        var bytes = try calling { try raw.state() }
        defer { bytes.wipe() }
        let state = SecretBytes(bytes)
        do { try store.keep(state: state) } catch { throw LogNotStored(reason: error) }
        try confirmed.get()
    }
}
