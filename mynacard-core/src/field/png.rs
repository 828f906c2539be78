//! PNG in and out.

use std::io::Cursor;

use png::{BitDepth, ColorType, Compression, Decoder, Encoder, Limits, Transformations};
use zeroize::Zeroizing;

use super::decoding::{DecodeLimits, Dimensions, ImageFault};
use super::{PixelFormat, Pixels};
use crate::error::{Error, Malformed, MalformedReason};

/// Width and height from IHDR, which must stand first: signature 8, length 4, type 4.
pub(super) fn dimensions(bytes: &[u8]) -> Result<Dimensions, ImageFault> {
    let header = bytes.get(12..24).ok_or(ImageFault::Broken)?;
    let [b'I', b'H', b'D', b'R', w0, w1, w2, w3, h0, h1, h2, h3] = *header else {
        return Err(ImageFault::Broken);
    };
    Ok(Dimensions {
        width: u32::from_be_bytes([w0, w1, w2, w3]),
        height: u32::from_be_bytes([h0, h1, h2, h3]),
    })
}

pub(super) fn decode(bytes: &[u8], limits: &DecodeLimits) -> Result<Pixels, ImageFault> {
    let size = dimensions(bytes)?;
    limits.check_dimensions(size)?;
    // Rows of 16-bit RGBA are the most that a picture within the limits can need.
    let budget = usize::try_from(limits.max_pixels).unwrap_or(usize::MAX).saturating_mul(8);
    let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), Limits { bytes: budget });
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    decoder.set_transformations(Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().map_err(|_| ImageFault::Broken)?;
    let count = reader.output_buffer_size().ok_or(ImageFault::TooLarge)?;
    if count > budget {
        return Err(ImageFault::TooLarge);
    }
    let mut samples = Zeroizing::new(vec![0; count]);
    let frame = reader.next_frame(&mut samples).map_err(|_| ImageFault::Broken)?;
    if (frame.width, frame.height) != (size.width, size.height)
        || frame.bit_depth != BitDepth::Eight
    {
        return Err(ImageFault::Broken);
    }
    let (format, data) = match frame.color_type {
        ColorType::Grayscale => (PixelFormat::Grey8, samples),
        ColorType::Rgba => (PixelFormat::Rgba8, samples),
        ColorType::GrayscaleAlpha => {
            (PixelFormat::Rgba8, to_rgba(&samples, |&[v, a]: &[u8; 2]| [v, v, v, a]))
        }
        ColorType::Rgb => {
            (PixelFormat::Rgba8, to_rgba(&samples, |&[r, g, b]: &[u8; 3]| [r, g, b, u8::MAX]))
        }
        ColorType::Indexed => return Err(ImageFault::Broken),
    };
    Pixels::new(size.width, size.height, format, data).ok_or(ImageFault::Broken)
}

/// Expands pixels of `N` samples; the buffer is made in full size, so that none is left behind.
pub(super) fn to_rgba<const N: usize>(
    samples: &[u8],
    expand: impl Fn(&[u8; N]) -> [u8; 4],
) -> Zeroizing<Vec<u8>> {
    let (pixels, _) = samples.as_chunks::<N>();
    let mut data = Zeroizing::new(Vec::with_capacity(pixels.len().saturating_mul(4)));
    for pixel in pixels {
        data.extend_from_slice(&expand(pixel));
    }
    data
}

impl Pixels {
    /// The picture as a PNG file, which every platform can show (Android and Windows cannot show
    /// JPEG 2000). Wiped on drop.
    ///
    /// Errors: [`MalformedReason::BadImage`] if the encoder refuses, which no picture made by this
    /// library is known to cause.
    pub fn to_png(&self) -> Result<Zeroizing<Vec<u8>>, Error> {
        let refused = Malformed { object: "pixels", at: 0, why: MalformedReason::BadImage };
        encode(self).ok_or(refused.into())
    }
}

/// None when the encoder refuses.
fn encode(pixels: &Pixels) -> Option<Zeroizing<Vec<u8>>> {
    // Room for incompressible rows, so that growing leaves no copy behind.
    let room = pixels.data().len().saturating_mul(9) / 8 + 4_096;
    let mut file = Zeroizing::new(Vec::with_capacity(room));
    let mut encoder = Encoder::new(&mut *file, pixels.width(), pixels.height());
    encoder.set_color(match pixels.format() {
        PixelFormat::Grey8 => ColorType::Grayscale,
        PixelFormat::Rgba8 => ColorType::Rgba,
    });
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::Fast);
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(pixels.data()).ok()?;
    writer.finish().ok()?;
    Some(file)
}
