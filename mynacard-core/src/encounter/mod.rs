//! One encounter (救急活動): one card, one patient, one permit. Ties reading, identity check, consent,
//! viewing and hand-over together for an app.
//!
//! Events go in. What each leaves for the audit log waits in the encounter until a log has stored it, in
//! order and once; a permit is in force when its entry is stored, and in no other way. Whatever is
//! personal is held here alone, is let go as soon as nothing allows it any more (a second card, a
//! withdrawal, a waking patient), and is wiped when the encounter ends. Time is an argument: events move
//! it, questions do not.
//!
//! `Encounter<Drill>` is the same for training (訓練): it shows on everything it makes, what it
//! records fits no real log, and test cards count as cards only there.

mod facts;

use core::fmt;

use self::facts::{
    NOBODY, NOT_READ, card_failure, card_trust, is_second, marks, patient_facts, source_failure,
    trust_facts,
};
use crate::Timestamp;
use crate::audit::{
    AuditLog, EncounterId, Event, LogKind, Outbox, PendingLine, Real, Salt, ShortId,
};
use crate::consent::{
    Basis, CardId, Consent, Facts, Identity, PendingPermit, Permit, PermitLife, Scope, Stated,
};
use crate::error::{AuditFault, Error, Misuse, Refusal};
use crate::handover::{CrewFacts, Handover, MedicalFacts, PatientFacts};
use crate::medical::{MedicalSource, MedicalView, NoRecords, SourceAnswer, fetch};
use crate::reading::{CardReading, Examined};

/// An encounter in progress.
pub struct Encounter<K: LogKind = Real> {
    consent: Consent<K>,
    outbox: Outbox<K>,
    card: Option<PresentCard>,
    pending: Option<PendingPermit>,
    permit: Option<Permit>,
    medical: Medical,
    crew: CrewFacts,
}

/// What was read from the card of this encounter, with what may be believed of it.
struct PresentCard {
    examined: Examined,
    patient: PatientFacts,
}

/// What was seen of the medical information.
enum Medical {
    NotSought,
    /// Seen on this basis, until the permit ended.
    Ended(Stated<Basis>),
    Unreadable,
    Nothing(NoRecords),
    Seen(Box<MedicalView>),
}

/// A card that was not taken, given back as it was.
#[derive(Debug)]
pub struct NotTaken {
    /// What was read of it.
    pub card: Box<Examined>,
    /// Why: a [`Refusal`], [`Refusal::CardUnclear`] among them, or [`Misuse::OutOfRange`].
    pub error: Error,
}

impl From<NotTaken> for Error {
    fn from(not_taken: NotTaken) -> Self {
        not_taken.error
    }
}

/// Why a line was not stored, or not taken as stored.
#[derive(Debug, thiserror::Error)]
pub enum StoreError<E> {
    /// The host could not store it. Nothing has moved; it waits as before.
    #[error("a line could not be stored")]
    NotStored(E),
    /// The log, or the permit whose line it was, says no.
    #[error(transparent)]
    Refused(#[from] Error),
}

impl<K: LogKind> Encounter<K> {
    /// Begins an encounter. `encounter` and `salt` are random and not used before.
    #[must_use]
    pub fn open(
        encounter: EncounterId,
        salt: Salt,
        life: PermitLife,
        by: ShortId,
        now: Timestamp,
    ) -> Self {
        let (consent, opened) = Consent::open(encounter, salt, life, by, now);
        let mut outbox = Outbox::new();
        outbox.push(opened);
        let crew = CrewFacts::default();
        let medical = Medical::NotSought;
        Self { consent, outbox, card: None, pending: None, permit: None, medical, crew }
    }

    /// Takes what was read from a card, with what may be believed of it. Another card than before takes
    /// the place of the first, and everything that hung on that one is let go: the wrong-patient guard.
    /// A card that was forged in this encounter stays forged in it.
    ///
    /// Errors, with the card as it was and nothing changed: [`Misuse::OutOfRange`] when too little was
    /// read to tell the card (neither face nor certificate: [`card_failed`](Self::card_failed));
    /// [`Refusal::CardUnclear`] when nothing that was read of this card and the one before can be
    /// compared: ask the crew, and say it with [`card_read_as`](Self::card_read_as); another [`Refusal`].
    pub fn card_read(
        &mut self,
        card: Examined,
        by: ShortId,
        now: Timestamp,
    ) -> Result<Event, NotTaken> {
        self.take_card(card, None, by, now)
    }

