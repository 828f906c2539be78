//! What builds for another system: Rust's standard library for it, a C compiler, a linker.

use std::path::{Path, PathBuf};

use crate::project::{Line, Project};

/// What this machine has.
#[derive(Debug)]
pub(crate) struct Tools {
    /// The folder of `zig`, which is clang and lld with headers.
    pub(crate) zig: PathBuf,
    /// Android's own compilers, if there is an NDK.
    pub(crate) ndk: Option<PathBuf>,
    /// Whether Xcode brings compiler and headers for iOS.
    xcode: bool,
}

/// The build folder. Of its own, since what is built for cargo's own machine differs here.
pub(crate) fn target_dir(project: &Project) -> PathBuf {
    project.target().join("cross")
}

/// A target's name as cargo has it in its variables.
pub(crate) fn upper(triple: &str) -> String {
    lower(triple).to_uppercase()
}

/// A target's name as build scripts have it in their variables.
pub(crate) fn lower(triple: &str) -> String {
    triple.replace('-', "_")
}

impl Tools {
    /// Looks for them.
    ///
    /// Errors: a sentence, if the C compiler is gone.
    pub(crate) fn find(project: &Project) -> Result<Self, String> {
        let zig = project.output(&Line::new(&["sh", "xtask/get/zig.sh", "--where"]))?;
        let sdk = ["xcrun", "--sdk", "iphoneos", "--show-sdk-path"];
        Ok(Self {
            zig: PathBuf::from(zig.trim()),
            ndk: ["ANDROID_NDK_HOME", "ANDROID_NDK_ROOT"]
                .into_iter()
                .filter_map(std::env::var_os)
                .find_map(|ndk| compilers_of(&Path::new(&ndk).join("toolchains/llvm/prebuilt"))),
            xcode: project.succeeds(&Line::new(&sdk)),
        })
    }

    /// A program of zig's.
    pub(crate) fn zig(&self) -> String {
        self.zig.join("zig").display().to_string()
    }

    /// A command of cargo's for a target: with the standard library that rustup has installed, or else
    /// with one that cargo builds.
    ///
    /// Errors: a sentence, if there is neither.
    pub(crate) fn cargo(
        &self,
        project: &Project,
        triple: &str,
        words: &[&str],
    ) -> Result<Line, String> {
        let folder = target_dir(project);
        let for_target = ["--target", triple, "--target-dir", &*folder.to_string_lossy()];
        let words = [words, &for_target].concat();
        let strip = |line: Line| line.with_env("CARGO_PROFILE_RELEASE_STRIP", "symbols");
        let targets = "xtask/get/rust-targets.sh";
        if project.succeeds(&Line::new(&["sh", targets, "--has", triple])) {
            return Ok(strip(Line::new(&words)));
        }
        let source = project.output(&Line::new(&["sh", targets, "--source"]))?;
        let words = [words.as_slice(), &["-Zbuild-std=std,panic_unwind"]].concat();
        let line = Line::new(&words).with_env("RUSTC_BOOTSTRAP", "1");
        Ok(strip(line.with_env("__CARGO_TESTS_ONLY_SRC_ROOT", source.trim())))
    }

    /// Gives build scripts a C compiler for Apple's systems, unless Xcode is there.
    pub(crate) fn for_apple(&self, line: Line, triple: &str) -> Line {
        if self.xcode {
            return line;
        }
        let headers = self.zig.join("lib/libc/include/any-darwin-any").display().to_string();
        self.with_clang(line.with_env("SDKROOT", &headers), triple, &["-isystem", &headers])
    }

    /// Gives build scripts zig's clang, with these headers and no others.
    pub(crate) fn with_clang(&self, line: Line, triple: &str, flags: &[&str]) -> Line {
        let triple = lower(triple);
        line.with_env(&format!("CC_{triple}"), &format!("{} clang", self.zig()))
            .with_env(&format!("AR_{triple}"), &format!("{} ar", self.zig()))
            .with_env(&format!("CFLAGS_{triple}"), &self.clang_flags(flags).join(" "))
    }

    /// Flags for zig's clang: its own headers, and what is given.
    pub(crate) fn clang_flags(&self, flags: &[&str]) -> Vec<String> {
        let own = self.zig.join("lib/include").display().to_string();
        ["-nostdinc", "-isystem", &own].iter().chain(flags).map(|flag| (*flag).to_owned()).collect()
    }
}

/// The folder with an NDK's programs: there is one for the system that it runs on.
fn compilers_of(prebuilt: &Path) -> Option<PathBuf> {
    let system = std::fs::read_dir(prebuilt).ok()?.find_map(Result::ok)?;
    Some(system.path().join("bin"))
}
