//! What decoding would cost in time and memory, counted from the headers before the decoder sees them.
//!
//! Whatever sizes of precincts and code-blocks, layers, tiles and orders a picture combines: it
//! costs no more than the largest plain picture within the limits would.

use super::header::{Coding, MainHeader};
use super::size::Size;
use crate::field::DecodeLimits;

/// Most code-blocks, and precincts in all bands: about a hundred bytes each in the decoder. A card's
/// photo in colour with the smallest blocks there are, 4 × 4, has 34,000.
const MAX_BLOCKS: u64 = 65_536;
/// Most places for data, one for each layer of a block, and packets, one for each layer of a
/// precinct, visited anew by each change of the order of packets.
const MAX_PLACES: u64 = 262_144;
/// Samples for each pixel, and bit-planes for each sample, that the plain worst case has.
const PLAIN_SAMPLES: u64 = 3;
const PLAIN_BIT_PLANES: u64 = 24;

/// Whether the picture costs no more than may be spent.
pub(super) fn is_within(
    limits: &DecodeLimits,
    size: &Size,
    header: &MainHeader,
    progression_changes: usize,
) -> bool {
    // The decoder brings every component to the size of the picture.
    let pixels = u64::from(size.image.width) * u64::from(size.image.height);
    let samples = pixels * size.components.len() as u64;
    let bit_planes: u64 = header.components.iter().map(|coding| u64::from(coding.bit_planes)).sum();
    let most_samples = u64::from(limits.max_pixels) * PLAIN_SAMPLES;
    if samples > most_samples || pixels * bit_planes > most_samples * PLAIN_BIT_PLANES {
        return false;
    }
    let count = Count::of(size, header);
    let layers = u64::from(header.layers);
    let orders = u64::try_from(progression_changes).unwrap_or(u64::MAX).saturating_add(1);
    count.blocks <= MAX_BLOCKS
        && count.precincts <= MAX_BLOCKS
        && count.blocks.saturating_mul(layers) <= MAX_PLACES
        && count.precincts.saturating_mul(layers).saturating_mul(orders) <= MAX_PLACES
}

/// What the decoder makes room for, in all tiles.
#[derive(Default)]
struct Count {
    blocks: u64,
    /// Those of every band.
    precincts: u64,
}

impl Count {
    fn of(size: &Size, header: &MainHeader) -> Self {
        let mut count = Self::default();
        for (component, coding) in size.components.iter().zip(&header.components) {
            for tile in size.tile_components(*component) {
                count.add(tile, coding);
            }
        }
        count
    }

    fn add(&mut self, tile: [[u32; 2]; 2], coding: &Coding) {
        for (resolution, precinct) in (0..=coding.levels).zip(&coding.precincts) {
            let lower = u32::from(coding.levels - resolution);
            // B-14: the tile in this resolution.
            let [x, y] = tile.map(|ends| ends.map(|end| u64::from(end).div_ceil(1 << lower)));
            let [px, py] = *precinct;
            let precincts = cells(x, px).saturating_mul(cells(y, py));
            let bands: &[[u64; 2]] =
                if resolution == 0 { &[[0, 0]] } else { &[[1, 0], [0, 1], [1, 1]] };
            for [odd_x, odd_y] in bands {
                self.precincts = self.precincts.saturating_add(precincts);
                let halved = u8::from(resolution > 0);
                // B-15: every second column or row of the resolution above, from the first or the
                // second on. B-17, B-18: no block is greater than its precinct.
                let band = |ends: [u64; 2], odd: u64| {
                    ends.map(
                        |end| if halved == 0 { end } else { end.saturating_sub(odd).div_ceil(2) },
                    )
                };
                let [bx, by] = coding.block;
                let across = cells(band(x, *odd_x), bx.min(px - halved));
                let down = cells(band(y, *odd_y), by.min(py - halved));
                self.blocks = self.blocks.saturating_add(across.saturating_mul(down));
            }
        }
    }
}

/// Cells of a grid of 2^`log2` that a range touches.
fn cells([start, end]: [u64; 2], log2: u8) -> u64 {
    if start >= end {
        return 0;
    }
    end.div_ceil(1 << log2).saturating_sub(start >> log2)
}
