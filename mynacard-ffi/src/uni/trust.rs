//! Trust: roots, the verdict on a card, and how each value was authenticated.

use std::sync::Arc;

use mynacard_core::Timestamp;
use mynacard_core::trust::roots::TestCardsAccepted;
use mynacard_core::trust::verdict::Value;
use mynacard_core::trust::x509::NoRevocationSource;
use mynacard_core::trust::{self, Clock, Doubt, Liveness, Report};

use super::error::{MynacardFault, guarded};
use super::reading::Reading;
use crate::error::Error;

/// Roots of trust. Make them once: making them parses every certificate.
#[derive(uniffi::Object)]
pub struct Roots(trust::Roots);

#[uniffi::export]
impl Roots {
    /// The roots of cards issued to the public. Those of the card's own certificates are community-sourced:
    /// the issuer has never published them.
    #[uniffi::constructor]
    #[must_use]
    pub fn production() -> Arc<Self> {
        Arc::new(Self(trust::Roots::production()))
    }

    /// The roots of test cards, which are nobody's. For tests and demonstrations only.
    #[uniffi::constructor]
    #[must_use]
    pub fn test_cards() -> Arc<Self> {
        Arc::new(Self(trust::Roots::test(TestCardsAccepted)))
    }

    /// The caller's own roots from a JSON file. Errors: `RootsFault`.
    #[uniffi::constructor]
    pub fn from_json(json: Vec<u8>) -> Result<Arc<Self>, MynacardFault> {
        guarded(|| Ok(Arc::new(Self(trust::Roots::from_json(&json)?))))
    }
}

/// What the host knows about the time.
#[derive(Clone, Copy, Debug, Eq, PartialEq, uniffi::Enum)]
pub enum HostClock {
    /// Nothing: dates are not judged.
    Unknown,
    /// The time, from a clock that the host vouches for.
    Trusted {
        /// Milliseconds since 1970-01-01T00:00:00Z.
        unix_millis: u64,
    },
    /// The time, from a clock that may be wrong: dates are judged by it, and the report says so.
    Untrusted {
        /// Milliseconds since 1970-01-01T00:00:00Z.
        unix_millis: u64,
    },
}

impl TryFrom<HostClock> for Clock {
    type Error = Error;

    fn try_from(clock: HostClock) -> Result<Self, Error> {
        Ok(match clock {
            HostClock::Unknown => Self::Unknown,
            HostClock::Trusted { unix_millis } => {
                Self::Trusted(Timestamp::from_unix_millis(unix_millis)?)
            }
            HostClock::Untrusted { unix_millis } => {
                Self::Untrusted(Timestamp::from_unix_millis(unix_millis)?)
            }
        })
    }
}

/// The verdict on a card.
#[derive(Clone, Copy, Debug, Eq, PartialEq, uniffi::Enum)]
pub enum CardVerdict {
    /// Genuine, and this chip is the one it was issued to.
    GenuineLive,
    /// Genuine records, but this chip did not prove that they are its own.
    GenuineNotLive,
    /// A test card, live. Never a person's.
    TestLive,
    /// Records of a test card, without proof by the chip.
    TestNotLive,
    /// Nothing failed, but too little was checked to say more.
    Unverified,
    /// An issuer is not among the roots.
    IssuerUnknown,
    /// The authentication certificate has been revoked.
    Revoked,
    /// Parts contradict each other.
    Contradictory,
    /// Something was altered or made up.
    Forged,
}

impl From<trust::Verdict> for CardVerdict {
    fn from(verdict: trust::Verdict) -> Self {
        match verdict {
            trust::Verdict::GenuineLive => Self::GenuineLive,
            trust::Verdict::GenuineNotLive => Self::GenuineNotLive,
            trust::Verdict::TestLive => Self::TestLive,
            trust::Verdict::TestNotLive => Self::TestNotLive,
            trust::Verdict::Unverified => Self::Unverified,
            trust::Verdict::IssuerUnknown => Self::IssuerUnknown,
            trust::Verdict::Revoked => Self::Revoked,
            trust::Verdict::Contradictory => Self::Contradictory,
            trust::Verdict::Forged => Self::Forged,
        }
    }
}

/// Something to tell the crew.
#[derive(Clone, Debug, Eq, PartialEq, uniffi::Record)]
pub struct Statement {
    /// Stable name for machines.
    pub key: String,
    /// In Japanese.
    pub ja: String,
    /// In English.
    pub en: String,
}

fn statement(key: &str, ja: &str, en: &str) -> Statement {
    Statement { key: key.to_owned(), ja: ja.to_owned(), en: en.to_owned() }
}

