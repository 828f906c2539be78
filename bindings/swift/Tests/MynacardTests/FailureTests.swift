import Foundation
import Mynacard
import MynacardSim
import XCTest

/// The link, the task and the transport fail at every exchange; tries are counted at the card.
final class FailureTests: XCTestCase {
    private struct Odd: Error {}

    private func exchanges() async throws -> Int {
        let wire = Wire(try card())
        _ = try await MyNumberCard(over: wire).read(with: number(of: wire.card))
        XCTAssertGreaterThan(wire.exchanges, 12)
        return wire.exchanges
    }

    func testAReaderThatVanishesAtAnyExchangeEndsTheReadingWithACode() async throws {
        for at in 0..<(try await exchanges()) {
            for trick in [Wire.Trick.throwing(LinkFailure.readerGone), .answerLost(LinkFailure.readerGone)] {
                let wire = Wire(try card(), at: at, trick)
                let reading = try await MyNumberCard(over: wire).read(with: number(of: wire.card))
                XCTAssertEqual(wire.exchanges, at + 1, "nothing more is sent")
                XCTAssertLessThanOrEqual(wire.card.presentations, 2)
                let codes = try [ReadingPart.face, .attributes, .certificate].compactMap {
                    try reading.failure(of: $0)?.code
                }
                XCTAssertTrue(
                    codes.contains(.linkReaderGone) || codes.contains(.credentialOutcomeUnknown), "\(at) \(codes)")
            }
        }
    }

    func testAWrongNumberCostsAtMostOneTryWhereverTheLinkFails() async throws {
        let wire = Wire(try card())
        _ = try await MyNumberCard(over: wire).read(with: wrongNumber())
        for at in 0..<wire.exchanges {
            let wire = Wire(try card(), at: at, .answerLost(LinkFailure.lost))
            _ = try await MyNumberCard(over: wire).read(with: wrongNumber())
            XCTAssertLessThanOrEqual(wire.card.presentations, 1)
        }
    }

    func testCancellingAtAnyExchangeSendsNothingMore() async throws {
        for at in 0..<(try await exchanges()) {
            let box = TaskBox()
            let wire = Wire(try card(), at: at, .doing { box.cancel() })
            let number = try number(of: wire.card)
            box.task = Task { try await MyNumberCard(over: wire).read(with: number) }
            box.go()
            let reading = try await XCTUnwrap(box.task).value
            XCTAssertEqual(wire.exchanges, at + 1)
            // The last answer may have completed everything.
            let cancelled = try [ReadingPart.face, .attributes, .certificate].contains {
                try reading.failure(of: $0)?.code == .linkCancelled
            }
            XCTAssertTrue(cancelled || at + 1 == wire.exchanges)
        }
    }

