//! Our own reader through the real daemon: the same as without it, and honest about what goes wrong.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod common;

use std::thread;
use std::time::{Duration, Instant};

use common::{number, parts, plan};
use interop::{PATIENCE, Slots, Stack, alone, patiently, wait_for_card};
use mynacard_core::driver::run_with;
use mynacard_core::error::LinkFault;
use mynacard_core::exchange::{CardTransport, Limits};
use mynacard_core::map::OtherCard;
use mynacard_core::reading::{CardReading, Token, identify, read, resume};
use mynacard_core::run;
use mynacard_core::trust::Challenge;
use mynacard_pcsc::{
    Cancellation, ConnectOptions, Event, ExtendedLength, Interface, Readers, Sharing, Wanted,
};
use mynacard_sim::fault::{FaultyCard, Script};
use mynacard_sim::vpcd::Atr;
use mynacard_sim::{Application, Profile};

const SOON: Duration = Duration::from_secs(1);

fn exclusive() -> ConnectOptions {
    ConnectOptions::new()
}

fn extended() -> ConnectOptions {
    exclusive().extended_length(ExtendedLength::Assume)
}

fn reading(profile: &Profile, link: &mut impl CardTransport) -> CardReading {
    let mut driver = read(link.link(), Limits::default(), number(profile), plan()).unwrap();
    run(&mut driver, link).unwrap()
}

fn fault_of(reading: &CardReading) -> Option<LinkFault> {
    reading.errors().find_map(|error| match error {
        mynacard_core::Error::Link(fault) => Some(fault),
        _ => None,
    })
}

#[test]
fn every_profile_reads_alike_through_the_daemon_and_directly() {
    alone("every_profile_reads_alike_through_the_daemon_and_directly", Slots::Two, |stack| {
        let slot = stack.slot(0);
        for profile in Profile::all() {
            slot.insert(profile.card()).unwrap();
            wait_for_card(&stack.reader(0)).unwrap();
            for options in [exclusive(), extended(), extended().sharing(Sharing::Shared)] {
                let mut link = patiently(|| stack.connect(&options).ok()).unwrap();
                let mut direct = FaultyCard::new(profile.card(), Script::nothing())
                    .over(link.link().capabilities());
                if profile.code_b().is_none() {
                    let mut driver = identify(link.link(), Limits::default()).unwrap();
                    let found = run(&mut driver, &mut link).unwrap().unwrap();
                    assert!(found.token.is_phone(), "{found:?}");
                    continue;
                }
                let (there, here) = (reading(profile, &mut link), reading(profile, &mut direct));
                assert_eq!(parts(&there), parts(&here), "{}", profile.name());
                assert_eq!(there.statistics(), here.statistics(), "{}", profile.name());
            }
        }
    });
}

#[test]
fn short_commands_are_the_default_where_the_driver_does_not_tell() {
    alone("short_commands_are_the_default_where_the_driver_does_not_tell", Slots::Two, |stack| {
        let _slot = stack.with_card(Profile::adult().card());
        assert!(!stack.connect(&exclusive()).unwrap().link().capabilities().extended_length);
        assert!(stack.connect(&extended()).unwrap().link().capabilities().extended_length);
    });
}

#[test]
fn contact_and_contactless_cards_are_told_apart() {
    alone("contact_and_contactless_cards_are_told_apart", Slots::Two, |stack| {
        let wanted = [
            (0, Atr::Contact, Interface::Contact),
            (1, Atr::Contactless, Interface::ContactlessTypeB),
        ];
        let cancellation = Cancellation::new();
        for (slot, atr, interface) in wanted {
            let reader = stack.reader(usize::from(slot));
            let slot = stack.slot_with(slot, atr.clone());
            slot.insert(Profile::adult().card()).unwrap();
            let mut monitor = Readers.monitor(&cancellation).unwrap();
            let seen = loop {
                match monitor.next(Some(PATIENCE)).unwrap().unwrap() {
                    Event::CardInserted { reader: at, interface, .. } if at == reader => {
                        break interface;
                    }
                    _ => {}
                }
            };
            assert_eq!(seen, interface);
            let link = Readers.connect(&reader, &exclusive()).unwrap();
            assert_eq!((link.interface(), link.atr()), (interface, atr.bytes()));
            assert_eq!(link.reader(), &reader);
        }
    });
}

