//! The audit log (監査記録): who did what in which encounter, without personal data, so that nobody
//! can change it afterwards unseen.
//!
//! An entry has a sequence number, a time, the event's code, opaque ids of crew and device, a salted
//! commitment to the card, the hash of the line before, and a seal whose key is gone once the next
//! line is written. [`line`](self::Line) says how each byte is written. The host stores lines; this
//! module says what they are and, later, whether they are still what they were.

mod checkpoint;
mod code;
mod cursor;
mod fault;
mod funnel;
mod hex;
mod id;
mod kind;
mod line;
mod moment;
mod occurrence;
mod seal;
mod signer;
mod state;
mod verify;
mod writer;

pub use checkpoint::Checkpoint;
pub use code::EventCode;
pub use fault::AuditFault;
pub use funnel::{Funnel, Summary};
pub use id::{Commitment, EncounterId, LineHash, LogId, Salt, ShortId};
pub use kind::{Drill, LogKind, Real};
pub use line::{Content, Line};
pub use occurrence::Occurrence;
pub use seal::SealKey;
pub use signer::{Ed25519Signer, Signer, VerifyingKey};
pub use state::SealState;
pub use verify::{Chunk, Evidence, Finding, Outcome, Planner, Tail, Tamper, Verdict, Verifier};
pub use writer::{AuditLog, NewLog, Prepared, Stored, whole_lines};

pub(crate) use cursor::{Cursor, Stop};
pub(crate) use hex::{push as push_hex, read as read_hex};
pub(crate) use moment::push as push_moment;
