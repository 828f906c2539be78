//! The authentication certificate of the public certification service (利用者証明用電子証明書,
//! JPKI AP EF 000A): who issued it, whether it is for this use, and what its dates allow.
//!
//! Profile: card-spec §7, from published test cards and the roots that J-LIS publishes. Several
//! generations of a root share one name, so the issuer is the one whose key made the signature; the
//! authority key identifier only says which to try first.

mod algorithm;
mod parts;
mod serial;

use core::fmt;

use x509_parser::certificate::X509Certificate;
use x509_parser::der_parser::asn1_rs::Oid;
use x509_parser::der_parser::oid;

pub(super) use parts::{RootFacts, root_facts};
pub use serial::Serial;

use self::algorithm::{Algorithm, Key, algorithm};
use self::parts::{DIGITAL_SIGNATURE, Extensions};
use super::clock::{Clock, Validity};
use super::roots::X509Root;
use super::{Anchor, Authenticity, Doubt, Forgery, Hierarchy, Issuer, Named, Roots};
use crate::Timestamp;
use crate::calendar::Moment;

/// Policy of authentication certificates on cards issued to the public (card-spec §7.2).
const POLICY: Oid<'static> = oid!(1.2.392.200149.8.5.1.3.30);
/// The same on test cards.
const POLICY_TEST: Oid<'static> = oid!(1.2.392.200149.8.5.1.0.30);
/// Policies of certificates on smartphones, which are not accepted: a patient is identified by the
/// plastic card. The first is that of signing, by one public source that quotes the profile of 2026;
/// the others follow it as those of cards do (card-spec §7.2, C).
const POLICIES_PHONE: [Oid<'static>; 3] = [
    oid!(1.2.392.200149.8.5.1.1.40),
    oid!(1.2.392.200149.8.5.1.3.40),
    oid!(1.2.392.200149.8.5.1.0.40),
];

/// What was found out about an authentication certificate.
#[derive(Clone, Debug)]
pub struct CertificateTrust {
    /// Who issued it, and for what. Says nothing about dates, nor that this chip holds its key: that
    /// key answers only to a PIN.
    pub authenticity: Authenticity,
    /// What its dates, and those of its root, allow. Unproven unless genuine.
    pub validity: Validity,
    /// What a [`RevocationSource`] said; only a genuine certificate is asked about.
    pub revocation: Revocation,
    /// What it says, if it parses. Unproven unless genuine.
    pub facts: Option<CertificateFacts>,
}

impl CertificateTrust {
    /// Of a certificate that was not read.
    #[must_use]
    pub const fn absent() -> Self {
        Self {
            authenticity: Authenticity::ABSENT,
            validity: Validity::Unknown,
            revocation: Revocation::NotChecked,
            facts: None,
        }
    }
}

/// What a certificate says about itself. All of it is personal: the last day of validity is a birthday.
#[derive(Clone)]
pub struct CertificateFacts {
    /// Serial number: personal, since it stands for its holder.
    pub serial: Serial,
    /// First moment of validity.
    pub not_before: Moment,
    /// Last moment of validity.
    pub not_after: Moment,
    /// Code of the municipality (市区町村コード) in the subject's name: five ASCII digits before the
    /// last four characters. Known from one test card only; none if the name has another shape.
    pub municipality: Option<[u8; 5]>,
}

impl fmt::Debug for CertificateFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CertificateFacts(..)")
    }
}

/// Whether a certificate has been revoked (失効).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Revocation {
    /// Nobody was asked.
    NotChecked,
    /// Not revoked, as of a moment.
    Good {
        /// The moment that the statement is about.
        as_of: Timestamp,
    },
    /// Revoked, as of a moment.
    Revoked {
        /// The moment that the statement is about.
        as_of: Timestamp,
    },
}

