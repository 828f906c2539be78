import Foundation
import MynacardRaw
import XCTest

/// Below the package: what UniFFI makes holds against callbacks that misbehave.
final class RawTests: XCTestCase {
    private func driver(_ card: SimCard) throws -> Driver {
        let number = try NumberB.fromDigits(digits: card.numberB())
        return try Driver.read(link: card.link(), number: number, plan: planAll())
    }

    private func code(_ body: () throws -> Void) -> UInt16? {
        do {
            try body()
            return nil
        } catch MynacardFault.Failed(let code) {
            return code
        } catch {
            XCTFail("\(type(of: error))")
            return nil
        }
    }

    func testATransportThatThrowsWhatItDidNotDeclareIsALinkFault() throws {
        struct Odd: Error {}
        let card = try SimCard.ofProfile(name: "adult")
        let driver = try driver(card)
        let transport = Callback { _ in throw Odd() }
        try driver.run(transport: transport, listener: nil)
        XCTAssertEqual(try driver.reading().status(part: .face), 1010)
        XCTAssertEqual(transport.calls, 1)
    }

    func testATransportThatComesBackIsRefusedAndTheReadingGoesOn() throws {
        let card = try SimCard.ofProfile(name: "adult")
        let driver = try driver(card)
        let transport = Callback { command in
            for body in [{ _ = try driver.start() }, { _ = try driver.proceed() }, { _ = try driver.reading() }] {
                XCTAssertEqual(self.code(body), 9104)
            }
            return card.transmit(command: command)
        }
        try driver.run(transport: transport, listener: nil)
        XCTAssertNil(try driver.reading().status(part: .attributes))
        XCTAssertEqual(card.presentations(), 2)
    }

    func testCancellingInsideACallbackSendsNothingMore() throws {
        let card = try SimCard.ofProfile(name: "adult")
        let driver = try driver(card)
        let transport = Callback { command in
            driver.cancel()
            return card.transmit(command: command)
        }
        try driver.run(transport: transport, listener: nil)
        XCTAssertEqual(transport.calls, 1)
        XCTAssertEqual(try driver.reading().status(part: .face), 1011)
    }

    func testStepsInTheWrongOrderAndAfterTheEndAreRefused() throws {
        let card = try SimCard.ofProfile(name: "adult")
        let driver = try driver(card)
        XCTAssertEqual(code { _ = try driver.respond(response: Data([0x90, 0])) }, 9001)
        XCTAssertEqual(code { _ = try driver.reading() }, 9108)
        XCTAssertEqual(code { _ = try driver.linkLost(code: 1) }, 9006)
        _ = try driver.start()
        XCTAssertEqual(code { _ = try driver.start() }, 9001)
        var action = try driver.linkLost(code: 1001)
        while case .progress = action { action = try driver.proceed() }
        guard case .done = action else { return XCTFail("the link was lost") }
        XCTAssertEqual(code { _ = try driver.respond(response: Data([0x90, 0])) }, 9002)
        XCTAssertEqual(code { _ = try driver.token() }, 9103)
        _ = try driver.reading()
        XCTAssertEqual(code { _ = try driver.reading() }, 9108)
        XCTAssertEqual(card.presentations(), 0)
    }

    func testTwoStepsAtOnceNeverBothPass() async throws {
        let card = try SimCard.ofProfile(name: "adult")
        let driver = try driver(card)
        let began = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<16 { group.addTask { (try? driver.start()) != nil } }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        XCTAssertEqual(began, 1)
    }
}

private final class Callback: CardTransport, @unchecked Sendable {
    private let body: (Data) throws -> Data
    private(set) var calls = 0

    init(_ body: @escaping (Data) throws -> Data) { self.body = body }

    func transmit(command: Data) throws -> Data {
        calls += 1
        return try body(command)
    }
}
