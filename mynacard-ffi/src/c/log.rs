//! The audit log, from C: what line to store next, and the word that it is stored.

use std::sync::Arc;

use mynacard_core::audit::{Ed25519Signer, LogId, PendingLine, SealKey, SealState};
use mynacard_core::error::Misuse;
use zeroize::Zeroizing;

use super::boundary::{Out, elements, guarded, text, value};
use super::encounter::{exactly, mynacard_encounter, short_id};
use super::face::mynacard_buffer;
use super::handle::{self, Handle};
use super::result::mynacard_result;
use super::types::{mynacard_str, timestamp};
use crate::encounter::AnyLog;
use crate::error::{BoundaryFault, Error};
use crate::exclusive::Exclusive;

/// The end of an audit log (監査記録), where the next line goes. The host stores the lines.
///
/// For each line: mynacard_log_next_line, append the text durably (one write, flushed to the disk),
/// mynacard_log_confirm by its ticket, then keep mynacard_log_state in the keystore over the
/// previous one. If it cannot be stored: mynacard_log_discard.
///
/// Any thread may use it, one at a time: a second call at the same time gets
/// MYNACARD_BOUNDARY_HANDLE_BUSY.
pub struct mynacard_log {
    _opaque: [u8; 0],
}

impl Handle for mynacard_log {
    type Object = Exclusive<LogObject>;
}

/// A log with the line that C is looking at.
pub(crate) struct LogObject {
    log: AnyLog,
    line: String,
}

fn give(log: AnyLog) -> Result<*mut mynacard_log, BoundaryFault> {
    handle::open(Arc::new(Exclusive::new(LogObject { log, line: String::new() })))
}

fn is_drill(value: u32) -> Result<bool, Misuse> {
    match value {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(Misuse::OutOfRange),
    }
}

/// What a new log is made from.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct mynacard_log_start {
    /// 1 for a log of drills (訓練), else 0.
    pub drill: u32,
    /// 16 bytes from the system's cryptographic generator: the log's identity.
    pub id: *const u8,
    /// 32 bytes from there: key 0. It goes to whoever will verify, by a way that is not the tablet's
    /// disk; then wipe it.
    pub seal_key: *const u8,
    /// The device's inventory number: 1 to 24 characters of `A-Z a-z 0-9 . _ -`.
    pub device: mynacard_str,
}

/// Makes a new log. Its header is the first line to store. Free it with mynacard_log_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_log_create(
    start: *const mynacard_log_start,
    now_unix_millis: u64,
    out_log: *mut *mut mynacard_log,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for a handle by the contract of this interface.
        let out = unsafe { Out::new(out_log) }?;
        // SAFETY: the contract of this interface; the structure has no invalid bit patterns.
        let start = unsafe { value(start) }?;
        // SAFETY: 16 bytes by the contract of the structure.
        let id = LogId::from_random(unsafe { exactly(start.id) }?);
        // SAFETY: 32 bytes by the contract of the structure.
        let key = SealKey::from_random(unsafe { exactly(start.seal_key) }?);
        // SAFETY: the text's bytes by the contract of this interface.
        let device = unsafe { short_id(start.device) }?;
        let now = timestamp(now_unix_millis)?;
        out.write(give(AnyLog::create(is_drill(start.drill)?, id, device, key, now))?);
        Ok(())
    })
}

/// Goes on where a state was taken, after the app was restarted. Then give mynacard_log_catch_up each
/// line that is stored after it.
///
/// Codes: MYNACARD_AUDIT_BAD_STATE, MYNACARD_AUDIT_WRONG_KIND.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_log_resume(
    drill: u32,
    state: *const u8,
    length: usize,
    out_log: *mut *mut mynacard_log,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for a handle by the contract of this interface.
        let out = unsafe { Out::new(out_log) }?;
        // SAFETY: `length` bytes by the contract of this interface.
        let state = SealState::from_bytes(unsafe { elements(state, length) }?)?;
        out.write(give(AnyLog::resume(is_drill(drill)?, &state)?)?);
        Ok(())
    })
}

/// Takes up a line that was stored after the state was saved. Codes: MYNACARD_AUDIT_NOT_NEXT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_log_catch_up(
    log: *mut mynacard_log,
    line: mynacard_str,
) -> mynacard_result {
    guarded(|| {
        let object = handle::get(log)?;
        // SAFETY: the text's bytes by the contract of this interface.
        let line = unsafe { text(line.data, line.length) }?;
        Ok(object.hold()?.log.catch_up(line)?)
    })
}

/// A line to be stored.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct mynacard_line {
    /// Its name until it is confirmed or discarded: no other line has it, of this log or another one,
    /// nor the same entry when it is handed out again.
    pub ticket: u64,
    /// The line with its line feed: append exactly these bytes. Valid until the next call with its log.
    pub text: mynacard_str,
}

impl LogObject {
    /// Keeps a line where C can look at it.
    fn show(&mut self, line: Option<(u64, String)>) -> Result<mynacard_line, Error> {
        let (ticket, text) = line.ok_or(BoundaryFault::Absent)?;
        self.line = text;
        Ok(mynacard_line { ticket, text: self.line.as_str().into() })
    }
}

fn owned(line: PendingLine<'_>) -> (u64, String) {
    (line.ticket, line.text.to_owned())
}

