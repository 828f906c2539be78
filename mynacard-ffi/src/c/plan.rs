//! What to read, from C.

use mynacard_core::card::Floor;
use mynacard_core::error::Misuse;
use mynacard_core::reading::Plan;
use mynacard_core::trust::live::Challenge;

use super::boundary::elements;
use crate::error::Error;

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
    /// Of a reading: the text application's answer to the challenge. Not for a plan, which asks for it
    /// unless it says without_text_proof.
    MYNACARD_PART_TEXT_PROOF = 16,
}

pub(crate) const FACE: u32 = mynacard_part::MYNACARD_PART_FACE as u32;
pub(crate) const ATTRIBUTES: u32 = mynacard_part::MYNACARD_PART_ATTRIBUTES as u32;
pub(crate) const CERTIFICATE: u32 = mynacard_part::MYNACARD_PART_CERTIFICATE as u32;
pub(crate) const PROOF: u32 = mynacard_part::MYNACARD_PART_PROOF as u32;
pub(crate) const TEXT_PROOF: u32 = mynacard_part::MYNACARD_PART_TEXT_PROOF as u32;

/// What to read, and how careful to be with the tries. Start from mynacard_plan_all or
/// mynacard_plan_face_only. Zero is never a weaker setting: one that is all zeros reads nothing, and one
/// with nothing but its parts is as careful as mynacard_plan_all.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct mynacard_plan {
    /// Bits of `enum mynacard_part`.
    pub parts: u32,
    /// Fewest tries that must be left for 照合番号B of the card-face application, 2 to 15; 0: three.
    pub face_floor: u8,
    /// Fewest tries that must be left for 照合番号B of the text application, 2 to 15; 0: three.
    pub text_floor: u8,
    /// 1 lets even the last try of either key be spent, after which wrong digits have locked it, whatever
    /// the floors say. Verifications, the report and the log show it. Else 0.
    pub allow_last_tries: u8,
    /// 1: do not have the text application answer the nonce. Nothing then proves that name and address
    /// are this chip's, and the verdict calls nothing live that includes them. Else 0.
    pub without_text_proof: u8,
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
                | bit(plan.proof, PROOF),
            face_floor: plan.face_floor.tries(),
            text_floor: plan.text_floor.tries(),
            allow_last_tries: 0,
            without_text_proof: u8::from(!plan.text_proof),
            nonce: core::ptr::null(),
            nonce_length: 0,
        }
    }
}

impl mynacard_plan {
    /// # Safety
    /// The nonce is as many bytes as it says.
    pub(crate) unsafe fn to_plan(self) -> Result<Plan, Error> {
        let switches = [self.allow_last_tries, self.without_text_proof];
        if self.parts & !(FACE | ATTRIBUTES | CERTIFICATE | PROOF) != 0
            || switches.into_iter().any(|switch| switch > 1)
        {
            return Err(Misuse::OutOfRange.into());
        }
        let floor = |tries| match (self.allow_last_tries, Floor::new(tries)?) {
            (0, floor) => Ok::<_, Error>(floor),
            _ => Ok(Floor::LAST_TRIES_ALLOWED),
        };
        let wanted = |part: u32| self.parts & part != 0;
        let plan = Plan {
            face: wanted(FACE),
            attributes: wanted(ATTRIBUTES),
            certificate: wanted(CERTIFICATE),
            proof: wanted(PROOF),
            challenge: None,
            text_proof: self.without_text_proof == 0,
            face_floor: floor(self.face_floor)?,
            text_floor: floor(self.text_floor)?,
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
