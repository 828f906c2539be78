//! Selection, access rules, counters, security status and reading.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "tests"
)]

mod common;

use common::*;
use mynacard_sim::{Access, Application, Profile, Secret, VirtualCard};

fn adult() -> VirtualCard {
    Profile::adult().card()
}

fn code_b() -> &'static str {
    Profile::adult().code_b().unwrap()
}

#[test]
fn applications_are_selected_by_aid_or_prefix() {
    let mut card = adult();
    for application in Application::ALL {
        assert_eq!(select(&mut card, application), OK);
        assert_eq!(card.current_application(), Some(application));
    }
    assert_eq!(status(&mut card, &[0, 0xA4, 4, 0x0C, 3, 0xD3, 0x92, 0xF0]), OK);
    assert_eq!(card.current_application(), Some(Application::Jpki));
    let unknown = [0, 0xA4, 4, 0x0C, 5, 0xD3, 0x92, 0xF0, 0x00, 0x27];
    assert_eq!(status(&mut card, &unknown), 0x6A82);
    assert_eq!(
        card.current_application(),
        Some(Application::Jpki),
        "a failed SELECT changes nothing"
    );
    assert_eq!(select_isd(&mut card), OK);
    assert_eq!(card.current_application(), None);
    let (fci, sw) =
        send(&mut card, &[&[0, 0xA4, 4, 0, 10], &Application::Face.aid()[..], &[0]].concat());
    assert_eq!((fci[0], sw), (0x6F, OK));
    assert_eq!(object(&object(&fci, 0x6F).unwrap(), 0x84).unwrap(), Application::Face.aid());
}

#[test]
fn there_is_no_usable_master_file() {
    let mut card = adult();
    assert_eq!(status(&mut card, &[0, 0xA4, 0, 0]), 0x6A86);
    assert_eq!(select_ef(&mut card, 0x2F10), 0x6A82);
    assert_eq!(select_ef(&mut card, 0x001E), OK);
    assert_eq!(status(&mut card, &[0, 0xB0, 0, 0, 0]), 0x6981);
    select(&mut card, Application::Text);
    assert_eq!(verify(&mut card, 0x15, code_b()), OK);
    assert_eq!(status(&mut card, &[0, 0xA4, 0, 0]), OK);
    assert_eq!(probe(&mut card, 2), OK, "it answers 9000 but nothing changes");
    assert_eq!(status(&mut card, &[0, 0xA4, 0, 0, 2, 0x3F, 0]), 0x6A82);
}

#[test]
fn classes_and_instructions() {
    let mut card = adult();
    select(&mut card, Application::Face);
    assert_eq!(status(&mut card, &[1, 0xB0, 0, 0, 0]), 0x6881);
    assert_eq!(status(&mut card, &[0x0C, 0xB0, 0, 0, 0]), 0x6882);
    assert_eq!(status(&mut card, &[0xFF, 0xCA, 0, 0, 0]), 0x6E00);
    assert_eq!(status(&mut card, &[0, 0x24, 1, 0x80, 4, 1, 2, 3, 4]), 0x6D00);
    assert_eq!(status(&mut card, &[0x80, 0x32, 0, 0x80, 4, 1, 2, 3, 4]), 0x6D00);
    assert_eq!(status(&mut card, &[0x80, 0xA2, 0, 0xC1, 1, 0]), 0x6700);
    assert_eq!(status(&mut card, &[0x80, 0xFC, 0, 0]), 0x6700);
    assert_eq!(status(&mut card, &[0x80, 0xAE, 0, 0, 1, 0]), 0x66F1);
    assert_eq!(status(&mut card, &[]), 0x6700);
    assert_eq!(status(&mut card, &[0, 0xA4, 4]), 0x6700);
}

/// Application, key, its secret, files that it opens, files that it does not.
type Case = (Application, u16, String, &'static [u16], &'static [u16]);

