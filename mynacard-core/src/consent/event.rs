//! What can happen in an encounter: a closed set, each with a code of its own.

use super::fact::{CardKey, CardTrust, Giver, Scope, Unobtainable};
use crate::audit::EventCode;

/// Why a card could not be read.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum CardFailure {
    /// No readable answer.
    Unreadable,
    /// The credential is locked.
    Locked,
    /// Too few tries are left, so none was made.
    NearlyLocked,
    /// The credential was wrong.
    WrongNumber,
    /// Not a My Number Card, or a smartphone.
    AnotherKind,
    /// The card or its certificate has expired.
    Expired,
}

/// Why the source of medical information gave nothing.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum SourceFailure {
    /// No signal.
    NoSignal,
    /// The source does not answer.
    Down,
    /// The card is not registered as a health insurance card (保険証利用登録なし).
    NotRegistered,
    /// The certificate has expired (電子証明書の期限切れ): in the months after that the service still
    /// tells the insurance eligibility, but gives no medical information.
    CertificateExpired,
}

/// How an encounter ends without a hand-over of what was seen: back to ordinary activity
/// (通常の救急活動). One event, one code, one tap.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum WayOut {
    /// No card at hand.
    NoCard,
    /// The card cannot be read.
    Unreadable,
    /// The card is locked, or too nearly so.
    Locked,
    /// The card is forged.
    Forged,
    /// Only somebody else's card is there.
    WrongCard,
    /// The card or its certificate has expired (有効期限切れ).
    Expired,
    /// Face and photograph differ.
    FaceDiffers,
    /// The face cannot be verified (本人確認不可).
    FaceUnverifiable,
    /// Consent refused (不同意).
    Refused,
    /// Consent withdrawn.
    Withdrawn,
    /// The crew's decision, for urgency or severity (緊急度・重症度).
    Urgency,
    /// The crew's decision, for the surroundings (周囲の状況).
    Surroundings,
    /// The crew's decision, for another reason.
    CrewDecision,
    /// No signal.
    NoSignal,
    /// The source is down.
    SourceDown,
    /// The card is not registered as a health insurance card.
    NotRegistered,
}

impl WayOut {
    /// Every way out but the hand-over.
    pub const ALL: &'static [Self] = &[
        Self::NoCard,
        Self::Unreadable,
        Self::Locked,
        Self::Forged,
        Self::WrongCard,
        Self::Expired,
        Self::FaceDiffers,
        Self::FaceUnverifiable,
        Self::Refused,
        Self::Withdrawn,
        Self::Urgency,
        Self::Surroundings,
        Self::CrewDecision,
        Self::NoSignal,
        Self::SourceDown,
        Self::NotRegistered,
    ];

    /// Its code in the log.
    #[must_use]
    pub const fn code(self) -> EventCode {
        match self {
            Self::NoCard => EventCode::EndNoCard,
            Self::Unreadable => EventCode::EndUnreadable,
            Self::Locked => EventCode::EndLocked,
            Self::Forged => EventCode::EndForged,
            Self::WrongCard => EventCode::EndWrongCard,
            Self::Expired => EventCode::EndExpired,
            Self::FaceDiffers => EventCode::EndFaceDiffers,
            Self::FaceUnverifiable => EventCode::EndFaceUnverifiable,
            Self::Refused => EventCode::EndRefused,
            Self::Withdrawn => EventCode::EndWithdrawn,
            Self::Urgency => EventCode::EndUrgency,
            Self::Surroundings => EventCode::EndSurroundings,
            Self::CrewDecision => EventCode::EndCrewOther,
            Self::NoSignal => EventCode::EndNoSignal,
            Self::SourceDown => EventCode::EndSourceDown,
            Self::NotRegistered => EventCode::EndNotRegistered,
        }
    }
}

