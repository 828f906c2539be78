//! A log out of a stranger's hands: the verdict does not depend on the pieces in which it is read nor
//! on how many threads judge them, and an intact one is the genuine log, whole or cut between lines.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use mynacard_core::Timestamp;
use mynacard_core::audit::{
    AuditLog, Checkpoint, Ed25519Signer, LogEvidence, LogId, LogVerdict, Real, SealKey, ShortId,
    Verifier, whole_lines,
};

/// PKCS#8 of an Ed25519 key, up to its 32 bytes.
const PKCS8: [u8; 16] = *b"\x30\x2E\x02\x01\x00\x30\x05\x06\x03\x2B\x65\x70\x04\x22\x04\x20";

/// A log of a header and three checkpoints, and all that can speak for it.
struct Genuine {
    text: String,
    evidence: LogEvidence,
}

static GENUINE: LazyLock<Genuine> = LazyLock::new(|| {
    let at = Timestamp::from_unix_millis(1_795_000_000_000).expect("a time");
    let signer = Ed25519Signer::from_pkcs8(&[&PKCS8[..], &[4; 32]].concat()).expect("a key");
    let seal_key = SealKey::from_random([2; 32]);
    let device = ShortId::new("tablet-1").expect("a short id");
    let log = LogId::from_random([1; 16]);
    let mut log = AuditLog::<Real>::create(log, device, seal_key.clone(), at);
    let mut text = String::new();
    let mut store = |log: &mut AuditLog<Real>| {
        let line = log.pending().expect("a line");
        text.push_str(line.text);
        let (ticket, line) = (line.ticket, line.text.to_owned());
        log.confirm(ticket).expect("the log's own line");
        line
    };
    assert!(log.own_line().expect("a new log").is_some());
    store(&mut log);
    let mut checkpoints = Vec::new();
    for minute in 1..=3 {
        let at = at.plus_millis(minute * 60_000);
        assert!(log.checkpoint(at, &signer).is_ok());
        let line = store(&mut log);
        checkpoints.push(Checkpoint::read(&line, &signer.verifying_key()).expect("genuine"));
    }
    // The first one was kept elsewhere.
    checkpoints.truncate(1);
    let checkpoint_key = Some(signer.verifying_key());
    Genuine {
        text,
        evidence: LogEvidence { seal_key: Some(seal_key), checkpoint_key, checkpoints },
    }
});

fuzz_target!(|bytes: &[u8]| {
    let [what, high, low, log @ ..] = bytes else { return };
    let genuine = &*GENUINE;
    let mut evidence = genuine.evidence.clone();
    // A step of the key for each line that a gap claims to have: too slow in this build.
    if what & 1 == 0 || claims_a_far_line(log) {
        evidence.seal_key = None;
    }
    if what & 2 == 0 {
        evidence.checkpoint_key = None;
    }
    if what & 4 == 0 {
        evidence.checkpoints.clear();
    }
    let at = usize::from(u16::from_be_bytes([*high, *low])) % (log.len() + 1);

    let verdict = in_pieces(log, log.len(), &evidence);
    let shown = format!("{verdict:?}");
    assert_eq!(shown, format!("{:?}", in_pieces(log, at, &evidence)));
    assert_eq!(shown, format!("{:?}", in_chunks(log, at, &evidence)));

    assert!(verdict.findings.len() as u64 <= verdict.found && verdict.taken <= verdict.lines);
    if verdict.sealed && verdict.is_intact() {
        assert!(genuine.text.as_bytes().starts_with(&log[..whole_lines(log)]));
    }
});

/// Whether a line says that it is number 1000 or later.
fn claims_a_far_line(log: &[u8]) -> bool {
    let far =
        |part: &[u8]| part.starts_with(br#""seq":"#) && part[6..].iter().all(u8::is_ascii_digit);
    log.windows(10).any(far)
}

fn in_pieces(log: &[u8], at: usize, evidence: &LogEvidence) -> LogVerdict {
    let mut verifier = Verifier::new(evidence.clone());
    let (first, second) = log.split_at(at);
    verifier.feed(first);
    verifier.feed(second);
    verifier.finish()
}

fn in_chunks(log: &[u8], at: usize, evidence: &LogEvidence) -> LogVerdict {
    let mut verifier = Verifier::new(evidence.clone());
    let mut planner = verifier.planner();
    let (first, rest) = log.split_at(whole_lines(&log[..at]));
    let (second, torn) = rest.split_at(whole_lines(rest));
    let chunks = [first, second];
    let planned = chunks.map(|chunk| planner.plan(chunk));
    for (chunk, plan) in chunks.iter().zip(planned) {
        verifier.merge(chunk, plan.verify(chunk));
    }
    verifier.feed(torn);
    verifier.finish()
}
