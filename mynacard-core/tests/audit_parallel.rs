//! Chunks verified apart say the same as the log read in one go.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod audit_support;
mod encounter_support;

use audit_support::{Host, chained, sealed, signer, verify};
use mynacard_core::audit::{Checkpoint, LogEvidence, LogVerdict, Summary, Verifier, whole_lines};

/// In chunks of about `size` bytes, two threads at a time.
fn in_chunks(bytes: &[u8], size: usize, evidence: LogEvidence) -> LogVerdict {
    let mut chunks = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let len = match whole_lines(&rest[..size.min(rest.len())]) {
            0 => rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |at| at + 1),
            len => len,
        };
        let (chunk, after) = rest.split_at(len);
        chunks.push(chunk);
        rest = after;
    }
    let mut verifier = Verifier::new(evidence);
    let mut planner = verifier.planner();
    for pair in chunks.chunks(2) {
        let planned: Vec<_> = pair.iter().map(|bytes| planner.plan(bytes)).collect();
        let outcomes: Vec<_> = std::thread::scope(|scope| {
            let running: Vec<_> = planned
                .into_iter()
                .zip(pair)
                .map(|(chunk, bytes)| scope.spawn(move || chunk.verify(bytes)))
                .collect();
            running.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        for (bytes, outcome) in pair.iter().zip(outcomes) {
            verifier.merge(bytes, outcome);
        }
    }
    verifier.finish()
}

#[test]
fn chunks_and_stream_agree_on_good_and_bad_logs() {
    let mut host = Host::new(1);
    let signer = signer(1);
    let mut kept = Vec::new();
    for number in 0..12 {
        // The clock is set back in the middle.
        host.encounter(number, if number < 6 { 100_000 } else { 0 } + u64::from(number) * 10_000);
        if number % 3 == 0 {
            let line = host.checkpoint(u64::from(number) * 10_000 + 9000, &signer);
            kept.push(Checkpoint::read(&line, &signer.verifying_key()).unwrap());
        }
    }
    let lines = host.lines();
    let mut logs = vec![host.text.clone()];
    for place in (0..lines.len()).step_by(9) {
        let mut removed = lines.clone();
        removed.remove(place);
        let mut doubled = lines.clone();
        doubled.insert(place, lines[lines.len() / 2].clone());
        let mut altered = lines.clone();
        altered[place] = altered[place].replacen("2026", "2027", 1);
        let torn = lines[..=place].concat();
        logs.extend([removed, doubled, altered].map(|lines| lines.concat()));
        logs.push(torn[..torn.len() - 17].to_owned());
    }
    let mut intact = 0;
    for evidence in [
        sealed(1),
        chained(),
        LogEvidence { checkpoints: kept.clone(), ..sealed(1) },
        LogEvidence { checkpoints: kept, ..chained() },
        sealed(2),
    ] {
        for log in &logs {
            let whole = verify(log.as_bytes(), evidence.clone());
            intact += u32::from(whole.is_intact());
            for size in [1, 1300, 5000, 1 << 20] {
                let chunked = in_chunks(log.as_bytes(), size, evidence.clone());
                assert_eq!(format!("{chunked:?}"), format!("{whole:?}"), "chunks of {size}");
            }
        }
    }
    assert!(intact > 4);
}

#[test]
fn a_summary_adds_logs_up() {
    let mut summary = Summary::default();
    for log in [1, 2] {
        let mut host = Host::new(log);
        (0..8).for_each(|number| host.encounter(number, u64::from(number) * 10_000));
        summary.add(&in_chunks(host.text.as_bytes(), 2000, sealed(log)));
    }
    summary.add(&verify(b"{}\n", chained()));
    assert_eq!((summary.logs, summary.not_intact), (3, 1));
    assert_eq!((summary.real.encounters(), summary.real.permits()), (16, 8));
    let ways: Vec<_> = summary.real.ways_out().map(|(code, count)| (code.code(), count)).collect();
    assert_eq!(ways, [(200, 8), (210, 4), (230, 4)]);
    assert_eq!(summary.drill.encounters(), 0);
}
