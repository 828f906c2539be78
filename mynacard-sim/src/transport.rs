//! The virtual card as a transport: a reader that never loses its card.

use mynacard_core::error::LinkFault;
use mynacard_core::exchange::{Capabilities, CardTransport};

use crate::VirtualCard;

impl CardTransport for VirtualCard {
    fn transmit(&mut self, command: &[u8], response: &mut Vec<u8>) -> Result<(), LinkFault> {
        response.extend_from_slice(&VirtualCard::transmit(self, command));
        Ok(())
    }

    /// Those of the link, which carries everything; the card itself may refuse extended lengths.
    fn capabilities(&self) -> Capabilities {
        Capabilities::EXTENDED
    }
}
