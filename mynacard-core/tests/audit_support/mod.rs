//! Logs for the tests of the audit log, written as a host would write them.
#![allow(dead_code, reason = "not every test file needs every part")]

use mynacard_core::Timestamp;
use mynacard_core::audit::{
    AuditLog, Ed25519Signer, EncounterId, Evidence, LogId, Occurrence, Real, Salt, SealKey,
    SealState, ShortId, Verdict, Verifier,
};
use mynacard_core::consent::{
    CardFailure, CardKey, CardTrust, Consent, Event, Giver, PermitLife, Scope, Unobtainable, WayOut,
};

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
        let new =
            AuditLog::create(LogId::from_random([log; 16]), id("T-0042"), seal_key(log), at(0));
        let text = new.text().to_owned();
        let log = new.confirm().unwrap();
        Self { states: vec![log.state()], log, text }
    }

    pub(crate) fn record(&mut self, occurrence: &Occurrence<Real>) -> u64 {
        let line = self.log.prepare(occurrence);
        self.text.push_str(line.text());
        let stored = self.log.confirm(line).unwrap();
        self.states.push(self.log.state());
        stored.seq()
    }

    /// Returns the checkpoint's line.
    pub(crate) fn checkpoint(&mut self, millis: u64, signer: &Ed25519Signer) -> String {
        let line = self.log.prepare_checkpoint(at(millis), signer).unwrap();
        let text = line.text().to_owned();
        self.text.push_str(&text);
        self.log.confirm(line).unwrap();
        self.states.push(self.log.state());
        text
    }

    /// One encounter; `course` chooses how it goes.
    pub(crate) fn encounter(&mut self, number: u32, millis: u64) {
        let mut bytes = [0x77; 16];
        bytes[..4].copy_from_slice(&number.to_be_bytes());
        let crew = id(["C-17", "C-2", "M.Sato_3"][number as usize % 3]);
        let (encounter, salt) =
            (EncounterId::from_random(bytes), Salt::from_random([bytes[3]; 32]));
        let mut now = millis;
        let mut next = || {
            now += 1000;
            at(now)
        };
        let (mut consent, opened) =
            Consent::<Real>::open(encounter, salt, PermitLife::ORDINARY, crew, next());
        self.record(&opened);
        let card = CardKey::from_hash([bytes[3]; 32]);
        let read = Event::CardRead { card, trust: CardTrust::Acceptable };
        let course = match number % 4 {
            0 => vec![read, Event::FaceMatched, Event::ConsentGiven(Giver::Patient)],
            1 => vec![Event::Closed(WayOut::NoCard)],
            2 => vec![
                Event::CardFailed(CardFailure::Unreadable),
                read,
                Event::FaceMatched,
                Event::ConsentUnobtainable(Unobtainable::Unconscious),
            ],
            _ => vec![read, Event::ConsentRefused, Event::Closed(WayOut::Refused)],
        };
        for event in course {
            let occurrence = consent.apply(event, crew, next()).unwrap();
            self.record(&occurrence);
        }
        if consent.way_out().is_none() {
            let pending = consent.request_permit(Scope::Summary, crew, next()).unwrap();
            self.record(pending.entry());
            let end = consent.apply(Event::HandedOver, crew, next()).unwrap();
            self.record(&end);
        }
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        self.text.split_inclusive('\n').map(str::to_owned).collect()
    }
}

/// Everything that proves: seal key and checkpoint key, no kept checkpoints.
pub(crate) fn sealed(log: u8) -> Evidence {
    Evidence { seal_key: Some(seal_key(log)), ..chained() }
}

/// Chain and signatures only.
pub(crate) fn chained() -> Evidence {
    Evidence { checkpoint_key: Some(signer(1).verifying_key()), ..Evidence::default() }
}

pub(crate) fn verify(text: &[u8], evidence: Evidence) -> Verdict {
    let mut verifier = Verifier::new(evidence);
    verifier.feed(text);
    verifier.finish()
}
