//! Torn taps over virtual cards: the link is lost at every exchange, before and after the command
//! has reached the card, and the reading goes on with the next tap, or says why it must not.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests may fail loudly"
)]

mod card_support;
#[path = "card_support/link.rs"]
mod link;

use std::collections::BTreeMap;
use std::sync::Arc;

use card_support::{header, risks_a_try};
use link::{Fault, Faulty, Reader, account, daring, number_of, presented, read_by};
use mynacard_core::Error;
use mynacard_core::driver::{run, run_with};
use mynacard_core::error::{CardFault, CredentialFault, LinkFault};
use mynacard_core::exchange::{Capabilities, CardTransport, Limits, Link};
use mynacard_core::reading::{CardReading, EarlyPart, NotResumed, Part, Plan, resume};
use mynacard_core::trust::x509::NoRevocationSource;
use mynacard_core::trust::{Challenge, Clock, Liveness, Roots, Verdict};
use mynacard_sim::{Application, Profile, PublicRoots, VirtualCard};

/// What a resumed reading may send beyond an untorn one, apart from the command that was lost.
///
/// The proof that it is the same card: SELECT and the signature. Opening the application again, since
/// a card forgets when it loses power: SELECT of application and key, the free query of the tries,
/// VERIFY. SELECT of the file, because a short identifier reaches its first 256 bytes only. The text
/// application's answer, which was to the challenge of the tap before, with SELECT of it.
const FIXED_OVERHEAD: usize = 2 + 4 + 1 + 2;

fn first_challenge() -> Challenge {
    link::challenge()
}

fn challenge_of_tap(tap: u8) -> Challenge {
    Challenge::new(&[b"another nonce, drawn anew for tap ".as_slice(), &[tap]].concat())
        .expect("long enough")
}

fn plan() -> Plan {
    daring(Plan::all().with_challenge(first_challenge()))
}

/// Everything that was read, apart from the answer to the challenge, which is new at each tap.
#[derive(Debug, Eq, PartialEq)]
struct Values(Vec<Option<Vec<u8>>>);

fn values(reading: &CardReading) -> Values {
    let bytes = |part: &Part<zeroize::Zeroizing<Vec<u8>>>| part.value().map(|it| it.to_vec());
    Values(vec![
        reading.face().value().map(|face| face.bytes().to_vec()),
        bytes(reading.face_certificate()),
        reading.attributes().value().map(|it| it.bytes().to_vec()),
        reading.integrity().value().map(|it| it.signature().to_vec()),
        bytes(reading.text_certificate()),
        bytes(reading.text_key()),
        bytes(reading.certificate()),
    ])
}

fn verdict(reading: CardReading) -> (Verdict, Liveness) {
    let roots = Roots::from_json(PublicRoots::test().to_json().as_bytes()).expect("roots");
    let now = "2026-11-22T00:00:00Z".parse().expect("a time");
    let examined = reading.examine(None, &roots, Clock::Trusted(now), &NoRevocationSource);
    (examined.report().verdict(), examined.report().live())
}

/// READ BINARY commands, each as what it reads: application, file, offset.
fn blocks_read(taps: &[&[Vec<u8>]]) -> BTreeMap<(Vec<u8>, u8, usize), usize> {
    let mut read = BTreeMap::new();
    for tap in taps {
        let (mut application, mut file) = (Vec::new(), 0);
        for command in *tap {
            match header(command) {
                [0x00, 0xA4, 0x04, _] => application = command[5..].to_vec(),
                [0x00, 0xA4, 0x02, _] => file = command[6],
                [0x00, 0xB0, p1, p2] => {
                    let offset = if p1 & 0x80 == 0 {
                        usize::from(p1) << 8 | usize::from(p2)
                    } else {
                        file = p1 & 0x1F;
                        usize::from(p2)
                    };
                    *read.entry((application.clone(), file, offset)).or_default() += 1;
                }
                _ => {}
            }
        }
    }
    read
}

