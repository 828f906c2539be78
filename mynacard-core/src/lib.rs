//! Reads a Japanese My Number Card (個人番号カード) without a PIN, says how far what it read can be
//! trusted, and guards what may be seen on its strength. Pure logic over an abstract transport.
//!
//! What this crate does **not** do: it opens no reader, keeps no clock, draws no random number,
//! writes no file, starts no thread. Bytes, time and randomness are arguments.
#![forbid(unsafe_code)]

pub mod apdu;
pub mod applet;
pub mod audit;
pub mod card;
pub mod consent;
pub mod credential;
pub mod encounter;
pub mod error;
pub mod exchange;
pub mod field;
pub mod handover;
pub mod medical;
pub mod reading;
mod timestamp;
pub mod tlv;
pub mod trust;

pub use error::Error;
pub use timestamp::Timestamp;

/// The example of the README is compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
