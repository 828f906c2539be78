//! The script for the telephone call.

use core::fmt::{self, Write};

use super::{Handover, digest, not_known, words};
use crate::calendar::Date;
use crate::medical::{MedicalView, Source, When};

/// Institutions, medicines, operations and acts that are read aloud; the rest is counted.
const INSTITUTIONS: usize = 3;
const MEDICINES: usize = 12;
const SURGERIES: usize = 3;
const ACTS: usize = 3;

/// Writes the script: one paragraph a subject.
pub(super) fn write(handover: &Handover<'_>, out: &mut dyn Write) -> fmt::Result {
    let today = handover.today();
    if let Some(caution) = words::caution(handover) {
        writeln!(out, "{caution}。")?;
    }
    match &handover.crew.unit {
        Some(unit) => writeln!(out, "{}です。傷病者の情報をお伝えします。", unit.as_str())?,
        None => writeln!(out, "救急隊です。傷病者の情報をお伝えします。")?,
    }
    out.write_str("傷病者、")?;
    words::patient(handover.patient, today, out)?;
    match &handover.patient.address {
        Some(address) => writeln!(out, "。住所、{}。", address.as_str())?,
        None => writeln!(out, "。")?,
    }
    match &handover.crew.complaint {
        Some(complaint) => writeln!(out, "主訴、{}。", complaint.as_str())?,
        None => writeln!(out, "主訴は未確認です。")?,
    }
    words::findings(handover.crew, out)?;
    writeln!(out, "。")?;
    if let Some(view) = handover.view() {
        medical(view, out)?;
    }
    out.write_str("分かっていないこと。")?;
    not_known::sentences(&not_known::list(handover), out)?;
    out.write_str("\n本人確認と閲覧の根拠。")?;
    words::identity(handover.identity, out)?;
    out.write_str("。")?;
    words::trust(handover.trust, out)?;
    out.write_str("。")?;
    words::basis(handover, out)?;
    writeln!(out, "。\n以上です。")
}

fn medical(view: &MedicalView, out: &mut dyn Write) -> fmt::Result {
    let today = view.today();
    write!(out, "{}からお伝えします。", words::scope(view.scope()))?;
    words::ages(view, out)?;
    writeln!(out, "{}", if view.sources().is_empty() { "記録はありません。" } else { "。" })?;

    let institutions = view.institutions(None);
    write!(out, "受診歴、{}施設。", institutions.len())?;
    for visited in institutions.iter().take(INSTITUTIONS) {
        words::institution(visited, today, out)?;
        out.write_str("。")?;
    }
    rest(institutions.len(), INSTITUTIONS, "施設", out)?;

    let medicines = digest::medicines(view);
    write!(out, "\n薬剤、{}種類。", medicines.len())?;
    for medicine in medicines.iter().take(MEDICINES) {
        words::medicine(medicine.newest, out)?;
        let last = words::Spoken(medicine.newest.when, today);
        let from = medicine.newest.source;
        let only = if from == Source::Prescription { "処方" } else { "" };
        write!(out, "、最終{only}{last}。")?;
    }
    rest(medicines.len(), MEDICINES, "種類", out)?;

    match digest::dialysis(view) {
        Some((newest, count)) => {
            write!(out, "\n透析、{count}回、最終{}", words::Spoken(newest.when, today))?;
            if let Some(place) = &newest.institution {
                write!(out, "、{}", place.name.as_str())?;
            }
            out.write_str("。")?;
        }
        None => out.write_str("\n透析の記録はありません。")?,
    }
    let surgeries = view.surgeries().iter().map(|item| (item.when, item.name.as_str()));
    acts("手術", surgeries, SURGERIES, today, out)?;
    let care = view.care().iter().map(|item| (item.when, item.name.as_str()));
    acts("診療行為", care, ACTS, today, out)?;
    match view.checkups().first() {
        Some(checkup) => {
            writeln!(out, "\n特定健診、最終{}。", words::Spoken(checkup.day.into(), today))
        }
        None => writeln!(out, "\n特定健診の記録はありません。"),
    }
}

fn acts<'a>(
    title: &str,
    items: impl ExactSizeIterator<Item = (When, &'a str)>,
    most: usize,
    today: Date,
    out: &mut dyn Write,
) -> fmt::Result {
    let count = items.len();
    if count == 0 {
        return write!(out, "\n{title}の記録はありません。");
    }
    write!(out, "\n{title}、{count}件。")?;
    for (when, name) in items.take(most) {
        write!(out, "{}、{name}。", words::Spoken(when, today))?;
    }
    rest(count, most, "件", out)
}

/// Counts what is not read aloud.
fn rest(count: usize, most: usize, unit: &str, out: &mut dyn Write) -> fmt::Result {
    match count.saturating_sub(most) {
        0 => Ok(()),
        more => write!(out, "ほか{more}{unit}。"),
    }
}
