//! The verdict on whole cards: the published one, the workshop's, and what a forger makes of them.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod common;

use common::pki::{Leaf, Root};
use common::{
    FACE_ROOT, Face, Key, TEXT_ROOT, attributes, cv_certificate, key_id, published, roots_file,
    text_key,
};
use mynacard_core::calendar::Date;
use mynacard_core::trust::live::NotLive;
use mynacard_core::trust::record::{AttributesRecord, FaceRecord, TextKeyRecord};
use mynacard_core::trust::roots::TestCardsAccepted;
use mynacard_core::trust::verdict::{UnsignedValues, Value};
use mynacard_core::trust::x509::NoRevocationSource;
use mynacard_core::trust::{
    Anchor, Authenticity, Challenge, Clock, Doubt, Evidence, Finding, Forgery, Hierarchy, Issuer,
    KeyId, Liveness, Report, Roots, Unchecked, Verdict, examine,
};

const NOW: &str = "2026-11-22T00:00:00Z";
const NONCE: &[u8] = b"a fresh nonce of the host";

/// The files of a card, and the keys that would answer for it.
#[derive(Clone, Default)]
struct Card {
    face_certificate: Vec<u8>,
    face: Vec<u8>,
    text_certificate: Vec<u8>,
    attributes: [Vec<u8>; 2],
    text_key: Vec<u8>,
    certificate: Vec<u8>,
    face_key: Option<&'static str>,
    text_key_name: Option<&'static str>,
}

impl Card {
    fn published() -> Self {
        Self {
            face_certificate: published("surface-0004.bin"),
            face: published("surface-0002.bin"),
            text_certificate: published("text-0004.bin"),
            attributes: [published("text-0002.bin"), published("text-0003.bin")],
            text_key: published("text-0007.bin"),
            certificate: published("jpki-auth-cert.der"),
            face_key: None,
            text_key_name: None,
        }
    }

    /// A card of the workshop: root a, record signer b, card key c, text card key d.
    fn workshop() -> Self {
        Self::made("a", "c", "d", "19800217")
    }

    fn made(root: &'static str, card: &'static str, text: &'static str, birth: &str) -> Self {
        let [root_key, signer] = [root, "b"].map(Key::load);
        let (card_key, text_card_key) = (Key::load(card), Key::load(text));
        let certificate = |id, subject| {
            cv_certificate(key_id(id, "001"), &root_key, key_id(subject, "000"), &signer)
        };
        Self {
            face_certificate: certificate(FACE_ROOT, "1322121"),
            face: Face::new(birth, "1", &card_key).signed_by(&signer),
            text_certificate: certificate(TEXT_ROOT, "1322131"),
            attributes: attributes(birth, "1", &signer),
            text_key: text_key(&text_card_key, &signer),
            certificate: Leaf::new().signed_by(Root::new("JPKI", root), &Key::load("c")),
            face_key: Some(card),
            text_key_name: Some(text),
        }
    }

    fn examine(&self, roots: &Roots) -> Report {
        self.examine_with(roots, Clock::Trusted(NOW.parse().unwrap()), UnsignedValues::default())
    }

    fn examine_with(&self, roots: &Roots, clock: Clock, unsigned: UnsignedValues) -> Report {
        fn some(file: &[u8]) -> Option<&[u8]> {
            (!file.is_empty()).then_some(file)
        }
        let challenge = Challenge::new(NONCE).unwrap();
        let answer = |name: Option<&'static str>| {
            name.map(|name| Key::load(name).sign_payload(challenge.command_data()))
        };
        let (face_answer, text_answer) = (answer(self.face_key), answer(self.text_key_name));
        let [values, integrity] = &self.attributes;
        let evidence = Evidence {
            face_certificate: some(&self.face_certificate),
            face: some(&self.face).map(|file| FaceRecord::from_file(file).unwrap()),
            text_certificate: some(&self.text_certificate),
            attributes: some(values)
                .map(|values| AttributesRecord::from_files(values, integrity).unwrap()),
            text_key: some(&self.text_key).map(|file| TextKeyRecord::from_file(file).unwrap()),
            certificate: some(&self.certificate),
            challenge: Some(&challenge),
            face_answer: face_answer.as_deref(),
            text_answer: text_answer.as_deref(),
            unsigned,
            ..Evidence::default()
        };
        examine(&evidence, roots, clock, &NoRevocationSource)
    }
}

