//! One card or two: what the chips tell, what the crew says, and what was forged.

use super::Shown::{Both, Certificate, Face};
use super::*;

const GOOD: CardTrust = CardTrust::Acceptable;
const BAD: CardTrust = CardTrust::Forged;
const UNCLEAR: Result<Event, Refusal> = Err(Refusal::CardUnclear);

#[test]
fn a_second_card_starts_over() {
    let mut consent = ready();
    let first = permit(&mut consent, Scope::Summary, 4).unwrap();
    let event = read(&mut consent, Both(2), CardTrust::Doubtful, 5);
    assert_eq!(event, Ok(Event::SecondCardDoubtful));
    assert_eq!(first.in_force(at(5)), Err(Refusal::PermitEnded));
    assert_eq!(permit(&mut consent, Scope::Summary, 6).unwrap_err(), Refusal::FaceNotChecked);
    apply(&mut consent, Event::FaceMatched, 7).unwrap();
    assert_eq!(permit(&mut consent, Scope::Summary, 8).unwrap_err(), Refusal::NotAsked);
    apply(&mut consent, Event::ConsentByPatient, 9).unwrap();
    let second = permit(&mut consent, Scope::Summary, 10).unwrap();
    assert_eq!(Some(second.card()), consent.card());
    assert_ne!(first.card(), second.card());
}

#[test]
fn entries_tell_cards_apart_and_readings_of_one_card_not() {
    let mut consent = open();
    let mut commitments = Vec::new();
    for shown in [Certificate(1), Both(1), Face(1), Both(2), Both(1)] {
        let made = consent.card_read(shown.marks(), GOOD, None, crew(), at(1)).unwrap();
        commitments.push(made.last().unwrap().card.unwrap());
    }
    let [certificate, both, face, other, again] = commitments.try_into().unwrap();
    assert!(certificate == both && both == face, "one identity for one chip");
    assert!(face != other && other != again);
}

#[test]
fn the_chips_tell_where_both_readings_have_a_mark_in_common() {
    for (before, now, second) in [
        (Both(1), Face(1), false),
        (Both(1), Certificate(1), false),
        (Face(1), Both(1), false),
        (Certificate(1), Both(1), false),
        (Face(1), Face(2), true),
        (Certificate(1), Certificate(2), true),
        (Face(1), Both(2), true),
        (Certificate(1), Both(2), true),
    ] {
        // What the crew says counts for nothing then, and is not recorded.
        for word in [None, Some(false), Some(true)] {
            let mut consent = open();
            read(&mut consent, before, GOOD, 1).unwrap();
            let expected = if second { Event::SecondCardAcceptable } else { Event::CardAcceptable };
            let events = read_as(&mut consent, now, GOOD, word, 2).unwrap();
            assert_eq!(events, [expected], "{before:?} {now:?} {word:?}");
        }
    }
}

#[test]
fn where_they_cannot_tell_the_crew_is_asked_and_its_word_recorded() {
    for (before, now) in [(Face(1), Certificate(1)), (Certificate(1), Face(1))] {
        let mut consent = open();
        read(&mut consent, before, GOOD, 1).unwrap();
        apply(&mut consent, Event::FaceMatched, 2).unwrap();
        apply(&mut consent, Event::ConsentByPatient, 3).unwrap();
        let live = permit(&mut consent, Scope::Full, 4).unwrap();
        let card = consent.card().unwrap().clone();
        assert_eq!(read(&mut consent, now, GOOD, 5), UNCLEAR);
        assert_eq!(live.in_force(at(5)), Ok(()), "a question changes nothing");

        let events = read_as(&mut consent, now, GOOD, Some(true), 6).unwrap();
        assert_eq!(events, [Event::SameCardSaid, Event::CardAcceptable]);
        assert_eq!((consent.card(), live.in_force(at(6))), (Some(&card), Ok(())));
        // What was said once is known: each way and both together are this card now.
        for shown in [now, before, Both(1)] {
            assert_eq!(read(&mut consent, shown, GOOD, 7), Ok(Event::CardAcceptable));
        }

        let mut consent = open();
        read(&mut consent, before, GOOD, 1).unwrap();
        let events = read_as(&mut consent, now, GOOD, Some(false), 2).unwrap();
        assert_eq!(events, [Event::SecondCardAcceptable]);
    }
}

