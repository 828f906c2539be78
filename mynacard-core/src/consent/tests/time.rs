//! Time: events move it, questions do not, and no order of either makes a permit last longer.

use super::*;

#[test]
fn a_clock_that_goes_back_costs_permits_and_nothing_else() {
    let mut consent = ready();
    let live = permit(&mut consent, Scope::Summary, 100_000).unwrap();
    // A small correction is not time regained.
    assert_eq!(live.in_force(at(100_000 - CLOCK_TOLERANCE_MILLIS)), Ok(()));
    assert_eq!(live.in_force(at(50_000)), Err(Refusal::ClockWentBack));
    assert_eq!(permit(&mut consent, Scope::Full, 50_000).unwrap_err(), Refusal::ClockWentBack);
    // What protects is taken, at the latest time of an event.
    let withdrawn = consent.apply(Event::ConsentWithdrawn, crew(), at(0)).unwrap();
    assert_eq!(withdrawn.at, at(100_000));
    assert!(apply(&mut consent, Event::EndWithdrawn, 0).is_ok());
}

#[test]
fn an_event_past_its_end_ends_a_permit_for_good() {
    let mut consent = ready();
    let live = permit(&mut consent, Scope::Summary, 1000).unwrap();
    apply(&mut consent, Event::NoSignal, 1000 + LIFE).unwrap();
    let expired = Err(Refusal::PermitExpired);
    // The tolerated step back is inside it: the latest time counts.
    assert_eq!(live.in_force(at(1000 + LIFE - CLOCK_TOLERANCE_MILLIS)), expired);
    assert_eq!(live.in_force(at(1001)), Err(Refusal::ClockWentBack));
    apply(&mut consent, Event::ClockCorrected, 1001).unwrap();
    assert_eq!(live.in_force(at(1001)), Err(Refusal::PermitEnded));
}

#[test]
fn questions_about_any_time_change_nothing() {
    let mut consent = ready();
    let live = permit(&mut consent, Scope::Summary, 1000).unwrap();
    let card = consent.card().unwrap().clone();
    for now in [Timestamp::MAX, at(1000 + LIFE), at(0), Timestamp::from_unix_millis(0).unwrap()] {
        let _ = live.in_force(now);
        let _ = live.check(&card, Scope::Full, now);
        let _ = consent.would_permit(now);
        for event in Event::ALL {
            let _ = consent.would_take(*event, now);
        }
    }
    assert_eq!(live.in_force(at(1001)), Ok(()));
    assert_eq!(consent.would_permit(at(1001)), Ok(()));
    let event = consent.apply(Event::NoSignal, crew(), at(1002)).unwrap();
    assert_eq!(event.at, at(1002));
}

#[test]
fn a_refused_event_does_not_move_the_time() {
    let mut consent = ready();
    let live = permit(&mut consent, Scope::Summary, 1000).unwrap();
    assert_eq!(apply(&mut consent, Event::Unconscious, 900_000), Err(Refusal::ConsentStands));
    assert_eq!(live.in_force(at(1001)), Ok(()));
    apply(&mut consent, Event::FaceDiffers, 1002).unwrap();
    let refused = permit(&mut consent, Scope::Summary, 900_000).unwrap_err();
    assert_eq!(refused, Refusal::FaceDiffers);
    assert_eq!(apply(&mut consent, Event::FaceMatched, 1003), Ok(Event::FaceMatched));
    assert_eq!(consent.identity().said.unwrap().at, at(1003));
}

#[test]
fn a_clock_that_was_put_right_is_a_recorded_way_on() {
    let mut consent = open();
    read(&mut consent, Shown::Both(1), CardTrust::Acceptable, 1).unwrap();
    apply(&mut consent, Event::FaceMatched, 2).unwrap();
    // Said on a clock that is a year ahead.
    const YEAR: u64 = 31_536_000_000;
    apply(&mut consent, Event::ConsentByPatient, YEAR).unwrap();
    let wrong = permit(&mut consent, Scope::Summary, YEAR + 1).unwrap();
    let (pending, _) = consent.request_permit(Scope::Full, crew(), at(YEAR + 2)).unwrap();
    assert_eq!(permit(&mut consent, Scope::Full, 10).unwrap_err(), Refusal::ClockWentBack);
    assert_eq!(wrong.in_force(at(10)), Err(Refusal::ClockWentBack));

    let corrected = consent.apply(Event::ClockCorrected, crew(), at(11)).unwrap();
    assert_eq!((corrected.event, corrected.at), (Event::ClockCorrected, at(11)));
    assert_eq!(wrong.in_force(at(11)), Err(Refusal::PermitEnded));
    assert_eq!(consent.release(pending, at(11)).unwrap_err(), Refusal::StaleRequest);
    assert_eq!(consent.facts().access, Access::Shut);
    assert!(matches!(consent.basis().fact, Basis::PatientConsents), "facts stand");
    let right = permit(&mut consent, Scope::Summary, 12).unwrap();
    assert_eq!(right.until(), at(12 + LIFE));
}

#[test]
fn no_correction_lengthens_a_permit() {
    for corrections in 1..4_u64 {
        let mut consent = ready();
        let live = permit(&mut consent, Scope::Summary, 1000).unwrap();
        for number in 0..corrections {
            apply(&mut consent, Event::ClockCorrected, 900 - number * 100).unwrap();
        }
        for now in [0, 500, 1000, 1000 + LIFE] {
            assert_eq!(live.in_force(at(now)), Err(Refusal::PermitEnded));
        }
        assert_eq!(
            apply(&mut consent, Event::PermitExpired, 9_000_000),
            Err(Refusal::NothingExpired)
        );
    }
}

#[test]
fn an_expired_permit_can_be_recorded_once_and_only_when_it_is_over() {
    let mut consent = ready();
    let nothing = Err(Refusal::NothingExpired);
    assert_eq!(apply(&mut consent, Event::PermitExpired, 4), nothing);
    let first = permit(&mut consent, Scope::Summary, 5).unwrap();
    assert_eq!(apply(&mut consent, Event::PermitExpired, 4 + LIFE), nothing);
    assert_eq!(first.in_force(at(5 + LIFE)), Err(Refusal::PermitExpired));
    assert_eq!(apply(&mut consent, Event::PermitExpired, 5 + LIFE), Ok(Event::PermitExpired));
    assert_eq!(apply(&mut consent, Event::PermitExpired, 5 + LIFE), nothing);
    assert!(permit(&mut consent, Scope::Summary, 6 + LIFE).is_ok());
}
