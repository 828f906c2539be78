//! A second opinion: the independent implementation `myna-card` (MIT), its published files of a
//! JPKI test card, and both sides of the comparison over the same virtual card.
//!
//! Nothing of that package is copied here: its files are read where cargo has put them.
#![forbid(unsafe_code)]

mod fixtures;
mod ours;
mod peer;
pub mod replay;

pub use fixtures::{FixtureError, TEST_CARD_NUMBER_B, published_card, published_files};
pub use ours::{Link, we_read};
pub use peer::{PeerLink, PeerReading, peer_reads};
