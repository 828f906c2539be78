//! 券面事項入力補助AP: the four attributes (基本4情報) as text.
//!
//! Layout verified on the published test card (card-spec §3.5, A). EF 0001 holds the 12-digit number
//! and has no room here.

use core::fmt;
use core::ops::Range;

use zeroize::Zeroizing;

use super::{Layout, check_layout, exactly, field, value};
use crate::error::Malformed;
use crate::field::{BirthDate, NotUnderstood, Sex, Text};
use crate::map::{ATTRIBUTES, INTEGRITY};
use crate::tlv;

/// The four attributes (基本4情報): name, address, birth date, sex.
///
/// Keeps the file's bytes, so that signatures are checked over exactly what was read; wiped on drop.
/// `Debug` shows nothing of the person.
pub struct Attributes {
    bytes: Zeroizing<Vec<u8>>,
    signed: Range<usize>,
    signed_as_read: Range<usize>,
    birth_date_at: Range<usize>,
    sex_at: Range<usize>,
    name: Result<Text, NotUnderstood>,
    address: Result<Text, NotUnderstood>,
    birth_date: Result<BirthDate, NotUnderstood>,
    sex: Result<Sex, NotUnderstood>,
    layout: Layout,
}

/// EF 0002 in order: the offset table, then the four objects that it points at.
const OBJECTS: [(u32, &str); 5] = [
    (0xDF21, OFFSETS),
    (0xDF22, "text/DF22 name"),
    (0xDF23, "text/DF23 address"),
    (0xDF24, "text/DF24 birth date"),
    (0xDF25, "text/DF25 sex"),
];

/// Name of the offset table.
const OFFSETS: &str = "text/DF21 offsets";

impl Attributes {
    /// Reads EF 0002. Each value stands for itself: one that is absent or not understood is one, and leaves the
    /// others as they are. Objects beyond the known ones are carried along.
    ///
    /// Errors: an object that is cut short, twice there, or out of order; an offset table that disagrees with
    /// where the objects are.
    pub fn parse(bytes: Zeroizing<Vec<u8>>) -> Result<Self, Malformed> {
        let outer = tlv::outer(&bytes, ATTRIBUTES.tag(), ATTRIBUTES.name)?;
        let children = tlv::children(&outer, &OBJECTS)?;
        let layout = check_layout(&children, None, OFFSETS)?;
        let [_, name, address, birth_date, sex] = children.known;
        Ok(Self {
            signed: name.zip(sex).map_or(0..0, |(first, last)| first.span().start..last.span().end),
            birth_date_at: birth_date.map_or(0..0, |tlv| tlv.value_span()),
            sex_at: sex.map_or(0..0, |tlv| tlv.value_span()),
            signed_as_read: children.span_after_first().unwrap_or(0..0),
            name: value(name.as_ref(), "text/DF22 name", Text::parse),
            address: value(address.as_ref(), "text/DF23 address", Text::parse),
            birth_date: value(
                birth_date.as_ref(),
                "text/DF24 birth date",
                BirthDate::parse_compact,
            ),
            sex: value(sex.as_ref(), "text/DF25 sex", Sex::parse),
            layout,
            bytes,
        })
    }

    /// Name (氏名), exactly as on the card. Signed through the integrity record.
    ///
    /// Errors: what the chip has in its place, a text in another encoding than UTF-8. The card face has a
    /// picture of the name.
    pub const fn name(&self) -> Result<&Text, &NotUnderstood> {
        self.name.as_ref()
    }

    /// Address (住所), exactly as on the card. Signed through the integrity record.
    ///
    /// Errors: what the chip has in its place.
    pub const fn address(&self) -> Result<&Text, &NotUnderstood> {
        self.address.as_ref()
    }

    /// Birth date (生年月日). Signed through the integrity record.
    ///
    /// Errors: what the chip has in its place, `19800200` where the day is not known.
    pub const fn birth_date(&self) -> Result<&BirthDate, &NotUnderstood> {
        self.birth_date.as_ref()
    }

