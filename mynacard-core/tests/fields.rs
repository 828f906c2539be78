//! Dates, eras, sex and text, as the chip stores them.
#![allow(clippy::expect_used, reason = "helpers of tests may fail loudly")]

use mynacard_core::calendar::{Date, Era, EraDate};
use mynacard_core::error::MalformedReason;
use mynacard_core::field::{BirthDate, Sex, Text};
use proptest::prelude::*;

/// The simulator counts eras by a table of its own.
#[test]
fn the_simulator_counts_every_day_in_the_same_era() {
    assert_eq!(Era::Meiji.start().to_string(), "1868-01-25");
    for day in days("18600101", "20301231") {
        let theirs = mynacard_sim::Date::new(day.year(), day.month(), day.day()).era_text();
        assert_eq!(EraDate::of(day).map(|ours| ours.to_string()), theirs, "{day}");
    }
}

fn date(text: &str) -> Date {
    Date::parse_compact(text.as_bytes()).expect("a date")
}

/// Every day from `first` to `last`, found by trying all there could be.
fn days(first: &str, last: &str) -> impl Iterator<Item = Date> {
    let (first, last) = (date(first), date(last));
    (first.year()..=last.year())
        .flat_map(|year| (1..=12).map(move |month| (year, month)))
        .flat_map(|(year, month)| (1..=31).map(move |day| (year, month, day)))
        .filter_map(|(year, month, day)| Date::new(year, month, day).ok())
        .filter(move |date| (first..=last).contains(date))
}

#[test]
fn chip_dates_are_gregorian() {
    let birth = date("19800217");
    assert_eq!((birth.year(), birth.month(), birth.day()), (1980, 2, 17));
    assert_eq!(birth.to_string(), "1980-02-17");
    assert_eq!(EraDate::of(birth).expect("an era").to_string(), "昭和55年2月17日");
    assert_eq!(date("00010101").to_string(), "0001-01-01");
}

#[test]
fn impossible_dates_are_refused() {
    for text in [
        "",
        "1980021",
        "198002170",
        "1980-2-1",
        "19800230",
        "19810229",
        "19001301",
        "19000229",
        "19000001",
        "19000100",
        "00000101",
        "１９８００２",
        "+1980217",
        "19800217\0",
    ] {
        let parsed = Date::parse_compact(text.as_bytes());
        assert_eq!(parsed, Err(MalformedReason::BadDate), "{text}");
    }
}

#[test]
fn eras_change_on_their_day() {
    for (text, expected) in [
        ("18730101", "明治6年1月1日"),
        ("19120729", "明治45年7月29日"),
        ("19120730", "大正元年7月30日"),
        ("19261224", "大正15年12月24日"),
        ("19261225", "昭和元年12月25日"),
        ("19890107", "昭和64年1月7日"),
        ("19890108", "平成元年1月8日"),
        ("20190430", "平成31年4月30日"),
        ("20190501", "令和元年5月1日"),
        ("20350217", "令和17年2月17日"),
    ] {
        assert_eq!(EraDate::of(date(text)).expect("an era").to_string(), expected);
    }
    assert_eq!(EraDate::of(date("18721231")), None);
}

#[test]
fn days_outside_an_era_do_not_exist() {
    for (era, year, month, day) in [
        (Era::Showa, 65, 1, 1),
        (Era::Showa, 64, 1, 8),
        (Era::Showa, 1, 12, 24),
        (Era::Heisei, 32, 1, 1),
        (Era::Heisei, 31, 5, 1),
        (Era::Heisei, 1, 1, 7),
        (Era::Reiwa, 1, 4, 30),
        (Era::Taisho, 1, 7, 29),
        (Era::Taisho, 15, 12, 26),
        (Era::Meiji, 5, 12, 31),
        (Era::Meiji, 45, 7, 31),
        (Era::Showa, 0, 1, 1),
        (Era::Showa, 55, 2, 30),
        (Era::Showa, 55, 13, 1),
        (Era::Reiwa, u16::MAX, 1, 1),
    ] {
        assert_eq!(era.date(year, month, day), None, "{era:?} {year}-{month}-{day}");
    }
    // Registers of the day itself were written under either name.
    assert_eq!(Era::Taisho.date(15, 12, 25), Some(date("19261225")));
    assert_eq!(Era::Meiji.date(45, 7, 30), Some(date("19120730")));
}

