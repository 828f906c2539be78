//! Cards made of saved files: of the published test card, and of this crate's profiles.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "tests"
)]

mod common;

use std::collections::BTreeMap;

use common::*;
use mynacard_sim::{Application, DumpError, Profile, VirtualCard};

const CODE_B: &str = "55021720352285";

fn published() -> BTreeMap<String, Vec<u8>> {
    std::fs::read_dir(fixtures())
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| {
            (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap())
        })
        .collect()
}

#[test]
fn the_published_test_card_opens_with_its_code() {
    let mut files = published();
    files.insert("secrets.json".to_owned(), format!("{{\"code_b\":\"{CODE_B}\"}}").into_bytes());
    let mut card = VirtualCard::from_files(&files).unwrap();
    assert!(!card.accepts_any_matching());
    select(&mut card, Application::Face);
    assert_eq!(verify(&mut card, 0x12, "55021720352286"), 0x63C9);
    assert_eq!(verify(&mut card, 0x12, CODE_B), OK);
    let content = &files["surface-0002.bin"];
    assert_eq!(read_all(&mut card, 2)[..content.len()], content[..]);
    select(&mut card, Application::Text);
    assert_eq!(verify(&mut card, 0x15, CODE_B), OK);
    let content = &files["text-0002.bin"];
    assert_eq!(read_all(&mut card, 2)[..content.len()], content[..]);
    assert_eq!(verify(&mut card, 0x14, "537686677188"), OK, "照合番号A follows from EF 0001");
    assert_eq!(read_all(&mut card, 1), files["text-0001-physical.bin"]);
    assert_eq!(sign(&mut card, 3, 0, b"nonce").1, 0x6985, "a dump has no key");
    select(&mut card, Application::Jpki);
    assert!(read_all(&mut card, 6).starts_with(b"JPKIAPICCTOKEN2 "));
    assert_eq!(read_all(&mut card, 8), [0x8F, 0x8F, 0x00]);
    let content = &files["jpki-auth-cert.der"];
    assert_eq!(read_all(&mut card, 0x0A)[..content.len()], content[..]);
    select_isd(&mut card);
    assert_eq!(send(&mut card, &[0, 0xCA, 0, 0xF8, 0, 0, 0]).0, files["mf-do-F8.bin"]);
    assert_eq!(send(&mut card, &[0, 0xCA, 0, 0xF0, 0]).0, b"13221");
}

#[test]
fn without_secrets_the_date_parts_open_it() {
    let mut card = VirtualCard::from_files(&published()).unwrap();
    assert!(card.accepts_any_matching());
    select(&mut card, Application::Face);
    for (code, expected) in [
        ("55021720350000", OK),
        ("80021720359999", OK),
        ("55021820352285", 0x63C9),
        ("55021720362285", 0x63C8),
        ("5502172035228", 0x63C7),
        ("5502172035228x", 0x63C6),
        ("550217203522851", 0x63C5),
        (CODE_B, OK),
    ] {
        assert_eq!(verify(&mut card, 0x12, code), expected, "{code}");
    }
    assert_eq!(verify(&mut card, 0x11, "550217"), OK);
    select(&mut card, Application::Jpki);
    assert_eq!(query(&mut card, 0x18), 0x63C3);
    assert_eq!(verify(&mut card, 0x18, "1234"), 0x63C2, "a PIN that nobody knows");
}

#[test]
fn a_folder_is_a_dump_too() {
    let card = VirtualCard::from_folder(&fixtures()).unwrap();
    assert!(card.accepts_any_matching());
    assert_eq!(
        VirtualCard::from_folder(&fixtures().join("absent")).unwrap_err(),
        DumpError::Unreadable
    );
}

#[test]
fn absent_files_are_not_found() {
    let mut files = published();
    files.remove("surface-0004.bin");
    files.remove("jpki-sign-cert.der");
    let mut card = VirtualCard::from_files(&files).unwrap();
    select(&mut card, Application::Face);
    assert_eq!(select_ef(&mut card, 4), 0x6A82);
    select(&mut card, Application::Jpki);
    assert_eq!(select_ef(&mut card, 1), 0x6A82);
    assert_eq!(read_all(&mut card, 8), [0x00, 0x8F, 0x00]);
}

#[test]
fn spoilt_files_are_a_card_and_spoilt_secrets_are_not() {
    let spoilt = BTreeMap::from([("surface-0002.bin".to_owned(), vec![0xFF, 0x20, 0x85])]);
    let mut card = VirtualCard::from_files(&spoilt).unwrap();
    assert!(!card.accepts_any_matching(), "no date to match");
    select(&mut card, Application::Face);
    assert_eq!(verify(&mut card, 0x12, CODE_B), 0x63C9);
    assert_eq!(VirtualCard::from_files(&BTreeMap::new()).unwrap_err(), DumpError::Empty);
    for json in ["", "[]", r#"{"code_b":"1"}"#, r#"{"code_b":1}"#] {
        let mut files = spoilt.clone();
        files.insert("secrets.json".to_owned(), json.as_bytes().to_vec());
        assert_eq!(VirtualCard::from_files(&files).unwrap_err(), DumpError::Secrets, "{json}");
    }
}

#[test]
fn profiles_survive_being_saved() {
    for profile in Profile::all() {
        let files = profile.to_files();
        let mut card = VirtualCard::from_files(&files).unwrap();
        let again = card.to_files();
        for (name, content) in &again {
            assert_eq!(&files[name], content, "{} {name}", profile.name());
        }
        assert_eq!(again.len() + 1, files.len());
        if let Some(code) = profile.code_b() {
            select(&mut card, Application::Face);
            assert_eq!(verify(&mut card, 0x12, code), OK);
        }
    }
}