    func testATaskThatIsCancelledBeforeItBeginsTouchesNoCard() async throws {
        let wire = Wire(try card())
        let number = try number(of: wire.card)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await MyNumberCard(over: wire).read(with: number)
        }
        let reading = try await task.value
        XCTAssertEqual(try reading.failure(of: .face)?.code, .linkCancelled)
        XCTAssertEqual(wire.exchanges, 0)
        let identified = await code {
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await MyNumberCard(over: wire).identify()
            }
            _ = try await task.value
        }
        XCTAssertEqual(identified, .linkCancelled)
        XCTAssertEqual(wire.exchanges, 0)
    }

    func testATransportThatSleepsIsCancelledInItsSleep() async throws {
        final class Sleeper: CardTransport {
            let card: SimulatedCard
            init(card: SimulatedCard) { self.card = card }
            var capabilities: ReaderCapabilities { card.capabilities }
            func transmit(_ command: Data) async throws -> Data {
                try await Task.sleep(nanoseconds: 60_000_000_000)
                return await card.transmit(command)
            }
        }
        let sleeper = Sleeper(card: try card())
        let number = try number(of: sleeper.card)
        let task = Task { try await MyNumberCard(over: sleeper).read(with: number) }
        try await Task.sleep(nanoseconds: 20_000_000)
        task.cancel()
        let reading = try await task.value
        XCTAssertEqual(try reading.failure(of: .face)?.code, .linkCancelled)
        XCTAssertEqual(sleeper.card.presentations, 0)
    }

    func testASecondReadingOverOneReaderIsRefusedAndSendsNothing() async throws {
        /// Lets others try to read in the middle of its own reading.
        final class Shared: CardTransport, @unchecked Sendable {
            let card: SimulatedCard
            var tryToRead: (@Sendable () async throws -> Void)?
            private let lock = NSLock()
            private var sent = 0
            init(card: SimulatedCard) { self.card = card }
            var exchanges: Int { lock.withLock { sent } }
            var capabilities: ReaderCapabilities { card.capabilities }
            func transmit(_ command: Data) async throws -> Data {
                lock.withLock { sent += 1 }
                try await tryToRead?()
                return await card.transmit(command)
            }
        }
        /// Another way to the same reader.
        struct Way: CardTransport {
            let shared: Shared
            var capabilities: ReaderCapabilities { shared.capabilities }
            var reader: any AnyObject & Sendable { shared }
            func transmit(_ command: Data) async throws -> Data { try await shared.transmit(command) }
        }
        let alone = try await exchanges()
        let shared = Shared(card: try card())
        let number = try number(of: shared.card)
        let torn = Wire(try card(), at: alone - 1, .throwing(LinkFailure.lost))
        let earlier = try await MyNumberCard(over: torn).read(with: number)
        shared.tryToRead = { [unowned shared] in
            for transport in [shared, Way(shared: shared)] as [any CardTransport] {
                let card = MyNumberCard(over: transport)
                let read = await code { _ = try await card.read(with: number) }
                XCTAssertEqual(read, .misuseLinkBusy)
                let tries = await code { _ = try await card.allTries() }
                XCTAssertEqual(tries, .misuseLinkBusy)
                let resumed = await code { _ = try await card.resume(earlier, with: number) }
                XCTAssertEqual(resumed, .misuseLinkBusy)
            }
        }
        let reading = try await MyNumberCard(over: shared).read(with: number)
        XCTAssertNil(try reading.failure(of: .certificate))
        XCTAssertEqual(shared.exchanges, alone)
        XCTAssertEqual(shared.card.presentations, 2)
        // What was refused took nothing away, and the reader is free again.
        XCTAssertNoThrow(try earlier.face)
        shared.tryToRead = nil
        _ = try await MyNumberCard(over: Way(shared: shared)).allTries()
    }

    func testLeavingTheSequenceCancelsTheReading() async throws {
        let wire = Wire(try card())
        let number = try number(of: wire.card)
        for try await event in MyNumberCard(over: wire).events(with: number) {
            if case .progress = event { break }
        }
        // What was under way may still arrive; then it is quiet.
        try await Task.sleep(nanoseconds: 100_000_000)
        let quiet = wire.exchanges
        try await Task.sleep(nanoseconds: 100_000_000)
        XCTAssertEqual(wire.exchanges, quiet)
    }

    func testWhateverATransportThrowsIsACodeAndNothingOfItIsInTheError() async throws {
        let wire = Wire(try card(), at: 3, .throwing(Odd()))
        let reading = try await MyNumberCard(over: wire).read(with: number(of: wire.card))
        let codes = try [ReadingPart.face, .attributes].map { try reading.failure(of: $0)?.code }
        XCTAssertTrue(codes.contains(.linkTransport) || codes.contains(.credentialOutcomeUnknown))
        XCTAssertFalse(try reading.logLine(for: .face).contains("Odd"))
        XCTAssertEqual(wire.exchanges, 4)
    }

    func testEveryLinkFailureHasItsCode() async throws {
        for failure in LinkFailure.allCases {
            let wire = Wire(try card(), at: 0, .throwing(failure))
            let reading = try await MyNumberCard(over: wire).read(with: number(of: wire.card))
            XCTAssertEqual(try reading.failure(of: .face)?.code, failure.code)
        }
    }

    func testAnswersThatAreNoneEndInAnError() async throws {
        final class Mad: CardTransport {
            let answer: Data
            init(answer: Data) { self.answer = answer }
            let capabilities = ReaderCapabilities.extended
            func transmit(_ command: Data) async throws -> Data { answer }
        }
        for answer in [Data(), Data([0x90]), Data([0x90, 0x00]), Data(repeating: 0xFF, count: 70_000)] {
            let reading = try await MyNumberCard(over: Mad(answer: answer)).read(with: wrongNumber())
            XCTAssertNotNil(try reading.failure(of: .face))
        }
    }

    func testManyReadingsAtOnceDoNotDisturbEachOther() async throws {
        try await withThrowingTaskGroup(of: CardVerdict.self) { group in
            for profile in ["adult", "foreign", "long-name", "adult", "old-chip", "two-line-address"] {
                group.addTask {
                    let card = try card(profile)
                    let reading = try await MyNumberCard(over: card).read(with: number(of: card))
                    return try reading.examine(against: .ofVirtualCards(), clock: .trusted(moment)).verdict
                }
            }
            var verdicts: [CardVerdict] = []
            for try await verdict in group { verdicts.append(verdict) }
            XCTAssertEqual(verdicts, Array(repeating: .genuineLive, count: 6))
        }
    }

    func testOneReadingIsReadByManyTasksAtOnce() async throws {
        let card = try card()
        let reading = try await MyNumberCard(over: card).read(with: number(of: card))
        await withTaskGroup(of: Int?.self) { group in
            for _ in 0..<32 {
                group.addTask { try? reading.face.pixels(of: .photo).withUnsafeBytes { $0.count } }
            }
            for await count in group { XCTAssertNotNil(count) }
        }
    }
}

/// A task that something inside it cancels, once it is known.
private final class TaskBox: @unchecked Sendable {
    var task: Task<CardReading, any Error>?
    private let known = DispatchSemaphore(value: 0)

    func go() { known.signal() }
    func cancel() {
        known.wait()
        task?.cancel()
    }
}
