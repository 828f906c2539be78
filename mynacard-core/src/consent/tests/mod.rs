//! The consent machine, from outside its rooms.

mod cards;
mod course;
mod explorer;
mod model;
mod time;

use super::card_id::Marks;
use super::*;
use crate::Timestamp;
use crate::audit::{EncounterId, Event, Real, Salt, ShortId};

const START: u64 = 1_795_000_000_000;
const LIFE: u64 = 60_000;

fn at(millis: u64) -> Timestamp {
    Timestamp::from_unix_millis(START + millis).unwrap()
}

fn crew() -> ShortId {
    ShortId::new("C-17").unwrap()
}

fn open() -> Consent<Real> {
    let life = PermitLife::from_millis(LIFE).unwrap();
    let salt = Salt::from_random([9; 32]);
    Consent::open(EncounterId::from_random([1; 16]), salt, life, crew(), at(0)).0
}

/// What a reading shows of a card with this number.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
enum Shown {
    Both(u8),
    Face(u8),
    Certificate(u8),
}

impl Shown {
    fn marks(self) -> Marks {
        let marks = match self {
            Self::Both(card) => Marks::of(Some(&[card]), Some(&[card])),
            Self::Face(card) => Marks::of(Some(&[card]), None),
            Self::Certificate(card) => Marks::of(None, Some(&[card])),
        };
        marks.unwrap()
    }

    const fn card(self) -> u8 {
        match self {
            Self::Both(card) | Self::Face(card) | Self::Certificate(card) => card,
        }
    }

    const fn has_face(self) -> bool {
        !matches!(self, Self::Certificate(_))
    }

    const fn has_certificate(self) -> bool {
        !matches!(self, Self::Face(_))
    }
}

/// Reads a card; the event of the card itself.
fn read(
    consent: &mut Consent<Real>,
    shown: Shown,
    trust: CardTrust,
    millis: u64,
) -> Result<Event, Refusal> {
    read_as(consent, shown, trust, None, millis).map(|events| *events.last().unwrap())
}

fn read_as(
    consent: &mut Consent<Real>,
    shown: Shown,
    trust: CardTrust,
    same: Option<bool>,
    millis: u64,
) -> Result<Vec<Event>, Refusal> {
    let made = consent.card_read(shown.marks(), trust, same, crew(), at(millis))?;
    Ok(made.into_iter().map(|occurrence| occurrence.event).collect())
}

fn apply(consent: &mut Consent<Real>, event: Event, millis: u64) -> Result<Event, Refusal> {
    consent.apply(event, crew(), at(millis)).map(|occurrence| occurrence.event)
}

/// Asks for a permit, and says that its entry is stored.
fn permit(consent: &mut Consent<Real>, scope: Scope, millis: u64) -> Result<Permit, Refusal> {
    let (pending, _) = consent.request_permit(scope, crew(), at(millis))?;
    consent.release(pending, at(millis))
}

/// A machine with all three facts, for card 1.
fn ready() -> Consent<Real> {
    let mut consent = open();
    read(&mut consent, Shown::Both(1), CardTrust::Acceptable, 1).unwrap();
    apply(&mut consent, Event::FaceMatched, 2).unwrap();
    apply(&mut consent, Event::ConsentByPatient, 3).unwrap();
    consent
}

fn every_end() -> impl Iterator<Item = Event> {
    Event::ALL.iter().copied().filter(|event| event.is_way_out() && event.is_recordable())
}
