//! What roots and end-entity certificates have in common: structure, algorithm, key, dates.

use x509_parser::certificate::X509Certificate;
use x509_parser::der_parser::asn1_rs::Oid;
use x509_parser::der_parser::oid;
use x509_parser::extensions::{ParsedExtension, X509Extension};
use x509_parser::prelude::FromDer;
use x509_parser::public_key::PublicKey as ParsedKey;
use x509_parser::x509::X509Version;

use crate::Timestamp;
use crate::trust::rsa::PublicKey;
use crate::trust::{Forgery, roots::RootsFault};

const SHA256_WITH_RSA: Oid<'static> = oid!(1.2.840.113549.1.1.11);
const RSA_ENCRYPTION: Oid<'static> = oid!(1.2.840.113549.1.1.1);

/// Facts about a root that are needed to check what it issued.
#[derive(Clone, Debug)]
pub(in crate::trust) struct RootFacts {
    /// Its name, as DER.
    pub(super) subject: Vec<u8>,
    /// Its subject key identifier.
    pub(super) key_id: Option<Vec<u8>>,
    pub(super) key: PublicKey,
    pub(super) not_before: Timestamp,
    pub(super) not_after: Timestamp,
}

/// Reads a certificate that may be a root: RSA with SHA-256, CA, keyCertSign, self-signed.
pub(in crate::trust) fn root_facts(der: &[u8]) -> Result<RootFacts, RootsFault> {
    let certificate = parse(der).ok_or(RootsFault::Certificate)?;
    algorithm(&certificate).map_err(|_| RootsFault::Certificate)?;
    let extensions = Extensions::of(&certificate).map_err(|_| RootsFault::Certificate)?;
    if !extensions.authority || extensions.usage.is_none_or(|usage| usage & CERT_SIGN == 0) {
        return Err(RootsFault::NotAuthority);
    }
    let key = public_key(&certificate).map_err(|_| RootsFault::WeakKey)?;
    if certificate.issuer().as_raw() != certificate.subject().as_raw()
        || !is_signed_by(&certificate, &key)
    {
        return Err(RootsFault::NotSelfSigned);
    }
    let (not_before, not_after) = dates(&certificate);
    Ok(RootFacts {
        subject: certificate.subject().as_raw().to_vec(),
        key_id: extensions.subject_key_id.map(<[u8]>::to_vec),
        key,
        not_before,
        not_after,
    })
}

/// Exactly one certificate of version 3.
pub(super) fn parse(der: &[u8]) -> Option<X509Certificate<'_>> {
    let (rest, certificate) = X509Certificate::from_der(der).ok()?;
    (rest.is_empty() && certificate.version() == X509Version::V3).then_some(certificate)
}

/// RSA with SHA-256, stated inside of the signed part; and around it, which no signature covers and
/// the parser reads leniently, exactly the bytes that DER prescribes.
pub(super) fn algorithm(certificate: &X509Certificate<'_>) -> Result<(), Forgery> {
    let inside = &certificate.tbs_certificate.signature;
    let null =
        inside.parameters.as_ref().is_some_and(|any| any.tag().0 == 5 && any.data.is_empty());
    let signed: &[u8] = certificate.tbs_certificate.as_ref();
    let signature: &[u8] = certificate.signature_value.data.as_ref();
    let unused_bits = [0];
    let bits = long_header(0x03, unused_bits.len() + signature.len());
    let tail = [ALGORITHM, &bits, &unused_bits, signature];
    let tail_size: usize = tail.iter().map(|piece| piece.len()).sum();
    let head = long_header(0x30, signed.len() + tail_size);
    // Compared piece by piece: a copy put together would be left in memory.
    let prescribed = [&head, signed].into_iter().chain(tail).flatten();
    let is_canonical = prescribed.eq(certificate.as_raw());
    if inside.algorithm == SHA256_WITH_RSA && null && is_canonical {
        Ok(())
    } else {
        Err(Forgery::Algorithm)
    }
}

