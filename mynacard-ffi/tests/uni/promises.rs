//! Promises that hold whatever a host does with two pieces that belong together.

use std::sync::Arc;

use mynacard::error::BoundaryFault;
use mynacard::uni::credential::NumberB;
use mynacard::uni::driver::{Action, Driver};
use mynacard::uni::encounter::{HandoverForm, SameCard};
use mynacard::uni::plain::{Plan, plan_all, plan_face_only};
use mynacard::uni::reading::{ReadingPart, VerifyOutcome};
use mynacard::uni::trust::{CardVerdict, HostClock, TrustReport};
use mynacard_core::audit::{AuditFault, Event};
use mynacard_core::error::{CredentialFault, Misuse, Refusal};
use mynacard_sim::{Application, Forgery, Profile};

use crate::encounters::{CREW, Tablet, is_intact, pkcs8, with_permit};
use crate::support::{
    NOW, card, drive, drive_over, examined, failed, link, number, plan, read, read_by, read_made,
    roots, wrong_number,
};

fn certificate_only() -> Plan {
    Plan { face: false, attributes: false, proof: false, ..plan_all() }
}

fn has(report: &TrustReport, finding: &str) -> bool {
    report.findings().iter().any(|found| found.key == finding)
}

// a
#[test]
fn one_driver_at_a_time_has_a_link_whatever_object_wraps_the_reader() {
    let card = card("adult");
    let reading = Driver::read(card.link(), number(&card), plan(1)).unwrap();
    let mut action = reading.start().unwrap();
    let verify = loop {
        action = match action {
            Action::Transmit { command } if command.starts_with(&[0, 0x20, 0, 0x80, 14]) => {
                break command;
            }
            Action::Transmit { command } => reading.respond(card.transmit(command)).unwrap(),
            _ => reading.proceed().unwrap(),
        };
    };
    let busy = Some(failed(Misuse::LinkBusy.code()));
    assert_eq!(Driver::tries(card.link()).err(), busy, "it would select another key");
    assert_eq!(Driver::identify(card.link()).err(), busy);
    assert_eq!(Driver::facts(card.link()).err(), busy);
    assert_eq!(Driver::read(card.link(), number(&card), plan(2)).err(), busy);
    let torn = {
        let other = self::card("adult");
        let driver = Driver::read(other.link(), number(&other), plan(1)).unwrap();
        drive(&driver, &other, Some(9));
        driver.reading().unwrap()
    };
    assert_eq!(Driver::resume(card.link(), number(&card), plan(3), torn.clone()).err(), busy);
    assert!(torn.statistics().is_ok(), "what was read is where it was");
    assert!(card.link().is_busy());
    assert_eq!(card.transmit(verify), [0x90, 0x00], "it reached the key that it was meant for");
    drop(reading);
    assert!(!card.link().is_busy());
    assert!(Driver::tries(card.link()).is_ok());
}

#[test]
fn the_next_driver_knows_what_is_selected_unless_the_last_one_was_dropped_midway() {
    let card = card("adult");
    // It ends at the application where it begins.
    let only = || Plan { face: false, attributes: false, ..plan_all() };
    let certificate =
        || drive(&Driver::read(card.link(), number(&card), only()).unwrap(), &card, None);
    let from_nothing = certificate();
    assert_eq!(certificate(), from_nothing - 1, "the application is still selected");
    card.link().forget();
    assert_eq!(certificate(), from_nothing);
    let driver = Driver::identify(card.link()).unwrap();
    driver.start().unwrap();
    drop(driver);
    assert_eq!(certificate(), from_nothing);
    card.power_off();
    assert_eq!(certificate(), from_nothing);
}

// b
#[test]
fn a_reading_is_judged_by_its_own_examination_and_by_no_other() {
    let genuine = examined(read("adult").1);
    let forged = read_made(Forgery::SwappedPhoto.card(), plan(1));
    let mut tablet = Tablet::new(false);
    let not_examined = Err(failed(BoundaryFault::NotExamined.code()));
    assert_eq!(tablet.take(&forged, SameCard::ChipsTell), not_examined, "beside a genuine one");
    assert!(forged.name().is_ok(), "a refused card stays where it was");
    assert_eq!(tablet.take(&examined(forged), SameCard::ChipsTell), Ok(Event::CardForged));
    tablet.tell(Event::FaceMatched);
    tablet.tell(Event::ConsentByPatient);
    assert!(tablet.request_permit().is_err());
    assert!(genuine.name().is_ok());
}

