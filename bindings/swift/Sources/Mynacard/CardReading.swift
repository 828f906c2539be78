import Foundation
import MynacardRaw

/// The four attributes (基本4情報), exactly as on the card. Swift's strings cannot be wiped: let go of them early.
public struct Attributes: Sendable, Hashable {
    /// Name (氏名). May hold characters that a font lacks: then show the picture of the name, as where it is nil.
    public let name: String?
    /// Address (住所); nil if it is no text that is understood.
    public let address: String?
    /// Birth date (生年月日); nil if the chip has none that is a day of the calendar.
    public let birthDate: CalendarDay?
    /// Sex (性別); nil if the chip has another code.
    public let sex: RegisteredSex?
    /// Those that were not understood.
    public let notUnderstood: [NotUnderstood]
}

extension Attributes: CustomStringConvertible, CustomReflectable {
    /// Nothing personal.
    public var description: String { "Attributes" }
    /// Shows nothing to a debugger or a crash report.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// What was read from one card, wiped with its last reference. An encounter takes out what is in it: it is then empty,
/// and everything is `.boundaryAbsent`.
public final class CardReading: Sendable {
    let raw: Reading

    init(raw: Reading) {
        self.raw = raw
    }

    /// Why a part is not there; nil if it was read. `.boundaryAbsent`: it was not in the plan, or an earlier part made it
    /// pointless.
    ///
    /// Errors: `.boundaryAbsent` when the reading was taken out.
    public func failure(of part: ReadingPart) throws(MynacardError) -> MynacardError? {
        try calling { try raw.status(part: part) }.asError
    }

    /// A sentence for the log on why a part was not read, empty if it was. Nothing personal is in it.
    public func logLine(for part: ReadingPart) throws(MynacardError) -> String {
        try calling { try raw.logLine(part: part) }
    }

    /// The card face. Errors: why it was not read.
    public var face: CardFace {
        get throws(MynacardError) { CardFace(raw: try calling { try raw.face() }) }
    }

    /// The four attributes. Errors: why they were not read.
    public var attributes: Attributes {
        get throws(MynacardError) {
            try calling {
                try Attributes(
                    name: raw.name(), address: raw.address(), birthDate: raw.birthDate(), sex: raw.sex(),
                    notUnderstood: raw.notUnderstood().map(NotUnderstood.init))
            }
        }
    }

    /// The authentication certificate, X.509 DER. Errors: why it was not read.
    public var certificate: Data {
        get throws(MynacardError) { try calling { try raw.certificate() } }
    }

    /// The VERIFY that opened, or did not open, the face or the attributes. Nil if there was none, or its answer was lost:
    /// the part's failure is then `.credentialOutcomeUnknown`, and a try may be spent.
    ///
    /// Errors: `.misuseOutOfRange` for another part.
    public func verification(of part: ReadingPart) throws(MynacardError) -> Verification? {
        do throws(MynacardError) {
            return try calling { try raw.verification(part: part) }
        } catch where error.code == .boundaryAbsent {
            return nil
        }
    }

    /// Tries that the reading has spent, over both counters, as far as the card has answered.
    public var triesSpent: Int {
        get throws(MynacardError) { Int(try calling { try raw.triesSpent() }) }
    }

    /// What the reading has cost, over all taps.
    public var statistics: Statistics {
        get throws(MynacardError) { try calling { try raw.statistics() } }
    }

    /// Checks everything that was read, and keeps the judgement with it: an encounter takes both at once. Again: what was
    /// said last counts. Effect on the card: none.
    @discardableResult
    public func examine(
        against roots: TrustRoots = .production, clock: HostClock
    ) throws(MynacardError) -> TrustReport {
        TrustReport(raw: try calling { try raw.examine(roots: roots.raw, clock: clock.raw) })
    }
}
