//! The scenarios: which cards are put on the reader, and what the crew says.

use clap::ValueEnum;
use mynacard_core::medical::NoRecords;
use mynacard_sim::{Forgery, Profile, VirtualCard};

/// What happens in the demonstration.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Scenario {
    /// The patient consents: the whole way to the hospital.
    Consent,
    /// The patient is unconscious: life protection, with its reason.
    Unconscious,
    /// Life protection; then the patient wakes, is asked, and refuses.
    Wakes,
    /// The patient refuses.
    Refuses,
    /// The face is not the one on the card.
    FaceDiffers,
    /// A second card is put on the reader in the middle of it.
    WrongCard,
    /// The card has too few tries left.
    NearlyLocked,
    /// The photo on the chip was exchanged.
    Forged,
    /// No signal to the medical information.
    NoSignal,
    /// The card is not registered as a health insurance card.
    NotRegistered,
    /// There is no card.
    NoCard,
}

/// What the patient answers.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Answer {
    Given,
    Refused,
    Unobtainable,
}

impl Scenario {
    /// Its name on the command line.
    pub(crate) fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }

    /// What the dispatcher says, in Japanese and English.
    pub(crate) const fn dispatch(self) -> (&'static str, &'static str) {
        match self {
            Self::Unconscious | Self::Wakes => (
                "架空市命町、70代男性、意識なし、呼吸あり。家族がマイナンバーカードを所持。",
                "A man found unconscious, breathing. The family has his My Number Card.",
            ),
            Self::NoCard => (
                "架空市命町、40代男性、胸痛。マイナンバーカードは手元になし。",
                "A man with chest pain. He does not have his card with him.",
            ),
            _ => (
                "架空市命町、40代男性、胸痛、会話可能。マイナンバーカードあり。",
                "A man with chest pain, able to talk. He has his My Number Card.",
            ),
        }
    }

    /// What the crew finds: chief complaint (主訴) and consciousness (意識).
    pub(crate) const fn findings(self) -> (&'static str, &'static str) {
        match self {
            Self::Unconscious => ("意識障害", "JCS 300"),
            Self::Wakes => ("意識障害", "JCS 1、接触時 JCS 200"),
            _ => ("胸痛", "清明"),
        }
    }

    /// The person whose card it is.
    pub(crate) fn profile(self) -> &'static Profile {
        let name = match self {
            Self::Unconscious | Self::Wakes => "long-name",
            Self::NearlyLocked => "nearly-locked",
            _ => "adult",
        };
        Profile::find(name).unwrap_or_else(|| Profile::adult())
    }

    /// The card on the reader; none if there is none.
    pub(crate) fn card(self) -> Option<VirtualCard> {
        match self {
            Self::NoCard => None,
            Self::Forged => Some(Forgery::SwappedPhoto.card()),
            _ => Some(self.profile().card()),
        }
    }

    /// The second card that is put on the reader.
    pub(crate) fn second(self) -> Option<&'static Profile> {
        match self {
            Self::WrongCard => Profile::find("two-line-address"),
            _ => None,
        }
    }

    /// Whether the face is the one on the card.
    pub(crate) const fn face_matches(self) -> bool {
        !matches!(self, Self::FaceDiffers)
    }

    /// What the crew says about consent.
    pub(crate) const fn answer(self) -> Answer {
        match self {
            Self::Refuses => Answer::Refused,
            Self::Unconscious | Self::Wakes => Answer::Unobtainable,
            _ => Answer::Given,
        }
    }

    /// Why the source of medical information has none.
    pub(crate) const fn no_records(self) -> Option<NoRecords> {
        match self {
            Self::NoSignal => Some(NoRecords::NoSignal),
            Self::NotRegistered => Some(NoRecords::NotRegistered),
            _ => None,
        }
    }

    /// Whether it stands on a card of its own, which no card on a reader can replace.
    pub(crate) const fn has_its_own_card(self) -> bool {
        matches!(self, Self::WrongCard | Self::NearlyLocked | Self::Forged | Self::NoCard)
    }
}
