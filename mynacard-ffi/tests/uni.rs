//! The interface to Kotlin and Swift, driven as they drive it: whole encounters over a virtual card, foreign
//! functions that fail, re-enter and cancel, calls in the wrong order. Tries are counted at the card.
#![allow(clippy::panic, clippy::unwrap_used, reason = "helpers of tests may fail loudly")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use mynacard::uni::credential::{BirthYearForm, NumberB};
use mynacard::uni::driver::{Action, CardTransport, Driver, ReadingListener, TransportFailure};
use mynacard::uni::encounter::{
    CrewNotes, Encounter, EncounterStart, MedicalAnswer, MedicalQuery, MedicalSource,
    NoRecordsReason, ReportForm, SourceFailure, SourceKind, ViewScope,
};
use mynacard::uni::error::{MynacardFault, fault_row};
use mynacard::uni::face::{CardFace, Picture};
use mynacard::uni::log::{AuditLog, LogStart};
use mynacard::uni::plain::{Plan, Progress, extended_link, plan_all, plan_face_only};
use mynacard::uni::reading::{Reading, ReadingPart, TokenKind, VerifyOutcome};
use mynacard::uni::sim::{SimCard, sim_roots_json};
use mynacard::uni::trust::{CardValue, CardVerdict, HostClock, Roots};
use mynacard_core::audit::EventCode;
use mynacard_core::consent::Refusal;
use mynacard_core::error::{BoundaryFault, CredentialFault, LinkFault, Misuse};
use mynacard_core::medical::MedicalFault;

const NOW: u64 = 1_795_000_000_000;
const PATIENT: &[u8] = include_bytes!("../../examples/data/patients/adult.json");

fn failed(code: u16) -> MynacardFault {
    MynacardFault::Failed { code }
}

fn card(profile: &str) -> Arc<SimCard> {
    SimCard::of_profile(profile.to_owned()).unwrap()
}

fn number(card: &SimCard) -> Arc<NumberB> {
    NumberB::from_digits(card.number_b().unwrap()).unwrap()
}

fn plan(tap: u8) -> Plan {
    Plan { nonce: Some((tap..tap + 24).collect()), ..plan_all() }
}

/// Steps a driver over a card by hand. The exchange `lost_at` is lost.
fn drive(driver: &Driver, card: &SimCard, lost_at: Option<usize>) -> usize {
    let mut exchanges = 0;
    let mut action = driver.start().unwrap();
    loop {
        action = match action {
            Action::Transmit { .. } if lost_at == Some(exchanges) => {
                card.power_off();
                exchanges += 1;
                driver.link_lost(LinkFault::Lost.code()).unwrap()
            }
            Action::Transmit { command } => {
                exchanges += 1;
                driver.respond(card.transmit(command)).unwrap()
            }
            Action::Progress { .. } | Action::Face { .. } => driver.proceed().unwrap(),
            Action::Done => return exchanges,
        };
    }
}

fn read(profile: &str) -> (Arc<SimCard>, Arc<Reading>) {
    let card = card(profile);
    let driver = Driver::read(extended_link(), number(&card), plan(1)).unwrap();
    drive(&driver, &card, None);
    let reading = driver.reading().unwrap();
    (card, reading)
}

fn roots() -> Arc<Roots> {
    Roots::from_json(sim_roots_json()).unwrap()
}

#[test]
fn a_reading_gives_its_values_and_their_trust() {
    let (card, reading) = read("adult");
    assert_eq!(reading.name().unwrap(), "救急　太郎");
    assert_eq!(reading.birth_date().unwrap().year, 1985);
    assert_eq!(reading.status(ReadingPart::Certificate).unwrap(), None);
    assert_eq!(reading.verification(ReadingPart::Face).unwrap().outcome, VerifyOutcome::Accepted);
    assert_eq!(reading.verification(ReadingPart::Proof), Err(failed(Misuse::OutOfRange.code())));
    assert_eq!((reading.tries_spent().unwrap(), card.presentations()), (0, 2));
    let report = reading.examine(roots(), HostClock::Trusted { unix_millis: NOW }).unwrap();
    assert_eq!(report.verdict(), CardVerdict::GenuineLive);
    assert!(report.not_live().is_none());
    assert_eq!(report.of(CardValue::Expiry).why, "the card does not sign it");
    let production = reading.examine(Roots::production(), HostClock::Unknown).unwrap();
    assert_eq!(production.verdict(), CardVerdict::IssuerUnknown);
}

