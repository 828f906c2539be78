import Foundation
import Mynacard
import MynacardSim

@testable import MynacardNFC

/// Core NFC as a script: what is detected, and how commands and connections fail.
final class ScriptedSession: TagSession, @unchecked Sendable {
    /// The code of a command that fails as a cancelled task does.
    static let cancelled = -1

    private let lock = NSLock()
    private let events = EventQueue()
    private var taps: [[TagEvent]]
    private var connectErrors: [Int]
    private var calls: [String] = []
    private var cards: [SimulatedCard]
    private var sent = 0
    private var failing: [Int: Int]
    private var card: SimulatedCard?

    /// `taps`: what follows each search. `connectErrors`: codes of the first connections. `failing`: after how many
    /// commands which code comes. `cards`: one for each connection, the last one for all that follow.
    init(
        taps: [[TagEvent]], connectErrors: [Int] = [], failing: [Int: Int] = [:], cards: [SimulatedCard] = []
    ) {
        (self.taps, self.connectErrors, self.failing, self.cards) = (taps, connectErrors, failing, cards)
    }

    /// What was asked of it, in order.
    var log: [String] { lock.withLock { calls } }
    var commands: Int { lock.withLock { sent } }

    private func search(_ call: String) {
        let next: [TagEvent] = lock.withLock {
            calls.append(call)
            return taps.isEmpty ? [] : taps.removeFirst()
        }
        next.forEach(events.post)
    }

    func begin(alert: String) { search("begin") }
    func restartPolling() { search("again") }
    func nextEvent() async -> TagEvent { await events.next() }
    func show(_ alert: String) { lock.withLock { calls.append("show " + alert) } }

    func connect() async throws {
        try lock.withLock {
            calls.append("connect")
            if !connectErrors.isEmpty { throw TagError(code: connectErrors.removeFirst()) }
            card = cards.count > 1 ? cards.removeFirst() : cards.first
        }
    }

    func send(_ command: Data) async throws -> Data {
        let (card, code): (SimulatedCard?, Int?) = lock.withLock {
            defer { sent += 1 }
            return (self.card, failing[sent])
        }
        if let code {
            if code == 103 { events.post(.invalidated(code: 201)) }
            card?.takeOff()
            if code == Self.cancelled { throw CancellationError() }
            throw TagError(code: code)
        }
        return await card?.transmit(command) ?? Data()
    }

    func end(failure: String?) {
        lock.withLock { calls.append(failure.map { "failed " + $0 } ?? "done") }
        events.post(.invalidated(code: 200))
    }
}
