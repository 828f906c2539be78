//! Values of the card's objects: dates and eras, sex, text, pictures. Parsed, not validated.
//! What is not understood ([`NotUnderstood`]) is kept as the chip has it, and costs itself alone.
//!
//! What a value is, not where it stood nor who vouches for it: offsets belong to the records of the
//! applications, provenance to the trust results. Whatever belongs to a person is wiped on drop and
//! absent from `Debug`.

mod birth_date;
mod decoding;
mod image;
mod jpeg2000;
mod not_understood;
mod pixels;
mod png;
mod sex;
mod text;

pub use birth_date::BirthDate;
pub use decoding::{DecodeLimits, Dimensions};
pub use image::{Image, ImageKind, Photo};
pub use not_understood::NotUnderstood;
pub use pixels::{PixelFormat, Pixels};
pub use sex::Sex;
pub use text::{Printable, Text};
