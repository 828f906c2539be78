//! Bounded readers for the two encodings on the card: BER-TLV in transparent files, and the simple
//! TLV of record files (card-spec §3; JICSAP 1.1 for the simple form).
//!
//! A reader borrows its bytes, remembers where they started in the outermost buffer, and names the
//! object it stumbles over. Lengths may be longer than needed (`82009F` occurs on real cards).

use core::ops::Range;

use crate::error::{Malformed, MalformedReason};

/// Largest length that an object may announce, in bytes: that of the largest file on a card.
pub const MAX_OBJECT: usize = 0x7FFF;

/// One BER-TLV object: its tag, its value, and where both lie in the outermost buffer.
#[derive(Clone, Copy)]
pub struct Tlv<'a> {
    tag: u32,
    value: &'a [u8],
    start: usize,
    header: usize,
}

impl<'a> Tlv<'a> {
    /// The tag, big-endian, up to three bytes: `0xDF22`.
    #[must_use]
    pub const fn tag(&self) -> u32 {
        self.tag
    }

    /// The value.
    #[must_use]
    pub const fn value(&self) -> &'a [u8] {
        self.value
    }

    /// Where the whole object (tag, length, value) lies in the outermost buffer.
    #[must_use]
    pub const fn span(&self) -> Range<usize> {
        self.start..self.start + self.header + self.value.len()
    }

    /// Where the value lies in the outermost buffer.
    #[must_use]
    pub const fn value_span(&self) -> Range<usize> {
        self.start + self.header..self.start + self.header + self.value.len()
    }

    /// A reader over the value, for objects that hold objects.
    #[must_use]
    pub const fn reader(&self) -> Reader<'a> {
        Reader { rest: self.value, at: self.start + self.header }
    }
}

