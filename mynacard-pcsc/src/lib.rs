//! The PC/SC transport: readers, cards that come and go, and one link to one card.
//!
//! ```no_run
//! use mynacard_core::reading::identify;
//! use mynacard_core::{CardTransport, Limits, run};
//! use mynacard_pcsc::{Cancellation, ConnectOptions, Readers, Wanted};
//! use std::time::Duration;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let options = ConnectOptions::new().cancellation(&Cancellation::new());
//! let patience = Some(Duration::from_secs(30));
//! let mut card = Readers.open(Wanted::FirstMyNumberCard, &options, patience, |reader, why| {
//!     println!("{reader:?}: {why}");
//! })?;
//! let mut driver = identify(card.link(), Limits::default())?;
//! println!("{:?}", run(&mut driver, &mut card)?);
//! # Ok(())
//! # }
//! ```
//!
//! # What a link promises
//! - **Nothing is sent twice.** Not after a reset, not after a time-out, not when an answer was too
//!   long. A repeated VERIFY would cost the patient a try.
//! - **Nobody listens in.** The connection is exclusive unless the caller wants otherwise.
//! - **Nothing stays.** At the end the card loses its power, and the buffers are wiped.
//! - **After a fault, nothing.** What lies on the reader then may be another card.
//!
//! Until there is a link, nothing was presented, and [`Readers::open`] tries again whatever may come
//! about: a card that is mute at the first look, a power-up that fails, a card that another program
//! looks at, a service that is not there yet or any more. It passes over slots that are mute for ever
//! (SAM), cards that a system pretends to have (Windows Hello for Business) and other people's cards.
//!
//! What it cannot promise is an end: PC/SC has no time-out of its own for an exchange. Drivers of
//! real readers have one; where a driver hangs, so does the call. Read in a thread of its own.
//!
//! # What breaks a session from outside
//! Whoever builds an app around this should know who else talks to the card.
//!
//! - **Windows** resets a card in a *transaction* in which nothing was sent for five seconds. An
//!   exclusive connection has none, so it is not affected; with [`Sharing::Shared`] do not let a
//!   dialogue stand open in the middle of a reading. Its certificate propagation service
//!   (`CertPropSvc`) and minidrivers probe every new card: a first connection may be
//!   [`Busy`](mynacard_core::error::LinkFault::Busy) for a second or two. Its smart card service
//!   runs only while there is a reader: no service means no reader here, and a [`Monitor`] outlives it.
//! - **macOS** asks each new card through CryptoTokenKit's token drivers, with the same effect.
//! - **Linux**: GnuPG's `scdaemon` holds a card exclusively once it has been used, OpenSC's `pkcs11`
//!   module in a browser keeps a shared connection; `pcscd` itself powers a card down after some
//!   seconds without a connection, which costs nothing. Where it is built with polkit, the actions
//!   `org.debian.pcsc-lite.access_pcsc` (the service) and `org.debian.pcsc-lite.access_card` (a card,
//!   by reader) decide: by default only who sits at the machine may, so a service or a login by
//!   network is [`NotPermitted`](mynacard_core::error::LinkFault::NotPermitted).
//! - **Android** (`IsoDep`, not this crate): in reader mode the system checks every 125 ms whether
//!   the tag is still there, with an empty I-block or a re-selection. Cards forget what was verified
//!   when they are re-selected, so ask for a longer interval
//!   (`EXTRA_READER_PRESENCE_CHECK_DELAY`, a second or more) and set `IsoDep.setTimeout` above what
//!   the card needs for a signature (two seconds is plenty).
//! - **iOS** (CoreNFC): a session lives 60 seconds, a tag connection 20.
//!
//! A session that was broken shows as `Reset` or `Lost`; the core then reads on from where it was
//! only after the card has proven that it is the same.
//!
//! # Systems
//! Linux and the BSDs through pcsc-lite, Windows through WinSCard, macOS through its own framework.
//! Run so far with virtual readers: on Linux against pcsc-lite 1.9, and built for Windows under Wine
//! (`docs/platforms.md`). Compiled only: for `aarch64-apple-darwin`, by `cargo check`. With a reader and a
//! real card: nowhere yet.
//! In a debug build the crate `pcsc` panics at a return code that PC/SC does not define, as a remote
//! desktop can give; in a release build that is a `Transport` fault.
#![forbid(unsafe_code)]

mod atr;
mod cancel;
mod fault;
mod length;
mod link;
mod monitor;
mod reader;
mod search;

pub use atr::Interface;
pub use cancel::Cancellation;
pub use length::ExtendedLength;
pub use link::{ConnectOptions, PcscTransport, Sharing};
pub use monitor::{Event, Monitor};
pub use reader::{ReaderName, Readers};
pub use search::{NotOpened, Wanted};
