//! A moment in time, always an argument: this crate has no clock.

use core::fmt;
use core::str::FromStr;

use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};

use super::Date;
use crate::error::Misuse;

const DAY_MILLIS: u64 = 86_400_000;
const EPOCH: Date = Date::known(time::macros::date!(1970 - 01 - 01));

/// Milliseconds since 1970-01-01T00:00:00Z, within the years 1970 to 9999.
///
/// Written and read as RFC 3339. Whether the clock it came from can be trusted is stated apart, by
/// the host.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Timestamp(u64);

impl Timestamp {
    /// The last moment that can be expressed: 9999-12-31T23:59:59.999Z.
    pub const MAX: Self = Self(253_402_300_799_999);

    /// From milliseconds since the Unix epoch.
    ///
    /// Errors: [`Misuse::OutOfRange`] after [`Timestamp::MAX`].
    pub const fn from_unix_millis(millis: u64) -> Result<Self, Misuse> {
        if millis <= Self::MAX.0 { Ok(Self(millis)) } else { Err(Misuse::OutOfRange) }
    }

    /// Milliseconds since the Unix epoch.
    #[must_use]
    pub const fn unix_millis(self) -> u64 {
        self.0
    }

    /// Whole seconds since the Unix epoch.
    #[must_use]
    pub const fn unix_seconds(self) -> u64 {
        self.0 / 1000
    }

    /// This moment plus a duration in milliseconds, at most [`Timestamp::MAX`].
    #[must_use]
    pub const fn plus_millis(self, millis: u64) -> Self {
        let sum = self.0.saturating_add(millis);
        if sum <= Self::MAX.0 { Self(sum) } else { Self::MAX }
    }

    /// Milliseconds from an earlier moment to this one; 0 if it is not earlier.
    #[must_use]
    pub const fn millis_since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The day in Japan (UTC+9), where every date on the card is meant.
    #[must_use]
    pub fn date_in_japan(self) -> Date {
        const JAPAN_AHEAD_MILLIS: u64 = 9 * 3_600_000;
        Date::known(self.plus_millis(JAPAN_AHEAD_MILLIS).offset_date_time().date())
    }

    /// Year, month and day in UTC, then the milliseconds of that day.
    pub(crate) fn in_utc(self) -> (Date, u64) {
        (Date::known(self.offset_date_time().date()), self.0 % DAY_MILLIS)
    }

    /// From a day in UTC and the milliseconds of that day; none before 1970.
    pub(crate) fn from_utc(date: Date, of_day: u64) -> Option<Self> {
        let days = u64::from(date.days_since(EPOCH));
        (date >= EPOCH && of_day < DAY_MILLIS).then_some(Self(days * DAY_MILLIS + of_day))
    }

    fn offset_date_time(self) -> OffsetDateTime {
        let nanos = i128::from(self.0) * 1_000_000;
        // INVARIANT: MAX is within the range of the type.
        OffsetDateTime::from_unix_timestamp_nanos(nanos).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.offset_date_time().format(&Rfc3339).map_err(|_| fmt::Error)?)
    }
}

impl FromStr for Timestamp {
    type Err = Misuse;

    /// Reads RFC 3339 with any offset; parts of a millisecond are dropped.
    fn from_str(text: &str) -> Result<Self, Misuse> {
        let parsed = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| Misuse::OutOfRange)?;
        let nanos = parsed.to_offset(UtcOffset::UTC).unix_timestamp_nanos();
        let millis = u64::try_from(nanos / 1_000_000).map_err(|_| Misuse::OutOfRange)?;
        Self::from_unix_millis(millis)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_goes_round_and_offsets_are_honoured() {
        let moment: Timestamp = "2026-11-22T19:40:00.250+09:00".parse().unwrap();
        assert_eq!(moment.to_string(), "2026-11-22T10:40:00.25Z");
        assert_eq!(moment.to_string().parse(), Ok(moment));
        assert_eq!(Timestamp::MAX.to_string(), "9999-12-31T23:59:59.999Z");
        for wrong in ["", "2026-11-22", "1969-12-31T23:59:59Z", "2026-13-01T00:00:00Z"] {
            assert_eq!(wrong.parse::<Timestamp>(), Err(Misuse::OutOfRange), "{wrong}");
        }
    }

    #[test]
    fn the_day_changes_at_midnight_in_japan() {
        let before: Timestamp = "2030-02-17T14:59:59Z".parse().unwrap();
        assert_eq!(before.date_in_japan().to_string(), "2030-02-17");
        assert_eq!(before.plus_millis(1000).date_in_japan().to_string(), "2030-02-18");
    }
}
