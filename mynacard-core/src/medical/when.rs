//! When something happened, and the calendar arithmetic that periods need. Every date is meant in
//! Japan.

use core::fmt;

use serde::{Serialize, Serializer};
use zeroize::Zeroize;

use crate::calendar::Date;
use crate::error::MalformedReason;

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
        Ok(Self { first, last: first.month_end() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: u16, month: u8, day: u8) -> Date {
        Date::new(year, month, day).unwrap()
    }

    #[test]
    fn a_month_spans_its_days() {
        let month = When::Month(Month::new(2028, 2).unwrap());
        assert_eq!((month.first_day(), month.last_day()), (day(2028, 2, 1), day(2028, 2, 29)));
        assert_eq!(month.to_string(), "2028-02");
        assert!(Month::new(2028, 13).is_err());
    }
}
