import Foundation

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// Bytes that are overwritten when their last reference goes, or earlier by `wipe()`.
///
/// A Swift `String`, `Array` or `Data` cannot promise that: it moves and copies as it grows. So take digits from a
/// key pad one by one into this, and never through a text field's `String`. What is wiped is this buffer alone; the
/// library wipes its own, and the array that UniFFI's Swift code makes in between is freed as it is.
public final class SecretBytes: @unchecked Sendable {
    // Guarded by the lock; never reallocated. Recursive: one object may be lent twice, as two parts of one call.
    private let lock = NSRecursiveLock()
    private let room: UnsafeMutableRawBufferPointer
    private var filled = 0

    /// Empty, with room for this many bytes.
    public init(capacity: Int) {
        room = .allocate(byteCount: max(capacity, 1), alignment: 1)
    }

    /// A copy of these bytes. The caller's own copy is the caller's to wipe.
    public convenience init(_ bytes: some Collection<UInt8>) {
        self.init(capacity: bytes.count)
        bytes.forEach { _ = append($0) }
    }

    /// Bytes from the system's cryptographic generator.
    public static func random(count: Int) -> SecretBytes {
        var generator = SystemRandomNumberGenerator()
        let bytes = SecretBytes(capacity: count)
        for _ in 0..<count {
            _ = bytes.append(UInt8.random(in: .min ... .max, using: &generator))
        }
        return bytes
    }

    deinit {
        erase()
        room.deallocate()
    }

    /// How many bytes there are.
    public var count: Int { lock.withLock { filled } }

    /// Adds a byte. False if there is no room: the buffer never moves.
    @discardableResult
    public func append(_ byte: UInt8) -> Bool {
        lock.withLock {
            guard filled < room.count else { return false }
            room[filled] = byte
            filled += 1
            return true
        }
    }

    /// Takes back the last byte, as a key pad's delete key does.
    public func removeLast() {
        lock.withLock {
            guard filled > 0 else { return }
            filled -= 1
            room[filled] = 0
        }
    }

    /// Overwrites everything.
    public func wipe() {
        lock.withLock(erase)
    }

    /// The bytes, for as long as `body` runs.
    public func withUnsafeBytes<T>(_ body: (UnsafeRawBufferPointer) throws -> T) rethrows -> T {
        try lock.withLock { try body(UnsafeRawBufferPointer(rebasing: room[..<filled])) }
    }

    /// The bytes as the library takes them: without a copy of our own, valid only within `body`.
    func withData<T>(_ body: (Data) throws -> T) rethrows -> T {
        try lock.withLock {
            guard let address = room.baseAddress, filled > 0 else { return try body(Data()) }
            return try body(Data(bytesNoCopy: address, count: filled, deallocator: .none))
        }
    }

    private func erase() {
        filled = 0
        guard let address = room.baseAddress else { return }
        #if canImport(Darwin)
            memset_s(address, room.count, 0, room.count)
        #else
            explicit_bzero(address, room.count)
        #endif
    }
}

extension SecretBytes: CustomStringConvertible, CustomReflectable {
    /// Says how many bytes, never which.
    public var description: String { "SecretBytes(\(count))" }
    /// Shows nothing to a debugger or a crash report.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension Data {
    /// Overwrites these bytes in place, as far as nobody else holds them.
    mutating func wipe() {
        guard !isEmpty else { return }
        withUnsafeMutableBytes { bytes in
            guard let address = bytes.baseAddress else { return }
            #if canImport(Darwin)
                memset_s(address, bytes.count, 0, bytes.count)
            #else
                explicit_bzero(address, bytes.count)
            #endif
        }
        removeAll()
    }
}
