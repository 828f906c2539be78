//! The consent machine: facts in, occurrences for the log out, permits when all three facts stand.

use core::fmt;
use core::marker::PhantomData;
use std::sync::Arc;

use super::card_id::{CardId, Marks, Sameness};
use super::fact::{Access, Basis, CardTrust, Identity, Said, Scope, Stage, Stated};
use super::permit::{Grant, Leash, PendingPermit, Permit};
use super::table::{Change, ClockIs, Facts, decide};
use crate::Timestamp;
use crate::audit::{Commitment, EncounterId, Event, LogKind, Occurrence, Salt, ShortId};
use crate::error::{Misuse, Refusal};

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

/// The consent machine of one encounter, real or a drill (訓練).
pub(crate) struct Consent<K: LogKind> {
    encounter: EncounterId,
    /// Gone when the encounter ends.
    secrets: Option<Secrets>,
    commitment: Option<Commitment>,
    facts: Facts,
    identity_said: Option<Said>,
    basis_said: Option<Said>,
    life: PermitLife,
    /// When the last of the permits released and not ended runs out.
    released_until: Option<Timestamp>,
    ever_released: bool,
    way_out: Option<Event>,
    leash: Arc<Leash>,
    ordinal: u32,
    kind: PhantomData<K>,
}

struct Secrets {
    salt: Salt,
    card: Option<PresentCard>,
    /// What was forged once in this encounter stays forged in it.
    forged: Vec<Marks>,
}

struct PresentCard {
    id: CardId,
    marks: Marks,
}

impl<K: LogKind> Consent<K> {
    /// Begins an encounter. `encounter` and `salt` are random and not used before.
    pub(crate) fn open(
        encounter: EncounterId,
        salt: Salt,
        life: PermitLife,
        by: ShortId,
        now: Timestamp,
    ) -> (Self, Occurrence<K>) {
        let mut machine = Self {
            encounter,
            secrets: Some(Secrets { salt, card: None, forged: Vec::new() }),
            commitment: None,
            facts: Facts::START,
            identity_said: None,
            basis_said: None,
            life,
            released_until: None,
            ever_released: false,
            way_out: None,
            leash: Arc::new(Leash::new(now)),
            ordinal: 0,
            kind: PhantomData,
        };
        let opened = machine.occurrence(Event::EncounterOpened, by, now);
        (machine, opened)
    }

    /// Takes a card that was read. Another one than the present card is a second card, whatever the host
    /// thinks; `same` is the crew's word where the chips cannot tell. What was forged before is forged.
    ///
    /// Errors: [`Refusal::CardUnclear`] without the crew's word where it is needed, and where it cannot be
    /// told from one that was forged; as the table says. Nothing has changed then.
    pub(crate) fn card_read(
        &mut self,
        marks: Marks,
        trust: CardTrust,
        same: Option<bool>,
        by: ShortId,
        now: Timestamp,
    ) -> Result<Vec<Occurrence<K>>, Refusal> {
        let secrets = self.secrets.as_ref().ok_or(Refusal::Ended)?;
        let sameness = secrets.card.as_ref().map(|card| card.marks.compare(&marks));
        let is_second = match (sameness, same) {
            (None | Some(Sameness::Same), _) | (Some(Sameness::Unclear), Some(true)) => false,
            (Some(Sameness::Other), _) | (Some(Sameness::Unclear), Some(false)) => true,
            (Some(Sameness::Unclear), None) => return Err(Refusal::CardUnclear),
        };
        let was_forged =
            |with: Sameness| secrets.forged.iter().any(|forged| forged.compare(&marks) == with);
        let is_forged = was_forged(Sameness::Same);
        // No word makes a card another one than a forged one: what tells the two apart must be read.
        let is_told = sameness == Some(Sameness::Same) || is_forged;
        if !is_told && was_forged(Sameness::Unclear) {
            return Err(Refusal::CardUnclear);
        }
        let judged = trust;
        let trust = if is_forged { CardTrust::Forged } else { judged };
        let event = match (is_second, trust) {
            (false, CardTrust::Acceptable) => Event::CardAcceptable,
            (false, CardTrust::Forged) => Event::CardForged,
            (false, CardTrust::Doubtful | CardTrust::Unread) => Event::CardDoubtful,
            (true, CardTrust::Acceptable) => Event::SecondCardAcceptable,
            (true, CardTrust::Forged) => Event::SecondCardForged,
            (true, CardTrust::Doubtful | CardTrust::Unread) => Event::SecondCardDoubtful,
        };
        self.judge(event, now)?;
        let mut made = Vec::new();
        if sameness == Some(Sameness::Unclear) && !is_second {
            made.push(self.apply(Event::SameCardSaid, by, now)?);
        }
        let shown = marks.clone();
        self.remember_card(marks, is_second);
        if trust == CardTrust::Forged {
            self.remember_forged(shown, judged);
        }
        made.push(self.apply(event, by, now)?);
        Ok(made)
    }

