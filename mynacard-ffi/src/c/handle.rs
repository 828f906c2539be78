//! Handles: what C holds instead of an address.
//!
//! A handle looks like a pointer and is a number: the place of an object in a table, and how often
//! that place has been used. So a handle that was freed, freed twice, made up or of another type is
//! recognised without touching memory that may not be ours any more. A place whose count has run out
//! is never used again, so a stale handle can never become valid.
//!
//! The table holds what the caller keeps alive, nothing else.

use core::any::{Any, TypeId};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::error::BoundaryFault;

/// A C type that stands for an object.
pub(crate) trait Handle: 'static {
    /// What it stands for.
    type Object: Send + Sync + 'static;
}

struct Place {
    uses: usize,
    live: Option<(TypeId, Arc<dyn Any + Send + Sync>)>,
}

#[derive(Default)]
struct Table {
    places: Vec<Place>,
    vacant: Vec<usize>,
}

static TABLE: Mutex<Table> = Mutex::new(Table { places: Vec::new(), vacant: Vec::new() });

/// Half of a handle's bits count the uses of its place, the other half say which place it is.
const HALF: u32 = usize::BITS / 2;
const LOW: usize = (1 << HALF) - 1;

fn table() -> MutexGuard<'static, Table> {
    // Nothing panics while it is held, so a poisoned lock is still sound.
    TABLE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Gives an object a handle.
///
/// Errors: [`BoundaryFault::TooManyHandles`].
pub(crate) fn open<H: Handle>(object: Arc<H::Object>) -> Result<*mut H, BoundaryFault> {
    let mut table = table();
    let live = Some((TypeId::of::<H>(), object as Arc<dyn Any + Send + Sync>));
    let index = match table.vacant.pop() {
        Some(index) => index,
        None if table.places.len() < LOW => {
            table.places.push(Place { uses: 0, live: None });
            table.places.len() - 1
        }
        None => return Err(BoundaryFault::TooManyHandles),
    };
    let place = table.places.get_mut(index).ok_or(BoundaryFault::TooManyHandles)?;
    place.uses += 1;
    place.live = live;
    Ok(core::ptr::without_provenance_mut((place.uses << HALF) | (index + 1)))
}

/// The object of a handle.
///
/// Errors: [`BoundaryFault::NullPointer`], [`BoundaryFault::StaleHandle`],
/// [`BoundaryFault::WrongHandle`].
pub(crate) fn get<H: Handle>(handle: *const H) -> Result<Arc<H::Object>, BoundaryFault> {
    let mut table = table();
    let (_, place) = table.find(handle)?;
    let (_, object) = place.live.as_ref().ok_or(BoundaryFault::StaleHandle)?;
    Arc::clone(object).downcast().map_err(|_| BoundaryFault::WrongHandle)
}

/// Takes a handle back; its object goes with its last user. Null is accepted and does nothing.
///
/// Errors: [`BoundaryFault::StaleHandle`], [`BoundaryFault::WrongHandle`].
pub(crate) fn close<H: Handle>(handle: *const H) -> Result<(), BoundaryFault> {
    if handle.is_null() {
        return Ok(());
    }
    let mut table = table();
    let (index, place) = table.find(handle)?;
    let object = place.live.take();
    if place.uses < LOW {
        table.vacant.push(index);
    }
    drop(table);
    // Dropped, and wiped, outside the lock.
    drop(object);
    Ok(())
}

/// How many handles are alive.
pub(crate) fn count() -> usize {
    table().places.iter().filter(|place| place.live.is_some()).count()
}

impl Table {
    fn find<H: Handle>(&mut self, handle: *const H) -> Result<(usize, &mut Place), BoundaryFault> {
        if handle.is_null() {
            return Err(BoundaryFault::NullPointer);
        }
        let (uses, index) = (handle.addr() >> HALF, (handle.addr() & LOW).wrapping_sub(1));
        let place = self.places.get_mut(index).ok_or(BoundaryFault::StaleHandle)?;
        match &place.live {
            Some(_) if place.uses != uses => Err(BoundaryFault::StaleHandle),
            Some((kind, _)) if *kind != TypeId::of::<H>() => Err(BoundaryFault::WrongHandle),
            Some(_) => Ok((index, place)),
            None => Err(BoundaryFault::StaleHandle),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Apple;
    impl Handle for Apple {
        type Object = u8;
    }
    struct Pear;
    impl Handle for Pear {
        type Object = u8;
    }

    #[test]
    fn a_handle_is_good_until_it_is_closed_and_for_its_own_type_only() {
        let apple: *mut Apple = open(Arc::new(7)).unwrap();
        assert_eq!(get(apple.cast_const()).as_deref(), Ok(&7));
        assert_eq!(get(apple.cast_const().cast::<Pear>()), Err(BoundaryFault::WrongHandle));
        assert_eq!(close(apple.cast_const().cast::<Pear>()), Err(BoundaryFault::WrongHandle));
        assert_eq!(close(apple.cast_const()), Ok(()));
        assert_eq!(close(apple.cast_const()), Err(BoundaryFault::StaleHandle));
        assert_eq!(get(apple.cast_const()), Err(BoundaryFault::StaleHandle));
        for _ in 0..1_000 {
            let other: *mut Apple = open(Arc::new(8)).unwrap();
            assert_ne!(apple, other);
            assert_eq!(get(apple.cast_const()), Err(BoundaryFault::StaleHandle));
            assert_eq!(close(other.cast_const()), Ok(()));
        }
    }

    #[test]
    fn null_and_made_up_handles_are_refused() {
        assert_eq!(get(core::ptr::null::<Apple>()), Err(BoundaryFault::NullPointer));
        assert_eq!(close(core::ptr::null::<Apple>()), Ok(()));
        let local = 1_u64;
        for made_up in [1, 2, LOW, usize::MAX, (&raw const local).addr()] {
            let made_up = core::ptr::without_provenance::<Apple>(made_up);
            assert_eq!(get(made_up), Err(BoundaryFault::StaleHandle));
            assert_eq!(close(made_up), Err(BoundaryFault::StaleHandle));
        }
    }
}
