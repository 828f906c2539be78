import Foundation
import Mynacard
import Observation

/// What the one screen shows, and what its buttons do.
@MainActor
@Observable
public final class EncounterModel {
    /// Who lies there, as the card says. What is not understood is named in its place: 「生年月日 不詳(カードの記載 19800200)」.
    public struct Patient: Equatable {
        /// Name (氏名).
        public let name: String
        /// Address (住所).
        public let address: String
        /// Birth date, `1985-05-03`.
        public let birthDate: String
    }

    /// How far the card can be trusted.
    public struct Trust: Equatable {
        /// One sentence.
        public let text: String
        /// Whether it may be shown in green: genuine, and live.
        public let isGood: Bool
    }

    /// The photo, as soon as it is there.
    public private(set) var photo: Pixels?
    /// Why there is no photo, once the card is read: a small child's card has none, and one may not decode.
    public private(set) var withoutPhoto: String?
    /// The attributes, once they are read.
    public private(set) var patient: Patient?
    /// The verdict, once the card is read.
    public private(set) var trust: Trust?
    /// What to do now, or what went wrong and what to do about it.
    public private(set) var hint = "照合番号B(14桁)を入力してください。"
    /// What the crew can report now; each is one button.
    public private(set) var buttons: [EncounterEvent] = []
    /// Whether the summary may be asked for.
    public private(set) var canSeeSummary = false
    /// The report for the hospital, to be read aloud.
    public private(set) var report: String?
    /// How many digits are typed: the screen shows as many dots.
    public private(set) var typed = 0
    /// Whether something is under way.
    public private(set) var isBusy = false
    /// How it ended; then only a new encounter helps.
    public private(set) var wayOut: EncounterEvent?

    private let encounter: Encounter
    private let reader: any PatientCardReader
    private let source: any MedicalSource
    private let roots: TrustRoots
    private let now: @Sendable () -> Date
    // Digits never become text.
    private var digits = SecretBytes(capacity: 14)

    /// Begins an encounter, which is in the log when this returns.
    public init(
        log: AuditLog, crew: String, reader: any PatientCardReader, source: any MedicalSource,
        roots: TrustRoots = .production, now: @escaping @Sendable () -> Date = { Date() }
    ) throws {
        encounter = try Encounter(log: log, crew: crew, now: now)
        self.reader = reader
        self.source = source
        self.roots = roots
        self.now = now
    }

    /// Shows the buttons; call it when the screen appears.
    public func appear() async {
        await attempt { }
    }

    /// A digit of the key pad, 0 to 9.
    public func key(_ digit: UInt8) {
        guard digit < 10, digits.append(UInt8(ascii: "0") + digit) else { return }
        typed = digits.count
    }

    /// The key pad's delete key.
    public func deleteKey() {
        digits.removeLast()
        typed = digits.count
    }

    /// Reads the card with the digits that are typed, which are wiped.
    public func scan() async {
        await attempt { [self] in
            defer {
                digits.wipe()
                typed = 0
            }
            let number = try VerificationNumberB(digits: digits)
            forget()
            let reading = try await reader.read(with: number) { event in
                Task { @MainActor in self.show(event) }
            }
            try await take(reading)
        }
    }

    /// One of the buttons.
    public func tap(_ event: EncounterEvent) async {
        await attempt { [self] in
            try await encounter.record(event)
            if try await encounter.permitUntil == nil { report = nil }
            if event == .patientAwake { hint = "本人に同意を確認してください。" }
        }
    }

    /// Asks for a permit, and under it for the summary.
    public func seeSummary() async {
        await attempt { [self] in
            _ = try await encounter.permit(.summary)
            let event = try await encounter.fetch(.summary, from: source)
            hint = event?.labelJa ?? "医療情報を取得しました。"
            report = try await encounter.handover(.script)
        }
    }

    /// Makes the report, and reports the hand-over, which ends the encounter.
    public func handOver(_ notes: CrewNotes) async {
        await attempt { [self] in
            try await encounter.note(notes)
            report = try await encounter.handover(.script)
            try await encounter.record(.handedOver)
            hint = "病院に引き継ぎました。"
        }
    }

    private func take(_ reading: CardReading) async throws {
        // Anybody can set a tablet's clock.
        let checked = try reading.examine(against: roots, clock: .untrusted(now()))
        let failure = try reading.failure(of: .face)
        if failure == nil, let attributes = try? reading.attributes {
            patient = Patient(attributes)
        }
        if failure == nil {
            let face = try reading.face
            photo = try? face.pixels(of: .photo)
            if photo == nil { withoutPhoto = face.has(.photo) ? "顔写真を表示できません" : "顔写真なし" }
            trust = Trust(text: checked.statement.ja, isGood: checked.verdict == .genuineLive)
        }
        try await encounter.take(reading)
        hint = failure?.fault.adviceJa ?? "顔を確認してください。"
        let verification = failure == nil ? nil : try? reading.verification(of: .face)
        if let left = verification?.left { hint += "(残り\(left)回)" }
    }

    private func show(_ event: ReadingEvent) {
        // A reading that has ended says the last word.
        guard isBusy else { return }
        switch event {
        case .progress(let progress): hint = progress.phase.adviceJa
        case .face(let face): photo = try? face.pixels(of: .photo)
        case .finished: break
        }
    }

    /// What another card has said is not this one's.
    private func forget() {
        (photo, withoutPhoto, patient, trust, report) = (nil, nil, nil, nil, nil)
    }

    /// Does something, one at a time; what goes wrong is told, and the buttons are what is allowed after it.
    private func attempt(_ body: () async throws -> Void) async {
        guard !isBusy else { return }
        isBusy = true
        do {
            try await body()
        } catch let error as MynacardError {
            hint = error.fault.adviceJa
        } catch is LogNotStored {
            hint = "記録を保存できません。端末の管理者に連絡してください。"
        } catch {
            hint = "エラーが発生しました。"
        }
        buttons = (try? await encounter.allowedEvents) ?? []
        canSeeSummary = (try? await encounter.permitRefusal == nil) ?? false
        wayOut = (try? await encounter.wayOut) ?? nil
        isBusy = false
    }
}

extension EncounterModel.Patient {
    fileprivate init(_ attributes: Attributes) {
        /// A value, or what to show in its place.
        func shown(_ value: String?, _ label: String, _ item: String) -> String {
            let other = attributes.notUnderstood.first { $0.item.hasSuffix(item) }
            return value ?? "\(label) \(other?.ja ?? "不詳")"
        }
        let date = attributes.birthDate.map { day in
            String(format: "%04d-%02d-%02d", Int(day.year), Int(day.month), Int(day.day))
        }
        name = shown(attributes.name, "氏名", " name")
        address = shown(attributes.address, "住所", " address")
        birthDate = shown(date, "生年月日", " birth date")
    }
}
