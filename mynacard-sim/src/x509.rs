//! X.509 certificates in the shape of the JPKI's (公的個人認証サービス), under a test hierarchy.
//!
//! Every part can be changed before signing, so that a test can make certificates that are wrong
//! in exactly one respect.

use crate::der;
use crate::keys::{CertificateKey, CertifiedKey, sha256};

/// A distinguished name: attributes in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name(pub Vec<(Attribute, String)>);

/// Attribute types that the JPKI uses in names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Attribute {
    /// C, written as PrintableString.
    Country,
    /// O.
    Organization,
    /// OU.
    Unit,
    /// L.
    Locality,
    /// CN.
    CommonName,
}

impl Name {
    /// A name from its attributes.
    #[must_use]
    pub fn new(attributes: &[(Attribute, &str)]) -> Self {
        Name(attributes.iter().map(|(attribute, text)| (*attribute, (*text).to_owned())).collect())
    }

    /// DER of the Name.
    #[must_use]
    pub fn to_der(&self) -> Vec<u8> {
        let relative = |(attribute, text): &(Attribute, String)| {
            let (last, value) = match attribute {
                Attribute::Country => (6, der::printable(text)),
                Attribute::Organization => (10, der::utf8(text)),
                Attribute::Unit => (11, der::utf8(text)),
                Attribute::Locality => (7, der::utf8(text)),
                Attribute::CommonName => (3, der::utf8(text)),
            };
            der::set(&[der::sequence(&[der::oid(&[2, 5, 4, last]), value])])
        };
        der::sequence(&self.0.iter().map(relative).collect::<Vec<_>>())
    }

    /// GeneralName of the form directoryName.
    fn general(&self) -> Vec<u8> {
        der::context(4, &self.to_der())
    }
}

/// One certificate extension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// Arcs of the object identifier.
    pub oid: Vec<u32>,
    /// Whether a verifier that does not know it must refuse the certificate.
    pub critical: bool,
    /// DER of the extension's value.
    pub value: Vec<u8>,
}

/// Key usage bits (RFC 5280, 4.2.1.3), first bit highest.
pub mod key_usage {
    /// digitalSignature.
    pub const DIGITAL_SIGNATURE: u8 = 0x80;
    /// nonRepudiation (contentCommitment).
    pub const NON_REPUDIATION: u8 = 0x40;
    /// keyCertSign.
    pub const KEY_CERT_SIGN: u8 = 0x04;
    /// cRLSign.
    pub const CRL_SIGN: u8 = 0x02;
}

impl Extension {
    fn standard(last: u32, critical: bool, value: Vec<u8>) -> Self {
        Extension { oid: vec![2, 5, 29, last], critical, value }
    }

    /// Key usage, critical, from bits of [`key_usage`].
    #[must_use]
    pub fn key_usage(bits: u8) -> Self {
        let unused = bits.trailing_zeros().min(7) as u8;
        Self::standard(15, true, vec![0x03, 0x02, unused, bits])
    }

    /// Basic constraints with CA:TRUE, critical.
    #[must_use]
    pub fn certificate_authority() -> Self {
        Self::standard(19, true, der::sequence(&[vec![0x01, 0x01, 0xFF]]))
    }

    /// Extended key usage clientAuth.
    #[must_use]
    pub fn client_authentication() -> Self {
        let client = der::oid(&[1, 3, 6, 1, 5, 5, 7, 3, 2]);
        Self::standard(37, false, der::sequence(&[client]))
    }

    /// Certificate policy with a CPS address, critical.
    #[must_use]
    pub fn policy(policy: &[u32], cps: &str) -> Self {
        let address = crate::tlv::object(0x16, cps.as_bytes());
        let qualifier = der::sequence(&[der::oid(&[1, 3, 6, 1, 5, 5, 7, 2, 1]), address]);
        let information = der::sequence(&[der::oid(policy), der::sequence(&[qualifier])]);
        Self::standard(32, true, der::sequence(&[information]))
    }

    /// Issuer alternative name: one directory name.
    #[must_use]
    pub fn issuer_alternative_name(name: &Name) -> Self {
        Self::standard(18, false, der::sequence(&[name.general()]))
    }

    /// Subject alternative name: one directory name, as root certificates have it.
    #[must_use]
    pub fn subject_alternative_name(name: &Name) -> Self {
        Self::standard(17, false, der::sequence(&[name.general()]))
    }

    /// Subject alternative name of a signature certificate: otherNames under the JPKI's arc,
    /// as pairs of last arc and text.
    #[must_use]
    pub fn holder_attributes(attributes: &[(u32, &str)]) -> Self {
        let other = |(last, text): &(u32, &str)| {
            let id = der::oid(&[1, 2, 392, 200149, 8, 5, 5, *last]);
            der::context(0, &[id, der::context(0, &der::utf8(text))].concat())
        };
        Self::standard(17, false, der::sequence(&attributes.iter().map(other).collect::<Vec<_>>()))
    }

    /// CRL distribution point given as a directory name.
    #[must_use]
    pub fn crl_distribution_point(name: &Name) -> Self {
        let full_name = der::context(0, &name.general());
        let point = der::sequence(&[der::context(0, &full_name)]);
        Self::standard(31, false, der::sequence(&[point]))
    }

