//! Our side: a virtual card as a transport, and a reading of it.

use mynacard_core::Error;
use mynacard_core::credential::VerificationNumberB;
use mynacard_core::error::LinkFault;
use mynacard_core::exchange::{self, Capabilities, CardTransport, Limits};
use mynacard_core::reading::{CardReading, Plan, read};
use mynacard_core::run;
use mynacard_sim::VirtualCard;

/// A link to a virtual card that always works.
#[derive(Debug)]
pub struct Link {
    /// The card at its end, which counts exchanges and tries.
    pub card: VirtualCard,
    link: exchange::Link,
}

impl Link {
    /// A link that carries short commands only, 256 bytes an answer.
    #[must_use]
    pub fn short(card: VirtualCard) -> Self {
        Self { card, link: exchange::Link::new(Capabilities::SHORT) }
    }

    /// A link that carries extended lengths too.
    #[must_use]
    pub fn extended(card: VirtualCard) -> Self {
        Self { card, link: exchange::Link::new(Capabilities::EXTENDED) }
    }
}

impl CardTransport for Link {
    fn transmit(&mut self, command: &[u8], response: &mut Vec<u8>) -> Result<(), LinkFault> {
        response.extend_from_slice(&self.card.transmit(command));
        Ok(())
    }

    fn link(&self) -> &exchange::Link {
        &self.link
    }
}

/// Reads a card by a plan with 照合番号B in digits.
///
/// Errors: digits that are no such number. Card effect: as [`read`].
pub fn we_read(link: &mut Link, digits: &str, plan: Plan) -> Result<CardReading, Error> {
    let number = VerificationNumberB::from_digits(digits.as_bytes())?;
    let mut driver = read(&link.link, Limits::default(), number, plan)?;
    Ok(run(&mut driver, link)?)
}
