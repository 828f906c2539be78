//! Text about a person, cleaned once at the door.

use core::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, Visitor};
use serde::{Serialize, Serializer};
use zeroize::Zeroizing;

/// Digits in a row from which a run is masked: the length of an individual number (個人番号).
const NUMBER_DIGITS: usize = 12;

/// Text about a person: a medicine, an institution, a name. Wiped on drop, absent from `Debug`.
///
/// Cleaned when made, whatever it came from:
/// - a run of twelve or more digits, or three groups of four, is masked with `*`: it could be an
///   individual number (個人番号), and no code of the medical data looks like that (a YJ code has a
///   letter in its eighth place, a receipt code nine digits, an institution code ten);
/// - controls and line ends become blanks and direction marks vanish, so that no text can pretend
///   to be another line of a report.
#[derive(Clone, Default, Eq, PartialEq)]
pub struct PersonalText(Zeroizing<String>);

impl PersonalText {
    /// Cleans `text` and takes it over. The caller's own copy is the caller's to wipe.
    #[must_use]
    pub fn new(text: &str) -> Self {
        // Cleaning never makes text longer, so this buffer never moves and leaves no copy behind.
        let mut cleaned = Zeroizing::new(String::with_capacity(text.len()));
        let mut rest = text.trim();
        while let Some(first) = rest.chars().next() {
            let run =
                if is_digit(first) { number_like(rest) } else { Run::Plain(first.len_utf8()) };
            let (Run::Plain(length) | Run::Number(length)) = run;
            let (head, tail) = rest.split_at_checked(length).unwrap_or((rest, ""));
            for character in head.chars() {
                match run {
                    Run::Number(_) if is_digit(character) => cleaned.push('*'),
                    _ if character.is_control() || is_line_break(character) => cleaned.push(' '),
                    _ if is_direction_mark(character) => {}
                    _ => cleaned.push(character),
                }
            }
            rest = tail;
        }
        Self(cleaned)
    }

    /// None for text that is blank.
    #[must_use]
    pub fn some(text: &str) -> Option<Self> {
        let cleaned = Self::new(text);
        (!cleaned.as_str().trim().is_empty()).then_some(cleaned)
    }

    /// The characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for PersonalText {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl fmt::Debug for PersonalText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonalText(…)")
    }
}

impl Serialize for PersonalText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for PersonalText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Cleaning;
        impl Visitor<'_> for Cleaning {
            type Value = PersonalText;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<PersonalText, E> {
                PersonalText::some(text).ok_or_else(|| E::custom("blank text"))
            }
        }
        deserializer.deserialize_str(Cleaning).map_err(D::Error::custom)
    }
}

/// What stands at the start of some text, and how many bytes of it.
#[derive(Clone, Copy)]
enum Run {
    /// Nothing remarkable.
    Plain(usize),
    /// What could be an individual number.
    Number(usize),
}

/// Judges text that starts with a digit which has no digit before it.
fn number_like(text: &str) -> Run {
    let (count, end) = digits(text);
    if count >= NUMBER_DIGITS {
        return Run::Number(end);
    }
    grouped_number_end(text).map_or(Run::Plain(end), Run::Number)
}

/// How many digits stand at the start of the text, and where they end.
fn digits(text: &str) -> (usize, usize) {
    let run = text.chars().take_while(|character| is_digit(*character));
    run.fold((0, 0), |(count, end), digit| (count + 1, end + digit.len_utf8()))
}

/// Where `1234 5678 9012` ends, if the text starts like that.
fn grouped_number_end(text: &str) -> Option<usize> {
    let mut end = 0;
    for group in 0..3 {
        let rest = text.get(end..)?;
        let separator = if group == 0 { 0 } else { separator_length(rest)? };
        let (count, length) = digits(rest.get(separator..)?);
        if count != 4 {
            return None;
        }
        end += separator + length;
    }
    Some(end)
}

fn separator_length(text: &str) -> Option<usize> {
    let first = text.chars().next()?;
    // Blanks, hyphens, dashes and minus signs of both widths, the long vowel mark, dots, slashes.
    let separates = matches!(
        first,
        ' ' | '\u{3000}' | '-' | '\u{2010}'
            ..='\u{2015}' | '\u{2212}' | '\u{FF0D}' | '\u{30FC}' | '.' | '\u{30FB}' | '/' | '_'
    );
    separates.then(|| first.len_utf8())
}

const fn is_digit(character: char) -> bool {
    matches!(character, '0'..='9' | '\u{FF10}'..='\u{FF19}')
}

const fn is_line_break(character: char) -> bool {
    matches!(character, '\u{2028}' | '\u{2029}')
}

const fn is_direction_mark(character: char) -> bool {
    matches!(
        character,
        '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'
            | '\u{200B}' | '\u{FEFF}'
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_could_be_an_individual_number_is_masked_and_codes_are_kept() {
        for (given, kept) in [
            ("メトホルミン錠500mg", "メトホルミン錠500mg"),
            ("2189017F1023", "2189017F1023"),
            ("1319999991", "1319999991"),
            ("12345678901", "12345678901"),
            ("123456789012", "************"),
            ("no.123456789012号", "no.************号"),
            ("\u{FF11}23456789012", "************"),
            ("１２３４５６７８９０１２", "************"),
            ("１２３４－５６７８－９０１２", "****－****－****"),
            ("12345678901234", "**************"),
            ("1234 5678 9012", "**** **** ****"),
            ("1234-5678-9012", "****-****-****"),
            ("1-1234-5678-9012", "1-****-****-****"),
            ("2026-09-20 2026-10-01", "2026-09-20 2026-10-01"),
            ("1234-5678-901", "1234-5678-901"),
        ] {
            assert_eq!(PersonalText::new(given).as_str(), kept, "{given}");
        }
    }

    #[test]
    fn a_text_cannot_pretend_to_be_another_line() {
        let text = PersonalText::new("薬A\n【主訴】\u{202E}なし\u{2028}\u{7}x");
        assert_eq!(text.as_str(), "薬A 【主訴】なし  x");
        assert_eq!(PersonalText::some(" \n\u{3000}"), None);
        assert_eq!(format!("{text:?}"), "PersonalText(…)");
    }

    proptest! {
        #[test]
        fn no_twelve_digits_survive_and_cleaning_is_stable(text in "[0-9\u{FF10}-\u{FF19}a薬 \\-]{0,40}") {
            let cleaned = PersonalText::new(&text);
            let mut run = 0;
            for character in cleaned.as_str().chars() {
                run = if is_digit(character) { run + 1 } else { 0 };
                prop_assert!(run < NUMBER_DIGITS);
            }
            prop_assert_eq!(&PersonalText::new(cleaned.as_str()), &cleaned);
            prop_assert!(cleaned.as_str().len() <= text.len());
        }
    }
}
