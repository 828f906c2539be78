import Mynacard
import MynacardReader
import XCTest

final class SlotTests: XCTestCase {
    func testASlotSaysWhyItHasNoCard() {
        let states: [(Int, LinkFailure?)] = [
            (0, .readerGone), (1, .noCard), (2, .noCard), (3, .mute), (4, nil), (9, .transport),
        ]
        for (state, failure) in states { XCTAssertEqual(LinkFailure(slotState: state), failure, "\(state)") }
    }

    func testAFailureIsReadWithTheStateOfTheSlot() {
        let failures: [(Int, Int, LinkFailure)] = [
            (-2, 1, .lost), (-2, 0, .readerGone), (-2, 3, .mute), (-2, 4, .lost), (-3, 4, .lost),
            (-4, 4, .cancelled), (-6, 4, .noCard), (-7, 4, .noCard), (-8, 4, .transport), (0, 4, .transport),
        ]
        for (code, state, failure) in failures {
            XCTAssertEqual(LinkFailure(tokenKitCode: code, slotState: state), failure, "\(code) \(state)")
        }
    }

    func testASlotThatCarriesLittleIsTakenForAShortOne() {
        XCTAssertEqual(ReaderCapabilities(maxInput: 0, maxOutput: 0), .short)
        XCTAssertEqual(ReaderCapabilities(maxInput: 65_544, maxOutput: 258), .short)
        let long = ReaderCapabilities(maxInput: 65_544, maxOutput: 65_538)
        XCTAssertTrue(long.extendedLength)
        XCTAssertEqual(long.maxCommand, 65_544)
    }
}
