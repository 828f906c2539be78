//! The keys of the synthetic test hierarchy and of the virtual cards: RSA, and P-384 in one chain of certificates.
//!
//! Every private key here is published with this crate: nothing that they sign means anything
//! outside tests.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use p384::ecdsa::signature::Signer;
use p384::ecdsa::{Signature, SigningKey};
use rsa::pkcs8::DecodePrivateKey;
use rsa::traits::PublicKeyParts;
use rsa::{Pkcs1v15Sign, RsaPrivateKey};
use sha2::{Digest, Sha256};

use crate::tlv;

macro_rules! embedded {
    ($($name:literal)*) => {
        &[$(($name, include_bytes!(concat!("../data/keys/", $name, ".der")))),*]
    };
}

/// PKCS#8 files, made by `examples/make_keys.rs`.
static EMBEDDED: &[(&str, &[u8])] = embedded!(
    "face-root" "text-root" "mf-root" "face-municipality" "text-municipality"
    "mf-intermediate" "mf-leaf" "auth-ca-1" "auth-ca-2" "sign-ca-1" "common-0019" "session-0006"
    "rogue-root" "rogue-municipality" "rogue-ca" "rogue-card" "rogue-exponent-3" "rogue-1024"
    "adult-face" "adult-text" "adult-auth" "adult-sign"
    "child-face" "child-text" "child-auth" "child-sign"
    "foreign-face" "foreign-text" "foreign-auth" "foreign-sign"
    "long-name-face" "long-name-text" "long-name-auth" "long-name-sign"
    "two-line-address-face" "two-line-address-text" "two-line-address-auth" "two-line-address-sign"
    "expired-certificate-face" "expired-certificate-text" "expired-certificate-auth"
    "expired-certificate-sign"
    "no-pins-face" "no-pins-text" "no-pins-auth" "no-pins-sign"
    "nearly-locked-face" "nearly-locked-text" "nearly-locked-auth" "nearly-locked-sign"
    "old-chip-face" "old-chip-text" "old-chip-auth" "old-chip-sign"
    "phone-auth" "phone-sign" "iphone-auth" "iphone-sign"
    "p384-chain-face" "p384-chain-text"
);

/// The same, on P-384.
static EMBEDDED_P384: &[(&str, &[u8])] = embedded!("auth-ca-3" "p384-chain-auth");

/// A private key for tests. Cloning shares it.
#[derive(Clone)]
pub struct TestKey(Arc<RsaPrivateKey>);

/// A public key as it stands in records: big-endian numbers, any bytes at all, so that a test
/// can also write down keys that no signer would accept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    /// Modulus n.
    pub modulus: Vec<u8>,
    /// Exponent e.
    pub exponent: Vec<u8>,
}

impl PublicKey {
    /// `90 <exponent> 91 <modulus>`, the form in card-verifiable certificates and records.
    #[must_use]
    pub fn to_record(&self) -> Vec<u8> {
        [tlv::object(0x90, &self.exponent), tlv::object(0x91, &self.modulus)].concat()
    }
}

impl TestKey {
    /// One of the keys in this crate by the name of its file (`face-root`, `adult-face`, …,
    /// see [`TestKey::names`]); `None` for any other name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        static LOADED: Mutex<BTreeMap<&str, TestKey>> = Mutex::new(BTreeMap::new());
        let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = loaded.get(name) {
            return Some(key.clone());
        }
        let &(name, der) = EMBEDDED.iter().find(|(known, _)| *known == name)?;
        let key = Self::from_pkcs8(der)?;
        loaded.insert(name, key.clone());
        Some(key)
    }

    /// The names that [`TestKey::named`] knows.
    pub fn names() -> impl Iterator<Item = &'static str> {
        EMBEDDED.iter().map(|(name, _)| *name)
    }

    /// A key of the caller's own, as PKCS#8 DER; `None` where it cannot be read.
    #[must_use]
    pub fn from_pkcs8(der: &[u8]) -> Option<Self> {
        RsaPrivateKey::from_pkcs8_der(der).ok().map(|key| TestKey(Arc::new(key)))
    }

    /// An embedded key under a name from this crate's own source.
    pub(crate) fn embedded(name: &str) -> Self {
        #[allow(clippy::expect_used, reason = "own data; a test loads every name")]
        Self::named(name).expect("embedded key")
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey {
            modulus: self.0.n().to_bytes_be(),
            exponent: three_bytes(self.0.e().to_bytes_be()),
        }
    }

    /// PKCS#1 v1.5 padding around exactly these bytes, then the private-key operation. `None`
    /// where they are longer than the key's size less 11.
    #[must_use]
    pub fn sign_verbatim(&self, payload: &[u8]) -> Option<Vec<u8>> {
        self.0.sign(Pkcs1v15Sign::new_unprefixed(), payload).ok()
    }

    /// An ordinary sha256WithRSAEncryption signature over a message.
    #[must_use]
    pub fn sign_sha256(&self, message: &[u8]) -> Vec<u8> {
        // A DigestInfo of 51 bytes fits every key of 512 bits and more; a smaller key gives an
        // empty signature, which nothing accepts.
        self.sign_verbatim(&digest_info(&sha256(message))).unwrap_or_default()
    }
}

