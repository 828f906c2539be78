import Foundation
import Mynacard

/// One sheet of the system, from its opening to its end, over as many taps as are needed. All the policy is here:
///
/// - Connecting is tried again when the card trembles at the edge of the field: nothing was sent to it yet.
/// - A command is sent once. After a failure, whatever it was, nothing more goes over that connection.
/// - More than one card, and tags that are none, are answered on the sheet, and the search goes on.
public actor CardScanner {
    /// How often a connection is tried before the search ends.
    static let connections = 8

    private enum State: Equatable {
        case closed
        case searching
        case connected(tap: Int)
        case over(LinkFailure)
    }

    private let session: any TagSession
    private let sheet: Sheet
    private let texts: ScanTexts
    private let capabilities: ReaderCapabilities
    private var state = State.closed
    private var taps = 0

    /// A scanner for one sheet. Short commands are what every iPhone is known to carry; an app that has tried longer ones
    /// on its devices gives `.extended`.
    public init(session: any TagSession, texts: ScanTexts = .ja, capabilities: ReaderCapabilities = .short) {
        self.session = session
        sheet = Sheet(session)
        self.texts = texts
        self.capabilities = capabilities
    }

    /// Waits for a card: opens the sheet, or on an open one looks again (かざし直し). Earlier cards are cut off.
    ///
    /// Errors: why there is none: `.linkCancelled`, `.linkTimeout`, `.linkBusy`, `.linkNoReader`, …; `.misuseUnexpectedInput`
    /// while another call waits.
    public func nextCard() async throws(MynacardError) -> ScannedCard {
        switch state {
        case .closed: session.begin(alert: texts.hold)
        case .connected: session.restartPolling()
        case .searching: throw MynacardError(.misuseUnexpectedInput)
        case .over(let failure): throw MynacardError(failure.code)
        }
        state = .searching
        var failures = 0
        while true {
            switch await nextEvent() {
            case .invalidated(let code):
                throw end(LinkFailure(nfcCode: code))
            case .detected(let count, _) where count > 1:
                again(texts.onlyOne)
            case .detected(_, iso7816: false):
                again(texts.otherTag)
            case .detected:
                do {
                    try await session.connect()
                    taps += 1
                    state = .connected(tap: taps)
                    return ScannedCard(capabilities: capabilities, tap: taps, scanner: self)
                } catch {
                    failures += 1
                    let failure = LinkFailure(tag: error)
                    guard failures < Self.connections, failure == .lost || failure == .timeout else {
                        let over = end(failure)
                        session.end(failure: texts.failed(over))
                        throw over
                    }
                    again(texts.again)
                }
            }
        }
    }

    /// Shows on the sheet how far a reading has come.
    public nonisolated func show(_ progress: ReadingProgress) {
        sheet.show(texts.reading(progress))
    }

    /// Closes the sheet with a tick, or with what went wrong. Does nothing if it is closed.
    public func finish(_ failure: MynacardError? = nil) {
        if case .over = state { return }
        let begun = state != .closed
        state = .over(.cancelled)
        if begun {
            if failure == nil { sheet.show(texts.done) }
            session.end(failure: failure.map(texts.failed))
        }
    }

    /// Sends a command over the connection of one tap.
    fileprivate func transmit(_ command: Data, tap: Int) async throws -> Data {
        guard state == .connected(tap: tap) else { throw over ?? LinkFailure.lost }
        do {
            let answer = try await session.send(command)
            // Less than two status bytes is no answer.
            guard answer.count >= 2 else { throw TagError(code: 102) }
            return answer
        } catch {
            var failure = LinkFailure(tag: error)
            // Why the session ended, where Core NFC says that it did, is told in an event that follows at once.
            if error is TagError, failure == .cancelled, case .invalidated(let code) = await nextEvent() {
                failure = LinkFailure(nfcCode: code)
                _ = end(failure)
            }
            // This tap is over; the next one has another number.
            if state == .connected(tap: tap) { state = .connected(tap: -tap) }
            throw failure
        }
    }

    /// Waits for an event. Cancelling the task closes the sheet, which is an event.
    private func nextEvent() async -> TagEvent {
        await withTaskCancellationHandler {
            await session.nextEvent()
        } onCancel: { [session, texts] in
            session.end(failure: texts.failed(MynacardError(.linkCancelled)))
        }
    }

    private var over: LinkFailure? {
        if case .over(let failure) = state { failure } else { nil }
    }

    private func end(_ failure: LinkFailure) -> MynacardError {
        state = .over(failure)
        return MynacardError(failure.code)
    }

    private func again(_ text: String) {
        sheet.show(text)
        session.restartPolling()
    }
}

/// The text on the sheet, which is changed only when it is another: the system animates each change.
private final class Sheet: Sendable {
    private let session: any TagSession
    private let lock = NSLock()
    // Guarded by the lock.
    private nonisolated(unsafe) var shown = ""

    init(_ session: any TagSession) {
        self.session = session
    }

    func show(_ text: String) {
        lock.withLock {
            guard text != shown else { return }
            shown = text
            session.show(text)
        }
    }
}

/// The card of one tap.
public struct ScannedCard: CardTransport {
    /// A connection from one tap to its end, shared by the copies of its card.
    private final class Connection: Sendable {}

    /// What the reader carries.
    public let capabilities: ReaderCapabilities
    /// This tap: an earlier one is cut off when the next begins, and tells nothing about its card.
    public let reader: any AnyObject & Sendable
    fileprivate let tap: Int
    fileprivate let scanner: CardScanner

    fileprivate init(capabilities: ReaderCapabilities, tap: Int, scanner: CardScanner) {
        self.capabilities = capabilities
        reader = Connection()
        self.tap = tap
        self.scanner = scanner
    }

    /// Sends a command, once.
    public func transmit(_ command: Data) async throws -> Data {
        try await scanner.transmit(command, tap: tap)
    }
}

extension LinkFailure {
    /// What an error of a `TagSession` means.
    init(tag error: any Error) {
        self =
            switch error {
            case let error as TagError: LinkFailure(nfcCode: error.code)
            case let failure as LinkFailure: failure
            case is CancellationError: .cancelled
            default: .transport
            }
    }
}
