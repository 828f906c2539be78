//! X.509 certificates of the workshop, in the profile of the public certification service.

use rcgen::{
    BasicConstraints, Certificate, CertificateParams, CustomExtension, DnType,
    ExtendedKeyUsagePurpose, IsCa, Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose,
    PKCS_ECDSA_P384_SHA384, PKCS_RSA_SHA256, PublicKeyData, SerialNumber, SignatureAlgorithm,
    date_time_ymd,
};
use rsa::pkcs1::EncodeRsaPublicKey;

use super::Key;

/// Policies as DER contents of their identifiers.
pub const POLICY: &[u8] = &[0x2A, 0x83, 0x08, 0x8C, 0x9B, 0x55, 8, 5, 1, 3, 0x1E];
pub const POLICY_TEST: &[u8] = &[0x2A, 0x83, 0x08, 0x8C, 0x9B, 0x55, 8, 5, 1, 0, 0x1E];

/// A key of the workshop by its file's name, or one on P-384, new each time.
fn key_pair(name: &str) -> KeyPair {
    if name == "p384" {
        return KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384).expect("a key");
    }
    let path = format!("{}/tests/data/rsa-{name}.pem", env!("CARGO_MANIFEST_DIR"));
    let pem = std::fs::read_to_string(path).expect("a test key");
    KeyPair::from_pkcs8_pem_and_sign_algo(&pem, &PKCS_RSA_SHA256).expect("RSA")
}

fn name(params: &mut CertificateParams, organization: &str) {
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CountryName, "JP");
    params.distinguished_name.push(DnType::OrganizationName, organization);
    let unit = "JPKI for user authentication";
    params.distinguished_name.push(DnType::OrganizationalUnitName, unit);
}

/// A root of the workshop, to be changed before it is made.
pub struct Root {
    pub params: CertificateParams,
    key: &'static str,
}

impl Root {
    pub fn new(organization: &str, key: &'static str) -> Self {
        let mut params = CertificateParams::default();
        name(&mut params, organization);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params.not_before = date_time_ymd(2023, 1, 1);
        params.not_after = date_time_ymd(2033, 1, 1);
        Self { params, key }
    }

    pub fn der(&self) -> Vec<u8> {
        self.params.self_signed(&key_pair(self.key)).expect("signs").der().to_vec()
    }
}

/// An authentication certificate, to be changed before it is made.
pub struct Leaf {
    pub params: CertificateParams,
    pub policy: &'static [u8],
    /// The subject key identifier that its AKI names in place of the issuer's own.
    pub named_issuer: Option<Vec<u8>>,
}

impl Leaf {
    pub fn new() -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(DnType::CountryName, "JP");
        params.distinguished_name.push(DnType::CommonName, "0123456789ABCD13221003A");
        params.serial_number = Some(SerialNumber::from_slice(&[0x22, 0x7B, 0x13]));
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        params.use_authority_key_identifier_extension = true;
        params.not_before = date_time_ymd(2025, 10, 27);
        params.not_after = date_time_ymd(2030, 2, 17);
        Self { params, policy: POLICY, named_issuer: None }
    }

    pub fn signed_by(mut self, root: Root, key: &Key) -> Vec<u8> {
        if !self.policy.is_empty() {
            let size = self.policy.len() as u8;
            let mut content = vec![0x30, size + 4, 0x30, size + 2, 0x06, size];
            content.extend(self.policy);
            self.params.custom_extensions.push(critical(&[2, 5, 29, 32], content));
        }
        let mut issuer = root.params;
        if let Some(id) = self.named_issuer {
            issuer.key_identifier_method = KeyIdMethod::PreSpecified(id);
        }
        let issuer = Issuer::new(issuer, key_pair(root.key));
        let subject = Subject(key.0.to_public_key().to_pkcs1_der().expect("encodes").into_vec());
        let leaf: Certificate = self.params.signed_by(&subject, &issuer).expect("signs");
        leaf.der().to_vec()
    }
}

/// A public key that may be too weak for `rcgen` to hold its private half.
struct Subject(Vec<u8>);

impl PublicKeyData for Subject {
    fn der_bytes(&self) -> &[u8] {
        &self.0
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &PKCS_RSA_SHA256
    }
}

pub fn critical(oid: &[u64], content: Vec<u8>) -> CustomExtension {
    let mut extension = CustomExtension::from_oid_content(oid, content);
    extension.set_criticality(true);
    extension
}

/// The subject key identifier of a certificate of the workshop: 20 bytes after its OID and headers.
pub fn key_identifier(der: &[u8]) -> Vec<u8> {
    let oid = [0x06, 0x03, 0x55, 0x1D, 0x0E, 0x04, 0x16, 0x04, 0x14];
    let at = der.windows(oid.len()).position(|window| window == oid).expect("an identifier");
    der[at + oid.len()..][..20].to_vec()
}
