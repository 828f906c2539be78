import Foundation
import MynacardRaw

/// The link of each reader: one at a time, whatever wraps the reader, so that no two readings take turns on one card.
enum ReaderLinks {
    private struct Kept {
        weak var reader: (any AnyObject & Sendable)?
        let link: Link
    }

    private static let lock = NSLock()
    // Guarded by the lock. By identity; an entry whose reader is gone is nobody's.
    private nonisolated(unsafe) static var kept: [ObjectIdentifier: Kept] = [:]

    /// Makes a driver over the transport's link.
    ///
    /// Errors: `.misuseLinkBusy` while another reading has it; those of making the driver.
    static func lend(
        _ transport: any CardTransport, _ make: (Link) throws -> Driver
    ) throws(MynacardError) -> Driver {
        try calling { try lock.withLock { try make(link(of: transport)) } }
    }

    /// Forgets what is known of the card on the transport's reader.
    static func forget(_ transport: any CardTransport) {
        lock.withLock { kept[ObjectIdentifier(transport.reader)]?.link.forget() }
    }

    private static func link(of transport: any CardTransport) throws -> Link {
        kept = kept.filter { $0.value.reader != nil }
        let reader = transport.reader
        let capabilities = transport.capabilities
        if let link = kept[ObjectIdentifier(reader)]?.link {
            // Another way to the reader may carry less, and takes over only what nobody uses.
            if link.isBusy() || link.capabilities() == capabilities { return link }
        }
        let link = Link(capabilities: capabilities)
        kept[ObjectIdentifier(reader)] = Kept(reader: reader, link: link)
        return link
    }
}
