//! Medical sources, from C: a callback that is asked only under a permit.

use core::ffi::c_void;
use std::sync::{Arc, Mutex};

use mynacard_core::Timestamp;
use mynacard_core::consent::{CardKey, Scope};
use mynacard_core::error::BoundaryFault;
use mynacard_core::medical::MedicalFault;
use zeroize::Zeroizing;

use super::boundary::{Out, elements, guarded};
use super::encounter::{mynacard_encounter, mynacard_scope, scope, short_id};
use super::handle::{self, Handle};
use super::types::{MYNACARD_OK, mynacard_result, mynacard_str, timestamp};
use crate::source::{Answer, HostSource, Kind};

/// What a medical source is asked.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct mynacard_query {
    /// One of `enum mynacard_scope`. A source may give more: only this is kept.
    pub scope: u32,
    /// The moment of asking, in milliseconds since 1970.
    pub unix_millis: u64,
}

/// Where a source puts its answer. Valid until the callback returns.
pub struct mynacard_answer {
    _opaque: [u8; 0],
}

impl Handle for mynacard_answer {
    type Object = Mutex<Option<Zeroizing<Vec<u8>>>>;
}

/// Asks a medical source. It gives a synthetic patient file (the form of examples/data/patients) with
/// mynacard_answer_give and returns MYNACARD_OK; another code counts as MYNACARD_MEDICAL_SOURCE_FAILED.
/// Must not throw or longjmp.
pub type mynacard_source_callback = Option<
    unsafe extern "C-unwind" fn(
        userdata: *mut c_void,
        query: *const mynacard_query,
        answer: *mut mynacard_answer,
    ) -> mynacard_result,
>;

/// Gives a source's answer. The bytes remain the caller's, and are personal.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_answer_give(
    answer: *mut mynacard_answer,
    json: *const u8,
    length: usize,
) -> mynacard_result {
    guarded(|| {
        let object = handle::get(answer)?;
        // SAFETY: `length` bytes by the contract of this interface.
        let json = unsafe { elements(json, length) }?;
        let mut place = object.try_lock().map_err(|_| BoundaryFault::HandleBusy)?;
        *place = Some(Zeroizing::new(json.to_vec()));
        Ok(())
    })
}

/// Asks the host.
///
/// # Safety
/// The callback is a function of its type that accepts `userdata`.
unsafe fn ask(
    callback: unsafe extern "C-unwind" fn(
        *mut c_void,
        *const mynacard_query,
        *mut mynacard_answer,
    ) -> mynacard_result,
    userdata: *mut c_void,
    asked: &mynacard_query,
) -> Result<Answer, MedicalFault> {
    let failed = MedicalFault::SourceFailed;
    let object = Arc::new(Mutex::new(None));
    let answer = handle::open::<mynacard_answer>(Arc::clone(&object)).map_err(|_| failed)?;
    // SAFETY: this function's contract; the query outlives the call.
    let code = unsafe { callback(userdata, asked, answer) };
    let _ = handle::close(answer);
    let json = object.try_lock().map_err(|_| failed)?.take();
    match json {
        Some(json) if code == MYNACARD_OK => Ok(Answer::PatientFile(json)),
        _ => Err(failed),
    }
}

/// Asks a source for medical information, if the permit in force covers it. `out_event` says what goes
/// into the log: 0 if there is something to show, else why the source gave nothing
/// (MYNACARD_EVENT_NO_SIGNAL, …).
///
/// Codes: MYNACARD_REFUSAL_PERMIT_ENDED and others, with nothing asked; MYNACARD_MEDICAL_…
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_encounter_fetch(
    encounter: *mut mynacard_encounter,
    scope: u32,
    crew: mynacard_str,
    now_unix_millis: u64,
    userdata: *mut c_void,
    source: mynacard_source_callback,
    out_event: *mut u32,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for the number by the contract of this interface.
        let out = unsafe { Out::new(out_event) }?;
        let callback = source.ok_or(BoundaryFault::NullPointer)?;
        let object = handle::get(encounter)?;
        let scope = self::scope(scope)?;
        // SAFETY: the text's bytes by the contract of this interface.
        let crew = unsafe { short_id(crew) }?;
        let now = timestamp(now_unix_millis)?;
        let mut encounter = object.hold()?;
        // Without a permit no card is known; the encounter says why there is none.
        let none = || CardKey::from_hash([0; 32]);
        let card = encounter.permit_card(now).unwrap_or_else(none);
        let mut source = HostSource {
            card,
            holder: encounter.holder(),
            kind: Kind::Synthetic,
            ask: |scope, now: Timestamp| {
                let scope = match scope {
                    Scope::Summary => mynacard_scope::MYNACARD_SCOPE_SUMMARY as u32,
                    Scope::Full => mynacard_scope::MYNACARD_SCOPE_FULL as u32,
                };
                let query = mynacard_query { scope, unix_millis: now.unix_millis() };
                // SAFETY: a function of this type that accepts `userdata`, by the contract of this
                // interface.
                unsafe { ask(callback, userdata, &query) }
            },
        };
        let event = encounter.fetch(&mut source, scope, crew, now)?;
        out.write(event.map_or(0, |event| u32::from(event.code())));
        Ok(())
    })
}
