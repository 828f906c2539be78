//! What lies where on the card: applications, files, keys, and what the flows use each for. The one
//! place from which both the flows and the number guard take it.
//!
//! Facts: card-spec §3; confidence A unless a room of [`applet`](crate::applet) says otherwise.

mod beside;

use core::fmt;

pub(crate) use beside::is_beside;
pub use beside::{Beside, OtherCard, aids};

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
    /// The application identifier (AID), 5 to 16 bytes, always sent whole. Source: card-spec §3, confidence A.
    #[must_use]
    pub const fn aid(self) -> &'static [u8] {
        match self {
            Self::Common => &[0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x01, 0x00],
            Self::Face => &[0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x02],
            Self::Jpki => &[0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01],
            Self::Text => &[0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x08],
        }
    }

    /// Its name, in Japanese.
    #[must_use]
    pub const fn name_ja(self) -> &'static str {
        match self {
            Self::Common => "共通カードAP",
            Self::Face => "券面事項確認AP",
            Self::Jpki => "公的個人認証AP",
            Self::Text => "券面事項入力補助AP",
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
    /// 4-digit PIN of the text application (券面事項入力補助用暗証番号): 3 tries. Query only.
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

    /// Every key.
    pub(crate) const ALL: [Self; 5] = [
        Self::FaceNumberB,
        Self::TextNumberB,
        Self::TextPin,
        Self::AuthenticationPin,
        Self::SignaturePassword,
    ];

    /// Whether a flow presents something to this key; the tries left may be asked of every one.
    #[must_use]
    pub const fn takes_number_b(self) -> bool {
        matches!(self, Self::FaceNumberB | Self::TextNumberB)
    }
}

/// A file that a flow reads, and what is known of its size beforehand.
#[derive(Clone, Copy, Debug)]
pub struct FileSpec {
    pub(crate) application: Application,
    pub(crate) fid: Fid,
    pub(crate) name: &'static str,
    pub(crate) content: Content,
    /// Bytes to ask for at first: the whole file where its size is fixed.
    pub(crate) first_read: usize,
}

/// What a file holds.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Content {
    /// One BER-TLV object with this tag.
    Object(u32),
    /// Bytes without structure.
    Bytes,
    /// Records in simple TLV.
    Records,
}

impl FileSpec {
    /// Tag of the outer object; 0 for a file that holds none.
    pub(crate) const fn tag(&self) -> u32 {
        match self.content {
            Content::Object(tag) => tag,
            Content::Bytes | Content::Records => 0,
        }
    }
}

const fn file(
    application: Application,
    fid: u8,
    name: &'static str,
    content: Content,
    first_read: usize,
) -> FileSpec {
    FileSpec { application, fid: Fid(fid), name, content, first_read }
}

/// Length of a certificate's CV form: RSA-2048, every field fixed (card-spec §5, A).
const CV_CERTIFICATE_LENGTH: usize = 568;

use Application::{Common, Face, Jpki, Text};
use Content::{Bytes, Object, Records};

/// Common 0001, record 1: the card's serial number, municipality and expiry. Free to read.
pub const CARD_INFO: FileSpec = file(Common, 0x01, "common/0001", Records, 30);
/// Face 0002: the card face. Needs 照合番号B.
pub const FACE: FileSpec = file(Face, 0x02, "face/0002", Object(0xFF20), 256);
/// Face 0003: basic information. Free to read.
pub const FACE_INFO: FileSpec = file(Face, 0x03, "face/0003", Object(0xFF30), 320);
/// Face 0004: the CV certificate of the key that signed the card face. Free to read.
pub const FACE_CERTIFICATE: FileSpec =
    file(Face, 0x04, "face/0004", Object(0x7F21), CV_CERTIFICATE_LENGTH);
/// JPKI 0006: token information, 160 bytes; the first 96 hold label, manufacturer, model, serial.
pub const TOKEN_INFO: FileSpec = file(Jpki, 0x06, "jpki/0006", Bytes, 96);
/// JPKI 0008: which certificates there are, 3 bytes (B).
pub const AVAILABILITY: FileSpec = file(Jpki, 0x08, "jpki/0008", Bytes, 3);
/// JPKI 000A: 利用者証明用電子証明書, X.509 DER. Free to read on a card; behind the PIN on a phone.
pub const AUTHENTICATION_CERTIFICATE: FileSpec = file(Jpki, 0x0A, "jpki/000A", Object(0x30), 256);
/// Text 0002: the four attributes. Needs 照合番号B or the PIN.
pub const ATTRIBUTES: FileSpec = file(Text, 0x02, "text/0002", Object(0xFF20), 256);
/// Text 0003: the integrity record over the attributes. Needs the PIN or, by one source, 照合番号B (B).
pub const INTEGRITY: FileSpec = file(Text, 0x03, "text/0003", Object(0xFF30), 336);
/// Text 0004: the CV certificate of the key that signed the records. Free to read.
pub const TEXT_CERTIFICATE: FileSpec =
    file(Text, 0x04, "text/0004", Object(0x7F21), CV_CERTIFICATE_LENGTH);
/// Text 0007: the application's own public key, signed. Needs the PIN or 照合番号B (B).
pub const TEXT_KEY: FileSpec = file(Text, 0x07, "text/0007", Object(0xFF50), 536);

/// Every file that a flow reads. Absent on purpose: text 0001 and face 0005, which hold the number.
pub(crate) const FILES: [&FileSpec; 11] = [
    &CARD_INFO,
    &FACE,
    &FACE_INFO,
    &FACE_CERTIFICATE,
    &TOKEN_INFO,
    &AVAILABILITY,
    &AUTHENTICATION_CERTIFICATE,
    &ATTRIBUTES,
    &INTEGRITY,
    &TEXT_CERTIFICATE,
    &TEXT_KEY,
];

/// The file that a flow reads under this identifier, if any does.
pub(crate) fn file_at(application: Application, fid: Fid) -> Option<&'static FileSpec> {
    FILES.into_iter().find(|file| file.application == application && file.fid == fid)
}

/// The key under this identifier, if it is one whose tries may be asked for. Absent on purpose: text
/// 0014 and face 0013, whose secret is the number.
pub(crate) fn key_at(application: Application, fid: Fid) -> Option<KeyRef> {
    KeyRef::ALL.into_iter().find(|key| key.application() == application && key.fid() == fid)
}