#[test]
fn pixels_can_be_read_in_place_and_are_those_of_the_png() {
    let (_, reading) = read("adult");
    let pixels = reading.face().unwrap().pixels(Picture::Photo).unwrap();
    assert_eq!(pixels.length(), u64::from(pixels.width() * pixels.height()));
    let (address, length) = (pixels.address(), usize::try_from(pixels.length()).unwrap());
    let first = usize::try_from(address).unwrap() as *const u8;
    // SAFETY: the pixels are referenced until the end of this test, and nobody writes them.
    let in_place = unsafe { core::slice::from_raw_parts(first, length) };
    let png = pixels.to_png().unwrap();
    let mut decoder = png::Decoder::new(std::io::Cursor::new(&png)).read_info().unwrap();
    let mut decoded = vec![0; decoder.output_buffer_size().unwrap()];
    decoder.next_frame(&mut decoded).unwrap();
    assert_eq!(decoded, in_place);
    let (_, child) = read("child");
    let face = child.face().unwrap();
    assert!(!face.has(Picture::Photo));
    assert_eq!(face.pixels(Picture::Photo).err(), Some(failed(BoundaryFault::Absent.code())));
}

#[test]
fn what_lies_on_the_reader_and_its_tries_are_told_without_a_number() {
    let card = card("nearly-locked");
    let driver = Driver::identify(extended_link()).unwrap();
    drive(&driver, &card, None);
    assert_eq!(driver.reading().err(), Some(failed(BoundaryFault::WrongHandle.code())));
    assert_eq!(driver.token().unwrap(), TokenKind::Card);
    assert_eq!(driver.token().err(), Some(failed(BoundaryFault::Absent.code())));
    let driver = Driver::tries(extended_link()).unwrap();
    drive(&driver, &card, None);
    let left = driver.tries_report().unwrap().face_b.left.unwrap();
    let driver = Driver::read(extended_link(), number(&card), plan_face_only()).unwrap();
    drive(&driver, &card, None);
    let reading = driver.reading().unwrap();
    let refused = reading.verification(ReadingPart::Face).unwrap();
    assert_eq!(refused.outcome, VerifyOutcome::RefusedByFloor);
    assert_eq!((refused.left, refused.spent, card.presentations()), (Some(left), 0, 0));
    let driver = Driver::facts(extended_link()).unwrap();
    drive(&driver, &card, None);
    assert_eq!(driver.card_facts().unwrap().municipality.unwrap().len(), 5);
}

#[test]
fn a_wrong_number_costs_one_try_and_is_a_value() {
    let card = card("adult");
    let mut digits = card.number_b().unwrap();
    digits[13] = if digits[13] == b'0' { b'1' } else { b'0' };
    let number = NumberB::from_digits(digits).unwrap();
    let driver = Driver::read(extended_link(), number, plan(1)).unwrap();
    drive(&driver, &card, None);
    let reading = driver.reading().unwrap();
    let rejected = Some(CredentialFault::Rejected.code());
    assert_eq!(reading.status(ReadingPart::Face).unwrap(), rejected);
    assert_eq!(reading.verification(ReadingPart::Face).unwrap().outcome, VerifyOutcome::Rejected);
    assert_eq!((reading.tries_spent().unwrap(), card.presentations()), (1, 1));
}

#[test]
fn numbers_come_from_digits_parts_and_lines_and_impossible_ones_say_why() {
    let printed = |date: &str, form| {
        let bytes = |text: &str| text.as_bytes().to_vec();
        NumberB::from_printed(bytes(date), bytes("2035年5月3日まで有効"), bytes("4819"), form).err()
    };
    assert_eq!(printed("昭和60年5月3日生", BirthYearForm::AsPrinted), None);
    assert!(printed("1985年5月3日生", BirthYearForm::AsPrinted).is_some());
    assert_eq!(printed("1985年5月3日生", BirthYearForm::Gregorian), None);
    let length = Some(failed(CredentialFault::Length.code()));
    assert_eq!(NumberB::from_digits(b"123".to_vec()).err(), length);
    let lines = vec![vec![0xFF]];
    let not_text = Some(failed(BoundaryFault::NotText.code()));
    assert_eq!(NumberB::from_ocr_lines(lines, BirthYearForm::AsPrinted).err(), not_text);
}

