//! The command `mynacard` and the demonstration, built to read from readers, on a virtual one whose
//! card is `mynacard sim` in a third process.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::env;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio};
use std::sync::OnceLock;

use interop::{Slots, Stack, alone, wait_for_card};
use mynacard_sim::Profile;
use mynacard_sim::vpcd::Atr;

/// The folder of both programs, built with the feature `pcsc`.
fn programs() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(build)
}

fn build() -> PathBuf {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--quiet", "-p", "mynacard-cli", "-p", "mynacard-ambulance"]);
    cargo.args(["--features", "mynacard-cli/pcsc,mynacard-ambulance/pcsc"]);
    assert!(cargo.status().unwrap().success());
    let test = env::current_exe().unwrap();
    test.ancestors().nth(2).map(Path::to_owned).unwrap()
}

/// `mynacard sim`, and the way to its console.
struct Sim {
    process: Child,
    commands: ChildStdin,
    replies: BufReader<ChildStdout>,
}

impl Sim {
    fn start(stack: &Stack) -> Self {
        let address = format!("127.0.0.1:{}", stack.port(0));
        let mut process = Command::new(programs().join("mynacard"))
            .args(["sim", "--vpcd", &address, "--profile", "adult"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let commands = process.stdin.take().unwrap();
        let replies = BufReader::new(process.stdout.take().unwrap());
        let mut sim = Self { process, commands, replies };
        assert!(sim.reply().contains("adult lies on the virtual reader"));
        wait_for_card(&stack.reader(0)).unwrap();
        sim
    }

    fn reply(&mut self) -> String {
        let mut line = String::new();
        self.replies.read_line(&mut line).unwrap();
        line
    }

    fn say(&mut self, command: &str) -> String {
        writeln!(self.commands, "{command}").unwrap();
        self.reply()
    }
}

impl Drop for Sim {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Runs a program where not a byte can be written to a file.
fn on_no_disk(program: &str, arguments: &[&str]) -> Output {
    let without = ["-c", "trap '' XFSZ; ulimit -f 0; exec \"$@\"", "sh"];
    Command::new("sh").args(without).arg(programs().join(program)).args(arguments).output().unwrap()
}

fn mynacard(arguments: &[&str]) -> Output {
    on_no_disk("mynacard", arguments)
}

/// The names in a folder.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr[..]].concat()).into_owned()
}

fn digits(stack: &Stack, name: &str) -> String {
    let path = stack.folder().join(name);
    fs::write(&path, Profile::find(name).unwrap().code_b().unwrap()).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn a_card_on_a_reader_is_read_verified_and_asked_for_its_tries() {
    alone("a_card_on_a_reader_is_read_verified_and_asked_for_its_tries", Slots::Two, |stack| {
        let mut sim = Sim::start(stack);
        let digits = digits(stack, "adult");
        let reader = stack.reader(0).to_string();
        for name in ["first", reader.as_str()] {
            let read = mynacard(&["read", "--reader", name, "--code-b-file", &digits]);
            assert!(read.status.success() && said(&read).contains("救急　太郎"), "{}", said(&read));
        }
        let timed = ["read", "--reader", "first", "--link", "nfc106", "--code-b-file", &digits];
        assert!(said(&mynacard(&timed)).contains("(modelled)"));
        let verify = ["verify", "--reader", "first", "--roots", "sim", "--code-b-file", &digits];
        let verify = mynacard(&verify);
        assert!(verify.status.success(), "{}", said(&verify));
        let tries = mynacard(&["tries", "--reader", "first"]);
        assert!(tries.status.success(), "{}", said(&tries));

        // A swapped card is another person's: this number is not its, and the number of tries says so.
        assert_eq!(sim.say("swap two-line-address"), "inserted two-line-address\n");
        wait_for_card(&stack.reader(0)).unwrap();
        let read = mynacard(&["read", "--reader", "first", "--code-b-file", &digits]);
        assert_eq!(read.status.code(), Some(3), "{}", said(&read));

        // A link that is lost on the way is told apart, and the card comes back.
        assert_eq!(sim.say("swap adult"), "inserted adult\n");
        wait_for_card(&stack.reader(0)).unwrap();
        assert!(sim.say("fault lost@12").starts_with("set;"));
        let read = mynacard(&["read", "--reader", "first", "--code-b-file", &digits]);
        assert_eq!(read.status.code(), Some(9), "{}", said(&read));
    });
}

#[test]
fn a_mute_card_on_another_reader_is_passed_over() {
    alone("a_mute_card_on_another_reader_is_passed_over", Slots::Two, |stack| {
        let readers = [stack.reader(0), stack.reader(1)].map(|reader| reader.to_string());
        // What it says at its reset is no answer to one.
        let mute = stack.slot_with(0, Atr::Other(vec![0, 0]));
        mute.insert(Profile::adult().card()).unwrap();
        wait_for_card(&stack.reader(0)).unwrap();
        let alone = mynacard(&["tries", "--reader", &readers[0], "--wait", "2"]);
        assert!(alone.status.code() == Some(9) && said(&alone).contains("[1009]"), "{alone:?}");
        let slot = stack.slot(1);
        slot.insert(Profile::adult().card()).unwrap();
        wait_for_card(&stack.reader(1)).unwrap();
        let digits = digits(stack, "adult");
        let read = mynacard(&["read", "--reader", "first", "--code-b-file", &digits]);
        assert!(read.status.success() && said(&read).contains("救急　太郎"), "{}", said(&read));
        assert_eq!(mute.with_card(|card| card.exchanges()), Some(0));

        // How both names begin is no name, and both are listed.
        let both = mynacard(&["tries", "--reader", "Test"]);
        assert_eq!(both.status.code(), Some(1), "{}", said(&both));
        assert!(readers.iter().all(|name| said(&both).contains(name)), "{}", said(&both));
    });
}

#[test]
fn the_demonstration_plays_on_a_reader() {
    alone("the_demonstration_plays_on_a_reader", Slots::Two, |stack| {
        let _sim = Sim::start(stack);
        let digits = digits(stack, "adult");
        let reader = ["--json", "--reader", "first", "--code-b-file", &digits];
        let demo = |scenario| {
            let arguments = [&reader[..], &["--scenario", scenario]].concat();
            on_no_disk("mynacard-ambulance", &arguments)
        };
        let consent = demo("consent");
        let text = said(&consent);
        assert!(consent.status.success() && text.contains(r#""summary_shown": true"#), "{text}");
        // What comes with a card of its own is not played with somebody's.
        assert!(!demo("nearly-locked").status.success());

        // The log is kept where that is asked for; somebody's photo never is.
        let folder = stack.folder().join("kept");
        let mut keeping = Command::new(programs().join("mynacard-ambulance"));
        let kept = keeping.args(reader).arg("--keep").arg(&folder).output().unwrap();
        assert!(kept.status.success(), "{}", said(&kept));
        assert_eq!(names(&folder), ["audit.jsonl", "seal-key.hex", "tablet-key.hex"]);
    });
}
