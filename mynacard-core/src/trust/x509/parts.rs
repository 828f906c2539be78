//! What roots and end-entity certificates have in common: structure, dates, extensions.

use x509_parser::certificate::X509Certificate;
use x509_parser::der_parser::asn1_rs::Oid;
use x509_parser::extensions::{ParsedExtension, X509Extension};
use x509_parser::prelude::FromDer;
use x509_parser::x509::X509Version;

use super::algorithm::{Algorithm, Key, algorithm};
use crate::calendar::Moment;
use crate::trust::{Forgery, roots::RootsFault};

/// Facts about a root that are needed to check what it issued.
#[derive(Clone, Debug)]
pub(in crate::trust) struct RootFacts {
    /// Its name, as DER.
    pub(super) subject: Vec<u8>,
    /// Its subject key identifier.
    pub(super) key_id: Option<Vec<u8>>,
    pub(super) key: Key,
    pub(super) not_before: Moment,
    pub(super) not_after: Moment,
}

/// Reads a certificate that may be a root: a known algorithm and key, CA, keyCertSign, self-signed.
pub(in crate::trust) fn root_facts(der: &[u8]) -> Result<RootFacts, RootsFault> {
    let certificate = parse(der).ok_or(RootsFault::Certificate)?;
    let signed_with = algorithm(&certificate).map_err(|_| RootsFault::Certificate)?;
    let signed_with = signed_with.ok_or(RootsFault::Algorithm)?;
    let extensions = Extensions::of(&certificate).map_err(|_| RootsFault::Extension)?;
    if !extensions.authority || extensions.usage.is_none_or(|usage| usage & CERT_SIGN == 0) {
        return Err(RootsFault::NotAuthority);
    }
    let key = Key::of(&certificate)?;
    if certificate.issuer().as_raw() != certificate.subject().as_raw()
        || !is_signed_by(&certificate, signed_with, &key)
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

pub(super) fn is_signed_by(
    certificate: &X509Certificate<'_>,
    algorithm: Algorithm,
    key: &Key,
) -> bool {
    let signature: &[u8] = certificate.signature_value.data.as_ref();
    key.verifies(algorithm, certificate.tbs_certificate.as_ref(), signature)
}

/// First and last moment of validity. The two digits of a `UTCTime` are 1950 to 2049 (RFC 5280 §4.1.2.5.1).
pub(super) fn dates(certificate: &X509Certificate<'_>) -> (Moment, Moment) {
    let validity = certificate.validity();
    let [from, to] = [&validity.not_before, &validity.not_after];
    (Moment::from_unix_seconds(from.timestamp()), Moment::from_unix_seconds(to.timestamp()))
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
