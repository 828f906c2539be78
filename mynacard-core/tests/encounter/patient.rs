//! The wrong patient: another card, a forged one, and one that cannot be told.

use mynacard_core::audit::{Real, ShortId};
use mynacard_core::card::Floor;
use mynacard_core::consent::{Access, Basis, Identity, Refusal};
use mynacard_core::driver::{Action, Input};
use mynacard_core::error::{LinkFault, Misuse};
use mynacard_core::{CardTransport, Event, Limits, Plan, Scope, VerificationNumberB, read, run};
use mynacard_sim::{Application, Profile, VirtualCard};

use super::encounter_support::{Play, Tap, own_roots, with_swapped_photo};
use super::{ADULT, OTHER};

#[test]
fn after_a_second_card_nothing_of_the_first_is_left() {
    let mut play = Play::<Real>::up_to_view(&ADULT, "A");
    assert!(play.told().contains(&ADULT.name));
    assert_eq!(play.tap(&OTHER).unwrap(), Event::SecondCardAcceptable);
    let state = play.encounter.state();
    assert_eq!((state.identity, state.basis), (Identity::NotChecked, Basis::NotAsked));
    assert_eq!(state.access, Access::Shut);
    assert!(play.medicine().is_none() && play.encounter.permit(play.now).is_none());
    assert_eq!(play.encounter.would_permit(play.now), Err(Refusal::FaceNotChecked));
    let report = play.told();
    for first in [&ADULT.name, &ADULT.address, "薬A", "病院A"] {
        assert!(!report.contains(first), "{first}");
    }
    assert!(report.contains(&OTHER.name));
    let shown = play.encounter.examined().unwrap().reading().attributes().value().unwrap();
    assert_eq!(shown.name().unwrap().as_str(), OTHER.name);

    // With the facts of the second card, the first card's source is another card's.
    play.tell(Event::FaceMatched).unwrap();
    play.tell(Event::ConsentByPatient).unwrap();
    play.permit(Scope::Summary).unwrap();
    assert_eq!(play.medicine(), None);
    let refused = play.fetch(&mut ADULT.patient("A"), Scope::Summary);
    assert_eq!(refused, Err(Refusal::OtherCard.into()));
    play.fetch(&mut OTHER.patient("B"), Scope::Summary).unwrap();
    assert_eq!(play.medicine().as_deref(), Some("薬B"));
}

#[test]
fn the_first_card_once_more_changes_nothing_and_a_forgery_of_it_ends_everything() {
    let mut play = Play::<Real>::up_to_view(&ADULT, "A");
    let before = play.encounter.state();
    assert_eq!(play.tap(&ADULT).unwrap(), Event::CardAcceptable);
    assert_eq!(play.encounter.state(), before);
    assert_eq!(play.medicine().as_deref(), Some("薬A"));
    // The same card key under another photo.
    let profile = Profile::adult();
    let card = with_swapped_photo(profile, "old-chip");
    let forged = Tap::of(card, profile.code_b().unwrap(), &own_roots());
    assert_eq!(play.tap(&forged).unwrap(), Event::CardForged);
    assert!(play.medicine().is_none() && play.encounter.permit(play.now).is_none());
    assert_eq!(play.permit(Scope::Summary), Err(Refusal::CardForged));
    play.tap(&ADULT).unwrap();
    assert_eq!(play.permit(Scope::Summary), Err(Refusal::CardForged), "forged stays forged");
}

#[test]
fn a_refused_reading_leaves_the_first_card_in_its_place() {
    let mut play = Play::<Real>::up_to_view(&ADULT, "A");
    // Neither face nor certificate: it cannot be told which card this was.
    let nothing = Tap::by(
        Plan::attributes_only(),
        Profile::find("foreign").unwrap().card(),
        Profile::find("foreign").unwrap().code_b().unwrap(),
        &own_roots(),
    );
    let before = play.encounter.state();
    assert_eq!(play.tap(&nothing), Err(Misuse::OutOfRange.into()));
    assert_eq!(play.encounter.state(), before);
    assert_eq!(play.medicine().as_deref(), Some("薬A"));
    assert!(play.told().contains(&ADULT.name));
    // A card cannot be recorded by hand, nor what only the log or the table says.
    for event in Event::ALL.iter().filter(|event| !event.is_recordable()) {
        assert_eq!(play.tell(*event), Err(Misuse::OutOfRange.into()), "{event:?}");
        assert_eq!((play.encounter.state(), play.encounter.unrecorded()), (before, 0));
    }
}

