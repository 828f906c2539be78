//! The forger's set over virtual cards, judged twice: by this crate and by the independent
//! `myna-card`. Part by part, both say genuine or both refuse; where this crate asks for more, it is
//! said here what.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests may fail loudly"
)]

use myna_card::ap::jpki::JpkiAp;
use myna_card::ap::surface::SurfaceAp;
use myna_card::ap::text::TextAp;
use myna_card::data::{CardVerifiableCertificate, RsaPublicKey};
use myna_card::{Card, Certificate, Pin, Transmit};
use mynacard_core::card::Floor;
use mynacard_core::credential::VerificationNumberB;
use mynacard_core::driver::run;
use mynacard_core::exchange::{CardTransport, Limits};
use mynacard_core::reading::{Plan, read, read_facts};
use mynacard_core::trust::x509::NoRevocationSource;
use mynacard_core::trust::{Challenge, Clock, Report, Roots};
use mynacard_sim::cv::KeyId;
use mynacard_sim::x509::{Extension, key_usage};
use mynacard_sim::{
    Application, CardBuilder, CardSpec, Forgery, Issuer, NamedKey, Profile, PublicRoots, TestKey,
    Token, VirtualCard,
};

const NONCE: &[u8] = b"a nonce for both of them";
/// The only algorithm of certificates that the peer checks.
const SHA256_WITH_RSA: &str = "1.2.840.113549.1.1.11";
const NOW: &str = "2026-11-22T00:00:00Z";

/// What one side says, part by part: genuine or not; and whether the chip answered for its face, which
/// is all that the peer asks.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Opinion {
    face: bool,
    attributes: bool,
    certificate: bool,
    live: bool,
}

const ALL: Opinion = Opinion { face: true, attributes: true, certificate: true, live: true };

fn own_roots() -> Roots {
    Roots::from_json(PublicRoots::test().to_json().as_bytes()).unwrap()
}

fn cards() -> impl Iterator<Item = &'static Profile> {
    Profile::all().iter().filter(|profile| profile.token() == Token::Card)
}

fn ours_at(card: &VirtualCard, number: &str, roots: &Roots, now: &str) -> Report {
    let number = VerificationNumberB::from_digits(number.as_bytes()).unwrap();
    let floor = Floor::new(2).unwrap();
    let plan = Plan { face_floor: floor, text_floor: floor, ..Plan::all() };
    let plan = plan.with_challenge(Challenge::new(NONCE).unwrap());
    let mut card = card.clone();
    let limits = Limits::default();
    let reading = run(&mut read(card.link(), limits, number, plan).unwrap(), &mut card).unwrap();
    let facts = run(&mut read_facts(card.link(), limits).unwrap(), &mut card).unwrap();
    let clock = Clock::Trusted(now.parse().unwrap());
    reading.examine(Some(&facts), roots, clock, &NoRevocationSource).report().clone()
}

fn ours(card: &VirtualCard, number: &str) -> Report {
    ours_at(card, number, &own_roots(), NOW)
}

fn opinion(report: &Report) -> Opinion {
    Opinion {
        face: report.face().is_genuine(),
        attributes: report.attributes().is_genuine(),
        certificate: report.certificate().authenticity.is_genuine(),
        live: report.face_live().status() == "live",
    }
}

struct PeerLink(VirtualCard);

impl Transmit for PeerLink {
    fn transmit(&mut self, command: &[u8]) -> myna_card::Result<Vec<u8>> {
        Ok(self.0.transmit(command))
    }
}

/// The root that a certificate names, among those that both sides are given.
fn root_of(certificate: &CardVerifiableCertificate) -> Option<RsaPublicKey> {
    let id = certificate.issuer_key_id.as_bytes();
    let root = PublicRoots::test().cv.into_iter().find(|root| root.key_id.0 == *id)?;
    let key = mynacard_sim::PublicKey { modulus: root.modulus, exponent: root.exponent };
    RsaPublicKey::parse(&key.to_record()).ok()
}

fn chains(certificate: &CardVerifiableCertificate) -> bool {
    root_of(certificate).is_some_and(|root| certificate.verify_with(&root).is_ok())
}