#[test]
fn nothing_stays_open_when_a_link_ends() {
    alone("nothing_stays_open_when_a_link_ends", Slots::Two, |stack| {
        let slot = stack.with_card(Profile::adult().card());
        let selected = || slot.with_card(|card| card.card().current_application()).unwrap();
        for drops in [true, false] {
            let mut link = patiently(|| stack.connect(&exclusive()).ok()).unwrap();
            assert!(fault_of(&reading(Profile::adult(), &mut link)).is_none());
            assert!(selected().is_some());
            if drops {
                drop(link);
            } else {
                link.disconnect().unwrap();
            }
            patiently(|| selected().is_none().then_some(())).expect("the card has lost its power");
        }
    });
}

#[test]
fn a_card_in_use_is_busy() {
    alone("a_card_in_use_is_busy", Slots::Two, |stack| {
        let _slot = stack.with_card(Profile::adult().card());
        let first = stack.connect(&exclusive()).unwrap();
        for sharing in [Sharing::Exclusive, Sharing::Shared] {
            let second = stack.connect(&exclusive().sharing(sharing));
            assert_eq!(second.err(), Some(LinkFault::Busy), "{sharing:?}");
        }
        // Who is patient gets the card as soon as the other has gone.
        let patient = thread::spawn({
            let stack = stack.clone();
            move || stack.connect(&exclusive().patience(PATIENCE)).map(drop)
        });
        thread::sleep(Duration::from_millis(300));
        assert!(!patient.is_finished());
        drop(first);
        assert_eq!(patient.join().unwrap(), Ok(()));
    });
}

#[test]
fn a_shared_link_keeps_others_waiting_but_not_out() {
    alone("a_shared_link_keeps_others_waiting_but_not_out", Slots::Two, |stack| {
        let slot = stack.with_card(Profile::adult().card());
        let shared = exclusive().sharing(Sharing::Shared);
        let mut link = stack.connect(&shared).unwrap();
        let other = thread::spawn({
            let (stack, shared) = (stack.clone(), shared.clone());
            move || {
                let mut link = stack.connect(&shared).unwrap();
                let token = run(&mut identify(link.link(), Limits::default()).unwrap(), &mut link);
                assert!(token.unwrap().unwrap().token.is_card());
            }
        });
        assert!(fault_of(&reading(Profile::adult(), &mut link)).is_none());
        assert!(!other.is_finished());
        let log = slot.with_card(|card| card.card().log().len()).unwrap();
        drop(link);
        other.join().unwrap();
        assert!(slot.with_card(|card| card.card().log().len()).unwrap() > log);
    });
}

#[test]
fn without_readers_that_is_said() {
    alone("without_readers_that_is_said", Slots::None, |_| {
        let none = Cancellation::new();
        let soon = Some(Duration::from_millis(200));
        assert_eq!(Readers.names().unwrap(), []);
        assert_eq!(Readers.first().err(), Some(LinkFault::NoReader));
        assert_eq!(Readers.find("Test").err(), Some(LinkFault::NoReader));
        assert_eq!(Readers.wait_for_card(None, soon, &none).err(), Some(LinkFault::NoReader));
    });
}

#[test]
fn without_a_card_that_is_said() {
    alone("without_a_card_that_is_said", Slots::Two, |stack| {
        let reader = stack.reader(0);
        let none = Cancellation::new();
        let soon = Some(Duration::from_millis(200));
        assert_eq!(stack.connect(&exclusive()).err(), Some(LinkFault::NoCard));
        assert_eq!(Readers.wait_for_card(None, soon, &none).err(), Some(LinkFault::NoCard));
        assert_eq!(
            Readers.wait_for_card(Some(&reader), soon, &none).err(),
            Some(LinkFault::NoCard)
        );
        assert_eq!(Readers.wait_for_removal(&reader, soon, &none), Ok(()));
        assert_eq!(Readers.find(&reader.to_string()).unwrap(), reader);
        assert_eq!(Readers.find("Test").err(), Some(LinkFault::ReaderGone), "there are two");
        assert_eq!(Readers.find("Nobody's").err(), Some(LinkFault::ReaderGone));
    });
}

