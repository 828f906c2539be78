//! When something happened, and the calendar arithmetic that periods need. Every date is meant in
//! Japan.

use core::fmt;

use serde::{Serialize, Serializer};
use time::util::days_in_month;
use zeroize::Zeroize;

use crate::Timestamp;
use crate::error::MalformedReason;
use crate::field::Date;

/// When an item of the medical data happened: receipts may state the month alone (診療年月).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum When {
    /// On this day.
    Day(Date),
    /// Some day of this month.
    Month(Month),
}

impl When {
    /// The earliest day that it can have been.
    #[must_use]
    pub fn first_day(self) -> Date {
        match self {
            Self::Day(day) => day,
            Self::Month(month) => month.first,
        }
    }

    /// The latest day that it can have been.
    #[must_use]
    pub fn last_day(self) -> Date {
        match self {
            Self::Day(day) => day,
            Self::Month(month) => month.last,
        }
    }
}

impl Zeroize for When {
    fn zeroize(&mut self) {
        match self {
            Self::Day(day) => day.zeroize(),
            Self::Month(month) => {
                month.first.zeroize();
                month.last.zeroize();
            }
        }
    }
}

impl From<Date> for When {
    fn from(day: Date) -> Self {
        Self::Day(day)
    }
}

impl fmt::Display for When {
    /// `2026-09-20`, or `2026-09` for a month.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => day.fmt(f),
            Self::Month(month) => write!(f, "{:04}-{:02}", month.first.year(), month.first.month()),
        }
    }
}

impl Serialize for When {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A calendar month.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Month {
    first: Date,
    last: Date,
}

impl Month {
    /// A month from its parts.
    ///
    /// Errors: [`MalformedReason::BadDate`] for a month that does not exist.
    pub fn new(year: u16, month: u8) -> Result<Self, MalformedReason> {
        let first = Date::new(year, month, 1)?;
        Ok(Self { first, last: Date::new(year, month, last_day_of(first))? })
    }
}

/// The day in Japan at this moment.
///
/// Errors: [`MalformedReason::BadDate`], which no [`Timestamp`] causes.
pub(crate) fn today(now: Timestamp) -> Result<Date, MalformedReason> {
    let (year, month, day) = now.date_in_japan();
    Date::new(year, month, day)
}

/// The same day of the month so many calendar months earlier; the last day of that month when it
/// has no such day. None before the year 1.
pub(crate) fn months_before(date: Date, months: u16) -> Option<Date> {
    let count = u32::from(date.year()) * 12 + u32::from(date.month()) - 1;
    let earlier = count.checked_sub(u32::from(months))?;
    let year = u16::try_from(earlier / 12).ok()?;
    let month = u8::try_from(earlier % 12 + 1).ok()?;
    let first = Date::new(year, month, 1).ok()?;
    Date::new(year, month, date.day().min(last_day_of(first))).ok()
}

/// So many days earlier. None before the year 1.
pub(crate) fn days_before(date: Date, days: u32) -> Option<Date> {
    let day = civil(date)?.checked_sub(time::Duration::days(i64::from(days)))?;
    Date::new(u16::try_from(day.year()).ok()?, day.month().into(), day.day()).ok()
}

/// Days from an earlier date to a later one; 0 when it is not earlier.
pub(crate) fn days_between(earlier: Date, later: Date) -> u32 {
    let days =
        civil(later).zip(civil(earlier)).map(|(later, earlier)| (later - earlier).whole_days());
    days.and_then(|days| u32::try_from(days).ok()).unwrap_or(0)
}

fn civil(date: Date) -> Option<time::Date> {
    let month = time::Month::try_from(date.month()).ok()?;
    time::Date::from_calendar_date(i32::from(date.year()), month, date.day()).ok()
}

fn last_day_of(date: Date) -> u8 {
    time::Month::try_from(date.month())
        .map_or(date.day(), |month| days_in_month(month, i32::from(date.year())))
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
            assert_eq!(months_before(from, months), Some(to));
        }
        assert_eq!(months_before(day(1, 1, 1), 1), None);
    }

    #[test]
    fn days_cross_months_and_leap_days() {
        assert_eq!(days_before(day(2028, 3, 1), 1), Some(day(2028, 2, 29)));
        assert_eq!(days_before(day(2026, 3, 1), 45), Some(day(2026, 1, 15)));
        assert_eq!(days_before(day(1, 1, 1), 1), None);
        assert_eq!(days_between(day(2028, 2, 28), day(2028, 3, 1)), 2);
        assert_eq!(days_between(day(2028, 3, 1), day(2028, 2, 28)), 0);
    }

    #[test]
    fn a_month_spans_its_days() {
        let month = When::Month(Month::new(2028, 2).unwrap());
        assert_eq!((month.first_day(), month.last_day()), (day(2028, 2, 1), day(2028, 2, 29)));
        assert_eq!(month.to_string(), "2028-02");
        assert!(Month::new(2028, 13).is_err());
    }
}