/// The peer reads the card with its own code and checks each part as its documentation says.
///
/// None for the certificate where it is signed by what the peer does not check.
fn peer(card: &VirtualCard, number: &str) -> (Opinion, Option<bool>) {
    let number = Pin::new(number).unwrap();
    let mut card = Card::new(PeerLink(card.clone()));
    let mut opinion = Opinion { face: false, attributes: false, certificate: false, live: false };
    let mut face = SurfaceAp::select(&mut card).unwrap();
    let certificate = face.read_certificate();
    face.verify_code_b(&number).unwrap();
    if let (Ok(certificate), Ok(front)) = (certificate, face.read_card_face()) {
        opinion.face = chains(&certificate) && front.verify(&certificate.public_key).is_ok();
        let answer = face.sign(NONCE);
        opinion.live = opinion.face
            && answer
                .is_ok_and(|answer| front.public_key.verify_pkcs1_sha256(NONCE, &answer).is_ok());
    }
    let mut text = TextAp::select(&mut card).unwrap();
    let certificate = text.read_certificate();
    text.verify_code_b(&number).unwrap();
    if let (Ok(certificate), Ok(integrity)) = (certificate, text.read_integrity_record()) {
        let file = text.read_ef(2).unwrap();
        opinion.attributes = chains(&certificate)
            && integrity.verify(&certificate.public_key).is_ok()
            && integrity.matches_attributes_file(&file).unwrap_or(false);
    }
    let mut jpki = JpkiAp::select(&mut card).unwrap();
    let mut certified = Some(false);
    if let Ok(certificate) = jpki.read_auth_certificate() {
        let roots = PublicRoots::test().x509;
        let mut roots = roots.iter().map(|der| Certificate::parse(der).unwrap());
        let checks = certificate.signature_algorithm() == SHA256_WITH_RSA;
        certified = checks.then(|| roots.any(|root| certificate.verify_signature(&root).is_ok()));
    }
    opinion.certificate = certified == Some(true);
    (opinion, certified)
}

/// Both sides on one card; their common opinion.
fn both(what: &str, card: &VirtualCard, number: &str) -> (Opinion, Report) {
    let report = ours(card, number);
    let ours = opinion(&report);
    let (theirs, certified) = peer(card, number);
    let theirs = Opinion { certificate: certified.unwrap_or(ours.certificate), ..theirs };
    assert_eq!(ours, theirs, "{what}: {report:?}");
    (ours, report)
}

fn adult() -> (&'static Profile, &'static str) {
    (Profile::adult(), Profile::adult().code_b().unwrap())
}

fn altered(builder: CardBuilder, application: Application, file: u16, at: usize) -> VirtualCard {
    let mut content = builder.file_content(application, file).unwrap();
    let at = at.min(content.len() - 1);
    content[at] ^= 1;
    builder.replace_file(application, file, &content).build()
}

fn with_file_of(application: Application, file: u16, other: &str) -> VirtualCard {
    let other = Profile::find(other).unwrap().builder();
    let content = other.file_content(application, file).unwrap();
    Profile::adult().builder().replace_file(application, file, &content).build()
}

fn keys(report: &Report) -> Vec<&'static str> {
    report.findings().iter().map(|finding| finding.key()).collect()
}

#[test]
fn every_card_as_issued_is_genuine_to_both() {
    for profile in cards() {
        let (opinion, report) = both(profile.name(), &profile.card(), profile.code_b().unwrap());
        assert_eq!(opinion, ALL, "{}", profile.name());
        assert_eq!(report.verdict().key(), "genuine-live", "{}", profile.name());
        let dates = keys(&report);
        let expected: &[&str] = match profile.name() {
            "expired-certificate" => &["certificate-expired"],
            _ => &[],
        };
        assert_eq!(dates, expected, "{}", profile.name());
    }
}

