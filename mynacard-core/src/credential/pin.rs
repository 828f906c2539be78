//! The four-digit PIN.

use core::fmt;

use zeroize::Zeroizing;

use crate::error::CredentialFault;

/// A PIN of four digits (暗証番号): 券面事項入力補助用, 利用者証明用 or 住民基本台帳用, three tries each.
///
/// Only its holder knows it, so no main path needs it. Wiped on drop, never printed.
pub struct Pin(Zeroizing<Vec<u8>>);

impl Pin {
    /// Takes exactly four ASCII digits. Card effect: none; presenting it spends a try.
    ///
    /// Errors: [`CredentialFault::PinShape`] for anything else.
    pub fn from_digits(digits: &[u8]) -> Result<Self, CredentialFault> {
        if digits.len() != 4 || !digits.iter().all(u8::is_ascii_digit) {
            return Err(CredentialFault::PinShape);
        }
        Ok(Self(Zeroizing::new(digits.to_vec())))
    }

    /// The digits as the card wants them.
    pub(crate) fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin")
    }
}
