//! An encounter and its audit log of either kind, real or drill, behind one type each, for languages
//! without generics.

use mynacard_core::Timestamp;
use mynacard_core::audit::{
    AuditFault, AuditLog, Drill, Ed25519Signer, EncounterId, Event, LogId, PendingLine, Real, Salt,
    SealKey, SealState, ShortId,
};
use mynacard_core::consent::{CardId, PermitLife, Scope};
use mynacard_core::encounter::Encounter;
use mynacard_core::error::Misuse;
use mynacard_core::field::Sex;
use mynacard_core::handover::{CrewFacts, Handover};
use mynacard_core::medical::MedicalSource;
use mynacard_core::medical::oqs_unverified::eight_digits;
use zeroize::Zeroizing;

use crate::error::Error;
use crate::kept::KeptReading;

/// An encounter of either kind.
pub enum AnyEncounter {
    /// With a patient.
    Real(Box<Encounter<Real>>),
    /// A drill (訓練).
    Drill(Box<Encounter<Drill>>),
}

/// Does the same with either kind.
macro_rules! either {
    ($any:expr, $it:ident => $body:expr) => {
        match $any {
            Self::Real($it) => $body,
            Self::Drill($it) => $body,
        }
    };
}

impl AnyEncounter {
    /// Begins an encounter. Random: `id` and `salt`, not used before.
    #[must_use]
    pub fn open(
        drill: bool,
        (id, salt): (EncounterId, Salt),
        life: PermitLife,
        by: ShortId,
        now: Timestamp,
    ) -> Self {
        if drill {
            Self::Drill(Box::new(Encounter::open(id, salt, life, by, now)))
        } else {
            Self::Real(Box::new(Encounter::open(id, salt, life, by, now)))
        }
    }

    /// Takes an examined card out of its reading; a reading that failed is the event that it is, and
    /// stays. `same` is the crew's word on whether it is the card of before, where the chips cannot tell.
    ///
    /// Errors: as [`KeptReading::offer`] and [`Encounter::card_read`]; the reading is as it was.
    pub fn take_card(
        &mut self,
        kept: &KeptReading,
        same: Option<bool>,
        by: ShortId,
        now: Timestamp,
    ) -> Result<Event, Error> {
        let failed =
            either!(self, it => kept.look(|reading| Ok(it.card_failed(reading, by, now)?)))?;
        if let Some(failure) = failed {
            return Ok(failure);
        }
        either!(self, it => kept.offer(|card| match same {
            None => it.card_read(card, by, now),
            Some(same) => it.card_read_as(card, same, by, now),
        }))
    }

    /// Records an event. Errors: as [`Encounter::record`].
    pub fn record(&mut self, event: Event, by: ShortId, now: Timestamp) -> Result<Event, Error> {
        either!(self, it => Ok(it.record(event, by, now)?))
    }

    /// Asks for a permit, which comes into force when its line is confirmed.
    ///
    /// Errors: as [`Encounter::request_permit`].
    pub fn request_permit(
        &mut self,
        scope: Scope,
        by: ShortId,
        now: Timestamp,
    ) -> Result<Event, Error> {
        either!(self, it => Ok(it.request_permit(scope, by, now)?))
    }

    /// Asks a source. Returns what goes into the log, if the source had nothing.
    ///
    /// Errors: as [`Encounter::fetch`].
    pub fn fetch(
        &mut self,
        source: &mut dyn MedicalSource,
        wanted: Scope,
        by: ShortId,
        clock: impl FnMut() -> Timestamp,
    ) -> Result<Option<Event>, Error> {
        either!(self, it => Ok(it.fetch(source, wanted, by, clock)?))
    }

    /// Whether a permit would be granted now. Errors: the refusal.
    pub fn would_permit(&self, now: Timestamp) -> Result<(), Error> {
        either!(self, it => Ok(it.would_permit(now)?))
    }

    /// When the permit that is in force ends.
    #[must_use]
    pub fn permit_until(&self, now: Timestamp) -> Option<Timestamp> {
        either!(self, it => it.permit(now).map(|permit| permit.until()))
    }

    /// The card of the encounter.
    #[must_use]
    pub fn card(&self) -> Option<&CardId> {
        either!(self, it => it.card())
    }

    /// Birth date, in the chip's eight digits, and sex of the card's holder; none where not even the year of
    /// the birth is known.
    #[must_use]
    pub fn holder(&self) -> Option<(Zeroizing<[u8; 8]>, Option<Sex>)> {
        let reading = either!(self, it => it.examined())?.reading();
        let (text, face) = (reading.attributes().value(), reading.face().value());
        let births = [text.map(|it| it.birth_date()), face.map(|it| it.birth_date())];
        let birth = births.into_iter().flatten().find_map(|birth| match birth {
            Ok(birth) => Some(Zeroizing::new(birth.date().to_compact())),
            Err(not_understood) => eight_digits(not_understood.said()),
        })?;
        let sex = text.and_then(|it| it.sex().ok());
        Some((birth, sex.or_else(|| face.and_then(|it| it.sex().ok()))))
    }

