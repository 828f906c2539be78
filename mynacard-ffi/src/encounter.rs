//! An encounter and its audit log of either kind, real or drill, behind one type each, for languages
//! without generics.
//!
//! What an encounter makes waits in it until a log has stored it, in order. A permit comes into force
//! when its line is confirmed, and in no other way: recorded before seen.

use std::collections::VecDeque;

use mynacard_core::audit::{
    AuditFault, AuditLog, Drill, Ed25519Signer, EncounterId, EventCode, LogId, LogKind, NewLog,
    Occurrence, Prepared, Real, Salt, SealKey, SealState, ShortId,
};
use mynacard_core::consent::{
    CardFailure, CardKey, Event, Giver, PermitLife, Scope, SourceFailure, Unobtainable, WayOut,
};
use mynacard_core::encounter::{Encounter, card_failure};
use mynacard_core::error::{BoundaryFault, Misuse};
use mynacard_core::field::{Date, Sex};
use mynacard_core::handover::{CrewFacts, Handover};
use mynacard_core::medical::MedicalSource;
use mynacard_core::reading::CardReading;
use mynacard_core::trust::Report;
use mynacard_core::{Error, Timestamp};

use crate::kept::KeptReading;

/// An encounter of either kind.
pub enum AnyEncounter {
    /// With a patient.
    Real(Box<Recorded<Real>>),
    /// A drill (訓練).
    Drill(Box<Recorded<Drill>>),
}

/// An encounter, and what it has made that no log has stored yet.
pub struct Recorded<K: LogKind> {
    encounter: Encounter<K>,
    unrecorded: VecDeque<Occurrence<K>>,
}

/// Does the same with an encounter of either kind.
macro_rules! either {
    ($any:expr, $it:ident => $body:expr) => {
        match $any {
            Self::Real($it) => $body,
            Self::Drill($it) => $body,
        }
    };
}

impl<K: LogKind> Recorded<K> {
    fn take_in(&mut self, occurrence: Occurrence<K>) -> EventCode {
        let code = occurrence.code();
        self.unrecorded.push_back(occurrence);
        code
    }
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
        fn begun<K: LogKind>(
            (encounter, opened): (Encounter<K>, Occurrence<K>),
        ) -> Box<Recorded<K>> {
            Box::new(Recorded { encounter, unrecorded: VecDeque::from([opened]) })
        }
        if drill {
            Self::Drill(begun(Encounter::open(id, salt, life, by, now)))
        } else {
            Self::Real(begun(Encounter::open(id, salt, life, by, now)))
        }
    }

    /// Takes what was read from a card. Returns what goes into the log.
    ///
    /// Errors: as [`Encounter::card_read`].
    pub fn card_read(
        &mut self,
        reading: CardReading,
        report: Report,
        by: ShortId,
        now: Timestamp,
    ) -> Result<EventCode, Error> {
        either!(self, it => {
            let occurrence = it.encounter.card_read(reading, report, by, now)?;
            Ok(it.take_in(occurrence))
        })
    }

    /// Takes a card out of its reading; a reading without a face is the failure that it is, and stays.
    /// Returns what goes into the log.
    ///
    /// Errors: [`BoundaryFault::Absent`] when the reading was taken; as [`Encounter::card_read`].
    pub fn take_card(
        &mut self,
        kept: &KeptReading,
        report: &Report,
        by: ShortId,
        now: Timestamp,
    ) -> Result<EventCode, Error> {
        match kept.look(|reading| Ok(card_failure(reading)))? {
            Some(failure) => self.apply(&Event::CardFailed(failure), by, now),
            None => self.card_read(kept.take()?, report.clone(), by, now),
        }
    }

    /// Takes an event. Returns what goes into the log.
    ///
    /// Errors: as [`Encounter::apply`].
    pub fn apply(
        &mut self,
        event: &Event,
        by: ShortId,
        now: Timestamp,
    ) -> Result<EventCode, Error> {
        either!(self, it => {
            let occurrence = it.encounter.apply(event.clone(), by, now)?;
            Ok(it.take_in(occurrence))
        })
    }

    /// Asks for a permit, which comes into force when its line is confirmed.
    ///
    /// Errors: as [`Encounter::request_permit`].
    pub fn request_permit(
        &mut self,
        scope: Scope,
        by: ShortId,
        now: Timestamp,
    ) -> Result<EventCode, Error> {
        either!(self, it => {
            let occurrence = it.encounter.request_permit(scope, by, now)?;
            Ok(it.take_in(occurrence))
        })
    }

    /// Asks a source. Returns what goes into the log, if the source had nothing.
    ///
    /// Errors: as [`Encounter::fetch`].
    pub fn fetch(
        &mut self,
        source: &mut dyn MedicalSource,
        wanted: Scope,
        by: ShortId,
        now: Timestamp,
    ) -> Result<Option<EventCode>, Error> {
        either!(self, it => {
            let occurrence = it.encounter.fetch(source, wanted, by, now)?;
            Ok(occurrence.map(|occurrence| it.take_in(occurrence)))
        })
    }

    /// Whether a permit would be granted now. Errors: the refusal.
    pub fn would_permit(&self, now: Timestamp) -> Result<(), Error> {
        either!(self, it => Ok(it.encounter.would_permit(now)?))
    }

    /// When the permit that is in force ends.
    #[must_use]
    pub fn permit_until(&self, now: Timestamp) -> Option<Timestamp> {
        either!(self, it => it.encounter.permit(now).map(|permit| permit.until()))
    }

    /// The card that the permit in force is for.
    #[must_use]
    pub fn permit_card(&self, now: Timestamp) -> Option<CardKey> {
        either!(self, it => it.encounter.permit(now).map(|permit| permit.card().clone()))
    }

    /// Birth date and sex of the card's holder, as far as they were read.
    #[must_use]
    pub fn holder(&self) -> Option<(Date, Sex)> {
        let reading = either!(self, it => it.encounter.reading())?;
        match (reading.attributes.value(), reading.face.value()) {
            (Some(text), _) => Some((text.birth_date().date(), text.sex())),
            (None, Some(face)) => Some((face.birth_date().date(), face.sex())),
            (None, None) => None,
        }
    }

    /// What a crew member could report now.
    #[must_use]
    pub fn allowed_events(&self, now: Timestamp) -> Vec<EventCode> {
        let events = either!(self, it => it.encounter.allowed_events(now));
        EVENTS.iter().filter(|(_, event)| events.contains(event)).map(|(code, _)| *code).collect()
    }

    /// Looks at the report for the hospital.
    pub fn with_report<T>(&self, now: Timestamp, look: impl FnOnce(&Handover<'_>) -> T) -> T {
        either!(self, it => look(&it.encounter.report(now)))
    }

    /// The crew's own findings.
    pub fn crew_facts(&mut self) -> &mut CrewFacts {
        either!(self, it => it.encounter.crew_facts())
    }

    /// How it ended; none while it goes on.
    #[must_use]
    pub fn way_out(&self) -> Option<EventCode> {
        either!(self, it => it.encounter.way_out())
    }

    /// What was made and is not stored yet.
    #[must_use]
    pub fn unrecorded(&self) -> usize {
        either!(self, it => it.unrecorded.len())
    }
}

