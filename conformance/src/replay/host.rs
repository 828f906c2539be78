//! Who holds an encounter and its log: a Rust program over the core, or what other languages are given.

use mynacard::encounter::{AnyEncounter, AnyLog};
use mynacard::error::Error;
use mynacard::kept::KeptReading;
use mynacard_core::Timestamp;
use mynacard_core::audit::{
    AuditLog, Drill, Ed25519Signer, EncounterId, Event, LogId, LogKind, Real, Salt, SealKey,
    SealState, ShortId,
};
use mynacard_core::consent::{CardId, PermitLife, Scope};
use mynacard_core::encounter::Encounter;
use mynacard_core::handover::{CrewFacts, Handover};
use mynacard_core::medical::MedicalSource;
use mynacard_core::trust::x509::NoRevocationSource;

use super::encounter::Tapped;

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

/// A line to store: its ticket and its text.
pub(super) type LineToStore = (u64, String);

/// An encounter with its log.
#[allow(missing_docs, reason = "named and meant as in the core")]
pub trait Host {
    fn card_read(
        &mut self,
        tapped: Tapped,
        same: Option<bool>,
        now: Timestamp,
    ) -> Result<Event, Error>;
    fn record(&mut self, event: Event, now: Timestamp) -> Result<Event, Error>;
    fn request_permit(&mut self, scope: Scope, now: Timestamp) -> Result<(), Error>;
    fn fetch(
        &mut self,
        source: &mut dyn MedicalSource,
        wanted: Scope,
        clock: &mut dyn FnMut() -> Timestamp,
    ) -> Result<Option<Event>, Error>;
    fn would_permit(&self, now: Timestamp) -> Result<(), Error>;
    fn permit_until(&self, now: Timestamp) -> Option<Timestamp>;
    fn card(&self) -> Option<CardId>;
    fn allowed_events(&self, now: Timestamp) -> Vec<Event>;
    fn look_at_handover(&self, now: Timestamp, look: &mut dyn FnMut(&Handover<'_>));
    fn crew_facts(&mut self) -> &mut CrewFacts;
    fn way_out(&self) -> Option<Event>;
    /// The next line to store; none when there is nothing to store.
    fn next_line(&mut self) -> Result<Option<LineToStore>, Error>;
    /// A checkpoint to store next.
    fn checkpoint(&mut self, signer: &Ed25519Signer, now: Timestamp) -> Result<LineToStore, Error>;
    /// Confirms the line with this ticket, as the encounter's or as the log's own.
    fn confirm(&mut self, ticket: u64, own: bool, now: Timestamp) -> Result<(), Error>;
    fn discard(&mut self, ticket: u64) -> Result<(), Error>;
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
    })
}

struct CoreHost<K: LogKind> {
    encounter: Encounter<K>,
    log: AuditLog<K>,
    crew: ShortId,
}

impl<K: LogKind> CoreHost<K> {
    fn open(start: &Start) -> Self {
        let Start { at, crew, device, life, .. } = *start;
        let id = EncounterId::from_random(start.encounter_id);
        let salt = Salt::from_random(start.salt);
        let key = SealKey::from_random(start.seal_key);
        Self {
            encounter: Encounter::open(id, salt, life, crew, at),
            log: AuditLog::create(LogId::from_random(start.log_id), device, key, at),
            crew,
        }
    }
}

impl<K: LogKind> Host for CoreHost<K> {
    fn card_read(
        &mut self,
        tapped: Tapped,
        same: Option<bool>,
        now: Timestamp,
    ) -> Result<Event, Error> {
        if let Some(failure) = self.encounter.card_failed(&tapped.reading, self.crew, now)? {
            return Ok(failure);
        }
        let card = tapped.reading.examine(None, &tapped.roots, tapped.clock, &NoRevocationSource);
        let taken = match same {
            None => self.encounter.card_read(card, self.crew, now),
            Some(same) => self.encounter.card_read_as(card, same, self.crew, now),
        };
        taken.map_err(|not_taken| not_taken.error.into())
    }

    fn record(&mut self, event: Event, now: Timestamp) -> Result<Event, Error> {
        Ok(self.encounter.record(event, self.crew, now)?)
    }

    fn request_permit(&mut self, scope: Scope, now: Timestamp) -> Result<(), Error> {
        self.encounter.request_permit(scope, self.crew, now)?;
        Ok(())
    }

    fn fetch(
        &mut self,
        source: &mut dyn MedicalSource,
        wanted: Scope,
        clock: &mut dyn FnMut() -> Timestamp,
    ) -> Result<Option<Event>, Error> {
        Ok(self.encounter.fetch(source, wanted, self.crew, clock)?)
    }

