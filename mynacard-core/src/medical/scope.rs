//! What may be shown, and how far back: the published table as code.

use serde::Serialize;

use super::origin::Source;
use super::when::When;
use crate::calendar::Date;
use crate::consent::Scope;

/// The parts of the medical data (医療情報), as the published table names them.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Section {
    /// Visits (受診歴).
    Visits,
    /// Medicines from receipts (薬剤情報).
    Medicines,
    /// Medicines as dispensed, from e-prescriptions (調剤情報).
    Dispensed,
    /// Medicines as prescribed, from e-prescriptions (処方情報).
    Prescribed,
    /// Surgery (手術情報).
    Surgery,
    /// Care acts (診療情報).
    Care,
    /// Dialysis (透析情報).
    Dialysis,
    /// Specific health check-ups (特定健診情報).
    Checkups,
    /// Somewhere that this library does not know.
    Elsewhere,
}

impl Section {
    /// Every section, in the order of a report.
    pub const ALL: [Self; 9] = [
        Self::Visits,
        Self::Medicines,
        Self::Dispensed,
        Self::Prescribed,
        Self::Surgery,
        Self::Care,
        Self::Dialysis,
        Self::Checkups,
        Self::Elsewhere,
    ];

    /// The section that a medicine of this source belongs to.
    #[must_use]
    pub const fn of_medicine(source: Source) -> Self {
        match source {
            Source::Dispensing => Self::Dispensed,
            Source::Prescription => Self::Prescribed,
            _ => Self::Medicines,
        }
    }

    /// Japanese name, 受診歴.
    #[must_use]
    pub const fn japanese(self) -> &'static str {
        match self {
            Self::Visits => "受診歴",
            Self::Medicines => "薬剤情報",
            Self::Dispensed => "調剤情報",
            Self::Prescribed => "処方情報",
            Self::Surgery => "手術情報",
            Self::Care => "診療情報",
            Self::Dialysis => "透析情報",
            Self::Checkups => "特定健診情報",
            Self::Elsewhere => "分類不明",
        }
    }
}

/// How far back a section may be shown.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Period {
    /// Not at all.
    Nothing,
    /// So many days.
    Days(u16),
    /// So many calendar months.
    Months(u16),
}

impl Period {
    /// The first day of the period that ends `today`, if anything may be shown.
    ///
    /// Both ends belong to it: three months on 22 November reach back to 22 August, on 31 May to the
    /// last day of February.
    #[must_use]
    pub fn first_day(self, today: Date) -> Option<Date> {
        match self {
            Self::Nothing => None,
            Self::Days(days) => today.plus_days(-i64::from(days)),
            Self::Months(months) => today.plus_months(-i32::from(months)),
        }
    }

    /// Whether something that happened then lies in the period that ends `today`.
    ///
    /// What is dated by its month alone belongs to it when any day of the month does.
    #[must_use]
    pub fn contains(self, when: When, today: Date) -> bool {
        let first = self.first_day(today);
        first.is_some_and(|first| when.last_day() >= first && when.first_day() <= today)
    }
}

/// How far back a scope shows a section: the table of the health ministry's insurance subcommittee
/// of 12 December 2024 (社会保障審議会 医療保険部会), 救急用サマリー against 通常表示.
///
/// The table says nothing of what it does not name: [`Section::Elsewhere`] gets the shortest period
/// in months that its scope knows. Of check-ups the emergency summary shows the date alone.
#[must_use]
pub const fn period(scope: Scope, section: Section) -> Period {
    const FIVE_YEARS: Period = Period::Months(60);
    match (scope, section) {
        (Scope::Summary, Section::Surgery | Section::Checkups) => FIVE_YEARS,
        (Scope::Summary, Section::Dispensed) => Period::Days(45),
        (Scope::Summary, Section::Prescribed) => Period::Nothing,
        (Scope::Summary, _) => Period::Months(3),
        (Scope::Full, Section::Dispensed | Section::Prescribed) => Period::Days(100),
        (Scope::Full, _) => FIVE_YEARS,
    }
}

/// How many check-ups a scope shows, newest first (kyukyu: the full view shows five). The summary
/// shows the date of the newest.
#[must_use]
pub(crate) const fn checkups_shown(scope: Scope) -> usize {
    match scope {
        Scope::Summary => 1,
        Scope::Full => 5,
    }
}