/// Something that happened, as the host reports it. Permits are asked for apart:
/// [`request_permit`](super::Consent::request_permit).
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Event {
    /// A card was read. Another card than before is a second card, whatever the host thinks.
    CardRead {
        /// Which card.
        card: CardKey,
        /// How far it can be trusted.
        trust: CardTrust,
    },
    /// A card could not be read.
    CardFailed(CardFailure),
    /// Face and photograph match.
    FaceMatched,
    /// Face and photograph differ.
    FaceDiffers,
    /// It cannot be told.
    FaceUnverifiable,
    /// Oral consent was given.
    ConsentGiven(Giver),
    /// Consent was refused.
    ConsentRefused,
    /// Consent was withdrawn.
    ConsentWithdrawn,
    /// Consent is hard to obtain and life or body must be protected.
    ConsentUnobtainable(Unobtainable),
    /// The patient woke, or can speak for themselves again: the crew must ask.
    PatientAwake,
    /// The source gave nothing.
    SourceFailed(SourceFailure),
    /// The time of the permits has run out. Reporting it is for the log only: a permit ends by
    /// itself.
    PermitExpired,
    /// The patient was handed over to the hospital. Ends the encounter.
    HandedOver,
    /// The encounter ends in another way.
    Closed(WayOut),
}

impl Event {
    /// What kind of event this is for the table, given whether it brings another card than the
    /// present one and whether a live permit's time is over.
    pub(super) fn trigger(&self, other_card: bool, expiry_due: bool) -> Trigger {
        match self {
            Self::CardRead { trust, .. } => match (other_card, trust) {
                (false, CardTrust::Acceptable) => Trigger::CardAcceptable,
                (false, CardTrust::Doubtful) => Trigger::CardDoubtful,
                (false, CardTrust::Forged) => Trigger::CardForged,
                (true, CardTrust::Acceptable) => Trigger::SecondCardAcceptable,
                (true, CardTrust::Doubtful) => Trigger::SecondCardDoubtful,
                (true, CardTrust::Forged) => Trigger::SecondCardForged,
            },
            Self::CardFailed(_) => Trigger::CardFailed,
            Self::FaceMatched => Trigger::FaceMatched,
            Self::FaceDiffers => Trigger::FaceDiffers,
            Self::FaceUnverifiable => Trigger::FaceUnverifiable,
            Self::ConsentGiven(Giver::Patient) => Trigger::ConsentByPatient,
            Self::ConsentGiven(Giver::Representative) => Trigger::ConsentByRepresentative,
            Self::ConsentRefused => Trigger::ConsentRefused,
            Self::ConsentWithdrawn => Trigger::ConsentWithdrawn,
            Self::ConsentUnobtainable(_) => Trigger::ConsentUnobtainable,
            Self::PatientAwake => Trigger::PatientAwake,
            Self::SourceFailed(_) => Trigger::SourceFailed,
            Self::PermitExpired if expiry_due => Trigger::PermitExpired,
            Self::PermitExpired => Trigger::PermitNotExpired,
            Self::HandedOver => Trigger::HandedOver,
            Self::Closed(_) => Trigger::Closed,
        }
    }

    /// Its code in the log, given whether it brings another card than the present one and whether a
    /// permit was ever released.
    pub(super) fn code(&self, other_card: bool, released: bool) -> EventCode {
        match self {
            Self::CardRead { trust, .. } => match (other_card, trust) {
                (false, CardTrust::Acceptable) => EventCode::CardAcceptable,
                (false, CardTrust::Doubtful) => EventCode::CardDoubtful,
                (false, CardTrust::Forged) => EventCode::CardForged,
                (true, CardTrust::Acceptable) => EventCode::SecondCardAcceptable,
                (true, CardTrust::Doubtful) => EventCode::SecondCardDoubtful,
                (true, CardTrust::Forged) => EventCode::SecondCardForged,
            },
            Self::CardFailed(CardFailure::Unreadable) => EventCode::CardUnreadable,
            Self::CardFailed(CardFailure::Locked) => EventCode::CardLocked,
            Self::CardFailed(CardFailure::NearlyLocked) => EventCode::CardNearlyLocked,
            Self::CardFailed(CardFailure::WrongNumber) => EventCode::CardWrongNumber,
            Self::CardFailed(CardFailure::AnotherKind) => EventCode::CardOfAnotherKind,
            Self::CardFailed(CardFailure::Expired) => EventCode::CardExpired,
            Self::FaceMatched => EventCode::FaceMatched,
            Self::FaceDiffers => EventCode::FaceDiffers,
            Self::FaceUnverifiable => EventCode::FaceUnverifiable,
            Self::ConsentGiven(Giver::Patient) => EventCode::ConsentByPatient,
            Self::ConsentGiven(Giver::Representative) => EventCode::ConsentByRepresentative,
            Self::ConsentRefused => EventCode::ConsentRefused,
            Self::ConsentWithdrawn => EventCode::ConsentWithdrawn,
            Self::ConsentUnobtainable(reason) => reason.code(),
            Self::PatientAwake => EventCode::PatientAwake,
            Self::SourceFailed(SourceFailure::NoSignal) => EventCode::NoSignal,
            Self::SourceFailed(SourceFailure::Down) => EventCode::SourceDown,
            Self::SourceFailed(SourceFailure::NotRegistered) => EventCode::NotRegistered,
            Self::SourceFailed(SourceFailure::CertificateExpired) => EventCode::CertificateExpired,
            Self::PermitExpired => EventCode::PermitExpired,
            Self::HandedOver if released => EventCode::HandedOver,
            Self::HandedOver => EventCode::HandedOverUnseen,
            Self::Closed(way) => way.code(),
        }
    }
}

