//! A source over the text of a JSON file with an invented patient. The file is the caller's to read.

use core::fmt;

use serde::Deserialize;

use super::MedicalFault;
use super::collected::{Collected, Origin};
use super::item::{
    CareAct, Checkup, CheckupResult, Code, Dialysis, Institution, Medicine, Surgery, UnknownItem,
    Visit,
};
use super::origin::Source;
use super::scope::Section;
use super::source::{Found, MedicalSource, NoRecords, Query};
use super::text::PersonalText;
use super::when::When;
use crate::calendar::Date;
use crate::consent::CardId;

/// Largest patient file, in bytes.
pub const MAX_FILE: usize = 1 << 20;

/// An invented patient (架空の傷病者) as medical source, for demonstrations, drills and tests.
///
/// Dates are stated as days before the day of asking, so that a file never grows old. A file must say
/// of itself that it is synthetic, and the view says so too.
pub struct FileSource {
    card: CardId,
    patient: PatientFile,
}

impl FileSource {
    /// Reads the text of a patient file, and binds it to a card.
    ///
    /// Errors: [`MedicalFault::TooLarge`], [`MedicalFault::BadFile`] for another form or a member
    /// that is not known, [`MedicalFault::NotSynthetic`].
    pub fn from_json(json: &[u8], card: CardId) -> Result<Self, MedicalFault> {
        if json.len() > MAX_FILE {
            return Err(MedicalFault::TooLarge);
        }
        let patient: PatientFile =
            serde_json::from_slice(json).map_err(|_| MedicalFault::BadFile)?;
        if !patient.synthetic {
            return Err(MedicalFault::NotSynthetic);
        }
        Ok(Self { card, patient })
    }

    /// The card profile that the file belongs to, `adult`.
    #[must_use]
    pub fn profile(&self) -> &str {
        &self.patient.profile
    }
}

impl fmt::Debug for FileSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileSource").field("profile", &self.profile()).finish_non_exhaustive()
    }
}

impl MedicalSource for FileSource {
    fn card(&self) -> &CardId {
        &self.card
    }

    fn origin(&self) -> Origin {
        Origin::Synthetic
    }

