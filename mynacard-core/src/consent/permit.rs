//! Permits: the only key to medical information. Made in two steps, recorded before released.

use core::fmt;
use core::sync::atomic::{AtomicU64, Ordering};
use std::sync::Arc;

use super::fact::{Basis, CardKey, CardTrust, Scope};
use super::refusal::Refusal;
use crate::Timestamp;
use crate::audit::{Commitment, EncounterId, LineHash, LogId, LogKind, Occurrence, ShortId};

/// By how much the clock may step back without permits being refused: 2000 ms, the size of an
/// ordinary correction by network time. Time is never counted twice: within it the latest time
/// heard of holds.
pub const CLOCK_TOLERANCE_MILLIS: u64 = 2000;

/// What a machine shares with the permits it released.
#[derive(Debug)]
pub(super) struct Leash {
    /// Raised whenever every permit ends: only permits of the present generation are in force.
    generation: AtomicU64,
    /// The latest time heard of, in milliseconds since the epoch.
    latest: AtomicU64,
}

impl Leash {
    pub(super) fn new(now: Timestamp) -> Self {
        Self { generation: AtomicU64::new(0), latest: AtomicU64::new(now.unix_millis()) }
    }

    pub(super) fn generation(&self) -> u64 {
        self.generation.load(Ordering::SeqCst)
    }

    /// Ends every permit, asked for or released.
    pub(super) fn end_all(&self) {
        self.generation.fetch_add(1, Ordering::SeqCst);
    }

    /// The latest time heard of, this one included, and whether this one went back.
    pub(super) fn hear(&self, now: Timestamp) -> (Timestamp, bool) {
        let before = self.latest.fetch_max(now.unix_millis(), Ordering::SeqCst);
        Self::judge(before, now)
    }

    /// As [`hear`](Self::hear), without remembering.
    pub(super) fn peek(&self, now: Timestamp) -> (Timestamp, bool) {
        Self::judge(self.latest.load(Ordering::SeqCst), now)
    }

    fn judge(before: u64, now: Timestamp) -> (Timestamp, bool) {
        let went_back = now.unix_millis().saturating_add(CLOCK_TOLERANCE_MILLIS) < before;
        (Timestamp::from_unix_millis(before).unwrap_or(Timestamp::MAX).max(now), went_back)
    }
}

/// What a permit says, apart from whether it is in force.
#[derive(Clone)]
pub(super) struct Grant {
    pub(super) encounter: EncounterId,
    pub(super) card: CardKey,
    pub(super) commitment: Commitment,
    pub(super) trust: CardTrust,
    pub(super) scope: Scope,
    pub(super) basis: Basis,
    pub(super) crew: ShortId,
    pub(super) from: Timestamp,
    pub(super) until: Timestamp,
}

/// A permit that has been granted but not yet recorded: it opens nothing.
///
/// Store [`entry`](Self::entry) in the audit log, then give both to
/// [`Consent::release`](super::Consent::release).
#[must_use = "record its entry, then release it"]
pub struct PendingPermit<K: LogKind> {
    pub(super) leash: Arc<Leash>,
    pub(super) generation: u64,
    pub(super) grant: Grant,
    pub(super) entry: Occurrence<K>,
}

impl<K: LogKind> PendingPermit<K> {
    /// What the audit log must store before the permit is released.
    pub const fn entry(&self) -> &Occurrence<K> {
        &self.entry
    }
}

impl<K: LogKind> fmt::Debug for PendingPermit<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PendingPermit").field("entry", &self.entry).finish_non_exhaustive()
    }
}

