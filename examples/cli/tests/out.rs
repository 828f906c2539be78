//! What `mynacard read --out DIR` leaves on a disk that others share.
#![cfg(unix)]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests may fail loudly"
)]

use std::collections::BTreeMap;
use std::fs::{self, File, Permissions};
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, chown, symlink};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

const PICTURES_AND_CERTIFICATE: [&str; 6] = [
    "address.png",
    "authentication.cer",
    "name.png",
    "photo.jp2",
    "photo.png",
    "security-code.png",
];

/// A folder with a file and a folder in it that nobody may touch.
struct Ground {
    root: TempDir,
}

impl Ground {
    fn new() -> Self {
        let root = tempfile::tempdir().expect("a folder");
        fs::write(root.path().join("victim"), "untouched").expect("written");
        fs::create_dir(root.path().join("elsewhere")).expect("made");
        Self { root }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    fn folder(&self, name: &str, mode: u32) -> PathBuf {
        let path = self.at(name);
        fs::create_dir(&path).expect("made");
        fs::set_permissions(&path, Permissions::from_mode(mode)).expect("set");
        path
    }

    fn assert_untouched(&self) {
        assert_eq!(fs::read_to_string(self.at("victim")).expect("read"), "untouched");
        assert!(modes(&self.at("elsewhere")).is_empty(), "{:?}", modes(&self.at("elsewhere")));
    }
}

/// The names in a folder, each with its access rights.
fn modes(folder: &Path) -> BTreeMap<String, u32> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry"));
    entries
        .map(|entry| {
            let mode = entry.metadata().expect("known").permissions().mode() & 0o7777;
            (entry.file_name().into_string().expect("UTF-8"), mode)
        })
        .collect()
}

/// `mynacard read --out` after what a shell does first.
fn shell(first: &str, more: &[&str], out: &Path) -> Output {
    Command::new("sh")
        .args(["-c", &format!("{first}\nexec \"$@\""), "sh", env!("CARGO_BIN_EXE_mynacard")])
        .args(["read", "--out"])
        .arg(out)
        .args(more)
        .output()
        .expect("it starts")
}

fn read_into(out: &Path) -> Output {
    shell("", &[], out)
}

fn assert_refused(output: &Output, words: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains(words), "{said}");
    assert!(output.stdout.is_empty(), "the card is not even read");
}

#[test]
fn folder_and_files_are_their_owners_alone_whatever_the_umask() {
    let ground = Ground::new();
    let out = ground.at("above/out");
    assert!(shell("umask 000", &[], &out).status.success());
    assert_eq!(modes(&ground.at("above")), BTreeMap::from([("out".to_owned(), 0o700)]));
    let expected = PICTURES_AND_CERTIFICATE.map(|name| (name.to_owned(), 0o600));
    assert_eq!(modes(&out), BTreeMap::from(expected));
    assert_eq!(modes(ground.root.path())["above"], 0o700);
}

#[test]
fn an_empty_folder_of_ones_own_is_taken_as_it_is() {
    let ground = Ground::new();
    let out = ground.folder("out", 0o755);
    assert!(shell("umask 000", &[], &out).status.success());
    assert_eq!(modes(ground.root.path())["out"], 0o755);
    assert!(modes(&out).len() == 6 && modes(&out).values().all(|mode| *mode == 0o600));
}

#[test]
fn a_link_is_not_followed_however_it_is_written() {
    let ground = Ground::new();
    symlink("elsewhere", ground.at("link")).expect("made");
    symlink("nowhere", ground.at("dangling")).expect("made");
    for name in ["link", "link/", "link/.", "dangling", "dangling/"] {
        assert_refused(&read_into(&ground.at(name)), "is a link: name the folder itself");
        ground.assert_untouched();
    }
    assert!(!ground.at("nowhere").exists());
}

#[test]
fn a_folder_that_others_can_write_to_is_refused() {
    let ground = Ground::new();
    for (name, mode) in [("group", 0o770), ("everybody", 0o707), ("sticky", 0o1777)] {
        let out = ground.folder(name, mode);
        assert_refused(&read_into(&out), "chmod go-w");
        assert!(modes(&out).is_empty(), "{name}");
    }
    // Only root can give a folder away, and only to root does the root folder belong.
    let given = ground.folder("given", 0o755);
    let foreign = if chown(&given, Some(1), None).is_ok() { &given } else { Path::new("/") };
    assert_refused(&read_into(foreign), "belongs to another user");
}

