//! The consent machine, explored from outside through its public functions.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::collections::{BTreeMap, VecDeque};

use mynacard_core::Timestamp;
use mynacard_core::audit::{
    AuditLog, Drill, EncounterId, EventCode, LogId, Real, Salt, SealKey, ShortId,
};
use mynacard_core::consent::{
    Basis, CLOCK_TOLERANCE_MILLIS, CardFailure, CardKey, CardTrust, Consent, Event, Giver,
    Identity, PendingPermit, Permit, PermitLife, Refusal, Scope, SourceFailure, Unobtainable,
    WayOut, diagram,
};

const START: u64 = 1_795_000_000_000;
const LIFE: u64 = 600_000;

fn at(millis: u64) -> Timestamp {
    Timestamp::from_unix_millis(START + millis).unwrap()
}

fn crew() -> ShortId {
    ShortId::new("C-17").unwrap()
}

fn key(number: u8) -> CardKey {
    CardKey::from_hash([number; 32])
}

fn read(number: u8, trust: CardTrust) -> Event {
    Event::CardRead { card: key(number), trust }
}

fn open() -> Consent {
    let life = PermitLife::from_millis(LIFE).unwrap();
    let salt = Salt::from_random([9; 32]);
    Consent::open(EncounterId::from_random([1; 16]), salt, life, crew(), at(0)).0
}

fn log() -> AuditLog<Real> {
    let device = ShortId::new("T-0042").unwrap();
    let (id, key) = (LogId::from_random([2; 16]), SealKey::from_random([3; 32]));
    AuditLog::create(id, device, key, at(0)).confirm().unwrap()
}

fn release(
    consent: &mut Consent,
    log: &mut AuditLog<Real>,
    pending: PendingPermit<Real>,
    now: Timestamp,
) -> Result<Permit, Refusal> {
    let line = log.prepare(pending.entry());
    let stored = log.confirm(line).unwrap();
    consent.release(pending, &stored, now)
}

fn permit(consent: &mut Consent, scope: Scope, millis: u64) -> Result<Permit, Refusal> {
    let pending = consent.request_permit(scope, crew(), at(millis))?;
    release(consent, &mut log(), pending, at(millis))
}

fn apply(consent: &mut Consent, event: Event, millis: u64) -> Result<EventCode, Refusal> {
    consent.apply(event, crew(), at(millis)).map(|occurrence| occurrence.code())
}

/// A machine with all three facts.
fn ready() -> Consent {
    let mut consent = open();
    apply(&mut consent, read(1, CardTrust::Acceptable), 1).unwrap();
    apply(&mut consent, Event::FaceMatched, 2).unwrap();
    apply(&mut consent, Event::ConsentGiven(Giver::Patient), 3).unwrap();
    consent
}

fn every_event() -> Vec<Event> {
    let mut events = Vec::new();
    for number in [1, 2] {
        for trust in [CardTrust::Acceptable, CardTrust::Doubtful, CardTrust::Forged] {
            events.push(read(number, trust));
        }
    }
    for failure in [
        CardFailure::Unreadable,
        CardFailure::Locked,
        CardFailure::NearlyLocked,
        CardFailure::WrongNumber,
        CardFailure::AnotherKind,
        CardFailure::Expired,
    ] {
        events.push(Event::CardFailed(failure));
    }
    events.extend([
        Event::FaceMatched,
        Event::FaceDiffers,
        Event::FaceUnverifiable,
        Event::ConsentGiven(Giver::Patient),
        Event::ConsentGiven(Giver::Representative),
        Event::ConsentRefused,
        Event::ConsentWithdrawn,
        Event::ConsentUnobtainable(Unobtainable::Unconscious),
        Event::ConsentUnobtainable(Unobtainable::ImpairedConsciousness),
        Event::ConsentUnobtainable(Unobtainable::CannotCommunicate),
        Event::ConsentUnobtainable(Unobtainable::CardiopulmonaryArrest),
        Event::PatientAwake,
        Event::SourceFailed(SourceFailure::NoSignal),
        Event::SourceFailed(SourceFailure::Down),
        Event::SourceFailed(SourceFailure::NotRegistered),
        Event::SourceFailed(SourceFailure::CertificateExpired),
        Event::PermitExpired,
        Event::HandedOver,
    ]);
    events.extend(WayOut::ALL.iter().map(|way| Event::Closed(*way)));
    events
}

