// The declarations of CryptoTokenKit that SlotTransport.swift uses, after Apple's documentation, so that the file can at least
// be type-checked on Linux. Nothing here does anything, and it is in no product.
import Foundation

public let TKErrorDomain = "CryptoTokenKit"

open class TKSmartCardSlotManager: NSObject {
    open class var `default`: TKSmartCardSlotManager? { nil }
    open var slotNames: [String] { [] }
    open func getSlot(withName name: String) async -> TKSmartCardSlot? { nil }
}

open class TKSmartCardSlot: NSObject, @unchecked Sendable {
    public enum State: Int {
        case missing, empty, probing, muteCard, validCard
    }
    open var state: State { .missing }
    open var maxInputLength: Int { 0 }
    open var maxOutputLength: Int { 0 }
    open func makeSmartCard() -> TKSmartCard? { nil }
}

open class TKSmartCard: NSObject, @unchecked Sendable {
    open var isSensitive = false
    open func beginSession() async throws -> Bool { false }
    open func transmit(_ request: Data) async throws -> Data { request }
    open func endSession() {}
}