    fn would_permit(&self, now: Timestamp) -> Result<(), Error> {
        Ok(self.encounter.would_permit(now)?)
    }

    fn permit_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.encounter.permit(now).map(|permit| permit.until())
    }

    fn card(&self) -> Option<CardId> {
        self.encounter.card().cloned()
    }

    fn allowed_events(&self, now: Timestamp) -> Vec<Event> {
        self.encounter.allowed_events(now)
    }

    fn look_at_handover(&self, now: Timestamp, look: &mut dyn FnMut(&Handover<'_>)) {
        look(&self.encounter.handover(now));
    }

    fn crew_facts(&mut self) -> &mut CrewFacts {
        self.encounter.crew_facts()
    }

    fn way_out(&self) -> Option<Event> {
        self.encounter.way_out()
    }

    fn next_line(&mut self) -> Result<Option<LineToStore>, Error> {
        let line = self.encounter.next_line(&mut self.log)?;
        Ok(line.map(|line| (line.ticket, line.text.to_owned())))
    }

    fn checkpoint(&mut self, signer: &Ed25519Signer, now: Timestamp) -> Result<LineToStore, Error> {
        let line = self.log.checkpoint(now, signer)?;
        Ok((line.ticket, line.text.to_owned()))
    }

    fn confirm(&mut self, ticket: u64, own: bool, now: Timestamp) -> Result<(), Error> {
        if own {
            self.log.confirm(ticket)?;
        } else {
            self.encounter.confirm(&mut self.log, ticket, now)?;
        }
        Ok(())
    }

    fn discard(&mut self, ticket: u64) -> Result<(), Error> {
        Ok(self.log.discard(ticket)?)
    }

    fn state(&self) -> Option<SealState> {
        self.log.state()
    }
}

struct OtherHost {
    encounter: AnyEncounter,
    log: AnyLog,
    crew: ShortId,
}

impl Host for OtherHost {
    fn card_read(
        &mut self,
        tapped: Tapped,
        same: Option<bool>,
        now: Timestamp,
    ) -> Result<Event, Error> {
        let kept = KeptReading::new(tapped.reading);
        kept.examine(|it| it.examine(None, &tapped.roots, tapped.clock, &NoRevocationSource))?;
        self.encounter.take_card(&kept, same, self.crew, now)
    }

    fn record(&mut self, event: Event, now: Timestamp) -> Result<Event, Error> {
        self.encounter.record(event, self.crew, now)
    }

    fn request_permit(&mut self, scope: Scope, now: Timestamp) -> Result<(), Error> {
        self.encounter.request_permit(scope, self.crew, now).map(drop)
    }

    fn fetch(
        &mut self,
        source: &mut dyn MedicalSource,
        wanted: Scope,
        clock: &mut dyn FnMut() -> Timestamp,
    ) -> Result<Option<Event>, Error> {
        self.encounter.fetch(source, wanted, self.crew, clock)
    }

    fn would_permit(&self, now: Timestamp) -> Result<(), Error> {
        self.encounter.would_permit(now)
    }

    fn permit_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.encounter.permit_until(now)
    }

    fn card(&self) -> Option<CardId> {
        self.encounter.card().cloned()
    }

    fn allowed_events(&self, now: Timestamp) -> Vec<Event> {
        self.encounter.allowed_events(now)
    }

    fn look_at_handover(&self, now: Timestamp, look: &mut dyn FnMut(&Handover<'_>)) {
        self.encounter.with_handover(now, |handover| look(handover));
    }

    fn crew_facts(&mut self) -> &mut CrewFacts {
        self.encounter.crew_facts()
    }

    fn way_out(&self) -> Option<Event> {
        self.encounter.way_out()
    }

    fn next_line(&mut self) -> Result<Option<LineToStore>, Error> {
        let line = self.log.next_line(Some(&mut self.encounter))?;
        Ok(line.map(|line| (line.ticket, line.text.to_owned())))
    }

    fn checkpoint(&mut self, signer: &Ed25519Signer, now: Timestamp) -> Result<LineToStore, Error> {
        let line = self.log.checkpoint(signer, now)?;
        Ok((line.ticket, line.text.to_owned()))
    }

    fn confirm(&mut self, ticket: u64, own: bool, now: Timestamp) -> Result<(), Error> {
        let encounter = (!own).then_some(&mut self.encounter);
        self.log.confirm(encounter, ticket, now)
    }

    fn discard(&mut self, ticket: u64) -> Result<(), Error> {
        Ok(self.log.discard(ticket)?)
    }

    fn state(&self) -> Option<SealState> {
        self.log.state()
    }
}
