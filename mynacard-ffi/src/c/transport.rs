//! The loop around a driver, for hosts that would rather lend a function than write the loop.

use core::ffi::c_void;
use std::sync::Arc;

use mynacard_core::applet::face::CardFace;
use mynacard_core::driver::Input;
use mynacard_core::error::LinkFault;
use zeroize::{Zeroize, Zeroizing};

use super::boundary::{Out, guarded, value};
use super::credential::mynacard_number_b;
use super::driver::{link_fault, mynacard_driver, read_session};
use super::face::mynacard_face;
use super::handle;
use super::link::mynacard_link;
use super::plan::mynacard_plan;
use super::reading::{self, mynacard_reading};
use super::result::{MYNACARD_OK, mynacard_result};
use super::types::mynacard_progress;
use crate::error::{BoundaryFault, Error};
use crate::running::{Held, Running, Wish};

/// Sends a command to the card, once, and writes its answer, data and status bytes, to `response`,
/// which has room for `response_capacity` bytes; sets `response_length`.
///
/// The buffer is all zeros and `response_length` is 0 when it is called.
///
/// Returns MYNACARD_OK, or one of MYNACARD_LINK_… saying why there is no answer. Another code, or a
/// length beyond the capacity, counts as MYNACARD_LINK_TRANSPORT. Must not send anything twice: a
/// repeated VERIFY costs the patient a try. Must not throw or longjmp: the process would be stopped. The command may hold 照合番号B,
/// the answer is personal: neither may be logged.
pub type mynacard_transmit_callback = Option<
    unsafe extern "C-unwind" fn(
        userdata: *mut c_void,
        command: *const u8,
        command_length: usize,
        response: *mut u8,
        response_capacity: usize,
        response_length: *mut usize,
    ) -> mynacard_result,
>;

/// Shows how far a reading has come. Must not throw or longjmp.
pub type mynacard_progress_callback =
    Option<unsafe extern "C-unwind" fn(userdata: *mut c_void, progress: *const mynacard_progress)>;

/// Shows the card face before the rest is read. The handle is valid until the callback returns. Must
/// not throw or longjmp.
pub type mynacard_face_callback =
    Option<unsafe extern "C-unwind" fn(userdata: *mut c_void, face: *const mynacard_face)>;

/// What the host lends to mynacard_driver_run.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct mynacard_callbacks {
    /// Sends a command. Must not be null.
    pub transmit: mynacard_transmit_callback,
    /// Shows progress; may be null.
    pub progress: mynacard_progress_callback,
    /// Shows the face early; may be null.
    pub face: mynacard_face_callback,
}

/// One run of a driver over callbacks.
struct Run {
    userdata: *mut c_void,
    callbacks: mynacard_callbacks,
    /// One buffer for all answers, which never moves and leaves no copy behind.
    response: Zeroizing<Vec<u8>>,
}

impl Run {
    /// # Safety
    /// The callbacks are functions of their types that accept `userdata`.
    unsafe fn finish(&mut self, held: &mut Held<'_>) -> Result<(), Error> {
        let mut wish = held.step(Input::Start)?;
        loop {
            wish = match wish {
                Wish::Transmit => {
                    // SAFETY: this function's contract.
                    match unsafe { self.transmit(held.command()) }? {
                        Ok(length) => {
                            let answer = self.response.get(..length).unwrap_or_default();
                            held.step(Input::Response(answer))?
                        }
                        Err(fault) => held.step(Input::LinkLost(fault))?,
                    }
                }
                Wish::Progress(progress) => {
                    if let Some(show) = self.callbacks.progress {
                        let progress = mynacard_progress::from(progress);
                        // SAFETY: this function's contract; the structure outlives the call.
                        unsafe { show(self.userdata, &raw const progress) };
                    }
                    held.step(Input::Continue)?
                }
                Wish::Face(face) => {
                    // SAFETY: this function's contract.
                    unsafe { self.show_face(face) }?;
                    held.step(Input::Continue)?
                }
                Wish::Done => return Ok(()),
            };
        }
    }

