//! The page.

use core::fmt::{self, Write};

use super::wrap::Entry;
use super::{Handover, digest, not_known, words};
use crate::calendar::Date;
use crate::medical::{MedicalView, When};

/// Most lines that a page has.
pub const PAGE_LINES: usize = 60;

/// Most entries of each kind; with the lines that each may take they make up [`PAGE_LINES`].
const INSTITUTIONS: usize = 4;
const MEDICINES: usize = 11;
const SURGERIES: usize = 3;
const ACTS: usize = 3;
const UNKNOWN: usize = 2;

/// Writes the page. At most: head 2, patient 4, complaint 2, findings 2, sources 2, institutions 6,
/// medicines 13, dialysis 1, surgery 5, acts 5, check-up 1, unknown items 3, what is not known 8 (all of
/// its sentences fit), identity, card and basis 2 each, makes 60.
pub(super) fn write(handover: &Handover<'_>, out: &mut dyn Write) -> fmt::Result {
    let today = handover.today();
    entry(out, 1, |line| {
        let unit = handover.crew.unit.as_ref().map_or("", |unit| unit.as_str());
        let at = words::Clock(handover.now);
        write!(line, "傷病者引き継ぎ票  {today} {at}  {unit}")
    })?;
    if let Some(caution) = words::caution(handover) {
        entry(out, 1, |line| write!(line, "※ {caution}"))?;
    }
    entry(out, 2, |line| {
        line.write_str("■傷病者  ")?;
        words::patient(handover.patient, today, line)
    })?;
    if let Some(address) = &handover.patient.address {
        entry(out, 2, |line| write!(line, "  住所 {}", address.as_str()))?;
    }
    entry(out, 2, |line| {
        let complaint = handover.crew.complaint.as_ref();
        write!(line, "■主訴  {}", complaint.map_or("未確認", |text| text.as_str()))
    })?;
    entry(out, 2, |line| {
        line.write_str("■意識・バイタル  ")?;
        words::findings(handover.crew, line)
    })?;
    if let Some(view) = handover.view() {
        medical(view, out)?;
    }
    entry(out, 8, |line| {
        line.write_str("■分かっていないこと  ")?;
        not_known::sentences(&not_known::list(handover), line)
    })?;
    entry(out, 2, |line| {
        line.write_str("■本人確認  ")?;
        words::identity(handover.identity, line)
    })?;
    entry(out, 2, |line| {
        line.write_str("■カード  ")?;
        words::trust(handover.trust, line)
    })?;
    entry(out, 2, |line| {
        line.write_str("■閲覧の根拠  ")?;
        words::basis(handover, line)
    })
}

fn medical(view: &MedicalView, out: &mut dyn Write) -> fmt::Result {
    let today = view.today();
    entry(out, 2, |line| {
        write!(line, "■医療情報  {}  ", words::scope(view.scope()))?;
        words::ages(view, line)
    })?;
    let institutions = view.institutions(None);
    title(out, "受診歴", institutions.len(), "施設")?;
    for visited in institutions.iter().take(INSTITUTIONS) {
        entry(out, 1, |line| {
            line.write_str("  ")?;
            words::institution(visited, today, line)
        })?;
    }
    rest(out, institutions.len(), INSTITUTIONS, "施設")?;

    let medicines = digest::medicines(view);
    title(out, "薬剤", medicines.len(), "種類")?;
    for medicine in medicines.iter().take(MEDICINES) {
        entry(out, 1, |line| {
            // Date and source come first: they must survive where a long name is cut.
            let last = medicine.newest.when;
            write!(line, "  {last} {} ", medicine.newest.source.japanese())?;
            words::medicine(medicine.newest, line)
        })?;
    }
    rest(out, medicines.len(), MEDICINES, "種類")?;

    entry(out, 1, |line| match digest::dialysis(view) {
        Some((newest, count)) => {
            let place = newest.institution.as_ref().map_or("", |place| place.name.as_str());
            write!(line, "■透析  {count}回、最終{} {place}", words::Spoken(newest.when, today))
        }
        None => line.write_str("■透析  記録なし"),
    })?;
    let surgeries = view.surgeries().iter().map(|item| (item.when, item.name.as_str()));
    acts(out, "手術", surgeries, SURGERIES)?;
    let care = view.care().iter().map(|item| (item.when, item.name.as_str()));
    acts(out, "診療行為", care, ACTS)?;
    entry(out, 1, |line| match view.checkups().first() {
        Some(checkup) => write!(line, "■特定健診  最終{}", spoken(checkup.day, today)),
        None => line.write_str("■特定健診  記録なし"),
    })?;
    for item in view.unknown().iter().take(UNKNOWN) {
        entry(out, 1, |line| {
            let section = item.section.japanese();
            write!(line, "■不明な項目({section})  {}: {}", item.name.as_str(), item.value.as_str())
        })?;
    }
    rest(out, view.unknown().len(), UNKNOWN, "件の不明な項目")
}

fn acts<'a>(
    out: &mut dyn Write,
    name: &str,
    items: impl ExactSizeIterator<Item = (When, &'a str)>,
    most: usize,
) -> fmt::Result {
    let count = items.len();
    title(out, name, count, "件")?;
    for (when, name) in items.take(most) {
        entry(out, 1, |line| write!(line, "  {when} {name}"))?;
    }
    rest(out, count, most, "件")
}

fn spoken(day: Date, today: Date) -> words::Spoken {
    words::Spoken(day.into(), today)
}

fn title(out: &mut dyn Write, name: &str, count: usize, unit: &str) -> fmt::Result {
    entry(out, 1, |line| match count {
        0 => write!(line, "■{name}  記録なし"),
        count => write!(line, "■{name}  {count}{unit}"),
    })
}

fn rest(out: &mut dyn Write, count: usize, most: usize, unit: &str) -> fmt::Result {
    match count.saturating_sub(most) {
        0 => Ok(()),
        more => entry(out, 1, |line| write!(line, "  ほか{more}{unit}")),
    }
}

fn entry(
    out: &mut dyn Write,
    lines: usize,
    write: impl FnOnce(&mut Entry<'_>) -> fmt::Result,
) -> fmt::Result {
    let mut entry = Entry::new(out, lines);
    write(&mut entry)?;
    entry.end()
}
