//! Versions, and two helpers without a subject of their own.

use zeroize::Zeroize;

use super::boundary::{elements_mut, guarded, guarded_or};
use super::handle;
use super::result::mynacard_result;
use super::types::mynacard_str;

/// The ABI that this header describes. Within one ABI version no function, code or structure changes
/// or goes away; new ones are added. The library and the header must agree on it.
pub const MYNACARD_ABI_VERSION: u32 = 1;

/// The ABI version of the library that is linked; compare it with MYNACARD_ABI_VERSION.
#[unsafe(no_mangle)]
pub extern "C" fn mynacard_abi_version() -> u32 {
    MYNACARD_ABI_VERSION
}

/// The version of the library that is linked, for example `0.1.0`.
#[unsafe(no_mangle)]
pub extern "C" fn mynacard_version() -> mynacard_str {
    env!("CARGO_PKG_VERSION").into()
}

/// How many handles are alive: 0 when everything was freed. For tests of leaks.
#[unsafe(no_mangle)]
pub extern "C" fn mynacard_live_handles() -> usize {
    guarded_or(usize::MAX, handle::count)
}

/// Overwrites bytes with zeros in a way that no compiler leaves out: for the caller's own copies of
/// digits that somebody typed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_wipe(bytes: *mut u8, length: usize) -> mynacard_result {
    guarded(|| {
        // SAFETY: `length` bytes by the contract of this interface.
        unsafe { elements_mut(bytes, length) }?.zeroize();
        Ok(())
    })
}
