//! The replay kit: exchanges with virtual cards, and whole encounters, written down so that every
//! language can play them back and compare what it gets. `conformance/replay/README.md` is the form.
//!
//! [`readings`] and [`encounters`] make the recordings; [`play`] and [`act_out`] play one.

mod cases;
mod encounter;
mod expect;
mod file;
mod host;
mod observed;
mod reading;
mod stage;

pub use cases::{encounters, readings};
pub use encounter::{Done, Header as EncounterHeader, Step, Tapped, act_out};
pub use expect::{Expect, Reading, Statistics};
pub use file::{Recording, RecordingError, folder, load, roots};
pub use host::{Host, OpenHost, Start, core_host, other_host};
pub use reading::{Front, Header as ReadingHeader, Job, Line};
pub use stage::{CoreFront, Player, Tape, play};

/// The version of the form. A change that an older player would misunderstand raises it.
pub const VERSION: u32 = 2;