/// A tap that ends at exchange `at`, and the card as it leaves the field: without power.
fn torn_tap(
    profile: &Profile,
    capabilities: Capabilities,
    at: usize,
    delivered: bool,
) -> (CardReading, Faulty) {
    let fault = Fault::Lost(LinkFault::Lost);
    let mut link = Faulty::new(capabilities, profile.card(), fault, at, delivered);
    let reading = read_by(&plan(), &number_of(profile), &mut link);
    link.card.power_off();
    (reading, link)
}

fn resume_over(
    profile: &Profile,
    reading: CardReading,
    tap: u8,
    link: &mut impl CardTransport,
) -> Result<CardReading, NotResumed> {
    let number = number_of(profile);
    let (limits, new) = (Limits::default(), challenge_of_tap(tap));
    let mut driver = resume(link.link(), limits, &number, plan(), reading, new)?;
    run(&mut driver, link).expect("the flow awaits only the card")
}

fn is_outcome_unknown(error: Error) -> bool {
    error == CredentialFault::OutcomeUnknown.into()
}

/// What becomes of a tap torn at `at`, or none if there was nothing left to tear.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Course {
    Completed,
    OutcomeUnknown,
    TooEarly,
}

fn torn_and_resumed(
    profile: &Profile,
    capabilities: Capabilities,
    at: usize,
    delivered: bool,
    untorn: &(Values, Vec<Vec<u8>>),
) -> Course {
    let name = profile.name();
    let what = format!("{name}, exchange {at}, delivered {delivered}");
    let (reading, torn) = torn_tap(profile, capabilities, at, delivered);
    let struck_a_verify = torn.struck_a_verify();
    let knows_key = reading.face().value().is_some();
    let mut link = Reader::over(capabilities, torn.card.clone());
    let course = match resume_over(profile, reading, 2, &mut link) {
        Err(NotResumed { error, .. }) if is_outcome_unknown(error) => {
            assert!(struck_a_verify, "{what}");
            Course::OutcomeUnknown
        }
        Err(NotResumed { error, .. }) => {
            assert_eq!(error, LinkFault::BeginAnew.into(), "{what}");
            assert!(!knows_key, "{what}: the face tells the card");
            Course::TooEarly
        }
        Ok(reading) => {
            assert!(!struck_a_verify, "{what}: never across a VERIFY of unknown outcome");
            assert_eq!(reading.errors().next(), None, "{what}");
            assert_eq!(values(&reading), untorn.0, "{what}");
            let exchanges = torn.sent.len() + link.sent.len();
            let lost = 1;
            // An old chip says again that it takes no extended length.
            let refused = usize::from(capabilities.extended_length && name == "old-chip");
            assert!(
                exchanges <= untorn.1.len() + FIXED_OVERHEAD + lost + refused,
                "{what}: {exchanges} exchanges instead of {}",
                untorn.1.len()
            );
            let statistics = reading.statistics();
            assert_eq!(statistics.exchanges, exchanges, "{what}");
            assert_eq!(verdict(reading), (Verdict::GenuineLive, Liveness::Live), "{what}");
            // Block by block: each as often as without the loss, and one once more, at most.
            let once: usize = blocks_read(&[&untorn.1]).values().sum();
            let both = blocks_read(&[&torn.sent, &link.sent]);
            let total: usize = both.values().sum();
            assert!(total <= once + lost + refused, "{what}: {total} blocks instead of {once}");
            Course::Completed
        }
    };
    if course != Course::Completed {
        assert_eq!(link.sent, Vec::<Vec<u8>>::new(), "{what}: nothing is sent to the card");
    }
    // The card's own account: the right number costs nothing, and is presented to each application
    // once a tap at most.
    assert_eq!(account(&profile.card(), &link.card).spent, 0, "{what}");
    assert!(presented(&link.card).iter().all(|count| *count <= 2), "{what}");
    course
}

