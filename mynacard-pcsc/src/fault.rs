//! PC/SC's return codes as the link faults of the core.

use mynacard_core::error::LinkFault;
use pcsc::Error;

/// What was being done, since one code means different things at different times.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum During {
    /// Talking to the service, or waiting for readers and cards.
    Wait,
    /// Connecting to a card.
    Connect,
    /// An exchange with a connected card.
    Exchange,
}

/// The link fault for a return code.
pub(crate) fn link_fault(error: Error, during: During) -> LinkFault {
    match error {
        Error::NoService | Error::ServiceStopped | Error::Shutdown => {
            without_service(during, cfg!(windows))
        }
        // The rules of the system's administrator (polkit), or a session without the right.
        Error::SecurityViolation | Error::NoAccess => LinkFault::NotPermitted,
        Error::NoReadersAvailable => LinkFault::NoReader,
        Error::UnknownReader | Error::ReaderUnavailable => LinkFault::ReaderGone,
        Error::SharingViolation | Error::ServerTooBusy => LinkFault::Busy,
        Error::Cancelled | Error::SystemCancelled | Error::CancelledByUser => LinkFault::Cancelled,
        Error::Timeout | Error::WaitedTooLong => LinkFault::Timeout,
        Error::ResetCard => LinkFault::Reset,
        Error::NoSmartcard | Error::RemovedCard => match during {
            During::Exchange => LinkFault::Lost,
            During::Wait | During::Connect => LinkFault::NoCard,
        },
        // Unpowered under a session, its state is gone as after a reset.
        Error::UnpoweredCard if during == During::Exchange => LinkFault::Reset,
        Error::UnpoweredCard
        | Error::UnresponsiveCard
        | Error::ProtoMismatch
        | Error::UnsupportedCard
        | Error::CardUnsupported
        | Error::InvalidAtr => LinkFault::Mute,
        // A reader that has lost its card says this until the service has noticed: on pcsc-lite
        // for up to 400 ms.
        Error::NotTransacted | Error::CommError | Error::CommDataLost => match during {
            During::Exchange => LinkFault::Lost,
            During::Connect => LinkFault::Mute,
            During::Wait => LinkFault::Transport,
        },
        _ => LinkFault::Transport,
    }
}

/// What it means that there is no service. Windows starts it with the first reader and stops it with
/// the last; elsewhere somebody has to start it.
pub(crate) fn without_service(during: During, on_windows: bool) -> LinkFault {
    match (on_windows, during) {
        (false, _) => LinkFault::NoService,
        (true, During::Exchange) => LinkFault::ReaderGone,
        (true, During::Wait | During::Connect) => LinkFault::NoReader,
    }
}

/// Whether a connection to the service is dead, and a fresh one may find it alive.
pub(crate) fn is_dead(error: Error) -> bool {
    use Error::{InvalidHandle, NoService, ServiceStopped, Shutdown};
    matches!(error, NoService | ServiceStopped | Shutdown | InvalidHandle)
}

/// Whether a connection to a card that failed so may come about a moment later: it is being looked at
/// by another program, or has not come up yet.
pub(crate) fn may_pass(fault: LinkFault) -> bool {
    use LinkFault::{Busy, Lost, Mute, Reset, Timeout, Transport};
    matches!(fault, Busy | Lost | Mute | Reset | Timeout | Transport)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn on_windows_no_service_is_no_reader() {
        assert_eq!(without_service(During::Wait, true), LinkFault::NoReader);
        assert_eq!(without_service(During::Exchange, true), LinkFault::ReaderGone);
        for during in [During::Wait, During::Connect, During::Exchange] {
            assert_eq!(without_service(during, false), LinkFault::NoService);
        }
    }

    #[test]
    fn a_missing_card_is_lost_in_an_exchange_and_absent_before_one() {
        for error in [Error::NoSmartcard, Error::RemovedCard] {
            assert_eq!(link_fault(error, During::Exchange), LinkFault::Lost);
            assert_eq!(link_fault(error, During::Connect), LinkFault::NoCard);
        }
    }

    #[test]
    fn a_card_without_power_is_reset_under_a_session_and_mute_before_one() {
        assert_eq!(link_fault(Error::UnpoweredCard, During::Exchange), LinkFault::Reset);
        assert_eq!(link_fault(Error::UnpoweredCard, During::Connect), LinkFault::Mute);
    }

    #[test]
    fn what_nobody_can_act_on_is_the_transports_own() {
        for error in [Error::InsufficientBuffer, Error::InvalidParameter, Error::InternalError] {
            for during in [During::Wait, During::Connect, During::Exchange] {
                assert_eq!(link_fault(error, during), LinkFault::Transport);
            }
        }
    }
}
