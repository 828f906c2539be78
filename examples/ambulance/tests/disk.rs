//! What the demonstration leaves on the disk: nothing, or what `--keep` asks for.
#![cfg(unix)]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests may fail loudly"
)]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use data_encoding::HEXLOWER;
use mynacard_core::audit::{LogEvidence, SealKey, Verifier, VerifyingKey};
use tempfile::TempDir;

/// Every scenario that has its own end.
const SCENARIOS: [&str; 4] = ["consent", "refuses", "forged", "no-card"];

/// A folder that is home, present folder and folder of temporary files at once.
struct Ground(TempDir);

impl Ground {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// The demonstration, after what a shell does first; `$$` is its number there.
    fn demo(&self, first: &str, arguments: &[&str]) -> Output {
        let program = env!("CARGO_BIN_EXE_mynacard-ambulance");
        Command::new("sh")
            .args(["-c", &format!("set -e\n{first}\nexec \"$@\""), "sh", program])
            .args(arguments)
            .current_dir(self.0.path())
            .env("HOME", self.0.path())
            .env("TMPDIR", self.0.path())
            .output()
            .expect("it starts")
    }

    /// Every file and folder, with its access rights.
    fn modes(&self) -> BTreeMap<String, u32> {
        let mut found = BTreeMap::new();
        collect(self.0.path(), self.0.path(), &mut found);
        found
    }
}

fn collect(root: &Path, folder: &Path, found: &mut BTreeMap<String, u32>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let data = path.symlink_metadata().expect("known");
        let name = path.strip_prefix(root).expect("below").to_str().expect("UTF-8");
        found.insert(name.to_owned(), data.permissions().mode() & 0o7777);
        if data.is_dir() {
            collect(root, &path, found);
        }
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr[..]].concat()).into_owned()
}

#[test]
fn it_plays_to_the_end_where_not_a_byte_can_be_written() {
    for scenario in SCENARIOS {
        let ground = Ground::new();
        let played = ground.demo("trap '' XFSZ; ulimit -f 0", &["--yes", "--scenario", scenario]);
        assert!(played.status.success(), "{scenario}: {}", said(&played));
        assert!(said(&played).contains("改ざんなし"), "{scenario}: {}", said(&played));
        assert_eq!(ground.modes(), BTreeMap::new(), "{scenario}");
    }
}

#[test]
fn a_run_that_fails_leaves_nothing() {
    let ground = Ground::new();
    let reader = ["--yes", "--reader", "none of this name", "--code-b-file", "/nowhere/digits"];
    for more in [&[][..], &["--keep", "kept"]] {
        assert!(!ground.demo("", &[&reader, more].concat()).status.success());
        assert_eq!(ground.modes(), BTreeMap::new(), "{more:?}");
    }
}

#[test]
fn what_others_prepared_is_not_written_through() {
    let ground = Ground::new();
    fs::write(ground.at("victim"), "untouched").expect("written");
    // By the number of the process, as if it had been guessed.
    let prepare = "folder=$TMPDIR/mynacard-demo-$$; mkdir -p $folder/office
        for name in photo.png audit.jsonl office/seal-key.hex office/tablet-key.hex; do
            ln -s $TMPDIR/victim $folder/$name
        done";
    let played = ground.demo(prepare, &["--yes"]);
    assert!(played.status.success(), "{}", said(&played));
    assert_eq!(fs::read_to_string(ground.at("victim")).expect("read"), "untouched");
    let links = ground.modes().into_keys().filter(|name| ground.at(name).is_symlink()).count();
    assert_eq!(links, 4, "not one was replaced");
    assert_eq!(ground.modes().len(), 4 + 3, "and nothing was added");
}

#[test]
fn what_is_kept_is_the_owners_alone_and_the_log_verifies() {
    let ground = Ground::new();
    let played = ground.demo("umask 000", &["--yes", "--keep", "above/kept"]);
    let shown = said(&played);
    assert!(played.status.success(), "{shown}");
    let expected = [
        ("above", 0o700),
        ("above/kept", 0o700),
        ("above/kept/audit.jsonl", 0o600),
        ("above/kept/photo.png", 0o600),
        ("above/kept/seal-key.hex", 0o600),
        ("above/kept/tablet-key.hex", 0o600),
    ];
    assert_eq!(ground.modes(), expected.map(|(name, mode)| (name.to_owned(), mode)).into());
    assert!(shown.contains("photo (invented person): above/kept/photo.png"), "{shown}");
    let png = fs::read(ground.at("above/kept/photo.png")).expect("the photo");
    assert!(png.starts_with(b"\x89PNG"));

    let key = |name: &str| -> [u8; 32] {
        let text = fs::read(ground.at("above/kept").join(name)).expect("the key");
        HEXLOWER.decode(&text).expect("hexadecimal").try_into().expect("32 bytes")
    };
    let mut verifier = Verifier::new(LogEvidence {
        seal_key: Some(SealKey::from_random(key("seal-key.hex"))),
        checkpoint_key: Some(VerifyingKey::from_bytes(key("tablet-key.hex"))),
        ..LogEvidence::default()
    });
    let log = fs::read(ground.at("above/kept/audit.jsonl")).expect("the log");
    verifier.feed(&log);
    let verdict = verifier.finish();
    assert!(verdict.is_intact(), "{verdict:?}");
    let lines = log.iter().filter(|byte| **byte == b'\n').count();
    assert_eq!((verdict.taken, lines), (8, 8));
}

#[test]
fn every_card_that_was_read_has_its_photo_kept() {
    for (scenario, photos) in [("wrong-card", 2), ("no-card", 0)] {
        let ground = Ground::new();
        let played = ground.demo("", &["--yes", "--keep", "kept", "--scenario", scenario]);
        assert!(played.status.success(), "{scenario}: {}", said(&played));
        let kept = ground.modes();
        let found = kept.keys().filter(|name| name.ends_with("photo.png")).count();
        assert_eq!((found, kept.len()), (photos, 1 + 3 + photos), "{scenario}: {kept:?}");
    }
}

#[test]
fn a_folder_to_keep_it_in_is_new_or_empty_and_no_link() {
    let ground = Ground::new();
    fs::create_dir(ground.at("elsewhere")).expect("made");
    fs::write(ground.at("file"), "untouched").expect("written");
    symlink("elsewhere", ground.at("link")).expect("made");
    let before = ground.modes();
    for (name, words) in
        [("link", "is a link"), ("link/", "is a link"), ("file", "not a folder"), (".", "exists")]
    {
        let refused = ground.demo("", &["--yes", "--keep", name]);
        assert!(!refused.status.success() && said(&refused).contains(words), "{}", said(&refused));
        assert!(refused.stdout.is_empty(), "nothing is played first");
        assert_eq!(ground.modes(), before, "{name}");
    }
}
