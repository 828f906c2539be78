//! Readers through PC/SC (feature `pcsc`): what is there, what comes and goes, and one link to one
//! card. A host that has its own reader call needs none of it.

mod link;
mod monitor;

use crate::error::BoundaryFault;
use std::sync::Arc;
use std::time::Duration;

use mynacard_pcsc::{Cancellation, Readers};

use super::boundary::{Out, guarded};
use super::handle::{self, Handle};
use super::result::mynacard_result;
use super::types::mynacard_str;

pub use link::*;
pub use monitor::*;

/// Stops waits and readings from another thread. It is set once and stays set: make a new one for
/// each encounter. Any thread may use it, several at once too.
pub struct mynacard_pcsc_cancellation {
    _opaque: [u8; 0],
}

impl Handle for mynacard_pcsc_cancellation {
    type Object = Cancellation;
}

/// Makes one that nobody has cancelled. Free it with mynacard_pcsc_cancellation_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_pcsc_cancellation_new(
    out_cancellation: *mut *mut mynacard_pcsc_cancellation,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for a handle by the contract of this interface.
        let out = unsafe { Out::new(out_cancellation) }?;
        out.write(handle::open(Arc::new(Cancellation::new()))?);
        Ok(())
    })
}

/// Cancels, any number of times, never busy. A wait ends at once with MYNACARD_LINK_CANCELLED, a
/// reading before its next command: an exchange under way is not torn.
#[unsafe(no_mangle)]
pub extern "C" fn mynacard_pcsc_cancel(
    cancellation: *const mynacard_pcsc_cancellation,
) -> mynacard_result {
    guarded(|| {
        handle::get(cancellation)?.cancel();
        Ok(())
    })
}

/// Frees it. Waits and links that were given it go on. Null is accepted.
#[unsafe(no_mangle)]
pub extern "C" fn mynacard_pcsc_cancellation_free(
    cancellation: *mut mynacard_pcsc_cancellation,
) -> mynacard_result {
    guarded(|| Ok(handle::close(cancellation)?))
}

/// A cancellation that C may leave out.
fn cancellation(handle: *const mynacard_pcsc_cancellation) -> Result<Cancellation, BoundaryFault> {
    if handle.is_null() {
        return Ok(Cancellation::new());
    }
    Ok(Cancellation::clone(&*handle::get(handle)?))
}

/// A time that C states in milliseconds; none for UINT64_MAX, which is for ever.
fn patience(millis: u64) -> Option<Duration> {
    (millis != u64::MAX).then(|| Duration::from_millis(millis))
}

/// The readers that were connected when the list was made. It does not change: any thread may use it,
/// several at once too.
pub struct mynacard_pcsc_readers {
    _opaque: [u8; 0],
}

impl Handle for mynacard_pcsc_readers {
    type Object = Vec<String>;
}

/// Lists the readers; none is no error. Effect on a card: none. Free the list with
/// mynacard_pcsc_readers_free.
///
/// Codes: MYNACARD_LINK_NO_SERVICE, MYNACARD_LINK_TRANSPORT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_pcsc_readers_list(
    out_readers: *mut *mut mynacard_pcsc_readers,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for a handle by the contract of this interface.
        let out = unsafe { Out::new(out_readers) }?;
        let names = Readers.names()?.iter().map(ToString::to_string).collect();
        out.write(handle::open(Arc::new(names))?);
        Ok(())
    })
}

/// The name of a reader, from index 0 on, in the service's order. Valid until the list is freed.
/// Codes: MYNACARD_BOUNDARY_ABSENT behind the last.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_pcsc_readers_name(
    readers: *const mynacard_pcsc_readers,
    index: usize,
    out_name: *mut mynacard_str,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for the structure by the contract of this interface.
        let out = unsafe { Out::new(out_name) }?;
        let names = handle::get(readers)?;
        out.write(names.get(index).ok_or(BoundaryFault::Absent)?.as_str().into());
        Ok(())
    })
}

/// Frees a list of readers. Null is accepted.
#[unsafe(no_mangle)]
pub extern "C" fn mynacard_pcsc_readers_free(
    readers: *mut mynacard_pcsc_readers,
) -> mynacard_result {
    guarded(|| Ok(handle::close(readers)?))
}
