// Apple's framework exists on no other system, so this file is compiled and tried on Apple's devices alone. What failures
// mean is decided in SlotErrors.
#if canImport(CryptoTokenKit)
    import CryptoTokenKit
    import Foundation
    import Mynacard

    /// A card on a reader that is plugged in: the way for iPads, which have no NFC, and for Macs. The session is the app's
    /// alone until this object goes.
    ///
    /// The app needs the entitlement `com.apple.security.smartcard`.
    public final class SlotTransport: CardTransport, @unchecked Sendable {
        /// What the reader says that it carries.
        public let capabilities: ReaderCapabilities
        private let slot: TKSmartCardSlot
        private let card: TKSmartCard

        /// The names of the readers that are plugged in.
        public static var readers: [String] { TKSmartCardSlotManager.default?.slotNames ?? [] }

        /// Opens a session with the card on a reader. Effect on the card: it is reset, now and at the end.
        ///
        /// Errors: `LinkFailure`: `.noService` without the entitlement, `.noReader`, `.noCard`, `.mute`, `.busy`.
        public init(reader: String) async throws {
            guard let manager = TKSmartCardSlotManager.default else { throw LinkFailure.noService }
            guard let slot = await manager.getSlot(withName: reader) else { throw LinkFailure.noReader }
            if let failure = LinkFailure(slotState: slot.state.rawValue) { throw failure }
            guard let card = slot.makeSmartCard() else { throw LinkFailure.noCard }
            // Reset before the session and after it: no application stays open for the next program.
            card.isSensitive = true
            do {
                guard try await card.beginSession() else { throw LinkFailure.busy }
            } catch let failure as LinkFailure {
                throw failure
            } catch {
                throw Self.failure(error, slot)
            }
            self.slot = slot
            self.card = card
            capabilities = ReaderCapabilities(maxInput: slot.maxInputLength, maxOutput: slot.maxOutputLength)
        }

        deinit {
            card.endSession()
        }

        /// Sends a command, once.
        public func transmit(_ command: Data) async throws -> Data {
            do {
                let answer = try await card.transmit(command)
                // Less than two status bytes is no answer.
                guard answer.count >= 2 else { throw LinkFailure.lost }
                return answer
            } catch let failure as LinkFailure {
                throw failure
            } catch {
                throw Self.failure(error, slot)
            }
        }

        private static func failure(_ error: any Error, _ slot: TKSmartCardSlot) -> LinkFailure {
            let error = error as NSError
            return LinkFailure(
                tokenKitCode: error.domain == TKErrorDomain ? error.code : 0, slotState: slot.state.rawValue)
        }
    }
#endif
