//! The consent machine: facts in, occurrences for the log out, permits when all three facts stand.

use core::fmt;
use core::marker::PhantomData;
use std::sync::Arc;

use super::event::{Event, Trigger};
use super::fact::{Basis, CardKey, CardTrust, Giver, Identity, Mark, Scope};
use super::permit::{Grant, Leash, PendingPermit, Permit};
use super::refusal::Refusal;
use super::table::{
    AccessIs, BasisIs, CardIs, Change, ClockIs, Facts, IdentityIs, StageIs, decide,
};
use crate::Timestamp;
use crate::audit::{
    Commitment, EncounterId, EventCode, LogKind, Occurrence, Real, Salt, ShortId, Stored,
};
use crate::error::Misuse;

/// How long a permit is in force, in milliseconds: at most [`PermitLife::MAX`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct PermitLife(u64);

impl PermitLife {
    /// One hour: from the reading on scene to the hospital, in the ordinary case. Chosen here, not
    /// prescribed by the service.
    pub const ORDINARY: Self = Self(3_600_000);
    /// Six hours.
    pub const MAX: Self = Self(6 * 3_600_000);

    /// From milliseconds.
    ///
    /// Errors: [`Misuse::OutOfRange`] if 0 or more than [`PermitLife::MAX`].
    pub const fn from_millis(millis: u64) -> Result<Self, Misuse> {
        if millis > 0 && millis <= Self::MAX.0 { Ok(Self(millis)) } else { Err(Misuse::OutOfRange) }
    }
}

/// The consent machine of one encounter. `Consent<Drill>` is the same for a drill (訓練): what it
/// makes does not fit a real log.
///
/// ```compile_fail,E0308
/// # use mynacard_core::audit::{AuditLog, Drill, Occurrence, Real};
/// fn record(log: &AuditLog<Real>, drilled: &Occurrence<Drill>) {
///     let _line = log.prepare(drilled);
/// }
/// ```
/// ```
/// # use mynacard_core::audit::{AuditLog, Drill, Occurrence, Real};
/// fn record(log: &AuditLog<Drill>, drilled: &Occurrence<Drill>) {
///     let _line = log.prepare(drilled);
/// }
/// ```
pub struct Consent<K: LogKind = Real> {
    encounter: EncounterId,
    /// Gone when the encounter ends.
    secrets: Option<Secrets>,
    commitment: Option<Commitment>,
    facts: Facts,
    identity: Identity,
    basis: Basis,
    life: PermitLife,
    /// When the last of the permits released and not ended runs out.
    released_until: Option<Timestamp>,
    ever_released: bool,
    way_out: Option<EventCode>,
    leash: Arc<Leash>,
    ordinal: u32,
    kind: PhantomData<K>,
}

struct Secrets {
    salt: Salt,
    card: Option<CardKey>,
}

impl<K: LogKind> Consent<K> {
    /// Begins an encounter. `encounter` and `salt` are random and not used before.
    pub fn open(
        encounter: EncounterId,
        salt: Salt,
        life: PermitLife,
        by: ShortId,
        now: Timestamp,
    ) -> (Self, Occurrence<K>) {
        let mut machine = Self {
            encounter,
            secrets: Some(Secrets { salt, card: None }),
            commitment: None,
            facts: Facts::START,
            identity: Identity::NotChecked,
            basis: Basis::NotAsked,
            life,
            released_until: None,
            ever_released: false,
            way_out: None,
            leash: Arc::new(Leash::new(now)),
            ordinal: 0,
            kind: PhantomData,
        };
        let opened = machine.occurrence(EventCode::EncounterOpened, by, now);
        (machine, opened)
    }

