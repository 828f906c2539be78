import Foundation
import Mynacard
import MynacardSim
import XCTest

final class EncounterTests: XCTestCase {
    private let crew = "crew-1"

    private struct Patient: MedicalSource {
        var kind = SourceKind.synthetic
        var answer: @Sendable (MedicalQuery) async throws -> MedicalAnswer = { _ in
            .patientFile(json: Data(patientFile.utf8))
        }
        func ask(_ query: MedicalQuery) async throws -> MedicalAnswer { try await answer(query) }
    }

    private static let patientFile = """
        {"synthetic":true,"profile":"adult","about":"test","visits":[],"medicines":[\
        {"days_ago":12,"source":"dispensed","name":"アムロジピン錠5mg「架空」","code":"2171022F2997",\
        "ingredient":"アムロジピンベシル酸塩","quantity":"1","unit":"錠","usage":"1日1回 朝食後","times":28,\
        "at":{"name":"架空内科クリニック","code":"1319999002"}}]}
        """

    private func opened(drill: Bool = true) throws -> (Shelf, Encounter) {
        let shelf = Shelf()
        let log = try AuditLog(
            newFor: "tablet-01", drill: drill, sealKey: .random(count: 32), store: shelf, now: { moment })
        return (shelf, try Encounter(log: log, crew: crew, now: { moment }))
    }

    /// Reads a card into an encounter.
    @discardableResult
    private func read(_ profile: String = "adult", into encounter: Encounter) async throws -> EncounterEvent {
        let card = try card(profile)
        let reading = try await MyNumberCard(over: card).read(with: number(of: card))
        try reading.examine(against: .ofVirtualCards(), clock: .trusted(moment))
        return try await encounter.take(reading)
    }

    private func code(_ body: () async throws -> Void) async -> FaultCode? {
        await MynacardTests.code(of: body)
    }

    func testConsentPermitSummaryAndHandOver() async throws {
        let (shelf, encounter) = try opened()
        XCTAssertEqual(shelf.lines.count, 2)
        let taken = try await read(into: encounter)
        XCTAssertEqual(taken, .cardAcceptable)
        let early = await code { _ = try await encounter.permit(.summary) }
        XCTAssertEqual(early, .refusalFaceNotChecked)
        try await encounter.record(.faceMatched)
        try await encounter.record(.consentByPatient)
        let refusal = try await encounter.permitRefusal
        XCTAssertNil(refusal)
        let permit = try await encounter.permit(.summary)
        XCTAssertEqual(permit.until, moment + 3600)
        XCTAssertTrue(try XCTUnwrap(shelf.lines.last).contains("permit"))
        let event = try await encounter.fetch(.summary, from: Patient())
        XCTAssertNil(event)
        try await encounter.note(
            CrewNotes(
                unit: "第一救急隊", complaint: "胸痛", consciousness: "JCS 2", systolic: 150, diastolic: 90, pulse: 88,
                breaths: 18, oxygen: 97, temperatureTenths: 365))
        let script = try await encounter.handover(.script)
        XCTAssertTrue(script.contains("アムロジピン") && script.contains("胸痛"))
        let json = try await encounter.handover(.json)
        XCTAssertNoThrow(try JSONSerialization.jsonObject(with: Data(json.utf8)))
        try await encounter.record(.handedOver)
        let wayOut = try await encounter.wayOut
        XCTAssertEqual(wayOut, .handedOver)
        let afterEnd = await code { try await encounter.record(.faceMatched) }
        XCTAssertEqual(afterEnd, .refusalEnded)
        // Nothing personal stands in the log.
        let text = shelf.lines.joined()
        for personal in ["アムロジピン", "胸痛", "第一救急隊"] { XCTAssertFalse(text.contains(personal)) }
        let unrecorded = try await encounter.unrecorded
        XCTAssertEqual(unrecorded, 0)
    }

    func testARefusalEndsWithoutAnythingAsked() async throws {
        let (_, encounter) = try opened()
        try await read(into: encounter)
        try await encounter.record(.faceMatched)
        try await encounter.record(.consentRefused)
        let asked = Flag()
        let refused = await code {
            _ = try await encounter.fetch(
                .summary,
                from: Patient(answer: { _ in
                    asked.set()
                    return .nothing(reason: .down)
                }))
        }
        XCTAssertNotNil(refused)
        XCTAssertFalse(asked.isSet)
        let permit = await code { _ = try await encounter.permit(.summary) }
        XCTAssertEqual(permit, .refusalRefused)
        try await encounter.record(.endRefused)
        let wayOut = try await encounter.wayOut
        XCTAssertEqual(wayOut, .endRefused)
    }

