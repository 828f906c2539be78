//! The card face and its pictures.

use std::sync::Arc;

use mynacard_core::applet::face;
use mynacard_core::field::{self, DecodeLimits, Image, Photo, PixelFormat};

use super::error::{MynacardFault, guarded};
use super::plain::{CalendarDay, NotUnderstood, RegisteredSex};
use crate::error::BoundaryFault;

/// The card face (券面情報), wiped with its last reference. It does not change.
#[derive(uniffi::Object)]
pub struct CardFace(Arc<face::CardFace>);

/// A picture of the card face.
#[derive(Clone, Copy, Debug, Eq, PartialEq, uniffi::Enum)]
pub enum Picture {
    /// The photo (顔写真), signed by the issuer.
    Photo,
    /// The name (氏名) as printed, signed.
    Name,
    /// The address (住所) as printed, signed.
    Address,
    /// The security code (セキュリティコード) as printed. Not signed by anybody.
    SecurityCode,
}

#[uniffi::export]
impl CardFace {
    /// Birth date (生年月日), signed; none if the chip has none that is a day of the calendar.
    #[must_use]
    pub fn birth_date(&self) -> Option<CalendarDay> {
        self.0.birth_date().ok().map(|birth| birth.date().into())
    }

    /// Sex (性別), signed; none if the chip has another code.
    #[must_use]
    pub fn sex(&self) -> Option<RegisteredSex> {
        self.0.sex().ok().map(Into::into)
    }

    /// The card's last day (有効期限); none if the chip has none. Not signed by anybody.
    #[must_use]
    pub fn expiry(&self) -> Option<CalendarDay> {
        self.0.expiry().ok().map(Into::into)
    }

    /// The values that were not understood, in the order of the file.
    #[must_use]
    pub fn not_understood(&self) -> Vec<NotUnderstood> {
        self.0.not_understood().map(Into::into).collect()
    }

    /// Whether the card has a picture: a small child's has no photo.
    #[must_use]
    pub fn has(&self, picture: Picture) -> bool {
        self.image(picture).is_some()
    }

    /// A picture's file as it stands on the chip: JPEG 2000 for the photo, PNG for the others.
    ///
    /// Errors: `BoundaryFault::Absent` if the card has none.
    pub fn picture_file(&self, picture: Picture) -> Result<Vec<u8>, MynacardFault> {
        guarded(|| Ok(self.image(picture).ok_or(BoundaryFault::Absent)?.bytes().to_vec()))
    }

    /// Decodes a picture.
    ///
    /// Errors: `BoundaryFault::Absent` if the card has none; `MalformedReason::BadImage` and `LimitFault` if it
    /// cannot be shown.
    pub fn pixels(&self, picture: Picture) -> Result<Arc<Pixels>, MynacardFault> {
        guarded(|| {
            let image = self.image(picture).ok_or(BoundaryFault::Absent)?;
            Ok(Arc::new(Pixels(image.decode(&DecodeLimits::DEFAULT)?)))
        })
    }
}

impl CardFace {
    pub(super) fn keep(face: Arc<face::CardFace>) -> Arc<Self> {
        Arc::new(Self(face))
    }

    fn image(&self, picture: Picture) -> Option<Image<'_>> {
        match picture {
            Picture::Photo => self.0.photo().map(Photo::image),
            Picture::Name => self.0.name_image(),
            Picture::Address => self.0.address_image(),
            Picture::SecurityCode => self.0.security_code_image(),
        }
    }
}

/// How a pixel is laid out.
#[derive(Clone, Copy, Debug, Eq, PartialEq, uniffi::Enum)]
pub enum PixelLayout {
    /// One byte, 0 black to 255 white.
    Grey8,
    /// Four bytes: red, green, blue, alpha (255 opaque, not premultiplied).
    Rgba8,
}

/// A decoded picture, wiped with its last reference. It does not change.
#[derive(uniffi::Object)]
pub struct Pixels(field::Pixels);

#[uniffi::export]
impl Pixels {
    /// Width in pixels.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.0.width()
    }

    /// Height in pixels.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.0.height()
    }

    /// How a pixel is laid out.
    #[must_use]
    pub fn layout(&self) -> PixelLayout {
        match self.0.format() {
            PixelFormat::Grey8 => PixelLayout::Grey8,
            PixelFormat::Rgba8 => PixelLayout::Rgba8,
        }
    }

    /// Where the pixels are in this process's memory, rows from the top, without padding: for a wrapper that
    /// copies them straight into a picture of its platform. Valid while this object is referenced, and only to
    /// be read.
    #[must_use]
    pub fn address(&self) -> u64 {
        self.0.data().as_ptr().addr() as u64
    }

    /// Bytes at [`Pixels::address`]: width × height × bytes of a pixel.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.0.data().len() as u64
    }

    /// The picture as a PNG file, which every platform can show.
    ///
    /// Errors: `LimitFault` if it cannot be made.
    pub fn to_png(&self) -> Result<Vec<u8>, MynacardFault> {
        guarded(|| Ok(self.0.to_png()?.to_vec()))
    }
}
