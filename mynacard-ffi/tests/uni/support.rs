//! A card, a reading of it, and what both need.

use std::sync::Arc;

use mynacard::uni::credential::NumberB;
use mynacard::uni::driver::{Action, Driver};
use mynacard::uni::error::MynacardFault;
use mynacard::uni::plain::{Plan, extended_link, plan_all};
use mynacard::uni::reading::Reading;
use mynacard::uni::sim::{SimCard, sim_roots_json};
use mynacard::uni::trust::Roots;
use mynacard_core::error::LinkFault;

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

pub(crate) fn plan(tap: u8) -> Plan {
    Plan { nonce: Some((tap..tap + 24).collect()), ..plan_all() }
}

/// Steps a driver over a card by hand. The exchange `lost_at` is lost.
pub(crate) fn drive(driver: &Driver, card: &SimCard, lost_at: Option<usize>) -> usize {
    let mut exchanges = 0;
    let mut action = driver.start().unwrap();
    loop {
        action = match action {
            Action::Transmit { .. } if lost_at == Some(exchanges) => {
                card.power_off();
                exchanges += 1;
                driver.link_lost(LinkFault::Lost.code()).unwrap()
            }
            Action::Transmit { command } => {
                exchanges += 1;
                driver.respond(card.transmit(command)).unwrap()
            }
            Action::Progress { .. } | Action::Face { .. } => driver.proceed().unwrap(),
            Action::Done => return exchanges,
        };
    }
}

pub(crate) fn read(profile: &str) -> (Arc<SimCard>, Arc<Reading>) {
    let card = card(profile);
    let driver = Driver::read(extended_link(), number(&card), plan(1)).unwrap();
    drive(&driver, &card, None);
    let reading = driver.reading().unwrap();
    (card, reading)
}

pub(crate) fn roots() -> Arc<Roots> {
    Roots::from_json(sim_roots_json()).unwrap()
}
