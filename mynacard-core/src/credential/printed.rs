//! The three parts of 照合番号B as a person copies them from the card.

use core::fmt;

use zeroize::Zeroizing;

use super::written::{Scan, Writer, Written, fold};
use crate::error::CredentialFault;

/// Which year of the birth date stands in the first two digits of 照合番号B.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum BirthYear {
    /// The year of the Japanese era (和暦): for cards that print an era date. Measured on the
    /// published test card.
    Era,
    /// The last two digits of the Gregorian year (西暦): presumably for foreign residents, whose
    /// cards print Gregorian dates. An inference from the rule of the older Juki card; not verified.
    Gregorian,
}

/// The parts of 照合番号B as printed on the front of the card.
///
/// Full-width digits, leading zeros and spaces do not matter. Borrowed, so that wiping the input is
/// up to its owner; what this library makes of it is wiped.
#[derive(Clone, Copy)]
pub struct PrintedParts<'a> {
    pub(super) birth_date: &'a str,
    pub(super) expiry: &'a str,
    pub(super) security_code: &'a str,
    pub(super) birth_year: Option<BirthYear>,
}

impl<'a> PrintedParts<'a> {
    /// The three parts:
    /// - birth date (生年月日): `昭和55年2月17日生`, `平成元年１月８日`, `S55.2.17`, `1980年2月17日`; `00` for a day, or
    ///   month and day, that is not known (不詳);
    /// - expiry (有効期限): `2035年02月17日まで有効`, `2035年2月17日` or only the year;
    /// - security code (セキュリティコード): the four digits under the photo.
    #[must_use]
    pub const fn new(birth_date: &'a str, expiry: &'a str, security_code: &'a str) -> Self {
        Self { birth_date, expiry, security_code, birth_year: None }
    }

    /// Says which year of the birth date stands in the number. Without it an era date gives the
    /// era's year, and a Gregorian one is refused: a guess could cost a try.
    #[must_use]
    pub const fn with_birth_year(mut self, birth_year: BirthYear) -> Self {
        self.birth_year = Some(birth_year);
        self
    }
}

impl fmt::Debug for PrintedParts<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrintedParts")
    }
}

/// Errors: missing if blank, impossible unless it is an existing day, or one with `00` for what is not known,
/// and nothing else.
pub(super) fn birth_date(text: &str) -> Result<Written, CredentialFault> {
    let folded = fold(text);
    let mut scan = Scan::new(&folded, Writer::Person);
    if scan.eat("生年月日") {
        scan.eat_any(&[":"]);
    }
    if scan.rest.is_empty() {
        return Err(CredentialFault::BirthDateMissing);
    }
    let birth = scan.date().ok_or(CredentialFault::BirthDateImpossible)?;
    scan.eat_any(&["生まれ", "生"]);
    if !scan.rest.is_empty() || birth.bounds().is_none() {
        return Err(CredentialFault::BirthDateImpossible);
    }
    Ok(birth)
}

/// Errors: missing if blank, impossible unless it is a Gregorian year or an existing day.
pub(super) fn expiry_year(text: &str) -> Result<u16, CredentialFault> {
    let folded = fold(text);
    let mut scan = Scan::new(&folded, Writer::Person);
    if scan.eat("有効期限") {
        scan.eat_any(&[":"]);
    }
    if scan.rest.is_empty() {
        return Err(CredentialFault::ExpiryYearMissing);
    }
    let year = match scan.date() {
        Some(day) => day.date().and(day.gregorian_year()),
        None => {
            let year = scan.number(4..=4);
            scan.eat("年");
            year
        }
    };
    scan.eat_any(&["まで有効", "まで"]);
    year.filter(|_| scan.rest.is_empty()).ok_or(CredentialFault::ExpiryYearImpossible)
}

/// Errors: missing if blank, impossible unless it is four digits.
pub(super) fn security_code(text: &str) -> Result<Zeroizing<[u8; 4]>, CredentialFault> {
    let folded = fold(text);
    if folded.is_empty() {
        return Err(CredentialFault::SecurityCodeMissing);
    }
    four_digits(&folded, Writer::Person).ok_or(CredentialFault::SecurityCodeImpossible)
}

/// Exactly four digits, in ASCII.
pub(super) fn four_digits(characters: &[char], writer: Writer) -> Option<Zeroizing<[u8; 4]>> {
    let characters: &[char; 4] = characters.try_into().ok()?;
    let mut code = Zeroizing::new([0; 4]);
    for (place, &character) in code.iter_mut().zip(characters) {
        *place = b'0'.checked_add(writer.digit(character)?)?;
    }
    Some(code)
}
