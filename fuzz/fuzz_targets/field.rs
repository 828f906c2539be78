//! A field that parses says what its bytes say, and an era date leads back to its day.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mynacard_core::calendar::{Date, EraDate};
use mynacard_core::field::{Sex, Text};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(date) = Date::parse_compact(bytes) {
        assert_eq!(date.to_string().replace('-', "").as_bytes(), bytes);
        if let Some(counted) = EraDate::of(date) {
            let back = counted.era.date(counted.year, date.month(), date.day());
            assert_eq!(back, Some(date));
        }
    }
    if let Ok(sex) = Sex::parse(bytes) {
        assert_eq!([b'0' + sex.code()], bytes);
    }
    if let Ok(text) = Text::parse(bytes) {
        assert_eq!(text.as_str().as_bytes(), bytes);
        assert_eq!(format!("{text:?}"), "Text(…)");
    }
});
