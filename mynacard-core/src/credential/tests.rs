use proptest::prelude::*;

use super::*;
use crate::calendar::{Date, EraDate};
use crate::error::CredentialFault::{self, *};

fn digits(number: Result<VerificationNumberB, CredentialFault>) -> Result<String, CredentialFault> {
    number.map(|number| String::from_utf8(number.expose().to_vec()).expect("ASCII"))
}

fn typed(text: &str) -> Result<String, CredentialFault> {
    digits(VerificationNumberB::from_digits(text.as_bytes()))
}

fn printed(birth: &str, expiry: &str, code: &str) -> Result<String, CredentialFault> {
    digits(VerificationNumberB::from_printed(&PrintedParts::new(birth, expiry, code)))
}

fn born(birth: &str) -> Result<String, CredentialFault> {
    printed(birth, "2035", "2285").map(|digits| digits[..6].to_owned())
}

fn ocr(lines: &[&str]) -> Result<String, CredentialFault> {
    digits(VerificationNumberB::from_ocr_lines(lines))
}

fn ok(digits: &str) -> Result<String, CredentialFault> {
    Ok(digits.to_owned())
}

const B: &str = "55021720352285";

#[test]
fn a_day_or_month_that_is_not_known_is_double_zero() {
    for (birth, rule, digits) in [
        ("1980年02月00日", Some(BirthYear::Gregorian), "80020020352285"),
        ("1980年00月00日", Some(BirthYear::Gregorian), "80000020352285"),
        ("1980年2月0日", Some(BirthYear::Era), "55020020352285"),
        ("昭和55年2月00日", None, "55020020352285"),
        ("昭和64年0月0日", None, "64000020352285"),
    ] {
        let mut parts = PrintedParts::new(birth, "2035年", "2285");
        if let Some(rule) = rule {
            parts = parts.with_birth_year(rule);
        }
        let number = VerificationNumberB::from_printed(&parts).unwrap();
        assert_eq!(number.expose(), digits.as_bytes(), "{birth}");
        assert!(VerificationNumberB::from_digits(digits.as_bytes()).is_ok(), "{birth}");
    }
    // A day of an unknown month, a month beyond, a year that the era does not have; an era that began in
    // the part that is not known.
    for (birth, fault) in [
        ("1980年00月17日", CredentialFault::BirthDateImpossible),
        ("1980年13月00日", CredentialFault::BirthDateImpossible),
        ("昭和65年0月0日", CredentialFault::BirthDateImpossible),
        ("平成元年0月32日", CredentialFault::BirthDateImpossible),
        ("1989年0月0日", CredentialFault::CalendarUndecided),
        ("1989年1月0日", CredentialFault::CalendarUndecided),
    ] {
        let parts = PrintedParts::new(birth, "2035年", "2285").with_birth_year(BirthYear::Era);
        assert_eq!(VerificationNumberB::from_printed(&parts).err(), Some(fault), "{birth}");
    }
    for digits in ["80001720352285", "80130020352285", "80023120352285"] {
        let fault = VerificationNumberB::from_digits(digits.as_bytes()).err();
        assert_eq!(fault, Some(CredentialFault::BirthDateImpossible), "{digits}");
    }
    // Print is not guessed at: an OCR engine's zero may be a misread digit.
    let lines = ["昭和55年2月00日生", "2035年2月17日まで有効", "2285"];
    assert!(VerificationNumberB::from_ocr_lines(&lines).is_err());
}

#[test]
fn typed_digits_are_taken_in_any_width() {
    for text in [
        B,
        "５５０２１７２０３５２２８５",
        "550217 2035 2285",
        "550217-2035-2285",
        " 550217　2035－2285\n",
    ] {
        assert_eq!(typed(text), ok(B), "{text}");
    }
    assert_eq!(typed("02022420312285"), ok("02022420312285"), "leading zeros stay");
    assert_eq!(typed("00022920352285"), ok("00022920352285"), "2000-02-29");
}

