//! Anything, in any order: what must hold whatever was called before.

use std::sync::LazyLock;

use mynacard_core::audit::{Drill, LogKind, Real};
use mynacard_core::consent::{Access, Basis, CardTrust, Identity, Stage};
use mynacard_core::{Event, Plan, Scope, Timestamp};
use mynacard_sim::{Profile, VirtualCard};
use proptest::prelude::*;

use super::encounter_support::{Play, Tap, challenged, own_roots, with_swapped_photo};
use super::{crew_events, every_end};

#[derive(Clone, Debug)]
enum Step {
    /// A card, perhaps with the crew's word on whether it is the one of before.
    Tap(usize, Option<bool>),
    Tell(Event),
    Request(Scope),
    Fetch {
        card: usize,
        scope: Scope,
        answers: bool,
    },
}

/// The cards of the random encounters.
static CARDS: LazyLock<[Tap; 6]> = LazyLock::new(|| {
    let profile = Profile::adult();
    let code = profile.code_b().unwrap();
    let copy = VirtualCard::from_files(&Profile::find("foreign").unwrap().to_files()).unwrap();
    [
        Tap::profile("adult"),
        Tap::profile("long-name"),
        Tap::of(copy, Profile::find("foreign").unwrap().code_b().unwrap(), &own_roots()),
        // The key of the first under the photo of another.
        Tap::of(with_swapped_photo(profile, "old-chip"), code, &own_roots()),
        // The first, by two ways that have nothing in common.
        Tap::profile_by(Plan::certificate_only(), "adult"),
        Tap::profile_by(challenged(Plan { proof: true, ..Plan::face_only() }), "adult"),
    ]
});

/// Whose they are.
const HOLDER: [usize; 6] = [0, 1, 2, 0, 0, 0];

const MARKS: [&str; 3] = ["甲", "乙", "丙"];

fn any_event() -> impl Strategy<Value = Event> {
    let others = [Event::CardUnreadable, Event::SourceDown, Event::PermitExpired];
    let ends: Vec<Event> = every_end();
    prop_oneof![
        6 => Just(Event::FaceMatched),
        6 => Just(Event::ConsentByPatient),
        3 => Just(Event::Unconscious),
        6 => prop::sample::select(
            crew_events().into_iter().filter(|it| !ends.contains(it)).collect::<Vec<_>>()
        ),
        2 => prop::sample::select(others.to_vec()),
        1 => prop::sample::select(every_end()),
    ]
}

fn any_step() -> impl Strategy<Value = Step> {
    let scope = || prop_oneof![Just(Scope::Summary), Just(Scope::Full)];
    let card =
        prop_oneof![8 => Just(0_usize), 2 => Just(1), 2 => Just(2), 1 => Just(3), 4 => 4_usize..6];
    let word = prop_oneof![2 => Just(None), 1 => any::<bool>().prop_map(Some)];
    prop_oneof![
        4 => (card, word).prop_map(|(card, word)| Step::Tap(card, word)),
        8 => any_event().prop_map(Step::Tell),
        6 => scope().prop_map(Step::Request),
        6 => (prop_oneof![4 => Just(0_usize), 1 => 0_usize..3], scope(), prop::bool::weighted(0.8))
            .prop_map(|(card, scope, answers)| Step::Fetch { card, scope, answers }),
    ]
}

/// What must hold at every moment, whatever happened before.
fn check<K: LogKind>(play: &Play<K>, present: Option<usize>) -> Result<(), TestCaseError> {
    let (encounter, now) = (&play.encounter, play.now);
    let state = encounter.state();
    let ended = state.stage == Stage::Ended;
    if let Some(permit) = encounter.permit(now) {
        prop_assert!(matches!(state.card, CardTrust::Acceptable | CardTrust::Doubtful));
        prop_assert_eq!(state.identity, Identity::Matched);
        let bases = [Basis::PatientConsents, Basis::RepresentativeConsents, Basis::LifeProtection];
        prop_assert!(bases.contains(&state.basis));
        prop_assert_eq!(state.access, Access::Released);
        prop_assert!(!ended);
        prop_assert!(present.is_some() && encounter.card() == Some(permit.card()));
        prop_assert!(now < permit.until());
        prop_assert_eq!(permit.is_drill(), K::DRILL);
        // Recorded before it was released.
        let name = permit.scope().event().name();
        prop_assert!(play.text.lines().any(|line| line.contains(name)));
    }
    if let Some(view) = encounter.medical(now) {
        let permit = encounter.permit(now);
        prop_assert!(permit.is_some_and(|permit| permit.scope().covers(view.scope())));
        let mark = MARKS[HOLDER[present.expect("a card")]];
        prop_assert!(view.medicines().iter().all(|it| it.name.as_str().contains(mark)));
    }
    let told = play.told();
    for (at, mark) in MARKS.iter().enumerate() {
        let of_present = present.is_some_and(|present| HOLDER[present] == at);
        let may_show = of_present && encounter.medical(now).is_some();
        let medicine = format!("薬{mark}");
        prop_assert!(may_show || !told.contains(&medicine));
    }
    for (at, tap) in CARDS.iter().enumerate() {
        let of_present = present.is_some_and(|present| CARDS[present].name == tap.name);
        prop_assert!(of_present && !ended || !told.contains(&tap.name), "{at}: {}", tap.name);
    }
    prop_assert_eq!(encounter.examined().is_some(), present.is_some() && !ended);
    let allowed = encounter.allowed_events(now);
    if !ended {
        prop_assert!(every_end().iter().all(|end| allowed.contains(end)), "a way out");
    }
    Ok(())
}

