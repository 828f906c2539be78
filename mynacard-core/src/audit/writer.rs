//! The writer of a log: says what line to store next, and goes on once the host has stored it.

use core::marker::PhantomData;
use std::sync::{Arc, Weak};

use super::cursor::Stop;
use super::line::{self, Line};
use super::{AuditFault, LogId, LogKind, Occurrence, Outbox, SealKey, ShortId, Signer, hex};
use crate::Timestamp;

/// Before the signed bytes of a checkpoint.
pub(super) const CHECKPOINT_LABEL: &[u8] = b"mynacard audit checkpoint v1\0";

/// The end of a log, where the next line goes. It holds no line but the one that is being stored, and
/// writes nothing itself.
///
/// Order of work for each line: ask for it ([`Encounter::next_line`](crate::encounter::Encounter::next_line)
/// for what an encounter made, [`own_line`](Self::own_line) for the header,
/// [`checkpoint`](Self::checkpoint)), append its text durably (one write, flushed to disk), confirm it by
/// its sequence number, and save [`state`](super::SealState) over the previous one. If storing fails,
/// [`discard`](Self::discard) it: the log has not moved. Until one of the two there is no other line. A
/// crash between these steps leaves the saved state behind the file, never ahead: cut a torn last line
/// off, then [`catch_up`](Self::catch_up) with each line after the state's.
#[derive(Debug)]
pub struct AuditLog<K: LogKind> {
    pub(super) log: LogId,
    pub(super) device: ShortId,
    /// Sequence number of the next line.
    pub(super) seq: u64,
    pub(super) head: [u8; 32],
    pub(super) key: SealKey,
    /// When a new log was made, until its header is stored.
    pub(super) created: Option<Timestamp>,
    pub(super) pending: Option<Pending>,
    pub(super) kind: PhantomData<K>,
}

/// A line that was handed out to be stored, and the log as it will be afterwards.
#[derive(Debug)]
pub(super) struct Pending {
    text: String,
    next: [u8; 32],
    origin: Origin,
}

/// Whose line it is.
#[derive(Debug)]
enum Origin {
    /// The log's own: its header, a checkpoint.
    Log,
    /// An encounter's: what tells its outbox, and what keeps the entry from being stored elsewhere.
    Encounter(Weak<()>, #[allow(dead_code, reason = "it is kept alive")] Arc<()>),
}

/// A line to be stored.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[must_use = "store its text, then confirm or discard it by its sequence number"]
pub struct PendingLine<'a> {
    /// Its sequence number in the log: its name until it is confirmed or discarded.
    pub seq: u64,
    /// The line with its line feed: append exactly these bytes.
    pub text: &'a str,
}

impl<K: LogKind> AuditLog<K> {
    /// A new log, whose header is its first line to be stored. `log` and `key` are random; the key goes
    /// to whoever will verify, by a way that is not the tablet's disk.
    #[must_use]
    pub fn create(log: LogId, device: ShortId, key: SealKey, at: Timestamp) -> Self {
        Self {
            log,
            device,
            seq: 0,
            head: [0; 32],
            key,
            created: Some(at),
            pending: None,
            kind: PhantomData,
        }
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

    /// The line that was handed out and is neither confirmed nor discarded, once more.
    #[must_use]
    pub fn pending(&self) -> Option<PendingLine<'_>> {
        self.pending.as_ref().map(|line| PendingLine { seq: self.seq, text: &line.text })
    }

