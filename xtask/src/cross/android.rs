//! Android: linked by the NDK, or, where there is none, against stand-ins for Android's own libraries.
//!
//! The stand-ins have the names of [`SYMBOLS`] and nothing behind them, so a library that links against
//! them asks of Android only what Android has. That is a check, and not a library to ship: what the NDK
//! itself adds to one is missing.

use std::fs;
use std::path::{Path, PathBuf};

use crate::cross::tools::{Tools, lower, target_dir, upper};
use crate::project::{Line, Project};

/// The oldest Android that is served, by its API level: Android 8, as in the Kotlin package's manifest.
const API: u32 = 26;

/// Memory pages of new devices are this large, in bytes, and what is loaded must be aligned to them.
pub(crate) const PAGE: u64 = 16_384;

/// What the libraries are without an NDK.
pub(crate) const STAND_IN: &str = "libmynacard.so for Android, for release: it is linked against \
                                   stand-ins for Android's own libraries here";
/// How they are had with one.
pub(crate) const WITH_NDK: &str = "ANDROID_NDK_HOME=… cargo xtask test --only cross";

/// Android's libraries and what mynacard uses of them; each name is public at [`API`].
const SYMBOLS: &str = include_str!("bionic.txt");

/// The unwinder that an NDK links into every library, from LLVM's sources.
const UNWINDER: [&str; 6] = [
    "libunwind.cpp",
    "Unwind-EHABI.cpp",
    "UnwindLevel1.c",
    "UnwindLevel1-gcc-ext.c",
    "UnwindRegistersRestore.S",
    "UnwindRegistersSave.S",
];

/// A kind of processor.
#[derive(Debug)]
pub(crate) struct Abi {
    /// The compiler's name for it, without the API level.
    clang: &'static str,
    /// Zig's folder of headers for it: musl's, since bionic's come with the NDK.
    headers: &'static str,
}

pub(crate) const ARM64: Abi = Abi { clang: "aarch64-linux-android", headers: "aarch64-linux-musl" };
pub(crate) const ARMV7: Abi = Abi { clang: "armv7a-linux-androideabi", headers: "arm-linux-musl" };
pub(crate) const X86_64: Abi = Abi { clang: "x86_64-linux-android", headers: "x86_64-linux-musl" };

impl Abi {
    /// A command of cargo's that uses the NDK with its programs in `bin`.
    pub(crate) fn with_ndk(&self, line: Line, triple: &str, bin: &Path) -> Line {
        let program = |name: &str| bin.join(name).display().to_string();
        let clang = program(&format!("{}{API}-clang", self.clang));
        line.with_env(&format!("CC_{}", lower(triple)), &clang)
            .with_env(&format!("AR_{}", lower(triple)), &program("llvm-ar"))
            .with_env(&format!("CARGO_TARGET_{}_LINKER", upper(triple)), &clang)
            .with_env(
                &format!("CARGO_TARGET_{}_RUSTFLAGS", upper(triple)),
                &format!("-Clink-arg=-Wl,-z,max-page-size={PAGE}"),
            )
    }

    /// A command of cargo's that links against stand-ins, which this makes.
    ///
    /// Errors: the command that failed.
    pub(crate) fn with_stand_ins(
        &self,
        line: Line,
        triple: &str,
        tools: &Tools,
        project: &Project,
    ) -> Result<Line, String> {
        let folder = target_dir(project).join("stand-ins").join(triple);
        fs::create_dir_all(&folder).map_err(|why| format!("{}: {why}", folder.display()))?;
        let flags = self.flags(tools);
        let flags: Vec<_> = flags.iter().map(String::as_str).collect();
        let maker = Maker { project, tools, folder: &folder, flags: tools.clang_flags(&flags) };
        maker.libraries()?;
        maker.unwinder()?;
        let linker = maker.linker()?;
        let line = tools.with_clang(line, triple, &flags);
        Ok(line
            .with_env(&format!("CARGO_TARGET_{}_LINKER", upper(triple)), &linker)
            .with_env(
                &format!("CARGO_TARGET_{}_RUSTFLAGS", upper(triple)),
                &format!(
                    "-Clinker-flavor=ld -Lnative={} -Clink-arg=-zdefs -Clink-arg=-zmax-page-size={PAGE}",
                    folder.display()
                ),
            ))
    }

    fn flags(&self, tools: &Tools) -> Vec<String> {
        let include = tools.zig.join("lib/libc/include");
        let headers = |name: &str| include.join(name).display().to_string();
        vec![
            format!("--target={}{API}", self.clang),
            "-isystem".to_owned(),
            headers(self.headers),
            "-isystem".to_owned(),
            headers("generic-musl"),
            // The one name of musl's that is another in bionic.
            "-D__errno_location=__errno".to_owned(),
        ]
    }
}

/// Makes stand-ins in a folder.
struct Maker<'a> {
    project: &'a Project,
    tools: &'a Tools,
    folder: &'a Path,
    flags: Vec<String>,
}

