//! Values of the card's objects: dates and eras, sex, text, pictures. Parsed, not validated.
//!
//! What a value is, not where it stood nor who vouches for it: offsets belong to the records of the
//! applications, provenance to the trust results. Whatever belongs to a person is wiped on drop and
//! absent from `Debug`.

mod date;
mod era;
mod image;
mod jpeg2000;
mod pixels;
mod png;
mod sex;
mod text;

pub use date::{BirthDate, Date};
pub use era::{Era, EraDate};
pub use image::{DecodeLimits, Dimensions, Image, ImageKind, Photo};
pub use pixels::{PixelFormat, Pixels};
pub use sex::Sex;
pub use text::{Printable, Text};
