//! Name and address exactly as stored.

use core::fmt;

use zeroize::Zeroizing;

use crate::error::MalformedReason;

/// A name (氏名) or an address (住所) as the chip stores it, character for character.
///
/// Never normalised: full-width forms, variation selectors and private-use characters (外字) are part
/// of the name. Where a font lacks a glyph, show the picture of the name instead. Wiped on drop.
#[derive(Clone, Eq, PartialEq)]
pub struct Text(Zeroizing<String>);

impl Text {
    /// Takes over the value of a text object.
    ///
    /// Errors: [`MalformedReason::BadText`] when it is not UTF-8.
    pub fn parse(bytes: &[u8]) -> Result<Self, MalformedReason> {
        let text = core::str::from_utf8(bytes).map_err(|_| MalformedReason::BadText)?;
        Ok(Self(Zeroizing::new(text.to_owned())))
    }

    /// The characters. They may include controls, if a card is hostile; see [`Text::printable`].
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Text {
    /// The characters for a terminal or a one-line label: controls, line breaks and changes of writing
    /// direction, with which a hostile card could repaint a screen, stand as `\u{FFFD}`.
    #[must_use]
    pub const fn printable(&self) -> Printable<'_> {
        Printable(self)
    }
}

/// A text to be shown where controls would do harm; see [`Text::printable`].
pub struct Printable<'a>(&'a Text);

impl fmt::Display for Printable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_str().chars().try_for_each(|character| {
            let harmful = character.is_control()
                || matches!(
                    character,
                    '\u{061C}'
                        | '\u{200E}'
                        | '\u{200F}'
                        | '\u{2028}'..='\u{202E}'
                        | '\u{2066}'..='\u{2069}'
                );
            fmt::Write::write_char(f, if harmful { '\u{FFFD}' } else { character })
        })
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Text(…)")
    }
}
