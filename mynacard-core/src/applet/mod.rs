//! The applications of the card, one room each: the layouts of their files, and the sources for them.
//! Where the files lie is in [`map`](crate::map).
//!
//! Facts come from card-spec's public sources; each room says how sure each one is: **A** several
//! independent sources or verified on the published test card, **B** one good source, usually
//! measured on cards, **C** inference. There is no public specification of this card.
//!
//! Each value stands for itself: one that is absent or not understood is a
//! [`NotUnderstood`], and everything else is there. Objects and entries of the
//! table beyond the known ones (furigana and romaji are to come onto cards from 2026, and nobody has said
//! where) are carried along: such a file is of a [`Newer`](Layout::Newer) layout.

pub mod common;
pub mod face;
pub mod jpki;
pub mod text;

use crate::error::{Malformed, MalformedReason};
use crate::field::NotUnderstood;
use crate::tlv::{Children, Tlv};

/// Whether a file has exactly the objects that we know.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Layout {
    /// Exactly those: what a signature covers is known.
    Known,
    /// Others, or fewer: what a signature covers is known where it fits.
    Newer,
}

/// Parses the value of one object.
fn field<T>(
    tlv: &Tlv<'_>,
    object: &'static str,
    parse: impl FnOnce(&[u8]) -> Result<T, MalformedReason>,
) -> Result<T, Malformed> {
    parse(tlv.value()).map_err(|why| Malformed { object, at: tlv.value_span().start, why })
}

/// Parses one value for itself.
fn value<T>(
    tlv: Option<&Tlv<'_>>,
    object: &'static str,
    parse: impl FnOnce(&[u8]) -> Result<T, MalformedReason>,
) -> Result<T, NotUnderstood> {
    let Some(tlv) = tlv else {
        return Err(NotUnderstood::new(object, MalformedReason::Missing, &[]));
    };
    parse(tlv.value()).map_err(|why| NotUnderstood::new(object, why, tlv.value()))
}

/// Checks a table of two-byte offsets, the first of the known objects, against where the others really start,
/// and says whether this is the layout that we know. `may_lack` is the place of an object that known layouts
/// may do without.
///
/// Errors: [`MalformedReason::BadLength`] for half an entry, or too few of them with all objects there;
/// [`MalformedReason::OffsetMismatch`] for an entry of a known object that points elsewhere.
fn check_layout<const N: usize>(
    children: &Children<'_, N>,
    may_lack: Option<usize>,
    object: &'static str,
) -> Result<Layout, Malformed> {
    let Some((Some(table), known)) = children.known.split_first() else {
        return Ok(Layout::Newer);
    };
    let fault = |why| Malformed { object, at: table.value_span().start, why };
    let (offsets, half) = table.value().as_chunks::<2>();
    let lacks = |place: usize| known.get(place).is_some_and(Option::is_none);
    let lacking = (0..known.len()).filter(|place| lacks(*place)).count();
    if !half.is_empty() || (offsets.len() < known.len() && lacking == 0) {
        return Err(fault(MalformedReason::BadLength));
    }
    let points_at = |offset: &[u8; 2], tlv: &Tlv<'_>| {
        usize::from(u16::from_be_bytes(*offset)) == tlv.span().start
    };
    // An object that is not there may have any entry, or none.
    let with_gaps = offsets.len() >= known.len()
        && known.iter().zip(offsets).all(|(tlv, at)| tlv.is_none_or(|tlv| points_at(at, &tlv)));
    let without = offsets.len() + lacking == known.len()
        && known.iter().flatten().zip(offsets).all(|(tlv, at)| points_at(at, tlv));
    // Entries of objects that we do not know may stand between those of the known ones.
    let mut entries = offsets.iter();
    let between = lacking == 0
        && offsets.len() > known.len()
        && known.iter().flatten().all(|tlv| entries.any(|at| points_at(at, tlv)));
    if !with_gaps
        && !without
        && !between
        && (offsets.len() >= known.len() || offsets.len() + lacking == known.len())
    {
        return Err(fault(MalformedReason::OffsetMismatch));
    }
    let is_whole = lacking == 0 || (lacking == 1 && may_lack.is_some_and(lacks));
    let has_more = offsets.len() > known.len() || !children.others.is_empty();
    Ok(if is_whole && !has_more && (with_gaps || without) { Layout::Known } else { Layout::Newer })
}

/// A value of exactly `N` bytes.
fn exactly<const N: usize>(value: &[u8]) -> Result<[u8; N], MalformedReason> {
    value.try_into().map_err(|_| MalformedReason::BadLength)
}

/// A value of exactly `N` ASCII digits.
fn digits<const N: usize>(value: &[u8]) -> Result<[u8; N], MalformedReason> {
    let value = exactly::<N>(value)?;
    if value.iter().all(u8::is_ascii_digit) { Ok(value) } else { Err(MalformedReason::BadText) }
}
