//! Verification of a log: streaming, in constant memory.
//!
//! With the seal key (key 0) every line is proved on its own: what was changed, removed, repeated,
//! moved, inserted, spliced in or sealed again with a later key is found at its line. Without it the
//! hash chain shows that *something* between two lines does not fit, and only signed checkpoints
//! speak against somebody who rewrites everything after a place. In both cases the end of a log can
//! be cut off unseen, back to the last checkpoint that was kept elsewhere.
//!
//! The number of the key is the sequence number, and the sequence number follows from the place: a
//! line cannot choose the key it is judged by.

mod chunk;
mod finding;
mod tally;

pub use chunk::{Chunk, Outcome, Planner};
pub use finding::{LogFinding, Tail};

use self::tally::Tally;
use super::checkpoint::signature_fits;
use super::cursor::Stop;
use super::line::{self, Content, LINE_MAX, Line};
use super::{Checkpoint, Funnel, LogId, SealKey, VerifyingKey, hex};
use crate::Timestamp;
use crate::error::Tamper;

/// Findings that are kept; the others are only counted.
const FINDINGS_KEPT: usize = 1000;
/// Lines that do not fit their seal and are tried against later keys at the end: the first few.
const MISFITS_KEPT: usize = 8;
/// Steps of the key spent on lines that do not follow, in all: a hostile log costs at most about a
/// second more, and after that loses only precision.
const KEY_STEPS: u64 = 1 << 22;

/// What the verifier has to go by. All of it is optional, and less of it proves less.
#[derive(Clone, Debug, Default)]
pub struct LogEvidence {
    /// Key 0 of the log.
    pub seal_key: Option<SealKey>,
    /// The public key of the tablet that signs checkpoints.
    pub checkpoint_key: Option<VerifyingKey>,
    /// Checkpoints of this log that were kept elsewhere.
    pub checkpoints: Vec<Checkpoint>,
}

/// What a verification says.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LogVerdict {
    /// The log, as its header says.
    pub log: Option<LogId>,
    /// Whether it is a drill's log (訓練).
    pub drill: bool,
    /// Lines in the file, a torn one not counted.
    pub lines: u64,
    /// Whether seals were verified. If not, only the chain and signatures speak.
    pub sealed: bool,
    /// Lines that were taken: in place and, if seals were verified, authentic. If it is 0 the seal
    /// key may be another log's.
    pub taken: u64,
    /// Checkpoint signatures that were verified and are good.
    pub signatures: u64,
    /// The sequence number of the last of them: up to there the log is proved by signature.
    pub signed_to: Option<u64>,
    /// The moment of the first line taken.
    pub first_at: Option<Timestamp>,
    /// The moment of the last line taken.
    pub last_at: Option<Timestamp>,
    /// How often a line's moment lies before that of the line before: the clock was set.
    pub clock_steps_back: u64,
    /// How the log ends.
    pub tail: Tail,
    /// What was found, in order of discovery; the first 1000.
    pub findings: Vec<LogFinding>,
    /// How much was found in all.
    pub found: u64,
    /// What the lines that were taken say happened.
    pub funnel: Funnel,
}

impl LogVerdict {
    /// Whether nothing was found. A torn last line is not tampering.
    #[must_use]
    pub const fn is_intact(&self) -> bool {
        self.found == 0
    }
}

/// Verifies a log piece by piece, in whatever pieces it is read.
#[derive(Debug)]
pub struct Verifier {
    checkpoint_key: Option<VerifyingKey>,
    /// In order of sequence numbers.
    checkpoints: Vec<Checkpoint>,
    /// The key of the line that is expected next.
    key: Option<SealKey>,
    expected: u64,
    /// Hash of the last line taken.
    head: [u8; 32],
    log: Option<LogId>,
    drill: bool,
    lines: u64,
    taken: u64,
    /// Lines that were not taken since the last that was.
    suspects: u64,
    carry: Vec<u8>,
    tally: Tally,
    findings: Vec<LogFinding>,
    found: u64,
    key_steps: u64,
    misfits: Vec<Misfit>,
}

/// A line that does not fit its seal.
#[derive(Debug)]
struct Misfit {
    /// Index of its finding.
    finding: usize,
    seq: u64,
    /// The key it should have been sealed with.
    key: SealKey,
    sealed: [u8; 32],
    seal: [u8; 64],
}

