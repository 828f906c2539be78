//! From a [`CardSpec`] to the files of a card: layouts and signatures by `records`, `cv` and
//! `x509`, access rules and sizes here.

use crate::builder::CardBuilder;
use crate::keys::PublicKey;
use crate::layout::{self, Contents};
use crate::person::Token;
use crate::records::{
    AttributesRecord, FaceRecord, age_record, integrity_record, number_file, number_image_record,
    signed_key_record,
};
use crate::spec::CardSpec;
use crate::tlv;

/// Bytes that nobody outside knows the meaning of are filled with this.
const OPAQUE: u8 = 0x5A;

impl CardSpec {
    /// Makes and signs all files. A phone gets the JPKI application only.
    #[must_use]
    pub fn issue(&self) -> CardBuilder {
        let mut contents = self.certificates();
        if self.token == Token::Card {
            self.face(&mut contents);
            self.text(&mut contents);
            self.card_level(&mut contents);
        }
        layout::lay_out(
            &self.label,
            self.behaviour,
            self.token,
            contents,
            &self.keys,
            &self.secrets,
        )
    }

    /// The face record before it is signed, for forgers.
    #[must_use]
    pub fn face_record(&self) -> FaceRecord {
        let holder = &self.holder;
        FaceRecord {
            birth_date: holder.birth_date.digits().into_bytes(),
            sex: holder.sex.clone().into_bytes(),
            card_key: public_half(self.keys.face.as_ref()),
            name_image: holder.name_image.clone(),
            address_image: holder.address_image.clone(),
            photo: holder.photo.clone(),
            expiry: holder.expiry.digits().into_bytes(),
            security_code_image: holder.security_code_image.clone(),
            further: Vec::new(),
        }
    }

    /// The attributes record, for forgers.
    #[must_use]
    pub fn attributes_record(&self) -> AttributesRecord {
        let holder = &self.holder;
        AttributesRecord {
            name: holder.name.clone().into_bytes(),
            address: holder.address.clone().into_bytes(),
            birth_date: holder.birth_date.digits().into_bytes(),
            sex: holder.sex.clone().into_bytes(),
            further: Vec::new(),
            further_in_table: false,
        }
    }

    fn certificates(&self) -> Contents {
        let authority = &self.issuer.auth_authority;
        let signing = &self.issuer.sign_authority;
        Contents {
            auth_certificate: self.auth_certificate.as_ref().map(|c| c.sign(&authority.key)),
            sign_certificate: self.sign_certificate.as_ref().map(|c| c.sign(&signing.key)),
            auth_authority: Some(authority.certificate_der()),
            sign_authority: Some(signing.certificate_der()),
            token_information: token_information(self.token, &self.holder.token_serial),
            availability: availability(
                self.sign_certificate.is_some(),
                self.auth_certificate.is_some(),
            ),
            blank_sign_certificate: self.sign_certificate.is_none(),
            ..Contents::default()
        }
    }

    fn face(&self, contents: &mut Contents) {
        let signer = &self.issuer.face_signer.key;
        let record = self.face_record();
        let birth_date = self.holder.birth_date.digits();
        let card_key = &record.card_key;
        contents.face_age = Some(age_record(birth_date.as_bytes(), card_key, signer));
        contents.face_basic = Some(self.face_basic_information());
        contents.face_certificate = Some(
            self.issuer
                .face_root
                .certifies(&self.issuer.face_signer)
                .sign(&self.issuer.face_root.key),
        );
        contents.face_number =
            Some(number_image_record(&self.holder.number_image, card_key, signer));
        contents.face_record = Some(record.sign(signer));
    }

    fn text(&self, contents: &mut Contents) {
        let signer = &self.issuer.text_signer.key;
        let number = number_file(&self.holder.number);
        let attributes = self.attributes_record();
        let card_key = public_half(self.keys.text.as_ref());
        contents.text_integrity =
            Some(integrity_record(&number, &attributes.signed_bytes(), signer));
        contents.text_number = Some(number);
        contents.text_attributes = Some(attributes.to_bytes());
        contents.text_certificate = Some(
            self.issuer
                .text_root
                .certifies(&self.issuer.text_signer)
                .sign(&self.issuer.text_root.key),
        );
        contents.text_basic = Some(self.text_basic_information());
        contents.text_session_key =
            Some(tlv::object(0xA1, &self.keys.session.public().to_record()));
        contents.text_signed_key = Some(signed_key_record(&card_key, signer));
    }

    /// Face EF 0003. The second byte of `DF31` says whether extended lengths are supported (`03`);
    /// that an older chip has `00` there is a guess.
    fn face_basic_information(&self) -> Vec<u8> {
        let key_id = b"9900024\x08\x05001\0\0\0\0";
        let opaque_id = b"9900025\x08\x05001\0\0\0\0";
        tlv::object(
            0xFF30,
            &[
                tlv::object(0xDF31, &[0x06, self.extended_mark(), 0x0E, 0x01]),
                tlv::object(0xDF32, key_id),
                tlv::object(0xDF33, &[0]),
                tlv::object(0xDF34, self.holder.municipality.as_bytes()),
                tlv::object(0xDF35, &[&opaque_id[..], &[OPAQUE; 256]].concat()),
            ]
            .concat(),
        )
    }

