//! The virtual card as a transport: a reader that never loses its card.

use std::fmt;

use mynacard_core::error::LinkFault;
use mynacard_core::exchange::{Capabilities, CardTransport, Link};

use crate::VirtualCard;

/// The connection to one virtual card. A clone of a card is another card, on another connection.
pub(crate) struct Connection(pub(crate) Link);

impl Connection {
    pub(crate) fn new(capabilities: Capabilities) -> Self {
        Self(Link::new(capabilities))
    }
}

impl Clone for Connection {
    fn clone(&self) -> Self {
        Self::new(self.0.capabilities())
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl CardTransport for VirtualCard {
    fn transmit(&mut self, command: &[u8], response: &mut Vec<u8>) -> Result<(), LinkFault> {
        response.extend_from_slice(&VirtualCard::transmit(self, command));
        Ok(())
    }

    /// It carries everything; the card itself may refuse extended lengths.
    fn link(&self) -> &Link {
        &self.connection.0
    }
}
