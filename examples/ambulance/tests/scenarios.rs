//! Every scenario of the demonstration, played to its end as a newcomer would start it.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests may fail loudly"
)]

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

/// In alphabetical order.
const KEYS: [&str; 9] = [
    "audit",
    "basis",
    "code",
    "exchanges",
    "outcome",
    "permit_ended",
    "phases",
    "scenario",
    "summary_shown",
];

fn demo(arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mynacard-ambulance"));
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
        assert_eq!(summary["scenario"], scenario);
        assert_eq!(summary["audit"]["verified"], true, "{scenario}");
        let shown = matches!(scenario, "consent" | "unconscious" | "wakes");
        assert_eq!(summary["summary_shown"], shown, "{scenario}");
        assert_eq!(summary["permit_ended"], scenario == "wakes", "{scenario}");
        let keys: Vec<_> = summary.as_object().expect("an object").keys().collect();
        assert_eq!(keys, KEYS, "{scenario}");
        // What the air takes: no card shows its face sooner than the bytes of a photo can travel.
        if let Some(face) = summary["phases"]["first-face"].as_f64() {
            assert!((300.0..5_000.0).contains(&face), "{scenario}: {face} ms");
        }
    }
}

#[test]
fn a_faster_link_shows_the_face_sooner() {
    let face = |link| -> f64 {
        let summary = demo(&["--json", "--link", link]);
        let summary: Value = serde_json::from_str(&summary).expect("one object");
        summary["phases"]["first-face"].as_f64().expect("milliseconds")
    };
    assert!(face("nfc424") < 0.7 * face("nfc106"));
}

#[test]
fn a_card_on_a_reader_is_never_given_a_number_from_the_scenario() {
    let refused = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mynacard-ambulance"));
        let output = command.args(arguments).output().expect("it starts");
        assert!(!output.status.success(), "{arguments:?}");
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    assert!(refused(&["--json", "--reader", "first"]).contains("--code-b-file"));
    let file = ["--json", "--reader", "first", "--code-b-file", "digits", "--scenario", "forged"];
    assert!(refused(&file).contains("a card of its own"));
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
        "引継ぎ完了",
        "Nothing was written to disk",
    ] {
        assert!(shown.contains(part), "{part}");
    }
}