#[test]
fn a_reading_that_shows_no_card_is_its_failure_and_stays() {
    let card = card("adult");
    let driver = Driver::read(card.link(), wrong_number(&card), plan(1)).unwrap();
    drive(&driver, &card, None);
    let reading = driver.reading().unwrap();
    let mut tablet = Tablet::new(false);
    assert_eq!(tablet.take(&reading, SameCard::ChipsTell), Ok(Event::CardWrongNumber));
    assert!(reading.statistics().is_ok());
}

// c
#[test]
fn a_question_moves_no_time_and_a_clock_that_was_put_right_is_recorded() {
    let later = NOW + 1_000 * 3_600_000;
    let mut tablet = with_permit();
    assert_eq!(tablet.encounter.permit_until(later), Ok(None));
    tablet.encounter.permit_refusal(later).unwrap();
    tablet.encounter.allowed_events(later).unwrap();
    tablet.encounter.handover(HandoverForm::Page, later).unwrap();
    assert!(tablet.encounter.permit_until(NOW).unwrap().is_some(), "asking ended nothing");
    tablet.request_permit().unwrap();
    tablet.record();
    let matched = Event::FaceMatched.code();
    tablet.encounter.record(matched, CREW.to_owned(), later).unwrap();
    let back = failed(Refusal::ClockWentBack.code());
    assert_eq!(tablet.request_permit(), Err(back), "an event does move it");
    tablet.tell(Event::ClockCorrected);
    assert_eq!(tablet.encounter.permit_until(NOW), Ok(None), "it ends every permit");
    assert!(tablet.stored.iter().any(|line| line.contains("clock-corrected")));
    tablet.request_permit().unwrap();
    tablet.record();
    assert!(tablet.encounter.permit_until(NOW).unwrap().is_some());
}

// d
#[test]
fn a_line_is_confirmed_by_its_name_and_there_is_no_second_one_meanwhile() {
    let mut tablet = Tablet::new(false);
    let not_pending = Err(failed(AuditFault::NotPending.code()));
    assert_eq!(tablet.log.confirm(tablet.own(), 2, NOW), not_pending, "nobody asked for it");
    tablet.encounter.record(Event::EndNoCard.code(), CREW.to_owned(), NOW).unwrap();
    let line = tablet.log.next_line(tablet.own()).unwrap().unwrap();
    let second = failed(AuditFault::LinePending.code());
    assert_eq!(tablet.log.checkpoint(pkcs8(), NOW), Err(second));
    assert_eq!(tablet.log.next_line(tablet.own()), Err(second));
    assert_eq!(tablet.log.pending(), Ok(Some(line.clone())));
    for other in [line.ticket - 1, line.ticket + 1] {
        assert_eq!(tablet.log.confirm(tablet.own(), other, NOW), not_pending);
        assert_eq!(tablet.log.discard(other), not_pending);
    }
    assert_eq!(tablet.log.confirm(None, line.ticket, NOW), not_pending, "it is the encounter's");
    let elsewhere = Tablet::new(false).log;
    let header = elsewhere.next_line(tablet.own());
    assert_eq!(header, Err(failed(AuditFault::OtherLog.code())));
    tablet.log.discard(line.ticket).unwrap();
    assert_eq!(tablet.log.pending(), Ok(None));
    let again = tablet.log.next_line(tablet.own()).unwrap().unwrap();
    assert_eq!(again.text, line.text, "the log has not moved");
    assert_eq!(tablet.log.confirm(tablet.own(), line.ticket, NOW), not_pending, "it was dropped");
    assert_eq!(tablet.log.discard(line.ticket), not_pending);
    tablet.stored.push(again.text);
    tablet.log.confirm(tablet.own(), again.ticket, NOW).unwrap();
    assert_eq!(tablet.log.confirm(tablet.own(), again.ticket, NOW), not_pending, "a second time");
    assert_eq!(tablet.encounter.unrecorded(), Ok(0));
    assert!(is_intact(&tablet.stored));
}

