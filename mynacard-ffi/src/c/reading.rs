//! What was read, from C: part by part, each with its own code.

use std::sync::Arc;

use mynacard_core::card::{Verification, VerifyOutcome};
use mynacard_core::error::Misuse;
use mynacard_core::reading::CardReading;

use super::attributes::{mynacard_attributes, mynacard_not_understood};
use super::boundary::{Out, guarded};
use super::face::mynacard_face;
use super::handle::{self, Handle};
use super::plan::{ATTRIBUTES, CERTIFICATE, FACE, PROOF, TEXT_PROOF};
use super::result::mynacard_result;
use super::types::{mynacard_bytes, mynacard_statistics, mynacard_str};
use crate::error::BoundaryFault;
use crate::kept::{KeptReading, log_line, value_of};

/// What was read from one card, wiped when freed. Any thread may use it, several at once too. An
/// encounter or a driver that goes on with it takes out what was read: the handle is then empty
/// (MYNACARD_BOUNDARY_ABSENT), but is still to be freed.
pub struct mynacard_reading {
    _opaque: [u8; 0],
}

impl Handle for mynacard_reading {
    type Object = ReadingObject;
}

/// A reading with the log lines of its parts, which C looks at in place.
pub(crate) struct ReadingObject {
    pub(crate) kept: KeptReading,
    log: Vec<(u32, String)>,
}

/// Gives a reading a handle.
pub(crate) fn give(reading: CardReading) -> Result<*mut mynacard_reading, BoundaryFault> {
    let log = vec![
        (FACE, log_line(reading.face())),
        (ATTRIBUTES, log_line(reading.attributes())),
        (CERTIFICATE, log_line(reading.certificate())),
        (PROOF, log_line(reading.live_signature())),
        (TEXT_PROOF, log_line(reading.text_live_signature())),
    ];
    handle::open(Arc::new(ReadingObject { kept: KeptReading::new(reading), log }))
}

/// Frees it; what was read is wiped with its last handle. Null is accepted.
#[unsafe(no_mangle)]
pub extern "C" fn mynacard_reading_free(reading: *mut mynacard_reading) -> mynacard_result {
    guarded(|| Ok(handle::close(reading)?))
}

/// What became of a part, one of `enum mynacard_part`: MYNACARD_OK if it was read; else why not.
/// MYNACARD_BOUNDARY_ABSENT: it was not in the plan, or an earlier part made it pointless.
#[unsafe(no_mangle)]
pub extern "C" fn mynacard_reading_status(
    reading: *const mynacard_reading,
    part: u32,
) -> mynacard_result {
    guarded(|| {
        handle::get(reading)?.kept.look(|reading| match part {
            FACE => value_of(reading.face()).map(drop),
            ATTRIBUTES => value_of(reading.attributes()).map(drop),
            CERTIFICATE => value_of(reading.certificate()).map(drop),
            PROOF => value_of(reading.live_signature()).map(drop),
            TEXT_PROOF => value_of(reading.text_live_signature()).map(drop),
            _ => Err(Misuse::OutOfRange.into()),
        })
    })
}

/// A sentence for the log on why a part was not read, with the operation and the card's status word;
/// empty if it was read. Nothing personal is in it. Valid until the reading is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_reading_log_line(
    reading: *const mynacard_reading,
    part: u32,
    out_line: *mut mynacard_str,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for the structure by the contract of this interface.
        let out = unsafe { Out::new(out_line) }?;
        let object = handle::get(reading)?;
        let (_, line) = object.log.iter().find(|(of, _)| *of == part).ok_or(Misuse::OutOfRange)?;
        out.write(line.as_str().into());
        Ok(())
    })
}

/// The card face. Free it with mynacard_face_free.
///
/// Codes: as mynacard_reading_status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_reading_face(
    reading: *const mynacard_reading,
    out_face: *mut *mut mynacard_face,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for a handle by the contract of this interface.
        let out = unsafe { Out::new(out_face) }?;
        let face = handle::get(reading)?.kept.look(|it| Ok(Arc::clone(value_of(it.face())?)))?;
        out.write(handle::open(face)?);
        Ok(())
    })
}

/// The four attributes. Their text is valid until the reading is freed.
///
/// Codes: as mynacard_reading_status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_reading_attributes(
    reading: *const mynacard_reading,
    out_attributes: *mut mynacard_attributes,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for the structure by the contract of this interface.
        let out = unsafe { Out::new(out_attributes) }?;
        out.write(handle::get(reading)?.kept.look(|it| Ok(value_of(it.attributes())?.into()))?);
        Ok(())
    })
}

