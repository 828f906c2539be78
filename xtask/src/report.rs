//! What became of each suite, and the closing table.

use std::fmt::Write;
use std::time::Duration;

/// What became of a suite.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Outcome {
    /// Every step succeeded.
    Passed,
    /// A step failed, for this reason.
    Failed(String),
    /// It was not run, for this reason.
    Skipped(String),
}

/// One line of the table.
#[derive(Debug)]
pub(crate) struct Entry {
    /// The suite's name.
    pub(crate) suite: &'static str,
    /// What became of it.
    pub(crate) outcome: Outcome,
    /// How long it took.
    pub(crate) took: Duration,
}

/// The table of all suites, then one line for each that did not pass.
pub(crate) fn table(entries: &[Entry]) -> String {
    let mut text = String::from("== summary\n");
    for Entry { suite, outcome, took } in entries {
        let word = match outcome {
            Outcome::Passed => "passed",
            Outcome::Failed(_) => "FAILED",
            Outcome::Skipped(_) => "SKIPPED",
        };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{suite:<12} {word:<8} {:>7.1} s", took.as_secs_f64());
    }
    for Entry { suite, outcome, .. } in entries {
        let _ = match outcome {
            Outcome::Passed => Ok(()),
            Outcome::Failed(why) => writeln!(text, "FAILED  {suite}: {why}"),
            Outcome::Skipped(why) => writeln!(text, "SKIPPED {suite}: {why}"),
        };
    }
    text
}

/// Whether the run is a success: nothing failed, and something was run at all.
pub(crate) fn is_success(entries: &[Entry]) -> bool {
    let failed = |entry: &Entry| matches!(entry.outcome, Outcome::Failed(_));
    entries.iter().any(|entry| entry.outcome == Outcome::Passed) && !entries.iter().any(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(outcomes: &[Outcome]) -> Vec<Entry> {
        let entry = |outcome: &Outcome| Entry {
            suite: "rust",
            outcome: outcome.clone(),
            took: Duration::from_millis(1_250),
        };
        outcomes.iter().map(entry).collect()
    }

    #[test]
    fn one_failure_fails_the_run_and_a_run_of_nothing_is_no_success() {
        let failed = Outcome::Failed("why".to_owned());
        let skipped = Outcome::Skipped("why".to_owned());
        assert!(is_success(&entries(&[Outcome::Passed, skipped.clone()])));
        assert!(!is_success(&entries(&[Outcome::Passed, failed])));
        assert!(!is_success(&entries(&[skipped])));
        assert!(!is_success(&[]));
    }

    #[test]
    fn the_table_repeats_each_reason() {
        let text = table(&entries(&[
            Outcome::Passed,
            Outcome::Failed("a test".to_owned()),
            Outcome::Skipped("clippy: no rustup".to_owned()),
        ]));
        assert!(text.contains("rust         passed       1.2 s"), "{text}");
        assert!(text.contains("FAILED  rust: a test"), "{text}");
        assert!(text.contains("SKIPPED rust: clippy: no rustup"), "{text}");
    }
}
