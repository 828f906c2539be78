//! What the crew is shown is never vouched for by the silence of what could have proved it.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests"
)]

use mynacard_core::credential::VerificationNumberB;
use mynacard_core::exchange::{Capabilities, CardTransport, Limits, run};
use mynacard_core::reading::{CardReading, Plan, read};
use mynacard_core::trust::live::NotLive;
use mynacard_core::trust::x509::NoRevocationSource;
use mynacard_core::trust::{Challenge, Clock, Finding, Liveness, Report, Roots, Verdict};
use mynacard_sim::{
    Application, CardBuilder, Forgery, Profile, PublicRoots, TestKey, Token, VirtualCard,
};

fn reading_of(builder: CardBuilder) -> CardReading {
    reading_by(|plan| plan, builder.build())
}

/// With the proof that name and address are of this chip.
fn proven(card: VirtualCard) -> CardReading {
    reading_by(Plan::with_text_proof, card)
}

fn reading_by(change: impl FnOnce(Plan) -> Plan, mut card: VirtualCard) -> CardReading {
    let number = VerificationNumberB::from_digits(Profile::adult().code_b().unwrap().as_bytes());
    let challenge = Challenge::new(b"never met before, and long enough").unwrap();
    let plan = change(Plan::all().with_challenge(challenge));
    let mut driver = read(card.capabilities(), Limits::default(), number.unwrap(), plan);
    run(&mut driver, &mut card).unwrap()
}

fn report_on(reading: &CardReading) -> Report {
    let roots = Roots::from_json(PublicRoots::test().to_json().as_bytes()).unwrap();
    let now = "2026-11-22T00:00:00Z".parse().unwrap();
    reading.examine(None, &roots, Clock::Trusted(now), &NoRevocationSource)
}

fn forged_attributes() -> Vec<u8> {
    let mut record = Profile::adult().spec().attributes_record();
    record.name = "偽　名".as_bytes().to_vec();
    record.birth_date = b"19900101".to_vec();
    record.to_bytes()
}

#[test]
fn the_untouched_card_is_genuine_and_live() {
    let report = report_on(&reading_of(Profile::adult().builder()));
    assert_eq!((report.verdict, report.findings), (Verdict::GenuineLive, vec![]));
}

#[test]
fn a_borrowed_name_passes_for_this_chip_s_only_where_it_was_not_asked_to_prove_it() {
    let borrowed = Forgery::BorrowedName.card();
    let report = report_on(&reading_by(|plan| plan, borrowed.clone()));
    assert_eq!(report.verdict, Verdict::GenuineLive, "no signature tells the two apart");

    let report = report_on(&proven(borrowed));
    assert!(report.face.is_genuine() && report.attributes.is_genuine());
    assert_eq!(report.verdict, Verdict::GenuineNotLive);
    assert_eq!(report.findings, [Finding::TextNotLive]);
    assert_eq!((report.face_live, report.live), (Liveness::Live, report.text_live));
    let why = NotLive::WrongAnswer;
    assert_eq!(report.text_live, Liveness::NotLive { why });
}

#[test]
fn a_chip_that_keeps_its_proof_of_the_name_to_itself_is_not_live() {
    let adult = || Profile::adult().builder();
    let other = TestKey::named("rogue-card");
    for (what, card, why) in [
        ("no answer", adult().signing_key(Application::Text, 0x13, None), NotLive::NotAnswered),
        ("another key", adult().signing_key(Application::Text, 0x13, other), NotLive::WrongAnswer),
        ("no record", adult().remove_file(Application::Text, 0x07), NotLive::NoTrustedKey),
        (
            "a record that is none",
            adult().replace_file(Application::Text, 0x07, &[0xFF, 0x50, 0x00]),
            NotLive::NoTrustedKey,
        ),
    ] {
        let report = report_on(&proven(card.build()));
        assert_eq!(report.verdict, Verdict::GenuineNotLive, "{what}");
        assert_eq!(report.live, Liveness::NotLive { why }, "{what}");
        assert_eq!(report.findings, [Finding::TextNotLive], "{what}");
    }
    let mut altered = adult().file_content(Application::Text, 0x07).unwrap();
    altered[100] ^= 1;
    let card = adult().replace_file(Application::Text, 0x07, &altered).build();
    assert_eq!(report_on(&proven(card)).verdict, Verdict::Forged);
}

