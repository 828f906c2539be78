//! What can be asked without any credential: tries left, and the card's own facts.

use crate::applet::common::{self, CardInfo};
use crate::applet::face::{self, BasicInfo};
use crate::applet::jpki::{self, Availability};
use crate::applet::{Application, KeyRef};
use crate::card::{Card, TriesLeft};
use crate::error::Error;
use crate::exchange::{Capabilities, Driver, Limits, Phase, Statistics};

/// The tries left of every key that this crate knows, each for itself.
#[derive(Debug)]
pub struct TriesReport {
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
/// Card effect: selects applications and keys; free, no counter changes.
#[must_use]
pub fn read_tries(capabilities: Capabilities, limits: Limits) -> Driver<'static, TriesReport> {
    Driver::new(capabilities, limits, |mut card| async move {
        card.report(Phase::Tries, 0, 0);
        TriesReport {
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
/// Card effect: selects applications and files; no VERIFY.
#[must_use]
pub fn read_facts(capabilities: Capabilities, limits: Limits) -> Driver<'static, CardFacts> {
    Driver::new(capabilities, limits, |mut card| async move {
        CardFacts {
            card_info: card_info(&mut card).await,
            face_info: face_info(&mut card).await,
            availability: availability(&mut card).await,
        }
    })
}

async fn card_info(card: &mut Card) -> Result<CardInfo, Error> {
    card.report(Phase::CardInfo, 0, 0);
    let record = card.read_record(&common::CARD_INFO, 1).await?;
    Ok(CardInfo::parse(&record)?)
}

async fn face_info(card: &mut Card) -> Result<BasicInfo, Error> {
    let bytes = card.read(&face::BASIC_INFO, Phase::CardInfo).await?;
    Ok(BasicInfo::parse(&bytes)?)
}

async fn availability(card: &mut Card) -> Result<Availability, Error> {
    let bytes = card.read_start(Application::Jpki, jpki::AVAILABILITY, "jpki/0008", 3).await?;
    Ok(Availability::parse(&bytes)?)
}
