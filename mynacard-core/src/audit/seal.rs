//! The forward-secure seal: a key for each line, from which no earlier key can be found.

use core::fmt;

use ring::{digest, hmac};
use zeroize::{Zeroize, ZeroizeOnDrop};

// With a key of 32 bytes these labels stay within one block of SHA-256.
const NEXT: &[u8] = b"mynacard seal next v1\0";

/// The key that seals one line. Key `i + 1` is `SHA-256(label || key i)`; key `i` seals line `i`.
///
/// The first key of a log (key 0) is 32 random bytes of the host. It belongs to whoever verifies
/// the log and must not stay on the tablet: with key `i` every line from `i` on can be forged, and
/// none before. Wiped on drop.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct SealKey([u8; 32]);

impl SealKey {
    /// From 32 random bytes of the host: key 0 of a log.
    #[must_use]
    pub const fn from_random(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub(super) const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Moves on to the next key; the one before is overwritten.
    pub(super) fn evolve(&mut self) {
        let mut message = [0; NEXT.len() + 32];
        let parts = NEXT.iter().chain(&self.0);
        message.iter_mut().zip(parts).for_each(|(to, from)| *to = *from);
        // INVARIANT: SHA-256 has 32 bytes.
        let next = digest::digest(&digest::SHA256, &message);
        self.0 = next.as_ref().try_into().unwrap_or_default();
        message.zeroize();
    }

    /// Moves on by several keys.
    pub(super) fn evolve_by(&mut self, steps: u64) {
        for _ in 0..steps {
            self.evolve();
        }
    }

    /// The seal of a line: `HMAC-SHA-256(key, SHA-256(sealed bytes of the line))`.
    pub(super) fn seal(&self, body: &[u8; 32]) -> [u8; 32] {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.0);
        // INVARIANT: HMAC-SHA-256 has 32 bytes.
        hmac::sign(&key, body).as_ref().try_into().unwrap_or_default()
    }
}

impl fmt::Debug for SealKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealKey(..)")
    }
}
