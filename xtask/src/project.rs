//! Where the repository is, and how a command is run in it.

use std::ffi::OsString;
use std::fmt;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

/// A command as it is shown and run: environment, program, arguments.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Line {
    env: Vec<(String, String)>,
    words: Vec<String>,
}

impl Line {
    /// A command from its words; the first is the program.
    pub(crate) fn new(words: &[&str]) -> Self {
        Self { env: Vec::new(), words: words.iter().map(|word| (*word).to_owned()).collect() }
    }

    /// The same command with one environment variable set.
    pub(crate) fn with_env(mut self, name: &str, value: &str) -> Self {
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quoted = |word: &str| match word.contains(' ') {
            true => format!("'{word}'"),
            false => word.to_owned(),
        };
        let env = self.env.iter().map(|(name, value)| format!("{name}={}", quoted(value)));
        let words = self.words.iter().map(|word| quoted(word));
        f.write_str(&env.chain(words).collect::<Vec<_>>().join(" "))
    }
}

/// The repository on this machine.
#[derive(Clone, Debug)]
pub(crate) struct Project {
    root: PathBuf,
}

impl Project {
    /// Finds the repository through the variable that `cargo run` sets.
    ///
    /// Errors: a sentence, when started in another way than by cargo.
    pub(crate) fn find() -> Result<Self, String> {
        std::env::var_os("CARGO_MANIFEST_DIR")
            .and_then(|xtask| Path::new(&xtask).parent().map(Path::to_owned))
            .map(|root| Self { root })
            .ok_or_else(|| "start this as `cargo xtask`".to_owned())
    }

    /// A path in the repository.
    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// The build folder that every suite shares, so that nothing is built twice.
    pub(crate) fn target(&self) -> PathBuf {
        match std::env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => self.root.join(folder),
            None => self.root.join("target"),
        }
    }

    /// Where libraries are put for those who package them.
    pub(crate) fn natives(&self) -> PathBuf {
        self.target().join("natives")
    }

    /// Shows a command, runs it in the root and lets its output through unchanged.
    ///
    /// Errors: a sentence saying how it ended.
    pub(crate) fn run(&self, line: &Line) -> Result<(), String> {
        println!("$ {line}");
        let status = self.command(line)?.status().map_err(|why| format!("`{line}`: {why}"))?;
        judge(line, status)
    }

    /// As [`Project::run`], for a program that reports on standard error and too often: the lines
    /// that are wanted go to standard output.
    pub(crate) fn run_picking(&self, line: &Line, wanted: fn(&str) -> bool) -> Result<(), String> {
        println!("$ {line}");
        let broken = |why: std::io::Error| format!("`{line}`: {why}");
        let mut child = self.command(line)?.stderr(Stdio::piped()).spawn().map_err(broken)?;
        if let Some(said) = child.stderr.take() {
            for said in BufReader::new(said).split(b'\n') {
                let said = String::from_utf8_lossy(&said.map_err(broken)?).into_owned();
                if wanted(&said) {
                    println!("{said}");
                }
            }
        }
        judge(line, child.wait().map_err(broken)?)
    }

    /// As [`Project::run`], for a program that says too much: of what it writes, the lines that are wanted are shown.
    pub(crate) fn run_showing(&self, line: &Line, wanted: fn(&str) -> bool) -> Result<(), String> {
        println!("$ {line}");
        let broken = |why: std::io::Error| format!("`{line}`: {why}");
        let mut child = self.command(line)?.stdout(Stdio::piped()).spawn().map_err(broken)?;
        if let Some(said) = child.stdout.take() {
            for said in BufReader::new(said).split(b'\n') {
                let said = String::from_utf8_lossy(&said.map_err(broken)?).into_owned();
                if wanted(&said) {
                    println!("{said}");
                }
            }
        }
        judge(line, child.wait().map_err(broken)?)
    }

    /// What a command writes to its standard output.
    ///
    /// Errors: a sentence saying how it ended.
    pub(crate) fn output(&self, line: &Line) -> Result<String, String> {
        println!("$ {line}");
        let output = self.command(line)?.stderr(Stdio::inherit()).output();
        let output = output.map_err(|why| format!("`{line}`: {why}"))?;
        judge(line, output.status)?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Whether a command runs and succeeds; its output is not shown.
    pub(crate) fn succeeds(&self, line: &Line) -> bool {
        let quiet = |mut command: Command| {
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status()
        };
        self.command(line).is_ok_and(|command| quiet(command).is_ok_and(|status| status.success()))
    }

    fn command(&self, line: &Line) -> Result<Command, String> {
        let (program, arguments) = line.words.split_first().ok_or("an empty command")?;
        // The cargo that runs us, so that all suites are built by one toolchain.
        let program = match program.as_str() {
            "cargo" => std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")),
            other => OsString::from(other),
        };
        let mut command = Command::new(program);
        command.args(arguments).current_dir(&self.root);
        command.envs(line.env.iter().map(|(name, value)| (name, value)));
        Ok(command)
    }
}

fn judge(line: &Line, status: ExitStatus) -> Result<(), String> {
    match status.success() {
        true => Ok(()),
        false => Err(format!("`{line}`: {status}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_as_a_shell_would_take_it() {
        let line =
            Line::new(&["cargo", "doc", "--no-deps"]).with_env("RUSTDOCFLAGS", "-D warnings");
        assert_eq!(line.to_string(), "RUSTDOCFLAGS='-D warnings' cargo doc --no-deps");
    }

    #[test]
    fn a_command_that_fails_or_is_not_there_is_an_error_with_its_name() {
        let project = Project { root: std::env::temp_dir() };
        assert!(project.run(&Line::new(&["true"])).is_ok());
        assert!(project.run(&Line::new(&["false"])).unwrap_err().contains("`false`"));
        assert!(project.run(&Line::new(&["no-such-program-here"])).is_err());
        assert_eq!(project.output(&Line::new(&["echo", "a b"])), Ok("a b\n".to_owned()));
        assert!(project.output(&Line::new(&["false"])).is_err());
        assert!(project.succeeds(&Line::new(&["true"])));
        assert!(!project.succeeds(&Line::new(&["false"])));
        assert!(!project.succeeds(&Line::new(&["no-such-program-here"])));
    }
}
