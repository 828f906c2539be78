//! JPEG 2000: what a header may ask for is settled here, before the decoder sees it.
//!
//! The decoder accepts all of ISO/IEC 15444-1, in which a few bytes can demand gigabytes or minutes:
//! millions of tiles, precincts of one sample, headers that a later tile-part replaces. The chip's
//! photo needs none of it. So only a plain codestream passes: one or three 8-bit components without
//! subsampling, parameters stated once in the main header, sane precincts and code-blocks,
//! tile-parts that fit. The decoder gets that codestream and never the boxes around it.

use hayro_jpeg2000::{DecodeSettings, DecoderContext, Image};
use zeroize::Zeroizing;

use super::decoding::{DecodeLimits, Dimensions, ImageFault};
use super::{PixelFormat, Pixels, png};

/// Most wavelet decompositions; the test card's photo has 5.
const MAX_LEVELS: u8 = 12;
/// Most quality layers, and the decoder's own bound; the test card's photo has 1.
const MAX_LAYERS: u16 = 32;
/// Least log2 of the sides of a precinct and of a code-block.
const MIN_PRECINCT_LOG2: u8 = 4;
const MIN_CODE_BLOCK_LOG2: u8 = 4;
/// Most bit-planes that quantisation may announce for one band (each costs three passes).
const MAX_BIT_PLANES: u16 = 24;

// Markers (ISO/IEC 15444-1, table A.2).
const SOC: u16 = 0xFF4F;
const SIZ: u16 = 0xFF51;
const COD: u16 = 0xFF52;
const TLM: u16 = 0xFF55;
const PLT: u16 = 0xFF58;
const QCD: u16 = 0xFF5C;
const QCC: u16 = 0xFF5D;
const COM: u16 = 0xFF64;
const SOT: u16 = 0xFF90;
const SOD: u16 = 0xFF93;
const EOC: u16 = 0xFFD9;

pub(super) fn dimensions(bytes: &[u8]) -> Result<Dimensions, ImageFault> {
    let stream = codestream(bytes).ok_or(ImageFault::Broken)?;
    let size = Size::read(&mut Bytes(stream.bytes)).ok_or(ImageFault::Broken)?;
    Ok(size.image)
}

pub(super) fn decode(bytes: &[u8], limits: &DecodeLimits) -> Result<Pixels, ImageFault> {
    let stream = codestream(bytes).ok_or(ImageFault::Broken)?;
    let mut rest = Bytes(stream.bytes);
    let size = Size::read(&mut rest).ok_or(ImageFault::Broken)?;
    limits.check_dimensions(size.image)?;
    if size.tiles > u64::from(limits.max_tiles) {
        return Err(ImageFault::TooLarge);
    }
    if stream.components.is_some_and(|stated| stated != size.components) {
        return Err(ImageFault::Broken);
    }
    check_main_header(&mut rest, size.components).ok_or(ImageFault::Broken)?;
    check_tile_parts(&mut rest, size.tiles).ok_or(ImageFault::Broken)?;

    let settings = DecodeSettings::default();
    let image = Image::new(stream.bytes, &settings).map_err(|_| ImageFault::Broken)?;
    if (image.width(), image.height()) != (size.image.width, size.image.height) {
        return Err(ImageFault::Broken);
    }
    let mut context = DecoderContext::default();
    let decoded = image.decode(&mut context).map_err(|_| ImageFault::Broken)?;
    let samples = Zeroizing::new(decoded.data_u8());
    let (format, data) = match size.components {
        1 => (PixelFormat::Grey8, samples),
        _ => {
            let rgba = png::to_rgba(&samples, |&[r, g, b]: &[u8; 3]| [r, g, b, u8::MAX]);
            (PixelFormat::Rgba8, rgba)
        }
    };
    Pixels::new(size.image.width, size.image.height, format, data).ok_or(ImageFault::Broken)
}

/// What SIZ says (A.5.1), if it says something that may pass.
struct Size {
    image: Dimensions,
    tiles: u64,
    components: u16,
}

