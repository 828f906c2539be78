//! 照合番号B. It comes as bytes, is wiped, and has no way back to text.

use std::sync::Arc;

use mynacard_core::credential::{BirthYear, PrintedParts, VerificationNumberB};
use zeroize::Zeroizing;

use super::error::{MynacardFault, guarded};
use crate::error::BoundaryFault;

/// Which year of the birth date stands in the first two digits of 照合番号B.
#[derive(Clone, Copy, Debug, Eq, PartialEq, uniffi::Enum)]
pub enum BirthYearForm {
    /// An era date gives the era's year; a Gregorian one is refused, since a guess could cost a try.
    AsPrinted,
    /// The year of the Japanese era.
    Era,
    /// The last two digits of the Gregorian year: presumably for foreign residents. Not verified.
    Gregorian,
}

impl BirthYearForm {
    const fn stated(self) -> Option<BirthYear> {
        match self {
            Self::AsPrinted => None,
            Self::Era => Some(BirthYear::Era),
            Self::Gregorian => Some(BirthYear::Gregorian),
        }
    }
}

/// 照合番号B (verification number B): the fourteen digits printed on the card. Wiped with its last
/// reference.
#[derive(uniffi::Object)]
pub struct NumberB(pub(super) Arc<VerificationNumberB>);

#[uniffi::export]
impl NumberB {
    /// The fourteen digits as typed, in ASCII or full width (UTF-8), with spaces and hyphens or without.
    /// The caller wipes its own copy. Effect on the card: none.
    ///
    /// Errors: `CredentialFault`, with what is missing or impossible.
    #[uniffi::constructor]
    pub fn from_digits(digits: Vec<u8>) -> Result<Arc<Self>, MynacardFault> {
        let digits = Zeroizing::new(digits);
        guarded(|| Ok(Self::keep(VerificationNumberB::from_digits(&digits)?)))
    }

    /// From what is printed on the card, each part as UTF-8: birth date (`昭和60年5月3日`), last day of
    /// the card (`2035年5月3日`), security code (`4819`). Effect on the card: none.
    ///
    /// Errors: `CredentialFault`, with the part that is missing or impossible.
    #[uniffi::constructor]
    pub fn from_printed(
        birth_date: Vec<u8>,
        expiry: Vec<u8>,
        security_code: Vec<u8>,
        form: BirthYearForm,
    ) -> Result<Arc<Self>, MynacardFault> {
        let parts = [birth_date, expiry, security_code].map(Zeroizing::new);
        guarded(|| {
            let [birth_date, expiry, security_code] = &parts;
            let parts = PrintedParts::new(text(birth_date)?, text(expiry)?, text(security_code)?);
            let parts = match form.stated() {
                Some(year) => parts.with_birth_year(year),
                None => parts,
            };
            Ok(Self::keep(VerificationNumberB::from_printed(&parts)?))
        })
    }

    /// Finds it among lines of text, each as UTF-8, that an OCR engine read from the front of the card,
    /// in any order. Rather finds nothing than guesses. Effect on the card: none.
    ///
    /// Errors: `CredentialFault`, with the part that is missing, impossible or ambiguous.
    #[uniffi::constructor]
    pub fn from_ocr_lines(
        lines: Vec<Vec<u8>>,
        form: BirthYearForm,
    ) -> Result<Arc<Self>, MynacardFault> {
        let lines: Vec<_> = lines.into_iter().map(Zeroizing::new).collect();
        guarded(|| {
            let lines = lines.iter().map(|line| text(line)).collect::<Result<Vec<_>, _>>()?;
            let number = match form.stated() {
                Some(year) => VerificationNumberB::from_ocr_lines_with(&lines, year),
                None => VerificationNumberB::from_ocr_lines(&lines),
            };
            Ok(Self::keep(number?))
        })
    }
}

impl NumberB {
    fn keep(number: VerificationNumberB) -> Arc<Self> {
        Arc::new(Self(Arc::new(number)))
    }
}

fn text(bytes: &[u8]) -> Result<&str, BoundaryFault> {
    core::str::from_utf8(bytes).map_err(|_| BoundaryFault::NotText)
}
