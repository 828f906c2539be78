//! A reading as evidence: from what was read to what may be believed.

use super::{CardFacts, CardReading};
use crate::trust::record::{AttributesRecord, FaceRecord};
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
            certificate: self.certificate.value().map(|bytes| bytes.as_slice()),
            challenge: self.challenge.as_ref(),
            face_answer: self.live_signature.value().map(|bytes| bytes.as_slice()),
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
