//! Medical sources, from C: a callback that is asked only under a permit.

use core::ffi::c_void;
use core::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use mynacard_core::Timestamp;
use mynacard_core::consent::Scope;
use mynacard_core::error::Misuse;
use mynacard_core::medical::{MedicalFault, NoRecords};
use zeroize::Zeroizing;

use super::boundary::{Out, elements, guarded};
use super::encounter::{mynacard_encounter, mynacard_scope, scope, short_id};
use super::handle::{self, Handle};
use super::result::{MYNACARD_OK, mynacard_result};
use super::types::{mynacard_str, timestamp};
use crate::error::{BoundaryFault, Error};
use crate::source::{self, Answer, Kind};

/// What a medical source is asked.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct mynacard_query {
    /// One of `enum mynacard_scope`. A source may give more: only this is kept.
    pub scope: u32,
    /// The moment of asking, in milliseconds since 1970.
    pub unix_millis: u64,
}

/// Why there is no medical information, though everything worked as it should.
#[repr(C)]
#[derive(Clone, Copy)]
pub enum mynacard_no_records {
    /// The card is not registered as health insurance card (マイナ保険証の利用登録なし).
    MYNACARD_NO_RECORDS_NOT_REGISTERED = 1,
    /// The card's certificate has expired: eligibility alone is given, for three months.
    MYNACARD_NO_RECORDS_ELIGIBILITY_ONLY = 2,
    /// The service wants a consent that it has not got.
    MYNACARD_NO_RECORDS_CONSENT_REQUIRED = 3,
    /// No connection (圏外).
    MYNACARD_NO_RECORDS_NO_SIGNAL = 4,
    /// The service is down.
    MYNACARD_NO_RECORDS_DOWN = 5,
}

fn no_records(reason: u32) -> Result<NoRecords, Misuse> {
    match reason {
        1 => Ok(NoRecords::NotRegistered),
        2 => Ok(NoRecords::EligibilityOnly),
        3 => Ok(NoRecords::ConsentRequired),
        4 => Ok(NoRecords::NoSignal),
        5 => Ok(NoRecords::Down),
        _ => Err(Misuse::OutOfRange),
    }
}

/// Where a source puts its answer. Valid until the callback returns.
pub struct mynacard_answer {
    _opaque: [u8; 0],
}

impl Handle for mynacard_answer {
    type Object = Answering;
}

/// The answer of a source, while it is being given.
pub(crate) struct Answering {
    kind: Kind,
    given: Mutex<Option<Answer>>,
    /// When it was given, in milliseconds since 1970.
    at: AtomicU64,
}

impl Answering {
    /// Changes what was given so far.
    ///
    /// Errors: [`BoundaryFault::HandleBusy`]; [`Misuse::UnexpectedInput`] where `change` has no answer.
    fn give(&self, change: impl FnOnce(&mut Option<Answer>) -> Option<()>) -> Result<(), Error> {
        let mut given = self.given.try_lock().map_err(|_| BoundaryFault::HandleBusy)?;
        Ok(change(&mut given).ok_or(Misuse::UnexpectedInput)?)
    }
}

/// Asks a medical source. It gives its answer with one of mynacard_answer_give…, says when with
/// mynacard_answer_given_at, and returns MYNACARD_OK; another code, no answer, no time or one before the
/// question counts as MYNACARD_MEDICAL_SOURCE_FAILED. Must not throw or longjmp.
pub type mynacard_source_callback = Option<
    unsafe extern "C-unwind" fn(
        userdata: *mut c_void,
        query: *const mynacard_query,
        answer: *mut mynacard_answer,
    ) -> mynacard_result,
>;

/// Gives the answer of a source of invented patients: one patient file, in the form of
/// examples/data/patients. A second one takes the place of the first. The bytes remain the caller's.
///
/// Codes: MYNACARD_MISUSE_UNEXPECTED_INPUT for the answer of another kind of source, and once another
/// answer was given.
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
        if object.kind != Kind::Synthetic {
            return Err(Misuse::UnexpectedInput.into());
        }
        object.give(|given| match given {
            None | Some(Answer::PatientFile(_)) => {
                *given = Some(Answer::PatientFile(Zeroizing::new(json.to_vec())));
                Some(())
            }
            _ => None,
        })
    })
}

/// Gives one reply of the eligibility system, in XML; call it for each. They must be about the holder of
/// the card that was read. The bytes remain the caller's, and are personal.
///
/// Codes: MYNACARD_MISUSE_UNEXPECTED_INPUT for the answer of another kind of source, and once another
/// answer was given.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_answer_give_reply(
    answer: *mut mynacard_answer,
    xml: *const u8,
    length: usize,
) -> mynacard_result {
    guarded(|| {
        let object = handle::get(answer)?;
        // SAFETY: `length` bytes by the contract of this interface.
        let xml = unsafe { elements(xml, length) }?;
        if object.kind != Kind::Service {
            return Err(Misuse::UnexpectedInput.into());
        }
        object.give(|given| match given.get_or_insert(Answer::Replies(Vec::new())) {
            Answer::Replies(replies) => {
                replies.push(Zeroizing::new(xml.to_vec()));
                Some(())
            }
            _ => None,
        })
    })
}