/// What a host can report, by the number that it has in the log.
///
/// A hand-over is reported as such; whether anything was seen before it is for the machine to say.
static EVENTS: &[(EventCode, Event)] = &[
    (EventCode::CardUnreadable, Event::CardFailed(CardFailure::Unreadable)),
    (EventCode::CardLocked, Event::CardFailed(CardFailure::Locked)),
    (EventCode::CardNearlyLocked, Event::CardFailed(CardFailure::NearlyLocked)),
    (EventCode::CardWrongNumber, Event::CardFailed(CardFailure::WrongNumber)),
    (EventCode::CardOfAnotherKind, Event::CardFailed(CardFailure::AnotherKind)),
    (EventCode::CardExpired, Event::CardFailed(CardFailure::Expired)),
    (EventCode::FaceMatched, Event::FaceMatched),
    (EventCode::FaceDiffers, Event::FaceDiffers),
    (EventCode::FaceUnverifiable, Event::FaceUnverifiable),
    (EventCode::ConsentByPatient, Event::ConsentGiven(Giver::Patient)),
    (EventCode::ConsentByRepresentative, Event::ConsentGiven(Giver::Representative)),
    (EventCode::ConsentRefused, Event::ConsentRefused),
    (EventCode::ConsentWithdrawn, Event::ConsentWithdrawn),
    (EventCode::Unconscious, Event::ConsentUnobtainable(Unobtainable::Unconscious)),
    (
        EventCode::ImpairedConsciousness,
        Event::ConsentUnobtainable(Unobtainable::ImpairedConsciousness),
    ),
    (EventCode::CannotCommunicate, Event::ConsentUnobtainable(Unobtainable::CannotCommunicate)),
    (
        EventCode::CardiopulmonaryArrest,
        Event::ConsentUnobtainable(Unobtainable::CardiopulmonaryArrest),
    ),
    (EventCode::PatientAwake, Event::PatientAwake),
    (EventCode::NoSignal, Event::SourceFailed(SourceFailure::NoSignal)),
    (EventCode::SourceDown, Event::SourceFailed(SourceFailure::Down)),
    (EventCode::NotRegistered, Event::SourceFailed(SourceFailure::NotRegistered)),
    (EventCode::CertificateExpired, Event::SourceFailed(SourceFailure::CertificateExpired)),
    (EventCode::PermitExpired, Event::PermitExpired),
    (EventCode::HandedOver, Event::HandedOver),
    (EventCode::EndNoCard, Event::Closed(WayOut::NoCard)),
    (EventCode::EndUnreadable, Event::Closed(WayOut::Unreadable)),
    (EventCode::EndLocked, Event::Closed(WayOut::Locked)),
    (EventCode::EndForged, Event::Closed(WayOut::Forged)),
    (EventCode::EndWrongCard, Event::Closed(WayOut::WrongCard)),
    (EventCode::EndExpired, Event::Closed(WayOut::Expired)),
    (EventCode::EndFaceDiffers, Event::Closed(WayOut::FaceDiffers)),
    (EventCode::EndFaceUnverifiable, Event::Closed(WayOut::FaceUnverifiable)),
    (EventCode::EndRefused, Event::Closed(WayOut::Refused)),
    (EventCode::EndWithdrawn, Event::Closed(WayOut::Withdrawn)),
    (EventCode::EndUrgency, Event::Closed(WayOut::Urgency)),
    (EventCode::EndSurroundings, Event::Closed(WayOut::Surroundings)),
    (EventCode::EndCrewOther, Event::Closed(WayOut::CrewDecision)),
    (EventCode::EndNoSignal, Event::Closed(WayOut::NoSignal)),
    (EventCode::EndSourceDown, Event::Closed(WayOut::SourceDown)),
    (EventCode::EndNotRegistered, Event::Closed(WayOut::NotRegistered)),
];

