//! Errors, sorted by who must act, with stable codes and advice in Japanese and English.
//!
//! One table: each fault is declared once, by `faults!`, with its code, the person who can do
//! something about it, a technical sentence, and what to tell the crew. The C, Kotlin and Swift
//! enumerations and the documentation page are made from [`table`].
//!
//! Nothing in an error comes from the bytes of a card or from a credential.

use crate::status::StatusWord;

/// Who can do something about a fault.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Actor {
    /// The ambulance crew (救急隊員), now: hold still, try another card, go on without.
    Crew,
    /// The card's holder, later, at a municipal office (市区町村窓口).
    Holder,
    /// The developer who links this library.
    Integrator,
    /// Whoever runs the tablet, its reader and its data files.
    Operator,
}

/// One row of the error table.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct FaultInfo {
    /// Stable number; never reused for another meaning.
    pub code: u16,
    /// Enumeration and variant, `LinkFault::Lost`.
    pub name: &'static str,
    /// Who must act.
    pub actor: Actor,
    /// Technical sentence in English, for logs.
    pub text: &'static str,
    /// What to tell the person, in Japanese.
    pub advice_ja: &'static str,
    /// What to tell the person, in English.
    pub advice_en: &'static str,
}

/// Declares a fault enumeration and its rows of the error table in one place. Exported for
/// `mynacard-ffi` alone, whose boundary has faults of its own.
#[doc(hidden)]
#[macro_export]
macro_rules! faults {
    (
        $(#[$meta:meta])*
        $name:ident {
            $(
                $(#[$variant_meta:meta])*
                $variant:ident = $code:literal, $actor:ident,
                $text:literal, ja $ja:literal, en $en:literal;
            )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        #[non_exhaustive]
        #[repr(u16)]
        pub enum $name {
            $( $(#[$variant_meta])* $variant = $code, )*
        }

        impl $name {
            /// This enumeration's rows of the error table, in order of declaration.
            pub const TABLE: &'static [$crate::error::FaultInfo] = &[
                $( $crate::error::FaultInfo {
                    code: $code,
                    name: concat!(stringify!($name), "::", stringify!($variant)),
                    actor: $crate::error::Actor::$actor,
                    text: $text,
                    advice_ja: $ja,
                    advice_en: $en,
                }, )*
            ];

            /// The row of the error table for this fault.
            #[must_use]
            pub fn info(self) -> &'static $crate::error::FaultInfo {
                match self {
                    $( Self::$variant => const {
                        &$crate::error::FaultInfo {
                            code: $code,
                            name: concat!(stringify!($name), "::", stringify!($variant)),
                            actor: $crate::error::Actor::$actor,
                            text: $text,
                            advice_ja: $ja,
                            advice_en: $en,
                        }
                    }, )*
                }
            }

            /// Stable code of this fault.
            #[must_use]
            pub const fn code(self) -> u16 {
                self as u16
            }

            /// The fault of this code, if it is one of this enumeration.
            #[must_use]
            pub const fn from_code(code: u16) -> Option<Self> {
                match code {
                    $( $code => Some(Self::$variant), )*
                    _ => None,
                }
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(self.info().text)
            }
        }

        impl core::error::Error for $name {}
    };
}

mod audit;
mod kinds;
mod medical;
mod refusal;
mod roots;

pub use audit::{AuditFault, Tamper};
pub use kinds::{CardFault, CredentialFault, LimitFault, LinkFault, MalformedReason, Misuse};
pub use medical::MedicalFault;
pub use refusal::Refusal;
pub use roots::{RootsEntry, RootsError, RootsFault};

/// An object that does not parse: which one, where, and why; never its bytes.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{object}: {why} (offset {at})")]
pub struct Malformed {
    /// Name of the object, `face/DF27`.
    pub object: &'static str,
    /// Offset in bytes from the start of the outermost buffer that was being parsed.
    pub at: usize,
    /// What is wrong.
    pub why: MalformedReason,
}

impl CardFault {
    /// Whether it means that this is no My Number Card made of plastic.
    pub(crate) const fn is_another_kind(self) -> bool {
        matches!(self, Self::ApplicationMissing | Self::PhoneToken)
    }

    /// This fault, met during an operation.
    pub(crate) fn during(self, operation: &'static str, status: Option<StatusWord>) -> Error {
        Error::Card(CardError { fault: self, operation, status })
    }
}

/// The card's refusal or odd answer, with the operation and the status word if there was one.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{operation}: {fault}{}", Status(*status))]
pub struct CardError {
    /// What is wrong.
    pub fault: CardFault,
    /// What was being done, `READ BINARY face/0002`.
    pub operation: &'static str,
    /// The status word, if the card gave one.
    pub status: Option<StatusWord>,
}

struct Status(Option<StatusWord>);

impl core::fmt::Display for Status {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self.0 {
            Some(status) => write!(f, " ({status})"),
            None => Ok(()),
        }
    }
}

/// Everything that can go wrong, by who must act.
///
/// Card effect of an error itself: none. Tries that were spent before it are in the value that the
/// operation documents.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The link to the card failed.
    #[error(transparent)]
    Link(#[from] LinkFault),
    /// The card answered unexpectedly.
    #[error(transparent)]
    Card(#[from] CardError),
    /// A credential is unusable or was refused.
    #[error(transparent)]
    Credential(#[from] CredentialFault),
    /// Something does not parse.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// The consent machine refused.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The audit log cannot be written.
    #[error(transparent)]
    Audit(#[from] AuditFault),
    /// A bound was reached.
    #[error(transparent)]
    Limit(#[from] LimitFault),
    /// Medical data could not be read.
    #[error(transparent)]
    Medical(#[from] MedicalFault),
    /// The library was used against its rules.
    #[error(transparent)]
    Misuse(#[from] Misuse),
    /// A file of roots is unusable.
    #[error(transparent)]
    Roots(#[from] RootsError),
}

impl Error {
    /// The row of the error table for this error.
    #[must_use]
    pub fn info(&self) -> &'static FaultInfo {
        match self {
            Self::Link(fault) => fault.info(),
            Self::Card(error) => error.fault.info(),
            Self::Credential(fault) => fault.info(),
            Self::Malformed(malformed) => malformed.why.info(),
            Self::Refused(fault) => fault.info(),
            Self::Audit(fault) => fault.info(),
            Self::Limit(fault) => fault.info(),
            Self::Medical(fault) => fault.info(),
            Self::Misuse(fault) => fault.info(),
            Self::Roots(error) => error.fault.info(),
        }
    }

    /// Stable code of this error.
    #[must_use]
    pub fn code(&self) -> u16 {
        self.info().code
    }
}

/// The whole error table, in order of codes within each range.
pub fn table() -> impl Iterator<Item = &'static FaultInfo> {
    [
        LinkFault::TABLE,
        CardFault::TABLE,
        CredentialFault::TABLE,
        MalformedReason::TABLE,
        Refusal::TABLE,
        AuditFault::TABLE,
        Tamper::TABLE,
        LimitFault::TABLE,
        MedicalFault::TABLE,
        Misuse::TABLE,
        RootsFault::TABLE,
    ]
    .into_iter()
    .flatten()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_code_leads_back_to_its_fault() {
        for row in LinkFault::TABLE {
            assert_eq!(LinkFault::from_code(row.code).map(LinkFault::info), Some(row));
        }
        assert_eq!(LinkFault::from_code(CardFault::FileMissing.code()), None);
    }

    #[test]
    fn every_code_is_unique_and_every_row_says_something() {
        let mut codes = BTreeSet::new();
        for row in table() {
            assert!(codes.insert(row.code), "code {} is used twice", row.code);
            assert!(!row.text.is_empty() && !row.advice_ja.is_empty() && !row.advice_en.is_empty());
        }
    }
}
