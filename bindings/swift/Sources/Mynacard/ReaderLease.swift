import Foundation

/// A reader that one reading has alone: were the commands of two to mix, a number would be presented where it does not
/// belong.
struct ReaderLease {
    private static let lock = NSLock()
    // Guarded by the lock.
    private nonisolated(unsafe) static var taken: Set<ObjectIdentifier> = []
    // Held, so that no other object gets its identity meanwhile.
    private let reader: any AnyObject & Sendable

    /// Takes the reader. Errors: `.boundaryHandleBusy` while another reading has it.
    init(of reader: any AnyObject & Sendable) throws(MynacardError) {
        self.reader = reader
        let identity = ObjectIdentifier(reader)
        guard Self.lock.withLock({ Self.taken.insert(identity).inserted }) else {
            throw MynacardError(.boundaryHandleBusy)
        }
    }

    /// Gives it back.
    func end() {
        let identity = ObjectIdentifier(reader)
        _ = Self.lock.withLock { Self.taken.remove(identity) }
    }
}
