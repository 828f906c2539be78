//! The `mynacard` command from outside: what it prints, with which keys, and how it ends.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests may fail loudly"
)]

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use mynacard_conformance::{TEST_CARD_NUMBER_B, published_files};
use mynacard_core::field::{DecodeLimits, Image, ImageKind};
use mynacard_sim::{Profile, PublicRoots};
use serde_json::{Value, json};
use tempfile::TempDir;

const NOW: [&str; 2] = ["--at", "2026-11-22T00:00:00Z"];

/// How a command ended.
struct Ended {
    status: i32,
    out: String,
    err: String,
}

impl Ended {
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).expect("one JSON object")
    }
}

fn mynacard(arguments: &[&str], input: &str) -> Ended {
    let mut child = Command::new(env!("CARGO_BIN_EXE_mynacard"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    // A command that wants no input may have ended before it is given any.
    let _ = child.stdin.take().expect("piped").write_all(input.as_bytes());
    let output = child.wait_with_output().expect("it ends");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    Ended {
        status: output.status.code().expect("no signal"),
        out: text(output.stdout),
        err: text(output.stderr),
    }
}

/// A folder with the published files of the test card, with or without its number beside them.
fn dump(secrets: Option<&str>) -> (TempDir, String) {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, bytes) in published_files().expect("downloaded") {
        fs::write(folder.path().join(name), bytes).expect("written");
    }
    if let Some(secrets) = secrets {
        fs::write(folder.path().join("secrets.json"), secrets).expect("written");
    }
    let reader = format!("dump:{}", folder.path().display());
    (folder, reader)
}

fn test_card() -> (TempDir, String) {
    dump(Some(&format!(r#"{{"code_b":"{TEST_CARD_NUMBER_B}"}}"#)))
}

fn read(reader: &str, number: &str, more: &[&str]) -> Ended {
    let arguments = [&["read", "--reader", reader, "--code-b-stdin", "--json"], more].concat();
    mynacard(&arguments, number)
}

fn verify(reader: &str, number: &str, more: &[&str]) -> Ended {
    let arguments = [&["verify", "--reader", reader, "--json"], more].concat();
    match number {
        "" => mynacard(&arguments, ""),
        number => mynacard(&[&arguments[..], &["--code-b-stdin"]].concat(), number),
    }
}

fn keys(object: &Value) -> BTreeSet<&str> {
    object.as_object().expect("an object").keys().map(String::as_str).collect()
}

#[test]
fn the_published_test_card_is_read_with_its_printed_number() {
    let (_folder, reader) = test_card();
    let ended = read(&reader, TEST_CARD_NUMBER_B, &[]);
    assert_eq!((ended.status, ended.err.as_str()), (0, ""));
    let read = ended.json();
    assert_eq!(read["outcome"], "complete");
    let photo = json!({ "width": 378, "height": 472 });
    let face = json!({
        "birth_date": "1980-02-17", "sex": 1, "expiry": "2035-02-17", "photo": photo,
    });
    assert_eq!(read["face"], face);
    let attributes = json!({
        "name": "黒桐\u{3000}幹也", "address": "東京都清瀬市観布子南１２－７－２０２",
        "birth_date": "1980-02-17", "sex": 1,
    });
    assert_eq!(read["attributes"], attributes);
    let certificate = json!({
        "serial_hex": "227B13",
        "not_before": "2025-10-27T01:35:42Z", "not_after": "2030-02-17T14:59:59Z",
    });
    assert_eq!(read["certificate"], certificate);
    assert_eq!(read["tries"], json!({ "face_b": 10, "text_b": 10 }));
    for key in ["exchanges", "bytes_sent", "bytes_received"] {
        assert!(read[key].as_u64() > Some(0), "{key}");
    }
    assert!(read["note"].is_null());
}

#[test]
fn without_extended_length_it_takes_more_exchanges() {
    let (_folder, reader) = test_card();
    let exchanges = |more: &[&str]| {
        read(&reader, TEST_CARD_NUMBER_B, more).json()["exchanges"].as_u64().expect("a number")
    };
    assert_eq!((exchanges(&[]), exchanges(&["--no-extended"])), (17, 37));
}

#[test]
fn one_digit_changed_costs_one_try_and_shows_those_left() {
    let (_folder, reader) = test_card();
    for wrong in ["55021720352286", "55021720362285", "55021820352285", "56021720352285"] {
        let ended = read(&reader, wrong, &[]);
        let read = ended.json();
        assert_eq!((ended.status, &read["outcome"]), (3, &json!("rejected")), "{wrong}");
        assert_eq!(read["tries"], json!({ "face_b": 9, "text_b": null }), "{wrong}");
        assert_eq!((&read["face"], &read["attributes"]), (&Value::Null, &Value::Null));
    }
}

#[test]
fn a_number_that_cannot_be_one_costs_nothing_and_shows_the_tries_left() {
    let (_folder, reader) = test_card();
    let good = read(&reader, TEST_CARD_NUMBER_B, &[]).json();
    for wrong in ["55023020352285", "55021720152285", "5502172035228", "5502172035228x", ""] {
        let ended = read(&reader, wrong, &[]);
        let read = ended.json();
        assert_eq!((ended.status, &read["outcome"]), (11, &json!("impossible-number")), "{wrong}");
        assert_eq!(read["tries"], json!({ "face_b": 10, "text_b": 10 }), "{wrong}");
        assert_eq!(read["tries_spent"], 0);
        assert_eq!(keys(&read), keys(&good), "{wrong}: a program finds the same keys");
    }
}

#[test]
fn without_secrets_any_number_opens_a_dump_whose_dates_match_and_the_output_says_so() {
    let (_folder, reader) = dump(None);
    for (number, status) in [(TEST_CARD_NUMBER_B, 0), ("55021720350000", 0), ("55021820352285", 3)]
    {
        let ended = read(&reader, number, &[]);
        assert_eq!(ended.status, status, "{number}");
        assert!(ended.json()["note"].as_str().expect("a note").contains("any number"));
    }
}

#[test]
fn a_trace_shows_headers_and_statuses_only() {
    let (_folder, reader) = test_card();
    let ended = read(&reader, TEST_CARD_NUMBER_B, &["--trace"]);
    assert_eq!(ended.status, 0);
    assert!(ended.err.lines().count() > 30);
    for line in ended.err.lines() {
        let sent = line.starts_with("> Command(") && line.contains(" bytes, ");
        let received = line.starts_with("< Response(") && line.contains(" bytes, ");
        assert!(sent || received, "{line}");
        assert!(line.len() < 60, "{line}");
    }
}

#[test]
fn pictures_and_certificate_are_written_into_an_empty_folder_only() {
    let (_folder, reader) = test_card();
    let out = tempfile::tempdir().expect("a folder");
    let target = out.path().join("new");
    let arguments = ["--out", target.to_str().expect("UTF-8")];
    assert_eq!(read(&reader, TEST_CARD_NUMBER_B, &arguments).status, 0);
    let file = |name: &str| fs::read(target.join(name)).expect(name);
    let files = published_files().expect("downloaded");
    assert_eq!(file("authentication.cer"), files["jpki-auth-cert.der"]);
    assert_eq!(picture(&file("photo.jp2")), (ImageKind::Jp2, 378, 472));
    for (name, width, height) in [
        ("photo.png", 378, 472),
        ("name.png", 216, 12),
        ("address.png", 288, 12),
        ("security-code.png", 24, 12),
    ] {
        assert_eq!(picture(&file(name)), (ImageKind::Png, width, height), "{name}");
    }
    let again = read(&reader, TEST_CARD_NUMBER_B, &arguments);
    assert_eq!((again.status, again.out.as_str()), (1, ""), "nothing is written over");
}

fn picture(bytes: &[u8]) -> (ImageKind, u32, u32) {
    let image = Image::from_object("file", bytes).expect("a picture");
    let pixels = image.decode(&DecodeLimits::DEFAULT).expect("it decodes");
    (image.kind(), pixels.width(), pixels.height())
}

#[test]
fn a_secret_is_no_argument_and_is_in_no_message() {
    for arguments in [
        ["read", "--reader", "sim", "--code-b", TEST_CARD_NUMBER_B],
        ["read", "--reader", "sim", "--code-b-stdin", TEST_CARD_NUMBER_B],
    ] {
        assert_eq!(mynacard(&arguments, "").status, 2);
    }
    let (_folder, reader) = test_card();
    let missing = mynacard(&["read", "--reader", &reader], "");
    assert_eq!(missing.status, 1);
    let wrong = mynacard(&["read", "--reader", &reader, "--code-b-stdin"], "55023020352285");
    assert_eq!(wrong.status, 11);
    assert!(!(wrong.out + &wrong.err).contains("5502302035"));
}

#[test]
fn every_outcome_of_a_reading_has_a_status_of_its_own() {
    let number = TEST_CARD_NUMBER_B;
    for (reader, number, status, outcome) in [
        ("sim:adult", "60050320354819", 0, "complete"),
        ("sim:adult", "60050320354810", 3, "rejected"),
        ("sim:nearly-locked", "01021120341029", 5, "refused-by-floor"),
        ("sim:phone", number, 7, "phone"),
        ("sim:iphone", number, 7, "phone"),
    ] {
        let ended = read(reader, number, &[]);
        let read = ended.json();
        assert_eq!((ended.status, &read["outcome"]), (status, &json!(outcome)), "{reader}");
    }
    for (arguments, status, last) in [
        (&["--floor", "2"][..], 0, false),
        (&["--allow-last-tries"], 0, true),
        // Zero is the usual floor, and one has a name of its own.
        (&["--floor", "0"], 5, false),
        (&["--floor", "1"], 2, false),
    ] {
        let ended = read("sim:nearly-locked", "01021120341029", arguments);
        assert_eq!(ended.status, status, "{arguments:?}");
        if status != 2 {
            assert_eq!(ended.json()["last_tries_allowed"], json!(last), "{arguments:?}");
        }
    }
    for reader in ["dump:/nowhere/at/all", "dump:/"] {
        let ended = read(reader, number, &[]);
        assert_eq!((ended.status, ended.out.as_str()), (1, ""), "{reader}");
    }
}

fn statuses(verified: &Value) -> [&str; 4] {
    ["face", "attributes", "certificate", "live"].map(|part| {
        let part = &verified["trust"][part];
        assert!(keys(part).contains("why"), "{part}");
        part["status"].as_str().expect("a status")
    })
}

#[test]
fn the_published_test_card_is_genuine_as_a_test_card_and_not_live() {
    let (_folder, reader) = test_card();
    let roots = [&["--roots", "test"], &NOW[..]].concat();
    let ended = verify(&reader, TEST_CARD_NUMBER_B, &roots);
    let verified = ended.json();
    assert_eq!((ended.status, &verified["verdict"]), (22, &json!("test-not-live")));
    assert_eq!(statuses(&verified), ["genuine", "genuine", "genuine", "not-live"]);
    assert_eq!(verified["trust"]["findings"], json!([]));
    // Production unless said, where it is nobody's.
    let ended = verify(&reader, TEST_CARD_NUMBER_B, &NOW);
    let verified = ended.json();
    assert_eq!((ended.status, &verified["verdict"]), (24, &json!("issuer-unknown")));
    let unknown = "issuer-unknown";
    assert_eq!(statuses(&verified), [unknown, unknown, unknown, "not-live"]);
}

#[test]
fn cards_of_the_simulator_genuine_and_forged_end_with_their_own_status() {
    let genuine = ["genuine"; 3];
    let all = |live| [genuine[0], genuine[1], genuine[2], live];
    for (reader, status, verdict, parts) in [
        ("sim", 0, "genuine-live", all("live")),
        ("forged:swapped-photo", 26, "forged", ["forged", "genuine", "genuine", "not-live"]),
        ("forged:copied", 20, "genuine-not-live", all("not-live")),
        ("forged:copied-other-key", 20, "genuine-not-live", all("not-live")),
        ("forged:self-made-roots", 26, "forged", ["forged", "forged", "forged", "not-live"]),
        ("forged:two-people", 25, "contradictory", all("not-live")),
        ("forged:borrowed-name", 20, "genuine-not-live", all("not-live")),
    ] {
        let ended = verify(reader, "", &[&["--roots", "sim"], &NOW[..]].concat());
        let verified = ended.json();
        assert_eq!((ended.status, &verified["verdict"]), (status, &json!(verdict)), "{reader}");
        assert_eq!(statuses(&verified), parts, "{reader}");
        let findings = verified["trust"]["findings"].as_array().expect("a list");
        let unproven = findings.iter().any(|finding| finding["key"] == "text-not-live");
        assert_eq!(unproven, reader.ends_with("people") || reader.ends_with("name"), "{reader}");
    }
}

#[test]
fn what_could_be_read_is_judged_though_the_rest_was_refused() {
    let arguments = [&["--roots", "sim"], &NOW[..]].concat();
    let ended = verify("sim:nearly-locked", "", &arguments);
    let verified = ended.json();
    assert_eq!((ended.status, &verified["outcome"]), (5, &json!("refused-by-floor")));
    assert_eq!(statuses(&verified), ["not-checked", "genuine", "genuine", "live"]);
    assert_eq!(verified["trust"]["face"]["why"], "absent");
}

#[test]
fn roots_come_from_a_file_or_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).expect("written");
        path.to_str().expect("UTF-8").to_owned()
    };
    let good = PublicRoots::test().to_json();
    let roots = file("roots.json", &good);
    let ended = verify("sim", "", &[&["--roots", &roots], &NOW[..]].concat());
    assert_eq!((ended.status, &ended.json()["verdict"]), (0, &json!("genuine-live")));
    let reserved = good.replacen("mynacard-test", "production", 1);
    for (name, text) in [("not.json", "{"), ("empty.json", "{}"), ("name.json", &reserved)] {
        let roots = file(name, text);
        let ended = verify("sim", "", &["--roots", &roots]);
        assert_eq!((ended.status, ended.out.as_str()), (1, ""), "{name}");
        assert!(ended.err.contains(name), "{}", ended.err);
    }
    let absent = Path::new("/nowhere/roots.json").display().to_string();
    assert_eq!(verify("sim", "", &["--roots", &absent]).status, 1);
}

#[test]
fn tries_are_told_for_every_key_and_every_profile_is_listed() {
    let ended = mynacard(&["tries", "--reader", "sim:nearly-locked", "--json"], "");
    assert_eq!(ended.status, 0);
    let tries = ended.json();
    assert_eq!(tries["tries"]["face_b"], 2);
    let list = mynacard(&["profiles"], "").out;
    let mut all = Profile::all().iter().chain(Profile::unusual());
    assert!(all.all(|profile| list.contains(profile.name())));
}
