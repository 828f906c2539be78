//! The library's own readers from C and C++, through the real daemon.
//!
//! The programs are those of `bindings/c/tests` and `examples/c`, built by `cargo xtask interop`, which
//! says where they are. Without it these tests are not run.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::env;
use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use interop::{Slots, Stack, alone, patiently};
use mynacard_pcsc::ConnectOptions;
use mynacard_sim::fault::FaultyCard;
use mynacard_sim::vpcd::Atr;
use mynacard_sim::{Application, Profile};

/// A program by its name.
fn program(name: &str) -> String {
    let folder = env::var_os("MYNACARD_C_PROGRAMS").expect("the folder of the C programs");
    let path = PathBuf::from(folder).join(name);
    assert!(path.exists(), "{} is not built", path.display());
    path.to_str().unwrap().to_owned()
}

/// What a command of the C test says, linked with the static and with the shared library.
fn said(stack: &Stack, words: &[&str]) -> String {
    let both = ["pcsc-static", "pcsc-shared"].map(|name| {
        let program = program(name);
        stack.run_well(&[&[program.as_str()], words].concat())
    });
    assert_eq!(both[0], both[1]);
    both[0].clone()
}

fn digits() -> &'static str {
    Profile::adult().code_b().unwrap()
}

#[test]
#[ignore = "needs the C programs: cargo xtask interop"]
fn c_reads_a_card() {
    alone("c_reads_a_card", Slots::Two, |stack| {
        let slot = stack.with_card(Profile::adult().card());
        let reader = stack.reader(0).to_string();
        assert_eq!(
            said(stack, &["read", digits()]),
            "face 0, attributes 0, certificate 0, link 0\n"
        );
        assert_eq!(said(stack, &["connect", "0"]), format!("connect 0\non {reader}\n"));
        assert_eq!(said(stack, &["connect", "0", &reader]), format!("connect 0\non {reader}\n"));
        let presented = slot.with_card(|card| card.card().presentations(Application::Face, 0x12));
        assert_eq!(presented, Some(2), "once by each program");
    });
}

#[test]
#[ignore = "needs the C programs: cargo xtask interop"]
fn c_is_told_why_there_is_no_card() {
    alone("c_is_told_why_there_is_no_card", Slots::Two, |stack| {
        let (first, second) = (stack.reader(0).to_string(), stack.reader(1).to_string());
        assert_eq!(said(stack, &["readers"]), format!("{first}\n{second}\n0, 2 readers\n"));
        assert_eq!(said(stack, &["connect", "100"]), "connect 1004\n", "no card");
        assert_eq!(said(stack, &["connect", "0", &first]), "connect 1004\n", "no card");
        assert_eq!(said(stack, &["connect", "0", "Nobody's"]), "connect 1005\n", "no such reader");
        assert_eq!(said(stack, &["removal", &first]), "removal 0\n");
        // What it says at its reset is no answer to one.
        let mute = stack.slot_with(1, Atr::Other(vec![0, 0]));
        mute.insert(Profile::adult().card()).unwrap();
        interop::wait_for_card(&stack.reader(1)).unwrap();
        assert_eq!(said(stack, &["connect", "0", &second]), "connect 1009\n", "mute");
        drop(mute);
        let _slot = stack.with_card(Profile::adult().card());
        let held = stack.connect(&ConnectOptions::new()).unwrap();
        assert_eq!(said(stack, &["connect", "0", &first]), "connect 1006\n", "busy");
        drop(held);
        stack.end_daemon();
        let without = || (said(stack, &["connect", "0"]) == "connect 1008\n").then_some(());
        assert!(patiently(without).is_some(), "no service");
        assert_eq!(said(stack, &["readers"]), "1008, 0 readers\n");
    });
}

#[test]
#[ignore = "needs the C programs: cargo xtask interop"]
fn c_is_told_that_there_is_no_reader() {
    alone("c_is_told_that_there_is_no_reader", Slots::None, |stack| {
        assert_eq!(said(stack, &["readers"]), "0, 0 readers\n");
        assert_eq!(said(stack, &["connect", "100"]), "connect 1007\n");
    });
}

