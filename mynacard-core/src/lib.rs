//! Reads a Japanese My Number Card (個人番号カード) without a PIN, says how far the result can be
//! trusted, and controls what may be seen on the strength of it. Pure logic over an abstract transport.
//!
//! What this crate does **not** do: it opens no reader, keeps no clock, draws no random number,
//! writes no file, starts no thread. Bytes, time and randomness are arguments.
//!
//! # From the card to the hospital
//!
//! 1. **Connect.** A [`CardTransport`] sends one command to a card and gives its answer. It owns a [`Link`],
//!    which stands for the connection: one driver at a time has it.
//! 2. **Read.** [`read`] makes a driver from the link, the [`VerificationNumberB`] printed on the card and a
//!    [`Plan`]; [`run`] drives it to its end. The result is a [`CardReading`], part by part: a part that could
//!    not be read says why.
//! 3. **Examine.** [`CardReading::examine`] checks every signature and the chip's answer to the challenge
//!    against [`Roots`], and gives an [`Examined`]: a reading and its verdict, which nobody can take apart and
//!    put together otherwise.
//! 4. **Open an encounter.** [`Encounter`] takes the examined card, then what the crew records, one [`Event`]
//!    after the other: the face matches, the patient consents.
//! 5. **Record.** Everything the encounter makes waits in it until [`Encounter::store`] has put it into an
//!    [`AuditLog`], line by line.
//! 6. **Ask and hand over.** A permit opens medical information for a time, once its line is stored.
//!    [`Encounter::fetch`] asks a source under it; [`Encounter::handover`] makes what the hospital is told.
//!
//! # Glossary
//!
//! | word | in Japanese | what it is here |
//! | --- | --- | --- |
//! | attributes | 基本4情報 | name, address, birth date and sex, as text |
//! | basis | 法的根拠 | why information may be seen: consent, or the protection of life |
//! | card face | 券面 | photo, birth date, sex and expiry, with pictures of name and address |
//! | crew | 救急隊 | whoever records events, under a staff number |
//! | encounter | 救急活動 | one patient, from the dispatch to the hospital |
//! | event | 事象 | what happened, as it stands in the audit log |
//! | floor | 残り回数の下限 | how many tries must be left before one is spent |
//! | hand-over | 引き継ぎ | what the hospital is told |
//! | link | カード接続 | the connection to one card, from power-up to removal |
//! | permit | 閲覧許可 | what opens medical information, for a time and a scope |
//! | report | 真正性の報告 | what the checks said of a card |
//! | resume | かざし直し | going on with a torn reading, after the chip has proved that it is the same one |
//! | root | ルート証明書 | a public key that is trusted because it was given |
//! | summary | 救急用サマリー | the medical information that a crew may see |
//! | tries | 残り回数 | wrong numbers that a key still takes before it locks |
//! | verification number B | 照合番号B | the fourteen printed digits: birth date, expiry year, security code |
#![forbid(unsafe_code)]

pub mod apdu;
pub mod applet;
pub mod audit;
pub mod calendar;
pub mod card;
pub mod consent;
pub mod credential;
pub mod driver;
pub mod encounter;
pub mod error;
pub mod exchange;
pub mod field;
pub mod handover;
pub mod map;
pub mod medical;
pub mod reading;
mod status;
pub mod tlv;
pub mod trust;

pub use audit::{AuditLog, Event};
pub use calendar::Timestamp;
pub use consent::Scope;
pub use credential::VerificationNumberB;
pub use driver::run;
pub use encounter::Encounter;
pub use error::Error;
pub use exchange::{CardTransport, Limits, Link};
pub use reading::{CardReading, Examined, Plan, read};
pub use trust::{Challenge, Clock, Roots};

/// The example of the README is compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