    /// Text EF 0005, with the longer-than-needed length fields that real cards have.
    fn text_basic_information(&self) -> Vec<u8> {
        let key_id = b"9900034\x08\x05001\0\0\0\0";
        tlv::object_with_length(
            0xFF40,
            &[
                tlv::object(0xDF41, &[0x01, self.extended_mark(), 0x0E, 0x01]),
                tlv::object(0xDF42, key_id),
                tlv::object_with_length(
                    0xDF43,
                    &[[OPAQUE; 32].as_slice(), &[0xFF; 96]].concat(),
                    2,
                ),
            ]
            .concat(),
            2,
        )
    }

    fn extended_mark(&self) -> u8 {
        if self.behaviour.extended_length { 0x03 } else { 0x00 }
    }

    fn card_level(&self, contents: &mut Contents) {
        let holder = &self.holder;
        let issuer = &self.issuer;
        let information =
            format!("{}{}{}", holder.card_serial, holder.municipality, holder.expiry.digits());
        contents.card_information =
            Some([&[0x01, information.len() as u8], information.as_bytes()].concat());
        contents.key_reference = Some(issuer.mf_leaf.id.0.to_vec());
        let objects = [
            (0x0042, issuer.mf_root.id.0.to_vec()),
            (0x0045, holder.card_serial.clone().into_bytes()),
            (0x0066, card_recognition_data()),
            (0x00F0, holder.municipality.clone().into_bytes()),
            (0x00F2, holder.expiry.digits().into_bytes()),
            (0x00F7, issuer.mf_intermediate.id.0.to_vec()),
            (
                0x00F8,
                issuer
                    .mf_root
                    .certifies(&issuer.mf_intermediate)
                    .sign_for_data_object(&issuer.mf_root.key),
            ),
            // One of the contact ATRs seen, without its first byte.
            (0x5F51, vec![0xE0, 0x00, 0xFF, 0x81, 0x31, 0xFE, 0x45, 0x14]),
        ];
        contents.objects.extend(objects);
        if self.lower_mf_certificate {
            let lower = issuer
                .mf_intermediate
                .certifies(&issuer.mf_leaf)
                .sign_for_data_object(&issuer.mf_intermediate.key);
            contents.objects.insert(0x7F21, lower);
        }
    }
}

/// The public half, or an empty key where the card has none.
fn public_half(key: Option<&crate::keys::TestKey>) -> PublicKey {
    key.map_or(PublicKey { modulus: Vec::new(), exponent: Vec::new() }, crate::TestKey::public)
}

/// JPKI EF 0006: a PKCS#11 `CK_TOKEN_INFO` of 160 bytes with 32-bit big-endian numbers.
pub(crate) fn token_information(token: Token, serial: &str) -> Vec<u8> {
    let label = match token {
        Token::Card => "JPKIAPICCTOKEN2",
        Token::Android => "JPKIAPGPSETOKEN",
        Token::Iphone => "JPKIAPIOSTOKEN",
    };
    let mut out = format!("{label:<32}{:0>32}{:<16}{serial:<16}", 1, "MYNACARD-SIM").into_bytes();
    // Flags; sessions and read-write sessions, each most and now; longest and shortest PIN; four
    // memory sizes, not told.
    let numbers = [0x40D, 1, 0, 1, 0, 16, 6, u32::MAX, u32::MAX, u32::MAX, u32::MAX];
    out.extend(numbers.into_iter().flat_map(u32::to_be_bytes));
    out.extend_from_slice(b"0301");
    out.extend_from_slice(&[b'9'; 16]);
    out
}

/// JPKI EF 0008: `8F` where a certificate is there; what the third byte says is unknown.
pub(crate) fn availability(sign: bool, auth: bool) -> Vec<u8> {
    let mark = |present: bool| if present { 0x8F } else { 0x00 };
    vec![mark(sign), mark(auth), 0x00]
}

/// GlobalPlatform card recognition data, in its usual form.
fn card_recognition_data() -> Vec<u8> {
    let oid =
        |tail: &[u8]| tlv::object(0x06, &[&[0x2A, 0x86, 0x48, 0x86, 0xFC, 0x6B], tail].concat());
    tlv::object(
        0x73,
        &[
            oid(&[0x01]),
            tlv::object(0x60, &oid(&[0x02, 0x02, 0x02])),
            tlv::object(0x63, &oid(&[0x03])),
            tlv::object(0x64, &oid(&[0x04, 0x02, 0x15])),
        ]
        .concat(),
    )
}
