//! A virtual card, to develop and test without a reader (feature `sim`). Not for a release.

use core::ffi::c_void;
use std::sync::{Arc, Mutex, PoisonError};

use mynacard_core::error::{BoundaryFault, LinkFault};
use mynacard_core::trust::Roots;
use mynacard_sim::{Profile, PublicRoots, VirtualCard};

use super::boundary::{Out, elements, elements_mut, guarded, text};
use super::handle::{self, Handle};
use super::trust::{self, mynacard_roots};
use super::types::{mynacard_bytes, mynacard_result, mynacard_str};

/// A virtual card of an invented person. Any thread may use it; calls wait for each other.
pub struct mynacard_sim_card {
    _opaque: [u8; 0],
}

impl Handle for mynacard_sim_card {
    type Object = SimObject;
}

pub(crate) struct SimObject {
    profile: &'static Profile,
    card: Mutex<VirtualCard>,
}

/// Makes a card of a profile: `adult`, `child`, `foreign`, … Free it with mynacard_sim_card_free.
///
/// Codes: MYNACARD_BOUNDARY_ABSENT if there is no such profile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_sim_card_new(
    profile: mynacard_str,
    out_card: *mut *mut mynacard_sim_card,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for a handle by the contract of this interface.
        let out = unsafe { Out::new(out_card) }?;
        // SAFETY: the text's bytes by the contract of this interface.
        let name = unsafe { text(profile.data, profile.length) }?;
        let profile = Profile::find(name).ok_or(BoundaryFault::Absent)?;
        let card = Mutex::new(profile.card());
        out.write(handle::open(Arc::new(SimObject { profile, card }))?);
        Ok(())
    })
}

/// The card's 照合番号B, fourteen ASCII digits. Codes: MYNACARD_BOUNDARY_ABSENT for a phone.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_sim_card_number_b(
    card: *const mynacard_sim_card,
    out_digits: *mut mynacard_bytes,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for the structure by the contract of this interface.
        let out = unsafe { Out::new(out_digits) }?;
        let profile = handle::get(card)?.profile;
        out.write(profile.code_b().ok_or(BoundaryFault::Absent)?.as_bytes().into());
        Ok(())
    })
}

/// Sends a command to the virtual card: a mynacard_transmit_callback whose `userdata` is the card's
/// handle.
///
/// Codes: MYNACARD_LINK_NO_CARD for another `userdata`, MYNACARD_LINK_TRANSPORT for a buffer that is
/// too small.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn mynacard_sim_transmit(
    userdata: *mut c_void,
    command: *const u8,
    command_length: usize,
    response: *mut u8,
    response_capacity: usize,
    response_length: *mut usize,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for a length by the contract of this interface.
        let out = unsafe { Out::new(response_length) }?;
        // SAFETY: `command_length` bytes by the contract of this interface.
        let command = unsafe { elements(command, command_length) }?;
        // SAFETY: `response_capacity` bytes by the contract of this interface.
        let buffer = unsafe { elements_mut(response, response_capacity) }?;
        let object = handle::get(userdata.cast_const().cast::<mynacard_sim_card>())
            .map_err(|_| LinkFault::NoCard)?;
        let mut card = object.card.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = card.transmit(command);
        let place = buffer.get_mut(..answer.len()).ok_or(LinkFault::Transport)?;
        place.copy_from_slice(&answer);
        out.write(answer.len());
        Ok(())
    })
}

/// How often a secret was presented to the card, by 照合番号B of both applications: what a test
/// compares with the tries it has allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_sim_card_presentations(
    card: *const mynacard_sim_card,
    out_count: *mut u64,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for the number by the contract of this interface.
        let out = unsafe { Out::new(out_count) }?;
        let object = handle::get(card)?;
        let card = object.card.lock().unwrap_or_else(PoisonError::into_inner);
        out.write(
            card.presentations(mynacard_sim::Application::Face, 0x12)
                + card.presentations(mynacard_sim::Application::Text, 0x15),
        );
        Ok(())
    })
}

/// The roots of the virtual cards. Free them with mynacard_roots_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_sim_roots(
    out_roots: *mut *mut mynacard_roots,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for a handle by the contract of this interface.
        let out = unsafe { Out::new(out_roots) }?;
        trust::give(out, Roots::from_json(PublicRoots::test().to_json().as_bytes()))
    })
}

/// Frees a virtual card. Null is accepted.
#[unsafe(no_mangle)]
pub extern "C" fn mynacard_sim_card_free(card: *mut mynacard_sim_card) -> mynacard_result {
    guarded(|| Ok(handle::close(card)?))
}