// e
#[test]
fn no_floor_that_could_lock_a_key_comes_about_by_a_number() {
    let card = card("adult");
    let out_of_range = Some(failed(Misuse::OutOfRange.code()));
    for tries in [1, 16, 255] {
        let face = Plan { face_floor: tries, ..plan(1) };
        let text = Plan { text_floor: tries, ..plan(1) };
        assert_eq!(Driver::read(card.link(), number(&card), face).err(), out_of_range);
        assert_eq!(Driver::read(card.link(), number(&card), text).err(), out_of_range);
    }
    assert!(!card.link().is_busy());
    let left = || {
        let driver = Driver::tries(card.link()).unwrap();
        drive(&driver, &card, None);
        let tries = driver.all_tries().unwrap();
        (tries.face_b.left.unwrap(), tries.text_b.left.unwrap())
    };
    let present = |plan: Plan| {
        let driver = Driver::read(card.link(), wrong_number(&card), plan).unwrap();
        drive(&driver, &card, None);
        driver.reading().unwrap()
    };
    let zeros = Plan { face_floor: 0, text_floor: 0, ..plan(1) };
    for _ in 0..20 {
        present(zeros.clone());
    }
    assert_eq!(left(), (2, 2), "three is the default of both");
    let last = present(Plan { allow_last_tries: true, ..zeros.clone() });
    let verification = last.verification(ReadingPart::Face).unwrap();
    assert!(verification.allowed_last_tries && verification.floor == 1);
    present(Plan { allow_last_tries: true, ..zeros.clone() });
    assert_eq!(left(), (0, 2), "once rejected, not with the other key either");
    let blocked = present(Plan { allow_last_tries: true, ..zeros });
    assert_eq!(blocked.status(ReadingPart::Face), Ok(Some(CredentialFault::Blocked.code())));
    assert!(blocked.verification(ReadingPart::Attributes).is_err());
    assert_eq!(left(), (0, 2), "a blocked key ends the use of the number");
}

#[test]
fn last_tries_that_were_allowed_stand_in_the_report_and_in_the_log() {
    let reading = read_by(&card("adult"), Plan { allow_last_tries: true, ..plan(1) });
    let report = reading.examine(roots(), HostClock::Unknown).unwrap();
    assert!(has(&report, "last-tries-allowed"));
    let mut tablet = Tablet::new(false);
    tablet.take(&reading, SameCard::ChipsTell).unwrap();
    assert!(tablet.stored.iter().any(|line| line.contains("card-read/last-tries-allowed")));
}

// f
#[test]
fn a_borrowed_name_is_never_called_live() {
    let trusted = HostClock::Trusted { unix_millis: NOW };
    let verdict = |card, plan: Plan| {
        read_made(card, plan).examine(roots(), trusted).map(|it| (it.verdict(), it)).unwrap()
    };
    let without = || Plan { without_text_proof: true, ..plan(1) };
    for plan in [plan(1), without()] {
        let (borrowed, report) = verdict(Forgery::BorrowedName.card(), plan);
        assert_ne!(borrowed, CardVerdict::GenuineLive);
        assert!(has(&report, "text-not-live"));
    }
    assert_eq!(verdict(Profile::adult().card(), plan(1)).0, CardVerdict::GenuineLive);
    assert_eq!(verdict(Profile::adult().card(), without()).0, CardVerdict::GenuineNotLive);
}

// g
#[test]
fn a_card_that_was_forged_in_an_encounter_stays_forged_in_it() {
    let mut tablet = Tablet::new(false);
    let forged = examined(read_made(Forgery::SwappedPhoto.card(), plan(1)));
    assert_eq!(tablet.take(&forged, SameCard::ChipsTell), Ok(Event::CardForged));
    let other = examined(read("long-name").1);
    assert_eq!(tablet.take(&other, SameCard::ChipsTell), Ok(Event::SecondCardAcceptable));
    let again = examined(read_made(Forgery::SwappedPhoto.card(), plan_face_only()));
    assert_eq!(tablet.take(&again, SameCard::ChipsTell), Ok(Event::SecondCardForged));
    tablet.tell(Event::FaceMatched);
    tablet.tell(Event::ConsentByPatient);
    assert!(tablet.request_permit().is_err());
}

