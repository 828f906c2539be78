//! How long it takes to say whether a card is genuine, beside `myna-card` doing the same work, and
//! beside the reading that comes before it.
//!
//! The work, from the bytes of the files on: two card-verifiable certificates under their roots, the
//! signatures of three records (face 0002, text 0003 with the digest of text 0002, text 0007), the
//! answers of both applications to one challenge, and the authentication certificate under its root.
#![allow(clippy::expect_used, reason = "a bench may fail loudly")]

use std::time::Duration;

use criterion::Criterion;
use mynacard_benches::{Samples, ratio};
use mynacard_conformance::{Link, we_read};
use mynacard_core::credential::VerificationNumberB;
use mynacard_core::driver::run;
use mynacard_core::exchange::{CardTransport, Limits};
use mynacard_core::reading::{Plan, read};
use mynacard_core::trust::record::{AttributesRecord, FaceRecord, TextKeyRecord};
use mynacard_core::trust::x509::NoRevocationSource;
use mynacard_core::trust::{Challenge, Clock, Evidence, Roots, Verdict, examine};
use mynacard_sim::link::{LinkModel, TimedLink};
use mynacard_sim::{Application, Profile, PublicRoots};

/// How many times as fast as the peer, at least.
const LEAST_RATIO: f64 = 3.0;
/// Greatest share of a whole reading.
const LARGEST_SHARE: f64 = 0.02;

const NONCE: &[u8] = b"drawn by lot for the bench";
const NOW: &str = "2026-11-22T00:00:00Z";

/// A card's files, and its answers to the challenge.
struct Files {
    face: Vec<u8>,
    face_certificate: Vec<u8>,
    attributes: Vec<u8>,
    integrity: Vec<u8>,
    text_certificate: Vec<u8>,
    text_key: Vec<u8>,
    certificate: Vec<u8>,
    face_answer: Vec<u8>,
    text_answer: Vec<u8>,
}

impl Files {
    fn of(profile: &Profile) -> Self {
        let builder = profile.builder();
        let file = |application, file| builder.file_content(application, file).expect("there");
        let plan = Plan::all().with_challenge(challenge());
        let mut link = Link::short(profile.card());
        let reading = we_read(&mut link, profile.code_b().expect("a card has one"), plan);
        let reading = reading.expect("well formed");
        Self {
            face: file(Application::Face, 0x02),
            face_certificate: file(Application::Face, 0x04),
            attributes: file(Application::Text, 0x02),
            integrity: file(Application::Text, 0x03),
            text_certificate: file(Application::Text, 0x04),
            text_key: file(Application::Text, 0x07),
            certificate: reading.certificate().value().expect("read").to_vec(),
            face_answer: reading.live_signature().value().expect("it signs").to_vec(),
            text_answer: reading.text_live_signature().value().expect("it signs").to_vec(),
        }
    }
}

fn challenge() -> Challenge {
    Challenge::new(NONCE).expect("long enough")
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let profile = Profile::adult();
    let files = Files::of(profile);
    let roots = Roots::from_json(PublicRoots::test().to_json().as_bytes()).expect("roots");
    let peer = Peer::new();
    let (ours, theirs) = (Samples::default(), Samples::default());
    let mut group = criterion.benchmark_group("verify a card");
    group.bench_function("mynacard", |bencher| {
        bencher.iter_custom(|count| ours.measure(count, || we_verify(&files, &roots)));
    });
    group.bench_function("myna-card", |bencher| {
        bencher.iter_custom(|count| theirs.measure(count, || peer.verifies(&files)));
    });
    group.finish();
    if let (Some(fastest), Some(ratio)) = (ours.fastest(), ratio(&theirs, &ours)) {
        let micros = fastest.as_secs_f64() * 1e6;
        let verdict = if ratio >= LEAST_RATIO { "within" } else { "BELOW" };
        println!("verify a card: {micros:.0} µs");
        println!("verify a card: myna-card / mynacard = {ratio:.2}, {verdict} {LEAST_RATIO}");
        shares(profile, fastest);
    }
    criterion.final_summary();
}

