import Foundation
import Mynacard
import MynacardSim
import XCTest

@testable import MynacardNFC

final class ScannerTests: XCTestCase {
    private let one = TagEvent.detected(count: 1, iso7816: true)

    private func card(_ profile: String = "adult") throws -> SimulatedCard {
        try XCTUnwrap(SimulatedCard(profile))
    }

    private func number(of card: SimulatedCard) throws -> VerificationNumberB {
        try VerificationNumberB(digits: XCTUnwrap(card.digits))
    }

    private func failure(_ body: () async throws -> Void) async -> FaultCode? {
        do {
            try await body()
            return nil
        } catch {
            return (error as? MynacardError)?.code
        }
    }

    /// How many commands a whole reading takes over short commands.
    private func commands() async throws -> Int {
        let card = try card()
        let session = ScriptedSession(taps: [[one]], cards: [card])
        _ = try await CardScanner(session: session).read(with: number(of: card))
        return session.commands
    }

    func testASheetIsOpenedACardReadAndTheSheetClosedWithATick() async throws {
        let card = try card()
        let session = ScriptedSession(taps: [[one]], cards: [card])
        let reading = try await CardScanner(session: session).read(with: number(of: card))
        let report = try reading.examine(against: .ofVirtualCards(), clock: .unknown)
        XCTAssertEqual(report.verdict, .genuineLive)
        XCTAssertEqual(session.log.prefix(2), ["begin", "connect"])
        XCTAssertEqual(session.log.suffix(2), ["show 読み取りました。", "done"])
        XCTAssertTrue(session.log.contains { $0.contains("顔写真を読み取り中") && $0.contains("●") })
        // The text is changed only when it is another.
        XCTAssertFalse(zip(session.log, session.log.dropFirst()).contains { $0 == $1 })
    }

    func testMoreThanOneCardAndOtherTagsAreAnsweredAndTheSearchGoesOn() async throws {
        let session = ScriptedSession(
            taps: [[.detected(count: 2, iso7816: true)], [.detected(count: 1, iso7816: false)], [one]],
            cards: [try card()])
        _ = try await CardScanner(session: session).nextCard()
        XCTAssertEqual(
            session.log,
            [
                "begin", "show カードを1枚だけ当ててください。", "again", "show マイナンバーカードを当ててください。", "again",
                "connect",
            ])
    }

    func testAConnectionIsTriedAgainAndNotForEver() async throws {
        let trembling = ScriptedSession(
            taps: Array(repeating: [one], count: 4), connectErrors: [100, 102, 101], cards: [try card()])
        _ = try await CardScanner(session: trembling).nextCard()
        XCTAssertEqual(trembling.log.filter { $0 == "connect" }.count, 4)
        let hopeless = ScriptedSession(
            taps: Array(repeating: [one], count: 40), connectErrors: Array(repeating: 100, count: 40))
        let lost = await failure { _ = try await CardScanner(session: hopeless).nextCard() }
        XCTAssertEqual(lost, .linkLost)
        XCTAssertEqual(hopeless.log.filter { $0 == "connect" }.count, CardScanner.connections)
        XCTAssertTrue(try XCTUnwrap(hopeless.log.last).hasPrefix("failed "))
        let broken = ScriptedSession(taps: [[one], [one]], connectErrors: [2])
        let entitlement = await failure { _ = try await CardScanner(session: broken).nextCard() }
        XCTAssertEqual(entitlement, .linkTransport)
    }

    func testEveryEndOfASessionHasItsCode() async throws {
        let ends: [(Int, FaultCode)] = [
            (1, .linkNoReader), (2, .linkTransport), (6, .linkNoService), (7, .linkNoService),
            (200, .linkCancelled), (201, .linkTimeout), (202, .linkReaderGone), (203, .linkBusy),
            (0, .linkTransport), (9_999, .linkTransport),
        ]
        for (nfc, code) in ends {
            let session = ScriptedSession(taps: [[.invalidated(code: nfc)]])
            let scanner = CardScanner(session: session)
            let first = await failure { _ = try await scanner.nextCard() }
            XCTAssertEqual(first, code, "\(nfc)")
            let second = await failure { _ = try await scanner.nextCard() }
            XCTAssertEqual(second, code, "an end stays")
        }
    }

    func testEveryFailureOfACommandHasItsCodeAndNothingFollows() async throws {
        let codes: [(Int, FaultCode)] = [
            (100, .linkLost), (101, .linkTimeout), (102, .linkLost), (104, .linkLost), (105, .linkTransport),
            (3, .linkTransport), (103, .linkTimeout),
        ]
        for (nfc, code) in codes {
            let card = try card()
            let session = ScriptedSession(taps: [[one]], failing: [0: nfc], cards: [card])
            let scanned = try await CardScanner(session: session).nextCard()
            let reading = try await MyNumberCard(over: scanned).read(with: number(of: card))
            XCTAssertEqual(try reading.failure(of: .face)?.code, code, "\(nfc)")
            XCTAssertEqual(session.commands, 1)
            let again = await failure { _ = try await MyNumberCard(over: scanned).identify() }
            XCTAssertNotNil(again)
            XCTAssertEqual(session.commands, 1, "a connection that failed once is dead")
        }
    }

    func testAnAnswerWithoutStatusBytesIsALostCard() async throws {
        let session = ScriptedSession(taps: [[one]])
        let scanned = try await CardScanner(session: session).nextCard()
        let mute = await failure { _ = try await MyNumberCard(over: scanned).identify() }
        XCTAssertEqual(mute, .linkLost)
    }

