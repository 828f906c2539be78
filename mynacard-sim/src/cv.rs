//! Card-verifiable certificates (CV証明書): the chain from a root to the key that signs records.

use crate::keys::{PublicKey, TestKey};
use crate::tlv;

/// Key id (証明者鍵ID, 被証明者鍵ID): seven ASCII digits, `08 05`, three ASCII digits, four bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub [u8; 16]);

impl KeyId {
    /// Puts an id together. All ids of this crate's hierarchy begin with the digits `99`, which
    /// no issuer of real cards uses.
    #[must_use]
    pub const fn new(number: [u8; 7], group: [u8; 3], tail: [u8; 4]) -> Self {
        let [a, b, c, d, e, f, g] = number;
        let [h, i, j] = group;
        let [k, l, m, n] = tail;
        KeyId([a, b, c, d, e, f, g, 0x08, 0x05, h, i, j, k, l, m, n])
    }
}

/// A card-verifiable certificate before it is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CvCertificate {
    /// Whose key signs it.
    pub issuer: KeyId,
    /// Whose key it certifies.
    pub subject: KeyId,
    /// The certified key.
    pub key: PublicKey,
}

impl CvCertificate {
    /// The signed bytes: the value of `5F4E`.
    #[must_use]
    pub fn body(&self) -> Vec<u8> {
        [&self.issuer.0[..], &self.subject.0, &self.key.to_record()].concat()
    }

    /// `7F21 { 5F4E body, 5F37 signature }` as in face 0004 and text 0004.
    #[must_use]
    pub fn sign(&self, issuer: &TestKey) -> Vec<u8> {
        self.with_signature(&issuer.sign_sha256(&self.body()))
    }

    /// As [`sign`](Self::sign), with a signature that the caller provides.
    #[must_use]
    pub fn with_signature(&self, signature: &[u8]) -> Vec<u8> {
        tlv::object(0x7F21, &self.inner(signature))
    }

    /// The form of the data objects 00F8 and 7F21: without the outer object, after an extended
    /// header list.
    #[must_use]
    pub fn sign_for_data_object(&self, issuer: &TestKey) -> Vec<u8> {
        let header_list = [0x42, 0x10, 0x5F, 0x20, 0x10, 0x5F, 0x49, 0x82, 0x01, 0x09];
        let signature = issuer.sign_sha256(&self.body());
        [tlv::object(0x4D, &header_list), self.inner(&signature)].concat()
    }

    fn inner(&self, signature: &[u8]) -> Vec<u8> {
        [tlv::object(0x5F4E, &self.body()), tlv::object(0x5F37, signature)].concat()
    }
}