/// What the explorer can do: an event, or a step of a permit.
#[derive(Clone, Debug)]
enum Step {
    Event(Event),
    Request(Scope),
    Release,
    /// The clock passes the end of every permit.
    Wait,
}

/// A machine with everything that was obtained from it.
struct World {
    consent: Consent,
    log: AuditLog<Real>,
    pending: Option<PendingPermit<Real>>,
    permits: Vec<Permit>,
    millis: u64,
}

/// All that can be seen of a world, times left out.
type View = (String, String, String, Option<u8>, Option<EventCode>, bool, bool, bool);

impl World {
    fn new() -> Self {
        Self { consent: open(), log: log(), pending: None, permits: Vec::new(), millis: 0 }
    }

    fn after(path: &[Step]) -> Self {
        let mut world = Self::new();
        for step in path {
            let _ = world.step(step, false);
        }
        world
    }

    /// The same, after a while, so that the clock has room to go back.
    fn late_after(path: &[Step]) -> Self {
        let mut world = Self::after(path);
        world.millis += CLOCK_TOLERANCE_MILLIS + 1000;
        let nothing = Event::SourceFailed(SourceFailure::NoSignal);
        let _ = world.consent.apply(nothing, crew(), world.now());
        world
    }

    fn step(&mut self, step: &Step, clock_back: bool) -> Result<(), Refusal> {
        self.millis += 1;
        let back = if clock_back { CLOCK_TOLERANCE_MILLIS + 1000 } else { 0 };
        let now = Timestamp::from_unix_millis(START + self.millis - back).unwrap();
        match step {
            Step::Event(event) => self.consent.apply(event.clone(), crew(), now).map(drop),
            Step::Request(scope) => {
                self.pending = Some(self.consent.request_permit(*scope, crew(), now)?);
                Ok(())
            }
            Step::Release => {
                let Some(pending) = self.pending.take() else { return Ok(()) };
                let permit = release(&mut self.consent, &mut self.log, pending, now)?;
                self.permits.push(permit);
                Ok(())
            }
            Step::Wait => {
                self.millis += LIFE;
                Ok(())
            }
        }
    }

    fn now(&self) -> Timestamp {
        at(self.millis)
    }

    fn live(&self) -> impl Iterator<Item = &Permit> {
        self.permits.iter().filter(|permit| permit.in_force(self.now()).is_ok())
    }

    fn view(&self) -> View {
        let facts = self.consent.facts();
        let identity = match self.consent.identity() {
            Identity::NotChecked => "-",
            Identity::Matched(_) => "matched",
            Identity::Differs(_) => "differs",
            Identity::Unverifiable(_) => "unverifiable",
        };
        let basis = match self.consent.basis() {
            Basis::NotAsked => "-".into(),
            Basis::OralConsent { giver, .. } => format!("{giver:?}"),
            Basis::LifeProtection { reason, .. } => format!("{reason:?}"),
            Basis::Refused(_) => "refused".into(),
            Basis::Withdrawn(_) => "withdrawn".into(),
        };
        (
            format!("{:?} {:?}", facts.card, facts.access),
            identity.into(),
            basis,
            self.consent.card().map(|card| card.as_bytes()[0]),
            self.consent.way_out(),
            self.consent.ever_released(),
            self.pending.is_some(),
            self.live().next().is_some(),
        )
    }

