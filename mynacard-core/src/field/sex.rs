//! Sex (性別) as registered.

use serde::Serialize;

use crate::error::MalformedReason;

/// Registered sex (性別), one ASCII digit on the chip (face DF23, text DF25), by JIS X 0303 = ISO/IEC
/// 5218. Only 1 and 2 have been seen on cards; 0 and 9 are taken from the standard.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// `0`, 不明.
    Unknown,
    /// `1`, 男.
    Male,
    /// `2`, 女.
    Female,
    /// `9`, 適用不能.
    NotApplicable,
}

impl Sex {
    /// Reads the chip's object: one byte, an ASCII digit.
    ///
    /// Errors: [`MalformedReason::BadLength`] for more or less than one byte,
    /// [`MalformedReason::BadValue`] for another code.
    pub const fn parse(bytes: &[u8]) -> Result<Self, MalformedReason> {
        match bytes {
            [b'0'] => Ok(Self::Unknown),
            [b'1'] => Ok(Self::Male),
            [b'2'] => Ok(Self::Female),
            [b'9'] => Ok(Self::NotApplicable),
            [_] => Err(MalformedReason::BadValue),
            _ => Err(MalformedReason::BadLength),
        }
    }

    /// The standard's number: 0, 1, 2 or 9.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Unknown => 0,
            Self::Male => 1,
            Self::Female => 2,
            Self::NotApplicable => 9,
        }
    }

    /// Japanese name: 男, 女, 不明, 適用不能.
    #[must_use]
    pub const fn japanese(self) -> &'static str {
        match self {
            Self::Unknown => "不明",
            Self::Male => "男",
            Self::Female => "女",
            Self::NotApplicable => "適用不能",
        }
    }
}
