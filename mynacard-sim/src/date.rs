//! Calendar dates and Japanese eras (元号), as far as a card prints them.

/// A date in the Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// Year, four digits.
    pub year: u16,
    /// Month, 1–12.
    pub month: u8,
    /// Day, 1–31.
    pub day: u8,
}

/// First day and name of each era; the newest first.
const ERAS: [(Date, &str); 5] = [
    (Date::new(2019, 5, 1), "令和"),
    (Date::new(1989, 1, 8), "平成"),
    (Date::new(1926, 12, 25), "昭和"),
    (Date::new(1912, 7, 30), "大正"),
    (Date::new(1868, 1, 25), "明治"),
];

impl Date {
    /// A date; nothing is checked.
    #[must_use]
    pub const fn new(year: u16, month: u8, day: u8) -> Self {
        Date { year, month, day }
    }

    /// From `YYYYMMDD`; `None` unless these are eight digits with a month and a day in range.
    #[must_use]
    pub fn parse(digits: &[u8]) -> Option<Self> {
        if digits.len() != 8 || !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let text = std::str::from_utf8(digits).ok()?;
        let date = Date {
            year: text.get(..4)?.parse().ok()?,
            month: text.get(4..6)?.parse().ok()?,
            day: text.get(6..)?.parse().ok()?,
        };
        ((1..=12).contains(&date.month) && (1..=31).contains(&date.day)).then_some(date)
    }

    /// `YYYYMMDD`, as records have it.
    #[must_use]
    pub fn digits(self) -> String {
        format!("{:04}{:02}{:02}", self.year, self.month, self.day)
    }

    /// Era name and year in it; none before 1873, when Japan began to count days as the rest of the world does.
    #[must_use]
    pub fn era(self) -> Option<(&'static str, u16)> {
        if self.year < 1873 {
            return None;
        }
        let (first, name) = ERAS.iter().find(|(first, _)| *first <= self)?;
        Some((name, self.year - first.year + 1))
    }

    /// `昭和55年2月17日`, the first year as 元年, as the card prints a birth date.
    #[must_use]
    pub fn era_text(self) -> Option<String> {
        let (name, year) = self.era()?;
        let year = if year == 1 { "元".to_owned() } else { year.to_string() };
        Some(format!("{name}{year}年{}月{}日", self.month, self.day))
    }

    /// `2035年2月17日`.
    #[must_use]
    pub fn gregorian_text(self) -> String {
        format!("{}年{}月{}日", self.year, self.month, self.day)
    }

    /// `YYMMDD` with the year in its era: the birth part of 照合番号B (confidence A).
    #[must_use]
    pub fn era_six(self) -> Option<String> {
        let (_, year) = self.era()?;
        Some(format!("{year:02}{:02}{:02}", self.month, self.day))
    }

    /// `YYMMDD` with the last two digits of the Gregorian year: presumably the birth part of
    /// 照合番号B on a foreign resident's card (confidence C).
    #[must_use]
    pub fn gregorian_six(self) -> String {
        format!("{:02}{:02}{:02}", self.year % 100, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eras_turn_on_the_right_day() {
        let text = |y, m, d| Date::new(y, m, d).era_text();
        assert_eq!(text(1980, 2, 17).as_deref(), Some("昭和55年2月17日"));
        assert_eq!(text(1989, 1, 7).as_deref(), Some("昭和64年1月7日"));
        assert_eq!(text(1989, 1, 8).as_deref(), Some("平成元年1月8日"));
        assert_eq!(text(2019, 4, 30).as_deref(), Some("平成31年4月30日"));
        assert_eq!(text(2019, 5, 1).as_deref(), Some("令和元年5月1日"));
        assert_eq!(text(1926, 12, 24).as_deref(), Some("大正15年12月24日"));
        assert_eq!(text(1800, 1, 1), None);
        assert_eq!(Date::new(1980, 2, 17).era_six().as_deref(), Some("550217"));
        assert_eq!(Date::parse(b"19800217"), Some(Date::new(1980, 2, 17)));
        assert_eq!(Date::parse(b"19801317"), None);
    }
}
