//! Command bytes taken apart (ISO/IEC 7816-3 cases 1, 2S–4S, 2E–4E).

/// One command as the card sees it.
#[derive(Clone, Copy)]
pub(crate) struct Apdu<'a> {
    pub(crate) cla: u8,
    pub(crate) ins: u8,
    pub(crate) p1: u8,
    pub(crate) p2: u8,
    /// The data field; empty where the command has none.
    pub(crate) data: &'a [u8],
    /// Number of bytes the terminal expects, with a zero byte already read as the maximum.
    pub(crate) le: Option<usize>,
    /// Whether Lc or Le came in extended form.
    pub(crate) extended: bool,
}

impl<'a> Apdu<'a> {
    /// `None` where the lengths in the command contradict each other.
    pub(crate) fn parse(bytes: &'a [u8]) -> Option<Self> {
        let (&[cla, ins, p1, p2], body) = bytes.split_first_chunk::<4>()?;
        let base = Apdu { cla, ins, p1, p2, data: &[], le: None, extended: false };
        match body {
            [] => Some(base),
            [le] => Some(Apdu { le: Some(short_le(*le)), ..base }),
            [0, hi, lo] => Some(Apdu { le: Some(extended_le(*hi, *lo)), extended: true, ..base }),
            [0, hi, lo, rest @ ..] => {
                let lc = usize::from(u16::from_be_bytes([*hi, *lo]));
                let (data, tail) = rest.split_at_checked(lc)?;
                let le = match tail {
                    [] => None,
                    [hi, lo] => Some(extended_le(*hi, *lo)),
                    _ => return None,
                };
                (lc > 0).then_some(Apdu { data, le, extended: true, ..base })
            }
            [lc, rest @ ..] => {
                let (data, tail) = rest.split_at_checked(usize::from(*lc))?;
                let le = match tail {
                    [] => None,
                    [le] => Some(short_le(*le)),
                    _ => return None,
                };
                (*lc > 0).then_some(Apdu { data, le, ..base })
            }
        }
    }
}

fn short_le(byte: u8) -> usize {
    if byte == 0 { 256 } else { usize::from(byte) }
}

fn extended_le(hi: u8, lo: u8) -> usize {
    let value = usize::from(u16::from_be_bytes([hi, lo]));
    if value == 0 { 65_536 } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_case_is_told_apart() {
        let parse =
            |bytes: &'static [u8]| Apdu::parse(bytes).map(|a| (a.data.len(), a.le, a.extended));
        assert_eq!(parse(&[0, 0x20, 0, 0x80]), Some((0, None, false)));
        assert_eq!(parse(&[0, 0xB0, 0, 0, 0]), Some((0, Some(256), false)));
        assert_eq!(parse(&[0, 0xB0, 0, 0, 9]), Some((0, Some(9), false)));
        assert_eq!(parse(&[0, 0xA4, 2, 12, 2, 0, 1]), Some((2, None, false)));
        assert_eq!(parse(&[0, 0xA4, 2, 12, 2, 0, 1, 0]), Some((2, Some(256), false)));
        assert_eq!(parse(&[0, 0xB0, 0, 0, 0, 0, 0]), Some((0, Some(65_536), true)));
        assert_eq!(parse(&[0, 0xB0, 0, 0, 0, 1, 0]), Some((0, Some(256), true)));
        assert_eq!(parse(&[0, 0x20, 0, 0, 0, 0, 2, 7, 7]), Some((2, None, true)));
        assert_eq!(parse(&[0, 0x20, 0, 0, 0, 0, 2, 7, 7, 0, 1]), Some((2, Some(1), true)));
        assert_eq!(parse(&[0, 0x20, 0]), None);
        assert_eq!(parse(&[0, 0x20, 0, 0, 5, 1, 2]), None);
        assert_eq!(parse(&[0, 0x20, 0, 0, 1, 1, 2, 3]), None);
        assert_eq!(parse(&[0, 0x20, 0, 0, 0, 0]), None);
    }
}
