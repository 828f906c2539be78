//! 券面事項確認AP: the card face with its photo.
//!
//! Layout verified on the published test card (card-spec, table of the application, A). EF 0005 holds
//! the 12-digit number and has no room here.

use core::fmt;
use core::ops::Range;

use zeroize::Zeroizing;

use super::{check_offsets, digits, exactly, field};
use crate::calendar::Date;
use crate::error::{Malformed, MalformedReason};
use crate::field::{BirthDate, Image, Photo, Sex};
use crate::map::{FACE, FACE_INFO};
use crate::tlv::{self, Tlv};

/// Tag of the card's public key in EF 0002.
pub(crate) const PUBLIC_KEY_TAG: u32 = 0xDF24;

/// Name of the offset table.
const OFFSETS: &str = "face/DF21 offsets";

/// Name of the photo object.
const PHOTO: &str = "face/DF27 photo";

/// EF 0002 in order: the offset table, then the nine objects that it points at.
const OBJECTS: [(u32, &str); 10] = [
    (0xDF21, OFFSETS),
    (0xDF22, "face/DF22 birth date"),
    (0xDF23, "face/DF23 sex"),
    (PUBLIC_KEY_TAG, "face/DF24 card key"),
    (0xDF25, "face/DF25 name image"),
    (0xDF26, "face/DF26 address image"),
    (0xDF27, PHOTO),
    (0xDF28, "face/DF28 signature"),
    (0xDF29, "face/DF29 expiry"),
    (0xDF2A, "face/DF2A security code image"),
];

/// The card face (券面情報), as EF 0002 holds it.
///
/// Keeps the file's bytes, so that signatures are checked over exactly what was read; wiped on drop.
/// `Debug` shows nothing of the person.
pub struct CardFace {
    bytes: Zeroizing<Vec<u8>>,
    spans: Spans,
    birth_date: BirthDate,
    sex: Sex,
    expiry: Date,
}

/// Where the signed parts, the key and the signature lie in the file.
struct Spans {
    attributes_and_key: Range<usize>,
    images: Range<usize>,
    photo: Range<usize>,
    photo_value: Range<usize>,
    name_image: Range<usize>,
    address_image: Range<usize>,
    security_code_image: Range<usize>,
    public_key: Range<usize>,
    signature: Range<usize>,
}

impl CardFace {
    /// Reads EF 0002.
    ///
    /// Errors: an object that is absent, out of order, duplicated, cut short or of a value that it
    /// cannot have; an offset table that disagrees with where the objects are. Pictures are not
    /// decoded here, and a missing photo is a value.
    pub fn parse(bytes: Zeroizing<Vec<u8>>) -> Result<Self, Malformed> {
        let outer = tlv::outer(&bytes, FACE.tag(), FACE.name)?;
        let objects = match tlv::children(&outer, &OBJECTS) {
            Err(fault) if fault.object == PHOTO && fault.why == MalformedReason::Missing => {
                without_photo(&outer)?
            }
            objects => {
                let objects = objects?;
                let [table, pointed_at @ ..] = &objects;
                check_offsets(table, pointed_at.iter().map(Some), OFFSETS)?;
                objects
            }
        };
        let [_, birth, sex, key, name, address, photo, signature, expiry, code] = objects;
        Ok(Self {
            spans: Spans {
                attributes_and_key: birth.span().start..key.span().end,
                images: name.span().start..address.span().end,
                photo: photo.span(),
                photo_value: photo.value_span(),
                name_image: name.value_span(),
                address_image: address.value_span(),
                security_code_image: code.value_span(),
                public_key: key.value_span(),
                signature: signature.value_span(),
            },
            birth_date: field(&birth, "face/DF22 birth date", BirthDate::parse_compact)?,
            sex: field(&sex, "face/DF23 sex", Sex::parse)?,
            expiry: field(&expiry, "face/DF29 expiry", Date::parse_compact)?,
            bytes,
        })
    }

    /// Birth date (生年月日), signed.
    #[must_use]
    pub const fn birth_date(&self) -> &BirthDate {
        &self.birth_date
    }

    /// Sex (性別), signed.
    #[must_use]
    pub const fn sex(&self) -> Sex {
        self.sex
    }

    /// The card's expiry (有効期限). Not signed by anybody.
    #[must_use]
    pub const fn expiry(&self) -> &Date {
        &self.expiry
    }

