import Mynacard

extension LinkFailure {
    /// Why nothing can be sent to a reader's slot, by the raw value of `TKSmartCardSlot.State`; nil if a card is ready.
    public init?(slotState: Int) {
        switch slotState {
        // missing: the reader was unplugged.
        case 0: self = .readerGone
        // empty, and a card that is still being looked at.
        case 1, 2: self = .noCard
        // muteCard.
        case 3: self = .mute
        // validCard.
        case 4: return nil
        default: self = .transport
        }
    }

    /// What a failure of CryptoTokenKit means for a reading, by the raw value of `TKError.Code` and the state of the slot
    /// after it.
    public init(tokenKitCode code: Int, slotState: Int) {
        // An empty slot says more than "communication error".
        if let state = LinkFailure(slotState: slotState) {
            self = state == .noCard ? .lost : state
            return
        }
        self =
            switch code {
            // communicationError, corruptedData: the card is there, and what it said did not arrive.
            case -2, -3: .lost
            // canceledByUser.
            case -4: .cancelled
            // objectNotFound, tokenNotFound.
            case -6, -7: .noCard
            default: .transport
            }
    }
}

extension ReaderCapabilities {
    /// What a slot says that it carries; short commands where it says nothing useful.
    public init(maxInput: Int, maxOutput: Int) {
        let short = ReaderCapabilities.short
        guard maxInput > short.maxCommand, maxOutput > short.maxResponse else {
            self = short
            return
        }
        self.init(
            maxCommand: UInt32(clamping: maxInput), maxResponse: UInt32(clamping: maxOutput), extendedLength: true)
    }
}