/// The DER of the algorithm identifier of RSA with SHA-256.
const ALGORITHM: &[u8] =
    &[0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0B, 0x05, 0x00];

/// Tag and length of an object of 256 to 65535 bytes, as every certificate and RSA signature is.
const fn long_header(tag: u8, length: usize) -> [u8; 4] {
    let [.., high, low] = length.to_be_bytes();
    [tag, 0x82, high, low]
}

pub(super) fn public_key(certificate: &X509Certificate<'_>) -> Result<PublicKey, Forgery> {
    let info = certificate.public_key();
    match info.parsed() {
        Ok(ParsedKey::RSA(key)) if info.algorithm.algorithm == RSA_ENCRYPTION => {
            // DER puts one zero byte before a modulus whose first bit is set.
            let modulus = key.modulus.strip_prefix(&[0]).unwrap_or(key.modulus);
            PublicKey::new(modulus, key.exponent).map_err(|_| Forgery::WeakKey)
        }
        _ => Err(Forgery::WeakKey),
    }
}

pub(super) fn is_signed_by(certificate: &X509Certificate<'_>, key: &PublicKey) -> bool {
    let signature: &[u8] = certificate.signature_value.data.as_ref();
    key.verify_sha256(certificate.tbs_certificate.as_ref(), signature)
}

pub(super) fn dates(certificate: &X509Certificate<'_>) -> (Timestamp, Timestamp) {
    let moment = |seconds: i64| {
        let millis = u64::try_from(seconds).unwrap_or_default().saturating_mul(1000);
        Timestamp::from_unix_millis(millis).unwrap_or(Timestamp::MAX)
    };
    let validity = certificate.validity();
    (moment(validity.not_before.timestamp()), moment(validity.not_after.timestamp()))
}

pub(super) const DIGITAL_SIGNATURE: u16 = 1;
const CERT_SIGN: u16 = 1 << 5;

/// The extensions that are understood; any other that is critical is refused.
#[derive(Default)]
pub(super) struct Extensions<'a> {
    pub(super) authority: bool,
    pub(super) usage: Option<u16>,
    pub(super) usage_critical: bool,
    pub(super) client_authentication: bool,
    pub(super) policies: Vec<&'a Oid<'a>>,
    pub(super) authority_key_id: Option<&'a [u8]>,
    pub(super) subject_key_id: Option<&'a [u8]>,
}

impl<'a> Extensions<'a> {
    pub(super) fn of(certificate: &'a X509Certificate<'_>) -> Result<Self, Forgery> {
        let mut found = Self::default();
        let mut seen: Vec<&Oid<'_>> = Vec::new();
        for extension in certificate.extensions() {
            if seen.contains(&&extension.oid) {
                return Err(Forgery::WrongUse);
            }
            seen.push(&extension.oid);
            found.take(extension)?;
        }
        Ok(found)
    }

    fn take(&mut self, extension: &'a X509Extension<'_>) -> Result<(), Forgery> {
        match extension.parsed_extension() {
            ParsedExtension::BasicConstraints(constraints) => self.authority = constraints.ca,
            ParsedExtension::KeyUsage(usage) => {
                self.usage = Some(usage.flags);
                self.usage_critical = extension.critical;
            }
            ParsedExtension::ExtendedKeyUsage(usage) => {
                self.client_authentication = usage.client_auth;
            }
            ParsedExtension::CertificatePolicies(policies) => {
                self.policies = policies.iter().map(|policy| &policy.policy_id).collect();
            }
            ParsedExtension::AuthorityKeyIdentifier(id) => {
                self.authority_key_id = id.key_identifier.as_ref().map(|id| id.0);
            }
            ParsedExtension::SubjectKeyIdentifier(id) => self.subject_key_id = Some(id.0),
            _ if extension.critical => return Err(Forgery::UnknownCritical),
            _ => {}
        }
        Ok(())
    }
}
