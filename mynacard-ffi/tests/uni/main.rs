//! The interface to Kotlin and Swift, driven as they drive it: whole encounters over a virtual card, foreign
//! functions that fail, re-enter and cancel, calls in the wrong order. Tries are counted at the card.
#![allow(clippy::panic, clippy::unwrap_used, reason = "tests may fail loudly")]

mod encounters;
mod foreign;
mod promises;
mod readings;
mod support;
