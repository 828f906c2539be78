//! The writer of a log: says what line to store next, and goes on once the host has stored it.

use core::marker::PhantomData;
use std::sync::Arc;

use super::cursor::Stop;
use super::line::{self, Line};
use super::outbox::Queue;
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
/// its ticket, and save [`state`](super::SealState) over the previous one. If storing fails,
/// [`discard`](Self::discard) it: the log has not moved. Until one of the two there is no other line. A
/// crash between these steps leaves the saved state behind the file, never ahead: cut a torn last line
/// off, then [`catch_up`](Self::catch_up) with each line after the state's.
///
/// What an encounter has left that was dropped before all of it was stored is handed out next: by
/// [`own_line`](Self::own_line), or before the lines of the next encounter.
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
    pub(super) pending: Option<Pending<K>>,
    /// How many lines were handed out.
    pub(super) handed_out: u64,
    /// What the encounters whose lines it has stored have made and it has not stored.
    pub(super) outboxes: Vec<Queue<K>>,
    pub(super) kind: PhantomData<K>,
}

/// A line that was handed out to be stored, and the log as it will be afterwards.
#[derive(Debug)]
pub(super) struct Pending<K: LogKind> {
    ticket: u64,
    text: String,
    next: [u8; 32],
    origin: Origin<K>,
}

/// Whose line it is.
#[derive(Debug)]
enum Origin<K: LogKind> {
    /// The log's own: its header, a checkpoint.
    Log,
    /// An encounter's: its outbox, and what keeps the entry from being stored elsewhere.
    Encounter(Queue<K>, #[allow(dead_code, reason = "it is kept alive")] Arc<()>),
}

/// A line to be stored.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[must_use = "store its text, then confirm or discard it by its ticket"]
pub struct PendingLine<'a> {
    /// Its name until it is confirmed or discarded: no other line has it, of this log or another one, nor
    /// the same entry when it is handed out again.
    pub ticket: u64,
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
            handed_out: 0,
            outboxes: Vec::new(),
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
        self.pending.as_ref().map(|line| PendingLine { ticket: line.ticket, text: &line.text })
    }

    /// Hands out the header of a new log, then what encounters have left that are gone; none when all of it
    /// is stored.
    ///
    /// Errors: [`AuditFault::LinePending`].
    pub fn own_line(&mut self) -> Result<Option<PendingLine<'_>>, AuditFault> {
        self.is_free()?;
        if let Some(at) = self.created {
            let body = line::header_body::<K>(at, self.log, self.device);
            return Ok(Some(self.hand_out(body, Origin::Log)));
        }
        self.outboxes.retain(|queue| !queue.is_left() || !queue.is_empty());
        let is_next = |queue: &&Queue<K>| queue.is_left() && !queue.is_offered();
        match self.outboxes.iter().find(is_next).map(Queue::share) {
            Some(left) => Ok(self.offer(&left)),
            None => Ok(None),
        }
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
        let queue = outbox.queue();
        if !self.outboxes.iter().any(|known| known.is(queue)) {
            self.outboxes.push(queue.share());
        }
        if self.own_line()?.is_some() {
            return Ok(self.pending());
        }
        if queue.is_offered() {
            return Err(AuditFault::OtherLog);
        }
        Ok(self.offer(queue))
    }

    fn offer(&mut self, queue: &Queue<K>) -> Option<PendingLine<'_>> {
        let body = |first: &_| line::entry_body(self.seq, &self.head, self.device, first);
        let (body, offer) = queue.offer(body)?;
        Some(self.hand_out(body, Origin::Encounter(queue.share(), offer)))
    }

    fn is_free(&self) -> Result<(), AuditFault> {
        if self.pending.is_some() { Err(AuditFault::LinePending) } else { Ok(()) }
    }

    fn is_begun(&self) -> Result<(), AuditFault> {
        if self.created.is_some() { Err(AuditFault::HeaderFirst) } else { Ok(()) }
    }

    fn hand_out(&mut self, body: String, origin: Origin<K>) -> PendingLine<'_> {
        let mut text = body;
        let body = text.len();
        let seal = self.key.seal(&line::sealed_hash(&text));
        line::push_seal(&mut text, &seal);
        let (_, next) = line::hashes(text.as_bytes(), body, text.len());
        text.push('\n');
        self.handed_out += 1;
        let ticket = ticket(&next, self.handed_out);
        let pending = self.pending.insert(Pending { ticket, text, next, origin });
        PendingLine { ticket, text: &pending.text }
    }

    /// Confirms that a line of the log's own, or one whose encounter is gone, is stored durably: the log
    /// moves on, and the key that sealed the line is gone.
    ///
    /// Errors: [`AuditFault::NotPending`] if it is not the line that was handed out, or one that its
    /// encounter has to confirm.
    pub fn confirm(&mut self, ticket: u64) -> Result<(), AuditFault> {
        self.settle(None, ticket).map(|_| ())
    }

    /// Confirms that an encounter's line, or one that needs no encounter, is stored. What an encounter's
    /// line records is given out, once.
    ///
    /// Errors: [`AuditFault::NotPending`] if it is not the line that was handed out, or if another
    /// encounter made it.
    pub(crate) fn confirm_from(
        &mut self,
        outbox: &mut Outbox<K>,
        ticket: u64,
    ) -> Result<Option<Occurrence<K>>, AuditFault> {
        self.settle(Some(outbox.queue()), ticket)
    }

    fn settle(
        &mut self,
        by: Option<&Queue<K>>,
        ticket: u64,
    ) -> Result<Option<Occurrence<K>>, AuditFault> {
        let stored = match &self.pending_as(ticket)?.origin {
            Origin::Log => None,
            Origin::Encounter(of, _) if by.is_some_and(|by| by.is(of)) => of.stored(),
            Origin::Encounter(of, _) if of.is_left() => {
                of.stored();
                None
            }
            Origin::Encounter(..) => return Err(AuditFault::NotPending),
        };
        self.move_on();
        Ok(stored)
    }

    /// Drops a line that was handed out and could not be stored. The log has not moved.
    ///
    /// Errors: [`AuditFault::NotPending`] if it is not the line that was handed out.
    pub fn discard(&mut self, ticket: u64) -> Result<(), AuditFault> {
        self.pending_as(ticket)?;
        self.pending = None;
        Ok(())
    }

    fn pending_as(&self, ticket: u64) -> Result<&Pending<K>, AuditFault> {
        self.pending.as_ref().filter(|line| line.ticket == ticket).ok_or(AuditFault::NotPending)
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

/// From the line's hash, so that no other log gives it; by how often lines were handed out, so that the same
/// line never gets it again. A number that JSON carries, too.
fn ticket(hash: &[u8; 32], handed_out: u64) -> u64 {
    hash.iter()
        .take(6)
        .fold(0, |ticket, byte| ticket << 8 | u64::from(*byte))
        .wrapping_add(handed_out)
}

/// How many bytes at the beginning of `text` are whole lines; what follows was torn.
#[must_use]
pub fn whole_lines(text: &[u8]) -> usize {
    text.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1)
}