    /// What must hold everywhere.
    fn check(&self) {
        for permit in self.live() {
            let (card, trust) = (self.consent.card(), self.consent.trust());
            assert_eq!(card, Some(permit.card()), "a permit for another card");
            assert!(matches!(trust, Some(CardTrust::Acceptable | CardTrust::Doubtful)));
            assert!(matches!(self.consent.identity(), Identity::Matched(_)));
            let basis = self.consent.basis();
            assert!(matches!(basis, Basis::OralConsent { .. } | Basis::LifeProtection { .. }));
            assert_eq!(basis, permit.basis(), "a permit on another basis");
            assert_eq!(self.consent.way_out(), None, "a permit after the end");
            assert!(permit.until() > self.now());
        }
        if self.consent.way_out().is_none() {
            for way in WayOut::ALL {
                assert_eq!(self.consent.would_take(&Event::Closed(*way), at(0)), Ok(()));
            }
            assert_eq!(self.consent.would_take(&Event::HandedOver, at(0)), Ok(()));
        }
        for protecting in [Event::ConsentWithdrawn, Event::ConsentRefused, Event::PatientAwake] {
            assert_eq!(self.consent.would_take(&protecting, at(0)), Ok(()));
        }
    }
}

#[test]
fn every_reachable_state_keeps_the_promises() {
    let mut steps: Vec<_> = every_event().into_iter().map(Step::Event).collect();
    steps.extend([Step::Request(Scope::Summary), Step::Request(Scope::Full)]);
    steps.extend([Step::Release, Step::Wait]);

    let mut seen = BTreeMap::from([(World::new().view(), 0_usize)]);
    let mut open = VecDeque::from([Vec::new()]);
    let (mut transitions, mut refusals, mut depth) = (0_usize, 0_usize, 0);
    while let Some(path) = open.pop_front() {
        depth = depth.max(path.len());
        let mut kept = None;
        for step in &steps {
            for clock_back in [false, true] {
                // A world that refused is as it was, so it serves again.
                let mut world = kept.take().unwrap_or_else(|| World::late_after(&path));
                let before = world.view();
                let outcome = world.step(step, clock_back);
                let after = world.view();
                world.check();
                transitions += 1;
                if clock_back && matches!(step, Step::Request(_)) {
                    assert!(outcome.is_err(), "a permit on a clock that went back");
                }
                if before.4.is_some() {
                    assert!(!after.7, "a live permit after the end");
                    assert_eq!(before.4, after.4, "a second end");
                }
                if outcome.is_err() {
                    refusals += 1;
                    // A request that is refused on release is spent.
                    let spent = matches!(step, Step::Release);
                    let mut unchanged = before;
                    unchanged.6 &= !spent;
                    assert_eq!(after, unchanged, "{step:?} after {path:?}");
                    kept = (!spent).then_some(world);
                }
                if !clock_back && !seen.contains_key(&after) {
                    seen.insert(after, path.len() + 1);
                    open.push_back(path.iter().cloned().chain([step.clone()]).collect());
                }
            }
        }
    }
    println!(
        "explored {} states, {transitions} transitions ({refusals} refused), depth {depth}",
        seen.len(),
    );
    assert!(seen.keys().any(|view| view.7), "no permit was ever reached");
    assert!(seen.len() > 1000);
}

#[test]
fn the_ordinary_course_in_the_official_order() {
    let mut consent = open();
    // Look, ask, then read.
    apply(&mut consent, Event::FaceMatched, 1).unwrap();
    apply(&mut consent, Event::ConsentGiven(Giver::Patient), 2).unwrap();
    assert_eq!(permit(&mut consent, Scope::Summary, 3).unwrap_err(), Refusal::NoCard);
    apply(&mut consent, read(1, CardTrust::Acceptable), 4).unwrap();
    let permit = permit(&mut consent, Scope::Summary, 5).unwrap();
    assert_eq!(permit.check(&key(1), Scope::Summary, at(6)), Ok(()));
    assert_eq!(permit.check(&key(1), Scope::Full, at(6)), Err(Refusal::OutOfScope));
    assert_eq!(permit.check(&key(2), Scope::Summary, at(6)), Err(Refusal::OtherCard));
    assert_eq!(permit.until(), at(5 + LIFE));
    assert_eq!(permit.basis().service_code(), Some(1));
    let end = consent.apply(Event::HandedOver, crew(), at(7)).unwrap();
    assert_eq!(end.code(), EventCode::HandedOver);
    assert_eq!(permit.in_force(at(8)), Err(Refusal::PermitEnded));
    assert!(consent.card().is_none(), "the card's identity outlives the encounter");
}

