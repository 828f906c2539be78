import EncounterModel
import Foundation
import Mynacard
import MynacardSim
import XCTest

/// The screen's buttons, pressed without the screen. Sendable, since it has nothing of its own.
@MainActor
final class EncounterModelTests: XCTestCase, @unchecked Sendable {
    private struct Answering: MedicalSource {
        let kind = SourceKind.synthetic
        let answer: MedicalAnswer
        func ask(_ query: MedicalQuery) async throws -> MedicalAnswer { answer }
    }

    private final class Shelf: LogStore, @unchecked Sendable {
        struct Full: Error {}
        private let lock = NSLock()
        private var lines = 0
        private let room: Int
        init(room: Int = .max) { self.room = room }
        func append(_ line: String) throws {
            try lock.withLock {
                guard lines < room else { throw Full() }
                lines += 1
            }
        }
        func keep(state: SecretBytes) throws {}
    }

    private nonisolated static let moment = Date(timeIntervalSince1970: 1_795_334_400)

    private func model(
        _ card: any CardTransport, answering answer: MedicalAnswer = .nothing(reason: .notRegistered),
        store: Shelf = Shelf()
    ) throws -> EncounterModel {
        let log = try AuditLog(
            newFor: "tablet-01", drill: true, sealKey: .random(count: 32), store: store, now: { Self.moment })
        return try EncounterModel(
            log: log, crew: "crew-1", reader: TransportReader(over: card), source: Answering(answer: answer),
            roots: .ofVirtualCards(), now: { Self.moment })
    }

    private func type(_ digits: SecretBytes, into model: EncounterModel) {
        digits.withUnsafeBytes { $0.forEach { model.key($0 - UInt8(ascii: "0")) } }
    }

    private func card(_ profile: String = "adult") throws -> SimulatedCard {
        try XCTUnwrap(SimulatedCard(profile))
    }

    func testFromTheKeyPadToTheHospital() async throws {
        let card = try card()
        let file = #"{"synthetic":true,"profile":"adult","about":"test","medicines":[{"days_ago":12,"#
            + #""source":"dispensed","name":"ワルファリンK錠1mg「架空」"}]}"#
        let model = try model(card, answering: .patientFile(json: Data(file.utf8)))
        await model.appear()
        XCTAssertTrue(model.buttons.contains(.endNoCard))
        type(try XCTUnwrap(card.digits), into: model)
        XCTAssertEqual(model.typed, 14)
        await model.scan()
        XCTAssertEqual(model.typed, 0)
        XCTAssertEqual(model.patient?.birthDate, "1985-05-03")
        XCTAssertEqual(model.trust?.isGood, true)
        XCTAssertNotNil(model.photo)
        XCTAssertEqual(model.hint, "顔を確認してください。")
        XCTAssertFalse(model.canSeeSummary)
        await model.tap(.faceMatched)
        await model.tap(.consentByPatient)
        XCTAssertTrue(model.canSeeSummary)
        await model.seeSummary()
        XCTAssertTrue(try XCTUnwrap(model.report).contains("ワルファリン"))
        await model.handOver(
            CrewNotes(
                unit: "第一救急隊", complaint: "胸痛", consciousness: "JCS 2", systolic: 150, diastolic: 90, pulse: 88,
                breaths: 18, oxygen: 97, temperatureTenths: 365))
        XCTAssertTrue(try XCTUnwrap(model.report).contains("胸痛"))
        XCTAssertEqual(model.wayOut, .handedOver)
        await model.tap(.faceMatched)
        XCTAssertEqual(model.hint, MynacardError(.refusalEnded).fault.adviceJa)
    }

    func testWithoutConsentThereIsNoSummary() async throws {
        let card = try card()
        let model = try model(card)
        type(try XCTUnwrap(card.digits), into: model)
        await model.scan()
        await model.tap(.faceMatched)
        await model.tap(.consentRefused)
        XCTAssertFalse(model.canSeeSummary)
        await model.seeSummary()
        XCTAssertEqual(model.hint, MynacardError(.refusalRefused).fault.adviceJa)
        XCTAssertNil(model.report)
        await model.tap(.endRefused)
        XCTAssertEqual(model.wayOut, .endRefused)
    }

