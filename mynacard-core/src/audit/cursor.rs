//! Reads canonical text: a fixed order of literals and values, nothing optional, no white space.

use super::id::{SHORT_ID_MAX, is_short_id_byte};
use super::{hex, moment};
use crate::Timestamp;

/// Why reading stopped.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Stop {
    /// The text ends, and all there is of it is right: a line that was torn while being written.
    Short,
    /// The text is not canonical.
    Bad,
}

/// Reads canonical text from its beginning.
pub(crate) struct Cursor<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(crate) const fn new(text: &'a [u8]) -> Self {
        Self { text, at: 0 }
    }

    /// Bytes read so far.
    pub(crate) const fn at(&self) -> usize {
        self.at
    }

    fn rest(&self) -> &'a [u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Exactly these bytes.
    #[inline]
    pub(crate) fn literal(&mut self, wanted: &str) -> Result<(), Stop> {
        let rest = self.rest();
        if rest.starts_with(wanted.as_bytes()) {
            self.at += wanted.len();
            Ok(())
        } else if wanted.as_bytes().starts_with(rest) {
            Err(Stop::Short)
        } else {
            Err(Stop::Bad)
        }
    }

    /// Whether these bytes come next; if so they are read.
    pub(crate) fn takes(&mut self, wanted: &str) -> bool {
        let found = self.rest().starts_with(wanted.as_bytes());
        if found {
            self.at += wanted.len();
        }
        found
    }

    /// `true` or `false`.
    pub(crate) fn boolean(&mut self) -> Result<bool, Stop> {
        let value = self.rest().first() == Some(&b't');
        self.literal(if value { "true" } else { "false" })?;
        Ok(value)
    }

    /// A decimal number without leading zeros.
    #[inline]
    pub(crate) fn number(&mut self) -> Result<u64, Stop> {
        let rest = self.rest();
        let mut value = 0_u64;
        let mut len = 0;
        for digit in rest.iter().take_while(|byte| byte.is_ascii_digit()) {
            value = value
                .checked_mul(10)
                .and_then(|tens| tens.checked_add(u64::from(digit - b'0')))
                .ok_or(Stop::Bad)?;
            len += 1;
        }
        if len > 1 && rest.first() == Some(&b'0') {
            return Err(Stop::Bad);
        }
        if len == rest.len() {
            return Err(Stop::Short);
        }
        if len == 0 {
            return Err(Stop::Bad);
        }
        self.at += len;
        Ok(value)
    }

    /// `len` lower-case hexadecimal digits.
    #[inline]
    pub(crate) fn hex(&mut self, len: usize) -> Result<&'a [u8], Stop> {
        match self.rest().get(..len) {
            Some(digits) if hex::is_hex(digits) => {
                self.at += len;
                Ok(digits)
            }
            None if self.rest().iter().all(|byte| hex::is_hex(&[*byte])) => Err(Stop::Short),
            _ => Err(Stop::Bad),
        }
    }

    /// The characters of a short id.
    #[inline]
    pub(crate) fn short_id(&mut self) -> Result<&'a [u8], Stop> {
        let rest = self.rest();
        let len = rest.iter().take_while(|byte| is_short_id_byte(**byte)).count();
        if len > SHORT_ID_MAX {
            return Err(Stop::Bad);
        }
        if len == rest.len() {
            return Err(Stop::Short);
        }
        let id = rest.get(..len).filter(|id| !id.is_empty()).ok_or(Stop::Bad)?;
        self.at += len;
        Ok(id)
    }

    /// A moment.
    #[inline]
    pub(crate) fn moment(&mut self) -> Result<Timestamp, Stop> {
        match self.rest().first_chunk::<{ moment::LEN }>() {
            Some(text) => {
                self.at += moment::LEN;
                moment::read(text).ok_or(Stop::Bad)
            }
            None if moment::is_start(self.rest()) => Err(Stop::Short),
            None => Err(Stop::Bad),
        }
    }
}
