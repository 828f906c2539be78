//! The caller's own roots, as a JSON file.

use data_encoding::{BASE64, HEXUPPER_PERMISSIVE};
use serde::Deserialize;

use super::{CvRoot, Roots, x509_root};
use crate::error::RootsFault;
use crate::map::Application;
use crate::trust::cv::KeyId;
use crate::trust::rsa::PublicKey;

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
        let application = entry.application(id)?;
        roots.cv.push(CvRoot { id, application, key, anchor: anchor.clone() });
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
