//! The one way in which a moment stands in a log: `2026-11-22T10:40:00.250Z`.
//!
//! Always 24 characters, UTC, milliseconds: one moment has one text, and a fleet's logs are read
//! fast. (RFC 3339 in general allows many texts for a moment.)

use crate::Timestamp;

/// Characters of a moment.
pub(super) const LEN: usize = 24;
const PATTERN: &[u8; LEN] = b"0000-00-00T00:00:00.000Z";
const DAY_MILLIS: u64 = 86_400_000;

/// Appends a moment.
pub(crate) fn push(out: &mut String, moment: Timestamp) {
    let millis = moment.unix_millis();
    let (year, month, day) = date_of(millis / DAY_MILLIS);
    let of_day = millis % DAY_MILLIS;
    digits(out, year, 4);
    out.push('-');
    digits(out, month, 2);
    out.push('-');
    digits(out, day, 2);
    out.push('T');
    digits(out, of_day / 3_600_000, 2);
    out.push(':');
    digits(out, of_day / 60_000 % 60, 2);
    out.push(':');
    digits(out, of_day / 1000 % 60, 2);
    out.push('.');
    digits(out, of_day % 1000, 3);
    out.push('Z');
}

/// Reads a moment; none if it is not written in exactly this way or does not exist.
pub(super) fn read(text: &[u8; LEN]) -> Option<Timestamp> {
    if !is_start(text) {
        return None;
    }
    #[rustfmt::skip]
    let &[y1, y2, y3, y4, _, m1, m2, _, d1, d2, _, h1, h2, _, n1, n2, _, s1, s2, _, f1, f2, f3, _] = text;
    let pair = |tens: u8, ones: u8| u64::from(tens - b'0') * 10 + u64::from(ones - b'0');
    let (hour, minute, second) = (pair(h1, h2), pair(n1, n2), pair(s1, s2));
    let days = days_of(pair(y1, y2) * 100 + pair(y3, y4), pair(m1, m2), pair(d1, d2))?;
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let millis = pair(f1, f2) * 10 + u64::from(f3 - b'0');
    let of_day = ((hour * 60 + minute) * 60 + second) * 1000 + millis;
    Timestamp::from_unix_millis(days * DAY_MILLIS + of_day).ok()
}

/// Whether `text` looks like the beginning of a moment.
pub(super) fn is_start(text: &[u8]) -> bool {
    text.iter().zip(PATTERN).all(|(found, wanted)| match wanted {
        b'0' => found.is_ascii_digit(),
        _ => found == wanted,
    })
}

fn digits(out: &mut String, number: u64, len: u32) {
    for place in (0..len).rev() {
        let digit = number / 10_u64.pow(place) % 10;
        out.push(char::from(b'0' + u8::try_from(digit).unwrap_or(0)));
    }
}

// The Gregorian calendar in years that begin in March, so that the leap day comes last: the months
// then follow the pattern 31, 30, 31, 30, 31 (153 days in five months). Day 719468 of that count
// from 0000-03-01 is 1970-01-01.
const EPOCH: u64 = 719_468;
const ERA: u64 = 146_097;

fn date_of(days: u64) -> (u64, u64, u64) {
    let day = days + EPOCH;
    let (era, of_era) = (day / ERA, day % ERA);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    (year, month, of_year - (153 * shifted + 2) / 5 + 1)
}

fn days_of(year: u64, month: u64, day: u64) -> Option<u64> {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let longest = match month {
        2 => 28 + u64::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if year < 1970 || day == 0 || day > longest {
        return None;
    }
    let (year, shifted) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let (era, of_era) = (year / 400, year % 400);
    let of_year = (153 * shifted + 2) / 5 + day - 1;
    Some(era * ERA + of_era * 365 + of_era / 4 - of_era / 100 + of_year - EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_go_round_and_agree_with_the_calendar_of_the_time_crate() {
        let mut text = String::new();
        for day in (0..=Timestamp::MAX.unix_millis() / DAY_MILLIS).step_by(11) {
            let moment = Timestamp::from_unix_millis(day * DAY_MILLIS + day % DAY_MILLIS).unwrap();
            text.clear();
            push(&mut text, moment);
            assert_eq!(read(text.as_bytes().try_into().unwrap()), Some(moment), "{text}");
            if day % 97 == 0 {
                assert_eq!(text.parse(), Ok(moment), "{text}");
            }
        }
    }

    #[test]
    fn what_does_not_exist_is_not_read() {
        for wrong in [
            "2026-02-29T00:00:00.000Z",
            "2100-02-29T00:00:00.000Z",
            "2026-00-01T00:00:00.000Z",
            "2026-13-01T00:00:00.000Z",
            "2026-01-00T00:00:00.000Z",
            "2026-01-32T00:00:00.000Z",
            "2026-01-01T24:00:00.000Z",
            "2026-01-01T00:60:00.000Z",
            "2026-01-01T00:00:60.000Z",
            "1969-12-31T23:59:59.999Z",
            "2026-01-01 00:00:00.000Z",
            "2026-01-01T00:00:00.00+Z",
        ] {
            assert_eq!(read(wrong.as_bytes().try_into().unwrap()), None, "{wrong}");
        }
    }
}
