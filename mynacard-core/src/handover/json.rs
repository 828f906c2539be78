//! The report as JSON, format `mynacard-handover/1`: complete, where the other forms count what they
//! leave out.

use core::fmt::{self, Write};
use std::io;

use serde::Serialize;

use super::{ChipTrust, CrewFacts, Handover, MedicalFacts, digest, not_known};
use crate::Timestamp;
use crate::audit::Event;
use crate::calendar::Date;
use crate::consent::{Basis, Identity, Said, Scope, Stated};
use crate::field::Sex;
use crate::medical::{
    CareAct, Checkup, Dialysis, LeftOut, MedicalView, Medicine, Origin, PersonalText, Source,
    Surgery, UnknownItem, Visit,
};
use crate::trust::Provenance;

/// Writes the JSON object.
pub(super) fn write(handover: &Handover<'_>, out: &mut dyn Write) -> fmt::Result {
    let today = handover.today();
    let list = not_known::list(handover);
    let crew = handover.crew;
    let report = Report {
        format: "mynacard-handover/1",
        drill: handover.drill,
        made_at: Shown(handover.now),
        unit: crew.unit.as_ref(),
        patient: patient(handover, today),
        findings: crew,
        medical: handover.view().map(medical),
        no_medical: match handover.medical {
            MedicalFacts::Seen(_) => None,
            MedicalFacts::Nothing(reason) => Some(reason.name()),
            MedicalFacts::Unreadable => Some("unreadable"),
            MedicalFacts::Ended(_) => Some("ended"),
            MedicalFacts::NotSought => Some("not_sought"),
        },
        earlier_basis: match handover.medical {
            MedicalFacts::Ended(earlier) => Some(basis(earlier)),
            _ => None,
        },
        not_known: list.iter().map(|item| Gap { name: item.name(), text: Shown(item) }).collect(),
        identity: identity(handover.identity),
        trust: Trust {
            chip: handover.trust.chip,
            live: handover.trust.live,
            roots: handover.trust.roots.map(Provenance::key),
            clock_trusted: handover.trust.clock_trusted,
        },
        basis: basis(handover.basis),
    };
    serde_json::to_writer(Utf8(out), &report).map_err(|_| fmt::Error)
}

#[derive(Serialize)]
struct Report<'a> {
    format: &'static str,
    drill: bool,
    made_at: Shown<Timestamp>,
    unit: Option<&'a PersonalText>,
    patient: Patient<'a>,
    findings: &'a CrewFacts,
    medical: Option<Medical<'a>>,
    no_medical: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    earlier_basis: Option<Fact>,
    not_known: Vec<Gap<'a>>,
    identity: Fact,
    trust: Trust,
    basis: Fact,
}

#[derive(Serialize)]
struct Patient<'a> {
    name: Option<&'a PersonalText>,
    birth: Option<Shown<Date>>,
    age_years: Option<u16>,
    age_months_beyond: Option<u8>,
    sex: Option<Sex>,
    address: Option<&'a PersonalText>,
}

#[derive(Serialize)]
struct Medical<'a> {
    scope: &'static str,
    origin: Origin,
    fetched_at: Shown<Timestamp>,
    sources: Vec<SourceAge>,
    institutions: Vec<Visited<'a>>,
    visits: &'a [Visit],
    medicines: &'a [Medicine],
    dialyses: &'a [Dialysis],
    surgeries: &'a [Surgery],
    care: &'a [CareAct],
    checkups: &'a [Checkup],
    unknown: &'a [UnknownItem],
    left_out: LeftOut,
}

#[derive(Serialize)]
struct SourceAge {
    source: Source,
    age_ja: &'static str,
    age_en: &'static str,
}

#[derive(Serialize)]
struct Visited<'a> {
    name: &'a PersonalText,
    code: Option<&'a str>,
    departments: Vec<&'a PersonalText>,
    visits: usize,
    last: Shown<crate::medical::When>,
}

#[derive(Serialize)]
struct Gap<'a> {
    name: &'static str,
    text: Shown<&'a not_known::NotKnown<'a>>,
}

