//! How many entries of an audit log are verified in a second, on one thread and on all.
//!
//! `cargo run --release --example audit_throughput [-- lines]`
#![allow(clippy::unwrap_used, reason = "a measurement of what was just made here")]

use std::thread;
use std::time::Instant;

use mynacard_core::audit::{
    AuditLog, EncounterId, LogEvidence, LogId, LogVerdict, Real, Salt, SealKey, ShortId, Verifier,
    whole_lines,
};
use mynacard_core::consent::PermitLife;
use mynacard_core::trust::x509::NoRevocationSource;
use mynacard_core::{
    CardTransport, Clock, Encounter, Event, Examined, Limits, Plan, Roots, Timestamp,
    VerificationNumberB, read, run,
};
use mynacard_sim::Profile;

const CHUNK: usize = 4 << 20;

fn main() {
    let lines = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(600_000);
    let started = Instant::now();
    let (text, key) = write(lines);
    let lines = text.iter().filter(|byte| **byte == b'\n').count();
    let seconds = started.elapsed().as_secs_f64();
    println!("{lines} lines, {} MB, written in {seconds:.2} s", text.len() / 1_000_000);

    let threads = thread::available_parallelism().map_or(1, usize::from);
    for (proof, seal_key) in [("chain and seals", Some(key)), ("chain only", None)] {
        let evidence = LogEvidence { seal_key, ..LogEvidence::default() };
        for threads in [1, threads] {
            let started = Instant::now();
            let verdict = verify(&text, evidence.clone(), threads);
            let rate = lines as f64 / started.elapsed().as_secs_f64();
            assert!(verdict.is_intact() && verdict.taken == lines as u64);
            println!("{proof}, {threads} thread(s): {rate:.0} entries/s");
        }
    }
}

/// Verifies a log in rounds of one chunk for each thread: memory does not grow with the log.
fn verify(mut log: &[u8], evidence: LogEvidence, threads: usize) -> LogVerdict {
    let mut verifier = Verifier::new(evidence);
    let mut planner = verifier.planner();
    while !log.is_empty() {
        let mut round = Vec::new();
        while round.len() < threads && !log.is_empty() {
            let window = log.get(..CHUNK).unwrap_or(log);
            let (bytes, rest) = match whole_lines(window) {
                // Not one whole line in so many bytes: nothing to share out.
                0 => log.split_at(log.len()),
                len => log.split_at(len),
            };
            round.push((planner.plan(bytes), bytes));
            log = rest;
        }
        let outcomes: Vec<_> = thread::scope(|scope| {
            let running: Vec<_> = round
                .into_iter()
                .map(|(chunk, bytes)| (bytes, scope.spawn(move || chunk.verify(bytes))))
                .collect();
            running.into_iter().map(|(bytes, thread)| (bytes, thread.join().unwrap())).collect()
        });
        outcomes.into_iter().for_each(|(bytes, outcome)| verifier.merge(bytes, outcome));
    }
    verifier.finish()
}

/// Lines of one encounter. It is longer than an ordinary one, so that what is measured is not the
/// reading of cards.
const ENCOUNTER: usize = 1000;

/// A log of about this many lines, all but few of which name a card.
fn write(lines: usize) -> (Vec<u8>, SealKey) {
    let at = |millis| Timestamp::from_unix_millis(1_795_000_000_000 + millis).unwrap();
    let (crew, device) = (ShortId::new("C-17").unwrap(), ShortId::new("T-0042").unwrap());
    let key = SealKey::from_random([3; 32]);
    let mut log = AuditLog::<Real>::create(LogId::from_random([2; 16]), device, key.clone(), at(0));
    let mut text = Vec::new();
    for number in 0..lines.div_ceil(ENCOUNTER) as u64 {
        let now = |second: u64| at(number * 1_000_000 + second * 1000);
        let mut id = [7; 16];
        id.iter_mut().zip(number.to_be_bytes()).for_each(|(to, from)| *to = from);
        let (id, salt) = (EncounterId::from_random(id), Salt::from_random([9; 32]));
        let mut encounter = Encounter::open(id, salt, PermitLife::ORDINARY, crew, now(0));
        encounter.card_read(card(), crew, now(1)).unwrap();
        for second in 2..ENCOUNTER as u64 - 1 {
            encounter.record(Event::FaceMatched, crew, now(second)).unwrap();
        }
        encounter.record(Event::HandedOver, crew, now(ENCOUNTER as u64)).unwrap();
        let stored = encounter.store(&mut log, now(ENCOUNTER as u64), |line| {
            text.extend_from_slice(line.as_bytes());
            Ok::<_, core::convert::Infallible>(())
        });
        stored.unwrap();
    }
    (text, key)
}

/// What is read from a virtual card.
fn card() -> Examined {
    let profile = Profile::adult();
    let mut card = profile.card();
    let number = profile.code_b().unwrap();
    let number = VerificationNumberB::from_digits(number.as_bytes()).unwrap();
    let mut driver = read(card.link(), Limits::default(), &number, Plan::face_only()).unwrap();
    let reading = run(&mut driver, &mut card).unwrap();
    reading.examine(None, &Roots::production(), Clock::Unknown, &NoRevocationSource)
}
