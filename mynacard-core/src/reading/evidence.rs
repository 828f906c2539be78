//! A reading as evidence: from what was read to what may be believed.

use super::{CardFacts, CardReading, Part};
use crate::error::{CardFault, Error, LimitFault};
use crate::trust::record::{AttributesRecord, FaceRecord, TextKeyRecord};
use crate::trust::verdict::Shown;
use crate::trust::x509::RevocationSource;
use crate::trust::{Clock, Evidence, Report, Roots, examine};

impl CardReading {
    /// Checks everything that was read, against the given roots and clock. `facts` adds what the card
    /// says of itself without a signature, for comparison. Card effect: none.
    #[must_use]
    pub fn examine(
        &self,
        facts: Option<&CardFacts>,
        roots: &Roots,
        clock: Clock,
        revocation: &dyn RevocationSource,
    ) -> Report {
        let face = self.face.value();
        let expiry = face.map(|face| face.expiry().to_compact());
        let face_info = facts.and_then(|facts| facts.face_info.as_ref().ok());
        let card_info = facts.and_then(|facts| facts.card_info.as_ref().ok());
        let common_expiry = card_info.map(|info| info.expiry().to_compact());
        let birth = face.map(|face| face.birth_date().date().to_compact());
        let sex = face.map(|face| [b'0' + face.sex().code()]);
        let attributes = self.attributes.value();
        let text_birth = attributes.map(|it| it.birth_date().date().to_compact());
        let text_sex = attributes.map(|it| [b'0' + it.sex().code()]);
        let mut evidence = Evidence {
            face_certificate: self.face_certificate.value().map(|bytes| bytes.as_slice()),
            face: face.and_then(|face| {
                FaceRecord::new(
                    face.signed_attributes_and_key(),
                    face.signed_images(),
                    face.signed_photo(),
                    face.signature(),
                )
                .ok()
            }),
            text_certificate: self.text_certificate.value().map(|bytes| bytes.as_slice()),
            attributes: self.attributes.value().zip(self.integrity.value()).and_then(
                |(attributes, integrity)| {
                    AttributesRecord::new(
                        attributes.signed(),
                        integrity.signed(),
                        integrity.signature(),
                    )
                    .ok()
                },
            ),
            // One that was read and does not parse is not the same as none.
            certificate: match &self.certificate {
                Part::Read(der) => Some(der.as_slice()),
                broken if is_broken(broken) => Some(&[]),
                _ => None,
            },
            face_malformed: is_broken(&self.face),
            attributes_malformed: is_broken(&self.attributes),
            face_shown: shown(&birth, &sex),
            attributes_shown: shown(&text_birth, &text_sex),
            challenge: self.challenge.as_ref(),
            face_answer: self.live_signature.value().map(|bytes| bytes.as_slice()),
            text_key: self.text_key.value().and_then(|file| TextKeyRecord::from_file(file).ok()),
            text_answer: self.text_live_signature.value().map(|bytes| bytes.as_slice()),
            text_asked: self.text_proof && attributes.is_some(),
            ..Evidence::default()
        };
        evidence.unsigned.face_expiry = expiry.as_ref().map(<[u8; 8]>::as_slice);
        evidence.unsigned.common_expiry = common_expiry.as_ref().map(<[u8; 8]>::as_slice);
        evidence.unsigned.face_municipality = face_info.map(|info| info.municipality.as_slice());
        evidence.unsigned.common_municipality =
            card_info.map(|info| info.municipality().as_slice());
        examine(&evidence, roots, clock, revocation)
    }
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

fn shown<'a>(birth: &'a Option<[u8; 8]>, sex: &'a Option<[u8; 1]>) -> Option<Shown<'a>> {
    let (birth, sex) = (birth.as_ref()?, sex.as_ref()?);
    Some(Shown { birth_date: birth, sex })
}