#[test]
fn what_was_forged_stays_forged_however_it_comes_back() {
    let mut consent = ready();
    read(&mut consent, Both(1), BAD, 4).unwrap();
    assert_eq!(read(&mut consent, Both(1), GOOD, 5), Ok(Event::CardForged));
    assert_eq!(permit(&mut consent, Scope::Summary, 6).unwrap_err(), Refusal::CardForged);

    for again in [Face(1), Certificate(1), Both(1)] {
        for trust in [GOOD, CardTrust::Doubtful, BAD] {
            for word in [None, Some(true), Some(false)] {
                let mut consent = open();
                read(&mut consent, Both(1), BAD, 1).unwrap();
                read(&mut consent, Both(2), GOOD, 2).unwrap();
                let events = read_as(&mut consent, again, trust, word, 3).unwrap();
                assert_eq!(events, [Event::SecondCardForged], "{again:?} {trust:?} {word:?}");
                let back = read(&mut consent, Both(2), GOOD, 4);
                assert_eq!(back, Ok(Event::SecondCardAcceptable), "the other one is not");
            }
        }
    }
}

#[test]
fn every_mark_of_a_forged_card_is_remembered_whatever_it_shows_in_between() {
    let mut consent = open();
    read(&mut consent, Both(1), BAD, 1).unwrap();
    for (step, shown) in
        [Certificate(1), Face(1), Both(1), Face(1), Certificate(1)].iter().enumerate()
    {
        read(&mut consent, Both(2), GOOD, 2).unwrap();
        assert_eq!(read(&mut consent, *shown, GOOD, 3), Ok(Event::SecondCardForged), "{step}");
    }
}

#[test]
fn a_card_that_cannot_be_told_from_a_forged_one_is_not_taken_on_anybody_s_word() {
    for (forged, now) in [(Face(1), Certificate(3)), (Certificate(1), Face(3))] {
        for word in [None, Some(true), Some(false)] {
            let unclear = Err(Refusal::CardUnclear);
            let mut consent = open();
            read(&mut consent, forged, BAD, 1).unwrap();
            assert_eq!(read_as(&mut consent, now, GOOD, word, 2), unclear, "{now:?} {word:?}");
            // A card of which both were read is told from the forged one.
            assert_eq!(read(&mut consent, Both(2), GOOD, 3), Ok(Event::SecondCardAcceptable));
            assert_eq!(read_as(&mut consent, now, GOOD, word, 4), unclear, "{now:?} {word:?}");
            assert_eq!(consent.facts().card, GOOD, "nothing has changed");
            assert_eq!(read(&mut consent, Both(3), GOOD, 5), Ok(Event::SecondCardAcceptable));
            let taken = read_as(&mut consent, now, GOOD, word, 6);
            assert_eq!(taken, Ok(vec![Event::CardAcceptable]), "once both were read it is told");
        }
    }
}

#[test]
fn the_word_same_does_not_make_a_forged_card_s_mark_another_card_s() {
    // Forged by its face; then a card of which only the face is known; then a certificate that may be
    // either's. The crew says it is the present one's.
    let mut consent = open();
    read(&mut consent, Face(1), BAD, 1).unwrap();
    read(&mut consent, Face(2), GOOD, 2).unwrap();
    let said = read_as(&mut consent, Certificate(1), GOOD, Some(true), 3);
    assert_eq!(said, Err(Refusal::CardUnclear));
    assert_eq!(read(&mut consent, Both(1), GOOD, 4), Ok(Event::SecondCardForged));
}

#[test]
fn the_word_same_does_not_hide_what_was_forged_behind_another_card_s_face() {
    let mut consent = open();
    read(&mut consent, Both(1), BAD, 1).unwrap();
    read(&mut consent, Both(3), GOOD, 2).unwrap();
    read(&mut consent, Certificate(2), BAD, 3).unwrap();
    // The crew takes the first for the one that lies there.
    let said = read_as(&mut consent, Face(1), GOOD, Some(true), 4).unwrap();
    assert_eq!(said, [Event::SameCardSaid, Event::CardForged]);
    assert_eq!(read(&mut consent, Both(2), GOOD, 5), Ok(Event::SecondCardForged));
}
