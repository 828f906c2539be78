import Foundation
import Mynacard
import MynacardSim
import XCTest

/// What holds although the app is careless: each would break a promise to the patient.
final class PromiseTests: XCTestCase {
    /// A clock that an app sets.
    private final class Clock: @unchecked Sendable {
        private let lock = NSLock()
        private var shown = moment
        var date: Date {
            get { lock.withLock { shown } }
            set { lock.withLock { shown = newValue } }
        }
    }

    private struct Late: MedicalSource {
        let kind = SourceKind.synthetic
        let clock: Clock
        func ask(_ query: MedicalQuery) async throws -> MedicalAnswer {
            clock.date += 7200
            return .patientFile(json: Data(#"{"synthetic":true,"profile":"adult","about":"test","visits":[],"medicines":[]}"#.utf8))
        }
    }

    private func opened(_ clock: Clock = Clock()) throws -> (Shelf, AuditLog, Encounter) {
        let shelf = Shelf()
        let now: @Sendable () -> Date = { clock.date }
        let log = try AuditLog(
            newFor: "tablet-01", drill: true, sealKey: .random(count: 32), store: shelf, now: now)
        return (shelf, log, try Encounter(log: log, crew: "crew-1", now: now))
    }

    private func reading(_ profile: String = "adult", _ plan: ReadingPlan = .everything) async throws -> CardReading {
        let card = try card(profile)
        let reading = try await MyNumberCard(over: card).read(plan, with: number(of: card))
        try reading.examine(against: .ofVirtualCards(), clock: .trusted(moment))
        return reading
    }

    /// What a recording of the replay kit gives, whose card no profile has.
    private func recorded(_ name: String) async throws -> CardReading {
        let player = try ReadingPlayer("readings/\(name).jsonl")
        let played = try await player.play()
        XCTAssertEqual(player.complaints, [])
        return try XCTUnwrap(played)
    }

    private func refusesPermit(_ encounter: Encounter) async throws {
        try await encounter.record(.faceMatched)
        try await encounter.record(.consentByPatient)
        let refused = await code { _ = try await encounter.permit(.summary) }
        XCTAssertEqual(refused, .refusalCardForged)
    }

    func testAForgedCardIsJudgedByItsOwnExaminationBesideAGenuineOne() async throws {
        let (_, _, encounter) = try opened()
        let genuine = try await reading()
        let forged = try await recorded("forged-swapped-photo")
        XCTAssertEqual(try genuine.examine(against: .ofVirtualCards(), clock: .trusted(moment)).verdict, .genuineLive)
        let taken = try await encounter.take(forged)
        XCTAssertEqual(taken, .cardForged)
        try await refusesPermit(encounter)
    }

    func testACardThatWasForgedInAnEncounterStaysForgedInIt() async throws {
        let (_, _, encounter) = try opened()
        try await encounter.take(recorded("forged-swapped-photo"))
        let other = try await encounter.take(reading("long-name"))
        XCTAssertEqual(other, .secondCardAcceptable)
        // The first one again, by its face alone, of which nothing is proved.
        let again = try await encounter.take(recorded("face-only"))
        XCTAssertEqual(again, .secondCardForged)
        try await refusesPermit(encounter)
    }

    func testACardThatNobodyExaminedIsNotTaken() async throws {
        let (shelf, _, encounter) = try opened()
        let card = try card()
        let reading = try await MyNumberCard(over: card).read(with: number(of: card))
        let refused = await code { try await encounter.take(reading) }
        XCTAssertEqual(refused, .boundaryNotExamined)
        XCTAssertEqual(shelf.lines.count, 2)
        try reading.examine(against: .production, clock: .trusted(moment))
        let taken = try await encounter.take(reading)
        // The judgement that came with it, not another card's.
        XCTAssertEqual(taken, .cardDoubtful)
    }

    func testAskingMovesNoTimeAndAClockThatWasPutRightIsRecorded() async throws {
        let clock = Clock()
        let (_, _, encounter) = try opened(clock)
        try await encounter.take(reading())
        clock.date = moment + 86_400
        _ = try await (encounter.allowedEvents, encounter.permitUntil, encounter.permitRefusal)
        clock.date = moment + 10
        try await encounter.record(.faceMatched)
        clock.date = moment + 86_400
        try await encounter.record(.consentByPatient)
        clock.date = moment + 20
        let back = await code { _ = try await encounter.permit(.summary) }
        XCTAssertEqual(back, .refusalClockWentBack)
        try await encounter.record(.clockCorrected)
        let permit = try await encounter.permit(.summary)
        XCTAssertEqual(permit.until, moment + 20 + 3600)
    }

    func testAnAnswerThatComesAfterItsPermitEndedIsNotSeen() async throws {
        let clock = Clock()
        let (_, _, encounter) = try opened(clock)
        try await encounter.take(reading())
        try await encounter.record(.faceMatched)
        try await encounter.record(.consentByPatient)
        _ = try await encounter.permit(.summary)
        let late = await code { _ = try await encounter.fetch(.summary, from: Late(clock: clock)) }
        XCTAssertEqual(late, .refusalPermitExpired)
    }

    func testALineThatCouldNotBeStoredKeepsNoOtherFromTheLog() async throws {
        let (shelf, log, encounter) = try opened()
        shelf.isFull = true
        do { try await encounter.record(.endNoCard) } catch { XCTAssertTrue(error is LogNotStored) }
        shelf.isFull = false
        _ = try Encounter(log: log, crew: "crew-2", now: { moment })
        try await encounter.store()
        XCTAssertEqual(shelf.lines.count, 4)
        XCTAssertEqual(Set(shelf.lines).count, 4)
    }

    func testZeroIsTheUsualFloorAndTheLastTryNeedsAWord() async throws {
        var plan = ReadingPlan.faceOnly
        (plan.faceFloor, plan.textFloor) = (0, 0)
        let near = try card("nearly-locked")
        let digits = try number(of: near)
        let careful = try await MyNumberCard(over: near).read(plan, with: digits)
        XCTAssertEqual(try careful.verification(of: .face)?.floor, 3)
        XCTAssertEqual(near.presentations, 0)
        plan.faceFloor = 1
        let refused = await code { [plan] in _ = try await MyNumberCard(over: near).read(plan, with: digits) }
        XCTAssertEqual(refused, .misuseOutOfRange)
        plan.faceFloor = 0
        plan.allowLastTries = true
        let daring = try await MyNumberCard(over: near).read(plan, with: digits)
        XCTAssertEqual(try daring.verification(of: .face)?.allowedLastTries, true)
        XCTAssertEqual(near.presentations, 1)
    }

    func testANumberIsOfNoMoreUseOnceAKeyIsBlocked() async throws {
        let card = try card()
        var plan = ReadingPlan.everything
        plan.allowLastTries = true
        for _ in 0..<12 { _ = try await MyNumberCard(over: card).read(plan, with: wrongNumber()) }
        // Ten tries of the face's key; none of the text's.
        XCTAssertEqual(card.presentations, 10)
        card.takeOff()
        let left = try await MyNumberCard(over: card).allTries()
        XCTAssertEqual(left.faceB.left, 0)
        XCTAssertEqual(left.textB.left, 10)
    }

    func testABorrowedNameIsNotCalledLive() async throws {
        let reading = try await recorded("forged-borrowed-name")
        XCTAssertEqual(try reading.failure(of: .attributes), nil)
        let report = try reading.examine(against: .ofVirtualCards(), clock: .trusted(moment))
        XCTAssertNotEqual(report.verdict, .genuineLive)
        XCTAssertTrue(report.findings.contains { $0.key == "text-not-live" })
    }

    func testANameThatNothingProvesIsNotCalledLive() async throws {
        var plan = ReadingPlan.everything
        plan.withoutTextProof = true
        let reading = try await reading("adult", plan)
        let report = try reading.examine(against: .ofVirtualCards(), clock: .trusted(moment))
        XCTAssertEqual(report.verdict, .genuineNotLive)
        XCTAssertNotNil(report.notLive)
    }

    func testWhatTheChipsCannotTellIsAskedOfTheCrew() async throws {
        let (shelf, _, encounter) = try opened()
        var certificateOnly = ReadingPlan.everything
        (certificateOnly.face, certificateOnly.attributes) = (false, false)
        try await encounter.take(reading("adult", certificateOnly))
        let before = shelf.lines.count
        let face = try await reading("adult", .faceOnly)
        let unclear = await code { try await encounter.take(face) }
        XCTAssertEqual(unclear, .refusalCardUnclear)
        XCTAssertEqual(shelf.lines.count, before)
        XCTAssertNoThrow(try face.face)
        let taken = try await encounter.take(face, sameCard: .crewSaysSame)
        XCTAssertEqual(taken, .cardDoubtful)
        XCTAssertTrue(shelf.lines.contains { $0.contains("same-card/said") })
    }

    func testOneChipIsOneCardAndAnotherIsASecondOne() async throws {
        var certificateOnly = ReadingPlan.everything
        (certificateOnly.face, certificateOnly.attributes, certificateOnly.proof) = (false, false, false)
        let (_, _, encounter) = try opened()
        try await encounter.take(reading())
        let again = try await encounter.take(reading("adult", certificateOnly))
        XCTAssertEqual(again, .cardDoubtful, "the certificate was read of the first one, too")
        let (_, _, next) = try opened()
        try await next.take(reading("adult", .faceOnly))
        let other = try await next.take(reading("long-name", certificateOnly), sameCard: .crewSaysOther)
        XCTAssertEqual(other, .secondCardDoubtful)
    }

    func testAKeyThatSaysForEverThatItIsOpenLeavesAFinding() async throws {
        /// Answers every free question of a key with: open.
        struct Liar: CardTransport {
            let card: SimulatedCard
            var capabilities: ReaderCapabilities { card.capabilities }
            var reader: any AnyObject & Sendable { card }
            func transmit(_ command: Data) async throws -> Data {
                command == Data([0x00, 0x20, 0x00, 0x80]) ? Data([0x90, 0x00]) : await card.transmit(command)
            }
        }
        let card = try card()
        let reading = try await MyNumberCard(over: Liar(card: card)).read(with: wrongNumber())
        XCTAssertEqual(try reading.verification(of: .face)?.outcome, .alreadyOpen)
        XCTAssertEqual(card.presentations, 0)
        let report = try reading.examine(against: .ofVirtualCards(), clock: .trusted(moment))
        XCTAssertTrue(report.findings.contains { $0.key == "digits-not-checked" })
    }

    func testTheDigitsAreCheckedThoughTheKeyIsOpen() async throws {
        let card = try card()
        _ = try await MyNumberCard(over: card).read(with: number(of: card))
        let reading = try await MyNumberCard(over: card).read(with: wrongNumber())
        XCTAssertEqual(try reading.failure(of: .face)?.code, .credentialRejected)
    }
}
