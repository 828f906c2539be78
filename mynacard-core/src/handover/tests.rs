//! The three forms as a hospital gets them, and what they say when little is known.

use super::wrap::width;
use super::*;
use crate::audit::{Event, ShortId};
use crate::calendar::Date;
use crate::consent::{Said, Scope};
use crate::medical::tests::patients::patient;
use crate::medical::tests::view;
use crate::medical::{
    CareAct, Collected, Institution, Medicine, Section, Source, Surgery, UnknownItem, Visit,
};
use crate::trust::Provenance;

const NOW: &str = "2026-11-22T19:40:00+09:00";

/// A fact that this event established.
fn stated<T>(fact: T, event: Event) -> Stated<T> {
    let (by, at) = (ShortId::new("C-17").unwrap(), NOW.parse().unwrap());
    Stated { fact, said: Some(Said { event, by, at }) }
}

/// A fact as it is in the beginning.
const fn unstated<T: Copy>(fact: T) -> Stated<T> {
    Stated { fact, said: None }
}

fn taro() -> PatientFacts {
    PatientFacts {
        name: Some("架空 太郎".into()),
        birth: Some(Date::new(1955, 3, 2).unwrap().into()),
        sex: Some(Sex::Male),
        address: Some("東京都架空区本町一丁目2番3号".into()),
        said: Vec::new(),
    }
}

fn crew() -> CrewFacts {
    CrewFacts {
        unit: Some("架空救急1".into()),
        complaint: Some("胸部苦悶感".into()),
        consciousness: Some("JCS 1".into()),
        vitals: Vitals {
            systolic: Some(148),
            diastolic: Some(92),
            pulse: Some(96),
            breaths: Some(20),
            oxygen: Some(95),
            temperature_tenths: Some(368),
        },
    }
}

fn handover<'a>(
    patient: &'a PatientFacts,
    crew: &'a CrewFacts,
    medical: MedicalFacts<'a>,
) -> Handover<'a> {
    Handover {
        patient,
        crew,
        identity: stated(Identity::Matched, Event::FaceMatched),
        trust: TrustFacts {
            chip: ChipTrust::Signed,
            live: Some(true),
            roots: Some(Provenance::Community),
            clock_trusted: true,
        },
        basis: stated(Basis::PatientConsents, Event::ConsentByPatient),
        medical,
        drill: false,
        now: NOW.parse().unwrap(),
    }
}

#[test]
fn the_script_is_what_a_crew_reads_aloud() {
    let (patient_facts, crew) = (taro(), crew());
    let view = patient("adult", Scope::Summary, NOW);
    let script = handover(&patient_facts, &crew, MedicalFacts::Seen(&view)).script();
    let expected = "\
架空データです。実際の傷病者の情報ではありません。
架空救急1です。傷病者の情報をお伝えします。
傷病者、架空 太郎さん、昭和30年3月2日(1955年)生まれ、71歳、男性。住所、東京都架空区本町一丁目2番3号。
主訴、胸部苦悶感。
意識 JCS 1、血圧 148の92、脈拍 96、呼吸 20、SpO2 95%、体温 36.8度。
救急用サマリーからお伝えします。電子処方箋(調剤)は直近まで反映、レセプトは最新でも約1か月半前まで、特定健診は反映までの期間は不明。
受診歴、3施設。架空市立中央病院(循環器内科)2回、最終9月29日。架空内科クリニック(内科)1回、最終9月15日。架空歯科医院(歯科)1回、最終9月8日。
薬剤、4種類。アムロジピン錠5mg「架空」 1錠 1日1回 朝食後、最終11月10日。グリメピリド錠1mg「架空」 1錠 1日1回 朝食前、最終11月10日。メトホルミン塩酸塩錠500mg「架空」 3錠 1日3回 毎食後、最終11月10日。ワルファリンK錠1mg「架空」 2.5錠 1日1回 夕食後、最終10月27日。
透析の記録はありません。
手術、1件。2023年11月18日、経皮的冠動脈ステント留置術。
診療行為、3件。9月29日、プロトロンビン時間(PT)。9月29日、心電図検査(12誘導)。9月15日、ヘモグロビンA1c(HbA1c)。
特定健診、最終4月26日。
分かっていないこと。透析情報は記録がありません。ないことを示すものではありません。傷病名、アレルギー、感染症、検査結果は閲覧情報に含まれません。レセプト由来の情報は最新でも約1か月半前までです。
本人確認と閲覧の根拠。顔と写真の目視により本人と確認(19時40分、隊員C-17)。ICチップの署名は検証済み(発行元が公開していない、有志収集の鍵による)、カードの応答検証は正常。本人の口頭同意による閲覧(19時40分、隊員C-17)。
以上です。
";
    assert_eq!(*script, expected);
}