#[test]
fn without_a_daemon_that_is_said_before_and_during_a_link() {
    alone("without_a_daemon_that_is_said_before_and_during_a_link", Slots::Two, |stack| {
        let _slot = stack.with_card(Profile::adult().card());
        let mut link = stack.connect(&exclusive()).unwrap();
        let reader = stack.reader(1);
        let waiting = thread::spawn(move || {
            Readers.wait_for_card(Some(&reader), Some(3 * SOON), &Cancellation::new())
        });
        thread::sleep(Duration::from_millis(300));
        stack.end_daemon();
        assert_eq!(waiting.join().unwrap().err(), Some(LinkFault::NoService), "during a wait");
        patiently(|| (Readers.names() == Err(LinkFault::NoService)).then_some(())).unwrap();
        assert_eq!(fault_of(&reading(Profile::adult(), &mut link)), Some(LinkFault::NoService));
        let none = Cancellation::new();
        assert_eq!(
            Readers.wait_for_card(None, Some(SOON), &none).err(),
            Some(LinkFault::NoService)
        );
        let opened = Readers.open(Wanted::FirstMyNumberCard, &exclusive(), Some(SOON), |_, _| {});
        assert_eq!(opened.err(), Some(LinkFault::NoService.into()));
    });
}

#[test]
fn a_torn_tap_is_lost_and_goes_on_with_the_same_card() {
    alone("a_torn_tap_is_lost_and_goes_on_with_the_same_card", Slots::Two, |stack| {
        let profile = Profile::adult();
        let slot = stack.slot(0);
        // Within the card face, when its key has been read.
        let torn = FaultyCard::new(profile.card(), "lost@12".parse().unwrap());
        let reader = stack.reader(0);
        slot.insert_faulty(torn).unwrap();
        wait_for_card(&reader).unwrap();
        let mut link = stack.connect(&exclusive()).unwrap();
        let torn = reading(profile, &mut link);
        assert_eq!(fault_of(&torn), Some(LinkFault::Lost));
        assert_eq!(link.fault(), Some(LinkFault::Lost));
        let mut unheard = Vec::new();
        assert_eq!(
            link.transmit(&[0x00, 0x84, 0x00, 0x00, 0x08], &mut unheard),
            Err(LinkFault::Lost)
        );
        drop(link);
        Readers.wait_for_removal(&reader, Some(PATIENCE), &Cancellation::new()).unwrap();

        slot.place_again().unwrap();
        wait_for_card(&reader).unwrap();
        let mut link = patiently(|| stack.connect(&exclusive()).ok()).unwrap();
        let challenge = Challenge::new(b"a nonce of the second tap").unwrap();
        let mut driver =
            resume(link.link(), Limits::default(), number(profile), plan(), torn, challenge)
                .unwrap();
        let whole = run(&mut driver, &mut link).unwrap().unwrap();
        let direct = reading(profile, &mut profile.card());
        assert_eq!(parts(&whole)[..1], parts(&direct)[..1], "the face");
        assert!(parts(&whole).iter().all(Option::is_some));
    });
}