#[test]
fn what_takes_a_fact_away_ends_every_permit() {
    let ends = [
        Event::ConsentWithdrawn,
        Event::ConsentRefused,
        Event::FaceDiffers,
        Event::FaceUnverifiable,
        read(1, CardTrust::Forged),
        read(2, CardTrust::Acceptable),
        Event::HandedOver,
        Event::Closed(WayOut::SourceDown),
    ];
    for event in ends {
        let mut consent = ready();
        let permits = [Scope::Summary, Scope::Full].map(|scope| permit(&mut consent, scope, 4));
        let waiting = consent.request_permit(Scope::Full, crew(), at(5)).unwrap();
        apply(&mut consent, event.clone(), 6).unwrap();
        for permit in permits {
            assert_eq!(permit.unwrap().in_force(at(6)), Err(Refusal::PermitEnded), "{event:?}");
        }
        assert!(release(&mut consent, &mut log(), waiting, at(7)).is_err(), "{event:?}");
    }
    let mut consent = ready();
    let permit = permit(&mut consent, Scope::Full, 4).unwrap();
    drop(consent);
    assert_eq!(permit.in_force(at(5)), Err(Refusal::PermitEnded));
}

#[test]
fn a_patient_who_wakes_must_be_asked() {
    let mut consent = open();
    apply(&mut consent, read(1, CardTrust::Acceptable), 1).unwrap();
    apply(&mut consent, Event::FaceMatched, 2).unwrap();
    apply(&mut consent, Event::ConsentUnobtainable(Unobtainable::Unconscious), 3).unwrap();
    assert_eq!(consent.basis().service_code(), Some(3));
    let first = permit(&mut consent, Scope::Summary, 4).unwrap();
    apply(&mut consent, Event::PatientAwake, 5).unwrap();
    assert_eq!(first.in_force(at(5)), Err(Refusal::PermitEnded));
    assert_eq!(permit(&mut consent, Scope::Summary, 6).unwrap_err(), Refusal::NotAsked);
    apply(&mut consent, Event::ConsentRefused, 7).unwrap();
    assert_eq!(consent.basis().service_code(), Some(0));
    let again = Event::ConsentUnobtainable(Unobtainable::Unconscious);
    assert_eq!(apply(&mut consent, again, 8), Err(Refusal::RefusalStands));
    let other = Event::ConsentGiven(Giver::Representative);
    assert_eq!(apply(&mut consent, other, 9), Err(Refusal::RefusalStands));
    apply(&mut consent, Event::ConsentGiven(Giver::Patient), 10).unwrap();
    assert!(permit(&mut consent, Scope::Summary, 11).is_ok());
}

#[test]
fn a_second_card_starts_over() {
    let mut consent = ready();
    let first = permit(&mut consent, Scope::Summary, 4).unwrap();
    let code = apply(&mut consent, read(2, CardTrust::Doubtful), 5).unwrap();
    assert_eq!(code, EventCode::SecondCardDoubtful);
    assert_eq!(first.in_force(at(5)), Err(Refusal::PermitEnded));
    assert_eq!(permit(&mut consent, Scope::Summary, 6).unwrap_err(), Refusal::FaceNotChecked);
    apply(&mut consent, Event::FaceMatched, 7).unwrap();
    assert_eq!(permit(&mut consent, Scope::Summary, 8).unwrap_err(), Refusal::NotAsked);
    apply(&mut consent, Event::ConsentGiven(Giver::Patient), 9).unwrap();
    let second = permit(&mut consent, Scope::Summary, 10).unwrap();
    assert_eq!(second.check(&key(2), Scope::Summary, at(11)), Ok(()));
    assert_ne!(first.commitment(), second.commitment());
}

