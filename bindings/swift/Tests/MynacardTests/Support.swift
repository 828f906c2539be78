import Foundation
import Mynacard
import MynacardSim
import XCTest

/// The moment of every test: 2026-11-22.
let moment = Date(timeIntervalSince1970: 1_795_334_400)

/// A transport over a card that counts, and does something else at one exchange.
final class Wire: CardTransport, @unchecked Sendable {
    enum Trick {
        case none
        /// Throws before the command reaches the card.
        case throwing(any Error)
        /// Throws after the command reached the card.
        case answerLost(any Error)
        /// Runs something, then goes on.
        case doing(@Sendable () -> Void)
    }

    let card: SimulatedCard
    private let lock = NSLock()
    private var sent = 0
    private let at: Int
    private let trick: Trick
    private let keepOn: Bool

    /// The trick at the exchange `at`, from 0; `keepOn`: at every later one too.
    init(_ card: SimulatedCard, at: Int = -1, _ trick: Trick = .none, keepOn: Bool = false) {
        (self.card, self.at, self.trick, self.keepOn) = (card, at, trick, keepOn)
    }

    var exchanges: Int { lock.withLock { sent } }
    var capabilities: ReaderCapabilities { card.capabilities }

    func transmit(_ command: Data) async throws -> Data {
        let number = lock.withLock {
            defer { sent += 1 }
            return sent
        }
        guard number == at || keepOn && number > at else { return await card.transmit(command) }
        switch trick {
        case .none: break
        case .throwing(let error): throw error
        case .answerLost(let error):
            _ = await card.transmit(command)
            throw error
        case .doing(let body): body()
        }
        return await card.transmit(command)
    }
}

/// A transport whose answers have some bytes in the place of others.
struct Altered: CardTransport {
    private let card: SimulatedCard
    private let pairs: [(Data, Data)]

    /// The second ones in the place of the first.
    init(_ card: SimulatedCard, _ pairs: (Data, Data)...) {
        (self.card, self.pairs) = (card, pairs)
    }

    var capabilities: ReaderCapabilities { card.capabilities }
    var reader: any AnyObject & Sendable { card }

    func transmit(_ command: Data) async throws -> Data {
        var answer = await card.transmit(command)
        for (old, new) in pairs {
            while let place = answer.range(of: old) { answer.replaceSubrange(place, with: new) }
        }
        return answer
    }
}

func card(_ profile: String = "adult", _ capabilities: ReaderCapabilities = .extended) throws -> SimulatedCard {
    try XCTUnwrap(SimulatedCard(profile, capabilities: capabilities))
}

func number(of card: SimulatedCard) throws -> VerificationNumberB {
    try VerificationNumberB(digits: XCTUnwrap(card.digits))
}

func wrongNumber() throws -> VerificationNumberB {
    try VerificationNumberB(digits: SecretBytes("60010120301111".utf8))
}

/// A store in memory that can be made to fail.
final class Shelf: LogStore, @unchecked Sendable {
    struct Full: Error {}

    private let lock = NSLock()
    private var kept: [String] = []
    private var last: [UInt8] = []
    private var refusing = false
    private var losing = false

    var lines: [String] { lock.withLock { kept } }
    var state: SecretBytes { SecretBytes(lock.withLock { last }) }
    var isFull: Bool {
        get { lock.withLock { refusing } }
        set { lock.withLock { refusing = newValue } }
    }

    /// Whether the lines are stored and the state is not.
    var losesState: Bool {
        get { lock.withLock { losing } }
        set { lock.withLock { losing = newValue } }
    }

    func append(_ line: String) throws {
        try lock.withLock {
            if refusing { throw Full() }
            kept.append(line)
        }
    }

    func keep(state: SecretBytes) throws {
        try lock.withLock {
            if losing { throw Full() }
            last = state.withUnsafeBytes { Array($0) }
        }
    }
}

/// The code that something throws; nil if it does not.
func code(of body: () async throws -> Void) async -> FaultCode? {
    do {
        try await body()
        return nil
    } catch let error as MynacardError {
        return error.code
    } catch {
        XCTFail("\(type(of: error)) instead of a MynacardError")
        return nil
    }
}

/// The sequence number that a line of a log states.
func sequenceNumber(_ line: String) -> Int? {
    let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
    return object?["seq"] as? Int
}
