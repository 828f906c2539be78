//! What goes through the real smart card daemon: the C programs that the tests run, and
//! `cargo xtask bench-interop` and `cargo xtask virtual-reader`.

use std::process::ExitCode;

use crate::install::{Machine, provide};
use crate::needs::{CARD_PROGRAMS, PCSC_LITE, PCSCD};
use crate::project::{Line, Project};

/// Runs the smart card daemon with a virtual reader until it is interrupted, having got both.
///
/// Errors: a sentence, when they cannot be had, may not be run, or end by themselves.
pub(crate) fn virtual_reader(yes: bool) -> Result<bool, String> {
    let project = Project::find()?;
    if !PCSCD.is_met(&project) {
        let lacks = provide(&[&PCSCD], yes, &project);
        if let Some(lack) = lacks.first() {
            return Err(format!("{}: {}", lack.name, lack.why));
        }
    }
    let line = daemon(Machine::look(&project))?;
    println!("Two virtual readers, for cards at 127.0.0.1:35963 and :35964. In another terminal:");
    println!("  cargo run -p mynacard-cli -- sim --vpcd --profile adult");
    println!("Ctrl-C ends them.");
    project.run(&line).map(|()| true).map_err(|why| {
        format!(
            "{why}\n  If a daemon runs already, as under systemd, it has the readers after its \
             restart: sudo systemctl restart pcscd"
        )
    })
}

fn daemon(machine: Machine) -> Result<Line, String> {
    match (machine.root, machine.sudo) {
        (true, _) => Ok(Line::new(&["pcscd", "--foreground"])),
        (false, true) => Ok(Line::new(&["sudo", "pcscd", "--foreground"])),
        (false, false) => {
            Err("neither root nor sudo; have someone run `pcscd --foreground`".to_owned())
        }
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_daemon_is_run_by_root_with_sudo_or_by_someone_else() {
        let machine = |root, sudo| Machine { root, sudo, apt: true, rustup: true };
        let line = |root, sudo| daemon(machine(root, sudo)).map(|line| line.to_string());
        assert_eq!(line(true, false), Ok("pcscd --foreground".to_owned()));
        assert_eq!(line(false, true), Ok("sudo pcscd --foreground".to_owned()));
        assert!(line(false, false).is_err_and(|said| said.contains("pcscd")));
    }
}