    /// Authority information access: an OCSP address.
    #[must_use]
    pub fn ocsp(address: &str) -> Self {
        let location = der::context_primitive(6, address.as_bytes());
        let method = der::oid(&[1, 3, 6, 1, 5, 5, 7, 48, 1]);
        Extension {
            oid: vec![1, 3, 6, 1, 5, 5, 7, 1, 1],
            critical: false,
            value: der::sequence(&[der::sequence(&[method, location])]),
        }
    }

    /// Authority key identifier with key id, issuer's issuer and serial number.
    #[must_use]
    pub fn authority_key(key: &CertifiedKey, issuer: &Name, serial: &[u8]) -> Self {
        let serial: Vec<u8> = der::unsigned(serial).into_iter().skip(2).collect();
        let parts = [
            der::context_primitive(0, &key_identifier(key)),
            der::context(1, &issuer.general()),
            der::context_primitive(2, &serial),
        ];
        Self::standard(35, false, der::sequence(&parts))
    }

    /// Subject key identifier.
    #[must_use]
    pub fn subject_key(key: &CertifiedKey) -> Self {
        Self::standard(14, false, der::octet_string(&key_identifier(key)))
    }

    fn to_der(&self) -> Vec<u8> {
        let critical = if self.critical { vec![0x01, 0x01, 0xFF] } else { Vec::new() };
        der::sequence(&[der::oid(&self.oid), critical, der::octet_string(&self.value)])
    }
}

/// The leftmost 20 bytes of the key's SHA-256 (RFC 7093, method 1).
fn key_identifier(key: &CertifiedKey) -> Vec<u8> {
    sha256(&key_bits(key)).into_iter().take(20).collect()
}

/// What the bit string of a SubjectPublicKeyInfo holds.
fn key_bits(key: &CertifiedKey) -> Vec<u8> {
    match key {
        CertifiedKey::Rsa(key) => {
            der::sequence(&[der::unsigned(&key.modulus), der::unsigned(&key.exponent)])
        }
        CertifiedKey::P384(point) => point.clone(),
    }
}

/// SubjectPublicKeyInfo.
fn key_information(key: &CertifiedKey) -> Vec<u8> {
    let kind = match key {
        CertifiedKey::Rsa(_) => [der::oid(&[1, 2, 840, 113549, 1, 1, 1]), der::null()],
        CertifiedKey::P384(_) => {
            [der::oid(&[1, 2, 840, 10045, 2, 1]), der::oid(&[1, 3, 132, 0, 34])]
        }
    };
    der::sequence(&[der::sequence(&kind), der::bit_string(&key_bits(key))])
}

/// The signature algorithm that a certificate states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Algorithm {
    /// sha256WithRSAEncryption.
    RsaSha256,
    /// ecdsa-with-SHA384.
    EcdsaSha384,
}

impl Algorithm {
    /// That of a key's signatures.
    #[must_use]
    pub const fn of(key: &CertificateKey) -> Self {
        match key {
            CertificateKey::Rsa(_) => Self::RsaSha256,
            CertificateKey::P384(_) => Self::EcdsaSha384,
        }
    }

    fn to_der(self) -> Vec<u8> {
        match self {
            Self::RsaSha256 => {
                der::sequence(&[der::oid(&[1, 2, 840, 113549, 1, 1, 11]), der::null()])
            }
            Self::EcdsaSha384 => der::sequence(&[der::oid(&[1, 2, 840, 10045, 4, 3, 3])]),
        }
    }
}

/// A certificate before it is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Serial number, big-endian.
    pub serial: Vec<u8>,
    /// The algorithm that it says to be signed by, whoever does sign it.
    pub algorithm: Algorithm,
    /// Issuer's name.
    pub issuer: Name,
    /// Subject's name.
    pub subject: Name,
    /// First moment of validity, `YYMMDDHHMMSSZ`.
    pub not_before: String,
    /// Last moment of validity, `YYMMDDHHMMSSZ`.
    pub not_after: String,
    /// The certified key.
    pub key: CertifiedKey,
    /// Extensions in order.
    pub extensions: Vec<Extension>,
}

impl Certificate {
    /// DER of the certificate, signed by the algorithm that the key has.
    #[must_use]
    pub fn sign(&self, issuer: &CertificateKey) -> Vec<u8> {
        self.with_signature(&issuer.sign(&self.to_be_signed()))
    }

    /// As [`sign`](Self::sign), with a signature that the caller provides.
    #[must_use]
    pub fn with_signature(&self, signature: &[u8]) -> Vec<u8> {
        der::sequence(&[self.to_be_signed(), self.algorithm.to_der(), der::bit_string(signature)])
    }

    /// DER of the part that is signed.
    #[must_use]
    pub fn to_be_signed(&self) -> Vec<u8> {
        let extensions: Vec<_> = self.extensions.iter().map(Extension::to_der).collect();
        der::sequence(&[
            der::context(0, &der::unsigned(&[2])),
            der::unsigned(&self.serial),
            self.algorithm.to_der(),
            self.issuer.to_der(),
            der::sequence(&[der::utc_time(&self.not_before), der::utc_time(&self.not_after)]),
            self.subject.to_der(),
            key_information(&self.key),
            der::context(3, &der::sequence(&extensions)),
        ])
    }
}
