//! The published files of a JPKI test card, found in the package that cargo has downloaded.

use std::collections::BTreeMap;
use std::path::PathBuf;

use cargo_metadata::MetadataCommand;
use mynacard_sim::VirtualCard;

/// 照合番号B of the published test card, as its publisher states it. Test cards are nobody's.
pub const TEST_CARD_NUMBER_B: &str = "55021720352285";

const PACKAGE: &str = "myna-card";
const VERSION: &str = "3.3.4";

/// Why the published files are not there.
#[derive(Debug, thiserror::Error)]
pub enum FixtureError {
    /// `cargo metadata` failed.
    #[error("cargo metadata: {0}")]
    Metadata(#[from] cargo_metadata::Error),
    /// The package is not among this workspace's dependencies, or not in this version.
    #[error("{PACKAGE} {VERSION} is not among the packages of this workspace")]
    NoPackage,
    /// A file or the folder cannot be read.
    #[error("the package's files cannot be read: {0}")]
    Unreadable(#[from] std::io::Error),
    /// The files do not make a card.
    #[error(transparent)]
    Dump(#[from] mynacard_sim::DumpError),
}

/// The folder of the published files.
fn folder() -> Result<PathBuf, FixtureError> {
    // Only this platform's packages need to have been downloaded.
    let platform = format!("--filter-platform={}", host()?);
    let metadata = MetadataCommand::new()
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .other_options(["--offline".to_owned(), platform])
        .exec()?;
    let package = metadata
        .packages
        .iter()
        .find(|package| *package.name == PACKAGE && package.version.to_string() == VERSION)
        .ok_or(FixtureError::NoPackage)?;
    let manifest = package.manifest_path.as_std_path();
    Ok(manifest.with_file_name("tests").join("fixtures"))
}

fn host() -> Result<String, FixtureError> {
    let output = std::process::Command::new("rustc").arg("-vV").output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or(FixtureError::NoPackage)
}

/// The published files by name: `surface-0002.bin`, `text-0002.bin`, `jpki-auth-cert.der`, …
///
/// Errors: [`FixtureError`] where the package has not been downloaded.
pub fn published_files() -> Result<BTreeMap<String, Vec<u8>>, FixtureError> {
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(folder()?)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if name.ends_with(".bin") || name.ends_with(".der") {
            files.insert(name.to_owned(), std::fs::read(&path)?);
        }
    }
    Ok(files)
}

/// A virtual card made of the published files, which [`TEST_CARD_NUMBER_B`] opens. It cannot sign,
/// since no private key of it is public.
///
/// Errors: as [`published_files`].
pub fn published_card() -> Result<VirtualCard, FixtureError> {
    let mut files = published_files()?;
    let secrets = format!(r#"{{"code_b":"{TEST_CARD_NUMBER_B}"}}"#);
    files.insert("secrets.json".to_owned(), secrets.into_bytes());
    Ok(VirtualCard::from_files(&files)?)
}