    func testACardThatMovesAwayIsAskedForAgainAndTheReadingGoesOn() async throws {
        let card = try card()
        let last = try await commands() - 1
        let session = ScriptedSession(taps: [[one], [one]], failing: [last: 100], cards: [card])
        let reading = try await CardScanner(session: session).read(with: number(of: card))
        XCTAssertNil(try reading.failure(of: .certificate))
        XCTAssertEqual(session.log.filter { $0 == "again" }.count, 1)
        XCTAssertEqual(session.log.last, "done")
        let report = try reading.examine(against: .ofVirtualCards(), clock: .unknown)
        XCTAssertEqual(report.verdict, .genuineLive)
    }

    func testALostCardAtAnyCommandNeverCostsAnotherCardATry() async throws {
        for at in 0..<(try await commands()) {
            let (card, other) = (try card(), try card("foreign"))
            let session = ScriptedSession(taps: [[one], [one], [one]], failing: [at: 100], cards: [card, other])
            let reading = try await CardScanner(session: session).read(with: number(of: card))
            XCTAssertEqual(other.presentations, 0, "\(at)")
            XCTAssertLessThanOrEqual(card.presentations, 2)
            XCTAssertTrue(try XCTUnwrap(session.log.last).hasPrefix("failed "), "\(at)")
            let codes = try [ReadingPart.face, .attributes, .certificate].map { try reading.failure(of: $0)?.code }
            XCTAssertTrue(codes.contains { $0 != nil })
        }
    }

    func testAWrongNumberIsSaidOnTheSheetAndPresentedOnce() async throws {
        let card = try card()
        let session = ScriptedSession(taps: [[one], [one]], cards: [card])
        let wrong = try VerificationNumberB(digits: SecretBytes("60010120301111".utf8))
        let reading = try await CardScanner(session: session).read(with: wrong)
        XCTAssertEqual(try reading.failure(of: .face)?.code, .credentialRejected)
        XCTAssertEqual(card.presentations, 1)
        XCTAssertTrue(try XCTUnwrap(session.log.last).contains("番号が違います"))
    }

    func testCancellingTheTaskClosesTheSheet() async throws {
        let session = ScriptedSession(taps: [])
        let scanner = CardScanner(session: session)
        let task = Task { _ = try await scanner.nextCard() }
        try await Task.sleep(nanoseconds: 20_000_000)
        let second = await failure { _ = try await scanner.nextCard() }
        XCTAssertEqual(second, .misuseUnexpectedInput)
        task.cancel()
        let cancelled = await failure { try await task.value }
        XCTAssertEqual(cancelled, .linkCancelled)
        XCTAssertTrue(try XCTUnwrap(session.log.last).hasPrefix("failed "))
    }

    func testACommandThatIsCancelledWaitsForNoEvent() async throws {
        let card = try card()
        let session = ScriptedSession(taps: [[one]], failing: [0: ScriptedSession.cancelled], cards: [card])
        let scanned = try await CardScanner(session: session).nextCard()
        let reading = try await MyNumberCard(over: scanned).read(with: number(of: card))
        XCTAssertEqual(try reading.failure(of: .face)?.code, .linkCancelled)
        XCTAssertEqual(session.commands, 1)
    }

    func testAnEventThatDoesNotFollowIsWaitedForOnlyUntilTheTaskIsCancelled() async throws {
        let session = ScriptedSession(taps: [[one]], failing: [0: 200], cards: [try card()])
        let scanned = try await CardScanner(session: session).nextCard()
        let task = Task { _ = try await MyNumberCard(over: scanned).identify() }
        try await Task.sleep(nanoseconds: 20_000_000)
        task.cancel()
        let cancelled = await failure { try await task.value }
        XCTAssertEqual(cancelled, .linkCancelled)
    }

    func testFinishingTwiceClosesOnce() async throws {
        let session = ScriptedSession(taps: [[one]], cards: [try card()])
        let scanner = CardScanner(session: session)
        let scanned = try await scanner.nextCard()
        await scanner.finish()
        await scanner.finish(MynacardError(.linkLost))
        XCTAssertEqual(session.log.filter { $0 == "done" || $0.hasPrefix("failed") }, ["done"])
        let afterEnd = await failure { _ = try await MyNumberCard(over: scanned).identify() }
        XCTAssertEqual(afterEnd, .linkCancelled)
        XCTAssertEqual(session.commands, 0)
    }

    func testTextsAreShortAndInBothLanguages() {
        let progress = ReadingProgress(phase: .face, bytesDone: 3, bytesExpected: 10)
        XCTAssertTrue(ScanTexts.ja.reading(progress).hasSuffix("\n●●●○○○○○○○"))
        XCTAssertFalse(ScanTexts.en.reading(progress).contains("カード"))
        let unknown = ReadingProgress(phase: .identify, bytesDone: 3, bytesExpected: 0)
        XCTAssertFalse(ScanTexts.ja.reading(unknown).contains("\n"))
        let overdone = ReadingProgress(phase: .face, bytesDone: 30, bytesExpected: 10)
        XCTAssertTrue(ScanTexts.ja.reading(overdone).hasSuffix("●●●●●●●●●●"))
    }

    func testEventsWaitForTheirReaderAndTheLastOneStays() async {
        let queue = EventQueue()
        queue.post(one)
        queue.post(.invalidated(code: 201))
        queue.post(one)
        for expected in [one, .invalidated(code: 201), .invalidated(code: 201)] {
            let event = await queue.next()
            XCTAssertEqual(event, expected)
        }
    }
}
