//! What a vendor links on other systems: built, looked at, measured; and what only another machine can
//! do is listed by name.

pub(crate) mod android;
mod artefact;
pub(crate) mod microsoft;
mod size;
pub(crate) mod tools;

use std::fs;
use std::path::{Path, PathBuf};

use crate::c;
use crate::cross::android::Abi;
use crate::cross::artefact::Artefact;
use crate::cross::size::Sizes;
use crate::cross::tools::Tools;
use crate::project::{Line, Project};

/// The features of the libraries that are packaged: they serve C, Kotlin and Swift alike.
const FEATURES: &str = "uniffi";

/// The iOS from which on the static libraries work; CoreNFC reads such cards since 13.
const IOS: &str = "15.0";

/// The emulator and the libraries for programs of 64-bit ARM.
const ARM64_EMULATOR: &str = "qemu-aarch64-static;-L;/usr/aarch64-linux-gnu";

/// What every Android has.
const ANDROID_LIBRARIES: [&str; 4] = ["libc.so", "libdl.so", "libm.so", "liblog.so"];

/// What every Linux with glibc has.
const LINUX_LIBRARIES: [&str; 4] =
    ["libc.so.6", "libm.so.6", "libgcc_s.so.1", "ld-linux-aarch64.so.1"];

/// What every Windows since 8 has.
const WINDOWS_LIBRARIES: [&str; 9] = [
    "advapi32.dll",
    "api-ms-win-core-synch-l1-2-0.dll",
    "bcrypt.dll",
    "bcryptprimitives.dll",
    "kernel32.dll",
    "msvcrt.dll",
    "ntdll.dll",
    "userenv.dll",
    "ws2_32.dll",
];

/// A system and processor to build for.
#[derive(Debug)]
pub(crate) struct Target {
    /// Rust's name for it.
    pub(crate) triple: &'static str,
    /// Where its libraries are put, in `target/natives`.
    folder: &'static str,
    system: System,
}

/// What is particular about a system.
#[derive(Debug)]
enum System {
    Android(Abi),
    /// A static library only: a shared one cannot be linked without Apple's SDK.
    Ios,
    Windows,
    Linux,
}

pub(crate) static WINDOWS: Target =
    Target { triple: "x86_64-pc-windows-gnu", folder: "windows-x86_64", system: System::Windows };

static LINUX_ARM64: Target =
    Target { triple: "aarch64-unknown-linux-gnu", folder: "linux-aarch64", system: System::Linux };

static TARGETS: [&Target; 7] = [
    &LINUX_ARM64,
    &WINDOWS,
    &Target {
        triple: "aarch64-linux-android",
        folder: "arm64-v8a",
        system: System::Android(android::ARM64),
    },
    &Target {
        triple: "armv7-linux-androideabi",
        folder: "armeabi-v7a",
        system: System::Android(android::ARMV7),
    },
    &Target {
        triple: "x86_64-linux-android",
        folder: "x86_64",
        system: System::Android(android::X86_64),
    },
    &Target { triple: "aarch64-apple-ios", folder: "ios-arm64", system: System::Ios },
    &Target { triple: "aarch64-apple-ios-sim", folder: "ios-arm64-simulator", system: System::Ios },
];

/// What is not built or not linked to the end on this machine, and how another one does it.
const ELSEWHERE: [(&str, &str); 2] = [
    (
        "an iOS app or framework (needs Apple's SDK; the static libraries above are what it links)",
        "on a Mac with Xcode: cargo build --release --package mynacard-ffi --features uniffi \
         --target aarch64-apple-ios, then bindings/swift/make-xcframework.sh",
    ),
    (
        "x86_64-pc-windows-msvc (needs Microsoft's linker; the DLL above serves its compiler too)",
        "on Windows: cargo build --release --package mynacard-ffi",
    ),
];

