import Foundation
import MynacardRaw
import XCTest

@testable import Mynacard

final class SecretTests: XCTestCase {
    func testBytesAreOverwrittenAndNeverShown() {
        let secret = SecretBytes("60050320354819".utf8)
        XCTAssertEqual("\(secret)", "SecretBytes(14)")
        XCTAssertTrue(Mirror(reflecting: secret).children.isEmpty)
        let room = secret.withUnsafeBytes { $0 }
        XCTAssertEqual(room.first, UInt8(ascii: "6"))
        secret.wipe()
        XCTAssertTrue(room.allSatisfy { $0 == 0 })
        XCTAssertEqual(secret.count, 0)
    }

    func testAKeyPadFillsItAndNeverMovesIt() {
        let secret = SecretBytes(capacity: 2)
        XCTAssertTrue(secret.append(1))
        let address = secret.withUnsafeBytes { $0.baseAddress }
        XCTAssertTrue(secret.append(2))
        XCTAssertFalse(secret.append(3))
        XCTAssertEqual(secret.withUnsafeBytes { $0.baseAddress }, address)
        secret.removeLast()
        XCTAssertEqual(secret.withUnsafeBytes { Array($0) }, [1])
        secret.removeLast()
        secret.removeLast()
        XCTAssertEqual(secret.count, 0)
    }

    func testOneObjectMayBeLentAsTwoParts() {
        let digits = SecretBytes("4819".utf8)
        XCTAssertThrowsError(
            try VerificationNumberB(birthDate: digits, expiry: digits, securityCode: digits)
        ) { XCTAssertTrue($0 is MynacardError) }
    }

    func testFindingsOfTheCrewAreNotShown() {
        let notes = CrewNotes(
            unit: "U", complaint: "胸痛", consciousness: "JCS 2", systolic: 199, diastolic: nil, pulse: nil, breaths: nil,
            oxygen: nil, temperatureTenths: nil)
        var dumped = ""
        dump(notes, to: &dumped)
        for shown in ["\(notes)", String(reflecting: notes), "\([notes])", dumped] {
            for finding in ["胸痛", "JCS", "199"] { XCTAssertFalse(shown.contains(finding), shown) }
        }
    }

    func testANumberShowsNothing() throws {
        let number = try VerificationNumberB(digits: SecretBytes("60050320354819".utf8))
        var dumped = ""
        dump(number, to: &dumped)
        XCTAssertFalse(dumped.contains("6005") || "\(number)".contains("6005"))
        XCTAssertTrue(Mirror(reflecting: number).children.isEmpty)
    }

    func testACommandIsWipedOnceItWasTakenOut() {
        let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 64, alignment: 1)
        defer { room.deallocate() }
        room.initializeMemory(as: UInt8.self, repeating: 0x2A)
        var action = Action.transmit(
            command: Data(bytesNoCopy: room.baseAddress!, count: 64, deallocator: .none))
        var command = action.takeCommand()
        guard case .done = action else { return XCTFail("the action still has the command") }
        command.wipe()
        XCTAssertTrue(room.allSatisfy { $0 == 0 })
        XCTAssertTrue(command.isEmpty)
    }

    func testEveryCodeOfTheTableHasAnActorAndAdvice() {
        for code in FaultCode.allCases {
            let error = MynacardError(code)
            XCTAssertEqual(error.code, code)
            XCTAssertFalse(error.fault.adviceJa.isEmpty || error.fault.adviceEn.isEmpty)
            XCTAssertTrue(error.description.hasPrefix("\(code.rawValue): "))
        }
        let unknown = MynacardError(Fault(number: 65_000))
        XCTAssertNil(unknown.code)
        XCTAssertTrue(unknown.fault.adviceJa.contains("65000"))
    }

    func testEveryEventHasTheNameThatTheLibraryWrites() {
        for event in EncounterEvent.allCases {
            XCTAssertEqual(eventName(event: event.rawValue), event.logName)
            XCTAssertEqual(eventLabelJa(event: event.rawValue), event.labelJa)
        }
    }
}