/// Which files are open after which key: from the tables of access rules.
#[test]
fn every_key_opens_exactly_its_files() {
    let profile = Profile::adult();
    let secrets = profile.secrets();
    let text = |secret: &Option<String>| secret.clone().unwrap();
    let cases: [Case; 8] = [
        (Application::Text, 0x11, text(&secrets.text_pin), &[1, 2, 3, 4, 5, 6, 7, 8], &[]),
        (Application::Text, 0x14, text(&secrets.code_a), &[1, 3, 4, 5, 6, 7, 8], &[2]),
        (Application::Text, 0x15, text(&secrets.code_b), &[2, 3, 4, 5, 6, 7, 8], &[1]),
        (Application::Face, 0x11, text(&secrets.birth_key), &[1, 3, 4], &[2, 5, 6]),
        (Application::Face, 0x12, text(&secrets.code_b), &[2, 3, 4, 6], &[1, 5]),
        (Application::Face, 0x13, text(&secrets.code_a), &[2, 3, 4, 5, 6], &[1]),
        (Application::Jpki, 0x18, text(&secrets.auth_pin), &[2, 6, 8, 0xA, 0xB], &[1, 9]),
        (Application::Jpki, 0x1B, text(&secrets.sign_password), &[1, 2, 6, 8, 0xA, 0xB], &[9]),
    ];
    for (application, key, secret, open, shut) in cases {
        let mut card = profile.card();
        select(&mut card, application);
        assert_eq!(verify(&mut card, key, &secret), OK, "{application:?} {key:02X}");
        for file in open {
            assert_eq!(probe(&mut card, *file), OK, "{application:?} {key:02X} {file:02X}");
        }
        for file in shut {
            assert_eq!(probe(&mut card, *file), 0x6982, "{application:?} {key:02X} {file:02X}");
        }
    }
    let free: [(Application, &[u16], &[u16]); 3] = [
        (Application::Text, &[4, 5, 8], &[1, 2, 3, 6, 7]),
        (Application::Face, &[3, 4], &[1, 2, 5, 6]),
        (Application::Jpki, &[2, 6, 8, 0xA, 0xB], &[1, 9]),
    ];
    for (application, open, shut) in free {
        let mut card = profile.card();
        select(&mut card, application);
        open.iter().for_each(|file| assert_eq!(probe(&mut card, *file), OK));
        shut.iter().for_each(|file| assert_eq!(probe(&mut card, *file), 0x6982));
    }
}

#[test]
fn several_keys_may_be_verified_at_once() {
    let mut card = adult();
    let secrets = Profile::adult().secrets();
    select(&mut card, Application::Text);
    assert_eq!(verify(&mut card, 0x14, secrets.code_a.as_ref().unwrap()), OK);
    assert_eq!(verify(&mut card, 0x15, code_b()), OK);
    assert_eq!(probe(&mut card, 1), OK);
    assert_eq!(probe(&mut card, 2), OK);
}

#[test]
fn security_status_ends_with_the_application_and_with_power() {
    let mut card = adult();
    let open = |card: &mut VirtualCard| {
        select(card, Application::Face);
        assert_eq!(verify(card, 0x12, code_b()), OK);
        assert_eq!(probe(card, 2), OK);
    };
    open(&mut card);
    assert_eq!(select(&mut card, Application::Face), OK);
    assert_eq!(probe(&mut card, 2), OK, "selecting the same application again keeps it");
    card.reset();
    assert_eq!(probe(&mut card, 2), OK, "and so does a warm reset");
    select(&mut card, Application::Text);
    assert_eq!(probe(&mut card, 2), 0x6982, "no crossing into another application");
    select(&mut card, Application::Face);
    assert_eq!(probe(&mut card, 2), 0x6982);
    open(&mut card);
    select_isd(&mut card);
    select(&mut card, Application::Face);
    assert_eq!(probe(&mut card, 2), 0x6982);
    open(&mut card);
    card.power_off();
    assert_eq!(probe(&mut card, 2), 0x6A82, "nothing is selected");
    select(&mut card, Application::Face);
    assert_eq!(probe(&mut card, 2), 0x6982);
}

