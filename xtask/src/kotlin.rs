//! The Kotlin bindings: their tests on the JVM and against Android's framework, and what a vendor would link.

use std::fs;
use std::path::{Path, PathBuf};

use crate::bindings::{self, Build};
use crate::project::{Line, Project};

/// Runs every test, with the virtual card inside.
///
/// Errors: the command that failed.
pub(crate) fn test(project: &Project) -> Result<(), String> {
    let made = bindings::make(project, Build { release: true, sim: true })?;
    let natives = made.join("natives");
    put_native(&made, &natives)?;
    let made = format!("-Dmynacard.made={}", made.display());
    let natives = format!("-Dmynacard.natives={}", natives.display());
    let android = format!("-Dandroid.natives={}", project.natives().display());
    project.run_showing(&maven(&[&made, &natives, &android, "verify"]), is_worth_showing)
}

/// Measures a call into the library, and a whole reading in Kotlin beside the same one in Rust, in one run.
///
/// Errors: the command that failed.
pub(crate) fn bench(project: &Project) -> Result<(), String> {
    let made = bindings::make(project, Build { release: true, sim: true })?;
    let natives = made.join("natives");
    put_native(&made, &natives)?;
    let made = format!("-Dmynacard.made={}", made.display());
    let natives = format!("-Dmynacard.natives={}", natives.display());
    let words = ["-Pbench", "-pl", "mynacard", &made, &natives, "test-compile"];
    project.run_showing(&maven(&words), |line| !line.starts_with('['))
}

/// Tests that were run, what failed, and what the packages say of themselves.
fn is_worth_showing(line: &str) -> bool {
    let chatter = ["[INFO] Tests run:", "[WARNING] Tests run:", "[ERROR]", "[INFO] BUILD"];
    chatter.iter().any(|begin| line.starts_with(begin))
        || !line.starts_with('[') && !line.is_empty()
}

/// Builds the packages as a vendor gets them: without the virtual card, with the libraries that the suite `cross` has
/// put into `target/natives`. Prints what they hold and lack.
///
/// Errors: the command that failed; a package that lacks what it should have, or has what it should not; a library that
/// does not load on a device with memory pages of 16 KiB.
pub(crate) fn packages(project: &Project) -> Result<(), String> {
    let made = bindings::make(project, Build { release: true, sim: false })?;
    let natives = made.join("natives");
    // What an earlier run has left may be of another version.
    match std::fs::remove_dir_all(&natives) {
        Err(why) if why.kind() != std::io::ErrorKind::NotFound => {
            return Err(format!("{}: {why}", natives.display()));
        }
        _ => {}
    }
    for place in PLACES.iter().filter(|place| !place.android) {
        let built = project.natives().join(place.built).join(place.library);
        if built.exists() {
            copy(&built, &natives.join(place.folder))?;
        }
    }
    // Last, since it is the newest.
    put_native(&made, &natives)?;
    let natives_property = format!("-Dmynacard.natives={}", natives.display());
    let made = format!("-Dmynacard.made={}", made.display());
    let android = format!("-Dandroid.natives={}", project.natives().display());
    // Into the folders of the tests, whose classes must not stay in the packages.
    let words = ["-Ppublish", "-Dmaven.test.skip=true", &made, &natives_property, &android];
    project.run_showing(&maven(&[&words[..], &["clean", "package"]].concat()), is_worth_showing)?;

    let in_jar = list(project, JAR)?;
    let in_aar = list(project, AAR)?;
    if in_jar.iter().any(|entry| entry.contains("VirtualCard") || entry.contains("SimCard")) {
        return Err(format!("{JAR} holds the virtual card"));
    }
    for wanted in ["AndroidManifest.xml", "classes.jar", "proguard.txt", "R.txt"] {
        if !in_aar.iter().any(|entry| entry == wanted) {
            return Err(format!("{AAR} lacks {wanted}"));
        }
    }
    for place in &PLACES {
        match place.android {
            true => place.check(project, &project.natives(), AAR, &in_aar)?,
            false => place.check(project, &natives, JAR, &in_jar)?,
        }
    }
    for package in [JAR, AAR] {
        println!("{package}: {} bytes", size(&project.path(package))?);
    }
    Ok(())
}

const JAR: &str = "bindings/kotlin/mynacard/target/mynacard-0.1.0.jar";
const AAR: &str = "bindings/kotlin/android/target/mynacard-android-0.1.0.aar";

fn list(project: &Project, package: &str) -> Result<Vec<String>, String> {
    let listing = project.output(&Line::new(&["jar", "--list", "--file", package]))?;
    Ok(listing.lines().map(str::to_owned).collect())
}

fn size(file: &Path) -> Result<u64, String> {
    fs::metadata(file).map(|data| data.len()).map_err(|why| format!("{}: {why}", file.display()))
}

/// Maven, quiet and without colours, so that the closing lines are as they should be.
fn maven(words: &[&str]) -> Line {
    let first = ["mvn", "-B", "-ntp", "-Dstyle.color=never", "-f", "bindings/kotlin/pom.xml"];
    // Cargo has put our own builds there, which JNA would take before what is in the packages.
    Line::new(&[&first[..], words].concat()).with_env("LD_LIBRARY_PATH", "")
}

/// Puts the library of this machine where JNA looks for it.
fn put_native(made: &Path, natives: &Path) -> Result<(), String> {
    files(&made.join("native"))?
        .iter()
        .try_for_each(|library| copy(library, &natives.join(jna_prefix())))
}