impl Size {
    /// Reads SOC and SIZ.
    fn read(stream: &mut Bytes<'_>) -> Option<Self> {
        if stream.u16()? != SOC || stream.u16()? != SIZ {
            return None;
        }
        let mut siz = stream.segment()?;
        let _capabilities = siz.u16()?;
        let [width, height] = [siz.u32()?, siz.u32()?];
        let offset = [siz.u32()?, siz.u32()?];
        let [tile_width, tile_height] = [siz.u32()?, siz.u32()?];
        let tile_offset = [siz.u32()?, siz.u32()?];
        let components = siz.u16()?;
        let tiles = |side: u32, tile: u32| {
            u64::from(side).checked_add(u64::from(tile))?.checked_sub(1)?.checked_div(tile.into())
        };
        let tiles = tiles(width, tile_width)?.checked_mul(tiles(height, tile_height)?)?;
        if offset != [0, 0] || tile_offset != [0, 0] || !matches!(components, 1 | 3) {
            return None;
        }
        for _ in 0..components {
            // Unsigned, 8 bits; a sample for every pixel.
            if [siz.u8()?, siz.u8()?, siz.u8()?] != [7, 1, 1] {
                return None;
            }
        }
        siz.0.is_empty().then_some(Self { image: Dimensions { width, height }, tiles, components })
    }
}

/// From behind SIZ up to the first SOT, which is left unread.
fn check_main_header(stream: &mut Bytes<'_>, components: u16) -> Option<()> {
    let (mut coding, mut quantisation) = (false, false);
    loop {
        if stream.peek_u16()? == SOT {
            return (coding && quantisation).then_some(());
        }
        match stream.u16()? {
            COD if !coding => {
                coding = true;
                check_coding(stream.segment()?, components)?;
            }
            QCD if !quantisation => {
                quantisation = true;
                check_quantisation(stream.segment()?)?;
            }
            QCC => {
                let mut segment = stream.segment()?;
                if u16::from(segment.u8()?) >= components {
                    return None;
                }
                check_quantisation(segment)?;
            }
            COM | TLM => {
                stream.segment()?;
            }
            _ => return None,
        }
    }
}

/// Coding style default (A.6.1).
fn check_coding(mut cod: Bytes<'_>, components: u16) -> Option<()> {
    let style = cod.u8()?;
    let _progression = cod.u8()?;
    let layers = cod.u16()?;
    let colour_transform = cod.u8()?;
    let levels = cod.u8()?;
    let [block_width, block_height] = [cod.u8()?.checked_add(2)?, cod.u8()?.checked_add(2)?];
    let _block_style = cod.u8()?;
    let _wavelet = cod.u8()?;
    let sane_blocks = block_width >= MIN_CODE_BLOCK_LOG2
        && block_height >= MIN_CODE_BLOCK_LOG2
        && block_width.checked_add(block_height)? <= 12;
    let sane_colours = colour_transform == 0 || (colour_transform == 1 && components == 3);
    if !(1..=MAX_LAYERS).contains(&layers) || levels > MAX_LEVELS || !sane_blocks || !sane_colours {
        return None;
    }
    if style & 1 != 0 {
        for _ in 0..=levels {
            let precinct = cod.u8()?;
            if precinct & 0x0F < MIN_PRECINCT_LOG2 || precinct >> 4 < MIN_PRECINCT_LOG2 {
                return None;
            }
        }
    }
    cod.0.is_empty().then_some(())
}

/// Quantisation (A.6.4): the number of bit-planes of a band is guard bits + exponent − 1.
fn check_quantisation(mut qcd: Bytes<'_>) -> Option<()> {
    let style = qcd.u8()?;
    let guard = u16::from(style >> 5);
    while !qcd.0.is_empty() {
        let exponent = match style & 0x1F {
            0 => u16::from(qcd.u8()? >> 3),
            _ => qcd.u16()? >> 11,
        };
        if guard + exponent > MAX_BIT_PLANES + 1 {
            return None;
        }
    }
    Some(())
}

