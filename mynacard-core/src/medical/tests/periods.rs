//! The published periods, at their edges and for random records.

use proptest::prelude::*;

use super::*;
use crate::calendar::Date;

/// Which of these days a view shows.
fn shown(scope: Scope, section: Section, now: &str, days: &[&str]) -> Vec<String> {
    let mut found = Collected::new();
    for text in days {
        add(&mut found, section, day(text), text);
    }
    let view = view(found, scope, now);
    let mut days =
        everything(&view).into_iter().map(|(_, when)| when.to_string()).collect::<Vec<_>>();
    days.sort_unstable();
    days
}

fn add(found: &mut Collected, section: Section, when: When, name: &str) {
    match section {
        Section::Visits => found.add_visit(visit(when, name)),
        Section::Medicines => found.add_medicine(medicine(when, name, Source::Receipt)),
        Section::Dispensed => found.add_medicine(medicine(when, name, Source::Dispensing)),
        Section::Prescribed => found.add_medicine(medicine(when, name, Source::Prescription)),
        Section::Surgery => found.add_surgery(Surgery::new(when, name.into(), Source::Receipt)),
        Section::Care => found.add_care(CareAct::new(when, name.into(), Source::Receipt)),
        Section::Dialysis => found.add_dialysis(Dialysis::new(when, name.into(), Source::Receipt)),
        Section::Checkups => found.add_checkup(Checkup::new(when.first_day())),
        _ => {
            let mut item = UnknownItem::new(section, name.into(), "x".into());
            item.when = Some(when);
            found.add_unknown(item)
        }
    }
    .unwrap();
}

fn everything(view: &MedicalView) -> Vec<(Section, When)> {
    (view.visits().iter().map(|item| (Section::Visits, item.when)))
        .chain(view.medicines().iter().map(|item| (Section::of_medicine(item.source), item.when)))
        .chain(view.care().iter().map(|item| (Section::Care, item.when)))
        .chain(view.surgeries().iter().map(|item| (Section::Surgery, item.when)))
        .chain(view.dialyses().iter().map(|item| (Section::Dialysis, item.when)))
        .chain(view.checkups().iter().map(|item| (Section::Checkups, When::Day(item.day))))
        .chain(view.unknown().iter().map(|item| (item.section, item.when.unwrap())))
        .collect()
}

#[test]
fn the_summary_keeps_the_published_periods_to_the_day() {
    const THREE_MONTHS: [Section; 4] =
        [Section::Visits, Section::Medicines, Section::Care, Section::Dialysis];
    for section in THREE_MONTHS {
        let days = ["2026-08-21", "2026-08-22", "2026-11-22", "2026-11-23"];
        assert_eq!(shown(Scope::Summary, section, NOW, &days), ["2026-08-22", "2026-11-22"]);
    }
    let days = ["2021-11-21", "2021-11-22"];
    assert_eq!(shown(Scope::Summary, Section::Surgery, NOW, &days), ["2021-11-22"]);
    assert_eq!(shown(Scope::Summary, Section::Checkups, NOW, &days), ["2021-11-22"]);
    let days = ["2026-10-07", "2026-10-08"];
    assert_eq!(shown(Scope::Summary, Section::Dispensed, NOW, &days), ["2026-10-08"]);
    assert!(shown(Scope::Summary, Section::Prescribed, NOW, &["2026-11-22"]).is_empty());
}

#[test]
fn the_full_view_keeps_the_published_periods_to_the_day() {
    const FIVE_YEARS: [Section; 6] = [
        Section::Visits,
        Section::Medicines,
        Section::Care,
        Section::Surgery,
        Section::Dialysis,
        Section::Checkups,
    ];
    for section in FIVE_YEARS {
        let days = ["2021-11-21", "2021-11-22", "2026-11-22", "2026-11-23"];
        assert_eq!(shown(Scope::Full, section, NOW, &days), ["2021-11-22", "2026-11-22"]);
    }
    for section in [Section::Dispensed, Section::Prescribed] {
        let days = ["2026-08-13", "2026-08-14"];
        assert_eq!(shown(Scope::Full, section, NOW, &days), ["2026-08-14"]);
    }
}

#[test]
fn months_end_where_they_end_and_days_are_those_of_japan() {
    let at = |now, days: &[&str]| shown(Scope::Summary, Section::Visits, now, days);
    // Three months before 31 May: the last day of February.
    assert_eq!(at("2026-05-31T12:00:00+09:00", &["2026-02-27", "2026-02-28"]), ["2026-02-28"]);
    assert_eq!(at("2028-05-31T12:00:00+09:00", &["2028-02-28", "2028-02-29"]), ["2028-02-29"]);
    // Five years before a leap day.
    let leap = "2028-02-29T12:00:00+09:00";
    let days = ["2023-02-27", "2023-02-28"];
    assert_eq!(shown(Scope::Summary, Section::Surgery, leap, &days), ["2023-02-28"]);
    // 15:00 UTC is midnight in Japan: the period moves on then.
    let days = ["2026-08-22", "2026-08-23", "2026-11-23"];
    assert_eq!(at("2026-11-22T14:59:59Z", &days), ["2026-08-22", "2026-08-23"]);
    assert_eq!(at("2026-11-22T15:00:00Z", &days), ["2026-08-23", "2026-11-23"]);
}

