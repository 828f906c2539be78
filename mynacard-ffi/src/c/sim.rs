//! A virtual card, to develop and test without a reader (feature `sim`). Not for a release.

use core::ffi::c_void;
use std::sync::{Arc, Mutex, PoisonError};

use mynacard_core::error::LinkFault;
use mynacard_core::exchange::CardTransport;
use mynacard_core::trust::Roots;
use mynacard_sim::{Forgery, Profile, PublicRoots, VirtualCard};

use super::boundary::{Out, guarded, text};
use super::carry::carry;
use super::handle::{self, Handle};
use super::link::{self, mynacard_link};
use super::result::mynacard_result;
use super::trust::{self, mynacard_roots};
use super::types::{mynacard_bytes, mynacard_str};
use crate::error::BoundaryFault;

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

/// Makes a card of a profile (`adult`, `child`, `foreign`, …), or one that is forged (`swapped-photo`,
/// `copied`, `borrowed-name`, …). Free it with mynacard_sim_card_free.
///
/// Codes: MYNACARD_BOUNDARY_ABSENT if there is neither of that name.
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
        let (profile, card) = match (Profile::find(name), Forgery::find(name)) {
            (Some(profile), _) => (profile, profile.card()),
            (None, Some(forgery)) => (forgery.profile(), forgery.card()),
            (None, None) => return Err(BoundaryFault::Absent.into()),
        };
        out.write(handle::open(Arc::new(SimObject { profile, card: Mutex::new(card) }))?);
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
    let (command, response) = ((command, command_length), (response, response_capacity));
    // SAFETY: the contract of this interface.
    unsafe {
        carry(command, response, response_length, |command, answer| {
            let object = handle::get(userdata.cast_const().cast::<mynacard_sim_card>())
                .map_err(|_| LinkFault::NoCard)?;
            let mut card = object.card.lock().unwrap_or_else(PoisonError::into_inner);
            Ok(CardTransport::transmit(&mut *card, command, answer)?)
        })
    }
}

/// The card's link, for drivers whose commands go to mynacard_sim_transmit. Free it with
/// mynacard_link_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_link_of_sim(
    card: *const mynacard_sim_card,
    out_link: *mut *mut mynacard_link,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for a handle by the contract of this interface.
        let out = unsafe { Out::new(out_link) }?;
        let object = handle::get(card)?;
        let card = object.card.lock().unwrap_or_else(PoisonError::into_inner);
        out.write(link::give(card.link().clone())?);
        Ok(())
    })
}

/// Takes the card's power away and gives it back: what was selected and verified is forgotten.
#[unsafe(no_mangle)]
pub extern "C" fn mynacard_sim_card_power_cycle(card: *mut mynacard_sim_card) -> mynacard_result {
    guarded(|| {
        let object = handle::get(card)?;
        object.card.lock().unwrap_or_else(PoisonError::into_inner).power_off();
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
