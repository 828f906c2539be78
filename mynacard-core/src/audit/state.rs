//! The end of a log as an opaque secret, so that it can go on after the app was restarted.

use core::fmt;
use core::marker::PhantomData;

use zeroize::Zeroizing;

use super::id::{SHORT_ID_MAX, ShortId};
use super::{AuditFault, AuditLog, LogId, LogKind, SealKey};

const VERSION: u8 = 1;
const LEN: usize = 2 + 16 + 8 + 32 + 32 + SHORT_ID_MAX;

/// The end of a log as an opaque secret. Wiped on drop.
///
/// Keep it in the platform's keystore and overwrite the previous one: with it every later line can
/// be forged, and an older one left behind gives the lines since then away.
pub struct SealState(Zeroizing<[u8; LEN]>);

impl SealState {
    /// The bytes to keep.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// Takes kept bytes.
    ///
    /// Errors: [`AuditFault::BadState`] if the length is wrong; contents are looked at by
    /// [`AuditLog::resume`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, AuditFault> {
        bytes.try_into().map(|bytes| Self(Zeroizing::new(bytes))).map_err(|_| AuditFault::BadState)
    }
}

impl fmt::Debug for SealState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealState(..)")
    }
}

impl<K: LogKind> AuditLog<K> {
    /// The end of this log, to be kept by the host; none while its header is not stored. A line that
    /// is pending is not in it.
    #[must_use]
    pub fn state(&self) -> Option<SealState> {
        if self.created.is_some() {
            return None;
        }
        let mut bytes = Zeroizing::new([0; LEN]);
        let device = self.device.as_str().bytes();
        let parts = [VERSION, u8::from(K::DRILL)]
            .into_iter()
            .chain(*self.log.as_bytes())
            .chain(self.seq.to_be_bytes())
            .chain(self.head)
            .chain(self.key.as_bytes().iter().copied())
            .chain(device);
        bytes.iter_mut().zip(parts).for_each(|(to, from)| *to = from);
        Some(SealState(bytes))
    }

    /// Goes on where [`state`](Self::state) was taken.
    ///
    /// Errors: [`AuditFault::BadState`]; [`AuditFault::WrongKind`] if a drill's state is resumed as
    /// a real log or the other way round.
    pub fn resume(state: &SealState) -> Result<Self, AuditFault> {
        let bad = AuditFault::BadState;
        let (&[version, drill], rest) = state.0.split_first_chunk::<2>().ok_or(bad)?;
        let (log, rest) = rest.split_first_chunk::<16>().ok_or(bad)?;
        let (seq, rest) = rest.split_first_chunk::<8>().ok_or(bad)?;
        let (head, rest) = rest.split_first_chunk::<32>().ok_or(bad)?;
        let (key, device) = rest.split_first_chunk::<32>().ok_or(bad)?;
        if version != VERSION {
            return Err(bad);
        }
        if drill != u8::from(K::DRILL) {
            return Err(AuditFault::WrongKind);
        }
        let device = core::str::from_utf8(device).map_err(|_| bad)?.trim_end_matches('\0');
        Ok(Self {
            log: LogId::from_random(*log),
            device: ShortId::new(device).map_err(|_| bad)?,
            seq: u64::from_be_bytes(*seq),
            head: *head,
            key: SealKey::from_random(*key),
            created: None,
            pending: None,
            handed_out: 0,
            outboxes: Vec::new(),
            kind: PhantomData,
        })
    }
}
