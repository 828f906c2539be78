//! The one way in which a moment stands in a log: `2026-11-22T10:40:00.250Z`.
//!
//! Always 24 characters, UTC, milliseconds: one moment has one text, and a fleet's logs are read
//! fast. (RFC 3339 in general allows many texts for a moment.)

use crate::calendar::{Date, Timestamp};

/// Characters of a moment.
pub(super) const LEN: usize = 24;
const PATTERN: &[u8; LEN] = b"0000-00-00T00:00:00.000Z";

/// Appends a moment.
pub(crate) fn push(out: &mut String, moment: Timestamp) {
    let (date, of_day) = moment.in_utc();
    digits(out, date.year().into(), 4);
    out.push('-');
    digits(out, date.month().into(), 2);
    out.push('-');
    digits(out, date.day().into(), 2);
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
    let pair = |tens: u8, ones: u8| (tens - b'0') * 10 + (ones - b'0');
    let year = u16::from(pair(y1, y2)) * 100 + u16::from(pair(y3, y4));
    let date = Date::new(year, pair(m1, m2), pair(d1, d2)).ok()?;
    let [hour, minute, second] = [pair(h1, h2), pair(n1, n2), pair(s1, s2)].map(u64::from);
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let millis = u64::from(pair(f1, f2)) * 10 + u64::from(f3 - b'0');
    Timestamp::from_utc(date, ((hour * 60 + minute) * 60 + second) * 1000 + millis)
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

#[cfg(test)]
mod tests {
    use super::*;

    const DAY_MILLIS: u64 = 86_400_000;

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
