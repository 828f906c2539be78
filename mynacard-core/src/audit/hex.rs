//! Lower-case hexadecimal, the only form in which bytes stand in a log.

const DIGITS: &[u8; 16] = b"0123456789abcdef";

fn digit(nibble: u8) -> u8 {
    DIGITS.get(usize::from(nibble & 15)).copied().unwrap_or(b'0')
}

fn value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

/// Appends the digits of `bytes`.
pub(crate) fn push(out: &mut String, bytes: &[u8]) {
    for byte in bytes {
        out.push(char::from(digit(byte >> 4)));
        out.push(char::from(digit(*byte)));
    }
}

/// The 64 digits of 32 bytes, without allocation.
pub(crate) fn of_32(bytes: &[u8; 32]) -> [u8; 64] {
    let mut text = [0; 64];
    for (pair, byte) in text.as_chunks_mut::<2>().0.iter_mut().zip(bytes) {
        *pair = [digit(byte >> 4), digit(*byte)];
    }
    text
}

/// The `N` bytes that `text` writes; none if it is not exactly `2 * N` lower-case digits.
pub(crate) fn read<const N: usize>(text: &[u8]) -> Option<[u8; N]> {
    let (pairs, rest) = text.as_chunks::<2>();
    if pairs.len() != N || !rest.is_empty() {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = value(*high)? << 4 | value(*low)?;
    }
    Some(bytes)
}

/// Whether every byte is a lower-case hexadecimal digit.
pub(crate) fn is_hex(text: &[u8]) -> bool {
    // Without early exit, so that the loop is vectorised: this runs over every line of a fleet.
    text.iter().fold(true, |good, byte| good & matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
