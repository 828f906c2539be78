//! The sans-IO driver: flows inside, bytes in and out, nothing else.
//!
//! A flow is straight-line `async` code over a [`Card`](crate::card::Card). A [`Driver`] polls it
//! with a waker that does nothing: the only thing a flow can wait for is the card's next answer.
//! The host owns the reader call, and so the thread, the time-out and the cancellation: it drops
//! the driver, or tells it [`Input::LinkLost`].
//!
//! ```text
//! step(Start) ──► Transmit(command) ──► step(Response(bytes)) ──► Transmit … ──► Done(value)
//!                 Progress / Part   ──► step(Continue)        ──► …
//! ```
//!
//! [`run`] is the reference loop; a host that writes its own must do exactly what it does.
//! Under every flow sit the number guard ([`Guard`]) and the [`Limits`].

mod channel;
mod driver;
mod guard;
mod limits;
mod transport;

pub(crate) use channel::Channel;
pub use driver::{Action, Driver, Input, NoParts, Parts};
pub use guard::Guard;
pub use limits::{Capabilities, Limits, Phase, Progress, Statistics};
pub use transport::{AsyncCardTransport, CardTransport, run, run_async, run_with};
