//! Logs for the tests of the audit log, written as a host would write them.
#![allow(dead_code, reason = "not every test file needs every part")]

use std::sync::LazyLock;

use mynacard_core::audit::{
    AuditLog, Ed25519Signer, EncounterId, LogEvidence, LogId, LogVerdict, Real, Salt, SealKey,
    SealState, ShortId, Verifier,
};
use mynacard_core::consent::PermitLife;
use mynacard_core::{Encounter, Event, Scope, Timestamp};

use crate::encounter_support::Tap;

/// The card of every encounter in these logs.
static CARD: LazyLock<Tap> = LazyLock::new(|| Tap::profile("adult"));

pub(crate) const START: u64 = 1_795_000_000_000;

pub(crate) fn at(millis: u64) -> Timestamp {
    Timestamp::from_unix_millis(START + millis).unwrap()
}

pub(crate) fn id(text: &str) -> ShortId {
    ShortId::new(text).unwrap()
}

/// The PKCS#8 form of an Ed25519 key with this seed (RFC 8410).
pub(crate) fn signer(seed: u8) -> Ed25519Signer {
    let mut der = vec![0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
    der.extend([seed; 32]);
    Ed25519Signer::from_pkcs8(&der).unwrap()
}

pub(crate) fn seal_key(log: u8) -> SealKey {
    SealKey::from_random([log ^ 0x5a; 32])
}

/// A log and everything that its host has.
pub(crate) struct Host {
    pub(crate) log: AuditLog<Real>,
    pub(crate) text: String,
    /// The end before each line, and after the last.
    pub(crate) states: Vec<SealState>,
}

impl Host {
    pub(crate) fn new(log: u8) -> Self {
        let id_of_log = LogId::from_random([log; 16]);
        let mut log = AuditLog::create(id_of_log, id("T-0042"), seal_key(log), at(0));
        let header = log.own_line().unwrap().unwrap();
        let (ticket, text) = (header.ticket, header.text.to_owned());
        log.confirm(ticket).unwrap();
        Self { states: vec![log.state().unwrap()], log, text }
    }

    /// Stores what an encounter has made.
    pub(crate) fn store(&mut self, encounter: &mut Encounter<Real>, now: Timestamp) {
        while let Some(line) = encounter.next_line(&mut self.log).unwrap() {
            let ticket = line.ticket;
            self.text.push_str(line.text);
            encounter.confirm(&mut self.log, ticket, now).unwrap();
            self.states.push(self.log.state().unwrap());
        }
    }

    /// Returns the checkpoint's line.
    pub(crate) fn checkpoint(&mut self, millis: u64, signer: &Ed25519Signer) -> String {
        let line = self.log.checkpoint(at(millis), signer).unwrap();
        let (ticket, text) = (line.ticket, line.text.to_owned());
        self.text.push_str(&text);
        self.log.confirm(ticket).unwrap();
        self.states.push(self.log.state().unwrap());
        text
    }

    /// One encounter; its number chooses how it goes.
    pub(crate) fn encounter(&mut self, number: u32, millis: u64) {
        let mut bytes = [0x77; 16];
        bytes[..4].copy_from_slice(&number.to_be_bytes());
        let crew = id(["C-17", "C-2", "M.Sato_3"][number as usize % 3]);
        let (of, salt) = (EncounterId::from_random(bytes), Salt::from_random([bytes[3]; 32]));
        let mut now = millis;
        let mut next = || {
            now += 1000;
            at(now)
        };
        let mut encounter = Encounter::open(of, salt, PermitLife::ORDINARY, crew, next());
        let course: &[Option<Event>] = match number % 4 {
            0 => &[None, Some(Event::FaceMatched), Some(Event::ConsentByPatient)],
            1 => &[Some(Event::EndNoCard)],
            2 => &[
                Some(Event::CardUnreadable),
                None,
                Some(Event::FaceMatched),
                Some(Event::Unconscious),
            ],
            _ => &[None, Some(Event::ConsentRefused), Some(Event::EndRefused)],
        };
        for event in course {
            let taken = match event {
                Some(event) => encounter.record(*event, crew, next()),
                None => encounter.card_read(CARD.examined(), crew, next()).map_err(Into::into),
            };
            taken.unwrap();
        }
        self.store(&mut encounter, at(millis + 10_000));
        if encounter.way_out().is_none() {
            let asked = next();
            encounter.request_permit(Scope::Summary, crew, asked).unwrap();
            self.store(&mut encounter, asked);
            encounter.record(Event::HandedOver, crew, next()).unwrap();
            self.store(&mut encounter, at(millis + 10_000));
        }
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        self.text.split_inclusive('\n').map(str::to_owned).collect()
    }
}

/// Everything that proves: seal key and checkpoint key, no kept checkpoints.
pub(crate) fn sealed(log: u8) -> LogEvidence {
    LogEvidence { seal_key: Some(seal_key(log)), ..chained() }
}

/// Chain and signatures only.
pub(crate) fn chained() -> LogEvidence {
    LogEvidence { checkpoint_key: Some(signer(1).verifying_key()), ..LogEvidence::default() }
}

pub(crate) fn verify(text: &[u8], evidence: LogEvidence) -> LogVerdict {
    let mut verifier = Verifier::new(evidence);
    verifier.feed(text);
    verifier.finish()
}
