//! How many entries of an audit log are verified in a second, on one thread and on all.
//!
//! `cargo run --release --example audit_throughput [-- encounters]`
#![allow(clippy::unwrap_used, reason = "a measurement of what was just made here")]

use std::thread;
use std::time::Instant;

use mynacard_core::Timestamp;
use mynacard_core::audit::{
    AuditLog, EncounterId, Evidence, LogId, Occurrence, Real, Salt, SealKey, ShortId, Verdict,
    Verifier, whole_lines,
};
use mynacard_core::consent::{CardKey, CardTrust, Consent, Event, Giver, PermitLife, Scope};

const CHUNK: usize = 4 << 20;

fn main() {
    let encounters = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(100_000);
    let started = Instant::now();
    let (text, key) = write(encounters);
    let lines = text.iter().filter(|byte| **byte == b'\n').count();
    let seconds = started.elapsed().as_secs_f64();
    println!("{lines} lines, {} MB, written in {seconds:.2} s", text.len() / 1_000_000);

    let threads = thread::available_parallelism().map_or(1, usize::from);
    for (proof, seal_key) in [("chain and seals", Some(key)), ("chain only", None)] {
        let evidence = Evidence { seal_key, ..Evidence::default() };
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
fn verify(mut log: &[u8], evidence: Evidence, threads: usize) -> Verdict {
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

/// A log of ordinary encounters.
fn write(encounters: u32) -> (Vec<u8>, SealKey) {
    let at = |millis| Timestamp::from_unix_millis(1_795_000_000_000 + millis).unwrap();
    let (crew, device) = (ShortId::new("C-17").unwrap(), ShortId::new("T-0042").unwrap());
    let key = SealKey::from_random([3; 32]);
    let new = AuditLog::<Real>::create(LogId::from_random([2; 16]), device, key.clone(), at(0));
    let mut text = new.text().as_bytes().to_vec();
    let mut log = new.confirm().unwrap();
    let mut record = |occurrence: &Occurrence<Real>| {
        let line = log.prepare(occurrence);
        text.extend_from_slice(line.text().as_bytes());
        log.confirm(line).unwrap()
    };
    for number in 0..encounters {
        let now = |second: u64| at(u64::from(number) * 1_000_000 + second * 1000);
        let mut id = [7; 16];
        id.iter_mut().zip(number.to_be_bytes()).for_each(|(to, from)| *to = from);
        let mut card = [0; 32];
        card.iter_mut().zip(id).for_each(|(to, from)| *to = from);
        let (encounter, salt) = (EncounterId::from_random(id), Salt::from_random([9; 32]));
        let (mut consent, opened) =
            Consent::open(encounter, salt, PermitLife::ORDINARY, crew, now(0));
        record(&opened);
        for (second, event) in (1..).zip([
            Event::CardRead { card: CardKey::from_hash(card), trust: CardTrust::Acceptable },
            Event::FaceMatched,
            Event::ConsentGiven(Giver::Patient),
        ]) {
            record(&consent.apply(event, crew, now(second)).unwrap());
        }
        let pending = consent.request_permit(Scope::Summary, crew, now(8)).unwrap();
        let stored = record(pending.entry());
        let _permit = consent.release(pending, &stored, now(9)).unwrap();
        record(&consent.apply(Event::HandedOver, crew, now(600)).unwrap());
    }
    (text, key)
}
