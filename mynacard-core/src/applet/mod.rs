//! The applications of the card, one room each: identifiers, files, layouts, sources.
//!
//! Facts come from card-spec's public sources; each room says how sure each one is: **A** several
//! independent sources or verified on the published test card, **B** one good source, usually
//! measured on cards, **C** inference. There is no public specification of this card.

pub mod common;
pub mod face;
pub mod jpki;
pub mod text;

use core::fmt;

use crate::card::FileSpec;
use crate::error::{Malformed, MalformedReason};
use crate::tlv::Tlv;

/// An application (AP, アプリケーション) of the My Number Card that this crate opens.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Application {
    /// 共通カードAP: the card's own record.
    Common,
    /// 券面事項確認AP: the card face with its photo.
    Face,
    /// 公的個人認証AP (JPKI): token information and certificates.
    Jpki,
    /// 券面事項入力補助AP: the four attributes as text.
    Text,
}

impl Application {
    /// The application identifier (AID), always sent whole. Source: card-spec §3, confidence A.
    #[must_use]
    pub const fn aid(self) -> &'static [u8; 10] {
        match self {
            Self::Common => &[0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x01, 0x00],
            Self::Face => &[0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x02],
            Self::Jpki => &[0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01],
            Self::Text => &[0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x08],
        }
    }

    /// The application with this identifier, if it is one of them.
    #[must_use]
    pub fn from_aid(aid: &[u8]) -> Option<Self> {
        [Self::Common, Self::Face, Self::Jpki, Self::Text]
            .into_iter()
            .find(|application| application.aid() == aid)
    }
}

/// Identifier of an elementary file (EF): one byte here, since every one on this card is below
/// `001F` and equals its short identifier (card-spec §2.1, A).
#[derive(Clone, Copy, Eq, Hash, PartialEq)]
pub struct Fid(u8);

impl Fid {
    /// The identifier `00xx`.
    #[must_use]
    pub const fn new(low: u8) -> Self {
        Self(low)
    }

    /// The low byte; the high one is zero.
    #[must_use]
    pub const fn value(self) -> u8 {
        self.0
    }
}

impl fmt::Debug for Fid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04X}", self.0)
    }
}

/// A key whose tries the card counts.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum KeyRef {
    /// 照合番号B of the card-face application: 10 tries.
    FaceNumberB,
    /// 照合番号B of the text application: 10 tries.
    TextNumberB,
    /// 4-digit PIN of the text application (券面事項入力補助用暗証番号): 3 tries.
    TextPin,
    /// 4-digit PIN of the authentication key (利用者証明用暗証番号): 3 tries. Query only.
    AuthenticationPin,
    /// Password of the signature key (署名用暗証番号): 5 tries. Query only.
    SignaturePassword,
}

impl KeyRef {
    /// The application that holds the key.
    #[must_use]
    pub const fn application(self) -> Application {
        match self {
            Self::FaceNumberB => Application::Face,
            Self::TextNumberB | Self::TextPin => Application::Text,
            Self::AuthenticationPin | Self::SignaturePassword => Application::Jpki,
        }
    }

    /// The key's file. Source: card-spec §3.4, §3.5 and the table of the card-face application, A.
    #[must_use]
    pub const fn fid(self) -> Fid {
        Fid(match self {
            Self::FaceNumberB => 0x12,
            Self::TextNumberB => 0x15,
            Self::TextPin => 0x11,
            Self::AuthenticationPin => 0x18,
            Self::SignaturePassword => 0x1B,
        })
    }

    /// Fewest tries that must be left before one may be spent, unless the caller lowers it: 3 for
    /// 照合番号B, 2 for a PIN. Only a municipal office unlocks these keys.
    #[must_use]
    pub const fn default_floor(self) -> u8 {
        match self {
            Self::FaceNumberB | Self::TextNumberB => 3,
            Self::TextPin | Self::AuthenticationPin | Self::SignaturePassword => 2,
        }
    }
}

/// Length of a certificate's CV form: RSA-2048, every field fixed (card-spec §5, A).
const CV_CERTIFICATE_LENGTH: usize = 568;

/// The files that the flows read, with what is known of their size.
pub(crate) const fn file(
    application: Application,
    fid: u8,
    name: &'static str,
    tag: u32,
    first_read: usize,
) -> FileSpec {
    FileSpec { application, fid: Fid(fid), name, tag, first_read }
}

/// Parses the value of one object.
fn field<T>(
    tlv: &Tlv<'_>,
    object: &'static str,
    parse: impl FnOnce(&[u8]) -> Result<T, MalformedReason>,
) -> Result<T, Malformed> {
    parse(tlv.value()).map_err(|why| Malformed { object, at: tlv.value_span().start, why })
}

/// Checks a table of two-byte offsets against where the objects really start; one that is not there may
/// have any entry.
fn check_offsets<'t>(
    table: &Tlv<'_>,
    objects: impl ExactSizeIterator<Item = Option<&'t Tlv<'t>>>,
    object: &'static str,
) -> Result<(), Malformed> {
    let at = table.value_span().start;
    let (offsets, rest) = table.value().as_chunks::<2>();
    if !rest.is_empty() || offsets.len() != objects.len() {
        return Err(Malformed { object, at, why: MalformedReason::BadLength });
    }
    let agrees = offsets.iter().zip(objects).all(|(offset, tlv)| {
        tlv.is_none_or(|tlv| usize::from(u16::from_be_bytes(*offset)) == tlv.span().start)
    });
    if agrees {
        Ok(())
    } else {
        Err(Malformed { object, at, why: MalformedReason::OffsetMismatch })
    }
}

/// A value of exactly `N` bytes.
fn exactly<const N: usize>(value: &[u8]) -> Result<[u8; N], MalformedReason> {
    value.try_into().map_err(|_| MalformedReason::BadLength)
}

/// A value of exactly `N` ASCII digits.
fn digits<const N: usize>(value: &[u8]) -> Result<[u8; N], MalformedReason> {
    let value = exactly::<N>(value)?;
    if value.iter().all(u8::is_ascii_digit) { Ok(value) } else { Err(MalformedReason::BadText) }
}