#[derive(Serialize)]
struct Trust {
    chip: ChipTrust,
    live: Option<bool>,
    roots: Option<&'static str>,
    clock_trusted: bool,
}

/// Something that somebody said, and when.
#[derive(Serialize)]
struct Fact {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'static str>,
    by: Option<Shown<crate::audit::ShortId>>,
    at: Option<Shown<Timestamp>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_code: Option<u8>,
}

impl Fact {
    fn new(kind: &'static str, said: Option<Said>) -> Self {
        let (by, at) = said.map(|said| (Shown(said.by), Shown(said.at))).unzip();
        Self { kind, detail: None, by, at, service_code: None }
    }
}

/// Something as its `Display` shows it.
struct Shown<T>(T);

impl<T: fmt::Display> Serialize for Shown<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

fn patient<'a>(handover: &Handover<'a>, today: Date) -> Patient<'a> {
    let facts = handover.patient;
    let age = facts.birth.as_ref().map(|birth| digest::age(birth, today));
    Patient {
        name: facts.name.as_ref(),
        birth: facts.birth.as_ref().map(|birth| Shown(birth.date())),
        age_years: age.map(|(years, _)| years),
        age_months_beyond: age.and_then(|(_, months)| months),
        sex: facts.sex,
        address: facts.address.as_ref(),
    }
}

fn medical(view: &MedicalView) -> Medical<'_> {
    let sources = view.sources().into_iter();
    let institutions = view.institutions(None).into_iter();
    Medical {
        scope: match view.scope() {
            Scope::Summary => "summary",
            Scope::Full => "full",
        },
        origin: view.origin(),
        fetched_at: Shown(view.fetched_at()),
        sources: sources
            .map(|source| SourceAge {
                source,
                age_ja: source.age_japanese(),
                age_en: source.age_english(),
            })
            .collect(),
        institutions: institutions
            .map(|visited| Visited {
                name: &visited.institution.name,
                code: visited.institution.code.as_ref().map(crate::medical::Code::as_str),
                departments: visited.departments,
                visits: visited.visits,
                last: Shown(visited.last),
            })
            .collect(),
        visits: view.visits(),
        medicines: view.medicines(),
        dialyses: view.dialyses(),
        surgeries: view.surgeries(),
        care: view.care(),
        checkups: view.checkups(),
        unknown: view.unknown(),
        left_out: view.left_out(),
    }
}

fn identity(identity: Stated<Identity>) -> Fact {
    let kind = match identity.fact {
        Identity::NotChecked => "not_checked",
        Identity::Matched => "face_matched",
        Identity::Differs => "face_differs",
        Identity::Unverifiable => "face_unverifiable",
    };
    Fact::new(kind, identity.said)
}

fn basis(basis: Stated<Basis>) -> Fact {
    let (kind, detail) = match basis.fact {
        Basis::NotAsked => ("not_asked", None),
        Basis::PatientConsents => ("oral_consent", Some("patient")),
        Basis::RepresentativeConsents => ("oral_consent", Some("representative")),
        Basis::LifeProtection => {
            ("life_protection", basis.said.and_then(|said| reason(said.event)))
        }
        Basis::Refused => ("refused", None),
        Basis::Withdrawn => ("withdrawn", None),
    };
    Fact { detail, service_code: basis.fact.service_code(), ..Fact::new(kind, basis.said) }
}

/// Why consent could not be obtained.
const fn reason(event: Event) -> Option<&'static str> {
    match event {
        Event::Unconscious => Some("unconscious"),
        Event::ImpairedConsciousness => Some("impaired_consciousness"),
        Event::CannotCommunicate => Some("cannot_communicate"),
        Event::CardiopulmonaryArrest => Some("cardiopulmonary_arrest"),
        _ => None,
    }
}

/// Writes bytes that are known to be UTF-8 as text. The writer of JSON hands over whole characters.
struct Utf8<'a>(&'a mut dyn Write);

impl io::Write for Utf8<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = core::str::from_utf8(bytes).map_err(io::Error::other)?;
        self.0.write_str(text).map_err(io::Error::other)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
