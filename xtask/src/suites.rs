//! The suites: what there is to test, in the order in which it is run.

use crate::c;
use crate::cross;
use crate::fuzz;
use crate::interop;
use crate::kotlin;
use crate::lint;
use crate::needs::{
    ARM64, BINUTILS, C_JSON, CARD_PROGRAMS, CARGO_FUZZ, CLANG, CLIPPY, CMAKE, CPP, DEBOOTSTRAP,
    GCC, JDK, MAVEN, MINGW, Need, OPENJPEG, PCSC_LITE, PCSCD, PKG_CONFIG, PYTHON_VENV,
    RUST_TARGETS, RUSTFMT, SWIFT, VALGRIND, VICC, WINE, ZIG,
};
use crate::project::{Line, Project};
use crate::readme;
use crate::swift;
use crate::windows;

/// One thing to test.
#[derive(Debug)]
pub(crate) struct Suite {
    /// What `--only` takes.
    pub(crate) name: &'static str,
    /// One line for `--list`.
    pub(crate) about: &'static str,
    /// The tools without which it is skipped.
    pub(crate) needs: &'static [&'static Need],
    /// What it does, up to the first failure.
    pub(crate) steps: &'static [Step],
}

/// One step of a suite.
#[derive(Debug)]
pub(crate) enum Step {
    /// A command, run in the root of the repository.
    Run(&'static [&'static str]),
    /// A command with one environment variable set.
    RunWith((&'static str, &'static str), &'static [&'static str]),
    /// Anything else.
    Do(fn(&Project) -> Result<(), String>),
}

