//! The flows an app wants: what lies on the reader, the face first, the attributes, the certificate.
//!
//! A reading follows a [`Plan`] and gives a [`CardReading`], in which each part stands for itself:
//! one that fails leaves the others as they are. The photo is delivered as soon as it is there
//! ([`EarlyPart::Face`]), since a crew can begin to compare while the rest is read.
//!
//! The number is presented once to each of the two applications, at most, and never again after the
//! card has rejected it.

mod evidence;
mod flow;
mod identify;
mod info;
mod resume;

use std::sync::Arc;

pub use evidence::Examined;
pub use flow::read;
pub use identify::{Identified, Token, identify, recognise};
pub use info::{CardFacts, Tries, read_facts, read_tries};
pub use resume::{NotResumed, resume};
use zeroize::Zeroizing;

use crate::applet::face::CardFace;
use crate::applet::text::{Attributes, IntegrityRecord};
use crate::card::{Floor, TornFile, Verification};
use crate::error::Error;
use crate::exchange::Statistics;
use crate::trust::Challenge;

/// What to read, and how careful to be with the tries.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Read the card face: photo, birth date, sex, expiry.
    pub face: bool,
    /// Read the four attributes as text.
    pub attributes: bool,
    /// Read the authentication certificate.
    pub certificate: bool,
    /// Read also what proves the above: CV certificates and the integrity record.
    pub proof: bool,
    /// Challenge for the card to answer with the key inside its face record. Without it the card is
    /// not asked to prove itself.
    pub challenge: Option<Challenge>,
    /// Have the text application answer the challenge too, with the key inside its own signed record
    /// (text 0007): the default, because without it nothing proves that name and address are this
    /// chip's. They may be those of another card with the same birth date and sex, so the verdict then
    /// calls nothing live that includes them. Four exchanges, two with extended length; none without a
    /// challenge.
    pub text_proof: bool,
    /// Fewest tries that must be left for 照合番号B of the card-face application.
    pub face_floor: Floor,
    /// Fewest tries that must be left for 照合番号B of the text application.
    pub text_floor: Floor,
}

impl Plan {
    /// Everything, with what proves it, but no challenge.
    #[must_use]
    pub const fn all() -> Self {
        Self {
            face: true,
            attributes: true,
            certificate: true,
            proof: true,
            challenge: None,
            text_proof: true,
            face_floor: Floor::DEFAULT,
            text_floor: Floor::DEFAULT,
        }
    }

    /// The card face alone, without proof: the shortest way to the photo.
    #[must_use]
    pub fn face_only() -> Self {
        Self { attributes: false, certificate: false, proof: false, ..Self::all() }
    }

    /// The four attributes alone, without proof.
    #[must_use]
    pub fn attributes_only() -> Self {
        Self { face: false, certificate: false, proof: false, ..Self::all() }
    }

    /// The authentication certificate alone. Presents no number.
    #[must_use]
    pub fn certificate_only() -> Self {
        Self { face: false, attributes: false, proof: false, ..Self::all() }
    }

    /// The same plan with a challenge.
    #[must_use]
    pub fn with_challenge(self, challenge: Challenge) -> Self {
        Self { challenge: Some(challenge), ..self }
    }

    /// The same plan without proof that name and address are this chip's.
    #[must_use]
    pub fn without_text_proof(self) -> Self {
        Self { text_proof: false, ..self }
    }

    /// The most tries that this plan can cost, over both counters.
    #[must_use]
    pub const fn tries_authorised(&self) -> u8 {
        self.face as u8 + self.attributes as u8
    }
}

/// What became of one part of a reading.
#[derive(Debug)]
pub enum Part<T> {
    /// Not in the plan, or given up because an earlier part made it pointless.
    NotAttempted,
    /// The number did not open it; the verification says why.
    Refused(Verification),
    /// It could not be read.
    Failed(Error),
    /// Read.
    Read(T),
}

impl<T> Part<T> {
    /// The value, if it was read.
    #[must_use]
    pub const fn value(&self) -> Option<&T> {
        match self {
            Self::Read(value) => Some(value),
            _ => None,
        }
    }

    /// The error, if it failed.
    #[must_use]
    pub const fn error(&self) -> Option<Error> {
        match self {
            Self::Failed(error) => Some(*error),
            _ => None,
        }
    }

    const fn is_pending(&self) -> bool {
        matches!(self, Self::NotAttempted)
    }

    fn from_result(result: Result<T, Error>) -> Self {
        match result {
            Ok(value) => Self::Read(value),
            Err(error) => Self::Failed(error),
        }
    }
}