impl Maker<'_> {
    /// One library for each line of [`SYMBOLS`].
    fn libraries(&self) -> Result<(), String> {
        for (library, names) in libraries() {
            let source = self.folder.join(format!("{library}.s"));
            let define = |name: &str| format!(".globl {name}\n.type {name}, %function\n{name}:\n");
            let text: String = names.map(define).collect();
            fs::write(&source, format!(".text\n{text}"))
                .map_err(|why| format!("{}: {why}", source.display()))?;
            let object = self.compile(&source, &[])?;
            let file = format!("{library}.so");
            let made = self.folder.join(&file).display().to_string();
            let zig = self.tools.zig();
            let link = [&*zig, "ld.lld", "-shared", "-soname", &*file, &*object, "-o", &*made];
            self.run(&link)?;
        }
        Ok(())
    }

    /// `libunwind.a`, as it lies in an NDK.
    fn unwinder(&self) -> Result<(), String> {
        let source = self.tools.zig.join("lib/libunwind");
        let include = |folder: &str| format!("-I{}", source.join(folder).display());
        let (include, own) = (include("include"), include("src"));
        let mut objects = Vec::new();
        for file in UNWINDER {
            let mut flags =
                vec![&*include, &*own, "-O2", "-fPIC", "-fvisibility=hidden", "-DNDEBUG"];
            flags.extend(["-D_LIBUNWIND_IS_NATIVE_ONLY", "-D_LIBUNWIND_HIDE_SYMBOLS"]);
            if file.ends_with(".cpp") {
                flags.extend(["-std=c++17", "-nostdinc++", "-fno-exceptions", "-fno-rtti"]);
            }
            objects.push(self.compile(&source.join("src").join(file), &flags)?);
        }
        let zig = self.tools.zig();
        let archive = self.folder.join("libunwind.a").display().to_string();
        let mut words = vec![&*zig, "ar", "rcs", &*archive];
        words.extend(objects.iter().map(String::as_str));
        self.run(&words)
    }

    /// A program that links as rustc asks a linker to.
    fn linker(&self) -> Result<String, String> {
        let file = self.folder.join("ld.sh");
        let script = format!("#!/bin/sh\nexec '{}' ld.lld \"$@\"\n", self.tools.zig());
        let written = fs::write(&file, script);
        written.map_err(|why| format!("{}: {why}", file.display()))?;
        let file = file.display().to_string();
        self.run(&["chmod", "+x", &file])?;
        Ok(file)
    }

    fn compile(&self, source: &Path, flags: &[&str]) -> Result<String, String> {
        let name = source.file_name().map(PathBuf::from).unwrap_or_default();
        let object = self.folder.join(name.with_extension("o")).display().to_string();
        let source = source.display().to_string();
        let zig = self.tools.zig();
        let mut words = vec![&*zig, "clang"];
        words.extend(self.flags.iter().map(String::as_str));
        words.extend(flags);
        words.extend(["-c", &*source, "-o", &*object]);
        self.run(&words)?;
        Ok(object)
    }

    fn run(&self, words: &[&str]) -> Result<(), String> {
        let line = Line::new(words);
        match self.project.succeeds(&line) {
            true => Ok(()),
            false => self.project.run(&line),
        }
    }
}

/// Android's libraries, each with the names that mynacard uses of it.
fn libraries() -> impl Iterator<Item = (&'static str, impl Iterator<Item = &'static str>)> {
    let line =
        |line: &'static str| line.split_once(':').map(|(name, of)| (name, of.split_whitespace()));
    SYMBOLS.lines().filter(|line| !line.starts_with('#')).filter_map(line)
}

/// Says beside the libraries of an ABI what they were linked against.
///
/// Errors: a sentence, if it cannot be written.
pub(crate) fn say_how_linked(folder: &Path, tools: &Tools) -> Result<(), String> {
    let how = match tools.ndk {
        Some(_) => "linked by the NDK\n",
        None => "linked against stand-ins for Android's own libraries: not for release\n",
    };
    let file = folder.join("LINKED.txt");
    fs::write(&file, how).map_err(|why| format!("{}: {why}", file.display()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_library_has_a_stand_in_and_no_name_stands_twice() {
        let (mut found, mut names) = (Vec::new(), Vec::new());
        for (library, of_library) in libraries() {
            found.push(library);
            names.extend(of_library);
        }
        assert_eq!(found, ["libc", "libdl", "libm", "liblog"]);
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
        assert!(names.contains(&"malloc") && !names.contains(&"__errno_location"));
    }

    #[test]
    fn an_ndk_compiles_and_links_with_its_own_programs() {
        let line =
            ARMV7.with_ndk(Line::new(&["cargo"]), "armv7-linux-androideabi", Path::new("/n"));
        let shown = line.to_string();
        for wanted in [
            "CC_armv7_linux_androideabi=/n/armv7a-linux-androideabi26-clang ",
            "CARGO_TARGET_ARMV7_LINUX_ANDROIDEABI_LINKER=/n/armv7a-linux-androideabi26-clang ",
            "max-page-size=16384",
        ] {
            assert!(shown.contains(wanted), "{shown}");
        }
    }
}
