import Foundation
import MynacardRaw

/// Where an app stores its audit log (監査記録).
///
/// Both functions are called under the log's lock, on the thread of whoever makes the log, makes an encounter or takes a
/// checkpoint, else on that of an encounter's actor; make logs and encounters off the main actor where the disk may be slow.
/// They do not call the log back: that is refused with `.boundaryHandleBusy`.
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

/// The store failed; `Encounter.store()` tries again. What had happened before, has happened.
///
/// If `append` failed, the line waits, and so does what comes after it: a permit in it is not in force. If only `keep`
/// failed, every line is stored and a permit in one is in force: `Encounter.permitUntil` says so.
public struct LogNotStored: Error, Sendable {
    /// What the store threw.
    public let reason: any Error
}

/// The end of an audit log. One for a device and a kind (drill or not); encounters record into it, several at once too.
public final class AuditLog: @unchecked Sendable {
    /// Whether it is a log of drills (訓練).
    public let isDrill: Bool
    private let raw: MynacardRaw.AuditLog
    private let storage: any LogStore
    private let now: @Sendable () -> Date
    // From a line's text to its confirmation, and the state after it. Recursive, so that a store that calls back is told,
    // and does not wait for itself.
    private let lock = NSRecursiveLock()
    // Guarded by the lock. `maker` is the encounter whose line is stored and not confirmed.
    private var isInUse = false
    private var maker: MynacardRaw.Encounter?
    private var notKept: (any Error)?

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
        storage = store
        self.now = now
        let id = SecretBytes.random(count: 16).withUnsafeBytes { Data($0) }
        raw = try calling {
            try sealKey.withData { sealKey in
                try MynacardRaw.AuditLog.create(
                    start: LogStart(drill: drill, id: id, sealKey: sealKey, device: device),
                    nowUnixMillis: now().unixMillis)
            }
        }
        _ = try record(nil)
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
        storage = store
        self.now = now
        let raw = try calling {
            try state.withData { try MynacardRaw.AuditLog.resume(drill: drill, state: $0) }
        }
        self.raw = raw
        for line in lines { try calling { try raw.catchUp(line: line) } }
    }

    /// The same with lines of which the first may be older than the state.
    convenience init(
        resuming state: SecretBytes, drill: Bool, among lines: some Sequence<String>, store: any LogStore,
        now: @escaping @Sendable () -> Date
    ) throws(MynacardError) {
        try self.init(resuming: state, drill: drill, store: store, now: now)
        var isPast = false
        for line in lines {
            do throws(MynacardError) {
                try calling { try raw.catchUp(line: line) }
                isPast = true
            } catch {
                guard error.code == .auditNotNext, !isPast else { throw error }
            }
        }
    }

    /// Signs everything so far with an Ed25519 key in PKCS#8 (DER), stores that, and gives the line: send it to a place
    /// that the tablet cannot change.
    ///
    /// Errors: `.auditBadKey`; `LogNotStored`.
    public func checkpoint(signingKey: SecretBytes) throws -> String {
        try exclusively {
            let line = try calling {
                try signingKey.withData { try raw.checkpoint(pkcs8: $0, nowUnixMillis: now().unixMillis) }
            }
            _ = try put(line, of: nil)
            return line.text
        }
    }

    /// Stores what encounters have left that went away before all of it was stored, after a store that failed. The next call
    /// of any encounter of this log does it as well.
    ///
    /// Errors: `LogNotStored`.
    public func store() throws { _ = try record(nil) }

    /// Stores what encounters have left that are gone, and everything that this one has made. None: the header, and the
    /// former. Gives the refusal of the last line, if that is a permit's which has become void; such a line does not keep
    /// others from the log.
    func record(_ encounter: MynacardRaw.Encounter?) throws -> MynacardError? {
        try exclusively {
            var refusal: MynacardError?
            while let line = try calling({ try raw.nextLine(encounter: encounter) }) {
                refusal = try put(line, of: encounter)
            }
            return refusal
        }
    }

    /// Has the log for one call, which finds nothing half done, and whose state is kept at the end.
    private func exclusively<T>(_ body: () throws -> T) throws -> T {
        try lock.withLock {
            guard !isInUse else { throw MynacardError(.boundaryHandleBusy) }
            isInUse = true
            defer { isInUse = false }
            // What could not be stored was discarded: this line is in the store.
            if let line = try calling({ try raw.pending() }) { _ = try confirm(line, at: now().unixMillis) }
            if notKept != nil { try keepState() }
            let result = try body()
            if let notKept { throw LogNotStored(reason: notKept) }
            return result
        }
    }

    /// Stores a line, lets the log move on, and keeps its new end.
    private func put(_ line: PendingLine, of encounter: MynacardRaw.Encounter?) throws -> MynacardError? {
        // Before the store has it: a clock has no say any more afterwards.
        let at = now().unixMillis
        do {
            try storage.append(line.text)
        } catch {
            try calling { try raw.discard(ticket: line.ticket) }
            throw LogNotStored(reason: error)
        }
        maker = encounter
        return try confirm(line, at: at)
    }

    /// Lets the log move on past a line that is stored. Gives the refusal of a permit that has become void: its line is in
    /// the log all the same.
    private func confirm(_ line: PendingLine, at millis: UInt64) throws(MynacardError) -> MynacardError? {
        var refusal: MynacardError?
        do throws(MynacardError) {
            try calling { try raw.confirm(encounter: maker, ticket: line.ticket, nowUnixMillis: millis) }
        } catch {
            guard try calling({ try raw.pending() }) == nil else { throw error }
            refusal = error
        }
        maker = nil
        try keepState()
        return refusal
    }

    /// Keeps the end of the log, or remembers why the store did not: the lines go on.
    private func keepState() throws(MynacardError) {
        var bytes = try calling { try raw.state() }
        defer { bytes.wipe() }
        do {
            try storage.keep(state: SecretBytes(bytes))
            notKept = nil
        } catch {
            notKept = error
        }
    }
}
