//! The writer of a log: says what line to store next, and goes on once the host has stored it.

use core::marker::PhantomData;

use super::cursor::Stop;
use super::id::LineHash;
use super::line::{self, Line};
use super::{AuditFault, LogId, LogKind, Occurrence, SealKey, ShortId, Signer, hex};
use crate::Timestamp;

/// Before the signed bytes of a checkpoint.
pub(super) const CHECKPOINT_LABEL: &[u8] = b"mynacard audit checkpoint v1\0";

/// The end of a log, where the next line goes. It holds no line and writes nothing itself.
///
/// Order of work for each line: [`prepare`](Self::prepare), append the text durably (one write,
/// flushed to disk), [`confirm`](Self::confirm), and save [`state`](super::SealState) over the
/// previous one. If storing fails, drop what was prepared: the log has not moved. A crash between
/// these steps leaves the saved state behind the file, never ahead: cut a torn last line off, then
/// [`catch_up`](Self::catch_up) with each line after the state's.
#[derive(Debug)]
pub struct AuditLog<K: LogKind> {
    pub(super) log: LogId,
    pub(super) device: ShortId,
    /// Sequence number of the next line.
    pub(super) seq: u64,
    pub(super) head: [u8; 32],
    pub(super) key: SealKey,
    pub(super) kind: PhantomData<K>,
}

/// A line to be stored, and the log as it will be afterwards.
#[derive(Debug)]
#[must_use = "store its text, then confirm it"]
pub struct Prepared<K: LogKind> {
    text: String,
    log: LogId,
    seq: u64,
    head: [u8; 32],
    next: LineHash,
    occurrence: Option<Occurrence<K>>,
}

impl<K: LogKind> Prepared<K> {
    /// The line with its line feed: append exactly these bytes.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its sequence number.
    #[must_use]
    pub const fn seq(&self) -> u64 {
        self.seq
    }
}

/// The host's word that a line is stored. Only [`AuditLog::confirm`] makes it.
#[derive(Debug)]
pub struct Stored<K: LogKind> {
    pub(crate) log: LogId,
    pub(crate) seq: u64,
    pub(crate) line: LineHash,
    pub(crate) occurrence: Option<Occurrence<K>>,
}

impl<K: LogKind> Stored<K> {
    /// The sequence number of the stored line.
    #[must_use]
    pub const fn seq(&self) -> u64 {
        self.seq
    }

    /// The hash of the stored line.
    #[must_use]
    pub const fn line(&self) -> LineHash {
        self.line
    }
}

/// A log whose header is not stored yet.
#[derive(Debug)]
#[must_use = "store its header, then confirm it"]
pub struct NewLog<K: LogKind> {
    log: AuditLog<K>,
    header: Prepared<K>,
}

impl<K: LogKind> NewLog<K> {
    /// The header line with its line feed: the first bytes of the file.
    #[must_use]
    pub fn text(&self) -> &str {
        self.header.text()
    }

    /// The host's word that the header is stored: the log is open.
    ///
    /// Errors: none occur in practice; the signature is that of [`AuditLog::confirm`].
    pub fn confirm(mut self) -> Result<AuditLog<K>, AuditFault> {
        self.log.confirm(self.header)?;
        Ok(self.log)
    }
}

impl<K: LogKind> AuditLog<K> {
    /// A new log. `log` and `key` are random; the key goes to whoever will verify, by a way that is
    /// not the tablet's disk.
    pub fn create(log: LogId, device: ShortId, key: SealKey, at: Timestamp) -> NewLog<K> {
        let log = Self { log, device, seq: 0, head: [0; 32], key, kind: PhantomData };
        let header = log.finish(line::header_body::<K>(at, log.log, device), None);
        NewLog { log, header }
    }

    /// Identity of this log.
    #[must_use]
    pub const fn id(&self) -> LogId {
        self.log
    }

    /// Sequence number of the next line.
    #[must_use]
    pub const fn next_seq(&self) -> u64 {
        self.seq
    }

    /// The line that records an occurrence. The log itself does not move.
    pub fn prepare(&self, occurrence: &Occurrence<K>) -> Prepared<K> {
        let body = line::entry_body(self.seq, &self.head, self.device, occurrence);
        self.finish(body, Some(*occurrence))
    }

    /// A checkpoint: a line that signs everything before it. The log itself does not move.
    ///
    /// Once it is stored, send its text to a place that the tablet cannot change (see
    /// [`Checkpoint`](super::Checkpoint)): a log that is later cut back before it is found out.
    ///
    /// Errors: what the signer says.
    pub fn prepare_checkpoint(
        &self,
        at: Timestamp,
        signer: &dyn Signer,
    ) -> Result<Prepared<K>, AuditFault> {
        let mut body = line::checkpoint_body(self.seq, &self.head, at, self.log, self.device);
        let signature = signer.sign(&[CHECKPOINT_LABEL, body.as_bytes()].concat())?;
        line::push_signature(&mut body, &signature);
        Ok(self.finish(body, None))
    }

    fn finish(&self, body: String, occurrence: Option<Occurrence<K>>) -> Prepared<K> {
        let mut text = body;
        let body = text.len();
        let seal = self.key.seal(&line::sealed_hash(&text));
        line::push_seal(&mut text, &seal);
        let (_, next) = line::hashes(text.as_bytes(), body, text.len());
        text.push('\n');
        let next = LineHash::new(next);
        Prepared { text, log: self.log, seq: self.seq, head: self.head, next, occurrence }
    }

    /// The host's word that a line is stored durably: the log moves on, and the key that sealed the
    /// line is gone.
    ///
    /// Errors: [`AuditFault::Stale`] if another line was confirmed since this one was prepared.
    pub fn confirm(&mut self, prepared: Prepared<K>) -> Result<Stored<K>, AuditFault> {
        if prepared.log != self.log || prepared.seq != self.seq || prepared.head != self.head {
            return Err(AuditFault::Stale);
        }
        self.advance(*prepared.next.as_bytes());
        Ok(Stored {
            log: prepared.log,
            seq: prepared.seq,
            line: prepared.next,
            occurrence: prepared.occurrence,
        })
    }

    /// Takes up a line that was stored after the state was saved from which this log was resumed.
    ///
    /// Errors: [`AuditFault::NotNext`] if it is not this log's next line, sealed by it.
    pub fn catch_up(&mut self, text: &str) -> Result<(), AuditFault> {
        let text = text.strip_suffix('\n').unwrap_or(text).as_bytes();
        let line = Line::read(text).map_err(|_: Stop| AuditFault::NotNext)?;
        let (sealed, next) = line::hashes(text, line.body, line.len);
        let is_next = line.len == text.len()
            && line.seq == self.seq
            && line.prev == hex::of_32(&self.head)
            && line.seal == hex::of_32(&self.key.seal(&sealed));
        if !is_next {
            return Err(AuditFault::NotNext);
        }
        self.advance(next);
        Ok(())
    }

    fn advance(&mut self, head: [u8; 32]) {
        self.head = head;
        self.seq += 1;
        self.key.evolve();
    }
}

/// How many bytes at the beginning of `text` are whole lines; what follows was torn.
#[must_use]
pub fn whole_lines(text: &[u8]) -> usize {
    text.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1)
}
