//! Medical data (医療情報) of the emergency: what a permit may show, with its periods, sources and age.
//!
//! Facts: items and periods are those published by the health ministry (2024-12-12); the layout of the
//! real emergency summary (救急用サマリー) is not public. This model therefore follows the published
//! table, and every adapter says what it is: see [`Origin`].
//!
//! What this room has no place for: the individual number, taxes, pensions. What it never does: infer
//! a diagnosis (傷病名) or an allergy. The absence of an item is not a finding.
//!
//! Effect on the card of everything here: none.

mod collected;
mod file_source;
mod item;
#[cfg(feature = "oqs-xml")]
pub mod oqs_unverified;
mod origin;
mod scope;
mod source;
mod text;
mod view;
mod when;

#[cfg(test)]
pub(crate) mod tests;

pub use crate::error::MedicalFault;
pub use collected::{Collected, MAX_ITEMS, Origin};
pub use file_source::{FileSource, MAX_FILE};
pub use item::{
    CareAct, Checkup, CheckupResult, Code, CodeSystem, Dialysis, Institution, Medicine, Surgery,
    UnknownItem, Visit,
};
pub use origin::Source;
pub use scope::{Period, Section, period};
pub use source::{Found, MedicalSource, NoRecords, Query, SourceAnswer, fetch};
pub use text::PersonalText;
pub use view::{LeftOut, MedicalView, VisitedInstitution};
pub use when::{Month, When};
