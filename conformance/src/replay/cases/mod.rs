//! What is recorded: the readings and the encounters of the kit, made anew each time, always alike.

mod encounters;
mod readings;

pub use encounters::encounters;
pub use readings::readings;

/// When everything happens: 2026-11-22T00:00:00+09:00 in milliseconds since 1970.
const NOW: u64 = 1_795_273_200_000;
