//! One encounter (救急活動): one card, one patient, one permit. Ties reading, identity check, consent,
//! viewing and hand-over together for an app.
//!
//! Events go in; what belongs in the audit log comes out of each, and the host stores it. Whatever is
//! personal is held here alone, is let go as soon as nothing allows it any more (a second card, a
//! withdrawal, a waking patient), and is wiped when the encounter ends. Time is an argument.
//!
//! `Encounter<Drill>` is the same for training (訓練): it shows on everything it makes, what it
//! records fits no real log, and test cards count as cards only there.

use core::fmt;

use ring::digest::{SHA256, digest};

use crate::audit::{EncounterId, EventCode, LogKind, Occurrence, Real, Salt, ShortId, Stored};
use crate::consent::{
    Basis, CardFailure, CardKey, CardTrust, Consent, Event, Facts, Giver, Identity, PendingPermit,
    Permit, PermitLife, Refusal, Scope, SourceFailure, Unobtainable, WayOut,
};
use crate::error::{CredentialFault, Error, Misuse};
use crate::handover::{ChipTrust, CrewFacts, Handover, MedicalFacts, PatientFacts, TrustFacts};
use crate::medical::{MedicalSource, MedicalView, NoRecords, PersonalText, SourceAnswer, fetch};
use crate::reading::CardReading;
use crate::trust::live::NotLive;
use crate::trust::{Authenticity, Clock, Finding, Hierarchy, Liveness, Report, Verdict};
use crate::{Timestamp, card::VerifyOutcome};

/// An encounter in progress.
pub struct Encounter<K: LogKind = Real> {
    consent: Consent<K>,
    card: Option<PresentCard>,
    pending: Option<PendingPermit<K>>,
    permit: Option<Permit>,
    medical: Medical,
    crew: CrewFacts,
}

/// What was read from the card of this encounter, and what may be believed of it.
struct PresentCard {
    reading: CardReading,
    report: Report,
    patient: PatientFacts,
}

/// What was seen of the medical information.
enum Medical {
    NotSought,
    /// Seen on this basis, until the permit ended.
    Ended(Basis),
    Unreadable,
    Nothing(NoRecords),
    Seen(Box<MedicalView>),
}

impl<K: LogKind> Encounter<K> {
    /// Begins an encounter. `encounter` and `salt` are random and not used before.
    pub fn open(
        encounter: EncounterId,
        salt: Salt,
        life: PermitLife,
        by: ShortId,
        now: Timestamp,
    ) -> (Self, Occurrence<K>) {
        let (consent, opened) = Consent::open(encounter, salt, life, by, now);
        let crew = CrewFacts::default();
        let medical = Medical::NotSought;
        (Self { consent, card: None, pending: None, permit: None, medical, crew }, opened)
    }

    /// Takes what was read from a card, with what the trust checks said of it. Another card than
    /// before takes the place of the first, and everything that hung on that one is let go: the
    /// wrong-patient guard.
    ///
    /// Errors: [`Misuse::OutOfRange`] when too little was read to tell the card (neither face nor
    /// certificate); [`Refusal`]. Nothing has changed then, and the reading is let go.
    pub fn card_read(
        &mut self,
        reading: CardReading,
        report: Report,
        by: ShortId,
        now: Timestamp,
    ) -> Result<Occurrence<K>, Error> {
        let card = card_key(&reading).ok_or(Misuse::OutOfRange)?;
        let trust = card_trust(&report, K::DRILL);
        let is_other = self.consent.card().is_some_and(|present| *present != card);
        let occurrence = self.consent.apply(Event::CardRead { card, trust }, by, now)?;
        if is_other {
            self.medical = Medical::NotSought;
            self.pending = None;
        }
        let patient = patient_facts(&reading);
        self.card = Some(PresentCard { reading, report, patient });
        self.let_go(now);
        Ok(occurrence)
    }

