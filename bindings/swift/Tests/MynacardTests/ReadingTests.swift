import Foundation
import Mynacard
import MynacardSim
import XCTest

final class ReadingTests: XCTestCase {
    func testAWholeReadingGivesEverythingAndAVerdict() async throws {
        let card = try card()
        let reading = try await MyNumberCard(over: card).read(with: number(of: card))
        for part in [ReadingPart.face, .attributes, .certificate, .proof] {
            XCTAssertNil(try reading.failure(of: part))
            XCTAssertEqual(try reading.logLine(for: part), "")
        }
        XCTAssertFalse(try XCTUnwrap(reading.attributes.name).isEmpty)
        XCTAssertEqual(try reading.attributes.notUnderstood, [])
        XCTAssertEqual(try reading.attributes.birthDate, try reading.face.birthDate)
        XCTAssertEqual(try reading.verification(of: .face)?.outcome, .accepted)
        XCTAssertEqual(try reading.triesSpent, 0)
        let report = try reading.examine(against: .ofVirtualCards(), clock: .trusted(moment))
        XCTAssertEqual(report.verdict, .genuineLive)
        XCTAssertNil(report.notLive)
        XCTAssertEqual(report.authenticity(of: .photo).status, .genuine)
        XCTAssertEqual(report.authenticity(of: .expiry).status, .unsigned)
        XCTAssertEqual(card.presentations, 2)
    }

    func testTheSequenceShowsProgressThenTheFaceThenTheEnd() async throws {
        let card = try card()
        var steps: [String] = []
        for try await event in MyNumberCard(over: card).events(with: try number(of: card)) {
            switch event {
            case .progress(let progress):
                XCTAssertFalse(progress.phase.adviceJa.isEmpty)
                if steps.last != "progress" { steps.append("progress") }
            case .face(let face):
                XCTAssertTrue(face.has(.photo))
                steps.append("face")
            case .finished(let reading):
                XCTAssertNil(try reading.failure(of: .attributes))
                steps.append("finished")
            }
        }
        XCTAssertEqual(steps, ["progress", "face", "progress", "finished"])
    }

    func testPixelsAreReadInPlace() async throws {
        let card = try card()
        let reading = try await MyNumberCard(over: card).read(.faceOnly, with: number(of: card))
        let photo = try reading.face.pixels(of: .photo)
        let first = photo.withUnsafeBytes { $0 }
        XCTAssertEqual(first.count, photo.width * photo.height * photo.bytesPerPixel)
        // The same memory each time: nothing was copied.
        XCTAssertEqual(photo.withUnsafeBytes { $0.baseAddress }, first.baseAddress)
        XCTAssertGreaterThan(photo.withUnsafeBytes { Set($0).count }, 8)
        XCTAssertEqual(Array(try photo.png().prefix(4)), [0x89, 0x50, 0x4E, 0x47])
        XCTAssertEqual(Array(try reading.face.file(of: .photo).prefix(8).suffix(4)), Array("jP  ".utf8))
        let code = await code { _ = try reading.attributes }
        XCTAssertEqual(code, .boundaryAbsent)
    }

    func testAChildHasNoPhotoAndAnErrorSaysSo() async throws {
        let card = try card("child")
        let reading = try await MyNumberCard(over: card).read(with: number(of: card))
        XCTAssertFalse(try reading.face.has(.photo))
        XCTAssertThrowsError(try reading.face.pixels(of: .photo)) {
            XCTAssertEqual(($0 as? MynacardError)?.code, .boundaryAbsent)
        }
    }

    func testAValueThatIsNotUnderstoodIsNilSaysWhatTheChipHasAndCostsNoOther() async throws {
        let card = try card()
        // Values of ISO 7816-4 objects: birth dates without a day, sex code 3, no expiry.
        let altered = Altered(
            card, (Data("19850503".utf8), Data("19850500".utf8)), (Data("20350503".utf8), Data("        ".utf8)),
            (Data([0xDF, 0x23, 0x01, 0x31]), Data([0xDF, 0x23, 0x01, 0x33])),
            (Data([0xDF, 0x25, 0x01, 0x31]), Data([0xDF, 0x25, 0x01, 0x33])))
        let reading = try await MyNumberCard(over: altered).read(with: number(of: card))
        let (face, attributes) = (try reading.face, try reading.attributes)
        XCTAssertNil(face.birthDate)
        XCTAssertNil(face.sex)
        XCTAssertNil(face.expiry)
        XCTAssertNil(attributes.birthDate)
        XCTAssertNil(attributes.sex)
        XCTAssertEqual(attributes.name, "救急　太郎")
        XCTAssertNotNil(attributes.address)
        XCTAssertNoThrow(try face.pixels(of: .photo))
        let said = [
            "face/DF22 birth date: 19850500", "face/DF23 sex: 3", "face/DF29 expiry:         ",
            "text/DF24 birth date: 19850500", "text/DF25 sex: 3",
        ]
        let others = face.notUnderstood + attributes.notUnderstood
        XCTAssertEqual(others.map { "\($0.item): \($0.shown)" }, said)
        XCTAssertEqual(others[0].why.code, .malformedBadDate)
        XCTAssertEqual(others[0].ja, "不詳(カードの記載 19850500)")
        // What the chip has is personal.
        XCTAssertFalse("\(others) \(attributes)".contains("1985"))
        XCTAssertTrue(Mirror(reflecting: others[0]).children.isEmpty)
    }

