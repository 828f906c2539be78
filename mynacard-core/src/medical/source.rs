//! Asking a source, which takes a permit.

use core::fmt;
use core::marker::PhantomData;

use super::{Collected, MedicalFault, MedicalView, Origin};
use crate::consent::{CardId, Permit, Scope};
use crate::{Error, Timestamp};

/// What a source is asked, and proof that it may be asked: only [`fetch`] makes one, from a permit that
/// is in force at that moment.
pub struct Query<'a> {
    scope: Scope,
    now: Timestamp,
    permit: PhantomData<&'a Permit>,
}

impl Query<'_> {
    /// What is wanted. A source may bring more: the view has only this.
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

impl fmt::Debug for Query<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Query").field("scope", &self.scope).finish_non_exhaustive()
    }
}

/// A place that medical data come from: the service's interface, a hospital's, a file.
///
/// A source is about one patient: whoever makes it binds it to the card that was read.
pub trait MedicalSource {
    /// The card whose holder the data are about.
    fn card(&self) -> &CardId;

    /// What kind of place this is.
    fn origin(&self) -> Origin;

    /// Asks for everything that is known.
    ///
    /// Errors: a [`MedicalFault`] for an answer that cannot be read; what an ambulance has to expect is
    /// a [`Found`].
    fn ask(&mut self, query: &Query<'_>) -> Result<Found, MedicalFault>;
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

/// Asks a source, and keeps what the scope shows. The only way to a view.
///
/// The permit must cover the source's card and what is wanted, before the source is asked and again,
/// by the time that `answered` gives then, before anything of its answer is kept: it may have run out
/// meanwhile. In a drill (訓練) only a
/// synthetic source may be asked.
///
/// There is no way around it. A source cannot be asked without a query, which nobody else makes:
///
/// ```compile_fail,E0451
/// # use mynacard_core::{Timestamp, consent::Scope, medical::Query};
/// fn ask(now: Timestamp) -> Query<'static> {
///     Query { scope: Scope::Full, now, permit: std::marker::PhantomData }
/// }
/// ```
///
/// What a source found can be filled, not read, and nobody else makes a view of it:
///
/// ```
/// # use mynacard_core::medical::{Collected, MedicalFault, Visit};
/// fn fill(found: &mut Collected, visit: Visit) -> Result<(), MedicalFault> {
///     found.add_visit(visit)
/// }
/// ```
/// ```compile_fail,E0616
/// # use mynacard_core::medical::Collected;
/// fn peek(found: &Collected) -> usize {
///     found.visits.len()
/// }
/// ```
/// ```compile_fail,E0624
/// # use mynacard_core::{Timestamp, consent::Scope, medical::{Collected, MedicalView, Origin}};
/// fn view(found: Collected, now: Timestamp) {
///     let _ = MedicalView::new(found, Origin::Vendor, Scope::Full, now);
/// }
/// ```
///
/// Errors: [`Refusal`](crate::consent::Refusal) with nothing asked or nothing kept;
/// [`MedicalFault::RealInDrill`]; what the source reports. Effect on the card: none.
pub fn fetch<S: MedicalSource + ?Sized>(
    source: &mut S,
    permit: &Permit,
    wanted: Scope,
    now: Timestamp,
    answered: impl FnOnce() -> Timestamp,
) -> Result<SourceAnswer, Error> {
    permit.check(source.card(), wanted, now)?;
    let origin = source.origin();
    if permit.is_drill() && origin != Origin::Synthetic {
        return Err(MedicalFault::RealInDrill.into());
    }
    let found = source.ask(&Query { scope: wanted, now, permit: PhantomData })?;
    let answered = answered();
    permit.check(source.card(), wanted, answered)?;
    show(found, origin, wanted, answered)
}

/// Keeps what the scope shows.
fn show(found: Found, origin: Origin, scope: Scope, now: Timestamp) -> Result<SourceAnswer, Error> {
    match found {
        Found::None(reason) => Ok(SourceAnswer::None(reason)),
        Found::Records(found) => {
            let view = MedicalView::new(found, origin, scope, now);
            let view = view.map_err(|_| MedicalFault::BadDate)?;
            Ok(SourceAnswer::Records(Box::new(view)))
        }
    }
}