#[test]
fn a_tap_torn_anywhere_completes_on_the_next_or_says_why_not() {
    for name in ["adult", "child", "foreign", "old-chip"] {
        let profile = Profile::find(name).expect("known");
        for capabilities in [Capabilities::SHORT, Capabilities::EXTENDED] {
            let mut whole = Reader::over(capabilities, profile.card());
            let reading = read_by(&plan(), &number_of(profile), &mut whole);
            assert_eq!(reading.errors().next(), None, "{name}");
            let untorn = (values(&reading), whole.sent);
            let mut courses = Vec::new();
            for at in 0..untorn.1.len() {
                let [lost, silent] = [false, true]
                    .map(|it| torn_and_resumed(profile, capabilities, at, it, &untorn));
                assert_eq!(lost, silent, "{name}: the host cannot tell, so it acts alike");
                courses.push(lost);
            }
            let count = |wanted| courses.iter().filter(|course| **course == wanted).count();
            assert_eq!(count(Course::OutcomeUnknown), 2, "{name}: the two VERIFY commands");
            // SELECT, SELECT, query and what is read before the key is whole; never more than four
            // blocks of it, for it ends within the first 400 bytes.
            let early = count(Course::TooEarly);
            assert!((3..=6).contains(&early), "{name}: {early} too early");
            assert_eq!(courses[0], Course::TooEarly);
            assert_eq!(courses.last(), Some(&Course::Completed));
        }
    }
}

#[test]
fn another_card_in_its_place_is_never_asked_for_its_number_and_nothing_is_mixed() {
    let (profile, other) = (Profile::adult(), Profile::find("foreign").expect("known"));
    let capabilities = Capabilities::SHORT;
    let mut whole = Reader::short(profile.card());
    let untorn = values(&read_by(&plan(), &number_of(profile), &mut whole));
    let total = whole.sent.len();
    let mut met = 0;
    for at in 0..total {
        let (reading, torn) = torn_tap(profile, capabilities, at, false);
        let before = values(&reading);
        let mut link = Reader::short(other.card());
        let result = resume_over(profile, reading, 2, &mut link);
        let NotResumed { reading, error } = result.expect_err("another card");
        assert_eq!(presented(&link.card), [0, 0], "exchange {at}: no number for another card");
        assert_eq!(account(&other.card(), &link.card).spent, 0);
        assert!(link.sent.len() <= 2, "exchange {at}: SELECT and the challenge, no more");
        assert!(!link.sent.iter().any(|command| risks_a_try(command)));
        assert_eq!(values(&reading), before, "exchange {at}: what was read stays as it was");
        if let Error::Card(refused) = error {
            assert_eq!(refused.fault, CardFault::OtherCard);
            met += 1;
            // The right card after all: the reading goes on as if the other had not been there.
            let mut link = Reader::short(torn.card.clone());
            let reading = resume_over(profile, *reading, 3, &mut link).expect("the same card");
            assert_eq!(values(&reading), untorn, "exchange {at}");
        }
    }
    assert!(met > total / 2, "{met} of {total}");
}

#[test]
fn a_copy_without_the_key_and_a_card_of_another_kind_are_other_cards() {
    let profile = Profile::adult();
    let copy = VirtualCard::from_files(&profile.to_files()).expect("a dump");
    let silent = profile.builder().signing_key(Application::Face, 0x1A, None).build();
    let stolen_files = {
        let key = Profile::find("foreign").and_then(|other| other.spec().keys.face);
        profile.builder().signing_key(Application::Face, 0x1A, key).build()
    };
    let phone = Profile::find("phone").expect("known").card();
    let bare = profile.builder().remove_application(Application::Face).build();
    for card in [copy, silent, stolen_files, phone, bare] {
        // Torn while the photo is read, and while the certificate is.
        for at in [12, 40] {
            let (reading, _) = torn_tap(profile, Capabilities::SHORT, at, false);
            let mut link = Reader::short(card.clone());
            let refused = resume_over(profile, reading, 2, &mut link).expect_err("another card");
            let Error::Card(fault) = refused.error else { panic!("{:?}", refused.error) };
            assert_eq!(fault.fault, CardFault::OtherCard, "{}", card.label());
            assert_eq!(presented(&link.card), [0, 0], "{}", card.label());
            assert!(!refused.error.info().advice_ja.is_empty());
            assert!(refused.reading.face().value().is_some() || at == 12);
        }
    }
}