    fn remember_card(&mut self, marks: Marks, is_second: bool) {
        let Some(secrets) = &mut self.secrets else { return };
        match &mut secrets.card {
            Some(present) if !is_second => present.marks.merge(marks),
            card => {
                let Some(id) = marks.first().cloned() else { return };
                self.commitment = Some(secrets.salt.commit(id.as_bytes()));
                *card = Some(PresentCard { id, marks });
            }
        }
    }

    /// What was judged to be forged is kept as it was shown: a mark that the crew's word has joined to it
    /// must not hide it. Everything else that is known of the card is forged with it.
    fn remember_forged(&mut self, shown: Marks, judged: CardTrust) {
        let Some(Secrets { card: Some(present), forged, .. }) = &mut self.secrets else { return };
        if judged == CardTrust::Forged && !forged.contains(&shown) {
            forged.push(shown);
        }
        if !forged.iter().any(|it| present.marks.is_part_of(it)) {
            forged.push(present.marks.clone());
        }
    }

    /// Takes an event. What comes back belongs in the audit log.
    ///
    /// A time that lies before that of an earlier event is taken as the latest of them, until a
    /// [`ClockCorrected`](Event::ClockCorrected) sets it.
    ///
    /// Errors: a [`Refusal`]; nothing has changed then.
    pub(crate) fn apply(
        &mut self,
        event: Event,
        by: ShortId,
        now: Timestamp,
    ) -> Result<Occurrence<K>, Refusal> {
        let (change, after) = self.judge(event, now)?;
        if event == Event::ClockCorrected {
            self.leash.set(now);
        }
        let (at, _) = self.leash.hear(now);
        self.settle(change, after);
        let event = match event {
            Event::HandedOver if !self.ever_released => Event::HandedOverUnseen,
            event => event,
        };
        let said = Some(Said { event, by, at });
        match change.identity {
            Some(Identity::NotChecked) => self.identity_said = None,
            Some(_) => self.identity_said = said,
            None => {}
        }
        match change.basis {
            Some(Basis::NotAsked) => self.basis_said = None,
            Some(_) => self.basis_said = said,
            None => {}
        }
        let occurrence = self.occurrence(event, by, at);
        if after.stage == Stage::Ended {
            self.secrets = None;
            self.way_out = self.way_out.or(Some(event));
        }
        Ok(occurrence)
    }

    /// Takes note of the time of an event that records nothing.
    pub(crate) fn hear(&self, now: Timestamp) {
        self.leash.hear(now);
    }

    /// What [`apply`](Self::apply) would say to an event, without taking it.
    ///
    /// Errors: the [`Refusal`].
    pub(crate) fn would_take(&self, event: Event, now: Timestamp) -> Result<(), Refusal> {
        self.judge(event, now).map(drop)
    }

