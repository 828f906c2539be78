import Foundation
@testable import Mynacard
import MynacardRaw
import XCTest

/// Plays an encounter call by call, below the actor, which stores what it makes at once: a recording also stores late.
final class EncounterPlayer {
    let lines: [JSON]
    private let log: MynacardRaw.AuditLog
    private let encounter: MynacardRaw.Encounter
    private let crew: String
    private let drill: Bool
    // Of the lines that were handed out, in their order, by which a recording names them.
    private var tickets: [UInt64] = []

    init(_ name: String) throws {
        let all = try recording(name)
        let header = try XCTUnwrap(all.first)
        XCTAssertEqual(header["replay"], .int(2))
        lines = Array(all.dropFirst())
        crew = try XCTUnwrap(header["crew"].text)
        drill = try XCTUnwrap(header["drill"].bool)
        let at = UInt64(try XCTUnwrap(header["at"].int))
        log = try MynacardRaw.AuditLog.create(
            start: LogStart(
                drill: drill, id: XCTUnwrap(header["log_id"].bytes), sealKey: XCTUnwrap(header["seal_key"].bytes),
                device: XCTUnwrap(header["device"].text)), nowUnixMillis: at)
        encounter = try MynacardRaw.Encounter.open(
            start: EncounterStart(
                drill: drill, id: XCTUnwrap(header["encounter_id"].bytes), salt: XCTUnwrap(header["salt"].bytes),
                permitMillis: UInt64(XCTUnwrap(header["permit_millis"].int)), crew: crew), nowUnixMillis: at)
    }

    /// Makes the call of a line; gives what comes of it, in the form of the line's `then`.
    func call(_ line: JSON) async throws -> JSON {
        let at = UInt64(try XCTUnwrap(line["at"].int))
        var then: [String: JSON] = [:]
        func tell(_ line: PendingLine) {
            tickets.append(line.ticket)
            then["text"] = JSON(line.text)
        }
        do {
            switch try XCTUnwrap(line["do"].text) {
            case "store":
                guard let pending = try log.nextLine(encounter: encounter) else { return absent }
                tell(pending)
                then["confirmed"] = confirm(encounter, pending.ticket, at)
            case "line":
                guard let pending = try log.nextLine(encounter: encounter) else { return absent }
                tell(pending)
            case "confirm":
                let maker = line["own"] == .bool(true) ? nil : encounter
                try log.confirm(encounter: maker, ticket: ticket(line), nowUnixMillis: at)
            case "discard":
                try log.discard(ticket: ticket(line))
            case "checkpoint":
                let pending = try log.checkpoint(pkcs8: XCTUnwrap(line["pkcs8"].bytes), nowUnixMillis: at)
                tell(pending)
                then["confirmed"] = confirm(nil, pending.ticket, at)
            case "state":
                then["state"] = JSON(try log.state().map { String(format: "%02x", $0) }.joined())
            case "tap":
                let player = try ReadingPlayer("readings/\(XCTUnwrap(line["reading"].text)).jsonl")
                let played = try await player.play()
                let reading = try XCTUnwrap(played)
                XCTAssertEqual(player.complaints, [])
                then["event"] = JSON(
                    try encounter.cardRead(
                        reading: reading.raw, sameCard: sameCard(line), crew: crew, nowUnixMillis: at))
            case "record":
                try encounter.record(
                    event: UInt16(XCTUnwrap(line["event"].int)), crew: crew, nowUnixMillis: at)
            case "allowed":
                then["events"] = .array(try encounter.allowedEvents(nowUnixMillis: at).map { JSON($0) })
            case "may-permit":
                if let code = try encounter.permitRefusal(nowUnixMillis: at) { return ["code": JSON(code)] }
            case "permit":
                try encounter.requestPermit(scope: scope(line), crew: crew, nowUnixMillis: at)
            case "permit-until":
                guard let until = try encounter.permitUntil(nowUnixMillis: at) else { return absent }
                then["until"] = JSON(until)
            case "fetch":
                let source = RecordedSource(line["answer"].text, after: UInt64(line["after"].int ?? 0))
                defer { then["asked"] = .bool(source.asked) }
                let event = try encounter.fetch(
                    scope: scope(line), kind: .synthetic, source: source, crew: crew, nowUnixMillis: at)
                then["event"] = JSON(event ?? 0)
            case "crew-facts":
                try encounter.noteCrewFacts(notes: notes(line["facts"]))
            case "handover":
                let form: [HandoverForm] = [.script, .page, .json]
                let text = try encounter.handover(
                    form: form[XCTUnwrap(line["form"].int) - 1], nowUnixMillis: at)
                then["text"] = JSON(text)
            case "way-out":
                guard let event = try encounter.wayOut() else { return absent }
                then["event"] = JSON(event)
            case let unknown:
                XCTFail("a call that this player does not know: \(unknown)")
            }
            then["code"] = JSON(0)
        } catch MynacardFault.Failed(let code) {
            then["code"] = JSON(code)
        }
        return .object(then)
    }

    private var absent: JSON { ["code": JSON(FaultCode.boundaryAbsent.rawValue)] }

    private func confirm(_ encounter: MynacardRaw.Encounter?, _ ticket: UInt64, _ at: UInt64) -> JSON {
        do {
            try log.confirm(encounter: encounter, ticket: ticket, nowUnixMillis: at)
            return JSON(0)
        } catch MynacardFault.Failed(let code) {
            return JSON(code)
        } catch {
            return .null
        }
    }

    /// The ticket of the line that a recording means; 0, which no line has, for one that was not handed out.
    private func ticket(_ line: JSON) throws -> UInt64 {
        let index = try XCTUnwrap(line["line"].int)
        return tickets.indices.contains(index) ? tickets[index] : 0
    }

    private func scope(_ line: JSON) -> Mynacard.ViewScope { line["scope"] == .int(1) ? .summary : .full }

    private func sameCard(_ line: JSON) throws -> Mynacard.SameCard {
        switch line["same_card"] {
        case .int(0), .null: .chipsTell
        case .int(1): .crewSaysSame
        case .int(2): .crewSaysOther
        default: throw MynacardFault.Failed(code: 0)
        }
    }

    private func notes(_ facts: JSON) -> CrewNotes {
        CrewNotes(
            unit: facts["unit"].text ?? "", complaint: facts["complaint"].text ?? "",
            consciousness: facts["consciousness"].text ?? "", systolic: facts["systolic"].int.map(UInt16.init),
            diastolic: facts["diastolic"].int.map(UInt16.init), pulse: facts["pulse"].int.map(UInt16.init),
            breaths: facts["breaths"].int.map(UInt16.init), oxygen: facts["oxygen"].int.map(UInt8.init),
            temperatureTenths: facts["temperature_tenths"].int.map(UInt16.init))
    }

}

/// A source that gives a recorded answer, or fails.
private final class RecordedSource: MynacardRaw.MedicalSource, @unchecked Sendable {
    private let answer: String?
    private let after: UInt64
    private(set) var asked = false

    init(_ answer: String?, after: UInt64) { (self.answer, self.after) = (answer, after) }

    func ask(query: MynacardRaw.MedicalQuery) throws -> TimedAnswer {
        asked = true
        guard let answer else { throw SourceFailure.Failed }
        return TimedAnswer(
            answer: .patientFile(json: Data(answer.utf8)), unixMillis: query.unixMillis + after)
    }
}
