//! What a verification finds.

use crate::error::Tamper;

/// One thing that was found, and where.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct LogFinding {
    /// What.
    pub what: Tamper,
    /// The line, counted from 1; one past the last for something that is not there.
    pub line: u64,
    /// The sequence number meant: of the line, or the first of the missing ones.
    pub seq: Option<u64>,
    /// How many lines are meant.
    pub count: u64,
    /// For [`Tamper::LaterKey`]: the sequence number of the line whose key it is. The key was in
    /// foreign hands from that line on.
    pub key_of: Option<u64>,
}

impl core::fmt::Display for LogFinding {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)?;
        match self.seq {
            Some(first) if self.count > 1 => write!(f, " (seq {first}, {} lines)", self.count)?,
            Some(seq) => write!(f, " (seq {seq})")?,
            None => {}
        }
        self.key_of.map_or(Ok(()), |seq| write!(f, " (key of seq {seq})"))
    }
}

/// How the log ends.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Tail {
    /// With a whole line.
    #[default]
    Whole,
    /// With a line that was not written to its end, as a loss of power leaves it. Not tampering by
    /// itself: what is there of the line is right. Cut it off before the log goes on.
    Torn {
        /// Bytes of the torn line.
        bytes: usize,
    },
    /// With a whole line that lacks only its line feed.
    NoLineFeed,
}
