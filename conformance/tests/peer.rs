//! The peer reads every profile of our virtual card and agrees with our own reading, field by field,
//! and with what the profile was issued with; where it is refused, so are we.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests may fail loudly"
)]

use mynacard_conformance::{
    Link, PeerLink, PeerReading, TEST_CARD_NUMBER_B, peer_reads, published_card, we_read,
};
use mynacard_core::Error;
use mynacard_core::card::{Floor, VerifyOutcome};
use mynacard_core::error::CardFault;
use mynacard_core::field::Image;
use mynacard_core::reading::{CardReading, Part, Plan};
use mynacard_core::trust::Challenge;
use mynacard_sim::{Application, Profile, Token, VirtualCard};
use zeroize::Zeroizing;

const CHALLENGE: &[u8] = b"a challenge that was drawn by lot";

/// The plan for everything, however few tries are left.
fn everything() -> Plan {
    let challenge = Challenge::new(CHALLENGE).expect("long enough");
    let floor = Floor::new(2).expect("in range");
    Plan { face_floor: floor, text_floor: floor, ..Plan::all().with_challenge(challenge) }
}

fn both(card: &VirtualCard, number: &str, extended: bool) -> (CardReading, PeerReading) {
    let mut link = if extended { Link::extended(card.clone()) } else { Link::short(card.clone()) };
    let ours = we_read(&mut link, number, everything()).expect("well formed");
    let (peer, _) = peer_reads(PeerLink(card.clone()), number, CHALLENGE).expect("digits");
    (ours, peer)
}

fn cards() -> impl Iterator<Item = &'static Profile> {
    Profile::all().iter().filter(|profile| profile.token() == Token::Card)
}

fn bytes(part: &Part<Zeroizing<Vec<u8>>>) -> Vec<u8> {
    part.value().expect("read").to_vec()
}

fn sex(sex: myna_card::data::Sex) -> u8 {
    use myna_card::data::Sex;
    match sex {
        Sex::Unknown => 0,
        Sex::Male => 1,
        Sex::Female => 2,
        Sex::NotApplicable => 9,
        Sex::Other(code) => code,
    }
}

/// Compares everything that both have read; `name` says which card.
fn agree(ours: &CardReading, peer: &PeerReading, name: &str) {
    let face = ours.face().value().expect("we read the face");
    let theirs = peer.face.as_ref().expect("the peer reads the face");
    assert_eq!(
        face.birth_date().expect("understood").date().to_string(),
        theirs.birth_date.to_string(),
        "{name}"
    );
    assert_eq!(face.sex().expect("understood").code(), sex(theirs.sex), "{name}");
    assert_eq!(face.expiry().expect("understood").to_string(), theirs.expiry.to_string(), "{name}");
    let picture = |image: Option<Image<'_>>| image.map(|i| i.bytes().to_vec()).unwrap_or_default();
    let photo = face.photo().map(|photo| photo.bytes().to_vec()).unwrap_or_default();
    assert_eq!(photo, theirs.photo.data, "{name}");
    assert_eq!(picture(face.name_image()), theirs.name_image.data, "{name}");
    assert_eq!(picture(face.address_image()), theirs.address_image.data, "{name}");
    assert_eq!(picture(face.security_code_image()), theirs.security_code_image.data, "{name}");
    assert_eq!(face.signature(), theirs.signature, "{name}");
    let [attributes_and_key, images, photo] = &theirs.signed_segments;
    assert_eq!(face.signed_attributes_and_key(), attributes_and_key.as_slice(), "{name}");
    assert_eq!(face.signed_images(), images.as_slice(), "{name}");
    assert_eq!(face.signed_photo(), photo.as_slice(), "{name}");
    let key = myna_card::data::RsaPublicKey::parse(face.public_key()).expect("a key");
    assert_eq!(key, theirs.public_key, "{name}");

    let attributes = ours.attributes().value().expect("we read the attributes");
    let theirs = peer.attributes.as_ref().expect("the peer reads the attributes");
    assert_eq!(attributes.name().expect("understood").as_str(), theirs.name, "{name}");
    assert_eq!(attributes.address().expect("understood").as_str(), theirs.address, "{name}");
    assert_eq!(
        attributes.birth_date().expect("understood").date().to_string(),
        theirs.birth_date.to_string(),
        "{name}"
    );
    assert_eq!(attributes.sex().expect("understood").code(), sex(theirs.sex), "{name}");
    let integrity = peer.integrity.as_ref().expect("the peer reads the record");
    let own = ours.integrity().value().expect("we read the record");
    assert_eq!(own.signature(), integrity.signature, "{name}");
    // The peer says that our bytes of the attributes are those that were signed.
    assert!(integrity.matches_attributes_file(attributes.bytes()).expect("a file"), "{name}");

    let parse = |part| {
        myna_card::data::CardVerifiableCertificate::parse(&bytes(part)).expect("a certificate")
    };
    let face_certificate = peer.face_certificate.as_ref().expect("the peer reads it");
    assert_eq!(&parse(ours.face_certificate()), face_certificate, "{name}");
    let text_certificate = peer.text_certificate.as_ref().expect("the peer reads it");
    assert_eq!(&parse(ours.text_certificate()), text_certificate, "{name}");
    let certificate = peer.certificate.as_ref().expect("the peer reads it");
    assert_eq!(bytes(ours.certificate()), certificate.der(), "{name}");
}

