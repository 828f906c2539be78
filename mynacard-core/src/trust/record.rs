//! The signed records of the 券面 applications: which bytes each signature covers, and how.
//!
//! | File | Signed | Not signed |
//! |---|---|---|
//! | face 0002 | birth date, sex, card key; name and address pictures; photo | offsets, **expiry (DF29), security code (DF2A)** |
//! | text 0003 | digest of the number file (never read), digest of the attributes of text 0002 | offsets of text 0002 |
//! | text 0007 | card key | – |
//!
//! Facts: card-spec §5, each recomputed on published test cards. Every signature is RSA-2048 with
//! PKCS#1 v1.5 padding; that of face 0002 holds three SHA-256 digests where the standard has one.
//!
//! A record borrows whole objects with their tags and lengths, because those are signed too. Parsed
//! values must come out of the same bytes: take them from the record.

use ring::digest::{SHA256, digest};

use super::cv::SigningKey;
use super::rsa::{CARD_KEY_SIZE, KeyFault, PublicKey, RawKey, encode_message};
use super::{Anchor, Doubt, Forgery, Unchecked};
use crate::error::{Malformed, MalformedReason};
use crate::tlv::{self, Reader, Tlv};

/// A DigestInfo for SHA-256 whose OCTET STRING holds 96 bytes, up to those bytes.
const THREE_DIGESTS: [u8; 19] = [
    0x30, 0x71, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
    0x00, 0x04, 0x60,
];

const DIGEST: usize = 32;

/// The key of the card itself, out of a verified record: what a live challenge is checked with.
/// There is no other way to get one.
#[derive(Clone, Debug)]
pub struct CardKey {
    key: Result<PublicKey, KeyFault>,
    anchor: Anchor,
}

impl CardKey {
    fn new(raw: RawKey<'_>, signer: &SigningKey) -> Self {
        Self { key: raw.try_into(), anchor: signer.anchor().clone() }
    }

    /// The key, unless the policy refuses it.
    ///
    /// Errors: the [`KeyFault`] that says why.
    pub fn key(&self) -> Result<&PublicKey, KeyFault> {
        self.key.as_ref().map_err(|fault| *fault)
    }

    /// The root above the record that holds the key.
    #[must_use]
    pub const fn anchor(&self) -> &Anchor {
        &self.anchor
    }
}

/// The card face, face 0002 (券面事項): everything that its signature needs.
#[derive(Clone, Copy)]
pub struct FaceRecord<'a> {
    identity: &'a [u8],
    pictures: &'a [u8],
    photo: &'a [u8],
    signature: &'a [u8],
    birth_date: &'a [u8],
    sex: &'a [u8],
    card_key: RawKey<'a>,
    is_newer: bool,
}

impl<'a> FaceRecord<'a> {
    /// From the three signed ranges and the value of DF28: the objects DF22 (birth date), DF23
    /// (sex), DF24 (card key); DF25 (name picture), DF26 (address picture); DF27 (photo). A card may have no
    /// object for a photo that it has not; what is signed then is not published, and a signature that does not
    /// fit is not checked.
    ///
    /// Errors: [`Malformed`] if a range is anything but exactly those objects.
    pub fn new(
        identity: &'a [u8],
        pictures: &'a [u8],
        photo: &'a [u8],
        signature: &'a [u8],
    ) -> Result<Self, Malformed> {
        let mut objects = Reader::new(identity);
        let birth_date = objects.expect(0xDF22, "face/DF22")?.value();
        let sex = objects.expect(0xDF23, "face/DF23")?.value();
        let card_key =
            RawKey::parse(&mut objects.expect(0xDF24, "face/DF24")?.reader(), "face/DF24")?;
        objects.finish("face/DF24")?;
        exactly(pictures, &[(0xDF25, "face/DF25"), (0xDF26, "face/DF26")])?;
        if !photo.is_empty() {
            exactly(photo, &[(0xDF27, "face/DF27")])?;
        }
        let signature = signature_of(signature, "face/DF28")?;
        Ok(Self {
            identity,
            pictures,
            photo,
            signature,
            birth_date,
            sex,
            card_key,
            is_newer: photo.is_empty(),
        })
    }