#[test]
fn calls_in_the_wrong_order_are_refused_and_change_nothing() {
    let card = card("adult");
    let driver = Driver::read(extended_link(), number(&card), plan(1)).unwrap();
    let unexpected = Some(failed(Misuse::UnexpectedInput.code()));
    assert_eq!(driver.respond(vec![0x90, 0x00]).err(), unexpected);
    assert_eq!(driver.proceed().err(), unexpected);
    assert_eq!(driver.link_lost(4711).err(), Some(failed(Misuse::OutOfRange.code())));
    assert_eq!(driver.reading().err(), Some(failed(BoundaryFault::Absent.code())));
    drive(&driver, &card, None);
    let done = Some(failed(Misuse::AlreadyDone.code()));
    assert_eq!(driver.start().err(), done);
    assert_eq!(driver.respond(vec![0x90, 0x00]).err(), done);
    let reading = driver.reading().unwrap();
    assert_eq!(driver.reading().err(), Some(failed(BoundaryFault::Absent.code())));
    assert_eq!(reading.status(ReadingPart::Face).unwrap(), None);
}

/// Cancelled before each exchange, and while each is under way: nothing is sent afterwards.
#[test]
fn a_cancelled_reading_sends_nothing_more() {
    let whole = {
        let card = card("adult");
        drive(&Driver::read(extended_link(), number(&card), plan(1)).unwrap(), &card, None)
    };
    for at in 0..whole {
        let card = card("adult");
        let driver = Driver::read(extended_link(), number(&card), plan(1)).unwrap();
        let mut sent = 0;
        let mut action = driver.start().unwrap();
        loop {
            action = match action {
                Action::Transmit { command } => {
                    if sent == at {
                        driver.cancel();
                    }
                    sent += 1;
                    driver.respond(card.transmit(command)).unwrap()
                }
                Action::Progress { .. } | Action::Face { .. } => driver.proceed().unwrap(),
                Action::Done => break,
            };
        }
        assert_eq!(sent, at + 1, "cancelled in exchange {at}");
        let reading = driver.reading().unwrap();
        assert_eq!(reading.tries_spent().unwrap(), 0);
        assert!(card.presentations() <= 2);
    }
}

struct Mischief {
    card: Arc<SimCard>,
    driver: std::sync::OnceLock<Arc<Driver>>,
    kind: usize,
    at: usize,
    calls: AtomicUsize,
}

impl CardTransport for Mischief {
    fn transmit(&self, command: Vec<u8>) -> Result<Vec<u8>, TransportFailure> {
        if self.calls.fetch_add(1, Ordering::Relaxed) == self.at {
            let driver = self.driver.get().unwrap();
            match self.kind {
                0 => return Err(TransportFailure::Link { code: LinkFault::ReaderGone.code() }),
                1 => return Err(TransportFailure::Link { code: 4711 }),
                2 => return Err(uniffi::UnexpectedUniFFICallbackError::new("山田太郎").into()),
                3 => return Ok(Vec::new()),
                4 => driver.cancel(),
                5 => {
                    let busy = Some(failed(BoundaryFault::HandleBusy.code()));
                    assert_eq!(driver.start().err(), busy);
                    assert_eq!(driver.reading().err(), busy);
                }
                6 => panic!("a transport of Rust panics"),
                _ => {}
            }
        }
        Ok(self.card.transmit(command))
    }
}

#[test]
fn a_transport_that_fails_lies_reenters_cancels_or_panics_is_a_code_and_never_two_tries() {
    for kind in 0..8 {
        for at in 0..8 {
            let card = card("adult");
            let driver = Driver::read(extended_link(), number(&card), plan_face_only()).unwrap();
            let transport = Arc::new(Mischief {
                card: Arc::clone(&card),
                driver: Arc::clone(&driver).into(),
                kind,
                at,
                calls: AtomicUsize::new(0),
            });
            let ended = driver.run(transport, None);
            assert!(card.presentations() <= 1, "kind {kind} at {at}");
            if kind == 6 && at < 6 {
                let panicked = failed(BoundaryFault::Panicked.code());
                assert_eq!(ended, Err(panicked));
                assert_eq!(driver.reading().err(), Some(panicked));
                continue;
            }
            assert_eq!(ended, Ok(()));
            let status = driver.reading().unwrap().status(ReadingPart::Face).unwrap();
            let expected = match kind {
                0 => Some(LinkFault::ReaderGone.code()),
                1 | 2 => Some(LinkFault::Transport.code()),
                3 => Some(LinkFault::Lost.code()),
                4 => Some(LinkFault::Cancelled.code()),
                _ => None,
            };
            let unknown = Some(CredentialFault::OutcomeUnknown.code());
            assert!(status == expected || status == unknown || status.is_none(), "{kind} {at}");
            // There are six exchanges; what cancels in the last one comes too late.
            let is_late = at > 5 || (kind == 4 && at == 5);
            assert!(is_late || expected.is_none() == status.is_none(), "kind {kind} at {at}");
        }
    }
}

