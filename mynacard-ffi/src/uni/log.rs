//! The audit log: what line to store next, and the word that it is stored.

use std::sync::Arc;

use mynacard_core::Timestamp;
use mynacard_core::audit::{self, Ed25519Signer, LogId, SealKey, SealState, ShortId};
use zeroize::Zeroizing;

use super::encounter::Encounter;
use super::error::{MynacardFault, exactly, guarded};
use crate::encounter::AnyLog;
use crate::error::BoundaryFault;
use crate::exclusive::Exclusive;

/// The end of an audit log (監査記録), where the next line goes. The host stores the lines.
///
/// For each line: next_line, append the text durably (one write, flushed to the disk), confirm it by its
/// ticket, then keep state in the keystore over the previous one. If it cannot be stored: discard. Any thread
/// may use it, one at a time.
#[derive(uniffi::Object)]
pub struct AuditLog(Exclusive<AnyLog>);

/// What a new log is made from.
#[derive(uniffi::Record)]
pub struct LogStart {
    /// Whether it is a log of drills (訓練).
    pub drill: bool,
    /// 16 bytes from the system's cryptographic generator: the log's identity.
    pub id: Vec<u8>,
    /// 32 bytes from there: key 0. It goes to whoever will verify, by a way that is not the tablet's disk; then
    /// wipe it.
    pub seal_key: Vec<u8>,
    /// The device's inventory number: 1 to 24 characters of `A-Z a-z 0-9 . _ -`.
    pub device: String,
}

/// A line to be stored.
#[derive(Clone, Debug, Eq, PartialEq, uniffi::Record)]
pub struct PendingLine {
    /// Its name until it is confirmed or discarded: no other line has it, of this log or another one, nor the
    /// same entry when it is handed out again.
    pub ticket: u64,
    /// The line with its line feed: append exactly these bytes.
    pub text: String,
}

impl From<audit::PendingLine<'_>> for PendingLine {
    fn from(line: audit::PendingLine<'_>) -> Self {
        Self { ticket: line.ticket, text: line.text.to_owned() }
    }
}

#[uniffi::export]
impl AuditLog {
    /// A new log. Its header is the first line to store.
    ///
    /// Errors: `Misuse::OutOfRange` for bytes of another number; `AuditFault` for a device's name that cannot be.
    #[uniffi::constructor]
    pub fn create(start: LogStart, now_unix_millis: u64) -> Result<Arc<Self>, MynacardFault> {
        let seal_key = Zeroizing::new(start.seal_key);
        guarded(|| {
            let id = LogId::from_random(exactly(&start.id)?);
            let key = SealKey::from_random(exactly(&seal_key)?);
            let device = ShortId::new(&start.device)?;
            let now = Timestamp::from_unix_millis(now_unix_millis)?;
            let log = AnyLog::create(start.drill, id, device, key, now);
            Ok(Arc::new(Self(Exclusive::new(log))))
        })
    }

    /// Goes on where a state was taken. Errors: `AuditFault::BadState`, `AuditFault::WrongKind`.
    #[uniffi::constructor]
    pub fn resume(drill: bool, state: Vec<u8>) -> Result<Arc<Self>, MynacardFault> {
        let state = Zeroizing::new(state);
        guarded(|| {
            let log = AnyLog::resume(drill, &SealState::from_bytes(&state)?)?;
            Ok(Arc::new(Self(Exclusive::new(log))))
        })
    }

    /// Takes up a line that was stored after the state was saved. Errors: `AuditFault::NotNext`.
    pub fn catch_up(&self, line: String) -> Result<(), MynacardFault> {
        guarded(|| Ok(self.0.hold()?.catch_up(&line)?))
    }

    /// Hands out the line to store next: the log's header, or what the encounter has made first that is not
    /// stored. None when there is nothing to store. The log does not move, and gives no other line, before this
    /// one is confirmed or discarded by its sequence number.
    ///
    /// Errors: `AuditFault::LinePending` while a line is; `AuditFault::OtherLog` while the entry is being stored in
    /// another log; `AuditFault::WrongKind` for a drill's encounter and a real log, or the other way round.
    pub fn next_line(
        &self,
        encounter: Option<Arc<Encounter>>,
    ) -> Result<Option<PendingLine>, MynacardFault> {
        guarded(|| {
            let mut log = self.0.hold()?;
            Ok(match &encounter {
                None => log.next_line(None)?.map(Into::into),
                Some(it) => log.next_line(Some(&mut *it.0.hold()?))?.map(Into::into),
            })
        })
    }

    /// The line that was handed out and is neither confirmed nor discarded, once more.
    pub fn pending(&self) -> Result<Option<PendingLine>, MynacardFault> {
        guarded(|| Ok(self.0.hold()?.pending().map(Into::into)))
    }

    /// A checkpoint: a line to store next that signs everything before it with an Ed25519 key in PKCS#8 (DER).
    /// Once it is stored and confirmed, send it to a place that the tablet cannot change.
    ///
    /// Errors: `AuditFault::BadKey`, `AuditFault::LinePending`, `AuditFault::HeaderFirst`.
    pub fn checkpoint(
        &self,
        pkcs8: Vec<u8>,
        now_unix_millis: u64,
    ) -> Result<PendingLine, MynacardFault> {
        let pkcs8 = Zeroizing::new(pkcs8);
        guarded(|| {
            let signer = Ed25519Signer::from_pkcs8(&pkcs8)?;
            let now = Timestamp::from_unix_millis(now_unix_millis)?;
            Ok(self.0.hold()?.checkpoint(&signer, now)?.into())
        })
    }

    /// Confirms that the line with this ticket is stored durably: the log moves on. If it was a
    /// permit's line, the permit is in force from here on. `encounter` is the one that made it; none for a
    /// header, a checkpoint, or the line of an encounter that was let go meanwhile.
    ///
    /// Errors: `AuditFault::NotPending` for another line than the one that was handed out, or one that another
    /// encounter made: nothing has moved. `Refusal` if the facts have changed since the permit was asked for: its
    /// line is in the log, and it opens nothing.
    pub fn confirm(
        &self,
        encounter: Option<Arc<Encounter>>,
        ticket: u64,
        now_unix_millis: u64,
    ) -> Result<(), MynacardFault> {
        guarded(|| {
            let mut log = self.0.hold()?;
            let now = Timestamp::from_unix_millis(now_unix_millis)?;
            match &encounter {
                None => log.confirm(None, ticket, now),
                Some(encounter) => log.confirm(Some(&mut *encounter.0.hold()?), ticket, now),
            }
        })
    }

    /// Drops a line that was handed out and could not be stored: the log has not moved, and what it records
    /// waits as before. Errors: `AuditFault::NotPending`.
    pub fn discard(&self, ticket: u64) -> Result<(), MynacardFault> {
        guarded(|| Ok(self.0.hold()?.discard(ticket)?))
    }

    /// The end of the log as a secret to keep in the keystore, over the previous one: with it every later line can
    /// be forged. Errors: `BoundaryFault::Absent` before the header is stored.
    pub fn state(&self) -> Result<Vec<u8>, MynacardFault> {
        guarded(|| {
            let state = self.0.hold()?.state().ok_or(BoundaryFault::Absent)?;
            Ok(state.as_bytes().to_vec())
        })
    }
}