/// The event that a host reports by its number in the log.
///
/// Errors: [`Misuse::OutOfRange`] for one that is not the host's to report: a card that was read, a
/// permit, a line of the log's own.
pub fn event_of(code: u16) -> Result<&'static Event, Misuse> {
    let found = EVENTS.iter().find(|(event, _)| event.code() == code);
    found.map(|(_, event)| event).ok_or(Misuse::OutOfRange)
}

/// An audit log of either kind.
pub enum AnyLog {
    /// Of encounters with patients.
    Real(Writing<Real>),
    /// Of drills (訓練).
    Drill(Writing<Drill>),
}

/// A log with the line that the host is storing.
pub struct Writing<K: LogKind> {
    log: Stage<K>,
    pending: Option<Pending<K>>,
}

enum Stage<K: LogKind> {
    /// Its header is not stored yet.
    New(NewLog<K>),
    Open(AuditLog<K>),
    /// Between two stages; never seen from outside.
    Moving,
}

struct Pending<K: LogKind> {
    line: Prepared<K>,
    /// The occurrence that it records; none for a checkpoint.
    records: Option<Occurrence<K>>,
}

impl AnyLog {
    /// A new log. Random: `id` and `key`; the key goes to whoever will verify, by a way that is not the
    /// tablet's disk.
    #[must_use]
    pub fn create(drill: bool, id: LogId, device: ShortId, key: SealKey, now: Timestamp) -> Self {
        if drill {
            Self::Drill(Writing::new(AuditLog::create(id, device, key, now)))
        } else {
            Self::Real(Writing::new(AuditLog::create(id, device, key, now)))
        }
    }

    /// Goes on where a state was taken.
    ///
    /// Errors: [`AuditFault::BadState`], [`AuditFault::WrongKind`].
    pub fn resume(drill: bool, state: &SealState) -> Result<Self, AuditFault> {
        if drill {
            Ok(Self::Drill(Writing::open(AuditLog::resume(state)?)))
        } else {
            Ok(Self::Real(Writing::open(AuditLog::resume(state)?)))
        }
    }

    /// The line to store next: the log's header, or what the encounter made first that is not stored.
    /// None when there is nothing to store. The log does not move.
    ///
    /// Errors: [`AuditFault::WrongKind`] for an encounter of the other kind.
    pub fn next_line(&mut self, encounter: Option<&AnyEncounter>) -> Result<Option<&str>, Error> {
        match (self, encounter) {
            (Self::Real(log), None) => Ok(log.next_line(None)),
            (Self::Drill(log), None) => Ok(log.next_line(None)),
            (Self::Real(log), Some(AnyEncounter::Real(it))) => Ok(log.next_line(Some(it))),
            (Self::Drill(log), Some(AnyEncounter::Drill(it))) => Ok(log.next_line(Some(it))),
            _ => Err(AuditFault::WrongKind.into()),
        }
    }

