//! Permits: what they need, when they are in force, and what they open.

use mynacard_core::audit::Real;
use mynacard_core::consent::{Access, Refusal};
use mynacard_core::{Error, Event, Scope};

use super::encounter_support::{LIFE, Play, logged_event};
use super::{ADULT, OTHER};

#[test]
fn a_permit_is_in_force_only_after_its_own_entry_is_stored() {
    let mut play = Play::<Real>::up_to_consent(&ADULT);
    let mut patient = ADULT.patient("A");
    // An event of the same moment is stored first: it is not the record of this permit.
    let event = play.encounter.record(Event::NoSignal, play.crew, play.now);
    assert_eq!(event, Ok(Event::NoSignal));
    let asked = play.encounter.request_permit(Scope::Summary, play.crew, play.now);
    assert_eq!(asked, Ok(Event::PermitSummary));
    assert_eq!(play.encounter.unrecorded(), 2);
    for stored in [Event::NoSignal, Event::PermitSummary] {
        assert!(play.encounter.permit(play.now).is_none(), "requested is not released");
        assert_eq!(play.encounter.state().access, Access::Shut);
        assert!(!play.encounter.ever_released());
        let refused = play.encounter.fetch(&mut patient, Scope::Summary, play.crew, || play.now);
        assert_eq!(refused, Err(Refusal::PermitEnded.into()));
        let line = play.encounter.next_line(&mut play.log).unwrap().unwrap();
        assert_eq!(logged_event(line.text), Some(stored));
        let ticket = line.ticket;
        assert!(play.encounter.permit(play.now).is_none(), "handed out is not stored");
        play.encounter.confirm(&mut play.log, ticket, play.now).unwrap();
    }
    assert!(play.encounter.permit(play.now).is_some() && play.encounter.ever_released());
    assert!(play.encounter.medical(play.now).is_none(), "nothing has been fetched");
    play.fetch(&mut patient, Scope::Summary).unwrap();
    assert_eq!(play.medicine().as_deref(), Some("薬A"));
}

#[test]
fn of_two_requests_the_later_one_is_released_by_its_own_line() {
    let mut play = Play::<Real>::up_to_consent(&ADULT);
    play.encounter.request_permit(Scope::Summary, play.crew, play.now).unwrap();
    play.encounter.request_permit(Scope::Full, play.crew, play.now).unwrap();
    // Stored both; the first came to nothing, and kept the second from nothing.
    assert_eq!(play.store(), Ok(()));
    assert_eq!(play.logged()[4..], [Event::PermitSummary, Event::PermitFull]);
    let permit = play.encounter.permit(play.now).map(|permit| permit.scope());
    assert_eq!(permit, Some(Scope::Full));
}

#[test]
fn what_happens_between_request_and_record_makes_the_request_stale() {
    type Change = fn(&mut Play<Real>) -> Result<Event, Error>;
    let changes: [Change; 7] = [
        |play| play.encounter.record(Event::ConsentRefused, play.crew, play.now),
        |play| play.encounter.record(Event::ConsentWithdrawn, play.crew, play.now),
        |play| play.encounter.record(Event::FaceDiffers, play.crew, play.now),
        |play| play.encounter.record(Event::FaceUnverifiable, play.crew, play.now),
        |play| play.encounter.record(Event::ClockCorrected, play.crew, play.now),
        |play| play.encounter.record(Event::EndUrgency, play.crew, play.now),
        |play| Ok(play.encounter.card_read(OTHER.examined(), play.crew, play.now)?),
    ];
    for change in changes {
        let mut play = Play::<Real>::up_to_consent(&ADULT);
        play.encounter.request_permit(Scope::Full, play.crew, play.now).unwrap();
        change(&mut play).unwrap();
        // The crew makes everything good again, and the host is slow with the old line.
        let _ = play.encounter.record(Event::FaceMatched, play.crew, play.now);
        let _ = play.encounter.record(Event::ConsentByPatient, play.crew, play.now);
        assert_eq!(play.store(), Ok(()), "the last line is no permit's");
        assert!(play.encounter.permit(play.now).is_none() && !play.encounter.ever_released());
        assert_eq!(play.encounter.unrecorded(), 0, "its line is stored all the same");
        assert!(play.logged().contains(&Event::PermitFull));
    }
}