#[test]
fn the_page_is_one_page() {
    let (patient_facts, crew) = (taro(), crew());
    let view = patient("two-line-address", Scope::Summary, NOW);
    let page = handover(&patient_facts, &crew, MedicalFacts::Seen(&view)).page();
    let expected = "\
傷病者引き継ぎ票  2026-11-22 19時40分  架空救急1
※ 架空データです。実際の傷病者の情報ではありません
■傷病者  架空 太郎さん、昭和30年3月2日(1955年)生まれ、71歳、男性
  住所 東京都架空区本町一丁目2番3号
■主訴  胸部苦悶感
■意識・バイタル  意識 JCS 1、血圧 148の92、脈拍 96、呼吸 20、SpO2 95%、体温 36.
    8度
■医療情報  救急用サマリー  電子処方箋(調剤)は直近まで反映、レセプトは最新でも約
    1か月半前まで、特定健診は反映までの期間は不明
■受診歴  1施設
  架空腎透析センター(腎臓内科)20回、最終10月7日
■薬剤  3種類
  2026-11-13 電子処方箋(調剤) ニフェジピンCR錠20mg「架空」 1錠 1日1回 朝食後 …
  2026-11-13 電子処方箋(調剤) 沈降炭酸カルシウム錠500mg「架空」 3錠 1日3回 毎…
  2026-09-23 レセプト ダルベポエチンアルファ注20μg「架空」 1筒 透析終了時
■透析  20回、最終10月7日 架空腎透析センター
■手術  1件
  2026-01-26 内シャント設置術
■診療行為  1件
  2026-09-23 慢性維持透析患者外来医学管理料
■特定健診  最終2024年6月5日
■分かっていないこと  傷病名、アレルギー、感染症、検査結果は閲覧情報に含まれませ
    ん。レセプト由来の情報は最新でも約1か月半前までです。
■本人確認  顔と写真の目視により本人と確認(19時40分、隊員C-17)
■カード  ICチップの署名は検証済み(発行元が公開していない、有志収集の鍵による)、
    カードの応答検証は正常
■閲覧の根拠  本人の口頭同意による閲覧(19時40分、隊員C-17)
";
    assert_eq!(*page, expected);
}

#[test]
fn an_unconscious_stranger_without_signal_is_said_plainly() {
    let (patient_facts, crew) = (PatientFacts::default(), CrewFacts::default());
    let nothing = MedicalFacts::Nothing(NoRecords::NoSignal);
    let handover = Handover {
        identity: unstated(Identity::NotChecked),
        trust: TrustFacts {
            chip: ChipTrust::NotRead,
            live: None,
            roots: None,
            clock_trusted: false,
        },
        basis: stated(Basis::LifeProtection, Event::Unconscious),
        ..handover(&patient_facts, &crew, nothing)
    };
    let expected = "\
救急隊です。傷病者の情報をお伝えします。
傷病者、氏名不明、生年月日不明、性別不明。
主訴は未確認です。
意識 未確認。
分かっていないこと。氏名、生年月日、性別、住所は不明です。主訴、意識、血圧、脈拍、呼吸数、SpO2、体温は未確認です。通信圏外のため、医療情報を取得できません。
本人確認と閲覧の根拠。本人確認はしていません。ICチップは読み取っていません、カードの応答検証は未実施、端末の時刻は未検証。生命・身体の保護のため、同意取得困難(意識不明)として閲覧(19時40分、隊員C-17)。
以上です。
";
    assert_eq!(*handover.script(), expected);
    let page = handover.page();
    assert!(page.contains("通信圏外") && !page.contains("■薬剤"));
    let json: serde_json::Value = serde_json::from_str(&handover.json()).unwrap();
    assert_eq!(json["medical"], serde_json::Value::Null);
    assert_eq!(json["no_medical"], "no_signal");
    assert_eq!(json["basis"]["detail"], "unconscious");
    assert_eq!(json["basis"]["service_code"], 3);
}

#[test]
fn no_records_are_not_called_healthy() {
    let (patient_facts, crew) = (taro(), crew());
    let view = patient("no-pins", Scope::Full, NOW);
    let script = handover(&patient_facts, &crew, MedicalFacts::Seen(&view)).script();
    assert!(script.contains("全量版からお伝えします。記録はありません。"));
    assert!(script.contains(
        "受診歴、薬剤情報、透析情報、手術情報、診療情報、特定健診情報は記録がありません。\
         ないことを示すものではありません。"
    ));
}

