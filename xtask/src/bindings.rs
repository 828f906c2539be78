//! The Kotlin and Swift sources, made from the built library.

use std::fs;
use std::path::PathBuf;

use crate::project::{Line, Project};

/// Which library the sources are made for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Build {
    /// Optimised.
    pub(crate) release: bool,
    /// With the virtual card, which belongs in no release.
    pub(crate) sim: bool,
}

/// Builds the library and makes `kotlin`, `swift` and `native` in the folder that it returns. The library
/// is copied to `native`, since a later build with other features takes its place elsewhere.
///
/// Errors: the command that failed.
pub(crate) fn make(project: &Project, build: Build) -> Result<PathBuf, String> {
    let target = project.target();
    let made = target.join("bindings").join(if build.sim { "with-sim" } else { "release" });
    let features = if build.sim { "uniffi,sim" } else { "uniffi" };
    let mut words =
        vec!["cargo", "build", "--package", "mynacard-ffi", "--lib", "--features", features];
    if build.release {
        words.push("--release");
    }
    project.run(&Line::new(&words))?;
    let manifest = ["cargo", "build", "--manifest-path", "bindings/bindgen/Cargo.toml"];
    let shared = target.to_string_lossy();
    project.run(&Line::new(&manifest).with_env("CARGO_TARGET_DIR", &shared))?;

    let native = made.join("native");
    let copied = |why: std::io::Error| format!("{}: {why}", native.display());
    fs::create_dir_all(&native).map_err(copied)?;
    let built = target.join(if build.release { "release" } else { "debug" });
    let library = built.join(LIBRARY);
    fs::copy(&library, native.join(LIBRARY)).map_err(copied)?;
    let generator = target.join("debug").join("mynacard-bindgen");
    let words = [generator, library, project.path("mynacard-ffi"), made.clone()];
    let words = words.map(|word| word.to_string_lossy().into_owned());
    project.run(&Line::new(&words.each_ref().map(String::as_str)))?;
    Ok(made)
}

/// The shared library on this system.
const LIBRARY: &str = if cfg!(target_os = "macos") {
    "libmynacard.dylib"
} else if cfg!(target_os = "windows") {
    "mynacard.dll"
} else {
    "libmynacard.so"
};