/// A private key of a certificate authority, or of the holder of its certificate.
#[derive(Clone, Debug)]
pub enum CertificateKey {
    /// RSA, which signs with SHA-256.
    Rsa(TestKey),
    /// ECDSA on P-384, which signs with SHA-384.
    P384(P384Key),
}

/// A private key on P-384 for tests. Cloning shares it.
#[derive(Clone)]
pub struct P384Key(Arc<SigningKey>);

/// A public key as certificates have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CertifiedKey {
    /// RSA.
    Rsa(PublicKey),
    /// A point on P-384, uncompressed: `04 ‖ x ‖ y`. Any bytes, so that a test can write down what is none.
    P384(Vec<u8>),
}

impl CertificateKey {
    /// One of the keys in this crate by the name of its file; `None` for any other name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let on_curve = EMBEDDED_P384.iter().find(|(known, _)| *known == name);
        match on_curve {
            Some((_, der)) => {
                let key = SigningKey::from_pkcs8_der(der).ok()?;
                Some(Self::P384(P384Key(Arc::new(key))))
            }
            None => TestKey::named(name).map(Self::Rsa),
        }
    }

    /// An embedded key under a name from this crate's own source.
    pub(crate) fn embedded(name: &str) -> Self {
        #[allow(clippy::expect_used, reason = "own data; a test loads every name")]
        Self::named(name).expect("embedded key")
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> CertifiedKey {
        match self {
            Self::Rsa(key) => CertifiedKey::Rsa(key.public()),
            Self::P384(key) => {
                let point = key.0.verifying_key().to_encoded_point(false);
                CertifiedKey::P384(point.as_bytes().to_vec())
            }
        }
    }

    /// A signature as certificates have it: PKCS#1 v1.5 with SHA-256, or the DER of ECDSA with SHA-384, which
    /// is the same for the same message (RFC 6979).
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Rsa(key) => key.sign_sha256(message),
            Self::P384(key) => {
                let signature: Signature = key.0.sign(message);
                signature.to_der().as_bytes().to_vec()
            }
        }
    }
}

impl From<TestKey> for CertificateKey {
    fn from(key: TestKey) -> Self {
        Self::Rsa(key)
    }
}

impl fmt::Debug for P384Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("P384Key")
    }
}

impl fmt::Debug for TestKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TestKey({} bits)", self.0.size() * 8)
    }
}

/// Cards write 65537 in three bytes; smaller exponents get leading zeros to that length.
fn three_bytes(exponent: Vec<u8>) -> Vec<u8> {
    let zeros = 3usize.saturating_sub(exponent.len());
    [vec![0; zeros], exponent].concat()
}

/// SHA-256 of a message.
pub(crate) fn sha256(message: &[u8]) -> [u8; 32] {
    Sha256::digest(message).into()
}

/// DigestInfo of a SHA-256 value; the face record puts 96 bytes into the same structure.
pub(crate) fn digest_info(digest: &[u8]) -> Vec<u8> {
    const ALGORITHM: [u8; 15] =
        [0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00];
    tlv::object(0x30, &[&ALGORITHM[..], &tlv::object(0x04, digest)].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_embedded_key_loads_and_signs() {
        for name in TestKey::names() {
            let key = TestKey::named(name).unwrap();
            let bytes = if name == "rogue-1024" { 128 } else { 256 };
            assert_eq!(key.public().modulus.len(), bytes, "{name}");
            assert_eq!(key.sign_sha256(b"x").len(), bytes, "{name}");
        }
    }

    #[test]
    fn every_key_on_a_curve_loads_and_signs_the_same_twice() {
        for (name, _) in EMBEDDED_P384 {
            let key = CertificateKey::named(name).unwrap();
            let CertifiedKey::P384(point) = key.public() else { panic!("{name}") };
            assert_eq!((point.len(), point.first()), (97, Some(&4)), "{name}");
            assert_eq!(key.sign(b"x"), key.sign(b"x"));
            assert_ne!(key.sign(b"x"), key.sign(b"y"));
        }
    }

    #[test]
    fn the_face_record_prefix_is_as_on_cards() {
        let info = digest_info(&[0; 96]);
        let prefix = [
            0x30, 0x71, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
            0x01, 0x05, 0x00, 0x04, 0x60,
        ];
        assert_eq!(info.get(..19), Some(&prefix[..]));
        assert_eq!(info.len(), 115);
    }
}
