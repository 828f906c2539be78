//! Verification on several threads: chunks of whole lines, each judged on its own.
//!
//! A chunk is judged against what it must be if nothing was done to the log. Only a chunk of which
//! all is right is taken over as a whole; any other goes through the [`Verifier`] line by line,
//! which then says what is wrong and where.

use std::sync::Arc;

use super::tally::Tally;
use super::{Verifier, fits_checkpoints};
use crate::audit::checkpoint::signature_fits;
use crate::audit::line::{self, Content, Line};
use crate::audit::{Checkpoint, LogId, SealKey, VerifyingKey, hex};

/// No line of a log is shorter.
const LINE_MIN: u64 = 200;

/// Cuts a log into chunks that can be verified at the same time. This part must run in order; it
/// costs one step of the key (about 0.1 µs) for each line.
///
/// ```
/// use mynacard_core::audit::{LogEvidence, LogVerdict, Verifier};
///
/// /// Verifies chunks of whole lines, two at a time.
/// fn verify(chunks: &[&[u8]], evidence: LogEvidence) -> LogVerdict {
///     let mut verifier = Verifier::new(evidence);
///     let mut planner = verifier.planner();
///     for pair in chunks.chunks(2) {
///         let planned: Vec<_> = pair.iter().map(|bytes| planner.plan(bytes)).collect();
///         let outcomes: Vec<_> = std::thread::scope(|scope| {
///             let running: Vec<_> = planned
///                 .into_iter()
///                 .zip(pair)
///                 .map(|(chunk, bytes)| scope.spawn(move || chunk.verify(bytes)))
///                 .collect();
///             running.into_iter().filter_map(|thread| thread.join().ok()).collect()
///         });
///         for (bytes, outcome) in pair.iter().zip(outcomes) {
///             verifier.merge(bytes, outcome);
///         }
///     }
///     verifier.finish()
/// }
/// assert!(!verify(&[], LogEvidence::default()).is_intact());
/// ```
#[derive(Debug)]
pub struct Planner {
    key: Option<SealKey>,
    seq: u64,
    /// The most lines that the chunks planned so far can hold.
    room: u64,
    checkpoint_key: Option<VerifyingKey>,
    checkpoints: Arc<[Checkpoint]>,
}

/// What is needed to judge one chunk.
#[derive(Debug)]
pub struct Chunk {
    seq: u64,
    key: Option<SealKey>,
    /// Whether the chunk's first line could stand where it says.
    plausible: bool,
    checkpoint_key: Option<VerifyingKey>,
    checkpoints: Arc<[Checkpoint]>,
}

/// What is known of one chunk.
#[derive(Debug)]
pub struct Outcome(Option<Clean>);

/// A chunk of which all is right, if the line before its first is the one that it says.
#[derive(Debug)]
struct Clean {
    seq: u64,
    prev: [u8; 64],
    head: [u8; 32],
    key: Option<SealKey>,
    lines: u64,
    header: Option<(LogId, bool)>,
    /// The log that its checkpoints name.
    log: Option<LogId>,
    tally: Tally,
}

impl Planner {
    /// Plans the next chunk: whole lines, that is, up to and with a line feed (see
    /// [`whole_lines`](crate::audit::whole_lines)).
    pub fn plan(&mut self, bytes: &[u8]) -> Chunk {
        let first = line::torn_seq(bytes);
        let gap = first.and_then(|seq| seq.checked_sub(self.seq)).filter(|gap| *gap <= self.room);
        if let Some(gap) = gap {
            if let Some(key) = &mut self.key {
                key.evolve_by(gap);
            }
            self.seq += gap;
            self.room -= gap;
        }
        self.room += u64::try_from(bytes.len()).unwrap_or(u64::MAX) / LINE_MIN;
        Chunk {
            seq: self.seq,
            key: self.key.clone(),
            plausible: gap.is_some(),
            checkpoint_key: self.checkpoint_key,
            checkpoints: Arc::clone(&self.checkpoints),
        }
    }
}

impl Chunk {
    /// Judges the chunk. Needs nothing but its bytes: run it on any thread.
    #[must_use]
    pub fn verify(self, bytes: &[u8]) -> Outcome {
        Outcome(if self.plausible { self.judge(bytes) } else { None })
    }

    fn judge(self, bytes: &[u8]) -> Option<Clean> {
        let Self { seq, mut key, checkpoint_key, checkpoints, .. } = self;
        let mut prev = None;
        let mut head = [0; 64];
        let mut hash = [0; 32];
        let mut lines = 0;
        let (mut header, mut log) = (None, None);
        let mut tally = Tally::default();
        let mut rest = bytes;
        while !rest.is_empty() {
            let line = Line::read(rest).ok()?;
            if line.seq != seq.checked_add(lines)? || rest.get(line.len) != Some(&b'\n') {
                return None;
            }
            match prev {
                None => prev = Some(line.prev.try_into().ok()?),
                Some(_) if line.prev == head => {}
                Some(_) => return None,
            }
            let sealed;
            (sealed, hash) = line::hashes(rest, line.body, line.len);
            if let Some(key) = &mut key {
                if line.seal != hex::of_32(&key.seal(&sealed)) {
                    return None;
                }
                key.evolve();
            }
            if !fits_checkpoints(&checkpoints, line.seq, &hash) {
                return None;
            }
            match line.content {
                Content::Header { drill, log } => header = Some((LogId::from_hex(log)?, drill)),
                Content::Checkpoint { log: found, .. } => {
                    let found = LogId::from_hex(found);
                    if log.is_some() && log != found {
                        return None;
                    }
                    log = found;
                    if let Some(key) = checkpoint_key {
                        if !signature_fits(rest, &line, &key) {
                            return None;
                        }
                        tally.sign(line.seq);
                    }
                }
                Content::Entry => {}
            }
            tally.take(&line);
            head = hex::of_32(&hash);
            lines += 1;
            rest = rest.get(line.len + 1..)?;
        }
        Some(Clean { seq, prev: prev?, head: hash, key, lines, header, log, tally })
    }
}

impl Verifier {
    /// A planner for what follows. Take it before the first chunk.
    #[must_use]
    pub fn planner(&self) -> Planner {
        Planner {
            key: self.key.clone(),
            seq: self.expected,
            room: 0,
            checkpoint_key: self.checkpoint_key,
            checkpoints: self.checkpoints.as_slice().into(),
        }
    }

    /// Takes a chunk and what is known of it, in the order of the log.
    pub fn merge(&mut self, bytes: &[u8], outcome: Outcome) {
        match outcome.0 {
            Some(clean) if self.continues_with(&clean) => self.adopt(clean),
            _ => self.feed(bytes),
        }
    }

    fn continues_with(&self, clean: &Clean) -> bool {
        let log = clean.header.map(|(log, _)| log).or(self.log);
        self.carry.is_empty()
            && self.suspects == 0
            && clean.seq == self.expected
            && clean.prev == hex::of_32(&self.head)
            && (clean.log.is_none() || clean.log == log)
            && (clean.header.is_none() || self.checkpoints.iter().all(|kept| Some(kept.log) == log))
    }

    fn adopt(&mut self, clean: Clean) {
        if let Some((log, drill)) = clean.header {
            self.log = Some(log);
            self.drill = drill;
        }
        self.expected = clean.seq + clean.lines;
        self.head = clean.head;
        self.key = clean.key;
        self.lines += clean.lines;
        self.taken += clean.lines;
        self.tally.append(&clean.tally);
    }
}
