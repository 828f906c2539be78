// The declarations of Core NFC that CoreNFCSession.swift uses, after Apple's documentation, so that the file can at least be
// type-checked on Linux. Nothing here does anything, and it is in no product.
import Dispatch
import Foundation

public let NFCErrorDomain = "NFCError"

public struct NFCReaderError: Error {
    public enum Code: Int {
        case readerErrorUnsupportedFeature = 1
        case readerErrorInvalidParameter = 3
        case readerTransceiveErrorTagNotConnected = 104
        case readerSessionInvalidationErrorUserCanceled = 200
    }
    public static var readerErrorUnsupportedFeature: Code { .readerErrorUnsupportedFeature }
    public static var readerErrorInvalidParameter: Code { .readerErrorInvalidParameter }
    public static var readerTransceiveErrorTagNotConnected: Code { .readerTransceiveErrorTagNotConnected }
    public static var readerSessionInvalidationErrorUserCanceled: Code { .readerSessionInvalidationErrorUserCanceled }
}

open class NFCReaderSession: NSObject {
    open class var readingAvailable: Bool { false }
    open var alertMessage = ""
    open func begin() {}
    open func invalidate() {}
    open func invalidate(errorMessage: String) {}
}

public protocol NFCTagReaderSessionDelegate: NSObjectProtocol {
    func tagReaderSessionDidBecomeActive(_ session: NFCTagReaderSession)
    func tagReaderSession(_ session: NFCTagReaderSession, didInvalidateWithError error: any Error)
    func tagReaderSession(_ session: NFCTagReaderSession, didDetect tags: [NFCTag])
}

open class NFCTagReaderSession: NFCReaderSession {
    public struct PollingOption: OptionSet, Sendable {
        public let rawValue: Int
        public init(rawValue: Int) { self.rawValue = rawValue }
        public static let iso14443 = PollingOption(rawValue: 1)
    }
    public init?(
        pollingOption: PollingOption, delegate: any NFCTagReaderSessionDelegate, queue: DispatchQueue? = nil
    ) {
        return nil
    }
    open func restartPolling() {}
    open func connect(to tag: NFCTag, completionHandler: @escaping ((any Error)?) -> Void) {}
}

public protocol NFCISO7816Tag {
    func sendCommand(
        apdu: NFCISO7816APDU, completionHandler: @escaping (Data, UInt8, UInt8, (any Error)?) -> Void)
}

public enum NFCTag {
    case iso7816(any NFCISO7816Tag)
    case feliCa
}

open class NFCISO7816APDU: NSObject {
    public init?(data: Data) { return nil }
}
