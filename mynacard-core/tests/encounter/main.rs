//! Whole encounters over virtual cards: what an app gets to see, when, what the log has then, and what is
//! left afterwards.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests may fail loudly"
)]

mod any;
mod cards;
#[path = "../common/mod.rs"]
mod common;
#[path = "../encounter_support/mod.rs"]
mod encounter_support;
mod ends;
mod patient;
mod permits;
mod shown;
mod source;

use std::sync::LazyLock;

use encounter_support::Tap;
use mynacard_core::Event;

static ADULT: LazyLock<Tap> = LazyLock::new(|| Tap::profile("adult"));
static OTHER: LazyLock<Tap> = LazyLock::new(|| Tap::profile("long-name"));

/// Every end that a crew can record.
fn every_end() -> Vec<Event> {
    Event::ALL.iter().copied().filter(|it| it.is_way_out() && it.is_recordable()).collect()
}

/// What a crew member can record; the rest comes from the reader, the source and the clock.
fn crew_events() -> Vec<Event> {
    [
        Event::FaceMatched,
        Event::FaceDiffers,
        Event::FaceUnverifiable,
        Event::ConsentByPatient,
        Event::ConsentByRepresentative,
        Event::ConsentRefused,
        Event::ConsentWithdrawn,
        Event::PatientAwake,
        Event::Unconscious,
        Event::ImpairedConsciousness,
        Event::CannotCommunicate,
        Event::CardiopulmonaryArrest,
    ]
    .into_iter()
    .chain(every_end())
    .collect()
}
