//! The Japanese words that the script and the page share.

use core::fmt::{self, Display, Write};

use super::digest::{age, parts};
use super::{ChipTrust, CrewFacts, Handover, MedicalFacts, PatientFacts, TrustFacts, Vitals};
use crate::Timestamp;
use crate::audit::Event;
use crate::calendar::{Date, EraDate};
use crate::consent::{Basis, Identity, Said, Scope, Stated};
use crate::field::Sex;
use crate::medical::{MedicalView, Medicine, Origin, VisitedInstitution, When};
use crate::trust::Provenance;

/// Things with `、` between them.
pub(super) struct Joined<'a, T>(pub(super) &'a [T]);

impl<T: Display> Display for Joined<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, item) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("、")?;
            }
            item.fmt(f)?;
        }
        Ok(())
    }
}

/// A date as it is said: the year only when it is not this one.
pub(super) struct Spoken(pub(super) When, pub(super) Date);

impl Display for Spoken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = parts(self.0);
        if year != self.1.year() {
            write!(f, "{year}年")?;
        }
        match day {
            Some(day) => write!(f, "{month}月{day}日"),
            None => write!(f, "{month}月"),
        }
    }
}

/// A moment as it is said: hour and minute in Japan.
pub(super) struct Clock(pub(super) Timestamp);

impl Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const JAPAN_AHEAD_MINUTES: u64 = 9 * 60;
        let minutes = (self.0.unix_seconds() / 60 + JAPAN_AHEAD_MINUTES) % (24 * 60);
        write!(f, "{}時{:02}分", minutes / 60, minutes % 60)
    }
}

/// What kind of report this is, if it is no ordinary one.
pub(super) fn caution(handover: &Handover<'_>) -> Option<&'static str> {
    let synthetic = handover.view().is_some_and(|view| view.origin() == Origin::Synthetic);
    match (handover.drill, synthetic) {
        (true, _) => Some("訓練です。実際の傷病者の情報ではありません"),
        (false, true) => Some("架空データです。実際の傷病者の情報ではありません"),
        (false, false) => None,
    }
}

/// `架空 太郎さん、昭和30年3月2日(1955年)生まれ、71歳、男性`.
pub(super) fn patient(patient: &PatientFacts, today: Date, out: &mut dyn Write) -> fmt::Result {
    match &patient.name {
        Some(name) => write!(out, "{}さん", name.as_str())?,
        None => out.write_str("氏名不明")?,
    }
    match &patient.birth {
        Some(birth) => {
            let date = birth.date();
            match EraDate::of(date) {
                Some(era) => write!(out, "、{era}({}年)生まれ", date.year())?,
                None => write!(out, "、{date}生まれ")?,
            }
            let (years, months) = age(birth, today);
            write!(out, "、{years}歳")?;
            if let Some(months) = months {
                write!(out, "{months}か月")?;
            }
        }
        None => out.write_str("、生年月日不明")?,
    }
    out.write_str(match patient.sex {
        Some(Sex::Male) => "、男性",
        Some(Sex::Female) => "、女性",
        _ => "、性別不明",
    })
}

/// `意識、JCS 2`, `血圧 148/92 …`; what was not measured is left to the list of what is not known.
pub(super) fn findings(crew: &CrewFacts, out: &mut dyn Write) -> fmt::Result {
    match &crew.consciousness {
        Some(text) => write!(out, "意識 {}", text.as_str())?,
        None => out.write_str("意識 未確認")?,
    }
    let Vitals { systolic, diastolic, pulse, breaths, oxygen, temperature_tenths } = &crew.vitals;
    match (systolic, diastolic) {
        (Some(systolic), Some(diastolic)) => write!(out, "、血圧 {systolic}の{diastolic}")?,
        (Some(systolic), None) => write!(out, "、収縮期血圧 {systolic}")?,
        (None, _) => {}
    }
    if let Some(pulse) = pulse {
        write!(out, "、脈拍 {pulse}")?;
    }
    if let Some(breaths) = breaths {
        write!(out, "、呼吸 {breaths}")?;
    }
    if let Some(oxygen) = oxygen {
        write!(out, "、SpO2 {oxygen}%")?;
    }
    if let Some(tenths) = temperature_tenths {
        write!(out, "、体温 {}.{}度", tenths / 10, tenths % 10)?;
    }
    Ok(())
}

/// `救急用サマリー`.
pub(super) const fn scope(scope: Scope) -> &'static str {
    match scope {
        Scope::Summary => "救急用サマリー",
        Scope::Full => "全量版",
    }
}

/// `架空市立中央病院(循環器内科)2回、最終9月29日`.
pub(super) fn institution(
    visited: &VisitedInstitution<'_>,
    today: Date,
    out: &mut dyn Write,
) -> fmt::Result {
    out.write_str(visited.institution.name.as_str())?;
    for (index, department) in visited.departments.iter().enumerate() {
        write!(out, "{}{}", if index == 0 { "(" } else { "、" }, department.as_str())?;
    }
    let close = if visited.departments.is_empty() { " " } else { ")" };
    write!(out, "{close}{}回、最終{}", visited.visits, Spoken(visited.last, today))
}