    /// What a crew member could record now.
    #[must_use]
    pub fn allowed_events(&self, now: Timestamp) -> Vec<Event> {
        either!(self, it => it.allowed_events(now))
    }

    /// Looks at what the hospital is told.
    pub fn with_handover<T>(&self, now: Timestamp, look: impl FnOnce(&Handover<'_>) -> T) -> T {
        either!(self, it => look(&it.handover(now)))
    }

    /// The crew's own findings.
    pub fn crew_facts(&mut self) -> &mut CrewFacts {
        either!(self, it => it.crew_facts())
    }

    /// How it ended; none while it goes on.
    #[must_use]
    pub fn way_out(&self) -> Option<Event> {
        either!(self, it => it.way_out())
    }

    /// What was made and is not stored yet.
    #[must_use]
    pub fn unrecorded(&self) -> usize {
        either!(self, it => it.unrecorded())
    }
}

/// The event with this number, for a host to record.
///
/// Errors: [`Misuse::OutOfRange`] for an unknown one.
pub fn event_of(code: u32) -> Result<Event, Misuse> {
    u16::try_from(code).ok().and_then(Event::from_code).ok_or(Misuse::OutOfRange)
}

/// An audit log of either kind.
pub enum AnyLog {
    /// Of encounters with patients.
    Real(AuditLog<Real>),
    /// Of drills (訓練).
    Drill(AuditLog<Drill>),
}

impl AnyLog {
    /// A new log. Random: `id` and `key`; the key goes to whoever will verify, by a way that is not the
    /// tablet's disk.
    #[must_use]
    pub fn create(drill: bool, id: LogId, device: ShortId, key: SealKey, now: Timestamp) -> Self {
        if drill {
            Self::Drill(AuditLog::create(id, device, key, now))
        } else {
            Self::Real(AuditLog::create(id, device, key, now))
        }
    }

    /// Goes on where a state was taken.
    ///
    /// Errors: [`AuditFault::BadState`], [`AuditFault::WrongKind`].
    pub fn resume(drill: bool, state: &SealState) -> Result<Self, AuditFault> {
        if drill {
            AuditLog::resume(state).map(Self::Drill)
        } else {
            AuditLog::resume(state).map(Self::Real)
        }
    }

    /// Hands out the line to store next: the log's header, what an encounter has left that is gone, or what
    /// this one made first that is not stored. None when there is nothing to store.
    ///
    /// Errors: [`AuditFault::WrongKind`] for an encounter of the other kind; as
    /// [`Encounter::next_line`].
    pub fn next_line(
        &mut self,
        encounter: Option<&mut AnyEncounter>,
    ) -> Result<Option<PendingLine<'_>>, AuditFault> {
        match (self, encounter) {
            (Self::Real(log), None) => log.own_line(),
            (Self::Drill(log), None) => log.own_line(),
            (Self::Real(log), Some(AnyEncounter::Real(it))) => it.next_line(log),
            (Self::Drill(log), Some(AnyEncounter::Drill(it))) => it.next_line(log),
            _ => Err(AuditFault::WrongKind),
        }
    }

    /// The line that was handed out and is neither confirmed nor discarded.
    #[must_use]
    pub fn pending(&self) -> Option<PendingLine<'_>> {
        either!(self, log => log.pending())
    }

    /// Hands out a line that signs everything before it.
    ///
    /// Errors: as [`AuditLog::checkpoint`].
    pub fn checkpoint(
        &mut self,
        signer: &Ed25519Signer,
        now: Timestamp,
    ) -> Result<PendingLine<'_>, AuditFault> {
        either!(self, log => log.checkpoint(now, signer))
    }

    /// Confirms that the line with this ticket is stored durably: the log moves on, and if the
    /// line was a permit's, the permit is in force.
    ///
    /// Errors: [`AuditFault::WrongKind`]; as [`Encounter::confirm`] and [`AuditLog::confirm`].
    pub fn confirm(
        &mut self,
        encounter: Option<&mut AnyEncounter>,
        ticket: u64,
        now: Timestamp,
    ) -> Result<(), Error> {
        match (self, encounter) {
            (Self::Real(log), None) => log.confirm(ticket)?,
            (Self::Drill(log), None) => log.confirm(ticket)?,
            (Self::Real(log), Some(AnyEncounter::Real(it))) => it.confirm(log, ticket, now)?,
            (Self::Drill(log), Some(AnyEncounter::Drill(it))) => it.confirm(log, ticket, now)?,
            _ => return Err(AuditFault::WrongKind.into()),
        }
        Ok(())
    }

    /// Drops a line that could not be stored. Errors: as [`AuditLog::discard`].
    pub fn discard(&mut self, ticket: u64) -> Result<(), AuditFault> {
        either!(self, log => log.discard(ticket))
    }

    /// The end of the log as a secret to keep; none while the header is not stored.
    #[must_use]
    pub fn state(&self) -> Option<SealState> {
        either!(self, log => log.state())
    }

    /// Takes up a line that was stored after the state was saved. Errors: as [`AuditLog::catch_up`].
    pub fn catch_up(&mut self, line: &str) -> Result<(), AuditFault> {
        either!(self, log => log.catch_up(line))
    }
}
