import Foundation
import Mynacard
import XCTest

/// Plays one card being read, as its driver's other side.
final class ReadingPlayer: CardTransport, @unchecked Sendable {
    let capabilities: ReaderCapabilities
    private let header: JSON
    private let lines: [JSON]
    private let lock = NSLock()
    private var at = 0
    private var counts = (exchanges: 0, sent: 0, received: 0)
    private var found: [String] = []

    init(_ name: String, changing: (JSON) -> JSON = { $0 }) throws {
        let all = try recording(name)
        header = try XCTUnwrap(all.first)
        XCTAssertEqual(header["replay"], .int(2))
        lines = all.dropFirst().map(changing)
        let carried = header["capabilities"]
        capabilities = ReaderCapabilities(
            maxCommand: UInt32(try XCTUnwrap(carried["max_command"].int)),
            maxResponse: UInt32(try XCTUnwrap(carried["max_response"].int)),
            extendedLength: try XCTUnwrap(carried["extended_length"].bool))
    }

    /// What was otherwise than recorded.
    var complaints: [String] { lock.withLock { found } }

    private func complain(_ what: String) { lock.withLock { found.append("line \(at + 2): \(what)") } }

    /// The next line; null after the last one. What only asks shows no progress here: those lines are left out.
    private func next() -> JSON {
        lock.withLock {
            while header["flow"] != "read", at < lines.count, !lines[at]["progress"].isNull { at += 1 }
            defer { at += 1 }
            return at < lines.count ? lines[at] : .null
        }
    }

    func transmit(_ command: Data) async throws -> Data {
        let line = next()
        if line["command"].bytes != command { complain("another command") }
        let answer = line["response"].bytes
        lock.withLock {
            counts.exchanges += 1
            counts.sent += command.count
            counts.received += answer?.count ?? 0
        }
        if let answer { return answer }
        let code = line["link"].int
        throw LinkFailure.allCases.first { Int($0.code.rawValue) == code } ?? LinkFailure.transport
    }

    private func told(_ event: ReadingEvent) {
        let line = next()
        switch event {
        case .progress(let progress):
            let told: [JSON] = [
                JSON(number(of: progress.phase)), JSON(progress.bytesDone), JSON(progress.bytesExpected),
            ]
            if line["progress"] != .array(told) { complain("another progress") }
        case .face:
            if line["face"] != .bool(true) { complain("a face") }
        case .finished:
            complain("an end by the way")
        }
    }

    /// Plays it to its end and compares; gives the reading and what its header says about trust.
    func play() async throws -> CardReading? {
        let card = MyNumberCard(over: self)
        let tell: @Sendable (ReadingEvent) -> Void = { self.told($0) }
        var expect: [String: JSON] = [:]
        switch header["flow"].text {
        case "identify":
            do throws(MynacardError) {
                let found = try await card.identify()
                expect["token"] = [
                    "code": JSON(0), "kind": JSON(number(of: found.kind)),
                    "residence_permit": .bool(found.residencePermit), "driving_licence": .bool(found.drivingLicence),
                ]
            } catch {
                expect["token"] = ["code": JSON(error.fault.number)]
            }
        case "tries":
            expect["tries"] = try await described(card.allTries())
        case "facts":
            expect["facts"] = try await described(card.facts())
        default:
            let number = try VerificationNumberB(digits: SecretBytes(XCTUnwrap(header["number"].text).utf8))
            let nonce = header["plan"]["nonce"].bytes
            var reading = try await card.read(plan(nonce), with: number, onEvent: tell)
            try compare(reading, resumed: nil)
            while case let resume = lock.withLock({ at < lines.count ? lines[at]["resume"] : .null }), !resume.isNull {
                _ = next()
                // A new tap.
                cardWasReset()
                var resumed: JSON?
                do throws(MynacardError) {
                    let outcome = try await card.resume(
                        reading, plan(resume["nonce"].bytes), with: number, onEvent: tell)
                    reading = outcome.reading
                    resumed = JSON(outcome.stopped?.fault.number ?? 0)
                    if resume["refused"] != JSON(0) { complain("not refused") }
                } catch {
                    if resume["refused"] != JSON(error.fault.number) { complain("\(error)") }
                }
                try compare(reading, resumed: resumed)
            }
            if lock.withLock({ at }) != lines.count { complain("more or fewer lines") }
            return reading
        }
        expect["statistics"] = [
            "exchanges": JSON(counts.exchanges), "bytes_sent": JSON(counts.sent),
            "bytes_received": JSON(counts.received),
        ]
        compare(expect)
        if lock.withLock({ at }) != lines.count { complain("more or fewer lines") }
        return nil
    }

    /// Compares what there is after a tap.
    private func compare(_ reading: CardReading, resumed: JSON?) throws {
        let report = try reading.examine(against: roots(), clock: clock())
        let statistics = try reading.statistics
        var expect: [String: JSON] = [
            "reading": try described(reading, report),
            "statistics": [
                "exchanges": JSON(statistics.exchanges), "bytes_sent": JSON(statistics.bytesSent),
                "bytes_received": JSON(statistics.bytesReceived),
            ],
        ]
        if let resumed { expect["resumed"] = resumed }
        compare(expect)
    }

    private func compare(_ found: [String: JSON]) {
        let recorded = next()["expect"].withoutWhatAParserFinds
        JSON.differences(.object(found), recorded).forEach(complain)
    }

    private func plan(_ nonce: Data?) -> ReadingPlan {
        var plan = ReadingPlan.everything
        let parts = header["plan"]["parts"].int ?? 0
        plan.face = parts & 1 != 0
        plan.attributes = parts & 2 != 0
        plan.certificate = parts & 4 != 0
        plan.proof = parts & 8 != 0
        plan.withoutTextProof = header["plan"]["without_text_proof"].bool ?? true
        plan.allowLastTries = header["plan"]["allow_last_tries"].bool ?? true
        plan.faceFloor = UInt8(header["plan"]["face_floor"].int ?? 255)
        plan.textFloor = UInt8(header["plan"]["text_floor"].int ?? 255)
        plan.challenge = nonce.map { .given($0) } ?? .none
        return plan
    }

    private func roots() throws -> TrustRoots {
        if header["roots"] == "production" { return .production }
        return try TrustRoots(
            json: Data(contentsOf: kit.appendingPathComponent(XCTUnwrap(header["roots"].text))))
    }

    private func clock() -> Mynacard.HostClock {
        let at = Date(timeIntervalSince1970: Double(header["clock"]["unix_millis"].int ?? 0) / 1000)
        return switch header["clock"]["kind"].int {
        case 1: .trusted(at)
        case 2: .untrusted(at)
        default: .unknown
        }
    }
}