#[test]
fn a_swapped_card_is_never_mixed_with_the_first() {
    alone("a_swapped_card_is_never_mixed_with_the_first", Slots::Two, |stack| {
        let (profile, other) = (Profile::adult(), Profile::find("child").unwrap());
        let slot = stack.with_card(profile.card());
        let mut link = stack.connect(&exclusive()).unwrap();
        let mut driver = read(link.link(), Limits::default(), number(profile), plan()).unwrap();
        let mut is_swapped = false;
        let torn = run_with(
            &mut driver,
            &mut link,
            |progress| {
                if progress.bytes_done > 1_000 && !is_swapped {
                    is_swapped = true;
                    slot.insert(other.card()).unwrap();
                }
            },
            |_| {},
        )
        .unwrap();
        assert!(is_swapped && parts(&torn).iter().all(Option::is_none), "{torn:?}");
        assert_eq!(
            slot.with_card(|card| card.card().presentations(Application::Face, 0x12)),
            Some(0)
        );
        drop(link);

        // The next tap is another person's card, and says so without a try.
        wait_for_card(&stack.reader(0)).unwrap();
        let mut link = patiently(|| stack.connect(&exclusive()).ok()).unwrap();
        let challenge = Challenge::new(b"a nonce of the second tap").unwrap();
        let resumed =
            resume(link.link(), Limits::default(), number(profile), plan(), torn, challenge);
        if let Ok(mut driver) = resumed {
            let refused = run(&mut driver, &mut link).unwrap().unwrap_err();
            assert_eq!(refused.error.code(), mynacard_core::error::CardFault::OtherCard.code());
        }
        assert_eq!(
            slot.with_card(|card| card.card().presentations(Application::Face, 0x12)),
            Some(0)
        );
    });
}

#[test]
fn an_answer_that_is_too_short_is_a_fault_of_the_link() {
    alone("an_answer_that_is_too_short_is_a_fault_of_the_link", Slots::Two, |stack| {
        let slot = stack.slot(0);
        let reader = stack.reader(0);
        for script in ["truncated:0@3", "truncated:1@3"] {
            slot.insert_faulty(FaultyCard::new(Profile::adult().card(), script.parse().unwrap()))
                .unwrap();
            wait_for_card(&reader).unwrap();
            let mut link = patiently(|| stack.connect(&exclusive()).ok()).unwrap();
            let reading = reading(Profile::adult(), &mut link);
            assert!(link.fault().is_some(), "{script}");
            // The fourth exchange is the VERIFY: whether it counted is not known, and not tried.
            assert!(parts(&reading).iter().all(Option::is_none), "{script}");
            let presented =
                slot.with_card(|card| card.card().presentations(Application::Face, 0x12));
            assert_eq!(presented, Some(1), "{script}");
            drop(link);
        }
    });
}

#[test]
fn waits_and_readings_are_cancelled_from_another_thread() {
    alone("waits_and_readings_are_cancelled_from_another_thread", Slots::Two, |stack| {
        let reader = stack.reader(0);
        let cancellation = Cancellation::new();
        let waiting = thread::spawn({
            let (reader, cancellation) = (reader.clone(), cancellation.clone());
            move || Readers.wait_for_card(Some(&reader), None, &cancellation)
        });
        thread::sleep(Duration::from_millis(100));
        let start = Instant::now();
        cancellation.cancel();
        assert_eq!(waiting.join().unwrap().err(), Some(LinkFault::Cancelled));
        assert!(start.elapsed() < PATIENCE);
        let late = Readers.wait_for_removal(&reader, None, &cancellation);
        assert_eq!(late, Err(LinkFault::Cancelled), "it stays cancelled");

        let slot = stack.with_card(Profile::adult().card());
        let cancellation = Cancellation::new();
        let mut link = stack.connect(&exclusive().cancellation(&cancellation)).unwrap();
        let mut driver =
            read(link.link(), Limits::default(), number(Profile::adult()), plan()).unwrap();
        let stop = |progress: mynacard_core::exchange::Progress| {
            if progress.bytes_done > 1_000 {
                cancellation.cancel();
            }
        };
        let reading = run_with(&mut driver, &mut link, stop, |_| {}).unwrap();
        assert_eq!(fault_of(&reading), Some(LinkFault::Cancelled));
        assert!(slot.with_card(|card| card.card().log().len()).unwrap() < 20);
    });
}

