//! The one reading flow, which a plan steers.

use core::borrow::Borrow;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::{CardReading, EarlyPart, Part, Plan, identify};
use crate::applet::face::CardFace;
use crate::applet::text::{Attributes, IntegrityRecord};
use crate::card::{Card, Floor, Verification, VerifyOutcome};
use crate::credential::VerificationNumberB;
use crate::driver::{Driver, Parts};
use crate::error::{
    CardError, CardFault, CredentialFault, Error, Malformed, MalformedReason, Misuse,
};
use crate::exchange::{Limits, Link, Phase};
use crate::map::{self, Application, KeyRef};
use crate::trust::x509;

/// A driver that reads a card by a plan with its printed number.
///
/// Errors: [`Misuse::LinkBusy`].
/// Card effect: at most one VERIFY to each of the two applications that the plan opens; a wrong
/// number spends one try and ends the reading. A blocked key spends none and ends the use of the number: what needs no
/// number is still read.
/// The result says what was spent.
pub fn read<'a>(
    link: &Link,
    limits: Limits,
    number: impl Borrow<VerificationNumberB> + Send + Sync + 'a,
    plan: Plan,
) -> Result<Driver<'a, CardReading, EarlyPart>, Misuse> {
    Driver::with_parts(link, limits, move |mut card, parts| async move {
        let mut reading = CardReading::empty();
        read_parts(&mut card, number.borrow(), plan, &parts, &mut reading).await;
        reading
    })
}

/// Reads the parts of the plan that are still pending, and notes what it cost.
pub(super) async fn read_parts(
    card: &mut Card,
    number: &VerificationNumberB,
    plan: Plan,
    parts: &Parts<EarlyPart>,
    reading: &mut CardReading,
) {
    read_pending(card, number, &plan, parts, reading).await;
    reading.torn = card.take_torn();
    reading.challenge = plan.challenge;
    reading.statistics += card.statistics();
}

async fn read_pending(
    card: &mut Card,
    number: &VerificationNumberB,
    plan: &Plan,
    parts: &Parts<EarlyPart>,
    reading: &mut CardReading,
) {
    let mut is_blocked = false;
    if plan.face {
        read_face(card, number, plan, parts, reading).await;
        if let Some(missing) = refusal(reading.face.error(), CardFault::ApplicationMissing) {
            reading.face = Part::Failed(explained(card, missing, reading).await);
            return;
        }
        is_blocked = found_blocked(reading.face_verification);
        if !is_blocked && is_used_up(reading.face_verification, reading.face.error()) {
            return;
        }
    }
    // A blocked key ends the number everywhere; the certificate takes none.
    if plan.attributes && !is_blocked {
        read_attributes(card, number, plan, reading).await;
        let missing = refusal(reading.attributes.error(), CardFault::ApplicationMissing);
        if let (Some(missing), false) = (missing, plan.face) {
            reading.attributes = Part::Failed(explained(card, missing, reading).await);
            return;
        }
        let is_blocked = found_blocked(reading.text_verification);
        if !is_blocked && is_used_up(reading.text_verification, reading.attributes.error())
            || is_used_up(None, reading.integrity.error())
            || is_used_up(None, reading.text_key.error())
        {
            return;
        }
    }
    if plan.certificate && reading.certificate.is_pending() {
        let read = card.read(&map::AUTHENTICATION_CERTIFICATE, Phase::Certificate).await;
        reading.certificate = Part::from_result(read.and_then(certificate));
        // A phone keeps its certificate behind the PIN, where a card lets it be read.
        if let Some(denied) = refusal(reading.certificate.error(), CardFault::AccessDenied) {
            reading.certificate = Part::Failed(explained(card, denied, reading).await);
        }
    }
}

/// A certificate that parses; what it is worth is for the trust checks to say.
fn certificate(der: Zeroizing<Vec<u8>>) -> Result<Zeroizing<Vec<u8>>, Error> {
    if x509::is_certificate(&der) {
        return Ok(der);
    }
    let object = map::AUTHENTICATION_CERTIFICATE.name;
    Err(Malformed { object, at: 0, why: MalformedReason::BadValue }.into())
}

/// The card's refusal in an error, if it is this one.
fn refusal(error: Option<Error>, fault: CardFault) -> Option<CardError> {
    match error {
        Some(Error::Card(error)) if error.fault == fault => Some(error),
        _ => None,
    }
}

/// Finds out what lies there when a card refused what every card has, so that a phone and a foreign
/// card get different answers.
async fn explained(card: &mut Card, refusal: CardError, reading: &mut CardReading) -> Error {
    let token = match identify::find_token(card).await {
        Ok(token) => token,
        Err(Error::Link(fault)) => return fault.into(),
        Err(_) => return refusal.into(),
    };
    reading.token = Some(token);
    if token.is_phone() {
        return CardFault::PhoneToken.during(refusal.operation, refusal.status);
    }
    refusal.into()
}

