//! Lower-case hexadecimal, the only form in which bytes stand in a log.

use data_encoding::HEXLOWER;

/// Appends the digits of `bytes`.
pub(crate) fn push(out: &mut String, bytes: &[u8]) {
    HEXLOWER.encode_append(bytes, out);
}

/// The 64 digits of 32 bytes, without allocation.
pub(crate) fn of_32(bytes: &[u8; 32]) -> [u8; 64] {
    let mut text = [0; 64];
    HEXLOWER.encode_mut(bytes, &mut text);
    text
}

/// The `N` bytes that `text` writes; none if it is not exactly `2 * N` lower-case digits.
pub(crate) fn read<const N: usize>(text: &[u8]) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    // What decodes must fit exactly, or the decoder panics.
    if text.len() != 2 * N {
        return None;
    }
    HEXLOWER.decode_mut(text, &mut bytes).ok().map(|_| bytes)
}

/// Whether every byte is a lower-case hexadecimal digit.
pub(crate) fn is_hex(text: &[u8]) -> bool {
    // Without early exit, so that the loop is vectorised: this runs over every line of a fleet.
    text.iter().fold(true, |good, byte| good & matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