struct Watch(AtomicUsize, AtomicUsize);

impl ReadingListener for Watch {
    fn on_progress(&self, _: Progress) -> Result<(), TransportFailure> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Err(TransportFailure::Link { code: 1 })
    }

    fn on_face(&self, face: Arc<CardFace>) -> Result<(), TransportFailure> {
        assert_eq!(face.birth_date().year, 1985);
        self.1.fetch_add(1, Ordering::Relaxed);
        Err(uniffi::UnexpectedUniFFICallbackError::new("no").into())
    }
}

#[test]
fn what_a_listener_throws_changes_nothing() {
    let card = card("adult");
    let driver = Driver::read(extended_link(), number(&card), plan(1)).unwrap();
    let watch = Arc::new(Watch(AtomicUsize::new(0), AtomicUsize::new(0)));
    let transport = Arc::new(Mischief {
        card,
        driver: Arc::clone(&driver).into(),
        kind: 7,
        at: 0,
        calls: AtomicUsize::new(0),
    });
    driver.run(transport, Some(Arc::clone(&watch) as Arc<dyn ReadingListener>)).unwrap();
    assert_eq!(driver.reading().unwrap().status(ReadingPart::Face).unwrap(), None);
    assert!(watch.0.load(Ordering::Relaxed) > 5);
    assert_eq!(watch.1.load(Ordering::Relaxed), 1);
}

#[test]
fn the_text_application_proves_itself_where_it_is_asked() {
    let card = card("adult");
    let read = |text_proof| {
        card.power_off();
        let asked = Plan { text_proof, ..plan(1) };
        let driver = Driver::read(extended_link(), number(&card), asked).unwrap();
        drive(&driver, &card, None);
        driver.reading().unwrap().status(ReadingPart::TextProof).unwrap()
    };
    assert_eq!(read(false), Some(BoundaryFault::Absent.code()));
    assert_eq!(read(true), None);
}

#[test]
fn a_torn_tap_goes_on_with_the_same_card_and_no_other() {
    let torn = |card: &SimCard| {
        let driver = Driver::read(extended_link(), number(card), plan(1)).unwrap();
        drive(&driver, card, Some(9));
        driver.reading().unwrap()
    };
    let (adult, other) = (card("adult"), card("long-name"));
    let reading = torn(&adult);
    let number = number(&adult);
    let again = Driver::resume(extended_link(), number.clone(), plan(1), reading.clone()).err();
    assert_eq!(again, Some(failed(Misuse::OutOfRange.code())), "the nonce of the tap before");
    assert!(reading.statistics().is_ok(), "it is as it was");
    let driver = Driver::resume(extended_link(), number.clone(), plan(3), reading.clone()).unwrap();
    assert_eq!(reading.statistics().err(), Some(failed(BoundaryFault::Absent.code())));
    drive(&driver, &other, None);
    assert!(driver.resumed().is_err());
    assert_eq!(other.presentations(), 0);
    let reading = driver.reading().unwrap();
    let driver = Driver::resume(extended_link(), number, plan(5), reading).unwrap();
    drive(&driver, &adult, None);
    assert_eq!(driver.resumed(), Ok(()));
    assert_eq!(driver.reading().unwrap().status(ReadingPart::Attributes).unwrap(), None);
}

/// An encounter with its log, stored in memory.
struct Tablet {
    log: Arc<AuditLog>,
    encounter: Arc<Encounter>,
    stored: Vec<String>,
}

const CREW: &str = "crew-1";

