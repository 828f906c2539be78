//! The fuzz targets: built together, then each run for a few seconds from its seeds.

use std::fs;

use crate::project::{Line, Project};

/// How long each target runs, in seconds.
const SMOKE_SECONDS: u32 = 10;

/// One input that takes longer than this is a hang, in seconds.
const HANG_SECONDS: u32 = 20;

/// Builds every target and runs each for a short time. New inputs stay in the build folder, so that
/// the committed seeds change only by hand.
///
/// Errors: a sentence naming the targets that failed, or saying that there is none.
pub(crate) fn smoke(project: &Project) -> Result<(), String> {
    let targets = targets(project)?;
    let built = project.target();
    let cargo_fuzz = |words: &[&str]| {
        // It passes flags that a stable compiler takes only with this variable.
        Line::new(&[&["cargo", "fuzz"], words].concat())
            .with_env("RUSTC_BOOTSTRAP", "1")
            .with_env("CARGO_TARGET_DIR", &built.to_string_lossy())
    };
    project.run(&cargo_fuzz(&["build", "--codegen-units", "16"]))?;
    let mut failed = Vec::new();
    for target in &targets {
        let found = built.join("fuzz-corpus").join(target);
        fs::create_dir_all(&found).map_err(|why| format!("{}: {why}", found.display()))?;
        let run = cargo_fuzz(&[
            "run",
            "--codegen-units",
            "16",
            target,
            &found.to_string_lossy(),
            &format!("fuzz/corpus/{target}"),
            "--",
            &format!("-max_total_time={SMOKE_SECONDS}"),
            &format!("-timeout={HANG_SECONDS}"),
        ]);
        if project.run_picking(&run, is_worth_showing).is_err() {
            failed.push(target.as_str());
        }
    }
    match failed.as_slice() {
        [] => Ok(()),
        failed => Err(format!("fuzz targets {}", failed.join(", "))),
    }
}

/// Not the progress lines of libFuzzer (`#123 NEW …`) but its first and last one, nor its advice.
fn is_worth_showing(line: &str) -> bool {
    let progress = line.starts_with(['#', '"']) || line.contains("NEW_FUNC");
    !progress || line.contains("\tINITED") || line.contains("\tDONE")
}

/// The names of the targets: one file each, with a folder of seeds of the same name.
fn targets(project: &Project) -> Result<Vec<String>, String> {
    let folder = project.path("fuzz/fuzz_targets");
    let read = |why| format!("{}: {why}", folder.display());
    let mut names = Vec::new();
    for file in fs::read_dir(&folder).map_err(read)? {
        let path = file.map_err(read)?.path();
        if path.extension().is_some_and(|end| end == "rs") {
            names.extend(path.file_stem().map(|name| name.to_string_lossy().into_owned()));
        }
    }
    names.sort();
    match names.is_empty() {
        true => Err("there is no fuzz target".to_owned()),
        false => Ok(names),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_dropped_and_findings_are_shown() {
        for kept in
            ["#9\tINITED cov: 3", "#7\tDONE   cov: 9", "Done 7 runs in 1 second(s)", "==1== ERROR"]
        {
            assert!(is_worth_showing(kept), "{kept}");
        }
        for dropped in
            ["#8\tNEW    cov: 4", "\"\\001\" # Uses: 5", "###### Recommended dictionary. ######"]
        {
            assert!(!is_worth_showing(dropped), "{dropped}");
        }
    }

    #[test]
    fn every_target_is_declared_and_has_seeds() {
        let project = Project::find().unwrap();
        let manifest = fs::read_to_string(project.path("fuzz/Cargo.toml")).unwrap();
        let targets = targets(&project).unwrap();
        for target in &targets {
            assert!(manifest.contains(&format!("name = \"{target}\"\n")), "{target}");
            let seeds = fs::read_dir(project.path(&format!("fuzz/corpus/{target}"))).unwrap();
            assert!(seeds.count() > 0, "{target}");
        }
        assert_eq!(manifest.matches("[[bin]]").count(), targets.len());
    }
}
