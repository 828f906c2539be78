//! Who signs a card: three hierarchies of card-verifiable certificates and two certificate
//! authorities, and their public roots.
//!
//! All key ids begin with `99000` (roots) or `99` (below them) and all names with
//! `O=MYNACARD-TEST`, so that nothing here can be taken for something of J-LIS.

use base64ct::{Base64, Encoding};

use crate::cv::{CvCertificate, KeyId};
use crate::keys::{CertificateKey, TestKey};
use crate::x509::{Algorithm, Attribute, Certificate, Extension, Name, key_usage};

/// A key with the id that card-verifiable certificates name it by.
#[derive(Clone, Debug)]
pub struct NamedKey {
    /// Its id.
    pub id: KeyId,
    /// Its private key.
    pub key: TestKey,
}

impl NamedKey {
    fn new(number: &[u8; 7], group: &[u8; 3], tail: u32, key: &str) -> Self {
        NamedKey {
            id: KeyId::new(*number, *group, tail.to_be_bytes()),
            key: TestKey::embedded(key),
        }
    }

    /// The certificate in which this key certifies another.
    #[must_use]
    pub fn certifies(&self, subject: &NamedKey) -> CvCertificate {
        CvCertificate { issuer: self.id, subject: subject.id, key: subject.key.public() }
    }
}

/// A self-signed certificate authority.
#[derive(Clone, Debug)]
pub struct Authority {
    /// Its name, as issuer and subject.
    pub name: Name,
    /// Serial number of its own certificate.
    pub serial: Vec<u8>,
    /// Its key.
    pub key: CertificateKey,
    /// First moment of validity, `YYMMDDHHMMSSZ`.
    pub not_before: String,
    /// Last moment of validity.
    pub not_after: String,
}

const ORGANIZATION: &str = "MYNACARD-TEST";
const AUTH_UNIT: &str = "JPKI for user authentication";
const SIGN_UNIT: &str = "JPKI for digital signature";

impl Authority {
    fn new(unit: &str, serial: [u8; 3], key: &str, from: &str, to: &str) -> Self {
        let name = Name::new(&[
            (Attribute::Country, "JP"),
            (Attribute::Organization, ORGANIZATION),
            (Attribute::Unit, unit),
            (Attribute::Unit, "mynacard synthetic test hierarchy"),
        ]);
        Authority {
            name,
            serial: serial.to_vec(),
            key: CertificateKey::embedded(key),
            not_before: from.to_owned(),
            not_after: to.to_owned(),
        }
    }

    /// Its own certificate, before it is signed with its own key.
    #[must_use]
    pub fn certificate(&self) -> Certificate {
        let key = self.key.public();
        Certificate {
            serial: self.serial.clone(),
            algorithm: Algorithm::of(&self.key),
            issuer: self.name.clone(),
            subject: self.name.clone(),
            not_before: self.not_before.clone(),
            not_after: self.not_after.clone(),
            extensions: vec![
                Extension::key_usage(key_usage::KEY_CERT_SIGN | key_usage::CRL_SIGN),
                Extension::subject_alternative_name(&alternative_name()),
                Extension::certificate_authority(),
                Extension::crl_distribution_point(&self.name),
                Extension::subject_key(&key),
            ],
            key,
        }
    }

    /// Its own certificate, signed.
    #[must_use]
    pub fn certificate_der(&self) -> Vec<u8> {
        self.certificate().sign(&self.key)
    }

    /// Name of a distribution point in a municipality's list.
    #[must_use]
    pub fn distribution_point(&self, prefecture: &str, city: &str) -> Name {
        let mut attributes: Vec<_> = self.name.0.iter().take(3).cloned().collect();
        attributes.push((Attribute::Unit, "CRL Distribution Points".to_owned()));
        attributes.push((Attribute::Unit, prefecture.to_owned()));
        attributes.push((Attribute::CommonName, format!("{city} CRLDP")));
        Name(attributes)
    }
}

/// The directory name that certificates have as alternative name of the issuer.
#[must_use]
pub fn alternative_name() -> Name {
    Name::new(&[
        (Attribute::Country, "JP"),
        (Attribute::Organization, "試験用認証局（実在しません）"),
    ])
}

/// Everything that signs one card.
#[derive(Clone, Debug)]
pub struct Issuer {
    /// Root of the face application's hierarchy.
    pub face_root: NamedKey,
    /// Key that face 0004 certifies and that signs the face records.
    pub face_signer: NamedKey,
    /// Root of the text application's hierarchy.
    pub text_root: NamedKey,
    /// Key that text 0004 certifies and that signs the text records.
    pub text_signer: NamedKey,
    /// Root of the hierarchy at card level.
    pub mf_root: NamedKey,
    /// Key that data object 00F8 certifies.
    pub mf_intermediate: NamedKey,
    /// Key that data object 7F21 certifies.
    pub mf_leaf: NamedKey,
    /// Authority of the authentication certificate (利用者証明用).
    pub auth_authority: Authority,
    /// Authority of the signature certificate (署名用).
    pub sign_authority: Authority,
}