#[test]
fn every_day_survives_its_era() {
    let mut count = 0;
    for day in days("18730101", "21001231") {
        let era = EraDate::of(day).expect("an era");
        assert_eq!(era.era.date(era.year, era.month, era.day), Some(day));
        count += 1;
    }
    assert_eq!(count, 83_275, "days from 1873 to 2100");
}

#[test]
fn age_changes_on_the_birthday() {
    let born = date("19800217");
    for (today, age) in [
        ("19800217", 0),
        ("19810216", 0),
        ("19810217", 1),
        ("20260216", 45),
        ("20260217", 46),
        ("19790101", 0),
    ] {
        assert_eq!(born.age_on(date(today)), age, "{today}");
    }
    let leap = date("20000229");
    assert_eq!(leap.age_on(date("20180228")), 17);
    assert_eq!(leap.age_on(date("20180301")), 18);
    assert_eq!(leap.age_on(date("20200229")), 20);
}

#[test]
fn sex_is_one_of_four_codes() {
    for (code, sex, japanese) in [
        (b'0', Sex::Unknown, "不明"),
        (b'1', Sex::Male, "男"),
        (b'2', Sex::Female, "女"),
        (b'9', Sex::NotApplicable, "適用不能"),
    ] {
        assert_eq!(Sex::parse(&[code]), Ok(sex));
        assert_eq!(sex.code(), code - b'0');
        assert_eq!(sex.japanese(), japanese);
    }
    for code in (0..=u8::MAX).filter(|code| !b"0129".contains(code)) {
        assert_eq!(Sex::parse(&[code]), Err(MalformedReason::BadValue));
    }
    assert_eq!(Sex::parse(b""), Err(MalformedReason::BadLength));
    assert_eq!(Sex::parse(b"11"), Err(MalformedReason::BadLength));
}

#[test]
fn text_is_never_normalised() {
    // Full-width forms, a variation sequence, a character outside the BMP, and a private one (外字).
    for text in ["黒桐　幹也", "１２－７", "葛\u{E0100}城", "𠮷田", "\u{E000}", "か\u{3099}", ""]
    {
        let parsed = Text::parse(text.as_bytes()).expect("UTF-8");
        assert_eq!(parsed.as_str().as_bytes(), text.as_bytes());
    }
    assert_eq!(Text::parse(b"\xE9\xBB"), Err(MalformedReason::BadText));
    assert_eq!(Text::parse(b"\x8D\x95"), Err(MalformedReason::BadText), "Shift JIS");
}

#[test]
fn personal_values_are_not_printed() {
    let name = Text::parse("番号　花子".as_bytes()).expect("UTF-8");
    assert_eq!(format!("{name:?}"), "Text(…)");
    let birth = BirthDate::parse_compact(b"19800217").expect("a date");
    assert_eq!(format!("{birth:?}"), "BirthDate(…)");
    assert_eq!(birth.date(), date("19800217"));
    assert_eq!(BirthDate::parse_compact(b"19801317"), Err(MalformedReason::BadDate));
}

proptest! {
    #[test]
    fn any_bytes_are_a_date_or_none(bytes in proptest::collection::vec(any::<u8>(), 0..12)) {
        if let Ok(date) = Date::parse_compact(&bytes) {
            prop_assert_eq!(date.to_string().replace('-', "").into_bytes(), bytes);
        }
    }

    #[test]
    fn any_eight_digits_are_a_date_or_none(text in "[0-9]{8}") {
        if let Ok(date) = Date::parse_compact(text.as_bytes()) {
            prop_assert_eq!(date.to_string().replace('-', ""), text);
        }
    }

    #[test]
    fn any_bytes_are_text_or_none(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
        match Text::parse(&bytes) {
            Ok(text) => prop_assert_eq!(text.as_str().as_bytes(), &bytes[..]),
            Err(reason) => prop_assert_eq!(reason, MalformedReason::BadText),
        }
    }
}
