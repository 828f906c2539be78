//! The door to the medical information: which source is asked, when, and what is kept of its answer.

use std::cell::Cell;

use mynacard_core::audit::Real;
use mynacard_core::consent::{CardId, Refusal};
use mynacard_core::error::MedicalFault;
use mynacard_core::medical::{FileSource, Found, MedicalSource, Origin, Query};
use mynacard_core::{Event, Scope, Timestamp};

use super::encounter_support::{LIFE, Play};
use super::{ADULT, OTHER};

/// A source that counts how often it is asked, and while it is asked something happens to the time.
struct Watched<'a> {
    source: FileSource,
    asked: usize,
    clock: &'a Cell<Timestamp>,
    takes: u64,
}

impl<'a> Watched<'a> {
    fn new(source: FileSource, clock: &'a Cell<Timestamp>, takes: u64) -> Self {
        Self { source, asked: 0, clock, takes }
    }
}

impl MedicalSource for Watched<'_> {
    fn card(&self) -> &CardId {
        self.source.card()
    }

    fn origin(&self) -> Origin {
        Origin::Synthetic
    }

    fn ask(&mut self, query: &Query<'_>) -> Result<Found, MedicalFault> {
        self.asked += 1;
        self.clock.set(self.clock.get().plus_millis(self.takes));
        self.source.ask(query)
    }
}

#[test]
fn a_permit_that_runs_out_while_the_source_is_asked_keeps_nothing() {
    for (takes, kept) in [(0, true), (LIFE - 1, true), (LIFE, false), (10 * LIFE, false)] {
        let mut play = Play::<Real>::up_to_consent(&ADULT);
        play.permit(Scope::Summary).unwrap();
        let clock = Cell::new(play.now);
        let mut source = Watched::new(ADULT.patient("A"), &clock, takes);
        let fetched = play.encounter.fetch(&mut source, Scope::Summary, play.crew, || clock.get());
        let expected = if kept { Ok(None) } else { Err(Refusal::PermitExpired.into()) };
        assert_eq!((fetched, source.asked), (expected, 1), "{takes}");
        assert_eq!(play.encounter.medical(clock.get()).is_some(), kept, "{takes}");
        // Nor by a clock that is turned back afterwards.
        let told = [clock.get(), play.now].map(|now| play.encounter.handover(now).script());
        assert_eq!(told.iter().any(|told| told.contains("薬A")), kept, "{takes}");
    }
}

#[test]
fn a_view_of_before_is_not_replaced_by_an_answer_that_came_too_late() {
    let mut play = Play::<Real>::up_to_view(&ADULT, "A");
    let clock = Cell::new(play.now);
    let mut source = Watched::new(ADULT.patient("B"), &clock, LIFE);
    let late = play.encounter.fetch(&mut source, Scope::Summary, play.crew, || clock.get());
    assert_eq!(late, Err(Refusal::PermitExpired.into()));
    assert!(play.encounter.medical(clock.get()).is_none());
    let told = play.encounter.handover(clock.get()).script();
    assert!(!told.contains("薬A") && !told.contains("薬B"));
}

#[test]
fn a_source_about_another_card_is_not_asked() {
    let mut play = Play::<Real>::up_to_consent(&ADULT);
    play.permit(Scope::Full).unwrap();
    let clock = Cell::new(play.now);
    let mut source = Watched::new(OTHER.patient("B"), &clock, 0);
    let refused = play.encounter.fetch(&mut source, Scope::Summary, play.crew, || clock.get());
    assert_eq!((refused, source.asked), (Err(Refusal::OtherCard.into()), 0));
    assert_eq!(play.medicine(), None);
}

#[test]
fn a_source_with_nothing_to_give_is_an_event_and_says_so_to_the_hospital() {
    for (answer, code) in [
        ("not-registered", Some(Event::NotRegistered)),
        ("eligibility-only", Some(Event::CertificateExpired)),
        ("no-signal", Some(Event::NoSignal)),
        ("down", Some(Event::SourceDown)),
        ("consent-required", None),
    ] {
        let mut play = Play::<Real>::up_to_consent(&ADULT);
        play.permit(Scope::Summary).unwrap();
        let mut source = ADULT.source(&format!(r#""answer":"{answer}""#));
        let now = play.now;
        let event = play.encounter.fetch(&mut source, Scope::Summary, play.crew, || now).unwrap();
        assert_eq!(event, code, "{answer}");
        play.store().unwrap();
        assert_eq!(code, play.logged().pop().filter(|last| *last != Event::PermitSummary));
        assert!(play.encounter.medical(play.now).is_none());
        assert!(play.encounter.permit(play.now).is_some(), "asking again is allowed");
    }
}
