import Foundation
import MynacardRaw
import MynacardSim
import XCTest

@testable import Mynacard

/// Below the package: a line is confirmed by its own ticket, and by nothing else that a host could have at hand.
final class TicketTests: XCTestCase {
    private let at = moment.unixMillis

    private func log(_ number: UInt8) throws -> MynacardRaw.AuditLog {
        let start = LogStart(
            drill: true, id: Data(repeating: number, count: 16), sealKey: Data(repeating: 7, count: 32),
            device: "tablet-01")
        let log = try MynacardRaw.AuditLog.create(start: start, nowUnixMillis: at)
        try log.confirm(encounter: nil, ticket: next(log).ticket, nowUnixMillis: at)
        return log
    }

    private func encounter(_ number: UInt8) throws -> MynacardRaw.Encounter {
        let start = EncounterStart(
            drill: true, id: Data(repeating: number, count: 16), salt: Data(repeating: number, count: 32),
            permitMillis: nil, crew: "crew-1")
        return try MynacardRaw.Encounter.open(start: start, nowUnixMillis: at)
    }

    private func next(
        _ log: MynacardRaw.AuditLog, _ encounter: MynacardRaw.Encounter? = nil
    ) throws -> PendingLine {
        try XCTUnwrap(log.nextLine(encounter: encounter))
    }

    /// Stores everything; gives the lines.
    @discardableResult
    private func store(_ log: MynacardRaw.AuditLog, _ encounter: MynacardRaw.Encounter?) throws -> [String] {
        var stored: [String] = []
        while let line = try log.nextLine(encounter: encounter) {
            stored.append(line.text)
            try log.confirm(encounter: encounter, ticket: line.ticket, nowUnixMillis: at)
        }
        return stored
    }

    private func refusal(_ body: () throws -> Void) -> FaultCode? {
        do {
            try body()
            return nil
        } catch MynacardFault.Failed(let code) {
            return FaultCode(rawValue: code)
        } catch {
            XCTFail("\(type(of: error))")
            return nil
        }
    }

    private func refusesBoth(_ log: MynacardRaw.AuditLog, _ encounter: MynacardRaw.Encounter?, _ ticket: UInt64) {
        let confirmed = refusal { try log.confirm(encounter: encounter, ticket: ticket, nowUnixMillis: at) }
        XCTAssertEqual(confirmed, .auditNotPending)
        XCTAssertEqual(refusal { try log.discard(ticket: ticket) }, .auditNotPending)
    }

    func testATicketThatWasDiscardedConfirmsNothingEverAgain() throws {
        let (log, encounter) = (try log(1), try encounter(1))
        var discarded: [UInt64] = []
        var text: String?
        for _ in 0..<3 {
            let line = try next(log, encounter)
            XCTAssertEqual(text ?? line.text, line.text, "the log has not moved")
            text = line.text
            XCTAssertEqual(try log.pending(), line)
            for old in discarded { refusesBoth(log, encounter, old) }
            try log.discard(ticket: line.ticket)
            refusesBoth(log, encounter, line.ticket)
            discarded.append(line.ticket)
        }
        let line = try next(log, encounter)
        try log.confirm(encounter: encounter, ticket: line.ticket, nowUnixMillis: at)
        refusesBoth(log, encounter, line.ticket)
        XCTAssertEqual(Set(discarded + [line.ticket]).count, 4)
        XCTAssertEqual(try encounter.unrecorded(), 0)
    }

    func testATicketOfAnotherLogConfirmsNothing() throws {
        let (one, two) = (try log(1), try log(2))
        let (here, there) = (try encounter(1), try encounter(2))
        let line = try next(one, here)
        refusesBoth(two, nil, line.ticket)
        // Also while it has a line at the same place.
        let other = try next(two, there)
        refusesBoth(two, there, line.ticket)
        refusesBoth(one, here, other.ticket)
        // An entry that lies in one log is not stored in another.
        try two.confirm(encounter: there, ticket: other.ticket, nowUnixMillis: at)
        XCTAssertEqual(refusal { _ = try two.nextLine(encounter: here) }, .auditOtherLog)
        try one.confirm(encounter: here, ticket: line.ticket, nowUnixMillis: at)
        XCTAssertNil(try two.nextLine(encounter: here))
    }