    /// Takes an event that a crew member reports; a card that was read goes to
    /// [`Encounter::card_read`]. What comes back belongs in the audit log.
    ///
    /// Errors: [`Misuse::OutOfRange`] for a card that was read; [`Refusal`]. Nothing has changed
    /// then.
    pub fn apply(
        &mut self,
        event: Event,
        by: ShortId,
        now: Timestamp,
    ) -> Result<Occurrence<K>, Error> {
        if matches!(event, Event::CardRead { .. }) {
            return Err(Misuse::OutOfRange.into());
        }
        let occurrence = self.consent.apply(event, by, now)?;
        self.let_go(now);
        Ok(occurrence)
    }

    /// What a crew member could report now, for the buttons of a screen. An end is always among it.
    #[must_use]
    pub fn allowed_events(&self, now: Timestamp) -> Vec<Event> {
        let ends = WayOut::ALL.iter().copied().map(Event::Closed);
        REPORTABLE
            .iter()
            .cloned()
            .chain(ends)
            .filter(|event| self.consent.would_take(event, now).is_ok())
            .collect()
    }

    /// Asks for a permit. What comes back must be stored in the audit log; then
    /// [`Encounter::permit_recorded`].
    ///
    /// Errors: a [`Refusal`] that says which fact is missing.
    pub fn request_permit(
        &mut self,
        scope: Scope,
        by: ShortId,
        now: Timestamp,
    ) -> Result<Occurrence<K>, Refusal> {
        let pending = self.consent.request_permit(scope, by, now)?;
        let entry = *pending.entry();
        self.pending = Some(pending);
        Ok(entry)
    }

    /// Whether a permit would be granted now. Errors: the [`Refusal`].
    pub fn would_permit(&self, now: Timestamp) -> Result<(), Refusal> {
        self.consent.would_permit(now)
    }

    /// The host's word that the permit's entry is stored: the permit is in force.
    ///
    /// Errors: [`Refusal::StaleRequest`] without a request; those of [`Consent::release`].
    pub fn permit_recorded(
        &mut self,
        stored: &Stored<K>,
        now: Timestamp,
    ) -> Result<&Permit, Refusal> {
        let pending = self.pending.take().ok_or(Refusal::StaleRequest)?;
        let permit = self.consent.release(pending, stored, now)?;
        // What an earlier permit showed does not come back under this one, nor go beyond it.
        self.let_go(now);
        if matches!(&self.medical, Medical::Seen(view) if !permit.scope().covers(view.scope())) {
            self.medical = Medical::NotSought;
        }
        Ok(self.permit.insert(permit))
    }

    /// Asks a source for medical information under the permit. A source that gives nothing is an
    /// event: what comes back belongs in the audit log.
    ///
    /// Errors: [`Refusal::PermitEnded`] without a permit; those of [`fetch`].
    pub fn fetch(
        &mut self,
        source: &mut (impl MedicalSource + ?Sized),
        wanted: Scope,
        by: ShortId,
        now: Timestamp,
    ) -> Result<Option<Occurrence<K>>, Error> {
        let permit = self.permit.as_ref().ok_or(Refusal::PermitEnded)?;
        match fetch(source, permit, wanted, now) {
            Ok(SourceAnswer::Records(view)) => {
                self.medical = Medical::Seen(view);
                Ok(None)
            }
            Ok(SourceAnswer::None(reason)) => {
                self.medical = Medical::Nothing(reason);
                match source_failure(reason) {
                    Some(failure) => self.apply(Event::SourceFailed(failure), by, now).map(Some),
                    None => Ok(None),
                }
            }
            Err(error) => {
                if matches!(error, Error::Medical(_)) {
                    self.medical = Medical::Unreadable;
                }
                Err(error)
            }
        }
    }

    /// The medical information, while its permit is in force.
    #[must_use]
    pub fn medical(&self, now: Timestamp) -> Option<&MedicalView> {
        let in_force = self.permit.as_ref().is_some_and(|permit| permit.in_force(now).is_ok());
        match &self.medical {
            Medical::Seen(view) if in_force => Some(view),
            _ => None,
        }
    }

    /// The crew's own findings, for the hand-over. Gone with the end.
    pub const fn crew_facts(&mut self) -> &mut CrewFacts {
        &mut self.crew
    }

