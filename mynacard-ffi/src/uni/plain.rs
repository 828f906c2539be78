//! Values that nobody needs to hide: what a reader carries, what to read, how far it has come.

use mynacard_core::calendar::Date;
use mynacard_core::card::Floor;
use mynacard_core::exchange::{self, Capabilities, Phase};
use mynacard_core::field::{self, Sex};
use mynacard_core::reading;
use mynacard_core::trust::Challenge;

use crate::error::Error;

/// A day of the Gregorian calendar.
#[derive(Clone, Copy, Debug, Eq, PartialEq, uniffi::Record)]
pub struct CalendarDay {
    /// Year, 1 to 9999.
    pub year: u16,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day, from 1.
    pub day: u8,
}

impl From<Date> for CalendarDay {
    fn from(date: Date) -> Self {
        Self { year: date.year(), month: date.month(), day: date.day() }
    }
}

/// Sex as registered (性別), by ISO/IEC 5218.
#[derive(Clone, Copy, Debug, Eq, PartialEq, uniffi::Enum)]
pub enum RegisteredSex {
    /// 不明.
    Unknown,
    /// 男.
    Male,
    /// 女.
    Female,
    /// 適用不能.
    NotApplicable,
}

impl From<Sex> for RegisteredSex {
    fn from(sex: Sex) -> Self {
        match sex {
            Sex::Unknown => Self::Unknown,
            Sex::Male => Self::Male,
            Sex::Female => Self::Female,
            Sex::NotApplicable => Self::NotApplicable,
        }
    }
}

/// A value that the chip holds in a form that is not understood (不詳).
#[derive(Clone, Eq, PartialEq, uniffi::Record)]
pub struct NotUnderstood {
    /// The object, `face/DF22 birth date`.
    pub object: String,
    /// The code of what is wrong with it (`MalformedReason`).
    pub why: u16,
    /// What the chip has in its place, for a screen: printable ASCII as it is, anything else in hex. Personal.
    pub shown: String,
    /// In the place of the value on a screen, in Japanese: `不詳(カードの記載 19800200)`, `記載なし`. Personal.
    pub japanese: String,
}

impl From<&field::NotUnderstood> for NotUnderstood {
    fn from(value: &field::NotUnderstood) -> Self {
        Self {
            object: value.object().to_owned(),
            why: value.why().info().code,
            shown: value.shown().as_str().to_owned(),
            japanese: value.japanese().as_str().to_owned(),
        }
    }
}

/// What the reader can carry. A card may still refuse what the reader allows.
#[derive(Clone, Copy, Debug, Eq, PartialEq, uniffi::Record)]
pub struct ReaderCapabilities {
    /// Longest command in bytes; at least 261 is assumed.
    pub max_command: u32,
    /// Longest answer in bytes with its two status bytes; at least 258 is assumed.
    pub max_response: u32,
    /// Whether extended-length commands pass.
    pub extended_length: bool,
}

impl From<ReaderCapabilities> for Capabilities {
    fn from(link: ReaderCapabilities) -> Self {
        let bytes = |count: u32| usize::try_from(count).unwrap_or(usize::MAX);
        Self {
            max_command: bytes(link.max_command).max(Self::SHORT.max_command),
            max_response: bytes(link.max_response)
                .clamp(Self::SHORT.max_response, Self::EXTENDED.max_response),
            extended_length: link.extended_length,
        }
    }
}

impl From<Capabilities> for ReaderCapabilities {
    fn from(link: Capabilities) -> Self {
        let count = |bytes: usize| u32::try_from(bytes).unwrap_or(u32::MAX);
        Self {
            max_command: count(link.max_command),
            max_response: count(link.max_response),
            extended_length: link.extended_length,
        }
    }
}

/// What every reader can carry: short commands, 256 bytes an answer.
#[uniffi::export]
#[must_use]
pub fn short_capabilities() -> ReaderCapabilities {
    Capabilities::SHORT.into()
}

/// Extended length up to the standard's bound: most USB readers, and IsoDep where the phone says so.
#[uniffi::export]
#[must_use]
pub fn extended_capabilities() -> ReaderCapabilities {
    Capabilities::EXTENDED.into()
}

/// What to read, and how careful to be with the tries.
#[derive(Clone, uniffi::Record)]
pub struct Plan {
    /// Read the card face: photo, birth date, sex, expiry.
    pub face: bool,
    /// Read the four attributes as text.
    pub attributes: bool,
    /// Read the authentication certificate.
    pub certificate: bool,
    /// Read also what proves the above.
    pub proof: bool,
    /// Do not have the text application answer the nonce. Nothing then proves that name and address are
    /// this chip's, and the verdict calls nothing live that includes them.
    pub without_text_proof: bool,
    /// Fewest tries that must be left for 照合番号B of the card-face application, 2 to 15; 0: three.
    pub face_floor: u8,
    /// Fewest tries that must be left for 照合番号B of the text application, 2 to 15; 0: three.
    pub text_floor: u8,
    /// Lets even the last try of either key be spent, after which wrong digits have locked it, whatever the
    /// floors say. Verifications, the report and the log show it.
    pub allow_last_tries: bool,
    /// A number for the chip to sign, so that a copied card is found out: 16 to 256 bytes from the
    /// system's cryptographic generator, drawn anew for each tap. None: the chip is not asked.
    pub nonce: Option<Vec<u8>>,
}

