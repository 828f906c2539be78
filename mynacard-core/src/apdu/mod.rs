//! Command and response bytes to types and back (ISO/IEC 7816-3 and 7816-4, JICSAP 1.1).
//!
//! `Debug` of everything here shows header, lengths and status only, never data: a VERIFY command
//! carries a secret and a response carries a person.

mod command;
mod response;

pub use crate::status::StatusWord;
pub use command::{Command, Encoded, Expected};
pub use response::Response;
