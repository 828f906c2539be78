//! Dates as the chip stores them: Gregorian, `YYYYMMDD` in ASCII.

use core::fmt;

use time::Month;
use time::util::days_in_month;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::EraDate;
use crate::error::MalformedReason;

/// A day of the Gregorian calendar, years 1 to 9999.
///
/// Printable, because expiry dates are; a birth date travels as [`BirthDate`].
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Date {
    // This order makes the derived ordering the calendar's.
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// A date from its parts.
    ///
    /// Errors: [`MalformedReason::BadDate`] for a day that does not exist.
    pub fn new(year: u16, month: u8, day: u8) -> Result<Self, MalformedReason> {
        let known_month = Month::try_from(month).map_err(|_| MalformedReason::BadDate)?;
        let last = days_in_month(known_month, i32::from(year));
        if !(1..=9999).contains(&year) || !(1..=last).contains(&day) {
            return Err(MalformedReason::BadDate);
        }
        Ok(Self { year, month, day })
    }

    /// For the constants of the era table.
    pub(super) const fn known(year: u16, month: u8, day: u8) -> Self {
        Self { year, month, day }
    }

    /// Reads the chip's form, eight ASCII digits `YYYYMMDD`, as in face DF22 and DF29, text DF24.
    ///
    /// Errors: [`MalformedReason::BadDate`] for anything else and for a day that does not exist.
    pub fn parse_compact(bytes: &[u8]) -> Result<Self, MalformedReason> {
        let digits: &[u8; 8] = bytes.try_into().map_err(|_| MalformedReason::BadDate)?;
        if !digits.iter().all(u8::is_ascii_digit) {
            return Err(MalformedReason::BadDate);
        }
        let [a, b, c, d, e, f, g, h] = digits.map(|digit| digit - b'0');
        let year = u16::from(a * 10 + b) * 100 + u16::from(c * 10 + d);
        Self::new(year, e * 10 + f, g * 10 + h)
    }

    /// The chip's form: `YYYYMMDD` in ASCII.
    #[must_use]
    pub const fn to_compact(&self) -> [u8; 8] {
        const fn digit(number: u16, place: u16) -> u8 {
            let [_, low] = (number / place % 10).to_be_bytes();
            b'0' + low
        }
        let (year, month, day) = (self.year, self.month as u16, self.day as u16);
        [
            digit(year, 1000),
            digit(year, 100),
            digit(year, 10),
            digit(year, 1),
            digit(month, 10),
            digit(month, 1),
            digit(day, 10),
            digit(day, 1),
        ]
    }

    /// Year.
    #[must_use]
    pub const fn year(&self) -> u16 {
        self.year
    }

    /// Month, 1 to 12.
    #[must_use]
    pub const fn month(&self) -> u8 {
        self.month
    }

    /// Day of the month, from 1.
    #[must_use]
    pub const fn day(&self) -> u8 {
        self.day
    }

    /// The same day counted in its era (和暦); none before 1873, when Japan took up this calendar.
    #[must_use]
    pub fn to_era(&self) -> Option<EraDate> {
        EraDate::of(*self)
    }

    /// Full years from this date until `today`: the age of somebody born on it; 0 when it lies in
    /// the future.
    ///
    /// Plain calendar age: a birth on February 29 comes of age on March 1 of a common year. The
    /// law (年齢計算ニ関スル法律) lets every age be reached at the end of the day before, which
    /// differs only on that one evening.
    #[must_use]
    pub fn age_on(&self, today: Self) -> u16 {
        let before_birthday = (today.month, today.day) < (self.month, self.day);
        today.year.saturating_sub(self.year).saturating_sub(u16::from(before_birthday))
    }
}

impl fmt::Display for Date {
    /// ISO 8601, `1980-02-17`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl Zeroize for Date {
    fn zeroize(&mut self) {
        self.year.zeroize();
        self.month.zeroize();
        self.day.zeroize();
    }
}

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
