//! Consent (同意): who may see what, on what basis, until when.
//!
//! Three independent facts, the [card](CardTrust), the [identity](Identity) and the [basis](Basis),
//! are kept by [`Consent`], which runs one [table](decide). When all three stand for the same card,
//! a [permit](PendingPermit) can be asked for; it is released as a [`Permit`] once the audit log has
//! stored its entry, and everything that takes a fact away ends it.

mod diagram;
mod event;
mod fact;
mod machine;
mod permit;
mod receipt;
mod refusal;
mod table;

pub use diagram::diagram;
pub use event::{CardFailure, Event, SourceFailure, Trigger, WayOut};
pub use fact::{
    Basis, CardKey, CardTrust, Giver, Identity, Mark, Scope, Unobtainable, VISIT_TYPE_EMERGENCY,
};
pub use machine::{Consent, PermitLife};
pub use permit::{CLOCK_TOLERANCE_MILLIS, PendingPermit, Permit};
pub use receipt::{RECEIPT_SKEW_MILLIS, Receipt};
pub use refusal::{ReceiptFault, Refusal};
pub use table::{AccessIs, BasisIs, CardIs, Change, ClockIs, Facts, IdentityIs, StageIs, decide};