    /// Sex (性別). Signed through the integrity record.
    ///
    /// Errors: what the chip has in its place, another code than those of the standard.
    pub fn sex(&self) -> Result<Sex, &NotUnderstood> {
        self.sex.as_ref().copied()
    }

    /// The birth date's bytes, understood or not.
    pub(crate) fn birth_date_said(&self) -> &[u8] {
        self.bytes.get(self.birth_date_at.clone()).unwrap_or_default()
    }

    /// The sex's bytes, understood or not.
    pub(crate) fn sex_said(&self) -> &[u8] {
        self.bytes.get(self.sex_at.clone()).unwrap_or_default()
    }

    /// The values that were not understood, in the order of the file.
    pub fn not_understood(&self) -> impl Iterator<Item = &NotUnderstood> {
        let texts = [self.name().err(), self.address().err()];
        texts.into_iter().chain([self.birth_date().err(), self.sex().err()]).flatten()
    }

    /// Whether the file has exactly the objects that we know.
    #[must_use]
    pub const fn layout(&self) -> Layout {
        self.layout
    }

    /// The objects DF22 to DF25 as they stand in the file: what the integrity record digests. The
    /// offset table is left out. Empty without one of them.
    #[must_use]
    pub fn signed(&self) -> &[u8] {
        self.bytes.get(self.signed.clone()).unwrap_or_default()
    }

    /// Everything after the table as it stands in the file: what a newer layout may have digested.
    pub(crate) fn signed_as_read(&self) -> &[u8] {
        self.bytes.get(self.signed_as_read.clone()).unwrap_or_default()
    }

    /// The whole object as read; personal.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl fmt::Debug for Attributes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Attributes({} bytes)", self.bytes.len())
    }
}

/// The integrity record (EF 0003): two digests and the issuer's signature over them.
///
/// One of the digests is that of the file with the 12-digit number, without a salt: whoever has it can
/// find the number by trying. It is therefore treated as the number itself: used for the signature
/// check inside this crate, shown to nobody, wiped on drop.
pub struct IntegrityRecord {
    signed: Zeroizing<Vec<u8>>,
    signed_as_read: Option<Zeroizing<Vec<u8>>>,
    attributes_digest: [u8; 32],
    signature: Vec<u8>,
}

impl IntegrityRecord {
    /// Reads EF 0003. Errors: an object absent, out of order or of another length.
    pub fn parse(bytes: &[u8]) -> Result<Self, Malformed> {
        const DIGEST: &str = "text/DF32 digest of 0002";
        let outer = tlv::outer(bytes, INTEGRITY.tag(), INTEGRITY.name)?;
        let expected = [
            (0xDF31, "text/DF31 digest of 0001"),
            (0xDF32, DIGEST),
            (0xDF33, "text/DF33 signature"),
        ];
        let children = tlv::children(&outer, &expected)?;
        let [number, attributes, signature] = children.all(&expected)?;
        let copy =
            |range: Range<usize>| Zeroizing::new(bytes.get(range).unwrap_or_default().to_vec());
        let before = number.span().start..signature.span().start;
        Ok(Self {
            signed: copy(number.span().start..attributes.span().end),
            signed_as_read: (!children.others.is_empty()).then(|| copy(before)),
            attributes_digest: field(&attributes, DIGEST, exactly)?,
            signature: signature.value().to_vec(),
        })
    }

    /// Everything before the signature, where there is more than the known digests: what a newer layout may have
    /// signed.
    pub(crate) fn signed_as_read(&self) -> Option<&[u8]> {
        self.signed_as_read.as_ref().map(|bytes| bytes.as_slice())
    }

    /// The objects DF31 and DF32 as they stand in the file: what is signed.
    pub(crate) fn signed(&self) -> &[u8] {
        &self.signed
    }

    /// SHA-256 of the attributes' signed range, as the card states it.
    #[must_use]
    pub const fn attributes_digest(&self) -> &[u8; 32] {
        &self.attributes_digest
    }

    /// The issuer's signature, the value of DF33.
    #[must_use]
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }
}

impl fmt::Debug for IntegrityRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IntegrityRecord(…)")
    }
}