/// Copies a file into a folder.
fn copy(file: &Path, folder: &Path) -> Result<(), String> {
    let name = file.file_name().unwrap_or_default();
    fs::create_dir_all(folder)
        .and_then(|()| fs::copy(file, folder.join(name)))
        .map(drop)
        .map_err(|why| format!("{}: {why}", folder.display()))
}

const HOW: &str =
    "build it with the features `uniffi` for that target, and put it into target/natives";

/// A platform that a package has room for.
struct Place {
    /// Where JNA, or Android, looks.
    folder: &'static str,
    library: &'static str,
    what: &'static str,
    /// Where the library is in `target/natives`.
    built: &'static str,
    android: bool,
}

impl Place {
    const fn jvm(
        folder: &'static str,
        library: &'static str,
        what: &'static str,
        built: &'static str,
    ) -> Self {
        Self { folder, library, what, built, android: false }
    }

    const fn android(folder: &'static str, what: &'static str) -> Self {
        Self { folder, library: "libmynacard.so", what, built: folder, android: true }
    }

    /// Says whether its library is in a package, with what is to be known about it.
    ///
    /// Errors: it was built and is not in the package; it is not aligned.
    fn check(
        &self,
        project: &Project,
        natives: &Path,
        package: &str,
        entries: &[String],
    ) -> Result<(), String> {
        let library = natives.join(self.folder).join(self.library);
        if !library.exists() {
            println!("not in the package: {} ({}); {HOW}", self.folder, self.what);
            return Ok(());
        }
        let above = if self.android { "jni/" } else { "" };
        let entry = format!("{above}{}/{}", self.folder, self.library);
        if !entries.contains(&entry) {
            return Err(format!("{package} lacks {entry}"));
        }
        println!("{package}: {entry}, {} bytes", size(&library)?);
        if self.android {
            check_pages(project, &library)?;
            if let Ok(how) = fs::read_to_string(library.with_file_name("LINKED.txt")) {
                println!("  {}", how.trim());
            }
        }
        Ok(())
    }
}

const PLACES: [Place; 8] = [
    Place::jvm("linux-x86-64", "libmynacard.so", "Linux", "linux-x86_64"),
    Place::jvm("linux-aarch64", "libmynacard.so", "Linux on 64-bit ARM", "linux-aarch64"),
    Place::jvm("win32-x86-64", "mynacard.dll", "Windows", "windows-x86_64"),
    Place::jvm("darwin-aarch64", "libmynacard.dylib", "macOS", "macos-aarch64"),
    Place::jvm("darwin-x86-64", "libmynacard.dylib", "macOS on Intel", "macos-x86_64"),
    Place::android("arm64-v8a", "Android"),
    Place::android("armeabi-v7a", "Android on 32-bit ARM"),
    Place::android("x86_64", "Android emulator"),
];

/// Refuses a library whose loaded parts begin within a page of 16 KiB.
fn check_pages(project: &Project, library: &Path) -> Result<(), String> {
    let words = ["readelf", "--program-headers", "--wide", &*library.to_string_lossy()];
    let least = least_alignment(&project.output(&Line::new(&words))?);
    match least {
        Some(least) if least >= 0x4000 => {
            println!("  loads with pages of 16 KiB (alignment {least:#x})");
            Ok(())
        }
        other => Err(format!("{}: alignment {other:x?}, not 16 KiB", library.display())),
    }
}

/// The least alignment of the parts that are loaded, as readelf lists them.
fn least_alignment(listing: &str) -> Option<u64> {
    let loads = listing.lines().filter(|line| line.trim_start().starts_with("LOAD"));
    loads
        .filter_map(|line| line.split_whitespace().last()?.strip_prefix("0x"))
        .filter_map(|digits| u64::from_str_radix(digits, 16).ok())
        .min()
}

/// The folder in which JNA looks on this machine.
fn jna_prefix() -> &'static str {
    match (std::env::consts::OS, std::env::consts::ARCH) {
        ("macos", "aarch64") => "darwin-aarch64",
        ("macos", _) => "darwin-x86-64",
        ("windows", _) => "win32-x86-64",
        (_, "aarch64") => "linux-aarch64",
        _ => "linux-x86-64",
    }
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let broken = |why: std::io::Error| format!("{}: {why}", folder.display());
    fs::read_dir(folder)
        .map_err(broken)?
        .map(|entry| entry.map(|entry| entry.path()).map_err(broken))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_alignment_is_found() {
        const LISTING: &str = "\
Program Headers:
  Type           Offset   VirtAddr           PhysAddr           FileSiz  MemSiz   Flg Align
  PHDR           0x000040 0x0000000000000040 0x0000000000000040 0x000230 0x000230 R   0x8
  LOAD           0x000000 0x0000000000000000 0x0000000000000000 0x0d1a50 0x0d1a50 R   0x4000
  LOAD           0x0d2000 0x00000000000d3000 0x00000000000d3000 0x1f0f45 0x1f0f45 R E 0x1000
";
        assert_eq!(least_alignment(LISTING), Some(0x1000));
        assert_eq!(least_alignment("no such part"), None);
    }

    #[test]
    fn closing_lines_and_failures_are_shown_and_chatter_is_not() {
        assert!(is_worth_showing("[INFO] Tests run: 3, Failures: 0, Errors: 0, Skipped: 0"));
        assert!(is_worth_showing("[ERROR] something"));
        assert!(!is_worth_showing("[INFO] Building jar: x.jar"));
        assert!(!is_worth_showing(""));
    }
}