impl From<reading::Plan> for Plan {
    fn from(plan: reading::Plan) -> Self {
        Self {
            face: plan.face,
            attributes: plan.attributes,
            certificate: plan.certificate,
            proof: plan.proof,
            without_text_proof: !plan.text_proof,
            face_floor: plan.face_floor.tries(),
            text_floor: plan.text_floor.tries(),
            allow_last_tries: false,
            nonce: None,
        }
    }
}

impl TryFrom<Plan> for reading::Plan {
    type Error = Error;

    /// Errors: `Misuse::OutOfRange` for a nonce that cannot be a random one, and for a floor of 1 or above 15.
    fn try_from(plan: Plan) -> Result<Self, Error> {
        let floor = |tries| match (plan.allow_last_tries, Floor::new(tries)?) {
            (false, floor) => Ok::<_, Error>(floor),
            (true, _) => Ok(Floor::LAST_TRIES_ALLOWED),
        };
        let (face_floor, text_floor) = (floor(plan.face_floor)?, floor(plan.text_floor)?);
        let challenge = match plan.nonce {
            Some(nonce) => Some(Challenge::new(&nonce)?),
            None => None,
        };
        Ok(Self {
            face: plan.face,
            attributes: plan.attributes,
            certificate: plan.certificate,
            proof: plan.proof,
            challenge,
            text_proof: !plan.without_text_proof,
            face_floor,
            text_floor,
        })
    }
}

/// A plan for everything, with what proves it, but no nonce.
#[uniffi::export]
#[must_use]
pub fn plan_all() -> Plan {
    reading::Plan::all().into()
}

/// A plan for the card face alone, without proof: the shortest way to the photo.
#[uniffi::export]
#[must_use]
pub fn plan_face_only() -> Plan {
    reading::Plan::face_only().into()
}

/// What a reading is busy with.
#[derive(Clone, Copy, Debug, Eq, PartialEq, uniffi::Enum)]
pub enum ReadingPhase {
    /// Finding out what lies on the reader.
    Identify,
    /// Opening the card-face application with the printed digits.
    UnlockFace,
    /// Reading the card face: photo and pictures.
    Face,
    /// Reading what proves the card face, and asking the chip to prove itself.
    FaceProof,
    /// Opening the text application with the printed digits.
    UnlockText,
    /// Reading the four attributes.
    Attributes,
    /// Reading what proves the four attributes.
    AttributesProof,
    /// Reading the authentication certificate.
    Certificate,
    /// Reading the tries left.
    Tries,
    /// Reading the card's own record.
    CardInfo,
}

/// Each phase with that of the core.
const PHASES: [(Phase, ReadingPhase); 10] = [
    (Phase::Identify, ReadingPhase::Identify),
    (Phase::UnlockFace, ReadingPhase::UnlockFace),
    (Phase::Face, ReadingPhase::Face),
    (Phase::FaceProof, ReadingPhase::FaceProof),
    (Phase::UnlockText, ReadingPhase::UnlockText),
    (Phase::Attributes, ReadingPhase::Attributes),
    (Phase::AttributesProof, ReadingPhase::AttributesProof),
    (Phase::Certificate, ReadingPhase::Certificate),
    (Phase::Tries, ReadingPhase::Tries),
    (Phase::CardInfo, ReadingPhase::CardInfo),
];

fn advice(phase: ReadingPhase, of: fn(Phase) -> &'static str) -> String {
    let known = PHASES.iter().find(|(_, known)| *known == phase);
    known.map_or("", |(phase, _)| of(*phase)).to_owned()
}

/// What the crew should do meanwhile, in Japanese.
#[uniffi::export]
#[must_use]
pub fn phase_advice_ja(phase: ReadingPhase) -> String {
    advice(phase, Phase::advice_ja)
}

/// What the crew should do meanwhile, in English.
#[uniffi::export]
#[must_use]
pub fn phase_advice_en(phase: ReadingPhase) -> String {
    advice(phase, Phase::advice_en)
}

/// How far one phase of a reading has come.
#[derive(Clone, Copy, Debug, Eq, PartialEq, uniffi::Record)]
pub struct Progress {
    /// The phase.
    pub phase: ReadingPhase,
    /// Bytes of this phase's file that have arrived.
    pub bytes_done: u64,
    /// Bytes that it will have; 0 while unknown.
    pub bytes_expected: u64,
}

impl From<exchange::Progress> for Progress {
    fn from(progress: exchange::Progress) -> Self {
        let known = PHASES.iter().find(|(phase, _)| *phase == progress.phase);
        Self {
            phase: known.map_or(ReadingPhase::Identify, |(_, phase)| *phase),
            bytes_done: progress.bytes_done as u64,
            bytes_expected: progress.bytes_expected as u64,
        }
    }
}

/// What a reading has spent.
#[derive(Clone, Copy, Debug, Eq, PartialEq, uniffi::Record)]
pub struct Statistics {
    /// Commands handed out.
    pub exchanges: u64,
    /// Bytes of those commands.
    pub bytes_sent: u64,
    /// Bytes of the answers, status bytes included.
    pub bytes_received: u64,
}

impl From<exchange::Statistics> for Statistics {
    fn from(statistics: exchange::Statistics) -> Self {
        Self {
            exchanges: statistics.exchanges as u64,
            bytes_sent: statistics.bytes_sent as u64,
            bytes_received: statistics.bytes_received as u64,
        }
    }
}