    fn ask(&mut self, query: &Query<'_>) -> Result<Found, MedicalFault> {
        let reason = match self.patient.answer {
            Answer::Records => {
                let today = query.now().date_in_japan();
                return self.patient.collect(today).map(Found::Records);
            }
            Answer::NotRegistered => NoRecords::NotRegistered,
            Answer::EligibilityOnly => NoRecords::EligibilityOnly,
            Answer::ConsentRequired => NoRecords::ConsentRequired,
            Answer::NoSignal => NoRecords::NoSignal,
            Answer::Down => NoRecords::Down,
        };
        Ok(Found::None(reason))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PatientFile {
    synthetic: bool,
    profile: String,
    #[serde(rename = "about")]
    _about: String,
    #[serde(default)]
    answer: Answer,
    #[serde(default)]
    visits: Vec<VisitEntry>,
    #[serde(default)]
    medicines: Vec<MedicineEntry>,
    #[serde(default)]
    care: Vec<ActEntry>,
    #[serde(default)]
    surgeries: Vec<ActEntry>,
    #[serde(default)]
    dialyses: Vec<ActEntry>,
    #[serde(default)]
    checkups: Vec<CheckupEntry>,
    #[serde(default)]
    unknown: Vec<UnknownEntry>,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Answer {
    #[default]
    Records,
    NotRegistered,
    EligibilityOnly,
    ConsentRequired,
    NoSignal,
    Down,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    name: PersonalText,
    code: Option<PersonalText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VisitEntry {
    days_ago: u32,
    at: Place,
    department: Option<PersonalText>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum MedicineSource {
    Receipt,
    Dispensed,
    Prescribed,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MedicineEntry {
    days_ago: u32,
    source: MedicineSource,
    name: PersonalText,
    code: Option<PersonalText>,
    ingredient: Option<PersonalText>,
    quantity: Option<PersonalText>,
    unit: Option<PersonalText>,
    usage: Option<PersonalText>,
    times: Option<u32>,
    at: Option<Place>,
    pharmacy: Option<Place>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ActEntry {
    days_ago: u32,
    name: PersonalText,
    code: Option<PersonalText>,
    at: Option<Place>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CheckupEntry {
    days_ago: u32,
    #[serde(default)]
    results: Vec<ResultEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ResultEntry {
    name: PersonalText,
    value: PersonalText,
    unit: Option<PersonalText>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum SectionName {
    Visits,
    Medicines,
    Care,
    Surgeries,
    Dialyses,
    Checkups,
    Elsewhere,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UnknownEntry {
    section: SectionName,
    days_ago: Option<u32>,
    name: PersonalText,
    value: PersonalText,
}

impl PatientFile {
    fn collect(&self, today: Date) -> Result<Collected, MedicalFault> {
        let day = |days_ago| today.plus_days(-i64::from(days_ago)).ok_or(MedicalFault::BadDate);
        let mut all = Collected::new();
        for entry in &self.visits {
            let when = day(entry.days_ago)?.into();
            let mut visit = Visit::new(when, institution(&entry.at), Source::Receipt);
            visit.department.clone_from(&entry.department);
            all.add_visit(visit)?;
        }
        for entry in &self.medicines {
            all.add_medicine(entry.medicine(day(entry.days_ago)?.into()))?;
        }
        for entry in &self.care {
            let when = day(entry.days_ago)?.into();
            let mut act = CareAct::new(when, entry.name.clone(), Source::Receipt);
            act.code = code(entry.code.as_ref());
            act.institution = entry.at.as_ref().map(institution);
            all.add_care(act)?;
        }
        for entry in &self.surgeries {
            let when = day(entry.days_ago)?.into();
            let mut surgery = Surgery::new(when, entry.name.clone(), Source::Receipt);
            surgery.code = code(entry.code.as_ref());
            surgery.institution = entry.at.as_ref().map(institution);
            all.add_surgery(surgery)?;
        }
        for entry in &self.dialyses {
            let when = day(entry.days_ago)?.into();
            let mut dialysis = Dialysis::new(when, entry.name.clone(), Source::Receipt);
            dialysis.code = code(entry.code.as_ref());
            dialysis.institution = entry.at.as_ref().map(institution);
            all.add_dialysis(dialysis)?;
        }
        for entry in &self.checkups {
            let mut checkup = Checkup::new(day(entry.days_ago)?);
            checkup.results = entry.results.iter().map(ResultEntry::result).collect();
            all.add_checkup(checkup)?;
        }
        for entry in &self.unknown {
            let section = entry.section.section();
            let mut item = UnknownItem::new(section, entry.name.clone(), entry.value.clone());
            item.when = entry.days_ago.map(day).transpose()?.map(When::Day);
            all.add_unknown(item)?;
        }
        Ok(all)
    }
}

impl MedicineEntry {
    fn medicine(&self, when: When) -> Medicine {
        let source = match self.source {
            MedicineSource::Receipt => Source::Receipt,
            MedicineSource::Dispensed => Source::Dispensing,
            MedicineSource::Prescribed => Source::Prescription,
        };
        let mut medicine = Medicine::new(when, self.name.clone(), source);
        medicine.code = code(self.code.as_ref());
        medicine.ingredient.clone_from(&self.ingredient);
        medicine.quantity.clone_from(&self.quantity);
        medicine.unit.clone_from(&self.unit);
        medicine.usage.clone_from(&self.usage);
        medicine.times = self.times;
        medicine.institution = self.at.as_ref().map(institution);
        medicine.pharmacy = self.pharmacy.as_ref().map(institution);
        medicine
    }
}

impl ResultEntry {
    fn result(&self) -> CheckupResult {
        let mut result = CheckupResult::new(self.name.clone(), self.value.clone());
        result.unit.clone_from(&self.unit);
        result
    }
}

impl SectionName {
    const fn section(self) -> Section {
        match self {
            Self::Visits => Section::Visits,
            Self::Medicines => Section::Medicines,
            Self::Care => Section::Care,
            Self::Surgeries => Section::Surgery,
            Self::Dialyses => Section::Dialysis,
            Self::Checkups => Section::Checkups,
            Self::Elsewhere => Section::Elsewhere,
        }
    }
}

fn institution(place: &Place) -> Institution {
    Institution::new(place.name.clone(), code(place.code.as_ref()))
}

fn code(text: Option<&PersonalText>) -> Option<Code> {
    text.and_then(|text| Code::new(text.as_str()))
}