    /// A line that signs everything before it, to be stored next.
    ///
    /// Errors: [`BoundaryFault::Absent`] while the header is not stored; what the signer says.
    pub fn checkpoint(&mut self, signer: &Ed25519Signer, now: Timestamp) -> Result<&str, Error> {
        either!(self, log => log.checkpoint(signer, now))
    }

    /// The host's word that the line is stored durably: the log moves on, and if the line was a
    /// permit's, the permit is in force.
    ///
    /// Errors: [`BoundaryFault::Absent`] if no line was asked for; [`AuditFault::WrongKind`];
    /// [`AuditFault::Stale`] for a line that another encounter made; the refusal of a permit whose
    /// facts have changed since (its line stays in the log).
    pub fn confirm(
        &mut self,
        encounter: Option<&mut AnyEncounter>,
        now: Timestamp,
    ) -> Result<(), Error> {
        match (self, encounter) {
            (Self::Real(log), None) => log.confirm(None, now),
            (Self::Drill(log), None) => log.confirm(None, now),
            (Self::Real(log), Some(AnyEncounter::Real(it))) => log.confirm(Some(it), now),
            (Self::Drill(log), Some(AnyEncounter::Drill(it))) => log.confirm(Some(it), now),
            _ => Err(AuditFault::WrongKind.into()),
        }
    }

    /// The end of the log as a secret to keep; none while the header is not stored.
    #[must_use]
    pub fn state(&self) -> Option<SealState> {
        either!(self, log => match &log.log {
            Stage::Open(log) => Some(log.state()),
            _ => None,
        })
    }

    /// Takes up a line that was stored after the state was saved.
    ///
    /// Errors: [`BoundaryFault::Absent`] for a new log; [`AuditFault::NotNext`].
    pub fn catch_up(&mut self, line: &str) -> Result<(), Error> {
        either!(self, log => match &mut log.log {
            Stage::Open(log) => Ok(log.catch_up(line)?),
            _ => Err(BoundaryFault::Absent.into()),
        })
    }
}

impl<K: LogKind> Writing<K> {
    const fn new(log: NewLog<K>) -> Self {
        Self { log: Stage::New(log), pending: None }
    }

    const fn open(log: AuditLog<K>) -> Self {
        Self { log: Stage::Open(log), pending: None }
    }

    fn next_line(&mut self, encounter: Option<&Recorded<K>>) -> Option<&str> {
        match &self.log {
            Stage::New(new) => Some(new.text()),
            Stage::Open(log) => {
                let occurrence = *encounter?.unrecorded.front()?;
                let line = log.prepare(&occurrence);
                let pending = self.pending.insert(Pending { line, records: Some(occurrence) });
                Some(pending.line.text())
            }
            Stage::Moving => None,
        }
    }

    fn checkpoint(&mut self, signer: &Ed25519Signer, now: Timestamp) -> Result<&str, Error> {
        let Stage::Open(log) = &self.log else { return Err(BoundaryFault::Absent.into()) };
        let line = log.prepare_checkpoint(now, signer)?;
        Ok(self.pending.insert(Pending { line, records: None }).line.text())
    }

    fn confirm(
        &mut self,
        encounter: Option<&mut Recorded<K>>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let log = match core::mem::replace(&mut self.log, Stage::Moving) {
            Stage::New(new) => {
                self.log = Stage::Open(new.confirm()?);
                return Ok(());
            }
            other => {
                self.log = other;
                &mut self.log
            }
        };
        let Stage::Open(log) = log else { return Err(BoundaryFault::Absent.into()) };
        let pending = self.pending.as_ref().ok_or(BoundaryFault::Absent)?;
        // Refused before anything moves, so that the line can still be confirmed with its own encounter.
        let recorded = match (pending.records, encounter) {
            (None, _) => None,
            (Some(occurrence), Some(it)) if it.unrecorded.front() == Some(&occurrence) => {
                Some((occurrence, it))
            }
            _ => return Err(AuditFault::Stale.into()),
        };
        let Some(Pending { line, .. }) = self.pending.take() else {
            return Err(BoundaryFault::Absent.into());
        };
        let stored = log.confirm(line)?;
        let Some((occurrence, recorded)) = recorded else { return Ok(()) };
        recorded.unrecorded.pop_front();
        if matches!(occurrence.code(), EventCode::PermitSummary | EventCode::PermitFull) {
            recorded.encounter.permit_recorded(&stored, now)?;
        }
        Ok(())
    }
}
