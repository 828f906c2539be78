//! Whole encounters over virtual cards: what an app gets to see, when, and what is left afterwards.
#![allow(clippy::type_complexity, reason = "a table of what can happen")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests may fail loudly"
)]

mod common;
mod encounter_support;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use encounter_support::{LIFE, Play, Tap, own_roots, with_swapped_photo, with_text_of};
use mynacard_core::audit::{Drill, EventCode, LogKind, Real};
use mynacard_core::consent::{
    AccessIs, BasisIs, CardFailure, CardIs, Event, Giver, IdentityIs, Refusal, Scope,
    SourceFailure, StageIs, Unobtainable, WayOut,
};
use mynacard_core::encounter::{Encounter, card_failure};
use mynacard_core::error::Misuse;
use mynacard_core::medical::PersonalText;
use mynacard_core::reading::Plan;
use mynacard_core::trust::roots::TestCardsAccepted;
use mynacard_core::trust::{Finding, Roots, Verdict};
use mynacard_core::{Error, Timestamp};
use mynacard_sim::{Application, Forgery, Issuer, NamedKey, Profile, VirtualCard};
use proptest::prelude::*;

static ADULT: LazyLock<Tap> = LazyLock::new(|| Tap::profile("adult"));
static OTHER: LazyLock<Tap> = LazyLock::new(|| Tap::profile("long-name"));

const CONSENTS: Event = Event::ConsentGiven(Giver::Patient);
const UNCONSCIOUS: Event = Event::ConsentUnobtainable(Unobtainable::Unconscious);

// --- permits -----------------------------------------------------------------------------------

#[test]
fn a_permit_is_in_force_only_after_its_own_entry_is_stored() {
    let mut play = Play::<Real>::up_to_consent(&ADULT);
    let mut patient = ADULT.patient("A");
    let entry = play.encounter.request_permit(Scope::Summary, play.crew, play.now).unwrap();
    assert!(play.encounter.permit(play.now).is_none(), "requested is not released");
    assert_eq!(play.encounter.state().access, AccessIs::Shut);
    assert_eq!(play.fetch(&mut patient, Scope::Summary), Err(Refusal::PermitEnded.into()));

    // Another line, stored at the same moment, is not the record of this permit.
    let other =
        play.encounter.apply(Event::SourceFailed(SourceFailure::NoSignal), play.crew, play.now);
    let other = play.store(&other.unwrap());
    let refused = play.encounter.permit_recorded(&other, play.now).map(drop);
    assert_eq!(refused, Err(Refusal::NotRecorded));
    // The request is spent: its own line comes too late.
    let late = play.store(&entry);
    assert_eq!(
        play.encounter.permit_recorded(&late, play.now).map(drop),
        Err(Refusal::StaleRequest)
    );
    assert!(play.encounter.permit(play.now).is_none() && !play.encounter.ever_released());

    play.permit(Scope::Summary).unwrap();
    assert!(play.text.lines().last().unwrap().contains(EventCode::PermitSummary.name()));
    assert!(play.encounter.medical(play.now).is_none(), "nothing has been fetched");
    play.fetch(&mut patient, Scope::Summary).unwrap();
    assert_eq!(play.medicine().as_deref(), Some("薬A"));
}

#[test]
fn what_happens_between_request_and_record_makes_the_request_stale() {
    let second = |play: &mut Play<Real>| play.tap(&OTHER);
    let changes: [fn(&mut Play<Real>) -> Result<EventCode, Error>; 6] = [
        |play| play.tell(Event::ConsentRefused),
        |play| play.tell(Event::ConsentWithdrawn),
        |play| play.tell(Event::FaceDiffers),
        |play| play.tell(Event::FaceUnverifiable),
        |play| play.tell(Event::Closed(WayOut::Urgency)),
        second,
    ];
    for change in changes {
        let mut play = Play::<Real>::up_to_consent(&ADULT);
        let entry = play.encounter.request_permit(Scope::Full, play.crew, play.now).unwrap();
        change(&mut play).unwrap();
        // The crew makes everything good again, and the host is slow with the old line.
        let _ = play.tell(Event::FaceMatched);
        let _ = play.tell(CONSENTS);
        let stored = play.store(&entry);
        assert!(play.encounter.permit_recorded(&stored, play.now).is_err());
        assert!(play.encounter.permit(play.now).is_none());
    }
}

#[test]
fn a_log_that_is_slow_beyond_the_permit_s_time_releases_nothing() {
    let mut play = Play::<Real>::up_to_consent(&ADULT);
    let entry = play.encounter.request_permit(Scope::Full, play.crew, play.now).unwrap();
    let stored = play.store(&entry);
    play.wait(LIFE);
    let refused = play.encounter.permit_recorded(&stored, play.now).map(drop);
    assert_eq!(refused, Err(Refusal::PermitExpired));
}

