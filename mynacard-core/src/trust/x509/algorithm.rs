//! Signature algorithms and public keys of certificates: which are known, and which fit together.
//!
//! RSA of 2048 to 4096 bits with SHA-256, 384 or 512 (PKCS#1 v1.5); ECDSA on P-256 and P-384 with SHA-256
//! or 384, which is what the next card is announced with. Whatever else a certificate states may be as good,
//! but cannot be checked here, so it is *not checked*: neither genuine nor forged.
//!
//! An ECDSA signature has a second form (s or n − s) that is as valid: it is the same statement by the same
//! key, so a certificate is known by what it says, never by its bytes.

use ring::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA384_ASN1, ECDSA_P384_SHA256_ASN1, ECDSA_P384_SHA384_ASN1,
    EcdsaVerificationAlgorithm, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384,
    RSA_PKCS1_2048_8192_SHA512, UnparsedPublicKey,
};
use x509_parser::certificate::X509Certificate;
use x509_parser::der_parser::asn1_rs::Oid;
use x509_parser::der_parser::oid;
use x509_parser::public_key::PublicKey as ParsedKey;
use x509_parser::x509::{AlgorithmIdentifier, SubjectPublicKeyInfo};
use zeroize::Zeroizing;

use crate::error::RootsFault;
use crate::trust::rsa::{KeyFault, PublicKey};
use crate::trust::{Doubt, Forgery, Unchecked};

/// A signature algorithm that is known.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::trust) enum Algorithm {
    RsaSha256,
    RsaSha384,
    RsaSha512,
    EcdsaSha256,
    EcdsaSha384,
}

impl Algorithm {
    const ALL: [Self; 5] =
        [Self::RsaSha256, Self::RsaSha384, Self::RsaSha512, Self::EcdsaSha256, Self::EcdsaSha384];

    /// The DER of its identifier: RSA has parameters that say nothing (NULL), ECDSA has none
    /// (RFC 4055 §5, RFC 5758 §3.2).
    const fn der(self) -> &'static [u8] {
        match self {
            Self::RsaSha256 => b"\x30\x0D\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x01\x0B\x05\x00",
            Self::RsaSha384 => b"\x30\x0D\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x01\x0C\x05\x00",
            Self::RsaSha512 => b"\x30\x0D\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x01\x0D\x05\x00",
            Self::EcdsaSha256 => b"\x30\x0A\x06\x08\x2A\x86\x48\xCE\x3D\x04\x03\x02",
            Self::EcdsaSha384 => b"\x30\x0A\x06\x08\x2A\x86\x48\xCE\x3D\x04\x03\x03",
        }
    }

    /// The algorithm of an identifier; none if it, or what it says besides, is not known.
    fn named(identifier: &AlgorithmIdentifier<'_>) -> Option<Self> {
        let name = identifier.algorithm.as_bytes();
        Self::ALL.into_iter().find(|known| {
            let Some((_, contents)) = known.der().split_at_checked(4) else { return false };
            match (contents.strip_prefix(name), &identifier.parameters) {
                (Some([5, 0]), Some(any)) => any.tag().0 == 5 && any.data.is_empty(),
                (Some([]), None) => true,
                _ => false,
            }
        })
    }
}

/// The algorithm that a certificate is signed with; none if it is not known.
///
/// It is stated inside of the signed part, and once more around it, where no signature covers it and the
/// parser reads leniently. So both must say the same, and all that lies around the signed part must be exactly
/// the bytes that DER prescribes; anything else is [`Forgery::Algorithm`].
pub(super) fn algorithm(certificate: &X509Certificate<'_>) -> Result<Option<Algorithm>, Forgery> {
    let inside = &certificate.tbs_certificate.signature;
    if *inside != certificate.signature_algorithm {
        return Err(Forgery::Algorithm);
    }
    let Some(algorithm) = Algorithm::named(inside) else { return Ok(None) };
    let signed: &[u8] = certificate.tbs_certificate.as_ref();
    let signature: &[u8] = certificate.signature_value.data.as_ref();
    let unused_bits = [0];
    let bits = header(0x03, unused_bits.len() + signature.len());
    let tail = [algorithm.der(), &bits, &unused_bits, signature];
    let tail_size: usize = tail.iter().map(|piece| piece.len()).sum();
    let head = header(0x30, signed.len() + tail_size);
    // Compared piece by piece: a copy put together would be left in memory.
    let prescribed = [&head, signed].into_iter().chain(tail).flatten();
    if prescribed.eq(certificate.as_raw()) { Ok(Some(algorithm)) } else { Err(Forgery::Algorithm) }
}

/// Tag and length of an object of less than 65,536 bytes, which every certificate is.
fn header(tag: u8, length: usize) -> Vec<u8> {
    let [.., high, low] = length.to_be_bytes();
    match length {
        0..=0x7F => vec![tag, low],
        0x80..=0xFF => vec![tag, 0x81, low],
        _ => vec![tag, 0x82, high, low],
    }
}

const RSA_ENCRYPTION: Oid<'static> = oid!(1.2.840.113549.1.1.1);
const EC_PUBLIC_KEY: Oid<'static> = oid!(1.2.840.10045.2.1);

/// A curve that is known.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::trust) enum Curve {
    P256,
    P384,
}

