//! Days, eras and moments: the one place that counts them, over the `time` crate.

mod date;
mod era;
mod moment;
mod timestamp;

pub use date::Date;
pub use era::{Era, EraDate};
pub use moment::Moment;
pub use timestamp::Timestamp;
