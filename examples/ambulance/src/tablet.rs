//! What belongs to the tablet: its clock, its randomness, and the file of its audit log.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, anyhow};
use data_encoding::HEXLOWER;
use mynacard_core::Timestamp;
use mynacard_core::audit::{
    AuditLog, Drill, Ed25519Signer, EncounterId, Evidence, LogId, Occurrence, Salt, SealKey,
    ShortId, Stored, Verdict, Verifier,
};
use mynacard_core::trust::Challenge;
use ring::rand::SystemRandom;
use ring::signature::Ed25519KeyPair;

/// The tablet, with the audit log that it writes.
pub(crate) struct Tablet {
    log: AuditLog<Drill>,
    file: File,
    folder: PathBuf,
    first_key: [u8; 32],
    signer: Ed25519Signer,
    lines: u64,
}

impl Tablet {
    /// A tablet with a new log, in a folder of its own among the temporary files.
    pub(crate) fn new() -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("mynacard-demo-{}", std::process::id()));
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let path = folder.join("audit.jsonl");
        let _ = fs::remove_file(&path);
        let file = OpenOptions::new()
            .create_new(true)
            .append(true)
            .open(&path)
            .with_context(|| format!("cannot make {}", path.display()))?;
        let pair = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new())
            .map_err(|_| anyhow!("no random numbers"))?;
        let first_key = random()?;
        let device = ShortId::new("tablet-01")?;
        let new = AuditLog::create(
            LogId::from_random(random()?),
            device,
            SealKey::from_random(first_key),
            now()?,
        );
        let mut file = file;
        append(&mut file, new.text())?;
        let signer = Ed25519Signer::from_pkcs8(pair.as_ref())?;
        let log = new.confirm()?;
        Ok(Self { log, file, folder, first_key, signer, lines: 1 })
    }

    /// Writes what a verifier needs. On a real tablet the seal key goes to the office before the first
    /// line is written, and never onto the disk beside the log.
    pub(crate) fn write_office_keys(&self) -> Result<()> {
        let office = self.folder.join("office");
        fs::create_dir_all(&office)?;
        fs::write(office.join("seal-key.hex"), HEXLOWER.encode(&self.first_key))?;
        let tablet_key = HEXLOWER.encode(self.signer.verifying_key().as_bytes());
        fs::write(office.join("tablet-key.hex"), tablet_key)?;
        Ok(())
    }

    /// Stores what happened, and says so.
    pub(crate) fn record(&mut self, occurrence: &Occurrence<Drill>) -> Result<Stored<Drill>> {
        let line = self.log.prepare(occurrence);
        append(&mut self.file, line.text())?;
        self.lines += 1;
        Ok(self.log.confirm(line)?)
    }

    /// Signs what was stored so far, and verifies the whole file as somebody with the keys would.
    pub(crate) fn close_and_verify(&mut self) -> Result<(Verdict, u64)> {
        let checkpoint = self.log.prepare_checkpoint(now()?, &self.signer)?;
        append(&mut self.file, checkpoint.text())?;
        self.lines += 1;
        self.log.confirm(checkpoint)?;
        let mut verifier = Verifier::new(Evidence {
            seal_key: Some(SealKey::from_random(self.first_key)),
            checkpoint_key: Some(self.signer.verifying_key()),
            ..Evidence::default()
        });
        verifier.feed(&fs::read(self.log_path())?);
        Ok((verifier.finish(), self.lines))
    }

    /// Where the log is.
    pub(crate) fn log_path(&self) -> PathBuf {
        self.folder.join("audit.jsonl")
    }

    /// The folder of this run.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }
}

/// One write, flushed to the disk, as the log asks for.
fn append(file: &mut File, text: &str) -> Result<()> {
    file.write_all(text.as_bytes())?;
    file.sync_data()?;
    Ok(())
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