impl Curve {
    const ALL: [(Self, Oid<'static>); 2] =
        [(Self::P256, oid!(1.2.840.10045.3.1.7)), (Self::P384, oid!(1.3.132.0.34))];

    /// Bytes of an uncompressed point, `04 ‖ x ‖ y`.
    const fn point_size(self) -> usize {
        match self {
            Self::P256 => 65,
            Self::P384 => 97,
        }
    }
}

/// The public key in a certificate. Wiped on drop, since a card's key tells one card from another.
#[derive(Clone, Debug)]
pub(in crate::trust) enum Key {
    Rsa(PublicKey),
    Ec(Curve, Point),
}

/// A point as a certificate writes it.
#[derive(Clone)]
pub(in crate::trust) struct Point(Zeroizing<Box<[u8]>>);

impl core::fmt::Debug for Point {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Point(..)")
    }
}

/// Why the key in a certificate is not used.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Unusable {
    /// RSA that the policy refuses: too short, even, with another exponent.
    Weak,
    /// RSA above 4096 bits.
    Large,
    /// Neither RSA nor an uncompressed point on P-256 or P-384.
    Kind,
}

impl From<Unusable> for Doubt {
    fn from(why: Unusable) -> Self {
        match why {
            Unusable::Weak => Self::forged(Forgery::WeakKey),
            Unusable::Large | Unusable::Kind => Self::ALGORITHM,
        }
    }
}

impl From<Unusable> for RootsFault {
    fn from(why: Unusable) -> Self {
        match why {
            Unusable::Weak => Self::WeakKey,
            Unusable::Large => Self::KeySize,
            Unusable::Kind => Self::KeyKind,
        }
    }
}

impl Doubt {
    pub(super) const ALGORITHM: Self = Self::NotChecked { why: Unchecked::Algorithm };
}

impl Key {
    /// The key that a certificate certifies.
    pub(super) fn of(certificate: &X509Certificate<'_>) -> Result<Self, Unusable> {
        let info = certificate.public_key();
        match &info.algorithm.algorithm {
            name if *name == RSA_ENCRYPTION => Self::rsa(info),
            name if *name == EC_PUBLIC_KEY => Self::point(info),
            _ => Err(Unusable::Kind),
        }
    }

    fn rsa(info: &SubjectPublicKeyInfo<'_>) -> Result<Self, Unusable> {
        let Ok(ParsedKey::RSA(key)) = info.parsed() else { return Err(Unusable::Weak) };
        // DER puts one zero byte before a modulus whose first bit is set.
        let modulus = key.modulus.strip_prefix(&[0]).unwrap_or(key.modulus);
        PublicKey::new(modulus, key.exponent).map(Self::Rsa).map_err(|fault| match fault {
            KeyFault::TooLarge => Unusable::Large,
            _ => Unusable::Weak,
        })
    }

    fn point(info: &SubjectPublicKeyInfo<'_>) -> Result<Self, Unusable> {
        let name = info.algorithm.parameters.as_ref().and_then(|it| it.as_oid().ok());
        let known = Curve::ALL.into_iter().find(|(_, known)| name.as_ref() == Some(known));
        let (curve, _) = known.ok_or(Unusable::Kind)?;
        let bits = &info.subject_public_key;
        let shaped = bits.unused_bits == 0
            && bits.data.len() == curve.point_size()
            && bits.data.first() == Some(&4);
        if shaped {
            Ok(Self::Ec(curve, Point(Zeroizing::new(bits.data.to_vec().into()))))
        } else {
            Err(Unusable::Kind)
        }
    }

    /// Whether it made a signature. A key of one kind never made one of the other.
    pub(super) fn verifies(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        let by_rsa = |key: &PublicKey, scheme| key.verify_pkcs1(scheme, message, signature);
        let by_point = |point: &Point, scheme: &'static EcdsaVerificationAlgorithm| {
            UnparsedPublicKey::new(scheme, &**point.0).verify(message, signature).is_ok()
        };
        match (self, algorithm) {
            (Self::Rsa(key), Algorithm::RsaSha256) => by_rsa(key, &RSA_PKCS1_2048_8192_SHA256),
            (Self::Rsa(key), Algorithm::RsaSha384) => by_rsa(key, &RSA_PKCS1_2048_8192_SHA384),
            (Self::Rsa(key), Algorithm::RsaSha512) => by_rsa(key, &RSA_PKCS1_2048_8192_SHA512),
            (Self::Ec(Curve::P256, point), Algorithm::EcdsaSha256) => {
                by_point(point, &ECDSA_P256_SHA256_ASN1)
            }
            (Self::Ec(Curve::P256, point), Algorithm::EcdsaSha384) => {
                by_point(point, &ECDSA_P256_SHA384_ASN1)
            }
            (Self::Ec(Curve::P384, point), Algorithm::EcdsaSha256) => {
                by_point(point, &ECDSA_P384_SHA256_ASN1)
            }
            (Self::Ec(Curve::P384, point), Algorithm::EcdsaSha384) => {
                by_point(point, &ECDSA_P384_SHA384_ASN1)
            }
            (Self::Rsa(_), Algorithm::EcdsaSha256 | Algorithm::EcdsaSha384)
            | (Self::Ec(..), Algorithm::RsaSha256 | Algorithm::RsaSha384 | Algorithm::RsaSha512) => {
                false
            }
        }
    }
}