#[test]
fn what_exists_already_is_named_and_left_alone() {
    let ground = Ground::new();
    let out = ground.folder("out", 0o700);
    fs::write(out.join("photo.png"), "an earlier one").expect("written");
    assert_refused(&read_into(&out), "photo.png exists already: name a new or an empty folder");
    assert_eq!(fs::read_to_string(out.join("photo.png")).expect("read"), "an earlier one");
    assert_eq!(modes(&out).len(), 1);
    assert_refused(&read_into(&ground.at("victim")), "is not a folder");
    ground.assert_untouched();
}

/// A reading that has its folder already, and waits for the digits.
struct Waiting {
    child: Child,
    digits: File,
}

impl Waiting {
    fn start(ground: &Ground, out: &Path) -> Self {
        let pipe = ground.at("digits");
        if !pipe.exists() {
            assert!(Command::new("mkfifo").arg(&pipe).status().expect("it starts").success());
        }
        let child = Command::new(env!("CARGO_BIN_EXE_mynacard"))
            .args([Path::new("read"), Path::new("--code-b-file"), &pipe, Path::new("--out"), out])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        // Opens once the other end is open too, which the program does when it has its folder.
        let (opened, digits) = mpsc::channel();
        thread::spawn(move || opened.send(File::options().write(true).open(pipe)));
        let digits = digits.recv_timeout(Duration::from_secs(30)).expect("it asks for the digits");
        Self { child, digits: digits.expect("a pipe") }
    }

    fn give(mut self, digits: &str) -> Output {
        self.digits.write_all(digits.as_bytes()).expect("it listens");
        drop(self.digits);
        self.child.wait_with_output().expect("it ends")
    }
}

#[test]
fn a_link_put_there_meanwhile_is_not_written_through_and_nothing_else_stays() {
    let ground = Ground::new();
    let out = ground.at("out");
    let waiting = Waiting::start(&ground, &out);
    // The last file that is written.
    symlink("../victim", out.join("authentication.cer")).expect("made");
    let output = waiting.give("60050320354819");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("authentication.cer exists already"), "{said}");
    ground.assert_untouched();
    assert_eq!(modes(&out).into_keys().collect::<Vec<_>>(), ["authentication.cer"]);
}

#[test]
fn a_folder_exchanged_meanwhile_gets_nothing() {
    let ground = Ground::new();
    let out = ground.at("out");
    let waiting = Waiting::start(&ground, &out);
    fs::rename(&out, ground.at("moved")).expect("moved");
    symlink("elsewhere", &out).expect("made");
    assert!(waiting.give("60050320354819").status.success());
    ground.assert_untouched();
    assert_eq!(modes(&ground.at("moved")).len(), 6);
}

#[test]
fn a_full_disk_leaves_nothing_half_written() {
    let ground = Ground::new();
    let out = ground.at("out");
    // Room for the photo as it is on the card, but not for the larger pictures made of it.
    let output = shell("trap '' XFSZ; ulimit -f 20", &[], &out);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("photo.png"));
    assert!(!out.exists());
}

#[test]
fn a_reading_that_brings_nothing_leaves_no_folder() {
    let ground = Ground::new();
    let out = ground.at("out");
    for (digits, status) in [("60050320354810", 3), ("6005032035481", 11)] {
        let output = Waiting::start(&ground, &out).give(digits);
        assert_eq!(output.status.code(), Some(status));
        assert!(!out.exists(), "{digits}");
    }
    assert_eq!(shell("", &["--reader", "dump:/nowhere"], &out).status.code(), Some(1));
    assert!(!out.exists());
}

#[test]
fn without_it_not_a_byte_is_written() {
    let ground = Ground::new();
    let output = Command::new("sh")
        .args([
            "-c",
            "trap '' XFSZ; ulimit -f 0; exec \"$@\"",
            "sh",
            env!("CARGO_BIN_EXE_mynacard"),
        ])
        .args(["verify", "--roots", "sim"])
        .current_dir(ground.root.path())
        .env("HOME", ground.root.path())
        .env("TMPDIR", ground.root.path())
        .output()
        .expect("it starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(modes(ground.root.path()).len(), 2);
    ground.assert_untouched();
}