    /// The report for the hospital. Make it before the hand-over is reported: that ends the encounter.
    ///
    /// Medical information is in it only while its permit is in force.
    #[must_use]
    pub fn report(&self, now: Timestamp) -> Handover<'_> {
        let medical = match &self.medical {
            Medical::NotSought => MedicalFacts::NotSought,
            Medical::Unreadable => MedicalFacts::Unreadable,
            Medical::Nothing(reason) => MedicalFacts::Nothing(*reason),
            Medical::Ended(basis) => MedicalFacts::Ended(*basis),
            Medical::Seen(_) => self
                .medical(now)
                .map_or(MedicalFacts::Ended(self.consent.basis()), MedicalFacts::Seen),
        };
        Handover {
            patient: self.card.as_ref().map_or(&NOBODY, |card| &card.patient),
            crew: &self.crew,
            identity: self.consent.identity(),
            trust: self.card.as_ref().map_or(NOT_READ, |card| trust_facts(&card.report)),
            basis: self.consent.basis(),
            medical,
            drill: K::DRILL,
            now,
        }
    }

    /// What was read from the card of this encounter.
    #[must_use]
    pub fn reading(&self) -> Option<&CardReading> {
        self.card.as_ref().map(|card| &card.reading)
    }

    /// What may be believed of it.
    #[must_use]
    pub fn trust(&self) -> Option<&Report> {
        self.card.as_ref().map(|card| &card.report)
    }

    /// The permit, if one is in force.
    #[must_use]
    pub fn permit(&self, now: Timestamp) -> Option<&Permit> {
        self.permit.as_ref().filter(|permit| permit.in_force(now).is_ok())
    }

    /// The state: three facts, the permits, the stage.
    #[must_use]
    pub const fn state(&self) -> Facts {
        self.consent.facts()
    }

    /// Whether the patient is the person on the card.
    #[must_use]
    pub const fn identity(&self) -> Identity {
        self.consent.identity()
    }

    /// On what basis information may be seen.
    #[must_use]
    pub const fn basis(&self) -> Basis {
        self.consent.basis()
    }

    /// How the encounter ended; none while it goes on.
    #[must_use]
    pub const fn way_out(&self) -> Option<EventCode> {
        self.consent.way_out()
    }

    /// Whether a permit was ever released in this encounter.
    #[must_use]
    pub const fn ever_released(&self) -> bool {
        self.consent.ever_released()
    }

    /// The encounter's identifier, as the log has it.
    #[must_use]
    pub const fn id(&self) -> EncounterId {
        self.consent.encounter()
    }

    /// Whether this is a drill (訓練).
    #[must_use]
    pub const fn is_drill(&self) -> bool {
        K::DRILL
    }

    /// Lets go of what nothing allows any more. A clock that went back may be set right again.
    fn let_go(&mut self, now: Timestamp) {
        let is_over = |permit: &mut Permit| {
            matches!(permit.in_force(now), Err(Refusal::PermitEnded | Refusal::PermitExpired))
        };
        if let Some(ended) = self.permit.take_if(is_over)
            && matches!(self.medical, Medical::Seen(_))
        {
            self.medical = Medical::Ended(ended.basis());
        }
        if self.way_out().is_some() {
            self.card = None;
            self.pending = None;
            self.medical = Medical::NotSought;
            self.crew = CrewFacts::default();
        }
    }
}

impl<K: LogKind> fmt::Debug for Encounter<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encounter")
            .field("id", &self.id())
            .field("state", &self.state())
            .field("drill", &K::DRILL)
            .finish_non_exhaustive()
    }
}

/// The event that a failed reading is: for [`Encounter::apply`].
///
/// None when the card could be told after all, so that [`Encounter::card_read`] takes it.
#[must_use]
pub fn card_failure(reading: &CardReading) -> Option<CardFailure> {
    if reading.face.value().is_some() {
        return None;
    }
    let outcome = reading.face_verification.map(|verification| verification.outcome);
    Some(match (outcome, reading.errors().next()) {
        (Some(VerifyOutcome::Rejected { .. }), _) => CardFailure::WrongNumber,
        (Some(VerifyOutcome::Blocked), _) => CardFailure::Locked,
        (Some(VerifyOutcome::RefusedByFloor { .. }), _) => CardFailure::NearlyLocked,
        (_, Some(Error::Card(error))) if error.fault.is_another_kind() => CardFailure::AnotherKind,
        (_, Some(Error::Credential(CredentialFault::Blocked))) => CardFailure::Locked,
        _ => CardFailure::Unreadable,
    })
}

