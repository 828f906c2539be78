//! The form of what is expected at the end of a reading.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What has come out of a driver.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// Of a resumed reading: 0, or why it did not go on.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub resumed: Option<u16>,
    /// What was read by a plan.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reading: Option<Reading>,
    /// What lies on the reader.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub token: Option<TokenFound>,
    /// The tries left.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub tries: Option<Tries>,
    /// What the card says of itself.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub facts: Option<Facts>,
    /// What it has cost, over all taps.
    pub statistics: Statistics,
}

/// What it has cost.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statistics {
    pub(super) exchanges: usize,
    pub(super) bytes_sent: usize,
    pub(super) bytes_received: usize,
}

/// Part by part. Codes are those of the error table, 0 for what was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reading {
    /// Codes of face, attributes, certificate and proof.
    pub status: Status<u16>,
    /// Sentences for the log on what was not read; empty for what was.
    pub log: Status<String>,
    /// The VERIFY to each application; none if there was none or its answer was lost.
    pub verification: Verifications,
    /// Tries spent, as far as the card has answered.
    pub tries_spent: u8,
    /// The card face.
    pub face: Option<Face>,
    /// The four attributes.
    pub attributes: Option<Attributes>,
    /// The authentication certificate.
    pub certificate: Option<Certificate>,
    /// How far it can be trusted.
    pub trust: Trust,
}

/// One value a part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Status<T> {
    /// The card face.
    pub face: T,
    /// The four attributes.
    pub attributes: T,
    /// The authentication certificate.
    pub certificate: T,
    /// The chip's answer to the challenge.
    pub proof: T,
}

/// The VERIFY to each application.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verifications {
    /// Face application.
    pub face: Option<Verified>,
    /// Text application.
    pub attributes: Option<Verified>,
}

/// A VERIFY with its circumstances; -1 where the card told no number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verified {
    /// 1 accepted, 2 already open, 3 rejected, 4 blocked, 5 refused by the floor.
    pub outcome: u32,
    pub(super) left_before: i32,
    pub(super) left: i32,
    pub(super) spent: u8,
    pub(super) floor: u8,
    pub(super) allowed_last_tries: bool,
}

/// What the card face says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Face {
    pub(super) birth_date: String,
    pub(super) sex: u8,
    pub(super) expiry: String,
    pub(super) pictures: Pictures,
}

/// The pictures of the card face.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pictures {
    pub(super) photo: Picture,
    pub(super) name: Picture,
    pub(super) address: Picture,
    pub(super) security_code: Picture,
}

/// A picture: code 0 and its size and hashes, or why it cannot be shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Picture {
    pub(super) code: u16,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) width: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) height: Option<u32>,
    /// Bytes of a pixel: 1 grey, 4 red green blue alpha.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) format: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) pixels_sha256: Option<String>,
    /// Of the file on the chip, also of one that does not decode.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) file_sha256: Option<String>,
}

/// The four attributes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attributes {
    pub(super) name: String,
    pub(super) address: String,
    pub(super) birth_date: String,
    pub(super) sex: u8,
}

/// The authentication certificate; the last three are none if it does not parse.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    pub(super) sha256: String,
    pub(super) serial: Option<String>,
    pub(super) not_before_unix_millis: Option<u64>,
    pub(super) not_after_unix_millis: Option<u64>,
}

/// How far it can be trusted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trust {
    /// The verdict's number.
    pub verdict: u32,
    /// Its name.
    pub key: String,
    /// Why the chip did not prove itself live; none if it did.
    pub not_live: Option<String>,
    /// Names of what else is to be known.
    pub findings: Vec<String>,
    /// Status and reason of each value.
    pub values: BTreeMap<String, Proven>,
}

/// How a value was authenticated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proven {
    /// 1 unsigned, 2 not checked, 3 issuer unknown, 4 forged, 5 genuine.
    pub status: u32,
    pub(super) why: String,
}

/// What lies on the reader: a code, and if that is 0 its kind and what else is on it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenFound {
    pub(super) code: u16,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) kind: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) residence_permit: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) driving_licence: Option<bool>,
}

/// The tries left of every key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tries {
    pub(super) face_b: Left,
    pub(super) text_b: Left,
    pub(super) text_pin: Left,
    pub(super) authentication_pin: Left,
    pub(super) signature_password: Left,
}

/// The tries left of one key: a code, and -1 where the card does not tell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Left {
    pub(super) status: u16,
    pub(super) left: i32,
}

/// What the card says of itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    pub(super) card_status: u16,
    pub(super) expiry: Option<String>,
    pub(super) municipality: Option<String>,
    pub(super) certificates_status: u16,
    pub(super) signature_certificate: bool,
    pub(super) authentication_certificate: bool,
}
