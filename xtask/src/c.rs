//! The C and C++ bindings: their tests under each compiler, and what a vendor would link.

use std::collections::BTreeSet;
use std::fs;

use crate::project::{Line, Project};

/// One way to build and run the tests.
struct Way {
    name: &'static str,
    c: &'static str,
    cpp: &'static str,
    sanitized: bool,
    valgrind: bool,
}

const WAYS: [Way; 4] = [
    Way { name: "gcc", c: "gcc", cpp: "g++", sanitized: false, valgrind: true },
    Way { name: "clang", c: "clang", cpp: "clang++", sanitized: false, valgrind: false },
    Way { name: "gcc-sanitized", c: "gcc", cpp: "g++", sanitized: true, valgrind: false },
    Way { name: "clang-sanitized", c: "clang", cpp: "clang++", sanitized: true, valgrind: false },
];

/// Runs every test with gcc and clang: plain, under Valgrind, and under the sanitizers; against the
/// static and the shared library, with the virtual card in both.
///
/// Errors: the command that failed.
pub(crate) fn test(project: &Project) -> Result<(), String> {
    let switch = |on: bool| if on { "ON" } else { "OFF" };
    let target = project.target();
    for way in &WAYS {
        let build = target.join("c").join(way.name);
        let build = build.to_string_lossy();
        println!("-- {}", way.name);
        let words = [
            "cmake",
            "-S",
            "bindings/c",
            "-B",
            &*build,
            "-DMYNACARD_RELEASE=OFF",
            "-DMYNACARD_SIM=ON",
            &format!("-DMYNACARD_SANITIZE={}", switch(way.sanitized)),
            &format!("-DMYNACARD_VALGRIND={}", switch(way.valgrind)),
            &format!("-DMYNACARD_TARGET_DIR={}", target.display()),
        ];
        project.run(&Line::new(&words).with_env("CC", way.c).with_env("CXX", way.cpp))?;
        project.run(&Line::new(&["cmake", "--build", &*build, "--parallel", "2"]))?;
        let ctest = ["ctest", "--test-dir", &*build, "--output-on-failure", "--parallel", "2"];
        project.run(&Line::new(&ctest))?;
    }
    Ok(())
}

/// Builds the libraries as a vendor would get them, prints their sizes, and compares what the shared
/// one exports with what the header declares.
///
/// Errors: the command that failed, or the symbols that are too many or missing.
pub(crate) fn artefacts(project: &Project) -> Result<(), String> {
    project.run(&Line::new(&["cargo", "build", "--release", "--package", "mynacard-ffi"]))?;
    let folder = project.target().join("release");
    for name in ["libmynacard.so", "libmynacard.a"] {
        let size = fs::metadata(folder.join(name)).map_err(|why| format!("{name}: {why}"))?.len();
        println!("{name}: {size} bytes");
    }
    let library = folder.join("libmynacard.so");
    let nm = ["nm", "--dynamic", "--defined-only", "--format=posix", &library.to_string_lossy()];
    let exported = exported(&project.output(&Line::new(&nm))?);
    let declared = declared_in_header(project)?;
    let only = |these: &BTreeSet<String>, those: &BTreeSet<String>| {
        these.difference(those).cloned().collect::<Vec<_>>().join(", ")
    };
    if exported != declared {
        return Err(format!(
            "exported but not declared: [{}]; declared but not exported: [{}]",
            only(&exported, &declared),
            only(&declared, &exported)
        ));
    }
    println!("{} symbols exported, all of them declared in mynacard.h", exported.len());
    Ok(())
}

/// The names in nm's portable format.
fn exported(listing: &str) -> BTreeSet<String> {
    listing.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

/// The functions that `mynacard.h` declares, without those that a build has to ask for.
///
/// Errors: a sentence, if it cannot be read.
pub(crate) fn declared_in_header(project: &Project) -> Result<BTreeSet<String>, String> {
    let header = project.path("bindings/c/include/mynacard.h");
    fs::read_to_string(header).map(|header| declared(&header)).map_err(|why| why.to_string())
}

/// The functions that a header declares, without those that a build has to ask for.
fn declared(header: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut is_optional = false;
    for line in header.lines() {
        match line {
            "#endif" => is_optional = false,
            _ if line.starts_with("#if defined(MYNACARD_") => is_optional = true,
            _ if is_optional
                || line.starts_with([' ', '/', '#'])
                || line.starts_with("typedef") => {}
            line => names.extend(function_of(line)),
        }
    }
    names
}

/// The name of the function that a line begins to declare.
fn function_of(line: &str) -> Option<String> {
    let before = line.split_once('(')?.0;
    let name = before.rsplit([' ', '*']).next()?;
    name.starts_with("mynacard_").then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_found_in_a_header_and_only_they() {
        const HEADER: &str = "\
/** Compare with mynacard_version(). */
#define MYNACARD_STR(text) (int)(text).length
typedef mynacard_result (*mynacard_transmit_callback)(void *userdata);
#if defined(MYNACARD_SIM)
mynacard_result mynacard_sim_card_free(struct mynacard_sim_card *card);
#endif
struct mynacard_plan mynacard_plan_all(void);
mynacard_result mynacard_driver_start(struct mynacard_driver *driver,
                                      struct mynacard_action *out_action);
";
        let found: Vec<_> = declared(HEADER).into_iter().collect();
        assert_eq!(found, ["mynacard_driver_start", "mynacard_plan_all"]);
    }

    #[test]
    fn names_are_read_from_nm() {
        let found = exported("mynacard_version T 4f0 10\nring_core T 500 4\n");
        assert!(found.contains("ring_core") && found.len() == 2);
    }
}
