//! Genuine cards on which one thing is not as usual: a value that is no date, objects of a later layout,
//! applications of other issuers. Each is the card of an ordinary profile, changed before it is signed.
//!
//! No such card has been seen here: what is on them follows from what residents' records allow and from what
//! is announced (confidence C throughout).

use crate::builder::CardBuilder;
use crate::files::Application;
use crate::records::{AttributesRecord, FaceRecord, integrity_record, number_file};
use crate::spec::CardSpec;

/// What is unusual about a profile.
pub(crate) struct Unusual {
    pub(crate) name: &'static str,
    pub(crate) summary: &'static str,
    /// The ordinary profile that it is made from.
    pub(crate) like: &'static str,
    records: fn(&mut FaceRecord, &mut AttributesRecord),
    card: fn(CardBuilder) -> CardBuilder,
    /// Whether the day of the birth is not known: 照合番号B and the print have `00` for it.
    pub(crate) no_birth_day: bool,
}

/// An object after the known ones of the attributes, as furigana may come.
const FURIGANA: (u32, &str) = (0xDF26, "キュウキュウ　タロウ");

const RESIDENCE: [u8; 16] = [0xD3, 0x92, 0xF0, 0x00, 0x4F, 0x01, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
const LICENCE: [u8; 16] = [0xA0, 0x00, 0x00, 0x02, 0x31, 0x06, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

/// Nothing about it is unusual.
const USUAL: Unusual = Unusual {
    name: "",
    summary: "",
    like: "adult",
    records: |_, _| {},
    card: |card| card,
    no_birth_day: false,
};

/// All of them, in a stable order.
pub(crate) static ALL: [Unusual; 9] = [
    Unusual {
        name: "birth-day-unknown",
        summary: "Born on a day that nobody knows: 19850500 on the chip",
        records: |face, text| {
            face.birth_date = b"19850500".to_vec();
            text.birth_date = b"19850500".to_vec();
        },
        no_birth_day: true,
        ..USUAL
    },
    Unusual {
        name: "residence-permit",
        summary: "A residence card too (特定在留カード), of a holder whose sex is not specified",
        like: "foreign",
        records: |face, text| {
            face.sex = b"3".to_vec();
            text.sex = b"3".to_vec();
        },
        card: |card| card.beside(&RESIDENCE),
        ..USUAL
    },
    Unusual {
        name: "driving-licence",
        summary: "A driving licence too (マイナ免許証)",
        card: |card| card.beside(&LICENCE),
        ..USUAL
    },
    Unusual {
        name: "furigana",
        summary: "A later layout: furigana after the attributes",
        records: |_, text| text.further = vec![(FURIGANA.0, FURIGANA.1.into())],
        ..USUAL
    },
    Unusual {
        name: "furigana-listed",
        summary: "A later layout: furigana after the attributes, and in the table of offsets",
        records: |_, text| {
            text.further = vec![(FURIGANA.0, FURIGANA.1.into())];
            text.further_in_table = true;
        },
        ..USUAL
    },
    Unusual {
        name: "newer-version",
        summary: "A later layout by its version, with nothing in it that is new",
        card: |card| {
            let mut info = card.file_content(Application::Face, 0x03).unwrap_or_default();
            let version = info.windows(3).position(|it| it == [0xDF, 0x31, 0x04]);
            if let Some(version) = version.and_then(|at| info.get_mut(at + 3)) {
                *version += 1;
            }
            card.replace_file(Application::Face, 0x03, &info)
        },
        ..USUAL
    },
    Unusual {
        name: "name-in-shift-jis",
        summary: "A name in another encoding than the layout says",
        records: |_, text| {
            text.name = vec![0x8B, 0x7E, 0x8B, 0x7D, 0x81, 0x40, 0x91, 0xBE, 0x98, 0x59]
        },
        ..USUAL
    },
    Unusual {
        name: "expiry-blank",
        summary: "Blanks for the last day on the card face, which is not signed",
        records: |face, _| face.expiry = vec![b' '; 8],
        ..USUAL
    },
    Unusual {
        name: "photo-cut",
        summary: "A photo that ends in its middle, signed as it is",
        records: |face, _| {
            if let Some(photo) = &mut face.photo {
                photo.truncate(photo.len() / 2);
            }
        },
        ..USUAL
    },
];

impl Unusual {
    /// The card, signed by the issuer as it is.
    pub(crate) fn issue(&self, spec: &CardSpec) -> CardBuilder {
        let (mut face, mut text) = (spec.face_record(), spec.attributes_record());
        (self.records)(&mut face, &mut text);
        let number = number_file(&spec.holder.number);
        let signer = &spec.issuer.text_signer.key;
        let integrity = integrity_record(&number, &text.signed_bytes(), signer);
        let card = spec
            .issue()
            .replace_file(Application::Face, 0x02, &face.sign(&spec.issuer.face_signer.key))
            .replace_file(Application::Text, 0x02, &text.to_bytes())
            .replace_file(Application::Text, 0x03, &integrity);
        (self.card)(card)
    }
}
