//! The C interface. `mynacard.h` is made from here; [docs/abi.md] states its rules.
//!
//! A function is unsafe here because C may pass it any address. What is asked of the caller is the
//! same everywhere: a pointer that is not null points to memory of its type that stays valid for the
//! call, and a length is that of the memory before it. Everything else (null, a handle that was
//! freed, of another type, or used by two calls at once) is refused with a result code.
//!
//! [docs/abi.md]: https://docs.rs/mynacard-ffi
#![allow(non_camel_case_types, reason = "these are C names")]
#![allow(clippy::missing_safety_doc, reason = "one rule for all functions, stated above")]

pub mod attributes;
mod boundary;
#[cfg(any(feature = "sim", feature = "pcsc"))]
mod carry;
pub mod credential;
pub mod driver;
pub mod encounter;
pub mod errors;
pub mod face;
mod handle;
pub mod info;
pub mod link;
pub mod log;
#[cfg(feature = "pcsc")]
pub mod pcsc;
pub mod plan;
pub mod reading;
pub mod result;
#[cfg(feature = "sim")]
pub mod sim;
pub mod source;
pub mod transport;
pub mod trust;
pub mod types;
pub mod version;
