//! Links, from C: one connection to one card, which one driver at a time has to itself.

use std::sync::Arc;

use mynacard_core::exchange::{Capabilities, Link};

use super::boundary::{Out, guarded, value};
use super::handle::{self, Handle};
use super::result::mynacard_result;
use super::types::mynacard_capabilities;
use crate::error::BoundaryFault;

/// A connection to one card, from its power-up to its removal. One driver at a time has it: another one
/// is refused with MYNACARD_MISUSE_LINK_BUSY until the first is done or freed, because two that took turns
/// could present a number to a key that the other has selected.
///
/// Make one when a card appears, keep it with your own object for the reader, and make a new one for
/// the next card or tap. The library's own readers have theirs: mynacard_link_of_pcsc.
pub struct mynacard_link {
    _opaque: [u8; 0],
}

impl Handle for mynacard_link {
    type Object = Link;
}

/// Gives a link a handle.
pub(crate) fn give(link: Link) -> Result<*mut mynacard_link, BoundaryFault> {
    handle::open(Arc::new(link))
}

/// Makes a link to a card of which nothing is known. Free it with mynacard_link_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_link_new(
    capabilities: *const mynacard_capabilities,
    out_link: *mut *mut mynacard_link,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for a handle by the contract of this interface.
        let out = unsafe { Out::new(out_link) }?;
        // SAFETY: the contract of this interface; the structure has no invalid bit patterns.
        let capabilities = Capabilities::from(unsafe { value(capabilities) }?);
        out.write(give(Link::new(capabilities))?);
        Ok(())
    })
}

/// What the connection can carry.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_link_capabilities(
    link: *const mynacard_link,
    out_capabilities: *mut mynacard_capabilities,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for the structure by the contract of this interface.
        let out = unsafe { Out::new(out_capabilities) }?;
        out.write(handle::get(link)?.capabilities().into());
        Ok(())
    })
}

/// Forgets what is known of the card, because it was reset or taken away between two drivers. A driver
/// that is under way is told with mynacard_driver_link_lost instead.
#[unsafe(no_mangle)]
pub extern "C" fn mynacard_link_forget(link: *mut mynacard_link) -> mynacard_result {
    guarded(|| {
        handle::get(link)?.forget();
        Ok(())
    })
}

/// Frees a handle of a link; a driver that has it keeps it. Null is accepted.
#[unsafe(no_mangle)]
pub extern "C" fn mynacard_link_free(link: *mut mynacard_link) -> mynacard_result {
    guarded(|| Ok(handle::close(link)?))
}
