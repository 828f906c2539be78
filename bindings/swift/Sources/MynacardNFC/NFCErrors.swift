import Mynacard

extension LinkFailure {
    /// What a failure of Core NFC means for a reading, by the raw value of `NFCReaderError.Code`.
    ///
    /// After each of them nothing is known about the command that was under way; the scanner sends nothing more on that
    /// connection.
    public init(nfcCode: Int) {
        self =
            switch nfcCode {
            // readerErrorUnsupportedFeature: a device without NFC, every iPad.
            case 1: .noReader
            // radioDisabled, ineligible, accessNotAccepted.
            case 6, 7, 8: .noService
            // tagConnectionLost, tagResponseError (garbled on the air), tagNotConnected.
            case 100, 102, 104: .lost
            // retryExceeded.
            case 101: .timeout
            // sessionInvalidated while a command was under way; userCanceled.
            case 103, 200: .cancelled
            // sessionTimeout: Apple gives a session 60 seconds.
            case 201: .timeout
            // sessionTerminatedUnexpectedly.
            case 202: .readerGone
            // systemIsBusy.
            case 203: .busy
            // securityViolation (a missing entitlement), invalid parameters, packetTooLong, and what is not known.
            default: .transport
            }
    }
}
