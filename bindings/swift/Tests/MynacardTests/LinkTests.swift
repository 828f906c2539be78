import Foundation
import Mynacard
import MynacardSim
import XCTest

/// What is selected and guarded belongs to the link: no order of readings, and no wrapper, leads a number to the wrong key.
final class LinkTests: XCTestCase {
    /// A reader that notes what goes to the card, and does something at the first VERIFY that presents a number.
    private final class Tape: CardTransport, @unchecked Sendable {
        enum AtVerify {
            case nothing
            /// Runs something when the card has answered, before the answer is given back.
            case doing(@Sendable () async -> Void)
            /// As before, and the answer is lost.
            case losing(any Error, @Sendable () async -> Void)
        }

        let card: SimulatedCard
        private let lock = NSLock()
        private var noted: [Data] = []
        private var atVerify: AtVerify

        init(_ card: SimulatedCard, atVerify: AtVerify = .nothing) {
            (self.card, self.atVerify) = (card, atVerify)
        }

        var capabilities: ReaderCapabilities { card.capabilities }
        var commands: [Data] { lock.withLock { noted } }
        func forget() { lock.withLock { noted = [] } }

        func transmit(_ command: Data) async throws -> Data {
            let trick = lock.withLock {
                noted.append(command)
                guard command.presentsNumber else { return AtVerify.nothing }
                defer { atVerify = .nothing }
                return atVerify
            }
            let answer = await card.transmit(command)
            switch trick {
            case .nothing: break
            case .doing(let body): await body()
            case .losing(let error, let body):
                await body()
                throw error
            }
            return answer
        }
    }

    /// Another way to a reader.
    private struct Way: CardTransport {
        let tape: Tape
        var capabilities: ReaderCapabilities { tape.capabilities }
        var reader: any AnyObject & Sendable { tape }
        func transmit(_ command: Data) async throws -> Data { try await tape.transmit(command) }
    }

    private func cost(_ tape: Tape, _ body: () async throws -> Void) async rethrows -> Int {
        let before = tape.commands.count
        try await body()
        return tape.commands.count - before
    }

    func testTheNextReadingKnowsWhatIsSelectedWhicheverWayItTakes() async throws {
        let tape = Tape(try card())
        let number = try number(of: tape.card)
        // One application, and no key of it.
        var plan = ReadingPlan.everything
        (plan.face, plan.attributes, plan.proof, plan.challenge) = (false, false, false, .none)
        let read = { [plan] (transport: any CardTransport) in
            let reading = try await MyNumberCard(over: transport).read(plan, with: number)
            XCTAssertNil(try reading.failure(of: .certificate))
        }
        let fromNothing = try await cost(tape) { try await read(tape) }
        let again = try await cost(tape) { try await read(Way(tape: tape)) }
        XCTAssertEqual(again, fromNothing - 1, "the application is still selected")
        tape.card.takeOff()
        Way(tape: tape).cardWasReset()
        let afterReset = try await cost(tape) { try await read(tape) }
        XCTAssertEqual(afterReset, fromNothing)
    }

    func testAfterAReadingThatWasLeftMidwayNothingIsTakenForSelected() async throws {
        let tape = Tape(try card())
        let number = try number(of: tape.card)
        let fromNothing = try await cost(tape) { _ = try await MyNumberCard(over: tape).allTries() }
        let hold = Hold()
        tape.forget()
        let midway = Tape(tape.card, atVerify: .doing { await hold.cancel() })
        let task = Task { try await MyNumberCard(over: midway).read(with: number) }
        await hold.have(task)
        _ = try await task.value
        XCTAssertTrue(try XCTUnwrap(midway.commands.last).presentsNumber)
        let after = try await cost(midway) { _ = try await MyNumberCard(over: midway).allTries() }
        XCTAssertEqual(after, fromNothing)
    }

    func testCancellingBetweenVerifyAndItsAnswerSendsNothingMoreAndTheAnswerCounts() async throws {
        let hold = Hold()
        let tape = Tape(try card(), atVerify: .doing { await hold.cancel() })
        let task = Task { try await MyNumberCard(over: tape).read(with: wrongNumber()) }
        await hold.have(task)
        let reading = try await task.value
        XCTAssertTrue(try XCTUnwrap(tape.commands.last).presentsNumber)
        // The answer was there: the spent try is known.
        XCTAssertEqual(try reading.triesSpent, 1)
        XCTAssertEqual(try reading.verification(of: .face)?.left, 9)
        XCTAssertEqual(tape.card.presentations, 1)
    }

    func testCancellingBetweenVerifyAndItsAnswerThatIsLostIsSaidAndTheCounterIsReadFirst() async throws {
        for error in [CancellationError(), LinkFailure.cancelled, LinkFailure.lost] as [any Error] {
            let hold = Hold()
            let tape = Tape(try card(), atVerify: .losing(error) { await hold.cancel() })
            let task = Task { try await MyNumberCard(over: tape).read(with: wrongNumber()) }
            await hold.have(task)
            let reading = try await task.value
            XCTAssertTrue(try XCTUnwrap(tape.commands.last).presentsNumber, "nothing more is sent")
            XCTAssertEqual(try reading.failure(of: .face)?.code, .credentialOutcomeUnknown)
            XCTAssertNil(try reading.verification(of: .face))
            XCTAssertEqual(tape.card.presentations, 1)
            let resumed = await code { _ = try await MyNumberCard(over: tape).resume(reading, with: wrongNumber()) }
            XCTAssertEqual(resumed, .credentialOutcomeUnknown)
            tape.forget()
            let next = try await MyNumberCard(over: tape).read(with: wrongNumber())
            XCTAssertEqual(try next.verification(of: .face)?.leftBefore, 9)
            let verifies = tape.commands.filter { $0[1] == 0x20 }
            XCTAssertEqual(verifies.first?.count, 4, "the free question comes first")
            XCTAssertEqual(tape.card.presentations, 2)
        }
    }

    func testANumberIsPresentedOnlyRightAfterTheFreeQuestionOfItsOwnKey() async throws {
        let tape = Tape(try card())
        let number = try number(of: tape.card)
        for _ in 0..<2 {
            _ = try await MyNumberCard(over: tape).read(with: number)
            _ = try await MyNumberCard(over: Way(tape: tape)).allTries()
        }
        let commands = tape.commands
        let presented = commands.indices.filter { commands[$0].presentsNumber }
        XCTAssertEqual(presented.count, 4)
        for index in presented {
            XCTAssertEqual(commands[index - 1], Data([0x00, 0x20, 0x00, 0x80]))
            // Before that: SELECT of the key's file, 0012 in the face application and 0015 in the text application.
            XCTAssertEqual(commands[index - 2].prefix(5), Data([0x00, 0xA4, 0x02, 0x0C, 0x02]))
            XCTAssertTrue([0x12, 0x15].contains(commands[index - 2].last))
        }
    }
}

extension Data {
    /// Whether it is a VERIFY with the fourteen digits.
    fileprivate var presentsNumber: Bool { starts(with: [0x00, 0x20, 0x00, 0x80, 14]) }
}

/// A task that something inside it cancels, once it is known.
private actor Hold {
    private var task: Task<CardReading, any Error>?
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func have(_ task: Task<CardReading, any Error>) {
        self.task = task
        for one in waiting { one.resume() }
        waiting = []
    }

    func cancel() async {
        if task == nil { await withCheckedContinuation { waiting.append($0) } }
        task?.cancel()
    }
}
