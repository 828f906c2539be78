import Foundation
import MynacardRaw

/// Roots of trust. Making them parses every certificate: make them once.
public final class TrustRoots: Sendable {
    let raw: Roots

    private init(raw: Roots) {
        self.raw = raw
    }

    /// The roots of cards issued to the public. Those of the card's own certificates are community-sourced: the issuer
    /// has never published them.
    public static let production = TrustRoots(raw: Roots.production())

    /// The roots of test cards, which are nobody's. For tests and demonstrations only.
    public static let testCards = TrustRoots(raw: Roots.testCards())

    /// The app's own roots from a JSON file. Errors: what is wrong with it, for the operator.
    public convenience init(json: Data) throws(MynacardError) {
        self.init(raw: try calling { try Roots.fromJson(json: json) })
    }
}

/// What is known about the trust in one card.
public final class TrustReport: Sendable {
    let raw: MynacardRaw.TrustReport

    init(raw: MynacardRaw.TrustReport) {
        self.raw = raw
    }

    /// The verdict.
    public var verdict: CardVerdict { raw.verdict() }
    /// The verdict in words.
    public var statement: Statement { raw.verdictStatement() }
    /// Why the chip did not prove itself live; nil if it did.
    public var notLive: Statement? { raw.notLive() }
    /// What else is to be known.
    public var findings: [Statement] { raw.findings() }
    /// How a value was authenticated.
    public func authenticity(of value: CardValue) -> Authenticity { raw.of(value: value) }
}

/// The version of the library.
public var libraryVersion: String { MynacardRaw.version() }
