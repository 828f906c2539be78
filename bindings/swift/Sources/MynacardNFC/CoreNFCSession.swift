// Apple's framework exists on no other system, so this file is compiled and tried on Apple's devices alone. It
// decides nothing: see TagSession.
#if canImport(CoreNFC) && !os(macOS)
    import CoreNFC
    import Foundation

    /// `NFCTagReaderSession` as a `TagSession`. One object for one sheet.
    ///
    /// The app needs the entitlement and the Info.plist keys in the folder AppFiles.
    public final class CoreNFCSession: NSObject, TagSession, @unchecked Sendable {
        private let queue = DispatchQueue(label: "jp.mynacard.nfc")
        private let events = EventQueue()
        // Used on the queue alone.
        private var session: NFCTagReaderSession?
        private var tag: NFCTag?

        /// Whether this device can read cards: iPhones can, iPads cannot.
        public static var isAvailable: Bool { NFCTagReaderSession.readingAvailable }

        public func begin(alert: String) {
            queue.async { [self] in
                guard
                    Self.isAvailable,
                    let session = NFCTagReaderSession(pollingOption: .iso14443, delegate: self, queue: queue)
                else {
                    events.post(.invalidated(code: NFCReaderError.readerErrorUnsupportedFeature.rawValue))
                    return
                }
                self.session = session
                session.alertMessage = alert
                session.begin()
            }
        }

        public func nextEvent() async -> TagEvent { await events.next() }

        public func connect() async throws {
            try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
                queue.async { [self] in
                    guard let session, let tag else {
                        done.resume(throwing: TagError(code: Self.notConnected))
                        return
                    }
                    session.connect(to: tag) { error in
                        if let error { done.resume(throwing: Self.tagError(error)) } else { done.resume() }
                    }
                }
            }
        }

        public func send(_ command: Data) async throws -> Data {
            try await withCheckedThrowingContinuation { (done: CheckedContinuation<Data, any Error>) in
                queue.async { [self] in
                    guard case .iso7816(let card)? = tag else {
                        done.resume(throwing: TagError(code: Self.notConnected))
                        return
                    }
                    guard let apdu = NFCISO7816APDU(data: command) else {
                        done.resume(throwing: TagError(code: Self.invalidParameter))
                        return
                    }
                    card.sendCommand(apdu: apdu) { data, sw1, sw2, error in
                        if let error {
                            done.resume(throwing: Self.tagError(error))
                        } else {
                            done.resume(returning: data + [sw1, sw2])
                        }
                    }
                }
            }
        }

        public func restartPolling() {
            queue.async { [self] in
                tag = nil
                session?.restartPolling()
            }
        }

        public func show(_ alert: String) {
            queue.async { [self] in session?.alertMessage = alert }
        }

        public func end(failure: String?) {
            queue.async { [self] in
                guard let session else {
                    events.post(.invalidated(code: Self.userCancelled))
                    return
                }
                if let failure { session.invalidate(errorMessage: failure) } else { session.invalidate() }
            }
        }

        private static let notConnected = NFCReaderError.readerTransceiveErrorTagNotConnected.rawValue
        private static let invalidParameter = NFCReaderError.readerErrorInvalidParameter.rawValue
        private static let userCancelled = NFCReaderError.readerSessionInvalidationErrorUserCanceled.rawValue

        private static func tagError(_ error: any Error) -> TagError {
            TagError(code: (error as NSError).domain == NFCErrorDomain ? (error as NSError).code : 0)
        }
    }

    extension CoreNFCSession: NFCTagReaderSessionDelegate {
        public func tagReaderSessionDidBecomeActive(_ session: NFCTagReaderSession) {}

        public func tagReaderSession(_ session: NFCTagReaderSession, didDetect tags: [NFCTag]) {
            tag = tags.first
            let iso7816 = if case .iso7816? = tags.first { true } else { false }
            events.post(.detected(count: tags.count, iso7816: iso7816))
        }

        public func tagReaderSession(_ session: NFCTagReaderSession, didInvalidateWithError error: any Error) {
            self.session = nil
            tag = nil
            events.post(.invalidated(code: Self.tagError(error).code))
        }
    }
#endif