fn test_roots() -> Roots {
    Roots::test(TestCardsAccepted)
}

fn workshop_roots() -> Roots {
    roots_of("a")
}

fn roots_of(key: &'static str) -> Roots {
    let root = Key::load(key);
    let cv = [(key_id(FACE_ROOT, "001"), &root), (key_id(TEXT_ROOT, "001"), &root)];
    Roots::from_json(&roots_file("workshop", &cv, &[&Root::new("JPKI", key).der()])).unwrap()
}

const fn not_checked(why: Unchecked) -> Authenticity {
    Authenticity::Doubted(Doubt::NotChecked { why })
}

const fn forged(why: Forgery) -> Authenticity {
    Authenticity::Doubted(Doubt::Forged { why })
}

#[test]
fn the_published_dump_is_a_genuine_test_card_that_is_not_live() {
    let report = Card::published().examine(&test_roots());
    assert_eq!(report.verdict(), Verdict::TestNotLive);
    assert_eq!(report.live(), Liveness::NotLive { why: NotLive::NotAnswered });
    let parts =
        [report.face(), report.attributes(), report.text_key(), &report.certificate().authenticity];
    assert!(parts.iter().all(|part| part.status() == "genuine"), "{report:?}");
    assert_eq!(report.face().why(), "test root, community-sourced");
    assert_eq!(report.findings(), []);
}

#[test]
fn a_copied_dump_cannot_answer_for_the_card() {
    // The copy has a chip with another key, which answers as well as it can.
    let copy = Card { face_key: Some("d"), ..Card::published() };
    let report = copy.examine(&test_roots());
    assert_eq!(report.live(), Liveness::NotLive { why: NotLive::WrongAnswer });
    assert_eq!(report.verdict(), Verdict::TestNotLive);
    let copy = Card { face_key: Some("d"), ..Card::workshop() };
    let report = copy.examine(&workshop_roots());
    assert_eq!(report.verdict(), Verdict::GenuineNotLive);
    // A face replayed in front of a live text application of another card.
    let half = Card { face_key: None, ..Card::workshop() };
    let report = half.examine(&workshop_roots());
    assert_eq!((report.face_live().status(), report.text_live()), ("not-live", Liveness::Live));
    assert_eq!(report.verdict(), Verdict::GenuineNotLive);
    // A live face with a text application that answers wrongly.
    let half = Card { text_key_name: Some("c"), ..Card::workshop() };
    let report = half.examine(&workshop_roots());
    assert_eq!((report.face_live(), report.live().status()), (Liveness::Live, "not-live"));
    assert_eq!(report.verdict(), Verdict::GenuineNotLive);
    // A live face with a text application that was not asked, and one that has shown nothing.
    let half = Card { text_key_name: None, ..Card::workshop() };
    let report = half.examine(&workshop_roots());
    assert_eq!((report.face_live(), report.live().status()), (Liveness::Live, "not-live"));
    assert_eq!(report.verdict(), Verdict::GenuineNotLive);
    assert_eq!(report.findings(), [Finding::TextNotLive]);
    let face = Card { attributes: Default::default(), ..half };
    assert_eq!(face.examine(&workshop_roots()).verdict(), Verdict::GenuineLive);
}

#[test]
fn a_card_of_the_caller_s_hierarchy_is_genuine_and_live() {
    let report = Card::workshop().examine(&workshop_roots());
    assert_eq!((report.verdict(), report.live()), (Verdict::GenuineLive, Liveness::Live));
    let Authenticity::Genuine(Anchor { hierarchy, .. }) = report.face() else {
        panic!("{report:?}")
    };
    assert_eq!(*hierarchy, Hierarchy::Caller("workshop".into()));
    assert_eq!(report.findings(), []);
}

#[test]
fn what_the_card_does_not_sign_is_never_genuine() {
    let report = Card::workshop().examine(&workshop_roots());
    for value in
        [Value::FaceExpiry, Value::SecurityCode, Value::FaceMunicipality, Value::CommonInformation]
    {
        assert_eq!(report.of(value), Authenticity::Unsigned);
    }
    for value in [Value::Photo, Value::FaceBirthDate, Value::Name, Value::Sex, Value::Certificate] {
        assert!(report.of(value).is_genuine());
    }
    assert_eq!(report.of(Value::NumberDigest), not_checked(Unchecked::NeverRead));
}

