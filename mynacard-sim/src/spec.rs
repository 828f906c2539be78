//! What a card is made of before it is issued: the holder, the keys, the issuer. A forger changes
//! one thing here and lets the rest be made as usual.

use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

use crate::card::Behaviour;
use crate::date::Date;
use crate::issuer::Issuer;
use crate::keys::TestKey;
use crate::person::Token;
use crate::x509::Certificate;

/// The holder (本人) and what the card says about them. Everybody in this crate is invented; the
/// numbers carry a wrong check digit so that they can be nobody's.
#[derive(Clone)]
pub struct Holder {
    /// Name as the text application has it, parts separated by U+3000.
    pub name: String,
    /// Address as the text application has it.
    pub address: String,
    /// Birth date.
    pub birth_date: Date,
    /// `1` male, `2` female, `9` not applicable.
    pub sex: String,
    /// Last day of the card's validity.
    pub expiry: Date,
    /// The twelve-digit number (個人番号), with a wrong check digit.
    pub number: String,
    /// Municipality code (全国地方公共団体コード), five digits.
    pub municipality: String,
    /// Serial number in the card information record, fifteen digits.
    pub card_serial: String,
    /// Serial number in the token information, sixteen characters.
    pub token_serial: String,
    /// Name as an image.
    pub name_image: Vec<u8>,
    /// Address as an image.
    pub address_image: Vec<u8>,
    /// Photo as JP2; empty on a card without one, `None` leaves the object out.
    pub photo: Option<Vec<u8>>,
    /// Security code as an image.
    pub security_code_image: Vec<u8>,
    /// The twelve-digit number as an image.
    pub number_image: Vec<u8>,
}

/// The card's own private keys; `None` leaves the key file without a key, as on a copied dump.
#[derive(Clone, Debug)]
pub struct CardKeys {
    /// Face key 001A (live challenge). Its public half goes into the records.
    pub face: Option<TestKey>,
    /// Text key 0013.
    pub text: Option<TestKey>,
    /// JPKI key 0017 (authentication). None on a card whose certificate is on P-384: how such a card signs
    /// is not public.
    pub auth: Option<TestKey>,
    /// JPKI key 001A (signature).
    pub sign: Option<TestKey>,
    /// Common key 0019. Its public half is nowhere on the card.
    pub common: Option<TestKey>,
    /// The key whose public half is text 0006; the card never uses it, since secure messaging is
    /// not simulated.
    pub session: TestKey,
}

/// Secrets of a card. All of them are published with this crate.
#[derive(Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
pub struct Secrets {
    /// 照合番号B, fourteen digits: face 0012 and text 0015.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code_b: Option<String>,
    /// 照合番号A, the twelve-digit number: face 0013 and text 0014.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code_a: Option<String>,
    /// Birth date, six digits: face 0011.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth_key: Option<String>,
    /// 券面事項入力補助用暗証番号, four digits: text 0011. `None`: blocked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text_pin: Option<String>,
    /// 利用者証明用暗証番号, four digits: JPKI 0018. `None`: blocked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth_pin: Option<String>,
    /// 署名用暗証番号, 6–16 characters: JPKI 001B. `None`: blocked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sign_password: Option<String>,
    /// 住民基本台帳用暗証番号, four digits: juki 001C and common 001C. `None`: blocked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub juki_pin: Option<String>,
}

impl Secrets {
    /// The form of a dump's `secrets.json`.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}

/// Wrap it in `Zeroizing` where the secrets are not this crate's published ones.
impl Zeroize for Secrets {
    fn zeroize(&mut self) {
        self.code_b.zeroize();
        self.code_a.zeroize();
        self.birth_key.zeroize();
        self.text_pin.zeroize();
        self.auth_pin.zeroize();
        self.sign_password.zeroize();
        self.juki_pin.zeroize();
    }
}

/// Says which secrets there are, never what they are.
impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secrets")
            .field("code_b", &self.code_b.is_some())
            .field("code_a", &self.code_a.is_some())
            .field("birth_key", &self.birth_key.is_some())
            .field("text_pin", &self.text_pin.is_some())
            .field("auth_pin", &self.auth_pin.is_some())
            .field("sign_password", &self.sign_password.is_some())
            .field("juki_pin", &self.juki_pin.is_some())
            .finish()
    }
}

impl fmt::Debug for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Holder").finish_non_exhaustive()
    }
}

/// Everything that a card is issued from. [`CardSpec::issue`](crate::CardSpec::issue) makes and
/// signs the files.
#[derive(Clone, Debug)]
pub struct CardSpec {
    /// A name for logs and messages.
    pub label: String,
    /// What answers.
    pub token: Token,
    /// Whose card it is.
    pub holder: Holder,
    /// Who signs.
    pub issuer: Issuer,
    /// The card's keys.
    pub keys: CardKeys,
    /// What opens it.
    pub secrets: Secrets,
    /// The authentication certificate (利用者証明用電子証明書), signed by the issuer's authority.
    pub auth_certificate: Option<Certificate>,
    /// The signature certificate (署名用電子証明書). A card of a child under 15 has none: EF 0001
    /// is then there but blank (what a real one does is not public).
    pub sign_certificate: Option<Certificate>,
    /// Whether data object 7F21 is there; older cards lack it.
    pub lower_mf_certificate: bool,
    /// How the chip behaves.
    pub behaviour: Behaviour,
}
