//! Decoded pictures, ready for any screen.

use core::fmt;

use zeroize::Zeroizing;

/// How a pixel is laid out in [`Pixels::data`].
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum PixelFormat {
    /// One byte, 0 black to 255 white.
    Grey8,
    /// Four bytes: red, green, blue, alpha (255 opaque, not premultiplied).
    Rgba8,
}

impl PixelFormat {
    /// Bytes for each pixel.
    #[must_use]
    pub const fn bytes(self) -> usize {
        match self {
            Self::Grey8 => 1,
            Self::Rgba8 => 4,
        }
    }
}

/// A decoded picture. Wiped on drop; `Debug` shows its size only.
#[derive(Clone, Eq, PartialEq)]
pub struct Pixels {
    width: u32,
    height: u32,
    format: PixelFormat,
    data: Zeroizing<Vec<u8>>,
}

impl Pixels {
    /// None unless there are exactly as many bytes as the dimensions need.
    pub(super) fn new(
        width: u32,
        height: u32,
        format: PixelFormat,
        data: Zeroizing<Vec<u8>>,
    ) -> Option<Self> {
        let count = usize::try_from(width)
            .ok()?
            .checked_mul(usize::try_from(height).ok()?)?
            .checked_mul(format.bytes())?;
        (count > 0 && count == data.len()).then_some(Self { width, height, format, data })
    }

    /// Width in pixels, at least 1.
    #[must_use]
    pub const fn width(&self) -> u32 {
        self.width
    }

    /// Height in pixels, at least 1.
    #[must_use]
    pub const fn height(&self) -> u32 {
        self.height
    }

    /// Layout of a pixel.
    #[must_use]
    pub const fn format(&self) -> PixelFormat {
        self.format
    }

    /// Rows from the top, without padding: width × height × bytes of the format.
    #[must_use]
    pub fn data(&self) -> &[u8] {
        &self.data
    }
}

impl fmt::Debug for Pixels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pixels({}x{} {:?})", self.width, self.height, self.format)
    }
}