/// Reads BER-TLV objects one after another.
#[derive(Clone)]
pub struct Reader<'a> {
    rest: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    /// A reader over a whole buffer.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, at: 0 }
    }

    /// Whether nothing is left.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        without_filler(self.rest).is_empty()
    }

    /// Reads the next object, whatever its tag. `object` names it in an error.
    ///
    /// Errors: [`MalformedReason::Truncated`], [`MalformedReason::BadTag`],
    /// [`MalformedReason::BadLength`].
    pub fn read(&mut self, object: &'static str) -> Result<Tlv<'a>, Malformed> {
        self.skip_filler();
        let header = Header::parse(self.rest).map_err(|why| self.fault(object, why))?;
        let Some((whole, rest)) = self.rest.split_at_checked(header.total()) else {
            return Err(self.fault(object, MalformedReason::Truncated));
        };
        let value = whole.get(header.size..).unwrap_or_default();
        let tlv = Tlv { tag: header.tag, value, start: self.at, header: header.size };
        self.rest = rest;
        self.at += header.total();
        Ok(tlv)
    }

    /// Reads the next object, which must have this tag.
    ///
    /// Errors: those of [`Reader::read`], [`MalformedReason::Missing`] at the end of the buffer,
    /// [`MalformedReason::UnexpectedTag`]. A refused object is not consumed.
    pub fn expect(&mut self, tag: u32, object: &'static str) -> Result<Tlv<'a>, Malformed> {
        if self.is_empty() {
            return Err(self.fault(object, MalformedReason::Missing));
        }
        let mut ahead = self.clone();
        let tlv = ahead.read(object)?;
        if tlv.tag != tag {
            return Err(self.fault(object, MalformedReason::UnexpectedTag));
        }
        *self = ahead;
        Ok(tlv)
    }

    /// States that nothing follows.
    ///
    /// Errors: [`MalformedReason::TrailingData`].
    pub fn finish(&self, object: &'static str) -> Result<(), Malformed> {
        if self.is_empty() {
            Ok(())
        } else {
            Err(self.fault(object, MalformedReason::TrailingData))
        }
    }

    fn skip_filler(&mut self) {
        let rest = without_filler(self.rest);
        self.at += self.rest.len() - rest.len();
        self.rest = rest;
    }

    fn fault(&self, object: &'static str, why: MalformedReason) -> Malformed {
        Malformed { object, at: self.at, why }
    }
}

/// Bytes `00` and `FF` that stand for nothing may come before, between and after objects (ISO 7816-4, 5.2.2);
/// `FF` begins a tag where what follows can be its second byte.
fn without_filler(mut rest: &[u8]) -> &[u8] {
    while let [first @ (0x00 | 0xFF), after @ ..] = rest
        && !is_high_tag(*first, after)
    {
        rest = after;
    }
    rest
}

/// Most objects beside the known ones that are carried along.
pub const MAX_OTHERS: usize = 32;

/// The objects inside one that holds objects, as far as they are known.
pub struct Children<'a, const N: usize> {
    /// The known ones, in the order in which they must stand; none for one that is not there.
    pub known: [Option<Tlv<'a>>; N],
    /// All others, which newer cards may have, wherever they stand.
    pub others: Vec<Tlv<'a>>,
}

impl<'a, const N: usize> Children<'a, N> {
    /// The known ones, where all of them must be there.
    ///
    /// Errors: [`MalformedReason::Missing`].
    pub fn all(&self, expected: &[(u32, &'static str); N]) -> Result<[Tlv<'a>; N], Malformed> {
        let mut objects = [Tlv { tag: 0, value: &[], start: 0, header: 0 }; N];
        for ((slot, tlv), (_, object)) in objects.iter_mut().zip(self.known).zip(expected) {
            *slot = tlv.ok_or(Malformed { object, at: 0, why: MalformedReason::Missing })?;
        }
        Ok(objects)
    }

    /// Where the first of the objects begins that these are the known ones of, without the first known one
    /// (the table), and where the last of all ends.
    pub fn span_after_first(&self) -> Option<Range<usize>> {
        let known = self.known.iter().skip(1).flatten();
        let all = || known.clone().chain(&self.others);
        let table = self.known.first().copied().flatten();
        let start = all().map(|tlv| tlv.span().start).min()?;
        let end = all().map(|tlv| tlv.span().end).max()?;
        // An object before the table is no part of what the table points at.
        table.is_none_or(|table| table.span().end <= start).then_some(start..end)
    }
}

/// The objects inside one that holds objects: each of `expected` at most once and in that order.
///
/// Errors: those of [`Reader::read`], [`MalformedReason::Duplicate`], [`MalformedReason::UnexpectedTag`] for
/// one that stands out of order, [`MalformedReason::BadLength`] for more than [`MAX_OTHERS`] unknown ones.
pub fn children<'a, const N: usize>(
    parent: &Tlv<'a>,
    expected: &[(u32, &'static str); N],
) -> Result<Children<'a, N>, Malformed> {
    let mut reader = parent.reader();
    let (mut known, mut others, mut next) = ([None; N], Vec::new(), 0);
    while !reader.is_empty() {
        let (at, object) = (reader.at, expected.get(next).map_or("object", |(_, name)| name));
        let tlv = reader.read(object)?;
        let slots = expected.iter().zip(&mut known).enumerate();
        let Some((index, ((_, object), slot))) =
            slots.into_iter().find(|(_, ((tag, _), _))| *tag == tlv.tag)
        else {
            if others.len() == MAX_OTHERS {
                return Err(Malformed { object, at, why: MalformedReason::BadLength });
            }
            others.push(tlv);
            continue;
        };
        if slot.is_some() {
            return Err(Malformed { object, at, why: MalformedReason::Duplicate });
        }
        if index < next {
            return Err(Malformed { object, at, why: MalformedReason::UnexpectedTag });
        }
        *slot = Some(tlv);
        next = index + 1;
    }
    Ok(Children { known, others })
}

/// The outermost object of a file, which may be followed by filler (`FF` or `00`).
///
/// Errors: those of [`Reader::expect`], and [`MalformedReason::Empty`] for a file of filler only.
pub fn outer<'a>(file: &'a [u8], tag: u32, object: &'static str) -> Result<Tlv<'a>, Malformed> {
    let blank = |filler: u8| file.iter().all(|byte| *byte == filler);
    if blank(0xFF) || blank(0x00) {
        return Err(Malformed { object, at: 0, why: MalformedReason::Empty });
    }
    Reader::new(file).expect(tag, object)
}

/// Tag and length at the start of an object: enough to know how much of a file to read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Header {
    tag: u32,
    size: usize,
    length: usize,
}

impl Header {
    /// Reads the tag and length fields; the value need not be there yet.
    ///
    /// Errors: [`MalformedReason::Truncated`] when more bytes are needed,
    /// [`MalformedReason::BadTag`], [`MalformedReason::BadLength`] (indefinite, more than three
    /// length bytes, or above [`MAX_OBJECT`]).
    pub fn parse(bytes: &[u8]) -> Result<Self, MalformedReason> {
        let (tag, tag_size) = parse_tag(bytes)?;
        let rest = bytes.get(tag_size..).unwrap_or_default();
        let (length, length_size) = match rest {
            [] => return Err(MalformedReason::Truncated),
            [short @ 0..=0x7F, ..] => (usize::from(*short), 1),
            [0x81, low, ..] => (usize::from(*low), 2),
            [0x82, high, low, ..] => (usize::from(u16::from_be_bytes([*high, *low])), 3),
            [0x83, 0, high, low, ..] => (usize::from(u16::from_be_bytes([*high, *low])), 4),
            [0x81, ..] | [0x82, ..] => return Err(MalformedReason::Truncated),
            [0x83] | [0x83, 0] | [0x83, 0, _] => return Err(MalformedReason::Truncated),
            _ => return Err(MalformedReason::BadLength),
        };
        if length > MAX_OBJECT {
            return Err(MalformedReason::BadLength);
        }
        Ok(Self { tag, size: tag_size + length_size, length })
    }

    /// The tag.
    #[must_use]
    pub const fn tag(&self) -> u32 {
        self.tag
    }

    /// Bytes of tag and length.
    #[must_use]
    pub const fn size(&self) -> usize {
        self.size
    }

    /// Bytes of the whole object: tag, length and value.
    #[must_use]
    pub const fn total(&self) -> usize {
        self.size + self.length
    }
}

fn parse_tag(bytes: &[u8]) -> Result<(u32, usize), MalformedReason> {
    let (first, rest) = bytes.split_first().ok_or(MalformedReason::Truncated)?;
    if bytes == [0xFF] {
        return Err(MalformedReason::Truncated);
    }
    // 00 and FF stand for filler between objects, never for a tag (ISO/IEC 7816-4 §5.2.2).
    if matches!(first, 0x00 | 0xFF) && !is_high_tag(*first, rest) {
        return Err(MalformedReason::BadTag);
    }
    if first & 0x1F != 0x1F {
        return Ok((u32::from(*first), 1));
    }
    match rest {
        [] => Err(MalformedReason::Truncated),
        [second @ 0..=0x7F, ..] => Ok((u32::from_be_bytes([0, 0, *first, *second]), 2)),
        [_] => Err(MalformedReason::Truncated),
        [second, third @ 0..=0x7F, ..] => Ok((u32::from_be_bytes([0, *first, *second, *third]), 3)),
        _ => Err(MalformedReason::BadTag),
    }
}

/// The card's own templates have private-class tags `FF10`..`FF50`; `FFFF` is filler.
fn is_high_tag(first: u8, rest: &[u8]) -> bool {
    first == 0xFF && rest.first().is_some_and(|second| matches!(second, 0x01..=0x7F))
}

/// One simple-TLV object of a record file: one-byte tag, length of one byte or `FF` and two bytes.
#[derive(Clone, Copy)]
pub struct SimpleTlv<'a> {
    /// The tag, `01`..`FE`.
    pub tag: u8,
    /// The value.
    pub value: &'a [u8],
}

/// Reads the simple-TLV object at the start of a record; filler may follow.
///
/// Errors: [`MalformedReason::Truncated`], [`MalformedReason::BadTag`] for `00` and `FF`.
pub fn read_simple<'a>(record: &'a [u8], object: &'static str) -> Result<SimpleTlv<'a>, Malformed> {
    let fault = |at, why| Malformed { object, at, why };
    let (tag, length, rest, at) = match record {
        [] => return Err(fault(0, MalformedReason::Empty)),
        [0x00 | 0xFF, ..] => return Err(fault(0, MalformedReason::BadTag)),
        [tag, 0xFF, high, low, rest @ ..] => {
            (*tag, usize::from(u16::from_be_bytes([*high, *low])), rest, 4)
        }
        [_] | [_, 0xFF, ..] => return Err(fault(1, MalformedReason::Truncated)),
        [tag, length, rest @ ..] => (*tag, usize::from(*length), rest, 2),
    };
    match rest.get(..length) {
        Some(value) => Ok(SimpleTlv { tag, value }),
        None => Err(fault(at, MalformedReason::Truncated)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn header(bytes: &[u8]) -> Result<(u32, usize), MalformedReason> {
        Header::parse(bytes).map(|header| (header.tag, header.total()))
    }

    #[test]
    fn tags_of_one_to_three_bytes_and_lengths_in_every_form_are_read() {
        assert_eq!(header(&[0x90, 0x03]), Ok((0x90, 5)));
        assert_eq!(header(&[0xDF, 0x22, 0x81, 0x05]), Ok((0xDF22, 9)));
        assert_eq!(header(&[0xFF, 0x20, 0x82, 0x0B, 0xF9]), Ok((0xFF20, 5 + 0x0BF9)));
        assert_eq!(header(&[0xFF, 0x40, 0x82, 0x00, 0x9F]), Ok((0xFF40, 5 + 0x9F)));
        assert_eq!(header(&[0xDF, 0x81, 0x01, 0x83, 0x00, 0x00, 0x02]), Ok((0xDF8101, 9)));
    }

    #[test]
    fn headers_that_cannot_be_are_refused_and_short_ones_ask_for_more() {
        for (bytes, why) in [
            (&[][..], MalformedReason::Truncated),
            (&[0xDF], MalformedReason::Truncated),
            (&[0xDF, 0x22], MalformedReason::Truncated),
            (&[0xDF, 0x22, 0x82, 0x01], MalformedReason::Truncated),
            (&[0xFF, 0xFF, 0xFF], MalformedReason::BadTag),
            (&[0x00, 0x00], MalformedReason::BadTag),
            (&[0xDF, 0x80, 0x80, 0x01], MalformedReason::BadTag),
            (&[0x30, 0x80], MalformedReason::BadLength),
            (&[0x30, 0x84, 0, 0, 0, 1], MalformedReason::BadLength),
            (&[0x30, 0x83, 1, 0, 0], MalformedReason::BadLength),
            (&[0x30, 0x82, 0x80, 0x00], MalformedReason::BadLength),
        ] {
            assert_eq!(header(bytes), Err(why), "{bytes:02X?}");
        }
    }

    #[test]
    fn spans_are_those_of_the_outermost_buffer() {
        let file = [0xFF, 0x20, 0x06, 0xDF, 0x22, 0x01, 0xAA, 0x90, 0x00, 0xFF, 0xFF];
        let outer = outer(&file, 0xFF20, "file").unwrap();
        let mut inner = outer.reader();
        let first = inner.expect(0xDF22, "first").unwrap();
        assert_eq!((first.span(), first.value_span()), (3..7, 6..7));
        let second = inner.expect(0x90, "second").unwrap();
        assert_eq!((second.span(), second.value_span()), (7..9, 9..9));
        assert!(inner.finish("file").is_ok());
        let missing = inner.expect(0x91, "third").err().unwrap();
        assert_eq!((missing.at, missing.why), (9, MalformedReason::Missing));
    }

    #[test]
    fn a_refused_object_is_not_consumed() {
        let mut reader = Reader::new(&[0x90, 0x01, 0xAA]);
        let fault = reader.expect(0x91, "other").err().unwrap();
        assert_eq!((fault.at, fault.why), (0, MalformedReason::UnexpectedTag));
        assert_eq!(reader.expect(0x90, "object").unwrap().value(), [0xAA]);
    }

    #[test]
    fn children_come_once_each_in_order_and_strangers_are_passed_over() {
        let expected = [(0xDF22, "name"), (0xDF23, "address")];
        let name = [0xDF, 0x22, 1, 0xAA];
        let address = [0xDF, 0x23, 1, 0xBB];
        let stranger = [0x90, 1, 0xCC];
        let parse = |parts: &[&[u8]]| {
            let value = parts.concat();
            let file = [&[0x30, value.len() as u8][..], &value].concat();
            let outer = outer(&file, 0x30, "file").unwrap();
            let values = children(&outer, &expected)
                .and_then(|found| found.all(&expected))
                .map(|found| found.map(|tlv| tlv.value()[0]));
            values.map_err(|fault| (fault.object, fault.why))
        };
        assert_eq!(parse(&[&name, &stranger, &address, &stranger]), Ok([0xAA, 0xBB]));
        assert_eq!(parse(&[&address, &name]), Err(("name", MalformedReason::UnexpectedTag)));
        assert_eq!(parse(&[&name]), Err(("address", MalformedReason::Missing)));
        assert_eq!(parse(&[&name, &name]), Err(("name", MalformedReason::Duplicate)));
        assert_eq!(parse(&[&name, &[0xDF]]), Err(("address", MalformedReason::Truncated)));
    }

    #[test]
    fn a_blank_file_is_empty_not_broken() {
        for filler in [0x00, 0xFF] {
            let fault = outer(&[filler; 16], 0xFF20, "file").err().unwrap();
            assert_eq!(fault.why, MalformedReason::Empty);
        }
    }

    #[test]
    fn simple_tlv_takes_both_length_forms() {
        assert_eq!(read_simple(&[0x01, 0x02, 7, 8, 0xFF], "record").unwrap().value, [7, 8]);
        assert_eq!(read_simple(&[0x01, 0xFF, 0, 1, 7], "record").unwrap().value, [7]);
        for bytes in [&[][..], &[0x01], &[0x01, 0x02, 7], &[0x01, 0xFF, 0], &[0xFF, 1, 1]] {
            assert!(read_simple(bytes, "record").is_err(), "{bytes:02X?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_end_and_stay_in_bounds(bytes: Vec<u8>) {
            let mut reader = Reader::new(&bytes);
            while let Ok(tlv) = reader.read("any") {
                prop_assert_eq!(bytes.get(tlv.value_span()), Some(tlv.value()));
                prop_assert!(!tlv.span().is_empty());
            }
            let _ = read_simple(&bytes, "any");
            let _ = outer(&bytes, 0xFF20, "any");
        }

        #[test]
        fn what_is_encoded_is_read_back(value in proptest::collection::vec(any::<u8>(), 0..600)) {
            let [.., high, low] = value.len().to_be_bytes();
            let mut bytes = vec![0xDF, 0x27, 0x82, high, low];
            bytes.extend_from_slice(&value);
            let mut reader = Reader::new(&bytes);
            let read = reader.expect(0xDF27, "object").unwrap();
            prop_assert_eq!(read.value(), &value[..]);
            prop_assert!(reader.is_empty());
        }
    }
}
