//! What the trust tests share: the published test card's files, and a forger's workshop with keys,
//! roots and cards of its own.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]
#![allow(dead_code, unreachable_pub, missing_docs, reason = "each test file uses its part")]

pub mod pki;

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use mynacard_core::trust::Roots;
use rsa::pkcs8::DecodePrivateKey;
use rsa::traits::PublicKeyParts;
use rsa::{Pkcs1v15Sign, RsaPrivateKey};
use sha2::{Digest, Sha256};

use rsa::sha2;

/// A file that the package `myna-card` publishes from a test card.
pub fn published(name: &str) -> Vec<u8> {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        // Packages of other platforms may not be there, so name this one.
        let rustc = Command::new("rustc").arg("-vV").output().expect("rustc runs").stdout;
        let rustc = String::from_utf8(rustc).expect("text");
        let host = rustc.lines().find_map(|line| line.strip_prefix("host: ")).expect("host");
        let output = Command::new(env!("CARGO"))
            .args(["metadata", "--format-version", "1", "--offline", "--filter-platform", host])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .expect("cargo metadata runs");
        let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let packages = metadata["packages"].as_array().expect("packages");
        let package = packages.iter().find(|package| package["name"] == "myna-card").expect("it");
        let manifest = PathBuf::from(package["manifest_path"].as_str().expect("path"));
        manifest.with_file_name("tests").join("fixtures")
    });
    std::fs::read(folder.join(name)).expect("the published file is there")
}

/// Where an object lies in a file, found without the library under test: first occurrence of its
/// tag, with the length form that follows.
pub fn object(file: &[u8], tag: u16) -> core::ops::Range<usize> {
    let at = file.windows(2).position(|pair| pair == tag.to_be_bytes()).expect("the tag is there");
    let (header, length) = match file[at + 2] {
        0x82 => (5, usize::from(u16::from_be_bytes([file[at + 3], file[at + 4]]))),
        0x81 => (4, usize::from(file[at + 3])),
        short => (3, usize::from(short)),
    };
    at..at + header + length
}

/// An object: tag, length in the card's own form, value.
pub fn tlv(tag: u16, value: &[u8]) -> Vec<u8> {
    let mut bytes = tag.to_be_bytes().to_vec();
    if tag < 0x100 {
        bytes.remove(0);
    }
    match value.len() {
        short @ 0..=0x7F => bytes.push(short as u8),
        long => {
            bytes.push(0x82);
            bytes.extend((long as u16).to_be_bytes());
        }
    }
    bytes.extend(value);
    bytes
}

pub fn sha256(bytes: &[u8]) -> Vec<u8> {
    Sha256::digest(bytes).to_vec()
}

pub fn key_id(number: &str, group: &str) -> [u8; 16] {
    let mut id = [0; 16];
    id[..7].copy_from_slice(number.as_bytes());
    id[7..9].copy_from_slice(&[8, 5]);
    id[9..12].copy_from_slice(group.as_bytes());
    id
}

/// A private key of the workshop.
pub struct Key(pub RsaPrivateKey);

impl Key {
    pub fn load(name: &str) -> Self {
        let path = format!("{}/tests/data/rsa-{name}.pem", env!("CARGO_MANIFEST_DIR"));
        Self(RsaPrivateKey::read_pkcs8_pem_file(path).expect("a test key"))
    }

    pub fn modulus(&self) -> Vec<u8> {
        self.0.n().to_bytes_be()
    }

    /// The card's own form of the public key.
    pub fn objects(&self) -> Vec<u8> {
        let exponent = self.0.e().to_bytes_be();
        let mut padded = vec![0; 3 - exponent.len()];
        padded.extend(exponent);
        [tlv(0x90, &padded), tlv(0x91, &self.modulus())].concat()
    }

    /// PKCS#1 v1.5 with SHA-256.
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.0.sign(Pkcs1v15Sign::new::<Sha256>(), &sha256(message)).expect("signs")
    }

    /// PKCS#1 v1.5 over a payload as it is.
    pub fn sign_payload(&self, payload: &[u8]) -> Vec<u8> {
        self.0.sign(Pkcs1v15Sign::new_unprefixed(), payload).expect("signs")
    }

    /// The private operation on a whole encoded message.
    pub fn sign_encoded(&self, encoded: &[u8]) -> Vec<u8> {
        use rsa::BigUint;
        use rsa::traits::PrivateKeyParts;
        let number = BigUint::from_bytes_be(encoded).modpow(self.0.d(), self.0.n()).to_bytes_be();
        [vec![0; 256 - number.len()], number].concat()
    }
}