#[test]
fn a_month_is_shown_when_any_of_its_days_may_be() {
    let shows = |year, month| {
        let mut found = Collected::new();
        let month = When::Month(Month::new(year, month).unwrap());
        found.add_visit(visit(month, "x")).unwrap();
        !view(found, Scope::Summary, NOW).is_empty()
    };
    assert_eq!(
        [shows(2026, 7), shows(2026, 8), shows(2026, 11), shows(2026, 12)],
        [false, true, true, false]
    );
}

#[test]
fn what_is_dated_later_is_not_shown_but_counted() {
    let mut found = Collected::new();
    found.add_visit(visit(day("2026-11-23"), "x")).unwrap();
    let view = view(found, Scope::Full, NOW);
    assert!(view.is_empty());
    assert_eq!(view.left_out().dated_later, 1);
}

#[test]
fn the_summary_has_the_date_of_the_newest_checkup_and_the_full_view_five_with_results() {
    let fill = || {
        let mut found = Collected::new();
        for year in 2021..=2026 {
            let mut checkup = Checkup::new(Date::new(year, 11, 22).unwrap());
            checkup.results.push(CheckupResult::new("HbA1c".into(), "7.4".into()));
            found.add_checkup(checkup).unwrap();
        }
        found
    };
    let summary = view(fill(), Scope::Summary, NOW);
    assert_eq!(summary.checkups().len(), 1);
    assert_eq!(summary.checkups()[0].day.to_string(), "2026-11-22");
    assert!(summary.checkups()[0].results.is_empty());
    let full = view(fill(), Scope::Full, NOW);
    let years: Vec<u16> = full.checkups().iter().map(|checkup| checkup.day.year()).collect();
    assert_eq!(years, [2026, 2025, 2024, 2023, 2022]);
    assert!(full.checkups().iter().all(|checkup| checkup.results.len() == 1));
}

/// The published table once more, in plain day arithmetic, against which the code is held.
fn may_be_shown(scope: Scope, section: Section, when: Date, today: Date) -> bool {
    let months = |count: i32| {
        let index = i32::from(today.year()) * 12 + i32::from(today.month()) - 1 - count;
        let month = u8::try_from(index.rem_euclid(12) + 1).unwrap();
        let year = u16::try_from(index.div_euclid(12)).unwrap();
        (1..=today.day()).rev().find_map(|day| Date::new(year, month, day).ok()).unwrap()
    };
    let days = |count: u64| {
        let noon: Timestamp = format!("{today}T12:00:00+09:00").parse().unwrap();
        let earlier = Timestamp::from_unix_millis(noon.unix_millis() - count * 86_400_000).unwrap();
        earlier.date_in_japan()
    };
    use Section::{Care, Dialysis, Dispensed, Elsewhere, Medicines, Prescribed, Visits};
    let first = match (scope, section) {
        (Scope::Summary, Prescribed) => return false,
        (Scope::Summary, Dispensed) => days(45),
        (Scope::Summary, Visits | Medicines | Care | Dialysis | Elsewhere) => months(3),
        (Scope::Full, Dispensed | Prescribed) => days(100),
        _ => months(60),
    };
    first <= when && when <= today
}

prop_compose! {
    fn any_date(years: core::ops::Range<u16>)(year in years, month in 1u8..=12, day in 1u8..=31) -> Date {
        (1..=day).rev().find_map(|day| Date::new(year, month, day).ok()).unwrap()
    }
}

proptest! {
    #[test]
    fn a_view_has_what_its_scope_shows_and_nothing_else(
        today in any_date(2024..2030),
        summary in any::<bool>(),
        items in prop::collection::vec(
            (0..Section::ALL.len(), prop_oneof![Just(None), any_date(2017..2031).prop_map(Some)], 0u64..130),
            0..40,
        ),
    ) {
        let scope = if summary { Scope::Summary } else { Scope::Full };
        let noon: Timestamp = format!("{today}T12:00:00+09:00").parse().unwrap();
        let mut found = Collected::new();
        let mut expected = Vec::new();
        for (index, (section, date, days_ago)) in items.into_iter().enumerate() {
            let section = Section::ALL[section];
            let recent = Timestamp::from_unix_millis(noon.unix_millis() - days_ago * 86_400_000).unwrap();
            let date = date.unwrap_or_else(|| recent.date_in_japan());
            add(&mut found, section, When::Day(date), &format!("x{index}"));
            if may_be_shown(scope, section, date, today) && section != Section::Checkups {
                expected.push((section, When::Day(date).to_string()));
            }
        }
        let view = view(found, scope, &format!("{today}T12:00:00+09:00"));
        let mut got = Vec::new();
        for (section, when) in everything(&view) {
            prop_assert!(may_be_shown(scope, section, when.first_day(), today));
            if section != Section::Checkups {
                got.push((section, when.to_string()));
            }
        }
        got.sort();
        expected.sort();
        prop_assert_eq!(got, expected);
        let most = if summary { 1 } else { 5 };
        prop_assert!(view.checkups().len() <= most);
    }
}