/// `ワルファリン錠1mg 2.5錠 1日1回 夕食後 28日分`.
pub(super) fn medicine(medicine: &Medicine, out: &mut dyn Write) -> fmt::Result {
    out.write_str(medicine.name.as_str())?;
    if let Some(quantity) = &medicine.quantity {
        let unit = medicine.unit.as_ref().map_or("", |unit| unit.as_str());
        write!(out, " {}{unit}", quantity.as_str())?;
    }
    if let Some(usage) = &medicine.usage {
        write!(out, " {}", usage.as_str())?;
    }
    if let Some(instruction) = &medicine.instruction {
        write!(out, " {}", instruction.as_str())?;
    }
    Ok(())
}

/// How identity was established.
pub(super) fn identity(identity: Stated<Identity>, out: &mut dyn Write) -> fmt::Result {
    out.write_str(match identity.fact {
        Identity::NotChecked => "本人確認はしていません",
        Identity::Matched => "顔と写真の目視により本人と確認",
        Identity::Differs => "顔と写真が一致せず、本人のカードではないと判断",
        Identity::Unverifiable => "顔と写真の照合ができず、本人確認は不可",
    })?;
    said_by(identity.said, out)
}

/// How far the card can be trusted.
pub(super) fn trust(trust: TrustFacts, out: &mut dyn Write) -> fmt::Result {
    out.write_str(match trust.chip {
        ChipTrust::Signed => "ICチップの署名は検証済み",
        ChipTrust::Unsigned => "ICチップの情報は署名で検証されていません",
        ChipTrust::IssuerUnknown => "ICチップの署名の発行者が不明",
        ChipTrust::Forged => "ICチップの署名が不正、偽造の疑い",
        ChipTrust::NotRead => "ICチップは読み取っていません",
    })?;
    match trust.roots {
        Some(Provenance::Published) => out.write_str("(公開された認証局証明書による)")?,
        Some(Provenance::Community) => {
            out.write_str("(発行元が公開していない、有志収集の鍵による)")?
        }
        Some(Provenance::TestCards) => out.write_str("(試験用の鍵による)")?,
        Some(Provenance::Caller) => out.write_str("(運用者が設定した鍵による)")?,
        None => {}
    }
    match trust.live {
        Some(true) => out.write_str("、カードの応答検証は正常")?,
        Some(false) => out.write_str("、カードの応答検証は異常")?,
        None => out.write_str("、カードの応答検証は未実施")?,
    }
    if trust.clock_trusted { Ok(()) } else { out.write_str("、端末の時刻は未検証") }
}

/// On what basis the information was seen, or why it was not; and what ended it.
pub(super) fn basis(handover: &Handover<'_>, out: &mut dyn Write) -> fmt::Result {
    let MedicalFacts::Ended(earlier) = handover.medical else {
        return seen_by(handover.basis, out);
    };
    seen_by(earlier, out)?;
    match handover.basis.fact {
        Basis::Refused => out.write_str("。その後、不同意により閲覧終了")?,
        Basis::Withdrawn => out.write_str("。その後、同意撤回により閲覧終了")?,
        Basis::NotAsked => {
            return out.write_str("。その後、意識回復により閲覧終了、同意は未確認");
        }
        Basis::PatientConsents | Basis::RepresentativeConsents | Basis::LifeProtection => {
            return out.write_str("。閲覧許可は終了");
        }
    }
    said_by(handover.basis.said, out)
}

fn seen_by(basis: Stated<Basis>, out: &mut dyn Write) -> fmt::Result {
    out.write_str(match basis.fact {
        Basis::NotAsked => "同意の確認はしていません",
        Basis::PatientConsents => "本人の口頭同意による閲覧",
        Basis::RepresentativeConsents => "家族等の口頭同意による閲覧",
        Basis::LifeProtection => "生命・身体の保護のため、同意取得困難",
        Basis::Refused => "不同意のため閲覧なし",
        Basis::Withdrawn => "同意撤回、以後の閲覧なし",
    })?;
    if let (Basis::LifeProtection, Some(said)) = (basis.fact, basis.said) {
        write!(out, "({})として閲覧", unobtainable(said.event))?;
    }
    said_by(basis.said, out)
}

/// `(20時43分、隊員crew-07)`.
fn said_by(said: Option<Said>, out: &mut dyn Write) -> fmt::Result {
    match said {
        Some(said) => write!(out, "({}、隊員{})", Clock(said.at), said.by),
        None => Ok(()),
    }
}

/// Why consent could not be obtained.
pub(super) const fn unobtainable(event: Event) -> &'static str {
    match event {
        Event::Unconscious => "意識不明",
        Event::ImpairedConsciousness => "意識障害",
        Event::CannotCommunicate => "意思疎通困難",
        Event::CardiopulmonaryArrest => "心肺停止",
        _ => "理由不明",
    }
}

/// Where the data come from and how old they can be: `電子処方箋(調剤)は直近まで反映、…`.
pub(super) fn ages(view: &MedicalView, out: &mut dyn Write) -> fmt::Result {
    for (index, source) in view.sources().into_iter().enumerate() {
        let separator = if index == 0 { "" } else { "、" };
        write!(out, "{separator}{}は{}", source.japanese(), source.age_japanese())?;
    }
    Ok(())
}
