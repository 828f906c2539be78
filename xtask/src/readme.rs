//! The READMEs: the same commands in both languages of the first one, and in every one commands that exist.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Parser;

use crate::project::Project;
use crate::suites::{SUITES, choose};
use crate::{Chore, Cli};

/// English first.
const READMES: [&str; 2] = ["README.md", "README.ja.md"];

/// What CI runs.
const CI: &str = ".ci/run";

/// Where cargo's aliases stand.
const ALIASES: &str = ".cargo/config.toml";

/// Compares the cargo commands of the first README's languages with each other and with CI, and those of every page
/// with this program.
///
/// Errors: one sentence for each difference.
pub(crate) fn agree(project: &Project) -> Result<(), String> {
    let read =
        |name: &str| fs::read_to_string(project.path(name)).map_err(|why| format!("{name}: {why}"));
    let [english, japanese] = READMES.map(read);
    let (english, japanese) = (commands(&english?), commands(&japanese?));
    let mut findings = differences(&english, &japanese, &read(CI)?);
    let aliases = read(ALIASES)?;
    let pages = pages(&project.path(""));
    for page in &pages {
        let name = page.strip_prefix(project.path("")).unwrap_or(page).display();
        let text = fs::read_to_string(page).map_err(|why| format!("{name}: {why}"))?;
        for command in commands(&text) {
            let wrong = [unknown_chore(&command), second_separator(&command, &aliases)];
            findings.extend(wrong.into_iter().flatten().map(|what| format!("{name}: {what}")));
        }
    }
    match findings.is_empty() {
        true => {
            println!("{} commands in {}: the same", english.len(), READMES.join(" and "));
            println!("{} pages: every `cargo xtask` in them is a chore that exists", pages.len());
            Ok(())
        }
        false => Err(findings.join("; ")),
    }
}

/// Every page of documentation in a folder and below it, but for what is built.
fn pages(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        let name = name.to_string_lossy();
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && !name.starts_with('.') && name != "target" => {
                found.extend(pages(&path));
            }
            Ok(kind) if kind.is_file() && name.ends_with(".md") => found.push(path),
            _ => {}
        }
    }
    found.sort();
    found
}

fn differences(english: &BTreeSet<String>, japanese: &BTreeSet<String>, ci: &str) -> Vec<String> {
    let [in_english, in_japanese] = READMES;
    let only = |these: &BTreeSet<String>, those: &BTreeSet<String>, here: &str, there: &str| {
        let said = |command| format!("`{command}` is in {here} but not in {there}");
        these.difference(those).map(said).collect::<Vec<_>>()
    };
    let mut findings = only(english, japanese, in_english, in_japanese);
    findings.extend(only(japanese, english, in_japanese, in_english));
    let run_by_ci: BTreeSet<String> = ci.lines().filter_map(command).collect();
    findings.extend(only(&run_by_ci, english, CI, in_english));
    findings
}

/// Says so if an alias adds the `--` that a command has already: the second one would reach the program.
fn second_separator(command: &str, aliases: &str) -> Option<String> {
    let mut words = command.split_whitespace().skip(1);
    let name = words.next()?;
    let alias =
        aliases.lines().find_map(|line| line.strip_prefix(name)?.trim().strip_prefix('='))?;
    let alias = alias.trim().trim_matches('"').split_whitespace();
    let separators = alias.chain(words).filter(|word| *word == "--").count();
    (separators > 1).then(|| format!("`{command}` has a `--` of its own beside that in {ALIASES}"))
}

/// Says what is wrong with a command of this program, if it is one.
fn unknown_chore(command: &str) -> Option<String> {
    let arguments = command.strip_prefix("cargo xtask ")?.split_whitespace();
    match Cli::try_parse_from(std::iter::once("cargo xtask").chain(arguments)) {
        Err(why) => why.use_stderr().then(|| format!("`{command}`: {}", why.kind())),
        Ok(Cli { chore: Chore::Generate }) => None,
        // A name in capitals stands for any.
        Ok(Cli { chore: Chore::Test(args) }) => {
            let named: Vec<_> = args.only.into_iter().filter(|name| name != "SUITE").collect();
            choose(SUITES, &named).err().map(|why| format!("`{command}`: {why}"))
        }
        Ok(_) => None,
    }
}

/// The cargo commands of a Markdown text: lines of its code blocks, and code within its sentences.
fn commands(markdown: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut in_block = false;
    for line in markdown.lines() {
        if line.trim_start().starts_with("```") {
            in_block = !in_block;
        } else if in_block {
            found.extend(command(line));
        } else {
            found.extend(line.split('`').skip(1).step_by(2).filter_map(command));
        }
    }
    found
}

/// The cargo command in a line of a shell, without prompt and comment.
fn command(line: &str) -> Option<String> {
    let line = line.trim_start().trim_start_matches("$ ");
    let line = line.split(" #").next().unwrap_or_default().trim_end();
    line.starts_with("cargo ").then(|| line.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENGLISH: &str = "Run `cargo demo`:\n\n```sh\n$ cargo xtask test   # all of it\n\
                           cargo xtask test --only SUITE\necho cargo\n```\nSee `cargo xtask test`.";

    fn found(english: &str, japanese: &str) -> String {
        differences(&commands(english), &commands(japanese), "set -e\ncargo xtask test\n")
            .join("; ")
    }

    #[test]
    fn commands_are_found_in_blocks_and_in_sentences() {
        let found: Vec<_> = commands(ENGLISH).into_iter().collect();
        assert_eq!(found, ["cargo demo", "cargo xtask test", "cargo xtask test --only SUITE"]);
    }

    #[test]
    fn the_same_commands_in_another_order_agree() {
        let japanese =
            "```\ncargo xtask test --only SUITE\ncargo xtask test # すべて\ncargo demo\n```";
        assert_eq!(found(ENGLISH, japanese), "");
    }

    #[test]
    fn each_difference_is_named() {
        let said = found(ENGLISH, "`cargo demo`");
        assert!(
            said.contains("`cargo xtask test` is in README.md but not in README.ja.md"),
            "{said}"
        );
        let said = found("`cargo demo`", "`cargo demo` `cargo build`");
        assert!(said.contains("`cargo build` is in README.ja.md but not in README.md"), "{said}");
        assert!(said.contains("`cargo xtask test` is in .ci/run but not in README.md"), "{said}");
    }

    #[test]
    fn a_separator_that_would_reach_the_program_is_named() {
        let aliases = "[alias]\ndemo = \"run -p it --\"\nshow = \"run -p it\"\n";
        let wrong = |command| second_separator(command, aliases).is_some();
        assert!(wrong("cargo demo -- --yes"));
        for right in ["cargo demo", "cargo demo --yes", "cargo show -- --yes", "cargo run -- -x"] {
            assert!(!wrong(right), "{right}");
        }
    }

    #[test]
    fn a_chore_or_suite_that_does_not_exist_is_named() {
        for wrong in
            ["cargo xtask tset", "cargo xtask test --fast", "cargo xtask test --only rusty"]
        {
            assert!(unknown_chore(wrong).is_some_and(|said| said.contains(wrong)), "{wrong}");
        }
        for right in ["cargo xtask test --only rust", "cargo xtask test --help", "cargo tset"] {
            assert_eq!(unknown_chore(right), None);
        }
    }
}
