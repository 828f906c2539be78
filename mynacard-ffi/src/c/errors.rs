//! The error table: what a code means, and what to tell whom.

use mynacard_core::error::{Actor, FaultInfo};

use super::boundary::guarded_or;
use super::result::mynacard_result;
use super::types::mynacard_str;
use crate::error::table;

/// Who can do something about a fault.
#[repr(C)]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum mynacard_actor {
    /// Nobody needs to: success, or a code that this version does not know.
    MYNACARD_ACTOR_NONE = 0,
    /// The ambulance crew, now.
    MYNACARD_ACTOR_CREW = 1,
    /// The card's holder, later, at a municipal office.
    MYNACARD_ACTOR_HOLDER = 2,
    /// Whoever wrote the program that calls this library.
    MYNACARD_ACTOR_INTEGRATOR = 3,
    /// Whoever runs the tablet, its reader and its data files.
    MYNACARD_ACTOR_OPERATOR = 4,
}

/// The row of a code; none for MYNACARD_OK and for codes that this version does not know.
fn row(code: mynacard_result) -> Option<&'static FaultInfo> {
    table().find(|row| mynacard_result::from(row.code) == code)
}

fn entry(code: mynacard_result, pick: fn(&'static FaultInfo) -> &'static str) -> mynacard_str {
    guarded_or("".into(), || row(code).map_or("", pick).into())
}

/// Name of a code in the error table, such as `LinkFault::Lost`; empty for an unknown code.
#[unsafe(no_mangle)]
pub extern "C" fn mynacard_result_name(code: mynacard_result) -> mynacard_str {
    entry(code, |row| row.name)
}

/// A technical sentence in English, for logs; empty for an unknown code.
#[unsafe(no_mangle)]
pub extern "C" fn mynacard_result_text(code: mynacard_result) -> mynacard_str {
    entry(code, |row| row.text)
}

/// What to tell the person, in Japanese; empty for an unknown code.
#[unsafe(no_mangle)]
pub extern "C" fn mynacard_result_advice_ja(code: mynacard_result) -> mynacard_str {
    entry(code, |row| row.advice_ja)
}

/// What to tell the person, in English; empty for an unknown code.
#[unsafe(no_mangle)]
pub extern "C" fn mynacard_result_advice_en(code: mynacard_result) -> mynacard_str {
    entry(code, |row| row.advice_en)
}

/// Who can do something about it.
#[unsafe(no_mangle)]
pub extern "C" fn mynacard_result_actor(code: mynacard_result) -> mynacard_actor {
    guarded_or(mynacard_actor::MYNACARD_ACTOR_NONE, || match row(code).map(|row| row.actor) {
        Some(Actor::Crew) => mynacard_actor::MYNACARD_ACTOR_CREW,
        Some(Actor::Holder) => mynacard_actor::MYNACARD_ACTOR_HOLDER,
        Some(Actor::Integrator) => mynacard_actor::MYNACARD_ACTOR_INTEGRATOR,
        Some(Actor::Operator) => mynacard_actor::MYNACARD_ACTOR_OPERATOR,
        _ => mynacard_actor::MYNACARD_ACTOR_NONE,
    })
}
