//! The live challenge (内部認証): the card signs a number that it cannot have seen before.
//!
//! **The nonce is the host's duty**, since this library draws no random numbers: at least 16 bytes
//! from a cryptographic generator, drawn anew for each tap, never reused, not derived from the time.
//! A nonce that a forger can foresee, or that was used before, makes a recorded answer pass.
//!
//! What is sent: `80 2A 00 00`, whose P1 = 00 makes the card pad what it is given verbatim
//! (card-spec §2). The library hashes the nonce and sends the DigestInfo, so that the answer is an
//! ordinary PKCS#1 v1.5 signature with SHA-256 over the nonce; the card's own hashing (P1 = 03)
//! gives the same bytes, but not every card is known to have it. Effect on the card: none; no PIN is
//! needed. It signs with the key of the selected application (face `001A`, text `0013`).
//!
//! What an answer does not prove: that the card is near. One relayed from afar is just as good.

use core::fmt;

use ring::digest::{SHA256, digest};

use super::record::CardKey;
use super::rsa::{PublicKey, encode_message};
use crate::error::Misuse;

/// Fewest bytes of a nonce.
pub const SHORTEST_NONCE: usize = 16;
/// Most bytes of a nonce.
pub const LONGEST_NONCE: usize = 256;

/// A DigestInfo for SHA-256 up to the digest (RFC 8017 §9.2).
const DIGEST_INFO: [u8; 19] = [
    0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
    0x00, 0x04, 0x20,
];

/// One challenge for one tap. Both applications may answer the same one.
#[derive(Clone)]
pub struct Challenge {
    command_data: [u8; 51],
}

impl Challenge {
    /// From a fresh nonce.
    ///
    /// Errors: [`Misuse::OutOfRange`] if it has less than 16 or more than 256 bytes, or if all its
    /// bytes are the same, as of a buffer that nobody filled.
    pub fn new(nonce: &[u8]) -> Result<Self, Misuse> {
        let filled = nonce.iter().any(|byte| Some(byte) != nonce.first());
        if !(SHORTEST_NONCE..=LONGEST_NONCE).contains(&nonce.len()) || !filled {
            return Err(Misuse::OutOfRange);
        }
        let mut command_data = [0; 51];
        let hash = digest(&SHA256, nonce);
        let bytes = DIGEST_INFO.iter().chain(hash.as_ref());
        command_data.iter_mut().zip(bytes).for_each(|(slot, byte)| *slot = *byte);
        Ok(Self { command_data })
    }

    /// The data of the command: a DigestInfo of 51 bytes.
    #[must_use]
    pub const fn command_data(&self) -> &[u8; 51] {
        &self.command_data
    }

    /// Judges the card's answer under the key of its verified record.
    #[must_use]
    pub fn judge(&self, key: &CardKey, answer: &[u8]) -> Liveness {
        match key.key() {
            Err(_) => Liveness::NotLive { why: NotLive::WeakKey },
            Ok(key) if self.is_answered(key, answer) => Liveness::Live,
            Ok(_) => Liveness::NotLive { why: NotLive::WrongAnswer },
        }
    }
}

impl Challenge {
    /// Whether the answer is this key's signature over the challenge. Says nothing of the key.
    ///
    /// A card's key tells one card from another, and `ring` leaves a copy of it on the heap.
    pub(crate) fn is_answered(&self, key: &PublicKey, answer: &[u8]) -> bool {
        key.verify_encoded(&encode_message(&self.command_data), answer)
    }
}

impl fmt::Debug for Challenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Challenge(…)")
    }
}

/// Whether the chip that is present holds the private key of its record.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Liveness {
    /// It answered a fresh challenge.
    Live,
    /// It did not, or there was nothing to hold its answer against.
    NotLive {
        /// Why.
        why: NotLive,
    },
}

impl Liveness {
    /// Stable name: `live`, `not-live`.
    #[must_use]
    pub const fn status(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::NotLive { .. } => "not-live",
        }
    }
}

reasons! {
    /// Why a card is not called live.
    NotLive {
        /// It was not asked, or gave no answer.
        NotAnswered = "not-answered",
            ja "ICチップの応答確認をしていません。",
            en "The chip was not challenged, or did not answer.";
        /// No verified record holds a key to check an answer with.
        NoTrustedKey = "no-trusted-key",
            ja "確認済みの鍵がないため、ICチップの応答を確認できません。",
            en "There is no verified key to check the chip's answer with.";
        /// The key in the record is refused by the policy.
        WeakKey = "weak-key",
            ja "ICチップの鍵が弱く、信用できません。",
            en "The chip's key is too weak to be believed.";
        /// The answer is not this key's signature over this challenge: a copy, or a replay.
        WrongAnswer = "wrong-answer",
            ja "ICチップの応答が正しくありません。複製カードの疑いがあります。",
            en "The chip's answer is wrong: it may be a copy.";
    }
}