#[test]
fn forged_stays_forged() {
    let mut consent = ready();
    apply(&mut consent, read(1, CardTrust::Forged), 4).unwrap();
    apply(&mut consent, read(1, CardTrust::Acceptable), 5).unwrap();
    assert_eq!(permit(&mut consent, Scope::Summary, 6).unwrap_err(), Refusal::CardForged);
}

#[test]
fn only_the_record_of_this_very_permit_releases_it() {
    let mut consent = ready();
    let mut log = log();
    let first = consent.request_permit(Scope::Summary, crew(), at(4)).unwrap();
    let second = consent.request_permit(Scope::Summary, crew(), at(4)).unwrap();
    let line = log.prepare(first.entry());
    let stored = log.confirm(line).unwrap();
    assert_eq!(consent.release(second, &stored, at(5)).unwrap_err(), Refusal::NotRecorded);
    assert_eq!(consent.release(first, &stored, at(5)).unwrap().audit_seq(), 1);

    let mut other = ready();
    let pending = other.request_permit(Scope::Summary, crew(), at(6)).unwrap();
    let refused = release(&mut consent, &mut log, pending, at(7)).unwrap_err();
    assert_eq!(refused, Refusal::OtherEncounter);

    // The patient withdraws while the entry is being written.
    let pending = consent.request_permit(Scope::Full, crew(), at(8)).unwrap();
    apply(&mut consent, Event::ConsentWithdrawn, 9).unwrap();
    apply(&mut consent, Event::ConsentGiven(Giver::Patient), 10).unwrap();
    let refused = release(&mut consent, &mut log, pending, at(11)).unwrap_err();
    assert_eq!(refused, Refusal::StaleRequest);
}

#[test]
fn a_clock_that_goes_back_costs_permits_and_nothing_else() {
    let mut consent = ready();
    let live = permit(&mut consent, Scope::Summary, 100_000).unwrap();
    // A small correction is not time regained.
    assert_eq!(live.in_force(at(100_000 - CLOCK_TOLERANCE_MILLIS)), Ok(()));
    assert_eq!(live.in_force(at(50_000)), Err(Refusal::ClockWentBack));
    assert_eq!(permit(&mut consent, Scope::Full, 50_000).unwrap_err(), Refusal::ClockWentBack);
    // Past its end, and then back: it stays over.
    assert_eq!(live.in_force(at(100_000 + LIFE)), Err(Refusal::PermitExpired));
    assert_eq!(live.in_force(at(100_000 + LIFE - 1)), Err(Refusal::PermitExpired));
    assert_eq!(live.in_force(at(100_001)), Err(Refusal::ClockWentBack));
    // What protects is taken, at the latest time heard of.
    let withdrawn = consent.apply(Event::ConsentWithdrawn, crew(), at(0)).unwrap();
    assert_eq!(withdrawn.at(), at(100_000 + LIFE));
    assert!(apply(&mut consent, Event::Closed(WayOut::Withdrawn), 0).is_ok());
}

#[test]
fn an_expired_permit_can_be_reported_once_and_only_when_it_is_over() {
    let mut consent = ready();
    let nothing = Err(Refusal::NothingExpired);
    assert_eq!(apply(&mut consent, Event::PermitExpired, 4), nothing);
    let first = permit(&mut consent, Scope::Summary, 5).unwrap();
    assert_eq!(apply(&mut consent, Event::PermitExpired, 4 + LIFE), nothing);
    assert_eq!(first.in_force(at(5 + LIFE)), Err(Refusal::PermitExpired));
    assert_eq!(apply(&mut consent, Event::PermitExpired, 5 + LIFE), Ok(EventCode::PermitExpired));
    assert_eq!(apply(&mut consent, Event::PermitExpired, 5 + LIFE), nothing);
    assert!(permit(&mut consent, Scope::Summary, 6 + LIFE).is_ok());
}

