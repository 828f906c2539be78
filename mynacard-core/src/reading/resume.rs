//! Going on after a torn tap (かざし直し): the card moved away, and is there again.
//!
//! First the chip proves that it is the same one, by signing the new challenge with the key that was
//! already read from it; this needs no number, so no other patient's card can lose a try. Then the
//! reading goes on from the block it had. It never goes on across a VERIFY whose outcome is unknown:
//! then the tries must be read, and a new reading begun.
//!
//! The proof was planned as token serial number and certificate; the key is stronger, cheaper by one
//! application, and free as well.

use core::borrow::Borrow;
use core::fmt;

use super::flow::read_parts;
use super::{CardReading, EarlyPart, Part, Plan};
use crate::applet::face;
use crate::card::Card;
use crate::credential::VerificationNumberB;
use crate::driver::{Driver, Parts};
use crate::error::{CardFault, CredentialFault, Error, LinkFault, Misuse};
use crate::exchange::{Channel, Limits, Link, Phase};
use crate::map::{Application, FACE};
use crate::tlv::{Header, Reader};
use crate::trust::Challenge;
use crate::trust::rsa::{PublicKey, RawKey};

/// A reading that did not go on. What had been read is kept.
pub struct NotResumed {
    /// The reading as it was.
    pub reading: Box<CardReading>,
    /// Why: [`LinkFault`], lost again; [`CardFault::OtherCard`], another card or one that cannot
    /// prove itself; [`CredentialFault::OutcomeUnknown`] and [`LinkFault::BeginAnew`], to be begun anew.
    pub error: Error,
}

impl fmt::Debug for NotResumed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NotResumed({})", self.error)
    }
}

/// A driver that goes on with a torn reading. `challenge` is new, as for every tap.
///
/// Errors: [`CredentialFault::OutcomeUnknown`] when a VERIFY may or may not have counted;
/// [`LinkFault::BeginAnew`] when the reading was not torn, or so early that nothing tells the card;
/// [`Misuse::OutOfRange`] for the challenge of an earlier tap; [`Misuse::LinkBusy`].
/// Card effect: none before the proof; then that of [`read`](super::read), for what is left.
pub fn resume<'a>(
    link: &Link,
    limits: Limits,
    number: impl Borrow<VerificationNumberB> + Send + Sync + 'a,
    plan: Plan,
    reading: CardReading,
    challenge: Challenge,
) -> Result<Driver<'a, Result<CardReading, NotResumed>, EarlyPart>, NotResumed> {
    let key = match key_to_go_on_with(&reading) {
        Ok(key) => key,
        Err(error) => return Err(NotResumed { reading: Box::new(reading), error }),
    };
    let earlier = reading.challenge.as_ref().map(Challenge::command_data);
    if earlier == Some(challenge.command_data()) {
        return Err(NotResumed { reading: Box::new(reading), error: Misuse::OutOfRange.into() });
    }
    let channel = match Channel::open(link, limits) {
        Ok(channel) => channel,
        Err(busy) => return Err(NotResumed { reading: Box::new(reading), error: busy.into() }),
    };
    let plan = plan.with_challenge(challenge);
    let flow = async move |mut card: Card, parts: Parts<EarlyPart>| {
        let mut reading = reading;
        match same_card_proof(&mut card, &plan, &key).await {
            Ok(proof) => reading.live_signature = Part::Read(proof),
            Err(error) => {
                reading.statistics += card.statistics();
                return Err(NotResumed { reading: Box::new(reading), error });
            }
        }
        reading.retry_failed_parts();
        if let Some(torn) = reading.torn.take() {
            card.continue_from(torn);
        }
        read_parts(&mut card, number.borrow(), plan, &parts, &mut reading).await;
        Ok(reading)
    };
    Ok(Driver::over(channel, flow))
}

async fn same_card_proof(
    card: &mut Card,
    plan: &Plan,
    key: &PublicKey,
) -> Result<zeroize::Zeroizing<Vec<u8>>, Error> {
    const OPERATION: &str = "same-card proof";
    card.progress(Phase::Identify, 0, 0);
    let Some(challenge) = &plan.challenge else { return Err(Misuse::OutOfRange.into()) };
    match card.sign(Application::Face, challenge.command_data()).await {
        Ok(answer) if challenge.is_answered(key, &answer) => Ok(answer),
        Ok(_) => Err(CardFault::OtherCard.during(OPERATION, None)),
        Err(Error::Card(refusal)) => Err(CardFault::OtherCard.during(OPERATION, refusal.status)),
        Err(error) => Err(error),
    }
}

/// The card's public key, as far as it was read. It need not be genuine to tell the card.
fn key_to_go_on_with(reading: &CardReading) -> Result<PublicKey, Error> {
    if reading.errors().any(|error| error == CredentialFault::OutcomeUnknown.into()) {
        return Err(CredentialFault::OutcomeUnknown.into());
    }
    if !reading.errors().any(|error| matches!(error, Error::Link(_))) {
        return Err(LinkFault::BeginAnew.into());
    }
    let torn = || reading.torn.as_ref()?.bytes_of(&FACE).and_then(key_in_start_of_face);
    let key = match reading.face.value() {
        Some(face) => parse_key(face.public_key()),
        None => torn(),
    };
    key.ok_or(LinkFault::BeginAnew.into())
}

/// The key object within the first blocks of the card face, if it is complete.
fn key_in_start_of_face(start: &[u8]) -> Option<PublicKey> {
    let header = Header::parse(start).ok()?;
    let mut reader = Reader::new(start.get(header.size()..)?);
    loop {
        let object = reader.read("face/DF24").ok()?;
        if object.tag() == face::PUBLIC_KEY_TAG {
            return parse_key(object.value());
        }
    }
}

fn parse_key(value: &[u8]) -> Option<PublicKey> {
    let raw = RawKey::parse(&mut Reader::new(value), "face/DF24").ok()?;
    PublicKey::try_from(raw).ok()
}

impl CardReading {
    /// Lets what a lost link has cut off, or kept from being tried, be tried again.
    fn retry_failed_parts(&mut self) {
        fn retry<T>(part: &mut Part<T>) {
            if matches!(part, Part::Failed(Error::Link(_))) {
                *part = Part::NotAttempted;
            }
        }
        retry(&mut self.face);
        retry(&mut self.face_certificate);
        retry(&mut self.attributes);
        retry(&mut self.integrity);
        retry(&mut self.text_certificate);
        retry(&mut self.text_key);
        // The challenge is new, so an answer to the one before proves nothing.
        self.text_live_signature = Part::NotAttempted;
        retry(&mut self.certificate);
    }
}