/// Says when the answer was there, in milliseconds since 1970, by the clock that the question's time is
/// from: the permit is checked again by it. Required.
#[unsafe(no_mangle)]
pub extern "C" fn mynacard_answer_given_at(
    answer: *mut mynacard_answer,
    unix_millis: u64,
) -> mynacard_result {
    guarded(|| {
        timestamp(unix_millis)?;
        handle::get(answer)?.at.store(unix_millis, Ordering::Release);
        Ok(())
    })
}

/// Answers that there is no medical information. `reason` is one of `enum mynacard_no_records`.
///
/// Codes: MYNACARD_MISUSE_OUT_OF_RANGE; MYNACARD_MISUSE_UNEXPECTED_INPUT after another answer.
#[unsafe(no_mangle)]
pub extern "C" fn mynacard_answer_give_nothing(
    answer: *mut mynacard_answer,
    reason: u32,
) -> mynacard_result {
    guarded(|| {
        let reason = no_records(reason)?;
        handle::get(answer)?
            .give(|given| given.is_none().then(|| *given = Some(Answer::Nothing(reason))))
    })
}

/// A callback of the host with what it wants back.
#[derive(Clone, Copy)]
struct Callback {
    function: unsafe extern "C-unwind" fn(
        *mut c_void,
        *const mynacard_query,
        *mut mynacard_answer,
    ) -> mynacard_result,
    userdata: *mut c_void,
}

impl Callback {
    /// Asks the host; gives its answer, and when that was there, or 0.
    ///
    /// # Safety
    /// The function accepts the userdata.
    unsafe fn ask(self, kind: Kind, asked: &mynacard_query) -> Result<(Answer, u64), MedicalFault> {
        let failed = MedicalFault::SourceFailed;
        let object = Arc::new(Answering { kind, given: Mutex::new(None), at: AtomicU64::new(0) });
        let answer = handle::open::<mynacard_answer>(Arc::clone(&object)).map_err(|_| failed)?;
        // SAFETY: this function's contract; the query outlives the call.
        let code = unsafe { (self.function)(self.userdata, asked, answer) };
        let _ = handle::close(answer);
        let given = object.given.try_lock().map_err(|_| failed)?.take();
        let given = given.filter(|_| code == MYNACARD_OK).ok_or(failed)?;
        Ok((given, object.at.load(Ordering::Acquire)))
    }
}

/// Asks a source of this kind.
///
/// # Safety
/// The callback is a function of its type that accepts `userdata`; `crew` is a text by the contract of
/// this interface.
unsafe fn fetch(
    kind: Kind,
    encounter: *mut mynacard_encounter,
    scope: u32,
    crew: mynacard_str,
    now_unix_millis: u64,
    (userdata, source): (*mut c_void, mynacard_source_callback),
) -> Result<u32, Error> {
    let callback = Callback { function: source.ok_or(BoundaryFault::NullPointer)?, userdata };
    let object = handle::get(encounter)?;
    let scope = self::scope(scope)?;
    // SAFETY: this function's contract.
    let crew = unsafe { short_id(crew) }?;
    let now = timestamp(now_unix_millis)?;
    let ask = |scope, now: Timestamp| {
        let scope = match scope {
            Scope::Summary => mynacard_scope::MYNACARD_SCOPE_SUMMARY as u32,
            Scope::Full => mynacard_scope::MYNACARD_SCOPE_FULL as u32,
        };
        let query = mynacard_query { scope, unix_millis: now.unix_millis() };
        // SAFETY: this function's contract.
        unsafe { callback.ask(kind, &query) }
    };
    let event = source::fetch(&mut *object.hold()?, kind, ask, scope, crew, now)?;
    Ok(event.map_or(0, |event| u32::from(event.code())))
}

/// Asks a source of invented patients (架空の傷病者) for medical information, if the permit in force covers
/// it: the only kind that a drill may ask. `out_event` says what goes into the log: 0 if there is
/// something to show, else why the source gave nothing (MYNACARD_EVENT_NO_SIGNAL, …).
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
        let asked = (userdata, source);
        // SAFETY: by the contract of this interface.
        out.write(unsafe {
            fetch(Kind::Synthetic, encounter, scope, crew, now_unix_millis, asked)
        }?);
        Ok(())
    })
}

/// As mynacard_encounter_fetch, from the eligibility system (オンライン資格確認等システム), which the host
/// reaches. The layout of its replies was read off public code and never verified, and every report
/// says so.
///
/// Codes: as mynacard_encounter_fetch; MYNACARD_MEDICAL_OTHER_PATIENT for a reply about somebody else
/// than the holder of the card that was read; MYNACARD_MEDICAL_REAL_IN_DRILL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_encounter_fetch_service(
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
        let asked = (userdata, source);
        // SAFETY: by the contract of this interface.
        out.write(unsafe { fetch(Kind::Service, encounter, scope, crew, now_unix_millis, asked) }?);
        Ok(())
    })
}