    func testAPatientWhoWakesIsAsked() async throws {
        let card = try card()
        let model = try model(card)
        type(try XCTUnwrap(card.digits), into: model)
        await model.scan()
        await model.tap(.faceMatched)
        await model.tap(.unconscious)
        await model.seeSummary()
        XCTAssertEqual(model.hint, EncounterEvent.notRegistered.labelJa)
        await model.tap(.patientAwake)
        XCTAssertNil(model.report)
        XCTAssertFalse(model.canSeeSummary)
        XCTAssertEqual(model.hint, "本人に同意を確認してください。")
    }

    func testAWrongNumberSaysHowManyTriesAreLeftAndShowsNobody() async throws {
        let card = try card()
        let model = try model(card)
        type(SecretBytes("60010120301111".utf8), into: model)
        await model.scan()
        XCTAssertTrue(model.hint.hasSuffix("(残り9回)"), model.hint)
        XCTAssertNil(model.patient)
        XCTAssertNil(model.photo)
        XCTAssertEqual(card.presentations, 1)
    }

    /// A card whose answers have some bytes in the place of others.
    private struct Altered: CardTransport {
        let card: SimulatedCard
        let old: Data
        let new: Data
        var capabilities: ReaderCapabilities { card.capabilities }
        var reader: any AnyObject & Sendable { card }
        func transmit(_ command: Data) async throws -> Data {
            var answer = await card.transmit(command)
            while let place = answer.range(of: old) { answer.replaceSubrange(place, with: new) }
            return answer
        }
    }

    private func scanned(_ old: Data, as new: Data) async throws -> EncounterModel {
        let card = try card()
        let model = try model(Altered(card: card, old: old, new: new))
        type(try XCTUnwrap(card.digits), into: model)
        await model.scan()
        return model
    }

    func testAValueThatIsNotUnderstoodIsNamedAndTheOthersAreShown() async throws {
        let undated = try await scanned(Data("19850503".utf8), as: Data("19850500".utf8))
        XCTAssertEqual(undated.patient?.birthDate, "生年月日 不詳(カードの記載 19850500)")
        XCTAssertEqual(undated.patient?.name, "救急　太郎")
        XCTAssertNotNil(undated.photo)
        XCTAssertNil(undated.withoutPhoto)
        // Bytes that are no text.
        let name = Data("救急　太郎".utf8)
        let unnamed = try await scanned(name, as: Data(repeating: 0xFF, count: name.count))
        XCTAssertEqual(unnamed.patient?.name, "氏名 不詳(カードの記載 \(String(repeating: "FF", count: name.count)))")
        XCTAssertEqual(unnamed.patient?.birthDate, "1985-05-03")
    }

    func testACardWithoutAPhotoAndOneThatDoesNotDecodeSaySo() async throws {
        let child = try card("child")
        let model = try model(child)
        type(try XCTUnwrap(child.digits), into: model)
        await model.scan()
        XCTAssertEqual(model.withoutPhoto, "顔写真なし")
        let broken = try await scanned(Data("jP  ".utf8), as: Data("jP??".utf8))
        XCTAssertNil(broken.photo)
        XCTAssertEqual(broken.withoutPhoto, "顔写真を表示できません")
        XCTAssertNotNil(broken.patient)
    }

    func testTooFewDigitsTouchNoCardAndTheKeyPadHasFourteenPlaces() async throws {
        let card = try card()
        let model = try model(card)
        for digit in 0..<20 { model.key(UInt8(digit % 10)) }
        XCTAssertEqual(model.typed, 14)
        for _ in 0..<11 { model.deleteKey() }
        model.key(10)
        XCTAssertEqual(model.typed, 3)
        await model.scan()
        XCTAssertEqual(model.hint, MynacardError(.credentialLength).fault.adviceJa)
        XCTAssertEqual(card.presentations, 0)
    }

    func testAFullDiskStopsThePermit() async throws {
        let card = try card()
        // Header, beginning, card, face, consent.
        let model = try model(card, store: Shelf(room: 5))
        type(try XCTUnwrap(card.digits), into: model)
        await model.scan()
        await model.tap(.faceMatched)
        await model.tap(.consentByPatient)
        await model.seeSummary()
        XCTAssertEqual(model.hint, "記録を保存できません。端末の管理者に連絡してください。")
        XCTAssertNil(model.report)
    }
}