#[test]
fn tries_are_counted_kept_and_restored() {
    let mut card = adult();
    let face = Application::Face;
    select(&mut card, face);
    assert_eq!(query(&mut card, 0x12), 0x63CA);
    assert_eq!(verify(&mut card, 0x12, "00000000000000"), 0x63C9);
    assert_eq!(verify(&mut card, 0x12, "1"), 0x63C8, "a wrong length is a wrong secret");
    card.power_off();
    select(&mut card, face);
    assert_eq!(query(&mut card, 0x12), 0x63C8, "power does not restore tries");
    assert_eq!(card.tries_left(face, 0x12), Some(8));
    assert_eq!(card.tries_left(Application::Text, 0x15), Some(10), "counters are separate");
    assert_eq!(verify(&mut card, 0x12, code_b()), OK);
    assert_eq!(query(&mut card, 0x12), 0x63CA);
    assert_eq!(card.presentations(face, 0x12), 3);
}

#[test]
fn the_last_wrong_try_locks() {
    let mut card = adult();
    select(&mut card, Application::Jpki);
    let answers: Vec<u16> = (0..4).map(|_| verify(&mut card, 0x18, "0000")).collect();
    assert_eq!(answers, [0x63C2, 0x63C1, 0x63C0, 0x6984]);
    let pin = Profile::adult().secrets().auth_pin.clone().unwrap();
    assert_eq!(verify(&mut card, 0x18, &pin), 0x6984, "the right one comes too late");
    assert_eq!(query(&mut card, 0x18), 0x63C0);
    assert_eq!(card.presentations(Application::Jpki, 0x18), 5);
    card.power_off();
    select(&mut card, Application::Jpki);
    assert_eq!(verify(&mut card, 0x18, &pin), 0x6984);
}

#[test]
fn a_wrong_try_after_a_right_one_closes_again() {
    let mut card = adult();
    select(&mut card, Application::Face);
    assert_eq!(verify(&mut card, 0x12, code_b()), OK);
    assert_eq!(verify(&mut card, 0x12, "00000000000000"), 0x63C9);
    assert_eq!(probe(&mut card, 2), 0x6982);
}

#[test]
fn queries_and_odd_forms_cost_nothing() {
    let mut card = adult();
    select(&mut card, Application::Face);
    let before: Vec<_> = card.counters().collect();
    assert_eq!(status(&mut card, &[0, 0x20, 0, 0x80]), 0x6986, "no current EF");
    assert_eq!(status(&mut card, &[0, 0x20, 0, 0x80, 0x0E]), 0x6700);
    assert_eq!(status(&mut card, &[0, 0x20, 0, 0x92, 1, b'1', 0]), 0x6700);
    assert_eq!(status(&mut card, &[0, 0x20, 1, 0x92, 1, b'1']), 0x6A86);
    assert_eq!(status(&mut card, &[0, 0x20, 0, 0x12, 1, b'1']), 0x6A86);
    assert_eq!(status(&mut card, &[0, 0x20, 0, 0x9E, 1, b'1']), 0x6981, "not a PIN");
    assert_eq!(status(&mut card, &[0, 0x20, 0, 0x9D, 1, b'1']), 0x6A82);
    for _ in 0..20 {
        assert_eq!(query(&mut card, 0x12), 0x63CA);
    }
    assert_eq!(before, card.counters().collect::<Vec<_>>());
    assert_eq!(card.presentations(Application::Face, 0x12), 0);
}

#[test]
fn vendors_differ_in_queries() {
    let mut card = Profile::adult()
        .builder()
        .behaviour(|b| {
            b.query_says_verified = true;
            b.query_says_blocked = true;
        })
        .tries_left(Application::Face, 0x13, 0)
        .tries_limit(Application::Face, 0x11, None)
        .build();
    select(&mut card, Application::Face);
    assert_eq!(query(&mut card, 0x12), 0x63CA);
    assert_eq!(verify(&mut card, 0x12, code_b()), OK);
    assert_eq!(query(&mut card, 0x12), OK);
    assert_eq!(query(&mut card, 0x13), 0x6984);
    assert_eq!(query(&mut card, 0x11), 0x6300);
    assert_eq!(verify(&mut card, 0x11, "999999"), 0x6300);
    assert_eq!(card.tries_left(Application::Face, 0x11), None);
}

#[test]
fn a_key_is_addressed_by_short_id_or_as_current_file() {
    let mut card = adult();
    select(&mut card, Application::Text);
    let by_short_id = [&[0, 0x20, 0, 0x95, 14], code_b().as_bytes()].concat();
    assert_eq!(status(&mut card, &by_short_id), OK);
    assert_eq!(probe(&mut card, 2), OK);
    assert_eq!(query(&mut card, 0x12), 0x63C0, "0012 is blocked as issued");
    assert_eq!(status(&mut card, &[0, 0x20, 0, 0x92, 1, b'1']), 0x6984);
}