#[test]
fn every_card_as_issued_proves_its_name_for_four_exchanges_more() {
    for profile in Profile::all().iter().filter(|profile| profile.token() == Token::Card) {
        let number = VerificationNumberB::from_digits(profile.code_b().unwrap().as_bytes());
        let number = number.unwrap();
        let read_by = |plan: Plan, capabilities| {
            let challenge = Challenge::new(b"never met before, and long enough").unwrap();
            let plan = Plan { face_floor: 1, text_floor: 1, ..plan.with_challenge(challenge) };
            let mut card = profile.card();
            let mut driver = read(capabilities, Limits::default(), &number, plan);
            run(&mut driver, &mut card).unwrap()
        };
        for (capabilities, more) in [(Capabilities::SHORT, 4), (Capabilities::EXTENDED, 2)] {
            let plain = read_by(Plan::all(), capabilities);
            let proven = read_by(Plan::all().with_text_proof(), capabilities);
            let report = report_on(&proven);
            assert_eq!(report.verdict, Verdict::GenuineLive, "{}", profile.name());
            assert_eq!(report.text_live, Liveness::Live, "{}", profile.name());
            let difference = proven.statistics.exchanges - plain.statistics.exchanges;
            let takes_extended = capabilities.extended_length && profile.name() != "old-chip";
            assert_eq!(difference, if takes_extended { more } else { 4 }, "{}", profile.name());
        }
    }
}

#[test]
fn attributes_without_their_integrity_record_are_not_vouched_for() {
    let builder = Profile::adult().builder().remove_file(Application::Text, 0x03);
    let reading = reading_of(builder.clone());
    assert!(reading.attributes.value().is_some(), "they are still shown");
    let report = report_on(&reading);
    assert_eq!(report.verdict, Verdict::Unverified);
    assert_eq!(report.attributes.status(), "not-checked");

    let forged = reading_of(builder.replace_file(Application::Text, 0x02, &forged_attributes()));
    assert_eq!(forged.attributes.value().unwrap().name().as_str(), "偽　名");
    let report = report_on(&forged);
    assert!(report.findings.contains(&Finding::BirthDateDiffers), "{:?}", report.findings);
    assert_eq!(report.verdict, Verdict::Contradictory);
}

/// A forger who fears the check of a part spoils it; the rest must not speak for it.
#[test]
fn a_part_that_does_not_parse_counts_against_the_card() {
    let adult = || Profile::adult().builder();
    let file = |application, file| adult().file_content(application, file).unwrap();
    let (face, text) = (file(Application::Face, 0x02), file(Application::Text, 0x02));
    let certificate = file(Application::Jpki, 0x0A);
    for (what, application, id, content) in [
        ("an impossible birth date", Application::Face, 0x02, with(&face, 0xDF22, b"19850500")),
        ("an unknown sex", Application::Face, 0x02, with(&face, 0xDF23, b"7")),
        ("a face cut short", Application::Face, 0x02, face[..2000].to_vec()),
        ("a face of filler", Application::Face, 0x02, vec![0xFF; 64]),
        ("a name that is no text", Application::Text, 0x02, with(&text, 0xDF22, &[0xFF])),
        ("attributes cut short", Application::Text, 0x02, text[..40].to_vec()),
        ("a certificate cut short", Application::Jpki, 0x0A, certificate[..900].to_vec()),
    ] {
        let reading = reading_of(adult().replace_file(application, id, &content).filler(
            application,
            id,
            0,
            0,
        ));
        let report = report_on(&reading);
        assert_eq!(report.verdict, Verdict::Unverified, "{what}: {report:?}");
        let part = match (application, id) {
            (Application::Face, _) => &report.face,
            (Application::Text, _) => &report.attributes,
            _ => &report.certificate.authenticity,
        };
        assert_eq!((part.status(), part.why().as_str()), ("not-checked", "malformed"), "{what}");
    }
}

