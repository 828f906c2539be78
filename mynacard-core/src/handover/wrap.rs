//! Lines of a page: full-width characters take two columns, and nothing is wider than the page.

use core::fmt::{self, Write};

use unicode_width::UnicodeWidthChar;

/// Columns of a page.
pub const PAGE_COLUMNS: usize = 80;

/// Columns by which a line is set in when it goes on.
const INDENT: usize = 4;

/// Writes one entry of a page, over at most so many lines; what does not fit ends in `…`.
pub(super) struct Entry<'a> {
    out: &'a mut dyn Write,
    column: usize,
    more_lines: usize,
    cut: bool,
}

impl<'a> Entry<'a> {
    /// An entry over at most `lines` lines.
    pub(super) fn new(out: &'a mut dyn Write, lines: usize) -> Self {
        Self { out, column: 0, more_lines: lines.saturating_sub(1), cut: false }
    }

    /// Ends the entry.
    pub(super) fn end(self) -> fmt::Result {
        self.out.write_char('\n')
    }
}

impl Write for Entry<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.chars().try_for_each(|character| self.write_char(character))
    }

    fn write_char(&mut self, character: char) -> fmt::Result {
        const MARK: usize = 2;
        if self.cut {
            return Ok(());
        }
        let wide = width(character);
        // The last line keeps room for the mark.
        let room = if self.more_lines == 0 { PAGE_COLUMNS - MARK } else { PAGE_COLUMNS };
        if self.column + wide > room {
            if self.more_lines == 0 {
                self.cut = true;
                return self.out.write_char('…');
            }
            self.more_lines -= 1;
            self.column = INDENT;
            write!(self.out, "\n{:INDENT$}", "")?;
        }
        self.column += wide;
        self.out.write_char(character)
    }
}

/// Columns of a character as Japanese text counts them: 0 for marks that join the one before, 1 for
/// Latin letters and half-width kana, 2 for what is full width and for symbols that may be.
pub(super) fn width(character: char) -> usize {
    match character {
        // The rest of JIS X 0208 (μg, 1−2−3): full width in Japanese fonts, half width or open in Unicode.
        '\u{391}'..='\u{3C9}' | '\u{401}'..='\u{451}' => 2,
        '\u{A8}' | '\u{B4}' | '\u{212B}' | '\u{2212}' => 2,
        _ => character.width_cjk().unwrap_or(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(text: &str, lines: usize) -> String {
        let mut page = String::new();
        let mut entry = Entry::new(&mut page, lines);
        entry.write_str(text).unwrap();
        entry.end().unwrap();
        page
    }

    #[test]
    fn full_width_characters_take_two_columns() {
        for (text, columns) in [
            ("abc", 3),
            ("薬A", 3),
            ("ｱﾞｲ", 3),
            ("が\u{3099}", 2),
            ("葛\u{E0100}", 2),
            ("20μg é", 7),
            ("𠮷", 2),
            ("", 0),
        ] {
            assert_eq!(text.chars().map(width).sum::<usize>(), columns, "{text}");
        }
    }

    #[cfg(feature = "oqs-xml")]
    #[test]
    fn what_shift_jis_writes_in_two_bytes_takes_two_columns() {
        let mut buffer = [0; 4];
        for character in char::MIN..=char::MAX {
            let (bytes, _, unknown) =
                encoding_rs::SHIFT_JIS.encode(character.encode_utf8(&mut buffer));
            if !unknown && bytes.len() == 2 {
                assert_eq!(width(character), 2, "{character:?}");
            }
        }
    }

    #[test]
    fn long_entries_go_on_and_end_in_a_mark() {
        assert_eq!(entry(&"薬".repeat(39), 1), format!("{}\n", "薬".repeat(39)));
        assert_eq!(entry(&"薬".repeat(41), 1), format!("{}…\n", "薬".repeat(39)));
        let two = entry(&"薬".repeat(41), 2);
        assert_eq!(two, format!("{}\n    薬\n", "薬".repeat(40)));
        assert!(entry(&"薬".repeat(200), 2).ends_with("薬…\n"));
    }
}
