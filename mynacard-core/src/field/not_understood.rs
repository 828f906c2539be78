//! A value that is not what we know.

use core::fmt;

use zeroize::Zeroizing;

use crate::error::{Malformed, MalformedReason};

/// Most bytes that are shown of it.
const SHOWN_MAX: usize = 32;

/// A value that the chip holds in a form this library does not know (不詳): a birth date without a day, sex
/// code 3, a name in another encoding. It is kept as the chip has it, and costs nothing beside it. Wiped on
/// drop, absent from `Debug`.
#[derive(Clone, Eq, PartialEq)]
pub struct NotUnderstood {
    object: &'static str,
    why: MalformedReason,
    said: Zeroizing<Vec<u8>>,
}

impl NotUnderstood {
    /// What the chip has in its place. [`MalformedReason::Missing`] says that it has nothing.
    pub(crate) fn new(object: &'static str, why: MalformedReason, said: &[u8]) -> Self {
        Self { object, why, said: Zeroizing::new(said.to_vec()) }
    }

    /// The object, `face/DF22 birth date`.
    #[must_use]
    pub const fn object(&self) -> &'static str {
        self.object
    }

    /// What is wrong with it.
    #[must_use]
    pub const fn why(&self) -> MalformedReason {
        self.why
    }

    /// The bytes as the chip has them; personal.
    #[must_use]
    pub fn said(&self) -> &[u8] {
        &self.said
    }

    /// What the chip has, for a screen: printable ASCII as it is, anything else in hex, at most 32 bytes of it;
    /// personal.
    #[must_use]
    pub fn shown(&self) -> Zeroizing<String> {
        let head = self.said.get(..SHOWN_MAX).unwrap_or(&self.said);
        let is_text = head.iter().all(|byte| byte.is_ascii_graphic() || *byte == b' ');
        let mut shown = Zeroizing::new(String::with_capacity(2 * SHOWN_MAX + '…'.len_utf8()));
        for byte in head {
            // INVARIANT: writing to a text does not fail.
            let _ = if is_text {
                fmt::Write::write_char(&mut *shown, char::from(*byte))
            } else {
                fmt::Write::write_fmt(&mut *shown, format_args!("{byte:02X}"))
            };
        }
        if self.said.len() > SHOWN_MAX {
            shown.push('…');
        }
        shown
    }

    /// In the place of the value on a screen, in Japanese: `不詳(カードの記載 19800200)`, `記載なし`; personal.
    #[must_use]
    pub fn japanese(&self) -> Zeroizing<String> {
        if self.said.is_empty() {
            return Zeroizing::new("記載なし".to_owned());
        }
        Zeroizing::new(["不詳(カードの記載 ", &self.shown(), ")"].concat())
    }
}

impl fmt::Debug for NotUnderstood {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NotUnderstood({}: {})", self.object, self.why)
    }
}

impl From<&NotUnderstood> for Malformed {
    fn from(value: &NotUnderstood) -> Self {
        Self { object: value.object, at: 0, why: value.why }
    }
}
