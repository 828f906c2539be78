//! The photo in a terminal: two pixels to a character, grey.

use mynacard_core::field::{PixelFormat, Pixels};

/// Columns of the picture.
pub(crate) const COLUMNS: usize = 34;
/// Rows of characters; each shows two rows of pixels.
const ROWS: usize = 21;

/// The picture as lines of text: half blocks in shades of grey, or plain characters without colour.
pub(crate) fn lines(pixels: &Pixels, colour: bool) -> Vec<String> {
    (0..ROWS)
        .map(|row| {
            let mut line: String = (0..COLUMNS)
                .map(|column| {
                    let top = shade(pixels, column, 2 * row);
                    let bottom = shade(pixels, column, 2 * row + 1);
                    if colour { half_block(top, bottom) } else { character(top, bottom) }
                })
                .collect();
            if colour {
                line.push_str("\x1b[0m");
            }
            line
        })
        .collect()
}

/// The mean grey of the part of the picture that one half of a character stands for.
fn shade(pixels: &Pixels, column: usize, half_row: usize) -> u8 {
    let width = pixels.width() as usize;
    let height = pixels.height() as usize;
    let bytes = match pixels.format() {
        PixelFormat::Grey8 => 1,
        _ => 4,
    };
    let columns = column * width / COLUMNS..((column + 1) * width / COLUMNS).max(1);
    let rows = half_row * height / (2 * ROWS)..((half_row + 1) * height / (2 * ROWS)).max(1);
    let (mut sum, mut count) = (0_usize, 0_usize);
    for row in rows {
        for column in columns.clone() {
            let at = (row * width + column) * bytes;
            sum += pixels.data().get(at).copied().map_or(0, usize::from);
            count += 1;
        }
    }
    u8::try_from(sum / count.max(1)).unwrap_or(u8::MAX)
}

/// The 24 greys of a 256-colour terminal begin at 232.
fn half_block(top: u8, bottom: u8) -> String {
    let grey = |shade: u8| 232 + u16::from(shade) * 24 / 256;
    format!("\x1b[38;5;{};48;5;{}m▀", grey(top), grey(bottom))
}

fn character(top: u8, bottom: u8) -> String {
    const SHADES: [char; 5] = ['█', '▓', '▒', '░', ' '];
    let mean = (usize::from(top) + usize::from(bottom)) / 2;
    SHADES.get(mean * SHADES.len() / 256).copied().unwrap_or(' ').to_string()
}
