//! Encounters: facts in, permit and report out, every step recorded before it counts.

use std::sync::Arc;

use mynacard_core::Timestamp;
use mynacard_core::audit::{EncounterId, Event, Salt, ShortId};
use mynacard_core::consent::{PermitLife, Scope};
use mynacard_core::error::Misuse;
use mynacard_core::handover::Vitals;
use mynacard_core::medical::{MedicalFault, NoRecords, PersonalText};
use zeroize::Zeroizing;

use super::error::{MynacardFault, exactly, guarded};
use super::reading::Reading;
use crate::encounter::{AnyEncounter, event_of};
use crate::error::Error;
use crate::exclusive::Exclusive;
use crate::source::{self, Answer, Kind};

/// An encounter (救急活動): one card, one patient, one permit. What is personal in it is wiped when nothing
/// allows it any more, and at the latest with its last reference. Any thread may use it, one at a time.
#[derive(uniffi::Object)]
pub struct Encounter(pub(super) Exclusive<AnyEncounter>);

/// What begins an encounter.
#[derive(uniffi::Record)]
pub struct EncounterStart {
    /// Whether it is a drill (訓練), which fits no real log and takes test cards.
    pub drill: bool,
    /// 16 bytes from the system's cryptographic generator, drawn anew for each encounter.
    pub id: Vec<u8>,
    /// 32 bytes from there, drawn anew: the log's commitments to a card hang on them.
    pub salt: Vec<u8>,
    /// How long a permit lasts, in milliseconds; at most six hours. None: one hour.
    pub permit_millis: Option<u64>,
    /// Who begins it: 1 to 24 characters of `A-Z a-z 0-9 . _ -`, a staff number, never a name.
    pub crew: String,
}

/// What a permit opens.
#[derive(Clone, Copy, Debug, Eq, PartialEq, uniffi::Enum)]
pub enum ViewScope {
    /// The emergency summary (救急用サマリー).
    Summary,
    /// The full view (全量版), which includes the summary.
    Full,
}

impl From<ViewScope> for Scope {
    fn from(scope: ViewScope) -> Self {
        match scope {
            ViewScope::Summary => Self::Summary,
            ViewScope::Full => Self::Full,
        }
    }
}

/// Whether a card is the one that the encounter has already.
#[derive(Clone, Copy, Debug, Eq, PartialEq, uniffi::Enum)]
pub enum SameCard {
    /// As far as the chips tell. Where they cannot: `Refusal::CardUnclear`.
    ChipsTell,
    /// The crew looked, and says that it is. It counts only where the chips cannot tell.
    CrewSaysSame,
    /// The crew looked, and says that it is another one.
    CrewSaysOther,
}

/// A form of the hand-over (引き継ぎ) to the hospital.
#[derive(Clone, Copy, Debug, Eq, PartialEq, uniffi::Enum)]
pub enum HandoverForm {
    /// To be read aloud on the telephone, in Japanese.
    Script,
    /// One page of text, in Japanese.
    Page,
    /// The same as data: one JSON object, complete.
    Json,
}

/// What the crew has found.
#[derive(uniffi::Record)]
pub struct CrewNotes {
    /// Who calls: the name of the unit (救急隊名); may be empty.
    pub unit: String,
    /// Chief complaint (主訴); may be empty.
    pub complaint: String,
    /// Consciousness (意識), `JCS 2`; may be empty.
    pub consciousness: String,
    /// Systolic blood pressure, mmHg.
    pub systolic: Option<u16>,
    /// Diastolic blood pressure, mmHg.
    pub diastolic: Option<u16>,
    /// Pulse, a minute.
    pub pulse: Option<u16>,
    /// Breaths, a minute.
    pub breaths: Option<u16>,
    /// Oxygen saturation, percent.
    pub oxygen: Option<u8>,
    /// Body temperature in tenths of a degree Celsius.
    pub temperature_tenths: Option<u16>,
}

