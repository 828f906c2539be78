//! 券面事項確認AP: the card face with its photo.
//!
//! Layout verified on the published test card (card-spec, table of the application, A). EF 0005 holds
//! the 12-digit number and has no room here.

use core::fmt;
use core::ops::Range;

use zeroize::Zeroizing;

use super::{Layout, check_layout, digits, exactly, field, value};
use crate::calendar::Date;
use crate::error::{Malformed, MalformedReason};
use crate::field::{BirthDate, Image, NotUnderstood, Photo, Sex};
use crate::map::{FACE, FACE_INFO};
use crate::tlv::{self, Tlv};

/// Tag of the card's public key in EF 0002.
pub(crate) const PUBLIC_KEY_TAG: u32 = 0xDF24;

/// Name of the offset table.
const OFFSETS: &str = "face/DF21 offsets";

/// Place of the photo among the objects that the table points at.
const PHOTO_PLACE: usize = 5;

/// EF 0002 in order: the offset table, then the nine objects that it points at.
const OBJECTS: [(u32, &str); 10] = [
    (0xDF21, OFFSETS),
    (0xDF22, "face/DF22 birth date"),
    (0xDF23, "face/DF23 sex"),
    (PUBLIC_KEY_TAG, "face/DF24 card key"),
    (0xDF25, "face/DF25 name image"),
    (0xDF26, "face/DF26 address image"),
    (0xDF27, "face/DF27 photo"),
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
    birth_date: Result<BirthDate, NotUnderstood>,
    sex: Result<Sex, NotUnderstood>,
    expiry: Result<Date, NotUnderstood>,
    layout: Layout,
}

/// Where the signed parts, the key and the signature lie in the file; empty where they are not there.
struct Spans {
    birth_date: Range<usize>,
    sex: Range<usize>,
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
    /// Reads EF 0002. Each value stands for itself: one that is absent or not understood is one, and leaves the
    /// others as they are. Objects beyond the known ones are carried along. Pictures are not decoded here, and
    /// a missing photo is a value.
    ///
    /// Errors: an object that is cut short, twice there, or out of order; an offset table that disagrees with
    /// where the objects are.
    pub fn parse(bytes: Zeroizing<Vec<u8>>) -> Result<Self, Malformed> {
        let outer = tlv::outer(&bytes, FACE.tag(), FACE.name)?;
        let children = tlv::children(&outer, &OBJECTS)?;
        // What the table of a card without a photo holds is not public (C): one entry less, or any.
        let layout = check_layout(&children, Some(PHOTO_PLACE), OFFSETS)?;
        let [_, birth, sex, key, name, address, photo, signature, expiry, code] = children.known;
        let whole = |tlv: Option<Tlv<'_>>| tlv.map_or(0..0, |tlv| tlv.span());
        let value_of = |tlv: Option<Tlv<'_>>| tlv.map_or(0..0, |tlv| tlv.value_span());
        let from_to = |first: Option<Tlv<'_>>, last: Option<Tlv<'_>>| {
            first.zip(last).map_or(0..0, |(first, last)| first.span().start..last.span().end)
        };
        Ok(Self {
            spans: Spans {
                birth_date: value_of(birth),
                sex: value_of(sex),
                attributes_and_key: from_to(birth, key),
                images: from_to(name, address),
                photo: whole(photo),
                photo_value: value_of(photo),
                name_image: value_of(name),
                address_image: value_of(address),
                security_code_image: value_of(code),
                public_key: value_of(key),
                signature: value_of(signature),
            },
            birth_date: value(birth.as_ref(), "face/DF22 birth date", BirthDate::parse_compact),
            sex: value(sex.as_ref(), "face/DF23 sex", Sex::parse),
            expiry: value(expiry.as_ref(), "face/DF29 expiry", Date::parse_compact),
            layout,
            bytes,
        })
    }

    /// Birth date (生年月日), signed.
    ///
    /// Errors: what the chip has in its place, `19800200` where the day is not known.
    pub const fn birth_date(&self) -> Result<&BirthDate, &NotUnderstood> {
        self.birth_date.as_ref()
    }

    /// Sex (性別), signed.
    ///
    /// Errors: what the chip has in its place, another code than those of the standard.
    pub fn sex(&self) -> Result<Sex, &NotUnderstood> {
        self.sex.as_ref().copied()
    }

    /// The card's expiry (有効期限). Not signed by anybody.
    ///
    /// Errors: what the chip has in its place.
    pub fn expiry(&self) -> Result<Date, &NotUnderstood> {
        self.expiry.as_ref().copied()
    }

    /// The birth date's bytes, understood or not.
    pub(crate) fn birth_date_said(&self) -> &[u8] {
        self.slice(&self.spans.birth_date)
    }

    /// The sex's bytes, understood or not.
    pub(crate) fn sex_said(&self) -> &[u8] {
        self.slice(&self.spans.sex)
    }

    /// The values that were not understood, in the order of the file.
    pub fn not_understood(&self) -> impl Iterator<Item = &NotUnderstood> {
        let values = [self.birth_date().err(), self.sex().err(), self.expiry().err()];
        values.into_iter().flatten()
    }

    /// Whether the file has exactly the objects that we know.
    #[must_use]
    pub const fn layout(&self) -> Layout {
        self.layout
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

    /// The objects DF22 to DF24 as they stand in the file: the first signed range; empty without one of them.
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

    /// The card's own public key, as the value of DF24: `90 03 e, 91 .. n`; empty without one.
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
    /// Identifier of the root key that the application hangs under, if it is one.
    pub key_id: Option<[u8; 16]>,
    /// The issuing municipality (市区町村コード), five ASCII digits, if it is that.
    pub municipality: Option<[u8; 5]>,
}

impl BasicInfo {
    /// The newest version of the layout that we know.
    pub const KNOWN_VERSION: u8 = 6;

    /// Reads EF 0003.
    ///
    /// Errors: an object that is cut short, twice there, or out of order; versions of less than two bytes.
    pub fn parse(bytes: &[u8]) -> Result<Self, Malformed> {
        const VERSIONS: &str = "face/DF31 versions";
        let outer = tlv::outer(bytes, FACE_INFO.tag(), FACE_INFO.name)?;
        let expected = [
            (0xDF31, VERSIONS),
            (0xDF32, "face/DF32 key identifier"),
            (0xDF34, "face/DF34 municipality"),
        ];
        let [info, key_id, municipality] = tlv::children(&outer, &expected)?.known;
        let at = outer.value_span().start;
        let info = info.ok_or(Malformed { object: VERSIONS, at, why: MalformedReason::Missing })?;
        let [version, length_flag] = field(&info, VERSIONS, |value| {
            value.first_chunk().copied().ok_or(MalformedReason::BadLength)
        })?;
        Ok(Self {
            version,
            extended_length: length_flag == 0x03,
            key_id: key_id.and_then(|tlv| exactly(tlv.value()).ok()),
            municipality: municipality.and_then(|tlv| digits(tlv.value()).ok()),
        })
    }
}