#[test]
fn every_fact_is_needed_and_its_absence_has_a_name() {
    let cases: [(&[Event], bool, Refusal); 7] = [
        (&[Event::FaceMatched, CONSENTS], false, Refusal::NoCard),
        (&[CONSENTS], true, Refusal::FaceNotChecked),
        (&[Event::FaceDiffers, CONSENTS], true, Refusal::FaceDiffers),
        (&[Event::FaceUnverifiable, UNCONSCIOUS], true, Refusal::FaceUnverifiable),
        (&[Event::FaceMatched], true, Refusal::NotAsked),
        (&[Event::FaceMatched, Event::ConsentRefused], true, Refusal::Refused),
        (&[Event::FaceMatched, CONSENTS, Event::ConsentWithdrawn], true, Refusal::Withdrawn),
    ];
    for (events, with_card, refusal) in cases {
        let mut play = Play::<Real>::open();
        if with_card {
            play.tap(&ADULT).unwrap();
        }
        for event in events {
            play.tell(event.clone()).unwrap();
        }
        let before = play.encounter.state();
        assert_eq!(play.permit(Scope::Summary), Err(refusal));
        assert_eq!(play.encounter.would_permit(play.now), Err(refusal));
        assert_eq!(play.encounter.state(), before);
    }
}

#[test]
fn life_protection_opens_and_waking_ends_it_until_the_patient_is_asked() {
    let mut play = Play::<Real>::open();
    play.tap(&ADULT).unwrap();
    play.tell(Event::FaceMatched).unwrap();
    play.tell(UNCONSCIOUS).unwrap();
    play.permit(Scope::Summary).unwrap();
    play.fetch(&mut ADULT.patient("A"), Scope::Summary).unwrap();
    assert_eq!(play.medicine().as_deref(), Some("薬A"));
    play.tell(Event::PatientAwake).unwrap();
    assert_eq!(play.encounter.would_permit(play.now), Err(Refusal::NotAsked));
    assert!(play.medicine().is_none() && play.encounter.permit(play.now).is_none());
    assert!(!play.report().contains("薬A"));
    play.tell(Event::ConsentRefused).unwrap();
    let again = play.encounter.apply(UNCONSCIOUS, play.crew, play.now).map(drop);
    assert_eq!(again, Err(Refusal::RefusalStands.into()));
    // The patient changes their mind: what was seen before is not there again of itself.
    play.tell(CONSENTS).unwrap();
    play.permit(Scope::Summary).unwrap();
    assert_eq!(play.medicine(), None);
    assert!(!play.report().contains("薬A"));
}

#[test]
fn medical_data_are_seen_only_while_the_permit_is_in_force() {
    let mut play = Play::<Real>::up_to_view(&ADULT, "A");
    assert!(play.report().contains("薬A"));
    let released = play.now;
    play.wait(LIFE - 1);
    assert_eq!(play.medicine().as_deref(), Some("薬A"));
    play.wait(1);
    assert_eq!(play.medicine(), None, "over at its last moment");
    assert!(!play.report().contains("薬A") && !play.report().contains("病院A"));
    let late = play.fetch(&mut ADULT.patient("A"), Scope::Summary);
    assert_eq!(late, Err(Refusal::PermitExpired.into()));
    // Setting the tablet's clock back does not bring it back.
    play.now = released;
    assert_eq!(play.medicine(), None);
    assert_eq!(play.permit(Scope::Summary), Err(Refusal::ClockWentBack));
    play.wait(LIFE);
    play.tell(Event::PermitExpired).unwrap();
    play.permit(Scope::Summary).unwrap();
    assert_eq!(play.medicine(), None, "a new permit shows what is fetched under it");
}

#[test]
fn a_clock_that_steps_back_hides_and_does_not_destroy() {
    let mut play = Play::<Real>::up_to_view(&ADULT, "A");
    play.wait(10_000);
    assert!(play.medicine().is_some());
    let sound = play.now;
    play.now = Timestamp::from_unix_millis(sound.unix_millis() - 5_000).unwrap();
    assert_eq!(play.medicine(), None);
    // Something is reported while the clock is wrong, and then it is set right.
    play.tell(Event::SourceFailed(SourceFailure::NoSignal)).unwrap();
    play.now = sound;
    assert_eq!(play.medicine().as_deref(), Some("薬A"));
}