impl Tablet {
    fn new(drill: bool) -> Self {
        let start = LogStart {
            drill,
            id: vec![1; 16],
            seal_key: vec![2; 32],
            device: "tablet-01".to_owned(),
        };
        let log = AuditLog::create(start, NOW).unwrap();
        let start = EncounterStart {
            drill,
            id: vec![3; 16],
            salt: vec![4; 32],
            permit_millis: None,
            crew: CREW.to_owned(),
        };
        let encounter = Encounter::open(start, NOW).unwrap();
        let mut tablet = Self { log, encounter, stored: Vec::new() };
        tablet.stored.push(tablet.log.next_line(None).unwrap().unwrap());
        tablet.log.confirm(None, NOW).unwrap();
        tablet.record();
        tablet
    }

    fn record(&mut self) {
        let it = || Some(Arc::clone(&self.encounter));
        while let Some(line) = self.log.next_line(it()).unwrap() {
            self.stored.push(line);
            self.log.confirm(it(), NOW).unwrap();
        }
        assert_eq!(self.encounter.unrecorded().unwrap(), 0);
    }

    fn tell(&mut self, event: EventCode) {
        self.encounter.report_event(event.code(), CREW.to_owned(), NOW).unwrap();
        self.record();
    }

    fn take_card(&mut self, profile: &str) -> EventCode {
        let (_, reading) = read(profile);
        let report = reading.examine(roots(), HostClock::Trusted { unix_millis: NOW }).unwrap();
        let taken =
            self.encounter.card_read(reading.clone(), report, CREW.to_owned(), NOW).unwrap();
        assert_eq!(reading.name().err(), Some(failed(BoundaryFault::Absent.code())));
        self.record();
        EventCode::from_code(taken).unwrap()
    }

    fn fetch(
        &self,
        kind: SourceKind,
        answer: fn() -> Result<MedicalAnswer, SourceFailure>,
    ) -> Result<Option<u16>, MynacardFault> {
        let source = Arc::new(Source(Arc::clone(&self.encounter), answer));
        self.encounter.fetch(ViewScope::Summary, kind, source, CREW.to_owned(), NOW)
    }
}

struct Source(Arc<Encounter>, fn() -> Result<MedicalAnswer, SourceFailure>);

impl MedicalSource for Source {
    fn ask(&self, query: MedicalQuery) -> Result<MedicalAnswer, SourceFailure> {
        assert_eq!((query.scope, query.unix_millis), (ViewScope::Summary, NOW));
        let busy = Some(failed(BoundaryFault::HandleBusy.code()));
        assert_eq!(self.0.way_out().err(), busy, "a source that re-enters");
        (self.1)()
    }
}

fn with_permit() -> Tablet {
    let mut tablet = Tablet::new(false);
    tablet.take_card("adult");
    tablet.tell(EventCode::FaceMatched);
    tablet.tell(EventCode::ConsentByPatient);
    tablet.encounter.request_permit(ViewScope::Summary, CREW.to_owned(), NOW).unwrap();
    assert_eq!(tablet.encounter.permit_until(NOW).unwrap(), None, "not before it is recorded");
    tablet.record();
    assert!(tablet.encounter.permit_until(NOW).unwrap().is_some());
    tablet
}

fn patient() -> Result<MedicalAnswer, SourceFailure> {
    Ok(MedicalAnswer::PatientFile { json: PATIENT.to_vec() })
}

#[test]
fn a_whole_encounter_is_recorded_before_anything_is_seen() {
    let mut tablet = with_permit();
    assert_eq!(tablet.fetch(SourceKind::Synthetic, patient), Ok(None));
    let notes = CrewNotes {
        unit: "架空第一救急隊".to_owned(),
        complaint: "胸痛".to_owned(),
        consciousness: String::new(),
        systolic: Some(152),
        diastolic: None,
        pulse: Some(96),
        breaths: None,
        oxygen: Some(95),
        temperature_tenths: None,
    };
    tablet.encounter.note_crew_facts(notes).unwrap();
    let script = tablet.encounter.handover(ReportForm::Script, NOW).unwrap();
    assert!(script.contains("架空第一救急隊") && script.contains("胸痛"), "{script}");
    let json = tablet.encounter.handover(ReportForm::Json, NOW).unwrap();
    assert!(json.starts_with('{') && json.contains("メトホルミン"));
    let allowed = tablet.encounter.allowed_events(NOW).unwrap();
    assert!(allowed.contains(&EventCode::HandedOver.code()));
    tablet.tell(EventCode::HandedOver);
    assert!(tablet.encounter.way_out().unwrap().is_some());
    assert!(!tablet.encounter.handover(ReportForm::Json, NOW).unwrap().contains("メトホルミン"));
    let ended = failed(Refusal::Ended.code());
    let late = EventCode::FaceMatched.code();
    assert_eq!(tablet.encounter.report_event(late, CREW.to_owned(), NOW), Err(ended));
    assert!(tablet.stored.iter().all(|line| line.ends_with('\n') && !line.contains("救急")));
    let state = tablet.log.state().unwrap();
    AuditLog::resume(false, state.clone()).unwrap();
    assert!(AuditLog::resume(true, state).is_err());
}

