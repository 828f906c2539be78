//! What belongs to the tablet: its clock, its randomness, and its audit log.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, anyhow};
use data_encoding::HEXLOWER;
use mynacard_core::Timestamp;
use mynacard_core::audit::{
    AuditLog, Drill, Ed25519Signer, EncounterId, LogEvidence, LogId, LogVerdict, Salt, SealKey,
    ShortId, Verifier,
};
use mynacard_core::encounter::{Encounter, StoreError};
use mynacard_core::trust::Challenge;
use ring::rand::SystemRandom;
use ring::signature::Ed25519KeyPair;

use crate::storage::Storage;

/// The tablet, with the audit log that it writes.
pub(crate) struct Tablet {
    log: AuditLog<Drill>,
    storage: Storage,
    first_key: [u8; 32],
    signer: Ed25519Signer,
}

impl Tablet {
    /// A tablet with a new log, which stays in this folder if there is one.
    pub(crate) fn new(keep: Option<&Path>) -> Result<Self> {
        let storage = Storage::new(keep)?;
        let pair = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new())
            .map_err(|_| anyhow!("no random numbers"))?;
        let first_key = random()?;
        let device = ShortId::new("tablet-01")?;
        let log = AuditLog::create(
            LogId::from_random(random()?),
            device,
            SealKey::from_random(first_key),
            now()?,
        );
        let signer = Ed25519Signer::from_pkcs8(pair.as_ref())?;
        Ok(Self { log, storage, first_key, signer })
    }

    /// Stores everything that waits in the encounter.
    pub(crate) fn record(&mut self, encounter: &mut Encounter<Drill>) -> Result<()> {
        let stored = encounter.store(&mut self.log, now()?, |line| self.storage.append(line));
        stored.map_err(|error| match error {
            StoreError::NotStored(error) => error,
            StoreError::Refused(error) => error.into(),
        })
    }

    /// How many lines are stored.
    pub(crate) const fn lines(&self) -> u64 {
        self.log.next_seq()
    }

    /// Signs what was stored so far, and verifies the whole log as somebody with the keys would.
    pub(crate) fn close_and_verify(&mut self) -> Result<(LogVerdict, u64)> {
        let checkpoint = self.log.checkpoint(now()?, &self.signer)?;
        let ticket = checkpoint.ticket;
        self.storage.append(checkpoint.text)?;
        self.log.confirm(ticket)?;
        let mut verifier = Verifier::new(LogEvidence {
            seal_key: Some(SealKey::from_random(self.first_key)),
            checkpoint_key: Some(self.signer.verifying_key()),
            ..LogEvidence::default()
        });
        verifier.feed(self.storage.log().as_bytes());
        Ok((verifier.finish(), self.lines()))
    }

    /// Where this run's files live.
    pub(crate) const fn storage(&mut self) -> &mut Storage {
        &mut self.storage
    }

    /// Ends the run: what a verifier needs is kept beside the log, where that is; the folder. A real
    /// tablet's seal key goes to the office before the first line is written, and never onto the disk.
    pub(crate) fn finish(mut self) -> Result<Option<PathBuf>> {
        let tablet_key = self.signer.verifying_key();
        for (name, key) in
            [("seal-key.hex", &self.first_key), ("tablet-key.hex", tablet_key.as_bytes())]
        {
            self.storage.keep_file(name, HEXLOWER.encode(key).as_bytes())?;
        }
        Ok(self.storage.finish())
    }
}

/// The tablet's clock.
pub(crate) fn now() -> Result<Timestamp> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).context("the clock is before 1970")?;
    Ok(Timestamp::from_unix_millis(u64::try_from(since.as_millis())?)?)
}

/// Bytes from the system's generator.
fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| anyhow!("no random numbers: {error}"))?;
    Ok(bytes)
}

/// A new encounter's identifier and salt.
pub(crate) fn new_encounter() -> Result<(EncounterId, Salt)> {
    Ok((EncounterId::from_random(random()?), Salt::from_random(random()?)))
}

/// A challenge that no card has seen.
pub(crate) fn new_challenge() -> Result<Challenge> {
    Ok(Challenge::new(&random::<32>()?)?)
}
