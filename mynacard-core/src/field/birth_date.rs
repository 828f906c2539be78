//! The holder's birth date.

use core::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::calendar::Date;
use crate::error::MalformedReason;

/// The holder's birth date (生年月日): personal, so wiped on drop and absent from `Debug`.
#[derive(Clone, Eq, PartialEq, Zeroize, ZeroizeOnDrop)]
pub struct BirthDate(Date);

impl BirthDate {
    /// Reads the chip's form, as [`Date::parse_compact`] does, with the same errors.
    pub fn parse_compact(bytes: &[u8]) -> Result<Self, MalformedReason> {
        Date::parse_compact(bytes).map(Self)
    }

    /// The date itself. Whoever asks for it answers for where it goes.
    #[must_use]
    pub const fn date(&self) -> Date {
        self.0
    }
}

impl From<Date> for BirthDate {
    fn from(date: Date) -> Self {
        Self(date)
    }
}

impl fmt::Debug for BirthDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BirthDate(…)")
    }
}