fn we_verify(files: &Files, roots: &Roots) {
    let challenge = challenge();
    let attributes = AttributesRecord::from_files(&files.attributes, &files.integrity);
    let evidence = Evidence {
        face_certificate: Some(&files.face_certificate),
        face: Some(FaceRecord::from_file(&files.face).expect("parses")),
        text_certificate: Some(&files.text_certificate),
        attributes: Some(attributes.expect("parses")),
        text_key: Some(TextKeyRecord::from_file(&files.text_key).expect("parses")),
        certificate: Some(&files.certificate),
        challenge: Some(&challenge),
        face_answer: Some(&files.face_answer),
        text_answer: Some(&files.text_answer),
        ..Evidence::default()
    };
    let clock = Clock::Trusted(NOW.parse().expect("a time"));
    let report = examine(&evidence, roots, clock, &NoRevocationSource);
    assert_eq!(report.verdict(), Verdict::GenuineLive);
}

/// The roots in the peer's form.
struct Peer {
    cv: Vec<(Vec<u8>, myna_card::data::RsaPublicKey)>,
    x509: Vec<myna_card::Certificate>,
}

impl Peer {
    fn new() -> Self {
        let roots = PublicRoots::test();
        let cv = roots.cv.into_iter().map(|root| {
            let key = mynacard_sim::PublicKey { modulus: root.modulus, exponent: root.exponent };
            let key = myna_card::data::RsaPublicKey::parse(&key.to_record()).expect("a key");
            (root.key_id.0.to_vec(), key)
        });
        let x509 = roots.x509.iter();
        let x509 = x509.map(|der| myna_card::Certificate::parse(der).expect("a certificate"));
        Self { cv: cv.collect(), x509: x509.collect() }
    }

    fn signer(&self, file: &[u8]) -> myna_card::data::RsaPublicKey {
        use myna_card::data::CardVerifiableCertificate;
        let certificate = CardVerifiableCertificate::parse(file).expect("a certificate");
        let issuer = certificate.issuer_key_id.as_bytes();
        let (_, root) = self.cv.iter().find(|(id, _)| id == issuer).expect("a root");
        certificate.verify_with(root).expect("genuine");
        certificate.public_key
    }

    /// What its documentation asks for, in its own words.
    fn verifies(&self, files: &Files) {
        use myna_card::ap::{surface, text};
        let signer = self.signer(&files.face_certificate);
        let face = surface::CardFace::parse(&files.face).expect("parses");
        face.verify(&signer).expect("genuine");
        face.public_key.verify_pkcs1_sha256(NONCE, &files.face_answer).expect("live");
        let signer = self.signer(&files.text_certificate);
        let integrity = text::IntegrityRecord::parse(&files.integrity).expect("parses");
        integrity.verify(&signer).expect("genuine");
        assert!(integrity.matches_attributes_file(&files.attributes).expect("parses"));
        let key = text::SignedPublicKey::parse(&files.text_key).expect("parses");
        key.verify(&signer).expect("genuine");
        key.public_key.verify_pkcs1_sha256(NONCE, &files.text_answer).expect("live");
        let certificate = myna_card::Certificate::parse(&files.certificate).expect("parses");
        let named = |root: &&myna_card::Certificate| root.subject() == certificate.issuer();
        let signed = |root| certificate.verify_signature(root).is_ok();
        assert!(self.x509.iter().filter(named).any(signed));
    }
}

/// The verification beside the reading over the air, as modelled; the bare wire is what no reader
/// and no card can beat.
fn shares(profile: &Profile, verification: Duration) {
    for model in [LinkModel::nfc106(), LinkModel::nfc424()] {
        let mut link = TimedLink::new(profile.card(), model.clone());
        let meter = link.meter();
        let digits = profile.code_b().expect("a card has one").as_bytes();
        let number = VerificationNumberB::from_digits(digits).expect("it is one");
        let plan = Plan::all().with_challenge(challenge());
        let mut driver = read(link.link(), Limits::default(), number, plan).expect("free");
        let reading = run(&mut driver, &mut link).expect("it ends");
        assert!(reading.errors().next().is_none());
        let total = meter.total();
        for (what, time) in [("", total.time), (", bare wire", model.bare(total.bytes()))] {
            let share = verification.as_secs_f64() / time.as_secs_f64();
            let verdict = if share < LARGEST_SHARE { "within" } else { "OVER" };
            println!(
                "share of a whole reading, {}{what} ({:.0} ms): {:.3} %, {verdict} {:.0} %",
                model.name,
                time.as_secs_f64() * 1e3,
                share * 100.0,
                LARGEST_SHARE * 100.0
            );
        }
    }
    println!();
}
