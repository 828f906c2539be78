import Foundation
import Mynacard
import XCTest

// Values in the form of the replay kit. Its numbers are those of mynacard.h.

func number(of kind: TokenKind) -> Int {
    switch kind {
    case .foreign: 0
    case .card: 1
    case .jukiCard: 2
    case .androidPhone: 3
    case .iPhone: 4
    case .unknown: 5
    case .residenceCard: 6
    case .drivingLicence: 7
    case .passport: 8
    }
}

func number(of phase: ReadingPhase) -> Int {
    switch phase {
    case .identify: 1
    case .unlockFace: 2
    case .face: 3
    case .faceProof: 4
    case .unlockText: 5
    case .attributes: 6
    case .attributesProof: 7
    case .certificate: 8
    case .tries: 9
    case .cardInfo: 10
    }
}

private func number(of verdict: CardVerdict) -> Int {
    switch verdict {
    case .genuineLive: 1
    case .genuineNotLive: 2
    case .testLive: 3
    case .testNotLive: 4
    case .unverified: 5
    case .issuerUnknown: 6
    case .contradictory: 7
    case .forged: 8
    case .revoked: 9
    }
}

private func number(of outcome: VerifyOutcome) -> Int {
    switch outcome {
    case .accepted: 1
    case .alreadyOpen: 2
    case .rejected: 3
    case .blocked: 4
    case .refusedByFloor: 5
    }
}

private func number(of status: AuthenticityStatus) -> Int {
    switch status {
    case .unsigned: 1
    case .notChecked: 2
    case .issuerUnknown: 3
    case .forged: 4
    case .genuine: 5
    }
}

private func number(of sex: RegisteredSex) -> Int {
    switch sex {
    case .unknown: 0
    case .male: 1
    case .female: 2
    case .notApplicable: 9
    }
}

private func described(_ day: CalendarDay) -> JSON {
    JSON(String(format: "%04d-%02d-%02d", Int(day.year), Int(day.month), Int(day.day)))
}

func described(_ all: AllTries) -> JSON {
    func one(_ tries: KeyTries) -> JSON {
        ["status": JSON(tries.fault ?? 0), "left": JSON(tries.left.map(Int.init) ?? -1)]
    }
    return [
        "face_b": one(all.faceB), "text_b": one(all.textB), "text_pin": one(all.textPin),
        "authentication_pin": one(all.authenticationPin),
        "signature_password": one(all.signaturePassword),
    ]
}

func described(_ facts: CardFacts) -> JSON {
    [
        "card_status": JSON(facts.cardFault ?? 0),
        "expiry": facts.expiry.map(described) ?? .null,
        "municipality": JSON(facts.municipality),
        "certificates_status": JSON(facts.certificatesFault ?? 0),
        "signature_certificate": facts.certificates.map { .bool($0.signature) } ?? .null,
        "authentication_certificate": facts.certificates.map { .bool($0.authentication) } ?? .null,
    ]
}

private let parts: [(String, ReadingPart)] = [
    ("face", .face), ("attributes", .attributes), ("certificate", .certificate), ("proof", .proof),
]

private let pictures: [(String, Picture)] = [
    ("photo", .photo), ("name", .name), ("address", .address), ("security_code", .securityCode),
]

private let values: [(String, CardValue)] = [
    ("photo", .photo), ("face_birth_date", .faceBirthDate), ("face_sex", .faceSex),
    ("name_picture", .namePicture), ("address_picture", .addressPicture), ("expiry", .expiry),
    ("security_code", .securityCode), ("name", .name), ("address", .address), ("birth_date", .birthDate),
    ("sex", .sex), ("certificate", .certificate),
]

private func object<T>(_ names: [(String, T)], _ value: (T) throws -> JSON) rethrows -> JSON {
    .object(Dictionary(uniqueKeysWithValues: try names.map { ($0.0, try value($0.1)) }))
}

