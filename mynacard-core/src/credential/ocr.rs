//! The parts of 照合番号B among the lines that an OCR engine read from the front of a card.

use zeroize::Zeroizing;

use super::printed::four_digits;
use super::written::{Scan, Writer, Written, fold};
use crate::error::CredentialFault;

/// The three parts, each found in one way only.
pub(super) struct Found {
    pub(super) birth: Written,
    pub(super) expiry_year: u16,
    pub(super) security_code: Zeroizing<[u8; 4]>,
}

/// What stands under the photo may be read with its label or without.
const CODE_LABELS: [&str; 4] =
    ["セキュリティコード", "セキュリテイコード", "セキュリティ", "セキュリテイ"];

pub(super) fn find(lines: &[&str]) -> Result<Found, CredentialFault> {
    let lines: Vec<_> =
        lines.iter().map(|line| fold(line)).filter(|line| !line.is_empty()).collect();
    let mut birth = Reading::Nothing;
    let mut expiry = Reading::Nothing;
    let mut before: &[char] = &[];
    for line in &lines {
        find_dates(line, before, &mut birth, &mut expiry);
        before = line;
    }
    let birth =
        birth.only(CredentialFault::BirthDateMissing, CredentialFault::BirthDateImpossible)?;
    let expiry_year =
        expiry.only(CredentialFault::ExpiryYearMissing, CredentialFault::ExpiryYearImpossible)?;
    let security_code = find_code(&lines, expiry_year)?;
    Ok(Found { birth, expiry_year, security_code })
}

/// All that was read of one part so far.
enum Reading<T> {
    Nothing,
    One(T),
    Impossible,
    Contradiction,
}

impl<T: PartialEq> Reading<T> {
    /// Adds a reading; none for one that cannot be right.
    fn add(&mut self, value: Option<T>) {
        *self = match (core::mem::replace(self, Self::Nothing), value) {
            (Self::Nothing, Some(value)) => Self::One(value),
            (Self::Nothing | Self::Impossible, None) => Self::Impossible,
            (Self::One(old), Some(value)) if old == value => Self::One(old),
            _ => Self::Contradiction,
        };
    }

    fn only(
        self,
        missing: CredentialFault,
        impossible: CredentialFault,
    ) -> Result<T, CredentialFault> {
        match self {
            Self::One(value) => Ok(value),
            Self::Nothing => Err(missing),
            Self::Impossible => Err(impossible),
            Self::Contradiction => Err(CredentialFault::Ambiguous),
        }
    }
}

/// Birth date and expiry stand in one line on the card, but an OCR engine may break it.
fn find_dates(
    line: &[char],
    line_before: &[char],
    birth: &mut Reading<Written>,
    expiry: &mut Reading<u16>,
) {
    let mut at = 0;
    while let Some((left, right)) = line.split_at_checked(at) {
        if right.is_empty() {
            break;
        }
        at += 1;
        let mut scan = Scan::new(right, Writer::Ocr);
        // The tail of a longer run of digits is no year.
        let inside_number = left.last().is_some_and(|&last| Writer::Ocr.digit(last).is_some());
        let Some(date) = scan.date() else { continue };
        if inside_number && date.gregorian_year().is_some() {
            continue;
        }
        at = line.len() - scan.rest.len();

        let label = if left.is_empty() { line_before } else { left };
        let labelled = |word: &str| ends_with(label, word);
        // 王 and 主 are what remains of a badly printed 生.
        let born = scan.eat_any(&["生", "王", "主"]);
        let until = scan.eat_any(&["ま", "迄", "有効"]);
        if born || (!until && labelled("生年月日")) {
            birth.add(date.date().map(|_| date));
        } else if (until || labelled("有効期限") && !contains(label, "証明"))
            && !contains(left, "証明")
        {
            expiry.add(date.date().and(date.gregorian_year()));
        }
    }
}

/// The code behind its label, else the only line that is nothing but four digits.
fn find_code(
    lines: &[Zeroizing<Vec<char>>],
    expiry_year: u16,
) -> Result<Zeroizing<[u8; 4]>, CredentialFault> {
    let mut labelled = Reading::Nothing;
    let mut alone = Reading::Nothing;
    for (index, line) in lines.iter().enumerate() {
        if let Some(behind) = CODE_LABELS.iter().find_map(|label| behind(line, label)) {
            let next = lines.get(index.saturating_add(1)).map_or(&[][..], |line| line.as_slice());
            let mut scan = Scan::new(behind, Writer::Ocr);
            scan.eat(":");
            let scan = if scan.rest.is_empty() { Scan::new(next, Writer::Ocr) } else { scan };
            match scan.rest.split_at_checked(scan.digits_ahead()) {
                Some((digits, _)) if !digits.is_empty() => {
                    labelled.add(four_digits(digits, Writer::Ocr));
                }
                _ => {}
            }
        } else if !is_part_of_my_number(lines, index)
            && mostly_digits(line)
            && let Some(code) = four_digits(line, Writer::Ocr)
        {
            alone.add(Some(code));
        }
    }
    let impossible = CredentialFault::SecurityCodeImpossible;
    if !matches!(labelled, Reading::Nothing) {
        return labelled.only(CredentialFault::SecurityCodeMissing, impossible);
    }
    let code = alone.only(CredentialFault::SecurityCodeMissing, impossible)?;
    // More likely the year, torn off its line, than a code that happens to be the same.
    let year = Zeroizing::new(expiry_year.to_string());
    if code.as_slice() == year.as_bytes() {
        return Err(CredentialFault::Ambiguous);
    }
    Ok(code)
}

/// A line without a label needs more than letters that look like digits.
fn mostly_digits(line: &[char]) -> bool {
    line.iter().filter(|character| character.is_ascii_digit()).count() >= 3
}

/// Whether this line and its neighbours are the groups of a twelve-digit number (個人番号), which
/// must not be taken for anything.
fn is_part_of_my_number(lines: &[Zeroizing<Vec<char>>], index: usize) -> bool {
    let group = |line: &Zeroizing<Vec<char>>| {
        let digits = line.iter().all(|&character| Writer::Ocr.digit(character).is_some());
        (digits && line.len() <= 8).then_some(line.len())
    };
    let (above, from_here) = lines.split_at_checked(index).unwrap_or_default();
    let above: usize = above.iter().rev().map_while(group).sum();
    let from_here: usize = from_here.iter().map_while(group).sum();
    above.saturating_add(from_here) >= 12
}

fn ends_with(characters: &[char], word: &str) -> bool {
    let characters = match characters {
        [before @ .., ':'] => before,
        all => all,
    };
    let mut backwards = characters.iter().rev();
    word.chars().rev().all(|expected| backwards.next() == Some(&expected))
}

fn contains(characters: &[char], word: &str) -> bool {
    behind(characters, word).is_some()
}

/// What follows the first occurrence of the word.
fn behind<'a>(characters: &'a [char], word: &str) -> Option<&'a [char]> {
    (0..characters.len()).find_map(|at| {
        let mut scan = Scan::new(characters.get(at..)?, Writer::Ocr);
        scan.eat(word).then_some(scan.rest)
    })
}
