//! What every entry goes through: the panic boundary, and pointers from C made into Rust values.

use super::result::{MYNACARD_OK, mynacard_result};
use crate::boundary::contained;
use crate::error::{BoundaryFault, Error};

/// Runs the body of an entry. A panic becomes [`BoundaryFault::Panicked`].
pub(crate) fn guarded(body: impl FnOnce() -> Result<(), Error>) -> mynacard_result {
    match contained(body) {
        Ok(()) => MYNACARD_OK,
        Err(error) => code(error),
    }
}

/// As [`guarded`], for entries that give a value and have nothing to fail with.
pub(crate) fn guarded_or<T>(otherwise: T, body: impl FnOnce() -> T) -> T {
    contained(|| Ok(body())).unwrap_or(otherwise)
}

/// The result code of an error.
pub(crate) fn code(error: impl Into<Error>) -> mynacard_result {
    mynacard_result::from(error.into().code())
}

/// A checked place for a result, written at most once, and only on success.
pub(crate) struct Out<'a, T>(&'a mut core::mem::MaybeUninit<T>);

impl<'a, T> Out<'a, T> {
    /// Checks an out-parameter.
    ///
    /// Errors: [`BoundaryFault::NullPointer`], [`BoundaryFault::BadPointer`].
    ///
    /// # Safety
    /// A pointer that is neither null nor misaligned is valid for a write of `T` during `'a`.
    pub(crate) unsafe fn new(pointer: *mut T) -> Result<Self, BoundaryFault> {
        if !pointer.is_null() && !pointer.is_aligned() {
            return Err(BoundaryFault::BadPointer);
        }
        // SAFETY: aligned, and valid by this function's contract unless it is null, which `as_mut`
        // checks; `MaybeUninit` asks nothing of the bytes that are there.
        let place = unsafe { pointer.cast::<core::mem::MaybeUninit<T>>().as_mut() };
        place.map(Self).ok_or(BoundaryFault::NullPointer)
    }

    /// Writes the result.
    pub(crate) fn write(self, value: T) {
        self.0.write(value);
    }
}

/// A value that C passes by pointer, copied.
///
/// Errors: [`BoundaryFault::NullPointer`], [`BoundaryFault::BadPointer`].
///
/// # Safety
/// A pointer that is neither null nor misaligned points to an initialised `T`. `T` has no invalid
/// bit patterns, since C may have written any.
pub(crate) unsafe fn value<T: Copy>(pointer: *const T) -> Result<T, BoundaryFault> {
    if !pointer.is_null() && !pointer.is_aligned() {
        return Err(BoundaryFault::BadPointer);
    }
    // SAFETY: aligned, and initialised by this function's contract unless it is null, which
    // `as_ref` checks.
    unsafe { pointer.as_ref() }.copied().ok_or(BoundaryFault::NullPointer)
}

/// Elements that C passes by pointer and count. Null is no elements, if the count is 0.
///
/// Errors: [`BoundaryFault::NullPointer`], [`BoundaryFault::BadPointer`].
///
/// # Safety
/// A pointer that is neither null nor misaligned points to `count` initialised elements, which
/// nobody writes during `'a`. `T` has no invalid bit patterns.
pub(crate) unsafe fn elements<'a, T>(
    pointer: *const T,
    count: usize,
) -> Result<&'a [T], BoundaryFault> {
    if count == 0 {
        return Ok(&[]);
    }
    if pointer.is_null() {
        return Err(BoundaryFault::NullPointer);
    }
    let fits =
        count.checked_mul(size_of::<T>()).is_some_and(|bytes| isize::try_from(bytes).is_ok());
    if !pointer.is_aligned() || !fits {
        return Err(BoundaryFault::BadPointer);
    }
    // SAFETY: not null, aligned, of a size that fits, and initialised by this function's contract.
    Ok(unsafe { core::slice::from_raw_parts(pointer, count) })
}

/// Bytes that C passes to be written. Null is no bytes, if the count is 0.
///
/// Errors: as [`elements`].
///
/// # Safety
/// As [`elements`], and nobody else reads or writes them during `'a`.
pub(crate) unsafe fn elements_mut<'a>(
    pointer: *mut u8,
    count: usize,
) -> Result<&'a mut [u8], BoundaryFault> {
    if count == 0 {
        return Ok(&mut []);
    }
    if pointer.is_null() {
        return Err(BoundaryFault::NullPointer);
    }
    if isize::try_from(count).is_err() {
        return Err(BoundaryFault::BadPointer);
    }
    // SAFETY: not null, of a size that fits, and ours alone by this function's contract.
    Ok(unsafe { core::slice::from_raw_parts_mut(pointer, count) })
}

/// Text that C passes by pointer and length.
///
/// Errors: as [`elements`], and [`BoundaryFault::NotText`].
///
/// # Safety
/// As [`elements`].
pub(crate) unsafe fn text<'a>(
    pointer: *const core::ffi::c_char,
    length: usize,
) -> Result<&'a str, BoundaryFault> {
    // SAFETY: this function's contract is that of `elements`.
    let bytes = unsafe { elements(pointer.cast::<u8>(), length) }?;
    core::str::from_utf8(bytes).map_err(|_| BoundaryFault::NotText)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_a_result_code() {
        struct Bomb;
        impl Drop for Bomb {
            fn drop(&mut self) {
                panic!("and again");
            }
        }
        let panicked = mynacard_result::from(BoundaryFault::Panicked.code());
        assert_eq!(guarded(|| panic!("no")), panicked);
        assert_eq!(guarded(|| std::panic::panic_any(Bomb)), panicked);
        assert_eq!(guarded_or(3, || panic!("no")), 3);
        assert_eq!(guarded(|| Ok(())), MYNACARD_OK);
    }

    #[test]
    fn pointers_that_cannot_be_right_are_refused() {
        let numbers = [1_u32, 2];
        let odd = numbers.as_ptr().cast::<u8>().wrapping_add(1).cast::<u32>();
        let (null, bad) = (BoundaryFault::NullPointer, BoundaryFault::BadPointer);
        // SAFETY: each pointer is null, misaligned or that of `numbers`.
        let elements = |pointer, count| unsafe { elements::<u32>(pointer, count) };
        // SAFETY: as above.
        let value = |pointer| unsafe { value::<u32>(pointer) };
        // SAFETY: as above.
        let out = |pointer| unsafe { Out::<u32>::new(pointer) }.err();
        assert_eq!(elements(numbers.as_ptr(), 2), Ok(&numbers[..]));
        assert_eq!(elements(core::ptr::null(), 0), Ok(&[][..]));
        assert_eq!(elements(core::ptr::null(), 1), Err(null));
        assert_eq!(elements(odd, 1), Err(bad));
        assert_eq!(elements(numbers.as_ptr(), usize::MAX), Err(bad));
        assert_eq!(value(odd), Err(bad));
        assert_eq!(value(core::ptr::null()), Err(null));
        assert_eq!(value(numbers.as_ptr()), Ok(1));
        assert_eq!(out(core::ptr::null_mut()), Some(null));
        assert_eq!(out(odd.cast_mut()), Some(bad));
    }
}
