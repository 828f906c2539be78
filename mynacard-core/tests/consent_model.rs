//! The consent machine against a small model of its own, over random sequences of events: late,
//! twice, in any order, on a clock that jumps.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use mynacard_core::Timestamp;
use mynacard_core::audit::{AuditLog, EncounterId, LogId, Real, Salt, SealKey, ShortId};
use mynacard_core::consent::{
    CLOCK_TOLERANCE_MILLIS, CardKey, CardTrust, Consent, Event, Giver, Permit, PermitLife, Scope,
    Unobtainable, WayOut,
};
use proptest::prelude::*;

const START: u64 = 1_795_000_000_000;
const LIFE: u64 = 60_000;

/// Written apart from the table: sets and flags instead of rows.
#[derive(Default)]
struct Model {
    card: Option<u8>,
    forged: bool,
    matched: bool,
    /// Who or what allows: 1 patient, 2 representative, 3 life protection.
    allowed_by: Option<u8>,
    refused: bool,
    ended: bool,
    latest: u64,
    /// Permits in force: number and end.
    permits: Vec<(usize, u64)>,
}

impl Model {
    fn event(&mut self, event: &Event, now: u64) -> bool {
        let protects =
            matches!(event, Event::ConsentRefused | Event::ConsentWithdrawn | Event::PatientAwake);
        if self.ended && !protects {
            return false;
        }
        let open_again = self.refused && !self.ended;
        match event {
            Event::ConsentGiven(Giver::Representative) if open_again => return false,
            Event::ConsentUnobtainable(_) if open_again => return false,
            Event::ConsentUnobtainable(_) if matches!(self.allowed_by, Some(1 | 2)) => {
                return false;
            }
            _ => {}
        }
        self.latest = self.latest.max(now);
        let before = (self.card, self.forged, self.matched, self.allowed_by, self.ended);
        match event {
            Event::CardRead { card, trust } => {
                let number = card.as_bytes()[0];
                if self.card.is_some_and(|present| present != number) {
                    *self = Self { latest: self.latest, ..Self::default() };
                }
                self.card = Some(number);
                self.forged |= *trust == CardTrust::Forged;
            }
            Event::FaceMatched => self.matched = true,
            Event::FaceDiffers | Event::FaceUnverifiable => self.matched = false,
            Event::ConsentGiven(Giver::Patient) => {
                self.allowed_by = Some(1);
                self.refused = false;
            }
            Event::ConsentGiven(Giver::Representative) => {
                self.allowed_by = Some(if self.allowed_by == Some(1) { 1 } else { 2 });
            }
            Event::ConsentUnobtainable(_) => self.allowed_by = Some(3),
            Event::ConsentRefused | Event::ConsentWithdrawn => {
                self.allowed_by = None;
                self.refused = true;
            }
            Event::PatientAwake if self.allowed_by != Some(1) => self.allowed_by = None,
            Event::HandedOver | Event::Closed(_) => self.ended = true,
            _ => {}
        }
        let after = (self.card, self.forged, self.matched, self.allowed_by, self.ended);
        // Reading the first card while nothing is released is the only change that ends nothing.
        if before != after && !self.grants() {
            self.permits.clear();
        }
        if before.3 != after.3 || before.0 != after.0 {
            self.permits.clear();
        }
        true
    }

    fn grants(&self) -> bool {
        self.card.is_some()
            && !self.forged
            && self.matched
            && self.allowed_by.is_some()
            && !self.ended
    }

    fn went_back(&self, now: u64) -> bool {
        now + CLOCK_TOLERANCE_MILLIS < self.latest
    }

    fn permit(&mut self, number: usize, now: u64) -> bool {
        if !self.grants() || self.went_back(now) {
            return false;
        }
        self.latest = self.latest.max(now);
        self.permits.push((number, self.latest + LIFE));
        true
    }