    /// The same of a file that has more than the known objects: where the signature does not fit the known
    /// ranges, it is not known what it covers.
    #[must_use]
    pub fn of_newer_layout(self) -> Self {
        Self { is_newer: true, ..self }
    }

    /// From the whole file; filler may follow.
    ///
    /// Errors: [`Malformed`] if the objects DF21..DF28 are not there in this order.
    pub fn from_file(file: &'a [u8]) -> Result<Self, Malformed> {
        let mut objects = tlv::outer(file, 0xFF20, "face/0002")?.reader();
        objects.expect(0xDF21, "face/DF21")?;
        let identity = range(file, &mut objects, &[0xDF22, 0xDF23, 0xDF24], "face/DF22..DF24")?;
        let pictures = range(file, &mut objects, &[0xDF25, 0xDF26], "face/DF25..DF26")?;
        let photo = range(file, &mut objects, &[0xDF27], "face/DF27")?;
        let signature = objects.expect(0xDF28, "face/DF28")?.value();
        // What follows is not signed, but whole: the outer length was not tampered with.
        while !objects.is_empty() {
            objects.read("face/0002")?;
        }
        Self::new(identity, pictures, photo, signature)
    }

    /// The birth date as written (ASCII `YYYYMMDD`).
    #[must_use]
    pub const fn birth_date(&self) -> &'a [u8] {
        self.birth_date
    }

    /// The sex code as written (ASCII).
    #[must_use]
    pub const fn sex(&self) -> &'a [u8] {
        self.sex
    }

    /// Checks the signature; gives the card's key.
    ///
    /// Errors: the [`Doubt`] that says why the face is not to be believed.
    pub fn verify(&self, signer: &SigningKey) -> Result<CardKey, Doubt> {
        let mut payload = [0; THREE_DIGESTS.len() + 3 * DIGEST];
        let digests = [self.identity, self.pictures, self.photo].map(|part| digest(&SHA256, part));
        let bytes = THREE_DIGESTS.iter().chain(digests.iter().flat_map(AsRef::as_ref));
        payload.iter_mut().zip(bytes).for_each(|(slot, byte)| *slot = *byte);
        if !signer.key().verify_encoded(&encode_message(&payload), self.signature) {
            return Err(mismatch(self.is_newer, Forgery::Signature));
        }
        Ok(CardKey::new(self.card_key, signer))
    }
}

/// The four attributes (基本4情報) of text 0002 with the integrity record of text 0003.
#[derive(Clone, Copy)]
pub struct AttributesRecord<'a> {
    attributes: &'a [u8],
    digests: &'a [u8],
    attributes_digest: &'a [u8],
    signature: &'a [u8],
    birth_date: &'a [u8],
    sex: &'a [u8],
    as_read: Option<AsRead<'a>>,
}

/// What signature and digest may cover in a newer layout.
#[derive(Clone, Copy)]
struct AsRead<'a> {
    attributes: &'a [u8],
    digests: &'a [u8],
}