    func testTwoEncountersOnOneLogWaitForEachOther() throws {
        let log = try log(1)
        let (one, two) = (try encounter(1), try encounter(2))
        let line = try next(log, one)
        XCTAssertEqual(refusal { _ = try log.nextLine(encounter: two) }, .auditLinePending)
        XCTAssertEqual(refusal { _ = try log.nextLine(encounter: one) }, .auditLinePending)
        XCTAssertEqual(refusal { _ = try log.nextLine(encounter: nil) }, .auditLinePending)
        for stranger in [two, nil] {
            let confirmed = refusal { try log.confirm(encounter: stranger, ticket: line.ticket, nowUnixMillis: at) }
            XCTAssertEqual(confirmed, .auditNotPending, "another encounter made it")
        }
        try log.confirm(encounter: one, ticket: line.ticket, nowUnixMillis: at)
        XCTAssertEqual(try store(log, two).count, 1)
        XCTAssertEqual(try one.unrecorded() + two.unrecorded(), 0)
    }

    func testWhatADroppedEncounterHasLeftIsHandedOutNext() throws {
        for storedBefore in 0..<3 {
            let log = try log(1)
            let left = try leave(on: log, storing: storedBefore)
            XCTAssertEqual(left.count, 3 - storedBefore)
            let another = try encounter(2)
            let stored = try store(log, another)
            XCTAssertEqual(Array(stored.dropLast()), left, "before those of the next one, as they were")
            XCTAssertTrue(try XCTUnwrap(stored.last).contains("encounter-opened"))
        }
    }

    /// An encounter of three lines that is let go after some of them were stored. Gives the texts of the others as they will
    /// be, from a twin of log and encounter.
    private func leave(on log: MynacardRaw.AuditLog, storing count: Int) throws -> [String] {
        let events = [EncounterEvent.noSignal, .endNoSignal].map(\.rawValue)
        let (twin, kept) = (try self.log(1), try encounter(1))
        let left = try encounter(1)
        for event in events {
            for encounter in [kept, left] { try encounter.record(event: event, crew: "crew-1", nowUnixMillis: at) }
        }
        for _ in 0..<count {
            try log.confirm(encounter: left, ticket: next(log, left).ticket, nowUnixMillis: at)
        }
        // The log knows what waits from the first line on that it was asked for.
        try log.discard(ticket: next(log, left).ticket)
        return Array(try store(twin, kept).dropFirst(count))
    }

    func testALineWhoseEncounterWentAwayWhileItWasStoredIsConfirmedWithoutIt() throws {
        let log = try log(1)
        let ticket = try { try next(log, encounter(1)).ticket }()
        try log.confirm(encounter: nil, ticket: ticket, nowUnixMillis: at)
        XCTAssertNil(try log.nextLine(encounter: nil))
    }

    func testAStoredLineReleasesOnePermitAlsoOfEncountersThatLookTheSame() async throws {
        let (log, otherLog) = (try log(1), try log(1))
        let (one, twin) = (try await ready(log), try await ready(otherLog))
        let line = try next(log, one)
        refusesTwin(log, twin, line.ticket)
        try log.confirm(encounter: one, ticket: line.ticket, nowUnixMillis: at)
        XCTAssertNotNil(try one.permitUntil(nowUnixMillis: at))
        refusesTwin(log, twin, line.ticket)
    }

    private func refusesTwin(_ log: MynacardRaw.AuditLog, _ twin: MynacardRaw.Encounter, _ ticket: UInt64) {
        let confirmed = refusal { try log.confirm(encounter: twin, ticket: ticket, nowUnixMillis: at) }
        XCTAssertEqual(confirmed, .auditNotPending)
        XCTAssertNil(try twin.permitUntil(nowUnixMillis: at))
    }

    /// An encounter whose permit's line is the only one that is not stored.
    private func ready(_ log: MynacardRaw.AuditLog) async throws -> MynacardRaw.Encounter {
        let encounter = try encounter(1)
        let card = try card()
        let reading = try await MyNumberCard(over: card).read(with: number(of: card))
        try reading.examine(against: .ofVirtualCards(), clock: .trusted(moment))
        _ = try encounter.cardRead(
            reading: reading.raw, sameCard: .chipsTell, crew: "crew-1", nowUnixMillis: at)
        for event in [EncounterEvent.faceMatched, .consentByPatient] {
            try encounter.record(event: event.rawValue, crew: "crew-1", nowUnixMillis: at)
        }
        try store(log, encounter)
        try encounter.requestPermit(scope: .summary, crew: "crew-1", nowUnixMillis: at)
        return encounter
    }
}
