//! A second as a certificate states it, which may lie before a [`Timestamp`] can.

use core::fmt;

use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};

use super::{Date, Timestamp};

const JAPAN_AHEAD_SECONDS: i64 = 9 * 3600;

/// A second in UTC of the years 1 to 9999, as the dates of a certificate are: `UTCTime` reaches back to 1950.
///
/// Written as RFC 3339.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Moment(i64);

impl Moment {
    /// The first moment, 0001-01-01T00:00:00Z.
    pub const MIN: Self = Self(-62_135_596_800);
    /// The last moment, 9999-12-31T23:59:59Z.
    pub const MAX: Self = Self(253_402_300_799);

    /// From seconds since the Unix epoch; the first or the last moment for what lies beyond them.
    pub(crate) fn from_unix_seconds(seconds: i64) -> Self {
        Self(seconds.clamp(Self::MIN.0, Self::MAX.0))
    }

    /// Seconds since the Unix epoch; negative before 1970.
    #[must_use]
    pub const fn unix_seconds(self) -> i64 {
        self.0
    }

    /// The same as a timestamp; none before 1970.
    #[must_use]
    pub fn timestamp(self) -> Option<Timestamp> {
        let millis = u64::try_from(self.0).ok()?.checked_mul(1000)?;
        Timestamp::from_unix_millis(millis).ok()
    }

    /// The day in Japan (UTC+9); the last day that there is for the nine hours after it.
    #[must_use]
    pub fn date_in_japan(self) -> Date {
        let there = Self::from_unix_seconds(self.0.saturating_add(JAPAN_AHEAD_SECONDS));
        Date::known(there.offset_date_time().date())
    }

    fn offset_date_time(self) -> OffsetDateTime {
        // INVARIANT: MIN and MAX are within the range of the type.
        OffsetDateTime::from_unix_timestamp(self.0)
            .unwrap_or(OffsetDateTime::UNIX_EPOCH)
            .to_offset(UtcOffset::UTC)
    }
}

impl From<Timestamp> for Moment {
    /// The second that it lies in.
    fn from(timestamp: Timestamp) -> Self {
        Self(i64::try_from(timestamp.unix_seconds()).unwrap_or(Self::MAX.0))
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.offset_date_time().format(&Rfc3339).map_err(|_| fmt::Error)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_before_1970_are_themselves() {
        for (seconds, text, japan) in [
            (-631_152_000, "1950-01-01T00:00:00Z", "1950-01-01"),
            (-1, "1969-12-31T23:59:59Z", "1970-01-01"),
            (0, "1970-01-01T00:00:00Z", "1970-01-01"),
            (i64::MIN, "0001-01-01T00:00:00Z", "0001-01-01"),
            (i64::MAX, "9999-12-31T23:59:59Z", "9999-12-31"),
        ] {
            let moment = Moment::from_unix_seconds(seconds);
            assert_eq!(
                (moment.to_string(), moment.date_in_japan().to_string()),
                (text.into(), japan.into())
            );
            let timestamp = moment.timestamp();
            assert_eq!(timestamp.is_some(), seconds >= 0);
            assert!(timestamp.is_none_or(|timestamp| Moment::from(timestamp) == moment));
        }
    }
}
