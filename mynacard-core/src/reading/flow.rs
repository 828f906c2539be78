//! The one reading flow, which a plan steers.

use core::borrow::Borrow;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::{CardReading, EarlyPart, Part, Plan, identify};
use crate::applet::face::{self, CardFace};
use crate::applet::text::{self, Attributes, IntegrityRecord};
use crate::applet::{Application, KeyRef, jpki};
use crate::card::{Card, FileSpec, Verification, VerifyOutcome};
use crate::credential::{Secret, VerificationNumberB};
use crate::error::{CardFault, Error};
use crate::exchange::{Capabilities, Driver, Limits, Parts, Phase};

/// A driver that reads a card by a plan with its printed number.
///
/// Card effect: at most one VERIFY to each of the two applications that the plan opens; a wrong
/// number spends one try and ends the use of the number. The result says what was spent.
pub fn read<'a>(
    capabilities: Capabilities,
    limits: Limits,
    number: impl Borrow<VerificationNumberB> + Send + Sync + 'a,
    plan: Plan,
) -> Driver<'a, CardReading, EarlyPart> {
    Driver::with_parts(capabilities, limits, move |mut card, parts| async move {
        let mut reading = CardReading::empty();
        read_parts(&mut card, number.borrow(), &plan, &parts, &mut reading).await;
        reading.statistics = card.statistics();
        reading
    })
}

async fn read_parts(
    card: &mut Card,
    number: &VerificationNumberB,
    plan: &Plan,
    parts: &Parts<EarlyPart>,
    reading: &mut CardReading,
) {
    if plan.face {
        read_face(card, number, plan, parts, reading).await;
        if is_not_ours(card, reading).await || was_rejected(reading.face_verification) {
            return;
        }
    }
    if plan.attributes {
        read_attributes(card, number, plan, reading).await;
        if was_rejected(reading.text_verification) {
            return;
        }
    }
    if plan.certificate {
        let read = card.read(&jpki::AUTHENTICATION_CERTIFICATE, Phase::Certificate).await;
        reading.certificate = Part::from_result(read);
    }
}

/// Whether the face application is missing; if so, finds out what lies there instead, so that a
/// phone and a foreign card get different answers.
async fn is_not_ours(card: &mut Card, reading: &mut CardReading) -> bool {
    let Some(Error::Card(error)) = reading.face.error() else { return false };
    if error.fault != CardFault::ApplicationMissing {
        return false;
    }
    let token = identify::find_token(card).await;
    if let Ok(token) = token {
        reading.token = Some(token);
        if token.is_phone() {
            let phone = CardFault::PhoneToken.during(error.operation, error.status);
            reading.face = Part::Failed(phone);
        }
    }
    true
}

fn was_rejected(verification: Option<Verification>) -> bool {
    verification
        .is_some_and(|verification| matches!(verification.outcome, VerifyOutcome::Rejected { .. }))
}

async fn read_face(
    card: &mut Card,
    number: &VerificationNumberB,
    plan: &Plan,
    parts: &Parts<EarlyPart>,
    reading: &mut CardReading,
) {
    card.report(Phase::UnlockFace, 0, 0);
    reading.face = match open(card, KeyRef::FaceNumberB, number, plan.face_floor).await {
        Err(error) => Part::Failed(error),
        Ok(verification) => {
            reading.face_verification = Some(verification);
            if verification.is_open() {
                let bytes = card.read(&face::FACE, Phase::Face).await;
                Part::from_result(bytes.and_then(|bytes| Ok(Arc::new(CardFace::parse(bytes)?))))
            } else {
                Part::Refused(verification)
            }
        }
    };
    let Some(face) = reading.face.value() else { return };
    parts.deliver(EarlyPart::Face(Arc::clone(face)));
    if let Some(challenge) = &plan.challenge {
        card.report(Phase::FaceProof, 0, 0);
        let signature = card.sign(Application::Face, challenge).await;
        reading.live_signature = Part::from_result(signature);
    }
    if plan.proof {
        reading.face_certificate = proof(card, &face::CERTIFICATE, Phase::FaceProof).await;
    }
}

async fn read_attributes(
    card: &mut Card,
    number: &VerificationNumberB,
    plan: &Plan,
    reading: &mut CardReading,
) {
    card.report(Phase::UnlockText, 0, 0);
    reading.attributes = match open(card, KeyRef::TextNumberB, number, plan.text_floor).await {
        Err(error) => Part::Failed(error),
        Ok(verification) => {
            reading.text_verification = Some(verification);
            if verification.is_open() {
                let bytes = card.read(&text::ATTRIBUTES, Phase::Attributes).await;
                Part::from_result(bytes.and_then(|bytes| Ok(Attributes::parse(bytes)?)))
            } else {
                Part::Refused(verification)
            }
        }
    };
    if plan.proof && reading.attributes.value().is_some() {
        let record = card.read(&text::INTEGRITY, Phase::AttributesProof).await;
        reading.integrity =
            Part::from_result(record.and_then(|bytes| Ok(IntegrityRecord::parse(&bytes)?)));
        reading.text_certificate = proof(card, &text::CERTIFICATE, Phase::AttributesProof).await;
    }
}

async fn open(
    card: &mut Card,
    key: KeyRef,
    number: &VerificationNumberB,
    floor: u8,
) -> Result<Verification, Error> {
    card.verify(key, Secret::NumberB(number), floor).await
}

async fn proof(card: &mut Card, file: &FileSpec, phase: Phase) -> Part<Zeroizing<Vec<u8>>> {
    Part::from_result(card.read(file, phase).await)
}