impl Unobtainable {
    /// Its code in the log.
    #[must_use]
    pub const fn code(self) -> EventCode {
        match self {
            Self::Unconscious => EventCode::Unconscious,
            Self::ImpairedConsciousness => EventCode::ImpairedConsciousness,
            Self::CannotCommunicate => EventCode::CannotCommunicate,
            Self::CardiopulmonaryArrest => EventCode::CardiopulmonaryArrest,
        }
    }
}

impl Scope {
    /// The code of a permit of this scope in the log.
    #[must_use]
    pub const fn code(self) -> EventCode {
        match self {
            Self::Summary => EventCode::PermitSummary,
            Self::Full => EventCode::PermitFull,
        }
    }
}

/// What the table distinguishes: events without the particulars that change nothing, and what the
/// host does about a permit.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Trigger {
    /// The first card, or the same one again; nothing speaks against it.
    CardAcceptable,
    /// The first card, or the same one again; not authenticated in full.
    CardDoubtful,
    /// The first card, or the same one again; forged.
    CardForged,
    /// Another card; nothing speaks against it.
    SecondCardAcceptable,
    /// Another card; not authenticated in full.
    SecondCardDoubtful,
    /// Another card; forged.
    SecondCardForged,
    /// A card could not be read.
    CardFailed,
    /// Face and photograph match.
    FaceMatched,
    /// Face and photograph differ.
    FaceDiffers,
    /// It cannot be told.
    FaceUnverifiable,
    /// The patient consented.
    ConsentByPatient,
    /// A representative consented.
    ConsentByRepresentative,
    /// Consent was refused.
    ConsentRefused,
    /// Consent was withdrawn.
    ConsentWithdrawn,
    /// Consent could not be obtained.
    ConsentUnobtainable,
    /// The patient woke.
    PatientAwake,
    /// The source gave nothing.
    SourceFailed,
    /// A permit is asked for.
    PermitRequested,
    /// The entry of a permit is stored.
    PermitStored,
    /// A permit's time has run out.
    PermitExpired,
    /// Expiry was reported, but no live permit's time has run out.
    PermitNotExpired,
    /// Handed over.
    HandedOver,
    /// Ended in another way.
    Closed,
}

impl Trigger {
    /// Every trigger.
    pub const ALL: &'static [Self] = &[
        Self::CardAcceptable,
        Self::CardDoubtful,
        Self::CardForged,
        Self::SecondCardAcceptable,
        Self::SecondCardDoubtful,
        Self::SecondCardForged,
        Self::CardFailed,
        Self::FaceMatched,
        Self::FaceDiffers,
        Self::FaceUnverifiable,
        Self::ConsentByPatient,
        Self::ConsentByRepresentative,
        Self::ConsentRefused,
        Self::ConsentWithdrawn,
        Self::ConsentUnobtainable,
        Self::PatientAwake,
        Self::SourceFailed,
        Self::PermitRequested,
        Self::PermitStored,
        Self::PermitExpired,
        Self::PermitNotExpired,
        Self::HandedOver,
        Self::Closed,
    ];
}
