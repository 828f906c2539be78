//! Japanese eras (元号), and the one table that converts between them and Gregorian dates.

use core::fmt;

use time::macros::date;

use super::Date;

/// An era since Japan counts days as the rest of the world does.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Era {
    /// 明治, from 1868-01-25; convertible from 1873-01-01.
    Meiji,
    /// 大正, from 1912-07-30.
    Taisho,
    /// 昭和, from 1926-12-25.
    Showa,
    /// 平成, from 1989-01-08.
    Heisei,
    /// 令和, from 2019-05-01.
    Reiwa,
}

/// Japan adopted the Gregorian calendar on 明治6年1月1日. Before it, month and day belong to the
/// lunisolar calendar, so nothing earlier is converted.
const GREGORIAN_ADOPTION: Date = Date::known(date!(1873 - 01 - 01));

impl Era {
    /// Every era, oldest first.
    pub const ALL: [Self; 5] = [Self::Meiji, Self::Taisho, Self::Showa, Self::Heisei, Self::Reiwa];

    /// First day of the era, by the ordinances on the change of era (改元). That of Meiji was proclaimed on
    /// 1868-10-23, back to the first day of its lunisolar year (慶応4年1月1日), which is 1868-01-25.
    #[must_use]
    pub const fn start(self) -> Date {
        match self {
            Self::Meiji => Date::known(date!(1868 - 01 - 25)),
            Self::Taisho => Date::known(date!(1912 - 07 - 30)),
            Self::Showa => Date::known(date!(1926 - 12 - 25)),
            Self::Heisei => Date::known(date!(1989 - 01 - 08)),
            Self::Reiwa => Date::known(date!(2019 - 05 - 01)),
        }
    }

    /// Last day that carries the era's name; none for the present era.
    ///
    /// 1912-07-30 and 1926-12-25 carry two names: the new era was proclaimed for the same day, and
    /// registers of that day were written under the old one too.
    #[must_use]
    pub const fn last_day(self) -> Option<Date> {
        match self {
            Self::Meiji => Some(Self::Taisho.start()),
            Self::Taisho => Some(Self::Showa.start()),
            Self::Showa => Some(Date::known(date!(1989 - 01 - 07))),
            Self::Heisei => Some(Date::known(date!(2019 - 04 - 30))),
            Self::Reiwa => None,
        }
    }

    /// Name as printed on the card, 昭和.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Meiji => "明治",
            Self::Taisho => "大正",
            Self::Showa => "昭和",
            Self::Heisei => "平成",
            Self::Reiwa => "令和",
        }
    }

    /// The Gregorian date of a year (from 1), month and day of this era; none if there is no such
    /// day in the era: 昭和65年, 平成元年1月7日, 大正2年2月29日.
    #[must_use]
    pub fn date(self, year: u16, month: u8, day: u8) -> Option<Date> {
        let gregorian = self.start().year().checked_add(year.checked_sub(1)?)?;
        let date = Date::new(gregorian, month, day).ok()?;
        let begun = date >= self.start() && date >= GREGORIAN_ADOPTION;
        let ended = self.last_day().is_some_and(|last| date > last);
        (begun && !ended).then_some(date)
    }
}

/// A date counted in an era: 昭和55年2月17日.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct EraDate {
    /// The era.
    pub era: Era,
    /// Year of the era, from 1 (元年).
    pub year: u16,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day of the month, from 1.
    pub day: u8,
}

impl EraDate {
    /// The same day counted in its era (和暦), the latest that it falls into; none before 1873, when Japan took
    /// up this calendar.
    #[must_use]
    pub fn of(date: Date) -> Option<Self> {
        if date < GREGORIAN_ADOPTION {
            return None;
        }
        let era = Era::ALL.into_iter().rev().find(|era| date >= era.start())?;
        let year = date.year().checked_sub(era.start().year())?.checked_add(1)?;
        Some(Self { era, year, month: date.month(), day: date.day() })
    }
}

impl fmt::Display for EraDate {
    /// As on the card: the first year is 元年, months and days without leading zeros.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.year {
            1 => write!(f, "{}元年{}月{}日", self.era.name(), self.month, self.day),
            year => write!(f, "{}{year}年{}月{}日", self.era.name(), self.month, self.day),
        }
    }
}