    func testLifeProtectionEndsWhenThePatientWakes() async throws {
        let (_, encounter) = try opened()
        try await read(into: encounter)
        try await encounter.record(.faceMatched)
        try await encounter.record(.unconscious)
        _ = try await encounter.permit(.summary)
        try await encounter.record(.patientAwake)
        let until = try await encounter.permitUntil
        XCTAssertNil(until)
        let again = await code { _ = try await encounter.permit(.summary) }
        XCTAssertEqual(again, .refusalNotAsked)
        try await encounter.record(.consentByPatient)
        _ = try await encounter.permit(.summary)
        try await encounter.record(.consentWithdrawn)
        let ended = try await encounter.permitUntil
        XCTAssertNil(ended)
    }

    func testTheWrongPatientGuardForgetsWhatWasSaidOfTheFirstCard() async throws {
        let (_, encounter) = try opened()
        try await read(into: encounter)
        try await encounter.record(.faceMatched)
        try await encounter.record(.consentByPatient)
        _ = try await encounter.permit(.summary)
        let second = try await read("foreign", into: encounter)
        XCTAssertEqual(second, .secondCardAcceptable)
        let permit = await code { _ = try await encounter.permit(.summary) }
        XCTAssertEqual(permit, .refusalFaceNotChecked)
    }

    func testButtonsAreWhatIsAllowed() async throws {
        let (_, encounter) = try opened()
        let before = try await encounter.allowedEvents
        XCTAssertTrue(before.contains(.endNoCard))
        XCTAssertFalse(before.contains(.cardAcceptable))
        XCTAssertFalse(before.map(\.labelJa).contains(""))
        let notAButton = await code { try await encounter.record(.permitSummary) }
        XCTAssertEqual(notAButton, .misuseOutOfRange)
        try await encounter.record(.endNoCard)
        let after = try await encounter.allowedEvents
        XCTAssertFalse(after.contains(.faceMatched))
    }

    func testNoPermitIsInForceBeforeItsLineIsStored() async throws {
        let (shelf, encounter) = try opened()
        try await read(into: encounter)
        try await encounter.record(.faceMatched)
        try await encounter.record(.consentByPatient)
        shelf.isFull = true
        do {
            _ = try await encounter.permit(.summary)
            XCTFail("a permit without a line")
        } catch let error as LogNotStored {
            XCTAssertTrue(error.reason is Shelf.Full)
        }
        let until = try await encounter.permitUntil
        XCTAssertNil(until)
        let asked = Flag()
        let refused = await code {
            _ = try await encounter.fetch(
                .summary,
                from: Patient(answer: { _ in
                    asked.set()
                    return .nothing(reason: .down)
                }))
        }
        XCTAssertNotNil(refused)
        XCTAssertFalse(asked.isSet)
        let waiting = try await encounter.unrecorded
        XCTAssertEqual(waiting, 1)
        shelf.isFull = false
        try await encounter.store()
        let now = try await encounter.permitUntil
        XCTAssertEqual(now, moment + 3600)
    }

    func testAVoidPermitKeepsNoLaterLineFromTheLog() async throws {
        let (shelf, encounter) = try opened()
        try await read(into: encounter)
        try await encounter.record(.faceMatched)
        try await encounter.record(.consentByPatient)
        shelf.isFull = true
        let notStored = { (body: () async throws -> Void) async -> Bool in
            do { try await body() } catch { return error is LogNotStored }
            return false
        }
        let permit = await notStored { _ = try await encounter.permit(.summary) }
        let withdrawn = await notStored { try await encounter.record(.consentWithdrawn) }
        XCTAssertTrue(permit && withdrawn)
        let waiting = try await encounter.unrecorded
        XCTAssertEqual(waiting, 2)
        shelf.isFull = false
        try await encounter.store()
        let unrecorded = try await encounter.unrecorded
        XCTAssertEqual(unrecorded, 0)
        let until = try await encounter.permitUntil
        XCTAssertNil(until)
        // The same, stored by what the crew reports.
        try await encounter.record(.consentByPatient)
        shelf.isFull = true
        let again = await notStored { _ = try await encounter.permit(.summary) }
        XCTAssertTrue(again)
        shelf.isFull = false
        try await encounter.record(.consentWithdrawn)
        let end = try await encounter.unrecorded
        XCTAssertEqual(end, 0)
        XCTAssertEqual(shelf.lines.compactMap(sequenceNumber), Array(0..<shelf.lines.count))
    }