#[test]
fn typed_digits_that_cannot_be_right_are_refused() {
    for (text, fault) in [
        ("", Length),
        ("5502172035228", Length),
        ("550217203522855", Length),
        ("537686677188", Length),
        ("5502172035228O", NotDigits),
        ("昭和55年2月17日", NotDigits),
        ("55131720352285", BirthDateImpossible),
        ("55003020352285", BirthDateImpossible),
        ("55023020352285", BirthDateImpossible),
        ("55043120352285", BirthDateImpossible),
        ("55021719352285", ExpiryYearImpossible),
        ("55021720152285", ExpiryYearImpossible),
        ("55021721002285", ExpiryYearImpossible),
    ] {
        assert_eq!(typed(text), Err(fault), "{text}");
    }
    let not_utf8 = VerificationNumberB::from_digits(&[0xFF; 14]);
    assert_eq!(digits(not_utf8), Err(NotDigits));
}

#[test]
fn printed_birth_dates_give_the_year_of_their_era() {
    for (text, expected) in [
        ("昭和55年2月17日生", "550217"),
        ("昭和５５年　２月１７日生", "550217"),
        ("昭和55年02月17日", "550217"),
        ("平成元年１月８日", "010108"),
        ("令和2年02月24日", "020224"),
        ("明治45年7月29日生", "450729"),
        ("大正元年7月30日生", "010730"),
        ("㍼55年2月17日", "550217"),
        ("S55.2.17", "550217"),
        ("s55/02/17", "550217"),
        ("昭55-2-17", "550217"),
        ("R元.5.1", "010501"),
        ("Ｈ３１．４．３０", "310430"),
        ("生年月日：昭和55年2月17日生まれ", "550217"),
        ("大正15年12月25日生", "151225"),
        ("昭和元年12月25日生", "011225"),
    ] {
        assert_eq!(born(text), ok(expected), "{text}");
    }
}

#[test]
fn birth_dates_that_do_not_exist_are_refused() {
    for text in [
        "昭和65年1月1日",
        "平成32年1月1日",
        "昭和55年13月1日",
        "昭和55年2月30日",
        "昭和64年1月8日",
        "平成元年1月7日",
        "令和元年4月30日",
        "昭和56年2月29日",
        "昭和0年1月1日",
        "昭和55年0月1日",
        "慶応3年1月1日",
        "昭和55年2月",
        "昭和55年2月17日死",
        "55年2月17日",
        "昭和155年2月17日",
        "S550217",
        "550217",
        "令和18年1月1日",
    ] {
        assert_eq!(born(text), Err(BirthDateImpossible), "{text}");
    }
    for text in ["", " 　", "生年月日"] {
        assert_eq!(born(text), Err(BirthDateMissing), "{text}");
    }
}

#[test]
fn gregorian_birth_dates_need_a_choice() {
    assert_eq!(born("1980年2月17日生"), Err(CalendarUndecided));
    let with = |birth, rule| {
        let parts = PrintedParts::new(birth, "2035", "2285").with_birth_year(rule);
        digits(VerificationNumberB::from_printed(&parts))
    };
    assert_eq!(with("1980年2月17日生", BirthYear::Gregorian), ok("80021720352285"));
    assert_eq!(with("1980-02-17", BirthYear::Era), ok("55021720352285"));
    assert_eq!(with("2003年4月5日", BirthYear::Gregorian), ok("03040520352285"));
    assert_eq!(with("1989年1月7日", BirthYear::Era), ok("64010720352285"));
    assert_eq!(with("1989年1月8日", BirthYear::Era), ok("01010820352285"));
    assert_eq!(with("昭和55年2月17日", BirthYear::Gregorian), ok("80021720352285"));
    assert_eq!(with("1870年2月17日", BirthYear::Era), Err(BirthDateImpossible));
    assert_eq!(with("1980年2月30日", BirthYear::Gregorian), Err(BirthDateImpossible));
}