    /// # Safety
    /// As [`Run::finish`].
    unsafe fn transmit(&mut self, command: &[u8]) -> Result<Result<usize, LinkFault>, Error> {
        let transmit = self.callbacks.transmit.ok_or(BoundaryFault::NullPointer)?;
        // A callback that writes nothing must not repeat the last answer.
        self.response.as_mut_slice().zeroize();
        let capacity = self.response.len();
        let response = self.response.as_mut_ptr();
        let mut length = 0_usize;
        let (data, size) = (command.as_ptr(), command.len());
        // SAFETY: this function's contract; command, buffer and length outlive the call, and the
        // capacity is the buffer's.
        let code =
            unsafe { transmit(self.userdata, data, size, response, capacity, &raw mut length) };
        Ok(match code {
            MYNACARD_OK if length <= capacity => Ok(length),
            MYNACARD_OK => Err(LinkFault::Transport),
            other => Err(link_fault(other).unwrap_or(LinkFault::Transport)),
        })
    }

    /// # Safety
    /// As [`Run::finish`].
    unsafe fn show_face(&self, face: Arc<CardFace>) -> Result<(), Error> {
        if let Some(show) = self.callbacks.face {
            let face = handle::open::<mynacard_face>(face)?;
            // SAFETY: this function's contract.
            unsafe { show(self.userdata, face) };
            // A callback that freed it has only done our work.
            let _ = handle::close(face);
        }
        Ok(())
    }
}

/// Steps a driver to its end over callbacks.
///
/// # Safety
/// The callbacks are functions of their types that accept `userdata`.
unsafe fn run(
    driver: &Running,
    userdata: *mut c_void,
    callbacks: mynacard_callbacks,
) -> Result<(), Error> {
    let mut held = driver.hold()?;
    let response = Zeroizing::new(vec![0; driver.link().capabilities().max_response]);
    // SAFETY: this function's contract.
    unsafe { Run { userdata, callbacks, response }.finish(&mut held) }
}

/// Steps a driver to its end over callbacks, each of which gets `userdata` first. A failure of the
/// link is no failure of this function: the result says what was read before it.
///
/// A callback may use every other handle, and may cancel or free this driver; another use of this
/// driver gets MYNACARD_BOUNDARY_HANDLE_BUSY.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_driver_run(
    driver: *mut mynacard_driver,
    userdata: *mut c_void,
    callbacks: *const mynacard_callbacks,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: the contract of this interface; null function pointers are `None`.
        let callbacks = unsafe { value(callbacks) }?;
        if callbacks.transmit.is_none() {
            return Err(BoundaryFault::NullPointer.into());
        }
        let driver = handle::get(driver)?;
        // SAFETY: the contract of this interface.
        unsafe { run(&driver, userdata, callbacks) }
    })
}

/// Reads a card by a plan through one function that sends commands: makes a driver, runs it, takes
/// its result. Codes and effect on the card: as mynacard_driver_new_read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_read_with(
    userdata: *mut c_void,
    transmit: mynacard_transmit_callback,
    link: *mut mynacard_link,
    number: *const mynacard_number_b,
    plan: *const mynacard_plan,
    out_reading: *mut *mut mynacard_reading,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for a handle by the contract of this interface.
        let out = unsafe { Out::new(out_reading) }?;
        if transmit.is_none() {
            return Err(BoundaryFault::NullPointer.into());
        }
        let link = handle::get(link)?;
        // SAFETY: the contract of this interface.
        let session = unsafe { read_session(&link, number, plan) }?;
        let driver = Running::new((*link).clone(), session);
        let callbacks = mynacard_callbacks { transmit, progress: None, face: None };
        // SAFETY: the contract of this interface.
        unsafe { run(&driver, userdata, callbacks) }?;
        out.write(reading::give(driver.take_reading()?)?);
        Ok(())
    })
}
