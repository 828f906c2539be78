//! What was not known: said in every form of the report.

use core::fmt::{self, Write};

use super::words::Joined;
use super::{Handover, MedicalFacts, Said};
use crate::medical::{MedicalView, NoRecords, Origin, Section, Source};

/// One thing that was not known.
pub(super) enum NotKnown<'a> {
    /// These of the patient's particulars.
    Particulars(Vec<&'static str>),
    /// These of the patient's particulars, which the card has in a form that was not understood.
    NotUnderstood(&'a [Said]),
    /// These of the crew's findings.
    Findings(Vec<&'static str>),
    /// No medical information, for this reason.
    NoRecords(NoRecords),
    /// The source's answer could not be read.
    Unreadable,
    /// Medical information was seen, and its permit has ended.
    Ended,
    /// No medical information was sought.
    NotSought,
    /// Never in the data: diagnoses, allergies, infections, tests.
    NeverIncluded,
    /// These sections are empty, which is no finding.
    Empty(Vec<&'static str>),
    /// Receipts lag.
    ReceiptsLag,
    /// Items that this library does not know.
    UnknownItems(usize),
    /// Items dated after today.
    DatedLater(usize),
    /// Unknown items without date.
    Undated(usize),
    /// The layout was never verified.
    Unverified,
}

impl NotKnown<'_> {
    /// Stable name for JSON.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Particulars(_) => "particulars",
            Self::NotUnderstood(_) => "not_understood",
            Self::Findings(_) => "findings",
            Self::NoRecords(reason) => reason.name(),
            Self::Unreadable => "unreadable",
            Self::Ended => "ended",
            Self::NotSought => "not_sought",
            Self::NeverIncluded => "never_included",
            Self::Empty(_) => "empty_sections",
            Self::ReceiptsLag => "receipts_lag",
            Self::UnknownItems(_) => "unknown_items",
            Self::DatedLater(_) => "dated_later",
            Self::Undated(_) => "undated_items",
            Self::Unverified => "unverified_layout",
        }
    }
}

impl fmt::Display for NotKnown<'_> {
    /// A sentence without its full stop, in Japanese.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Particulars(names) => write!(f, "{}は不明です", Joined(names)),
            Self::NotUnderstood(said) => {
                for (place, said) in said.iter().enumerate() {
                    let and = if place == 0 { "" } else { "、" };
                    write!(f, "{and}{}の記載は「{}」", said.what, said.text.as_str())?;
                }
                f.write_str("で、解釈できません")
            }
            Self::Findings(names) => write!(f, "{}は未確認です", Joined(names)),
            Self::NoRecords(reason) => f.write_str(reason.japanese()),
            Self::Unreadable => f.write_str("医療情報の形式が正しくないため、閲覧できません"),
            Self::Ended => {
                f.write_str("医療情報は閲覧しましたが、閲覧許可が終了したため内容は含みません")
            }
            Self::NotSought => f.write_str("医療情報は閲覧していません"),
            Self::NeverIncluded => {
                f.write_str("傷病名、アレルギー、感染症、検査結果は閲覧情報に含まれません")
            }
            Self::Empty(names) => {
                write!(f, "{}は記録がありません。ないことを示すものではありません", Joined(names))
            }
            Self::ReceiptsLag => {
                write!(f, "レセプト由来の情報は{}です", Source::Receipt.age_japanese())
            }
            Self::UnknownItems(count) => write!(f, "内容を判別できない項目が{count}件あります"),
            Self::DatedLater(count) => {
                write!(f, "日付が未来の項目{count}件は表示していません。端末の時計も確認が必要です")
            }
            Self::Undated(count) => write!(f, "日付のない不明な項目{count}件は表示していません"),
            Self::Unverified => {
                f.write_str("データ形式は検証されていません。誤りの可能性があります")
            }
        }
    }
}

/// What was not known, in the order of the report.
pub(super) fn list<'a>(handover: &Handover<'a>) -> Vec<NotKnown<'a>> {
    let mut list = Vec::new();
    let patient = handover.patient;
    let particulars = absent(&[
        ("氏名", patient.name.is_some()),
        ("生年月日", patient.birth.is_some()),
        ("性別", patient.sex.is_some()),
        ("住所", patient.address.is_some()),
    ]);
    if !particulars.is_empty() {
        list.push(NotKnown::Particulars(particulars));
    }
    if !patient.said.is_empty() {
        list.push(NotKnown::NotUnderstood(&patient.said));
    }
    let (crew, vitals) = (handover.crew, &handover.crew.vitals);
    let findings = absent(&[
        ("主訴", crew.complaint.is_some()),
        ("意識", crew.consciousness.is_some()),
        ("血圧", vitals.systolic.is_some()),
        ("脈拍", vitals.pulse.is_some()),
        ("呼吸数", vitals.breaths.is_some()),
        ("SpO2", vitals.oxygen.is_some()),
        ("体温", vitals.temperature_tenths.is_some()),
    ]);
    if !findings.is_empty() {
        list.push(NotKnown::Findings(findings));
    }
    match handover.medical {
        MedicalFacts::Seen(view) => seen(view, &mut list),
        MedicalFacts::Nothing(reason) => list.push(NotKnown::NoRecords(reason)),
        MedicalFacts::Unreadable => list.push(NotKnown::Unreadable),
        MedicalFacts::Ended(_) => list.push(NotKnown::Ended),
        MedicalFacts::NotSought => list.push(NotKnown::NotSought),
    }
    list
}

fn seen(view: &MedicalView, list: &mut Vec<NotKnown<'_>>) {
    let empty = absent(&[
        (Section::Visits.japanese(), !view.visits().is_empty()),
        (Section::Medicines.japanese(), !view.medicines().is_empty()),
        (Section::Dialysis.japanese(), !view.dialyses().is_empty()),
        (Section::Surgery.japanese(), !view.surgeries().is_empty()),
        (Section::Care.japanese(), !view.care().is_empty()),
        (Section::Checkups.japanese(), !view.checkups().is_empty()),
    ]);
    if !empty.is_empty() {
        list.push(NotKnown::Empty(empty));
    }
    list.push(NotKnown::NeverIncluded);
    list.push(NotKnown::ReceiptsLag);
    let left_out = view.left_out();
    let counted = [
        (view.unknown().len(), NotKnown::UnknownItems(view.unknown().len())),
        (left_out.dated_later, NotKnown::DatedLater(left_out.dated_later)),
        (left_out.undated, NotKnown::Undated(left_out.undated)),
    ];
    list.extend(counted.into_iter().filter(|(count, _)| *count > 0).map(|(_, item)| item));
    if view.origin() == Origin::UnverifiedLayout {
        list.push(NotKnown::Unverified);
    }
}

fn absent(things: &[(&'static str, bool)]) -> Vec<&'static str> {
    things.iter().filter(|(_, known)| !known).map(|(name, _)| *name).collect()
}

/// Writes every sentence with its full stop.
pub(super) fn sentences(list: &[NotKnown<'_>], out: &mut dyn Write) -> fmt::Result {
    list.iter().try_for_each(|item| write!(out, "{item}。"))
}