#[test]
fn the_peer_agrees_on_every_profile() {
    for profile in cards() {
        let (name, number) = (profile.name(), profile.code_b().expect("a card has one"));
        for extended in [false, true] {
            let (ours, peer) = both(&profile.card(), number, extended);
            assert_eq!(ours.errors().next(), None, "{name}");
            agree(&ours, &peer, name);
            let theirs = peer.attributes.as_ref().expect("read");
            assert_eq!(theirs.name, profile.holder_name(), "{name}");
            assert_eq!(theirs.address, profile.holder_address(), "{name}");
            assert_eq!(sex(theirs.sex).to_string(), profile.sex(), "{name}");
            assert_eq!(theirs.birth_date.to_string(), iso(profile.birth_date()), "{name}");
            let face = peer.face.as_ref().expect("read");
            assert_eq!(face.expiry.to_string(), iso(profile.expiry()), "{name}");
            // The same key signed for both; the padding leaves nothing to chance.
            let signature = peer.signature.as_ref().expect("the card signs for the peer");
            assert_eq!(&bytes(ours.live_signature()), signature, "{name}");
            face.public_key.verify_pkcs1_sha256(CHALLENGE, signature).expect(name);
        }
    }
}

fn iso(date: mynacard_sim::Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year, date.month, date.day)
}

#[test]
fn the_peer_agrees_on_its_own_test_card() {
    let card = published_card().expect("the published files are there");
    let (ours, peer) = both(&card, TEST_CARD_NUMBER_B, false);
    agree(&ours, &peer, "the published test card");
    // No private key of it is public, so it signs for nobody.
    assert!(ours.live_signature().error().is_some() && peer.signature.is_err());
}

#[test]
fn both_are_told_the_same_tries() {
    for profile in cards() {
        let number = profile.code_b().expect("a card has one");
        let (ours, peer) = both(&profile.card(), number, false);
        let left = |verification: Option<mynacard_core::card::Verification>| {
            verification.expect("asked").left_before
        };
        assert_eq!(left(ours.face_verification()), peer.face_tries.expect("asked").count());
        assert_eq!(left(ours.text_verification()), peer.text_tries.expect("asked").count());
    }
}

#[test]
fn a_blocked_number_is_blocked_for_both() {
    let card = Profile::adult()
        .builder()
        .tries_left(Application::Face, 0x12, 0)
        .tries_left(Application::Text, 0x15, 0)
        .build();
    let (ours, peer) = both(&card, Profile::adult().code_b().expect("a card has one"), false);
    assert_eq!(ours.face_verification().expect("asked").outcome, VerifyOutcome::Blocked);
    assert_eq!(ours.text_verification(), None, "the number is not taken to the next key");
    assert_eq!(peer.face_tries.expect("asked"), myna_card::Retries::Blocked);
    assert!(matches!(peer.face, Err(myna_card::Error::PinBlocked)));
    assert!(matches!(peer.attributes, Err(myna_card::Error::PinBlocked)));
}

#[test]
fn wrong_digits_are_wrong_for_both() {
    let profile = Profile::adult();
    let mut digits = profile.code_b().expect("a card has one").to_owned();
    let last = digits.pop().expect("fourteen");
    digits.push(if last == '9' { '0' } else { '9' });
    let (ours, peer) = both(&profile.card(), &digits, false);
    let outcome = ours.face_verification().expect("asked").outcome;
    assert_eq!(outcome, VerifyOutcome::Rejected { left: 9 });
    let Err(myna_card::Error::PinIncorrect { retries }) = peer.face else { panic!("it opened") };
    assert_eq!(retries, Some(9));
}

#[test]
fn a_phone_opens_for_neither() {
    for profile in Profile::all().iter().filter(|profile| profile.token() != Token::Card) {
        let (ours, peer) = both(&profile.card(), TEST_CARD_NUMBER_B, false);
        let Some(Error::Card(error)) = ours.face().error() else { panic!("{}", profile.name()) };
        assert_eq!(error.fault, CardFault::PhoneToken);
        assert!(peer.face_tries.is_err() && peer.text_tries.is_err());
        // Its certificate lies behind the PIN: refused to both, if we are asked for nothing else.
        let mut link = Link::short(profile.card());
        let certificate =
            we_read(&mut link, TEST_CARD_NUMBER_B, Plan::certificate_only()).expect("well formed");
        assert_eq!(certificate.certificate().value().is_some(), peer.certificate.is_ok());
    }
}
