//! What a card says of its tries, and what became of a VERIFY: outcomes that are values.

use crate::applet::KeyRef;
use crate::error::CredentialFault;

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
    /// The key was verified already in this session; nothing was sent.
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
    pub floor: u8,
}

impl Verification {
    /// Whether the key is open now.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self.outcome, VerifyOutcome::Accepted | VerifyOutcome::AlreadyVerified)
    }

    /// Whether the caller had lowered the floor below the key's default.
    #[must_use]
    pub const fn floor_was_lowered(&self) -> bool {
        self.floor < self.key.default_floor()
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
