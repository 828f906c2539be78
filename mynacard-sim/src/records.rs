//! The records of the face (券面事項確認AP) and text (券面事項入力補助AP) applications, and their
//! signatures. Layouts were checked on published test-card files.

use crate::keys::{PublicKey, TestKey, digest_info, sha256};
use crate::tlv;

/// Face EF 0002: everything that is printed on the front, signed but for expiry and security
/// code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaceRecord {
    /// `DF22`: birth date, eight ASCII digits.
    pub birth_date: Vec<u8>,
    /// `DF23`: sex, one ASCII digit.
    pub sex: Vec<u8>,
    /// `DF24`: the public half of face key 001A.
    pub card_key: PublicKey,
    /// `DF25`: the name as a PNG image.
    pub name_image: Vec<u8>,
    /// `DF26`: the address as a PNG image.
    pub address_image: Vec<u8>,
    /// `DF27`: the photo as a JP2 image; empty on a card without one, `None` leaves the object
    /// out. Which of the two real cards do is not public.
    pub photo: Option<Vec<u8>>,
    /// `DF29`: expiry, eight ASCII digits. Not signed.
    pub expiry: Vec<u8>,
    /// `DF2A`: the security code (セキュリティコード) as a PNG image. Not signed.
    pub security_code_image: Vec<u8>,
    /// Objects of a newer layout, after all others and not signed, with entries in the table.
    pub further: Vec<(u32, Vec<u8>)>,
}

impl FaceRecord {
    /// What is signed: a DigestInfo with 96 bytes, the hashes over DF22–DF24, DF25–DF26 and DF27
    /// one after the other. No standard signature does this.
    #[must_use]
    pub fn signed_payload(&self) -> Vec<u8> {
        let objects = self.objects();
        let hash = |tags: &[u32]| {
            let part: Vec<u8> = objects
                .iter()
                .filter(|(tag, _)| tags.contains(tag))
                .flat_map(|(_, object)| object.clone())
                .collect();
            sha256(&part)
        };
        let hashes =
            [hash(&[0xDF22, 0xDF23, 0xDF24]), hash(&[0xDF25, 0xDF26]), hash(&[0xDF27])].concat();
        digest_info(&hashes)
    }

    /// The file, signed with the key that face 0004 certifies.
    #[must_use]
    pub fn sign(&self, signer: &TestKey) -> Vec<u8> {
        self.with_signature(&signer.sign_verbatim(&self.signed_payload()).unwrap_or_default())
    }

    /// The file, with a signature that the caller provides.
    #[must_use]
    pub fn with_signature(&self, signature: &[u8]) -> Vec<u8> {
        let mut objects = self.objects();
        objects.push((0xDF28, tlv::object(0xDF28, signature)));
        objects.push((0xDF29, tlv::object(0xDF29, &self.expiry)));
        objects.push((0xDF2A, tlv::object(0xDF2A, &self.security_code_image)));
        let further = self.further.iter().map(|(tag, value)| (*tag, tlv::object(*tag, value)));
        objects.extend(further);
        let more = self.further.iter().map(|(tag, _)| *tag);
        let tags: Vec<u32> = (0xDF22..=0xDF2A).chain(more).collect();
        with_offset_table(0xFF20, 0xDF21, &tags, &objects)
    }

    /// The signed objects.
    fn objects(&self) -> Vec<(u32, Vec<u8>)> {
        let mut objects = vec![
            (0xDF22, self.birth_date.clone()),
            (0xDF23, self.sex.clone()),
            (0xDF24, self.card_key.to_record()),
            (0xDF25, self.name_image.clone()),
            (0xDF26, self.address_image.clone()),
        ];
        objects.extend(self.photo.clone().map(|photo| (0xDF27, photo)));
        objects.into_iter().map(|(tag, value)| (tag, tlv::object(tag, &value))).collect()
    }
}

/// Text EF 0002: the four attributes (基本4情報).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributesRecord {
    /// `DF22`: name, UTF-8.
    pub name: Vec<u8>,
    /// `DF23`: address, UTF-8.
    pub address: Vec<u8>,
    /// `DF24`: birth date, eight ASCII digits.
    pub birth_date: Vec<u8>,
    /// `DF25`: sex, one ASCII digit.
    pub sex: Vec<u8>,
    /// Objects of a newer layout after those, such as furigana: hashed with them. Where real cards will have
    /// them is not public.
    pub further: Vec<(u32, Vec<u8>)>,
    /// Whether the table has entries for them.
    pub further_in_table: bool,
}

