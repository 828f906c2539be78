//! The interface to Kotlin and Swift, through UniFFI.
//!
//! It is the same set of objects as the C interface has, and the wrappers written by hand around it
//! (bindings/kotlin, bindings/swift) give it the shape of their language. Its rules:
//!
//! - **The driver is the exported object.** Each platform owns its reader call. A foreign function is
//!   called only by [`driver::Driver::run`] and [`encounter::Encounter::fetch`], and whatever it throws becomes an error.
//! - **One error type** with a code of the one error table, and nothing else in it. A panic is the code
//!   `BoundaryFault::Panicked`.
//! - **Objects for what is personal**, wiped when the last reference goes. Only what a screen shows
//!   crosses as a plain value. Bytes that cross are copies which the other language owns: it wipes
//!   them. UniFFI's own buffers in between are wiped by the allocator (`wiping`).
//! - **Bytes come as `Vec<u8>`**, a copy, and not as a borrowed slice: UniFFI would then ask Kotlin for a
//!   direct buffer, which the garbage collector frees when it likes and which cannot be wiped with less care.
//! - **Any thread may use anything.** What changes takes one call at a time and refuses a second one
//!   ([`BoundaryFault::HandleBusy`](crate::error::BoundaryFault::HandleBusy)).

pub mod credential;
pub mod driver;
pub mod encounter;
pub mod error;
pub mod face;
pub mod link;
pub mod log;
pub mod plain;
pub mod reading;
#[cfg(feature = "sim")]
pub mod sim;
pub mod trust;
mod wiping;

/// The version of the library.
#[uniffi::export]
#[must_use]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}
