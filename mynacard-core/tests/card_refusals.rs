//! Every way in which a card says no, and what it costs: tries are counted by the card itself.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests may fail loudly"
)]

mod card_support;
#[path = "card_support/link.rs"]
mod link;

use card_support::{Script, sw};
use link::{
    Account, FREE, Reader, account, card_fault, cards, daring, number_of, phones, presented,
    read_by, wrong_number,
};
use mynacard_core::Error;
use mynacard_core::applet::jpki::TokenKind;
use mynacard_core::card::{Floor, VerifyOutcome};
use mynacard_core::driver::run;
use mynacard_core::error::{CardFault, CredentialFault, LinkFault, MalformedReason};
use mynacard_core::exchange::{Capabilities, CardTransport, Limits, Link};
use mynacard_core::field::DecodeLimits;
use mynacard_core::map::OtherCard;
use mynacard_core::reading::{Identified, Part, Plan, Token, identify};
use mynacard_sim::{Access, Application, Profile, VirtualCard};

#[test]
fn wrong_digits_cost_one_try_and_nothing_is_tried_again() {
    for profile in cards().filter(|profile| profile.name() != "nearly-locked") {
        let mut link = Reader::short(profile.card());
        let reading = read_by(&Plan::all(), &wrong_number(profile), &mut link);
        let Part::Refused(refused) = reading.face() else { panic!("{}", profile.name()) };
        assert_eq!(refused.outcome, VerifyOutcome::Rejected { left: 9 });
        assert_eq!(refused.fault(), Some(CredentialFault::Rejected));
        assert_eq!(account(&profile.card(), &link.card), Account { presented: 1, spent: 1 });
        assert_eq!(presented(&link.card), [1, 0], "the other counter was not spared");
        assert_eq!(reading.tries_spent(), 1);
        assert!(matches!(reading.attributes(), Part::NotAttempted));
        assert_eq!(link.sent.len(), 4, "something was sent after the rejection");
    }
}

#[test]
fn wrong_digits_for_the_attributes_alone_cost_one_try_there() {
    let profile = Profile::adult();
    let mut link = Reader::short(profile.card());
    let reading = read_by(&Plan::attributes_only(), &wrong_number(profile), &mut link);
    assert!(matches!(reading.attributes(), Part::Refused(_)));
    assert_eq!(presented(&link.card), [0, 1]);
    assert_eq!(link.card.tries_left(Application::Text, 0x15), Some(9));
}

#[test]
fn right_digits_after_wrong_ones_restore_the_counter() {
    let profile = Profile::adult();
    let mut link = Reader::short(profile.card());
    read_by(&Plan::face_only(), &wrong_number(profile), &mut link);
    assert_eq!(link.card.tries_left(Application::Face, 0x12), Some(9));
    let reading = read_by(&Plan::face_only(), &number_of(profile), &mut link);
    let verification = reading.face_verification().expect("verified");
    assert_eq!(verification.left_before, Some(9));
    assert_eq!(link.card.tries_left(Application::Face, 0x12), Some(10));
}

#[test]
fn nobody_locks_a_card_with_wrong_digits_at_the_default_floor() {
    let profile = Profile::adult();
    let mut link = Reader::short(profile.card());
    let refusals: Vec<_> = (0..20)
        .map(|_| read_by(&Plan::all(), &wrong_number(profile), &mut link))
        .filter(|reading| {
            matches!(reading.face(), Part::Refused(refused)
                if matches!(refused.outcome, VerifyOutcome::RefusedByFloor { .. }))
        })
        .collect();
    assert_eq!(link.card.tries_left(Application::Face, 0x12), Some(2));
    assert!(!refusals.is_empty());
    assert_eq!(link.card.tries_left(Application::Text, 0x15), Some(2));
}

