//! 券面事項入力補助AP: the four attributes (基本4情報) as text.
//!
//! Layout verified on the published test card (card-spec §3.5, A). EF 0001 holds the 12-digit number
//! and has no room here.

use core::fmt;
use core::ops::Range;

use zeroize::Zeroizing;

use super::{check_offsets, exactly, field};
use crate::error::Malformed;
use crate::field::{BirthDate, Sex, Text};
use crate::map::{ATTRIBUTES, INTEGRITY};
use crate::tlv;

/// The four attributes (基本4情報): name, address, birth date, sex.
///
/// Keeps the file's bytes, so that signatures are checked over exactly what was read; wiped on drop.
/// `Debug` shows nothing of the person.
pub struct Attributes {
    bytes: Zeroizing<Vec<u8>>,
    signed: Range<usize>,
    name: Text,
    address: Text,
    birth_date: BirthDate,
    sex: Sex,
}

impl Attributes {
    /// Reads EF 0002.
    ///
    /// Errors: an object that is absent, out of order, duplicated, cut short or of a value that it
    /// cannot have; an offset table that disagrees with where the objects are.
    pub fn parse(bytes: Zeroizing<Vec<u8>>) -> Result<Self, Malformed> {
        let outer = tlv::outer(&bytes, ATTRIBUTES.tag(), ATTRIBUTES.name)?;
        let objects = tlv::children(
            &outer,
            &[
                (0xDF21, "text/DF21 offsets"),
                (0xDF22, "text/DF22 name"),
                (0xDF23, "text/DF23 address"),
                (0xDF24, "text/DF24 birth date"),
                (0xDF25, "text/DF25 sex"),
            ],
        )?;
        let [table, pointed_at @ ..] = &objects;
        check_offsets(table, pointed_at.iter().map(Some), "text/DF21 offsets")?;
        let [_, name, address, birth_date, sex] = objects;
        Ok(Self {
            signed: name.span().start..sex.span().end,
            name: field(&name, "text/DF22 name", Text::parse)?,
            address: field(&address, "text/DF23 address", Text::parse)?,
            birth_date: field(&birth_date, "text/DF24 birth date", BirthDate::parse_compact)?,
            sex: field(&sex, "text/DF25 sex", Sex::parse)?,
            bytes,
        })
    }

    /// Name (氏名), exactly as on the card. Signed through the integrity record.
    #[must_use]
    pub const fn name(&self) -> &Text {
        &self.name
    }

    /// Address (住所), exactly as on the card. Signed through the integrity record.
    #[must_use]
    pub const fn address(&self) -> &Text {
        &self.address
    }

    /// Birth date (生年月日). Signed through the integrity record.
    #[must_use]
    pub const fn birth_date(&self) -> &BirthDate {
        &self.birth_date
    }

    /// Sex (性別). Signed through the integrity record.
    #[must_use]
    pub const fn sex(&self) -> Sex {
        self.sex
    }

    /// The objects DF22 to DF25 as they stand in the file: what the integrity record digests. The
    /// offset table is left out.
    #[must_use]
    pub fn signed(&self) -> &[u8] {
        self.bytes.get(self.signed.clone()).unwrap_or_default()
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
    attributes_digest: [u8; 32],
    signature: Vec<u8>,
}

impl IntegrityRecord {
    /// Reads EF 0003. Errors: an object absent, out of order or of another length.
    pub fn parse(bytes: &[u8]) -> Result<Self, Malformed> {
        let outer = tlv::outer(bytes, INTEGRITY.tag(), INTEGRITY.name)?;
        let [number, attributes, signature] = tlv::children(
            &outer,
            &[
                (0xDF31, "text/DF31 digest of 0001"),
                (0xDF32, "text/DF32 digest of 0002"),
                (0xDF33, "text/DF33 signature"),
            ],
        )?;
        let signed = bytes.get(number.span().start..attributes.span().end).unwrap_or_default();
        Ok(Self {
            signed: Zeroizing::new(signed.to_vec()),
            attributes_digest: field(&attributes, "text/DF32 digest of 0002", exactly)?,
            signature: signature.value().to_vec(),
        })
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
