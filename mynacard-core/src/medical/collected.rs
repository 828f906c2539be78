//! What a source found, before anybody may see it.

use core::fmt;

use serde::Serialize;

use super::MedicalFault;
use super::item::{CareAct, Checkup, Dialysis, Medicine, Surgery, UnknownItem, Visit};

/// Largest number of items that a source may bring for one patient, results of check-ups included.
pub const MAX_ITEMS: usize = 20_000;

/// What kind of place the data come from. It stands at the head of every report.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Origin {
    /// Invented data (架空データ) for demonstrations and drills.
    Synthetic,
    /// A layout that was read off public code and never verified against the service.
    UnverifiedLayout,
    /// Whatever the vendor of the source vouches for.
    Vendor,
}

/// Everything that a source found about one patient, unfiltered: it can be filled, not read. Only
/// [`fetch`](super::fetch) turns it into a view, and for that takes a permit.
#[derive(Default)]
pub struct Collected {
    /// Whether some of it was read from a layout that was never verified.
    pub(super) unverified: bool,
    pub(super) visits: Vec<Visit>,
    pub(super) medicines: Vec<Medicine>,
    pub(super) care: Vec<CareAct>,
    pub(super) surgeries: Vec<Surgery>,
    pub(super) dialyses: Vec<Dialysis>,
    pub(super) checkups: Vec<Checkup>,
    pub(super) unknown: Vec<UnknownItem>,
    pub(super) refused: usize,
    items: usize,
}

macro_rules! adds {
    ($( $(#[$meta:meta])* $method:ident, $list:ident, $item:ty; )*) => { $(
        $(#[$meta])*
        ///
        /// Errors: [`MedicalFault::TooManyItems`].
        pub fn $method(&mut self, item: $item) -> Result<(), MedicalFault> {
            self.count(1)?;
            self.$list.push(item);
            Ok(())
        }
    )* };
}

impl Collected {
    /// Nothing yet.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            unverified: false,
            visits: Vec::new(),
            medicines: Vec::new(),
            care: Vec::new(),
            surgeries: Vec::new(),
            dialyses: Vec::new(),
            checkups: Vec::new(),
            unknown: Vec::new(),
            refused: 0,
            items: 0,
        }
    }

    adds! {
        /// Adds a visit (受診).
        add_visit, visits, Visit;
        /// Adds a medicine (薬剤), whatever its source.
        add_medicine, medicines, Medicine;
        /// Adds a care act (診療行為).
        add_care, care, CareAct;
        /// Adds an operation (手術).
        add_surgery, surgeries, Surgery;
        /// Adds a dialysis (透析).
        add_dialysis, dialyses, Dialysis;
    }

    /// Adds a check-up (特定健診).
    ///
    /// Errors: [`MedicalFault::TooManyItems`].
    pub fn add_checkup(&mut self, checkup: Checkup) -> Result<(), MedicalFault> {
        self.count(checkup.results.len().saturating_add(1))?;
        self.checkups.push(checkup);
        Ok(())
    }

    /// Adds something unknown, unless its name says that it is none of an ambulance's business: the
    /// individual number (個人番号), taxes, income, pensions, bank accounts. Such an item is
    /// refused: counted, never kept.
    ///
    /// Errors: [`MedicalFault::TooManyItems`].
    pub fn add_unknown(&mut self, item: UnknownItem) -> Result<(), MedicalFault> {
        self.count(1)?;
        if is_nobodys_business(item.name.as_str()) {
            self.refused += 1;
        } else {
            self.unknown.push(item);
        }
        Ok(())
    }

    /// Takes over everything from another collection.
    ///
    /// Errors: [`MedicalFault::TooManyItems`], with nothing taken over.
    #[cfg(feature = "oqs-xml")]
    pub(super) fn absorb(&mut self, mut other: Self) -> Result<(), MedicalFault> {
        self.count(other.items)?;
        self.unverified |= other.unverified;
        self.visits.append(&mut other.visits);
        self.medicines.append(&mut other.medicines);
        self.care.append(&mut other.care);
        self.surgeries.append(&mut other.surgeries);
        self.dialyses.append(&mut other.dialyses);
        self.checkups.append(&mut other.checkups);
        self.unknown.append(&mut other.unknown);
        self.refused += other.refused;
        Ok(())
    }

    fn count(&mut self, more: usize) -> Result<(), MedicalFault> {
        self.items = self.items.saturating_add(more);
        if self.items > MAX_ITEMS { Err(MedicalFault::TooManyItems) } else { Ok(()) }
    }
}

impl fmt::Debug for Collected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Collected").field("items", &self.items).finish_non_exhaustive()
    }
}

/// Judged by the name alone, since the value of an unknown item can be anything; digits that could be
/// an individual number are masked in every text anyway.
fn is_nobodys_business(name: &str) -> bool {
    const JAPANESE: [&str; 6] = ["個人番号", "マイナンバー", "税", "所得", "年金", "口座"];
    const ENGLISH: [&str; 9] = [
        "mynumber",
        "individualnumber",
        "kojinbango",
        "incometax",
        "residenttax",
        "taxation",
        "income",
        "pension",
        "bankaccount",
    ];
    let letters = name.chars().filter(char::is_ascii_alphabetic);
    let folded: String = letters.map(|letter| letter.to_ascii_lowercase()).collect();
    folded == "tax"
        || ENGLISH.iter().any(|word| folded.contains(word))
        || JAPANESE.iter().any(|word| name.contains(word))
}
