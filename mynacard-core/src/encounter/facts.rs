//! From what was read and judged to what an encounter goes by.

use crate::applet::text::Attributes;
use crate::audit::Event;
use crate::card::VerifyOutcome;
use crate::consent::{CardTrust, Marks};
use crate::error::{CredentialFault, Error};
use crate::field::{NotUnderstood, Text};
use crate::handover::{ChipTrust, PatientFacts, Said, TrustFacts};
use crate::medical::{NoRecords, PersonalText};
use crate::reading::{CardReading, Part};
use crate::trust::live::NotLive;
use crate::trust::{
    Anchor, Authenticity, Clock, Doubt, Finding, Hierarchy, Liveness, Report, Verdict,
};

/// The event that a failed reading is. None when the card could be told as it was meant to be: by its face,
/// or by its certificate where no face was wanted.
pub(super) fn card_failure(reading: &CardReading) -> Option<Event> {
    let by_certificate =
        matches!(reading.face(), Part::NotAttempted) && reading.certificate().value().is_some();
    // A face with nothing that tells its chip, and no certificate either, is no card that could be told again.
    if marks(reading).is_some() && (reading.face().value().is_some() || by_certificate) {
        return None;
    }
    let outcome = reading.face_verification().map(|verification| verification.outcome);
    Some(match (outcome, reading.errors().next()) {
        (Some(VerifyOutcome::Rejected { .. }), _) => Event::CardWrongNumber,
        (Some(VerifyOutcome::Blocked), _) => Event::CardLocked,
        (Some(VerifyOutcome::RefusedByFloor { .. }), _) => Event::CardNearlyLocked,
        (_, Some(Error::Card(error))) if error.fault.is_another_kind() => Event::CardOfAnotherKind,
        (_, Some(Error::Credential(CredentialFault::Blocked))) => Event::CardLocked,
        _ => Event::CardUnreadable,
    })
}

pub(super) static NOBODY: PatientFacts =
    PatientFacts { name: None, birth: None, sex: None, address: None, said: Vec::new() };

pub(super) const NOT_READ: TrustFacts =
    TrustFacts { chip: ChipTrust::NotRead, live: None, roots: None, clock_trusted: false };

pub(super) const fn is_second(event: Event) -> bool {
    matches!(
        event,
        Event::SecondCardAcceptable | Event::SecondCardDoubtful | Event::SecondCardForged
    )
}

/// What tells the card: its public key and its certificate, as far as they were read.
pub(super) fn marks(reading: &CardReading) -> Option<Marks> {
    let key = reading.face().value().map(|face| face.public_key()).filter(|key| !key.is_empty());
    Marks::of(key, reading.certificate().value().map(|der| der.as_slice()))
}

/// How far the consent machine may go with a card.
///
/// A test card is nobody's, so outside a drill no part of one leads to a permit, whatever else was
/// or was not read.
pub(super) fn card_trust(report: &Report, drill: bool) -> CardTrust {
    let is_of_test_card = |part: &Authenticity| {
        matches!(part, Authenticity::Genuine(Anchor { hierarchy: Hierarchy::Test, .. }))
    };
    let is_test =
        report.parts().any(is_of_test_card) || report.findings().contains(&Finding::ClaimsTest);
    match report.verdict() {
        Verdict::Forged | Verdict::Contradictory => CardTrust::Forged,
        _ if is_test && !drill => CardTrust::Forged,
        Verdict::GenuineLive | Verdict::TestLive => CardTrust::Acceptable,
        _ => CardTrust::Doubtful,
    }
}

pub(super) fn patient_facts(reading: &CardReading) -> PatientFacts {
    let attributes = reading.attributes().value();
    let face = reading.face().value();
    // What one application has in a form that is not understood, the other may have in one that is.
    let births = [face.map(|it| it.birth_date()), attributes.map(Attributes::birth_date)];
    let sexes = [face.map(|it| it.sex()), attributes.map(Attributes::sex)];
    let (birth, birth_said) = first_understood(births);
    let (sex, sex_said) = first_understood(sexes);
    let (name, name_said) = first_understood([attributes.map(Attributes::name), None]);
    let (address, address_said) = first_understood([attributes.map(Attributes::address), None]);
    let text = |text: &Text| PersonalText::new(text.as_str());
    let said =
        [("氏名", name_said), ("生年月日", birth_said), ("性別", sex_said), ("住所", address_said)];
    PatientFacts {
        name: name.map(text),
        address: address.map(text),
        birth: birth.cloned(),
        sex,
        said: said
            .into_iter()
            .filter_map(|(what, said)| {
                let said = said.filter(|said| !said.said().is_empty())?;
                Some(Said { what, text: PersonalText::new(&said.shown()) })
            })
            .collect(),
    }
}

/// The first of the values that is understood, else what the first of them has in its place.
fn first_understood<T>(
    values: [Option<Result<T, &NotUnderstood>>; 2],
) -> (Option<T>, Option<&NotUnderstood>) {
    let mut said = None;
    for value in values.into_iter().flatten() {
        match value {
            Ok(value) => return (Some(value), None),
            Err(not) => said = said.or(Some(not)),
        }
    }
    (None, said)
}

pub(super) fn trust_facts(report: &Report) -> TrustFacts {
    let (chip, roots) = match report.face() {
        Authenticity::Genuine(anchor) => (ChipTrust::Signed, Some(anchor.provenance)),
        Authenticity::Doubted(Doubt::IssuerUnknown { .. }) => (ChipTrust::IssuerUnknown, None),
        Authenticity::Doubted(Doubt::Forged { .. }) => (ChipTrust::Forged, None),
        _ => (ChipTrust::Unsigned, None),
    };
    let live = match report.live() {
        Liveness::Live => Some(true),
        // An answer that nothing could be held against is not a wrong one.
        Liveness::NotLive { why: NotLive::NotAnswered | NotLive::NoTrustedKey } => None,
        Liveness::NotLive { why: NotLive::WrongAnswer | NotLive::WeakKey } => Some(false),
    };
    TrustFacts { chip, live, roots, clock_trusted: matches!(report.clock(), Clock::Trusted(_)) }
}

pub(super) const fn source_failure(reason: NoRecords) -> Option<Event> {
    match reason {
        NoRecords::NotRegistered => Some(Event::NotRegistered),
        NoRecords::EligibilityOnly => Some(Event::CertificateExpired),
        NoRecords::NoSignal => Some(Event::NoSignal),
        NoRecords::Down => Some(Event::SourceDown),
        NoRecords::ConsentRequired => None,
    }
}