#[test]
fn printed_expiry_and_code_are_read_or_refused() {
    let expiry = |text| printed("昭和55年2月17日", text, "2285");
    for text in [
        "2035年02月17日まで有効",
        "２０３５年２月１７日",
        "2035年",
        "2035",
        "2035/2/17",
        "有効期限 2035年2月17日まで",
        "2035年まで有効",
    ] {
        assert_eq!(expiry(text), ok(B), "{text}");
    }
    for text in
        ["2035年2月30日", "35", "20350217", "令和17年2月17日", "2015", "2100", "1979", "2035年以後"]
    {
        assert_eq!(expiry(text), Err(ExpiryYearImpossible), "{text}");
    }
    assert_eq!(expiry(" "), Err(ExpiryYearMissing));

    let code = |text| printed("昭和55年2月17日", "2035", text);
    for text in ["2285", "２２８５", "2 2 8 5"] {
        assert_eq!(code(text), ok(B), "{text}");
    }
    for text in ["228", "22855", "228O", "537686677188"] {
        assert_eq!(code(text), Err(SecurityCodeImpossible), "{text}");
    }
    assert_eq!(code(""), Err(SecurityCodeMissing));
}

/// The front of a card as an OCR engine may give it.
const FRONT: [&str; 9] = [
    "個人番号カード",
    "氏名 番号　花子",
    "住所 東京都清瀬市観布子南１２－７－２０２",
    "昭和55年2月17日生 性別 女 2035年02月17日まで有効",
    "電子証明書の有効期限 2030年 2月17日",
    "臓器提供意思　１ ２ ３ 《眼球・心臓》 署名年月日 2026年4月1日",
    "令和3年4月1日 東京都新宿区西新宿2-8-1 新宿区長",
    "2285",
    "100",
];