#[test]
fn without_every_fact_there_is_no_permit_and_no_data() {
    let mut tablet = Tablet::new(false);
    let refusal = || tablet.encounter.permit_refusal(NOW).unwrap();
    assert!(refusal().is_some());
    assert!(tablet.fetch(SourceKind::Synthetic, patient).is_err());
    tablet.take_card("adult");
    tablet.tell(EventCode::FaceMatched);
    assert!(tablet.encounter.permit_refusal(NOW).unwrap().is_some());
    assert!(tablet.encounter.request_permit(ViewScope::Summary, CREW.to_owned(), NOW).is_err());
    let card_read = EventCode::CardAcceptable.code();
    let not_ours = Err(failed(Misuse::OutOfRange.code()));
    assert_eq!(tablet.encounter.report_event(card_read, CREW.to_owned(), NOW), not_ours);
}

#[test]
fn a_source_may_have_nothing_fail_throw_or_answer_for_somebody_else() {
    let tablet = with_permit();
    let nothing = || Ok(MedicalAnswer::Nothing { reason: NoRecordsReason::NoSignal });
    let no_signal = Some(EventCode::NoSignal.code());
    assert_eq!(tablet.fetch(SourceKind::Service, nothing), Ok(no_signal));
    let tablet = with_permit();
    let threw = || Err(uniffi::UnexpectedUniFFICallbackError::new("山田太郎").into());
    let source_failed = Err(failed(MedicalFault::SourceFailed.code()));
    assert_eq!(tablet.fetch(SourceKind::Service, threw), source_failed);
    assert_eq!(tablet.fetch(SourceKind::Service, patient), source_failed, "of another kind");
    fn reply(birth: &str) -> MedicalAnswer {
        let xml = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><XmlMsg><MessageHeader><QuaInf>\
             <Birth>{birth}</Birth><AdmGendCode>1</AdmGendCode></QuaInf></MessageHeader>\
             <MessageBody></MessageBody></XmlMsg>"
        );
        MedicalAnswer::Replies { xml: vec![xml.into_bytes()] }
    }
    let other = || Ok(reply("19480101"));
    let other_patient = Err(failed(MedicalFault::OtherPatient.code()));
    assert_eq!(tablet.fetch(SourceKind::Service, other), other_patient);
    assert_eq!(tablet.fetch(SourceKind::Service, || Ok(reply("19850503"))), Ok(None));
}

#[test]
fn a_drill_asks_no_real_source_and_fits_no_real_log() {
    let mut tablet = Tablet::new(true);
    assert_eq!(tablet.take_card("adult"), EventCode::CardAcceptable);
    tablet.tell(EventCode::FaceMatched);
    tablet.tell(EventCode::ConsentByPatient);
    tablet.encounter.request_permit(ViewScope::Full, CREW.to_owned(), NOW).unwrap();
    tablet.record();
    let real = tablet.fetch(SourceKind::Service, || panic!("it must not be asked"));
    assert_eq!(real, Err(failed(MedicalFault::RealInDrill.code())));
    let log = Tablet::new(false).log;
    assert!(log.next_line(Some(tablet.encounter)).is_err());
}

#[test]
fn a_fault_has_its_row_and_says_nothing_else() {
    let row = fault_row(LinkFault::Lost.code()).unwrap();
    assert_eq!(row.name, "LinkFault::Lost");
    assert!(row.advice_ja.contains("カード"));
    assert!(fault_row(1).is_none());
    assert_eq!(failed(LinkFault::Lost.code()).to_string(), "mynacard fault 1001");
}
