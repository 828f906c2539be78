//! The course of an encounter: what opens, and what ends everything.

use super::*;
use crate::audit::Drill;

#[test]
fn the_ordinary_course_in_the_official_order() {
    let mut consent = open();
    // Look, ask, then read.
    apply(&mut consent, Event::FaceMatched, 1).unwrap();
    apply(&mut consent, Event::ConsentByPatient, 2).unwrap();
    assert_eq!(permit(&mut consent, Scope::Summary, 3).unwrap_err(), Refusal::NoCard);
    read(&mut consent, Shown::Both(1), CardTrust::Acceptable, 4).unwrap();
    let (card, other) = (consent.card().unwrap().clone(), CardId::from_hash([2; 32]));
    let permit = permit(&mut consent, Scope::Summary, 5).unwrap();
    assert_eq!(permit.check(&card, Scope::Summary, at(6)), Ok(()));
    assert_eq!(permit.check(&card, Scope::Full, at(6)), Err(Refusal::OutOfScope));
    assert_eq!(permit.check(&other, Scope::Summary, at(6)), Err(Refusal::OtherCard));
    assert_eq!(permit.until(), at(5 + LIFE));
    assert_eq!(permit.basis().fact.service_code(), Some(1));
    let said = permit.basis().said.unwrap();
    assert_eq!((said.event, said.by, said.at), (Event::ConsentByPatient, crew(), at(2)));
    assert_eq!(apply(&mut consent, Event::HandedOver, 7), Ok(Event::HandedOver));
    assert_eq!(permit.in_force(at(8)), Err(Refusal::PermitEnded));
    assert!(consent.card().is_none(), "the card's identity outlives the encounter");
}

#[test]
fn what_takes_a_fact_away_ends_every_permit() {
    type End = fn(&mut Consent<Real>) -> Result<Event, Refusal>;
    let ends: [End; 9] = [
        |consent| apply(consent, Event::ConsentWithdrawn, 6),
        |consent| apply(consent, Event::ConsentRefused, 6),
        |consent| apply(consent, Event::FaceDiffers, 6),
        |consent| apply(consent, Event::FaceUnverifiable, 6),
        |consent| apply(consent, Event::ClockCorrected, 6),
        |consent| apply(consent, Event::HandedOver, 6),
        |consent| apply(consent, Event::EndSourceDown, 6),
        |consent| read(consent, Shown::Both(1), CardTrust::Forged, 6),
        |consent| read(consent, Shown::Both(2), CardTrust::Acceptable, 6),
    ];
    for end in ends {
        let mut consent = ready();
        let permits = [Scope::Summary, Scope::Full].map(|scope| permit(&mut consent, scope, 4));
        let (waiting, _) = consent.request_permit(Scope::Full, crew(), at(5)).unwrap();
        let event = end(&mut consent).unwrap();
        for permit in permits {
            assert_eq!(permit.unwrap().in_force(at(6)), Err(Refusal::PermitEnded), "{event:?}");
        }
        // Also when everything was made good again before the entry was stored.
        let _ = apply(&mut consent, Event::FaceMatched, 7);
        let _ = apply(&mut consent, Event::ConsentByPatient, 7);
        assert!(consent.release(waiting, at(7)).is_err(), "{event:?}");
    }
    let mut consent = ready();
    let permit = permit(&mut consent, Scope::Full, 4).unwrap();
    drop(consent);
    assert_eq!(permit.in_force(at(5)), Err(Refusal::PermitEnded));
}

#[test]
fn a_patient_who_wakes_must_be_asked() {
    let mut consent = open();
    read(&mut consent, Shown::Both(1), CardTrust::Acceptable, 1).unwrap();
    apply(&mut consent, Event::FaceMatched, 2).unwrap();
    apply(&mut consent, Event::Unconscious, 3).unwrap();
    assert_eq!(consent.basis().fact.service_code(), Some(3));
    let first = permit(&mut consent, Scope::Summary, 4).unwrap();
    apply(&mut consent, Event::PatientAwake, 5).unwrap();
    assert_eq!(consent.basis(), Stated { fact: Basis::NotAsked, said: None });
    assert_eq!(first.in_force(at(5)), Err(Refusal::PermitEnded));
    assert_eq!(permit(&mut consent, Scope::Summary, 6).unwrap_err(), Refusal::NotAsked);
    apply(&mut consent, Event::ConsentRefused, 7).unwrap();
    assert_eq!(consent.basis().fact.service_code(), Some(0));
    for event in [Event::Unconscious, Event::ConsentByRepresentative] {
        assert_eq!(apply(&mut consent, event, 8), Err(Refusal::RefusalStands));
    }
    apply(&mut consent, Event::ConsentByPatient, 10).unwrap();
    assert!(permit(&mut consent, Scope::Summary, 11).is_ok());
}