#[test]
fn a_replayed_proof_of_the_tap_before_does_not_pass() {
    // A forger who listened to the first tap answers the second with what he heard.
    struct Replays {
        card: VirtualCard,
        heard: Vec<u8>,
        link: Link,
    }
    impl CardTransport for Replays {
        fn transmit(&mut self, command: &[u8], answer: &mut Vec<u8>) -> Result<(), LinkFault> {
            let real = self.card.transmit(command);
            let replayed = header(command)[1] == 0x2A;
            answer.extend_from_slice(if replayed { &self.heard } else { &real });
            Ok(())
        }
        fn link(&self) -> &Link {
            &self.link
        }
    }
    let profile = Profile::adult();
    let (reading, torn) = torn_tap(profile, Capabilities::SHORT, 40, false);
    let heard = reading.live_signature().value().expect("answered at the first tap").to_vec();
    let heard = [heard, vec![0x90, 0x00]].concat();
    let mut link = Replays { card: torn.card, heard, link: Link::new(Capabilities::SHORT) };
    let refused = resume_over(profile, reading, 2, &mut link).expect_err("a replay");
    assert!(matches!(refused.error, Error::Card(it) if it.fault == CardFault::OtherCard));
    assert_eq!(
        presented(&link.card),
        presented(&torn_tap(profile, Capabilities::SHORT, 40, false).1.card)
    );
}

#[test]
fn a_tap_lost_again_can_be_resumed_again_unless_a_verify_was_under_way() {
    let profile = Profile::adult();
    let mut whole = Reader::short(profile.card());
    let untorn = values(&read_by(&plan(), &number_of(profile), &mut whole));
    let total = whole.sent.len();
    // Torn in the photo, before the attributes, between attributes and their proof, at the end.
    let mut stages: Vec<usize> = vec![12, total - 1];
    for (at, command) in whole.sent.iter().enumerate() {
        let selects_text = header(command)[..3] == [0x00, 0xA4, 0x04] && command.ends_with(&[0x08]);
        let reads_integrity = header(command)[..3] == [0x00, 0xB0, 0x83];
        if selects_text || reads_integrity {
            stages.push(at);
        }
    }
    assert_eq!(stages.len(), 4, "the four stages are there");
    for first in stages {
        for second in 0.. {
            let (reading, torn) = torn_tap(profile, Capabilities::SHORT, first, false);
            let fault = Fault::Lost(LinkFault::Lost);
            let mut link = Faulty::new(Capabilities::SHORT, torn.card, fault, second, true);
            let what = format!("lost at {first}, then at {second}");
            let result = resume_over(profile, reading, 2, &mut link);
            if link.sent.len() <= second {
                assert_eq!(values(&result.expect("nothing was lost")), untorn, "{what}");
                break;
            }
            let struck_a_verify = link.struck_a_verify();
            link.card.power_off();
            let reading = match result {
                Ok(reading) => reading,
                Err(NotResumed { reading, error }) => {
                    assert_eq!(error, LinkFault::Lost.into(), "{what}");
                    *reading
                }
            };
            let mut third = Reader::short(link.card);
            match resume_over(profile, reading, 3, &mut third) {
                Ok(reading) => {
                    assert!(!struck_a_verify, "{what}: across a VERIFY of unknown outcome");
                    assert_eq!(values(&reading), untorn, "{what}");
                    assert_eq!(verdict(reading).0, Verdict::GenuineLive, "{what}");
                }
                Err(refused) => {
                    assert!(struck_a_verify, "{what}: {refused:?}");
                    assert!(is_outcome_unknown(refused.error), "{what}: {refused:?}");
                    assert_eq!(third.sent, Vec::<Vec<u8>>::new(), "{what}");
                }
            }
            assert_eq!(account(&profile.card(), &third.card).spent, 0, "{what}");
        }
    }
}

