//! A reading as evidence: from what was read to what may be believed.

use core::fmt;

use super::{CardFacts, CardReading, Part};
use crate::applet::Layout;
use crate::applet::face::{BasicInfo, CardFace};
use crate::applet::text::{Attributes, IntegrityRecord};
use crate::card::VerifyOutcome;
use crate::error::{CardFault, Error, LimitFault};
use crate::trust::record::{AttributesRecord, FaceRecord, TextKeyRecord};
use crate::trust::verdict::{Shown, UnsignedValues};
use crate::trust::x509::RevocationSource;
use crate::trust::{Clock, Evidence, Report, Roots, examine};

/// What was read from a card together with what may be believed of it: one value, which
/// [`CardReading::examine`] alone makes, so that no reading is ever judged by the report on another.
///
/// An encounter takes it whole:
///
/// ```
/// # use mynacard_core::{Encounter, Examined, Timestamp, audit::ShortId, encounter::NotTaken};
/// fn tell(to: &mut Encounter, card: Examined, by: ShortId, now: Timestamp) -> Result<(), NotTaken> {
///     to.card_read(card, by, now).map(drop)
/// }
/// ```
///
/// A reading without its report is not taken, nor one beside a report:
///
/// ```compile_fail,E0308
/// # use mynacard_core::{CardReading, Encounter, Timestamp, audit::ShortId};
/// fn tell(to: &mut Encounter, reading: CardReading, by: ShortId, now: Timestamp) {
///     let _ = to.card_read(reading, by, now);
/// }
/// ```
/// ```compile_fail,E0061
/// # use mynacard_core::{Encounter, Examined, Timestamp, audit::ShortId, trust::Report};
/// fn tell(to: &mut Encounter, card: Examined, stale: Report, by: ShortId, now: Timestamp) {
///     let _ = to.card_read(card, stale, by, now);
/// }
/// ```
///
/// The two cannot be put together by hand, nor taken apart so that one may be exchanged:
///
/// ```compile_fail,E0451
/// # use mynacard_core::{CardReading, Examined, trust::Report};
/// fn pair(reading: CardReading, report: Report) -> Examined {
///     Examined { reading, report }
/// }
/// ```
/// ```compile_fail,E0616
/// # use mynacard_core::{Examined, trust::Report};
/// fn swap(card: &mut Examined, report: Report) {
///     card.report = report;
/// }
/// ```
///
/// And neither can be changed:
///
/// ```compile_fail,E0616
/// # use mynacard_core::trust::{Report, Verdict};
/// fn clear(report: &mut Report) {
///     report.verdict = Verdict::GenuineLive;
/// }
/// ```
/// ```compile_fail,E0451
/// # use mynacard_core::trust::{Report, Verdict};
/// fn clear(report: Report) -> Report {
///     Report { verdict: Verdict::GenuineLive, ..report }
/// }
/// ```
/// ```compile_fail,E0616
/// # use mynacard_core::CardReading;
/// fn swap(reading: &mut CardReading, other: CardReading) {
///     reading.face = other.face;
/// }
/// ```
/// ```compile_fail,E0451
/// # use mynacard_core::{CardReading, reading::Part};
/// fn blank(reading: CardReading) -> CardReading {
///     CardReading { face: Part::NotAttempted, ..reading }
/// }
/// ```
pub struct Examined {
    reading: CardReading,
    report: Report,
}

impl Examined {
    /// What was read.
    #[must_use]
    pub const fn reading(&self) -> &CardReading {
        &self.reading
    }

    /// What may be believed of it.
    #[must_use]
    pub const fn report(&self) -> &Report {
        &self.report
    }

    /// What was read, without the report: to go on with a torn reading, or to examine it anew.
    #[must_use]
    pub fn into_reading(self) -> CardReading {
        self.reading
    }
}

impl fmt::Debug for Examined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Examined({:?})", self.report.verdict())
    }
}

impl CardReading {
    /// Checks everything that was read, against the given roots and clock. `facts` adds what the card
    /// says of itself without a signature, for comparison. Card effect: none.
    #[must_use]
    pub fn examine(
        self,
        facts: Option<&CardFacts>,
        roots: &Roots,
        clock: Clock,
        revocation: &dyn RevocationSource,
    ) -> Examined {
        let report = examine(&self.evidence(facts), roots, clock, revocation);
        Examined { reading: self, report }
    }