fn front_with(index: usize, line: &'static str) -> Vec<&'static str> {
    let mut lines = FRONT.to_vec();
    lines[index] = line;
    lines
}

#[test]
fn the_parts_are_found_on_the_front() {
    assert_eq!(ocr(&FRONT), ok(B));
    let mut backwards = FRONT;
    backwards.reverse();
    assert_eq!(ocr(&backwards), ok(B));
    for line in [
        "昭 和 ５５ 年 ２ 月 １７ 日 生　性別 女　２０３５ 年 ０２ 月 １７ 日 ま で 有 効",
        "昭和55年2月l7曰王 性別女 2O35年O2月17日まで有効",
        "生年月日 昭和55年2月17日 性別 女 有効期限:2035年02月17日",
    ] {
        assert_eq!(ocr(&front_with(3, line)), ok(B), "{line}");
    }
    for line in ["セキュリティコード 2285", "２ ２ ８ ５", "22B5 セキュリティコード：２２８５ 等"]
    {
        assert_eq!(ocr(&front_with(7, line)), ok(B), "{line}");
    }
    let split =
        ["生年月日", "昭和55年2月17日", "有効期限", "2035年02月17日", "セキュリティコード", "2285"];
    assert_eq!(ocr(&split), ok(B));
    let heisei = ["今和元年5月1日生", "2O29年5月1日まで有効", "0012"];
    assert_eq!(ocr(&heisei), ok("01050120290012"));
}

#[test]
fn a_part_that_is_missing_impossible_or_ambiguous_is_named() {
    for (index, line, fault) in [
        (3, "性別 女 2035年02月17日まで有効", BirthDateMissing),
        (3, "昭和55年2月17日 性別 女 2035年02月17日まで有効", BirthDateMissing),
        (3, "昭和5S年2月17日生 2035年02月17日まで有効", BirthDateMissing),
        (3, "昭和65年2月17日生 2035年02月17日まで有効", BirthDateImpossible),
        (3, "平成32年2月17日生 2035年02月17日まで有効", BirthDateImpossible),
        (3, "令和18年2月17日生 2035年02月17日まで有効", BirthDateImpossible),
        (3, "昭和55年2月17日生 昭和56年2月17日生 2035年02月17日まで有効", Ambiguous),
        (3, "昭和55年2月17日生 昭和55年2月30日生 2035年02月17日まで有効", Ambiguous),
        (3, "1980年2月17日生 2035年02月17日まで有効", CalendarUndecided),
        (3, "昭和55年2月17日生 性別 女", ExpiryYearMissing),
        (3, "昭和55年2月17日生 性別 女 2035年02月17日", ExpiryYearMissing),
        (3, "昭和55年2月17日生 12035年02月17日まで有効", ExpiryYearMissing),
        (3, "昭和55年2月17日生 2035年02月30日まで有効", ExpiryYearImpossible),
        (3, "昭和55年2月17日生 1035年02月17日まで有効", ExpiryYearImpossible),
        (3, "昭和55年2月17日生 2035年2月17日まで有効 2036年2月17日まで有効", Ambiguous),
        (7, "", SecurityCodeMissing),
        (7, "228", SecurityCodeMissing),
        (7, "2l8I", SecurityCodeMissing),
        (7, "537686677188", SecurityCodeMissing),
        (7, "5376 8667 7188", SecurityCodeMissing),
        (7, "セキュリティコード", SecurityCodeImpossible),
        (7, "セキュリティコード 22855", SecurityCodeImpossible),
        (7, "セキュリティコード 537686677188", SecurityCodeImpossible),
        (8, "2286", Ambiguous),
        (7, "2035", Ambiguous),
    ] {
        assert_eq!(ocr(&front_with(index, line)), Err(fault), "{line}");
    }
    assert_eq!(ocr(&[]), Err(BirthDateMissing));
    let rule = BirthYear::Gregorian;
    let foreign = front_with(3, "1980年2月17日生 2035年02月17日まで有効");
    let number = VerificationNumberB::from_ocr_lines_with(&foreign, rule);
    assert_eq!(digits(number), ok("80021720352285"));
}

#[test]
fn the_certificates_expiry_is_not_the_cards() {
    let without = "昭和55年2月17日生 性別 女";
    for line in [
        "電子証明書の有効期限 2030年 2月17日",
        "電子証明書の有効期限 2030年 2月17日まで有効",
        "電子証明書の 有効期限：２０３０年２月１７日",
    ] {
        assert_eq!(ocr(&[without, line, "2285"]), Err(ExpiryYearMissing), "{line}");
    }
    let broken = [without, "電子証明書の有効期限", "2030年2月17日", "2285"];
    assert_eq!(ocr(&broken), Err(ExpiryYearMissing));
    let both = [without, "電子証明書の有効期限", "2035年02月17日まで有効", "2285"];
    assert_eq!(ocr(&both), ok(B));
}

#[test]
fn groups_of_my_number_are_no_security_code() {
    let dates = "昭和55年2月17日生 2035年02月17日まで有効";
    for groups in [&["5376", "8667", "7188"][..], &["53768667", "7188"], &["5376", "86677188"]] {
        let lines = [&[dates][..], groups].concat();
        assert_eq!(ocr(&lines), Err(SecurityCodeMissing), "{groups:?}");
        let lines = [&[dates][..], groups, &["氏名", "2285"]].concat();
        assert_eq!(ocr(&lines), ok(B), "{groups:?}");
    }
}

#[test]
fn debug_says_only_the_kind() {
    let number = VerificationNumberB::from_digits(B.as_bytes()).expect("a number");
    assert_eq!(format!("{number:?}"), "VerificationNumberB");
    assert_eq!(format!("{:?}", PrintedParts::new("昭和", "2035", "2285")), "PrintedParts");
}

fn full_width(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '0'..='9' => char::from_u32(u32::from(character) + 0xFEE0).expect("full-width"),
            other => other,
        })
        .collect()
}

prop_compose! {
    fn any_day()(year in 1873_u16..=2035, month in 1_u8..=12, day in 1_u8..=31) -> Date {
        (1..=day).rev().find_map(|day| Date::new(year, month, day).ok()).expect("a day")
    }
}