/// What was read from one card, part by part. Only a reading makes one, and nothing in it can be
/// changed. Personal values in it are wiped on drop.
#[derive(Debug)]
pub struct CardReading {
    token: Option<Token>,
    face: Part<Arc<CardFace>>,
    face_verification: Option<Verification>,
    face_certificate: Part<Zeroizing<Vec<u8>>>,
    challenge: Option<Challenge>,
    live_signature: Part<Zeroizing<Vec<u8>>>,
    attributes: Part<Attributes>,
    text_verification: Option<Verification>,
    integrity: Part<IntegrityRecord>,
    text_certificate: Part<Zeroizing<Vec<u8>>>,
    text_key: Part<Zeroizing<Vec<u8>>>,
    text_live_signature: Part<Zeroizing<Vec<u8>>>,
    certificate: Part<Zeroizing<Vec<u8>>>,
    last_tries_allowed: bool,
    statistics: Statistics,
    torn: Option<TornFile>,
}

impl CardReading {
    const fn empty() -> Self {
        Self {
            token: None,
            face: Part::NotAttempted,
            face_verification: None,
            face_certificate: Part::NotAttempted,
            challenge: None,
            live_signature: Part::NotAttempted,
            attributes: Part::NotAttempted,
            text_verification: None,
            integrity: Part::NotAttempted,
            text_certificate: Part::NotAttempted,
            text_key: Part::NotAttempted,
            text_live_signature: Part::NotAttempted,
            certificate: Part::NotAttempted,
            last_tries_allowed: false,
            statistics: Statistics { exchanges: 0, bytes_sent: 0, bytes_received: 0 },
            torn: None,
        }
    }

    /// What lies on the reader, where that had to be found out.
    #[must_use]
    pub const fn token(&self) -> Option<Token> {
        self.token
    }

    /// The card face with the photo.
    #[must_use]
    pub const fn face(&self) -> &Part<Arc<CardFace>> {
        &self.face
    }

    /// The VERIFY that opened it, or did not.
    #[must_use]
    pub const fn face_verification(&self) -> Option<Verification> {
        self.face_verification
    }

    /// The CV certificate of the key that signed the card face, as read.
    #[must_use]
    pub const fn face_certificate(&self) -> &Part<Zeroizing<Vec<u8>>> {
        &self.face_certificate
    }

    /// The card's answer to it.
    #[must_use]
    pub const fn live_signature(&self) -> &Part<Zeroizing<Vec<u8>>> {
        &self.live_signature
    }

    /// The four attributes.
    #[must_use]
    pub const fn attributes(&self) -> &Part<Attributes> {
        &self.attributes
    }

    /// The VERIFY that opened them, or did not.
    #[must_use]
    pub const fn text_verification(&self) -> Option<Verification> {
        self.text_verification
    }

    /// The record that proves the attributes.
    #[must_use]
    pub const fn integrity(&self) -> &Part<IntegrityRecord> {
        &self.integrity
    }

    /// The CV certificate of the key that signed it, as read.
    #[must_use]
    pub const fn text_certificate(&self) -> &Part<Zeroizing<Vec<u8>>> {
        &self.text_certificate
    }

    /// The text application's own key, signed (text 0007), as read.
    #[must_use]
    pub const fn text_key(&self) -> &Part<Zeroizing<Vec<u8>>> {
        &self.text_key
    }

    /// The text application's answer to the challenge.
    #[must_use]
    pub const fn text_live_signature(&self) -> &Part<Zeroizing<Vec<u8>>> {
        &self.text_live_signature
    }

    /// The authentication certificate, X.509 DER, as read.
    #[must_use]
    pub const fn certificate(&self) -> &Part<Zeroizing<Vec<u8>>> {
        &self.certificate
    }

    /// Whether, in any of its taps, a number was to be presented although it might have been the last try
    /// ([`Floor::LAST_TRIES_ALLOWED`]), also where the answer was lost.
    #[must_use]
    pub const fn last_tries_allowed(&self) -> bool {
        self.last_tries_allowed
    }

    /// What the reading has cost, over all taps.
    #[must_use]
    pub const fn statistics(&self) -> Statistics {
        self.statistics
    }

    /// Tries that the reading has spent, over both counters, as far as the card has answered.
    #[must_use]
    pub fn tries_spent(&self) -> u8 {
        [self.face_verification, self.text_verification]
            .iter()
            .flatten()
            .map(Verification::tries_spent)
            .sum()
    }

    /// The errors of all parts, in the order of reading.
    pub fn errors(&self) -> impl Iterator<Item = Error> {
        [
            self.face.error(),
            self.live_signature.error(),
            self.face_certificate.error(),
            self.attributes.error(),
            self.integrity.error(),
            self.text_certificate.error(),
            self.text_key.error(),
            self.text_live_signature.error(),
            self.certificate.error(),
        ]
        .into_iter()
        .flatten()
    }
}

/// What is delivered before a reading ends.
#[derive(Debug)]
pub enum EarlyPart {
    /// The card face, ready to be compared with the patient.
    Face(Arc<CardFace>),
}
