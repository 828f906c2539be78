//! 照合番号B from C. It comes as bytes, is wiped, and has no way back to text.

use std::sync::Arc;

use mynacard_core::credential::{BirthYear, PrintedParts, VerificationNumberB};
use mynacard_core::error::Misuse;

use super::boundary::{Out, elements, guarded, text};
use super::handle::{self, Handle};
use super::result::mynacard_result;
use super::types::mynacard_str;
use crate::error::{BoundaryFault, Error};

/// 照合番号B (verification number B): the fourteen digits printed on the card. Wiped when freed.
/// Any thread may use it, several at once too.
pub struct mynacard_number_b {
    _opaque: [u8; 0],
}

impl Handle for mynacard_number_b {
    type Object = VerificationNumberB;
}

/// Which year of the birth date stands in the first two digits of 照合番号B.
#[repr(C)]
#[derive(Clone, Copy)]
pub enum mynacard_birth_year {
    /// An era date gives the era's year; a Gregorian one is refused, since a guess could cost a try.
    MYNACARD_BIRTH_YEAR_AS_PRINTED = 0,
    /// The year of the Japanese era.
    MYNACARD_BIRTH_YEAR_ERA = 1,
    /// The last two digits of the Gregorian year: presumably for foreign residents. Not verified.
    MYNACARD_BIRTH_YEAR_GREGORIAN = 2,
}

fn birth_year(value: u32) -> Result<Option<BirthYear>, Misuse> {
    match value {
        0 => Ok(None),
        1 => Ok(Some(BirthYear::Era)),
        2 => Ok(Some(BirthYear::Gregorian)),
        _ => Err(Misuse::OutOfRange),
    }
}

fn give(
    out: Out<'_, *mut mynacard_number_b>,
    number: Result<VerificationNumberB, impl Into<Error>>,
) -> Result<(), Error> {
    out.write(handle::open(Arc::new(number.map_err(Into::into)?))?);
    Ok(())
}

/// Takes the fourteen digits as typed, in ASCII or full width (UTF-8), with spaces and hyphens or
/// without. The bytes remain the caller's: wipe them with mynacard_wipe. Effect on the card: none.
///
/// Codes: MYNACARD_CREDENTIAL_LENGTH, _NOT_DIGITS, _BIRTH_DATE_IMPOSSIBLE, _EXPIRY_YEAR_IMPOSSIBLE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_number_b_from_digits(
    digits: *const u8,
    length: usize,
    out_number: *mut *mut mynacard_number_b,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for a handle by the contract of this interface.
        let out = unsafe { Out::new(out_number) }?;
        // SAFETY: `length` bytes by the contract of this interface.
        let digits = unsafe { elements(digits, length) }?;
        give(out, VerificationNumberB::from_digits(digits))
    })
}

/// Builds it from what a person copies off the card: birth date (`昭和55年2月17日`, `S55.2.17`), expiry
/// (`2035年2月17日まで有効` or the year), security code. `birth_year` is one of `enum
/// mynacard_birth_year`. Effect on the card: none.
///
/// Codes: MYNACARD_CREDENTIAL_… for the part that is missing or impossible, and
/// MYNACARD_CREDENTIAL_CALENDAR_UNDECIDED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_number_b_from_printed(
    birth_date: mynacard_str,
    expiry: mynacard_str,
    security_code: mynacard_str,
    birth_year: u32,
    out_number: *mut *mut mynacard_number_b,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for a handle by the contract of this interface.
        let out = unsafe { Out::new(out_number) }?;
        // SAFETY: the text's bytes by the contract of this interface.
        let birth_date = unsafe { text(birth_date.data, birth_date.length) }?;
        // SAFETY: as above.
        let expiry = unsafe { text(expiry.data, expiry.length) }?;
        // SAFETY: as above.
        let security_code = unsafe { text(security_code.data, security_code.length) }?;
        let parts = PrintedParts::new(birth_date, expiry, security_code);
        let parts = match self::birth_year(birth_year)? {
            Some(year) => parts.with_birth_year(year),
            None => parts,
        };
        give(out, VerificationNumberB::from_printed(&parts))
    })
}

/// Finds it among lines of text that an OCR engine read from the front of the card, in any order.
/// Rather finds nothing than guesses. Effect on the card: none.
///
/// Codes: as mynacard_number_b_from_printed, and MYNACARD_CREDENTIAL_AMBIGUOUS.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_number_b_from_ocr_lines(
    lines: *const mynacard_str,
    count: usize,
    birth_year: u32,
    out_number: *mut *mut mynacard_number_b,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for a handle by the contract of this interface.
        let out = unsafe { Out::new(out_number) }?;
        // SAFETY: `count` texts by the contract of this interface.
        let lines = unsafe { elements(lines, count) }?;
        let line = |line: &mynacard_str| {
            // SAFETY: the text's bytes by the contract of this interface.
            unsafe { text(line.data, line.length) }
        };
        let lines = lines.iter().map(line).collect::<Result<Vec<_>, BoundaryFault>>()?;
        let number = match self::birth_year(birth_year)? {
            Some(year) => VerificationNumberB::from_ocr_lines_with(&lines, year),
            None => VerificationNumberB::from_ocr_lines(&lines),
        };
        give(out, number)
    })
}

/// Wipes and frees it. Readings that use it go on. Null is accepted.
#[unsafe(no_mangle)]
pub extern "C" fn mynacard_number_b_free(number: *mut mynacard_number_b) -> mynacard_result {
    guarded(|| Ok(handle::close(number)?))
}
