//! The one error, and the one error table.

use mynacard_core::error::{Actor, FaultInfo, Misuse};

use crate::boundary::contained;
use crate::error::{Error, table};

/// A failure: a code of the error table. Nothing of what was given or read is in it.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error, uniffi::Error)]
pub enum MynacardFault {
    /// The only kind.
    #[error("mynacard fault {code}")]
    Failed {
        /// Code of the error table.
        code: u16,
    },
}

impl<T: Into<Error>> From<T> for MynacardFault {
    fn from(error: T) -> Self {
        Self::Failed { code: error.into().code() }
    }
}

/// Runs the body of an entry. Errors: what it says, with a panic as `BoundaryFault::Panicked`.
pub(super) fn guarded<T>(body: impl FnOnce() -> Result<T, Error>) -> Result<T, MynacardFault> {
    contained(body).map_err(Into::into)
}

/// The code of a failure, none for a success.
pub(super) fn code_of<T>(result: Result<T, Error>) -> Option<u16> {
    result.err().map(|error| error.code())
}

/// Who can do something about a fault.
#[derive(Clone, Copy, Debug, Eq, PartialEq, uniffi::Enum)]
pub enum FaultActor {
    /// The ambulance crew (救急隊員), now.
    Crew,
    /// The card's holder, later, at a municipal office.
    Holder,
    /// Whoever wrote the program that calls this library.
    Integrator,
    /// Whoever runs the tablet, its reader and its data files.
    Operator,
}

/// One row of the error table.
#[derive(Clone, Debug, uniffi::Record)]
pub struct FaultRow {
    /// Stable code.
    pub code: u16,
    /// Name, such as `LinkFault::Lost`.
    pub name: String,
    /// Who can do something about it.
    pub actor: FaultActor,
    /// A technical sentence in English, for logs.
    pub text: String,
    /// What to tell the person, in Japanese.
    pub advice_ja: String,
    /// What to tell the person, in English.
    pub advice_en: String,
}

/// The row of a code; none for one that this version does not know.
#[uniffi::export]
#[must_use]
pub fn fault_row(code: u16) -> Option<FaultRow> {
    table().find(|row| row.code == code).map(Into::into)
}

impl From<&FaultInfo> for FaultRow {
    fn from(row: &FaultInfo) -> Self {
        Self {
            code: row.code,
            name: row.name.to_owned(),
            actor: match row.actor {
                Actor::Crew => FaultActor::Crew,
                Actor::Holder => FaultActor::Holder,
                Actor::Operator => FaultActor::Operator,
                _ => FaultActor::Integrator,
            },
            text: row.text.to_owned(),
            advice_ja: row.advice_ja.to_owned(),
            advice_en: row.advice_en.to_owned(),
        }
    }
}

/// Bytes of a fixed number.
pub(super) fn exactly<const N: usize>(bytes: &[u8]) -> Result<[u8; N], Misuse> {
    bytes.try_into().map_err(|_| Misuse::OutOfRange)
}
