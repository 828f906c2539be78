import Foundation
import Mynacard
import class MynacardRaw.SimCard
import func MynacardRaw.simRootsJson

/// A virtual card of an invented person on a virtual reader, to develop and test without either. Not for a release.
public final class SimulatedCard: CardTransport {
    /// What the virtual reader carries.
    public let capabilities: ReaderCapabilities
    private let raw: SimCard

    /// A card of a profile: `adult`, `child`, `foreign`, … Nil if there is none.
    public init?(_ profile: String, capabilities: ReaderCapabilities = .extended) {
        guard let raw = try? SimCard.ofProfile(name: profile) else { return nil }
        self.raw = raw
        self.capabilities = capabilities
    }

    /// Its 照合番号B. Nil for a phone.
    public var digits: SecretBytes? { (try? raw.numberB()).map { SecretBytes($0) } }

    /// Sends a command to the virtual card.
    public func transmit(_ command: Data) async -> Data {
        raw.transmit(command: command)
    }

    /// How often a 照合番号B was presented to the card: what a test compares with the tries it has allowed.
    public var presentations: Int { Int(raw.presentations()) }

    /// Reads the whole card without leaving Rust, with `ReadingPlan.everything` but no challenge: what a reading in Swift is
    /// measured beside. Gives the number of exchanges.
    @discardableResult
    public func readInRust() throws -> Int { Int(try raw.readInRust()) }

    /// Takes the card off the reader and puts it back: what was verified is forgotten.
    public func takeOff() {
        raw.powerOff()
        cardWasReset()
    }
}

extension TrustRoots {
    /// The roots of the virtual cards.
    public static func ofVirtualCards() throws(MynacardError) -> TrustRoots {
        try TrustRoots(json: simRootsJson())
    }
}
