//! Where an item of medical information comes from.

use serde::Serialize;

/// Where an item comes from, which says how old the newest of its kind can be.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Source {
    /// Dispensing information of an e-prescription (電子処方箋 調剤情報): there right after the act.
    Dispensing,
    /// Prescription information of an e-prescription (電子処方箋 処方情報): there right after the act.
    /// Prescribed, perhaps never dispensed.
    Prescription,
    /// Receipts (レセプト): the newest are about six weeks old.
    Receipt,
    /// Results of specific health check-ups (特定健診). How late they arrive is not published.
    CheckupRegister,
    /// Not stated.
    Unstated,
}

impl Source {
    /// Japanese name.
    #[must_use]
    pub const fn japanese(self) -> &'static str {
        match self {
            Self::Dispensing => "電子処方箋(調剤)",
            Self::Prescription => "電子処方箋(処方)",
            Self::Receipt => "レセプト",
            Self::CheckupRegister => "特定健診",
            Self::Unstated => "出所不明",
        }
    }

    /// How old the newest information of this source is, in Japanese.
    #[must_use]
    pub const fn age_japanese(self) -> &'static str {
        match self {
            Self::Dispensing | Self::Prescription => "直近まで反映",
            Self::Receipt => "最新でも約1か月半前まで",
            Self::CheckupRegister => "反映までの期間は不明",
            Self::Unstated => "いつまでの情報か不明",
        }
    }

    /// How old the newest information of this source is, in English.
    #[must_use]
    pub const fn age_english(self) -> &'static str {
        match self {
            Self::Dispensing | Self::Prescription => "from e-prescriptions, up to date",
            Self::Receipt => "from receipts, up to about six weeks old",
            Self::CheckupRegister => "from the check-up register, of unpublished delay",
            Self::Unstated => "from an unstated source, of unknown age",
        }
    }
}