/// Every tile-part up to EOC: of a tile that exists, fitting into the stream, and with a header
/// that changes no parameter.
fn check_tile_parts(stream: &mut Bytes<'_>, tiles: u64) -> Option<()> {
    loop {
        let part_start = stream.0;
        match stream.u16()? {
            SOT => {}
            EOC => return Some(()),
            _ => return None,
        }
        let mut sot = stream.segment()?;
        let tile = sot.u16()?;
        let length = usize::try_from(sot.u32()?).ok()?;
        let _part_and_count = sot.u16()?;
        if u64::from(tile) >= tiles || !sot.0.is_empty() {
            return None;
        }
        let header_and_data = match length {
            // Open length: all that is left is this tile-part's, EOC included.
            0 => stream.0,
            _ => part_start.get(12..length)?,
        };
        check_tile_part_header(Bytes(header_and_data))?;
        if length == 0 {
            return header_and_data.ends_with(&EOC.to_be_bytes()).then_some(());
        }
        stream.0 = part_start.get(length..)?;
    }
}

fn check_tile_part_header(mut header: Bytes<'_>) -> Option<()> {
    loop {
        match header.u16()? {
            SOD => return Some(()),
            COM | PLT => {
                header.segment()?;
            }
            _ => return None,
        }
    }
}

/// A codestream, with the number of components that the file format around it speaks of.
struct Codestream<'a> {
    bytes: &'a [u8],
    components: Option<u16>,
}

/// Finds the codestream: the bytes themselves, or the first `jp2c` box.
fn codestream(bytes: &[u8]) -> Option<Codestream<'_>> {
    if bytes.starts_with(&SOC.to_be_bytes()) {
        return Some(Codestream { bytes, components: None });
    }
    let mut components = None;
    let mut boxes = Bytes(bytes);
    while !boxes.0.is_empty() {
        match boxes.next_box()? {
            (b"jp2h", header) => components = colours(header)?,
            (b"jp2c", contents) => return Some(Codestream { bytes: contents.0, components }),
            _ => {}
        }
    }
    None
}

/// What the header box says of colours (I.5.3): none where it leaves them open; refused (outer
/// none) where samples are not plainly grey or RGB.
fn colours(mut header: Bytes<'_>) -> Option<Option<u16>> {
    let mut components = None;
    while !header.0.is_empty() {
        match header.next_box()? {
            (b"pclr" | b"cmap" | b"cdef", _) => return None,
            (b"colr", mut colour) if components.is_none() => {
                let [method, _precedence, _approximation] =
                    [colour.u8()?, colour.u8()?, colour.u8()?];
                if method == 1 {
                    components = match colour.u32()? {
                        16 => Some(3),
                        17 => Some(1),
                        _ => return None,
                    };
                }
            }
            _ => {}
        }
    }
    Some(components)
}

/// Unread bytes; every read is bounded, and none is done halfway.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<&'a [u8; N]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(taken)
    }

    fn u8(&mut self) -> Option<u8> {
        self.array().map(|&[byte]| byte)
    }

    fn u16(&mut self) -> Option<u16> {
        self.array().copied().map(u16::from_be_bytes)
    }

    fn u32(&mut self) -> Option<u32> {
        self.array().copied().map(u32::from_be_bytes)
    }

    fn peek_u16(&self) -> Option<u16> {
        self.0.first_chunk().copied().map(u16::from_be_bytes)
    }

    /// The parameters of a marker segment, whose length counts itself.
    fn segment(&mut self) -> Option<Bytes<'a>> {
        let length = usize::from(self.u16()?).checked_sub(2)?;
        self.take(length).map(Bytes)
    }

    /// Type and contents of a JP2 box (I.4); length 0 runs to the end, 1 announces 64 bits.
    fn next_box(&mut self) -> Option<(&'a [u8; 4], Bytes<'a>)> {
        let length = self.u32()?;
        let kind = self.array()?;
        let contents = match length {
            0 => core::mem::take(&mut self.0),
            1 => {
                let long = u64::from_be_bytes(*self.array()?);
                self.take(usize::try_from(long.checked_sub(16)?).ok()?)?
            }
            _ => self.take(usize::try_from(length.checked_sub(8)?).ok()?)?,
        };
        Some((kind, Bytes(contents)))
    }
}
