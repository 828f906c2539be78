//! What can be asked without any credential: tries left, and the card's own facts.

use crate::applet::common::CardInfo;
use crate::applet::face::BasicInfo;
use crate::applet::jpki::Availability;
use crate::card::{Card, TriesLeft};
use crate::driver::Driver;
use crate::error::{Error, Misuse};
use crate::exchange::{Limits, Link, Phase, Statistics};
use crate::map::{AVAILABILITY, CARD_INFO, FACE_INFO, KeyRef};

/// The tries left of every key that this crate knows, each for itself.
#[derive(Debug)]
pub struct Tries {
    /// 照合番号B of the card-face application.
    pub face_b: Result<TriesLeft, Error>,
    /// 照合番号B of the text application.
    pub text_b: Result<TriesLeft, Error>,
    /// PIN of the text application.
    pub text_pin: Result<TriesLeft, Error>,
    /// PIN of the authentication key.
    pub authentication_pin: Result<TriesLeft, Error>,
    /// Password of the signature key.
    pub signature_password: Result<TriesLeft, Error>,
    /// What the queries have cost.
    pub statistics: Statistics,
}

/// A driver that asks for the tries left of every key.
///
/// Errors: [`Misuse::LinkBusy`]. Card effect: selects applications and keys; free, no counter changes.
pub fn read_tries(link: &Link, limits: Limits) -> Result<Driver<'static, Tries>, Misuse> {
    Driver::new(link, limits, |mut card| async move {
        card.progress(Phase::Tries, 0, 0);
        Tries {
            face_b: card.tries_left(KeyRef::FaceNumberB).await,
            text_b: card.tries_left(KeyRef::TextNumberB).await,
            text_pin: card.tries_left(KeyRef::TextPin).await,
            authentication_pin: card.tries_left(KeyRef::AuthenticationPin).await,
            signature_password: card.tries_left(KeyRef::SignaturePassword).await,
            statistics: card.statistics(),
        }
    })
}

/// What a card says of itself without any credential. Nothing of it is signed.
#[derive(Debug)]
pub struct CardFacts {
    /// The card's own record: serial number, municipality, expiry.
    pub card_info: Result<CardInfo, Error>,
    /// Basic information of the card-face application.
    pub face_info: Result<BasicInfo, Error>,
    /// Which certificates there are.
    pub availability: Result<Availability, Error>,
}

/// A driver that reads what a card says of itself.
///
/// Errors: [`Misuse::LinkBusy`]. Card effect: selects applications and files; no VERIFY.
pub fn read_facts(link: &Link, limits: Limits) -> Result<Driver<'static, CardFacts>, Misuse> {
    Driver::new(link, limits, |mut card| async move {
        CardFacts {
            card_info: card_info(&mut card).await,
            face_info: face_info(&mut card).await,
            availability: availability(&mut card).await,
        }
    })
}

async fn card_info(card: &mut Card) -> Result<CardInfo, Error> {
    card.progress(Phase::CardInfo, 0, 0);
    let record = card.read_record(&CARD_INFO, 1).await?;
    Ok(CardInfo::parse(&record)?)
}

async fn face_info(card: &mut Card) -> Result<BasicInfo, Error> {
    let bytes = card.read(&FACE_INFO, Phase::CardInfo).await?;
    Ok(BasicInfo::parse(&bytes)?)
}

async fn availability(card: &mut Card) -> Result<Availability, Error> {
    let bytes = card.read_start(&AVAILABILITY).await?;
    Ok(Availability::parse(&bytes)?)
}
