//! The audit log (監査記録): who did what in which encounter, without personal data, so that nobody
//! can change it afterwards unseen.
//!
//! The host stores lines; this module says what they are ([`AuditLog`]) and, later, whether they are
//! still what they were ([`Verifier`]).
//!
//! # Format
//!
//! Three kinds of line, each a JSON object in exactly this form (no white space, this order, lower
//! case, one line feed at the end):
//!
//! ```text
//! {"seq":0,"at":"M","code":900,"event":"log-opened","format":"mynacard-audit/1","drill":false,"log":"H16","device":"I","prev":"H32","seal":"H32"}
//! {"seq":N,"at":"M","code":C,"event":"E","encounter":"H16","crew":"I","device":"I","card":null,"prev":"H32","seal":"H32"}
//! {"seq":N,"at":"M","code":901,"event":"checkpoint","log":"H16","device":"I","prev":"H32","signature":"H64","seal":"H32"}
//! ```
//!
//! `M` a moment (`2026-11-22T10:40:00.250Z`), `H16` 16 bytes in hexadecimal, `I` a short id, `C` and
//! `E` number and name of an event code, `card` a commitment (`"H32"`) or `null`.
//!
//! - *Sealed bytes*: from `{` up to, not including, `,"seal":`.
//! - `seal` = HMAC-SHA-256 under the line's key of SHA-256 of the sealed bytes.
//! - *Line hash*: SHA-256 of the line without its line feed; it covers the seal.
//! - `prev` = line hash of the line before; 32 zero bytes in the header.
//! - *Signed bytes* of a checkpoint: from `{` up to, not including, `,"signature":`.
//!
//! No byte of a line may be written in another way, so that equal lines are equal bytes.

mod checkpoint;
mod cursor;
mod event;
mod funnel;
mod hex;
mod id;
mod kind;
mod line;
mod moment;
mod occurrence;
mod outbox;
mod seal;
mod signer;
mod state;
mod verify;
mod writer;

pub use checkpoint::Checkpoint;
pub use event::Event;
pub use funnel::{Funnel, Summary};
pub use id::{Commitment, EncounterId, LineHash, LogId, Salt, ShortId};
pub use kind::{Drill, LogKind, Real};
pub(crate) use occurrence::Occurrence;
pub(crate) use outbox::Outbox;
pub use seal::SealKey;
pub use signer::{Ed25519Signer, Signer, VerifyingKey};
pub use state::SealState;
pub use verify::{Chunk, LogEvidence, LogFinding, LogVerdict, Outcome, Planner, Tail, Verifier};

pub use crate::error::{AuditFault, Tamper};
pub use writer::{AuditLog, PendingLine, whole_lines};
