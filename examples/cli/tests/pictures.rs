//! Photos of other kinds than the usual one: what the reading says of them, how it ends, and what
//! their files are called. And an output that nobody reads to its end.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests may fail loudly"
)]

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use mynacard_sim::{Profile, PublicRoots};
use serde_json::{Value, json};
use tempfile::TempDir;

/// A card with this photo, duly signed, as saved files; the reader that plays them.
fn card_with(photo: &[u8]) -> (TempDir, String) {
    let mut spec = Profile::adult().spec();
    spec.holder.photo = Some(photo.to_vec());
    let mut files = spec.issue().build().to_files();
    let secrets = Profile::adult().secrets().to_json();
    files.insert("secrets.json".to_owned(), secrets.into_bytes());
    let folder = tempfile::tempdir().expect("a folder");
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).expect("written");
    }
    let reader = format!("dump:{}", folder.path().display());
    (folder, reader)
}

/// The photo of the virtual card: a JP2 file.
fn photo() -> Vec<u8> {
    Profile::adult().spec().holder.photo.expect("a photo")
}

/// The codestream in it.
fn codestream() -> Vec<u8> {
    let photo = photo();
    let start = photo.windows(4).position(|four| four == [0xFF, 0x4F, 0xFF, 0x51]);
    photo[start.expect("a codestream")..].to_vec()
}

fn mynacard(arguments: &[&str]) -> Output {
    let code = tempfile::tempdir().expect("a folder");
    let file = code.path().join("code");
    fs::write(&file, Profile::adult().code_b().expect("digits")).expect("written");
    Command::new(env!("CARGO_BIN_EXE_mynacard"))
        .args(arguments)
        .arg("--code-b-file")
        .arg(file)
        .output()
        .expect("it starts")
}

fn json_of(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).expect("one JSON object")
}

fn roots(folder: &Path) -> String {
    let file = folder.join("roots.json");
    fs::write(&file, PublicRoots::test().to_json()).expect("written");
    file.to_str().expect("UTF-8").to_owned()
}

#[test]
fn a_photo_that_does_not_decode_is_said_in_the_result_and_costs_nothing_else() {
    let cut = photo()[..3_000].to_vec();
    for (photo, code) in [(&cut[..], 4012), (b"\xFF\xD8\xFF\xE0JFIF", 4012), (b"no picture", 4012)]
    {
        let (_folder, reader) = card_with(photo);
        let output = mynacard(&["read", "--json", "--reader", &reader]);
        let read = json_of(&output);
        assert_eq!((output.status.code(), &read["outcome"]), (Some(6), &json!("partial")));
        assert!(output.stderr.is_empty());
        let error = &read["errors"][0];
        assert_eq!(read["errors"].as_array().map(Vec::len), Some(1), "{}", read["errors"]);
        assert_eq!((&error["part"], &error["code"]), (&json!("photo"), &json!(code)));
        assert_eq!(read["face"]["photo"], json!({ "error": error["error"] }));
        assert_eq!(read["face"]["birth_date"], "1985-05-03");
        assert!(read["attributes"]["name"].is_string());
    }
}

#[test]
fn a_photo_that_does_not_decode_keeps_a_verification_from_ending_well() {
    let (folder, reader) = card_with(&photo()[..3_000]);
    let roots = roots(folder.path());
    let verify = |reader: &str| {
        let output = mynacard(&["verify", "--json", "--reader", reader, "--roots", &roots]);
        let verified = json_of(&output);
        (output.status.code(), verified["outcome"].clone(), verified["trust"]["face"].clone())
    };
    // Files that are played cannot sign: the chip is not live, and the photo not forged.
    let (status, outcome, face) = verify(&reader);
    assert_eq!((status, outcome), (Some(20), json!("partial")));
    assert_eq!(face["status"], "genuine");
}

#[test]
fn the_photo_is_written_under_the_name_of_what_it_is() {
    let codestream = codestream();
    let png = {
        let (_folder, reader) = card_with(&photo());
        let out = tempfile::tempdir().expect("a folder");
        let path = out.path().to_str().expect("UTF-8");
        assert_eq!(mynacard(&["read", "--reader", &reader, "--out", path]).status.code(), Some(0));
        assert_eq!(fs::read(out.path().join("photo.jp2")).expect("read"), photo());
        fs::read(out.path().join("photo.png")).expect("read")
    };
    // A file on the card has no room for the photo as PNG; this one has.
    let small = Profile::adult().spec().holder.name_image;
    for (photo, names, status) in [
        (&codestream[..], &["photo.j2k", "photo.png"][..], 0),
        (&small, &["photo.png"], 0),
        (b"\xFF\xD8\xFF\xE0JFIF", &["photo.jpg"], 6),
        (b"no picture", &["photo.bin"], 6),
        (&codestream[..2_000], &["photo.j2k"], 6),
    ] {
        let (_folder, reader) = card_with(photo);
        let out = tempfile::tempdir().expect("a folder");
        let path = out.path().to_str().expect("UTF-8");
        let output = mynacard(&["read", "--reader", &reader, "--out", path]);
        assert_eq!(output.status.code(), Some(status), "{names:?}");
        let written: BTreeSet<String> = fs::read_dir(out.path())
            .expect("a folder")
            .map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"))
            .filter(|name| name.starts_with("photo"))
            .collect();
        assert_eq!(written, names.iter().map(|name| (*name).to_owned()).collect(), "{names:?}");
        let as_it_is = fs::read(out.path().join(names[0])).expect("read");
        assert_eq!(as_it_is, photo, "{names:?}");
        if names.len() == 2 {
            assert_eq!(fs::read(out.path().join("photo.png")).expect("read"), png);
        }
    }
}

#[test]
fn an_output_that_nobody_reads_on_is_no_error() {
    for (arguments, status) in [
        (&["profiles"][..], 0),
        (&["profiles", "--json"], 0),
        (&["profiles", "--roots"], 0),
        (&["read"], 0),
        (&["read", "--json"], 0),
        (&["verify", "--reader", "forged:swapped-photo", "--roots", "sim"], 26),
        (&["verify", "--roots", "sim"], 0),
        (&["tries"], 0),
    ] {
        let (reader, writer) = io::pipe().expect("a pipe");
        drop(reader);
        let mut child = Command::new(env!("CARGO_BIN_EXE_mynacard"))
            .args(arguments)
            .stdout(writer)
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut said = String::new();
        child.stderr.take().expect("piped").read_to_string(&mut said).expect("UTF-8");
        let ended = child.wait().expect("it ends").code();
        assert_eq!((ended, said.as_str()), (Some(status), ""), "{arguments:?}");
    }
}