impl Verifier {
    /// At the beginning of a log.
    #[must_use]
    pub fn new(evidence: LogEvidence) -> Self {
        let LogEvidence { seal_key, checkpoint_key, mut checkpoints } = evidence;
        checkpoints.sort_by_key(|checkpoint| checkpoint.seq);
        Self {
            checkpoint_key,
            checkpoints,
            key: seal_key,
            expected: 0,
            head: [0; 32],
            log: None,
            drill: false,
            lines: 0,
            taken: 0,
            suspects: 0,
            carry: Vec::new(),
            tally: Tally::default(),
            findings: Vec::new(),
            found: 0,
            key_steps: KEY_STEPS,
            misfits: Vec::new(),
        }
    }

    /// Takes the next bytes of the log.
    pub fn feed(&mut self, bytes: &[u8]) {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            match piece.strip_suffix(b"\n") {
                Some(line) if self.carry.is_empty() => self.line(line),
                Some(rest) => {
                    self.hold(rest);
                    let line = core::mem::take(&mut self.carry);
                    self.line(&line);
                }
                None => self.hold(piece),
            }
        }
    }

    /// At the end of the log.
    #[must_use]
    pub fn finish(mut self) -> LogVerdict {
        let tail = self.tail();
        self.try_later_keys();
        if self.lines == 0 && tail == Tail::Whole {
            // INVARIANT: a log has at least its header.
            self.find(Tamper::Missing, 1, Some(0), 1);
        }
        if let Some(last) = self.checkpoints.last().map(|checkpoint| checkpoint.seq)
            && last >= self.expected
        {
            let count = last.saturating_sub(self.expected).saturating_add(1);
            self.find(Tamper::CutTail, self.lines + 1, Some(self.expected), count);
        }
        LogVerdict {
            log: self.log,
            drill: self.drill,
            lines: self.lines,
            sealed: self.key.is_some(),
            taken: self.taken,
            signatures: self.tally.signatures,
            signed_to: self.tally.signed_to,
            first_at: self.tally.first_at,
            last_at: self.tally.last_at,
            clock_steps_back: self.tally.clock_steps_back,
            tail,
            findings: self.findings,
            found: self.found,
            funnel: self.tally.funnel,
        }
    }

    /// Keeps the beginning of a line. Of one that is too long only enough to see that it is.
    fn hold(&mut self, piece: &[u8]) {
        let room = (LINE_MAX + 1).saturating_sub(self.carry.len()).min(piece.len());
        self.carry.extend_from_slice(piece.get(..room).unwrap_or_default());
    }

    fn tail(&mut self) -> Tail {
        let rest = core::mem::take(&mut self.carry);
        if rest.is_empty() {
            return Tail::Whole;
        }
        let next = self.expected.saturating_add(self.suspects);
        match Line::read(&rest) {
            Err(Stop::Short) if line::torn_seq(&rest).is_none_or(|seq| seq == next) => {
                Tail::Torn { bytes: rest.len() }
            }
            Err(Stop::Short) => {
                self.lines += 1;
                self.suspect(Tamper::OutOfPlace, line::torn_seq(&rest));
                Tail::Torn { bytes: rest.len() }
            }
            _ => {
                self.line(&rest);
                Tail::NoLineFeed
            }
        }
    }

    fn line(&mut self, text: &[u8]) {
        self.lines += 1;
        match Line::read(text) {
            Ok(line) if line.len == text.len() => self.judge(text, &line),
            _ => self.suspect(Tamper::NotCanonical, None),
        }
    }

    fn judge(&mut self, text: &[u8], line: &Line<'_>) {
        let (sealed, hash) = line::hashes(text, line.body, line.len);
        let chained = line.prev == hex::of_32(&self.head);
        let Some(gap) = line.seq.checked_sub(self.expected) else {
            let what = if chained { Tamper::Altered } else { Tamper::OutOfPlace };
            return self.suspect(what, Some(line.seq));
        };
        if self.key.is_some() {
            let Some(key) = self.key_after(gap) else {
                return self.suspect(Tamper::Altered, Some(line.seq));
            };
            if line.seal != hex::of_32(&key.seal(&sealed)) {
                return self.not_sealed(line, key, sealed);
            }
            self.key = Some(key);
        } else if gap > 0 && chained {
            // It follows by its hash, so only its number is wrong.
            return self.suspect(Tamper::Altered, Some(line.seq));
        }
        self.place(line, gap, chained);
        self.take(text, line, hash);
    }

    /// The key of the line `gap` lines after the expected one, if it can be afforded.
    fn key_after(&mut self, gap: u64) -> Option<SealKey> {
        self.key_steps = self.key_steps.checked_sub(gap)?;
        let mut key = self.key.clone()?;
        key.evolve_by(gap);
        Some(key)
    }

    fn not_sealed(&mut self, line: &Line<'_>, key: SealKey, sealed: [u8; 32]) {
        if self.misfits.len() < MISFITS_KEPT
            && let Ok(seal) = line.seal.try_into()
        {
            let finding = self.findings.len();
            self.misfits.push(Misfit { finding, seq: line.seq, key, sealed, seal });
        }
        self.suspect(Tamper::Altered, Some(line.seq));
    }

    /// Looks whether lines that did not fit their seal were sealed with the key of a later line.
    fn try_later_keys(&mut self) {
        // Whoever took a key took it while the log had at most about as many lines as it has now.
        let ahead = self.lines.saturating_add(16);
        for Misfit { finding, seq, mut key, sealed, seal } in core::mem::take(&mut self.misfits) {
            let steps = ahead.min(self.key_steps);
            for step in 1..=steps {
                self.key_steps -= 1;
                key.evolve();
                if seal == hex::of_32(&key.seal(&sealed)) {
                    if let Some(finding) = self.findings.get_mut(finding) {
                        finding.what = Tamper::LaterKey;
                        finding.key_of = Some(seq.saturating_add(step));
                    }
                    break;
                }
            }
        }
    }

    /// Says what the place of a line that will be taken tells about those before it.
    fn place(&mut self, line: &Line<'_>, gap: u64, chained: bool) {
        let suspects = core::mem::take(&mut self.suspects);
        if suspects > 0 && gap == 0 {
            // They took no place of their own.
            let first = self.lines.saturating_sub(suspects);
            for finding in self.findings.iter_mut().rev().take_while(|found| found.line >= first) {
                if finding.what == Tamper::Altered {
                    finding.what = Tamper::Inserted;
                }
            }
        }
        if gap > suspects {
            let first = self.expected.saturating_add(suspects);
            self.find(Tamper::Missing, self.lines, Some(first), gap - suspects);
        } else if gap == 0 && !chained {
            self.find(Tamper::ChainBroken, self.lines, Some(line.seq), 1);
        }
    }

    fn take(&mut self, text: &[u8], line: &Line<'_>, hash: [u8; 32]) {
        self.expected = line.seq.saturating_add(1);
        self.head = hash;
        if let Some(key) = &mut self.key {
            key.evolve();
        }
        self.taken += 1;
        self.tally.take(line);
        match line.content {
            Content::Header { drill, log } => {
                self.log = LogId::from_hex(log);
                self.drill = drill;
                if self.checkpoints.iter().any(|checkpoint| Some(checkpoint.log) != self.log) {
                    self.find(Tamper::OtherLog, self.lines, Some(line.seq), 1);
                }
            }
            Content::Checkpoint { log, .. } => {
                if self.log.is_some() && LogId::from_hex(log) != self.log {
                    self.find(Tamper::OtherLog, self.lines, Some(line.seq), 1);
                }
                match self.checkpoint_key.map(|key| signature_fits(text, line, &key)) {
                    Some(true) => self.tally.sign(line.seq),
                    Some(false) => self.find(Tamper::BadSignature, self.lines, Some(line.seq), 1),
                    None => {}
                }
            }
            Content::Entry => {}
        }
        if !fits_checkpoints(&self.checkpoints, line.seq, &hash) {
            self.find(Tamper::CheckpointMismatch, self.lines, Some(line.seq), 1);
        }
    }

    fn suspect(&mut self, what: Tamper, seq: Option<u64>) {
        self.suspects += 1;
        self.find(what, self.lines, seq, 1);
    }

    fn find(&mut self, what: Tamper, line: u64, seq: Option<u64>, count: u64) {
        self.keep(LogFinding { what, line, seq, count, key_of: None });
    }

    fn keep(&mut self, finding: LogFinding) {
        self.found += 1;
        if self.findings.len() < FINDINGS_KEPT {
            self.findings.push(finding);
        }
    }
}

/// Whether a line is the one that the kept checkpoints (in order) ask for at its place.
fn fits_checkpoints(checkpoints: &[Checkpoint], seq: u64, hash: &[u8; 32]) -> bool {
    let from = checkpoints.partition_point(|checkpoint| checkpoint.seq < seq);
    checkpoints
        .iter()
        .skip(from)
        .take_while(|checkpoint| checkpoint.seq == seq)
        .all(|checkpoint| checkpoint.line.as_bytes() == hash)
}