impl Revocation {
    /// Stable name: `not-checked`, `good`, `revoked`.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::NotChecked => "not-checked",
            Self::Good { .. } => "good",
            Self::Revoked { .. } => "revoked",
        }
    }
}

/// Somebody who may know whether a certificate has been revoked.
///
/// **Who may ask is a matter of law.** Revocation lists and OCSP of the public certification service
/// are open only to parties approved under 公的個人認証法 (Act on the public certification service,
/// article 17 for signatures, and its counterparts for user authentication). This library has no source
/// of its own, connects to nothing and pretends nothing: unless an approved host brings one, the answer
/// is [`Revocation::NotChecked`]. In マイナ救急 it is the eligibility system that checks.
///
/// Implementations answer at once, from what the host already holds.
pub trait RevocationSource {
    /// What is known about the certificate with this serial number, issued under this root.
    fn revocation(&self, serial: &Serial, issuer: &Anchor) -> Revocation;
}

/// The honest default: nobody is asked.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoRevocationSource;

impl RevocationSource for NoRevocationSource {
    fn revocation(&self, _: &Serial, _: &Anchor) -> Revocation {
        Revocation::NotChecked
    }
}

/// Whether this is one X.509 certificate of version 3, whatever it is worth.
pub(crate) fn is_certificate(der: &[u8]) -> bool {
    parts::parse(der).is_some()
}

/// Checks an authentication certificate: exactly its DER, without filler.
#[must_use]
pub fn check_authentication(
    der: &[u8],
    roots: &Roots,
    clock: Clock,
    source: &dyn RevocationSource,
) -> CertificateTrust {
    let doubted = |doubt: Doubt| CertificateTrust {
        authenticity: doubt.into(),
        ..CertificateTrust::absent()
    };
    let Some(certificate) = parts::parse(der) else { return doubted(Doubt::MALFORMED) };
    let Some(serial) = Serial::from_der_integer(certificate.raw_serial()) else {
        return doubted(Doubt::MALFORMED);
    };
    let (not_before, not_after) = parts::dates(&certificate);
    let municipality = municipality(&certificate);
    let facts = CertificateFacts { serial, not_before, not_after, municipality };
    match chain(&certificate, roots) {
        Err(doubt) => CertificateTrust {
            validity: Validity::judge(not_before, not_after, clock),
            facts: Some(facts),
            ..doubted(doubt)
        },
        Ok(root) => CertificateTrust {
            authenticity: (&root.anchor).into(),
            // A certificate is good for no longer than the one above it.
            validity: Validity::judge(
                not_before.max(root.facts.not_before),
                not_after.min(root.facts.not_after),
                clock,
            ),
            revocation: source.revocation(&facts.serial, &root.anchor),
            facts: Some(facts),
        },
    }
}

/// Finds the root that signed the certificate, and checks that it is an authentication certificate.
fn chain<'r>(certificate: &X509Certificate<'_>, roots: &'r Roots) -> Result<&'r X509Root, Doubt> {
    let signed_with = algorithm(certificate).map_err(Doubt::forged)?;
    let extensions = Extensions::of(certificate).map_err(Doubt::forged)?;
    let root = match signed_with {
        Some(known) => issuer(certificate, known, extensions.authority_key_id, roots)?,
        // Nobody can tell whether it did sign. All else is judged as if it had, so that claiming an algorithm
        // hides nothing that is wrong anyway.
        None => namesakes(certificate, roots).next().ok_or_else(|| unknown(certificate))?,
    };
    fit_for_authentication(&extensions, &root.anchor.hierarchy).map_err(Doubt::forged)?;
    Key::of(certificate)?;
    signed_with.map(|_| root).ok_or(Doubt::ALGORITHM)
}

/// The roots of the name that the certificate gives its issuer: generations of one root share it.
fn namesakes<'r>(
    certificate: &X509Certificate<'_>,
    roots: &'r Roots,
) -> impl Iterator<Item = &'r X509Root> {
    let name = certificate.issuer().as_raw();
    roots.x509().iter().filter(move |root| root.facts.subject == name)
}

