//! What the crew is shown is never vouched for by the silence of what could have proved it.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests"
)]

use std::cell::Cell;
use std::rc::Rc;

use mynacard_core::card::{Floor, VerifyOutcome};
use mynacard_core::credential::VerificationNumberB;
use mynacard_core::driver::run_with;
use mynacard_core::error::LinkFault;
use mynacard_core::exchange::{Capabilities, CardTransport, Limits, Link};
use mynacard_core::reading::{CardReading, EarlyPart, Examined, Plan, read};
use mynacard_core::trust::live::NotLive;
use mynacard_core::trust::x509::NoRevocationSource;
use mynacard_core::trust::{Challenge, Clock, Finding, Liveness, Roots, Verdict};
use mynacard_sim::{
    Application, CardBuilder, Forgery, Profile, PublicRoots, TestKey, Token, VirtualCard,
};

/// A card on a link that counts its exchanges.
struct Counted {
    card: VirtualCard,
    link: Link,
    exchanges: Rc<Cell<usize>>,
    /// Digits that open every key just before the card is asked about it: it says that it is open.
    opened_by: Option<&'static str>,
}

impl Counted {
    fn new(card: VirtualCard, capabilities: Capabilities) -> Self {
        Self { card, link: Link::new(capabilities), exchanges: Rc::default(), opened_by: None }
    }
}

impl CardTransport for Counted {
    fn transmit(&mut self, command: &[u8], response: &mut Vec<u8>) -> Result<(), LinkFault> {
        self.exchanges.set(self.exchanges.get() + 1);
        let query = [0x00, 0x20, 0x00, 0x80];
        let answer = match self.opened_by.filter(|_| command == query) {
            Some(digits) => self.card.transmit(&[&query[..], &[14], digits.as_bytes()].concat()),
            None => self.card.transmit(command),
        };
        response.extend_from_slice(&answer);
        Ok(())
    }

    fn link(&self) -> &Link {
        &self.link
    }
}

fn number_of(profile: &Profile) -> VerificationNumberB {
    VerificationNumberB::from_digits(profile.code_b().unwrap().as_bytes()).unwrap()
}

/// Reads, with a challenge; gives also the number of exchanges after which the face came.
fn read_by(
    plan: Plan,
    number: &VerificationNumberB,
    card: &mut Counted,
) -> (CardReading, Option<usize>) {
    let challenge = Challenge::new(b"never met before, and long enough").unwrap();
    let plan = plan.with_challenge(challenge);
    let mut driver = read(&card.link, Limits::default(), number, plan).unwrap();
    let (exchanges, mut face_at) = (Rc::clone(&card.exchanges), None);
    let on_part = |EarlyPart::Face(_)| face_at = Some(exchanges.get());
    let reading = run_with(&mut driver, card, |_| {}, on_part).unwrap();
    (reading, face_at)
}

fn examined(reading: CardReading) -> Examined {
    let roots = Roots::from_json(PublicRoots::test().to_json().as_bytes()).unwrap();
    let now = "2026-11-22T00:00:00Z".parse().unwrap();
    reading.examine(None, &roots, Clock::Trusted(now), &NoRevocationSource)
}

fn examined_by(plan: Plan, card: VirtualCard) -> Examined {
    let mut card = Counted::new(card, Capabilities::EXTENDED);
    examined(read_by(plan, &number_of(Profile::adult()), &mut card).0)
}

fn examine(builder: CardBuilder) -> Examined {
    examined_by(Plan::all(), builder.build())
}

fn forged_attributes() -> Vec<u8> {
    let mut record = Profile::adult().spec().attributes_record();
    record.name = "偽　名".as_bytes().to_vec();
    record.birth_date = b"19900101".to_vec();
    record.to_bytes()
}

#[test]
fn the_untouched_card_is_genuine_and_live() {
    let examined = examine(Profile::adult().builder());
    assert_eq!(examined.report().verdict(), Verdict::GenuineLive);
    assert_eq!(examined.report().findings(), []);
}

