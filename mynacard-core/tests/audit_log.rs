//! Writing a log: nothing moves before it is stored, and it goes on after a restart.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod audit_support;
mod encounter_support;

use audit_support::{Host, at, id, seal_key, sealed, signer, verify};
use mynacard_core::audit::{AuditFault, AuditLog, Drill, LogId, Real, SealState, whole_lines};

#[test]
fn a_line_that_could_not_be_stored_leaves_the_log_where_it_was() {
    let mut host = Host::new(1);
    host.encounter(1, 1000);
    let signer = signer(1);
    let before = host.log.state().unwrap();
    let failed = host.log.checkpoint(at(5000), &signer).unwrap();
    let (seq, text) = (failed.seq, failed.text.to_owned());
    assert_eq!(host.log.pending().map(|line| (line.seq, line.text)), Some((seq, &*text)));
    host.log.discard(seq).unwrap();
    assert!(host.log.pending().is_none());
    assert_eq!(host.log.state().unwrap().as_bytes(), before.as_bytes());
    assert_eq!(host.log.confirm(seq), Err(AuditFault::NotPending));
    assert_eq!(host.log.discard(seq), Err(AuditFault::NotPending));
    host.checkpoint(7000, &signer);
    host.encounter(3, 8000);
    assert!(verify(host.text.as_bytes(), sealed(1)).is_intact());
}

#[test]
fn a_log_goes_on_after_a_crash_at_any_line() {
    let mut host = Host::new(1);
    (0..4).for_each(|number| host.encounter(number, u64::from(number) * 10_000));
    host.checkpoint(50_000, &signer(1));
    let lines = host.lines();
    for saved in 1..=lines.len() {
        for (written, torn) in [(saved, 0), ((saved + 1).min(lines.len()), 40), (lines.len(), 0)] {
            let mut file = lines[..written].concat();
            file.push_str(&lines[0][..torn]);
            file.truncate(whole_lines(file.as_bytes()));
            let state = SealState::from_bytes(host.states[saved - 1].as_bytes()).unwrap();
            let mut log = AuditLog::<Real>::resume(&state).unwrap();
            for line in file.split_inclusive('\n').skip(saved) {
                log.catch_up(line).unwrap();
            }
            assert_eq!(log.catch_up(&lines[written - 1]), Err(AuditFault::NotNext));
            let mut resumed = Host { log, text: file, states: vec![] };
            resumed.encounter(0, 90_000);
            let verdict = verify(resumed.text.as_bytes(), sealed(1));
            assert!(verdict.is_intact(), "{saved} {written}: {:?}", verdict.findings);
        }
    }
}

#[test]
fn a_state_is_of_one_kind_and_whole() {
    let real = Host::new(1).states.remove(0);
    assert_eq!(AuditLog::<Drill>::resume(&real).unwrap_err(), AuditFault::WrongKind);
    let mut log =
        AuditLog::<Drill>::create(LogId::from_random([4; 16]), id("T"), seal_key(4), at(0));
    assert!(log.state().is_none(), "nothing to go on from before the header is stored");
    let header = log.own_line().unwrap().unwrap();
    assert!(header.text.contains(r#""drill":true"#));
    log.confirm(0).unwrap();
    let drill = log.state().unwrap();
    assert_eq!(AuditLog::<Real>::resume(&drill).unwrap_err(), AuditFault::WrongKind);
    assert!(AuditLog::<Drill>::resume(&drill).is_ok());
    let bytes = real.as_bytes();
    assert!(SealState::from_bytes(&bytes[1..]).is_err());
    let mut wrong = bytes.to_vec();
    wrong[0] = 9;
    let state = SealState::from_bytes(&wrong).unwrap();
    assert_eq!(AuditLog::<Real>::resume(&state).unwrap_err(), AuditFault::BadState);
}