    func testALineThatIsStoredIsNeverAskedForAgain() async throws {
        let shelf = Shelf()
        let wrong = Flag()
        let log = try AuditLog(
            newFor: "tablet-01", drill: true, sealKey: .random(count: 32), store: shelf,
            now: { wrong.isSet ? Date(timeIntervalSince1970: 1e18) : moment })
        let encounter = try Encounter(log: log, crew: crew, now: { moment })
        wrong.set()
        let unconfirmed = await code { try await encounter.record(.endNoCard) }
        XCTAssertEqual(unconfirmed, .misuseOutOfRange)
        XCTAssertEqual(shelf.lines.count, 3)
        let still = await code { try await encounter.store() }
        XCTAssertEqual(still, .misuseOutOfRange)
        XCTAssertEqual(shelf.lines.count, 3)
        wrong.clear()
        // Another encounter's line comes after it.
        _ = try Encounter(log: log, crew: crew, now: { moment })
        XCTAssertEqual(shelf.lines.compactMap(sequenceNumber), [0, 1, 2, 3])
        let unrecorded = try await encounter.unrecorded
        XCTAssertEqual(unrecorded, 0)
    }

    func testAStateThatIsNotKeptLeavesThePermitInForceAndIsKeptLater() async throws {
        let (shelf, encounter) = try opened()
        try await read(into: encounter)
        try await encounter.record(.faceMatched)
        try await encounter.record(.consentByPatient)
        let before = shelf.state.withUnsafeBytes { Array($0) }
        shelf.losesState = true
        do {
            _ = try await encounter.permit(.summary)
            XCTFail("a state that is not kept")
        } catch let error as LogNotStored {
            XCTAssertTrue(error.reason is Shelf.Full)
        }
        let until = try await encounter.permitUntil
        XCTAssertNotNil(until)
        let unrecorded = try await encounter.unrecorded
        XCTAssertEqual(unrecorded, 0)
        shelf.losesState = false
        try await encounter.store()
        XCTAssertNotEqual(shelf.state.withUnsafeBytes { Array($0) }, before)
    }

    func testAStoreThatCallsItsLogBackIsRefused() throws {
        final class Back: LogStore, @unchecked Sendable {
            weak var log: AuditLog?
            var codes: [FaultCode?] = []
            func append(_ line: String) throws {
                guard let log else { return }
                do { _ = try log.checkpoint(signingKey: SecretBytes([1])) } catch let error as MynacardError {
                    codes.append(error.code)
                }
            }
            func keep(state: SecretBytes) throws {}
        }
        let store = Back()
        let log = try AuditLog(
            newFor: "tablet-01", drill: true, sealKey: .random(count: 32), store: store, now: { moment })
        store.log = log
        _ = try Encounter(log: log, crew: crew, now: { moment })
        XCTAssertEqual(store.codes, [.boundaryHandleBusy])
    }

    func testAPermitLastsNoTimeThatCannotBe() throws {
        let log = try AuditLog(
            newFor: "tablet-01", drill: true, sealKey: .random(count: 32), store: Shelf(), now: { moment })
        for seconds in [.infinity, -.infinity, .nan, -1, 0, 1e30, 6 * 3600 + 1] as [TimeInterval] {
            XCTAssertThrowsError(try Encounter(log: log, crew: crew, permitLasts: seconds)) {
                XCTAssertEqual(($0 as? MynacardError)?.code, .misuseOutOfRange, "\(seconds)")
            }
        }
        XCTAssertNoThrow(try Encounter(log: log, crew: crew, permitLasts: 0.5))
    }

    func testWhatASourceThrowsIsACodeAndWhatItHasNotIsAnEvent() async throws {
        struct Odd: Error {}
        let (_, encounter) = try opened()
        try await read(into: encounter)
        try await encounter.record(.faceMatched)
        try await encounter.record(.consentByPatient)
        _ = try await encounter.permit(.summary)
        let thrown = await code { _ = try await encounter.fetch(.summary, from: Patient { _ in throw Odd() }) }
        XCTAssertEqual(thrown, .medicalSourceFailed)
        let real = await code { _ = try await encounter.fetch(.summary, from: Patient(kind: .service)) }
        XCTAssertEqual(real, .medicalRealInDrill)
        let scope = await code { _ = try await encounter.fetch(.full, from: Patient()) }
        XCTAssertEqual(scope, .refusalOutOfScope)
        let event = try await encounter.fetch(.summary, from: Patient { _ in .nothing(reason: .noSignal) })
        XCTAssertEqual(event, .noSignal)
    }