impl Issuer {
    /// The test hierarchy with the current authentication CA.
    #[must_use]
    pub fn test() -> Self {
        Issuer {
            face_root: NamedKey::new(b"9900023", b"001", 0, "face-root"),
            face_signer: NamedKey::new(b"9910121", b"000", 0, "face-municipality"),
            text_root: NamedKey::new(b"9900033", b"001", 0, "text-root"),
            text_signer: NamedKey::new(b"9910131", b"000", 0, "text-municipality"),
            mf_root: NamedKey::new(b"9900020", b"001", 0xA8, "mf-root"),
            mf_intermediate: NamedKey::new(b"9910130", b"002", 0x98, "mf-intermediate"),
            mf_leaf: NamedKey::new(b"9900050", b"001", 0x40, "mf-leaf"),
            auth_authority: auth_authority_2(),
            sign_authority: sign_authority(),
        }
    }

    /// The test hierarchy with the first generation of the authentication CA: same name,
    /// another key.
    #[must_use]
    pub fn test_first_generation() -> Self {
        Issuer { auth_authority: auth_authority_1(), ..Self::test() }
    }

    /// The test hierarchy with an authentication CA whose key is on P-384, as the next card is announced
    /// with: the same name once more.
    #[must_use]
    pub fn test_p384() -> Self {
        Issuer { auth_authority: auth_authority_3(), ..Self::test() }
    }

    /// A forger's hierarchy: the same ids and names as [`Issuer::test`], but every key is the
    /// forger's own.
    #[must_use]
    pub fn rogue() -> Self {
        let mut issuer = Self::test();
        for root in [&mut issuer.face_root, &mut issuer.text_root, &mut issuer.mf_root] {
            root.key = TestKey::embedded("rogue-root");
        }
        let signers = [
            &mut issuer.face_signer,
            &mut issuer.text_signer,
            &mut issuer.mf_intermediate,
            &mut issuer.mf_leaf,
        ];
        for signer in signers {
            signer.key = TestKey::embedded("rogue-municipality");
        }
        issuer.auth_authority.key = CertificateKey::embedded("rogue-ca");
        issuer.sign_authority.key = CertificateKey::embedded("rogue-ca");
        issuer
    }

    /// The roots that a verifier must trust to find cards of this issuer genuine.
    #[must_use]
    pub fn roots(&self, hierarchy: &str) -> PublicRoots {
        let root = |named: &NamedKey, application| {
            let key = named.key.public();
            let (modulus, exponent) = (key.modulus, key.exponent);
            CvRoot { key_id: named.id, application, modulus, exponent }
        };
        PublicRoots {
            hierarchy: hierarchy.to_owned(),
            cv: vec![root(&self.face_root, "face"), root(&self.text_root, "text")],
            x509: vec![
                self.auth_authority.certificate_der(),
                self.sign_authority.certificate_der(),
            ],
        }
    }
}

fn auth_authority_1() -> Authority {
    Authority::new(AUTH_UNIT, [0x99, 0x00, 0x01], "auth-ca-1", "180401000000Z", "280331145959Z")
}

fn auth_authority_2() -> Authority {
    Authority::new(AUTH_UNIT, [0x99, 0x00, 0x02], "auth-ca-2", "220401000000Z", "320331145959Z")
}

fn auth_authority_3() -> Authority {
    Authority::new(AUTH_UNIT, [0x99, 0x00, 0x03], "auth-ca-3", "260401000000Z", "360331145959Z")
}

fn sign_authority() -> Authority {
    Authority::new(SIGN_UNIT, [0x99, 0x00, 0x11], "sign-ca-1", "180401000000Z", "320331145959Z")
}

/// Root of a hierarchy of card-verifiable certificates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CvRoot {
    /// Its id.
    pub key_id: KeyId,
    /// For whose records it vouches, `face` or `text`: its id does not say it.
    pub application: &'static str,
    /// Modulus, big-endian.
    pub modulus: Vec<u8>,
    /// Exponent, big-endian.
    pub exponent: Vec<u8>,
}

/// What a verifier must know to check this crate's cards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicRoots {
    /// A name for the whole.
    pub hierarchy: String,
    /// Roots of card-verifiable certificates.
    pub cv: Vec<CvRoot>,
    /// Root certificates, DER.
    pub x509: Vec<Vec<u8>>,
}

impl PublicRoots {
    /// The roots of all of this crate's profiles: two CV roots (nobody checks the certificates of the
    /// card's outermost level), three generations of the authentication CA with the same name, the last on
    /// P-384, the signature CA. Hierarchy `mynacard-test`.
    #[must_use]
    pub fn test() -> Self {
        let mut roots = Issuer::test().roots("mynacard-test");
        roots.x509.insert(0, auth_authority_1().certificate_der());
        roots.x509.push(auth_authority_3().certificate_der());
        roots
    }

    /// `{"hierarchy": NAME, "cv": [{"key_id", "modulus", "exponent" in hex, "application"}], "x509": [DER in
    /// base64]}`.
    #[must_use]
    pub fn to_json(&self) -> String {
        let cv: Vec<_> = self
            .cv
            .iter()
            .map(|root| {
                serde_json::json!({
                    "key_id": hex(&root.key_id.0),
                    "application": root.application,
                    "modulus": hex(&root.modulus),
                    "exponent": hex(&root.exponent),
                })
            })
            .collect();
        let x509: Vec<_> = self.x509.iter().map(|der| Base64::encode_string(der)).collect();
        let roots = serde_json::json!({ "hierarchy": self.hierarchy, "cv": cv, "x509": x509 });
        format!("{roots:#}\n")
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
