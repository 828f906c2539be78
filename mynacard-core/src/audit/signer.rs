//! Ed25519 signatures of checkpoints and consent receipts.

use core::fmt;

use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};

use super::AuditFault;

/// Signs checkpoints and receipts with Ed25519. A host whose key lives in a keystore implements it.
///
/// Every message begins with a label of its own, so that a signature of one kind of statement is
/// never one of another kind.
pub trait Signer {
    /// The Ed25519 signature of a message.
    ///
    /// Errors: [`AuditFault::Signer`] if the key is not available now.
    fn sign(&self, message: &[u8]) -> Result<[u8; 64], AuditFault>;
}

/// A signer over a key that the host hands over as bytes.
pub struct Ed25519Signer(Ed25519KeyPair);

impl Ed25519Signer {
    /// From PKCS#8, version 1 or 2, DER.
    ///
    /// Errors: [`AuditFault::BadKey`].
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, AuditFault> {
        Ed25519KeyPair::from_pkcs8_maybe_unchecked(der).map(Self).map_err(|_| AuditFault::BadKey)
    }

    /// The key that verifies.
    #[must_use]
    pub fn verifying_key(&self) -> VerifyingKey {
        // INVARIANT: an Ed25519 public key has 32 bytes.
        VerifyingKey(self.0.public_key().as_ref().try_into().unwrap_or_default())
    }
}

impl Signer for Ed25519Signer {
    fn sign(&self, message: &[u8]) -> Result<[u8; 64], AuditFault> {
        self.0.sign(message).as_ref().try_into().map_err(|_| AuditFault::Signer)
    }
}

impl fmt::Debug for Ed25519Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ed25519Signer(..)")
    }
}

/// An Ed25519 public key: 32 bytes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct VerifyingKey([u8; 32]);

impl VerifyingKey {
    /// From the 32 bytes of RFC 8032.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes of RFC 8032.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Whether `signature` is this key's over the message `label || text`.
    pub(crate) fn verifies(&self, label: &[u8], text: &[u8], signature: &[u8; 64]) -> bool {
        let message = [label, text].concat();
        UnparsedPublicKey::new(&ED25519, &self.0).verify(&message, signature).is_ok()
    }
}