/// The genuine face of one person beside the genuine name of another, born on one day and of one sex.
#[test]
fn a_borrowed_name_never_passes_for_this_chip_s() {
    let borrowed = Forgery::BorrowedName.card();
    let report = examined_by(Plan::all(), borrowed.clone());
    let report = report.report();
    assert!(report.face().is_genuine() && report.attributes().is_genuine());
    assert_eq!(report.verdict(), Verdict::GenuineNotLive);
    assert_eq!(report.findings(), [Finding::TextNotLive]);
    assert_eq!((report.face_live(), report.live()), (Liveness::Live, report.text_live()));
    assert_eq!(report.text_live(), Liveness::NotLive { why: NotLive::WrongAnswer });

    for card in [borrowed, Profile::adult().card()] {
        let unasked = examined_by(Plan::all().without_text_proof(), card);
        let report = unasked.report();
        assert_eq!(report.verdict(), Verdict::GenuineNotLive, "no signature tells the two apart");
        assert_eq!(report.findings(), [Finding::TextNotLive]);
        assert_eq!(report.live(), Liveness::NotLive { why: NotLive::NotAnswered });
        assert_eq!(report.face_live(), Liveness::Live);
    }
}

/// The limit of it: no signature binds the name to the key that answers, as the face's does. Whoever
/// stands between reader and chip can put another's records, of the same signer, beside its answer.
#[test]
fn a_go_between_that_swaps_the_records_is_not_noticed() {
    let mut theirs = Profile::find("old-chip").unwrap().spec();
    let ours = Profile::adult().spec().holder;
    (theirs.holder.birth_date, theirs.holder.sex) = (ours.birth_date, ours.sex);
    let theirs = theirs.issue();
    let mut card = Profile::adult().builder();
    for file in [0x02, 0x03, 0x04] {
        let content = theirs.file_content(Application::Text, file).unwrap();
        card = card.replace_file(Application::Text, file, &content);
    }
    assert_eq!(examine(card).report().verdict(), Verdict::GenuineLive);
}

/// Live is what is live of all that the crew sees, and of no more.
#[test]
fn each_part_alone_is_live_by_the_answer_of_its_own_application() {
    let honest = |plan| examined_by(plan, Profile::adult().card());
    let face_only = Plan { attributes: false, certificate: false, ..Plan::all() };
    let face = honest(face_only.clone());
    assert_eq!(face.report().verdict(), Verdict::GenuineLive);
    assert_eq!(face.report().findings(), []);
    assert_eq!(honest(face_only.without_text_proof()).report().verdict(), Verdict::GenuineLive);

    let text_only = Plan { face: false, certificate: false, ..Plan::all() };
    let text = honest(text_only.clone());
    assert_eq!(text.report().verdict(), Verdict::GenuineLive);
    assert_eq!(text.report().face_live().status(), "not-live");
    let unasked = honest(text_only.without_text_proof());
    assert_eq!(unasked.report().verdict(), Verdict::GenuineNotLive);

    // Without what proves them they are shown, and nothing is said for them.
    for plan in [Plan::face_only(), Plan::attributes_only()] {
        assert_eq!(honest(plan).report().verdict(), Verdict::Unverified);
    }
}

#[test]
fn the_face_comes_no_later_for_the_proof_of_the_name() {
    for profile in Profile::all().iter().filter(|profile| profile.token() == Token::Card) {
        for capabilities in [Capabilities::SHORT, Capabilities::EXTENDED] {
            let face_at = |plan: Plan| {
                let floor = Floor::new(2).unwrap();
                let plan = Plan { face_floor: floor, text_floor: floor, ..plan };
                let mut card = Counted::new(profile.card(), capabilities);
                let (reading, at) = read_by(plan, &number_of(profile), &mut card);
                assert!(reading.statistics().exchanges > at.unwrap());
                at.unwrap()
            };
            let plain = face_at(Plan::all().without_text_proof());
            assert_eq!(face_at(Plan::all()), plain, "{}", profile.name());
            assert_eq!(face_at(Plan::face_only()), plain, "{}", profile.name());
        }
    }
}

#[test]
fn digits_that_the_card_did_not_compare_are_pointed_at() {
    let wrong = VerificationNumberB::from_digits(b"64010720300000").unwrap();
    let mut card = Counted::new(Profile::adult().card(), Capabilities::EXTENDED);
    // It says so even after its application was left.
    card.opened_by = Profile::adult().code_b();
    let (reading, _) = read_by(Plan::all(), &wrong, &mut card);
    let outcome = VerifyOutcome::AlreadyVerified;
    assert_eq!(reading.face_verification().unwrap().outcome, outcome);
    assert_eq!(examined(reading).report().findings(), [Finding::DigitsNotChecked]);
}

