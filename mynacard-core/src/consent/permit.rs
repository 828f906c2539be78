//! Permits: the only key to medical information. Made in two steps, recorded before released.

use core::fmt;
use core::sync::atomic::{AtomicU64, Ordering};
use std::sync::Arc;

use super::card_id::CardId;
use super::fact::{Basis, CardTrust, Scope, Stated};
use crate::Timestamp;
use crate::audit::EncounterId;
use crate::error::Refusal;

/// By how much the clock may step back without permits being refused: 2000 ms, the size of an
/// ordinary correction by network time. Time is never counted twice: within it the latest time
/// heard of holds.
pub const CLOCK_TOLERANCE_MILLIS: u64 = 2000;

/// What a machine shares with the permits it released.
#[derive(Debug)]
pub(super) struct Leash {
    /// Raised whenever every permit ends: only permits of the present generation are in force.
    generation: AtomicU64,
    /// The latest time of an event, in milliseconds since the epoch. Questions do not move it.
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

    /// Takes note of the time of an event: the latest one, this one included, and whether this one went
    /// back.
    pub(super) fn hear(&self, now: Timestamp) -> (Timestamp, bool) {
        let before = self.latest.fetch_max(now.unix_millis(), Ordering::SeqCst);
        Self::judge(before, now)
    }

    /// Sets the time by a clock that was put right.
    pub(super) fn set(&self, now: Timestamp) {
        self.latest.store(now.unix_millis(), Ordering::SeqCst);
    }

    /// As [`hear`](Self::hear), for a question.
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
    pub(super) card: CardId,
    pub(super) trust: CardTrust,
    pub(super) scope: Scope,
    pub(super) basis: Stated<Basis>,
    pub(super) until: Timestamp,
}

/// A permit that has been granted but not yet recorded: it opens nothing.
pub(crate) struct PendingPermit {
    pub(super) leash: Arc<Leash>,
    pub(super) generation: u64,
    pub(super) grant: Grant,
    /// The place of its entry in the encounter.
    pub(super) ordinal: u32,
}

impl PendingPermit {
    pub(crate) const fn ordinal(&self) -> u32 {
        self.ordinal
    }
}

/// Permission (閲覧許可) to see medical information of one patient: for one card, in one encounter,
/// within one scope, until a time.
///
/// Only an [`Encounter`](crate::encounter::Encounter) makes one, when the audit log has stored its entry,
/// and it cannot be copied:
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
/// It ends by itself at its time, and with all others of its encounter on withdrawal, refusal, a
/// waking patient, a second card, a face that differs, hand-over, close, a clock that was put right, or
/// when its encounter is dropped. Asking it changes nothing.
pub struct Permit {
    pub(super) leash: Arc<Leash>,
    pub(super) generation: u64,
    pub(super) grant: Grant,
    pub(super) drill: bool,
}

impl Permit {
    /// Whether the permit is in force now and covers what is wanted, for this card.
    ///
    /// Errors: [`Refusal::PermitEnded`], [`Refusal::PermitExpired`], [`Refusal::ClockWentBack`],
    /// [`Refusal::OtherCard`], [`Refusal::OutOfScope`].
    pub fn check(&self, card: &CardId, wanted: Scope, now: Timestamp) -> Result<(), Refusal> {
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
        let (latest, went_back) = self.leash.peek(now);
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
    pub const fn card(&self) -> &CardId {
        &self.grant.card
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
    pub const fn basis(&self) -> Stated<Basis> {
        self.grant.basis
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