#[test]
fn cards_that_come_and_go_are_reported() {
    alone("cards_that_come_and_go_are_reported", Slots::Two, |stack| {
        let (first, second) = (stack.reader(0), stack.reader(1));
        let mut monitor = Readers.monitor(&Cancellation::new()).unwrap();
        let mut next = || monitor.next(Some(PATIENCE)).unwrap().expect("an event");
        assert_eq!(next(), Event::ReaderAdded(first.clone()));
        assert_eq!(next(), Event::ReaderAdded(second));
        let slot = stack.slot(0);
        slot.insert(Profile::adult().card()).unwrap();
        let inserted = Event::CardInserted {
            reader: first.clone(),
            interface: Interface::Contact,
            in_use: false,
        };
        assert_eq!(next(), inserted);
        slot.lift();
        assert_eq!(next(), Event::CardRemoved(first.clone()));
        slot.place_again().unwrap();
        assert_eq!(next(), inserted);
        assert_eq!(monitor.next(Some(Duration::ZERO)).unwrap(), None);
    });
}

#[test]
fn a_card_that_is_swapped_between_two_looks_is_reported_twice() {
    alone("a_card_that_is_swapped_between_two_looks_is_reported_twice", Slots::Two, |stack| {
        let reader = stack.reader(0);
        let slot = stack.with_card(Profile::adult().card());
        let mut monitor = Readers.monitor(&Cancellation::new()).unwrap();
        while !matches!(monitor.next(Some(PATIENCE)).unwrap().unwrap(), Event::CardInserted { .. })
        {
        }
        // Nobody looks while the card is away.
        slot.lift();
        Readers.wait_for_removal(&reader, Some(PATIENCE), &Cancellation::new()).unwrap();
        slot.place_again().unwrap();
        wait_for_card(&reader).unwrap();
        assert_eq!(monitor.next(Some(PATIENCE)).unwrap(), Some(Event::CardRemoved(reader.clone())));
        let event = monitor.next(Some(PATIENCE)).unwrap().unwrap();
        assert!(matches!(event, Event::CardInserted { reader: at, .. } if at == reader));
    });
}

/// Debian's `vicc` looks for its own modules, and for its cryptography, under names that Debian does
/// not give them.
const VICC: &str = r#"
import runpy, sys
import Cryptodome
sys.modules["Crypto"] = Cryptodome
sys.path.insert(0, "/usr/lib/python3/site-packages/virtualsmartcard")
sys.argv[0] = "vicc"
runpy.run_path("/usr/bin/vicc", run_name="__main__")
"#;

#[test]
fn a_card_that_is_not_ours_is_refused_politely() {
    alone("a_card_that_is_not_ours_is_refused_politely", Slots::Two, |stack| {
        let reader = stack.reader(0);
        let script = stack.folder().join("vicc.py");
        std::fs::write(&script, VICC).unwrap();
        let (script, port) = (script.to_str().unwrap(), stack.port(0).to_string());
        let _card = stack.start(&[
            "/usr/bin/python3",
            script,
            "-t",
            "iso7816",
            "-H",
            "127.0.0.1",
            "-P",
            &port,
        ]);
        wait_for_card(&reader).unwrap();
        let mut link = stack.connect(&exclusive()).unwrap();
        let token = run(&mut identify(link.link(), Limits::default()).unwrap(), &mut link).unwrap();
        assert_eq!(token.unwrap().token, Token::Foreign(OtherCard::Unknown));
        let reading = reading(Profile::adult(), &mut link);
        assert_eq!(
            (reading.token(), reading.tries_spent()),
            (Some(Token::Foreign(OtherCard::Unknown)), 0)
        );
        assert!(parts(&reading).iter().all(Option::is_none));
        assert_eq!(link.fault(), None);
    });
}

/// Not a promise of ours, but of the stack under it: what the rest stands on.
#[test]
fn long_answers_pass() {
    alone("long_answers_pass", Slots::Two, |stack: &Stack| {
        let _slot = stack.with_card(Profile::adult().card());
        let mut link = stack.connect(&extended()).unwrap();
        let mut send = |command: &[u8]| {
            let mut answer = Vec::new();
            link.transmit(command, &mut answer).unwrap();
            answer
        };
        let aid = Application::Jpki.aid();
        send(&[&[0x00, 0xA4, 0x04, 0x0C, 0x0A], &aid[..]].concat());
        let certificate = send(&[0x00, 0xB0, 0x8A, 0x00, 0x00, 0x00, 0x00]);
        assert!(certificate.len() > 1_000 && certificate.ends_with(&[0x90, 0x00]));
    });
}
