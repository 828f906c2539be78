//! Consent (同意): who may see what, on what basis, until when.
//!
//! Three independent facts, the [card](CardTrust), the [identity](Identity) and the [basis](Basis), are
//! kept by the consent machine inside every [`Encounter`](crate::encounter::Encounter), which runs one
//! table ([`diagram`] shows it). When all three stand for the same card, a permit can be asked for; it is in force as
//! a [`Permit`] once the audit log has stored its entry, and everything that takes a fact away ends it.

mod card_id;
mod diagram;
mod fact;
mod machine;
mod permit;
mod table;
#[cfg(test)]
mod tests;

pub use card_id::CardId;
pub(crate) use card_id::Marks;
pub use diagram::diagram;
pub use fact::{
    Access, Basis, CardTrust, Identity, Said, Scope, Stage, Stated, VISIT_TYPE_EMERGENCY,
};
pub(crate) use machine::Consent;
pub use machine::PermitLife;
pub(crate) use permit::PendingPermit;
pub use permit::{CLOCK_TOLERANCE_MILLIS, Permit};
pub use table::Facts;

pub use crate::error::Refusal;
