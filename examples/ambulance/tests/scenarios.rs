//! Every scenario of the demonstration, played to its end as a newcomer would start it.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests may fail loudly"
)]

use std::path::Path;
use std::process::Command;

use serde_json::Value;

const SCENARIOS: [(&str, &str); 11] = [
    ("consent", "handed-over"),
    ("unconscious", "handed-over"),
    ("wakes", "handed-over"),
    ("refuses", "ended/refused"),
    ("face-differs", "ended/face-differs"),
    ("wrong-card", "ended/wrong-card"),
    ("nearly-locked", "ended/locked"),
    ("forged", "ended/forged"),
    ("no-signal", "ended/no-signal"),
    ("not-registered", "ended/not-registered"),
    ("no-card", "ended/no-card"),
];

fn demo(arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mynacard-ambulance"));
    // What it leaves behind stays with what was built.
    command.env("TMPDIR", env!("CARGO_TARGET_TMPDIR"));
    let output = command.args(arguments).output().expect("it starts");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn every_scenario_ends_as_it_says_and_its_log_verifies() {
    for (scenario, outcome) in SCENARIOS {
        let summary: Value =
            serde_json::from_str(&demo(&["--json", "--scenario", scenario])).expect("one object");
        assert_eq!(summary["outcome"], outcome, "{scenario}");
        assert_eq!((&summary["scenario"], &summary["drill"]), (&scenario.into(), &true.into()));
        assert_eq!(summary["audit"]["verified"], true, "{scenario}");
        let shown = matches!(scenario, "consent" | "unconscious" | "wakes");
        assert_eq!(summary["summary_shown"], shown, "{scenario}");
    }
}

#[test]
fn the_card_is_shown_with_photo_name_address_age_and_times() {
    let shown = demo(&["--yes"]);
    for part in [
        "昭和60年5月3日生",
        "4819",
        "救急　太郎",
        "架空県蘇生市命町１－２－３",
        "歳",
        "unlock-face",
        "first-face",
        "正規のカードです",
    ] {
        assert!(shown.contains(part), "{part}");
    }
    let path = shown.lines().find_map(|line| line.split_once("photo (invented person): "));
    let (_, path) = path.expect("the photo's path");
    let png = std::fs::read(Path::new(path.trim())).expect("the photo");
    assert!(png.starts_with(b"\x89PNG"));
}