#[test]
fn a_test_card_offered_as_production_is_nobody_s_and_says_so() {
    let report = Card::published().examine(&Roots::production());
    assert_eq!(report.verdict(), Verdict::IssuerUnknown);
    assert_eq!(report.findings(), [Finding::ClaimsTest]);
    assert_eq!(report.face().status(), "issuer-unknown");
    assert_eq!(report.face().why(), "6000023/001");
}

#[test]
fn a_record_of_one_card_with_the_certificate_of_another_is_forged() {
    let mixed = Card { face_certificate: Card::workshop().face_certificate, ..Card::published() };
    let report = mixed.examine(&workshop_roots());
    assert_eq!((report.verdict(), report.face()), (Verdict::Forged, &forged(Forgery::Signature)));
}

#[test]
fn the_key_of_another_card_does_not_make_a_card_live() {
    let other = Card { face_key: Some("b"), ..Card::workshop() };
    let report = other.examine(&workshop_roots());
    assert_eq!(report.live(), Liveness::NotLive { why: NotLive::WrongAnswer });
    assert_eq!(report.verdict(), Verdict::GenuineNotLive);
}

#[test]
fn a_self_made_root_with_an_issuer_s_id_is_forged_and_with_its_own_is_unknown() {
    // Signed by key c under the id of the workshop's root, whose key is a.
    let report = Card::made("c", "d", "d", "19800217").examine(&workshop_roots());
    assert_eq!((report.verdict(), report.face()), (Verdict::Forged, &forged(Forgery::Signature)));
    let own = key_id("7000023", "001");
    let [root, signer] = ["c", "b"].map(Key::load);
    let face_certificate = cv_certificate(own, &root, key_id("1322121", "000"), &signer);
    let card = Card { face_certificate, certificate: Vec::new(), ..Card::workshop() };
    let report = card.examine(&workshop_roots());
    assert_eq!(report.verdict(), Verdict::IssuerUnknown);
    let unknown = Doubt::IssuerUnknown { issuer: Issuer::Key(KeyId::new(own)) };
    assert_eq!(*report.face(), unknown.into());
    assert_eq!(report.live().status(), "not-live", "an answer needs a trusted key");
}

#[test]
fn an_id_that_differs_in_its_last_byte_is_another_issuer() {
    let [root, signer] = ["a", "b"].map(Key::load);
    let mut id = key_id(FACE_ROOT, "001");
    id[15] = 1;
    let face_certificate = cv_certificate(id, &root, key_id("1322121", "000"), &signer);
    let report = Card { face_certificate, ..Card::workshop() }.examine(&workshop_roots());
    assert_eq!(report.verdict(), Verdict::IssuerUnknown);
    assert_eq!(report.face().why(), "6000023/001/00000001");
}

#[test]
fn a_swapped_photo_and_every_other_swapped_part_is_forged() {
    let (card, signer) = (Key::load("c"), Key::load("b"));
    let good = Face::new("19800217", "1", &card);
    let signature = signer.sign_payload(&good.payload());
    let forge = |change: fn(&mut Face)| {
        let mut face = Face::new("19800217", "1", &card);
        change(&mut face);
        let card = Card { face: face.file(&signature), ..Card::workshop() };
        card.examine(&workshop_roots())
    };
    assert_eq!(forge(|_| ()).verdict(), Verdict::GenuineLive);
    let other_key = |it: &mut Face| *it = Face::new("19800217", "1", &Key::load("d"));
    let changes: [fn(&mut Face); 4] = [
        |it| it.photo = common::tlv(0xDF27, &[0x5B; 900]),
        |it| it.identity[5] ^= 1,
        |it| it.pictures[5] ^= 1,
        other_key,
    ];
    for change in changes {
        let report = forge(change);
        assert_eq!(
            (report.verdict(), report.face()),
            (Verdict::Forged, &forged(Forgery::Signature))
        );
    }
}

