import Foundation

/// What Core NFC says unasked.
public enum TagEvent: Sendable, Hashable {
    /// Tags came into the field: how many, and whether the first one speaks ISO 7816.
    case detected(count: Int, iso7816: Bool)
    /// The session is over. `code` is the raw value of `NFCReaderError.Code`.
    case invalidated(code: Int)
}

/// A failure of Core NFC by the raw value of `NFCReaderError.Code`.
public struct TagError: Error, Sendable, Hashable {
    /// The raw value.
    public let code: Int

    /// A failure by its raw value.
    public init(code: Int) {
        self.code = code
    }
}

/// What is asked of `NFCTagReaderSession`, and nothing else: `CoreNFCSession` passes it on, line by line. Everything that
/// decides is above this, in `CardScanner`, and runs on any system.
public protocol TagSession: Sendable {
    /// Opens the system's sheet and looks for tags.
    func begin(alert: String)
    /// Waits for the next event, one caller at a time. After `invalidated` it gives that for ever.
    func nextEvent() async -> TagEvent
    /// Connects to the first of the tags that were detected last. Errors: `TagError`.
    func connect() async throws
    /// Sends a command and gives its answer, data and status bytes. Errors: `TagError`.
    func send(_ command: Data) async throws -> Data
    /// Looks for tags again.
    func restartPolling()
    /// Changes the text on the sheet.
    func show(_ alert: String)
    /// Closes the sheet, with a tick or with an error's text.
    func end(failure: String?)
}

/// Events on their way from the framework's thread to whoever waits for them.
final class EventQueue: @unchecked Sendable {
    private let lock = NSLock()
    private var waiting: [TagEvent] = []
    private var last: TagEvent?
    private var waiter: CheckedContinuation<TagEvent, Never>?

    init() {}

    func post(_ event: TagEvent) {
        let waiter: CheckedContinuation<TagEvent, Never>? = lock.withLock {
            guard last == nil else { return nil }
            if case .invalidated = event { last = event }
            defer { self.waiter = nil }
            if self.waiter == nil { waiting.append(event) }
            return self.waiter
        }
        waiter?.resume(returning: event)
    }

    func next() async -> TagEvent {
        await withCheckedContinuation { asking in
            let (event, superseded): (TagEvent?, CheckedContinuation<TagEvent, Never>?) = lock.withLock {
                if !waiting.isEmpty { return (waiting.removeFirst(), nil) }
                if let last { return (last, nil) }
                defer { waiter = asking }
                return (nil, waiter)
            }
            if let event { asking.resume(returning: event) }
            superseded?.resume(returning: .invalidated(code: 103))
        }
    }
}