/// The file with the first bytes of one object's value replaced.
fn with(file: &[u8], tag: u16, value: &[u8]) -> Vec<u8> {
    let mut file = file.to_vec();
    let at = file.windows(2).position(|pair| pair == tag.to_be_bytes()).unwrap() + 3;
    file[at..at + value.len()].copy_from_slice(value);
    file
}

#[test]
fn a_face_whose_signature_cannot_be_one_is_not_vouched_for() {
    let spec = Profile::adult().spec();
    let mut record = spec.face_record();
    record.photo = Profile::find("old-chip").unwrap().spec().holder.photo;
    let file = record.with_signature(&[0x5A; 255]);
    let report = report_on(&reading_of(Profile::adult().builder().replace_file(
        Application::Face,
        2,
        &file,
    )));
    assert_eq!(report.verdict, Verdict::Unverified);
    assert_eq!(report.face.status(), "not-checked");
}

#[test]
fn a_certificate_that_is_none_is_an_error_and_counts_against_the_card() {
    let builder = Profile::adult().builder();
    let reading = reading_of(builder.replace_file(Application::Jpki, 0x0A, &[0x30, 0x03, 2, 1, 1]));
    assert!(reading.certificate.error().is_some());
    assert!(reading.face.value().is_some() && reading.attributes.value().is_some());
    assert_eq!(report_on(&reading).verdict, Verdict::Unverified);
}

#[test]
fn the_certificate_of_another_card_is_noticed_by_its_last_day() {
    let other = Profile::find("two-line-address").unwrap().builder();
    let certificate = other.file_content(Application::Jpki, 0x0A).unwrap();
    let reading =
        reading_of(Profile::adult().builder().replace_file(Application::Jpki, 0x0A, &certificate));
    let report = report_on(&reading);
    assert!(report.findings.contains(&Finding::CertificateOfAnother), "{:?}", report.findings);
}

#[test]
fn no_card_of_the_simulator_is_suspected_for_its_own_certificate() {
    let roots = Roots::from_json(PublicRoots::test().to_json().as_bytes()).unwrap();
    let now = "2026-11-22T00:00:00Z".parse().unwrap();
    for profile in Profile::all().iter().filter(|profile| profile.code_b().is_some()) {
        let mut card = profile.builder().build();
        let digits = profile.code_b().unwrap();
        let number = VerificationNumberB::from_digits(digits.as_bytes()).unwrap();
        let plan = Plan { face_floor: 1, text_floor: 1, ..Plan::all() };
        let mut driver = read(card.capabilities(), Limits::default(), number, plan);
        let reading = run(&mut driver, &mut card).unwrap();
        let report = reading.examine(None, &roots, Clock::Trusted(now), &NoRevocationSource);
        let suspected = report.findings.contains(&Finding::CertificateOfAnother);
        assert!(!suspected, "{}", profile.name());
    }
}

#[test]
fn what_leads_to_the_number_is_in_no_debug_output() {
    let reading = reading_of(Profile::adult().builder());
    let file = Profile::adult().builder().file_content(Application::Text, 0x03).unwrap();
    let digest = &file[8..40];
    let shown = format!("{reading:?}");
    assert!(!shown.contains(&format!("{:?}", &digest[..8]).trim_matches(['[', ']']).to_owned()));
}

#[test]
fn a_hostile_name_cannot_repaint_a_terminal() {
    let mut record = Profile::adult().spec().attributes_record();
    record.name = "偽\u{1b}[2J\n名\u{202e}".as_bytes().to_vec();
    let builder = Profile::adult().builder();
    let reading = reading_of(builder.replace_file(Application::Text, 0x02, &record.to_bytes()));
    let name = reading.attributes.value().unwrap().name();
    assert_eq!(name.printable().to_string(), "偽\u{fffd}[2J\u{fffd}名\u{fffd}");
    assert_eq!(name.as_str(), "偽\u{1b}[2J\n名\u{202e}", "what is on the card stays as it is");
}