#[test]
fn every_copy_of_a_card_is_genuine_but_not_live_to_both() {
    for profile in cards() {
        let number = profile.code_b().unwrap();
        let copy = VirtualCard::from_files(&profile.to_files()).unwrap();
        let (opinion, report) = both("copy", &copy, number);
        assert_eq!(opinion, Opinion { live: false, ..ALL }, "{}", profile.name());
        assert_eq!(report.verdict().key(), "genuine-not-live", "{}", profile.name());
        // A copy on a chip that has a key, which is not the one.
        let key = TestKey::named("rogue-root");
        let chip = profile.builder().signing_key(Application::Face, 0x1A, key).build();
        let (opinion, report) = both("copy with a key", &chip, number);
        assert_eq!(opinion, Opinion { live: false, ..ALL }, "{}", profile.name());
        assert_eq!(report.verdict().key(), "genuine-not-live", "{}", profile.name());
    }
}

#[test]
fn every_single_alteration_is_refused_by_both() {
    let (profile, number) = adult();
    let builder = || profile.builder();
    let face = Opinion { face: false, live: false, ..ALL };
    let text = Opinion { attributes: false, ..ALL };
    let certificate = Opinion { certificate: false, ..ALL };
    let last = usize::MAX;
    let cards = [
        ("face record", altered(builder(), Application::Face, 2, 900), face),
        ("photo of another", Forgery::SwappedPhoto.card(), face),
        ("face signer's certificate", altered(builder(), Application::Face, 4, last), face),
        ("attributes", altered(builder(), Application::Text, 2, 60), text),
        ("their digests", altered(builder(), Application::Text, 3, 50), text),
        ("their signature", altered(builder(), Application::Text, 3, last), text),
        ("text signer's certificate", altered(builder(), Application::Text, 4, last), text),
        ("attributes of another", with_file_of(Application::Text, 2, "foreign"), text),
        ("their record of another", with_file_of(Application::Text, 3, "foreign"), text),
        (
            "authentication certificate",
            altered(builder(), Application::Jpki, 10, last),
            certificate,
        ),
    ];
    for (what, card, expected) in cards {
        let (opinion, report) = both(what, &card, number);
        assert_eq!(opinion, expected, "{what}");
        assert_eq!(report.verdict().key(), "forged", "{what}");
    }
}

#[test]
fn parts_of_two_genuine_cards_are_genuine_each_and_contradict_each_other() {
    let (_, number) = adult();
    // The face of another: genuine, but the chip answers for its own key, and the birth date is not
    // that of the attributes.
    let (opinion, report) = both("face", &with_file_of(Application::Face, 2, "foreign"), number);
    assert_eq!(opinion, Opinion { live: false, ..ALL });
    assert_eq!(report.verdict().key(), "contradictory");
    let (opinion, report) = both("text", &Forgery::TwoPeople.card(), number);
    assert_eq!(opinion, ALL);
    assert_eq!(report.verdict().key(), "contradictory");
}

/// No signature of the card binds the certificate to the face: its key answers to a PIN only. The
/// municipality in its name and its last day are all there is to compare, and they are no proof.
#[test]
fn a_certificate_of_another_card_is_pointed_at_by_its_name_and_last_day_and_proven_by_nothing() {
    let (_, number) = adult();
    let both_traces = &["municipality-differs", "certificate-of-another"][..];
    for (other, trace) in [("old-chip", both_traces), ("foreign", &both_traces[1..])] {
        let card = with_file_of(Application::Jpki, 10, other);
        let (opinion, report) = both("certificate", &card, number);
        assert_eq!(opinion, ALL, "{other}");
        assert_eq!(keys(&report), trace, "{other}");
        assert_eq!(report.verdict().key(), "genuine-live", "{other}");
    }
}