/// Builds the library for every target, looks at each, and lists sizes and what was not done.
///
/// Errors: the command that failed, or what is wrong with a library.
pub(crate) fn test(project: &Project) -> Result<(), String> {
    let tools = Tools::find(project)?;
    let mut sizes = Sizes::default();
    sizes.add("linux-x86_64", &host(project)?)?;
    for target in TARGETS {
        println!("-- {}", target.triple);
        target.build(project, &tools, FEATURES)?;
        let folder = target.collect(project, &tools)?;
        target.look(project, &folder)?;
        sizes.add(
            target.folder,
            &target.files().map(|file| folder.join(file)).collect::<Vec<_>>(),
        )?;
    }
    print!("{sizes}");
    reader(project, &tools)?;
    println!("Not built or not linked to the end here:");
    if tools.ndk.is_none() {
        println!("  {}\n    {}", android::STAND_IN, android::WITH_NDK);
    }
    for (what, how) in ELSEWHERE {
        println!("  {what}\n    {how}");
    }
    Ok(())
}

/// Runs the C tests on emulated 64-bit ARM, against the static and the shared library.
///
/// Errors: the command that failed.
pub(crate) fn run_arm64(project: &Project) -> Result<(), String> {
    LINUX_ARM64.build(project, &Tools::find(project)?, "sim")?;
    LINUX_ARM64.run_c_tests(
        project,
        &[
            "-DCMAKE_SYSTEM_NAME=Linux",
            "-DCMAKE_SYSTEM_PROCESSOR=aarch64",
            "-DCMAKE_C_COMPILER=aarch64-linux-gnu-gcc",
            "-DCMAKE_CXX_COMPILER=aarch64-linux-gnu-g++",
        ],
        ARM64_EMULATOR,
    )
}

/// This machine's own libraries, stripped as the others are.
fn host(project: &Project) -> Result<Vec<PathBuf>, String> {
    project.run(&Line::new(&["cargo", "build", "--release", "--package", "mynacard-ffi"]))?;
    let built = project.target().join("release");
    let folder = project.natives().join("linux-x86_64");
    fs::create_dir_all(&folder).map_err(|why| format!("{}: {why}", folder.display()))?;
    let shared = folder.join("libmynacard.so");
    let from = built.join("libmynacard.so");
    let strip = ["strip", "-o", &*shared.to_string_lossy(), &*from.to_string_lossy()];
    project.run(&Line::new(&strip))?;
    Ok(vec![shared, built.join("libmynacard.a")])
}

/// Compiles the PC/SC reader for the systems that have PC/SC; what the library needs is built already.
fn reader(project: &Project, tools: &Tools) -> Result<(), String> {
    for target in [&WINDOWS, &LINUX_ARM64] {
        let words = ["cargo", "build", "--quiet", "--release", "--package", "mynacard-pcsc"];
        // It is not linked, so pkg-config need not know the library for that system.
        let line = target.cargo(project, tools, &words)?.with_env("PCSC_LIB_DIR", ".");
        project.run(&line)?;
        println!("mynacard-pcsc compiles for {}", target.triple);
    }
    Ok(())
}

