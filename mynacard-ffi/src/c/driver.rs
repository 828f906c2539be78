//! The driver from C: it says what to send, and the host's own reader call sends it.

use std::sync::Arc;

use mynacard_core::driver::Input;
use mynacard_core::error::{LinkFault, Misuse};
use mynacard_core::exchange::Link;

use super::boundary::{Out, elements, guarded, value};
use super::credential::mynacard_number_b;
use super::face::mynacard_face;
use super::handle::{self, Handle};
use super::link::mynacard_link;
use super::plan::mynacard_plan;
use super::reading::{self, mynacard_reading};
use super::result::mynacard_result;
use super::types::{mynacard_progress, mynacard_statistics};
use crate::error::{BoundaryFault, Error};
use crate::running::{Held, Running, Wish};
use crate::session::Session;

/// A reading in progress: says which command to send, takes the card's answer, does no I/O.
///
/// start, then as each action says: respond, link_lost or continue, until MYNACARD_ACTION_DONE.
/// Freeing it cancels; nothing is left behind. Any thread may use it, one at a time: a second call at
/// the same time, or one from inside a callback, gets MYNACARD_BOUNDARY_HANDLE_BUSY.
pub struct mynacard_driver {
    _opaque: [u8; 0],
}

impl Handle for mynacard_driver {
    type Object = Running;
}

/// What a driver tells the host to do.
#[repr(C)]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum mynacard_action_kind {
    /// Send `command` to the card, once, then call respond with its answer, or link_lost.
    MYNACARD_ACTION_TRANSMIT = 1,
    /// Show `progress`, then call continue.
    MYNACARD_ACTION_PROGRESS = 2,
    /// The card face is there before the rest (mynacard_driver_face); then call continue.
    MYNACARD_ACTION_FACE = 3,
    /// The end. Take the result.
    MYNACARD_ACTION_DONE = 4,
}

/// The driver's next wish.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct mynacard_action {
    /// What to do.
    pub kind: mynacard_action_kind,
    /// The command, for MYNACARD_ACTION_TRANSMIT; else null. Valid until the next call that steps or
    /// frees the driver; it may hold 照合番号B, so it must not be logged.
    pub command: *const u8,
    /// Its bytes; else 0.
    pub command_length: usize,
    /// How far it has come, for MYNACARD_ACTION_PROGRESS; else zeros.
    pub progress: mynacard_progress,
}

/// Describes what a session wants.
fn action(held: &Held<'_>, wish: &Wish) -> mynacard_action {
    let command = held.command();
    let mut action = mynacard_action {
        kind: mynacard_action_kind::MYNACARD_ACTION_DONE,
        command: core::ptr::null(),
        command_length: 0,
        progress: mynacard_progress::default(),
    };
    match wish {
        Wish::Transmit => {
            action.kind = mynacard_action_kind::MYNACARD_ACTION_TRANSMIT;
            action.command = command.as_ptr();
            action.command_length = command.len();
        }
        Wish::Progress(progress) => {
            action.kind = mynacard_action_kind::MYNACARD_ACTION_PROGRESS;
            action.progress = (*progress).into();
        }
        Wish::Face(_) => action.kind = mynacard_action_kind::MYNACARD_ACTION_FACE,
        Wish::Done => {}
    }
    action
}

/// Makes a driver over a session.
///
/// # Safety
/// As [`Out::new`].
unsafe fn open_with(
    link: *mut mynacard_link,
    out_driver: *mut *mut mynacard_driver,
    session: impl FnOnce(&Link) -> Result<Session, Error>,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: this function's contract.
        let out = unsafe { Out::new(out_driver) }?;
        let link = handle::get(link)?;
        let driver = Running::new((*link).clone(), session(&link)?);
        out.write(handle::open(Arc::new(driver))?);
        Ok(())
    })
}

/// A session that reads a card.
///
/// # Safety
/// As [`value`], and the plan's challenge is as many bytes as it says.
pub(crate) unsafe fn read_session(
    link: &Link,
    number: *const mynacard_number_b,
    plan: *const mynacard_plan,
) -> Result<Session, Error> {
    let number = handle::get(number)?;
    // SAFETY: this function's contract; the structure has no invalid bit patterns.
    let plan = unsafe { value(plan) }?;
    // SAFETY: this function's contract.
    let plan = unsafe { plan.to_plan() }?;
    Ok(Session::read(link, number, plan)?)
}

