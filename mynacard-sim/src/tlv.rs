//! Writing BER-TLV, and finding objects again in saved files.

/// `tag`, length in the shortest form, `value`.
pub(crate) fn object(tag: u32, value: &[u8]) -> Vec<u8> {
    object_with_length(tag, value, 0)
}

/// As [`object`], with a length field of at least `octets` bytes after the first (`82 00 9F` is
/// two), which real cards write although it is longer than needed.
pub(crate) fn object_with_length(tag: u32, value: &[u8], octets: usize) -> Vec<u8> {
    let mut out = significant(tag.to_be_bytes());
    let length = significant((value.len() as u32).to_be_bytes());
    let needed = match value.len() {
        0..=0x7F => 0,
        _ => length.len(),
    };
    match needed.max(octets) {
        0 => out.push(value.len() as u8),
        count => {
            out.push(0x80 | count as u8);
            out.extend(std::iter::repeat_n(0, count - length.len().min(count)));
            out.extend(length);
        }
    }
    out.extend_from_slice(value);
    out
}

/// The bytes without leading zeros, but at least one.
fn significant(bytes: [u8; 4]) -> Vec<u8> {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count().min(3);
    bytes.iter().skip(zeros).copied().collect()
}

/// Value of the first object with this tag among those that follow each other in `bytes`.
pub(crate) fn find(mut bytes: &[u8], wanted: u32) -> Option<&[u8]> {
    while let Some((tag, value, rest)) = split(bytes) {
        if tag == wanted {
            return Some(value);
        }
        bytes = rest;
    }
    None
}

/// Tag, value and what follows.
fn split(bytes: &[u8]) -> Option<(u32, &[u8], &[u8])> {
    let (&first, mut rest) = bytes.split_first()?;
    let mut tag = u32::from(first);
    if first & 0x1F == 0x1F {
        loop {
            let (&next, after) = rest.split_first()?;
            tag = tag.checked_mul(256)?.checked_add(u32::from(next))?;
            rest = after;
            if next & 0x80 == 0 {
                break;
            }
        }
    }
    let (&first, mut rest) = rest.split_first()?;
    let length = match first {
        0..=0x7F => usize::from(first),
        0x81..=0x84 => {
            let (octets, after) = rest.split_at_checked(usize::from(first & 0x0F))?;
            rest = after;
            octets.iter().fold(0usize, |sum, octet| sum << 8 | usize::from(*octet))
        }
        _ => return None,
    };
    let (value, rest) = rest.split_at_checked(length)?;
    Some((tag, value, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_written_and_read() {
        assert_eq!(object(0xDF21, &[1, 2]), [0xDF, 0x21, 2, 1, 2]);
        assert_eq!(object(0x91, &[7; 200]).get(..3), Some(&[0x91, 0x81, 200][..]));
        assert_eq!(object(0x91, &[7; 256]).get(..4), Some(&[0x91, 0x82, 1, 0][..]));
        let long = object_with_length(0xFF40, &[7; 0x9F], 2);
        assert_eq!(long.get(..5), Some(&[0xFF, 0x40, 0x82, 0, 0x9F][..]));
        assert_eq!(
            find(&[object(0xDF21, &[1]), object(0xDF22, &[2])].concat(), 0xDF22),
            Some(&[2][..])
        );
        assert_eq!(find(&[0xDF, 0x21, 5, 1], 0xDF21), None);
    }
}
