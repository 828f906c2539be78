//! Check-ups (特定健診情報).

use super::tree::Element;
use super::unknown_beside;
use crate::calendar::Date;
use crate::medical::MedicalFault;
use crate::medical::collected::Collected;
use crate::medical::item::{Checkup, CheckupResult, Code};
use crate::medical::scope::Section;
use crate::medical::text::PersonalText;

const RESULTS: &str = "HealthCheckupResultAndQuestionInfos";
const RESULT: &str = "HealthCheckupResultAndQuestionInfo";
const KNOWN: [&str; 7] =
    ["ItemCode", "ItemName", "DataType", "DataValue", "Unit", "Oid", "DataValueName"];

/// Reads one `SpecificHealthCheckupInfo`.
pub(super) fn read(found: &mut Collected, info: Element<'_>) -> Result<(), MedicalFault> {
    let day = info.text_of("EffectiveTime")?.ok_or(MedicalFault::Missing)?;
    let day = Date::parse_compact(day.as_bytes()).map_err(|_| MedicalFault::BadDate)?;
    let mut checkup = Checkup::new(day);
    let when = Some(day.into());
    for results in info.all(RESULTS) {
        for result in results.all(RESULT) {
            checkup.results.extend(read_result(result)?);
            unknown_beside(found, result, &KNOWN, Section::Checkups, when)?;
        }
        unknown_beside(found, results, &[RESULT], Section::Checkups, when)?;
    }
    found.add_checkup(checkup)?;
    unknown_beside(found, info, &["EffectiveTime", RESULTS], Section::Checkups, when)
}

/// One result; none for an item that was not measured or not answered.
fn read_result(result: Element<'_>) -> Result<Option<CheckupResult>, MedicalFault> {
    let code = result.text_of("ItemCode")?.and_then(Code::new);
    let name = result.text_of("ItemName")?.and_then(PersonalText::some);
    let Some(name) = name.or_else(|| Some(code.as_ref()?.as_str().into())) else {
        return Err(MedicalFault::Missing);
    };
    // A coded value (陽性) has its name beside the code.
    let value = result.text_of("DataValueName")?.or(result.text_of("DataValue")?);
    let Some(value) = value.and_then(PersonalText::some) else { return Ok(None) };
    let mut read = CheckupResult::new(name, value);
    read.code = code;
    read.unit = result.text_of("Unit")?.and_then(PersonalText::some);
    Ok(Some(read))
}
