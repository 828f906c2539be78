//! What was read, from C: part by part, each with its own code.

use std::sync::Arc;

use mynacard_core::Error;
use mynacard_core::card::{Verification, VerifyOutcome};
use mynacard_core::error::{BoundaryFault, Misuse};
use mynacard_core::reading::{CardReading, Plan};
use mynacard_core::trust::live::Challenge;

use super::attributes::mynacard_attributes;
use super::boundary::{Out, elements, guarded};
use super::driver::mynacard_driver;
use super::face::mynacard_face;
use super::handle::{self, Handle};
use super::types::{mynacard_bytes, mynacard_result, mynacard_statistics, mynacard_str};
use crate::kept::{KeptReading, log_line, value_of};
use crate::running::Running;

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

/// A part of a reading, also as a bit of mynacard_plan.parts.
#[repr(C)]
#[derive(Clone, Copy)]
pub enum mynacard_part {
    /// The card face: photo, birth date, sex, expiry.
    MYNACARD_PART_FACE = 1,
    /// The four attributes (基本4情報) as text.
    MYNACARD_PART_ATTRIBUTES = 2,
    /// The authentication certificate (利用者証明用電子証明書).
    MYNACARD_PART_CERTIFICATE = 4,
    /// In a plan: also what proves the others. Of a reading: the chip's answer to the challenge.
    MYNACARD_PART_PROOF = 8,
    /// In a plan: have the text application answer the nonce too, so that name and address are proven to
    /// be this chip's; four exchanges more. Of a reading: its answer.
    MYNACARD_PART_TEXT_PROOF = 16,
}

const FACE: u32 = mynacard_part::MYNACARD_PART_FACE as u32;
const ATTRIBUTES: u32 = mynacard_part::MYNACARD_PART_ATTRIBUTES as u32;
const CERTIFICATE: u32 = mynacard_part::MYNACARD_PART_CERTIFICATE as u32;
const PROOF: u32 = mynacard_part::MYNACARD_PART_PROOF as u32;
const TEXT_PROOF: u32 = mynacard_part::MYNACARD_PART_TEXT_PROOF as u32;

/// What to read, and how careful to be with the tries. Start from mynacard_plan_all or
/// mynacard_plan_face_only.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct mynacard_plan {
    /// Bits of `enum mynacard_part`.
    pub parts: u32,
    /// Fewest tries that must be left for 照合番号B of the card-face application; 3 by default.
    pub face_floor: u8,
    /// Fewest tries that must be left for 照合番号B of the text application; 3 by default.
    pub text_floor: u8,
    /// A number for the chip to sign, so that a copied card is found out: 16 to 256 bytes from the
    /// system's cryptographic generator, drawn anew for each tap. Null: the chip is not asked.
    pub nonce: *const u8,
    /// Bytes of it; 0 without.
    pub nonce_length: usize,
}

impl From<Plan> for mynacard_plan {
    fn from(plan: Plan) -> Self {
        let bit = |wanted: bool, part: u32| if wanted { part } else { 0 };
        Self {
            parts: bit(plan.face, FACE)
                | bit(plan.attributes, ATTRIBUTES)
                | bit(plan.certificate, CERTIFICATE)
                | bit(plan.proof, PROOF)
                | bit(plan.text_proof, TEXT_PROOF),
            face_floor: plan.face_floor,
            text_floor: plan.text_floor,
            nonce: core::ptr::null(),
            nonce_length: 0,
        }
    }
}

impl mynacard_plan {
    /// # Safety
    /// The nonce is as many bytes as it says.
    pub(crate) unsafe fn to_plan(self) -> Result<Plan, Error> {
        if self.parts & !(FACE | ATTRIBUTES | CERTIFICATE | PROOF | TEXT_PROOF) != 0 {
            return Err(Misuse::OutOfRange.into());
        }
        let wanted = |part: u32| self.parts & part != 0;
        let plan = Plan {
            face: wanted(FACE),
            attributes: wanted(ATTRIBUTES),
            certificate: wanted(CERTIFICATE),
            proof: wanted(PROOF),
            challenge: None,
            text_proof: wanted(TEXT_PROOF),
            face_floor: self.face_floor,
            text_floor: self.text_floor,
        };
        // SAFETY: this function's contract.
        let nonce = unsafe { elements(self.nonce, self.nonce_length) }?;
        match nonce {
            [] => Ok(plan),
            nonce => Ok(plan.with_challenge(Challenge::new(nonce)?)),
        }
    }
}

/// A plan for everything, with what proves it, but no nonce.
#[unsafe(no_mangle)]
pub extern "C" fn mynacard_plan_all() -> mynacard_plan {
    Plan::all().into()
}

/// A plan for the card face alone, without proof: the shortest way to the photo.
#[unsafe(no_mangle)]
pub extern "C" fn mynacard_plan_face_only() -> mynacard_plan {
    Plan::face_only().into()
}

/// Takes the reading from a driver that is done.
pub(crate) fn take_reading(driver: &Running) -> Result<*mut mynacard_reading, BoundaryFault> {
    let reading = driver.take_reading()?;
    let log = vec![
        (FACE, log_line(&reading.face)),
        (ATTRIBUTES, log_line(&reading.attributes)),
        (CERTIFICATE, log_line(&reading.certificate)),
        (PROOF, log_line(&reading.live_signature)),
        (TEXT_PROOF, log_line(&reading.text_live_signature)),
    ];
    handle::open(Arc::new(ReadingObject { kept: KeptReading::new(reading), log }))
}

/// Takes what a driver of mynacard_driver_new_read has read. Free it with mynacard_reading_free.
///
/// Codes: MYNACARD_BOUNDARY_ABSENT before MYNACARD_ACTION_DONE and when it was taken;
/// MYNACARD_BOUNDARY_WRONG_HANDLE for a driver that reads something else.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_driver_reading(
    driver: *mut mynacard_driver,
    out_reading: *mut *mut mynacard_reading,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for a handle by the contract of this interface.
        let out = unsafe { Out::new(out_reading) }?;
        let driver = handle::get(driver)?;
        out.write(take_reading(&driver)?);
        Ok(())
    })
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
            FACE => value_of(&reading.face).map(drop),
            ATTRIBUTES => value_of(&reading.attributes).map(drop),
            CERTIFICATE => value_of(&reading.certificate).map(drop),
            PROOF => value_of(&reading.live_signature).map(drop),
            TEXT_PROOF => value_of(&reading.text_live_signature).map(drop),
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
        let face = handle::get(reading)?.kept.look(|it| Ok(Arc::clone(value_of(&it.face)?)))?;
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
        out.write(handle::get(reading)?.kept.look(|it| Ok(value_of(&it.attributes)?.into()))?);
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
        let certificate = |it: &CardReading| Ok(value_of(&it.certificate)?.as_slice().into());
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
        out.write(handle::get(reading)?.kept.look(|it| Ok(it.statistics.into()))?);
        Ok(())
    })
}

/// What became of a VERIFY.
#[repr(C)]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum mynacard_verify_outcome {
    /// Right. The counter is back at its maximum.
    MYNACARD_VERIFY_ACCEPTED = 1,
    /// The key was open already; nothing was sent.
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
            floor: u32::from(verification.floor),
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
            FACE => Ok(reading.face_verification),
            ATTRIBUTES => Ok(reading.text_verification),
            _ => Err(Misuse::OutOfRange.into()),
        })?;
        out.write(verification.ok_or(BoundaryFault::Absent)?.into());
        Ok(())
    })
}