#[test]
fn a_face_signed_in_the_standard_way_is_not_a_face() {
    // One SHA-256 over everything, and three digests as if they were a message.
    let (card, signer) = (Key::load("c"), Key::load("b"));
    let face = Face::new("19800217", "1", &card);
    let all = [&face.identity[..], &face.pictures, &face.photo].concat();
    for signature in [signer.sign(&all), signer.sign(&face.payload()[19..])] {
        let report = Card { face: face.file(&signature), ..Card::workshop() };
        assert_eq!(report.examine(&workshop_roots()).verdict(), Verdict::Forged);
    }
}

#[test]
fn attributes_of_one_person_under_the_integrity_record_of_another_are_forged() {
    let signer = Key::load("b");
    let [_, integrity] = attributes("19800217", "1", &signer);
    let [values, _] = attributes("19900101", "1", &signer);
    let card = Card { attributes: [values, integrity], ..Card::workshop() };
    let report = card.examine(&workshop_roots());
    assert_eq!(
        (report.verdict(), report.attributes()),
        (Verdict::Forged, &forged(Forgery::Digest))
    );
}

#[test]
fn parts_of_two_genuine_cards_contradict_each_other() {
    let signer = Key::load("b");
    for (birth, sex, finding) in
        [("19900101", "1", Finding::BirthDateDiffers), ("19800217", "2", Finding::SexDiffers)]
    {
        let card = Card { attributes: attributes(birth, sex, &signer), ..Card::workshop() };
        let report = card.examine(&workshop_roots());
        assert_eq!((report.verdict(), report.findings()), (Verdict::Contradictory, &[finding][..]));
    }
}

#[test]
fn a_test_part_and_an_issued_part_are_never_taken_together() {
    // The published test card's face beside a certificate chain that names a production root.
    let [root, signer] = ["a", "b"].map(Key::load);
    let id = key_id("5000033", "001");
    let text_certificate = cv_certificate(id, &root, key_id("1322131", "000"), &signer);
    let card = Card { text_certificate, ..Card::published() };
    let report = card.examine(&test_roots());
    assert!(report.face().is_genuine());
    assert_eq!(report.findings(), [Finding::HierarchyMixed]);
    assert_eq!(report.verdict(), Verdict::Contradictory);
    let report = card.examine(&Roots::production());
    assert_ne!(report.verdict(), Verdict::GenuineNotLive);
    assert!(!report.attributes().is_genuine());
}

#[test]
fn a_card_key_that_is_weak_is_not_live_though_its_record_is_genuine() {
    let report = Card::made("a", "e3", "d", "19800217").examine(&workshop_roots());
    assert!(report.face().is_genuine());
    assert_eq!(report.live(), Liveness::NotLive { why: NotLive::WeakKey });
    assert_eq!(report.verdict(), Verdict::GenuineNotLive);
}

#[test]
fn a_record_signing_key_that_is_weak_is_refused_though_certified() {
    let [root, weak, card] = ["a", "e3", "c"].map(Key::load);
    let subject = key_id("1322121", "000");
    let card = Card {
        face_certificate: cv_certificate(key_id(FACE_ROOT, "001"), &root, subject, &weak),
        face: Face::new("19800217", "1", &card).signed_by(&weak),
        ..Card::workshop()
    };
    let report = card.examine(&workshop_roots());
    assert_eq!((report.verdict(), report.face()), (Verdict::Forged, &forged(Forgery::WeakKey)));
}

#[test]
fn truncated_signatures_do_not_even_parse() {
    let card = Card::workshop();
    let (key, signer) = (Key::load("c"), Key::load("b"));
    let face = Face::new("19800217", "1", &key);
    let signature = signer.sign_payload(&face.payload());
    for size in [0, 1, 128, 255] {
        assert!(FaceRecord::from_file(&face.file(&signature[..size])).is_err(), "{size}");
    }
    let long = [&signature[..], &[0]].concat();
    assert!(FaceRecord::from_file(&face.file(&long)).is_err());
    for cut in 0..card.face.len() {
        assert!(FaceRecord::from_file(&card.face[..cut]).is_err(), "cut at {cut}");
    }
    // A certificate that is cut short is not checked, and so nothing under it is.
    let face_certificate = card.face_certificate[..300].to_vec();
    let report = Card { face_certificate, ..card }.examine(&workshop_roots());
    assert_eq!(*report.face(), not_checked(Unchecked::Malformed));
    assert_eq!(report.verdict(), Verdict::Unverified);
}