    /// The photo (顔写真), signed; none for a card without one.
    #[must_use]
    pub fn photo(&self) -> Option<Photo<'_>> {
        Photo::from_object(self.slice(&self.spans.photo_value))
    }

    /// The name (氏名) as a picture of what is printed, signed.
    #[must_use]
    pub fn name_image(&self) -> Option<Image<'_>> {
        Image::from_object("face/DF25 name image", self.slice(&self.spans.name_image))
    }

    /// The address (住所) as a picture of what is printed, signed.
    #[must_use]
    pub fn address_image(&self) -> Option<Image<'_>> {
        Image::from_object("face/DF26 address image", self.slice(&self.spans.address_image))
    }

    /// The security code (セキュリティコード) as a picture. Not signed by anybody.
    #[must_use]
    pub fn security_code_image(&self) -> Option<Image<'_>> {
        Image::from_object(
            "face/DF2A security code image",
            self.slice(&self.spans.security_code_image),
        )
    }

    /// The objects DF22 to DF24 as they stand in the file: the first signed range.
    #[must_use]
    pub fn signed_attributes_and_key(&self) -> &[u8] {
        self.slice(&self.spans.attributes_and_key)
    }

    /// The objects DF25 and DF26 as they stand in the file: the second signed range.
    #[must_use]
    pub fn signed_images(&self) -> &[u8] {
        self.slice(&self.spans.images)
    }

    /// The object DF27 as it stands in the file: the third signed range.
    #[must_use]
    pub fn signed_photo(&self) -> &[u8] {
        self.slice(&self.spans.photo)
    }

    /// The card's own public key, as the value of DF24: `90 03 e, 91 .. n`.
    #[must_use]
    pub fn public_key(&self) -> &[u8] {
        self.slice(&self.spans.public_key)
    }

    /// The issuer's signature, the value of DF28.
    #[must_use]
    pub fn signature(&self) -> &[u8] {
        self.slice(&self.spans.signature)
    }

    /// The whole object as read; personal.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    fn slice(&self, span: &Range<usize>) -> &[u8] {
        self.bytes.get(span.clone()).unwrap_or_default()
    }
}

/// The objects of a card whose file has no photo object at all, with an empty one in its place. What
/// such a card's offset table holds is not public (C): one entry less, or one to be passed over.
fn without_photo<'a>(outer: &Tlv<'a>) -> Result<[Tlv<'a>; 10], Malformed> {
    let [a, b, c, d, e, f, _, g, h, i] = OBJECTS;
    let [table, birth, sex, key, name, address, signature, expiry, code] =
        tlv::children(outer, &[a, b, c, d, e, f, g, h, i])?;
    let there = [&birth, &sex, &key, &name, &address, &signature, &expiry, &code];
    if check_offsets(&table, there.into_iter().map(Some), OFFSETS).is_err() {
        let [a, b, c, d, e, f, g, h] = there.map(Some);
        check_offsets(&table, [a, b, c, d, e, None, f, g, h].into_iter(), OFFSETS)?;
    }
    let none = signature.empty_before();
    Ok([table, birth, sex, key, name, address, none, signature, expiry, code])
}

impl fmt::Debug for CardFace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CardFace({} bytes)", self.bytes.len())
    }
}

/// The card face application's basic information, EF 0003 (B).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct BasicInfo {
    /// Version of the layout: 6 on the published test card.
    pub version: u8,
    /// Whether the card says that it takes extended lengths (`03` in the second byte).
    pub extended_length: bool,
    /// Identifier of the root key that the application hangs under.
    pub key_id: [u8; 16],
    /// The issuing municipality (市区町村コード): five ASCII digits.
    pub municipality: [u8; 5],
}

impl BasicInfo {
    /// Reads EF 0003. Errors: an object absent, out of order or of another length.
    pub fn parse(bytes: &[u8]) -> Result<Self, Malformed> {
        let outer = tlv::outer(bytes, FACE_INFO.tag(), FACE_INFO.name)?;
        let [info, key_id, municipality] = tlv::children(
            &outer,
            &[
                (0xDF31, "face/DF31 versions"),
                (0xDF32, "face/DF32 key identifier"),
                (0xDF34, "face/DF34 municipality"),
            ],
        )?;
        let [version, length_flag, ..] = field(&info, "face/DF31 versions", exactly::<4>)?;
        Ok(Self {
            version,
            extended_length: length_flag == 0x03,
            key_id: field(&key_id, "face/DF32 key identifier", exactly)?,
            municipality: field(&municipality, "face/DF34 municipality", digits)?,
        })
    }
}
