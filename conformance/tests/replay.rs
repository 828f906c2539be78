//! The replay kit: the recordings are what the simulator makes today, and played back without it they
//! give the same through the core and through what other languages are given.
#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests may fail loudly")]

use std::collections::BTreeSet;
use std::fs;

use mynacard::session::{Outcome, Session, Step as SessionStep};
use mynacard_conformance::replay::{
    CoreFront, EncounterHeader, Front, Job, Line, OpenHost, Player, ReadingHeader, Recording,
    RecordingError, Statistics, Step, Tape, Tapped, act_out, core_host, encounters, folder, load,
    other_host, play, readings, roots,
};
use mynacard_core::Error;
use mynacard_core::driver::Input;
use mynacard_core::exchange::{CardTransport, Progress};
use mynacard_core::reading::CardReading;
use mynacard_sim::PublicRoots;

/// Writes a file, or compares it with what it would be.
fn check(path: &str, made: &str) {
    let file = folder().join(path);
    if std::env::var_os("MYNACARD_GENERATE").is_some() {
        fs::create_dir_all(file.parent().expect("a folder")).expect("made");
        fs::write(&file, made).expect("written");
    }
    let found = fs::read_to_string(&file).unwrap_or_default();
    assert!(found == made, "{path} is out of date: run `cargo xtask generate`");
}

/// Plays a reading without the simulator, and compares everything that happens.
fn played(name: &str, front: &impl Front) -> Result<Tapped, RecordingError> {
    let recording: Recording<ReadingHeader, Line> = load(&format!("readings/{name}"))?;
    let Recording { header, lines } = recording;
    let nonces: Vec<_> = lines
        .iter()
        .filter_map(|line| match line {
            Line::Resume { resume } => Some(resume.nonce.clone()),
            _ => None,
        })
        .collect();
    let tape = Tape::default();
    let player = Player::new(&header, &lines, &tape);
    let roots = roots(&header.roots)?;
    let reading = play(&header, &nonces, &roots, front, |_| player.tap(), &tape)
        .map_err(|why| RecordingError::Impossible(name.to_owned(), why.into()))?;
    for (at, (found, recorded)) in tape.lines().iter().zip(&lines).enumerate() {
        assert_eq!(found, recorded, "{name}, line {}", at + 2);
    }
    assert_eq!(tape.lines().len(), lines.len(), "{name}: more or fewer lines");
    let reading = reading.ok_or(RecordingError::Empty(name.to_owned()))?;
    Ok(Tapped { reading, roots, clock: header.clock.clock() })
}

/// What other languages are given: the driver without its types, stepped by hand.
struct SessionFront;

impl Front for SessionFront {
    fn run(
        &self,
        job: Job,
        link: &mut impl CardTransport,
        tape: &Tape,
    ) -> Result<(Outcome, Statistics), (Box<CardReading>, Error)> {
        let mut session = match job {
            Job::Identify => Session::identify(link.link()).expect("free"),
            Job::Tries => Session::tries(link.link()).expect("free"),
            Job::Facts => Session::facts(link.link()).expect("free"),
            Job::Read(number, plan) => Session::read(link.link(), number, plan).expect("free"),
            Job::Resume(number, plan, torn, challenge) => {
                Session::resume(link.link(), number, plan, *torn, challenge)
                    .map_err(|stopped| (stopped.reading, stopped.error))?
            }
        };
        let mut step = session.step(Input::Start).expect("begun once");
        loop {
            let mut response = Vec::new();
            let input = match step {
                SessionStep::Transmit(command) => match link.transmit(&command, &mut response) {
                    Ok(()) => Input::Response(&response),
                    Err(fault) => Input::LinkLost(fault),
                },
                SessionStep::Progress(Progress { phase, bytes_done, bytes_expected }) => {
                    tape.write(Line::Progress {
                        progress: (phase as u32, bytes_done, bytes_expected),
                    });
                    Input::Continue
                }
                SessionStep::Face(_) => {
                    tape.write(Line::Face { face: true });
                    Input::Continue
                }
                SessionStep::Done(outcome) => return Ok((outcome, session.statistics().into())),
            };
            step = session.step(input).expect("in order");
        }
    }
}

/// The names of the recordings in a folder.
fn names(kind: &str) -> Vec<String> {
    let entries = fs::read_dir(folder().join(kind)).expect("a folder");
    let mut names: Vec<_> = entries
        .map(|entry| {
            let path = entry.expect("an entry").path();
            path.file_stem().expect("a name").to_string_lossy().into_owned()
        })
        .collect();
    names.sort();
    names
}

#[test]
fn the_recordings_are_what_the_simulator_makes() {
    check("roots.json", &PublicRoots::test().to_json());
    let mut made = BTreeSet::new();
    for recording in readings().expect("recorded") {
        let name = &recording.header.name;
        assert!(made.insert(name.clone()), "{name} is recorded twice");
        check(&format!("readings/{name}.jsonl"), &recording.to_text().expect("JSON"));
    }
    assert_eq!(made.into_iter().collect::<Vec<_>>(), names("readings"));
    let mut made = BTreeSet::new();
    for recording in encounters(&mut |name| played(name, &CoreFront)).expect("recorded") {
        let name = &recording.header.name;
        assert!(made.insert(name.clone()), "{name} is recorded twice");
        check(&format!("encounters/{name}.jsonl"), &recording.to_text().expect("JSON"));
    }
    assert_eq!(made.into_iter().collect::<Vec<_>>(), names("encounters"));
}

