//! What bounds an exchange, what the transport can carry, and what has been spent.

/// What the transport can carry. A card may still refuse what the transport allows.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Capabilities {
    /// Longest command, in bytes. At least 261.
    pub max_command: usize,
    /// Longest response with its status word, in bytes. At least 258.
    pub max_response: usize,
    /// Whether extended-length commands pass.
    pub extended_length: bool,
}

impl Capabilities {
    /// What every reader can do: short commands, 256 bytes an answer.
    pub const SHORT: Self = Self { max_command: 261, max_response: 258, extended_length: false };

    /// Extended length up to the standard's bound.
    pub const EXTENDED: Self =
        Self { max_command: 65_544, max_response: 65_538, extended_length: true };

    /// Most data bytes that one answer can carry.
    pub(crate) fn max_data(self) -> usize {
        if self.extended_length { self.max_response.saturating_sub(2).max(256) } else { 256 }
    }
}

/// Bounds of one driver. A card that reaches one costs an error, never a hang.
///
/// The defaults leave four times the room that the largest reading of a real card needs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limits {
    /// Bytes received in all, status words included.
    pub bytes: usize,
    /// Exchanges in all.
    pub exchanges: usize,
    /// Answers in a row that bring nothing new.
    pub idle: usize,
    /// Bytes of one file.
    pub file: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 131_072, exchanges: 256, idle: 4, file: 32_767 }
    }
}

/// What a driver has spent so far.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Statistics {
    /// Commands handed to the host.
    pub exchanges: usize,
    /// Bytes of those commands.
    pub bytes_sent: usize,
    /// Bytes of the answers, status words included.
    pub bytes_received: usize,
}

impl core::ops::AddAssign for Statistics {
    fn add_assign(&mut self, other: Self) {
        self.exchanges += other.exchanges;
        self.bytes_sent += other.bytes_sent;
        self.bytes_received += other.bytes_received;
    }
}

/// What a reading is busy with. The numbers are stable and may be stored.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
#[repr(u8)]
pub enum Phase {
    /// Finding out what lies on the reader.
    Identify = 1,
    /// Opening the card-face application (券面事項確認AP) with the printed digits.
    UnlockFace = 2,
    /// Reading the card face: photo and pictures.
    Face = 3,
    /// Reading what proves the card face, and asking the chip to prove itself.
    FaceProof = 4,
    /// Opening the text application (券面事項入力補助AP) with the printed digits.
    UnlockText = 5,
    /// Reading the four attributes (基本4情報).
    Attributes = 6,
    /// Reading what proves the four attributes.
    AttributesProof = 7,
    /// Reading the authentication certificate (利用者証明用電子証明書).
    Certificate = 8,
    /// Reading the tries left.
    Tries = 9,
    /// Reading the card's own record (カード情報).
    CardInfo = 10,
}

impl Phase {
    /// Stable name for machines.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Identify => "identify",
            Self::UnlockFace => "unlock-face",
            Self::Face => "face",
            Self::FaceProof => "face-proof",
            Self::UnlockText => "unlock-text",
            Self::Attributes => "attributes",
            Self::AttributesProof => "attributes-proof",
            Self::Certificate => "certificate",
            Self::Tries => "tries",
            Self::CardInfo => "card-info",
        }
    }

    /// What the crew should do meanwhile, in Japanese.
    #[must_use]
    pub const fn advice_ja(self) -> &'static str {
        match self {
            Self::Identify | Self::Tries | Self::CardInfo => "カードを当てたままにしてください。",
            Self::UnlockFace | Self::UnlockText => "照合中です。カードを動かさないでください。",
            Self::Face | Self::FaceProof => {
                "顔写真を読み取り中です。カードを動かさないでください。"
            }
            Self::Attributes | Self::AttributesProof => {
                "氏名・住所を読み取り中です。カードを動かさないでください。"
            }
            Self::Certificate => "電子証明書を読み取り中です。カードを動かさないでください。",
        }
    }

    /// What the crew should do meanwhile, in English.
    #[must_use]
    pub const fn advice_en(self) -> &'static str {
        match self {
            Self::Identify | Self::Tries | Self::CardInfo => "Leave the card on the reader.",
            Self::UnlockFace | Self::UnlockText => "Checking the digits. Do not move the card.",
            Self::Face | Self::FaceProof => "Reading the photo. Do not move the card.",
            Self::Attributes | Self::AttributesProof => {
                "Reading name and address. Do not move the card."
            }
            Self::Certificate => "Reading the certificate. Do not move the card.",
        }
    }
}

/// How far one phase has come.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Progress {
    /// What the reading is busy with.
    pub phase: Phase,
    /// Bytes of this phase's file that have arrived.
    pub bytes_done: usize,
    /// Bytes this phase's file will have; 0 while unknown.
    pub bytes_expected: usize,
}
