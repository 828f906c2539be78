import Foundation
import Mynacard
import MynacardRaw
import XCTest

/// The replay kit: every recording gives here what it gave when it was made.
final class ReplayTests: XCTestCase {
    func testTheHashOfTheTestsIsSHA256() {
        XCTAssertEqual(
            sha256("abc".utf8), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        XCTAssertEqual(
            sha256(Array(repeating: UInt8(ascii: "a"), count: 1_000)),
            "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3")
    }

    func testEveryReadingGivesTheSameValuesErrorsAndCodes() async throws {
        let names = try recordings("readings")
        XCTAssertGreaterThan(names.count, 60)
        for name in names {
            let player = try ReadingPlayer(name)
            _ = try await player.play()
            XCTAssertEqual(player.complaints, [], name)
        }
        print("\(names.count) readings of the replay kit played")
    }

    func testEveryEncounterGivesTheSameLinesReportsAndCodes() async throws {
        let names = try recordings("encounters")
        XCTAssertGreaterThan(names.count, 20)
        for name in names {
            let player = try EncounterPlayer(name)
            for line in player.lines {
                let then = try await player.call(line)
                XCTAssertEqual(JSON.differences(then, line["then"]), [], "\(name) at \(line["at"])")
            }
        }
        print("\(names.count) encounters of the replay kit played")
    }

    func testARecordingThatSaysOtherwiseIsNoticed() async throws {
        let player = try ReadingPlayer("readings/adult.jsonl") { line in
            guard case .text(let command) = line["command"] else { return line }
            return ["command": JSON(command), "response": "6a82"]
        }
        _ = try await player.play()
        XCTAssertFalse(player.complaints.isEmpty)
    }
}