/// What kind of medical source the host has.
#[derive(Clone, Copy, Debug, Eq, PartialEq, uniffi::Enum)]
pub enum SourceKind {
    /// Invented patients (架空の傷病者): the only one that a drill may ask.
    Synthetic,
    /// The eligibility system (オンライン資格確認等システム). The layout of its replies was read off public code
    /// and never verified, and every report says so.
    Service,
}

/// What a medical source is asked.
#[derive(Clone, Copy, Debug, Eq, PartialEq, uniffi::Record)]
pub struct MedicalQuery {
    /// What is wanted. A source may give more: only this is kept.
    pub scope: ViewScope,
    /// The moment of asking, in milliseconds since 1970.
    pub unix_millis: u64,
}

/// Why there is no medical information, though everything worked as it should.
#[derive(Clone, Copy, Debug, Eq, PartialEq, uniffi::Enum)]
pub enum NoRecordsReason {
    /// The card is not registered as health insurance card (マイナ保険証の利用登録なし).
    NotRegistered,
    /// The card's certificate has expired: eligibility alone is given, for three months.
    EligibilityOnly,
    /// The service wants a consent that it has not got.
    ConsentRequired,
    /// No connection (圏外).
    NoSignal,
    /// The service is down.
    Down,
}

/// What a medical source answers. The bytes are personal: the host wipes its own copies.
#[derive(uniffi::Enum)]
pub enum MedicalAnswer {
    /// One patient file in the form of examples/data/patients, of a synthetic source.
    PatientFile {
        /// The file.
        json: Vec<u8>,
    },
    /// Replies of the eligibility system in XML, of a source that is the service. They must be about the holder of
    /// the card that was read.
    Replies {
        /// Each reply.
        xml: Vec<Vec<u8>>,
    },
    /// Nothing, for this reason.
    Nothing {
        /// Why.
        reason: NoRecordsReason,
    },
}

impl From<MedicalAnswer> for Answer {
    fn from(answer: MedicalAnswer) -> Self {
        match answer {
            MedicalAnswer::PatientFile { json } => Self::PatientFile(Zeroizing::new(json)),
            MedicalAnswer::Replies { xml } => {
                Self::Replies(xml.into_iter().map(Zeroizing::new).collect())
            }
            MedicalAnswer::Nothing { reason } => Self::Nothing(match reason {
                NoRecordsReason::NotRegistered => NoRecords::NotRegistered,
                NoRecordsReason::EligibilityOnly => NoRecords::EligibilityOnly,
                NoRecordsReason::ConsentRequired => NoRecords::ConsentRequired,
                NoRecordsReason::NoSignal => NoRecords::NoSignal,
                NoRecordsReason::Down => NoRecords::Down,
            }),
        }
    }
}

/// A source that could not be asked, or whose answer makes no sense.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error, uniffi::Error)]
pub enum SourceFailure {
    /// The only kind. What is to be expected, such as no signal, is an answer.
    #[error("the medical source failed")]
    Failed,
}

impl From<uniffi::UnexpectedUniFFICallbackError> for SourceFailure {
    /// What the source threw without declaring it. Its text is dropped: it could say anything.
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Failed
    }
}

/// An answer, and when it was there.
#[derive(uniffi::Record)]
pub struct TimedAnswer {
    /// The answer.
    pub answer: MedicalAnswer,
    /// When it was there, in milliseconds since 1970, by the clock that the question's time is from: the
    /// permit is checked again by it. One before the question is a failure.
    pub unix_millis: u64,
}

/// A place that medical data come from. It is asked only under a permit.
#[uniffi::export(with_foreign)]
pub trait MedicalSource: Send + Sync {
    /// Asks for everything that is known. Errors: the asking failed.
    fn ask(&self, query: MedicalQuery) -> Result<TimedAnswer, SourceFailure>;
}