    /// Hands out the header of a new log; none when it is stored.
    ///
    /// Errors: [`AuditFault::LinePending`].
    pub fn own_line(&mut self) -> Result<Option<PendingLine<'_>>, AuditFault> {
        self.is_free()?;
        let Some(at) = self.created else { return Ok(None) };
        let body = line::header_body::<K>(at, self.log, self.device);
        Ok(Some(self.hand_out(body, Origin::Log)))
    }

    /// Hands out a checkpoint: a line that signs everything before it.
    ///
    /// Once it is stored, send its text to a place that the tablet cannot change (see
    /// [`Checkpoint`](super::Checkpoint)): a log that is later cut back before it is found out.
    ///
    /// Errors: [`AuditFault::LinePending`], [`AuditFault::HeaderFirst`]; what the signer says.
    pub fn checkpoint(
        &mut self,
        at: Timestamp,
        signer: &dyn Signer,
    ) -> Result<PendingLine<'_>, AuditFault> {
        self.is_free()?;
        self.is_begun()?;
        let mut body = line::checkpoint_body(self.seq, &self.head, at, self.log, self.device);
        let signature = signer.sign(&[CHECKPOINT_LABEL, body.as_bytes()].concat())?;
        line::push_signature(&mut body, &signature);
        Ok(self.hand_out(body, Origin::Log))
    }

    /// Hands out what comes next: the header of a new log, or what the encounter made first that is not
    /// stored. None when there is nothing.
    ///
    /// Errors: [`AuditFault::LinePending`]; [`AuditFault::OtherLog`] while that entry lies in another log.
    pub(crate) fn next_line(
        &mut self,
        outbox: &mut Outbox<K>,
    ) -> Result<Option<PendingLine<'_>>, AuditFault> {
        self.is_free()?;
        if self.created.is_some() {
            return self.own_line();
        }
        let Some(occurrence) = outbox.first() else { return Ok(None) };
        if outbox.is_offered() {
            return Err(AuditFault::OtherLog);
        }
        let body = line::entry_body(self.seq, &self.head, self.device, occurrence);
        let (identity, offer) = outbox.offer();
        Ok(Some(self.hand_out(body, Origin::Encounter(identity, offer))))
    }

    fn is_free(&self) -> Result<(), AuditFault> {
        if self.pending.is_some() { Err(AuditFault::LinePending) } else { Ok(()) }
    }

    fn is_begun(&self) -> Result<(), AuditFault> {
        if self.created.is_some() { Err(AuditFault::HeaderFirst) } else { Ok(()) }
    }

    fn hand_out(&mut self, body: String, origin: Origin) -> PendingLine<'_> {
        let mut text = body;
        let body = text.len();
        let seal = self.key.seal(&line::sealed_hash(&text));
        line::push_seal(&mut text, &seal);
        let (_, next) = line::hashes(text.as_bytes(), body, text.len());
        text.push('\n');
        let pending = self.pending.insert(Pending { text, next, origin });
        PendingLine { seq: self.seq, text: &pending.text }
    }

    /// Confirms that a line of the log's own, or one whose encounter is gone, is stored durably: the log
    /// moves on, and the key that sealed the line is gone.
    ///
    /// Errors: [`AuditFault::NotPending`] if it is not the line that was handed out, or one that its
    /// encounter has to confirm.
    pub fn confirm(&mut self, seq: u64) -> Result<(), AuditFault> {
        let pending = self.pending_at(seq)?;
        if matches!(&pending.origin, Origin::Encounter(of, _) if of.strong_count() > 0) {
            return Err(AuditFault::NotPending);
        }
        self.move_on();
        Ok(())
    }

    /// Confirms that an encounter's line, or one of the log's own, is stored. What it records is given
    /// out, once.
    ///
    /// Errors: [`AuditFault::NotPending`] if it is not the line that was handed out, or if another
    /// encounter made it.
    pub(crate) fn confirm_from(
        &mut self,
        outbox: &mut Outbox<K>,
        seq: u64,
    ) -> Result<Option<Occurrence<K>>, AuditFault> {
        let stored = match &self.pending_at(seq)?.origin {
            Origin::Log => None,
            Origin::Encounter(of, _) if outbox.is(of) => outbox.stored(),
            Origin::Encounter(..) => return Err(AuditFault::NotPending),
        };
        self.move_on();
        Ok(stored)
    }

    /// Drops a line that was handed out and could not be stored. The log has not moved.
    ///
    /// Errors: [`AuditFault::NotPending`] if it is not the line that was handed out.
    pub fn discard(&mut self, seq: u64) -> Result<(), AuditFault> {
        self.pending_at(seq)?;
        self.pending = None;
        Ok(())
    }

    fn pending_at(&self, seq: u64) -> Result<&Pending, AuditFault> {
        self.pending.as_ref().filter(|_| seq == self.seq).ok_or(AuditFault::NotPending)
    }

    fn move_on(&mut self) {
        if let Some(line) = self.pending.take() {
            self.created = None;
            self.advance(line.next);
        }
    }

    /// Takes up a line that was stored after the state was saved from which this log was resumed.
    ///
    /// Errors: [`AuditFault::NotNext`] if it is not this log's next line, sealed by it;
    /// [`AuditFault::LinePending`], [`AuditFault::HeaderFirst`].
    pub fn catch_up(&mut self, text: &str) -> Result<(), AuditFault> {
        self.is_free()?;
        self.is_begun()?;
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
