//! The Swift package, the program of its README, and what the example app decides: built and run in a Debian 13
//! folder against the virtual card.

use std::fs;
use std::path::{Path, PathBuf};

use crate::bindings::{self, Build};
use crate::project::{Line, Project};
use crate::trixie;

/// Where the package is.
const PACKAGE: &str = "bindings/swift";

/// Runs the tests of the package and of the example's model, and the README's program.
///
/// Errors: the command that failed.
pub(crate) fn test(project: &Project) -> Result<(), String> {
    let library = prepare(project, Build { release: false, sim: true })?;
    let strict = ["-Xswiftc", "-warnings-as-errors"];
    let tests = [&["test", "--disable-swift-testing"][..], &strict].concat();
    project.run(&swift(project, &library, PACKAGE, "swift", &tests))?;
    // Whatever runs at once, again under the thread sanitizer, which sees Swift's side.
    let races = ["--sanitize", "thread", "--filter", "Failure|Encounter|Link|Scanner|Raw"];
    let races = [&tests[..], &races].concat();
    project.run(&swift(project, &library, PACKAGE, "swift-threads", &races))?;
    let hello = [&["run"][..], &strict, &["HelloCard"]].concat();
    let hello = project.output(&swift(project, &library, PACKAGE, "swift", &hello))?;
    println!("the README's program says: {}", hello.trim());
    if !hello.contains("genuine-live") {
        return Err("the README's program did not read the card".to_owned());
    }
    // Swift 6.0's own library for observation lacks a symbol on Linux, which nothing calls.
    let lenient = [&tests[..], &["-Xlinker", "--allow-shlib-undefined"]].concat();
    project.run(&swift(project, &library, "examples/ios", "swift-ios", &lenient))?;
    apple(project)
}

/// Checks of Apple's side what can be checked without Apple's systems, and names the rest.
fn apple(project: &Project) -> Result<(), String> {
    let built = project.target().join("swift");
    let script = "bindings/swift/Tests/apple/check.sh";
    let words = ["sh", script, "--swift", &built.to_string_lossy()];
    project.run(&trixie::line(project, &[], &[], &words))?;
    project.run(&Line::new(&["sh", script]))
}

/// Measures, with an optimised library.
///
/// Errors: the command that failed.
pub(crate) fn bench(project: &Project) -> Result<(), String> {
    let library = prepare(project, Build { release: true, sim: true })?;
    let words = ["run", "--configuration", "release", "MynacardBench"];
    project.run(&swift(project, &library, PACKAGE, "swift", &words))
}

/// Builds the library, and puts what is made from it, and the README's program, into the package.
fn prepare(project: &Project, build: Build) -> Result<PathBuf, String> {
    let made = bindings::make(project, build)?;
    let sources = project.path(PACKAGE).join("Sources");
    let generated = made.join("swift");
    for (name, folder) in [("MynacardRaw.swift", "MynacardRaw"), ("MynacardFFI.h", "MynacardFFI")] {
        let text =
            fs::read_to_string(generated.join(name)).map_err(|why| format!("{name}: {why}"))?;
        put(&sources.join(folder).join(name), &text)?;
    }
    let readme = project.path(PACKAGE).join("README.md");
    let readme = fs::read_to_string(readme).map_err(|why| format!("README.md: {why}"))?;
    let hello = first_program(&readme).ok_or("README.md has no Swift program")?;
    put(&sources.join("HelloCard").join("main.swift"), hello)?;
    Ok(made.join("native"))
}

/// Writes a file if it is to change, so that nothing is built again for nothing.
fn put(path: &Path, text: &str) -> Result<(), String> {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return Ok(());
    }
    let broken = |why: std::io::Error| format!("{}: {why}", path.display());
    path.parent().map_or(Ok(()), fs::create_dir_all).map_err(broken)?;
    fs::write(path, text).map_err(broken)
}

/// The first block of Swift in a Markdown text.
fn first_program(markdown: &str) -> Option<&str> {
    let (_, rest) = markdown.split_once("```swift\n")?;
    rest.split_once("```").map(|(program, _)| program)
}

/// A command of SwiftPM, with everything that it makes in the build folder.
fn swift(project: &Project, library: &Path, package: &str, build: &str, words: &[&str]) -> Line {
    let (chore, rest) = words.split_first().unwrap_or((&"build", &[]));
    let library = library.to_string_lossy();
    let scratch = project.target().join(build);
    let scratch = scratch.to_string_lossy();
    let search = format!("-L{library}");
    let mut all = vec!["swift", chore, "--package-path", package, "--scratch-path", &scratch];
    all.extend(["--disable-sandbox", "-Xlinker", &search]);
    all.extend(rest);
    let environment =
        [("MYNACARD_SHARED", "1"), ("MYNACARD_SIM", "1"), ("LD_LIBRARY_PATH", &*library)];
    trixie::line(project, &[], &environment, &all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_program_of_a_readme_is_found() {
        let readme = "# x\n```sh\nls\n```\n```swift\nimport A\n```\nand\n```swift\nimport B\n```\n";
        assert_eq!(first_program(readme), Some("import A\n"));
        assert_eq!(first_program("```swift\nimport A"), None);
    }
}