    func testASourceThatCallsTheEncounterBackIsRefused() async throws {
        let (_, encounter) = try opened()
        try await read(into: encounter)
        try await encounter.record(.faceMatched)
        try await encounter.record(.consentByPatient)
        _ = try await encounter.permit(.summary)
        let seen = Flag()
        let back = Patient { _ in
            do { try await encounter.record(.consentWithdrawn) } catch let error as MynacardError {
                if error.code == .boundaryHandleBusy { seen.set() }
            }
            return .nothing(reason: .down)
        }
        let event = try await encounter.fetch(.summary, from: back)
        XCTAssertEqual(event, .sourceDown)
        XCTAssertTrue(seen.isSet)
    }

    func testCancellingTheTaskCancelsTheSource() async throws {
        let (_, encounter) = try opened()
        try await read(into: encounter)
        try await encounter.record(.faceMatched)
        try await encounter.record(.consentByPatient)
        _ = try await encounter.permit(.summary)
        let slow = Patient { _ in
            try await Task.sleep(nanoseconds: 60_000_000_000)
            return .nothing(reason: .down)
        }
        let task = Task { try await encounter.fetch(.summary, from: slow) }
        try await Task.sleep(nanoseconds: 20_000_000)
        task.cancel()
        let cancelled = await code { _ = try await task.value }
        XCTAssertEqual(cancelled, .medicalSourceFailed)
    }

    func testEncountersShareALogAtOnce() async throws {
        let shelf = Shelf()
        let log = try AuditLog(
            newFor: "tablet-01", drill: true, sealKey: .random(count: 32), store: shelf, now: { moment })
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    let encounter = try Encounter(log: log, crew: "crew-1", now: { moment })
                    try await encounter.record(.endNoCard)
                }
            }
            try await group.waitForAll()
        }
        XCTAssertEqual(shelf.lines.count, 17)
        let numbers = shelf.lines.compactMap(sequenceNumber)
        XCTAssertEqual(numbers, Array(0...16))
    }

    func testALogGoesOnFromItsStateAndTakesUpALineThatWasStoredAfterIt() async throws {
        let (shelf, encounter) = try opened()
        let state = shelf.state
        try await encounter.record(.endNoCard)
        let since = Array(shelf.lines.suffix(1))
        let log = try AuditLog(
            resuming: state, drill: true, storedSince: since, store: shelf, now: { moment })
        _ = try Encounter(log: log, crew: crew, now: { moment })
        XCTAssertEqual(shelf.lines.compactMap(sequenceNumber), Array(0...3))
        XCTAssertThrowsError(try AuditLog(resuming: state, drill: false, store: shelf)) {
            XCTAssertEqual(($0 as? MynacardError)?.code, .auditWrongKind)
        }
        XCTAssertThrowsError(try AuditLog(resuming: state, drill: true, storedSince: ["{}\n"], store: shelf)) {
            XCTAssertEqual(($0 as? MynacardError)?.code, .auditNotNext)
        }
        XCTAssertThrowsError(try AuditLog(resuming: SecretBytes([1, 2]), drill: true, store: shelf)) {
            XCTAssertEqual(($0 as? MynacardError)?.code, .auditBadState)
        }
    }

    func testWhatCannotBeginIsRefused() throws {
        let shelf = Shelf()
        XCTAssertThrowsError(
            try AuditLog(newFor: "tablet-01", drill: true, sealKey: SecretBytes([1]), store: shelf)
        ) {
            XCTAssertEqual(($0 as? MynacardError)?.code, .misuseOutOfRange)
        }
        XCTAssertThrowsError(
            try AuditLog(newFor: "タブレット", drill: true, sealKey: .random(count: 32), store: shelf))
        XCTAssertTrue(shelf.lines.isEmpty)
    }
}

final class Flag: @unchecked Sendable {
    private let lock = NSLock()
    private var value = false
    var isSet: Bool { lock.withLock { value } }
    func set() { lock.withLock { value = true } }
    func clear() { lock.withLock { value = false } }
}
