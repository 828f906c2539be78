//! The machine against a small model of its own, over random sequences of events: late, twice, in any
//! order, on a clock that jumps, with questions about any time in between.

use proptest::prelude::*;

use super::*;

/// Written apart from the table: sets and flags instead of rows.
#[derive(Clone, Default)]
struct Model {
    /// The numbers on the face and on the certificate of the present card, as far as they are known.
    card: Option<[Option<u8>; 2]>,
    /// The same of every card that was forged.
    forgeries: Vec<[Option<u8>; 2]>,
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

/// Whether two cards are one; none if that cannot be told.
fn is_same(one: [Option<u8>; 2], other: [Option<u8>; 2]) -> Option<bool> {
    let [face, certificate] = [0, 1].map(|mark| Some(one[mark]? == other[mark]?));
    face.or(certificate)
}

impl Model {
    fn card(&mut self, shown: Shown, trust: CardTrust, word: Option<bool>, now: u64) -> bool {
        let marks =
            [shown.has_face().then(|| shown.card()), shown.has_certificate().then(|| shown.card())];
        if self.ended {
            return false;
        }
        let told = self.card.map_or(Some(true), |present| is_same(present, marks));
        let Some(same) = told.or(word) else { return false };
        let forged = self.forgeries.iter().any(|it| is_same(*it, marks) == Some(true));
        let maybe = self.forgeries.iter().any(|it| is_same(*it, marks).is_none());
        if maybe && !forged && told != Some(true) {
            return false;
        }
        self.latest = self.latest.max(now);
        if same {
            let present = self.card.unwrap_or_default();
            self.card = Some([0, 1].map(|mark| present[mark].or(marks[mark])));
        } else {
            let forgeries = std::mem::take(&mut self.forgeries);
            *self = Self { latest: self.latest, forgeries, ..Self::default() };
            self.card = Some(marks);
        }
        if forged || trust == CardTrust::Forged {
            self.forged = true;
            let is_in = |one: [Option<u8>; 2], other: [Option<u8>; 2]| {
                (0..2).all(|at| one[at].is_none() || one[at] == other[at])
            };
            if trust == CardTrust::Forged {
                self.forgeries.push(marks);
            }
            let card = self.card.unwrap_or_default();
            if !self.forgeries.iter().any(|it| is_in(card, *it)) {
                self.forgeries.push(card);
            }
            self.permits.clear();
        }
        true
    }