/// A value on a card, to ask a report about.
#[derive(Clone, Copy, Debug, Eq, PartialEq, uniffi::Enum)]
pub enum CardValue {
    /// The photo.
    Photo,
    /// Face: birth date.
    FaceBirthDate,
    /// Face: sex.
    FaceSex,
    /// The picture of the name.
    NamePicture,
    /// The picture of the address.
    AddressPicture,
    /// Expiry: never signed.
    Expiry,
    /// The picture of the security code: never signed.
    SecurityCode,
    /// Attributes: name.
    Name,
    /// Attributes: address.
    Address,
    /// Attributes: birth date.
    BirthDate,
    /// Attributes: sex.
    Sex,
    /// Everything in the authentication certificate.
    Certificate,
}

impl From<CardValue> for Value {
    fn from(value: CardValue) -> Self {
        match value {
            CardValue::Photo => Self::Photo,
            CardValue::FaceBirthDate => Self::FaceBirthDate,
            CardValue::FaceSex => Self::FaceSex,
            CardValue::NamePicture => Self::NamePicture,
            CardValue::AddressPicture => Self::AddressPicture,
            CardValue::Expiry => Self::FaceExpiry,
            CardValue::SecurityCode => Self::SecurityCode,
            CardValue::Name => Self::Name,
            CardValue::Address => Self::Address,
            CardValue::BirthDate => Self::BirthDate,
            CardValue::Sex => Self::Sex,
            CardValue::Certificate => Self::Certificate,
        }
    }
}

/// How a value was authenticated.
#[derive(Clone, Copy, Debug, Eq, PartialEq, uniffi::Enum)]
pub enum AuthenticityStatus {
    /// The card never signs it.
    Unsigned,
    /// Nothing was checked.
    NotChecked,
    /// The issuer is not among the roots, so nothing could be checked.
    IssuerUnknown,
    /// The check failed.
    Forged,
    /// Signed, and the signature leads to a root. Not: that this chip is present.
    Genuine,
}

/// How a value was authenticated, and why.
#[derive(Clone, Debug, Eq, PartialEq, uniffi::Record)]
pub struct Authenticity {
    /// The outcome.
    pub status: AuthenticityStatus,
    /// Why, as a stable name; what is genuine names its roots.
    pub why: String,
}

impl From<trust::Authenticity> for Authenticity {
    fn from(authenticity: trust::Authenticity) -> Self {
        let status = match authenticity {
            trust::Authenticity::Unsigned => AuthenticityStatus::Unsigned,
            trust::Authenticity::Doubted(Doubt::NotChecked { .. }) => {
                AuthenticityStatus::NotChecked
            }
            trust::Authenticity::Doubted(Doubt::IssuerUnknown { .. }) => {
                AuthenticityStatus::IssuerUnknown
            }
            trust::Authenticity::Doubted(Doubt::Forged { .. }) => AuthenticityStatus::Forged,
            trust::Authenticity::Genuine(_) => AuthenticityStatus::Genuine,
        };
        Self { status, why: authenticity.why() }
    }
}

/// What is known about the trust in one card. It does not change.
#[derive(uniffi::Object)]
pub struct TrustReport(Report);

#[uniffi::export]
impl TrustReport {
    /// The verdict.
    #[must_use]
    pub fn verdict(&self) -> CardVerdict {
        self.0.verdict().into()
    }

    /// The verdict in words.
    #[must_use]
    pub fn verdict_statement(&self) -> Statement {
        statement(self.0.verdict().key(), self.0.verdict().ja(), self.0.verdict().en())
    }

    /// Why the chip did not prove itself live; none if it did.
    #[must_use]
    pub fn not_live(&self) -> Option<Statement> {
        match self.0.live() {
            Liveness::Live => None,
            Liveness::NotLive { why } => Some(statement(why.key(), why.ja(), why.en())),
        }
    }

    /// What else is to be known.
    #[must_use]
    pub fn findings(&self) -> Vec<Statement> {
        let told = self.0.findings().iter();
        told.map(|finding| statement(finding.key(), finding.ja(), finding.en())).collect()
    }

    /// How a value was authenticated.
    #[must_use]
    pub fn of(&self, value: CardValue) -> Authenticity {
        self.0.of(value.into()).into()
    }
}

#[uniffi::export]
impl Reading {
    /// Checks everything that was read, and keeps what came of it with the reading: an encounter goes by
    /// that, and by nothing else. The report is for looking at. Examining again replaces it. Effect on the
    /// card: none.
    ///
    /// Errors: `BoundaryFault::Absent` when the reading was taken out; `Misuse::OutOfRange` for a time that cannot be.
    pub fn examine(
        &self,
        roots: Arc<Roots>,
        clock: HostClock,
    ) -> Result<Arc<TrustReport>, MynacardFault> {
        guarded(|| {
            let clock = Clock::try_from(clock)?;
            let report =
                self.0.examine(|it| it.examine(None, &roots.0, clock, &NoRevocationSource))?;
            Ok(Arc::new(TrustReport(report)))
        })
    }
}
