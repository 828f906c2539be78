//! From components to pixels: palettes (`pclr`, `cmap`), what a channel means (`cdef`), colour
//! spaces, and any depth up to 16 bits brought to 8. What OpenJPEG does, except where that would
//! show a picture that the file does not describe.

use hayro_jpeg2000::ComponentData;
use zeroize::Zeroizing;

use super::boxes::File;
use super::bytes::Bytes;
use super::size::Size;
use crate::field::{PixelFormat, Pixels};

/// Most channels: colours and opacity.
const MAX_CHANNELS: usize = 4;
/// Most entries of a palette (I.5.3.4).
const MAX_ENTRIES: u16 = 1_024;
/// Colour spaces (table I.10, and 0 of encoders that do not know): shown as they are, but for sYCC.
/// Others would need a conversion.
const UNKNOWN: u32 = 0;
const SRGB: u32 = 16;
const GREY: u32 = 17;
const SYCC: u32 = 18;

/// What stands where in a pixel.
pub(super) struct Layout {
    /// One for grey, three for red, green and blue (or luminance and chrominance).
    colours: Vec<Channel>,
    opacity: Option<Channel>,
    /// Whether the three colours are luminance and chrominance still.
    luminance: bool,
}

/// A component as it is, or looked up in a column of the palette.
#[derive(Clone)]
struct Channel {
    component: usize,
    /// Brought to 8 bits.
    column: Option<Vec<u8>>,
}

impl Layout {
    /// What the boxes say, or, where they say nothing, what the number of components does: grey or
    /// three colours, and opacity behind them. None for anything else.
    pub(super) fn read(file: &File<'_>, size: &Size) -> Option<Self> {
        let channels = match (file.palette, file.mapping) {
            (Some(palette), Some(mapping)) => mapped(palette, mapping, size.components.len())?,
            (None, None) => (0..size.components.len())
                .map(|component| Channel { component, column: None })
                .collect(),
            _ => return None,
        };
        if !matches!(file.space, None | Some(UNKNOWN | SRGB | GREY | SYCC))
            || channels.len() > MAX_CHANNELS
        {
            return None;
        }
        let (colours, opacity) = match file.definitions {
            Some(definitions) => defined(definitions, &channels)?,
            None => {
                let mut colours = channels;
                let opacity = if colours.len().is_multiple_of(2) { colours.pop() } else { None };
                (colours, opacity)
            }
        };
        if !matches!(colours.len(), 1 | 3) {
            return None;
        }
        // Components of which some are subsampled come converted from the decoder.
        let luminance = file.space == Some(SYCC) && colours.len() == 3 && !size.has_thin_colours();
        Some(Self { colours, opacity, luminance })
    }

    /// The pixels of decoded components; none if a component is missing or of another size.
    pub(super) fn pixels(&self, size: &Size, components: &[ComponentData]) -> Option<Pixels> {
        let (width, height) = (size.image.width, size.image.height);
        let count = usize::try_from(u64::from(width) * u64::from(height)).ok()?;
        let format = match (self.colours.as_slice(), &self.opacity) {
            ([_], None) => PixelFormat::Grey8,
            _ => PixelFormat::Rgba8,
        };
        let mut data = Zeroizing::new(vec![u8::MAX; count.checked_mul(format.bytes())?]);
        let fill = |data: &mut [u8], place: usize, channel: &Channel| {
            let component = components.get(channel.component)?;
            let samples = component.samples().get(..count)?;
            let bytes = data.iter_mut().skip(place).step_by(format.bytes());
            for (byte, &sample) in bytes.zip(samples) {
                *byte = channel.value(sample, component.bit_depth());
            }
            Some(())
        };
        match (self.colours.as_slice(), format) {
            ([grey], PixelFormat::Grey8) => fill(&mut data, 0, grey)?,
            ([grey], PixelFormat::Rgba8) => {
                (0..3).try_for_each(|place| fill(&mut data, place, grey))?;
            }
            (colours, _) => {
                let mut places = colours.iter().enumerate();
                places.try_for_each(|(place, colour)| fill(&mut data, place, colour))?;
            }
        }
        if let Some(opacity) = &self.opacity {
            fill(&mut data, 3, opacity)?;
        }
        if self.luminance {
            for [r, g, b, _] in data.as_chunks_mut::<4>().0 {
                [*r, *g, *b] = to_rgb([*r, *g, *b]);
            }
        }
        Pixels::new(width, height, format, data)
    }
}

