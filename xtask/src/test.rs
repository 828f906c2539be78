//! `cargo xtask test`: from the arguments to the closing table.

use std::time::Instant;

use crate::TestArgs;
use crate::install::{Lack, provide};
use crate::needs::Need;
use crate::project::Project;
use crate::report::{Entry, Outcome, is_success, table};
use crate::suites::{SUITES, Suite, choose};

/// Lists the suites, or gets what they need and runs them. True when all is well.
///
/// Errors: a sentence, for an unknown suite, or when not started by cargo.
pub(crate) fn run(args: &TestArgs) -> Result<bool, String> {
    let suites = choose(SUITES, &args.only)?;
    if args.list {
        suites.iter().for_each(|suite| println!("{}", listed(suite)));
        return Ok(true);
    }
    let project = Project::find()?;
    let missing = missing(&suites, &project);
    let yes = args.yes || std::env::var("CI").is_ok_and(|ci| ci == "true");
    let lacks = match missing.as_slice() {
        [] => Vec::new(),
        missing => provide(missing, yes, &project),
    };
    let entries = run_all(&suites, &lacks, &project);
    print!("\n{}", table(&entries));
    Ok(is_success(&entries))
}

fn listed(suite: &Suite) -> String {
    let needs = suite.needs.iter().map(|need| need.name).collect::<Vec<_>>().join(", ");
    let needs = if needs.is_empty() { needs } else { format!(" (needs {needs})") };
    format!("{:<12} {}{needs}", suite.name, suite.about)
}

/// What the suites need and this machine has not, each tool once.
fn missing(suites: &[&Suite], project: &Project) -> Vec<&'static Need> {
    let mut seen: Vec<&'static Need> = Vec::new();
    for need in suites.iter().flat_map(|suite| suite.needs) {
        if !seen.iter().any(|other| other.name == need.name) {
            seen.push(need);
        }
    }
    seen.retain(|need| !need.is_met(project));
    seen
}

/// Runs every suite, also after one has failed.
fn run_all(suites: &[&Suite], lacks: &[Lack], project: &Project) -> Vec<Entry> {
    let one = |suite: &&Suite| {
        println!("\n== {}: {}", suite.name, suite.about);
        let start = Instant::now();
        let outcome = run_one(suite, lacks, project);
        match &outcome {
            Outcome::Passed => {}
            Outcome::Failed(why) => println!("FAILED {}: {why}", suite.name),
            Outcome::Skipped(why) => println!("SKIPPED {}: {why}", suite.name),
        }
        Entry { suite: suite.name, outcome, took: start.elapsed() }
    };
    suites.iter().map(one).collect()
}

fn run_one(suite: &Suite, lacks: &[Lack], project: &Project) -> Outcome {
    let needed = |lack: &&Lack| suite.needs.iter().any(|need| need.name == lack.name);
    let lacking: Vec<_> =
        lacks.iter().filter(needed).map(|lack| format!("{}: {}", lack.name, lack.why)).collect();
    if !lacking.is_empty() {
        return Outcome::Skipped(lacking.join("; "));
    }
    match suite.steps.iter().try_for_each(|step| step.run(project)) {
        Ok(()) => Outcome::Passed,
        Err(why) => Outcome::Failed(why),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::needs::Source;
    use crate::suites::Step;

    static ABSENT: Need = Need {
        name: "absent",
        probes: &[&["false"], &["no-such-program-here"]],
        source: Source::Component("absent"),
    };
    static PRESENT: Need = Need {
        name: "present",
        probes: &[&["no-such-program-here"], &["true"]],
        source: Source::Component("present"),
    };
    static TABLE: &[Suite] = &[
        Suite {
            name: "broken",
            about: "stops at its first failure",
            needs: &[&PRESENT],
            steps: &[Step::Do(|_| Err("first".to_owned())), Step::Do(|_| Err("second".to_owned()))],
        },
        Suite {
            name: "lacking",
            about: "would fail if it were run",
            needs: &[&PRESENT, &ABSENT],
            steps: &[Step::Do(|_| Err("was run".to_owned()))],
        },
        Suite { name: "good", about: "works", needs: &[], steps: &[Step::Run(&["true"])] },
    ];

    #[test]
    fn a_failure_stops_its_suite_only_and_a_lack_is_named() {
        let project = Project::find().unwrap();
        let suites: Vec<_> = TABLE.iter().collect();
        let missing = missing(&suites, &project);
        assert_eq!(missing.iter().map(|need| need.name).collect::<Vec<_>>(), ["absent"]);
        let lacks = [Lack { name: "absent", why: "no network".to_owned() }];
        let entries = run_all(&suites, &lacks, &project);
        let outcomes: Vec<_> = entries.into_iter().map(|entry| entry.outcome).collect();
        let failed = Outcome::Failed("first".to_owned());
        let skipped = Outcome::Skipped("absent: no network".to_owned());
        assert_eq!(outcomes, [failed, skipped, Outcome::Passed]);
    }

    #[test]
    fn a_listed_suite_is_one_line_with_its_needs() {
        assert_eq!(
            listed(&TABLE[1]),
            "lacking      would fail if it were run (needs present, absent)"
        );
        assert_eq!(listed(&TABLE[2]), "good         works");
    }
}