/// A driver that finds out what lies on the reader (mynacard_driver_token). Codes:
/// MYNACARD_MISUSE_LINK_BUSY while another driver has the link, as for every driver. Effect on the card:
/// selects the JPKI application, and asks by SELECT for what may lie beside it or tells another card; no
/// VERIFY.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_driver_new_identify(
    link: *mut mynacard_link,
    out_driver: *mut *mut mynacard_driver,
) -> mynacard_result {
    // SAFETY: the contract of this interface.
    unsafe { open_with(link, out_driver, |link| Ok(Session::identify(link)?)) }
}

/// A driver that asks for the tries left of every key (mynacard_driver_tries). Effect on the card:
/// none that lasts; the query is free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_driver_new_tries(
    link: *mut mynacard_link,
    out_driver: *mut *mut mynacard_driver,
) -> mynacard_result {
    // SAFETY: the contract of this interface.
    unsafe { open_with(link, out_driver, |link| Ok(Session::tries(link)?)) }
}

/// A driver that reads what the card says of itself (mynacard_driver_facts). Effect on the card:
/// selects files; no VERIFY.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_driver_new_facts(
    link: *mut mynacard_link,
    out_driver: *mut *mut mynacard_driver,
) -> mynacard_result {
    // SAFETY: the contract of this interface.
    unsafe { open_with(link, out_driver, |link| Ok(Session::facts(link)?)) }
}

/// A driver that reads a card by a plan with its 照合番号B (mynacard_driver_reading). Effect on the
/// card: at most one VERIFY to each of the two applications that the plan opens; a wrong number
/// spends one try and ends the use of the number. The number may be freed at once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_driver_new_read(
    link: *mut mynacard_link,
    number: *const mynacard_number_b,
    plan: *const mynacard_plan,
    out_driver: *mut *mut mynacard_driver,
) -> mynacard_result {
    // SAFETY: the contract of this interface.
    let session = |link: &Link| unsafe { read_session(link, number, plan) };
    // SAFETY: the contract of this interface.
    unsafe { open_with(link, out_driver, session) }
}

/// A driver that goes on with a torn reading (かざし直し), taken with mynacard_driver_reading after the
/// link was lost. First the chip proves that it is the same card by signing the plan's nonce, which must
/// be a new one; no number is presented before that. The driver takes out what is in the reading, and
/// gives it back, whole or as it was, through mynacard_driver_reading.
///
/// Codes: MYNACARD_CREDENTIAL_OUTCOME_UNKNOWN when a VERIFY may or may not have counted;
/// MYNACARD_LINK_BEGIN_ANEW when it was not torn, or so early that nothing tells the card;
/// MYNACARD_MISUSE_OUT_OF_RANGE without a nonce, or with that of an earlier tap. The reading is then as
/// it was.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_driver_new_resume(
    link: *mut mynacard_link,
    number: *const mynacard_number_b,
    plan: *const mynacard_plan,
    reading: *mut mynacard_reading,
    out_driver: *mut *mut mynacard_driver,
) -> mynacard_result {
    let session = |link: &Link| {
        let number = handle::get(number)?;
        // SAFETY: the contract of this interface; the structure has no invalid bit patterns.
        let plan = unsafe { value(plan) }?;
        // SAFETY: the plan's nonce is as many bytes as it says, by the same contract.
        let plan = unsafe { plan.to_plan() }?;
        handle::get(reading)?.kept.resume(link, number, plan)
    };
    // SAFETY: the contract of this interface.
    unsafe { open_with(link, out_driver, session) }
}

/// Whether a driver of mynacard_driver_new_resume, which is done and whose reading is not yet taken,
/// went on: MYNACARD_OK, or why not, for example MYNACARD_CARD_OTHER_CARD.
#[unsafe(no_mangle)]
pub extern "C" fn mynacard_driver_resume_status(driver: *const mynacard_driver) -> mynacard_result {
    guarded(|| handle::get(driver)?.resumed())
}

