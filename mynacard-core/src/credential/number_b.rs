//! 照合番号B, the fourteen digits that open the face and the four attributes.

use core::fmt;

use zeroize::Zeroizing;

use super::printed::{BirthYear, PrintedParts};
use super::written::{self, Written};
use super::{ocr, printed};
use crate::calendar::{Date, Era, EraDate};
use crate::error::CredentialFault;

/// Expiry years that a card can bear: the first cards were issued in January 2016.
const EXPIRY_YEARS: core::ops::RangeInclusive<u16> = 2016..=2099;

/// Verification number B (照合番号B): birth date `YYMMDD`, expiry year `YYYY`, security code `NNNN`,
/// fourteen digits that all stand on the front of the card.
///
/// `YY` is the year of the Japanese era (measured on the published test card: 昭和55 is `55`); for
/// foreign residents, whose cards print Gregorian dates, it is presumably the last two digits of the
/// Gregorian year, which nobody has published a check of. See [`BirthYear`]. Where the day, or month and day,
/// of a birth are not known (不詳), `00` is taken for them, as the chip's birth date has it (C: what such a
/// card's number is has not been published).
///
/// The face (券面事項確認AP) and the attributes (券面事項入力補助AP) each allow ten wrong ones in a row, and
/// only a municipal office can unlock them. Wiped on drop; neither printed, cloned nor compared.
pub struct VerificationNumberB(Zeroizing<Vec<u8>>);

impl VerificationNumberB {
    /// How many digits it has.
    pub const LENGTH: usize = 14;

    /// Takes the fourteen digits as typed: ASCII or full-width (UTF-8), with spaces and hyphens
    /// between them or not. Card effect: none; presenting it may spend a try.
    ///
    /// Errors: [`CredentialFault::NotDigits`]; [`CredentialFault::Length`];
    /// [`CredentialFault::BirthDateImpossible`] when the first six are no day of any era or year, or
    /// only of one after the expiry; [`CredentialFault::ExpiryYearImpossible`] outside 2016 to 2099.
    pub fn from_digits(typed: &[u8]) -> Result<Self, CredentialFault> {
        let typed = core::str::from_utf8(typed).map_err(|_| CredentialFault::NotDigits)?;
        let mut digits = Zeroizing::new([0_u8; Self::LENGTH]);
        let mut count = 0_usize;
        let characters = written::fold(typed);
        for &character in characters.iter().filter(|&&character| !written::is_hyphen(character)) {
            if !character.is_ascii_digit() {
                return Err(CredentialFault::NotDigits);
            }
            if let (Some(place), Ok(digit)) = (digits.get_mut(count), u8::try_from(character)) {
                *place = digit;
            }
            count = count.saturating_add(1);
        }
        if count != Self::LENGTH {
            return Err(CredentialFault::Length);
        }
        let number = |digits: &[u8]| {
            digits.iter().fold(0_u16, |sum, digit| {
                sum.wrapping_mul(10).wrapping_add(u16::from(digit.wrapping_sub(b'0')))
            })
        };
        let ([y0, y1, m0, m1, d0, d1], rest) =
            digits.split_first_chunk().ok_or(CredentialFault::Length)?;
        let (expiry, _) = rest.split_first_chunk::<4>().ok_or(CredentialFault::Length)?;
        let expiry_year = checked_expiry(number(expiry))?;
        let small = |digits: [u8; 2]| u8::try_from(number(&digits)).unwrap_or(u8::MAX);
        let (month, day) = (small([*m0, *m1]), small([*d0, *d1]));
        if !is_some_birth(number(&[*y0, *y1]), month, day, expiry_year) {
            return Err(CredentialFault::BirthDateImpossible);
        }
        Ok(Self(Zeroizing::new(digits.to_vec())))
    }

    /// Builds it from the three parts as printed on the card. Card effect: none.
    ///
    /// Errors: for each of birth date, expiry and security code one fault for missing and one for
    /// impossible; [`CredentialFault::CalendarUndecided`] for a Gregorian birth date without a word
    /// on which year stands in the number.
    pub fn from_printed(parts: &PrintedParts<'_>) -> Result<Self, CredentialFault> {
        let birth = printed::birth_date(parts.birth_date)?;
        let expiry_year = printed::expiry_year(parts.expiry)?;
        let code = printed::security_code(parts.security_code)?;
        Self::assemble(birth, parts.birth_year, expiry_year, &code)
    }