#[test]
fn a_failed_reading_has_the_event_that_fits() {
    let fails = |mut card: VirtualCard, number: &str| {
        let number = VerificationNumberB::from_digits(number.as_bytes()).unwrap();
        let mut driver =
            read(card.link(), Limits::default(), &number, Plan::all()).expect("a free link");
        let reading = run(&mut driver, &mut card).unwrap();
        let mut play = Play::<Real>::open();
        play.encounter.card_failed(&reading, play.crew, play.now).unwrap()
    };
    let adult = Profile::adult();
    let code = adult.code_b().unwrap();
    let wrong = Profile::find("foreign").unwrap().code_b().unwrap();
    assert_eq!(fails(adult.card(), code), None);
    assert_eq!(fails(adult.card(), wrong), Some(Event::CardWrongNumber));
    let locked = adult.builder().tries_left(Application::Face, 0x12, 0).build();
    assert_eq!(fails(locked, code), Some(Event::CardLocked));
    let nearly = Profile::find("nearly-locked").unwrap();
    let outcome = fails(nearly.card(), nearly.code_b().unwrap());
    assert_eq!(outcome, Some(Event::CardNearlyLocked));
    let phone = Profile::find("phone").unwrap().card();
    assert_eq!(fails(phone, code), Some(Event::CardOfAnotherKind));
    let spoilt = adult.builder().replace_file(Application::Face, 0x02, &[0xFF; 64]).build();
    assert_eq!(fails(spoilt, code), Some(Event::CardUnreadable));
}

#[test]
fn a_failure_with_the_last_tries_allowed_says_so_in_the_log() {
    let mut play = Play::<Real>::open();
    let mut card = Profile::adult().builder().tries_left(Application::Face, 0x12, 1).build();
    let wrong = Profile::find("foreign").unwrap().code_b().unwrap();
    let number = VerificationNumberB::from_digits(wrong.as_bytes()).unwrap();
    let plan = Plan { face_floor: Floor::LAST_TRIES_ALLOWED, ..Plan::all() };
    let mut driver = read(card.link(), Limits::default(), &number, plan).unwrap();
    let reading = run(&mut driver, &mut card).unwrap();
    let crew = ShortId::new("crew-1").unwrap();
    let failed = play.encounter.card_failed(&reading, crew, play.now).unwrap();
    assert_eq!(failed, Some(Event::CardWrongNumber));
    play.store().unwrap();
    assert!(play.logged().ends_with(&[Event::CardWrongNumber, Event::LastTriesAllowed]));
}

#[test]
fn last_tries_that_were_allowed_are_in_the_log_though_the_answer_was_lost() {
    let mut card = Profile::adult().card();
    let number = VerificationNumberB::from_digits(Profile::adult().code_b().unwrap().as_bytes());
    let plan = Plan { face_floor: Floor::LAST_TRIES_ALLOWED, ..Plan::face_only() };
    let mut driver = read(card.link(), Limits::default(), number.unwrap(), plan).unwrap();
    let mut action = driver.step(Input::Start).unwrap();
    let mut response = Vec::new();
    let reading = loop {
        let input = match action {
            Action::Transmit(command) if command[1] == 0x20 && command.len() > 5 => {
                Input::LinkLost(LinkFault::Lost)
            }
            Action::Transmit(command) => {
                response.clear();
                CardTransport::transmit(&mut card, &command, &mut response).unwrap();
                Input::Response(&response)
            }
            Action::Progress(_) | Action::Part(_) => Input::Continue,
            Action::Done(reading) => break reading,
        };
        action = driver.step(input).unwrap();
    };
    assert!(reading.face_verification().is_none() && reading.last_tries_allowed());
    let mut play = Play::<Real>::open();
    play.encounter.card_failed(&reading, play.crew, play.now).unwrap();
    play.store().unwrap();
    assert!(play.logged().ends_with(&[Event::CardUnreadable, Event::LastTriesAllowed]));
}

#[test]
fn a_void_permit_keeps_no_later_line_from_the_log() {
    let mut play = Play::<Real>::up_to_consent(&ADULT);
    let crew = ShortId::new("crew-1").unwrap();
    play.encounter.request_permit(Scope::Summary, crew, play.now).unwrap();
    play.encounter.record(Event::ConsentWithdrawn, crew, play.now).unwrap();
    play.store().unwrap();
    assert_eq!(play.encounter.unrecorded(), 0);
    assert!(play.logged().ends_with(&[Event::PermitSummary, Event::ConsentWithdrawn]));
    assert!(play.encounter.permit(play.now).is_none());
}