// h
#[test]
fn a_stored_line_releases_one_permit_also_of_encounters_that_look_the_same() {
    let ready = || {
        let mut tablet = Tablet::new(false);
        let reading = examined(read("adult").1);
        tablet.take(&reading, SameCard::ChipsTell).unwrap();
        tablet.tell(Event::FaceMatched);
        tablet.tell(Event::ConsentByPatient);
        tablet.request_permit().unwrap();
        tablet
    };
    let (one, twin) = (ready(), ready());
    let line = one.log.next_line(one.own()).unwrap().unwrap();
    let not_pending = Err(failed(AuditFault::NotPending.code()));
    assert_eq!(one.log.confirm(twin.own(), line.ticket, NOW), not_pending);
    assert_eq!(twin.encounter.permit_until(NOW), Ok(None));
    one.log.confirm(one.own(), line.ticket, NOW).unwrap();
    assert!(one.encounter.permit_until(NOW).unwrap().is_some());
    assert_eq!(one.log.confirm(twin.own(), line.ticket, NOW), not_pending);
    assert_eq!(twin.encounter.permit_until(NOW), Ok(None));
}

// j
#[test]
fn digits_are_compared_although_the_card_says_that_a_key_is_open() {
    let mut made = Profile::adult().builder().behaviour(|it| it.query_says_verified = true).build();
    let mut read = |number: Arc<NumberB>| {
        let driver = Driver::read(link(), number, plan(1)).unwrap();
        drive_over(&driver, |command| Some(made.transmit(&command)));
        driver.reading().unwrap()
    };
    let card = card("adult");
    assert_eq!(read(number(&card)).status(ReadingPart::Face), Ok(None));
    let wrong = read(wrong_number(&card));
    let verification = wrong.verification(ReadingPart::Face).unwrap();
    assert_eq!(verification.outcome, VerifyOutcome::Rejected);
    assert!(wrong.name().is_err() && wrong.face().is_err());
    assert_eq!(made.presentations(Application::Face, 0x12), 2);
}

#[test]
fn a_key_that_says_it_is_open_for_ever_leaves_a_finding() {
    let card = card("adult");
    let driver = Driver::read(card.link(), number(&card), plan(1)).unwrap();
    drive_over(&driver, |command| match command.as_slice() {
        [0, 0x20, 0, 0x80] => Some(vec![0x90, 0x00]),
        _ => Some(card.transmit(command)),
    });
    let reading = driver.reading().unwrap();
    let verification = reading.verification(ReadingPart::Face).unwrap();
    assert_eq!(verification.outcome, VerifyOutcome::AlreadyOpen);
    let report = reading.examine(roots(), HostClock::Unknown).unwrap();
    assert!(has(&report, "digits-not-checked"));
}

// k
#[test]
fn one_chip_is_one_card_as_far_as_it_can_be_known_else_the_crew_is_asked() {
    let adult = card("adult");
    let mut tablet = Tablet::new(false);
    let whole = examined(read_by(&adult, plan(1)));
    assert_eq!(tablet.take(&whole, SameCard::ChipsTell), Ok(Event::CardAcceptable));
    let by_certificate = examined(read_by(&adult, certificate_only()));
    assert_eq!(tablet.take(&by_certificate, SameCard::ChipsTell), Ok(Event::CardDoubtful));

    let mut tablet = Tablet::new(false);
    let face = examined(read_by(&adult, plan_face_only()));
    tablet.take(&face, SameCard::ChipsTell).unwrap();
    let by_certificate = examined(read_by(&adult, certificate_only()));
    let unclear = Err(failed(Refusal::CardUnclear.code()));
    assert_eq!(tablet.take(&by_certificate, SameCard::ChipsTell), unclear);
    assert!(by_certificate.certificate().is_ok(), "a refused card stays where it was");
    let said = tablet.take(&by_certificate, SameCard::CrewSaysSame);
    assert_eq!(said, Ok(Event::CardDoubtful), "judged as it was before");
    assert!(tablet.stored.iter().any(|line| line.contains("same-card/said")));

    let mut tablet = Tablet::new(false);
    let face = examined(read_by(&adult, plan_face_only()));
    tablet.take(&face, SameCard::ChipsTell).unwrap();
    let other = examined(read_by(&card("long-name"), certificate_only()));
    assert_eq!(tablet.take(&other, SameCard::CrewSaysOther), Ok(Event::SecondCardDoubtful));
}