#[test]
fn a_request_is_released_by_its_own_encounter_only() {
    let (mut one, mut twin) = (ready(), ready());
    let (pending, _) = one.request_permit(Scope::Summary, crew(), at(4)).unwrap();
    let (_, _) = twin.request_permit(Scope::Summary, crew(), at(4)).unwrap();
    assert_eq!(twin.release(pending, at(5)).unwrap_err(), Refusal::OtherEncounter);
    assert!(!twin.ever_released());
}

#[test]
fn two_requests_of_one_moment_have_places_of_their_own() {
    let mut consent = ready();
    let (first, one) = consent.request_permit(Scope::Summary, crew(), at(4)).unwrap();
    let (second, other) = consent.request_permit(Scope::Summary, crew(), at(4)).unwrap();
    assert_eq!((first.ordinal(), second.ordinal()), (one.ordinal, other.ordinal));
    assert_ne!(one.ordinal, other.ordinal);
}

#[test]
fn after_the_end_only_protection_is_taken_and_the_way_out_stays() {
    for way in every_end() {
        let mut consent = ready();
        let end = apply(&mut consent, way, 4).unwrap();
        assert!(end.is_way_out());
        for event in Event::ALL.iter().filter(|event| event.is_recordable()) {
            let protects = matches!(
                event,
                Event::ConsentWithdrawn | Event::ConsentRefused | Event::PatientAwake
            );
            assert_eq!(apply(&mut consent, *event, 5).is_ok(), protects, "{event:?}");
            assert_eq!(consent.way_out(), Some(end));
        }
        let card = read(&mut consent, Shown::Both(1), CardTrust::Acceptable, 6);
        assert_eq!(card, Err(Refusal::Ended));
        assert_eq!(permit(&mut consent, Scope::Summary, 6).unwrap_err(), Refusal::Ended);
    }
    let mut unseen = ready();
    assert_eq!(apply(&mut unseen, Event::HandedOver, 4), Ok(Event::HandedOverUnseen));
}

#[test]
fn a_drill_says_so() {
    let salt = Salt::from_random([9; 32]);
    let encounter = EncounterId::from_random([1; 16]);
    let (mut consent, _) =
        Consent::<Drill>::open(encounter, salt, PermitLife::ORDINARY, crew(), at(0));
    let marks = Shown::Both(1).marks();
    let _ = consent.card_read(marks, CardTrust::Acceptable, None, crew(), at(1)).unwrap();
    for event in [Event::FaceMatched, Event::ConsentByRepresentative] {
        let _ = consent.apply(event, crew(), at(1)).unwrap();
    }
    let (pending, _) = consent.request_permit(Scope::Summary, crew(), at(2)).unwrap();
    assert!(consent.release(pending, at(3)).unwrap().is_drill());
}

#[test]
fn nothing_that_identifies_is_printed() {
    let mut consent = ready();
    let card = consent.card().unwrap().clone();
    let permit = permit(&mut consent, Scope::Full, 4).unwrap();
    let text = format!("{consent:?} {permit:?} {card:?} {:?}", Salt::from_random([9; 32]));
    let digits: String = card.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let list = format!("{:?}", card.as_bytes());
    for secret in [&digits[..8], &list[1..12], "09090909", "9, 9, 9, 9"] {
        assert!(!text.contains(secret), "{text}");
    }
}

#[test]
fn the_diagram_shows_every_fact_and_how_it_changes() {
    let text = diagram();
    for needle in [
        "stateDiagram-v2",
        "identity_NotChecked --> identity_Matched: FaceMatched",
        "permit_Shut --> permit_Released: PermitSummary, PermitFull",
        "encounter_Open --> encounter_Ended: HandedOver, HandedOverUnseen, EndNoCard",
        "basis_PatientConsents --> basis_Withdrawn: ConsentWithdrawn",
    ] {
        assert!(text.contains(needle), "{needle} in\n{text}");
    }
    // Neither a refusal nor a withdrawal turns into life protection but by the patient, or another.
    assert!(!text.contains("basis_Refused --> basis_LifeProtection"));
    assert!(!text.contains("card_Forged --> card_Acceptable: CardAcceptable"));
}