    func testWithoutANumberACardTellsWhatItIs() async throws {
        let card = try card()
        let token = try await MyNumberCard(over: card).identify()
        XCTAssertEqual(token, Identified(kind: .card, residencePermit: false, drivingLicence: false))
        let tries = try await MyNumberCard(over: card).allTries()
        XCTAssertEqual(tries.faceB.left, 10)
        let facts = try await MyNumberCard(over: card).facts()
        XCTAssertNotNil(facts.expiry)
        XCTAssertEqual(card.presentations, 0)
    }

    func testAWrongNumberSpendsOneTryIsAValueAndEndsTheUseOfTheNumber() async throws {
        let card = try card()
        let reading = try await MyNumberCard(over: card).read(with: wrongNumber())
        let verification = try XCTUnwrap(reading.verification(of: .face))
        XCTAssertEqual(verification.outcome, .rejected)
        XCTAssertEqual(verification.spent, 1)
        XCTAssertEqual(verification.leftBefore.map { $0 - 1 }, verification.left)
        XCTAssertEqual(try reading.failure(of: .face)?.code, .credentialRejected)
        XCTAssertEqual(try reading.triesSpent, 1)
        XCTAssertEqual(card.presentations, 1)
        guard case .crew? = try reading.failure(of: .face) else { return XCTFail("who must act?") }
    }

    func testANearlyLockedCardIsLeftAlone() async throws {
        let card = try card("nearly-locked")
        let reading = try await MyNumberCard(over: card).read(.faceOnly, with: number(of: card))
        XCTAssertEqual(try reading.failure(of: .face)?.code, .credentialRefusedByFloor)
        XCTAssertEqual(try reading.verification(of: .face)?.outcome, .refusedByFloor)
        XCTAssertEqual(card.presentations, 0)
    }

    func testATornReadingGoesOnWithTheSameCardOnly() async throws {
        let card = try card()
        let number = try number(of: card)
        let whole = Wire(card)
        _ = try await MyNumberCard(over: whole).read(with: number)
        card.takeOff()
        let torn = Wire(card, at: whole.exchanges - 2, .throwing(LinkFailure.lost))
        let first = try await MyNumberCard(over: torn).read(with: number)
        XCTAssertEqual(try first.failure(of: .certificate)?.code, .linkLost)
        let other = try XCTUnwrap(SimulatedCard("foreign"))
        let refused = try await MyNumberCard(over: other).resume(first, with: number)
        XCTAssertEqual(refused.stopped?.code, .cardOtherCard)
        XCTAssertEqual(other.presentations, 0)
        card.takeOff()
        let resumed = try await MyNumberCard(over: card).resume(refused.reading, with: number)
        XCTAssertNil(resumed.stopped)
        XCTAssertNil(try resumed.reading.failure(of: .certificate))
        let emptied = await code { _ = try first.failure(of: .face) }
        XCTAssertEqual(emptied, .boundaryAbsent)
    }

    func testWhatCannotBeIsRefusedBeforeTheCardIsTouched() async throws {
        let wire = Wire(try card())
        let number = try number(of: wire.card)
        var plan = ReadingPlan.everything
        plan.challenge = .given(Data(repeating: 0, count: 3))
        let code = await code { [plan] in _ = try await MyNumberCard(over: wire).read(plan, with: number) }
        XCTAssertEqual(code, .misuseOutOfRange)
        XCTAssertEqual(wire.exchanges, 0)
        XCTAssertThrowsError(try VerificationNumberB(digits: SecretBytes("123".utf8))) {
            XCTAssertEqual(($0 as? MynacardError)?.code, .credentialLength)
        }
        XCTAssertThrowsError(try TrustRoots(json: Data("{".utf8)))
    }

    func testANumberComesFromThePrintedPartsAndFromOCR() throws {
        let part = { (text: String) in SecretBytes(text.utf8) }
        XCTAssertNoThrow(
            try VerificationNumberB(
                birthDate: part("昭和60年5月3日"), expiry: part("2035年5月3日"), securityCode: part("4819")))
        XCTAssertThrowsError(
            try VerificationNumberB(
                birthDate: part("1985年5月3日"), expiry: part("2035年5月3日"), securityCode: part("4819"))
        ) {
            XCTAssertEqual(($0 as? MynacardError)?.code, .credentialCalendarUndecided)
        }
        XCTAssertThrowsError(try VerificationNumberB(ocrLines: ["氏名", "番号"])) {
            XCTAssertEqual(($0 as? MynacardError)?.code, .credentialBirthDateMissing)
        }
    }
}
