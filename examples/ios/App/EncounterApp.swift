import EncounterModel
import Mynacard
import MynacardNFC
import SwiftUI

/// One screen: type the number, hold the card, look, ask, see, hand over.
@main
struct EncounterApp: App {
    @State private var begun: Result<EncounterModel, any Error> = Result { try Tablet.encounter() }

    var body: some Scene {
        WindowGroup {
            switch begun {
            case .success(let model):
                EncounterView(model: model) { begun = Result { try Tablet.encounter() } }
            case .failure(let error):
                Text(error.localizedDescription).padding()
            }
        }
    }
}

/// What belongs to the device, and not to an encounter.
@MainActor
enum Tablet {
    /// A drill with the device's log. An app in earnest takes `drill: false`, its own source, and its staff's number.
    static func encounter() throws -> EncounterModel {
        try EncounterModel(
            log: log(), crew: "crew-1", reader: NFCReader { CoreNFCSession() }, source: NobodyKnown())
    }

    private static var opened: AuditLog?

    /// The log goes on where the keychain says; a device without a state begins one.
    private static func log() throws -> AuditLog {
        if let opened { return opened }
        let folder = try FileManager.default.url(
            for: .applicationSupportDirectory, in: .userDomainMask, appropriateFor: nil, create: true)
        let path = folder.appendingPathComponent("drills.jsonl").path
        let store = try FileLogStore(path: path) { try Keychain.keep($0, as: "drills-state") }
        let log: AuditLog
        if let state = try Keychain.find("drills-state") {
            log = try store.resume(state, drill: true)
        } else {
            // The key goes to whoever verifies; here it only stays in the keychain for them to fetch.
            let sealKey = SecretBytes.random(count: 32)
            try Keychain.keep(sealKey, as: "drills-seal-key")
            log = try AuditLog(newFor: "tablet-01", drill: true, sealKey: sealKey, store: store)
        }
        opened = log
        return log
    }
}

/// Stands where the app's own source goes.
struct NobodyKnown: MedicalSource {
    let kind = SourceKind.synthetic
    func ask(_ query: MedicalQuery) async throws -> MedicalAnswer { .nothing(reason: .notRegistered) }
}
