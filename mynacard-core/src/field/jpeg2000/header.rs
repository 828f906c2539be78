//! The main header behind SIZ: how each component is coded, stated once and for all tiles.

use super::bytes::Bytes;
use super::size::Size;
use super::{COC, COD, COM, CRG, POC, QCC, QCD, RGN, SOT, TLM};

/// Most wavelet decompositions; the test card's photo has 5.
const MAX_LEVELS: u8 = 12;
/// Most quality layers, and the decoder's own bound; the test card's photo has 1.
const MAX_LAYERS: u16 = 32;
/// Most bit-planes of a band, and the decoder's own bound.
const MAX_BIT_PLANES: u16 = 31;
/// Bytes of one change of the progression order, for fewer than 257 components (A.6.6).
const PROGRESSION_CHANGE: usize = 7;

/// How the picture is coded.
pub(super) struct MainHeader {
    pub(super) layers: u16,
    /// For each component of SIZ.
    pub(super) components: Vec<Coding>,
    /// How often the order of packets changes.
    pub(super) progression_changes: usize,
}

/// How one component is coded.
#[derive(Clone)]
pub(super) struct Coding {
    pub(super) levels: u8,
    /// Log2 of a code-block's width and height.
    pub(super) block: [u8; 2],
    /// Log2 of width and height of the precincts, from the lowest resolution on.
    pub(super) precincts: Vec<[u8; 2]>,
    /// Bit-planes of its deepest band, the upshift of a region of interest included.
    pub(super) bit_planes: u16,
}

impl MainHeader {
    /// Up to the first SOT, which is left unread. None for what does not pass.
    pub(super) fn read(stream: &mut Bytes<'_>, size: &Size) -> Option<Self> {
        let count = size.components.len();
        let mut default = None;
        let mut own = vec![None; count];
        let mut default_planes = None;
        let mut own_planes = vec![None; count];
        let mut upshifts = vec![0; count];
        let mut progression_changes = 0;
        loop {
            if stream.peek_u16()? == SOT {
                break;
            }
            let marker = stream.u16()?;
            let mut segment = stream.segment()?;
            match marker {
                COD if default.is_none() => default = Some(Default::read(segment, size)?),
                COC => {
                    let component = own.get_mut(usize::from(segment.u8()?))?;
                    let style = segment.u8()?;
                    *component = Some(Coding::read(segment, style)?);
                }
                QCD if default_planes.is_none() => default_planes = Some(bit_planes(segment)?),
                QCC => {
                    let component = own_planes.get_mut(usize::from(segment.u8()?))?;
                    *component = Some(bit_planes(segment)?);
                }
                RGN => {
                    let component = upshifts.get_mut(usize::from(segment.u8()?))?;
                    let (0, upshift) = (segment.u8()?, segment.u8()?) else { return None };
                    *component = u16::from(upshift);
                }
                POC => progression_changes += self::progression_changes(segment),
                COM | TLM | CRG => {}
                _ => return None,
            }
        }
        let (default, default_planes) = (default?, default_planes?);
        let mut components = Vec::with_capacity(count);
        for ((own, planes), upshift) in own.into_iter().zip(own_planes).zip(upshifts) {
            let bit_planes = planes.unwrap_or(default_planes) + upshift;
            if bit_planes > MAX_BIT_PLANES {
                return None;
            }
            components.push(Coding { bit_planes, ..own.unwrap_or_else(|| default.coding.clone()) });
        }
        Some(Self { layers: default.layers, components, progression_changes })
    }
}

/// Changes of the progression order that a POC segment has.
pub(super) fn progression_changes(segment: Bytes<'_>) -> usize {
    segment.0.len() / PROGRESSION_CHANGE
}

/// Coding style default (A.6.1).
struct Default {
    layers: u16,
    coding: Coding,
}

impl Default {
    fn read(mut cod: Bytes<'_>, size: &Size) -> Option<Self> {
        let style = cod.u8()?;
        let _progression = cod.u8()?;
        let layers = cod.u16()?;
        let colours_transformed = match cod.u8()? {
            0 => false,
            1 => true,
            _ => return None,
        };
        let sane_colours =
            !colours_transformed || (size.components.len() >= 3 && !size.has_thin_colours());
        let sane = (1..=MAX_LAYERS).contains(&layers) && sane_colours;
        sane.then_some(Self { layers, coding: Coding::read(cod, style)? })
    }
}

impl Coding {
    /// The parameters that COD and COC share (table A.20); bit-planes are not among them.
    fn read(mut parameters: Bytes<'_>, style: u8) -> Option<Self> {
        let levels = parameters.u8()?;
        let block = [parameters.u8()?.checked_add(2)?, parameters.u8()?.checked_add(2)?];
        let _block_style = parameters.u8()?;
        let _wavelet = parameters.u8()?;
        let [width, height] = block;
        if levels > MAX_LEVELS || width > 10 || height > 10 || width + height > 12 {
            return None;
        }
        let mut precincts = vec![[15, 15]; usize::from(levels) + 1];
        if style & 1 != 0 {
            for (resolution, precinct) in precincts.iter_mut().enumerate() {
                let sides = parameters.u8()?;
                *precinct = [sides & 0x0F, sides >> 4];
                // Above the lowest resolution a precinct is halved for each of the three bands.
                if resolution > 0 && precinct.contains(&0) {
                    return None;
                }
            }
        }
        parameters.0.is_empty().then_some(Self { levels, block, precincts, bit_planes: 0 })
    }
}

/// The most bit-planes of a band in QCD or QCC (A.6.4): guard bits + exponent − 1.
fn bit_planes(mut quantisation: Bytes<'_>) -> Option<u16> {
    let style = quantisation.u8()?;
    let guard = u16::from(style >> 5);
    let mut most = 0;
    while !quantisation.0.is_empty() {
        let exponent = match style & 0x1F {
            0 => u16::from(quantisation.u8()? >> 3),
            _ => quantisation.u16()? >> 11,
        };
        most = most.max(guard + exponent);
    }
    Some(most.saturating_sub(1))
}
