//! The applications of the card, one room each: the layouts of their files, and the sources for them.
//! Where the files lie is in [`map`](crate::map).
//!
//! Facts come from card-spec's public sources; each room says how sure each one is: **A** several
//! independent sources or verified on the published test card, **B** one good source, usually
//! measured on cards, **C** inference. There is no public specification of this card.

pub mod common;
pub mod face;
pub mod jpki;
pub mod text;

use crate::error::{Malformed, MalformedReason};
use crate::tlv::Tlv;

/// Parses the value of one object.
fn field<T>(
    tlv: &Tlv<'_>,
    object: &'static str,
    parse: impl FnOnce(&[u8]) -> Result<T, MalformedReason>,
) -> Result<T, Malformed> {
    parse(tlv.value()).map_err(|why| Malformed { object, at: tlv.value_span().start, why })
}

/// Checks a table of two-byte offsets against where the objects really start; one that is not there may
/// have any entry.
fn check_offsets<'t>(
    table: &Tlv<'_>,
    objects: impl ExactSizeIterator<Item = Option<&'t Tlv<'t>>>,
    object: &'static str,
) -> Result<(), Malformed> {
    let at = table.value_span().start;
    let (offsets, rest) = table.value().as_chunks::<2>();
    if !rest.is_empty() || offsets.len() != objects.len() {
        return Err(Malformed { object, at, why: MalformedReason::BadLength });
    }
    let agrees = offsets.iter().zip(objects).all(|(offset, tlv)| {
        tlv.is_none_or(|tlv| usize::from(u16::from_be_bytes(*offset)) == tlv.span().start)
    });
    if agrees {
        Ok(())
    } else {
        Err(Malformed { object, at, why: MalformedReason::OffsetMismatch })
    }
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
