//! `mynacard-bindgen LIBRARY CRATE OUT`: makes Kotlin and Swift sources from a built library.
//!
//! A crate of its own beside the workspace: whoever uses the library should not build its generator.
#![forbid(unsafe_code)]

use anyhow::{Context, Result, bail};
use camino::{Utf8Path, Utf8PathBuf};
use uniffi_bindgen::bindings::{GenerateOptions, TargetLanguage, generate_with_bindgen_paths};
use uniffi_bindgen::{BindgenPaths, BindgenPathsLayer};

/// Where the one crate is whose `uniffi.toml` is read.
struct OneCrate(Utf8PathBuf);

impl BindgenPathsLayer for OneCrate {
    fn get_crate_root(&self, _crate_name: &str) -> Option<Utf8PathBuf> {
        Some(self.0.clone())
    }
}

fn main() -> Result<()> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [library, crate_root, out] = arguments.as_slice() else {
        bail!("usage: mynacard-bindgen LIBRARY CRATE OUT");
    };
    for (language, folder) in [(TargetLanguage::Kotlin, "kotlin"), (TargetLanguage::Swift, "swift")]
    {
        let mut paths = BindgenPaths::default();
        paths.add_layer(OneCrate(crate_root.into()));
        let options = GenerateOptions {
            languages: vec![language],
            source: library.into(),
            out_dir: Utf8Path::new(out).join(folder),
            ..GenerateOptions::default()
        };
        generate_with_bindgen_paths(options, paths).context(folder)?;
    }
    Ok(())
}