#[test]
fn binary_reads_end_as_on_the_card() {
    let mut card = Profile::adult().builder().filler(Application::Face, 4, 0xFF, 10).build();
    select(&mut card, Application::Face);
    assert_eq!(status(&mut card, &[0, 0xB0, 0, 0, 0]), 0x6986);
    let whole = read_all(&mut card, 4);
    assert_eq!(whole.len(), 568 + 10);
    assert_eq!(whole[568..], [0xFF; 10]);
    assert_eq!(send(&mut card, &[0, 0xB0, 0x02, 0x41, 0x00]), (vec![0xFF], OK), "short at the end");
    assert_eq!(status(&mut card, &[0, 0xB0, 0x02, 0x42, 0x00]), 0x6B00);
    assert_eq!(status(&mut card, &[0, 0xB0, 0x7F, 0xFF, 0x00]), 0x6B00);
    assert_eq!(status(&mut card, &[0, 0xB0, 0, 0]), 0x6700, "no Le");
    assert_eq!(send(&mut card, &[0, 0xB0, 0, 0, 0, 0, 0]), (whole.clone(), OK), "extended Le");
    assert_eq!(send(&mut card, &[0, 0xB0, 0, 0, 0, 0x02, 0x38]).0, whole[..568]);
    assert_eq!(send(&mut card, &[0, 0xB0, 0x84, 0xFE, 3]).0, whole[254..257], "short id form");
    assert_eq!(status(&mut card, &[0, 0xB0, 0x9F, 0, 0]), 0x6A86);
    assert_eq!(status(&mut card, &[0, 0xB0, 0xA4, 0, 0]), 0x6A86);
    assert_eq!(status(&mut card, &[0, 0xB0, 0x92, 0, 0]), 0x6981, "a key is not readable");
}

#[test]
fn filler_follows_the_content() {
    let mut card = adult();
    let secrets = Profile::adult().secrets();
    select(&mut card, Application::Text);
    verify(&mut card, 0x11, secrets.text_pin.as_ref().unwrap());
    assert_eq!(read_all(&mut card, 1).len(), 17, "12 digits in a TLV and FFFF");
    assert_eq!(read_all(&mut card, 2).last(), Some(&0xFF));
    select(&mut card, Application::Jpki);
    let certificate = read_all(&mut card, 0x0A);
    assert_eq!((certificate.len(), certificate[1899]), (1900, 0x00));
    assert_eq!(read_all(&mut card, 6).len(), 160);
    assert_eq!(read_all(&mut card, 8), [0x8F, 0x8F, 0x00]);
}

#[test]
fn records() {
    let mut card = adult();
    select(&mut card, Application::Common);
    let (record, sw) = send(&mut card, &[0, 0xB2, 1, 0x0C, 0]);
    assert_eq!((&record[..2], sw), (&[0x01, 0x1C][..], OK));
    assert_eq!(&record[2..], b"9900000000000019910120350503");
    assert_eq!(send(&mut card, &[0, 0xB2, 1, 0x04, 0]).0, record, "it is now the current EF");
    assert_eq!(send(&mut card, &[0, 0xB2, 1, 0x05, 0]).0, record);
    assert_eq!(status(&mut card, &[0, 0xB2, 2, 0x04, 0]), 0x6A83);
    assert_eq!(status(&mut card, &[0, 0xB2, 0, 0x04, 0]), 0x6A83);
    assert_eq!(status(&mut card, &[0, 0xB0, 0, 0, 0]), 0x6981, "records are not binary");
    assert_eq!(status(&mut card, &[0, 0xB2, 1, 0x02, 0]), 0x6A81);
    let reference = send(&mut card, &[0, 0xB2, 1, 0x14, 0]).0;
    select(&mut card, Application::Juki);
    assert_eq!(send(&mut card, &[0, 0xB2, 1, 0x14, 0]).0, reference);
    select(&mut card, Application::Face);
    select_ef(&mut card, 3);
    assert_eq!(status(&mut card, &[0, 0xB2, 1, 0x04, 0]), 0x6981);
}