/// The root that signed. One that is named by its key identifier and did not sign was lied about; if
/// none is named and none signed, the issuer is one we do not know, perhaps a newer generation.
fn issuer<'r>(
    certificate: &X509Certificate<'_>,
    algorithm: Algorithm,
    key_id: Option<&[u8]>,
    roots: &'r Roots,
) -> Result<&'r X509Root, Doubt> {
    let same_name = || namesakes(certificate, roots);
    let is_named = |root: &X509Root| key_id.is_some() && root.facts.key_id.as_deref() == key_id;
    let signed = |root: &&X509Root| parts::is_signed_by(certificate, algorithm, &root.facts.key);
    if let Some(root) = same_name().filter(|root| is_named(root)).find(signed) {
        return Ok(root);
    }
    if same_name().any(is_named) {
        return Err(Doubt::forged(Forgery::Signature));
    }
    same_name().find(signed).ok_or_else(|| unknown(certificate))
}

fn unknown(certificate: &X509Certificate<'_>) -> Doubt {
    let organization = certificate.issuer().iter_organization().next();
    let named = match organization.map(|name| name.as_slice()) {
        Some(b"JPKI") => Named::Production,
        Some(b"JPKI-TEST") => Named::Test,
        _ => Named::Other,
    };
    Doubt::IssuerUnknown { issuer: Issuer::Authority(named) }
}

fn fit_for_authentication(extensions: &Extensions<'_>, under: &Hierarchy) -> Result<(), Forgery> {
    // The signing certificate (署名用) has nonRepudiation besides, and no purpose.
    let usage = extensions.usage == Some(DIGITAL_SIGNATURE) && extensions.usage_critical;
    if extensions.authority || !usage || !extensions.client_authentication {
        return Err(Forgery::WrongUse);
    }
    let accepted: &[Oid<'_>] = match under {
        Hierarchy::Production => &[POLICY],
        Hierarchy::Test => &[POLICY_TEST],
        Hierarchy::Caller(_) => &[POLICY, POLICY_TEST],
    };
    match extensions.policies.as_slice() {
        [policy] if accepted.contains(policy) => Ok(()),
        [policy] if POLICIES_PHONE.contains(policy) => Err(Forgery::PhonePolicy),
        _ => Err(Forgery::WrongPolicy),
    }
}

fn municipality(certificate: &X509Certificate<'_>) -> Option<[u8; 5]> {
    let name = certificate.subject().iter_common_name().next()?.as_slice();
    let (_, tail) = name.split_at_checked(name.len().checked_sub(9)?)?;
    let (code, rest) = tail.split_first_chunk::<5>()?;
    let shaped =
        matches!(rest, [a, b, c, b'A'..=b'Z'] if [a, b, c].iter().all(|x| x.is_ascii_digit()));
    (name.len() == 23 && shaped && code.iter().all(u8::is_ascii_digit)).then_some(*code)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// No certificate under a production root is public, so the rule is tested by itself.
    #[test]
    fn each_hierarchy_has_its_own_policy() {
        let fits = |policy: &Oid<'_>, under: &Hierarchy| {
            let extensions = Extensions {
                usage: Some(DIGITAL_SIGNATURE),
                usage_critical: true,
                client_authentication: true,
                policies: vec![policy],
                ..Extensions::default()
            };
            fit_for_authentication(&extensions, under)
        };
        let wrong = Err(Forgery::WrongPolicy);
        assert_eq!(fits(&POLICY, &Hierarchy::Production), Ok(()));
        assert_eq!(fits(&POLICY_TEST, &Hierarchy::Production), wrong);
        assert_eq!(fits(&POLICY, &Hierarchy::Test), wrong);
        assert_eq!(fits(&POLICY_TEST, &Hierarchy::Test), Ok(()));
    }
}
