//! Encounters, their medical sources and their log.

use std::sync::Arc;

use mynacard::error::BoundaryFault;
use mynacard::uni::encounter::{
    CrewNotes, Encounter, EncounterStart, HandoverForm, MedicalAnswer, MedicalQuery, MedicalSource,
    NoRecordsReason, SameCard, SourceFailure, SourceKind, TimedAnswer, ViewScope,
};
use mynacard::uni::error::MynacardFault;
use mynacard::uni::log::{AuditLog, LogStart};
use mynacard::uni::reading::Reading;
use mynacard_core::audit::{AuditFault, Ed25519Signer, Event, LogEvidence, SealKey, Verifier};
use mynacard_core::error::{MedicalFault, Misuse, Refusal};

use crate::support::{NOW, examined, failed, read};

const PATIENT: &[u8] = include_bytes!("../../../examples/data/patients/adult.json");

/// An encounter with its log, stored in memory.
pub(crate) struct Tablet {
    pub(crate) log: Arc<AuditLog>,
    pub(crate) encounter: Arc<Encounter>,
    pub(crate) stored: Vec<String>,
}

pub(crate) const CREW: &str = "crew-1";

impl Tablet {
    /// With the same identifiers each time.
    pub(crate) fn new(drill: bool) -> Self {
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
        tablet.record();
        tablet
    }

    pub(crate) fn own(&self) -> Option<Arc<Encounter>> {
        Some(Arc::clone(&self.encounter))
    }

    pub(crate) fn record(&mut self) {
        while let Some(line) = self.log.next_line(self.own()).unwrap() {
            self.stored.push(line.text);
            self.log.confirm(self.own(), line.ticket, NOW).unwrap();
        }
        assert_eq!(self.encounter.unrecorded().unwrap(), 0);
    }

    pub(crate) fn tell(&mut self, event: Event) {
        self.encounter.record(event.code(), CREW.to_owned(), NOW).unwrap();
        self.record();
    }

    fn take_card(&mut self, profile: &str) -> Event {
        let reading = examined(read(profile).1);
        let taken = self.take(&reading, SameCard::ChipsTell).unwrap();
        assert_eq!(reading.name().err(), Some(failed(BoundaryFault::Absent.code())));
        taken
    }

    /// Gives the encounter what was read, and records what comes of it.
    pub(crate) fn take(
        &mut self,
        reading: &Arc<Reading>,
        same: SameCard,
    ) -> Result<Event, MynacardFault> {
        let event = self.encounter.card_read(Arc::clone(reading), same, CREW.to_owned(), NOW)?;
        self.record();
        Ok(Event::from_code(event).unwrap())
    }

    pub(crate) fn request_permit(&self) -> Result<(), MynacardFault> {
        self.encounter.request_permit(ViewScope::Summary, CREW.to_owned(), NOW)
    }

    fn fetch(
        &self,
        kind: SourceKind,
        answer: fn() -> Result<MedicalAnswer, SourceFailure>,
    ) -> Result<Option<u16>, MynacardFault> {
        self.fetch_until(kind, answer, NOW + 1)
    }

    /// As [`Tablet::fetch`], with the answer there at that time.
    fn fetch_until(
        &self,
        kind: SourceKind,
        answer: fn() -> Result<MedicalAnswer, SourceFailure>,
        unix_millis: u64,
    ) -> Result<Option<u16>, MynacardFault> {
        let source = Arc::new(Source(Arc::clone(&self.encounter), answer, unix_millis));
        self.encounter.fetch(ViewScope::Summary, kind, source, CREW.to_owned(), NOW)
    }
}

struct Source(Arc<Encounter>, fn() -> Result<MedicalAnswer, SourceFailure>, u64);

impl MedicalSource for Source {
    fn ask(&self, query: MedicalQuery) -> Result<TimedAnswer, SourceFailure> {
        assert_eq!((query.scope, query.unix_millis), (ViewScope::Summary, NOW));
        let busy = Some(failed(BoundaryFault::HandleBusy.code()));
        assert_eq!(self.0.way_out().err(), busy, "a source that re-enters");
        Ok(TimedAnswer { answer: (self.1)()?, unix_millis: self.2 })
    }
}