    fn in_force(&mut self, number: usize, now: u64) -> bool {
        let back = self.went_back(now);
        self.latest = self.latest.max(now);
        let latest = self.latest;
        !back && self.permits.iter().any(|(found, until)| *found == number && latest < *until)
    }
}

#[derive(Clone, Debug)]
enum Step {
    Event(Event),
    Permit(Scope),
    Check,
}

fn step() -> impl Strategy<Value = Step> {
    let trust = prop_oneof![
        4 => Just(CardTrust::Acceptable),
        2 => Just(CardTrust::Doubtful),
        1 => Just(CardTrust::Forged),
    ];
    let card = (prop_oneof![4 => Just(1_u8), 1 => Just(2)], trust).prop_map(|(number, trust)| {
        Event::CardRead { card: CardKey::from_hash([number; 32]), trust }
    });
    let event = prop_oneof![
        4 => card,
        4 => Just(Event::FaceMatched),
        1 => prop_oneof![Just(Event::FaceDiffers), Just(Event::FaceUnverifiable)],
        4 => prop_oneof![Just(Giver::Patient), Just(Giver::Representative)]
            .prop_map(Event::ConsentGiven),
        2 => Just(Event::ConsentUnobtainable(Unobtainable::Unconscious)),
        1 => prop_oneof![Just(Event::ConsentRefused), Just(Event::ConsentWithdrawn)],
        1 => Just(Event::PatientAwake),
    ];
    prop_oneof![
        12 => event.prop_map(Step::Event),
        5 => prop_oneof![Just(Scope::Summary), Just(Scope::Full)].prop_map(Step::Permit),
        3 => Just(Step::Check),
        1 => prop_oneof![Just(Event::HandedOver), Just(Event::Closed(WayOut::NoSignal))]
            .prop_map(Step::Event),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..Default::default() })]

    #[test]
    fn machine_and_model_agree(
        steps in prop::collection::vec((step(), -40_000_i64..40_000, any::<bool>()), 1..40),
    ) {
        let crew = ShortId::new("C-17").unwrap();
        let mut millis = START;
        let stamp = |millis| Timestamp::from_unix_millis(millis).unwrap();
        let (mut consent, _) = Consent::<Real>::open(
            EncounterId::from_random([1; 16]),
            Salt::from_random([2; 32]),
            PermitLife::from_millis(LIFE).unwrap(),
            crew,
            stamp(START),
        );
        let device = ShortId::new("T").unwrap();
        let (id, key) = (LogId::from_random([2; 16]), SealKey::from_random([3; 32]));
        let mut log = AuditLog::create(id, device, key, stamp(START)).confirm().unwrap();
        let mut model = Model { latest: START, ..Model::default() };
        let mut permits: Vec<(usize, Permit)> = Vec::new();
        let mut made = 0;
        for (step, jump, twice) in steps {
            // Mostly forward by a little, sometimes far, sometimes back.
            let jump = if jump % 4 == 0 { jump } else { jump.abs() / 100 };
            millis = millis.saturating_add_signed(jump);
            let now = stamp(millis);
            for _ in 0..=usize::from(twice) {
                match &step {
                    Step::Event(event) => {
                        let taken = consent.apply(event.clone(), crew, now);
                        prop_assert_eq!(taken.is_ok(), model.event(event, millis), "{:?}", event);
                    }
                    Step::Permit(scope) => {
                        made += 1;
                        let permit = consent.request_permit(*scope, crew, now).and_then(|pending| {
                            let line = log.prepare(pending.entry());
                            let stored = log.confirm(line).unwrap();
                            consent.release(pending, &stored, now)
                        });
                        prop_assert_eq!(permit.is_ok(), model.permit(made, millis), "{:?}", permit);
                        permits.extend(permit.ok().map(|permit| (made, permit)));
                    }
                    Step::Check => {}
                }
                for (number, permit) in &permits {
                    let force = permit.in_force(now);
                    prop_assert_eq!(force.is_ok(), model.in_force(*number, millis), "{:?}", force);
                }
            }
        }
    }
}
