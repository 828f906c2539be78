//! Pictures on the chip: the photo (顔写真) and the rendered name, address and security code.

use core::fmt;

use super::decoding::{DecodeLimits, Dimensions, ImageFault};
use super::{Pixels, jpeg2000, png};
use crate::error::{Error, LimitFault, Malformed, MalformedReason};

/// What a picture's first bytes say it is.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum ImageKind {
    /// JPEG 2000 in its file format (JP2), as the photo is.
    Jp2,
    /// A bare JPEG 2000 codestream.
    Jpeg2000Codestream,
    /// PNG, as the name, address and security code are.
    Png,
    /// JPEG, which is known by its first bytes and not decoded: no card is known to carry it.
    Jpeg,
    /// None of these.
    Unknown,
}

/// A picture of the chip, lying in the file that was read.
#[derive(Clone, Copy, Eq, PartialEq)]
pub struct Image<'a> {
    object: &'static str,
    bytes: &'a [u8],
}

impl<'a> Image<'a> {
    /// The value of a picture object, such as `face/DF25`; none if there is no picture in it:
    /// no bytes at all, or only the filler `00` or `FF` of an unused part.
    #[must_use]
    pub fn from_object(object: &'static str, bytes: &'a [u8]) -> Option<Self> {
        let unused = [0x00, 0xFF].iter().any(|filler| bytes.iter().all(|byte| byte == filler));
        (!unused).then_some(Self { object, bytes })
    }

    /// The bytes as they stand on the chip, which is what a signature covers.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// What the first bytes say it is.
    #[must_use]
    pub fn kind(&self) -> ImageKind {
        match self.bytes {
            [0, 0, 0, 0x0C, b'j', b'P', b' ', b' ', ..] => ImageKind::Jp2,
            [0xFF, 0x4F, 0xFF, 0x51, ..] => ImageKind::Jpeg2000Codestream,
            [0xFF, 0xD8, 0xFF, ..] => ImageKind::Jpeg,
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => ImageKind::Png,
            _ => ImageKind::Unknown,
        }
    }

    /// Size in pixels as the header states it, without decoding and without limits.
    ///
    /// Errors: [`MalformedReason::BadImage`] when there is no header that says it.
    pub fn dimensions(&self) -> Result<Dimensions, Error> {
        match self.kind() {
            ImageKind::Jp2 | ImageKind::Jpeg2000Codestream => jpeg2000::dimensions(self.bytes),
            ImageKind::Png => png::dimensions(self.bytes),
            ImageKind::Jpeg | ImageKind::Unknown => Err(ImageFault::Broken),
        }
        .map_err(|fault| self.error(fault))
    }

    /// The picture's pixels. Sizes are checked against `limits` before the decoder is called, and a
    /// decoder that panics all the same costs an error here (where panics unwind).
    ///
    /// The result is wiped on drop, as the file is; the working memory inside the decoders is not.
    ///
    /// Errors: [`LimitFault::ObjectSize`] for too many bytes, [`LimitFault::Pixels`] for a picture
    /// beyond the limits, [`MalformedReason::BadImage`] for one that does not decode.
    pub fn decode(&self, limits: &DecodeLimits) -> Result<Pixels, Error> {
        if self.bytes.len() > limits.max_bytes {
            return Err(Error::Limit(LimitFault::ObjectSize));
        }
        let kind = self.kind();
        let decode = || match kind {
            ImageKind::Jp2 | ImageKind::Jpeg2000Codestream => jpeg2000::decode(self.bytes, limits),
            ImageKind::Png => png::decode(self.bytes, limits),
            ImageKind::Jpeg | ImageKind::Unknown => Err(ImageFault::Broken),
        };
        // The decoders share nothing with the outside, so no broken state can survive an unwinding.
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(decode))
            .unwrap_or(Err(ImageFault::Broken))
            .map_err(|fault| self.error(fault))
    }

    fn error(&self, fault: ImageFault) -> Error {
        match fault {
            ImageFault::TooLarge => Error::Limit(LimitFault::Pixels),
            ImageFault::Broken => Error::Malformed(Malformed {
                object: self.object,
                at: 0,
                why: MalformedReason::BadImage,
            }),
        }
    }
}

impl fmt::Debug for Image<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Image({} {:?})", self.object, self.kind())
    }
}

/// The holder's photo (顔写真), face DF27: grey JPEG 2000 on the published test card.
///
/// A card without a photo is no error: it is the absence of this value.
#[derive(Clone, Copy, Eq, PartialEq)]
pub struct Photo<'a>(Image<'a>);

impl<'a> Photo<'a> {
    /// The value of face DF27; none for a card without a photo, as [`Image::from_object`].
    #[must_use]
    pub fn from_object(bytes: &'a [u8]) -> Option<Self> {
        Image::from_object("face/DF27", bytes).map(Self)
    }

    /// The picture under it.
    #[must_use]
    pub const fn image(self) -> Image<'a> {
        self.0
    }

    /// The bytes as they stand on the chip.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.0.bytes()
    }

    /// What the first bytes say it is.
    #[must_use]
    pub fn kind(&self) -> ImageKind {
        self.0.kind()
    }

    /// Size in pixels, as [`Image::dimensions`], with the same errors.
    pub fn dimensions(&self) -> Result<Dimensions, Error> {
        self.0.dimensions()
    }

    /// The photo's pixels, as [`Image::decode`], with the same errors.
    pub fn decode(&self, limits: &DecodeLimits) -> Result<Pixels, Error> {
        self.0.decode(limits)
    }
}

impl fmt::Debug for Photo<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Photo({:?})", self.kind())
    }
}
