//! Encounters, their medical sources and their log.

use std::sync::Arc;

use mynacard::uni::encounter::{
    CrewNotes, Encounter, EncounterStart, MedicalAnswer, MedicalQuery, MedicalSource,
    NoRecordsReason, ReportForm, SourceFailure, SourceKind, ViewScope,
};
use mynacard::uni::error::MynacardFault;
use mynacard::uni::log::{AuditLog, LogStart};
use mynacard::uni::trust::HostClock;
use mynacard_core::audit::{AuditFault, Ed25519Signer, EventCode, Evidence, SealKey, Verifier};
use mynacard_core::consent::Refusal;
use mynacard_core::error::{BoundaryFault, Misuse};
use mynacard_core::medical::MedicalFault;

use crate::support::{NOW, failed, read, roots};

const PATIENT: &[u8] = include_bytes!("../../../examples/data/patients/adult.json");

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
fn a_source_that_panics_ends_the_use_of_its_encounter() {
    let tablet = with_permit();
    let panicked = Err(failed(BoundaryFault::Panicked.code()));
    assert_eq!(tablet.fetch(SourceKind::Synthetic, || panic!("a source of Rust panics")), panicked);
    assert_eq!(tablet.fetch(SourceKind::Synthetic, patient), panicked);
    assert_eq!(tablet.encounter.way_out().err(), panicked.err());
}

#[test]
fn a_line_is_confirmed_once_and_only_after_it_was_asked_for() {
    let mut tablet = Tablet::new(false);
    let absent = Err(failed(BoundaryFault::Absent.code()));
    assert_eq!(tablet.log.confirm(Some(Arc::clone(&tablet.encounter)), NOW), absent);
    tablet.take_card("adult");
    tablet.tell(EventCode::FaceMatched);
    assert_eq!(tablet.log.confirm(Some(Arc::clone(&tablet.encounter)), NOW), absent);
    let other = Tablet::new(false).encounter;
    let event = EventCode::ConsentByPatient.code();
    tablet.encounter.report_event(event, CREW.to_owned(), NOW).unwrap();
    tablet.log.next_line(Some(Arc::clone(&tablet.encounter))).unwrap();
    let stale = failed(AuditFault::Stale.code());
    assert_eq!(tablet.log.confirm(Some(other), NOW), Err(stale), "the line of another encounter");
    let own = || Some(Arc::clone(&tablet.encounter));
    assert_eq!(tablet.log.confirm(own(), NOW), Ok(()), "it is still there to be confirmed");
    assert_eq!(tablet.log.confirm(own(), NOW), absent);
}

/// An Ed25519 key in PKCS#8 (RFC 8410).
fn pkcs8() -> Vec<u8> {
    let mut der = vec![0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
    der.extend([7; 32]);
    der
}

#[test]
fn a_log_goes_on_after_a_crash_is_signed_and_verifies() {
    let mut tablet = Tablet::new(false);
    let before = tablet.log.state().unwrap();
    tablet.take_card("adult");
    let last = tablet.stored.last().unwrap().clone();
    // The tablet has crashed after it had stored a line, and before it kept the state.
    let log = AuditLog::resume(false, before).unwrap();
    let not_next = failed(AuditFault::NotNext.code());
    assert_eq!(log.catch_up("{}\n".to_owned()), Err(not_next));
    log.catch_up(last.clone()).unwrap();
    assert_eq!(log.catch_up(last), Err(not_next), "a line a second time");
    tablet.log = log;
    tablet.tell(EventCode::FaceMatched);
    let bad_key = failed(AuditFault::BadKey.code());
    assert_eq!(tablet.log.checkpoint(vec![1, 2, 3], NOW), Err(bad_key));
    tablet.stored.push(tablet.log.checkpoint(pkcs8(), NOW).unwrap());
    tablet.log.confirm(None, NOW).unwrap();

    let verdict = |lines: &[String]| {
        let mut verifier = Verifier::new(Evidence {
            seal_key: Some(SealKey::from_random([2; 32])),
            checkpoint_key: Some(Ed25519Signer::from_pkcs8(&pkcs8()).unwrap().verifying_key()),
            ..Evidence::default()
        });
        lines.iter().for_each(|line| verifier.feed(line.as_bytes()));
        verifier.finish()
    };
    assert!(verdict(&tablet.stored).is_intact());
    tablet.stored.remove(2);
    assert!(!verdict(&tablet.stored).is_intact());
}