#[test]
fn a_log_that_is_slow_beyond_the_permit_s_time_releases_nothing() {
    let mut play = Play::<Real>::up_to_consent(&ADULT);
    play.encounter.request_permit(Scope::Full, play.crew, play.now).unwrap();
    let ticket = play.encounter.next_line(&mut play.log).unwrap().unwrap().ticket;
    play.wait(LIFE);
    let refused = play.encounter.confirm(&mut play.log, ticket, play.now);
    assert_eq!(refused, Err(Refusal::PermitExpired.into()));
    assert!(play.encounter.permit(play.now).is_none());
}

#[test]
fn every_fact_is_needed_and_its_absence_has_a_name() {
    let cases: [(&[Event], bool, Refusal); 7] = [
        (&[Event::FaceMatched, Event::ConsentByPatient], false, Refusal::NoCard),
        (&[Event::ConsentByPatient], true, Refusal::FaceNotChecked),
        (&[Event::FaceDiffers, Event::ConsentByPatient], true, Refusal::FaceDiffers),
        (&[Event::FaceUnverifiable, Event::Unconscious], true, Refusal::FaceUnverifiable),
        (&[Event::FaceMatched], true, Refusal::NotAsked),
        (&[Event::FaceMatched, Event::ConsentRefused], true, Refusal::Refused),
        (
            &[Event::FaceMatched, Event::ConsentByPatient, Event::ConsentWithdrawn],
            true,
            Refusal::Withdrawn,
        ),
    ];
    for (events, with_card, refusal) in cases {
        let mut play = Play::<Real>::open();
        if with_card {
            play.tap(&ADULT).unwrap();
        }
        for event in events {
            play.tell(*event).unwrap();
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
    play.tell(Event::Unconscious).unwrap();
    play.permit(Scope::Summary).unwrap();
    play.fetch(&mut ADULT.patient("A"), Scope::Summary).unwrap();
    assert_eq!(play.medicine().as_deref(), Some("薬A"));
    play.tell(Event::PatientAwake).unwrap();
    assert_eq!(play.encounter.would_permit(play.now), Err(Refusal::NotAsked));
    assert!(play.medicine().is_none() && play.encounter.permit(play.now).is_none());
    assert!(!play.told().contains("薬A"));
    play.tell(Event::ConsentRefused).unwrap();
    let again = play.encounter.record(Event::Unconscious, play.crew, play.now);
    assert_eq!(again, Err(Refusal::RefusalStands.into()));
    // The patient changes their mind: what was seen before is not there again of itself.
    play.tell(Event::ConsentByPatient).unwrap();
    play.permit(Scope::Summary).unwrap();
    assert_eq!(play.medicine(), None);
    assert!(!play.told().contains("薬A"));
}

#[test]
fn medical_data_are_seen_only_while_the_permit_is_in_force() {
    let mut play = Play::<Real>::up_to_view(&ADULT, "A");
    assert!(play.told().contains("薬A"));
    play.wait(LIFE - 1);
    assert_eq!(play.medicine().as_deref(), Some("薬A"));
    play.wait(1);
    assert_eq!(play.medicine(), None, "over at its last moment");
    assert!(!play.told().contains("薬A") && !play.told().contains("病院A"));
    let late = play.fetch(&mut ADULT.patient("A"), Scope::Summary);
    assert_eq!(late, Err(Refusal::PermitExpired.into()));
    assert_eq!(play.medicine(), None);
    play.tell(Event::PermitExpired).unwrap();
    play.permit(Scope::Summary).unwrap();
    assert_eq!(play.medicine(), None, "a new permit shows what is fetched under it");
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
    assert!(!play.told().contains("病院A"));
    let wider = play.fetch(&mut ADULT.patient("A"), Scope::Full);
    assert_eq!(wider, Err(Refusal::OutOfScope.into()));
}