impl<'a> AttributesRecord<'a> {
    /// From the signed range of text 0002 (objects DF22 name, DF23 address, DF24 birth date, DF25
    /// sex), the signed range of text 0003 (DF31, DF32), and the value of DF33.
    ///
    /// Errors: [`Malformed`] if a range is anything but exactly those objects.
    pub fn new(
        attributes: &'a [u8],
        digests: &'a [u8],
        signature: &'a [u8],
    ) -> Result<Self, Malformed> {
        let mut objects = Reader::new(attributes);
        objects.expect(0xDF22, "text/DF22")?;
        objects.expect(0xDF23, "text/DF23")?;
        let birth_date = objects.expect(0xDF24, "text/DF24")?.value();
        let sex = objects.expect(0xDF25, "text/DF25")?.value();
        objects.finish("text/DF25")?;
        let mut objects = Reader::new(digests);
        // The digest of the number file, which is never read: signed, but not to be compared.
        of_size(objects.expect(0xDF31, "text/DF31")?, DIGEST, "text/DF31")?;
        let attributes_digest = of_size(objects.expect(0xDF32, "text/DF32")?, DIGEST, "text/DF32")?;
        objects.finish("text/DF32")?;
        let signature = signature_of(signature, "text/DF33")?;
        let as_read = None;
        Ok(Self { attributes, digests, attributes_digest, signature, birth_date, sex, as_read })
    }

    /// The same of files that have more than the known objects: `attributes` is everything after the table of
    /// text 0002, `digests` everything before the signature of text 0003. They may be what is covered; where
    /// neither they nor the known ranges fit, it is not known what is.
    #[must_use]
    pub fn of_newer_layout(self, attributes: &'a [u8], digests: &'a [u8]) -> Self {
        Self { as_read: Some(AsRead { attributes, digests }), ..self }
    }

    /// Of files in which known objects are absent, or have others between them, so that only what stands there
    /// altogether can be covered. `digest` is the value of DF32, birth date and sex those of DF24 and DF25.
    ///
    /// Errors: [`Malformed`] for a digest or signature of another length.
    pub(crate) fn only_as_read(
        attributes: &'a [u8],
        digests: &'a [u8],
        digest: &'a [u8; DIGEST],
        signature: &'a [u8],
        [birth_date, sex]: [&'a [u8]; 2],
    ) -> Result<Self, Malformed> {
        let signature = signature_of(signature, "text/DF33")?;
        let as_read = Some(AsRead { attributes, digests });
        let attributes_digest = digest;
        Ok(Self { attributes, digests, attributes_digest, signature, birth_date, sex, as_read })
    }

    /// From the two whole files, text 0002 and text 0003; filler may follow each.
    ///
    /// Errors: [`Malformed`] if DF21..DF25 and DF31..DF33 are not all there is, in this order.
    pub fn from_files(attributes: &'a [u8], integrity: &'a [u8]) -> Result<Self, Malformed> {
        let mut objects = tlv::outer(attributes, 0xFF20, "text/0002")?.reader();
        objects.expect(0xDF21, "text/DF21")?;
        let tags = [0xDF22, 0xDF23, 0xDF24, 0xDF25];
        let values = range(attributes, &mut objects, &tags, "text/DF22..DF25")?;
        objects.finish("text/0002")?;
        let mut objects = tlv::outer(integrity, 0xFF30, "text/0003")?.reader();
        let digests = range(integrity, &mut objects, &[0xDF31, 0xDF32], "text/DF31..DF32")?;
        let signature = objects.expect(0xDF33, "text/DF33")?.value();
        objects.finish("text/0003")?;
        Self::new(values, digests, signature)
    }

    /// The birth date as written (ASCII `YYYYMMDD`).
    #[must_use]
    pub const fn birth_date(&self) -> &'a [u8] {
        self.birth_date
    }

    /// The sex code as written (ASCII).
    #[must_use]
    pub const fn sex(&self) -> &'a [u8] {
        self.sex
    }

    /// Checks that the attributes have the signed digest, and the signature over it.
    ///
    /// Errors: the [`Doubt`] that says why the attributes are not to be believed.
    pub fn verify(&self, signer: &SigningKey) -> Result<(), Doubt> {
        let is_newer = self.as_read.is_some();
        let as_read = self.as_read.unwrap_or(AsRead { attributes: &[], digests: &[] });
        let is_signed = |digests: &[u8]| signer.key().verify_sha256(digests, self.signature);
        if !(is_signed(self.digests) || is_newer && is_signed(as_read.digests)) {
            return Err(mismatch(is_newer, Forgery::Signature));
        }
        let is_covered = |part: &[u8]| digest(&SHA256, part).as_ref() == self.attributes_digest;
        if !(is_covered(self.attributes) || is_newer && is_covered(as_read.attributes)) {
            return Err(mismatch(is_newer, Forgery::Digest));
        }
        Ok(())
    }
}

