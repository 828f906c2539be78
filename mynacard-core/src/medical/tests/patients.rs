//! The invented patients: their files are read, and their data fit together.

use std::collections::BTreeSet;

use super::*;

const PROFILES: [&str; 9] = [
    "adult",
    "child",
    "expired-certificate",
    "foreign",
    "long-name",
    "nearly-locked",
    "no-pins",
    "old-chip",
    "two-line-address",
];

fn source(profile: &str) -> FileSource {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/data/patients");
    let json = std::fs::read(format!("{folder}/{profile}.json")).unwrap();
    let source = FileSource::from_json(&json, card()).unwrap();
    assert_eq!(source.profile(), profile);
    source
}

pub(crate) fn patient(profile: &str, scope: Scope, now: &str) -> MedicalView {
    match ask(&mut source(profile), scope, now.parse().unwrap()).unwrap() {
        SourceAnswer::Records(view) => *view,
        other => panic!("{profile}: {other:?}"),
    }
}

fn with_records() -> impl Iterator<Item = &'static str> {
    PROFILES.into_iter().filter(|profile| *profile != "expired-certificate")
}

#[test]
fn every_medicine_and_act_belongs_to_a_place_that_was_visited() {
    for profile in with_records() {
        let view = patient(profile, Scope::Full, NOW);
        assert_eq!(view.origin(), Origin::Synthetic);
        let visited: BTreeSet<&str> =
            view.visits().iter().map(|visit| visit.institution.name.as_str()).collect();
        let places = (view.medicines().iter().map(|item| &item.institution))
            .chain(view.care().iter().map(|item| &item.institution))
            .chain(view.dialyses().iter().map(|item| &item.institution));
        for place in places {
            let name = place.as_ref().unwrap().name.as_str();
            assert!(visited.contains(name), "{profile}: {name} was never visited");
        }
        // What a receipt bills happened at a visit of that day, and receipts are weeks old.
        for medicine in view.medicines().iter().filter(|item| item.source == Source::Receipt) {
            let place = medicine.institution.as_ref().unwrap();
            let visit = view
                .visits()
                .iter()
                .find(|visit| visit.when == medicine.when && visit.institution.is_same(place));
            assert!(visit.is_some(), "{profile}: {} without a visit", medicine.name.as_str());
            assert!(view.age_in_days(medicine.when) >= 45);
        }
        for act in view.care() {
            assert!(
                view.visits().iter().any(|visit| visit.when == act.when),
                "{profile}: {}",
                act.name.as_str()
            );
        }
        for medicine in view.medicines() {
            assert_eq!(medicine.code.as_ref().map(Code::system), Some(CodeSystem::Yj));
            assert!(medicine.name.as_str().contains("「架空」"));
        }
    }
}

#[test]
fn the_invented_patients_show_what_they_are_for() {
    let adult = patient("adult", Scope::Summary, NOW);
    let has = |view: &MedicalView, name: &str| {
        view.medicines().iter().any(|item| item.name.as_str().contains(name))
    };
    assert!(
        has(&adult, "ワルファリン") && has(&adult, "メトホルミン") && has(&adult, "アムロジピン")
    );
    assert_eq!((adult.surgeries().len(), adult.checkups().len()), (1, 1));
    assert_eq!(adult.institutions(None)[0].institution.name.as_str(), "架空市立中央病院");
    let dialysis = patient("two-line-address", Scope::Summary, NOW);
    assert!(dialysis.dialyses().len() > 15);
    assert!(has(&patient("long-name", Scope::Summary, NOW), "レベチラセタム"));
    assert!(has(&patient("child", Scope::Summary, NOW), "モンテルカスト"));
    assert_eq!(patient("foreign", Scope::Summary, NOW).visits().len(), 1);
    assert!(patient("no-pins", Scope::Full, NOW).is_empty());
    assert_eq!(patient("long-name", Scope::Full, NOW).unknown().len(), 2);
    let now = NOW.parse().unwrap();
    let expired = ask(&mut source("expired-certificate"), Scope::Full, now).unwrap();
    assert!(matches!(expired, SourceAnswer::None(NoRecords::EligibilityOnly)));
}

#[test]
fn a_patient_file_never_grows_old() {
    let count = |now| {
        let view = patient("adult", Scope::Summary, now);
        (view.visits().len(), view.medicines().len(), view.care().len())
    };
    let today = count("2026-11-22T12:00:00+09:00");
    // Three months are 89 to 92 days long, so that only items within them may differ.
    assert_eq!(today, count("2031-11-22T12:00:00+09:00"));
}

#[test]
fn every_item_of_the_summary_is_in_the_full_view() {
    for profile in with_records() {
        let summary = patient(profile, Scope::Summary, NOW);
        let full = patient(profile, Scope::Full, NOW);
        assert!(summary.visits().iter().all(|item| full.visits().contains(item)));
        assert!(summary.medicines().iter().all(|item| full.medicines().contains(item)));
        assert!(summary.care().iter().all(|item| full.care().contains(item)));
        assert!(summary.surgeries().iter().all(|item| full.surgeries().contains(item)));
        assert!(summary.dialyses().iter().all(|item| full.dialyses().contains(item)));
    }
}

#[test]
fn another_form_is_refused() {
    let read = |json: &str| FileSource::from_json(json.as_bytes(), card()).unwrap_err();
    let head = r#""profile": "x", "about": "x""#;
    assert_eq!(read(&format!("{{\"synthetic\": false, {head}}}")), MedicalFault::NotSynthetic);
    for wrong in [
        String::new(),
        "[]".to_owned(),
        format!("{{{head}}}"),
        format!("{{\"synthetic\": true, {head}, \"my_number\": \"1\"}}"),
        format!("{{\"synthetic\": true, {head}, \"visits\": [{{\"days_ago\": -1}}]}}"),
        format!(
            "{{\"synthetic\": true, {head}, \"care\": [{{\"days_ago\": 1, \"name\": \" \"}}]}}"
        ),
        format!("{{\"synthetic\": true, {head}}} x"),
        format!("{{\"synthetic\": true, {head}, \"unknown\": {}", "[".repeat(100_000)),
    ] {
        assert_eq!(read(&wrong), MedicalFault::BadFile, "{}", wrong.get(..80).unwrap_or(&wrong));
    }
    assert_eq!(read(&" ".repeat(MAX_FILE + 1)), MedicalFault::TooLarge);
    let json = format!(
        "{{\"synthetic\": true, {head}, \"care\": [{{\"days_ago\": 4000000000, \"name\": \"x\"}}]}}"
    );
    let mut source = FileSource::from_json(json.as_bytes(), card()).unwrap();
    let error = ask(&mut source, Scope::Full, NOW.parse().unwrap()).unwrap_err();
    assert_eq!(error, Error::Medical(MedicalFault::BadDate));
}