    /// Takes an event that a crew member reports. What comes back belongs in the audit log.
    ///
    /// A time that lies before what was heard of already is taken as the latest time heard of.
    ///
    /// Errors: a [`Refusal`]; nothing has changed then.
    pub fn apply(
        &mut self,
        event: Event,
        by: ShortId,
        now: Timestamp,
    ) -> Result<Occurrence<K>, Refusal> {
        let (change, after) = self.judge(&event, now)?;
        let code = event.code(self.is_other_card(&event), self.ever_released);
        let (at, _) = self.leash.hear(now);
        self.settle(change, after);
        self.remember(event, change, Mark { by, at });
        let occurrence = self.occurrence(code, by, at);
        if after.stage == StageIs::Ended {
            self.secrets = None;
            self.way_out = self.way_out.or(Some(code));
        }
        Ok(occurrence)
    }

    /// What [`apply`](Self::apply) would say to an event, without taking it.
    ///
    /// Errors: the [`Refusal`].
    pub fn would_take(&self, event: &Event, now: Timestamp) -> Result<(), Refusal> {
        self.judge(event, now).map(drop)
    }

    /// Asks for a permit. What comes back opens nothing until its entry is stored.
    ///
    /// Errors: a [`Refusal`] that says which fact is missing; nothing has changed then.
    pub fn request_permit(
        &mut self,
        scope: Scope,
        by: ShortId,
        now: Timestamp,
    ) -> Result<PendingPermit<K>, Refusal> {
        self.would_permit(now)?;
        let (from, _) = self.leash.hear(now);
        let card = self.card().cloned().ok_or(Refusal::NoCard)?;
        let commitment = self.commitment.ok_or(Refusal::NoCard)?;
        let trust = self.trust().ok_or(Refusal::NoCard)?;
        let grant = Grant {
            encounter: self.encounter,
            card,
            commitment,
            trust,
            scope,
            basis: self.basis,
            crew: by,
            from,
            until: from.plus_millis(self.life.0),
        };
        let entry = self.occurrence(scope.code(), by, from);
        let (leash, generation) = (Arc::clone(&self.leash), self.leash.generation());
        Ok(PendingPermit { leash, generation, grant, entry })
    }

    /// Whether a permit would be granted now.
    ///
    /// Errors: the [`Refusal`].
    pub fn would_permit(&self, now: Timestamp) -> Result<(), Refusal> {
        decide(Trigger::PermitRequested, self.facts, self.clock(now)).map(drop)
    }

    /// Releases a permit whose entry is stored (event: the entry is stored).
    ///
    /// Errors: a [`Refusal`] if the facts have changed since the request, if `stored` is the word
    /// for another line, or if the permit's time is over. The request is spent in any case.
    pub fn release(
        &mut self,
        pending: PendingPermit<K>,
        stored: &Stored<K>,
        now: Timestamp,
    ) -> Result<Permit, Refusal> {
        if !Arc::ptr_eq(&pending.leash, &self.leash) {
            return Err(Refusal::OtherEncounter);
        }
        let (change, after) = decide(Trigger::PermitStored, self.facts, self.clock(now))?;
        if pending.generation != self.leash.generation() {
            return Err(Refusal::StaleRequest);
        }
        if stored.occurrence != Some(pending.entry) {
            return Err(Refusal::NotRecorded);
        }
        if self.leash.peek(now).0 >= pending.grant.until {
            return Err(Refusal::PermitExpired);
        }
        self.leash.hear(now);
        self.settle(change, after);
        self.ever_released = true;
        self.released_until = self.released_until.max(Some(pending.grant.until));
        Ok(Permit {
            leash: pending.leash,
            generation: pending.generation,
            grant: pending.grant,
            drill: K::DRILL,
            log: stored.log,
            seq: stored.seq,
            line: stored.line,
        })
    }

    /// The encounter.
    #[must_use]
    pub const fn encounter(&self) -> EncounterId {
        self.encounter
    }

    /// The facts as the table sees them.
    #[must_use]
    pub const fn facts(&self) -> Facts {
        self.facts
    }

    /// The card that was read; none before, and none after the end.
    #[must_use]
    pub fn card(&self) -> Option<&CardKey> {
        self.secrets.as_ref().and_then(|secrets| secrets.card.as_ref())
    }