/// What a crew member may report, apart from cards and ends.
const REPORTABLE: &[Event] = &[
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
    Event::HandedOver,
];

static NOBODY: PatientFacts = PatientFacts { name: None, birth: None, sex: None, address: None };

const NOT_READ: TrustFacts =
    TrustFacts { chip: ChipTrust::NotRead, live: None, roots: None, clock_trusted: false };

/// What tells the card: its public key, which no two cards share; without a face, its certificate.
fn card_key(reading: &CardReading) -> Option<CardKey> {
    let what = match (reading.face.value(), reading.certificate.value()) {
        (Some(face), _) => face.public_key(),
        (None, Some(certificate)) => certificate,
        (None, None) => return None,
    };
    let hash = digest(&SHA256, what);
    hash.as_ref().try_into().ok().map(CardKey::from_hash)
}

/// How far the consent machine may go with a card.
///
/// A test card is nobody's, so outside a drill no part of one leads to a permit, whatever else was
/// or was not read.
fn card_trust(report: &Report, drill: bool) -> CardTrust {
    let has_test_part = report
        .parts()
        .any(|part| matches!(part, Authenticity::Genuine { hierarchy: Hierarchy::Test, .. }));
    let is_test = has_test_part || report.findings.contains(&Finding::ClaimsTest);
    match report.verdict {
        Verdict::Forged | Verdict::Contradictory => CardTrust::Forged,
        _ if is_test && !drill => CardTrust::Forged,
        Verdict::GenuineLive | Verdict::TestLive => CardTrust::Acceptable,
        _ => CardTrust::Doubtful,
    }
}

fn patient_facts(reading: &CardReading) -> PatientFacts {
    let attributes = reading.attributes.value();
    let face = reading.face.value();
    PatientFacts {
        name: attributes.map(|it| PersonalText::new(it.name().as_str())),
        address: attributes.map(|it| PersonalText::new(it.address().as_str())),
        birth: face
            .map(|it| it.birth_date().clone())
            .or_else(|| attributes.map(|it| it.birth_date().clone())),
        sex: face.map(|it| it.sex()).or_else(|| attributes.map(|it| it.sex())),
    }
}

fn trust_facts(report: &Report) -> TrustFacts {
    let chip = match &report.face {
        Authenticity::Genuine { .. } => ChipTrust::Signed,
        Authenticity::IssuerUnknown { .. } => ChipTrust::IssuerUnknown,
        Authenticity::Forged { .. } => ChipTrust::Forged,
        _ => ChipTrust::Unsigned,
    };
    let roots = match &report.face {
        Authenticity::Genuine { provenance, .. } => Some(*provenance),
        _ => None,
    };
    let live = match report.live {
        Liveness::Live => Some(true),
        // An answer that nothing could be held against is not a wrong one.
        Liveness::NotLive { why: NotLive::NotAnswered | NotLive::NoTrustedKey } => None,
        Liveness::NotLive { why: NotLive::WrongAnswer | NotLive::WeakKey } => Some(false),
    };
    TrustFacts { chip, live, roots, clock_trusted: matches!(report.clock, Clock::Trusted(_)) }
}

const fn source_failure(reason: NoRecords) -> Option<SourceFailure> {
    match reason {
        NoRecords::NotRegistered => Some(SourceFailure::NotRegistered),
        NoRecords::EligibilityOnly => Some(SourceFailure::CertificateExpired),
        NoRecords::NoSignal => Some(SourceFailure::NoSignal),
        NoRecords::Down => Some(SourceFailure::Down),
        NoRecords::ConsentRequired => None,
    }
}
