//! Invented people: what is in `data/people.json` and the images that belong to it.

use std::collections::BTreeMap;

use serde::Deserialize;

/// One entry of `data/people.json`.
#[derive(Deserialize)]
pub(crate) struct Person {
    pub(crate) profile: String,
    pub(crate) summary: String,
    pub(crate) token: Token,
    #[serde(rename = "name")]
    pub(crate) holder_name: String,
    pub(crate) name_lines: Vec<String>,
    pub(crate) certificate_name: String,
    pub(crate) certificate_name_flags: String,
    pub(crate) address: String,
    pub(crate) address_lines: Vec<String>,
    pub(crate) certificate_address: String,
    pub(crate) certificate_address_flags: String,
    pub(crate) birth_date: String,
    pub(crate) birth_style: BirthStyle,
    pub(crate) sex: String,
    pub(crate) expiry: String,
    pub(crate) security_code: String,
    pub(crate) number: String,
    pub(crate) card_serial: String,
    pub(crate) token_serial: String,
    pub(crate) municipality: String,
    pub(crate) prefecture_roman: String,
    pub(crate) city_roman: String,
    pub(crate) auth: CertificateDates,
    pub(crate) sign: Option<CertificateDates>,
    pub(crate) text_pin: Option<String>,
    pub(crate) auth_pin: Option<String>,
    pub(crate) sign_password: Option<String>,
    pub(crate) juki_pin: Option<String>,
    pub(crate) photo: bool,
    pub(crate) extended_length: bool,
    pub(crate) lower_mf_certificate: bool,
    /// Tries left by `application:key`, where not all are.
    pub(crate) tries_left: BTreeMap<String, u8>,
}

/// What kind of token answers (EF 0006 of the JPKI application says so).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Token {
    /// The plastic card: `JPKIAPICCTOKEN2`.
    Card,
    /// An Android phone's secure element: `JPKIAPGPSETOKEN`.
    Android,
    /// An iPhone: `JPKIAPIOSTOKEN`.
    Iphone,
}

/// Which calendar the card prints the birth date in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum BirthStyle {
    Era,
    Gregorian,
}

/// Serial number (hex), validity and issuer of one certificate.
#[derive(Deserialize)]
pub(crate) struct CertificateDates {
    pub(crate) serial: String,
    pub(crate) not_before: String,
    pub(crate) not_after: String,
    pub(crate) ca: String,
}

/// The images on one card.
pub(crate) struct Images {
    pub(crate) name: &'static [u8],
    pub(crate) address: &'static [u8],
    pub(crate) security_code: &'static [u8],
    pub(crate) number: &'static [u8],
    /// Empty on a card without a photo.
    pub(crate) photo: &'static [u8],
}

macro_rules! images {
    ($profile:ident, $($with_photo:literal)*; $($without:literal)*) => {
        match $profile {
            $($with_photo => Some(images!(@ $with_photo, include_bytes!(concat!(
                "../data/images/", $with_photo, "-photo.jp2"
            )))),)*
            $($without => Some(images!(@ $without, &[])),)*
            _ => None,
        }
    };
    (@ $profile:literal, $photo:expr) => {
        Images {
            name: include_bytes!(concat!("../data/images/", $profile, "-name.png")),
            address: include_bytes!(concat!("../data/images/", $profile, "-address.png")),
            security_code: include_bytes!(concat!("../data/images/", $profile, "-code.png")),
            number: include_bytes!(concat!("../data/images/", $profile, "-number.png")),
            photo: $photo,
        }
    };
}

/// Made by `data/make_images.py`; `None` for a token that has no card face.
pub(crate) fn images(profile: &str) -> Option<Images> {
    // The same person, with another chip.
    let profile = if profile == "p384-chain" { "adult" } else { profile };
    images!(profile,
        "adult" "foreign" "long-name" "two-line-address" "expired-certificate" "no-pins"
        "nearly-locked" "old-chip";
        "child")
}

/// Everybody, in the order of the file.
pub(crate) fn people() -> Vec<Person> {
    #[allow(clippy::expect_used, reason = "own data; a test reads all of it")]
    serde_json::from_str(include_str!("../data/people.json")).expect("people.json")
}
