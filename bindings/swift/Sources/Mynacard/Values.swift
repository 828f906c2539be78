// Plain values, used as UniFFI makes them: nobody needs to hide them, and they are Sendable.
import Foundation
import MynacardRaw

/// A day of the Gregorian calendar.
public typealias CalendarDay = MynacardRaw.CalendarDay
/// What a reader can carry.
public typealias ReaderCapabilities = MynacardRaw.ReaderCapabilities
/// Sex as registered (性別), by ISO/IEC 5218.
public typealias RegisteredSex = MynacardRaw.RegisteredSex
/// What a reading is busy with.
public typealias ReadingPhase = MynacardRaw.ReadingPhase
/// How far one phase of a reading has come.
public typealias ReadingProgress = MynacardRaw.Progress
/// What a reading has spent: exchanges and bytes.
public typealias Statistics = MynacardRaw.Statistics
/// A part of a reading.
public typealias ReadingPart = MynacardRaw.ReadingPart
/// What became of a VERIFY.
public typealias VerifyOutcome = MynacardRaw.VerifyOutcome
/// A VERIFY with the tries before and after it.
public typealias Verification = MynacardRaw.Verification
/// What lies on the reader.
public typealias TokenKind = MynacardRaw.TokenKind
/// What lies on the reader, and what else is on it.
public typealias Identified = MynacardRaw.Identified
/// The tries left of one key.
public typealias KeyTries = MynacardRaw.KeyTries
/// The tries left of every key that is known.
public typealias AllTries = MynacardRaw.AllTries
/// What a card says of itself without any number.
public typealias CardFacts = MynacardRaw.CardFacts
/// Which year of the birth date stands in the first two digits of 照合番号B.
public typealias BirthYearForm = MynacardRaw.BirthYearForm
/// A picture of the card face.
public typealias Picture = MynacardRaw.Picture
/// How a pixel is laid out.
public typealias PixelLayout = MynacardRaw.PixelLayout
/// The verdict on a card.
public typealias CardVerdict = MynacardRaw.CardVerdict
/// Something to tell the crew: a stable key, Japanese, English.
public typealias Statement = MynacardRaw.Statement
/// A value on a card, to ask a trust report about.
public typealias CardValue = MynacardRaw.CardValue
/// How a value was authenticated, and why.
public typealias Authenticity = MynacardRaw.Authenticity
/// The outcome of authenticating a value.
public typealias AuthenticityStatus = MynacardRaw.AuthenticityStatus
/// What a permit opens.
public typealias ViewScope = MynacardRaw.ViewScope
/// A form of the hand-over (引き継ぎ) to the hospital.
public typealias HandoverForm = MynacardRaw.HandoverForm
/// Whether a card is the one that the encounter has already.
public typealias SameCard = MynacardRaw.SameCard
/// What the crew has found.
public typealias CrewNotes = MynacardRaw.CrewNotes
/// Why there is no medical information, though everything worked as it should.
public typealias NoRecordsReason = MynacardRaw.NoRecordsReason
/// What kind of medical source an app has.
public typealias SourceKind = MynacardRaw.SourceKind
/// What a medical source answers. Its bytes are personal.
public typealias MedicalAnswer = MynacardRaw.MedicalAnswer

extension CrewNotes: CustomStringConvertible, CustomReflectable {
    /// Never the findings.
    public var description: String { "CrewNotes" }
    /// Shows nothing to a debugger or a crash report.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension ReadingPhase {
    /// What the crew should do meanwhile, in Japanese.
    public var adviceJa: String { phaseAdviceJa(phase: self) }
    /// What the crew should do meanwhile, in English.
    public var adviceEn: String { phaseAdviceEn(phase: self) }
}

/// What the app knows about the time.
public enum HostClock: Sendable, Hashable {
    /// Nothing: dates are not judged.
    case unknown
    /// The time, from a clock that the app vouches for.
    case trusted(Date)
    /// The time, from a clock that may be wrong: dates are judged by it, and the report says so.
    case untrusted(Date)

    var raw: MynacardRaw.HostClock {
        switch self {
        case .unknown: .unknown
        case .trusted(let date): .trusted(unixMillis: date.unixMillis)
        case .untrusted(let date): .untrusted(unixMillis: date.unixMillis)
        }
    }
}

extension Date {
    /// Milliseconds since 1970; 0 before, the largest number for what no card will see.
    var unixMillis: UInt64 {
        let millis = (timeIntervalSince1970 * 1000).rounded()
        return UInt64(exactly: millis) ?? (millis > 0 ? .max : 0)
    }

    init(unixMillis: UInt64) {
        self.init(timeIntervalSince1970: Double(unixMillis) / 1000)
    }
}