#[test]
fn a_nearly_locked_card_is_not_tried_at_the_default_floor() {
    let profile = Profile::find("nearly-locked").expect("there");
    let mut link = Reader::short(profile.card());
    let reading = read_by(&Plan::face_only(), &number_of(profile), &mut link);
    let Part::Refused(refused) = reading.face() else { panic!("it was tried") };
    assert_eq!(refused.outcome, VerifyOutcome::RefusedByFloor { left: 2, floor: 3 });
    assert_eq!(presented(&link.card), [0, 0]);
    assert!(!refused.allowed_last_tries());
}

#[test]
fn last_tries_allowed_opens_a_nearly_locked_card_and_shows() {
    let profile = Profile::find("nearly-locked").expect("there");
    let mut link = Reader::short(profile.card());
    let plan = Plan { face_floor: Floor::LAST_TRIES_ALLOWED, ..Plan::all() };
    let reading = read_by(&plan, &number_of(profile), &mut link);
    assert!(reading.face().value().is_some());
    assert!(reading.face_verification().expect("verified").allowed_last_tries());
    assert!(!reading.text_verification().expect("verified").allowed_last_tries());
}

#[test]
fn below_the_floor_of_the_face_the_attributes_are_still_read() {
    let profile = Profile::find("nearly-locked").expect("there");
    let mut link = Reader::short(profile.card());
    let reading = read_by(&Plan::all(), &number_of(profile), &mut link);
    assert!(matches!(reading.face(), Part::Refused(_)));
    assert!(reading.attributes().value().is_some() && reading.certificate().value().is_some());
    assert_eq!(presented(&link.card), [0, 1]);
}

#[test]
fn a_blocked_key_is_said_so_and_ends_the_use_of_the_number() {
    for says_blocked in [false, true] {
        for number in [number_of(Profile::adult()), wrong_number(Profile::adult())] {
            let builder = Profile::adult()
                .builder()
                .tries_left(Application::Face, 0x12, 0)
                .behaviour(|behaviour| behaviour.query_says_blocked = says_blocked);
            let mut link = Reader::short(builder.build());
            let reading = read_by(&daring(Plan::all()), &number, &mut link);
            let Part::Refused(refused) = reading.face() else { panic!("it was tried") };
            assert_eq!(refused.outcome, VerifyOutcome::Blocked);
            assert_eq!(refused.fault(), Some(CredentialFault::Blocked));
            assert!(refused.ends_the_number());
            assert_eq!(presented(&link.card), [0, 0], "a blocked key does not spare the other");
            assert!(matches!(reading.attributes(), Part::NotAttempted));
            assert!(reading.certificate().value().is_some(), "it needs no number");
            assert_eq!(reading.tries_spent(), 0);
        }
    }
}

#[test]
fn a_wrong_number_that_blocks_one_key_does_not_reach_the_other() {
    let profile = Profile::adult();
    let card = profile.builder().tries_left(Application::Face, 0x12, 1).build();
    let mut link = Reader::short(card);
    let reading = read_by(&daring(Plan::all()), &wrong_number(profile), &mut link);
    assert_eq!(reading.tries_spent(), 1);
    assert_eq!(presented(&link.card), [1, 0]);
}

#[test]
fn a_key_without_a_counter_is_not_tried() {
    let card = Profile::adult().builder().tries_limit(Application::Face, 0x12, None).build();
    let mut link = Reader::short(card);
    let reading = read_by(&daring(Plan::face_only()), &number_of(Profile::adult()), &mut link);
    assert_eq!(reading.face().error(), Some(CredentialFault::CounterUnreadable.into()));
    assert_eq!(presented(&link.card), [0, 0]);
}

#[test]
fn a_phone_is_told_from_a_card_by_every_plan() {
    for profile in phones() {
        for plan in
            [Plan::all(), Plan::face_only(), Plan::attributes_only(), Plan::certificate_only()]
        {
            let mut link = Reader::short(profile.card());
            let reading = read_by(&plan, &number_of(Profile::adult()), &mut link);
            let error = match (reading.face(), reading.attributes()) {
                (Part::NotAttempted, Part::NotAttempted) => card_fault(reading.certificate()),
                (Part::NotAttempted, attributes) => card_fault(attributes),
                (face, _) => card_fault(face),
            };
            assert_eq!(error, CardFault::PhoneToken, "{}", profile.name());
            assert!(reading.token().expect("found out").is_phone());
            assert_eq!(account(&profile.card(), &link.card), Account::default());
        }
    }
}