/// A card-verifiable certificate file.
pub fn cv_certificate(
    issuer_id: [u8; 16],
    issuer: &Key,
    subject_id: [u8; 16],
    key: &Key,
) -> Vec<u8> {
    let body = [&issuer_id[..], &subject_id, &key.objects()].concat();
    let signature = issuer.sign(&body);
    tlv(0x7F21, &[tlv(0x5F4E, &body), tlv(0x5F37, &signature)].concat())
}

/// The three signed ranges of a face.
pub struct Face {
    pub identity: Vec<u8>,
    pub pictures: Vec<u8>,
    pub photo: Vec<u8>,
}

impl Face {
    pub fn new(birth: &str, sex: &str, card: &Key) -> Self {
        Self {
            identity: [
                tlv(0xDF22, birth.as_bytes()),
                tlv(0xDF23, sex.as_bytes()),
                tlv(0xDF24, &card.objects()),
            ]
            .concat(),
            pictures: [tlv(0xDF25, b"name picture"), tlv(0xDF26, b"address picture")].concat(),
            photo: tlv(0xDF27, &[0x5A; 900]),
        }
    }

    pub fn payload(&self) -> Vec<u8> {
        let prefix = [
            0x30, 0x71, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
            0x01, 0x05, 0x00, 0x04, 0x60,
        ];
        let hashes = [&self.identity, &self.pictures, &self.photo].map(|part| sha256(part));
        [prefix.to_vec(), hashes.concat()].concat()
    }

    pub fn file(&self, signature: &[u8]) -> Vec<u8> {
        let parts = [
            tlv(0xDF21, &[0; 18]),
            self.identity.clone(),
            self.pictures.clone(),
            self.photo.clone(),
            tlv(0xDF28, signature),
            tlv(0xDF29, b"20350217"),
            tlv(0xDF2A, b"code picture"),
        ];
        tlv(0xFF20, &parts.concat())
    }

    pub fn signed_by(&self, key: &Key) -> Vec<u8> {
        self.file(&key.sign_payload(&self.payload()))
    }
}

/// Text 0002 and text 0003.
pub fn attributes(birth: &str, sex: &str, signer: &Key) -> [Vec<u8>; 2] {
    let signed = [
        tlv(0xDF22, "試験　太郎".as_bytes()),
        tlv(0xDF23, "試験県見本市１－２－３".as_bytes()),
        tlv(0xDF24, birth.as_bytes()),
        tlv(0xDF25, sex.as_bytes()),
    ]
    .concat();
    let digests = [tlv(0xDF31, &[7; 32]), tlv(0xDF32, &sha256(&signed))].concat();
    let signature = signer.sign(&digests);
    [
        tlv(0xFF20, &[tlv(0xDF21, &[0; 8]), signed].concat()),
        tlv(0xFF30, &[digests, tlv(0xDF33, &signature)].concat()),
    ]
}

/// Text 0007.
pub fn text_key(card: &Key, signer: &Key) -> Vec<u8> {
    let signed = tlv(0xDF51, &card.objects());
    let signature = signer.sign(&signed);
    tlv(0xFF50, &[signed, tlv(0xDF52, &signature)].concat())
}

pub fn base64(bytes: &[u8]) -> String {
    data_encoding::BASE64.encode(bytes)
}

pub fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXUPPER.encode(bytes)
}

/// A roots file of the workshop.
pub fn roots_file(name: &str, cv: &[([u8; 16], &Key)], x509: &[&[u8]]) -> Vec<u8> {
    let cv: Vec<_> = cv
        .iter()
        .map(|(id, key)| {
            serde_json::json!({
                "key_id": hex(id), "modulus": hex(&key.modulus()), "exponent": "010001"
            })
        })
        .collect();
    let x509: Vec<_> = x509.iter().map(|der| base64(der)).collect();
    serde_json::json!({ "hierarchy": name, "cv": cv, "x509": x509 }).to_string().into_bytes()
}

pub const FACE_ROOT: &str = "6000023";
pub const TEXT_ROOT: &str = "6000033";

/// Roots of the workshop: the same key under the ids of the face's and the text application's root.
pub fn workshop_roots(root: &Key) -> Roots {
    let cv = [(key_id(FACE_ROOT, "001"), root), (key_id(TEXT_ROOT, "001"), root)];
    Roots::from_json(&roots_file("workshop", &cv, &[])).expect("roots")
}
