//! Commands in a Debian 13 folder, for what this machine's Debian 12 has not; `get/trixie.sh` makes it.

use std::path::Path;

use crate::project::{Line, Project};

/// A command that runs there as the caller, in the repository's root, and sees the repository, its build
/// folder and `folders` where they are here. It gets only the environment that is given.
pub(crate) fn line(
    project: &Project,
    folders: &[&Path],
    environment: &[(&str, &str)],
    words: &[&str],
) -> Line {
    let (root, target) = (project.path(""), project.target());
    let mut all = vec!["sh".to_owned(), "xtask/get/trixie.sh".to_owned(), "--run".to_owned()];
    // A build folder within the repository is seen with it.
    let target = (!target.starts_with(&root)).then_some(&*target);
    let seen = [&*root].into_iter().chain(target).chain(folders.iter().copied());
    all.extend(seen.map(|folder| folder.to_string_lossy().trim_end_matches('/').to_owned()));
    all.extend(["--".to_owned(), "env".to_owned()]);
    all.extend(environment.iter().map(|(name, value)| format!("{name}={value}")));
    all.extend(words.iter().map(|word| (*word).to_owned()));
    Line::new(&all.iter().map(String::as_str).collect::<Vec<_>>())
}