#[test]
fn every_basis_and_identity_has_its_words() {
    let (patient_facts, crew) = (taro(), crew());
    for (basis, words, kind) in [
        (unstated(Basis::NotAsked), "同意の確認はしていません", "not_asked"),
        (
            stated(Basis::RepresentativeConsents, Event::ConsentByRepresentative),
            "家族等の口頭同意による閲覧",
            "oral_consent",
        ),
        (stated(Basis::Refused, Event::ConsentRefused), "不同意のため閲覧なし", "refused"),
        (
            stated(Basis::Withdrawn, Event::ConsentWithdrawn),
            "同意撤回、以後の閲覧なし",
            "withdrawn",
        ),
    ] {
        let handover =
            Handover { basis, ..handover(&patient_facts, &crew, MedicalFacts::NotSought) };
        assert!(handover.script().contains(words) && handover.page().contains(words));
        let json: serde_json::Value = serde_json::from_str(&handover.json()).unwrap();
        assert_eq!(json["basis"]["kind"], kind);
    }
    for (identity, words) in [
        (stated(Identity::Differs, Event::FaceDiffers), "本人のカードではない"),
        (stated(Identity::Unverifiable, Event::FaceUnverifiable), "本人確認は不可"),
    ] {
        let handover =
            Handover { identity, ..handover(&patient_facts, &crew, MedicalFacts::Unreadable) };
        assert!(handover.script().contains(words) && handover.page().contains(words));
    }
}

#[test]
fn what_was_seen_and_then_ended_is_not_denied() {
    let (patient_facts, crew) = (taro(), crew());
    let earlier = stated(Basis::LifeProtection, Event::Unconscious);
    for (basis, words) in [
        (unstated(Basis::NotAsked), "その後、意識回復により閲覧終了"),
        (stated(Basis::Refused, Event::ConsentRefused), "その後、不同意により閲覧終了"),
        (stated(Basis::Withdrawn, Event::ConsentWithdrawn), "その後、同意撤回により閲覧終了"),
    ] {
        let handover =
            Handover { basis, ..handover(&patient_facts, &crew, MedicalFacts::Ended(earlier)) };
        for text in [handover.script(), handover.page()] {
            let text = text.replace(['\n', ' ', '　'], "");
            assert!(text.contains("同意取得困難(意識不明)として閲覧"), "{text}");
            assert!(text.contains(words), "{text}");
            assert!(!text.contains("閲覧していません"), "{text}");
        }
        let json: serde_json::Value = serde_json::from_str(&handover.json()).unwrap();
        assert_eq!(json["no_medical"], "ended");
        assert_eq!(json["earlier_basis"]["service_code"], 3);
    }
}

#[test]
fn a_drill_says_so_in_every_form() {
    let (patient_facts, crew) = (taro(), crew());
    let handover =
        Handover { drill: true, ..handover(&patient_facts, &crew, MedicalFacts::NotSought) };
    assert!(handover.script().starts_with("訓練です。実際の傷病者の情報ではありません。\n"));
    assert!(handover.page().lines().nth(1).unwrap().starts_with("※ 訓練です"));
    let json: serde_json::Value = serde_json::from_str(&handover.json()).unwrap();
    assert_eq!(json["drill"], true);
}

#[test]
fn the_json_is_complete_and_has_the_documented_shape() {
    let (patient_facts, crew) = (taro(), crew());
    let view = patient("long-name", Scope::Full, NOW);
    let handover = handover(&patient_facts, &crew, MedicalFacts::Seen(&view));
    let json: serde_json::Value = serde_json::from_str(&handover.json()).unwrap();
    let keys: Vec<&str> = json.as_object().unwrap().keys().map(String::as_str).collect();
    let mut expected = [
        "format",
        "drill",
        "made_at",
        "unit",
        "patient",
        "findings",
        "medical",
        "no_medical",
        "not_known",
        "identity",
        "trust",
        "basis",
    ];
    expected.sort_unstable();
    let mut keys = keys;
    keys.sort_unstable();
    assert_eq!(keys, expected);
    assert_eq!(json["format"], "mynacard-handover/1");
    assert_eq!(json["patient"]["birth"], "1955-03-02");
    assert_eq!(json["patient"]["age_years"], 71);
    let medical = &json["medical"];
    assert_eq!((&medical["scope"], &medical["origin"]), (&"full".into(), &"synthetic".into()));
    assert_eq!(medical["medicines"].as_array().unwrap().len(), view.medicines().len());
    assert_eq!(medical["medicines"][0]["source"], "dispensing");
    assert_eq!(medical["unknown"][0]["name"], "管理区分");
    assert_eq!(medical["sources"][1]["age_en"], "from receipts, up to about six weeks old");
    assert_eq!(json["identity"]["kind"], "face_matched");
    assert_eq!(json["identity"]["by"], "C-17");
    assert_eq!(json["identity"]["at"], "2026-11-22T10:40:00Z");
    let gaps: Vec<_> =
        json["not_known"].as_array().unwrap().iter().map(|gap| &gap["name"]).collect();
    assert_eq!(gaps, ["empty_sections", "never_included", "receipts_lag", "unknown_items"]);
}