#[test]
fn every_token_is_identified_by_what_it_says() {
    let found = |card: VirtualCard| {
        let mut link = Reader::short(card);
        run(&mut identify(&link.link, Limits::default()).expect(FREE), &mut link)
            .expect("no misuse")
    };
    for profile in cards() {
        let Identified { token, beside } = found(profile.card()).expect("identified");
        assert!(token.is_card() && !token.is_phone(), "{}", profile.name());
        assert_eq!(beside, []);
    }
    for (name, kind) in [("phone", TokenKind::AndroidPhone), ("iphone", TokenKind::IPhone)] {
        let profile = Profile::find(name).expect("there");
        let Ok(Identified { token: Token::Jpki(info), .. }) = found(profile.card()) else {
            panic!("{name}")
        };
        assert_eq!(info.kind(), kind);
        assert_eq!(info.serial().as_slice(), profile.spec().holder.token_serial.as_bytes());
    }
}

#[test]
fn a_foreign_card_is_told_from_a_card_whatever_it_refuses_with() {
    for status in [0x6A82, 0x6D00, 0x6E00, 0x6A81, 0x6A86] {
        let mut card = Script::new([]).then_always(sw(status));
        let reading = read_by(&Plan::all(), &number_of(Profile::adult()), &mut card);
        assert_eq!(card_fault(reading.face()), CardFault::ApplicationMissing, "{status:04X}");
        let unknown = Token::Foreign(OtherCard::Unknown);
        assert_eq!(reading.token(), Some(unknown), "{status:04X}");
        // The face, JPKI, and what tells another card.
        assert_eq!((card.tries_risked(), card.sent.len()), (0, 7), "{status:04X}");

        let mut card = Script::new([]).then_always(sw(status));
        let token = run(&mut identify(&card.link, Limits::default()).expect(FREE), &mut card);
        assert_eq!(token.unwrap().unwrap().token, unknown, "{status:04X}");
    }
}

/// A reader with nothing on it.
struct Nothing(LinkFault, Link);

impl Nothing {
    fn with(fault: LinkFault) -> Self {
        Self(fault, Link::new(Capabilities::SHORT))
    }
}

impl CardTransport for Nothing {
    fn transmit(&mut self, _: &[u8], _: &mut Vec<u8>) -> Result<(), LinkFault> {
        Err(self.0)
    }

    fn link(&self) -> &Link {
        &self.1
    }
}

#[test]
fn no_card_is_a_fault_of_the_link() {
    for fault in [LinkFault::NoCard, LinkFault::NoReader, LinkFault::Mute] {
        let mut reader = Nothing::with(fault);
        let reading = read_by(&Plan::all(), &number_of(Profile::adult()), &mut reader);
        assert_eq!(reading.errors().next(), Some(fault.into()));
        let mut driver = identify(&reader.1, Limits::default()).expect(FREE);
        let token = run(&mut driver, &mut reader);
        assert_eq!(token, Ok(Err(fault.into())));
    }
}

#[test]
fn an_integrity_record_behind_the_pin_costs_only_itself() {
    // Whether 照合番号B opens it is known from one source only.
    let card = Profile::adult()
        .builder()
        .access(Application::Text, 0x03, Access::AnyOf(vec![0x11, 0x14]))
        .build();
    let reading = read_by(&Plan::all(), &number_of(Profile::adult()), &mut Reader::short(card));
    assert_eq!(card_fault(reading.integrity()), CardFault::AccessDenied);
    assert!(reading.attributes().value().is_some() && reading.text_certificate().value().is_some());
    assert!(reading.certificate().value().is_some());
}

