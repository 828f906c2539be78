//! A checkpoint that was kept somewhere the tablet cannot change.

use super::cursor::Stop;
use super::line::{self, Content, Line};
use super::writer::CHECKPOINT_LABEL;
use super::{AuditFault, LineHash, LogId, VerifyingKey, hex};
use crate::Timestamp;

/// A checkpoint line whose signature is good: at its moment, the log up to it was as it says.
///
/// The line is its own proof: it states its sequence number, which is also the number of the key
/// that sealed it, and the hash of the line before. A log that is later shown without this very line
/// at this very place was cut or rewritten.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Checkpoint {
    pub(super) log: LogId,
    pub(super) seq: u64,
    pub(super) at: Timestamp,
    pub(super) line: LineHash,
}

impl Checkpoint {
    /// Takes a checkpoint line, with or without its line feed, as the tablet sent it.
    ///
    /// Errors: [`AuditFault::BadCheckpoint`].
    pub fn read(text: &str, key: &VerifyingKey) -> Result<Self, AuditFault> {
        let text = text.strip_suffix('\n').unwrap_or(text).as_bytes();
        let bad = AuditFault::BadCheckpoint;
        let line = Line::read(text).map_err(|_: Stop| bad)?;
        let Content::Checkpoint { log, .. } = line.content else { return Err(bad) };
        if line.len != text.len() || !signature_fits(text, &line, key) {
            return Err(bad);
        }
        let (_, hash) = line::hashes(text, line.body, line.len);
        let log = LogId::from_hex(log).ok_or(bad)?;
        Ok(Self { log, seq: line.seq, at: line.at, line: LineHash::new(hash) })
    }

    /// The log.
    #[must_use]
    pub const fn log(&self) -> LogId {
        self.log
    }

    /// Its sequence number in the log.
    #[must_use]
    pub const fn seq(&self) -> u64 {
        self.seq
    }

    /// When it was made, by the tablet's clock.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        self.at
    }
}

/// Whether a checkpoint line's signature is good.
pub(super) fn signature_fits(text: &[u8], line: &Line<'_>, key: &VerifyingKey) -> bool {
    let Content::Checkpoint { signature, signed, .. } = line.content else { return false };
    hex::read(signature).is_some_and(|signature| {
        key.verifies(CHECKPOINT_LABEL, text.get(..signed).unwrap_or_default(), &signature)
    })
}