    fn event(&mut self, event: Event, now: u64) -> bool {
        let protects =
            matches!(event, Event::ConsentRefused | Event::ConsentWithdrawn | Event::PatientAwake);
        if self.ended && !protects {
            return false;
        }
        let stands = self.refused && !self.ended;
        match event {
            Event::ConsentByRepresentative | Event::Unconscious if stands => return false,
            Event::Unconscious if matches!(self.allowed_by, Some(1 | 2)) => return false,
            _ => {}
        }
        self.latest = if event == Event::ClockCorrected { now } else { self.latest.max(now) };
        let before = (self.matched, self.allowed_by, self.ended);
        match event {
            Event::FaceMatched => self.matched = true,
            Event::FaceDiffers | Event::FaceUnverifiable => self.matched = false,
            Event::ConsentByPatient => {
                self.allowed_by = Some(1);
                self.refused = false;
            }
            Event::ConsentByRepresentative => {
                self.allowed_by = Some(if self.allowed_by == Some(1) { 1 } else { 2 });
            }
            Event::Unconscious => self.allowed_by = Some(3),
            Event::ConsentRefused | Event::ConsentWithdrawn => {
                self.allowed_by = None;
                self.refused = true;
            }
            Event::PatientAwake if self.allowed_by != Some(1) => self.allowed_by = None,
            Event::HandedOver | Event::EndNoSignal => self.ended = true,
            _ => {}
        }
        let after = (self.matched, self.allowed_by, self.ended);
        let is_taken_away = before != after && !self.grants();
        if is_taken_away || before.1 != after.1 || event == Event::ClockCorrected {
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

    fn in_force(&self, number: usize, now: u64) -> bool {
        let latest = self.latest.max(now);
        let in_time = |until: u64| latest < until;
        let stands = self.permits.iter().any(|(found, until)| *found == number && in_time(*until));
        stands && !self.went_back(now)
    }
}

#[derive(Clone, Debug)]
enum Step {
    Card(Shown, CardTrust, Option<bool>),
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
    let shown = prop_oneof![
        6 => prop_oneof![4 => Just(1_u8), 1 => 2_u8..4].prop_map(Shown::Both),
        2 => (1_u8..4).prop_map(Shown::Face),
        2 => (1_u8..4).prop_map(Shown::Certificate),
    ];
    let word = prop_oneof![2 => Just(None), 1 => any::<bool>().prop_map(Some)];
    let event = prop_oneof![
        4 => Just(Event::FaceMatched),
        1 => prop_oneof![Just(Event::FaceDiffers), Just(Event::FaceUnverifiable)],
        4 => prop_oneof![Just(Event::ConsentByPatient), Just(Event::ConsentByRepresentative)],
        2 => Just(Event::Unconscious),
        1 => prop_oneof![Just(Event::ConsentRefused), Just(Event::ConsentWithdrawn)],
        1 => Just(Event::PatientAwake),
        1 => Just(Event::ClockCorrected),
    ];
    prop_oneof![
        4 => (shown, trust, word).prop_map(|(shown, trust, word)| Step::Card(shown, trust, word)),
        9 => event.prop_map(Step::Event),
        5 => prop_oneof![Just(Scope::Summary), Just(Scope::Full)].prop_map(Step::Permit),
        3 => Just(Step::Check),
        1 => prop_oneof![Just(Event::HandedOver), Just(Event::EndNoSignal)].prop_map(Step::Event),
    ]
}

fn stamp(millis: u64) -> Timestamp {
    Timestamp::from_unix_millis(millis).unwrap()
}

/// Asks everything that can be asked, about one moment.
fn ask(consent: &Consent<Real>, permits: &[(usize, Permit)], now: Timestamp) {
    for (_, permit) in permits {
        let _ = permit.in_force(now);
        let _ = permit.check(permit.card(), Scope::Full, now);
    }
    let _ = consent.would_permit(now);
    for event in Event::ALL {
        let _ = consent.would_take(*event, now);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..Default::default() })]

    #[test]
    fn machine_and_model_agree(
        steps in prop::collection::vec((step(), -40_000_i64..40_000, any::<bool>()), 1..40),
        questions in prop::collection::vec(0..Timestamp::MAX.unix_millis(), 0..4),
    ) {
        let mut millis = START;
        let mut consent = open();
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
                    Step::Card(shown, trust, word) => {
                        let taken = consent.card_read(shown.marks(), *trust, *word, crew(), now);
                        let expected = model.card(*shown, *trust, *word, millis);
                        prop_assert_eq!(taken.is_ok(), expected, "{:?}: {:?}", step, taken);
                    }
                    Step::Event(event) => {
                        let taken = consent.apply(*event, crew(), now);
                        prop_assert_eq!(taken.is_ok(), model.event(*event, millis), "{:?}", event);
                    }
                    Step::Permit(scope) => {
                        made += 1;
                        let permit = consent
                            .request_permit(*scope, crew(), now)
                            .and_then(|(pending, _)| consent.release(pending, now));
                        prop_assert_eq!(permit.is_ok(), model.permit(made, millis), "{:?}", permit);
                        permits.extend(permit.ok().map(|permit| (made, permit)));
                    }
                    Step::Check => {}
                }
                for moment in &questions {
                    ask(&consent, &permits, stamp(*moment));
                }
                for (number, permit) in &permits {
                    let force = permit.in_force(now);
                    prop_assert_eq!(force.is_ok(), model.in_force(*number, millis), "{:?}", force);
                }
            }
        }
    }
}
