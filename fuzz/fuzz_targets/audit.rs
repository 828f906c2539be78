//! Lines, states and receipts that a stranger hands in: a log goes on with its own next line only, a
//! kept state comes back as it was kept, and a receipt without the tablet's signature says nothing.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use mynacard_core::Timestamp;
use mynacard_core::audit::{
    AuditFault, AuditLog, LogId, Real, SealKey, SealState, ShortId, Signer, VerifyingKey,
    whole_lines,
};
use mynacard_core::consent::{Receipt, ReceiptFault};

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
    let new = AuditLog::<Real>::create(log, device, SealKey::from_random([2; 32]), at);
    let log = new.confirm().expect("its own header");
    let next = log.prepare_checkpoint(at, &FixedSignature).expect("a signature");
    Kept { state: log.state(), next: next.text().to_owned() }
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
            assert_eq!(
                log.state().as_bytes(),
                kept.state.as_bytes(),
                "a refused line moved the log"
            );
        }
    }
    if let Ok(state) = SealState::from_bytes(bytes)
        && let Ok(log) = AuditLog::<Real>::resume(&state)
    {
        assert_eq!(log.state().as_bytes(), bytes);
    }
    let whole = whole_lines(bytes);
    assert!(bytes[whole..].iter().all(|byte| *byte != b'\n'));
    assert!(whole == 0 || bytes[whole - 1] == b'\n');

    let key = VerifyingKey::from_bytes([3; 32]);
    let now = Timestamp::from_unix_millis(1_795_000_000_000).expect("a time");
    let receipt = Receipt::verify(&key, bytes, now);
    assert!(matches!(receipt, Err(ReceiptFault::Malformed | ReceiptFault::BadSignature)));
});