#[test]
fn nothing_is_genuine_by_default() {
    let nothing = Card::default().examine(&Roots::production());
    assert_eq!(nothing.verdict(), Verdict::Unverified);
    let without = Card { face_certificate: Vec::new(), ..Card::workshop() };
    let report = without.examine(&workshop_roots());
    assert_eq!(*report.face(), not_checked(Unchecked::NoCertificate));
    assert_eq!(report.verdict(), Verdict::Unverified);
    // A certificate alone can be shown by anybody.
    let certificate = Card::published().certificate;
    let alone = Card { certificate, ..Card::default() }.examine(&test_roots());
    assert!(alone.certificate().authenticity.is_genuine());
    assert_eq!(alone.verdict(), Verdict::Unverified);
}

#[test]
fn the_clock_and_the_dates_show_in_the_findings() {
    let card = Card::published();
    let at = |text: &str| text.parse().unwrap();
    let find = |clock| {
        card.examine_with(&test_roots(), clock, UnsignedValues::default()).findings().to_vec()
    };
    assert_eq!(find(Clock::Untrusted(at(NOW))), [Finding::ClockUntrusted]);
    assert_eq!(find(Clock::Unknown), [Finding::ClockUnknown]);
    let within = Clock::Trusted(at("2030-03-01T00:00:00Z"));
    assert_eq!(find(within), [Finding::CertificateWithinGrace]);
    assert_eq!(find(Clock::Trusted(at("2031-01-01T00:00:00Z"))), [Finding::CertificateExpired]);
    let early = Clock::Untrusted(at("2020-01-01T00:00:00Z"));
    assert_eq!(find(early), [Finding::CertificateNotYetValid, Finding::ClockUntrusted]);
}

fn day(text: &str) -> Option<Date> {
    Some(Date::parse_compact(text.as_bytes()).unwrap())
}

#[test]
fn unsigned_values_are_compared_but_do_not_change_the_verdict() {
    let find = |unsigned| {
        let clock = Clock::Trusted(NOW.parse().unwrap());
        let report = Card::published().examine_with(&test_roots(), clock, unsigned);
        assert_eq!(report.verdict(), Verdict::TestNotLive);
        report.findings().to_vec()
    };
    let good = UnsignedValues {
        face_expiry: day("20350217"),
        face_municipality: Some(*b"13221"),
        common_expiry: day("20350217"),
        common_municipality: Some(*b"13221"),
    };
    assert_eq!(find(good), []);
    let other = UnsignedValues { common_expiry: day("20340217"), ..good };
    assert_eq!(find(other), [Finding::ExpiryDiffers]);
    // Another municipality than that in the name of the certificate: a certificate of another card
    // shows in this way only, since its key answers to nothing but a PIN.
    let moved = UnsignedValues { common_municipality: Some(*b"27100"), ..good };
    assert_eq!(find(moved), [Finding::MunicipalityDiffers]);
    let expired = UnsignedValues { face_expiry: day("20261121"), common_expiry: None, ..good };
    assert_eq!(find(expired), [Finding::CardExpired]);
    let today = UnsignedValues { face_expiry: day("20261122"), common_expiry: None, ..good };
    assert_eq!(find(today), []);
}

#[test]
fn every_verdict_and_finding_says_something_in_both_languages() {
    let mut keys = std::collections::BTreeSet::new();
    for verdict in Verdict::ALL {
        assert!(keys.insert(verdict.key()) && !verdict.en().is_empty() && !verdict.ja().is_ascii());
    }
    for finding in Finding::ALL {
        assert!(keys.insert(finding.key()) && !finding.en().is_empty() && !finding.ja().is_ascii());
    }
}

#[test]
fn a_report_shows_nothing_personal() {
    let shown = format!("{:?}", Card::published().examine(&test_roots()));
    for personal in ["19800217", "1980", "02-17", "1897570", "227B13", "2259731", "13221", "黒桐"]
    {
        assert!(!shown.contains(personal), "{personal} in {shown}");
    }
}