/// The card key of the text application, text 0007.
#[derive(Clone, Copy)]
pub struct TextKeyRecord<'a> {
    signed: &'a [u8],
    signature: &'a [u8],
    card_key: RawKey<'a>,
}

impl<'a> TextKeyRecord<'a> {
    /// From the whole file; filler may follow.
    ///
    /// Errors: [`Malformed`] if the objects DF51 and DF52 are not there in this order.
    pub fn from_file(file: &'a [u8]) -> Result<Self, Malformed> {
        let mut objects = tlv::outer(file, 0xFF50, "text/0007")?.reader();
        let key = objects.expect(0xDF51, "text/DF51")?;
        let card_key = RawKey::parse(&mut key.reader(), "text/DF51")?;
        let signature = objects.expect(0xDF52, "text/DF52")?.value();
        objects.finish("text/0007")?;
        let signed = file.get(key.span()).unwrap_or_default();
        Ok(Self { signed, signature: signature_of(signature, "text/DF52")?, card_key })
    }

    /// Checks the signature; gives the card's key for the text application.
    ///
    /// Errors: the [`Doubt`] that says why the key is not to be believed.
    pub fn verify(&self, signer: &SigningKey) -> Result<CardKey, Doubt> {
        standard(signer, self.signed, self.signature)?;
        Ok(CardKey::new(self.card_key, signer))
    }
}

/// A mismatch on ground that we know is a forgery; on any other it says nothing, and nothing was checked.
const fn mismatch(is_newer: bool, why: Forgery) -> Doubt {
    if is_newer { Doubt::NotChecked { why: Unchecked::NewerLayout } } else { Doubt::forged(why) }
}

fn standard(signer: &SigningKey, signed: &[u8], signature: &[u8]) -> Result<(), Doubt> {
    if signer.key().verify_sha256(signed, signature) {
        Ok(())
    } else {
        Err(Doubt::forged(Forgery::Signature))
    }
}

/// Reads objects with these tags, in this order, and gives the bytes that they span together.
fn range<'a>(
    file: &'a [u8],
    objects: &mut Reader<'a>,
    tags: &[u32],
    name: &'static str,
) -> Result<&'a [u8], Malformed> {
    let mut span = None;
    for tag in tags {
        let one = objects.expect(*tag, name)?.span();
        span = Some(span.map_or(one.clone(), |all: core::ops::Range<usize>| all.start..one.end));
    }
    Ok(span.and_then(|span| file.get(span)).unwrap_or_default())
}

fn exactly(bytes: &[u8], objects: &[(u32, &'static str)]) -> Result<(), Malformed> {
    let mut reader = Reader::new(bytes);
    for (tag, name) in objects {
        reader.expect(*tag, name)?;
    }
    reader.finish(objects.last().map_or("face", |(_, name)| name))
}

fn of_size<'a>(object: Tlv<'a>, size: usize, name: &'static str) -> Result<&'a [u8], Malformed> {
    if object.value().len() == size {
        Ok(object.value())
    } else {
        let why = MalformedReason::BadLength;
        Err(Malformed { object: name, at: object.span().start, why })
    }
}

fn signature_of<'a>(bytes: &'a [u8], name: &'static str) -> Result<&'a [u8], Malformed> {
    if bytes.len() == CARD_KEY_SIZE {
        Ok(bytes)
    } else {
        Err(Malformed { object: name, at: 0, why: MalformedReason::BadLength })
    }
}
