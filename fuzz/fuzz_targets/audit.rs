//! Lines and states that a stranger hands in: a log goes on with its own next line only, and a kept
//! state comes back as it was kept.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use mynacard_core::Timestamp;
use mynacard_core::audit::{
    AuditFault, AuditLog, LogId, Real, SealKey, SealState, ShortId, Signer, whole_lines,
};

/// A log after its header, and the only line that may follow.
struct Kept {
    state: SealState,
    next: String,
}

struct FixedSignature;

impl Signer for FixedSignature {
    fn sign(&self, _: &[u8]) -> Result<[u8; 64], AuditFault> {
        Ok([0x5A; 64])
    }
}

static KEPT: LazyLock<Kept> = LazyLock::new(|| {
    let at = Timestamp::from_unix_millis(1_795_000_000_000).expect("a time");
    let device = ShortId::new("tablet-1").expect("a short id");
    let log = LogId::from_random([1; 16]);
    let mut log = AuditLog::<Real>::create(log, device, SealKey::from_random([2; 32]), at);
    let header = log.own_line().expect("a new log").expect("its header").ticket;
    log.confirm(header).expect("the line that was handed out");
    let state = log.state().expect("it has begun");
    let next = log.checkpoint(at, &FixedSignature).expect("a signature");
    Kept { state, next: next.text.to_owned() }
});

fuzz_target!(|bytes: &[u8]| {
    let kept = &*KEPT;
    if let Ok(text) = std::str::from_utf8(bytes) {
        let mut log = AuditLog::<Real>::resume(&kept.state).expect("its own state");
        let before = log.next_seq();
        if log.catch_up(text).is_ok() {
            assert_eq!(text.trim_end_matches('\n'), kept.next.trim_end_matches('\n'));
            assert_eq!(log.next_seq(), before + 1);
        } else {
            let state = log.state().expect("it goes on");
            assert_eq!(state.as_bytes(), kept.state.as_bytes(), "a refused line moved the log");
        }
    }
    if let Ok(state) = SealState::from_bytes(bytes)
        && let Ok(log) = AuditLog::<Real>::resume(&state)
    {
        assert_eq!(log.state().expect("it goes on").as_bytes(), bytes);
    }
    let whole = whole_lines(bytes);
    assert!(bytes[whole..].iter().all(|byte| *byte != b'\n'));
    assert!(whole == 0 || bytes[whole - 1] == b'\n');
});
