//! The card's file system: applications (AP, each a DF) and their elementary files (EF).

use std::collections::BTreeMap;
use std::fmt;

use zeroize::{Zeroize, Zeroizing};

use crate::keys::TestKey;

/// AID of the issuer security domain; selecting it leaves every application.
/// Source: measured on one card (myna-card), confidence B.
pub const ISSUER_SECURITY_DOMAIN_AID: [u8; 7] = [0xA0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00];

/// The card's applications (カードアプリケーション).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Application {
    /// 公的個人認証AP: the two certificates and their keys.
    Jpki,
    /// 券面事項入力補助AP: number and four attributes as text.
    Text,
    /// 券面事項確認AP: what is printed on the card, as images.
    Face,
    /// 住基AP: the resident register application.
    Juki,
    /// 共通カードAP: the card information record.
    Common,
}

impl Application {
    /// All of them, in the order in which a partial AID is matched (the real order is unknown).
    pub const ALL: [Application; 5] = [
        Application::Jpki,
        Application::Text,
        Application::Face,
        Application::Juki,
        Application::Common,
    ];

    /// The ten bytes of the application identifier (AID).
    /// Source: several independent implementations, confidence A.
    #[must_use]
    pub const fn aid(self) -> [u8; 10] {
        match self {
            Application::Jpki => [0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0, 0, 0, 1],
            Application::Text => [0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 1, 1, 4, 8],
            Application::Face => [0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 1, 1, 4, 2],
            Application::Juki => [0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 1, 1, 4, 1],
            Application::Common => [0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 1, 1, 1, 0],
        }
    }
}

/// Who may read a file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Access {
    /// Everybody.
    Free,
    /// Whoever has verified at least one of these key EFs in the same application.
    AnyOf(Vec<u16>),
    /// Nobody; the condition that opens it is not known.
    Never,
}

/// What a key EF compares a presented secret with.
#[derive(Clone)]
#[non_exhaustive]
pub enum Secret {
    /// Exactly these bytes.
    Exactly(Zeroizing<Vec<u8>>),
    /// 照合番号B of a dump without `secrets.json`: fourteen digits of which the first ten match
    /// and the last four, the security code, may be any.
    AnySecurityCode {
        /// The birth date in six digits; one of these must match.
        births: Vec<String>,
        /// The expiry year in four digits; any year where it is not known.
        expiry_year: Option<String>,
    },
    /// One of several values, as the birth date in era or Gregorian years.
    OneOf(Vec<String>),
    /// Nothing: every presentation is wrong, and counted.
    Unknown,
}

impl Secret {
    /// Exactly the bytes of this text.
    #[must_use]
    pub fn text(secret: &str) -> Self {
        Secret::Exactly(Zeroizing::new(secret.as_bytes().to_vec()))
    }

    pub(crate) fn accepts(&self, presented: &[u8]) -> bool {
        match self {
            Secret::Exactly(secret) => secret.as_slice() == presented,
            Secret::AnySecurityCode { births, expiry_year } => births.iter().any(|birth| {
                presented.strip_prefix(birth.as_bytes()).is_some_and(|rest| {
                    rest.len() == 8
                        && rest.iter().all(u8::is_ascii_digit)
                        && expiry_year.as_ref().is_none_or(|year| rest.starts_with(year.as_bytes()))
                })
            }),
            Secret::OneOf(values) => values.iter().any(|value| value.as_bytes() == presented),
            Secret::Unknown => false,
        }
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        match self {
            Secret::AnySecurityCode { births, expiry_year } => {
                births.zeroize();
                expiry_year.zeroize();
            }
            Secret::OneOf(values) => values.zeroize(),
            Secret::Exactly(_) | Secret::Unknown => {}
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Secret::Exactly(_) => "Exactly",
            Secret::AnySecurityCode { .. } => "AnySecurityCode",
            Secret::OneOf(_) => "OneOf",
            Secret::Unknown => "Unknown",
        })
    }
}

/// A key EF that is compared with a presented secret (PIN or 照合番号), with its counter.
#[derive(Clone, Debug)]
pub(crate) struct PinFile {
    pub(crate) secret: Secret,
    /// Tries after a success; `None` for a key without a limit.
    pub(crate) tries: Option<Tries>,
    /// VERIFY commands with data that reached this key, however they ended.
    pub(crate) presented: u64,
}

/// A try counter (残り回数).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tries {
    pub(crate) max: u8,
    pub(crate) left: u8,
}

impl PinFile {
    pub(crate) fn new(secret: Secret, max: u8) -> Self {
        PinFile { secret, tries: Some(Tries { max, left: max }), presented: 0 }
    }

    /// A key that was blocked when the card was issued, or whose PIN was never set.
    pub(crate) fn blocked(max: u8) -> Self {
        PinFile { secret: Secret::Unknown, tries: Some(Tries { max, left: 0 }), presented: 0 }
    }
}

/// A key EF that signs.
#[derive(Clone, Debug)]
pub(crate) struct SigningFile {
    /// `None` on a card made of saved files, which has no private keys.
    pub(crate) key: Option<TestKey>,
    /// Key EF that must be verified first.
    pub(crate) needs: Option<u16>,
    /// Answers INTERNAL AUTHENTICATE only, not PSO: COMPUTE DIGITAL SIGNATURE.
    pub(crate) internal_authentication: bool,
}

/// A file that can be read.
#[derive(Clone)]
pub(crate) struct DataFile {
    pub(crate) content: Zeroizing<Vec<u8>>,
    pub(crate) filler: Filler,
    pub(crate) access: Access,
}

/// What follows the content up to the end of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Filler {
    pub(crate) byte: u8,
    pub(crate) count: usize,
}

impl Filler {
    pub(crate) const NONE: Filler = Filler { byte: 0xFF, count: 0 };

    /// Fills up to `size`, or with 64 bytes where the content is larger than that.
    pub(crate) fn up_to(byte: u8, size: usize, content: usize) -> Self {
        Filler { byte, count: size.checked_sub(content).unwrap_or(64) }
    }
}

impl DataFile {
    pub(crate) fn size(&self) -> usize {
        self.content.len() + self.filler.count
    }

    /// Up to `count` bytes from `offset`, filler included.
    pub(crate) fn read(&self, offset: usize, count: usize) -> Vec<u8> {
        let filler = std::iter::repeat_n(&self.filler.byte, self.filler.count);
        self.content.iter().chain(filler).skip(offset).take(count).copied().collect()
    }
}

/// An elementary file.
#[derive(Clone)]
pub(crate) enum Ef {
    Transparent(DataFile),
    Records {
        records: Vec<Vec<u8>>,
        access: Access,
    },
    Pin(PinFile),
    Signing(SigningFile),
    /// Can be selected; what it is for is not public.
    Opaque,
}

/// One application with its files.
#[derive(Clone)]
pub(crate) struct Df {
    pub(crate) id: Application,
    pub(crate) files: BTreeMap<u16, Ef>,
    /// The key that PSO with P2=00 uses.
    pub(crate) default_key: Option<u16>,
}

impl Df {
    pub(crate) fn new(id: Application, default_key: Option<u16>) -> Self {
        Df { id, files: BTreeMap::new(), default_key }
    }
}