#[test]
fn data_objects_answer_only_with_no_application() {
    let mut card = adult();
    let get = |card: &mut VirtualCard, tag: u16, le: &[u8]| {
        let [hi, lo] = tag.to_be_bytes();
        send(card, &[&[0, 0xCA, hi, lo], le].concat())
    };
    assert_eq!(get(&mut card, 0x00F0, &[0]), (b"99101".to_vec(), OK));
    assert_eq!(get(&mut card, 0x00F2, &[0]), (b"20350503".to_vec(), OK));
    for tag in [0x0042, 0x0045, 0x0066, 0x00F7, 0x5F51] {
        assert_eq!(get(&mut card, tag, &[0]).1, OK, "{tag:04X}");
    }
    for tag in [0x00F8, 0x7F21] {
        assert_eq!(get(&mut card, tag, &[0]).1, 0x6700, "too large for a short Le");
        assert_eq!(get(&mut card, tag, &[0, 0, 0]).0.len(), 575);
    }
    assert_eq!(get(&mut card, 0x0099, &[0]).1, 0x6A88);
    select(&mut card, Application::Jpki);
    assert_eq!(get(&mut card, 0x00F0, &[0]).1, 0x6A88);
    select_isd(&mut card);
    assert_eq!(get(&mut card, 0x00F0, &[0]).1, OK);
}

#[test]
fn challenges_have_the_length_asked_for_and_do_not_repeat() {
    let mut card = adult();
    let (a, sw) = send(&mut card, &[0, 0x84, 0, 0, 0]);
    assert_eq!((a.len(), sw), (256, OK));
    let b = send(&mut card, &[0, 0x84, 0, 0, 16]).0;
    card.power_off();
    let c = send(&mut card, &[0, 0x84, 0, 0, 16]).0;
    assert_eq!(b.len(), 16);
    assert!(b != c && a[..16] != b);
    assert_eq!(status(&mut card, &[0, 0x84, 0, 0, 0, 1, 1]), 0x6985);
    assert_eq!(status(&mut card, &[0, 0x84, 1, 0, 8]), 0x6A86);
}

#[test]
fn an_old_chip_refuses_extended_lengths() {
    let mut card = Profile::find("old-chip").unwrap().card();
    select(&mut card, Application::Face);
    select_ef(&mut card, 4);
    assert_eq!(status(&mut card, &[0, 0xB0, 0, 0, 0, 0, 0]), 0x6700);
    assert_eq!(send(&mut card, &[0, 0xB0, 0, 0, 0]).0.len(), 256);
}

#[test]
fn phones_answer_as_jpki_only() {
    for (name, label, marker) in
        [("phone", "JPKIAPGPSETOKEN", 0x6700), ("iphone", "JPKIAPIOSTOKEN", OK)]
    {
        let profile = Profile::find(name).unwrap();
        assert!(profile.printed().is_none() && profile.code_b().is_none());
        let mut card = profile.card();
        for application in Application::ALL {
            let expected = if application == Application::Jpki { OK } else { 0x6A82 };
            assert_eq!(select(&mut card, application), expected);
        }
        assert_eq!(select_isd(&mut card), 0x6A82);
        select(&mut card, Application::Jpki);
        assert!(read_all(&mut card, 6).starts_with(label.as_bytes()));
        assert_eq!(probe(&mut card, 0x0A), 0x6982);
        assert_eq!(verify(&mut card, 0x18, profile.secrets().auth_pin.as_ref().unwrap()), OK);
        assert_eq!(probe(&mut card, 0x0A), OK);
        assert_eq!(status(&mut card, &[0x80, 0xFC, 0, 0]), marker);
    }
}

