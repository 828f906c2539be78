//! Writing DER, as far as certificates need it.

use crate::tlv;

pub(crate) fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    tlv::object(0x30, &parts.concat())
}

pub(crate) fn set(parts: &[Vec<u8>]) -> Vec<u8> {
    tlv::object(0x31, &parts.concat())
}

/// A non-negative INTEGER from big-endian bytes.
pub(crate) fn unsigned(bytes: &[u8]) -> Vec<u8> {
    let start = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len());
    let digits = bytes.get(start..).unwrap_or_default();
    let sign = if digits.first().is_none_or(|byte| *byte & 0x80 != 0) { &[0u8][..] } else { &[] };
    tlv::object(0x02, &[sign, digits].concat())
}

pub(crate) fn bit_string(bytes: &[u8]) -> Vec<u8> {
    tlv::object(0x03, &[&[0], bytes].concat())
}

pub(crate) fn octet_string(bytes: &[u8]) -> Vec<u8> {
    tlv::object(0x04, bytes)
}

pub(crate) fn null() -> Vec<u8> {
    vec![0x05, 0x00]
}

pub(crate) fn utf8(text: &str) -> Vec<u8> {
    tlv::object(0x0C, text.as_bytes())
}

pub(crate) fn printable(text: &str) -> Vec<u8> {
    tlv::object(0x13, text.as_bytes())
}

/// UTCTime, `YYMMDDHHMMSSZ`.
pub(crate) fn utc_time(text: &str) -> Vec<u8> {
    tlv::object(0x17, text.as_bytes())
}

/// `[number] EXPLICIT` (or constructed IMPLICIT) around what is given.
pub(crate) fn context(number: u8, content: &[u8]) -> Vec<u8> {
    tlv::object(0xA0 | u32::from(number), content)
}

/// `[number] IMPLICIT` of a primitive type.
pub(crate) fn context_primitive(number: u8, content: &[u8]) -> Vec<u8> {
    tlv::object(0x80 | u32::from(number), content)
}

/// OBJECT IDENTIFIER from its arcs.
pub(crate) fn oid(arcs: &[u32]) -> Vec<u8> {
    let mut out = Vec::new();
    let (head, tail) = arcs.split_at(arcs.len().min(2));
    out.push(head.iter().fold(0, |sum, arc| sum * 40 + *arc as u8));
    for arc in tail {
        let sevens: Vec<u8> = (0..5).map(|i| (arc >> (7 * (4 - i)) & 0x7F) as u8).collect();
        let skip = sevens.iter().take_while(|seven| **seven == 0).count().min(4);
        for (i, seven) in sevens.iter().enumerate().skip(skip) {
            out.push(if i < 4 { seven | 0x80 } else { *seven });
        }
    }
    tlv::object(0x06, &out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_encodings() {
        let policy = [0x06, 0x0B, 0x2A, 0x83, 0x08, 0x8C, 0x9B, 0x55, 0x08, 0x05, 0x01, 0x00, 0x1E];
        assert_eq!(oid(&[1, 2, 392, 200149, 8, 5, 1, 0, 30]), policy);
        assert_eq!(unsigned(&[0, 0x80]), [2, 2, 0, 0x80]);
        assert_eq!(unsigned(&[0, 0]), [2, 1, 0]);
        assert_eq!(unsigned(&[1, 0]), [2, 2, 1, 0]);
    }
}
