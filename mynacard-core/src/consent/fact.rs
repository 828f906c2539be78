//! The three facts that a permit needs: card, identity, basis. Independent of each other, since
//! crews work in different orders.

use core::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::Timestamp;
use crate::audit::ShortId;

/// Opaque identity of a card: a 32-byte hash that the caller makes of what identifies the card.
/// Equal for equal cards. Wiped on drop, never printed; a log sees only a salted commitment to it.
#[derive(Clone, Eq, PartialEq, Zeroize, ZeroizeOnDrop)]
pub struct CardKey([u8; 32]);

impl CardKey {
    /// From a SHA-256 (or as long a hash) of what identifies the card.
    #[must_use]
    pub const fn from_hash(hash: [u8; 32]) -> Self {
        Self(hash)
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for CardKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CardKey(..)")
    }
}

/// How far the card can be trusted, in the integrator's summary of what the trust checks said.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum CardTrust {
    /// Nothing speaks against it.
    Acceptable,
    /// Its authenticity could not be established in full. The crew sees that and decides.
    Doubtful,
    /// A signature or the card's live answer is wrong. Never leads to a permit.
    Forged,
}

/// Who said something, and when.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Mark {
    /// The crew member.
    pub by: ShortId,
    /// The moment.
    pub at: Timestamp,
}

/// Whether the patient is the person on the card: 目視による本人確認, the face beside the printed
/// photograph or the one from the chip.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Identity {
    /// Nobody has looked yet.
    NotChecked,
    /// Face and photograph match.
    Matched(Mark),
    /// They differ.
    Differs(Mark),
    /// It cannot be told (injuries, bandages, an old photograph, or none: a small child's card).
    Unverifiable(Mark),
}

/// Who gave oral consent.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Giver {
    /// The patient (傷病者本人).
    Patient,
    /// Somebody who may consent for the patient (家族等), recorded as such.
    Representative,
}

/// Why consent could not be obtained (同意取得困難の理由).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Unobtainable {
    /// 意識不明.
    Unconscious,
    /// 意識障害: awake, but not able to decide.
    ImpairedConsciousness,
    /// 意思疎通困難: speech, hearing or language stand in the way.
    CannotCommunicate,
    /// 心肺停止.
    CardiopulmonaryArrest,
}

/// On what basis medical information may be seen.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Basis {
    /// Nobody has been asked.
    NotAsked,
    /// Oral consent (口頭同意).
    OralConsent {
        /// Who gave it.
        giver: Giver,
        /// Who took it, and when.
        mark: Mark,
    },
    /// Consent is hard to obtain and life or body must be protected
    /// (生命・身体の保護のために必要で、同意取得が困難).
    LifeProtection {
        /// Why consent could not be obtained.
        reason: Unobtainable,
        /// Who said so, and when.
        mark: Mark,
    },
    /// Refused (不同意).
    Refused(Mark),
    /// Withdrawn (同意撤回).
    Withdrawn(Mark),
}

impl Basis {
    /// The service's own code of consent (同意区分): 0 refused or withdrawn, 1 given, 3 not
    /// obtainable; none while nobody has been asked.
    ///
    /// Source of the values: code lists seen in public third-party code, not the specification.
    #[must_use]
    pub const fn service_code(&self) -> Option<u8> {
        match self {
            Self::NotAsked => None,
            Self::Refused(_) | Self::Withdrawn(_) => Some(0),
            Self::OralConsent { .. } => Some(1),
            Self::LifeProtection { .. } => Some(3),
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