#[test]
fn a_wrong_number_costs_what_was_authorised_and_is_not_tried_again_after_a_tear() {
    let profile = Profile::adult();
    let number = link::wrong_number(profile);
    for at in 0..12 {
        let fault = Fault::Lost(LinkFault::Lost);
        let mut link = Faulty::new(Capabilities::SHORT, profile.card(), fault, at, true);
        let reading = read_by(&plan(), &number, &mut link);
        link.card.power_off();
        let mut next = Reader::short(link.card);
        let (limits, new) = (Limits::default(), challenge_of_tap(2));
        let result = resume(&next.link, limits, &number, plan(), reading, new);
        if let Ok(mut driver) = result {
            let _ = run(&mut driver, &mut next).expect("the flow awaits only the card");
        }
        let spent = account(&profile.card(), &next.card).spent;
        assert!(spent <= 1, "exchange {at}: {spent} tries for a number that was wrong once");
        assert!(spent <= u64::from(plan().tries_authorised()), "exchange {at}");
    }
}

#[test]
fn a_reading_that_was_not_torn_is_not_resumed() {
    let profile = Profile::adult();
    let whole = read_by(&plan(), &number_of(profile), &mut Reader::short(profile.card()));
    let mut link = Reader::short(profile.card());
    let refused = resume_over(profile, whole, 2, &mut link).expect_err("nothing to resume");
    assert_eq!(refused.error, LinkFault::BeginAnew.into());
    let wrong = read_by(&plan(), &link::wrong_number(profile), &mut Reader::short(profile.card()));
    let refused = resume_over(profile, wrong, 2, &mut link).expect_err("the number was wrong");
    assert_eq!(refused.error, LinkFault::BeginAnew.into());
    assert!(link.sent.is_empty());
}

#[test]
fn the_face_is_delivered_once_whichever_tap_completes_it() {
    let profile = Profile::adult();
    let number = number_of(profile);
    for (at, again) in [(12, 1), (40, 0)] {
        let (reading, torn) = torn_tap(profile, Capabilities::SHORT, at, false);
        let mut link = Reader::short(torn.card);
        let (limits, new) = (Limits::default(), challenge_of_tap(2));
        let mut driver = resume(&link.link, limits, &number, plan(), reading, new).expect("torn");
        let mut faces = Vec::new();
        let on_part = |EarlyPart::Face(face)| faces.push(face);
        let reading = run_with(&mut driver, &mut link, |_| {}, on_part).expect("no misuse");
        let reading = reading.expect("the same card");
        assert_eq!(faces.len(), again, "torn at {at}");
        let face = reading.face().value().expect("read");
        assert!(faces.iter().all(|early| Arc::ptr_eq(early, face)));
    }
}

#[test]
fn a_refusal_to_resume_says_nothing_of_the_person() {
    let profile = Profile::adult();
    let (reading, _) = torn_tap(profile, Capabilities::SHORT, 40, false);
    let mut link = Reader::short(Profile::find("foreign").expect("known").card());
    let refused = resume_over(profile, reading, 2, &mut link).expect_err("another card");
    let shown = format!("{refused:?} {:?} {}", refused.reading, refused.error);
    let code = profile.code_b().expect("a card");
    for personal in [profile.holder_name(), profile.holder_address(), code, &code[10..]] {
        assert!(!shown.contains(personal), "{shown}");
    }
}
