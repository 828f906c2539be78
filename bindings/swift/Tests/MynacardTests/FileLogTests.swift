import Foundation
import Mynacard
import XCTest

#if canImport(Glibc)
    import Glibc
#endif

/// The log in a file: no line is lost, none is there twice, and nobody else reads it.
final class FileLogTests: XCTestCase {
    private var path = ""

    override func setUp() {
        path = NSTemporaryDirectory() + UUID().uuidString
    }

    override func tearDown() {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// What a keystore has kept.
    private final class Keystore: @unchecked Sendable {
        private let lock = NSLock()
        private var bytes: [UInt8] = []
        var state: SecretBytes { SecretBytes(lock.withLock { bytes }) }
        func keep(_ state: SecretBytes) { lock.withLock { bytes = state.withUnsafeBytes { Array($0) } } }
    }

    private func store(_ keystore: Keystore = Keystore()) throws -> FileLogStore {
        try FileLogStore(path: path) { keystore.keep($0) }
    }

    private func log(over store: FileLogStore) throws -> AuditLog {
        try AuditLog(newFor: "tablet-01", drill: true, sealKey: .random(count: 32), store: store, now: { moment })
    }

    private func numbers() throws -> [Int?] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map { sequenceNumber(String($0)) }
    }

    private func mode() throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    func testAFileKeepsTheLinesAndIsForItsOwnerAlone() async throws {
        let keystore = Keystore()
        do {
            let log = try log(over: store(keystore))
            try await Encounter(log: log, crew: "crew-1", now: { moment }).record(.endNoCard)
            XCTAssertThrowsError(try log.checkpoint(signingKey: SecretBytes([1]))) {
                XCTAssertEqual(($0 as? MynacardError)?.code, .auditBadKey)
            }
        }
        XCTAssertEqual(try numbers(), [0, 1, 2])
        XCTAssertEqual(try mode(), 0o600)
        XCTAssertGreaterThan(keystore.state.count, 0)
        XCTAssertThrowsError(try FileLogStore(path: "/nowhere/at/all") { _ in })
    }

    func testAFileThatOthersCouldReadIsClosedToThem() throws {
        XCTAssertTrue(FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o644]))
        XCTAssertEqual(try mode(), 0o644)
        _ = try log(over: store())
        XCTAssertEqual(try mode(), 0o600)
        XCTAssertEqual(try numbers(), [0])
    }

    func testALinkInItsPlaceIsNotFollowed() throws {
        let other = path + "-other"
        try Data("theirs".utf8).write(to: URL(fileURLWithPath: other))
        defer { try? FileManager.default.removeItem(atPath: other) }
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: other)
        XCTAssertThrowsError(try store()) { XCTAssertEqual(($0 as? POSIXError)?.code, .ELOOP) }
        XCTAssertEqual(try String(contentsOfFile: other, encoding: .utf8), "theirs")
    }

    func testAWriteThatFailsMidwayLeavesTheFileAsItWasAndTheLineWaits() async throws {
        let log = try log(over: store())
        let encounter = try Encounter(log: log, crew: "crew-1", now: { moment })
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        var failure: (any Error)?
        try await limitingFiles(to: before.count + 40) {
            do { try await encounter.record(.endNoCard) } catch { failure = error }
        }
        XCTAssertTrue(failure is LogNotStored, "\(String(describing: failure))")
        XCTAssertEqual((failure as? LogNotStored)?.reason as? POSIXError, POSIXError(.EFBIG))
        XCTAssertEqual(try Data(contentsOf: URL(fileURLWithPath: path)), before)
        let waiting = try await encounter.unrecorded
        XCTAssertEqual(waiting, 1)
        try await encounter.store()
        XCTAssertEqual(try numbers(), [0, 1, 2])
        let unrecorded = try await encounter.unrecorded
        XCTAssertEqual(unrecorded, 0)
    }

    func testWhatAnEncounterHasLeftOnAFullDiskIsStoredOnceThereIsRoom() async throws {
        let log = try log(over: store())
        try await leave(log)
        XCTAssertEqual(try numbers(), [0, 1])
        try log.store()
        XCTAssertEqual(try numbers(), [0, 1, 2])
        try await leave(log)
        _ = try Encounter(log: log, crew: "crew-2", now: { moment })
        XCTAssertEqual(try numbers(), Array(0...5))
        let text = try String(contentsOfFile: path, encoding: .utf8)
        XCTAssertEqual(text.components(separatedBy: "ended/no-card").count, 3, "two encounters, each ended once")
    }

    /// An encounter that goes away while its last line could not be stored.
    private func leave(_ log: AuditLog) async throws {
        let encounter = try Encounter(log: log, crew: "crew-1", now: { moment })
        let size = try Data(contentsOf: URL(fileURLWithPath: path)).count
        var failure: (any Error)?
        try await limitingFiles(to: size + 40) {
            do { try await encounter.record(.endNoCard) } catch { failure = error }
        }
        XCTAssertTrue(failure is LogNotStored)
    }

    func testARestartGoesOnAfterTheLastWholeLineWhateverWasKept() async throws {
        let keystore = Keystore()
        var states: [SecretBytes] = []
        do {
            let log = try log(over: store(keystore))
            states.append(keystore.state)
            let encounter = try Encounter(log: log, crew: "crew-1", now: { moment })
            states.append(keystore.state)
            try await encounter.record(.endNoCard)
            states.append(keystore.state)
        }
        // A power cut in the middle of a line.
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        let torn = whole + Data(#"{"seq":3,"at":"2026-11-2"#.utf8) + Data(repeating: 0x30, count: 2000)
        for state in states {
            try torn.write(to: URL(fileURLWithPath: path))
            let log = try store().resume(state, drill: true, now: { moment })
            _ = try Encounter(log: log, crew: "crew-2", now: { moment })
            XCTAssertEqual(try numbers(), [0, 1, 2, 3])
        }
        try whole.write(to: URL(fileURLWithPath: path))
        XCTAssertThrowsError(try store().resume(states[0], drill: false)) {
            XCTAssertEqual(($0 as? MynacardError)?.code, .auditWrongKind)
        }
        // A line that does not follow.
        let lines = whole.split(separator: UInt8(ascii: "\n"))
        try Data((lines + [lines[1]]).joined(separator: Data("\n".utf8)) + Data("\n".utf8))
            .write(to: URL(fileURLWithPath: path))
        XCTAssertThrowsError(try store().resume(states[0], drill: true)) {
            XCTAssertEqual(($0 as? MynacardError)?.code, .auditNotNext)
        }
    }

    /// Has no file of this process grow beyond so many bytes meanwhile: a disk that is full in the middle of a line.
    private func limitingFiles(to bytes: Int, _ body: () async throws -> Void) async throws {
        // The system tells of it by a signal, too.
        let handler = signal(SIGXFSZ, SIG_IGN)
        var usual = rlimit()
        XCTAssertEqual(getrlimit(fileSize, &usual), 0)
        var narrow = rlimit(rlim_cur: rlim_t(bytes), rlim_max: usual.rlim_max)
        XCTAssertEqual(setrlimit(fileSize, &narrow), 0)
        defer {
            setrlimit(fileSize, &usual)
            signal(SIGXFSZ, handler)
        }
        try await body()
    }

    #if canImport(Glibc)
        private let fileSize = __rlimit_resource_t(RLIMIT_FSIZE.rawValue)
    #else
        private let fileSize = RLIMIT_FSIZE
    #endif
}
