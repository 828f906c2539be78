//! The caller's own roots, as a JSON file.

use data_encoding::{BASE64, HEXUPPER_PERMISSIVE};
use serde::Deserialize;

use super::{CvRoot, Roots, x509_root};
use crate::error::faults;
use crate::trust::cv::KeyId;
use crate::trust::rsa::PublicKey;

/// Largest accepted file, in bytes.
const LARGEST_FILE: usize = 1 << 20;
/// Most roots of each kind.
const MOST_ROOTS: usize = 64;
/// Longest name of a hierarchy, in characters.
const LONGEST_NAME: usize = 64;

faults! {
    /// A file of roots is unusable (codes 10000..10999).
    RootsFault {
        /// Not JSON, or not of the documented form.
        Format = 10001, Operator, "the roots file is not JSON of the documented form",
            ja "ルート証明書ファイルの形式が正しくありません。",
            en "The roots file does not have the expected form.";
        /// The hierarchy has no name, one that is too long or unprintable, or a reserved one.
        Name = 10002, Operator, "the roots file needs a name of its own for its hierarchy",
            ja "ルート証明書ファイルの名前が使えません(production と test は予約済み)。",
            en "The roots file needs another name; production and test are reserved.";
        /// A key id is not 16 bytes of hex.
        KeyId = 10003, Operator, "a key id in the roots file is not 16 bytes of hex",
            ja "ルート証明書ファイルの鍵IDが正しくありません。",
            en "A key id in the roots file is wrong.";
        /// A number is not hex, or a certificate not base64.
        Encoding = 10004, Operator, "a value in the roots file is not hex or base64",
            ja "ルート証明書ファイルの値を読み取れません。",
            en "A value in the roots file cannot be read.";
        /// A key is below 2048 bits, even, or has another exponent than 65537.
        WeakKey = 10005, Operator, "a key in the roots file is refused by the key policy",
            ja "ルート証明書ファイルの鍵が弱いため使えません。",
            en "A key in the roots file is too weak.";
        /// The same key id or certificate twice.
        Duplicate = 10006, Operator, "the roots file names the same root twice",
            ja "ルート証明書ファイルに同じルートが二度あります。",
            en "The roots file names the same root twice.";
        /// Not an X.509 certificate with RSA and SHA-256.
        Certificate = 10007, Operator, "a certificate in the roots file does not parse",
            ja "ルート証明書ファイルの証明書を読み取れません。",
            en "A certificate in the roots file cannot be read.";
        /// The certificate may not issue certificates.
        NotAuthority = 10008, Operator, "a certificate in the roots file is not an authority's",
            ja "ルート証明書ファイルに認証局のものではない証明書があります。",
            en "A certificate in the roots file is not that of an authority.";
        /// The certificate is not signed by its own key.
        NotSelfSigned = 10009, Operator, "a certificate in the roots file does not sign itself",
            ja "ルート証明書ファイルに自己署名ではない証明書があります。",
            en "A certificate in the roots file is not self-signed.";
        /// No root at all.
        Empty = 10010, Operator, "the roots file holds no root",
            ja "ルート証明書ファイルが空です。",
            en "The roots file holds no root.";
        /// The file, or a list in it, is too large.
        TooLarge = 10011, Operator, "the roots file is too large",
            ja "ルート証明書ファイルが大きすぎます。",
            en "The roots file is too large.";
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    hierarchy: String,
    #[serde(default)]
    cv: Vec<Cv>,
    #[serde(default)]
    x509: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cv {
    key_id: String,
    modulus: String,
    exponent: String,
}

pub(super) fn parse(json: &[u8]) -> Result<Roots, RootsFault> {
    if json.len() > LARGEST_FILE {
        return Err(RootsFault::TooLarge);
    }
    let file: File = serde_json::from_slice(json).map_err(|_| RootsFault::Format)?;
    if !is_good_name(&file.hierarchy) {
        return Err(RootsFault::Name);
    }
    if file.cv.is_empty() && file.x509.is_empty() {
        return Err(RootsFault::Empty);
    }
    if file.cv.len() > MOST_ROOTS || file.x509.len() > MOST_ROOTS {
        return Err(RootsFault::TooLarge);
    }
    let (mut roots, anchor) = Roots::of_caller(&file.hierarchy);
    for entry in &file.cv {
        let id = hex(&entry.key_id)?.try_into().map_err(|_| RootsFault::KeyId)?;
        let id = KeyId::new(id);
        let key = PublicKey::new(&hex(&entry.modulus)?, &hex(&entry.exponent)?)
            .map_err(|_| RootsFault::WeakKey)?;
        if roots.find_cv(&id).is_some() {
            return Err(RootsFault::Duplicate);
        }
        roots.cv.push(CvRoot { id, key, anchor: anchor.clone() });
    }
    for entry in &file.x509 {
        let der = BASE64.decode(entry.as_bytes()).map_err(|_| RootsFault::Encoding)?;
        let root = x509_root(&der, anchor.clone())?;
        if roots.x509.iter().any(|known| known.fingerprint == root.fingerprint) {
            return Err(RootsFault::Duplicate);
        }
        roots.x509.push(root);
    }
    Ok(roots)
}

/// A name that can stand in a line of a report, and cannot be taken for a built-in hierarchy.
fn is_good_name(name: &str) -> bool {
    let reserved = ["production", "test"].iter().any(|word| name.eq_ignore_ascii_case(word));
    let printable = name.chars().all(|c| c.is_alphanumeric() || "-_. ".contains(c));
    !reserved
        && printable
        && name.trim() == name
        && (1..=LONGEST_NAME).contains(&name.chars().count())
}

fn hex(text: &str) -> Result<Vec<u8>, RootsFault> {
    HEXUPPER_PERMISSIVE.decode(text.as_bytes()).map_err(|_| RootsFault::Encoding)
}