/// One of the attributes that was not understood, by its index from 0. Its bytes are valid until the reading is
/// freed. Codes: as mynacard_reading_status; MYNACARD_BOUNDARY_ABSENT also beyond the last.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_reading_not_understood(
    reading: *const mynacard_reading,
    index: usize,
    out_value: *mut mynacard_not_understood,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for the structure by the contract of this interface.
        let out = unsafe { Out::new(out_value) }?;
        let value = |it: &CardReading| {
            let values = value_of(it.attributes())?.not_understood();
            mynacard_not_understood::at(values, index)
        };
        out.write(handle::get(reading)?.kept.look(value)?);
        Ok(())
    })
}

/// The authentication certificate, X.509 DER. Valid until the reading is freed.
///
/// Codes: as mynacard_reading_status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_reading_certificate(
    reading: *const mynacard_reading,
    out_certificate: *mut mynacard_bytes,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for the structure by the contract of this interface.
        let out = unsafe { Out::new(out_certificate) }?;
        let certificate = |it: &CardReading| Ok(value_of(it.certificate())?.as_slice().into());
        out.write(handle::get(reading)?.kept.look(certificate)?);
        Ok(())
    })
}

/// What the reading has cost, over all taps.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_reading_statistics(
    reading: *const mynacard_reading,
    out_statistics: *mut mynacard_statistics,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for the structure by the contract of this interface.
        let out = unsafe { Out::new(out_statistics) }?;
        out.write(handle::get(reading)?.kept.look(|it| Ok(it.statistics().into()))?);
        Ok(())
    })
}

/// What became of a VERIFY.
#[repr(C)]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum mynacard_verify_outcome {
    /// Right. The counter is back at its maximum.
    MYNACARD_VERIFY_ACCEPTED = 1,
    /// The card said that the key was open already; nothing was sent, and the digits were not checked.
    MYNACARD_VERIFY_ALREADY_OPEN = 2,
    /// Wrong. One try is spent.
    MYNACARD_VERIFY_REJECTED = 3,
    /// Blocked, before or by this try. Only a municipal office unlocks it.
    MYNACARD_VERIFY_BLOCKED = 4,
    /// Not tried, because fewer tries are left than the floor. Nothing is spent.
    MYNACARD_VERIFY_REFUSED_BY_FLOOR = 5,
}

/// A VERIFY with its circumstances.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct mynacard_verification {
    /// What became of it.
    pub outcome: mynacard_verify_outcome,
    /// Tries left before it; -1 if the card told no number.
    pub left_before: i32,
    /// Tries left after it, the last number the card gave; -1 if it gave none. A success restores the
    /// counter to its maximum, which the card does not state.
    pub left: i32,
    /// Tries that it cost: 0 or 1.
    pub spent: u32,
    /// The floor in force.
    pub floor: u32,
    /// 1 if the plan had allowed even the last try to be spent, else 0.
    pub allowed_last_tries: u32,
}

impl From<Verification> for mynacard_verification {
    fn from(verification: Verification) -> Self {
        let number = |tries: Option<u8>| tries.map_or(-1, i32::from);
        Self {
            outcome: match verification.outcome {
                VerifyOutcome::Accepted => mynacard_verify_outcome::MYNACARD_VERIFY_ACCEPTED,
                VerifyOutcome::AlreadyVerified => {
                    mynacard_verify_outcome::MYNACARD_VERIFY_ALREADY_OPEN
                }
                VerifyOutcome::Rejected { .. } => mynacard_verify_outcome::MYNACARD_VERIFY_REJECTED,
                VerifyOutcome::Blocked => mynacard_verify_outcome::MYNACARD_VERIFY_BLOCKED,
                VerifyOutcome::RefusedByFloor { .. } => {
                    mynacard_verify_outcome::MYNACARD_VERIFY_REFUSED_BY_FLOOR
                }
            },
            left_before: number(verification.left_before),
            left: number(verification.tries_left()),
            spent: u32::from(verification.tries_spent()),
            floor: u32::from(verification.floor.tries()),
            allowed_last_tries: u32::from(verification.allowed_last_tries()),
        }
    }
}

/// The VERIFY that opened, or did not open, MYNACARD_PART_FACE or MYNACARD_PART_ATTRIBUTES.
///
/// Codes: MYNACARD_BOUNDARY_ABSENT if there was none, or its answer was lost (the part's status is
/// then MYNACARD_CREDENTIAL_OUTCOME_UNKNOWN: a try may be spent).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_reading_verification(
    reading: *const mynacard_reading,
    part: u32,
    out_verification: *mut mynacard_verification,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for the structure by the contract of this interface.
        let out = unsafe { Out::new(out_verification) }?;
        let verification = handle::get(reading)?.kept.look(|reading| match part {
            FACE => Ok(reading.face_verification()),
            ATTRIBUTES => Ok(reading.text_verification()),
            _ => Err(Misuse::OutOfRange.into()),
        })?;
        out.write(verification.ok_or(BoundaryFault::Absent)?.into());
        Ok(())
    })
}
