//! The three facts that a permit needs: card, identity, basis. Independent of each other, since
//! crews work in different orders.

use crate::Timestamp;
use crate::audit::{Event, ShortId};

/// Declares a fact with the list of its values.
macro_rules! fact {
    ($(#[$meta:meta])* $name:ident { $( $(#[$variant_meta:meta])* $variant:ident, )* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub enum $name { $( $(#[$variant_meta])* $variant, )* }

        impl $name {
            /// Every value.
            pub const ALL: &'static [Self] = &[ $( Self::$variant, )* ];
        }
    };
}

fact! {
    /// How far the card can be trusted, as far as consent is concerned.
    CardTrust {
        /// None has been read.
        Unread,
        /// Read; nothing speaks against it.
        Acceptable,
        /// Read; its authenticity could not be established in full. The crew sees that and decides.
        Doubtful,
        /// Read; a signature or the card's live answer is wrong. Never leads to a permit.
        Forged,
    }
}

fact! {
    /// Whether the patient is the person on the card: 目視による本人確認, the face beside the printed
    /// photograph or the one from the chip.
    Identity {
        /// Nobody has looked yet.
        NotChecked,
        /// Face and photograph match.
        Matched,
        /// They differ.
        Differs,
        /// It cannot be told (injuries, bandages, an old photograph, or none: a small child's card).
        Unverifiable,
    }
}

fact! {
    /// On what basis medical information may be seen. Who said so, and why, is in its [`Stated`].
    Basis {
        /// Nobody has been asked.
        NotAsked,
        /// The patient's (傷病者本人) oral consent (口頭同意).
        PatientConsents,
        /// The oral consent of somebody who may give it for the patient (家族等), recorded as such.
        RepresentativeConsents,
        /// Consent is hard to obtain and life or body must be protected
        /// (生命・身体の保護のために必要で、同意取得が困難).
        LifeProtection,
        /// Refused (不同意).
        Refused,
        /// Withdrawn (同意撤回).
        Withdrawn,
    }
}

fact! {
    /// Whether a permit has been released that nothing has ended.
    Access {
        /// There is none.
        Shut,
        /// There is one, in force until its time runs out.
        Released,
    }
}

fact! {
    /// Whether the encounter goes on.
    Stage {
        /// It goes on.
        Open,
        /// It has ended.
        Ended,
    }
}

/// What established a fact, who said it, and when.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Said {
    /// What was recorded: for life protection it says why consent could not be obtained.
    pub event: Event,
    /// The crew member.
    pub by: ShortId,
    /// The moment.
    pub at: Timestamp,
}

/// A fact, and what established it; nothing while it is as it was in the beginning.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Stated<T> {
    /// The fact.
    pub fact: T,
    /// What established it.
    pub said: Option<Said>,
}

impl Basis {
    /// The service's own code of consent (同意区分): 0 refused or withdrawn, 1 given, 3 not
    /// obtainable; none while nobody has been asked.
    ///
    /// Source of the values: code lists seen in public third-party code, not the specification.
    #[must_use]
    pub const fn service_code(self) -> Option<u8> {
        match self {
            Self::NotAsked => None,
            Self::Refused | Self::Withdrawn => Some(0),
            Self::PatientConsents | Self::RepresentativeConsents => Some(1),
            Self::LifeProtection => Some(3),
        }
    }
}

/// The service's own code for the kind of visit (診療区分): 4, emergency (救急時).
pub const VISIT_TYPE_EMERGENCY: u8 = 4;

/// What a permit opens.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Scope {
    /// The emergency summary (救急用サマリー).
    Summary,
    /// The full view (全量版), which includes the summary.
    Full,
}

impl Scope {
    /// Whether a permit of this scope opens `wanted`.
    #[must_use]
    pub const fn covers(self, wanted: Self) -> bool {
        matches!((self, wanted), (Self::Full, _) | (Self::Summary, Self::Summary))
    }

    /// The service's own code of the request pattern (情報要求パターン): 1 summary, 2 full view.
    ///
    /// Source of the values: code lists seen in public third-party code, not the specification.
    #[must_use]
    pub const fn service_code(self) -> u8 {
        match self {
            Self::Summary => 1,
            Self::Full => 2,
        }
    }
}

impl Scope {
    /// A permit of this scope, as it stands in the log.
    #[must_use]
    pub const fn event(self) -> Event {
        match self {
            Self::Summary => Event::PermitSummary,
            Self::Full => Event::PermitFull,
        }
    }
}