/// Whether a key was blocked before anything was presented to it.
fn found_blocked(verification: Option<Verification>) -> bool {
    verification.is_some_and(|verification| {
        verification.outcome == VerifyOutcome::Blocked && verification.tries_spent() == 0
    })
}

/// Whether the number must not be presented again: it was wrong, a key is blocked, or it is not known
/// whether it was right.
fn is_used_up(verification: Option<Verification>, error: Option<Error>) -> bool {
    verification.is_some_and(|verification| verification.ends_the_number())
        || error == Some(CredentialFault::OutcomeUnknown.into())
}

async fn read_face(
    card: &mut Card,
    number: &VerificationNumberB,
    plan: &Plan,
    parts: &Parts<EarlyPart>,
    reading: &mut CardReading,
) {
    if reading.face.is_pending() {
        card.progress(Phase::UnlockFace, 0, 0);
        reading.last_tries_allowed |= plan.face_floor == Floor::LAST_TRIES_ALLOWED;
        let verification = card.verify(KeyRef::FaceNumberB, number, plan.face_floor).await;
        reading.face_verification = verification.ok();
        reading.face = match verification {
            Err(error) => Part::Failed(error),
            Ok(verification) if !verification.is_open() => Part::Refused(verification),
            Ok(_) => {
                let bytes = card.read(&map::FACE, Phase::Face).await;
                Part::from_result(bytes.and_then(|bytes| Ok(Arc::new(CardFace::parse(bytes)?))))
            }
        };
        if let Some(face) = reading.face.value() {
            parts.deliver(EarlyPart::Face(Arc::clone(face)));
        }
    }
    if reading.face.value().is_none() {
        return;
    }
    if let (Some(challenge), true) = (&plan.challenge, reading.live_signature.is_pending()) {
        card.progress(Phase::FaceProof, 0, 0);
        let signature = card.sign(Application::Face, challenge.command_data()).await;
        reading.live_signature = Part::from_result(signature);
    }
    if plan.proof && reading.face_certificate.is_pending() {
        let certificate = card.read(&map::FACE_CERTIFICATE, Phase::FaceProof).await;
        reading.face_certificate = Part::from_result(certificate);
    }
}

async fn read_attributes(
    card: &mut Card,
    number: &VerificationNumberB,
    plan: &Plan,
    reading: &mut CardReading,
) {
    let has_or_will = reading.attributes.is_pending() || reading.attributes.value().is_some();
    let wants_integrity = plan.proof && reading.integrity.is_pending() && has_or_will;
    let proving = plan.challenge.as_ref().filter(|_| plan.text_proof && has_or_will);
    let wants_key = proving.is_some() && reading.text_key.is_pending();
    if reading.attributes.is_pending() || wants_integrity || wants_key {
        card.progress(Phase::UnlockText, 0, 0);
        reading.last_tries_allowed |= plan.text_floor == Floor::LAST_TRIES_ALLOWED;
        let verification = card.verify(KeyRef::TextNumberB, number, plan.text_floor).await;
        reading.text_verification = verification.ok();
        // After a torn tap the attributes may be there already: what went wrong then is the record's.
        if reading.attributes.is_pending() {
            shut(&mut reading.attributes, verification);
        } else {
            if wants_integrity {
                shut(&mut reading.integrity, verification);
            }
            if wants_key {
                shut(&mut reading.text_key, verification);
            }
        }
        if reading.attributes.is_pending() {
            let bytes = card.read(&map::ATTRIBUTES, Phase::Attributes).await;
            reading.attributes =
                Part::from_result(bytes.and_then(|bytes| Ok(Attributes::parse(bytes)?)));
        }
    }
    if reading.attributes.value().is_none() {
        return;
    }
    if wants_integrity && reading.integrity.is_pending() {
        let record = card.read(&map::INTEGRITY, Phase::AttributesProof).await;
        reading.integrity =
            Part::from_result(record.and_then(|bytes| Ok(IntegrityRecord::parse(&bytes)?)));
    }
    if plan.proof && reading.text_certificate.is_pending() {
        let certificate = card.read(&map::TEXT_CERTIFICATE, Phase::AttributesProof).await;
        reading.text_certificate = Part::from_result(certificate);
    }
    let Some(challenge) = proving else { return };
    if reading.text_key.is_pending() {
        let key = card.read(&map::TEXT_KEY, Phase::AttributesProof).await;
        reading.text_key = Part::from_result(key);
    }
    if reading.text_live_signature.is_pending() {
        let signature = card.sign(Application::Text, challenge.command_data()).await;
        reading.text_live_signature = Part::from_result(signature);
    }
}

/// Says of a part why its application did not open, if it did not.
fn shut<T>(part: &mut Part<T>, verification: Result<Verification, Error>) {
    match verification {
        Ok(verification) if verification.is_open() => {}
        Ok(verification) => *part = Part::Refused(verification),
        Err(error) => *part = Part::Failed(error),
    }
}