/// Every suite.
pub(crate) static SUITES: &[Suite] = &[
    Suite {
        name: "format",
        about: "Rust sources are formatted",
        needs: &[&RUSTFMT],
        steps: &[
            Step::Run(&["cargo", "fmt", "--all", "--check"]),
            Step::Run(&["cargo", "fmt", "--manifest-path", "fuzz/Cargo.toml", "--check"]),
            Step::Run(&[
                "cargo",
                "fmt",
                "--manifest-path",
                "bindings/bindgen/Cargo.toml",
                "--check",
            ]),
        ],
    },
    Suite {
        name: "lint",
        about: "clippy finds nothing in any crate, test or example; no test is switched off",
        needs: &[&CLIPPY, &PCSC_LITE],
        steps: &[
            Step::Do(lint::nothing_is_switched_off),
            Step::Run(&["cargo", "clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]),
            Step::Run(&[
                "cargo",
                "clippy",
                "--package",
                "mynacard-ffi",
                "--all-targets",
                "--all-features",
                "--",
                "-D",
                "warnings",
            ]),
        ],
    },
    Suite {
        name: "rust",
        about: "unit, integration and documentation tests of every crate",
        needs: &[&PCSC_LITE],
        steps: &[
            Step::Run(&["cargo", "test", "--workspace", "--exclude", "interop", "--no-fail-fast"]),
            Step::Run(&["cargo", "test", "--package", "mynacard-ffi", "--all-features"]),
        ],
    },
    Suite {
        name: "docs",
        about: "the documentation builds, and its links lead somewhere",
        needs: &[&PCSC_LITE],
        steps: &[
            Step::RunWith(
                ("RUSTDOCFLAGS", "-D warnings"),
                &["cargo", "doc", "--workspace", "--no-deps"],
            ),
            Step::RunWith(
                ("RUSTDOCFLAGS", "-D warnings"),
                &["cargo", "doc", "--package", "mynacard-ffi", "--all-features", "--no-deps"],
            ),
        ],
    },
    Suite {
        name: "interop",
        about: "through the real pcscd: our reader, other people's software on our card; OpenJPEG",
        needs: &[
            &PCSC_LITE,
            &PCSCD,
            &CARD_PROGRAMS,
            &VICC,
            &OPENJPEG,
            &GCC,
            &CPP,
            &CMAKE,
            &PKG_CONFIG,
        ],
        steps: &[
            Step::Run(&["cargo", "test", "--package", "interop", "--no-fail-fast"]),
            Step::Do(interop::test_c),
        ],
    },
    Suite {
        name: "c",
        about: "C and C++ tests by gcc and clang, under Valgrind and sanitizers; packages, symbols",
        needs: &[&GCC, &CPP, &CLANG, &CMAKE, &VALGRIND, &PKG_CONFIG, &C_JSON],
        steps: &[Step::Do(c::test), Step::Do(c::artefacts)],
    },
    Suite {
        name: "cross",
        about: "the library for Android, iOS, Windows and Linux on ARM; the C tests on emulated ARM",
        needs: &[&GCC, &CMAKE, &MINGW, &ARM64, &PYTHON_VENV, &ZIG, &RUST_TARGETS],
        steps: &[Step::Do(cross::test), Step::Do(cross::run_arm64)],
    },
    Suite {
        name: "windows",
        about: "the C tests and the tablet apps as Windows programs, the apps with the virtual reader",
        needs: &[
            &CMAKE,
            &MINGW,
            &PYTHON_VENV,
            &ZIG,
            &RUST_TARGETS,
            &PCSC_LITE,
            &PCSCD,
            &DEBOOTSTRAP,
            &WINE,
        ],
        steps: &[Step::Do(windows::test), Step::Do(windows::read_through_pcsc)],
    },
    Suite {
        name: "kotlin",
        about: "Kotlin on the JVM and against Android's own classes; the packages",
        needs: &[&GCC, &JDK, &MAVEN, &BINUTILS],
        steps: &[Step::Do(kotlin::test), Step::Do(kotlin::packages)],
    },
    Suite {
        name: "swift",
        about: "Swift: whole encounters on a virtual card, the iPhone's logic, an app's",
        needs: &[&DEBOOTSTRAP, &SWIFT],
        steps: &[Step::Do(swift::test)],
    },
    Suite {
        name: "readme",
        about: "both READMEs name the same commands, and they exist",
        needs: &[],
        steps: &[Step::Do(readme::agree)],
    },
    Suite {
        name: "fuzz",
        about: "every fuzz target holds for some seconds, from its seeds on",
        needs: &[&CPP, &CARGO_FUZZ],
        steps: &[Step::Do(fuzz::smoke)],
    },
];

impl Step {
    /// Does the step; what it starts writes to our own output.
    ///
    /// Errors: a sentence saying what failed.
    pub(crate) fn run(&self, project: &Project) -> Result<(), String> {
        match self {
            Self::Run(words) => project.run(&Line::new(words)),
            Self::RunWith((name, value), words) => {
                project.run(&Line::new(words).with_env(name, value))
            }
            Self::Do(step) => step(project),
        }
    }
}

/// The suites of these names, in the table's order; all of them when none is named.
///
/// Errors: a sentence with the unknown name and those that there are.
pub(crate) fn choose<'a>(suites: &'a [Suite], names: &[String]) -> Result<Vec<&'a Suite>, String> {
    let known = || suites.iter().map(|suite| suite.name);
    if let Some(unknown) = names.iter().find(|name| !known().any(|known| known == *name)) {
        let known = known().collect::<Vec<_>>().join(", ");
        return Err(format!("there is no suite `{unknown}`; there are: {known}"));
    }
    let chosen = |suite: &&Suite| names.is_empty() || names.iter().any(|name| name == suite.name);
    Ok(suites.iter().filter(chosen).collect())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn chosen(names: &[&str]) -> Result<Vec<&'static str>, String> {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        choose(SUITES, &names).map(|suites| suites.iter().map(|suite| suite.name).collect())
    }

    #[test]
    fn every_suite_has_a_name_of_its_own_a_line_and_something_to_do() {
        let names: BTreeSet<_> = SUITES.iter().map(|suite| suite.name).collect();
        assert_eq!(names.len(), SUITES.len());
        for suite in SUITES {
            let word = |name: &str| name.chars().all(|c| c.is_ascii_lowercase() || c == '-');
            assert!(word(suite.name) && !suite.about.is_empty() && !suite.about.contains('\n'));
            assert!(!suite.steps.is_empty(), "{}", suite.name);
            assert!(suite.needs.iter().all(|need| !need.probes.is_empty()), "{}", suite.name);
        }
    }

    #[test]
    fn no_name_means_all_and_names_keep_the_order_of_the_table() {
        assert_eq!(chosen(&[]).unwrap().len(), SUITES.len());
        assert_eq!(chosen(&["rust", "format", "rust"]).unwrap(), ["format", "rust"]);
    }

    #[test]
    fn an_unknown_name_is_answered_with_the_names_there_are() {
        let said = chosen(&["rust", "rusty"]).unwrap_err();
        assert!(said.contains("`rusty`"), "{said}");
        assert!(SUITES.iter().all(|suite| said.contains(suite.name)), "{said}");
    }
}
