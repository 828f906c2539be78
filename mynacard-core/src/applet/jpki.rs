//! 公的個人認証AP (JPKI): token information and the authentication certificate. No signing here.
//!
//! Sources: card-spec §3.4; A unless said.

use core::fmt;

use crate::error::{Malformed, MalformedReason};
use crate::map::{AVAILABILITY, TOKEN_INFO};

/// What kind of token answers.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum TokenKind {
    /// A My Number Card (個人番号カード).
    Card,
    /// The card before it (住民基本台帳カード).
    JukiCard,
    /// An Android phone (スマホ用電子証明書).
    AndroidPhone,
    /// An iPhone (iPhoneのマイナンバーカード; B).
    IPhone,
    /// A JPKI token with a label that is not known.
    Unknown,
}

impl TokenKind {
    fn from_label(label: &[u8]) -> Self {
        match label.trim_ascii_end() {
            b"JPKIAPICCTOKEN2" => Self::Card,
            b"JPKIAPICCTOKEN" => Self::JukiCard,
            b"JPKIAPGPSETOKEN" => Self::AndroidPhone,
            b"JPKIAPIOSTOKEN" => Self::IPhone,
            _ => Self::Unknown,
        }
    }

    /// Whether it is a phone: only this application, and its certificate behind the PIN.
    #[must_use]
    pub const fn is_phone(self) -> bool {
        matches!(self, Self::AndroidPhone | Self::IPhone)
    }
}

/// The token information (EF 0006), as far as it identifies.
#[derive(Clone, Copy, Eq, PartialEq)]
pub struct TokenInfo {
    kind: TokenKind,
    serial: [u8; 16],
}

impl TokenInfo {
    /// Reads the start of EF 0006: a serialised `CK_TOKEN_INFO` (label A, the rest B).
    ///
    /// Errors: [`MalformedReason::Truncated`] below 96 bytes.
    pub fn parse(bytes: &[u8]) -> Result<Self, Malformed> {
        let cut = |at| Malformed { object: TOKEN_INFO.name, at, why: MalformedReason::Truncated };
        let label = bytes.get(..32).ok_or(cut(bytes.len()))?;
        let serial = bytes.get(80..96).ok_or(cut(bytes.len()))?;
        Ok(Self {
            kind: TokenKind::from_label(label),
            serial: serial.try_into().map_err(|_| cut(80))?,
        })
    }

    /// What kind of token it is.
    #[must_use]
    pub const fn kind(&self) -> TokenKind {
        self.kind
    }

    /// The token's serial number, 16 characters; identifies the card, so treat it as personal.
    #[must_use]
    pub const fn serial(&self) -> &[u8; 16] {
        &self.serial
    }
}

impl fmt::Debug for TokenInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenInfo({:?})", self.kind)
    }
}

/// Which certificates the token holds (EF 0008; B, the third byte is unknown).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Availability {
    /// The signature certificate (署名用); never there for holders under 15.
    pub signature: bool,
    /// The authentication certificate (利用者証明用).
    pub authentication: bool,
}

impl Availability {
    /// Reads EF 0008. Errors: [`MalformedReason::BadLength`] when it is not three bytes.
    pub fn parse(bytes: &[u8]) -> Result<Self, Malformed> {
        match bytes {
            [signature, authentication, _] => {
                Ok(Self { signature: *signature == 0x8F, authentication: *authentication == 0x8F })
            }
            _ => {
                Err(Malformed { object: AVAILABILITY.name, at: 0, why: MalformedReason::BadLength })
            }
        }
    }
}