#[test]
fn special_profiles_are_what_they_say() {
    let mut card = Profile::find("nearly-locked").unwrap().card();
    select(&mut card, Application::Face);
    assert_eq!(query(&mut card, 0x12), 0x63C2);

    let mut card = Profile::find("no-pins").unwrap().card();
    for (application, key) in [
        (Application::Text, 0x11),
        (Application::Jpki, 0x18),
        (Application::Jpki, 0x1B),
        (Application::Juki, 0x1C),
        (Application::Common, 0x1C),
    ] {
        select(&mut card, application);
        assert_eq!(query(&mut card, key), 0x63C0);
        assert_eq!(verify(&mut card, key, "1234"), 0x6984);
    }
    let profile = Profile::find("no-pins").unwrap();
    select(&mut card, Application::Face);
    assert_eq!(verify(&mut card, 0x12, profile.code_b().unwrap()), OK, "照合番号B still works");

    let profile = Profile::find("child").unwrap();
    let mut card = profile.card();
    select(&mut card, Application::Jpki);
    assert_eq!(read_all(&mut card, 8), [0x00, 0x8F, 0x00]);
    assert_eq!(probe(&mut card, 1), 0x6982);
    select(&mut card, Application::Face);
    verify(&mut card, 0x12, profile.code_b().unwrap());
    let record = object(&read_all(&mut card, 2), 0xFF20).unwrap();
    assert_eq!(object(&record, 0xDF27).unwrap(), [0u8; 0], "the photo is there and empty");

    assert_eq!(Profile::find("foreign").unwrap().code_b(), Some("92110820285260"));
    assert_eq!(Profile::find("nearly-locked").unwrap().code_b(), Some("01021120341029"));
}

#[test]
fn what_is_printed_gives_the_code() {
    let front = Profile::adult().printed().unwrap();
    assert_eq!(front.birth_date, "昭和60年5月3日");
    assert_eq!(front.expiry, "2035年5月3日");
    assert_eq!(front.security_code, "4819");
    assert_eq!(code_b(), "60050320354819");
    assert_eq!(Profile::find("foreign").unwrap().printed().unwrap().birth_date, "1992年11月8日");
    assert_eq!(
        Profile::find("nearly-locked").unwrap().printed().unwrap().birth_date,
        "平成元年2月11日"
    );
    assert_eq!(Profile::find("two-line-address").unwrap().printed().unwrap().address.len(), 2);
}

#[test]
fn nobody_has_these_numbers() {
    for profile in Profile::all() {
        let Some(number) = profile.secrets().code_a.as_ref() else { continue };
        let digits: Vec<u32> = number.chars().map(|c| c.to_digit(10).unwrap()).collect();
        let sum: u32 =
            (1..=11u32).map(|n| digits[11 - n as usize] * if n <= 6 { n + 1 } else { n - 5 }).sum();
        let check = if sum % 11 <= 1 { 0 } else { 11 - sum % 11 };
        assert_ne!(digits[11], check, "{}: a valid number might be somebody's", profile.name());
    }
}

#[test]
fn everything_on_a_card_can_be_replaced() {
    let mut card = Profile::adult()
        .builder()
        .replace_file(Application::Face, 3, b"other")
        .access(Application::Face, 2, Access::Free)
        .remove_file(Application::Face, 4)
        .remove_application(Application::Juki)
        .secret(Application::Face, 0x12, Secret::text("1"))
        .data_object(0x00F0, None)
        .build();
    assert_eq!(status(&mut card, &[0, 0xCA, 0, 0xF0, 0]), 0x6A88);
    assert_eq!(select(&mut card, Application::Juki), 0x6A82);
    select(&mut card, Application::Face);
    assert!(read_all(&mut card, 3).starts_with(b"other"));
    assert_eq!(probe(&mut card, 2), OK);
    assert_eq!(probe(&mut card, 4), 0x6A82);
    assert_eq!(verify(&mut card, 0x12, "1"), OK);
}

#[test]
fn logs_and_debug_carry_no_data() {
    let mut card = adult();
    select(&mut card, Application::Face);
    verify(&mut card, 0x12, code_b());
    let log = card.log();
    assert_eq!(log.len(), 3);
    assert_eq!((log[2].header, log[2].sent, log[2].status), ([0, 0x20, 0, 0x80], 19, OK));
    assert_eq!(card.traffic().exchanges, 3);
    assert_eq!(card.traffic().bytes_sent, 15 + 7 + 19);
    assert_eq!(card.traffic().bytes_received, 6);
    let debug = format!("{card:?}{:?}{:?}", Profile::adult().secrets(), Profile::adult().spec());
    assert!(!debug.contains(code_b()) && !debug.contains("救急"));
    card.clear_log();
    assert!(card.log().is_empty());
}