    /// As [`card_read`](Self::card_read), with the crew's word on whether it is the same card as before.
    /// It counts, and is recorded, only where the chips cannot tell.
    ///
    /// Errors: as [`card_read`](Self::card_read); [`Refusal::CardUnclear`] remains where it cannot be told
    /// from a card that was forged: what both show, face or certificate, must be read, or a new encounter begun.
    pub fn card_read_as(
        &mut self,
        card: Examined,
        same: bool,
        by: ShortId,
        now: Timestamp,
    ) -> Result<Event, NotTaken> {
        self.take_card(card, Some(same), by, now)
    }

    fn take_card(
        &mut self,
        card: Examined,
        same: Option<bool>,
        by: ShortId,
        now: Timestamp,
    ) -> Result<Event, NotTaken> {
        let not_taken = |card: Examined, error: Error| NotTaken { card: Box::new(card), error };
        let Some(marks) = marks(card.reading()) else {
            return Err(not_taken(card, Misuse::OutOfRange.into()));
        };
        let trust = card_trust(card.report(), K::DRILL);
        let made = match self.consent.card_read(marks, trust, same, by, now) {
            Ok(made) => made,
            Err(refusal) => return Err(not_taken(card, refusal.into())),
        };
        self.remark_on(card.reading(), by, now);
        let event = made.last().map_or(Event::CardDoubtful, |last| last.event);
        made.into_iter().for_each(|occurrence| self.outbox.push(occurrence));
        if is_second(event) {
            self.medical = Medical::NotSought;
            self.pending = None;
        }
        let patient = patient_facts(card.reading());
        self.card = Some(PresentCard { examined: card, patient });
        self.let_go(now);
        Ok(event)
    }

    /// Records an event that is the crew's to record. Returns it as it goes into the log: a hand-over
    /// says there whether anything was seen.
    ///
    /// Errors: [`Misuse::OutOfRange`] for one that is not ([`Event::is_recordable`]); [`Refusal`].
    /// Nothing has changed then.
    pub fn record(&mut self, event: Event, by: ShortId, now: Timestamp) -> Result<Event, Error> {
        if !event.is_recordable() {
            return Err(Misuse::OutOfRange.into());
        }
        let occurrence = self.consent.apply(event, by, now)?;
        let event = occurrence.event;
        self.outbox.push(occurrence);
        self.let_go(now);
        Ok(event)
    }

    /// What a crew member could record now, for the buttons of a screen, in ascending order of codes: an
    /// end is always among it; what a reading, a source or a clock brings about is not.
    #[must_use]
    pub fn allowed_events(&self, now: Timestamp) -> Vec<Event> {
        Event::ALL
            .iter()
            .copied()
            .filter(|event| event.is_for_buttons() && self.consent.would_take(*event, now).is_ok())
            .collect()
    }

    /// Asks for a permit, which is in force when its entry is stored.
    ///
    /// Errors: a [`Refusal`] that says which fact is missing.
    pub fn request_permit(
        &mut self,
        scope: Scope,
        by: ShortId,
        now: Timestamp,
    ) -> Result<Event, Refusal> {
        let (pending, entry) = self.consent.request_permit(scope, by, now)?;
        self.pending = Some(pending);
        let event = entry.event;
        self.outbox.push(entry);
        Ok(event)
    }

    /// Whether a permit would be granted now. Errors: the [`Refusal`].
    pub fn would_permit(&self, now: Timestamp) -> Result<(), Refusal> {
        self.consent.would_permit(now)
    }

    /// Records a reading that failed as the event that it is. None if it did not, so that
    /// [`card_read`](Self::card_read) takes it: the card could be told by its face, or by its certificate
    /// where no face was wanted. That even the last try was allowed is recorded with it.
    ///
    /// Errors: as [`record`](Self::record); nothing has changed then.
    pub fn card_failed(
        &mut self,
        reading: &CardReading,
        by: ShortId,
        now: Timestamp,
    ) -> Result<Option<Event>, Error> {
        let Some(failure) = card_failure(reading) else { return Ok(None) };
        let event = self.record(failure, by, now)?;
        self.remark_on(reading, by, now);
        Ok(Some(event))
    }

    fn remark_on(&mut self, reading: &CardReading, by: ShortId, now: Timestamp) {
        if reading.last_tries_allowed() {
            // INVARIANT: the table takes this remark whenever it takes a card or its failure.
            if let Ok(remark) = self.consent.apply(Event::LastTriesAllowed, by, now) {
                self.outbox.push(remark);
            }
        }
    }