#[test]
fn a_lifted_floor_is_pointed_at_and_no_other() {
    for (floor, expected) in [
        (Floor::DEFAULT, &[][..]),
        (Floor::new(2).unwrap(), &[]),
        (Floor::LAST_TRIES_ALLOWED, &[Finding::LastTriesAllowed]),
    ] {
        for plan in
            [Plan { face_floor: floor, ..Plan::all() }, Plan { text_floor: floor, ..Plan::all() }]
        {
            let examined = examined_by(plan, Profile::adult().card());
            assert_eq!(examined.report().findings(), expected, "{floor:?}");
            assert_eq!(examined.report().verdict(), Verdict::GenuineLive);
        }
    }
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
        let examined = examine(card);
        let report = examined.report();
        assert_eq!(report.verdict(), Verdict::GenuineNotLive, "{what}");
        assert_eq!(report.live(), Liveness::NotLive { why }, "{what}");
        assert_eq!(report.findings(), [Finding::TextNotLive], "{what}");
    }
    let mut altered = adult().file_content(Application::Text, 0x07).unwrap();
    altered[100] ^= 1;
    let card = adult().replace_file(Application::Text, 0x07, &altered);
    assert_eq!(examine(card).report().verdict(), Verdict::Forged);
}

#[test]
fn every_card_as_issued_proves_its_name_for_four_exchanges_more() {
    for profile in Profile::all().iter().filter(|profile| profile.token() == Token::Card) {
        let read_by = |plan: Plan, capabilities| {
            let floor = Floor::new(2).unwrap();
            let plan = Plan { face_floor: floor, text_floor: floor, ..plan };
            let mut card = Counted::new(profile.card(), capabilities);
            read_by(plan, &number_of(profile), &mut card).0
        };
        for (capabilities, more) in [(Capabilities::SHORT, 4), (Capabilities::EXTENDED, 2)] {
            let plain = read_by(Plan::all().without_text_proof(), capabilities);
            let proven = read_by(Plan::all(), capabilities);
            let difference = proven.statistics().exchanges - plain.statistics().exchanges;
            let takes_extended = capabilities.extended_length && profile.name() != "old-chip";
            assert_eq!(difference, if takes_extended { more } else { 4 }, "{}", profile.name());
            let examined = examined(proven);
            assert_eq!(examined.report().verdict(), Verdict::GenuineLive, "{}", profile.name());
            assert_eq!(examined.report().text_live(), Liveness::Live, "{}", profile.name());
        }
    }
}

#[test]
fn attributes_without_their_integrity_record_are_not_vouched_for() {
    let builder = Profile::adult().builder().remove_file(Application::Text, 0x03);
    let examined = examine(builder.clone());
    assert!(examined.reading().attributes().value().is_some(), "they are still shown");
    assert_eq!(examined.report().verdict(), Verdict::Unverified);
    assert_eq!(examined.report().attributes().status(), "not-checked");

    let forged = examine(builder.replace_file(Application::Text, 0x02, &forged_attributes()));
    assert_eq!(forged.reading().attributes().value().unwrap().name().unwrap().as_str(), "偽　名");
    let report = forged.report();
    assert!(report.findings().contains(&Finding::BirthDateDiffers), "{report:?}");
    assert_eq!(report.verdict(), Verdict::Contradictory);
}

