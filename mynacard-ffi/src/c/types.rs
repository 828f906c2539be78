//! The plain types of the C interface. None of them ever changes within an ABI version.

use core::ffi::c_char;

use mynacard_core::Timestamp;
use mynacard_core::calendar::Date;
use mynacard_core::error::Misuse;
use mynacard_core::exchange::{Capabilities, Phase, Progress, Statistics};
use mynacard_core::field::Sex;

use super::boundary::guarded_or;

/// A moment that C states in milliseconds since 1970-01-01T00:00:00Z.
pub(crate) fn timestamp(unix_millis: u64) -> Result<Timestamp, Misuse> {
    Timestamp::from_unix_millis(unix_millis)
}

/// Text in UTF-8, borrowed from the library and NOT terminated by a zero: print it with
/// `printf("%.*s", MYNACARD_STR(text))`. Valid until the handle it was taken from is freed; text
/// from the error table is valid for ever.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct mynacard_str {
    /// The first byte; never null.
    pub data: *const c_char,
    /// Bytes.
    pub length: usize,
}

impl From<&str> for mynacard_str {
    fn from(text: &str) -> Self {
        Self { data: text.as_ptr().cast(), length: text.len() }
    }
}

/// Bytes, borrowed from the library. Valid until the handle they were taken from is freed or, where
/// a function says so, changed.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct mynacard_bytes {
    /// The first byte; never null.
    pub data: *const u8,
    /// Bytes.
    pub length: usize,
}

impl From<&[u8]> for mynacard_bytes {
    fn from(bytes: &[u8]) -> Self {
        Self { data: bytes.as_ptr(), length: bytes.len() }
    }
}

/// A day of the Gregorian calendar.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct mynacard_date {
    /// Year, 1 to 9999.
    pub year: u16,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day, from 1.
    pub day: u8,
}

impl From<Date> for mynacard_date {
    fn from(date: Date) -> Self {
        Self { year: date.year(), month: date.month(), day: date.day() }
    }
}

impl From<Option<Date>> for mynacard_date {
    /// Zeros for none.
    fn from(date: Option<Date>) -> Self {
        date.map_or(Self { year: 0, month: 0, day: 0 }, Self::from)
    }
}

/// Sex as registered (性別), by ISO/IEC 5218.
#[repr(C)]
#[derive(Clone, Copy)]
pub enum mynacard_sex {
    /// 不明.
    MYNACARD_SEX_UNKNOWN = 0,
    /// 男.
    MYNACARD_SEX_MALE = 1,
    /// 女.
    MYNACARD_SEX_FEMALE = 2,
    /// 適用不能.
    MYNACARD_SEX_NOT_APPLICABLE = 9,
    /// The chip has something else in its place, or nothing.
    MYNACARD_SEX_NOT_UNDERSTOOD = 255,
}

impl From<Option<Sex>> for mynacard_sex {
    fn from(sex: Option<Sex>) -> Self {
        match sex {
            Some(Sex::Unknown) => Self::MYNACARD_SEX_UNKNOWN,
            Some(Sex::Male) => Self::MYNACARD_SEX_MALE,
            Some(Sex::Female) => Self::MYNACARD_SEX_FEMALE,
            Some(Sex::NotApplicable) => Self::MYNACARD_SEX_NOT_APPLICABLE,
            None => Self::MYNACARD_SEX_NOT_UNDERSTOOD,
        }
    }
}

/// What the reader can carry. A card may still refuse what the reader allows.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct mynacard_capabilities {
    /// Longest command in bytes, at least 261.
    pub max_command: usize,
    /// Longest answer in bytes with its two status bytes, at least 258.
    pub max_response: usize,
    /// 1 if extended-length commands pass, else 0.
    pub extended_length: u32,
}

impl From<mynacard_capabilities> for Capabilities {
    fn from(from: mynacard_capabilities) -> Self {
        Self {
            max_command: from.max_command.max(Self::SHORT.max_command),
            max_response: from
                .max_response
                .clamp(Self::SHORT.max_response, Self::EXTENDED.max_response),
            extended_length: from.extended_length != 0,
        }
    }
}

