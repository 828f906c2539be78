//! What opens parts of the card: 照合番号B, printed on it. No flow takes a PIN (暗証番号).
//!
//! A wrong credential costs one of the patient's tries, so everything that can be known to be wrong
//! is refused here, with the reason. Wiped on drop, never printed, never cloned.

mod number_b;
mod ocr;
mod printed;
mod written;

#[cfg(test)]
mod tests;

pub use number_b::VerificationNumberB;
pub use printed::{BirthYear, PrintedParts};
