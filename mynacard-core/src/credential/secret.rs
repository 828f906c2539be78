//! A credential together with what it may be presented to.

use super::{Pin, VerificationNumberB};
use crate::applet::KeyRef;

/// A credential about to be presented to a key.
#[derive(Clone, Copy, Debug)]
pub enum Secret<'a> {
    /// 照合番号B.
    NumberB(&'a VerificationNumberB),
    /// A four-digit PIN.
    Pin(&'a Pin),
}

impl Secret<'_> {
    /// Whether this kind of credential is what the key takes; presenting another would waste a try.
    #[must_use]
    pub const fn opens(&self, key: KeyRef) -> bool {
        match self {
            Self::NumberB(_) => matches!(key, KeyRef::FaceNumberB | KeyRef::TextNumberB),
            Self::Pin(_) => matches!(key, KeyRef::TextPin),
        }
    }

    /// The bytes that the card compares.
    pub(crate) fn expose(&self) -> &[u8] {
        match self {
            Self::NumberB(number) => number.expose(),
            Self::Pin(pin) => pin.expose(),
        }
    }
}
