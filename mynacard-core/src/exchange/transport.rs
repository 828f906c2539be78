//! What carries bytes to a card.

use super::link::Link;
use crate::error::LinkFault;

/// A connection to one card. Implemented for every reader, and by the simulator.
pub trait CardTransport {
    /// Sends command bytes and appends the answer, data and status word, to `response`, which is empty
    /// and has room for [`Capabilities::max_response`](super::Capabilities::max_response) bytes.
    ///
    /// Must not send anything twice, whatever happens: a repeated VERIFY costs the patient a try.
    /// Errors: why there is no answer. The transport keeps details for its own log.
    fn transmit(&mut self, command: &[u8], response: &mut Vec<u8>) -> Result<(), LinkFault>;

    /// The connection's link: the same one as long as the card stays powered, whatever wraps this
    /// transport.
    fn link(&self) -> &Link;
}

impl<X: CardTransport + ?Sized> CardTransport for &mut X {
    fn transmit(&mut self, command: &[u8], response: &mut Vec<u8>) -> Result<(), LinkFault> {
        (**self).transmit(command, response)
    }

    fn link(&self) -> &Link {
        (**self).link()
    }
}

impl<X: CardTransport + ?Sized> CardTransport for Box<X> {
    fn transmit(&mut self, command: &[u8], response: &mut Vec<u8>) -> Result<(), LinkFault> {
        (**self).transmit(command, response)
    }

    fn link(&self) -> &Link {
        (**self).link()
    }
}

/// The same for hosts whose reader call is asynchronous.
pub trait AsyncCardTransport {
    /// As [`CardTransport::transmit`].
    fn transmit(
        &mut self,
        command: &[u8],
        response: &mut Vec<u8>,
    ) -> impl Future<Output = Result<(), LinkFault>>;

    /// As [`CardTransport::link`].
    fn link(&self) -> &Link;
}
