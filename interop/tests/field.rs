//! PC/SC as it is in the field: what the real daemon cannot be made to do, played by a stand-in for
//! its library under the real program `mynacard`.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::env;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use mynacard_sim::Profile;
use tempfile::TempDir;

/// The folder of `mynacard` and of the stand-in.
fn programs() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--quiet", "-p", "mynacard-cli", "-p", "standin"]);
        assert!(cargo.args(["--features", "mynacard-cli/pcsc"]).status().unwrap().success());
        let test = env::current_exe().unwrap();
        test.ancestors().nth(2).map(Path::to_owned).unwrap()
    })
}

/// How `mynacard` ended, what it said, and what it did to readers.
struct Ended {
    code: Option<i32>,
    said: String,
    journal: String,
}

impl Ended {
    /// How many lines of the journal begin so.
    fn count(&self, line: &str) -> usize {
        self.journal.lines().filter(|other| other.starts_with(line)).count()
    }

    /// Asserts the exit status, and that all of this was said.
    #[track_caller]
    fn has(&self, code: i32, words: &[&str]) {
        let all = words.iter().all(|word| self.said.contains(word));
        assert!(self.code == Some(code) && all, "{:?}\n{}\n{}", self.code, self.said, self.journal);
    }
}

/// Runs `mynacard` with these readers.
fn mynacard(script: &str, words: &[&str]) -> Ended {
    let folder = TempDir::new().unwrap();
    let at = |name: &str| folder.path().join(name);
    let number = Profile::adult().code_b().unwrap();
    fs::write(at("script"), script).unwrap();
    fs::write(at("number"), number).unwrap();
    symlink(programs().join("libstandin.so"), at("libpcsclite.so.1")).unwrap();
    let mut command = Command::new(programs().join("mynacard"));
    if words.first() == Some(&"read") {
        command.args(["read", "--code-b-file"]).arg(at("number")).args(words.iter().skip(1));
    } else {
        command.args(words);
    }
    let Output { status, stdout, stderr } = command
        .env("LD_LIBRARY_PATH", folder.path())
        .env("MYNACARD_STANDIN_SCRIPT", at("script"))
        .env("MYNACARD_STANDIN_JOURNAL", at("journal"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&[stdout, stderr].concat()).into_owned();
    let journal = fs::read_to_string(at("journal")).unwrap_or_default();
    assert!(!number.is_empty() && !journal.contains(number) && !said.contains(number));
    Ended { code: status.code(), said, journal }
}

/// The first card, with half a minute to come, as long as nothing is missing.
const FIRST: &[&str] = &["read", "--reader", "first"];
const SOON: &[&str] = &["read", "--reader", "first", "--wait", "3"];
const READ: &[&str] = &["救急　太郎"];

#[test]
fn the_first_my_number_card_is_read_past_mute_slots_pretended_cards_and_others() {
    let ended = mynacard(
        "reader mute ACS SAM 0\n\
         reader other Windows Hello for Business 1\n\
         reader empty ACS 0\n\
         next\n\
         reader other ACS 0\n\
         next\n\
         reader empty ACS 0\n\
         next\n\
         reader adult ACS 0",
        FIRST,
    );
    ended.has(0, READ);
    for line in
        ["Windows Hello for Business 1: not a My Number Card", "ACS 0: not a My Number Card"]
    {
        assert_eq!(ended.said.matches(line).count(), 1, "{line}: {}", ended.said);
    }
    // Once each, and nothing but the question what it is.
    assert_eq!(ended.count("connect Windows Hello for Business 1"), 1);
    let selects = ended.count("transmit Windows Hello for Business 1: 00A404");
    assert!(selects > 0 && selects == ended.count("transmit Windows Hello for Business 1"));
    assert_eq!(ended.count("transmit ACS SAM 0"), 0);
}

#[test]
fn a_phone_is_not_passed_over() {
    mynacard("reader phone Reader", FIRST).has(7, &[]);
}

#[test]
fn what_was_passed_over_is_said_and_what_came_last_decides() {
    let slot = "reader mute ACS SAM 0\n reader empty ACS 0";
    mynacard(slot, SOON).has(9, &["ACS SAM 0: the card is there but does not speak", "[1004]"]);
    mynacard("reader mute Reader", SOON).has(9, &["[1009]"]);
    let other = "reader empty Contact\n reader empty Reader\n next\n reader other Reader";
    mynacard(other, SOON).has(8, &["Reader: not a My Number Card", "[2001]"]);
    let pretended = "reader other Windows Hello 1\n reader empty Reader";
    mynacard(pretended, SOON).has(9, &["Windows Hello 1: not a My Number Card", "[1004]"]);
}

#[test]
fn a_service_that_comes_with_the_first_reader_is_waited_for() {
    for (reader, name) in [("first", "Reader"), ("Rea", "Reader")] {
        let script = format!("service down\n next\n service up\n reader adult {name}");
        let ended = mynacard(&script, &["read", "--reader", reader]);
        ended.has(0, READ);
        assert!(ended.said.contains("the smart card service is not running; still waiting"));
    }
}

#[test]
fn a_service_that_stops_with_the_last_reader_is_survived() {
    let script = "reader empty Reader\n next\n gone Reader\n service down\n next\n service up\n \
                  reader empty Reader\n next\n gone Reader\n service down\n next\n service up\n \
                  reader adult Reader";
    for reader in ["first", "Reader"] {
        let ended = mynacard(script, &["read", "--reader", reader]);
        ended.has(0, READ);
        assert_eq!(ended.count("connect Reader"), 1);
    }
}

#[test]
fn a_service_that_stays_away_is_told_when_the_time_is_over() {
    mynacard("service down", SOON).has(9, &["[1008]"]);
    mynacard("reader empty A\n next\n service down", SOON).has(9, &["[1008]"]);
    mynacard("", SOON).has(9, &["[1007]"]);
}

#[test]
fn what_may_come_about_is_tried_again_since_nothing_was_presented() {
    // Unresponsive, without power, held, and what drivers say when a power-up fails.
    for code in ["80100066", "80100067", "8010000B", "8010002F", "80100016", "80100068"] {
        for reader in ["first", "Reader"] {
            let script = format!("reader adult Reader\n connect {code} 2 Reader");
            let ended = mynacard(&script, &["read", "--reader", reader]);
            ended.has(0, READ);
            assert_eq!(ended.count(&format!("connect Reader: {code}")), 2, "{}", ended.journal);
            assert_eq!(ended.count("connect Reader"), 3, "{}", ended.journal);
        }
    }
}

#[test]
fn a_card_that_is_mute_at_the_first_look_is_connected_to_all_the_same() {
    let script = "reader quiet/adult Reader\n connect 80100066 1 Reader";
    for reader in ["first", "Reader"] {
        mynacard(script, &["read", "--reader", reader]).has(0, READ);
    }
}

#[test]
fn a_card_that_leaves_while_it_is_asked_what_it_is_is_asked_again() {
    let ended = mynacard("reader adult/reset@1 Reader", FIRST);
    ended.has(0, READ);
    assert_eq!(ended.count("connect Reader"), 2);
}

#[test]
fn what_does_not_come_about_ends_with_the_time() {
    for (code, told) in [("80100066", "[1009]"), ("8010000B", "[1006]")] {
        for reader in ["first", "Reader"] {
            let script = format!("reader adult Reader\n connect {code} 1000 Reader");
            let ended = mynacard(&script, &["read", "--reader", reader, "--wait", "3"]);
            ended.has(9, &[told, "Reader: "]);
            let tried = ended.count("connect Reader");
            assert!((2..=15).contains(&tried), "{tried}");
        }
    }
}

#[test]
fn nothing_is_repeated_after_a_verify_may_have_been_sent() {
    // The first two exchanges ask what the card is; the card face's number is the sixth.
    for fault in ["lost", "lost-after", "reset", "timeout"] {
        let ended = mynacard(&format!("reader adult/{fault}@5 Reader"), FIRST);
        let verifies = |line: &&str| line.contains(": 00200080, 1");
        let presented = ended.journal.lines().filter(verifies).count();
        assert_eq!(presented, 1, "{fault}: {}", ended.journal);
        assert_eq!(ended.count("connect Reader"), 1, "{fault}: {}", ended.journal);
        ended.has(10, &[]);
        assert!(ended.journal.lines().last().unwrap().contains(": 00200080, 1"), "{fault}");
    }
}

#[test]
fn what_policy_refuses_is_said_at_once_with_advice_for_the_operator() {
    let permission = &["[1013]", "許可されていません"];
    mynacard("establish 8010006A 1\n reader adult Reader", FIRST).has(9, permission);
    for reader in ["first", "Reader"] {
        let ended = mynacard(
            "reader adult Reader\n connect 8010006A 1 Reader",
            &["read", "--reader", reader],
        );
        ended.has(9, permission);
        assert_eq!(ended.count("connect Reader"), 1);
    }
    // One reader is refused, another is not.
    let ended = mynacard(
        "reader adult A staff card\n connect 8010006A 9 A staff card\n reader adult Reader",
        FIRST,
    );
    ended.has(0, READ);
    assert!(ended.said.contains("A staff card: the system does not permit"), "{}", ended.said);
}

#[test]
fn a_name_that_fits_several_readers_lists_them() {
    let script =
        "reader empty ACS ACR1281 PICC 0\n reader adult ACS ACR1281 SAM 0\n reader adult X";
    let ended = mynacard(script, &["tries", "--reader", "ACS"]);
    ended.has(1, &["more than one reader", "\n  ACS ACR1281 PICC 0\n  ACS ACR1281 SAM 0\n"]);
    assert!(!ended.said.contains("\n  X") && ended.journal.is_empty(), "{}", ended.said);
    mynacard(script, &["tries", "--reader", "ACS ACR1281 S"]).has(0, &[]);
    // A name of which another one is the beginning is meant itself.
    mynacard("reader adult ACS\n reader empty ACS 2", &["tries", "--reader", "ACS"]).has(0, &[]);
}

#[test]
fn a_reader_that_is_not_there_yet_is_waited_for() {
    let ended = mynacard("reader empty A\n next\n reader adult B", &["tries", "--reader", "B"]);
    ended.has(0, &["the reader is not there any more; still waiting"]);
    mynacard("reader empty A", &["tries", "--reader", "B", "--wait", "3"]).has(9, &["[1005]"]);
}
