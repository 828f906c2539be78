//! The crate `myna-card`, an independent implementation, as the client of our cards.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "tests"
)]

mod common;

use myna_card::ap::common::CommonAp;
use myna_card::ap::jpki::{JpkiAp, SignatureScheme};
use myna_card::ap::surface::SurfaceAp;
use myna_card::ap::text::{IntegrityRecord, TextAp};
use myna_card::data::{CardVerifiableCertificate, ImageFormat, RsaPublicKey};
use myna_card::{Card, MasterFile, Pin, Transmit};
use mynacard_sim::{Issuer, Profile, Token, VirtualCard};

struct Link(VirtualCard);

impl Transmit for Link {
    fn transmit(&mut self, command: &[u8]) -> myna_card::Result<Vec<u8>> {
        Ok(self.0.transmit(command))
    }
}

/// The root that a certificate names.
fn root_of(certificate: &CardVerifiableCertificate) -> RsaPublicKey {
    let issuer = Issuer::test();
    let root = [&issuer.face_root, &issuer.text_root, &issuer.mf_root]
        .into_iter()
        .find(|root| root.id.0 == *certificate.issuer_key_id.as_bytes())
        .unwrap();
    RsaPublicKey::parse(&root.key.public().to_record()).unwrap()
}

fn pin(secret: &Option<String>) -> Pin {
    Pin::new(secret.as_ref().unwrap()).unwrap()
}

#[test]
fn the_peer_reads_and_verifies_every_card() {
    for profile in Profile::all().iter().filter(|profile| profile.token() == Token::Card) {
        let name = profile.name();
        let secrets = profile.secrets();
        let mut card = Card::new(Link(profile.card()));

        let mut face = SurfaceAp::select(&mut card).unwrap();
        let basic = face.read_ap_basic_data().unwrap();
        assert_eq!(basic.identification.extended_lc_le_support == 3, name != "old-chip");
        let certificate = face.read_certificate().unwrap();
        certificate.verify_with(&root_of(&certificate)).unwrap();
        face.verify_code_b(&pin(&secrets.code_b)).unwrap();
        let front = face.read_card_face().unwrap();
        front.verify(&certificate.public_key).unwrap();
        assert_eq!(front.birth_date.to_string(), dashed(profile.birth_date()), "{name}");
        assert_eq!(front.expiry.to_string(), dashed(profile.expiry()));
        assert_eq!(front.photo.format == ImageFormat::Jpeg2000, profile.has_photo());
        assert_eq!(front.name_image.format, ImageFormat::Png);
        let nonce = [0x5A; 16];
        let proof = face.sign(&nonce).unwrap();
        front.public_key.verify_pkcs1_sha256(&nonce, &proof).unwrap();
        face.verify_birth_date(&pin(&secrets.birth_key)).unwrap();
        face.read_age_record().unwrap().verify(&certificate.public_key).unwrap();
        face.verify_code_a(&pin(&secrets.code_a)).unwrap();
        face.read_my_number_image().unwrap().verify(&certificate.public_key).unwrap();

        let mut text = TextAp::select(&mut card).unwrap();
        let certificate = text.read_certificate().unwrap();
        certificate.verify_with(&root_of(&certificate)).unwrap();
        text.read_ap_basic_data().unwrap();
        text.verify_code_a(&pin(&secrets.code_a)).unwrap();
        let number = text.read_my_number_file().unwrap();
        text.verify_code_b(&pin(&secrets.code_b)).unwrap();
        let attributes = text.read_attributes().unwrap();
        assert_eq!(attributes.name, profile.holder_name());
        assert_eq!(attributes.address, profile.holder_address());
        let integrity: IntegrityRecord = text.read_integrity_record().unwrap();
        integrity.verify(&certificate.public_key).unwrap();
        assert!(integrity.matches_my_number_file(&number));
        assert!(integrity.matches_attributes_file(&text.read_ef(2).unwrap()).unwrap());
        let own = text.read_signed_public_key().unwrap();
        own.verify(&certificate.public_key).unwrap();
        text.read_session_key_public_key().unwrap();

        let information = CommonAp::select(&mut card).unwrap().read_card_info().unwrap();
        assert_eq!(information.expiry.to_string(), dashed(profile.expiry()));
        assert_eq!(information.municipality_code, basic.municipality_code);

        let mut mf = MasterFile::select(&mut card).unwrap();
        if name != "old-chip" {
            // The peer reads these two with extended Le, which an old chip does not know.
            let chain = mf.certificate_chain().unwrap();
            chain[0].verify_with(&root_of(&chain[0])).unwrap();
            if let Some(lower) = chain.get(1) {
                lower.verify_with(&chain[0].public_key).unwrap();
            }
        }
        mf.card().contact_atr().unwrap();
        assert_eq!(card.get_challenge(16).unwrap().len(), 16);
    }
}

#[test]
fn the_peer_signs_with_the_certificates_keys() {
    for profile in Profile::all() {
        let secrets = profile.secrets();
        let mut card = Card::new(Link(profile.card()));
        let mut jpki = JpkiAp::select(&mut card).unwrap();
        let token = jpki.read_token_info().unwrap();
        assert_eq!(token.token_type.is_physical_card(), profile.token() == Token::Card);
        assert_eq!((token.max_pin_len, token.min_pin_len, token.flags), (16, 6, 0x40D));
        let available = jpki.read_certificate_availability().unwrap();
        assert!(available.has_auth_certificate());
        if secrets.auth_pin.is_some() {
            jpki.verify_auth_pin(&pin(&secrets.auth_pin)).unwrap();
            jpki.sign_with_auth_key_checked(SignatureScheme::Sha256DigestInfo, b"m").unwrap();
        }
        assert_eq!(available.has_sign_certificate(), secrets.sign_password.is_some());
        if secrets.sign_password.is_some() {
            jpki.verify_sign_pin(&pin(&secrets.sign_password)).unwrap();
            jpki.sign_with_sign_key_checked(SignatureScheme::Sha256DigestInfo, b"m").unwrap();
        }
    }
}

fn dashed(date: mynacard_sim::Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year, date.month, date.day)
}
