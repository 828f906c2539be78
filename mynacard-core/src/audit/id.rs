//! Identifiers that stand in a log: opaque, bounded, given by the host.

use core::fmt;
use core::str::FromStr;

use data_encoding::HEXLOWER;
use ring::digest;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::hex;
use crate::error::Misuse;

/// Bytes that an opaque short id may have.
pub(crate) const SHORT_ID_MAX: usize = 24;

/// An opaque short id of a crew member (救急隊員) or a device, as the host gives it.
///
/// 1 to 24 characters of `A-Z a-z 0-9 . _ -`: a staff or inventory number, never a name.
#[derive(Clone, Copy, Eq, Hash, PartialEq)]
pub struct ShortId {
    len: u8,
    bytes: [u8; SHORT_ID_MAX],
}

impl ShortId {
    /// Takes an id as text.
    ///
    /// Errors: [`Misuse::OutOfRange`] if it is empty, too long or has another character.
    pub fn new(text: &str) -> Result<Self, Misuse> {
        Self::from_ascii(text.as_bytes())
    }

    pub(crate) fn from_ascii(text: &[u8]) -> Result<Self, Misuse> {
        if text.is_empty() || !text.iter().copied().all(is_short_id_byte) {
            return Err(Misuse::OutOfRange);
        }
        let mut bytes = [0; SHORT_ID_MAX];
        bytes.get_mut(..text.len()).ok_or(Misuse::OutOfRange)?.copy_from_slice(text);
        Ok(Self { len: u8::try_from(text.len()).map_err(|_| Misuse::OutOfRange)?, bytes })
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // INVARIANT: `new` lets only ASCII in.
        self.bytes
            .get(..usize::from(self.len))
            .and_then(|bytes| core::str::from_utf8(bytes).ok())
            .unwrap_or_default()
    }
}

/// Whether a byte may stand in a [`ShortId`].
pub(crate) fn is_short_id_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-')
}

impl fmt::Debug for ShortId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ShortId({})", self.as_str())
    }
}

impl fmt::Display for ShortId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

macro_rules! hex_id {
    ($(#[$meta:meta])* $name:ident, $bytes:literal) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct $name([u8; $bytes]);

        impl $name {
            /// The bytes.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; $bytes] {
                &self.0
            }

            pub(crate) fn from_hex(text: &[u8]) -> Option<Self> {
                hex::read(text).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", HEXLOWER.encode_display(&self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl FromStr for $name {
            type Err = Misuse;

            /// Reads lower-case hexadecimal digits.
            ///
            /// Errors: [`Misuse::OutOfRange`] for any other text.
            fn from_str(text: &str) -> Result<Self, Misuse> {
                Self::from_hex(text.as_bytes()).ok_or(Misuse::OutOfRange)
            }
        }
    };
}

hex_id! {
    /// Identity of one encounter with one patient (1件の救急対応): random, says nothing about anyone.
    EncounterId, 16
}

hex_id! {
    /// Identity of one log: random.
    LogId, 16
}

hex_id! {
    /// Salted commitment to a card: `SHA-256(salt || card key)`.
    ///
    /// Tells entries of the same encounter apart by card; without the encounter's salt it can be
    /// neither tested against a card nor matched with another encounter of the same patient.
    Commitment, 32
}

hex_id! {
    /// SHA-256 of one whole line of a log, without its line end.
    LineHash, 32
}

impl EncounterId {
    /// From 16 random bytes of the host.
    #[must_use]
    pub const fn from_random(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }
}

impl LogId {
    /// From 16 random bytes of the host.
    #[must_use]
    pub const fn from_random(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }
}

impl LineHash {
    pub(crate) const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

/// The salt of one encounter's commitments: 32 random bytes of the host, wiped on drop.
///
/// Whoever must later prove that a certain card was meant keeps it; nobody else needs it.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Salt([u8; 32]);

impl Salt {
    /// From 32 random bytes of the host, drawn anew for each encounter.
    #[must_use]
    pub const fn from_random(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The commitment to a card under this salt.
    #[must_use]
    pub fn commit(&self, card_key: &[u8; 32]) -> Commitment {
        let mut context = digest::Context::new(&digest::SHA256);
        context.update(&self.0);
        context.update(card_key);
        Commitment(finish(context))
    }
}

impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Salt(..)")
    }
}

/// The 32 bytes of a finished SHA-256.
pub(crate) fn finish(context: digest::Context) -> [u8; 32] {
    // INVARIANT: every caller hashes with SHA-256, whose output has 32 bytes.
    context.finish().as_ref().try_into().unwrap_or_default()
}
