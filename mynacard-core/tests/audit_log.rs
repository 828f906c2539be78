//! Writing a log: nothing moves before it is stored, and it goes on after a restart.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod audit_support;
mod encounter_support;

use audit_support::{Host, at, id, seal_key, sealed, signer, verify};
use encounter_support::logged_event;
use mynacard_core::audit::{
    AuditFault, AuditLog, Drill, EncounterId, LogId, Real, Salt, SealState, whole_lines,
};
use mynacard_core::consent::PermitLife;
use mynacard_core::{Encounter, Event};

#[test]
fn a_line_that_could_not_be_stored_leaves_the_log_where_it_was() {
    let mut host = Host::new(1);
    host.encounter(1, 1000);
    let signer = signer(1);
    let before = host.log.state().unwrap();
    let failed = host.log.checkpoint(at(5000), &signer).unwrap();
    let (ticket, text) = (failed.ticket, failed.text.to_owned());
    assert_eq!(host.log.pending().map(|line| (line.ticket, line.text)), Some((ticket, &*text)));
    host.log.discard(ticket).unwrap();
    assert!(host.log.pending().is_none());
    assert_eq!(host.log.state().unwrap().as_bytes(), before.as_bytes());
    assert_eq!(host.log.confirm(ticket), Err(AuditFault::NotPending));
    assert_eq!(host.log.discard(ticket), Err(AuditFault::NotPending));
    host.checkpoint(7000, &signer);
    host.encounter(3, 8000);
    assert!(verify(host.text.as_bytes(), sealed(1)).is_intact());
}

#[test]
fn a_ticket_names_one_line_once() {
    let mut host = Host::new(1);
    let signer = signer(1);
    let mut tickets = Vec::new();
    for _ in 0..4 {
        let ticket = host.log.checkpoint(at(5000), &signer).unwrap().ticket;
        for old in &tickets {
            assert_eq!(host.log.confirm(*old), Err(AuditFault::NotPending));
            assert_eq!(host.log.discard(*old), Err(AuditFault::NotPending));
        }
        host.log.discard(ticket).unwrap();
        tickets.push(ticket);
    }
    // Another log at the same point.
    let mut other = Host::new(2);
    let ticket = other.log.checkpoint(at(5000), &signer).unwrap().ticket;
    let _ = host.log.checkpoint(at(5000), &signer).unwrap();
    assert_eq!(host.log.confirm(ticket), Err(AuditFault::NotPending));
}

#[test]
fn what_a_dropped_encounter_has_left_is_stored_all_the_same() {
    for before in 0..3 {
        let mut host = Host::new(1);
        let mut left = open(1);
        left.record(Event::NoSignal, id("C-17"), at(20)).unwrap();
        left.record(Event::EndNoSignal, id("C-17"), at(30)).unwrap();
        // It meets the log; then it is gone, with a line pending, after 0 to 2 of its three are stored.
        for _ in 0..before {
            let line = left.next_line(&mut host.log).unwrap().unwrap();
            let (ticket, text) = (line.ticket, line.text.to_owned());
            host.text.push_str(&text);
            left.confirm(&mut host.log, ticket, at(40)).unwrap();
        }
        let line = left.next_line(&mut host.log).unwrap().unwrap();
        let (ticket, text) = (line.ticket, line.text.to_owned());
        drop(left);
        if before == 1 {
            host.log.discard(ticket).unwrap();
        } else {
            host.text.push_str(&text);
            host.log.confirm(ticket).unwrap();
        }
        if before == 2 {
            assert_eq!(host.log.own_line(), Ok(None));
        }
        // The next encounter stores what the first has left before its own.
        host.store(&mut open(2), at(60));
        assert_eq!(host.log.own_line(), Ok(None));
        assert!(verify(host.text.as_bytes(), sealed(1)).is_intact());
        let events: Vec<_> =
            host.lines().iter().skip(1).filter_map(|line| logged_event(line)).collect();
        let own = [Event::EncounterOpened, Event::NoSignal, Event::EndNoSignal];
        assert_eq!(events[..3], own, "{before}");
        assert_eq!(events[3..], [Event::EncounterOpened]);
    }
}

#[test]
fn two_logs_store_what_an_encounter_has_left_once() {
    let (mut one, mut two) = (Host::new(1), Host::new(2));
    let mut left = open(1);
    let ticket = left.next_line(&mut one.log).unwrap().unwrap().ticket;
    assert_eq!(left.next_line(&mut two.log), Err(AuditFault::OtherLog));
    drop(left);
    assert_eq!(two.log.own_line(), Ok(None), "it lies in the other log");
    one.log.discard(ticket).unwrap();
    let ticket = two.log.own_line().unwrap().unwrap().ticket;
    assert_eq!(one.log.own_line(), Ok(None), "it lies in the other log");
    two.log.confirm(ticket).unwrap();
    assert_eq!((one.log.own_line(), two.log.own_line()), (Ok(None), Ok(None)));
}

fn open(number: u8) -> Encounter<Real> {
    let (of, salt) = (EncounterId::from_random([number; 16]), Salt::from_random([number; 32]));
    Encounter::open(of, salt, PermitLife::ORDINARY, id("C-17"), at(10))
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
    let ticket = header.ticket;
    log.confirm(ticket).unwrap();
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
