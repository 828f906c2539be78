//! The audit log: what line to store next, and the word that it is stored.

use std::sync::Arc;

use mynacard_core::Timestamp;
use mynacard_core::audit::{Ed25519Signer, LogId, SealKey, SealState, ShortId};
use mynacard_core::error::{BoundaryFault, Misuse};
use zeroize::Zeroizing;

use super::encounter::Encounter;
use super::error::{MynacardFault, guarded};
use crate::encounter::AnyLog;
use crate::exclusive::Exclusive;

/// The end of an audit log (監査記録), where the next line goes. The host stores the lines.
///
/// For each line: next_line, append the text durably (one write, flushed to the disk), confirm, then keep
/// state in the keystore over the previous one. Any thread may use it, one at a time.
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
        guarded(|| self.0.hold()?.catch_up(&line))
    }

    /// The line to store next, with its line feed: the log's header, or what the encounter has made first that is
    /// not stored. None when there is nothing to store. The log does not move.
    ///
    /// Errors: `AuditFault::WrongKind` for a drill's encounter and a real log, or the other way round.
    pub fn next_line(
        &self,
        encounter: Option<Arc<Encounter>>,
    ) -> Result<Option<String>, MynacardFault> {
        guarded(|| {
            let mut log = self.0.hold()?;
            let line = match &encounter {
                None => log.next_line(None)?.map(str::to_owned),
                Some(encounter) => log.next_line(Some(&*encounter.0.hold()?))?.map(str::to_owned),
            };
            Ok(line)
        })
    }

    /// A checkpoint: a line to store next that signs everything before it with an Ed25519 key in PKCS#8 (DER).
    /// Once it is stored and confirmed, send it to a place that the tablet cannot change.
    ///
    /// Errors: `AuditFault::BadKey`; `BoundaryFault::Absent` before the header is stored.
    pub fn checkpoint(
        &self,
        pkcs8: Vec<u8>,
        now_unix_millis: u64,
    ) -> Result<String, MynacardFault> {
        let pkcs8 = Zeroizing::new(pkcs8);
        guarded(|| {
            let signer = Ed25519Signer::from_pkcs8(&pkcs8)?;
            let now = Timestamp::from_unix_millis(now_unix_millis)?;
            Ok(self.0.hold()?.checkpoint(&signer, now)?.to_owned())
        })
    }

    /// The host's word that the last line asked for is stored durably: the log moves on. If it was a permit's
    /// line, the permit is in force from here on. `encounter` is that of the line; none for a header or a
    /// checkpoint.
    ///
    /// Errors: `BoundaryFault::Absent` if no line was asked for; `AuditFault::Stale` for a line of another encounter;
    /// `Refusal` if the facts have changed since the permit was asked for: its line is in the log, and it opens
    /// nothing.
    pub fn confirm(
        &self,
        encounter: Option<Arc<Encounter>>,
        now_unix_millis: u64,
    ) -> Result<(), MynacardFault> {
        guarded(|| {
            let mut log = self.0.hold()?;
            let now = Timestamp::from_unix_millis(now_unix_millis)?;
            match &encounter {
                None => log.confirm(None, now),
                Some(encounter) => log.confirm(Some(&mut *encounter.0.hold()?), now),
            }
        })
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

/// Bytes of a fixed number.
pub(super) fn exactly<const N: usize>(bytes: &[u8]) -> Result<[u8; N], Misuse> {
    bytes.try_into().map_err(|_| Misuse::OutOfRange)
}
