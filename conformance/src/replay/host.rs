//! Who holds an encounter and its log: a Rust program over the core, or what other languages are given.

use std::collections::VecDeque;

use mynacard::encounter::{AnyEncounter, AnyLog, event_of};
use mynacard_core::audit::{
    AuditLog, Drill, Ed25519Signer, EncounterId, EventCode, LogId, LogKind, NewLog, Occurrence,
    Prepared, Real, Salt, SealKey, SealState, ShortId,
};
use mynacard_core::consent::{CardKey, Event, PermitLife, Scope};
use mynacard_core::encounter::Encounter;
use mynacard_core::error::BoundaryFault;
use mynacard_core::handover::{CrewFacts, Handover};
use mynacard_core::medical::MedicalSource;
use mynacard_core::reading::CardReading;
use mynacard_core::trust::Report;
use mynacard_core::{Error, Timestamp};

/// What an encounter and its log begin with.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs, reason = "named as in the header of a recording")]
pub struct Start {
    pub drill: bool,
    pub at: Timestamp,
    pub crew: ShortId,
    pub device: ShortId,
    pub log_id: [u8; 16],
    pub seal_key: [u8; 32],
    pub encounter_id: [u8; 16],
    pub salt: [u8; 32],
    pub life: PermitLife,
}

/// An encounter with its log. What it makes is stored in order, one line at a time.
#[allow(missing_docs, reason = "named and meant as in the core")]
pub trait Host {
    fn card_read(
        &mut self,
        reading: CardReading,
        report: Report,
        now: Timestamp,
    ) -> Result<EventCode, Error>;
    fn apply(&mut self, event: &Event, now: Timestamp) -> Result<EventCode, Error>;
    fn request_permit(&mut self, scope: Scope, now: Timestamp) -> Result<(), Error>;
    fn fetch(
        &mut self,
        source: &mut dyn MedicalSource,
        wanted: Scope,
        now: Timestamp,
    ) -> Result<Option<EventCode>, Error>;
    fn would_permit(&self, now: Timestamp) -> Result<(), Error>;
    fn permit_until(&self, now: Timestamp) -> Option<Timestamp>;
    fn permit_card(&self, now: Timestamp) -> Option<CardKey>;
    fn allowed_events(&self, now: Timestamp) -> Vec<EventCode>;
    fn look_at_report(&self, now: Timestamp, look: &mut dyn FnMut(&Handover<'_>));
    fn crew_facts(&mut self) -> &mut CrewFacts;
    fn way_out(&self) -> Option<EventCode>;
    /// The next line to store; none when there is nothing to store.
    fn next_line(&mut self) -> Result<Option<String>, Error>;
    /// A checkpoint to store next.
    fn checkpoint(&mut self, signer: &Ed25519Signer, now: Timestamp) -> Result<String, Error>;
    /// The word that the line asked for is stored.
    fn confirm(&mut self, now: Timestamp) -> Result<(), Error>;
    fn state(&self) -> Option<SealState>;
}

/// Makes a host from what it begins with.
pub type OpenHost = fn(&Start) -> Box<dyn Host>;

/// A Rust program over the core.
#[must_use]
pub fn core_host(start: &Start) -> Box<dyn Host> {
    if start.drill {
        Box::new(CoreHost::<Drill>::open(start))
    } else {
        Box::new(CoreHost::<Real>::open(start))
    }
}

/// What other languages are given.
#[must_use]
pub fn other_host(start: &Start) -> Box<dyn Host> {
    let Start { drill, at, crew, device, .. } = *start;
    let random = (EncounterId::from_random(start.encounter_id), Salt::from_random(start.salt));
    let (log_id, key) = (LogId::from_random(start.log_id), SealKey::from_random(start.seal_key));
    Box::new(OtherHost {
        encounter: AnyEncounter::open(drill, random, start.life, crew, at),
        log: AnyLog::create(drill, log_id, device, key, at),
        crew,
        stores_checkpoint: false,
    })
}

struct CoreHost<K: LogKind> {
    encounter: Encounter<K>,
    crew: ShortId,
    /// What was made and is not stored.
    made: VecDeque<Occurrence<K>>,
    /// The log before its header is stored, and after.
    new: Option<NewLog<K>>,
    log: Option<AuditLog<K>>,
    /// The line that is being stored, and whether it records the first of what was made.
    storing: Option<(Prepared<K>, bool)>,
}

impl<K: LogKind> CoreHost<K> {
    fn open(start: &Start) -> Self {
        let Start { at, crew, device, life, .. } = *start;
        let id = EncounterId::from_random(start.encounter_id);
        let salt = Salt::from_random(start.salt);
        let (encounter, opened) = Encounter::open(id, salt, life, crew, at);
        let key = SealKey::from_random(start.seal_key);
        let new = AuditLog::create(LogId::from_random(start.log_id), device, key, at);
        let made = VecDeque::from([opened]);
        Self { encounter, crew, made, new: Some(new), log: None, storing: None }
    }

    fn take_in(&mut self, occurrence: Occurrence<K>) -> EventCode {
        self.made.push_back(occurrence);
        occurrence.code()
    }
}

impl<K: LogKind> Host for CoreHost<K> {
    fn card_read(
        &mut self,
        reading: CardReading,
        report: Report,
        now: Timestamp,
    ) -> Result<EventCode, Error> {
        let occurrence = self.encounter.card_read(reading, report, self.crew, now)?;
        Ok(self.take_in(occurrence))
    }

    fn apply(&mut self, event: &Event, now: Timestamp) -> Result<EventCode, Error> {
        let occurrence = self.encounter.apply(event.clone(), self.crew, now)?;
        Ok(self.take_in(occurrence))
    }

    fn request_permit(&mut self, scope: Scope, now: Timestamp) -> Result<(), Error> {
        let occurrence = self.encounter.request_permit(scope, self.crew, now)?;
        self.take_in(occurrence);
        Ok(())
    }

    fn fetch(
        &mut self,
        source: &mut dyn MedicalSource,
        wanted: Scope,
        now: Timestamp,
    ) -> Result<Option<EventCode>, Error> {
        let occurrence = self.encounter.fetch(source, wanted, self.crew, now)?;
        Ok(occurrence.map(|occurrence| self.take_in(occurrence)))
    }

    fn would_permit(&self, now: Timestamp) -> Result<(), Error> {
        Ok(self.encounter.would_permit(now)?)
    }

    fn permit_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.encounter.permit(now).map(|permit| permit.until())
    }

    fn permit_card(&self, now: Timestamp) -> Option<CardKey> {
        self.encounter.permit(now).map(|permit| permit.card().clone())
    }

    fn allowed_events(&self, now: Timestamp) -> Vec<EventCode> {
        let allowed = self.encounter.allowed_events(now);
        let is_allowed =
            |code: &&EventCode| event_of(code.code()).is_ok_and(|event| allowed.contains(event));
        EventCode::ALL.iter().filter(is_allowed).copied().collect()
    }

    fn look_at_report(&self, now: Timestamp, look: &mut dyn FnMut(&Handover<'_>)) {
        look(&self.encounter.report(now));
    }

    fn crew_facts(&mut self) -> &mut CrewFacts {
        self.encounter.crew_facts()
    }

    fn way_out(&self) -> Option<EventCode> {
        self.encounter.way_out()
    }

    fn next_line(&mut self) -> Result<Option<String>, Error> {
        if let Some(new) = &self.new {
            return Ok(Some(new.text().to_owned()));
        }
        let (Some(log), Some(first)) = (&self.log, self.made.front()) else { return Ok(None) };
        let line = log.prepare(first);
        let text = line.text().to_owned();
        self.storing = Some((line, true));
        Ok(Some(text))
    }

    fn checkpoint(&mut self, signer: &Ed25519Signer, now: Timestamp) -> Result<String, Error> {
        let log = self.log.as_ref().ok_or(BoundaryFault::Absent)?;
        let line = log.prepare_checkpoint(now, signer)?;
        let text = line.text().to_owned();
        self.storing = Some((line, false));
        Ok(text)
    }

    fn confirm(&mut self, now: Timestamp) -> Result<(), Error> {
        if let Some(new) = self.new.take() {
            self.log = Some(new.confirm()?);
            return Ok(());
        }
        let (line, records) = self.storing.take().ok_or(BoundaryFault::Absent)?;
        let stored = self.log.as_mut().ok_or(BoundaryFault::Absent)?.confirm(line)?;
        let recorded = if records { self.made.pop_front() } else { None };
        let permits = [EventCode::PermitSummary, EventCode::PermitFull];
        if recorded.is_some_and(|occurrence| permits.contains(&occurrence.code())) {
            self.encounter.permit_recorded(&stored, now)?;
        }
        Ok(())
    }

    fn state(&self) -> Option<SealState> {
        self.log.as_ref().map(AuditLog::state)
    }
}

struct OtherHost {
    encounter: AnyEncounter,
    log: AnyLog,
    crew: ShortId,
    /// Whether the line that is being stored is none of the encounter's.
    stores_checkpoint: bool,
}

impl Host for OtherHost {
    fn card_read(
        &mut self,
        reading: CardReading,
        report: Report,
        now: Timestamp,
    ) -> Result<EventCode, Error> {
        self.encounter.card_read(reading, report, self.crew, now)
    }

    fn apply(&mut self, event: &Event, now: Timestamp) -> Result<EventCode, Error> {
        self.encounter.apply(event, self.crew, now)
    }

    fn request_permit(&mut self, scope: Scope, now: Timestamp) -> Result<(), Error> {
        self.encounter.request_permit(scope, self.crew, now).map(drop)
    }

    fn fetch(
        &mut self,
        source: &mut dyn MedicalSource,
        wanted: Scope,
        now: Timestamp,
    ) -> Result<Option<EventCode>, Error> {
        self.encounter.fetch(source, wanted, self.crew, now)
    }

    fn would_permit(&self, now: Timestamp) -> Result<(), Error> {
        self.encounter.would_permit(now)
    }

    fn permit_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.encounter.permit_until(now)
    }

    fn permit_card(&self, now: Timestamp) -> Option<CardKey> {
        self.encounter.permit_card(now)
    }

    fn allowed_events(&self, now: Timestamp) -> Vec<EventCode> {
        self.encounter.allowed_events(now)
    }

    fn look_at_report(&self, now: Timestamp, look: &mut dyn FnMut(&Handover<'_>)) {
        self.encounter.with_report(now, |report| look(report));
    }

    fn crew_facts(&mut self) -> &mut CrewFacts {
        self.encounter.crew_facts()
    }

    fn way_out(&self) -> Option<EventCode> {
        self.encounter.way_out()
    }

    fn next_line(&mut self) -> Result<Option<String>, Error> {
        self.stores_checkpoint = false;
        Ok(self.log.next_line(Some(&self.encounter))?.map(str::to_owned))
    }

    fn checkpoint(&mut self, signer: &Ed25519Signer, now: Timestamp) -> Result<String, Error> {
        self.stores_checkpoint = true;
        Ok(self.log.checkpoint(signer, now)?.to_owned())
    }

    fn confirm(&mut self, now: Timestamp) -> Result<(), Error> {
        let encounter = (!self.stores_checkpoint).then_some(&mut self.encounter);
        self.log.confirm(encounter, now)
    }

    fn state(&self) -> Option<SealState> {
        self.log.state()
    }
}
