//! Writing a log: nothing moves before it is stored, and it goes on after a restart.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod audit_support;

use audit_support::{Host, at, id, seal_key, sealed, signer, verify};
use mynacard_core::Error;
use mynacard_core::audit::{
    AuditFault, AuditLog, Drill, EncounterId, EventCode, LogId, Real, Salt, SealState,
    VerifyingKey, whole_lines,
};
use mynacard_core::consent::{
    CardKey, CardTrust, Consent, Event, Giver, Permit, PermitLife, RECEIPT_SKEW_MILLIS, Receipt,
    ReceiptFault, Refusal, Scope,
};

#[test]
fn a_failed_store_leaves_the_log_where_it_was() {
    let mut host = Host::new(1);
    host.encounter(1, 1000);
    let signer = signer(1);
    let failed = host.log.prepare_checkpoint(at(5000), &signer).unwrap();
    drop(failed);
    let late = host.log.prepare_checkpoint(at(6000), &signer).unwrap();
    host.checkpoint(7000, &signer);
    assert_eq!(host.log.confirm(late).unwrap_err(), AuditFault::Stale);
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
    let new = AuditLog::<Drill>::create(LogId::from_random([4; 16]), id("T"), seal_key(4), at(0));
    assert!(new.text().contains(r#""drill":true"#));
    let drill = new.confirm().unwrap().state();
    assert_eq!(AuditLog::<Real>::resume(&drill).unwrap_err(), AuditFault::WrongKind);
    assert!(AuditLog::<Drill>::resume(&drill).is_ok());
    let bytes = real.as_bytes();
    assert!(SealState::from_bytes(&bytes[1..]).is_err());
    let mut wrong = bytes.to_vec();
    wrong[0] = 9;
    let state = SealState::from_bytes(&wrong).unwrap();
    assert_eq!(AuditLog::<Real>::resume(&state).unwrap_err(), AuditFault::BadState);
}

fn signer_of_another_tablet() -> VerifyingKey {
    signer(2).verifying_key()
}

/// A permit at 4000, for an hour, and the machine it hangs on.
fn permit(host: &mut Host) -> (Consent, Permit) {
    let crew = id("C-17");
    let (encounter, salt) = (EncounterId::from_random([8; 16]), Salt::from_random([9; 32]));
    let (mut consent, _) = Consent::open(encounter, salt, PermitLife::ORDINARY, crew, at(0));
    for event in [
        Event::CardRead { card: CardKey::from_hash([7; 32]), trust: CardTrust::Acceptable },
        Event::FaceMatched,
        Event::ConsentGiven(Giver::Representative),
    ] {
        host.record(&consent.apply(event, crew, at(3000)).unwrap());
    }
    let pending = consent.request_permit(Scope::Full, crew, at(4000)).unwrap();
    let line = host.log.prepare(pending.entry());
    let stored = host.log.confirm(line).unwrap();
    let permit = consent.release(pending, &stored, at(4000)).unwrap();
    (consent, permit)
}

#[test]
fn a_receipt_proves_a_permit_to_whoever_has_the_public_key() {
    let mut host = Host::new(1);
    let (mut consent, permit) = permit(&mut host);
    let (signer, key) = (signer(1), signer(1).verifying_key());
    let text = permit.receipt(&signer, at(5000)).unwrap();
    let receipt = Receipt::verify(&key, text.as_bytes(), at(6000)).unwrap();
    assert_eq!(receipt.encounter, permit.encounter());
    assert_eq!(receipt.card, permit.commitment());
    assert_eq!((receipt.scope, receipt.consent, receipt.drill), (Scope::Full, 1, false));
    assert_eq!(receipt.basis, EventCode::ConsentByRepresentative);
    assert_eq!((receipt.basis_at, receipt.from), (at(3000), at(4000)));
    assert_eq!(receipt.until, permit.until());
    assert_eq!((receipt.log, receipt.seq), (LogId::from_random([1; 16]), permit.audit_seq()));
    assert_eq!(receipt.crew, id("C-17"));
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(json["visit"], 4);

    let verify = |text: &[u8], millis| Receipt::verify(&key, text, at(millis)).unwrap_err();
    assert_eq!(verify(text.as_bytes(), 4000 + 3_600_000), ReceiptFault::Expired);
    let other = signer_of_another_tablet();
    assert_eq!(
        Receipt::verify(&other, text.as_bytes(), at(6000)).unwrap_err(),
        ReceiptFault::BadSignature,
    );
    for place in 0..text.len() {
        for flip in [1, 2, 0x20, 0x80] {
            let mut bytes = text.clone().into_bytes();
            bytes[place] ^= flip;
            let fault = verify(&bytes, 6000);
            assert!(matches!(fault, ReceiptFault::Malformed | ReceiptFault::BadSignature));
        }
        assert_eq!(verify(&text.as_bytes()[..place], 6000), ReceiptFault::Malformed);
    }
    assert_eq!(verify(format!("{text}\n").as_bytes(), 6000), ReceiptFault::Malformed);

    let _ = consent.apply(Event::ConsentWithdrawn, id("C-17"), at(7000)).unwrap();
    let refused = permit.receipt(&signer, at(7000)).unwrap_err();
    assert_eq!(refused, Error::Refused(Refusal::PermitEnded));
}

#[test]
fn a_tablet_may_be_a_little_ahead_of_the_back_end() {
    let mut host = Host::new(1);
    let (_consent, permit) = permit(&mut host);
    let (signer, key) = (signer(1), signer(1).verifying_key());
    let text = permit.receipt(&signer, at(5000)).unwrap();
    let early = |ahead: u64| {
        let now = permit.from().unix_millis() - ahead;
        let now = mynacard_core::Timestamp::from_unix_millis(now).unwrap();
        Receipt::verify(&key, text.as_bytes(), now).map(|receipt| receipt.seq)
    };
    assert!(early(RECEIPT_SKEW_MILLIS).is_ok());
    assert_eq!(early(RECEIPT_SKEW_MILLIS + 1), Err(ReceiptFault::NotYetValid));
}