#[test]
#[ignore = "needs the C programs: cargo xtask interop"]
fn c_keeps_what_was_read_when_the_card_is_pulled() {
    alone("c_keeps_what_was_read_when_the_card_is_pulled", Slots::Two, |stack| {
        let reader = stack.reader(0);
        let slot = stack.slot(0);
        for (script, expected) in [
            // Amid the photo; amid the four attributes; at the VERIFY itself. Two exchanges tell the card.
            ("lost@14", "face 1001, attributes 1001, certificate 1001, link 1001\n"),
            ("lost@43", "face 0, attributes 1001, certificate 1001, link 1001\n"),
            ("lost-after@5", "face 3013, attributes 9108, certificate 9108, link 1001\n"),
        ] {
            let card = FaultyCard::new(Profile::adult().card(), script.parse().unwrap());
            slot.insert_faulty(card).unwrap();
            interop::wait_for_card(&reader).unwrap();
            let found = stack.run_well(&[&program("pcsc-shared"), "read", digits()]);
            assert_eq!(found, expected, "{script}");
            let presented =
                slot.with_card(|card| card.card().presentations(Application::Face, 0x12));
            assert_eq!(presented, Some(1), "{script}");
            let name = reader.to_string();
            assert_eq!(said(stack, &["removal", &name]), "removal 0\n", "{script}");
        }
    });
}

#[test]
#[ignore = "needs the C programs: cargo xtask interop"]
fn c_cancels_waits_and_readings() {
    alone("c_cancels_waits_and_readings", Slots::Two, |stack| {
        let _ = stack.reader(0);
        assert_eq!(said(stack, &["cancel"]), "cancelled\n");
        let slot = stack.with_card(Profile::adult().card());
        let found = stack.run_well(&[&program("pcsc-shared"), "stop", digits()]);
        assert_eq!(found, "face 1011, attributes 1011, certificate 1011, link 1011\n");
        assert!(slot.with_card(|card| card.card().log().len()).unwrap() < 20);
    });
}

#[test]
#[ignore = "needs the C programs: cargo xtask interop"]
fn c_is_refused_what_is_not_right() {
    alone("c_is_refused_what_is_not_right", Slots::Two, |stack| {
        let _ = stack.reader(0);
        assert_eq!(said(stack, &["misuse"]), "refused\n");
    });
}

#[test]
#[ignore = "needs the C programs: cargo xtask interop"]
fn c_sees_cards_come_and_go() {
    alone("c_sees_cards_come_and_go", Slots::Two, |stack| {
        let (first, second) = (stack.reader(0), stack.reader(1));
        let slot = stack.with_card(Profile::adult().card());
        let watching = thread::spawn({
            let stack = stack.clone();
            move || stack.run_well(&[&program("pcsc-shared"), "watch", "5"])
        });
        // The program needs a moment to see the card that is there.
        thread::sleep(Duration::from_secs(2));
        slot.lift();
        mynacard_pcsc::Readers
            .wait_for_removal(&first, Some(interop::PATIENCE), &mynacard_pcsc::Cancellation::new())
            .unwrap();
        thread::sleep(Duration::from_secs(1));
        slot.place_again().unwrap();
        let expected = format!(
            "added: {first}, 0, 0\nadded: {second}, 0, 0\ncard: {first}, 1, 0\n\
             no card: {first}, 0, 0\ncard: {first}, 1, 0\n"
        );
        assert_eq!(watching.join().unwrap(), expected);
    });
}

#[test]
#[ignore = "needs the C programs: cargo xtask interop"]
fn cpp_does_the_same() {
    alone("cpp_does_the_same", Slots::Two, |stack| {
        let _slot = stack.with_card(Profile::adult().card());
        assert_eq!(stack.run_well(&[&program("pcsc-wrapper")]), "");
    });
}

#[test]
#[ignore = "needs the C programs: cargo xtask interop"]
fn the_apps_in_c_and_cpp_hold_a_drill_over_the_reader() {
    alone("the_apps_in_c_and_cpp_hold_a_drill_over_the_reader", Slots::Two, |stack| {
        let _slot = stack.with_card(Profile::adult().card());
        let answers = format!("{}\ny\ny\n", digits());
        for name in ["tablet", "tablet-cpp"] {
            let log = stack.folder().join(name);
            let words = [&program(name), log.to_str().unwrap()];
            let said = patiently(|| {
                let _ = fs::remove_file(&log);
                let (status, said) = stack.run_with(&words.map(|word| word), &answers);
                // The program before may still hold the card.
                status.success().then_some(said)
            })
            .unwrap();
            assert!(said.contains("氏名 救急　太郎"), "{said}");
            let log = fs::read_to_string(log).unwrap();
            assert!(log.contains("\"event\":\"handed-over\""), "{log}");
        }
    });
}