#[test]
fn a_summary_permit_never_shows_what_a_full_one_had_brought() {
    let mut play = Play::<Real>::up_to_consent(&ADULT);
    play.permit(Scope::Full).unwrap();
    play.fetch(&mut ADULT.patient("A"), Scope::Full).unwrap();
    assert_eq!(play.encounter.medical(play.now).unwrap().scope(), Scope::Full);
    play.permit(Scope::Summary).unwrap();
    let shown = play.encounter.medical(play.now).map(|view| view.scope());
    assert_ne!(shown, Some(Scope::Full), "a full view under a permit for the summary");
    assert!(!play.report().contains("病院A"));
    let wider = play.fetch(&mut ADULT.patient("A"), Scope::Full);
    assert_eq!(wider, Err(Refusal::OutOfScope.into()));
}

#[test]
fn a_source_about_another_card_is_not_asked() {
    let mut play = Play::<Real>::up_to_consent(&ADULT);
    play.permit(Scope::Full).unwrap();
    let refused = play.fetch(&mut OTHER.patient("B"), Scope::Summary);
    assert_eq!(refused, Err(Refusal::OtherCard.into()));
    assert_eq!(play.medicine(), None);
}

#[test]
fn a_source_with_nothing_to_give_is_an_event_and_says_so_to_the_hospital() {
    for (answer, code) in [
        ("not-registered", Some(EventCode::NotRegistered)),
        ("eligibility-only", Some(EventCode::CertificateExpired)),
        ("no-signal", Some(EventCode::NoSignal)),
        ("down", Some(EventCode::SourceDown)),
        ("consent-required", None),
    ] {
        let mut play = Play::<Real>::up_to_consent(&ADULT);
        play.permit(Scope::Summary).unwrap();
        let mut source = ADULT.source(&format!(r#""answer":"{answer}""#));
        let event = play.encounter.fetch(&mut source, Scope::Summary, play.crew, play.now).unwrap();
        assert_eq!(event.map(|occurrence| occurrence.code()), code, "{answer}");
        assert!(play.encounter.medical(play.now).is_none());
        assert!(play.encounter.permit(play.now).is_some(), "asking again is allowed");
    }
}

// --- the wrong patient -------------------------------------------------------------------------

#[test]
fn after_a_second_card_nothing_of_the_first_is_left() {
    let mut play = Play::<Real>::up_to_view(&ADULT, "A");
    assert!(play.report().contains(&ADULT.name));
    assert_eq!(play.tap(&OTHER).unwrap(), EventCode::SecondCardAcceptable);
    let state = play.encounter.state();
    assert_eq!((state.identity, state.basis), (IdentityIs::NotChecked, BasisIs::NotAsked));
    assert_eq!(state.access, AccessIs::Shut);
    assert!(play.medicine().is_none() && play.encounter.permit(play.now).is_none());
    assert_eq!(play.encounter.would_permit(play.now), Err(Refusal::FaceNotChecked));
    let report = play.report();
    for first in [&ADULT.name, &ADULT.address, "薬A", "病院A"] {
        assert!(!report.contains(first), "{first}");
    }
    assert!(report.contains(&OTHER.name));
    let shown = play.encounter.reading().unwrap().attributes.value().unwrap();
    assert_eq!(shown.name().as_str(), OTHER.name);

    // With the facts of the second card, the first card's source is another card's.
    play.tell(Event::FaceMatched).unwrap();
    play.tell(CONSENTS).unwrap();
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
    assert_eq!(play.tap(&ADULT).unwrap(), EventCode::CardAcceptable);
    assert_eq!(play.encounter.state(), before);
    assert_eq!(play.medicine().as_deref(), Some("薬A"));
    // The same card key under another photo.
    let profile = Profile::adult();
    let card = with_swapped_photo(profile, "old-chip");
    let forged = Tap::of(card, profile.code_b().unwrap(), &own_roots());
    assert_eq!(play.tap(&forged).unwrap(), EventCode::CardForged);
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
    assert!(play.report().contains(&ADULT.name));
    // A card cannot be reported by hand.
    let by_hand = Event::CardRead {
        card: OTHER.key.clone(),
        trust: mynacard_core::consent::CardTrust::Acceptable,
    };
    assert_eq!(play.tell(by_hand), Err(Misuse::OutOfRange.into()));
}

#[test]
fn a_failed_reading_has_the_event_that_fits() {
    let fails = |card: VirtualCard, number: &str| {
        let plan = Plan { face_floor: 3, text_floor: 3, ..Plan::all() };
        let number =
            mynacard_core::credential::VerificationNumberB::from_digits(number.as_bytes()).unwrap();
        let mut card = card;
        let mut driver = mynacard_core::reading::read(
            mynacard_core::exchange::Capabilities::SHORT,
            mynacard_core::exchange::Limits::default(),
            &number,
            plan,
        );
        card_failure(&mynacard_core::exchange::run(&mut driver, &mut card).unwrap())
    };
    let adult = Profile::adult();
    let code = adult.code_b().unwrap();
    let wrong = Profile::find("foreign").unwrap().code_b().unwrap();
    assert_eq!(fails(adult.card(), code), None);
    assert_eq!(fails(adult.card(), wrong), Some(CardFailure::WrongNumber));
    let locked = adult.builder().tries_left(Application::Face, 0x12, 0).build();
    assert_eq!(fails(locked, code), Some(CardFailure::Locked));
    let nearly = Profile::find("nearly-locked").unwrap();
    let outcome = fails(nearly.card(), nearly.code_b().unwrap());
    assert_eq!(outcome, Some(CardFailure::NearlyLocked));
    let phone = Profile::find("phone").unwrap().card();
    assert_eq!(fails(phone, code), Some(CardFailure::AnotherKind));
    let spoilt = adult.builder().replace_file(Application::Face, 0x02, &[0xFF; 64]).build();
    assert_eq!(fails(spoilt, code), Some(CardFailure::Unreadable));
}

// --- ends --------------------------------------------------------------------------------------

fn every_end() -> Vec<Event> {
    WayOut::ALL.iter().copied().map(Event::Closed).chain([Event::HandedOver]).collect()
}

#[test]
fn after_every_end_nothing_is_held() {
    for end in every_end() {
        let mut play = Play::<Real>::up_to_view(&ADULT, "A");
        play.encounter.crew_facts().complaint = Some(PersonalText::new("胸が痛い"));
        let before = play.report();
        for there in [&ADULT.name, "薬A", "胸が痛い"] {
            assert!(before.contains(there), "the test looks for what is there: {there}");
        }
        let code = play.tell(end.clone()).unwrap();
        assert_eq!(play.encounter.way_out(), Some(code));
        assert!(play.encounter.reading().is_none() && play.encounter.trust().is_none());
        assert!(play.encounter.medical(play.now).is_none());
        assert!(play.encounter.permit(play.now).is_none());
        let after = play.report();
        for gone in [&ADULT.name, &ADULT.address, "薬A", "病院A", "胸が痛い", "1980"] {
            assert!(!after.contains(gone), "{end:?}: {gone}");
        }
        // Nothing opens again, and nothing comes in again.
        assert_eq!(play.permit(Scope::Summary), Err(Refusal::Ended));
        assert_eq!(play.tap(&ADULT), Err(Refusal::Ended.into()));
        assert!(play.encounter.reading().is_none(), "a refused reading is let go");
        let late = play.fetch(&mut ADULT.patient("A"), Scope::Summary);
        assert_eq!(late, Err(Refusal::PermitEnded.into()));
        assert_eq!(play.tell(CONSENTS), Err(Refusal::Ended.into()));
        // What protects the patient is still taken, and does not change how it ended.
        play.tell(Event::ConsentWithdrawn).unwrap();
        assert_eq!(play.encounter.way_out(), Some(code));
    }
}

#[test]
fn dropping_an_encounter_ends_its_permit() {
    let mut play = Play::<Real>::up_to_consent(&ADULT);
    let mut consent = mynacard_core::consent::Consent::<Real>::open(
        play.encounter.id(),
        mynacard_core::audit::Salt::from_random([9; 32]),
        mynacard_core::consent::PermitLife::ORDINARY,
        play.crew,
        play.now,
    )
    .0;
    // A request of this encounter cannot be released by another one.
    let entry = play.encounter.request_permit(Scope::Summary, play.crew, play.now).unwrap();
    let stored = play.store(&entry);
    let trust = mynacard_core::consent::CardTrust::Acceptable;
    let card = Event::CardRead { card: ADULT.key.clone(), trust };
    for event in [card, Event::FaceMatched, CONSENTS] {
        let _ = consent.apply(event, play.crew, play.now).unwrap();
    }
    let pending = consent.request_permit(Scope::Summary, play.crew, play.now).unwrap();
    let foreign = consent.release(pending, &stored, play.now).map(drop);
    assert_eq!(foreign, Err(Refusal::NotRecorded));
}

// --- cards that never lead to a permit ---------------------------------------------------------

/// Everything that the crew could say in favour of a card, and whether a permit comes of it.
fn permit_for<K: LogKind>(tap: &Tap) -> Result<(), Refusal> {
    let mut play = Play::<K>::up_to_consent(tap);
    let permit = play.permit(Scope::Summary);
    assert_eq!(play.encounter.permit(play.now).is_some(), permit.is_ok());
    assert_eq!(play.encounter.is_drill(), K::DRILL);
    permit
}

fn published_files() -> BTreeMap<String, Vec<u8>> {
    let names = [
        "surface-0002.bin",
        "surface-0003.bin",
        "surface-0004.bin",
        "text-0002.bin",
        "text-0003.bin",
        "text-0004.bin",
        "jpki-auth-cert.der",
    ];
    names.iter().map(|name| ((*name).to_owned(), common::published(name))).collect()
}

const PUBLISHED_NUMBER: &str = "55021720352285";

#[test]
fn a_test_card_leads_to_a_permit_in_a_drill_only() {
    let test = Roots::test(TestCardsAccepted);
    let whole = published_files();
    let published = |files: &BTreeMap<String, Vec<u8>>, plan: Plan, roots: &Roots| {
        Tap::by(plan, VirtualCard::from_files(files).unwrap(), PUBLISHED_NUMBER, roots)
    };
    let mut partial = whole.clone();
    partial.remove("text-0004.bin");
    let mut mixed = whole.clone();
    let other = Profile::adult().builder();
    mixed.insert("text-0004.bin".to_owned(), other.file_content(Application::Text, 4).unwrap());
    let production = Roots::production();
    let taps = [
        ("whole, test roots", published(&whole, Plan::all(), &test), Verdict::TestNotLive),
        ("whole, production", published(&whole, Plan::all(), &production), Verdict::IssuerUnknown),
        ("without a certificate", published(&partial, Plan::all(), &test), Verdict::Unverified),
        (
            "certificate alone",
            published(&whole, Plan::certificate_only(), &test),
            Verdict::Unverified,
        ),
        (
            "certificate alone, production",
            published(&whole, Plan::certificate_only(), &production),
            Verdict::IssuerUnknown,
        ),
        ("beside an unknown part", published(&mixed, Plan::all(), &test), Verdict::IssuerUnknown),
    ];
    for (what, tap, verdict) in &taps {
        assert_eq!(tap.report.verdict, *verdict, "{what}: {:?}", tap.report);
        assert_eq!(permit_for::<Real>(tap), Err(Refusal::CardForged), "{what}: nobody's card");
        assert_eq!(permit_for::<Drill>(tap), Ok(()), "{what}");
    }
}

#[test]
fn a_live_card_that_names_the_test_roots_is_nobody_s_in_production() {
    let profile = Profile::adult();
    let mut spec = profile.spec();
    let named = |number, key: &NamedKey| NamedKey {
        id: mynacard_sim::cv::KeyId::new(number, *b"001", [0; 4]),
        key: key.key.clone(),
    };
    spec.issuer.face_root = named(*b"6000023", &spec.issuer.face_root);
    spec.issuer.text_root = named(*b"6000033", &spec.issuer.text_root);
    let card = spec.issue().build();
    let tap = Tap::of(card, profile.code_b().unwrap(), &Roots::production());
    assert!(tap.report.findings.contains(&Finding::ClaimsTest), "{:?}", tap.report);
    assert_eq!(permit_for::<Real>(&tap), Err(Refusal::CardForged));
    assert_eq!(permit_for::<Drill>(&tap), Ok(()));
}

#[test]
fn forged_and_contradictory_cards_never_lead_to_a_permit() {
    let profile = Profile::adult();
    let mut rogue = profile.spec();
    rogue.issuer = Issuer::rogue();
    let mut altered = profile.builder().file_content(Application::Face, 0x02).unwrap();
    altered[700] ^= 1;
    let cards = [
        ("swapped photo", with_swapped_photo(profile, "old-chip"), Verdict::Forged),
        ("text of another person", with_text_of(profile, "long-name"), Verdict::Contradictory),
        ("self-made roots", rogue.issue().build(), Verdict::Forged),
        (
            "one bit",
            profile.builder().replace_file(Application::Face, 0x02, &altered).build(),
            Verdict::Forged,
        ),
    ];
    for (what, card, verdict) in cards {
        let tap = Tap::of(card, profile.code_b().unwrap(), &own_roots());
        assert_eq!(tap.report.verdict, verdict, "{what}");
        assert_eq!(permit_for::<Real>(&tap), Err(Refusal::CardForged), "{what}");
        assert_eq!(permit_for::<Drill>(&tap), Err(Refusal::CardForged), "{what}");
    }
}

#[test]
fn a_copy_is_doubtful_and_the_crew_decides() {
    let profile = Profile::adult();
    let copy = VirtualCard::from_files(&profile.to_files()).unwrap();
    let tap = Tap::of(copy, profile.code_b().unwrap(), &own_roots());
    assert_eq!(tap.report.verdict, Verdict::GenuineNotLive);
    let mut play = Play::<Real>::open();
    assert_eq!(play.tap(&tap).unwrap(), EventCode::CardDoubtful);
    assert_eq!(play.encounter.state().card, CardIs::Doubtful);
    assert_eq!(permit_for::<Real>(&tap), Ok(()));
}

#[test]
fn an_answer_that_no_trusted_key_can_check_is_not_called_wrong() {
    let profile = Profile::adult();
    let copy = VirtualCard::from_files(&profile.to_files()).unwrap();
    let cards = [
        (profile.card(), own_roots(), "応答検証は正常"),
        (profile.card(), Roots::production(), "応答検証は未実施"),
        (copy, own_roots(), "応答検証は未実施"),
        (Forgery::CopiedWithOtherKey.card(), own_roots(), "応答検証は異常"),
    ];
    for (card, roots, told) in cards {
        let tap = Tap::of(card, profile.code_b().unwrap(), &roots);
        let mut play = Play::<Real>::open();
        play.tap(&tap).unwrap();
        let script = play.encounter.report(play.now).script();
        assert!(script.contains(told), "{:?}: {}", tap.report.live, *script);
    }
}

// --- buttons -----------------------------------------------------------------------------------

/// What a crew member can report; the rest comes from the reader, the source and the clock.
fn crew_events() -> Vec<Event> {
    let unobtainable = [
        Unobtainable::Unconscious,
        Unobtainable::ImpairedConsciousness,
        Unobtainable::CannotCommunicate,
        Unobtainable::CardiopulmonaryArrest,
    ];
    [
        Event::FaceMatched,
        Event::FaceDiffers,
        Event::FaceUnverifiable,
        CONSENTS,
        Event::ConsentGiven(Giver::Representative),
        Event::ConsentRefused,
        Event::ConsentWithdrawn,
        Event::PatientAwake,
    ]
    .into_iter()
    .chain(unobtainable.map(Event::ConsentUnobtainable))
    .chain(every_end())
    .collect()
}

// --- anything, in any order --------------------------------------------------------------------

#[derive(Clone, Debug)]
enum Step {
    Tap(usize),
    Tell(Event),
    /// Request, record, release: the usual way.
    Permit(Scope),
    Request(Scope),
    /// Stores the entry of the latest request, or of an older one, and says so.
    Stored {
        older: bool,
    },
    Fetch {
        card: usize,
        scope: Scope,
        answers: bool,
    },
}

/// The cards of the random encounters.
static CARDS: LazyLock<[Tap; 4]> = LazyLock::new(|| {
    let profile = Profile::adult();
    let code = profile.code_b().unwrap();
    let copy = VirtualCard::from_files(&Profile::find("foreign").unwrap().to_files()).unwrap();
    [
        Tap::profile("adult"),
        Tap::profile("long-name"),
        Tap::of(copy, Profile::find("foreign").unwrap().code_b().unwrap(), &own_roots()),
        // The key of the first under the photo of another.
        Tap::of(with_swapped_photo(profile, "old-chip"), code, &own_roots()),
    ]
});

fn any_event() -> impl Strategy<Value = Event> {
    let others = [
        Event::CardFailed(CardFailure::Unreadable),
        Event::SourceFailed(SourceFailure::Down),
        Event::PermitExpired,
    ];
    let ends: Vec<Event> = every_end();
    prop_oneof![
        6 => Just(Event::FaceMatched),
        6 => Just(CONSENTS),
        3 => Just(UNCONSCIOUS),
        6 => prop::sample::select(
            crew_events().into_iter().filter(|it| !ends.contains(it)).collect::<Vec<_>>()
        ),
        2 => prop::sample::select(others.to_vec()),
        1 => prop::sample::select(every_end()),
    ]
}

fn any_step() -> impl Strategy<Value = Step> {
    let scope = || prop_oneof![Just(Scope::Summary), Just(Scope::Full)];
    prop_oneof![
        4 => prop_oneof![8 => Just(0), 2 => Just(1_usize), 2 => Just(2), 1 => Just(3)]
            .prop_map(Step::Tap),
        8 => any_event().prop_map(Step::Tell),
        6 => scope().prop_map(Step::Permit),
        2 => scope().prop_map(Step::Request),
        2 => prop::bool::weighted(0.2).prop_map(|older| Step::Stored { older }),
        6 => (prop_oneof![4 => Just(0_usize), 1 => 0_usize..3], scope(), prop::bool::weighted(0.8))
            .prop_map(|(card, scope, answers)| Step::Fetch { card, scope, answers }),
    ]
}

const MARKS: [&str; 4] = ["甲", "乙", "丙", "丁"];

/// What must hold at every moment, whatever happened before.
fn check<K: LogKind>(play: &Play<K>, present: Option<usize>) -> Result<(), TestCaseError> {
    let (encounter, now) = (&play.encounter, play.now);
    let state = encounter.state();
    let ended = state.stage == StageIs::Ended;
    if let Some(permit) = encounter.permit(now) {
        prop_assert!(matches!(state.card, CardIs::Acceptable | CardIs::Doubtful));
        prop_assert_eq!(state.identity, IdentityIs::Matched);
        let bases =
            [BasisIs::PatientConsents, BasisIs::RepresentativeConsents, BasisIs::LifeProtection];
        prop_assert!(bases.contains(&state.basis));
        prop_assert_eq!(state.access, AccessIs::Released);
        prop_assert!(!ended);
        prop_assert!(present.is_some_and(|at| CARDS[at].key == *permit.card()));
        prop_assert!(now < permit.until());
        prop_assert_eq!(permit.is_drill(), K::DRILL);
        // Recorded before it was released.
        let entry = format!("\"seq\":{}", permit.audit_seq());
        let line = play.text.lines().find(|line| line.contains(&entry));
        prop_assert!(
            line.is_some_and(|line| line.contains(permit.scope().code().name())),
            "{line:?}"
        );
    }
    if let Some(view) = encounter.medical(now) {
        let permit = encounter.permit(now);
        prop_assert!(permit.is_some_and(|permit| permit.scope().covers(view.scope())));
        let mark = MARKS[present.expect("a card") % 3];
        prop_assert!(view.medicines().iter().all(|it| it.name.as_str().contains(mark)));
    }
    let report = play.report();
    for (at, mark) in MARKS.iter().enumerate() {
        let of_present = present.is_some_and(|present| present % 3 == at);
        let may_show = of_present && encounter.medical(now).is_some();
        let medicine = format!("薬{mark}");
        prop_assert!(may_show || !report.contains(&medicine));
    }
    for (at, tap) in CARDS.iter().enumerate() {
        let of_present = present.is_some_and(|present| CARDS[present].name == tap.name);
        prop_assert!(of_present && !ended || !report.contains(&tap.name), "{at}: {}", tap.name);
    }
    prop_assert_eq!(encounter.reading().is_some(), present.is_some() && !ended);
    let allowed = encounter.allowed_events(now);
    if !ended {
        prop_assert!(every_end().iter().all(|end| allowed.contains(end)), "a way out");
    }
    Ok(())
}

fn play_any<K: LogKind>(steps: &[(Step, i64)]) -> Result<(), TestCaseError> {
    // Every other encounter begins with what is usual, so that more of them come to a permit.
    let (mut play, mut present) = match steps.len() % 2 {
        0 => (Play::<K>::open(), None),
        _ => (Play::<K>::up_to_consent(&CARDS[0]), Some(0)),
    };
    let mut requested = Vec::new();
    for (step, jump) in steps {
        // Mostly forward by a little, sometimes far, sometimes back.
        let jump = if jump % 4 == 0 { *jump } else { jump.abs() / 100 };
        let millis = play.now.unix_millis().saturating_add_signed(jump);
        play.now = Timestamp::from_unix_millis(millis).unwrap();
        check(&play, present)?;
        let before = play.encounter.state();
        let had_permit = play.encounter.permit(play.now).is_some();
        let saw = play.medicine();
        let refused = match step {
            Step::Tap(at) => {
                let taken = play.tap(&CARDS[*at]);
                if taken.is_ok() {
                    present = Some(*at);
                }
                taken.is_err()
            }
            Step::Tell(event) => {
                let allowed = play.encounter.allowed_events(play.now).contains(event);
                let taken = play.tell(event.clone());
                if crew_events().contains(event) {
                    prop_assert_eq!(taken.is_ok(), allowed, "{:?}: {:?}", event, taken);
                } else {
                    prop_assert!(!allowed, "{:?} is none of the crew's", event);
                }
                taken.is_err()
            }
            Step::Permit(scope) => {
                let would = play.encounter.would_permit(play.now);
                let permit = play.permit(*scope);
                prop_assert_eq!(permit, would, "nothing lies between request and record");
                permit.is_err()
            }
            Step::Request(scope) => {
                let would = play.encounter.would_permit(play.now);
                let entry = play.encounter.request_permit(*scope, play.crew, play.now);
                prop_assert_eq!(entry.as_ref().map(drop).map_err(|it| *it), would);
                prop_assert_eq!(play.encounter.permit(play.now).is_some(), had_permit);
                requested.extend(entry.ok());
                would.is_err()
            }
            Step::Stored { older } => {
                let entry = match (older, requested.as_slice()) {
                    (false, [.., latest]) | (true, [latest, ..]) => *latest,
                    (_, []) => continue,
                };
                let stored = play.store(&entry);
                play.encounter.permit_recorded(&stored, play.now).is_err()
            }
            Step::Fetch { card, scope, answers } => {
                let mut source = match answers {
                    true => CARDS[*card].patient(MARKS[*card]),
                    false => CARDS[*card].source(r#""answer":"no-signal""#),
                };
                let fetched = play.fetch(&mut source, *scope);
                if fetched.is_ok() {
                    prop_assert!(had_permit, "data without a permit");
                    prop_assert!(present.is_some_and(|at| CARDS[at].key == CARDS[*card].key));
                }
                fetched.is_err()
            }
        };
        if refused {
            prop_assert_eq!(play.encounter.state(), before, "{:?}", step);
            prop_assert_eq!(play.encounter.permit(play.now).is_some(), had_permit, "{:?}", step);
            prop_assert_eq!(play.medicine(), saw, "{:?}", step);
        }
        check(&play, present)?;
    }
    // A close is always possible, and then nothing is held.
    if play.encounter.way_out().is_none() {
        prop_assert!(play.tell(Event::Closed(WayOut::CrewDecision)).is_ok());
    }
    check(&play, present)?;
    prop_assert!(play.encounter.reading().is_none() && play.encounter.permit(play.now).is_none());
    for personal in CARDS.iter().flat_map(|tap| [&tap.name, &tap.address]) {
        prop_assert!(!play.text.contains(personal.as_str()), "the log names nobody");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..Default::default() })]

    #[test]
    fn no_order_of_calls_breaks_the_promises(
        steps in prop::collection::vec((any_step(), -40_000_i64..40_000), 1..60),
        drill in any::<bool>(),
    ) {
        if drill { play_any::<Drill>(&steps)? } else { play_any::<Real>(&steps)? }
    }
}

// --- nothing personal is shown by accident ------------------------------------------------------

#[test]
fn debug_errors_and_the_log_name_nobody() {
    let profile = Profile::adult();
    let mut play = Play::<Real>::up_to_view(&ADULT, "A");
    play.encounter.crew_facts().complaint = Some(PersonalText::new("胸が痛い"));
    let reading = ADULT.reading();
    let face = reading.face.value().unwrap();
    let number = mynacard_core::credential::VerificationNumberB::from_digits(
        profile.code_b().unwrap().as_bytes(),
    )
    .unwrap();
    let entry = play.encounter.request_permit(Scope::Summary, play.crew, play.now).unwrap();
    let mut shown = vec![
        format!("{:?}", play.encounter),
        format!("{reading:?}"),
        format!("{face:?} {:?}", reading.attributes.value().unwrap()),
        format!("{:?} {:?}", face.birth_date(), face.photo()),
        format!("{:?}", face.photo().unwrap().decode(&Default::default()).unwrap()),
        format!("{:?}", ADULT.report),
        format!("{:?}", play.encounter.report(play.now)),
        format!("{:?}", play.encounter.permit(play.now)),
        format!("{:?}", play.encounter.medical(play.now)),
        format!("{:?} {:?}", play.encounter.identity(), play.encounter.basis()),
        format!("{entry:?} {number:?} {:?}", ADULT.patient("A")),
        format!("{:?}", play.encounter.crew_facts()),
        play.text.clone(),
    ];
    for error in reading.errors().chain([Refusal::OtherCard.into(), Misuse::OutOfRange.into()]) {
        shown.push(format!("{error} {error:?} {:?}", error.info()));
    }
    let code = profile.code_b().unwrap();
    let holder = profile.spec().holder;
    let birth = profile.birth_date().digits();
    let dashed = format!("{}-{}-{}", &birth[..4], &birth[4..6], &birth[6..]);
    let mut personal = vec![
        ADULT.name.clone(),
        ADULT.address.clone(),
        code.to_owned(),
        code[10..].to_owned(),
        holder.number,
        holder.card_serial,
        "薬A".to_owned(),
        "病院A".to_owned(),
        "胸が痛い".to_owned(),
        birth,
        dashed,
    ];
    personal.extend(ADULT.name.split('\u{3000}').map(str::to_owned));
    for (at, text) in shown.iter().enumerate() {
        for personal in &personal {
            assert!(!text.contains(personal.as_str()), "{at}: {personal} in {text}");
        }
    }
}

/// An encounter can be moved to another thread, as apps do.
#[test]
fn an_encounter_is_send() {
    fn is_send<T: Send>() {}
    is_send::<Encounter<Real>>();
}