#[test]
fn children_have_their_months() {
    let crew = CrewFacts::default();
    for (birth, age) in [
        ((2026, 11, 22), "0歳0か月"),
        ((2026, 1, 31), "0歳9か月"),
        ((2021, 12, 1), "4歳11か月"),
        ((2020, 11, 22), "6歳、"),
    ] {
        let (year, month, day) = birth;
        let birth = Some(Date::new(year, month, day).unwrap().into());
        let patient = PatientFacts { birth, ..PatientFacts::default() };
        let script = handover(&patient, &crew, MedicalFacts::NotSought).script();
        assert!(script.contains(age), "{age}: {}", *script);
    }
}

#[test]
fn the_longest_report_is_still_one_page_and_counts_what_it_leaves_out() {
    let long = |number: usize| format!("{}{number}", "長い名前の".repeat(40));
    let when = crate::medical::When::Day(Date::new(2026, 11, 1).unwrap());
    let mut found = Collected::new();
    for number in 0..50 {
        let name = long(number);
        let place = Institution::new(name.as_str().into(), None);
        let mut visit = Visit::new(when, place, Source::Receipt);
        visit.department = Some(name.as_str().into());
        found.add_visit(visit).unwrap();
        for source in [Source::Receipt, Source::Dispensing, Source::Unstated] {
            let mut medicine = Medicine::new(when, name.as_str().into(), source);
            medicine.usage = Some(name.as_str().into());
            found.add_medicine(medicine).unwrap();
        }
        found.add_surgery(Surgery::new(when, name.as_str().into(), Source::Receipt)).unwrap();
        found.add_care(CareAct::new(when, name.as_str().into(), Source::Receipt)).unwrap();
        let item = UnknownItem::new(Section::Elsewhere, name.as_str().into(), name.as_str().into());
        found.add_unknown(item).unwrap();
    }
    let view = view(found, Scope::Full, NOW);
    let patient_facts = PatientFacts {
        name: Some(long(1).as_str().into()),
        address: Some(long(2).as_str().into()),
        ..taro()
    };
    let crew = CrewFacts {
        unit: Some(long(3).as_str().into()),
        complaint: Some("痛い。\n■薬剤  記録なし".into()),
        consciousness: Some(long(4).as_str().into()),
        vitals: Vitals::default(),
    };
    let handover =
        Handover { drill: true, ..handover(&patient_facts, &crew, MedicalFacts::Seen(&view)) };
    let page = handover.page();
    assert!(page.lines().count() <= PAGE_LINES, "{} lines", page.lines().count());
    assert!(page.lines().count() > PAGE_LINES - 12, "this test means to fill the page");
    for line in page.lines() {
        assert!(line.chars().map(width).sum::<usize>() <= PAGE_COLUMNS, "{line}");
    }
    for words in ["  ほか46施設", "  ほか39種類", "  ほか47件", "  ほか48件の不明な項目"]
    {
        assert!(page.lines().any(|line| line == words), "{words}\n{}", *page);
    }
    // What is not known is never cut, however much there is of it.
    let unwrapped = page.replace("\n    ", "");
    assert!(unwrapped.contains("内容を判別できない項目が50件あります。\n■本人確認"));
    assert_eq!(page.lines().filter(|line| line.starts_with("■薬剤")).count(), 1);
    assert!(handover.script().contains("ほか47施設。"));
}

#[test]
fn every_form_fits_the_memory_that_was_set_aside() {
    let (patient_facts, crew) = (taro(), crew());
    let view = patient("adult", Scope::Full, NOW);
    let handover = handover(&patient_facts, &crew, MedicalFacts::Seen(&view));
    for form in [handover.script(), handover.page(), handover.json()] {
        assert!(!form.is_empty());
        assert_eq!(form.capacity(), form.len(), "the text moved while it was written");
    }
}

#[test]
fn nothing_of_a_person_is_in_debug() {
    let (patient_facts, crew) = (taro(), crew());
    let view = patient("adult", Scope::Full, NOW);
    let handover = handover(&patient_facts, &crew, MedicalFacts::Seen(&view));
    let said =
        format!("{handover:?}{patient_facts:?}{crew:?}{:?}{:?}", crew.vitals, handover.medical);
    for secret in ["太郎", "架空", "1955", "148", "胸部", "東京"] {
        assert!(!said.contains(secret), "{said}");
    }
}
