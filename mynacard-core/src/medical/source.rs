//! Asking a source, which takes a permit.

use core::fmt;

use super::{Collected, MedicalFault, MedicalView, Scope};
use crate::{Error, Timestamp};

/// What a source is asked, and proof that it may be asked: only the asking functions of this room
/// make one, each time from a permit that holds at that moment.
pub struct Query {
    scope: Scope,
    now: Timestamp,
}

impl Query {
    /// What may be shown. A source may bring more: the view has only this.
    #[must_use]
    pub const fn scope(&self) -> Scope {
        self.scope
    }

    /// The moment of asking.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now
    }
}

impl fmt::Debug for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Query").field("scope", &self.scope).finish_non_exhaustive()
    }
}

/// A place that medical data come from: the service's interface, a hospital's, a file.
///
/// A source for one encounter knows its patient: the vendor binds it to the card when making it.
pub trait MedicalSource {
    /// Asks for everything that is known. Errors: a [`MedicalFault`] for an answer that cannot be
    /// read; what an ambulance has to expect is a [`Found`].
    fn ask(&mut self, query: &Query) -> Result<Found, MedicalFault>;
}

/// What asking brought, before anything may be seen of it.
#[derive(Debug)]
#[non_exhaustive]
pub enum Found {
    /// Data, perhaps empty.
    Records(Collected),
    /// There are none, for this reason.
    None(NoRecords),
}

/// What asking brought, as far as the permit shows it.
#[derive(Debug)]
#[non_exhaustive]
pub enum SourceAnswer {
    /// The view. It may be empty, which says nothing about the patient's health.
    Records(Box<MedicalView>),
    /// There is none, for this reason.
    None(NoRecords),
}

/// Why there is no medical information, though everything worked as it should.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum NoRecords {
    /// The card is not registered as health insurance card (マイナ保険証の利用登録なし).
    NotRegistered,
    /// The card's certificate has expired: eligibility alone is given, for three months.
    EligibilityOnly,
    /// The service wants a consent that it has not got.
    ConsentRequired,
    /// No connection (圏外).
    NoSignal,
    /// The service is down.
    Down,
}

impl NoRecords {
    /// Japanese sentence for the crew and the hospital.
    #[must_use]
    pub const fn japanese(self) -> &'static str {
        match self {
            Self::NotRegistered => "マイナ保険証の利用登録がないため、医療情報はありません",
            Self::EligibilityOnly => "電子証明書の期限切れのため、医療情報を取得できません",
            Self::ConsentRequired => "同意が登録されていないため、医療情報を取得できません",
            Self::NoSignal => "通信圏外のため、医療情報を取得できません",
            Self::Down => "システム停止のため、医療情報を取得できません",
        }
    }

    /// Stable name for JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotRegistered => "not_registered",
            Self::EligibilityOnly => "eligibility_only",
            Self::ConsentRequired => "consent_required",
            Self::NoSignal => "no_signal",
            Self::Down => "source_down",
        }
    }
}

/// Asks a source and keeps what the scope shows.
pub(crate) fn fetch_within<S: MedicalSource + ?Sized>(
    source: &mut S,
    scope: Scope,
    now: Timestamp,
) -> Result<SourceAnswer, Error> {
    match source.ask(&Query { scope, now })? {
        Found::None(reason) => Ok(SourceAnswer::None(reason)),
        Found::Records(found) => {
            let view = MedicalView::new(found, scope, now);
            let view = view.map_err(|_| MedicalFault::BadDate)?;
            Ok(SourceAnswer::Records(Box::new(view)))
        }
    }
}
