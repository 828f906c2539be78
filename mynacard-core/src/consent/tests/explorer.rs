//! Every state that the machine can reach, and every step from it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::*;

/// What the explorer can do: a card, an event, or a step of a permit.
#[derive(Clone, Debug)]
enum Step {
    Card(Shown, CardTrust, Option<bool>),
    Event(Event),
    Request(Scope),
    Release,
    /// The clock passes the end of every permit.
    Wait,
}

fn every_step() -> Vec<Step> {
    let mut steps = Vec::new();
    for (shown, trust, same) in [
        (Shown::Both(1), CardTrust::Acceptable, None),
        (Shown::Both(1), CardTrust::Forged, None),
        (Shown::Both(2), CardTrust::Doubtful, None),
        (Shown::Face(1), CardTrust::Acceptable, None),
        (Shown::Certificate(1), CardTrust::Doubtful, None),
        (Shown::Certificate(1), CardTrust::Doubtful, Some(true)),
        (Shown::Certificate(1), CardTrust::Doubtful, Some(false)),
    ] {
        steps.push(Step::Card(shown, trust, same));
    }
    let events = Event::ALL.iter().filter(|event| event.is_recordable());
    steps.extend(events.map(|event| Step::Event(*event)));
    steps.extend([Step::Request(Scope::Summary), Step::Request(Scope::Full)]);
    steps.extend([Step::Release, Step::Wait]);
    steps
}

/// Numbers of the cards that something is known of, by face and by certificate.
type Known = (Option<u8>, Option<u8>);

/// A machine with everything that was obtained from it.
struct World {
    consent: Consent<Real>,
    pending: Option<PendingPermit>,
    permits: Vec<Permit>,
    millis: u64,
    /// What its readings have shown of the present card, and of those that were forged.
    present: Known,
    forged: BTreeSet<Known>,
}

/// What can be seen of a world; times, and who said what, left out.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
struct View {
    facts: Facts,
    present: Known,
    forged: usize,
    has_ended: bool,
    ever_released: bool,
    waits: bool,
    live: bool,
}

impl World {
    fn new() -> Self {
        Self {
            consent: open(),
            pending: None,
            permits: Vec::new(),
            millis: 0,
            present: (None, None),
            forged: BTreeSet::new(),
        }
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
        let _ = apply(&mut world.consent, Event::NoSignal, world.millis);
        world
    }

    fn step(&mut self, step: &Step, clock_back: bool) -> Result<(), Refusal> {
        self.millis += 1;
        let back = if clock_back { CLOCK_TOLERANCE_MILLIS + 1000 } else { 0 };
        let now = Timestamp::from_unix_millis(START + self.millis - back).unwrap();
        match step {
            Step::Card(shown, trust, same) => {
                let made = self.consent.card_read(shown.marks(), *trust, *same, crew(), now)?;
                self.note_card(*shown, *trust, made.last().unwrap().event);
                Ok(())
            }
            Step::Event(event) => self.consent.apply(*event, crew(), now).map(drop),
            Step::Request(scope) => {
                self.pending = Some(self.consent.request_permit(*scope, crew(), now)?.0);
                Ok(())
            }
            Step::Release => {
                let Some(pending) = self.pending.take() else { return Ok(()) };
                self.permits.push(self.consent.release(pending, now)?);
                Ok(())
            }
            Step::Wait => {
                self.millis += LIFE;
                Ok(())
            }
        }
    }

    fn note_card(&mut self, shown: Shown, trust: CardTrust, event: Event) {
        let marks = [shown.has_face(), shown.has_certificate()].map(|it| it.then(|| shown.card()));
        let is_second = matches!(
            event,
            Event::SecondCardAcceptable | Event::SecondCardDoubtful | Event::SecondCardForged
        );
        let (face, certificate) = if is_second { (None, None) } else { self.present };
        self.present = (face.or(marks[0]), certificate.or(marks[1]));
        if matches!(event, Event::CardForged | Event::SecondCardForged) {
            self.forged.insert(self.present);
            if trust == CardTrust::Forged {
                self.forged.insert(marks.into());
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
        View {
            facts: self.consent.facts(),
            present: self.present,
            forged: self.forged.len(),
            has_ended: self.consent.way_out().is_some(),
            ever_released: self.consent.ever_released(),
            waits: self.pending.is_some(),
            live: self.live().next().is_some(),
        }
    }

    /// What must hold everywhere.
    fn check(&self) {
        let facts = self.consent.facts();
        for permit in self.live() {
            assert_eq!(self.consent.card(), Some(permit.card()), "a permit for another card");
            assert!(matches!(facts.card, CardTrust::Acceptable | CardTrust::Doubtful));
            assert_eq!(facts.identity, Identity::Matched);
            let bases =
                [Basis::PatientConsents, Basis::RepresentativeConsents, Basis::LifeProtection];
            assert!(bases.contains(&facts.basis));
            assert_eq!(self.consent.basis(), permit.basis(), "a permit on another basis");
            assert_eq!(facts.access, Access::Released);
            assert_eq!(self.consent.way_out(), None, "a permit after the end");
            assert!(permit.until() > self.now());
        }
        for forged in &self.forged {
            // By the face where both are known, or else by the certificate.
            let is_present = match (forged.0, self.present.0) {
                (Some(one), Some(other)) => one == other,
                _ => forged.1.is_some() && forged.1 == self.present.1,
            };
            assert!(!is_present || facts.card == CardTrust::Forged, "forged stays forged");
        }
        if self.consent.way_out().is_none() {
            for way in every_end() {
                assert_eq!(self.consent.would_take(way, at(0)), Ok(()));
            }
        }
        for protecting in [Event::ConsentWithdrawn, Event::ConsentRefused, Event::PatientAwake] {
            assert_eq!(self.consent.would_take(protecting, at(0)), Ok(()));
        }
    }
}

#[test]
fn every_reachable_state_keeps_the_promises() {
    let steps = every_step();
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
                let way_out = world.consent.way_out();
                let outcome = world.step(step, clock_back);
                let after = world.view();
                world.check();
                transitions += 1;
                if clock_back && matches!(step, Step::Request(_)) {
                    assert!(outcome.is_err(), "a permit on a clock that went back");
                }
                if before.has_ended {
                    assert!(!after.live, "a live permit after the end");
                    assert_eq!(way_out, world.consent.way_out(), "a second end");
                }
                if outcome.is_err() {
                    refusals += 1;
                    // A request that is refused on release is spent.
                    let spent = matches!(step, Step::Release);
                    let mut unchanged = before;
                    unchanged.waits &= !spent;
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
    assert!(seen.keys().any(|view| view.live), "no permit was ever reached");
    assert!(seen.len() > 1000);
}