impl Target {
    /// The libraries, by the names that cargo gives them.
    fn files(&self) -> impl Iterator<Item = &'static str> {
        let files: &[_] = match self.system {
            System::Ios => &["libmynacard.a"],
            System::Windows => &["mynacard.dll", "libmynacard.dll.a", "libmynacard.a"],
            System::Android(_) | System::Linux => &["libmynacard.so", "libmynacard.a"],
        };
        files.iter().copied()
    }

    /// Where cargo puts them.
    pub(crate) fn built(&self, project: &Project) -> PathBuf {
        tools::target_dir(project).join(self.triple).join("release")
    }

    /// Builds the library with these features.
    ///
    /// Errors: the command that failed.
    pub(crate) fn build(
        &self,
        project: &Project,
        tools: &Tools,
        features: &str,
    ) -> Result<(), String> {
        let kinds = match self.system {
            System::Ios => "staticlib",
            _ => "cdylib,staticlib",
        };
        // Without the kind for Rust, which would keep cargo from optimising across crates.
        let words = [
            "cargo",
            "rustc",
            "--quiet",
            "--release",
            "--package",
            "mynacard-ffi",
            "--lib",
            "--crate-type",
            kinds,
            "--features",
            features,
        ];
        project.run(&self.cargo(project, tools, &words)?)
    }

    /// A command of cargo's for this target.
    fn cargo(&self, project: &Project, tools: &Tools, words: &[&str]) -> Result<Line, String> {
        let line = tools.cargo(project, self.triple, words)?;
        Ok(match &self.system {
            System::Android(abi) => match &tools.ndk {
                Some(ndk) => abi.with_ndk(line, self.triple, ndk),
                None => abi.with_stand_ins(line, self.triple, tools, project)?,
            },
            System::Ios => {
                tools.for_apple(line.with_env("IPHONEOS_DEPLOYMENT_TARGET", IOS), self.triple)
            }
            System::Windows => line,
            System::Linux => line.with_env(
                &format!("CARGO_TARGET_{}_LINKER", tools::upper(self.triple)),
                "aarch64-linux-gnu-gcc",
            ),
        })
    }

    /// Copies what was built to where it is packaged from.
    fn collect(&self, project: &Project, tools: &Tools) -> Result<PathBuf, String> {
        let folder = project.natives().join(self.folder);
        fs::create_dir_all(&folder).map_err(|why| format!("{}: {why}", folder.display()))?;
        for file in self.files() {
            let from = self.built(project).join(file);
            fs::copy(&from, folder.join(file))
                .map_err(|why| format!("{}: {why}", from.display()))?;
        }
        match self.system {
            System::Android(_) => android::say_how_linked(&folder, tools)?,
            System::Windows => microsoft::import_library(project, tools, &folder)?,
            System::Ios | System::Linux => {}
        }
        Ok(folder)
    }

    /// Looks at what a library exports and what it asks of the system.
    fn look(&self, project: &Project, folder: &Path) -> Result<(), String> {
        let declared = c::declared_in_header(project)?;
        let look = |file: &str| Artefact::read(&folder.join(file));
        match &self.system {
            System::Ios => look("libmynacard.a")?.defines(&declared),
            System::Windows => {
                let library = look("mynacard.dll")?;
                library.exports_only(&declared)?;
                library.needs_only(&WINDOWS_LIBRARIES)
            }
            System::Linux => {
                let library = look("libmynacard.so")?;
                library.exports_only(&declared)?;
                library.needs_only(&LINUX_LIBRARIES)
            }
            System::Android(_) => {
                let library = look("libmynacard.so")?;
                library.exports_only(&declared)?;
                library.needs_only(&ANDROID_LIBRARIES)?;
                library.is_aligned_to(android::PAGE)
            }
        }
    }

    /// Runs the C tests, compiled for this target, under an emulator as CMake takes it.
    pub(crate) fn run_c_tests(
        &self,
        project: &Project,
        compilers: &[&str],
        emulator: &str,
    ) -> Result<(), String> {
        let build = project.target().join("c").join(self.triple);
        let build = build.to_string_lossy();
        let library = format!("-DMYNACARD_BUILT={}", self.built(project).display());
        let emulator = format!("-DCMAKE_CROSSCOMPILING_EMULATOR={emulator}");
        let configure =
            ["cmake", "-S", "bindings/c", "-B", &*build, "-DMYNACARD_SIM=ON", &library, &emulator];
        project.run(&Line::new(&[&configure, compilers].concat()))?;
        project.run(&Line::new(&["cmake", "--build", &*build, "--parallel", "2"]))?;
        let ctest = ["ctest", "--test-dir", &*build, "--output-on-failure", "--parallel", "2"];
        project.run(&Line::new(&ctest))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::needs::RUST_TARGETS;

    #[test]
    fn every_target_has_a_folder_of_its_own_and_is_asked_for() {
        let folders: BTreeSet<_> = TARGETS.iter().map(|target| target.folder).collect();
        assert_eq!(folders.len(), TARGETS.len());
        let asked: Vec<_> = RUST_TARGETS.probes.iter().copied().flatten().copied().collect();
        let missing = TARGETS.iter().find(|target| !asked.contains(&target.triple));
        assert!(missing.is_none(), "{missing:?}");
    }
}