func described(_ reading: CardReading, _ report: TrustReport) throws -> JSON {
    [
        "status": try object(parts) { JSON(try reading.failure(of: $0)?.fault.number ?? 0) },
        "log": try object(parts) { JSON(try reading.logLine(for: $0)) },
        "verification": try object(Array(parts.prefix(2))) { part in
            guard let verification = try reading.verification(of: part) else { return .null }
            return [
                "outcome": JSON(number(of: verification.outcome)),
                "left_before": JSON(verification.leftBefore.map(Int.init) ?? -1),
                "left": JSON(verification.left.map(Int.init) ?? -1), "spent": JSON(verification.spent),
                "floor": JSON(verification.floor), "allowed_last_tries": .bool(verification.allowedLastTries),
            ]
        },
        "tries_spent": JSON(try reading.triesSpent),
        "face": try reading.failure(of: .face) == nil ? described(reading.face) : .null,
        "attributes": try reading.failure(of: .attributes) == nil ? described(reading.attributes) : .null,
        "certificate": try reading.failure(of: .certificate) == nil
            ? ["sha256": JSON(sha256(reading.certificate))] : .null,
        "trust": described(report),
    ]
}

/// A value as the kit has it. One that is nil was not understood and is named as that, and no other is.
private func understood<T>(
    _ value: T?, _ item: String, _ others: [NotUnderstood], _ described: (T) -> JSON
) -> JSON {
    XCTAssertEqual(value == nil, others.contains { $0.item == item }, item)
    return value.map(described) ?? (item.hasSuffix("sex") ? JSON(255) : "")
}

private func described(_ attributes: Attributes) -> JSON {
    let others = attributes.notUnderstood
    return [
        "name": understood(attributes.name, "text/DF22 name", others) { JSON($0) },
        "address": understood(attributes.address, "text/DF23 address", others) { JSON($0) },
        "birth_date": understood(attributes.birthDate, "text/DF24 birth date", others, described),
        "sex": understood(attributes.sex, "text/DF25 sex", others) { JSON(number(of: $0)) },
    ]
}

private func described(_ face: CardFace) -> JSON {
    let others = face.notUnderstood
    return [
        "birth_date": understood(face.birthDate, "face/DF22 birth date", others, described),
        "expiry": understood(face.expiry, "face/DF29 expiry", others, described),
        "sex": understood(face.sex, "face/DF23 sex", others) { JSON(number(of: $0)) },
        "pictures": object(pictures) { picture in
            var told: [String: JSON] = [:]
            if let file = try? face.file(of: picture) { told["file_sha256"] = JSON(sha256(file)) }
            do throws(MynacardError) {
                let pixels = try face.pixels(of: picture)
                told["code"] = JSON(0)
                told["width"] = JSON(pixels.width)
                told["height"] = JSON(pixels.height)
                told["format"] = JSON(pixels.bytesPerPixel)
                told["pixels_sha256"] = JSON(pixels.withUnsafeBytes { sha256($0) })
            } catch {
                told["code"] = JSON(error.fault.number)
            }
            return .object(told)
        },
    ]
}

private func described(_ report: TrustReport) -> JSON {
    [
        "verdict": JSON(number(of: report.verdict)), "key": JSON(report.statement.key),
        "not_live": JSON(report.notLive?.key),
        "findings": .array(report.findings.map { JSON($0.key) }),
        "values": object(values) { value in
            let authenticity = report.authenticity(of: value)
            return ["status": JSON(number(of: authenticity.status)), "why": JSON(authenticity.why)]
        },
    ]
}

extension JSON {
    /// Without what an X.509 parser finds in the certificate: the hash is of the same bytes.
    var withoutWhatAParserFinds: JSON {
        guard case .object(var expect) = self, case .object(var reading)? = expect["reading"],
            case .object(var certificate)? = reading["certificate"]
        else { return self }
        for found in ["serial", "not_before_unix_millis", "not_after_unix_millis"] { certificate[found] = nil }
        reading["certificate"] = .object(certificate)
        expect["reading"] = .object(reading)
        return .object(expect)
    }
}