    /// How far that card can be trusted.
    #[must_use]
    pub const fn trust(&self) -> Option<CardTrust> {
        match self.facts.card {
            CardIs::Unread => None,
            CardIs::Acceptable => Some(CardTrust::Acceptable),
            CardIs::Doubtful => Some(CardTrust::Doubtful),
            CardIs::Forged => Some(CardTrust::Forged),
        }
    }

    /// Whether the patient is the person on the card.
    #[must_use]
    pub const fn identity(&self) -> Identity {
        self.identity
    }

    /// On what basis information may be seen.
    #[must_use]
    pub const fn basis(&self) -> Basis {
        self.basis
    }

    /// How the encounter ended.
    #[must_use]
    pub const fn way_out(&self) -> Option<EventCode> {
        self.way_out
    }

    /// Whether a permit was ever released in this encounter.
    #[must_use]
    pub const fn ever_released(&self) -> bool {
        self.ever_released
    }

    fn judge(&self, event: &Event, now: Timestamp) -> Result<(Change, Facts), Refusal> {
        let latest = self.leash.peek(now).0;
        let expiry_due = self.released_until.is_some_and(|until| latest >= until);
        let trigger = event.trigger(self.is_other_card(event), expiry_due);
        decide(trigger, self.facts, self.clock(now))
    }

    fn clock(&self, now: Timestamp) -> ClockIs {
        if self.leash.peek(now).1 { ClockIs::WentBack } else { ClockIs::Sound }
    }

    fn is_other_card(&self, event: &Event) -> bool {
        match (event, self.card()) {
            (Event::CardRead { card, .. }, Some(present)) => card != present,
            _ => false,
        }
    }

    fn settle(&mut self, change: Change, after: Facts) {
        self.facts = after;
        if change.access == Some(AccessIs::Shut) {
            self.leash.end_all();
            self.released_until = None;
        }
    }

    /// Keeps the particulars that the table does not see.
    fn remember(&mut self, event: Event, change: Change, mark: Mark) {
        match change.identity {
            Some(IdentityIs::NotChecked) => self.identity = Identity::NotChecked,
            Some(IdentityIs::Matched) => self.identity = Identity::Matched(mark),
            Some(IdentityIs::Differs) => self.identity = Identity::Differs(mark),
            Some(IdentityIs::Unverifiable) => self.identity = Identity::Unverifiable(mark),
            None => {}
        }
        match (change.basis, &event) {
            (Some(BasisIs::NotAsked), _) => self.basis = Basis::NotAsked,
            (Some(BasisIs::PatientConsents), _) => {
                self.basis = Basis::OralConsent { giver: Giver::Patient, mark };
            }
            (Some(BasisIs::RepresentativeConsents), _) => {
                self.basis = Basis::OralConsent { giver: Giver::Representative, mark };
            }
            (Some(BasisIs::LifeProtection), Event::ConsentUnobtainable(reason)) => {
                self.basis = Basis::LifeProtection { reason: *reason, mark };
            }
            (Some(BasisIs::Refused), _) => self.basis = Basis::Refused(mark),
            (Some(BasisIs::Withdrawn), _) => self.basis = Basis::Withdrawn(mark),
            (Some(BasisIs::LifeProtection) | None, _) => {}
        }
        if let (Event::CardRead { card, .. }, Some(secrets)) = (event, &mut self.secrets) {
            self.commitment = Some(secrets.salt.commit(card.as_bytes()));
            secrets.card = Some(card);
        }
    }

    fn occurrence(&mut self, code: EventCode, crew: ShortId, at: Timestamp) -> Occurrence<K> {
        let (encounter, card, ordinal) = (self.encounter, self.commitment, self.ordinal);
        self.ordinal = self.ordinal.saturating_add(1);
        Occurrence { at, encounter, code, crew, card, ordinal, kind: PhantomData }
    }
}

impl<K: LogKind> Drop for Consent<K> {
    fn drop(&mut self) {
        self.leash.end_all();
    }
}

impl<K: LogKind> fmt::Debug for Consent<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Consent")
            .field("encounter", &self.encounter)
            .field("facts", &self.facts)
            .field("way_out", &self.way_out)
            .finish_non_exhaustive()
    }
}