#[uniffi::export]
impl Encounter {
    /// Begins an encounter. Its first line waits for a log.
    ///
    /// Errors: `Misuse::OutOfRange` for bytes of another number or a time that cannot be; `AuditFault` for an id that
    /// cannot be.
    #[uniffi::constructor]
    pub fn open(start: EncounterStart, now_unix_millis: u64) -> Result<Arc<Self>, MynacardFault> {
        let salt = Zeroizing::new(start.salt);
        guarded(|| {
            let id = EncounterId::from_random(exactly(&start.id)?);
            let salt = Salt::from_random(exactly(&salt)?);
            let life = match start.permit_millis {
                None => PermitLife::ORDINARY,
                Some(millis) => PermitLife::from_millis(millis)?,
            };
            let (crew, now) = told(&start.crew, now_unix_millis)?;
            let encounter = AnyEncounter::open(start.drill, (id, salt), life, crew, now);
            Ok(Arc::new(Self(Exclusive::new(encounter))))
        })
    }

    /// Takes what was read from a card and examined ([`Reading::examine`](super::reading::Reading)), out of
    /// its reading; gives the event that goes into the log. A reading without a face is recorded as the
    /// failure that it is, and stays. Another card than before takes the place of the first: the
    /// wrong-patient guard.
    ///
    /// Errors, with reading and encounter as they were: `BoundaryFault::NotExamined`; `BoundaryFault::Absent`
    /// when the reading was taken out; `Refusal::CardUnclear` when nothing that was read of this card and the
    /// one before can be compared: ask the crew; another `Refusal`.
    pub fn card_read(
        &self,
        reading: Arc<Reading>,
        same_card: SameCard,
        crew: String,
        now_unix_millis: u64,
    ) -> Result<u16, MynacardFault> {
        guarded(|| {
            let (crew, now) = told(&crew, now_unix_millis)?;
            let same = match same_card {
                SameCard::ChipsTell => None,
                SameCard::CrewSaysSame => Some(true),
                SameCard::CrewSaysOther => Some(false),
            };
            Ok(self.0.hold()?.take_card(&reading.0, same, crew, now)?.code())
        })
    }

    /// Records an event that is a crew's to record, by its number in the log. What it makes waits for the log.
    ///
    /// Errors: `Refusal` when it cannot be in the present state, `Misuse::OutOfRange` for an event that is not a
    /// host's to record; nothing has changed then.
    pub fn record(
        &self,
        event: u16,
        crew: String,
        now_unix_millis: u64,
    ) -> Result<(), MynacardFault> {
        guarded(|| {
            let (crew, now) = told(&crew, now_unix_millis)?;
            self.0.hold()?.record(event_of(event.into())?, crew, now)?;
            Ok(())
        })
    }

    /// What a crew could record now, for the buttons of a screen.
    pub fn allowed_events(&self, now_unix_millis: u64) -> Result<Vec<u16>, MynacardFault> {
        guarded(|| {
            let allowed = self.0.hold()?.allowed_events(timestamp(now_unix_millis)?);
            Ok(allowed.into_iter().map(Event::code).collect())
        })
    }

    /// How the encounter ended, by the number of its event; none while it goes on.
    pub fn way_out(&self) -> Result<Option<u16>, MynacardFault> {
        guarded(|| Ok(self.0.hold()?.way_out().map(Event::code)))
    }

    /// What was made and is not stored yet.
    pub fn unrecorded(&self) -> Result<u64, MynacardFault> {
        guarded(|| Ok(self.0.hold()?.unrecorded() as u64))
    }

    /// Whether a permit would be granted now: none, or the code of the fact that is missing.
    pub fn permit_refusal(&self, now_unix_millis: u64) -> Result<Option<u16>, MynacardFault> {
        guarded(|| {
            let refusal = self.0.hold()?.would_permit(timestamp(now_unix_millis)?).err();
            Ok(refusal.map(|refusal| refusal.code()))
        })
    }

    /// Asks for a permit. It is NOT in force before its line is stored and confirmed.
    ///
    /// Errors: `Refusal`.
    pub fn request_permit(
        &self,
        scope: ViewScope,
        crew: String,
        now_unix_millis: u64,
    ) -> Result<(), MynacardFault> {
        guarded(|| {
            let (crew, now) = told(&crew, now_unix_millis)?;
            self.0.hold()?.request_permit(scope.into(), crew, now)?;
            Ok(())
        })
    }

