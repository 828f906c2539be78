//! What decoding a picture may cost, and why it fails.

/// Width and height in pixels, as the header states them.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Dimensions {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

/// What a picture may cost, checked against its headers before a decoder sees it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct DecodeLimits {
    /// Greatest size of the encoded picture, in bytes. A file on this card holds 33,023 at most
    /// (15-bit offset and a last block of 256).
    pub max_bytes: usize,
    /// Greatest width and height, in pixels. The photo of the published test card has 378 x 472.
    pub max_side: u32,
    /// Greatest width × height, in pixels.
    pub max_pixels: u32,
    /// Greatest number of JPEG 2000 tiles. The test card's photo has 1.
    pub max_tiles: u32,
}

impl DecodeLimits {
    /// 64 KiB, 1,024 pixels a side, 524,288 in all, 64 tiles.
    pub const DEFAULT: Self =
        Self { max_bytes: 65_536, max_side: 1_024, max_pixels: 524_288, max_tiles: 64 };

    pub(super) fn check_dimensions(&self, size: Dimensions) -> Result<(), ImageFault> {
        let Dimensions { width, height } = size;
        if width == 0 || height == 0 {
            return Err(ImageFault::Broken);
        }
        let pixels = u64::from(width) * u64::from(height);
        if width > self.max_side || height > self.max_side || pixels > u64::from(self.max_pixels) {
            return Err(ImageFault::TooLarge);
        }
        Ok(())
    }
}

impl Default for DecodeLimits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// Why a picture does not decode, before the object's name is put to it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum ImageFault {
    Broken,
    TooLarge,
}