fn play_any<K: LogKind>(steps: &[(Step, i64, bool)]) -> Result<(), TestCaseError> {
    // Every other encounter begins with what is usual, so that more of them come to a permit.
    let (mut play, mut present) = match steps.len() % 2 {
        0 => (Play::<K>::open(), None),
        _ => (Play::<K>::up_to_consent(&CARDS[0]), Some(0)),
    };
    for (step, jump, stores) in steps {
        // Mostly forward by a little, sometimes far, sometimes back.
        let jump = if jump % 4 == 0 { *jump } else { jump.abs() / 100 };
        let millis = play.now.unix_millis().saturating_add_signed(jump);
        play.now = Timestamp::from_unix_millis(millis).unwrap();
        check(&play, present)?;
        let (crew, now) = (play.crew, play.now);
        let before = (play.encounter.state(), play.encounter.unrecorded());
        let had_permit = play.encounter.permit(now).is_some();
        let saw = play.medicine();
        let refused = match step {
            Step::Tap(at, word) => {
                let card = CARDS[*at].examined();
                let taken = match word {
                    None => play.encounter.card_read(card, crew, now),
                    Some(same) => play.encounter.card_read_as(card, *same, crew, now),
                };
                if taken.is_ok() {
                    present = Some(*at);
                }
                taken.is_err()
            }
            Step::Tell(event) => {
                let allowed = play.encounter.allowed_events(now).contains(event);
                let taken = play.encounter.record(*event, crew, now);
                if crew_events().contains(event) {
                    prop_assert_eq!(taken.is_ok(), allowed, "{:?}: {:?}", event, taken);
                } else {
                    prop_assert!(!allowed, "{:?} is none of the crew's", event);
                }
                taken.is_err()
            }
            Step::Request(scope) => {
                let would = play.encounter.would_permit(now);
                let asked = play.encounter.request_permit(*scope, crew, now);
                prop_assert_eq!(asked.map(drop), would);
                prop_assert_eq!(play.encounter.permit(now).is_some(), had_permit);
                if *stores && would.is_ok() {
                    let was_first = before.1 == 0;
                    let stored = play.store();
                    prop_assert!(!was_first || stored.is_ok(), "nothing lies in between");
                    prop_assert!(play.encounter.permit(now).is_some(), "{:?}", stored);
                }
                would.is_err()
            }
            Step::Fetch { card, scope, answers } => {
                let mut source = match answers {
                    true => CARDS[*card].patient(MARKS[*card]),
                    false => CARDS[*card].source(r#""answer":"no-signal""#),
                };
                let fetched = play.encounter.fetch(&mut source, *scope, crew, || now);
                if fetched.is_ok() {
                    prop_assert!(had_permit, "data without a permit");
                    prop_assert!(present.is_some_and(|at| HOLDER[at] == *card));
                }
                fetched.is_err()
            }
        };
        if refused {
            let after = (play.encounter.state(), play.encounter.unrecorded());
            prop_assert_eq!(after, before, "{:?}", step);
            prop_assert_eq!(play.encounter.permit(now).is_some(), had_permit, "{:?}", step);
            prop_assert_eq!(play.medicine(), saw, "{:?}", step);
        }
        check(&play, present)?;
        if *stores {
            let _ = play.store();
            check(&play, present)?;
        }
    }
    // A close is always possible, and then nothing is held.
    if play.encounter.way_out().is_none() {
        prop_assert!(play.encounter.record(Event::EndCrewOther, play.crew, play.now).is_ok());
        let _ = play.store();
    }
    check(&play, present)?;
    prop_assert!(play.encounter.examined().is_none() && play.encounter.permit(play.now).is_none());
    for personal in CARDS.iter().flat_map(|tap| [&tap.name, &tap.address]) {
        prop_assert!(!play.text.contains(personal.as_str()), "the log names nobody");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..Default::default() })]

    #[test]
    fn no_order_of_calls_breaks_the_promises(
        steps in prop::collection::vec((any_step(), -40_000_i64..40_000, prop::bool::weighted(0.8)), 1..60),
        drill in any::<bool>(),
    ) {
        if drill { play_any::<Drill>(&steps)? } else { play_any::<Real>(&steps)? }
    }
}
