//! RSA public keys, the policy that admits them, and the two ways in which they are used.

use core::fmt;

use crypto_bigint::modular::{FixedMontyForm, FixedMontyParams};
use crypto_bigint::{Odd, U2048};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaParameters, RsaPublicKeyComponents};
use zeroize::Zeroizing;

use crate::error::Malformed;
use crate::tlv;

/// The only public exponent that is accepted, 65537, big-endian.
pub const EXPONENT: [u8; 3] = [0x01, 0x00, 0x01];

/// Bytes of a key or signature of the card itself: RSA-2048.
pub const CARD_KEY_SIZE: usize = 256;

/// Largest accepted modulus in bytes: RSA-4096.
const LARGEST: usize = 512;

reasons! {
    /// Why a public key is refused.
    KeyFault {
        /// The modulus is below 2048 bits.
        TooSmall = "too-small", ja "鍵が短すぎます。", en "The key is shorter than 2048 bits.";
        /// The modulus is above 4096 bits.
        TooLarge = "too-large", ja "鍵が長すぎます。", en "The key is longer than 4096 bits.";
        /// The modulus is even, so it is no product of two odd primes.
        Even = "even", ja "鍵が正しくありません。", en "The modulus is even.";
        /// The exponent is not 65537.
        Exponent = "exponent", ja "公開指数が正しくありません。", en "The exponent is not 65537.";
        /// A number starts with a zero byte, which no issuer writes.
        LeadingZero = "leading-zero", ja "鍵の形式が正しくありません。",
            en "A number of the key has a leading zero.";
    }
}

/// A key as the card writes it, `90 03 e ‖ 91 820100 n`; not yet judged.
#[derive(Clone, Copy)]
pub struct RawKey<'a> {
    /// Modulus, big-endian.
    pub modulus: &'a [u8],
    /// Public exponent, big-endian.
    pub exponent: &'a [u8],
}

impl<'a> RawKey<'a> {
    /// Reads the two objects of a key, and nothing else (card-spec §3.6; published test cards).
    ///
    /// Errors: anything but an exponent of 3 bytes followed by a modulus of 256 is [`Malformed`].
    pub fn parse(objects: &mut tlv::Reader<'a>, name: &'static str) -> Result<Self, Malformed> {
        let exponent = objects.expect(0x90, name)?;
        let modulus = objects.expect(0x91, name)?;
        objects.finish(name)?;
        if exponent.value().len() != EXPONENT.len() || modulus.value().len() != CARD_KEY_SIZE {
            let why = crate::error::MalformedReason::BadLength;
            return Err(Malformed { object: name, at: exponent.span().start, why });
        }
        Ok(Self { modulus: modulus.value(), exponent: exponent.value() })
    }
}

/// An RSA public key that passed the policy: 2048 to 4096 bits, odd, exponent 65537. Wiped on drop,
/// since a card's key tells one card from another.
#[derive(Clone, Eq, PartialEq)]
pub struct PublicKey {
    modulus: Zeroizing<Box<[u8]>>,
}

impl PublicKey {
    /// Judges a key.
    ///
    /// Errors: the [`KeyFault`] that says why it is refused.
    pub fn new(modulus: &[u8], exponent: &[u8]) -> Result<Self, KeyFault> {
        if modulus.first() == Some(&0) || exponent.first() == Some(&0) {
            return Err(KeyFault::LeadingZero);
        }
        if exponent != EXPONENT {
            return Err(KeyFault::Exponent);
        }
        // Without a leading zero, only a modulus of the least length can be short of bits.
        let high_bit = modulus.first().is_some_and(|first| *first >= 0x80);
        if modulus.len() < CARD_KEY_SIZE || (modulus.len() == CARD_KEY_SIZE && !high_bit) {
            return Err(KeyFault::TooSmall);
        }
        if modulus.len() > LARGEST {
            return Err(KeyFault::TooLarge);
        }
        if modulus.last().is_none_or(|last| last & 1 == 0) {
            return Err(KeyFault::Even);
        }
        Ok(Self { modulus: Zeroizing::new(modulus.into()) })
    }

    /// The modulus, big-endian, without leading zeros.
    #[must_use]
    pub fn modulus(&self) -> &[u8] {
        &self.modulus
    }

    /// Whether a signature is RSASSA-PKCS1-v1_5 with SHA-256 over a message, by this key.
    #[must_use]
    pub fn verify_sha256(&self, message: &[u8], signature: &[u8]) -> bool {
        self.verify_pkcs1(&RSA_PKCS1_2048_8192_SHA256, message, signature)
    }

    /// The same with the digest that a scheme names.
    pub(super) fn verify_pkcs1(
        &self,
        scheme: &'static RsaParameters,
        message: &[u8],
        signature: &[u8],
    ) -> bool {
        let key = RsaPublicKeyComponents { n: &**self.modulus, e: &EXPONENT[..] };
        key.verify(scheme, message, signature).is_ok()
    }

    /// Whether a signature, raised to 65537 modulo a 2048-bit key, is exactly this encoded message.
    ///
    /// For the one signature on the card whose encoding no library knows, and for those by the card's
    /// own key, of which it leaves no copy. The whole message is compared, so there is no padding to
    /// parse and none to get wrong; a signature not below the modulus is refused, so that each has one
    /// form only. False for keys of another size.
    #[must_use]
    pub fn verify_encoded(&self, encoded: &[u8; CARD_KEY_SIZE], signature: &[u8]) -> bool {
        if self.modulus.len() != CARD_KEY_SIZE || signature.len() != CARD_KEY_SIZE {
            return false;
        }
        let modulus = U2048::from_be_slice(&self.modulus);
        let base = U2048::from_be_slice(signature);
        let Some(odd) = Option::<Odd<U2048>>::from(Odd::new(modulus)) else { return false };
        if base >= modulus {
            return false;
        }
        let params = FixedMontyParams::new_vartime(odd);
        let base = FixedMontyForm::new(&base, &params);
        // 65537 = 2^16 + 1.
        let power = base.square_repeat_vartime(16).mul(&base);
        power.retrieve() == U2048::from_be_slice(encoded)
    }
}

impl fmt::Debug for PublicKey {
    /// The size only: a card's key tells one card from another.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({} bytes)", self.modulus.len())
    }
}

impl TryFrom<RawKey<'_>> for PublicKey {
    type Error = KeyFault;

    fn try_from(raw: RawKey<'_>) -> Result<Self, KeyFault> {
        Self::new(raw.modulus, raw.exponent)
    }
}

/// `00 01 FF..FF 00 ‖ payload` in the size of a card key (EMSA-PKCS1-v1_5, RFC 8017 §9.2), for a
/// payload of `N` bytes, at most 245.
#[must_use]
pub fn encode_message<const N: usize>(payload: &[u8; N]) -> [u8; CARD_KEY_SIZE] {
    const { assert!(N <= CARD_KEY_SIZE - 11, "the padding needs eight bytes at least") };
    let mut encoded = [0xFF; CARD_KEY_SIZE];
    let (padding, tail) = encoded.split_at_mut(CARD_KEY_SIZE - N);
    tail.copy_from_slice(payload);
    if let [first, second, .., last] = padding {
        (*first, *second, *last) = (0x00, 0x01, 0x00);
    }
    encoded
}