    /// Asks for a permit. It opens nothing until what comes with it is stored.
    ///
    /// Errors: a [`Refusal`] that says which fact is missing; nothing has changed then.
    pub(crate) fn request_permit(
        &mut self,
        scope: Scope,
        by: ShortId,
        now: Timestamp,
    ) -> Result<(PendingPermit, Occurrence<K>), Refusal> {
        self.would_permit(now)?;
        let card = self.card().cloned().ok_or(Refusal::NoCard)?;
        let (from, _) = self.leash.hear(now);
        let grant = Grant {
            encounter: self.encounter,
            card,
            trust: self.facts.card,
            scope,
            basis: self.basis(),
            until: from.plus_millis(self.life.0),
        };
        let ordinal = self.ordinal;
        let entry = self.occurrence(scope.event(), by, from);
        let (leash, generation) = (Arc::clone(&self.leash), self.leash.generation());
        Ok((PendingPermit { leash, generation, grant, ordinal }, entry))
    }

    /// Whether a permit would be granted now.
    ///
    /// Errors: the [`Refusal`].
    pub(crate) fn would_permit(&self, now: Timestamp) -> Result<(), Refusal> {
        decide(Event::PermitSummary, self.facts, self.clock(now)).map(drop)
    }

    /// Releases a permit whose entry is stored.
    ///
    /// Errors: a [`Refusal`] if the facts have changed since the request or the permit's time is over. The
    /// request is spent in any case.
    pub(crate) fn release(
        &mut self,
        pending: PendingPermit,
        now: Timestamp,
    ) -> Result<Permit, Refusal> {
        if !Arc::ptr_eq(&pending.leash, &self.leash) {
            return Err(Refusal::OtherEncounter);
        }
        let (change, after) = decide(pending.grant.scope.event(), self.facts, self.clock(now))?;
        if pending.generation != self.leash.generation() {
            return Err(Refusal::StaleRequest);
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
        })
    }

    pub(crate) const fn encounter(&self) -> EncounterId {
        self.encounter
    }

    pub(crate) const fn facts(&self) -> Facts {
        self.facts
    }

    /// The card that was read; none before, and none after the end.
    pub(crate) fn card(&self) -> Option<&CardId> {
        self.secrets.as_ref()?.card.as_ref().map(|card| &card.id)
    }

    pub(crate) const fn identity(&self) -> Stated<Identity> {
        Stated { fact: self.facts.identity, said: self.identity_said }
    }

    pub(crate) const fn basis(&self) -> Stated<Basis> {
        Stated { fact: self.facts.basis, said: self.basis_said }
    }

    pub(crate) const fn way_out(&self) -> Option<Event> {
        self.way_out
    }

    pub(crate) const fn ever_released(&self) -> bool {
        self.ever_released
    }

    fn judge(&self, event: Event, now: Timestamp) -> Result<(Change, Facts), Refusal> {
        let decided = decide(event, self.facts, self.clock(now))?;
        let is_due = self.released_until.is_some_and(|until| self.leash.peek(now).0 >= until);
        if event == Event::PermitExpired && !is_due {
            return Err(Refusal::NothingExpired);
        }
        Ok(decided)
    }

    fn clock(&self, now: Timestamp) -> ClockIs {
        if self.leash.peek(now).1 { ClockIs::WentBack } else { ClockIs::Sound }
    }

    fn settle(&mut self, change: Change, after: Facts) {
        self.facts = after;
        if change.access == Some(Access::Shut) {
            self.leash.end_all();
            self.released_until = None;
        }
    }

    fn occurrence(&mut self, event: Event, crew: ShortId, at: Timestamp) -> Occurrence<K> {
        let (encounter, card, ordinal) = (self.encounter, self.commitment, self.ordinal);
        self.ordinal = self.ordinal.saturating_add(1);
        Occurrence { at, encounter, event, crew, card, ordinal, kind: PhantomData }
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
