//! What goes through the real smart card daemon: the C programs that the tests run, and
//! `cargo xtask bench-interop`.

use std::process::ExitCode;

use crate::needs::{CARD_PROGRAMS, PCSC_LITE, PCSCD};
use crate::project::{Line, Project};

/// Builds the C programs with the library's own readers, under the sanitizers, and tests them.
///
/// Errors: the command that failed.
pub(crate) fn test_c(project: &Project) -> Result<(), String> {
    let target = project.target();
    let build = target.join("c").join("pcsc");
    let build = build.to_string_lossy();
    let words = [
        "cmake",
        "-S",
        "bindings/c",
        "-B",
        &*build,
        "-DMYNACARD_RELEASE=OFF",
        "-DMYNACARD_SIM=ON",
        "-DMYNACARD_PCSC=ON",
        "-DMYNACARD_SANITIZE=ON",
        &format!("-DMYNACARD_TARGET_DIR={}", target.display()),
    ];
    project.run(&Line::new(&words))?;
    let programs = ["pcsc-static", "pcsc-shared", "pcsc-wrapper", "tablet", "tablet-cpp"];
    let build_programs = ["cmake", "--build", &*build, "--parallel", "2", "--target"];
    project.run(&Line::new(&[&build_programs[..], &programs].concat()))?;
    let test = ["cargo", "test", "--package", "interop", "--test", "c", "--", "--ignored"];
    project.run(&Line::new(&test).with_env("MYNACARD_C_PROGRAMS", &format!("{build}/tests")))
}

/// Runs the comparison, in an optimised build. Fails when ours is slower than it is to be.
pub(crate) fn bench() -> ExitCode {
    match measure() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("error: {why}");
            ExitCode::FAILURE
        }
    }
}

fn measure() -> Result<(), String> {
    let project = Project::find()?;
    for need in [&PCSC_LITE, &PCSCD, &CARD_PROGRAMS] {
        if !need.is_met(&project) {
            let name = need.name;
            return Err(format!("{name} is missing; `cargo xtask interop` says how to get it"));
        }
    }
    let words =
        ["cargo", "run", "--quiet", "--release", "--package", "interop", "--example", "bench"];
    project.run(&Line::new(&words))
}
