//! What the host knows about the time, and what a certificate's dates mean then.

use crate::Timestamp;
use crate::calendar::Moment;

/// The host's clock. Whether it can be trusted (network time, secure element) is for the host to say;
/// a tablet that was off for a month in a drawer should not say so.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Clock {
    /// The time, from a clock that the host vouches for.
    Trusted(Timestamp),
    /// The time, from a clock that may be wrong: dates are judged by it, and the verdict says so.
    Untrusted(Timestamp),
    /// No time at all: dates are not judged.
    Unknown,
}

impl Clock {
    /// The time, if there is one.
    #[must_use]
    pub const fn now(self) -> Option<Timestamp> {
        match self {
            Self::Trusted(now) | Self::Untrusted(now) => Some(now),
            Self::Unknown => None,
        }
    }

    /// Stable name: `trusted`, `untrusted`, `unknown`.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Trusted(_) => "trusted",
            Self::Untrusted(_) => "untrusted",
            Self::Unknown => "unknown",
        }
    }
}

/// What a certificate's dates allow, at the time given.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Validity {
    /// Not judged: there is no clock, or the certificate does not parse.
    Unknown,
    /// Its first day is still to come. A wrong clock is likelier than such a card.
    NotYetValid,
    /// Within its dates.
    Valid,
    /// Expired for less than three months: the eligibility system (オンライン資格確認) still answers
    /// with eligibility (資格情報), but with no medical information (kyukyu §3.7).
    WithinGrace,
    /// Expired for longer.
    Expired,
}

/// Months after expiry during which eligibility is still answered (kyukyu §3.7). The rule that counts
/// the days is not public; this counts calendar months in Japan, to the end of the day.
const GRACE_MONTHS: i32 = 3;

impl Validity {
    /// Stable name: `unknown`, `not-yet-valid`, `valid`, `within-grace`, `expired`.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::NotYetValid => "not-yet-valid",
            Self::Valid => "valid",
            Self::WithinGrace => "within-grace",
            Self::Expired => "expired",
        }
    }

    /// Judges dates, both inclusive to the second.
    #[must_use]
    pub fn judge(not_before: Moment, not_after: Moment, clock: Clock) -> Self {
        let Some(now) = clock.now().map(Moment::from) else { return Self::Unknown };
        if now < not_before {
            Self::NotYetValid
        } else if now <= not_after {
            Self::Valid
        } else if not_after
            .date_in_japan()
            .plus_months(GRACE_MONTHS)
            .is_some_and(|end| now.date_in_japan() <= end)
        {
            Self::WithinGrace
        } else {
            Self::Expired
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_inclusive_and_the_grace_ends_with_a_day_in_japan() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let (from, to) = (at("2025-10-27T01:35:42Z").into(), at("2030-11-30T14:59:59Z").into());
        for (now, expected) in [
            ("2025-10-27T01:35:41.999Z", Validity::NotYetValid),
            ("2025-10-27T01:35:42Z", Validity::Valid),
            ("2030-11-30T14:59:59.999Z", Validity::Valid),
            ("2030-11-30T15:00:00Z", Validity::WithinGrace),
            ("2031-02-28T23:59:59+09:00", Validity::WithinGrace),
            ("2031-03-01T00:00:00+09:00", Validity::Expired),
        ] {
            let now = at(now);
            assert_eq!(Validity::judge(from, to, Clock::Trusted(now)), expected, "{now}");
            assert_eq!(Validity::judge(from, to, Clock::Untrusted(now)), expected, "{now}");
        }
        assert_eq!(Validity::judge(from, to, Clock::Unknown), Validity::Unknown);
    }
}
