//! The tile-parts behind the main header: all there, fitting into the stream, and with headers
//! that change nothing but the order of packets.

use super::bytes::Bytes;
use super::header::progression_changes;
use super::{COM, EOC, PLT, POC, SOD, SOT};

/// What was seen of a tile's parts, and how many it says that it has (0 unsaid).
#[derive(Clone, Copy, Default)]
struct Parts {
    seen: u16,
    stated: u8,
}

/// Reads every tile-part up to the end marker (EOC), and counts the changes of the order of packets.
///
/// Without an end marker the picture may have been cut. It passes all the same where the last part
/// ends with the stream and every tile has as many parts as it says.
pub(super) fn check(stream: &mut Bytes<'_>, tiles: u64) -> Option<usize> {
    let mut parts = vec![Parts::default(); usize::try_from(tiles).ok()?];
    let mut changes = 0;
    loop {
        let part_start = stream.0;
        if part_start.is_empty() {
            let whole = |parts: &Parts| parts.stated > 0 && parts.seen == u16::from(parts.stated);
            return parts.iter().all(whole).then_some(changes);
        }
        match stream.u16()? {
            SOT => {}
            EOC => break,
            _ => return None,
        }
        let mut sot = stream.segment()?;
        let tile = parts.get_mut(usize::from(sot.u16()?))?;
        let length = usize::try_from(sot.u32()?).ok()?;
        let _number = sot.u8()?;
        tile.seen = tile.seen.checked_add(1)?;
        tile.stated = tile.stated.max(sot.u8()?);
        if !sot.0.is_empty() {
            return None;
        }
        let header_and_data = match length {
            // Open length: all that is left is this tile-part's, EOC included.
            0 => stream.0,
            _ => part_start.get(12..length)?,
        };
        changes += check_header(Bytes(header_and_data))?;
        if length == 0 {
            if !header_and_data.ends_with(&EOC.to_be_bytes()) {
                return None;
            }
            break;
        }
        stream.0 = part_start.get(length..)?;
    }
    // A tile of which nothing came would be a hole in the picture.
    parts.iter().all(|parts| parts.seen > 0).then_some(changes)
}

fn check_header(mut header: Bytes<'_>) -> Option<usize> {
    let mut changes = 0;
    loop {
        match header.u16()? {
            SOD => return Some(changes),
            POC => changes += progression_changes(header.segment()?),
            COM | PLT => {
                header.segment()?;
            }
            _ => return None,
        }
    }
}
