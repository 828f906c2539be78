//! A day of the Gregorian calendar, which is that of the `time` crate.

use core::fmt;

use time::{Duration, Month};
use zeroize::Zeroize;

use crate::error::MalformedReason;

/// A day of the Gregorian calendar, years 1 to 9999.
///
/// Printable, because expiry dates are; a birth date travels as [`BirthDate`](crate::field::BirthDate).
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Date {
    // This order makes the derived ordering the calendar's. Numbers of our own, because they can be wiped.
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// A date from its parts.
    ///
    /// Errors: [`MalformedReason::BadDate`] for a day that does not exist.
    pub fn new(year: u16, month: u8, day: u8) -> Result<Self, MalformedReason> {
        let month = Month::try_from(month).map_err(|_| MalformedReason::BadDate)?;
        let date = time::Date::from_calendar_date(i32::from(year), month, day);
        date.ok().and_then(Self::within).ok_or(MalformedReason::BadDate)
    }

    /// None outside the years 1 to 9999, which a date on the card is never.
    pub(super) fn within(date: time::Date) -> Option<Self> {
        (1..=9999).contains(&date.year()).then(|| Self::known(date))
    }

    /// For dates that are known to be within the years 1 to 9999.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "1 to 9999")]
    pub(super) const fn known(date: time::Date) -> Self {
        Self { year: date.year() as u16, month: date.month() as u8, day: date.day() }
    }

    fn civil(self) -> time::Date {
        let month = Month::try_from(self.month).unwrap_or(Month::January);
        // INVARIANT: every way to a value takes a day that exists.
        time::Date::from_calendar_date(i32::from(self.year), month, self.day)
            .unwrap_or(time::Date::MIN)
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
        let (year, month, day) = (self.year(), self.month() as u16, self.day() as u16);
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

    /// The same day of the month so many calendar months later, or earlier; the last day of that month when
    /// it has no such day. None outside the years 1 to 9999.
    pub(crate) fn plus_months(self, months: i32) -> Option<Self> {
        let count =
            (i32::from(self.year()) * 12 + i32::from(self.month()) - 1).checked_add(months)?;
        let month = Month::try_from(u8::try_from(count.rem_euclid(12) + 1).ok()?).ok()?;
        let year = count.div_euclid(12);
        let day = self.day().min(month.length(year));
        time::Date::from_calendar_date(year, month, day).ok().and_then(Self::within)
    }

    /// So many days later, or earlier. None outside the years 1 to 9999.
    pub(crate) fn plus_days(self, days: i64) -> Option<Self> {
        self.civil().checked_add(Duration::days(days)).and_then(Self::within)
    }

    /// Days from an earlier date to this one; 0 when it is not earlier.
    pub(crate) fn days_since(self, earlier: Self) -> u32 {
        u32::try_from((self.civil() - earlier.civil()).whole_days()).unwrap_or(0)
    }

    /// The last day of its month.
    pub(crate) fn month_end(self) -> Self {
        let civil = self.civil();
        Self { day: civil.month().length(civil.year()), ..self }
    }

    /// Full years from this date until `today`: the age of somebody born on it; 0 when it lies in
    /// the future.
    ///
    /// Plain calendar age: a birth on February 29 comes of age on March 1 of a common year. The
    /// law (年齢計算ニ関スル法律) lets every age be reached at the end of the day before, which
    /// differs only on that one evening.
    #[must_use]
    pub fn age_on(&self, today: Self) -> u16 {
        let before_birthday = (today.month(), today.day()) < (self.month(), self.day());
        today.year().saturating_sub(self.year()).saturating_sub(u16::from(before_birthday))
    }
}

impl fmt::Display for Date {
    /// ISO 8601, `1980-02-17`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year(), self.month(), self.day())
    }
}

impl Zeroize for Date {
    fn zeroize(&mut self) {
        self.year.zeroize();
        self.month.zeroize();
        self.day.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: u16, month: u8, day: u8) -> Date {
        Date::new(year, month, day).unwrap()
    }

    #[test]
    fn months_are_calendar_months_and_end_where_a_month_ends() {
        for (from, months, to) in [
            (day(2026, 11, 22), 3, day(2026, 8, 22)),
            (day(2026, 5, 31), 3, day(2026, 2, 28)),
            (day(2028, 5, 31), 3, day(2028, 2, 29)),
            (day(2028, 2, 29), 60, day(2023, 2, 28)),
            (day(2026, 1, 15), 1, day(2025, 12, 15)),
            (day(2026, 12, 31), 12, day(2025, 12, 31)),
        ] {
            assert_eq!(from.plus_months(-months), Some(to));
        }
        assert_eq!(day(1, 1, 1).plus_months(-1), None);
    }

    #[test]
    fn days_cross_months_and_leap_days() {
        assert_eq!(day(2028, 3, 1).plus_days(-1), Some(day(2028, 2, 29)));
        assert_eq!(day(2026, 3, 1).plus_days(-45), Some(day(2026, 1, 15)));
        assert_eq!(day(1, 1, 1).plus_days(-1), None);
        assert_eq!(day(2028, 3, 1).days_since(day(2028, 2, 28)), 2);
        assert_eq!(day(2028, 2, 28).days_since(day(2028, 3, 1)), 0);
    }
}