    /// When the permit that is in force ends, in milliseconds since 1970; none if none is.
    pub fn permit_until(&self, now_unix_millis: u64) -> Result<Option<u64>, MynacardFault> {
        guarded(|| {
            let until = self.0.hold()?.permit_until(timestamp(now_unix_millis)?);
            Ok(until.map(|until| until.unix_millis()))
        })
    }

    /// Asks a source for medical information, if the permit in force covers it. None if there is something to show,
    /// else the event that goes into the log: why the source gave nothing. The encounter is in use while the source
    /// is asked: what the source calls on it is refused.
    ///
    /// Errors: `Refusal`, with nothing asked; `MedicalFault`.
    pub fn fetch(
        &self,
        scope: ViewScope,
        kind: SourceKind,
        source: Arc<dyn MedicalSource>,
        crew: String,
        now_unix_millis: u64,
    ) -> Result<Option<u16>, MynacardFault> {
        guarded(|| {
            let (crew, now) = told(&crew, now_unix_millis)?;
            let kind = match kind {
                SourceKind::Synthetic => Kind::Synthetic,
                SourceKind::Service => Kind::Service,
            };
            let ask = |scope, now: Timestamp| {
                let scope = match scope {
                    Scope::Summary => ViewScope::Summary,
                    Scope::Full => ViewScope::Full,
                };
                let query = MedicalQuery { scope, unix_millis: now.unix_millis() };
                let answered = source.ask(query).map_err(|_| MedicalFault::SourceFailed)?;
                Ok((answered.answer.into(), answered.unix_millis))
            };
            let event = source::fetch(&mut *self.0.hold()?, kind, ask, scope.into(), crew, now)?;
            Ok(event.map(Event::code))
        })
    }

    /// Notes the crew's findings for the hand-over, in the place of what was noted before.
    pub fn note_crew_facts(&self, notes: CrewNotes) -> Result<(), MynacardFault> {
        let text = [notes.unit, notes.complaint, notes.consciousness].map(Zeroizing::new);
        guarded(|| {
            let [unit, complaint, consciousness] = &text;
            let mut encounter = self.0.hold()?;
            let noted = encounter.crew_facts();
            noted.unit = PersonalText::some(unit);
            noted.complaint = PersonalText::some(complaint);
            noted.consciousness = PersonalText::some(consciousness);
            noted.vitals = Vitals {
                systolic: notes.systolic,
                diastolic: notes.diastolic,
                pulse: notes.pulse,
                breaths: notes.breaths,
                oxygen: notes.oxygen,
                temperature_tenths: notes.temperature_tenths,
            };
            Ok(())
        })
    }

    /// What the hospital is told (引き継ぎ). Ask for it before the hand-over is recorded, which ends the encounter.
    /// Medical information is in it only while its permit is in force.
    pub fn handover(
        &self,
        form: HandoverForm,
        now_unix_millis: u64,
    ) -> Result<String, MynacardFault> {
        guarded(|| {
            let now = timestamp(now_unix_millis)?;
            Ok(self.0.hold()?.with_handover(now, |handover| {
                let made = match form {
                    HandoverForm::Script => handover.script(),
                    HandoverForm::Page => handover.page(),
                    HandoverForm::Json => handover.json(),
                };
                made.to_string()
            }))
        })
    }
}

/// The name of an event in the log, such as `face-matched`; none for an unknown one.
#[uniffi::export]
#[must_use]
pub fn event_name(event: u16) -> Option<String> {
    Event::from_code(event).map(|event| event.name().to_owned())
}

/// What to write on a button for an event, in Japanese; none for an unknown one.
#[uniffi::export]
#[must_use]
pub fn event_label_ja(event: u16) -> Option<String> {
    Event::from_code(event).map(|event| event.label_ja().to_owned())
}

/// Who tells something, and when.
fn told(crew: &str, now_unix_millis: u64) -> Result<(ShortId, Timestamp), Error> {
    Ok((ShortId::new(crew)?, timestamp(now_unix_millis)?))
}

fn timestamp(unix_millis: u64) -> Result<Timestamp, Misuse> {
    Timestamp::from_unix_millis(unix_millis)
}