fn every_reading_gives_the_same_through(front: &impl Front) {
    for name in names("readings") {
        match played(&name, front) {
            Ok(_) | Err(RecordingError::Empty(_)) => {}
            Err(why) => panic!("{why}"),
        }
    }
}

#[test]
fn every_reading_gives_the_same_through_the_core() {
    every_reading_gives_the_same_through(&CoreFront);
}

#[test]
fn every_reading_gives_the_same_through_the_session_of_other_languages() {
    every_reading_gives_the_same_through(&SessionFront);
}

fn every_encounter_gives_the_same_through(open: OpenHost, front: &impl Front) {
    for name in names("encounters") {
        let recording: Recording<EncounterHeader, Step> =
            load(&format!("encounters/{name}")).expect("a recording");
        let acts = recording.lines.iter().map(|step| (step.at, step.act.clone()));
        let steps = act_out(&recording.header, acts, open, &mut |name| played(name, front));
        let steps = steps.expect("played");
        assert_eq!(steps.len(), recording.lines.len());
        for (at, (found, recorded)) in steps.iter().zip(&recording.lines).enumerate() {
            assert_eq!(found, recorded, "{name}, line {}", at + 2);
        }
    }
}

#[test]
fn every_encounter_gives_the_same_through_the_core() {
    every_encounter_gives_the_same_through(core_host, &CoreFront);
}

#[test]
fn every_encounter_gives_the_same_through_what_other_languages_are_given() {
    every_encounter_gives_the_same_through(other_host, &SessionFront);
}

/// What a scenario is for, said by hand: status of face, attributes, certificate and proof, verdict,
/// VERIFY commands that carried a number, tries they cost.
const PROMISES: &[(&str, [u16; 4], &str, usize, u8)] = &[
    ("adult", [0, 0, 0, 0], "genuine-live", 2, 0),
    ("child", [0, 0, 0, 0], "genuine-live", 2, 0),
    ("old-chip", [0, 0, 0, 0], "genuine-live", 2, 0),
    ("p384-chain", [0, 0, 0, 0], "genuine-live", 2, 0),
    ("extended", [0, 0, 0, 0], "genuine-live", 2, 0),
    ("certificate-only", [9108, 9108, 0, 9108], "unverified", 0, 0),
    ("not-challenged", [0, 0, 0, 9108], "genuine-not-live", 2, 0),
    ("unknown-issuer", [0, 0, 0, 0], "issuer-unknown", 2, 0),
    ("wrong-number", [3010, 9108, 9108, 9108], "unverified", 1, 1),
    ("last-try-lost", [3011, 9108, 9108, 9108], "unverified", 1, 1),
    ("nearly-locked", [3012, 0, 0, 9108], "genuine-live", 1, 0),
    ("blocked", [3011, 9108, 0, 9108], "unverified", 0, 0),
    ("no-counter", [3014, 0, 0, 9108], "genuine-live", 1, 0),
    ("lost-at-verify", [3013, 9108, 9108, 9108], "unverified", 1, 0),
    ("lying-verify", [3013, 9108, 9108, 9108], "unverified", 1, 0),
    ("phone", [2007, 9108, 9108, 9108], "unverified", 0, 0),
    ("iphone", [2007, 9108, 9108, 9108], "unverified", 0, 0),
    ("foreign-card", [2001, 9108, 9108, 9108], "unverified", 0, 0),
    ("torn", [0, 0, 0, 0], "genuine-live", 3, 0),
    ("torn-twice", [0, 0, 0, 0], "genuine-live", 3, 0),
    ("torn-other-card", [1001, 1001, 1001, 9108], "unverified", 1, 0),
    ("forged-swapped-photo", [0, 0, 0, 0], "forged", 2, 0),
    ("forged-copied", [0, 0, 0, 2004], "genuine-not-live", 2, 0),
    ("forged-copied-other-key", [0, 0, 0, 0], "genuine-not-live", 2, 0),
    ("forged-self-made-roots", [0, 0, 0, 0], "forged", 2, 0),
    ("forged-two-people", [0, 0, 0, 0], "contradictory", 2, 0),
    ("without-text-proof", [0, 0, 0, 0], "genuine-not-live", 2, 0),
    ("careful", [0, 3012, 0, 0], "genuine-live", 1, 0),
    ("text-not-proven", [0, 0, 0, 0], "genuine-not-live", 2, 0),
];

#[test]
fn the_recordings_end_as_their_scenarios_promise() {
    for &(name, status, verdict, presented, spent) in PROMISES {
        let recording: Recording<ReadingHeader, Line> =
            load(&format!("readings/{name}")).expect("a recording");
        let Some(Line::Expect { expect }) = recording.lines.last() else {
            panic!("{name}: no end")
        };
        let found = expect.reading.as_ref().expect("a reading");
        let parts = &found.status;
        let found_status = [parts.face, parts.attributes, parts.certificate, parts.proof];
        assert_eq!(found_status, status, "{name}");
        assert_eq!(found.trust.key, verdict, "{name}");
        assert_eq!(found.tries_spent, spent, "{name}");
        let verifies = recording.lines.iter().filter(|line| match line {
            Line::Exchange { command, .. } | Line::Lost { command, .. } => {
                command.starts_with("002000800e")
            }
            _ => false,
        });
        assert_eq!(verifies.count(), presented, "{name}");
    }
}
