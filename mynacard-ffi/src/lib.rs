//! mynacard for other languages.
//!
//! The exported object is the driver ([`session::Session`]): it says which command to send and takes
//! the card's answer, so that each platform owns its reader call, cancels by stopping, and no foreign
//! exception can enter a flow. On top of it are [`c`], the C interface that `mynacard.h` describes, and
//! with the feature `uniffi` the interface to Kotlin and Swift (`uni`).
//!
//! This is the only crate of mynacard that may say `unsafe`; each block says why it is sound.

#[cfg(not(panic = "unwind"))]
compile_error!("build with panic = \"unwind\": a panic must become a result code, not an abort");

mod boundary;
pub mod c;
pub mod encounter;
pub mod error;
pub mod exclusive;
pub mod kept;
pub mod running;
pub mod session;
pub mod source;
#[cfg(feature = "uniffi")]
pub mod uni;

#[cfg(feature = "uniffi")]
uniffi::setup_scaffolding!("mynacard");
