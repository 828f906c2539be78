import Foundation
import MynacardRaw

/// 照合番号B (verification number B): the fourteen digits printed on the card. Wiped with its last reference; there
/// is no way back to text.
public final class VerificationNumberB: Sendable {
    let raw: NumberB

    private init(_ make: () throws -> NumberB) throws(MynacardError) {
        raw = try calling(make)
    }

    /// The fourteen digits as typed, in ASCII or full width (UTF-8), with spaces and hyphens or without.
    /// Effect on the card: none.
    ///
    /// Errors: `.credentialLength`, `.credentialNotDigits` and their like, for the crew.
    public convenience init(digits: SecretBytes) throws(MynacardError) {
        try self.init { try digits.withData { try NumberB.fromDigits(digits: $0) } }
    }

    /// From what is printed, each part as UTF-8: birth date (`昭和60年5月3日`), last day of the card (`2035年5月3日`),
    /// security code (`4819`). Effect on the card: none.
    ///
    /// Errors: the part that is missing or impossible, for the crew.
    public convenience init(
        birthDate: SecretBytes, expiry: SecretBytes, securityCode: SecretBytes, form: BirthYearForm = .asPrinted
    ) throws(MynacardError) {
        try self.init {
            try birthDate.withData { birthDate in
                try expiry.withData { expiry in
                    try securityCode.withData { code in
                        try NumberB.fromPrinted(
                            birthDate: birthDate, expiry: expiry, securityCode: code, form: form)
                    }
                }
            }
        }
    }

    /// Finds it among lines of text that an OCR engine read from the front of the card, in any order. Rather finds
    /// nothing than guesses. Effect on the card: none.
    ///
    /// Errors: the part that is missing, impossible or ambiguous, for the crew.
    public convenience init(ocrLines: [String], form: BirthYearForm = .asPrinted) throws(MynacardError) {
        // The engine's strings are the engine's: they cannot be wiped. The copies made here are.
        let lines = ocrLines.map { SecretBytes($0.utf8) }
        try self.init {
            try Self.lending(lines[...], as: []) { try NumberB.fromOcrLines(lines: $0, form: form) }
        }
    }

    private static func lending<T>(
        _ lines: ArraySlice<SecretBytes>, as data: [Data], _ body: ([Data]) throws -> T
    ) throws -> T {
        guard let line = lines.first else { return try body(data) }
        return try line.withData { try lending(lines.dropFirst(), as: data + [$0], body) }
    }
}

extension VerificationNumberB: CustomStringConvertible, CustomReflectable {
    /// Never the digits.
    public var description: String { "VerificationNumberB" }
    /// Shows nothing to a debugger or a crash report.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