impl AttributesRecord {
    /// The file. It has no signature of its own; see [`integrity_record`].
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let more = self.further.iter().filter(|_| self.further_in_table).map(|(tag, _)| *tag);
        let tags: Vec<u32> = (0xDF22..=0xDF25).chain(more).collect();
        with_offset_table(0xFF20, 0xDF21, &tags, &self.objects())
    }

    /// The hashed bytes: the objects DF22–DF25 and those after them, without the offset table.
    #[must_use]
    pub fn signed_bytes(&self) -> Vec<u8> {
        self.objects().into_iter().flat_map(|(_, object)| object).collect()
    }

    fn objects(&self) -> Vec<(u32, Vec<u8>)> {
        let known = [
            (0xDF22, &self.name),
            (0xDF23, &self.address),
            (0xDF24, &self.birth_date),
            (0xDF25, &self.sex),
        ];
        let further = self.further.iter().map(|(tag, value)| (*tag, value));
        let all = known.into_iter().chain(further);
        all.map(|(tag, value)| (tag, tlv::object(tag, value))).collect()
    }
}

/// Text EF 0001 as it lies on the card: twelve digits and two bytes of filler that count for the
/// integrity record's hash.
#[must_use]
pub fn number_file(number: &str) -> Vec<u8> {
    [tlv::object(0xFF10, number.as_bytes()), vec![0xFF; 2]].concat()
}

/// Text EF 0003: hashes of EF 0001 (whole, with its filler) and of the attributes, signed.
#[must_use]
pub fn integrity_record(number_file: &[u8], attributes: &[u8], signer: &TestKey) -> Vec<u8> {
    let hashes =
        [tlv::object(0xDF31, &sha256(number_file)), tlv::object(0xDF32, &sha256(attributes))]
            .concat();
    let signature = signer.sign_sha256(&hashes);
    tlv::object(0xFF30, &[hashes, tlv::object(0xDF33, &signature)].concat())
}

/// Text EF 0007: the public half of key 0013, signed.
#[must_use]
pub fn signed_key_record(card_key: &PublicKey, signer: &TestKey) -> Vec<u8> {
    let key = tlv::object(0xDF51, &card_key.to_record());
    let signature = tlv::object(0xDF52, &signer.sign_sha256(&key));
    tlv::object(0xFF50, &[key, signature].concat())
}

/// Face EF 0001, the age record: birth date and card key, signed.
#[must_use]
pub fn age_record(birth_date: &[u8], card_key: &PublicKey, signer: &TestKey) -> Vec<u8> {
    signed_pair(0xFF10, [0xDF11, 0xDF12, 0xDF13], birth_date, card_key, signer)
}

/// Face EF 0005: the twelve-digit number as a PNG image and the card key, signed.
#[must_use]
pub fn number_image_record(image: &[u8], card_key: &PublicKey, signer: &TestKey) -> Vec<u8> {
    signed_pair(0xFF40, [0xDF41, 0xDF42, 0xDF43], image, card_key, signer)
}

fn signed_pair(
    outer: u32,
    [value_tag, key_tag, signature_tag]: [u32; 3],
    value: &[u8],
    card_key: &PublicKey,
    signer: &TestKey,
) -> Vec<u8> {
    let signed =
        [tlv::object(value_tag, value), tlv::object(key_tag, &card_key.to_record())].concat();
    let signature = tlv::object(signature_tag, &signer.sign_sha256(&signed));
    tlv::object(outer, &[signed, signature].concat())
}

/// The file `outer { table, objects }`, where the table has the offset from the file's start of
/// each object in `tags`, two bytes each, and zero for one that is absent.
fn with_offset_table(outer: u32, table: u32, tags: &[u32], objects: &[(u32, Vec<u8>)]) -> Vec<u8> {
    let build = |start: usize| {
        let mut offset = start;
        let mut offsets = vec![0u16; tags.len()];
        for (tag, object) in objects {
            let slots = tags.iter().zip(&mut offsets).filter(|(known, _)| *known == tag);
            slots.for_each(|(_, slot)| *slot = offset as u16);
            offset += object.len();
        }
        let offsets: Vec<u8> = offsets.into_iter().flat_map(u16::to_be_bytes).collect();
        let parts = objects.iter().flat_map(|(_, object)| object.clone());
        tlv::object(
            outer,
            &tlv::object(table, &offsets).into_iter().chain(parts).collect::<Vec<_>>(),
        )
    };
    // The outer header's length depends on the content's length, not on the offsets in it.
    let content: usize = objects.iter().map(|(_, object)| object.len()).sum();
    let whole = build(0);
    build(whole.len() - content)
}