    /// Finds the three parts among lines of text that an OCR engine read from the front of the
    /// card, in any order. Card effect: none.
    ///
    /// Rather finds nothing than guesses, since a wrong guess costs a try:
    /// - the birth date (生年月日) must be followed by 生 or preceded by its label, so that the dates
    ///   of address changes (追記欄) are not taken for it;
    /// - the expiry must say まで有効 or stand behind 有効期限; what stands behind 電子証明書 on its line
    ///   is the certificates' and is passed over;
    /// - the security code must stand behind its label or alone in a line. Digit groups of the
    ///   twelve-digit number (個人番号) are passed over and never kept.
    ///
    /// Widths and spaces do not matter, and letters that can only be misread digits (O for 0, l for
    /// 1) count as these. What cannot be noticed: one digit read as another one or dropped.
    ///
    /// Errors: as [`VerificationNumberB::from_printed`], and [`CredentialFault::Ambiguous`] when a
    /// part is read in two ways.
    pub fn from_ocr_lines(lines: &[&str]) -> Result<Self, CredentialFault> {
        Self::from_ocr(lines, None)
    }

    /// As [`VerificationNumberB::from_ocr_lines`], with the year that stands in the number chosen.
    ///
    /// Errors: the same, without [`CredentialFault::CalendarUndecided`].
    pub fn from_ocr_lines_with(
        lines: &[&str],
        birth_year: BirthYear,
    ) -> Result<Self, CredentialFault> {
        Self::from_ocr(lines, Some(birth_year))
    }

    fn from_ocr(lines: &[&str], rule: Option<BirthYear>) -> Result<Self, CredentialFault> {
        let found = ocr::find(lines)?;
        Self::assemble(found.birth, rule, found.expiry_year, &found.security_code)
    }

    fn assemble(
        birth: Written,
        rule: Option<BirthYear>,
        expiry_year: u16,
        code: &[u8; 4],
    ) -> Result<Self, CredentialFault> {
        let (first, last) = birth.bounds().ok_or(CredentialFault::BirthDateImpossible)?;
        let expiry_year = checked_expiry(expiry_year)?;
        if first.year() > expiry_year {
            return Err(CredentialFault::BirthDateImpossible);
        }
        let year = match (rule, birth.era_year()) {
            (None | Some(BirthYear::Era), Some(year)) => year,
            (Some(BirthYear::Era), None) => {
                let of = |date| EraDate::of(date).ok_or(CredentialFault::BirthDateImpossible);
                let (first, last) = (of(first)?, of(last)?);
                // An era began in the time that is not known.
                if first.era != last.era {
                    return Err(CredentialFault::CalendarUndecided);
                }
                first.year
            }
            (Some(BirthYear::Gregorian), _) => first.year() % 100,
            (None, None) => return Err(CredentialFault::CalendarUndecided),
        };
        let (month, day) = birth.month_and_day();
        let mut digits = Zeroizing::new(Vec::with_capacity(Self::LENGTH));
        for two in [year, month.into(), day.into(), expiry_year / 100, expiry_year] {
            digits.extend_from_slice(&two_digits(two));
        }
        digits.extend_from_slice(code);
        Ok(Self(digits))
    }

    /// The digits as the card wants them.
    pub(crate) fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for VerificationNumberB {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VerificationNumberB")
    }
}

/// The last two decimal digits in ASCII.
fn two_digits(number: u16) -> [u8; 2] {
    let last_two = (number % 100).to_be_bytes()[1];
    [b'0' + last_two / 10, b'0' + last_two % 10]
}

fn checked_expiry(year: u16) -> Result<u16, CredentialFault> {
    EXPIRY_YEARS.contains(&year).then_some(year).ok_or(CredentialFault::ExpiryYearImpossible)
}

/// Whether two digits of a year, of whichever calendar, can make a birth date before the expiry.
fn is_some_birth(year: u16, month: u8, day: u8, expiry_year: u16) -> bool {
    written::possible_days(month, day).any(|(month, day)| {
        let eras = Era::ALL.into_iter().filter_map(|era| era.date(year, month, day));
        let centuries =
            [1900, 2000].into_iter().filter_map(|c| Date::new(c + year, month, day).ok());
        eras.chain(centuries).any(|date| date.year() <= expiry_year)
    })
}