proptest! {
    #[test]
    fn every_day_gives_the_same_number_however_it_is_written(
        birth in any_day(),
        expiry in 2035_u16..=2099,
        code in "[0-9]{4}",
        wide in any::<bool>(),
    ) {
        let era = EraDate::of(birth).expect("an era");
        let expected = format!(
            "{:02}{:02}{:02}{expiry}{code}", era.year, birth.month(), birth.day()
        );
        let width = |text: String| if wide { full_width(&text) } else { text };
        let until = width(format!("{expiry}年{:02}月{:02}日まで有効", birth.month(), 28.min(birth.day())));
        let era_text = width(format!("{era}生"));
        let code_text = width(code.clone());
        prop_assert_eq!(printed(&era_text, &until, &code_text), ok(&expected));
        let parts = PrintedParts::new("", "2035", "1234").with_birth_year(BirthYear::Era);
        prop_assert_eq!(digits(VerificationNumberB::from_printed(&parts)), Err(BirthDateMissing));
        let iso = birth.to_string();
        let parts = PrintedParts::new(&iso, &until, &code).with_birth_year(BirthYear::Era);
        prop_assert_eq!(digits(VerificationNumberB::from_printed(&parts)), ok(&expected));
        let parts = PrintedParts::new(&iso, &until, &code).with_birth_year(BirthYear::Gregorian);
        let gregorian = format!("{:02}{}", birth.year() % 100, &expected[2..]);
        prop_assert_eq!(digits(VerificationNumberB::from_printed(&parts)), ok(&gregorian));
        prop_assert_eq!(typed(&width(expected.clone())), ok(&expected));
        prop_assert_eq!(
            ocr(&[&format!("{era_text} 性別 男 {until}"), &format!("セキュリティコード {code_text}")]),
            ok(&expected)
        );
    }

    #[test]
    fn typed_bytes_never_hurt(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
        if let Ok(number) = VerificationNumberB::from_digits(&bytes) {
            prop_assert_eq!(number.expose().len(), VerificationNumberB::LENGTH);
        }
    }

    #[test]
    fn fourteen_digits_are_kept_or_refused(text in "[0-9]{2}(0[0-9]|1[0-3])[0-3][0-9]20[0-9]{6}") {
        if let Ok(number) = typed(&text) {
            prop_assert_eq!(number, text);
        }
    }

    #[test]
    fn any_text_is_a_number_or_a_fault(
        lines in proptest::collection::vec(
            "[昭和平成令今生年月日曰まで有効期限証明書セキュリティコード0-9０-９OlI|: 元.]{0,30}",
            0..6,
        ),
    ) {
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        for rule in [BirthYear::Era, BirthYear::Gregorian] {
            if let Ok(number) = VerificationNumberB::from_ocr_lines_with(&lines, rule) {
                let found = digits(Ok(number)).expect("digits");
                prop_assert_eq!(typed(&found), Ok(found));
            }
        }
    }

    #[test]
    fn any_parts_are_a_number_or_a_fault(
        birth in "\\PC{0,12}", expiry in "\\PC{0,12}", code in "\\PC{0,6}", lines in any::<[String; 3]>(),
    ) {
        let _ = printed(&birth, &expiry, &code);
        let _ = ocr(&lines.each_ref().map(String::as_str));
    }

    #[test]
    fn twelve_digits_never_become_a_code(number in "[0-9]{12}", cuts in any::<[bool; 3]>()) {
        let mut text = number;
        for (cut, at) in cuts.into_iter().zip([8, 6, 4]) {
            if cut {
                text.insert(at, '\n');
            }
        }
        let mut lines = vec!["昭和55年2月17日生 2035年02月17日まで有効"];
        lines.extend(text.lines());
        prop_assert_eq!(ocr(&lines), Err(SecurityCodeMissing));
    }
}