impl From<Capabilities> for mynacard_capabilities {
    fn from(from: Capabilities) -> Self {
        Self {
            max_command: from.max_command,
            max_response: from.max_response,
            extended_length: u32::from(from.extended_length),
        }
    }
}

/// What every reader can carry: short commands, 256 bytes an answer.
#[unsafe(no_mangle)]
pub extern "C" fn mynacard_capabilities_short() -> mynacard_capabilities {
    Capabilities::SHORT.into()
}

/// Extended length up to the standard's bound: most USB readers, and IsoDep where the phone says so.
#[unsafe(no_mangle)]
pub extern "C" fn mynacard_capabilities_extended() -> mynacard_capabilities {
    Capabilities::EXTENDED.into()
}

/// What a reading is busy with. Stable, and may be stored.
#[repr(C)]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum mynacard_phase {
    /// Finding out what lies on the reader.
    MYNACARD_PHASE_IDENTIFY = 1,
    /// Opening the card-face application with the printed digits.
    MYNACARD_PHASE_UNLOCK_FACE = 2,
    /// Reading the card face: photo and pictures.
    MYNACARD_PHASE_FACE = 3,
    /// Reading what proves the card face, and asking the chip to prove itself.
    MYNACARD_PHASE_FACE_PROOF = 4,
    /// Opening the text application with the printed digits.
    MYNACARD_PHASE_UNLOCK_TEXT = 5,
    /// Reading the four attributes.
    MYNACARD_PHASE_ATTRIBUTES = 6,
    /// Reading what proves the four attributes.
    MYNACARD_PHASE_ATTRIBUTES_PROOF = 7,
    /// Reading the authentication certificate.
    MYNACARD_PHASE_CERTIFICATE = 8,
    /// Reading the tries left.
    MYNACARD_PHASE_TRIES = 9,
    /// Reading the card's own record.
    MYNACARD_PHASE_CARD_INFO = 10,
}

const PHASES: [Phase; 10] = [
    Phase::Identify,
    Phase::UnlockFace,
    Phase::Face,
    Phase::FaceProof,
    Phase::UnlockText,
    Phase::Attributes,
    Phase::AttributesProof,
    Phase::Certificate,
    Phase::Tries,
    Phase::CardInfo,
];

fn phase_advice(phase: u32, advice: fn(Phase) -> &'static str) -> mynacard_str {
    let known = PHASES.into_iter().find(|known| *known as u32 == phase);
    guarded_or("".into(), || known.map_or("", advice).into())
}

/// What the crew should do meanwhile, in Japanese; empty for a phase that is not known.
#[unsafe(no_mangle)]
pub extern "C" fn mynacard_phase_advice_ja(phase: u32) -> mynacard_str {
    phase_advice(phase, Phase::advice_ja)
}

/// What the crew should do meanwhile, in English; empty for a phase that is not known.
#[unsafe(no_mangle)]
pub extern "C" fn mynacard_phase_advice_en(phase: u32) -> mynacard_str {
    phase_advice(phase, Phase::advice_en)
}

/// How far one phase of a reading has come.
#[repr(C)]
#[derive(Clone, Copy, Default)]
pub struct mynacard_progress {
    /// One of `enum mynacard_phase`; later versions may have more.
    pub phase: u32,
    /// Bytes of this phase's file that have arrived.
    pub bytes_done: usize,
    /// Bytes that it will have; 0 while unknown.
    pub bytes_expected: usize,
}

impl From<Progress> for mynacard_progress {
    fn from(progress: Progress) -> Self {
        Self {
            phase: progress.phase as u32,
            bytes_done: progress.bytes_done,
            bytes_expected: progress.bytes_expected,
        }
    }
}

/// What a reading has spent.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct mynacard_statistics {
    /// Commands handed out.
    pub exchanges: usize,
    /// Bytes of those commands.
    pub bytes_sent: usize,
    /// Bytes of the answers, status bytes included.
    pub bytes_received: usize,
}

impl From<Statistics> for mynacard_statistics {
    fn from(statistics: Statistics) -> Self {
        Self {
            exchanges: statistics.exchanges,
            bytes_sent: statistics.bytes_sent,
            bytes_received: statistics.bytes_received,
        }
    }
}
