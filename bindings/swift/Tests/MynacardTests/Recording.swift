import Foundation

/// A value of a recording.
enum JSON: Decodable, Equatable {
    case null
    case bool(Bool)
    case int(Int)
    case text(String)
    case array([JSON])
    case object([String: JSON])

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let bool = try? value.decode(Bool.self) {
            self = .bool(bool)
        } else if let int = try? value.decode(Int.self) {
            self = .int(int)
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else if let array = try? value.decode([JSON].self) {
            self = .array(array)
        } else {
            self = .object(try value.decode([String: JSON].self))
        }
    }

    /// A member of an object; null if there is none.
    subscript(_ name: String) -> JSON {
        if case .object(let members) = self { members[name] ?? .null } else { .null }
    }

    var int: Int? { if case .int(let int) = self { int } else { nil } }
    var text: String? { if case .text(let text) = self { text } else { nil } }
    var bool: Bool? { if case .bool(let bool) = self { bool } else { nil } }
    var array: [JSON]? { if case .array(let array) = self { array } else { nil } }
    var isNull: Bool { self == .null }

    /// Bytes written as hexadecimal text.
    var bytes: Data? {
        guard let text, text.count.isMultiple(of: 2) else { return nil }
        var bytes = Data()
        var rest = text[...]
        while !rest.isEmpty {
            guard let byte = UInt8(rest.prefix(2), radix: 16) else { return nil }
            bytes.append(byte)
            rest = rest.dropFirst(2)
        }
        return bytes
    }

    /// Where two values differ, one line for each place.
    static func differences(_ found: JSON, _ recorded: JSON, at path: String = "") -> [String] {
        switch (found, recorded) {
        case (.object(let found), .object(let recorded)):
            return Set(found.keys).union(recorded.keys).sorted().flatMap {
                differences(found[$0] ?? .null, recorded[$0] ?? .null, at: path + "." + $0)
            }
        case (.array(let found), .array(let recorded)) where found.count == recorded.count:
            return zip(found, recorded).enumerated().flatMap {
                differences($1.0, $1.1, at: path + "[\($0)]")
            }
        default:
            return found == recorded ? [] : ["\(path): \(found) instead of \(recorded)"]
        }
    }
}

extension JSON: ExpressibleByDictionaryLiteral, ExpressibleByStringLiteral {
    init(stringLiteral text: String) { self = .text(text) }
    init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(Dictionary(uniqueKeysWithValues: elements))
    }
    init(_ number: some BinaryInteger) { self = .int(Int(number)) }
    init(_ text: String?) { self = text.map(JSON.text) ?? .null }
}

/// The folder of the replay kit.
let kit = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../../../conformance/replay").standardizedFileURL

/// The lines of a recording; the first one is its header.
func recording(_ name: String) throws -> [JSON] {
    try String(contentsOf: kit.appendingPathComponent(name), encoding: .utf8)
        .split(separator: "\n").map { try JSONDecoder().decode(JSON.self, from: Data($0.utf8)) }
}

/// The recordings of a folder, by path.
func recordings(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: kit.appendingPathComponent(folder).path)
        .filter { $0.hasSuffix(".jsonl") }.sorted().map { folder + "/" + $0 }
}

/// Hashes that are known: the recordings show the same few pictures again and again.
private final class Hashes: @unchecked Sendable {
    static let shared = Hashes()
    private let lock = NSLock()
    private var known: [Data: String] = [:]

    func of(_ bytes: Data, _ make: (Data) -> String) -> String {
        lock.withLock {
            if let hash = known[bytes] { return hash }
            let hash = make(bytes)
            known[bytes] = hash
            return hash
        }
    }
}

/// SHA-256 in hexadecimal, for the tests alone: Linux has no CryptoKit.
func sha256(_ bytes: some Sequence<UInt8>) -> String {
    Hashes.shared.of(Data(bytes), computedSHA256)
}

/// FIPS 180-4.
private func computedSHA256(_ bytes: Data) -> String {
    func fractions(_ root: (Double) -> Double, _ count: Int) -> [UInt32] {
        let primes = (2...).lazy.filter { number in
            !(2..<number).contains { $0 * $0 <= number && number % $0 == 0 }
        }
        return primes.prefix(count).map { prime in
            let value = root(Double(prime))
            return UInt32((value - value.rounded(.down)) * 4_294_967_296)
        }
    }
    func turned(_ word: UInt32, _ by: UInt32) -> UInt32 { word >> by | word << (32 - by) }
    let constants = fractions(cbrt, 64)
    var hash = fractions(sqrt, 8)
    var message = Array(bytes)
    let bits = UInt64(message.count) * 8
    message.append(0x80)
    while message.count % 64 != 56 { message.append(0) }
    message += (0..<8).reversed().map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) }
    for start in stride(from: 0, to: message.count, by: 64) {
        var words = (0..<16).map { index in
            message[start + 4 * index..<start + 4 * index + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        }
        for index in 16..<64 {
            let (a, b) = (words[index - 15], words[index - 2])
            let low = turned(a, 7) ^ turned(a, 18) ^ a >> 3
            let high = turned(b, 17) ^ turned(b, 19) ^ b >> 10
            words.append(words[index - 16] &+ low &+ words[index - 7] &+ high)
        }
        var v = hash
        for index in 0..<64 {
            let high = turned(v[4], 6) ^ turned(v[4], 11) ^ turned(v[4], 25)
            let choice = (v[4] & v[5]) ^ (~v[4] & v[6])
            let first = v[7] &+ high &+ choice &+ constants[index] &+ words[index]
            let low = turned(v[0], 2) ^ turned(v[0], 13) ^ turned(v[0], 22)
            let majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2])
            v = [first &+ low &+ majority, v[0], v[1], v[2], v[3] &+ first, v[4], v[5], v[6]]
        }
        hash = zip(hash, v).map { $0 &+ $1 }
    }
    return hash.map { word in
        let text = String(word, radix: 16)
        return String(repeating: "0", count: 8 - text.count) + text
    }.joined()
}
