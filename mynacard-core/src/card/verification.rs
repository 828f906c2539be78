//! What a card says of its tries, and what became of a VERIFY: outcomes that are values.

use crate::error::{CredentialFault, Misuse};
use crate::map::KeyRef;

/// Fewest tries that must be left before one may be spent. Only a municipal office unlocks a key.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Floor(u8);

impl Floor {
    /// Three: two wrong ones may still follow.
    pub const DEFAULT: Self = Self(3);

    /// Lets even the last try be spent, after which wrong digits have locked the key. For a holder who
    /// insists and has been told. Results say it ([`Verification::allowed_last_tries`]), the trust
    /// checks name it, and an encounter records it.
    pub const LAST_TRIES_ALLOWED: Self = Self(1);

    /// A floor of 2 to 15 tries; 0 is the default.
    ///
    /// Errors: [`Misuse::OutOfRange`] for 1, which could lock a key and has a name of its own, and above
    /// 15, which no card counts.
    pub const fn new(tries: u8) -> Result<Self, Misuse> {
        match tries {
            0 => Ok(Self::DEFAULT),
            2..=15 => Ok(Self(tries)),
            _ => Err(Misuse::OutOfRange),
        }
    }

    /// How many tries.
    #[must_use]
    pub const fn tries(self) -> u8 {
        self.0
    }
}

impl Default for Floor {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// How many tries a key has left, as the card says.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TriesLeft {
    /// This many; 0 means blocked.
    Count(u8),
    /// The key is blocked.
    Blocked,
    /// The key is verified already and the card does not tell its counter.
    AlreadyVerified,
    /// The card counts no tries for this key, or does not tell.
    NotTold,
}

/// What became of a VERIFY. Every one of these is an expected outcome, not an error.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum VerifyOutcome {
    /// Right. The counter is back at its maximum.
    Accepted,
    /// The card said that the key was open already, also after its application was left and selected
    /// again; nothing was sent, and **the digits were not checked**.
    AlreadyVerified,
    /// Wrong. One try is spent; this many are left.
    Rejected {
        /// Tries left, 0..=15.
        left: u8,
    },
    /// Blocked, before or by this try. Only a municipal office unlocks it.
    Blocked,
    /// Not tried, because fewer tries are left than the floor. Nothing is spent.
    RefusedByFloor {
        /// Tries left, 0..=15.
        left: u8,
        /// The floor that was in force.
        floor: u8,
    },
}

/// A VERIFY with its circumstances.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Verification {
    /// The key.
    pub key: KeyRef,
    /// What became of it.
    pub outcome: VerifyOutcome,
    /// Tries left before it, as the card said; none if it told no number.
    pub left_before: Option<u8>,
    /// The floor in force.
    pub floor: Floor,
}

impl Verification {
    /// Whether the key is open now.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self.outcome, VerifyOutcome::Accepted | VerifyOutcome::AlreadyVerified)
    }

    /// Whether the caller had allowed even the last try to be spent.
    #[must_use]
    pub const fn allowed_last_tries(&self) -> bool {
        self.floor.tries() < 2
    }

    /// Whether the number must not be presented again, to no key: it was wrong, or a key is blocked.
    #[must_use]
    pub const fn ends_the_number(&self) -> bool {
        matches!(self.outcome, VerifyOutcome::Rejected { .. } | VerifyOutcome::Blocked)
    }

    /// Tries that this cost: 0 or 1. A success costs none, since it restores the counter.
    #[must_use]
    pub const fn tries_spent(&self) -> u8 {
        match self.outcome {
            VerifyOutcome::Rejected { .. } => 1,
            // Some cards say only that the key is blocked when a wrong try has blocked it.
            VerifyOutcome::Blocked => matches!(self.left_before, Some(1..)) as u8,
            VerifyOutcome::Accepted
            | VerifyOutcome::AlreadyVerified
            | VerifyOutcome::RefusedByFloor { .. } => 0,
        }
    }

    /// Tries left after this, if the card told: the last number it gave. A success restores the
    /// counter to its maximum, which the card does not state.
    #[must_use]
    pub const fn tries_left(&self) -> Option<u8> {
        match self.outcome {
            VerifyOutcome::Rejected { left } | VerifyOutcome::RefusedByFloor { left, .. } => {
                Some(left)
            }
            VerifyOutcome::Blocked => Some(0),
            VerifyOutcome::Accepted | VerifyOutcome::AlreadyVerified => self.left_before,
        }
    }

    /// The outcome as a fault, for hosts that stop here; none if the key is open.
    #[must_use]
    pub const fn fault(&self) -> Option<CredentialFault> {
        match self.outcome {
            VerifyOutcome::Accepted | VerifyOutcome::AlreadyVerified => None,
            // The wrong try was the last one.
            VerifyOutcome::Rejected { left: 0 } => Some(CredentialFault::Blocked),
            VerifyOutcome::Rejected { .. } => Some(CredentialFault::Rejected),
            VerifyOutcome::Blocked => Some(CredentialFault::Blocked),
            VerifyOutcome::RefusedByFloor { .. } => Some(CredentialFault::RefusedByFloor),
        }
    }
}
