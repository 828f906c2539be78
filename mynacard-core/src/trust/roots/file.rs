//! The caller's own roots, as a JSON file.

use data_encoding::{BASE64, HEXUPPER_PERMISSIVE};
use serde::Deserialize;

use super::{Anchor, CvRoot, Roots, X509Root, x509_root};
use crate::error::{RootsEntry, RootsError, RootsFault};
use crate::map::Application;
use crate::trust::cv::KeyId;
use crate::trust::rsa::{KeyFault, PublicKey};

/// Largest accepted file, in bytes.
const LARGEST_FILE: usize = 1 << 20;
/// Most roots of each kind.
const MOST_ROOTS: usize = 64;
/// Longest name of a hierarchy, in characters.
const LONGEST_NAME: usize = 64;

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
    /// Needed where the key id does not say it, and never another than it says.
    #[serde(default)]
    application: Option<String>,
}

impl Cv {
    fn application(&self, id: KeyId) -> Result<Application, RootsFault> {
        let said = match self.application.as_deref() {
            None => None,
            Some("face") => Some(Application::Face),
            Some("text") => Some(Application::Text),
            Some(_) => return Err(RootsFault::Application),
        };
        match (id.root_application(), said) {
            (Some(named), Some(said)) if named != said => Err(RootsFault::Application),
            (named, said) => named.or(said).ok_or(RootsFault::Application),
        }
    }
}

pub(super) fn parse(json: &[u8]) -> Result<Roots, RootsError> {
    let file = whole(json)?;
    let (mut roots, anchor) = Roots::of_caller(&file.hierarchy);
    for (at, entry) in file.cv.iter().enumerate() {
        let root = cv_root(entry, &roots, &anchor).map_err(|fault| fault.of(RootsEntry::Cv(at)))?;
        roots.cv.push(root);
    }
    for (at, entry) in file.x509.iter().enumerate() {
        let root =
            certificate(entry, &roots, &anchor).map_err(|fault| fault.of(RootsEntry::X509(at)))?;
        roots.x509.push(root);
    }
    Ok(roots)
}

/// What can be said of the file before any of its entries is looked at.
fn whole(json: &[u8]) -> Result<File, RootsFault> {
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
    Ok(file)
}

fn cv_root(entry: &Cv, known: &Roots, anchor: &Anchor) -> Result<CvRoot, RootsFault> {
    let id = hex(&entry.key_id)?.try_into().map_err(|_| RootsFault::KeyId)?;
    let id = KeyId::new(id);
    let key =
        PublicKey::new(&hex(&entry.modulus)?, &hex(&entry.exponent)?).map_err(|why| match why {
            KeyFault::TooLarge => RootsFault::KeySize,
            _ => RootsFault::WeakKey,
        })?;
    if known.find_cv(&id).is_some() {
        return Err(RootsFault::Duplicate);
    }
    let application = entry.application(id)?;
    Ok(CvRoot { id, application, key, anchor: anchor.clone() })
}

fn certificate(entry: &str, known: &Roots, anchor: &Anchor) -> Result<X509Root, RootsFault> {
    let der = BASE64.decode(entry.as_bytes()).map_err(|_| RootsFault::Encoding)?;
    let root = x509_root(&der, anchor.clone())?;
    if known.x509.iter().any(|other| other.fingerprint == root.fingerprint) {
        return Err(RootsFault::Duplicate);
    }
    Ok(root)
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
