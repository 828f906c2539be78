//! The other side: `myna-card` as a client of a virtual card.

use myna_card::ap::{jpki, surface, text};
use myna_card::data::CardVerifiableCertificate;
use myna_card::{Card, Error, Pin, Result, Retries, Transmit};
use mynacard_sim::VirtualCard;

/// A link to a virtual card in the form that `myna-card` takes.
#[derive(Clone, Debug)]
pub struct PeerLink(pub VirtualCard);

impl Transmit for PeerLink {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>> {
        Ok(self.0.transmit(command))
    }
}

/// What `myna-card` makes of a card, part by part, doing the work of `Plan::all` with a challenge.
#[derive(Debug)]
pub struct PeerReading {
    /// Tries left for 照合番号B of the face application, asked for before the VERIFY.
    pub face_tries: Result<Retries>,
    /// The card face.
    pub face: Result<surface::CardFace>,
    /// The card's signature over the challenge, hashed.
    pub signature: Result<Vec<u8>>,
    /// The certificate of the key that signed the card face.
    pub face_certificate: Result<CardVerifiableCertificate>,
    /// Tries left for 照合番号B of the text application.
    pub text_tries: Result<Retries>,
    /// The four attributes.
    pub attributes: Result<text::Attributes>,
    /// The record that proves them.
    pub integrity: Result<text::IntegrityRecord>,
    /// The certificate of the key that signed it.
    pub text_certificate: Result<CardVerifiableCertificate>,
    /// The authentication certificate.
    pub certificate: Result<myna_card::Certificate>,
}

/// Reads a card with `myna-card`, as its own interface suggests: the tries are asked for before each
/// VERIFY, then come the record, the challenge and the certificate.
///
/// Errors: when the number cannot be put as the peer wants it. Card effect: one VERIFY to each
/// application that is there.
pub fn peer_reads(
    link: PeerLink,
    number: &str,
    challenge: &[u8],
) -> Result<(PeerReading, PeerLink)> {
    let number = Pin::numeric(number)?;
    let mut card = Card::new(link);
    let (face_tries, face, signature, face_certificate) =
        match surface::SurfaceAp::select(&mut card) {
            Err(error) => (Err(error), Err(not_read()), Err(not_read()), Err(not_read())),
            Ok(mut application) => {
                let tries = application.retries(surface::ef::CODE_B);
                let open = application.verify_code_b(&number);
                let face = open.and_then(|()| application.read_card_face());
                let signature = application.sign(challenge);
                (tries, face, signature, application.read_certificate())
            }
        };
    let (text_tries, attributes, integrity, text_certificate) =
        match text::TextAp::select(&mut card) {
            Err(error) => (Err(error), Err(not_read()), Err(not_read()), Err(not_read())),
            Ok(mut application) => {
                let tries = application.retries(text::ef::CODE_B);
                let open = application.verify_code_b(&number);
                let attributes = open.and_then(|()| application.read_attributes());
                let integrity = application.read_integrity_record();
                (tries, attributes, integrity, application.read_certificate())
            }
        };
    let certificate = jpki::JpkiAp::select(&mut card)
        .and_then(|mut application| application.read_auth_certificate());
    let reading = PeerReading {
        face_tries,
        face,
        signature,
        face_certificate,
        text_tries,
        attributes,
        integrity,
        text_certificate,
        certificate,
    };
    Ok((reading, card.into_transport()))
}

/// What is said of the parts of an application that could not be selected.
fn not_read() -> Error {
    Error::Malformed("the application could not be selected".to_owned())
}
