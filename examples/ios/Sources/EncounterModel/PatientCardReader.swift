import Mynacard
import MynacardNFC

/// How the app gets at a card. The screen does not know which reader it is.
public protocol PatientCardReader: Sendable {
    /// Reads a card with its number. A card that moves away is told by the reading; errors: why no card was read at all.
    func read(
        with number: VerificationNumberB, onEvent: @escaping @Sendable (ReadingEvent) -> Void
    ) async throws(MynacardError) -> CardReading
}

/// The iPhone's NFC.
public struct NFCReader: PatientCardReader {
    private let session: @Sendable () -> any TagSession

    /// Makes a session for each sheet: `NFCReader { CoreNFCSession() }`.
    public init(session: @escaping @Sendable () -> any TagSession) {
        self.session = session
    }

    public func read(
        with number: VerificationNumberB, onEvent: @escaping @Sendable (ReadingEvent) -> Void
    ) async throws(MynacardError) -> CardReading {
        try await CardScanner(session: session()).read(with: number, onEvent: onEvent)
    }
}

/// A reader that a `CardTransport` reaches: the virtual card, or an iPad's USB reader.
public struct TransportReader: PatientCardReader {
    private let transport: any CardTransport

    /// A reader over this transport.
    public init(over transport: any CardTransport) {
        self.transport = transport
    }

    public func read(
        with number: VerificationNumberB, onEvent: @escaping @Sendable (ReadingEvent) -> Void
    ) async throws(MynacardError) -> CardReading {
        try await MyNumberCard(over: transport).read(with: number, onEvent: onEvent)
    }
}
