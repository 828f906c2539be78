//! Medicines and care acts: three blocks of one shape, whose element names differ by a prefix.

use super::tree::Element;
use super::unknown_beside;
use crate::calendar::Date;
use crate::error::MalformedReason;
use crate::medical::MedicalFault;
use crate::medical::collected::Collected;
use crate::medical::item::{CareAct, Code, Institution, Medicine, Visit};
use crate::medical::origin::Source;
use crate::medical::scope::Section;
use crate::medical::text::PersonalText;
use crate::medical::when::{Month, When};

/// Said where a code stands without the name that belongs to it.
const NAMELESS: &str = "名称の記載なし";

/// The element names of one block.
struct Block {
    month_block: &'static str,
    source: Source,
    place_code: &'static str,
    place_name: &'static str,
    prescriber_code: &'static str,
    prescriber_name: &'static str,
    month: &'static str,
    /// Known and without use here: kinds of institutions and of prescriptions.
    unused: [&'static str; 3],
    dates: &'static str,
    date: &'static str,
    day: &'static str,
    prescribed_day: &'static str,
    drugs: &'static str,
    drug: &'static str,
    drug_code: &'static str,
    drug_name: &'static str,
    ingredient: &'static str,
    quantity: &'static str,
    unit: &'static str,
    usage: &'static str,
    instruction: &'static str,
    times: &'static str,
    usage_class: &'static str,
}

const BLOCKS: [Block; 3] = [
    Block {
        month_block: "MeTrMonthInf",
        source: Source::Receipt,
        place_code: "MeTrDiHCd",
        place_name: "MeTrDiHNm",
        prescriber_code: "PrlsHCd",
        prescriber_name: "PrlsHNm",
        month: "MeTrMonth",
        unused: ["DiOrg", "PrIsOrg", "InOut"],
        dates: "DiDateInfs",
        date: "DiDateInf",
        day: "DiDate",
        prescribed_day: "PrDate",
        drugs: "DrugInfs",
        drug: "DrugInf",
        drug_code: "DrugC",
        drug_name: "DrugN",
        ingredient: "IngreN",
        quantity: "Qua1",
        unit: "Unit",
        usage: "UsageN",
        instruction: "SpInst",
        times: "Times",
        usage_class: "MeTrIdCl",
    },
    Block {
        month_block: "CzDiMonthInf",
        source: Source::Dispensing,
        place_code: "CzMeTrDiHCd",
        place_name: "CzMeTrDiHNm",
        prescriber_code: "CzPrlsHCd",
        prescriber_name: "CzPrlsHNm",
        month: "CzDiMonth",
        unused: ["CzDiOrg", "CzPrIsOrg", "CzPrCl"],
        dates: "CzDiDateInfs",
        date: "CzDiDateInf",
        day: "CzDiDate",
        prescribed_day: "CzPrDate",
        drugs: "CzDrugInfs",
        drug: "CzDrugInf",
        drug_code: "CzDrugC",
        drug_name: "CzDrugN",
        ingredient: "CzIngreN",
        quantity: "CzQua1",
        unit: "CzUnit",
        usage: "CzUsageN",
        instruction: "CzSpInst",
        times: "CzTimes",
        usage_class: "CzUsageCl",
    },
    Block {
        month_block: "ShPrMonthInf",
        source: Source::Prescription,
        place_code: "ShMeTrDiHCd",
        place_name: "ShMeTrDiHNm",
        prescriber_code: "ShPrHCd",
        prescriber_name: "ShPrHNm",
        month: "ShPrMonth",
        unused: ["ShPrOrg", "ShPrIsOrg", "ShPrCl"],
        dates: "ShPrDateInfs",
        date: "ShPrDateInf",
        day: "ShPrDate",
        prescribed_day: "ShPrDate",
        drugs: "ShDrugInfs",
        drug: "ShDrugInf",
        drug_code: "ShDrugC",
        drug_name: "ShDrugN",
        ingredient: "ShIngreN",
        quantity: "ShQua1",
        unit: "ShUnit",
        usage: "ShUsageN",
        instruction: "ShSpInst",
        times: "ShTimes",
        usage_class: "ShUsageCl",
    },
];

/// Reads a block of one month, if the element is one.
pub(super) fn read(found: &mut Collected, element: Element<'_>) -> Result<bool, MedicalFault> {
    let Some(block) = BLOCKS.iter().find(|block| block.month_block == element.name()) else {
        return Ok(false);
    };
    let month = element.text_of(block.month)?.map(month).transpose()?;
    let places = Places {
        place: institution(element, block.place_code, block.place_name)?,
        prescriber: institution(element, block.prescriber_code, block.prescriber_name)?,
    };
    for dates in element.all(block.dates) {
        for date in dates.all(block.date) {
            block.read_date(found, date, month, &places)?;
        }
        unknown_beside(found, dates, &[block.date], block.section(), month)?;
    }
    let [a, b, c] = block.unused;
    let known = [
        block.place_code,
        block.place_name,
        block.prescriber_code,
        block.prescriber_name,
        block.month,
        block.dates,
        a,
        b,
        c,
    ];
    unknown_beside(found, element, &known, block.section(), month)?;
    Ok(true)
}

/// Who a block of a month is about.
struct Places {
    place: Option<Institution>,
    prescriber: Option<Institution>,
}

impl Block {
    fn section(&self) -> Section {
        Section::of_medicine(self.source)
    }

