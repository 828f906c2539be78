//! Links, from C: one connection to one card, which one driver at a time has to itself.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use mynacard_core::error::Misuse;
use mynacard_core::exchange::{Capabilities, Link};

use super::boundary::{Out, elements, guarded, value};
use super::handle::{self, Handle};
use super::result::mynacard_result;
use super::types::{mynacard_capabilities, mynacard_str};

/// A connection to one card, from its power-up to its removal. One driver at a time has it: another one
/// is refused with MYNACARD_MISUSE_LINK_BUSY until the first is done or freed, because two that took turns
/// could present a number to a key that the other has selected.
///
/// A reader of the host's own has one by its name: mynacard_link_of_reader. The library's own readers have
/// theirs: mynacard_link_of_pcsc.
pub struct mynacard_link {
    _opaque: [u8; 0],
}

impl Handle for mynacard_link {
    type Object = Link;
}

/// Gives a link a handle.
#[cfg(any(feature = "pcsc", feature = "sim"))]
pub(crate) fn give(link: Link) -> Result<*mut mynacard_link, crate::error::BoundaryFault> {
    handle::open(Arc::new(link))
}

/// A reader that the host has named.
struct Reader {
    name: Box<[u8]>,
    link: Arc<Link>,
}

/// The readers whose links are in use: what holds one is a handle, or a driver that outlives its handle.
static READERS: Mutex<Vec<Reader>> = Mutex::new(Vec::new());

impl Reader {
    fn is_used(&self) -> bool {
        Arc::strong_count(&self.link) > 1 || self.link.is_busy()
    }
}

/// The readers, without those whose links nobody has any more.
fn readers() -> MutexGuard<'static, Vec<Reader>> {
    // Nothing panics while it is held, so a poisoned lock is still sound.
    let mut readers = READERS.lock().unwrap_or_else(PoisonError::into_inner);
    readers.retain(Reader::is_used);
    readers
}

/// The one link of a reader, with nothing known of the card.
fn of_reader(name: &[u8], capabilities: Capabilities) -> Arc<Link> {
    let mut readers = readers();
    if let Some(reader) = readers.iter().find(|reader| &*reader.name == name) {
        reader.link.forget();
        return Arc::clone(&reader.link);
    }
    let link = Arc::new(Link::new(capabilities));
    readers.push(Reader { name: name.into(), link: Arc::clone(&link) });
    link
}

/// The link of a reader of the host's own, for the card that was connected on it now and of which nothing is
/// known. Call it at each connection, or tap. Free it with mynacard_link_free.
///
/// `reader` is the reader's name, in any encoding: the same for all of the host's code that sends to it,
/// and another one for each reader (with PC/SC, the name that SCardConnect takes). As long as a handle of
/// its link is not freed, or a driver that has it is neither done nor freed, every call with this name gives
/// the same link, with the capabilities of the first: two drivers cannot share a reader, whatever wraps it.
/// The library cannot see that two names are one reader.
///
/// Codes: MYNACARD_MISUSE_OUT_OF_RANGE for an empty name.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_link_of_reader(
    reader: mynacard_str,
    capabilities: *const mynacard_capabilities,
    out_link: *mut *mut mynacard_link,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for a handle by the contract of this interface.
        let out = unsafe { Out::new(out_link) }?;
        // SAFETY: the name's bytes by the contract of this interface.
        let name = unsafe { elements(reader.data.cast::<u8>(), reader.length) }?;
        if name.is_empty() {
            return Err(Misuse::OutOfRange.into());
        }
        // SAFETY: the contract of this interface; the structure has no invalid bit patterns.
        let capabilities = Capabilities::from(unsafe { value(capabilities) }?);
        out.write(handle::open(of_reader(name, capabilities))?);
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
    guarded(|| {
        handle::close(link)?;
        drop(readers());
        Ok(())
    })
}