/// A forger who fears the check of a part spoils it; the rest must not speak for it.
#[test]
fn a_part_that_does_not_parse_counts_against_the_card() {
    let adult = || Profile::adult().builder();
    let file = |application, file| adult().file_content(application, file).unwrap();
    let (face, text) = (file(Application::Face, 0x02), file(Application::Text, 0x02));
    let certificate = file(Application::Jpki, 0x0A);
    for (what, application, id, content) in [
        ("a face cut short", Application::Face, 0x02, face[..2000].to_vec()),
        ("a face of filler", Application::Face, 0x02, vec![0xFF; 64]),
        ("attributes cut short", Application::Text, 0x02, text[..40].to_vec()),
        ("a certificate cut short", Application::Jpki, 0x0A, certificate[..900].to_vec()),
    ] {
        let card = adult().replace_file(application, id, &content).filler(application, id, 0, 0);
        let examined = examine(card);
        let report = examined.report();
        assert_eq!(report.verdict(), Verdict::Unverified, "{what}: {report:?}");
        let part = match (application, id) {
            (Application::Face, _) => report.face(),
            (Application::Text, _) => report.attributes(),
            _ => &report.certificate().authenticity,
        };
        assert_eq!((part.status(), part.why().as_str()), ("not-checked", "malformed"), "{what}");
    }
}

/// What is not understood is signed like everything else.
#[test]
fn a_value_that_was_made_one_that_is_not_understood_is_forged() {
    let adult = || Profile::adult().builder();
    let file = |application| adult().file_content(application, 0x02).unwrap();
    for (application, tag, value) in [
        (Application::Face, 0xDF22, &b"19850500"[..]),
        (Application::Face, 0xDF23, b"7"),
        (Application::Text, 0xDF22, &[0xFF]),
    ] {
        let content = with(&file(application), tag, value);
        let examined = examine(adult().replace_file(application, 0x02, &content));
        assert_eq!(examined.report().verdict(), Verdict::Forged, "{tag:04X}");
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
    let examined = examine(Profile::adult().builder().replace_file(Application::Face, 2, &file));
    assert_eq!(examined.report().verdict(), Verdict::Unverified);
    assert_eq!(examined.report().face().status(), "not-checked");
}

#[test]
fn a_certificate_that_is_none_is_an_error_and_counts_against_the_card() {
    let builder = Profile::adult().builder();
    let examined = examine(builder.replace_file(Application::Jpki, 0x0A, &[0x30, 3, 2, 1, 1]));
    let reading = examined.reading();
    assert!(reading.certificate().error().is_some());
    assert!(reading.face().value().is_some() && reading.attributes().value().is_some());
    assert_eq!(examined.report().verdict(), Verdict::Unverified);
}

#[test]
fn the_certificate_of_another_card_is_noticed_by_its_last_day() {
    let other = Profile::find("two-line-address").unwrap().builder();
    let certificate = other.file_content(Application::Jpki, 0x0A).unwrap();
    let card = Profile::adult().builder().replace_file(Application::Jpki, 0x0A, &certificate);
    let examined = examine(card);
    assert_eq!(examined.report().findings(), [Finding::CertificateOfAnother]);
}

#[test]
fn no_card_of_the_simulator_is_suspected_for_its_own_certificate() {
    for profile in Profile::all().iter().filter(|profile| profile.code_b().is_some()) {
        let plan = Plan { face_floor: Floor::new(2).unwrap(), ..Plan::all() };
        let mut card = Counted::new(profile.card(), Capabilities::EXTENDED);
        let examined = examined(read_by(plan, &number_of(profile), &mut card).0);
        let suspected = examined.report().findings().contains(&Finding::CertificateOfAnother);
        assert!(!suspected, "{}", profile.name());
    }
}

#[test]
fn what_leads_to_the_number_is_in_no_debug_output() {
    let examined = examine(Profile::adult().builder());
    let file = Profile::adult().builder().file_content(Application::Text, 0x03).unwrap();
    let digest = &file[8..40];
    let shown = format!("{:?} {:?}", examined.reading(), examined);
    assert!(!shown.contains(&format!("{:?}", &digest[..8]).trim_matches(['[', ']']).to_owned()));
}

#[test]
fn a_hostile_name_cannot_repaint_a_terminal() {
    let mut record = Profile::adult().spec().attributes_record();
    record.name = "偽\u{1b}[2J\n名\u{202e}".as_bytes().to_vec();
    let builder = Profile::adult().builder();
    let examined = examine(builder.replace_file(Application::Text, 0x02, &record.to_bytes()));
    let name = examined.reading().attributes().value().unwrap().name().unwrap();
    assert_eq!(name.printable().to_string(), "偽\u{fffd}[2J\u{fffd}名\u{fffd}");
    assert_eq!(name.as_str(), "偽\u{1b}[2J\n名\u{202e}", "what is on the card stays as it is");
}
