//! Dates in Japanese writing, whatever the width of their characters.

use zeroize::Zeroizing;

use crate::calendar::{Date, Era};

/// The characters of a text in one width and without spaces. Wiped on drop.
pub(super) fn fold(text: &str) -> Zeroizing<Vec<char>> {
    // A sign for an era name makes two of one character, and has three bytes.
    let mut folded = Zeroizing::new(Vec::with_capacity(text.len()));
    for character in text.chars() {
        match character {
            '\u{FF01}'..='\u{FF5E}' => {
                folded.extend(char::from_u32(u32::from(character) - 0xFEE0));
            }
            '㍾' => folded.extend(['明', '治']),
            '㍽' => folded.extend(['大', '正']),
            '㍼' => folded.extend(['昭', '和']),
            '㍻' => folded.extend(['平', '成']),
            '㋿' => folded.extend(['令', '和']),
            // Radicals that look like the characters and come out of some text layers.
            '⽇' => folded.push('日'),
            '⽉' => folded.push('月'),
            '⽣' => folded.push('生'),
            '⼤' => folded.push('大'),
            '\u{200B}' | '\u{FEFF}' => {}
            _ if character.is_whitespace() => {}
            _ => folded.push(character),
        }
    }
    folded
}

/// A hyphen, dash or long-vowel mark, as people put between groups of digits.
pub(super) fn is_hyphen(character: char) -> bool {
    matches!(character, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | 'ー')
}

/// A date as somebody wrote it; it need not exist.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) struct Written {
    /// None for a Gregorian year.
    era: Option<Era>,
    year: u16,
    month: u8,
    day: u8,
}

impl Written {
    /// The day, if there is one.
    pub(super) fn date(&self) -> Option<Date> {
        match self.era {
            Some(era) => era.date(self.year, self.month, self.day),
            None => Date::new(self.year, self.month, self.day).ok(),
        }
    }

    /// The first and the last day that it can be, where `00` stands for a month or a day that is not known (不詳).
    pub(super) fn bounds(&self) -> Option<(Date, Date)> {
        let day = |month, day| match self.era {
            Some(era) => era.date(self.year, month, day),
            None => Date::new(self.year, month, day).ok(),
        };
        let first = possible_days(self.month, self.day).find_map(|(m, d)| day(m, d))?;
        let last = possible_days(self.month, self.day).rev().find_map(|(m, d)| day(m, d))?;
        Some((first, last))
    }

    /// Month and day as written.
    pub(super) const fn month_and_day(&self) -> (u8, u8) {
        (self.month, self.day)
    }

    /// Year within the era, if it was written so.
    pub(super) fn era_year(&self) -> Option<u16> {
        self.era.map(|_| self.year)
    }

    /// Gregorian year, if it was written so.
    pub(super) fn gregorian_year(&self) -> Option<u16> {
        self.era.is_none().then_some(self.year)
    }
}

/// The months and days that a written one can stand for, in order: a day without its month is none.
pub(super) fn possible_days(month: u8, day: u8) -> impl DoubleEndedIterator<Item = (u8, u8)> {
    let months = if month == 0 { 1..=12 } else { month..=month };
    let days = if day == 0 { 1..=31 } else { day..=day };
    let is_known_as_whole = month != 0 || day == 0;
    let all = months.flat_map(move |month| days.clone().map(move |day| (month, day)));
    all.filter(move |_| is_known_as_whole)
}

/// Who wrote the characters, and so which deviations to expect.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum Writer {
    /// A person: short forms of eras (S, 昭) and points, slashes or hyphens between the numbers.
    Person,
    /// An OCR engine looking at print: full forms only, but characters mistaken for similar ones.
    Ocr,
}