/// Hands out the line to store next: the log's header, what an encounter has left that was freed, or what
/// `encounter` has made first that is not stored. `encounter` may be null: the first two only. The log
/// does not move, and gives no other line, before this one is confirmed or discarded by its ticket.
///
/// Codes: MYNACARD_BOUNDARY_ABSENT when there is nothing to store; MYNACARD_AUDIT_LINE_PENDING while a
/// line is; MYNACARD_AUDIT_OTHER_LOG while the entry is being stored in another log;
/// MYNACARD_AUDIT_WRONG_KIND for a drill's encounter and a real log, or the other way round.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_log_next_line(
    log: *mut mynacard_log,
    encounter: *mut mynacard_encounter,
    out_line: *mut mynacard_line,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for the structure by the contract of this interface.
        let out = unsafe { Out::new(out_line) }?;
        let object = handle::get(log)?;
        let mut held = object.hold()?;
        let line = if encounter.is_null() {
            held.log.next_line(None)?.map(owned)
        } else {
            let encounter = handle::get(encounter)?;
            let mut encounter = encounter.hold()?;
            held.log.next_line(Some(&mut encounter))?.map(owned)
        };
        out.write(held.show(line)?);
        Ok(())
    })
}

/// The line that was handed out and is neither confirmed nor discarded, once more. Codes:
/// MYNACARD_BOUNDARY_ABSENT if there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_log_pending(
    log: *mut mynacard_log,
    out_line: *mut mynacard_line,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for the structure by the contract of this interface.
        let out = unsafe { Out::new(out_line) }?;
        let object = handle::get(log)?;
        let mut held = object.hold()?;
        let line = held.log.pending().map(owned);
        out.write(held.show(line)?);
        Ok(())
    })
}

/// A checkpoint: a line to store next that signs everything before it with an Ed25519 key in PKCS#8
/// (DER), whose bytes remain the caller's. Once it is stored and confirmed, send it to a place that the
/// tablet cannot change. Codes: MYNACARD_AUDIT_BAD_KEY, MYNACARD_AUDIT_LINE_PENDING,
/// MYNACARD_AUDIT_HEADER_FIRST.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_log_checkpoint(
    log: *mut mynacard_log,
    pkcs8: *const u8,
    length: usize,
    now_unix_millis: u64,
    out_line: *mut mynacard_line,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for the structure by the contract of this interface.
        let out = unsafe { Out::new(out_line) }?;
        let object = handle::get(log)?;
        // SAFETY: `length` bytes by the contract of this interface.
        let signer = Ed25519Signer::from_pkcs8(unsafe { elements(pkcs8, length) }?)?;
        let mut held = object.hold()?;
        let line = owned(held.log.checkpoint(&signer, timestamp(now_unix_millis)?)?);
        out.write(held.show(Some(line))?);
        Ok(())
    })
}

/// Confirms that the line with this ticket is stored durably: the log moves on. If it was a
/// permit's line, the permit is in force from here on. `encounter` is the one that made it; null for a
/// header, a checkpoint, or the line of an encounter that was freed meanwhile.
///
/// Codes: MYNACARD_AUDIT_NOT_PENDING for another line than the one that was handed out, or one that
/// another encounter made: nothing has moved. MYNACARD_REFUSAL_… if the facts have changed since the
/// permit was asked for: its line is in the log, and it opens nothing.
#[unsafe(no_mangle)]
pub extern "C" fn mynacard_log_confirm(
    log: *mut mynacard_log,
    encounter: *mut mynacard_encounter,
    ticket: u64,
    now_unix_millis: u64,
) -> mynacard_result {
    guarded(|| {
        let object = handle::get(log)?;
        let mut held = object.hold()?;
        let now = timestamp(now_unix_millis)?;
        if encounter.is_null() {
            return held.log.confirm(None, ticket, now);
        }
        let encounter = handle::get(encounter)?;
        let mut encounter = encounter.hold()?;
        held.log.confirm(Some(&mut encounter), ticket, now)
    })
}

/// Drops a line that was handed out and could not be stored: the log has not moved, and what it records
/// waits as before. Codes: MYNACARD_AUDIT_NOT_PENDING.
#[unsafe(no_mangle)]
pub extern "C" fn mynacard_log_discard(log: *mut mynacard_log, ticket: u64) -> mynacard_result {
    guarded(|| Ok(handle::get(log)?.hold()?.log.discard(ticket)?))
}

/// The end of the log as a secret to keep in the keystore, over the previous one: with it every later
/// line can be forged. Free it with mynacard_buffer_free. Codes: MYNACARD_BOUNDARY_ABSENT before the
/// header is stored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_log_state(
    log: *const mynacard_log,
    out_state: *mut *mut mynacard_buffer,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for a handle by the contract of this interface.
        let out = unsafe { Out::new(out_state) }?;
        let object = handle::get(log)?;
        let state = object.hold()?.log.state().ok_or(BoundaryFault::Absent)?;
        let bytes = Zeroizing::new(state.as_bytes().to_vec());
        out.write(handle::open(Arc::new(bytes))?);
        Ok(())
    })
}

/// Frees a log; its key is wiped. Null is accepted.
#[unsafe(no_mangle)]
pub extern "C" fn mynacard_log_free(log: *mut mynacard_log) -> mynacard_result {
    guarded(|| Ok(handle::close(log)?))
}