pub(crate) fn with_permit() -> Tablet {
    let mut tablet = Tablet::new(false);
    tablet.take_card("adult");
    tablet.tell(Event::FaceMatched);
    tablet.tell(Event::ConsentByPatient);
    tablet.request_permit().unwrap();
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
    let script = tablet.encounter.handover(HandoverForm::Script, NOW).unwrap();
    assert!(script.contains("架空第一救急隊") && script.contains("胸痛"), "{script}");
    let json = tablet.encounter.handover(HandoverForm::Json, NOW).unwrap();
    assert!(json.starts_with('{') && json.contains("メトホルミン"));
    let allowed = tablet.encounter.allowed_events(NOW).unwrap();
    assert!(allowed.contains(&Event::HandedOver.code()));
    tablet.tell(Event::HandedOver);
    assert!(tablet.encounter.way_out().unwrap().is_some());
    assert!(!tablet.encounter.handover(HandoverForm::Json, NOW).unwrap().contains("メトホルミン"));
    let ended = failed(Refusal::Ended.code());
    let late = Event::FaceMatched.code();
    assert_eq!(tablet.encounter.record(late, CREW.to_owned(), NOW), Err(ended));
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
    tablet.tell(Event::FaceMatched);
    assert!(tablet.encounter.permit_refusal(NOW).unwrap().is_some());
    assert!(tablet.request_permit().is_err());
    let card_read = Event::CardAcceptable.code();
    let not_ours = Err(failed(Misuse::OutOfRange.code()));
    assert_eq!(tablet.encounter.record(card_read, CREW.to_owned(), NOW), not_ours);
}

#[test]
fn a_source_may_have_nothing_fail_throw_or_answer_for_somebody_else() {
    let tablet = with_permit();
    let nothing = || Ok(MedicalAnswer::Nothing { reason: NoRecordsReason::NoSignal });
    let no_signal = Some(Event::NoSignal.code());
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
    assert_eq!(tablet.take_card("adult"), Event::CardAcceptable);
    tablet.tell(Event::FaceMatched);
    tablet.tell(Event::ConsentByPatient);
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
fn an_answer_that_comes_after_the_permit_is_not_kept_and_one_before_the_question_is_none() {
    let hour = 3_600_000;
    let tablet = with_permit();
    let expired = Err(failed(Refusal::PermitExpired.code()));
    assert_eq!(tablet.fetch_until(SourceKind::Synthetic, patient, NOW + hour + 1), expired);
    let json = tablet.encounter.handover(HandoverForm::Json, NOW).unwrap();
    assert!(!json.contains("メトホルミン"), "{json}");
    let source_failed = Err(failed(MedicalFault::SourceFailed.code()));
    for at in [0, NOW - 1] {
        assert_eq!(tablet.fetch_until(SourceKind::Synthetic, patient, at), source_failed);
    }
    assert_eq!(tablet.fetch_until(SourceKind::Synthetic, patient, NOW), Ok(None));
}

/// What somebody says of these lines who has the key of every test's log.
pub(crate) fn is_intact(lines: &[String]) -> bool {
    let mut verifier = Verifier::new(LogEvidence {
        seal_key: Some(SealKey::from_random([2; 32])),
        checkpoint_key: Some(Ed25519Signer::from_pkcs8(&pkcs8()).unwrap().verifying_key()),
        ..LogEvidence::default()
    });
    lines.iter().for_each(|line| verifier.feed(line.as_bytes()));
    verifier.finish().is_intact()
}

/// An Ed25519 key in PKCS#8 (RFC 8410).
pub(crate) fn pkcs8() -> Vec<u8> {
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
    tablet.tell(Event::FaceMatched);
    let bad_key = failed(AuditFault::BadKey.code());
    assert_eq!(tablet.log.checkpoint(vec![1, 2, 3], NOW), Err(bad_key));
    let line = tablet.log.checkpoint(pkcs8(), NOW).unwrap();
    tablet.stored.push(line.text);
    tablet.log.confirm(None, line.ticket, NOW).unwrap();

    assert!(is_intact(&tablet.stored));
    tablet.stored.remove(2);
    assert!(!is_intact(&tablet.stored));
}