/// Steps a driver.
///
/// # Safety
/// As [`Out::new`].
unsafe fn step(
    driver: *const mynacard_driver,
    input: Result<Input<'_>, Error>,
    out_action: *mut mynacard_action,
) -> Result<(), Error> {
    // SAFETY: this function's contract.
    let out = unsafe { Out::new(out_action) }?;
    let driver = handle::get(driver)?;
    let mut held = driver.hold()?;
    let wish = held.step(input?)?;
    out.write(action(&held, &wish));
    Ok(())
}

/// Begins. Codes: MYNACARD_MISUSE_UNEXPECTED_INPUT if it has begun; nothing changes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_driver_start(
    driver: *mut mynacard_driver,
    out_action: *mut mynacard_action,
) -> mynacard_result {
    // SAFETY: the contract of this interface.
    guarded(|| unsafe { step(driver, Ok(Input::Start), out_action) })
}

/// Goes on after MYNACARD_ACTION_PROGRESS or MYNACARD_ACTION_FACE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_driver_continue(
    driver: *mut mynacard_driver,
    out_action: *mut mynacard_action,
) -> mynacard_result {
    // SAFETY: the contract of this interface.
    guarded(|| unsafe { step(driver, Ok(Input::Continue), out_action) })
}

/// Takes the card's answer, data and status bytes, to the last MYNACARD_ACTION_TRANSMIT. The bytes
/// remain the caller's, and are personal.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_driver_respond(
    driver: *mut mynacard_driver,
    response: *const u8,
    response_length: usize,
    out_action: *mut mynacard_action,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: `response_length` bytes by the contract of this interface.
        let response = unsafe { elements(response, response_length) };
        // SAFETY: the contract of this interface.
        unsafe { step(driver, response.map(Input::Response).map_err(Into::into), out_action) }
    })
}

/// Says that the link failed, with one of MYNACARD_LINK_…; allowed at any time before the end. The
/// driver sends nothing after it and ends with what it has.
///
/// Codes: MYNACARD_MISUSE_OUT_OF_RANGE for a code that is none of a link.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_driver_link_lost(
    driver: *mut mynacard_driver,
    fault: mynacard_result,
    out_action: *mut mynacard_action,
) -> mynacard_result {
    guarded(|| {
        let input = link_fault(fault).map(Input::LinkLost).ok_or(Misuse::OutOfRange.into());
        // SAFETY: the contract of this interface.
        unsafe { step(driver, input, out_action) }
    })
}

/// The link fault of a result code.
pub(crate) fn link_fault(code: mynacard_result) -> Option<LinkFault> {
    u16::try_from(code).ok().and_then(LinkFault::from_code)
}

/// Cancels: from any thread, from inside a callback, at any time, never busy. The driver sends no
/// further command and ends at its next step, as if the link had been lost with
/// MYNACARD_LINK_CANCELLED; what was read until then is kept.
#[unsafe(no_mangle)]
pub extern "C" fn mynacard_driver_cancel(driver: *const mynacard_driver) -> mynacard_result {
    guarded(|| {
        handle::get(driver)?.cancel();
        Ok(())
    })
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
        out.write(reading::give(handle::get(driver)?.take_reading()?)?);
        Ok(())
    })
}

/// The card face, from MYNACARD_ACTION_FACE on. Free it with mynacard_face_free.
///
/// Codes: MYNACARD_BOUNDARY_ABSENT before it is there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_driver_face(
    driver: *const mynacard_driver,
    out_face: *mut *mut mynacard_face,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for a handle by the contract of this interface.
        let out = unsafe { Out::new(out_face) }?;
        let face = handle::get(driver)?.hold()?.face().ok_or(BoundaryFault::Absent)?;
        out.write(handle::open(face)?);
        Ok(())
    })
}

/// What the driver has spent so far.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_driver_statistics(
    driver: *const mynacard_driver,
    out_statistics: *mut mynacard_statistics,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for the structure by the contract of this interface.
        let out = unsafe { Out::new(out_statistics) }?;
        let driver = handle::get(driver)?;
        out.write(driver.hold()?.statistics().into());
        Ok(())
    })
}

/// Frees it, and so cancels it; secrets and what it has read are wiped. Null is accepted. From inside
/// a callback it ends when the callback's own call does.
#[unsafe(no_mangle)]
pub extern "C" fn mynacard_driver_free(driver: *mut mynacard_driver) -> mynacard_result {
    guarded(|| {
        if let Ok(object) = handle::get(driver) {
            object.cancel();
        }
        Ok(handle::close(driver)?)
    })
}
