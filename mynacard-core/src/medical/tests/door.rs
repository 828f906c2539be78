//! The door: who may ask which source, and what comes back besides records.

use super::*;
use crate::audit::Drill;
use crate::consent::Refusal;

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn records() -> Prepared {
    Prepared::new(Some(Found::Records(Collected::new())))
}

#[test]
fn what_an_ambulance_must_expect_is_a_value() {
    for reason in [
        NoRecords::NotRegistered,
        NoRecords::EligibilityOnly,
        NoRecords::ConsentRequired,
        NoRecords::NoSignal,
        NoRecords::Down,
    ] {
        let mut source = Prepared::new(Some(Found::None(reason)));
        let answer = ask(&mut source, Scope::Full, now()).unwrap();
        assert!(matches!(answer, SourceAnswer::None(given) if given == reason));
    }
    let failed = ask(&mut Prepared::new(None), Scope::Full, now()).unwrap_err();
    assert_eq!((failed, failed.code()), (Error::Medical(MedicalFault::SourceFailed), 8012));
}

#[test]
fn a_permit_opens_its_own_card_scope_and_time_only() {
    let refused = |source: &mut Prepared, permit: &Permit, wanted, now| {
        let error = fetch(source, permit, wanted, now, || now).unwrap_err();
        assert!(source.found.is_some(), "the source was asked in spite of {error}");
        error
    };
    let (_consent, permit) = permit::<Real>(Scope::Summary, now());
    let mut source = records();
    assert_eq!(refused(&mut source, &permit, Scope::Full, now()), Refusal::OutOfScope.into());
    let mut other = Prepared { card: CardId::from_hash([2; 32]), ..records() };
    assert_eq!(refused(&mut other, &permit, Scope::Summary, now()), Refusal::OtherCard.into());
    let later = now().plus_millis(60_000);
    assert_eq!(refused(&mut source, &permit, Scope::Summary, later), Refusal::PermitExpired.into());
}

#[test]
fn a_full_permit_shows_a_summary_when_a_summary_is_wanted() {
    let (_consent, permit) = permit::<Real>(Scope::Full, now());
    let mut found = Collected::new();
    found.add_visit(visit(day("2026-01-01"), "x")).unwrap();
    let mut source = Prepared::new(Some(Found::Records(found)));
    let answer = fetch(&mut source, &permit, Scope::Summary, now(), now).unwrap();
    let SourceAnswer::Records(view) = answer else { panic!() };
    assert!(view.is_empty() && view.scope() == Scope::Summary);
}

#[test]
fn a_permit_that_ends_while_the_source_is_asked_shows_nothing() {
    struct Withdrawing<'a>(&'a mut Consent<Real>, CardId);
    impl MedicalSource for Withdrawing<'_> {
        fn card(&self) -> &CardId {
            &self.1
        }

        fn origin(&self) -> Origin {
            Origin::Vendor
        }

        fn ask(&mut self, query: &Query<'_>) -> Result<Found, MedicalFault> {
            let by = ShortId::new("C-17").unwrap();
            let _ = self.0.apply(Event::ConsentWithdrawn, by, query.now()).unwrap();
            Ok(Found::Records(Collected::new()))
        }
    }
    let (mut consent, permit) = permit::<Real>(Scope::Full, now());
    let mut source = Withdrawing(&mut consent, card());
    let error = fetch(&mut source, &permit, Scope::Full, now(), now).unwrap_err();
    assert_eq!(error, Refusal::PermitEnded.into());
}

#[test]
fn a_permit_that_runs_out_while_the_source_is_asked_shows_nothing() {
    let (_consent, permit) = permit::<Real>(Scope::Full, now());
    for (millis, shown) in [(59_999, true), (60_000, false)] {
        let answer =
            fetch(&mut records(), &permit, Scope::Full, now(), || now().plus_millis(millis));
        assert_eq!(
            answer.map(drop),
            if shown { Ok(()) } else { Err(Refusal::PermitExpired.into()) }
        );
    }
    // A source that has nothing is no way around it either.
    let mut nothing = Prepared::new(Some(Found::None(NoRecords::Down)));
    let late = fetch(&mut nothing, &permit, Scope::Full, now(), || now().plus_millis(60_000));
    assert_eq!(late.map(drop), Err(Refusal::PermitExpired.into()));
}

#[test]
fn a_drill_asks_no_real_source() {
    let (_consent, permit) = permit::<Drill>(Scope::Full, now());
    let mut source = records();
    let error = fetch(&mut source, &permit, Scope::Full, now(), now).unwrap_err();
    assert_eq!(error, MedicalFault::RealInDrill.into());
    assert!(source.found.is_some());
    source.origin = Origin::Synthetic;
    assert!(fetch(&mut source, &permit, Scope::Full, now(), now).is_ok());
}
