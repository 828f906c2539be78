import Foundation
import MynacardRaw

extension ReaderCapabilities {
    /// What every reader can carry: short commands, 256 bytes an answer.
    public static var short: ReaderCapabilities { shortCapabilities() }
    /// Extended length up to the standard's bound.
    public static var extended: ReaderCapabilities { extendedCapabilities() }
}

/// Sends commands to a card: the one thing that a platform adds.
public protocol CardTransport: Sendable {
    /// What the reader can carry. A card may still refuse what the reader allows.
    var capabilities: ReaderCapabilities { get }

    /// The object that stands for the connection to the card, always the same one: one reading at a time has it, another is
    /// refused with `.misuseLinkBusy`, and what the card has selected is known from one to the next. A transport that is an
    /// object stands for it itself; one that is a value, or of which several reach the same card, names what they share.
    var reader: any AnyObject & Sendable { get }

    /// Sends a command to the card, **once**, and gives its answer, data and status bytes. Never send anything twice:
    /// a repeated VERIFY costs the patient a try. Log neither: they may hold 照合番号B or personal data.
    ///
    /// Errors: a `LinkFailure` says why there is no answer; anything else counts as `.linkTransport`, a
    /// `CancellationError` as `.linkCancelled`. The reading ends, and keeps what it has.
    func transmit(_ command: Data) async throws -> Data
}

extension CardTransport where Self: AnyObject {
    /// The transport itself.
    public var reader: any AnyObject & Sendable { self }
}

extension CardTransport {
    /// Says that the card was reset, or taken off the reader, between two readings, and no error has told it: what is known
    /// of the card is forgotten. A new object for each card and each tap needs none of this.
    public func cardWasReset() {
        ReaderLinks.forget(self)
    }
}

/// Why a transport gave no answer.
public enum LinkFailure: Error, Sendable, Hashable, CaseIterable {
    /// The card left the reader.
    case lost
    /// The card was reset under the session.
    case reset
    /// The card did not answer in time.
    case timeout
    /// No card on the reader.
    case noCard
    /// The reader is not there any more.
    case readerGone
    /// Another program is using the card or the reader.
    case busy
    /// No card reader is connected, or this device has none.
    case noReader
    /// The system's service for cards is not running.
    case noService
    /// The card is there but does not speak.
    case mute
    /// The transport failed in another way.
    case transport
    /// The reading was cancelled.
    case cancelled

    /// The code of the error table.
    public var code: FaultCode {
        switch self {
        case .lost: .linkLost
        case .reset: .linkReset
        case .timeout: .linkTimeout
        case .noCard: .linkNoCard
        case .readerGone: .linkReaderGone
        case .busy: .linkBusy
        case .noReader: .linkNoReader
        case .noService: .linkNoService
        case .mute: .linkMute
        case .transport: .linkTransport
        case .cancelled: .linkCancelled
        }
    }

    /// What an error of a transport means for the reading.
    init(thrown error: any Error) {
        self =
            switch error {
            case let failure as LinkFailure: failure
            case is CancellationError: .cancelled
            default: .transport
            }
    }
}
