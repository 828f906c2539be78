//! `cargo xtask bench-interop`.

use std::process::ExitCode;

use crate::needs::{CARD_PROGRAMS, PCSC_LITE, PCSCD};
use crate::project::{Line, Project};

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
