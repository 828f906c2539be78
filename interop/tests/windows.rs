//! The tablet apps of `examples/c` as Windows programs, under a Wine whose PC/SC is the real daemon.
//!
//! `cargo xtask test --only windows` builds them and says where they are.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::env;
use std::fs;
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Stdio};

use interop::{Slots, Stack, alone, wait_for_card};
use mynacard_sim::Profile;
use mynacard_sim::vpcd::VirtualReader;

const APPS: [&str; 2] = ["tablet.exe", "tablet-cpp.exe"];

/// An app that is running.
struct App {
    child: Child,
    answers: ChildStdin,
    log: PathBuf,
}

/// How an app ended.
struct Ended {
    code: Option<i32>,
    said: String,
    log: String,
}

impl App {
    fn start(stack: &Stack, name: &str) -> Self {
        let folder = PathBuf::from(env::var_os("MYNACARD_WINDOWS_APPS").unwrap());
        let log = stack.folder().join(name).with_extension("jsonl");
        let _ = fs::remove_file(&log);
        let mut child = stack
            .command("sh")
            .arg(env::var_os("MYNACARD_WINE").unwrap())
            .args([&folder.join(name), &log])
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        Self { answers: child.stdin.take().unwrap(), child, log }
    }

    fn answer(&mut self, line: &str) {
        writeln!(self.answers, "{line}").unwrap();
    }

    /// What it says up to and with this.
    fn says(&mut self, wanted: &str) -> String {
        let mut said = Vec::new();
        let mut byte = [0];
        while !String::from_utf8_lossy(&said).contains(wanted) {
            let read = self.child.stdout.as_mut().unwrap().read(&mut byte).unwrap();
            assert_ne!(read, 0, "ended without {wanted}: {}", String::from_utf8_lossy(&said));
            said.push(byte[0]);
        }
        String::from_utf8(said).unwrap()
    }

    fn ends(self) -> Ended {
        drop(self.answers);
        let output = self.child.wait_with_output().unwrap();
        Ended {
            code: output.status.code(),
            said: String::from_utf8(output.stdout).unwrap().replace('\r', ""),
            log: fs::read_to_string(self.log).unwrap(),
        }
    }
}

/// The tries left on every key of the card.
fn tries_left(slot: &VirtualReader) -> u32 {
    let tries = slot.with_card(|card| {
        card.card().counters().filter_map(|(_, _, left)| left.map(u32::from)).sum()
    });
    tries.unwrap()
}

/// Lays a card on a slot of its own, so that no app meets what the daemon still thinks of the last one.
fn lay(stack: &Stack, slot: u16) -> VirtualReader {
    let reader = stack.slot(slot);
    reader.insert(Profile::adult().card()).unwrap();
    wait_for_card(&stack.reader(slot.into())).unwrap();
    reader
}

#[test]
#[ignore = "needs Wine and the apps: cargo xtask test --only windows"]
fn a_whole_encounter_goes_through_winscard() {
    alone("a_whole_encounter_goes_through_winscard", Slots::Two, |stack| {
        let profile = Profile::adult();
        for (name, slot) in APPS.into_iter().zip(0..) {
            let slot = lay(stack, slot);
            let before = tries_left(&slot);
            let mut app = App::start(stack, name);
            for answer in [profile.code_b().unwrap(), "y", "y"] {
                app.answer(answer);
            }
            let Ended { code, said, log } = app.ends();
            assert_eq!(code, Some(0), "{name}: {said}");
            for wanted in [
                "顔写真 378 x 472\n",
                "氏名 救急　太郎\n",
                "住所 架空県蘇生市命町１－２－３\n",
                "生年月日 1985-05-03\n",
                "[111] カード読取(真正性未確認)\n",
                "[162] 保険証利用登録なし\n",
                "傷病者、救急　太郎さん、",
                "[200] 引継ぎ完了\n",
            ] {
                assert!(said.contains(wanted), "{name} has not said {wanted}: {said}");
            }
            // A virtual card is none that the production roots know.
            assert!(!said.contains("正規のカードです"), "{name}: {said}");
            for event in ["card-read/doubtful", "permit/summary", "handed-over"] {
                assert!(log.contains(&format!("\"event\":\"{event}\"")), "{name}: {event}: {log}");
            }
            let exchanges = slot.with_card(|card| card.card().log().len()).unwrap();
            assert!(exchanges >= 10, "{exchanges}");
            assert_eq!(tries_left(&slot), before);
        }
    });
}

#[test]
#[ignore = "needs Wine and the apps: cargo xtask test --only windows"]
fn a_wrong_number_spends_one_try_and_says_so() {
    alone("a_wrong_number_spends_one_try_and_says_so", Slots::Two, |stack| {
        for (name, slot) in APPS.into_iter().zip(0..) {
            let slot = lay(stack, slot);
            let before = tries_left(&slot);
            let mut app = App::start(stack, name);
            app.answer(Profile::find("child").unwrap().code_b().unwrap());
            let Ended { code, said, .. } = app.ends();
            assert_eq!(code, Some(1), "{name}: {said}");
            assert_eq!(tries_left(&slot) + 1, before, "{name}: {said}");
        }
    });
}

#[test]
#[ignore = "needs Wine and the apps: cargo xtask test --only windows"]
fn a_reader_without_a_card_and_a_card_that_is_pulled_are_told_apart() {
    let test = "a_reader_without_a_card_and_a_card_that_is_pulled_are_told_apart";
    alone(test, Slots::Two, |stack| {
        let _ = stack.reader(0);
        for (name, slot) in APPS.into_iter().zip(0..) {
            let Ended { code, said, .. } = App::start(stack, name).ends();
            assert_eq!(code, Some(1), "{name}: {said}");
            assert!(said.contains("! 1004 "), "{name}: {said}");

            let slot = lay(stack, slot);
            let mut app = App::start(stack, name);
            app.says("照合番号B");
            let _ = slot.remove();
            app.answer(Profile::adult().code_b().unwrap());
            let Ended { code, said, .. } = app.ends();
            assert_eq!(code, Some(1), "{name}: {said}");
            assert!(said.contains("! 1001 "), "{name}: {said}");
        }
    });
}