/// Permission (閲覧許可) to see medical information of one patient: for one card, in one encounter,
/// within one scope, until a time.
///
/// Only [`Consent::release`](super::Consent::release) makes one, and it cannot be copied:
///
/// ```
/// # use mynacard_core::consent::Permit;
/// fn show(permit: Permit) -> Permit { permit }
/// ```
/// ```compile_fail,E0599
/// # use mynacard_core::consent::Permit;
/// fn show(permit: Permit) -> Permit { permit.clone() }
/// ```
/// ```compile_fail,E0277
/// # use mynacard_core::consent::Permit;
/// fn show() -> Permit { Default::default() }
/// ```
/// ```compile_fail,E0451
/// # use mynacard_core::consent::Permit;
/// fn show(old: Permit) -> Permit { Permit { drill: false, ..old } }
/// ```
///
/// Nor can anything else pretend that an entry was stored:
///
/// ```
/// # use mynacard_core::audit::{AuditLog, Prepared, Real, Stored};
/// fn pretend(log: &mut AuditLog<Real>, line: Prepared<Real>) -> Stored<Real> {
///     log.confirm(line).unwrap()
/// }
/// ```
/// ```compile_fail,E0308
/// # use mynacard_core::audit::{AuditLog, Prepared, Real, Stored};
/// fn pretend(log: &mut AuditLog<Real>, line: Prepared<Real>) -> Stored<Real> {
///     line
/// }
/// ```
///
/// It ends by itself at its time, and with all others of its encounter on withdrawal, refusal, a
/// waking patient, a second card, a face that differs, hand-over, close, or when the machine is
/// dropped. A source asks [`check`](Self::check) before it fetches and again before it shows.
pub struct Permit {
    pub(super) leash: Arc<Leash>,
    pub(super) generation: u64,
    pub(super) grant: Grant,
    pub(super) drill: bool,
    pub(super) log: LogId,
    pub(super) seq: u64,
    pub(super) line: LineHash,
}

impl Permit {
    /// Whether the permit is in force now and covers what is wanted, for this card.
    ///
    /// Errors: [`Refusal::PermitEnded`], [`Refusal::PermitExpired`], [`Refusal::ClockWentBack`],
    /// [`Refusal::OtherCard`], [`Refusal::OutOfScope`].
    pub fn check(&self, card: &CardKey, wanted: Scope, now: Timestamp) -> Result<(), Refusal> {
        self.in_force(now)?;
        if *card != self.grant.card {
            return Err(Refusal::OtherCard);
        }
        if !self.grant.scope.covers(wanted) {
            return Err(Refusal::OutOfScope);
        }
        Ok(())
    }

    /// Whether the permit is in force now.
    ///
    /// Errors: [`Refusal::PermitEnded`], [`Refusal::PermitExpired`], [`Refusal::ClockWentBack`].
    pub fn in_force(&self, now: Timestamp) -> Result<(), Refusal> {
        let (latest, went_back) = self.leash.hear(now);
        if self.leash.generation() != self.generation {
            return Err(Refusal::PermitEnded);
        }
        if went_back {
            return Err(Refusal::ClockWentBack);
        }
        if latest >= self.grant.until { Err(Refusal::PermitExpired) } else { Ok(()) }
    }

    /// The encounter it was made in.
    #[must_use]
    pub const fn encounter(&self) -> EncounterId {
        self.grant.encounter
    }

    /// The card it is for.
    #[must_use]
    pub const fn card(&self) -> &CardKey {
        &self.grant.card
    }

    /// The salted commitment to that card, as the log has it.
    #[must_use]
    pub const fn commitment(&self) -> Commitment {
        self.grant.commitment
    }

    /// How far that card could be trusted when the permit was granted.
    #[must_use]
    pub const fn trust(&self) -> CardTrust {
        self.grant.trust
    }

    /// What it opens.
    #[must_use]
    pub const fn scope(&self) -> Scope {
        self.grant.scope
    }

    /// On what basis.
    #[must_use]
    pub const fn basis(&self) -> Basis {
        self.grant.basis
    }

    /// Which crew member asked for it.
    #[must_use]
    pub const fn crew(&self) -> ShortId {
        self.grant.crew
    }

    /// From when.
    #[must_use]
    pub const fn from(&self) -> Timestamp {
        self.grant.from
    }

    /// Until when; at that moment it is over.
    #[must_use]
    pub const fn until(&self) -> Timestamp {
        self.grant.until
    }

    /// Whether it belongs to a drill (訓練): no real source may answer it.
    #[must_use]
    pub const fn is_drill(&self) -> bool {
        self.drill
    }

    /// The sequence number of its entry in the audit log.
    #[must_use]
    pub const fn audit_seq(&self) -> u64 {
        self.seq
    }
}

impl fmt::Debug for Permit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Permit")
            .field("encounter", &self.grant.encounter)
            .field("scope", &self.grant.scope)
            .field("until", &self.grant.until)
            .field("drill", &self.drill)
            .finish_non_exhaustive()
    }
}