impl Channel {
    fn value(&self, sample: f32, depth: u8) -> u8 {
        let greatest = greatest(depth);
        // A cast saturates, and makes nothing of what is no number.
        let whole = (sample + 0.5) as u32;
        match &self.column {
            None => to_8_bits(whole.min(greatest), greatest),
            // A lossy index beyond the palette means its last entry.
            Some(column) => {
                let index = usize::try_from(whole).unwrap_or(usize::MAX);
                column.get(index).or(column.last()).copied().unwrap_or_default()
            }
        }
    }
}

/// The greatest value of samples of 1 to 16 bits.
fn greatest(depth: u8) -> u32 {
    1_u32.checked_shl(depth.into()).unwrap_or(0).wrapping_sub(1)
}

/// Rounded to the nearest.
fn to_8_bits(value: u32, greatest: u32) -> u8 {
    let scaled = (u64::from(value) * 255 + u64::from(greatest) / 2) / u64::from(greatest.max(1));
    u8::try_from(scaled).unwrap_or(u8::MAX)
}

/// Luminance and chrominance (sYCC) to red, green and blue.
fn to_rgb([y, cb, cr]: [u8; 3]) -> [u8; 3] {
    let (y, cb, cr) = (f32::from(y), f32::from(cb) - 128.0, f32::from(cr) - 128.0);
    // Casts saturate.
    [1.402 * cr, -0.344 * cb - 0.714 * cr, 1.772 * cb].map(|add| (y + add + 0.5) as u8)
}

/// The channels that a palette and its mapping make (I.5.3.4, I.5.3.5): one for each column, and
/// in their order.
fn mapped(
    mut palette: Bytes<'_>,
    mut mapping: Bytes<'_>,
    components: usize,
) -> Option<Vec<Channel>> {
    let entries = palette.u16()?;
    let columns = usize::from(palette.u8()?);
    if !(1..=MAX_ENTRIES).contains(&entries) || !(1..=MAX_CHANNELS).contains(&columns) {
        return None;
    }
    // Unsigned, 1 to 16 bits.
    let depths = palette.take(columns)?;
    if depths.iter().any(|depth| *depth > 15) {
        return None;
    }
    let mut values = vec![Vec::with_capacity(usize::from(entries)); columns];
    for _ in 0..entries {
        for (column, depth) in values.iter_mut().zip(depths) {
            let greatest = greatest(depth + 1);
            let value = if *depth < 8 { palette.u8()?.into() } else { palette.u16()? };
            column.push(to_8_bits(u32::from(value).min(greatest), greatest));
        }
    }
    let mut channels = Vec::with_capacity(columns);
    for (place, column) in values.into_iter().enumerate() {
        let component = usize::from(mapping.u16()?);
        let looked_up = match (mapping.u8()?, usize::from(mapping.u8()?)) {
            (0, _) => None,
            (1, column_named) if column_named == place => Some(column),
            _ => return None,
        };
        if component >= components {
            return None;
        }
        channels.push(Channel { component, column: looked_up });
    }
    mapping.0.is_empty().then_some(channels)
}

/// Colours in their order, and opacity, as channel definitions say (I.5.3.6). None where they
/// leave a colour out, name one twice, or speak of opacity that is multiplied in already.
fn defined(
    mut definitions: Bytes<'_>,
    channels: &[Channel],
) -> Option<(Vec<Channel>, Option<Channel>)> {
    let count = definitions.u16()?;
    if usize::from(count) > channels.len() {
        return None;
    }
    let mut colours: [Option<Channel>; 3] = [None, None, None];
    let mut opacity = None;
    let mut seen = [false; MAX_CHANNELS];
    for _ in 0..count {
        let number = usize::from(definitions.u16()?);
        let channel = channels.get(number)?.clone();
        let place = match (definitions.u16()?, definitions.u16()?) {
            (0, colour) => colours.get_mut(usize::from(colour.checked_sub(1)?))?,
            (1, 0) => &mut opacity,
            _ => return None,
        };
        if place.is_some() || core::mem::replace(seen.get_mut(number)?, true) {
            return None;
        }
        *place = Some(channel);
    }
    // A channel that is not defined is the colour of its own place, as far as there is one.
    for (number, channel) in channels.iter().enumerate() {
        if !*seen.get(number)? {
            let place = colours.get_mut(number)?;
            if place.is_some() {
                return None;
            }
            *place = Some(channel.clone());
        }
    }
    let colours = match colours {
        [Some(grey), None, None] => vec![grey],
        [Some(red), Some(green), Some(blue)] => vec![red, green, blue],
        _ => return None,
    };
    definitions.0.is_empty().then_some((colours, opacity))
}
