//! Getting the tools that are missing: what would be run, the question, and running it.

use std::io::{BufRead, Write};

use crate::needs::{Need, Source};
use crate::project::{Line, Project};

/// What this machine allows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Machine {
    /// Whether we are the superuser.
    pub(crate) root: bool,
    /// Whether `sudo` is there.
    pub(crate) sudo: bool,
    /// Whether `apt-get` is there.
    pub(crate) apt: bool,
    /// Whether `rustup` is there.
    pub(crate) rustup: bool,
}

impl Machine {
    /// Looks at this machine.
    pub(crate) fn look(project: &Project) -> Self {
        let answers = |words: &[&str]| project.succeeds(&Line::new(words));
        Self {
            root: answers(&["sh", "-c", "test \"$(id -u)\" = 0"]),
            sudo: answers(&["sudo", "-V"]),
            apt: answers(&["apt-get", "--version"]),
            rustup: answers(&["rustup", "--version"]),
        }
    }
}

/// One way to get some of the missing tools.
#[derive(Debug)]
pub(crate) struct Errand {
    /// The tools it is for.
    pub(crate) needs: Vec<&'static Need>,
    /// The commands, in order; or the sentence saying why there are none.
    pub(crate) lines: Result<Vec<Line>, String>,
}

impl Errand {
    /// The names of the tools.
    pub(crate) fn names(&self) -> String {
        self.needs.iter().map(|need| need.name).collect::<Vec<_>>().join(", ")
    }
}

/// A tool that could not be had, and why.
#[derive(Debug)]
pub(crate) struct Lack {
    /// The tool's name.
    pub(crate) name: &'static str,
    /// The reason, for people.
    pub(crate) why: String,
}

/// Says how to get the missing tools here: all Debian packages at once, the others one by one.
pub(crate) fn plan(missing: &[&'static Need], machine: Machine) -> Vec<Errand> {
    let mut debian = Vec::new();
    let mut packages = Vec::new();
    let mut errands = Vec::new();
    for need in missing {
        let lines = match need.source {
            Source::Debian(names) => {
                debian.push(*need);
                packages.extend_from_slice(names);
                continue;
            }
            Source::Component(name) if machine.rustup => {
                Ok(vec![Line::new(&["rustup", "component", "add", name])])
            }
            Source::Component(name) => Err(format!(
                "there is no rustup; install the toolchain's component {name} yourself"
            )),
            Source::Cargo { name, version } => {
                let words = ["cargo", "install", "--locked", name, "--version", version];
                Ok(vec![Line::new(&words)])
            }
            Source::Script(words) => Ok(vec![Line::new(words)]),
        };
        errands.push(Errand { needs: vec![*need], lines });
    }
    if !debian.is_empty() {
        // First, since a program that cargo builds may want one of the packages.
        errands.insert(0, Errand { needs: debian, lines: debian_lines(&packages, machine) });
    }
    errands
}

fn debian_lines(packages: &[&str], machine: Machine) -> Result<Vec<Line>, String> {
    let wanted = packages.join(" ");
    if !machine.apt {
        return Err(format!("there is no apt-get; install what Debian calls {wanted} yourself"));
    }
    let before: &[&str] = match (machine.root, machine.sudo) {
        (true, _) => &["env"],
        (false, true) => &["sudo", "env"],
        (false, false) => {
            return Err(format!("neither root nor sudo; have someone install {wanted}"));
        }
    };
    let apt = |words: &[&str]| {
        Line::new(&[before, &["DEBIAN_FRONTEND=noninteractive", "apt-get"], words].concat())
    };
    let install = [&["install", "-y", "--no-install-recommends"], packages].concat();
    Ok(vec![apt(&["update"]), apt(&install)])
}

/// Says what is missing and how it would be got, asks unless told not to, and gets it.
/// Returns what could not be had.
pub(crate) fn provide(missing: &[&'static Need], yes: bool, project: &Project) -> Vec<Lack> {
    let errands = plan(missing, Machine::look(project));
    let mut possible = false;
    println!("Missing on this machine:");
    for errand in &errands {
        match &errand.lines {
            Ok(lines) => {
                possible = true;
                println!("  {}; to be installed with", errand.names());
                lines.iter().for_each(|line| println!("    {line}"));
            }
            Err(why) => println!("  {}: {why}", errand.names()),
        }
    }
    let agreed = possible && (yes || ask("Install now?"));
    errands.into_iter().flat_map(|errand| carry_out(errand, agreed, project)).collect()
}

fn carry_out(errand: Errand, agreed: bool, project: &Project) -> Vec<Lack> {
    let outcome = match errand.lines {
        Ok(_) if !agreed => Err("not installed, since nobody said yes (see --yes)".to_owned()),
        Ok(lines) => lines.iter().try_for_each(|line| project.run(line)),
        Err(why) => Err(why),
    };
    let lacking = |need: &&Need| Lack {
        name: need.name,
        why: match &outcome {
            Ok(()) => "still does not answer after its installation".to_owned(),
            Err(why) => why.clone(),
        },
    };
    errand.needs.iter().filter(|need| !need.is_met(project)).map(lacking).collect()
}

fn ask(question: &str) -> bool {
    print!("{question} [y/N] ");
    let mut answer = String::new();
    let read =
        std::io::stdout().flush().and_then(|()| std::io::stdin().lock().read_line(&mut answer));
    // Without a terminal the line stays open.
    if answer.is_empty() {
        println!();
    }
    read.is_ok() && matches!(answer.trim(), "y" | "Y" | "yes")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::needs::{CARGO_FUZZ, CLIPPY, CPP};

    static PCSC: Need =
        Need { name: "pcsc", probes: &[&["false"]], source: Source::Debian(&["libpcsclite-dev"]) };

    const BARE: Machine = Machine { root: false, sudo: false, apt: true, rustup: true };

    fn shown(missing: &[&'static Need], machine: Machine) -> Vec<Result<Vec<String>, String>> {
        let text = |lines: Vec<Line>| lines.iter().map(Line::to_string).collect();
        plan(missing, machine).into_iter().map(|errand| errand.lines.map(text)).collect()
    }

    #[test]
    fn debian_packages_are_got_at_once_and_first() {
        let lines = shown(&[&CARGO_FUZZ, &CPP, &PCSC], Machine { root: true, ..BARE });
        let apt = "env DEBIAN_FRONTEND=noninteractive apt-get";
        let install = format!("{apt} install -y --no-install-recommends g++ libpcsclite-dev");
        assert_eq!(lines[0], Ok(vec![format!("{apt} update"), install]));
        let fuzz = "cargo install --locked cargo-fuzz --version 0.13.2".to_owned();
        assert_eq!(lines[1], Ok(vec![fuzz]));
        assert_eq!(lines.len(), 2);
    }

    #[test]
    fn sudo_is_used_when_not_root_and_without_it_the_package_is_named() {
        let lines = shown(&[&CPP], Machine { sudo: true, ..BARE });
        assert!(lines[0].as_ref().unwrap()[0].starts_with("sudo env "));
        for (machine, why) in [(BARE, "sudo"), (Machine { apt: false, ..BARE }, "apt-get")] {
            let said = shown(&[&CPP], machine)[0].clone().unwrap_err();
            assert!(said.contains(why) && said.contains("g++"), "{said}");
        }
    }

    #[test]
    fn a_component_comes_from_rustup_or_not_at_all() {
        let add = Ok(vec!["rustup component add clippy".to_owned()]);
        assert_eq!(shown(&[&CLIPPY], BARE), [add]);
        assert!(shown(&[&CLIPPY], Machine { rustup: false, ..BARE })[0].is_err());
    }
}