    fn read_date(
        &self,
        found: &mut Collected,
        date: Element<'_>,
        month: Option<When>,
        places: &Places,
    ) -> Result<(), MedicalFault> {
        let day = date.text_of(self.day)?.map(day).transpose()?;
        let when = day.or(month).ok_or(MedicalFault::Missing)?;
        let prescribed = date.text_of(self.prescribed_day)?.map(self::day).transpose()?;
        if self.source == Source::Receipt {
            add_visit(found, when, prescribed, places)?;
        }
        for drugs in date.all(self.drugs) {
            for drug in drugs.all(self.drug) {
                self.read_drug(found, drug, when, places)?;
            }
            unknown_beside(found, drugs, &[self.drug], self.section(), Some(when))?;
        }
        for acts in date.all("MeTrInfs") {
            for act in acts.all("MeTrInf") {
                read_act(found, act, when, self.source, places)?;
            }
            unknown_beside(found, acts, &["MeTrInf"], Section::Care, Some(when))?;
        }
        let known = [self.day, self.prescribed_day, self.drugs, "MeTrInfs"];
        unknown_beside(found, date, &known, self.section(), Some(when))
    }

    fn read_drug(
        &self,
        found: &mut Collected,
        drug: Element<'_>,
        when: When,
        places: &Places,
    ) -> Result<(), MedicalFault> {
        let code = drug.text_of(self.drug_code)?.and_then(Code::new);
        let mut medicine = Medicine::new(when, name(drug, self.drug_name, &code)?, self.source);
        medicine.code = code;
        medicine.ingredient = text(drug, self.ingredient)?;
        medicine.quantity = text(drug, self.quantity)?;
        medicine.unit = text(drug, self.unit)?;
        medicine.usage = text(drug, self.usage)?;
        medicine.instruction = text(drug, self.instruction)?;
        medicine.times = drug.text_of(self.times)?.and_then(|digits| digits.parse().ok());
        match self.source {
            Source::Prescription => {
                medicine.institution = places.prescriber.clone().or_else(|| places.place.clone());
            }
            _ if self.source == Source::Dispensing || places.is_pharmacy() => {
                medicine.pharmacy.clone_from(&places.place);
                medicine.institution.clone_from(&places.prescriber);
            }
            _ => medicine.institution.clone_from(&places.place),
        }
        let mut known = vec![
            self.drug_code,
            self.drug_name,
            self.ingredient,
            self.quantity,
            self.unit,
            self.usage,
            self.instruction,
            self.usage_class,
        ];
        // A number that is not one stays in sight as it stands, like everything else unknown.
        if medicine.times.is_some() {
            known.push(self.times);
        }
        found.add_medicine(medicine)?;
        unknown_beside(found, drug, &known, self.section(), Some(when))
    }
}

impl Places {
    /// The third digit of an institution code is the fee table that it bills by: 4 for pharmacies.
    fn is_pharmacy(&self) -> bool {
        let code = self.place.as_ref().and_then(|place| place.code.as_ref());
        code.is_some_and(|code| {
            code.as_str().len() == 10 && code.as_str().as_bytes().get(2) == Some(&b'4')
        })
    }
}

fn add_visit(
    found: &mut Collected,
    when: When,
    prescribed: Option<When>,
    places: &Places,
) -> Result<(), MedicalFault> {
    let (when, visited) = match prescribed {
        _ if !places.is_pharmacy() => (when, &places.place),
        Some(day) => (day, &places.prescriber),
        None => return Ok(()),
    };
    match visited {
        Some(visited) => found.add_visit(Visit::new(when, visited.clone(), Source::Receipt)),
        None => Ok(()),
    }
}

fn read_act(
    found: &mut Collected,
    act: Element<'_>,
    when: When,
    source: Source,
    places: &Places,
) -> Result<(), MedicalFault> {
    let code = act.text_of("SinInfCd")?.and_then(Code::new);
    let mut care = CareAct::new(when, name(act, "SinInfN", &code)?, source);
    care.code = code;
    care.class = text(act, "MeTrIdCl")?;
    care.quantity = text(act, "Qua1")?;
    care.unit = text(act, "Unit")?;
    care.times = act.text_of("Times")?.and_then(|digits| digits.parse().ok());
    care.institution.clone_from(&places.place);
    let mut known = vec!["SinInfCd", "SinInfN", "MeTrIdCl", "Qua1", "Unit"];
    if care.times.is_some() {
        known.push("Times");
    }
    found.add_care(care)?;
    unknown_beside(found, act, &known, Section::Care, Some(when))
}

fn institution(
    element: Element<'_>,
    code: &str,
    name: &str,
) -> Result<Option<Institution>, MedicalFault> {
    let code = element.text_of(code)?.and_then(Code::new);
    let name = element.text_of(name)?.and_then(PersonalText::some);
    let name = name.or_else(|| code.as_ref().map(|_| NAMELESS.into()));
    Ok(name.map(|name| Institution::new(name, code)))
}

/// A name, or a word for its absence where a code at least is stated.
fn name(
    element: Element<'_>,
    name: &str,
    code: &Option<Code>,
) -> Result<PersonalText, MedicalFault> {
    let stated = element.text_of(name)?.and_then(PersonalText::some);
    let nameless = code.as_ref().map(|_| NAMELESS.into());
    stated.or(nameless).ok_or(MedicalFault::Missing)
}

fn text(element: Element<'_>, name: &str) -> Result<Option<PersonalText>, MedicalFault> {
    Ok(element.text_of(name)?.and_then(PersonalText::some))
}

fn day(digits: &str) -> Result<When, MedicalFault> {
    let date = Date::parse_compact(digits.as_bytes()).map_err(|_| MedicalFault::BadDate)?;
    Ok(When::Day(date))
}

/// `202609`.
fn month(digits: &str) -> Result<When, MedicalFault> {
    let parsed = digits.is_ascii().then(|| digits.split_at_checked(4)).flatten();
    let (year, month) =
        parsed.filter(|(_, month)| month.len() == 2).ok_or(MedicalFault::BadDate)?;
    let number = |digits: &str| match digits.bytes().all(|digit| digit.is_ascii_digit()) {
        true => digits.parse::<u16>().map_err(|_| MedicalFault::BadDate),
        false => Err(MedicalFault::BadDate),
    };
    let month = u8::try_from(number(month)?).map_err(|_| MedicalFault::BadDate)?;
    let made: Result<Month, MalformedReason> = Month::new(number(year)?, month);
    made.map(When::Month).map_err(|_| MedicalFault::BadDate)
}