#[test]
fn after_the_end_only_protection_is_taken_and_the_way_out_stays() {
    for way in WayOut::ALL {
        let mut consent = ready();
        assert_eq!(apply(&mut consent, Event::Closed(*way), 4), Ok(way.code()));
        assert!(way.code().is_way_out());
        for event in every_event() {
            let protects = matches!(
                event,
                Event::ConsentWithdrawn | Event::ConsentRefused | Event::PatientAwake
            );
            let outcome = apply(&mut consent, event.clone(), 5);
            assert_eq!(outcome.is_ok(), protects, "{event:?}");
            assert_eq!(consent.way_out(), Some(way.code()));
        }
        assert_eq!(permit(&mut consent, Scope::Summary, 6).unwrap_err(), Refusal::Ended);
    }
    let mut unseen = ready();
    assert_eq!(apply(&mut unseen, Event::HandedOver, 4), Ok(EventCode::HandedOverUnseen));
}

#[test]
fn a_drill_says_so() {
    let salt = Salt::from_random([9; 32]);
    let encounter = EncounterId::from_random([1; 16]);
    let (mut consent, _) =
        Consent::<Drill>::open(encounter, salt, PermitLife::ORDINARY, crew(), at(0));
    for event in [
        read(1, CardTrust::Acceptable),
        Event::FaceMatched,
        Event::ConsentGiven(Giver::Representative),
    ] {
        let _ = consent.apply(event, crew(), at(1)).unwrap();
    }
    let device = ShortId::new("T-0042").unwrap();
    let (id, seal) = (LogId::from_random([2; 16]), SealKey::from_random([3; 32]));
    let new = AuditLog::<Drill>::create(id, device, seal, at(0));
    assert!(new.text().contains(r#""drill":true"#));
    let mut log = new.confirm().unwrap();
    let pending = consent.request_permit(Scope::Summary, crew(), at(2)).unwrap();
    let line = log.prepare(pending.entry());
    let stored = log.confirm(line).unwrap();
    assert!(consent.release(pending, &stored, at(3)).unwrap().is_drill());
}

#[test]
fn nothing_that_identifies_is_printed() {
    let mut consent = ready();
    let pending = consent.request_permit(Scope::Full, crew(), at(4)).unwrap();
    let mut text = format!("{consent:?} {pending:?} {:?}", read(1, CardTrust::Acceptable));
    let permit = release(&mut consent, &mut log(), pending, at(5)).unwrap();
    text += &format!("{permit:?} {:?} {:?}", key(1), Salt::from_random([9; 32]));
    for secret in ["01010101", "1, 1, 1, 1", "09090909", "9, 9, 9, 9"] {
        let text = text.replace(&"01".repeat(16), "");
        assert!(!text.contains(secret), "{text}");
    }
}

#[test]
fn the_diagram_shows_every_fact_and_how_it_changes() {
    let text = diagram();
    for needle in [
        "stateDiagram-v2",
        "identity_NotChecked --> identity_Matched: FaceMatched",
        "permit_Shut --> permit_Released: PermitStored",
        "encounter_Open --> encounter_Ended: HandedOver, Closed",
        "basis_PatientConsents --> basis_Withdrawn: ConsentWithdrawn",
    ] {
        assert!(text.contains(needle), "{needle} in\n{text}");
    }
    // Neither a refusal nor a withdrawal turns into life protection but by the patient, or another.
    assert!(!text.contains("basis_Refused --> basis_LifeProtection"));
    assert!(!text.contains("card_Forged --> card_Acceptable: CardAcceptable"));
    println!("{text}");
}
