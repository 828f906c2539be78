//! A card, a reading of it, and what both need.

use std::sync::Arc;

use mynacard::uni::credential::NumberB;
use mynacard::uni::driver::{Action, Driver};
use mynacard::uni::error::MynacardFault;
use mynacard::uni::link::Link;
use mynacard::uni::plain::{Plan, extended_capabilities, plan_all};
use mynacard::uni::reading::Reading;
use mynacard::uni::sim::{SimCard, sim_roots_json};
use mynacard::uni::trust::{HostClock, Roots};
use mynacard_core::error::LinkFault;
use mynacard_sim::VirtualCard;

pub(crate) const NOW: u64 = 1_795_000_000_000;

pub(crate) fn failed(code: u16) -> MynacardFault {
    MynacardFault::Failed { code }
}

pub(crate) fn card(profile: &str) -> Arc<SimCard> {
    SimCard::of_profile(profile.to_owned()).unwrap()
}

pub(crate) fn number(card: &SimCard) -> Arc<NumberB> {
    NumberB::from_digits(card.number_b().unwrap()).unwrap()
}

/// A number that could be, and is not that of the card.
pub(crate) fn wrong_number(card: &SimCard) -> Arc<NumberB> {
    let mut digits = card.number_b().unwrap();
    let last = digits.last_mut().unwrap();
    *last = if *last == b'0' { b'1' } else { b'0' };
    NumberB::from_digits(digits).unwrap()
}

pub(crate) fn plan(tap: u8) -> Plan {
    Plan { nonce: Some((tap..tap + 24).collect()), ..plan_all() }
}

/// Steps a driver over a card by hand. The exchange `lost_at` is lost.
pub(crate) fn drive(driver: &Driver, card: &SimCard, lost_at: Option<usize>) -> usize {
    let mut exchanges = 0;
    drive_over(driver, |command| {
        exchanges += 1;
        if lost_at == Some(exchanges - 1) {
            card.power_off();
            return None;
        }
        Some(card.transmit(command))
    })
}

/// Steps a driver by hand; an exchange without an answer is lost. Gives the number of exchanges.
pub(crate) fn drive_over(
    driver: &Driver,
    mut transmit: impl FnMut(Vec<u8>) -> Option<Vec<u8>>,
) -> usize {
    let mut exchanges = 0;
    let mut action = driver.start().unwrap();
    loop {
        action = match action {
            Action::Transmit { command } => {
                exchanges += 1;
                match transmit(command) {
                    Some(answer) => driver.respond(answer).unwrap(),
                    None => driver.link_lost(LinkFault::Lost.code()).unwrap(),
                }
            }
            Action::Progress { .. } | Action::Face { .. } => driver.proceed().unwrap(),
            Action::Done => return exchanges,
        };
    }
}

pub(crate) fn read(profile: &str) -> (Arc<SimCard>, Arc<Reading>) {
    let card = card(profile);
    let reading = read_by(&card, plan(1));
    (card, reading)
}

/// A reading over the card's own link.
pub(crate) fn read_by(card: &SimCard, plan: Plan) -> Arc<Reading> {
    let driver = Driver::read(card.link(), number(card), plan).unwrap();
    drive(&driver, card, None);
    driver.reading().unwrap()
}

/// A reading of a card that imitates or is `adult`.
pub(crate) fn read_made(mut made: VirtualCard, plan: Plan) -> Arc<Reading> {
    let driver = Driver::read(link(), number(&card("adult")), plan).unwrap();
    drive_over(&driver, |command| Some(made.transmit(&command)));
    driver.reading().unwrap()
}

/// The same reading, examined.
pub(crate) fn examined(reading: Arc<Reading>) -> Arc<Reading> {
    reading.examine(roots(), HostClock::Trusted { unix_millis: NOW }).unwrap();
    reading
}

/// A connection to a card of the test's own.
pub(crate) fn link() -> Arc<Link> {
    Link::new(extended_capabilities())
}

pub(crate) fn roots() -> Arc<Roots> {
    Roots::from_json(sim_roots_json()).unwrap()
}