    /// Stores everything that waits, line by line: the strong form of [`next_line`](Self::next_line) and
    /// [`confirm`](Self::confirm), which leaves no line between the two. `store` appends its text durably.
    ///
    /// Errors: [`StoreError::NotStored`], with that line and all after it waiting as before;
    /// [`StoreError::Refused`] as [`next_line`](Self::next_line) and, of the last line,
    /// [`confirm`](Self::confirm): a permit that has become void keeps no later line from the log.
    pub fn store<E>(
        &mut self,
        log: &mut AuditLog<K>,
        now: Timestamp,
        mut store: impl FnMut(&str) -> Result<(), E>,
    ) -> Result<(), StoreError<E>> {
        let mut refused = Ok(());
        while let Some(line) = log.next_line(&mut self.outbox).map_err(Error::from)? {
            let ticket = line.ticket;
            if let Err(error) = store(line.text) {
                log.discard(ticket).map_err(Error::from)?;
                return Err(StoreError::NotStored(error));
            }
            refused = self.confirm(log, ticket, now);
            // A void permit's line is in the log all the same, and so will be those after it.
            if log.pending().is_some() {
                break;
            }
        }
        Ok(refused?)
    }

    /// Hands out the line to store next: the header of a new log, what an encounter has left that is gone, or
    /// what this encounter made first that is not stored. None when there is nothing. Until it is [confirmed](Self::confirm) or
    /// [discarded](AuditLog::discard) there is no other.
    ///
    /// Errors: [`AuditFault::LinePending`]; [`AuditFault::OtherLog`] while what comes next is being stored
    /// in another log.
    pub fn next_line<'l>(
        &mut self,
        log: &'l mut AuditLog<K>,
    ) -> Result<Option<PendingLine<'l>>, AuditFault> {
        log.next_line(&mut self.outbox)
    }

    /// Confirms that the line with this ticket is stored durably: the log moves on, and if the
    /// line was a permit's, the permit is in force.
    ///
    /// Errors: [`AuditFault::NotPending`] for another line than the one that was handed out, or one that
    /// another encounter made: nothing has moved. A [`Refusal`] of the permit whose line it was, because
    /// facts have changed since it was asked for: the line is stored, the permit is not in force.
    pub fn confirm(
        &mut self,
        log: &mut AuditLog<K>,
        ticket: u64,
        now: Timestamp,
    ) -> Result<(), Error> {
        let Some(stored) = log.confirm_from(&mut self.outbox, ticket)? else { return Ok(()) };
        if !matches!(stored.event, Event::PermitSummary | Event::PermitFull) {
            return Ok(());
        }
        let pending = self
            .pending
            .take_if(|pending| pending.ordinal() == stored.ordinal)
            .ok_or(Refusal::StaleRequest)?;
        let permit = self.consent.release(pending, now)?;
        // What an earlier permit showed does not come back under this one, nor go beyond it.
        self.let_go(now);
        if matches!(&self.medical, Medical::Seen(view) if !permit.scope().covers(view.scope())) {
            self.medical = Medical::NotSought;
        }
        self.permit = Some(permit);
        Ok(())
    }

    /// How many entries wait to be stored.
    #[must_use]
    pub fn unrecorded(&self) -> usize {
        self.outbox.len()
    }

    /// Asks a source for medical information under the permit; `clock` gives the time before it is asked
    /// and again when it has answered. A source that gives nothing is an event, which is returned.
    ///
    /// Errors: [`Refusal::PermitEnded`] without a permit; [`Refusal::PermitExpired`] also when the permit's
    /// time ran out while the source was asked: then nothing of the answer is kept; a
    /// [`MedicalFault`](crate::error::MedicalFault).
    pub fn fetch(
        &mut self,
        source: &mut (impl MedicalSource + ?Sized),
        wanted: Scope,
        by: ShortId,
        mut clock: impl FnMut() -> Timestamp,
    ) -> Result<Option<Event>, Error> {
        let permit = self.permit.as_ref().ok_or(Refusal::PermitEnded)?;
        let asked = clock();
        permit.in_force(asked)?;
        let mut answered = asked;
        let answer = fetch(source, permit, wanted, asked, || {
            answered = clock();
            answered
        });
        match answer {
            Ok(SourceAnswer::Records(view)) => {
                self.consent.hear(answered);
                self.medical = Medical::Seen(view);
                Ok(None)
            }
            Ok(SourceAnswer::None(reason)) => {
                self.medical = Medical::Nothing(reason);
                match source_failure(reason) {
                    Some(event) => self.record(event, by, answered).map(Some),
                    None => Ok(None),
                }
            }
            Err(error) => {
                if matches!(error, Error::Medical(_)) {
                    self.medical = Medical::Unreadable;
                }
                Err(error)
            }
        }
    }

    /// The medical information, while its permit is in force: by the time that is given, so a clock that was set
    /// back by seconds may show it again until [`Event::PermitExpired`] is recorded.
    #[must_use]
    pub fn medical(&self, now: Timestamp) -> Option<&MedicalView> {
        let in_force = self.permit.as_ref().is_some_and(|permit| permit.in_force(now).is_ok());
        match &self.medical {
            Medical::Seen(view) if in_force => Some(view),
            _ => None,
        }
    }

    /// The crew's own findings, for the hand-over. Gone with the end.
    pub const fn crew_facts(&mut self) -> &mut CrewFacts {
        &mut self.crew
    }

    /// What the hospital is told. Make it before the hand-over is recorded: that ends the encounter.
    ///
    /// Medical information is in it only while its permit is in force.
    #[must_use]
    pub fn handover(&self, now: Timestamp) -> Handover<'_> {
        let medical = match &self.medical {
            Medical::NotSought => MedicalFacts::NotSought,
            Medical::Unreadable => MedicalFacts::Unreadable,
            Medical::Nothing(reason) => MedicalFacts::Nothing(*reason),
            Medical::Ended(basis) => MedicalFacts::Ended(*basis),
            Medical::Seen(_) => self
                .medical(now)
                .map_or(MedicalFacts::Ended(self.consent.basis()), MedicalFacts::Seen),
        };
        Handover {
            patient: self.card.as_ref().map_or(&NOBODY, |card| &card.patient),
            crew: &self.crew,
            identity: self.consent.identity(),
            trust: self.examined().map_or(NOT_READ, |card| trust_facts(card.report())),
            basis: self.consent.basis(),
            medical,
            drill: K::DRILL,
            now,
        }
    }

    /// What was read from the card of this encounter, with what may be believed of it.
    #[must_use]
    pub fn examined(&self) -> Option<&Examined> {
        self.card.as_ref().map(|card| &card.examined)
    }

    /// Identity of that card, for a source to be bound to. None after the end.
    #[must_use]
    pub fn card(&self) -> Option<&CardId> {
        self.consent.card()
    }

    /// The permit, if one is in force.
    #[must_use]
    pub fn permit(&self, now: Timestamp) -> Option<&Permit> {
        self.permit.as_ref().filter(|permit| permit.in_force(now).is_ok())
    }

    /// The state: three facts, the permits, the stage.
    #[must_use]
    pub const fn state(&self) -> Facts {
        self.consent.facts()
    }

    /// Whether the patient is the person on the card, and who said so.
    #[must_use]
    pub const fn identity(&self) -> Stated<Identity> {
        self.consent.identity()
    }

    /// On what basis information may be seen, and who said so.
    #[must_use]
    pub const fn basis(&self) -> Stated<Basis> {
        self.consent.basis()
    }

    /// How the encounter ended; none while it goes on.
    #[must_use]
    pub const fn way_out(&self) -> Option<Event> {
        self.consent.way_out()
    }

    /// Whether a permit was ever released in this encounter.
    #[must_use]
    pub const fn ever_released(&self) -> bool {
        self.consent.ever_released()
    }

    /// The encounter's identifier, as the log has it.
    #[must_use]
    pub const fn id(&self) -> EncounterId {
        self.consent.encounter()
    }

    /// Whether this is a drill (訓練).
    #[must_use]
    pub const fn is_drill(&self) -> bool {
        K::DRILL
    }

    /// Lets go of what nothing allows any more. A clock that went back may be set right again.
    fn let_go(&mut self, now: Timestamp) {
        let is_over = |permit: &mut Permit| {
            matches!(permit.in_force(now), Err(Refusal::PermitEnded | Refusal::PermitExpired))
        };
        if let Some(ended) = self.permit.take_if(is_over)
            && matches!(self.medical, Medical::Seen(_))
        {
            self.medical = Medical::Ended(ended.basis());
        }
        if self.way_out().is_some() {
            self.card = None;
            self.pending = None;
            self.medical = Medical::NotSought;
            self.crew = CrewFacts::default();
        }
    }
}

impl<K: LogKind> fmt::Debug for Encounter<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encounter")
            .field("id", &self.id())
            .field("state", &self.state())
            .field("unrecorded", &self.unrecorded())
            .field("drill", &K::DRILL)
            .finish_non_exhaustive()
    }
}