    fn evidence<'a>(&'a self, facts: Option<&CardFacts>) -> Evidence<'a> {
        let bytes = |part: &'a Part<_>| {
            part.value().map(|bytes: &zeroize::Zeroizing<Vec<u8>>| bytes.as_slice())
        };
        let face = self.face.value();
        let attributes = self.attributes.value();
        let face_info = facts.and_then(|facts| facts.face_info.as_ref().ok());
        let card_info = facts.and_then(|facts| facts.card_info.as_ref().ok());
        let verifications =
            || [self.face_verification, self.text_verification].into_iter().flatten();
        Evidence {
            face_certificate: bytes(&self.face_certificate),
            face: face.and_then(|face| face_record(face)),
            text_certificate: bytes(&self.text_certificate),
            attributes: attributes
                .zip(self.integrity.value())
                .and_then(|(attributes, integrity)| attributes_record(attributes, integrity)),
            // One that was read and does not parse is not the same as none.
            certificate: match &self.certificate {
                Part::Read(der) => Some(der.as_slice()),
                broken if is_broken(broken) => Some(&[]),
                _ => None,
            },
            face_malformed: is_broken(&self.face),
            attributes_malformed: is_broken(&self.attributes),
            face_unproven: face.map(|face| Shown::new(face.birth_date_said(), face.sex_said())),
            attributes_unproven: attributes
                .map(|text| Shown::new(text.birth_date_said(), text.sex_said())),
            challenge: self.challenge.as_ref(),
            face_answer: bytes(&self.live_signature),
            text_key: self.text_key.value().and_then(|file| TextKeyRecord::from_file(file).ok()),
            text_answer: bytes(&self.text_live_signature),
            digits_not_checked: verifications()
                .any(|verification| verification.outcome == VerifyOutcome::AlreadyVerified),
            last_tries_allowed: self.last_tries_allowed,
            newer_layout: face.is_some_and(|face| face.layout() == Layout::Newer)
                || attributes.is_some_and(|text| text.layout() == Layout::Newer)
                || self.integrity.value().is_some_and(|it| it.signed_as_read().is_some())
                || face_info.is_some_and(|info| info.version > BasicInfo::KNOWN_VERSION),
            unsigned: UnsignedValues {
                face_expiry: face.and_then(|face| face.expiry().ok()),
                common_expiry: card_info.and_then(|info| info.expiry().ok()),
                face_municipality: face_info.and_then(|info| info.municipality),
                common_municipality: card_info.and_then(|info| info.municipality().ok().copied()),
            },
        }
    }
}

fn face_record(face: &CardFace) -> Option<FaceRecord<'_>> {
    let record = FaceRecord::new(
        face.signed_attributes_and_key(),
        face.signed_images(),
        face.signed_photo(),
        face.signature(),
    )
    .ok()?;
    Some(if face.layout() == Layout::Newer { record.of_newer_layout() } else { record })
}

fn attributes_record<'a>(
    attributes: &'a Attributes,
    integrity: &'a IntegrityRecord,
) -> Option<AttributesRecord<'a>> {
    let digests = integrity.signed();
    let more = integrity.signed_as_read();
    let known = AttributesRecord::new(attributes.signed(), digests, integrity.signature()).ok();
    let Some(record) = known else {
        let values = [attributes.birth_date_said(), attributes.sex_said()];
        let (all, digest) = (attributes.signed_as_read(), integrity.attributes_digest());
        let signature = integrity.signature();
        return AttributesRecord::only_as_read(
            all,
            more.unwrap_or(digests),
            digest,
            signature,
            values,
        )
        .ok()
        .filter(|_| attributes.layout() == Layout::Newer);
    };
    if attributes.layout() == Layout::Known && more.is_none() {
        return Some(record);
    }
    Some(record.of_newer_layout(attributes.signed_as_read(), more.unwrap_or(digests)))
}

/// Whether a part was there, and is not what it should be. A bound of the whole reading says nothing
/// of the part at which it was met: whatever came after it was not read either.
fn is_broken<T>(part: &Part<T>) -> bool {
    match part.error() {
        Some(Error::Malformed(_)) => true,
        Some(Error::Limit(limit)) => {
            matches!(limit, LimitFault::ObjectSize | LimitFault::NoProgress)
        }
        Some(Error::Card(error)) => {
            matches!(error.fault, CardFault::ShortFile | CardFault::NotAResponse)
        }
        _ => false,
    }
}