#[test]
fn self_made_hierarchies_are_refused_by_both_and_named() {
    let (profile, number) = adult();
    let none = Opinion { face: false, attributes: false, certificate: false, live: false };
    let made = |issuer: Issuer, resign: bool| {
        let mut spec = profile.spec();
        spec.issuer = issuer;
        // The certificate names and keys of the forger's own authority.
        if let (true, Some(certificate)) = (resign, &mut spec.auth_certificate) {
            certificate.issuer = spec.issuer.auth_authority.name.clone();
        }
        spec.issue().build()
    };
    let (opinion, report) = both("same ids", &made(Issuer::rogue(), false), number);
    assert_eq!(opinion, none);
    assert_eq!(report.verdict().key(), "forged");

    let mut own = Issuer::rogue();
    let named = |number: &[u8; 7], key: &NamedKey| NamedKey {
        id: KeyId::new(*number, *b"001", [0; 4]),
        key: key.key.clone(),
    };
    own.face_root = named(b"7000023", &own.face_root);
    own.text_root = named(b"7000033", &own.text_root);
    let (opinion, report) = both("own ids", &made(own, true), number);
    assert_eq!(opinion, none);
    assert_eq!(report.face().status(), "issuer-unknown");
    assert_eq!(report.attributes().status(), "issuer-unknown");
    // The certificate lies about its authority, which is known: that decides.
    assert_eq!(report.certificate().authenticity.status(), "forged");
    assert_eq!(report.verdict().key(), "forged");
}

#[test]
fn without_its_certificate_a_record_is_refused_by_both() {
    let (profile, number) = adult();
    let card = profile.builder().remove_file(Application::Face, 4).build();
    let (opinion, report) = both("no face certificate", &card, number);
    assert_eq!(opinion, Opinion { face: false, live: false, ..ALL });
    assert_eq!((report.face().status(), report.verdict().key()), ("not-checked", "unverified"));
    let card = profile.builder().remove_file(Application::Text, 4).build();
    let (opinion, report) = both("no text certificate", &card, number);
    assert_eq!(opinion, Opinion { attributes: false, ..ALL });
    assert_eq!(report.verdict().key(), "unverified");
}

/// The adult's card with another authentication certificate, signed by the right authority.
fn certified(change: impl FnOnce(&mut CardSpec)) -> VirtualCard {
    let mut spec = Profile::adult().spec();
    change(&mut spec);
    spec.issue().build()
}

#[test]
fn a_certificate_that_is_signed_but_wrong_is_refused_here_though_the_peer_looks_at_the_signature() {
    let (_, number) = adult();
    let production = [1, 2, 392, 200_149, 8, 5, 1, 3, 30];
    let without = |spec: &mut CardSpec, like: &Extension| {
        let certificate = spec.auth_certificate.as_mut().unwrap();
        certificate.extensions.retain(|it| it.oid != like.oid);
    };
    let replaced = |with: Extension| {
        certified(|spec| {
            without(spec, &with);
            spec.auth_certificate.as_mut().unwrap().extensions.push(with);
        })
    };
    let unknown = Extension { oid: vec![1, 2, 3, 4], critical: true, value: vec![5, 0] };
    for (what, card) in [
        ("wrong key usage", replaced(Extension::key_usage(key_usage::KEY_CERT_SIGN))),
        ("an authority", replaced(Extension::certificate_authority())),
        ("unknown critical extension", replaced(unknown)),
        ("no policy", certified(|spec| without(spec, &Extension::policy(&production, "x")))),
    ] {
        assert!(peer(&card, number).0.certificate, "{what}: the peer checks the signature");
        let report = ours(&card, number);
        assert!(!report.certificate().authenticity.is_genuine(), "{what}: {report:?}");
        assert_ne!(report.verdict().key(), "genuine-live", "{what}");
    }
}

#[test]
fn dates_are_findings_and_never_change_what_is_authentic() {
    let (profile, number) = adult();
    for (now, finding) in [
        ("2020-01-01T00:00:00Z", Some("certificate-not-yet-valid")),
        (NOW, None),
        ("2034-01-01T00:00:00Z", Some("certificate-expired")),
    ] {
        let report = ours_at(&profile.card(), number, &own_roots(), now);
        assert_eq!(report.verdict().key(), "genuine-live", "{now}");
        let found = keys(&report);
        assert_eq!(found.iter().find(|key| key.starts_with("certificate")).copied(), finding);
    }
}

#[test]
fn a_virtual_card_is_nobody_s_under_the_roots_of_issued_cards() {
    for profile in cards() {
        let report = ours_at(&profile.card(), profile.code_b().unwrap(), &Roots::production(), NOW);
        assert_eq!(report.verdict().key(), "issuer-unknown", "{}", profile.name());
        assert!(!opinion(&report).live, "an answer under an unknown key proves nothing");
    }
}