#[test]
fn one_spoilt_file_costs_only_itself() {
    let places = [
        (Application::Face, 0x02),
        (Application::Face, 0x04),
        (Application::Text, 0x02),
        (Application::Text, 0x03),
        (Application::Text, 0x04),
        (Application::Jpki, 0x0A),
    ];
    let profile = Profile::adult();
    for (spoilt, &(application, file)) in places.iter().enumerate() {
        for content in
            [&[][..], &[0x00; 40], &[0xFF; 40], &[0xFF, 0x20, 0x03, 1, 2, 3], &[0x31, 0x80]]
        {
            let card = profile.builder().replace_file(application, file, content).build();
            let reading = read_by(&Plan::all(), &number_of(profile), &mut Reader::short(card));
            let read = [
                reading.face().value().is_some(),
                reading.face_certificate().value().is_some(),
                reading.attributes().value().is_some(),
                reading.integrity().value().is_some(),
                reading.text_certificate().value().is_some(),
                reading.certificate().value().is_some(),
            ];
            for (at, read) in read.into_iter().enumerate() {
                // Proofs of what could not be read are of no use, and not asked for.
                let follows = (spoilt == 0 && at == 1) || (spoilt == 2 && (at == 3 || at == 4));
                assert_eq!(read, at != spoilt && !follows, "{application:?} {file:04X}: part {at}");
            }
            let error = reading.errors().next().expect("one part failed");
            assert!(matches!(error, Error::Malformed(_) | Error::Card(_)), "{error:?}");
        }
    }
}

#[test]
fn a_missing_file_costs_only_itself() {
    let card = Profile::adult().builder().remove_file(Application::Text, 0x02).build();
    let reading = read_by(&Plan::all(), &number_of(Profile::adult()), &mut Reader::short(card));
    assert_eq!(card_fault(reading.attributes()), CardFault::FileMissing);
    assert!(reading.face().value().is_some() && reading.certificate().value().is_some());
}

#[test]
fn a_missing_text_application_costs_only_the_attributes() {
    let card = Profile::adult().builder().remove_application(Application::Text).build();
    let reading = read_by(&Plan::all(), &number_of(Profile::adult()), &mut Reader::short(card));
    assert_eq!(card_fault(reading.attributes()), CardFault::ApplicationMissing);
    assert!(reading.face().value().is_some() && reading.certificate().value().is_some());
}

#[test]
fn a_value_that_is_not_understood_costs_itself_and_is_named() {
    let profile = Profile::adult();
    let face = profile.builder().file_content(Application::Face, 0x02).expect("there");
    let at = |tag: [u8; 2]| face.windows(2).position(|two| two == tag).expect("there");
    for (tag, object) in [
        ([0xDF, 0x22], "face/DF22 birth date"),
        ([0xDF, 0x23], "face/DF23 sex"),
        ([0xDF, 0x29], "face/DF29 expiry"),
    ] {
        let mut spoilt = face.clone();
        spoilt[at(tag) + 3] = b'x';
        let card = profile.builder().replace_file(Application::Face, 0x02, &spoilt).build();
        let reading = read_by(&Plan::face_only(), &number_of(profile), &mut Reader::short(card));
        let face = reading.face().value().expect("the rest of it is there");
        let not: Vec<_> =
            face.not_understood().map(|value| (value.object(), value.why())).collect();
        assert!(
            matches!(not[..], [(it, MalformedReason::BadDate | MalformedReason::BadValue)] if it == object)
        );
        assert!(face.photo().is_some() && face.name_image().is_some());
    }
}

#[test]
fn a_hostile_picture_costs_only_the_picture() {
    let profile = Profile::adult();
    let mut spec = profile.spec();
    spec.holder.photo = Some(vec![0x5A; 900]);
    let reading =
        read_by(&Plan::all(), &number_of(profile), &mut Reader::short(spec.issue().build()));
    let face = reading.face().value().expect("the face is read all the same");
    assert!(face.photo().expect("bytes").decode(&DecodeLimits::DEFAULT).is_err());
    assert!(reading.attributes().value().is_some());
}