impl Writer {
    const fn eras(self) -> &'static [(&'static str, Era)] {
        match self {
            Self::Person => &[
                ("明治", Era::Meiji),
                ("大正", Era::Taisho),
                ("昭和", Era::Showa),
                ("平成", Era::Heisei),
                ("令和", Era::Reiwa),
                ("明", Era::Meiji),
                ("大", Era::Taisho),
                ("昭", Era::Showa),
                ("平", Era::Heisei),
                ("令", Era::Reiwa),
                ("M", Era::Meiji),
                ("T", Era::Taisho),
                ("S", Era::Showa),
                ("H", Era::Heisei),
                ("R", Era::Reiwa),
                ("m", Era::Meiji),
                ("t", Era::Taisho),
                ("s", Era::Showa),
                ("h", Era::Heisei),
                ("r", Era::Reiwa),
            ],
            // The misreadings make no other era's name.
            Self::Ocr => &[
                ("明治", Era::Meiji),
                ("大正", Era::Taisho),
                ("昭和", Era::Showa),
                ("平成", Era::Heisei),
                ("平戌", Era::Heisei),
                ("令和", Era::Reiwa),
                ("今和", Era::Reiwa),
            ],
        }
    }

    fn ends_number(self, unit: char, character: char) -> bool {
        let similar = match (self, unit) {
            (Self::Ocr, '日') => matches!(character, '曰' | '目'),
            (Self::Ocr, _) => false,
            (Self::Person, _) => matches!(character, '.' | '/' | '・') || is_hyphen(character),
        };
        character == unit || similar
    }

    /// The digit that a character stands for.
    pub(super) fn digit(self, character: char) -> Option<u8> {
        match (self, character) {
            (Self::Ocr, 'O' | 'o' | '〇' | '○' | '◯') => Some(0),
            (Self::Ocr, 'l' | 'I' | '|') => Some(1),
            _ => u8::try_from(character.to_digit(10)?).ok(),
        }
    }
}

/// Folded characters not read yet. A reader that finds nothing takes nothing.
#[derive(Clone, Copy)]
pub(super) struct Scan<'a> {
    pub(super) rest: &'a [char],
    pub(super) writer: Writer,
}

impl<'a> Scan<'a> {
    pub(super) fn new(rest: &'a [char], writer: Writer) -> Self {
        Self { rest, writer }
    }

    /// Takes the word if it comes next.
    pub(super) fn eat(&mut self, word: &str) -> bool {
        let mut rest = self.rest;
        for expected in word.chars() {
            match rest.split_first() {
                Some((&character, after)) if character == expected => rest = after,
                _ => return false,
            }
        }
        self.rest = rest;
        true
    }

    /// Takes the first of the words that comes next.
    pub(super) fn eat_any(&mut self, words: &[&str]) -> bool {
        words.iter().any(|word| self.eat(word))
    }

    /// Takes a whole run of digits if it has as many as wanted.
    pub(super) fn number(&mut self, digits: core::ops::RangeInclusive<usize>) -> Option<u16> {
        let run = self.digits_ahead();
        if !digits.contains(&run) || run > 4 {
            return None;
        }
        let (number, rest) = self.rest.split_at_checked(run)?;
        self.rest = rest;
        number.iter().try_fold(0_u16, |sum, &character| {
            sum.checked_mul(10)?.checked_add(u16::from(self.writer.digit(character)?))
        })
    }

    /// How many digits come next.
    pub(super) fn digits_ahead(&self) -> usize {
        let is_digit = |&&character: &&char| self.writer.digit(character).is_some();
        self.rest.iter().take_while(is_digit).count()
    }

    /// Takes a date of an era or with a Gregorian year of four digits.
    pub(super) fn date(&mut self) -> Option<Written> {
        let mut ahead = *self;
        let eras = ahead.writer.eras();
        let era = eras.iter().find(|(name, _)| ahead.eat(name)).map(|&(_, era)| era);
        let year = match era {
            Some(_) if ahead.eat("元") => 1,
            Some(_) => ahead.number(1..=2)?,
            None => ahead.number(4..=4)?,
        };
        ahead.unit('年')?;
        let month = u8::try_from(ahead.number(1..=2)?).ok()?;
        ahead.unit('月')?;
        let day = u8::try_from(ahead.number(1..=2)?).ok()?;
        match (self.writer, ahead.unit('日')) {
            // In print it is always there.
            (Writer::Ocr, None) => return None,
            _ => *self = ahead,
        }
        Some(Written { era, year, month, day })
    }

    fn unit(&mut self, unit: char) -> Option<()> {
        let (&character, rest) = self.rest.split_first()?;
        if !self.writer.ends_number(unit, character) {
            return None;
        }
        self.rest = rest;
        Some(())
    }
}
