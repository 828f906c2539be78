//! JPEG 2000: what a header may ask for is settled here, before the decoder sees it.
//!
//! The decoder accepts all of ISO/IEC 15444-1, in which a few bytes can demand gigabytes or minutes:
//! millions of tiles, precincts of one sample, headers that a later tile-part replaces. So what a
//! picture costs is counted from its headers ([`cost`]), which are stated once, and what is not of a
//! kind that is tested beside OpenJPEG does not pass. The decoder gets the codestream and never the
//! boxes around it: palettes, opacity and colour spaces are this room's ([`channels`]).

mod boxes;
mod bytes;
mod channels;
mod cost;
mod header;
mod size;
mod tile_parts;

use hayro_jpeg2000::{DecodeSettings, DecoderContext, Image};

use self::boxes::File;
use self::bytes::Bytes;
use self::channels::Layout;
use self::header::MainHeader;
use self::size::Size;
use super::Pixels;
use super::decoding::{DecodeLimits, Dimensions, ImageFault};

// Markers (ISO/IEC 15444-1, table A.2).
const SOC: u16 = 0xFF4F;
const SIZ: u16 = 0xFF51;
const COD: u16 = 0xFF52;
const COC: u16 = 0xFF53;
const TLM: u16 = 0xFF55;
const PLT: u16 = 0xFF58;
const QCD: u16 = 0xFF5C;
const QCC: u16 = 0xFF5D;
const RGN: u16 = 0xFF5E;
const POC: u16 = 0xFF5F;
const CRG: u16 = 0xFF63;
const COM: u16 = 0xFF64;
const SOT: u16 = 0xFF90;
const SOD: u16 = 0xFF93;
const EOC: u16 = 0xFFD9;

pub(super) fn dimensions(bytes: &[u8]) -> Result<Dimensions, ImageFault> {
    let file = File::open(bytes).ok_or(ImageFault::Broken)?;
    let size = Size::read(&mut Bytes(file.codestream)).ok_or(ImageFault::Broken)?;
    Ok(size.image)
}

pub(super) fn decode(bytes: &[u8], limits: &DecodeLimits) -> Result<Pixels, ImageFault> {
    let file = File::open(bytes).ok_or(ImageFault::Broken)?;
    let mut rest = Bytes(file.codestream);
    let size = Size::read(&mut rest).ok_or(ImageFault::Broken)?;
    limits.check_dimensions(size.image)?;
    if size.tiles > u64::from(limits.max_tiles) {
        return Err(ImageFault::TooLarge);
    }
    if !size.may_pass() {
        return Err(ImageFault::Broken);
    }
    let layout = Layout::read(&file, &size).ok_or(ImageFault::Broken)?;
    let header = MainHeader::read(&mut rest, &size).ok_or(ImageFault::Broken)?;
    let changes = tile_parts::check(&mut rest, size.tiles).ok_or(ImageFault::Broken)?;
    if !cost::is_within(limits, &size, &header, header.progression_changes + changes) {
        return Err(ImageFault::TooLarge);
    }

    let image =
        Image::new(file.codestream, &DecodeSettings::default()).map_err(|_| ImageFault::Broken)?;
    if (image.width(), image.height()) != (size.image.width, size.image.height) {
        return Err(ImageFault::Broken);
    }
    let mut context = DecoderContext::default();
    let decoded = image.decode(&mut context).map_err(|_| ImageFault::Broken)?;
    layout.pixels(&size, decoded.components()).ok_or(ImageFault::Broken)
}
