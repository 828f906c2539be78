//! What SIZ says of image, tiles and components (A.5.1), if it says something that may pass.

use super::bytes::Bytes;
use super::{SIZ, SOC};
use crate::field::Dimensions;

/// Greatest width and height of the reference grid, offsets included.
const MAX_GRID: u32 = 65_536;
/// Most components: three colours and opacity.
const MAX_COMPONENTS: u16 = 4;
/// Greatest subsampling.
const MAX_SUBSAMPLING: u8 = 4;

/// Image, tiles and components.
pub(super) struct Size {
    /// What is seen.
    pub(super) image: Dimensions,
    /// How many tiles.
    pub(super) tiles: u64,
    /// One to four.
    pub(super) components: Vec<Component>,
    x: Side,
    y: Side,
}

/// One direction of the reference grid.
#[derive(Clone, Copy)]
struct Side {
    end: u32,
    start: u32,
    tile: u32,
    tile_start: u32,
}

/// A component's subsampling.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) struct Component {
    pub(super) dx: u8,
    pub(super) dy: u8,
}

impl Size {
    /// Reads SOC and SIZ, and nothing that must pass: see [`Size::may_pass`].
    pub(super) fn read(stream: &mut Bytes<'_>) -> Option<Self> {
        if stream.u16()? != SOC || stream.u16()? != SIZ {
            return None;
        }
        let mut siz = stream.segment()?;
        let _capabilities = siz.u16()?;
        let mut pair = || Some((siz.u32()?, siz.u32()?));
        let (end, start, tile, tile_start) = (pair()?, pair()?, pair()?, pair()?);
        let x = Side { end: end.0, start: start.0, tile: tile.0, tile_start: tile_start.0 };
        let y = Side { end: end.1, start: start.1, tile: tile.1, tile_start: tile_start.1 };
        let count = siz.u16()?;
        if !(1..=MAX_COMPONENTS).contains(&count) {
            return None;
        }
        let mut components = Vec::with_capacity(usize::from(count));
        for _ in 0..count {
            let [depth, dx, dy] = [siz.u8()?, siz.u8()?, siz.u8()?];
            // 1 to 16 bits. The decoder takes signed samples as OpenJPEG's PNG writer does: the
            // least value is black.
            let sampled = |step| (1..=MAX_SUBSAMPLING).contains(&step);
            if depth & 0x7F > 15 || !sampled(dx) || !sampled(dy) {
                return None;
            }
            components.push(Component { dx, dy });
        }
        let first = *components.first()?;
        // Where all are subsampled alike, the picture has that size; else that of the grid.
        let alike = components.iter().all(|component| *component == first);
        let shrink = if alike { first } else { Component { dx: 1, dy: 1 } };
        let image = Dimensions { width: x.samples(shrink.dx)?, height: y.samples(shrink.dy)? };
        let tiles = x.tiles()?.checked_mul(y.tiles()?)?;
        siz.0.is_empty().then_some(Self { image, tiles, components, x, y })
    }

    /// Whether grid and subsampling are of a kind that is decoded: a first tile with something in
    /// it, and components that are alike, or luminance with thinner chrominance.
    pub(super) fn may_pass(&self) -> bool {
        self.x.may_pass()
            && self.y.may_pass()
            && match self.components.as_slice() {
                [luminance, cb, cr] if luminance != cb => {
                    (luminance.dx, luminance.dy) == (1, 1) && cb == cr && cb.dx == 2 && cb.dy <= 2
                }
                [first, rest @ ..] => rest.iter().all(|component| component == first),
                [] => false,
            }
    }

    /// Whether chrominance has fewer samples than luminance.
    pub(super) fn has_thin_colours(&self) -> bool {
        matches!(self.components.as_slice(), [luminance, colour, ..] if luminance != colour)
    }

    /// Sample ranges of a component's part in every tile: start and end in both directions.
    pub(super) fn tile_components(
        &self,
        component: Component,
    ) -> impl Iterator<Item = [[u32; 2]; 2]> {
        let columns = move || self.x.ranges(component.dx);
        self.y.ranges(component.dy).flat_map(move |y| columns().map(move |x| [x, y]))
    }
}

impl Side {
    fn samples(self, step: u8) -> Option<u32> {
        let step = u32::from(step);
        self.end.div_ceil(step).checked_sub(self.start.div_ceil(step))
    }

    fn tiles(self) -> Option<u64> {
        let span = u64::from(self.end.checked_sub(self.tile_start)?);
        span.checked_add(u64::from(self.tile).checked_sub(1)?)?.checked_div(self.tile.into())
    }

    fn may_pass(self) -> bool {
        let first_tile_ends = u64::from(self.tile_start) + u64::from(self.tile);
        self.end <= MAX_GRID
            && self.tile_start <= self.start
            && first_tile_ends > u64::from(self.start)
            && first_tile_ends <= u64::from(u32::MAX)
    }

    /// Where each tile starts and ends, in samples of a component.
    fn ranges(self, step: u8) -> impl Iterator<Item = [u32; 2]> {
        let step = u32::from(step);
        (0..self.tiles().unwrap_or(0)).map(move |tile| {
            let at = |number: u64| {
                let end = u64::from(self.tile_start) + number * u64::from(self.tile);
                u32::try_from(end).unwrap_or(u32::MAX).clamp(self.start, self.end).div_ceil(step)
            };
            [at(tile), at(tile + 1)]
        })
    }
}
