//! Genuine cards on which one thing is not as usual: everything else is there, nobody is called a forger, and
//! who changes a bit of them is.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests"
)]

use mynacard_core::map::Beside;
use mynacard_core::reading::identify;
use mynacard_core::trust::x509::NoRevocationSource;
use mynacard_core::trust::{Challenge, Clock, Finding, Roots, Verdict};
use mynacard_core::{CardTransport, Examined, Limits, Plan, VerificationNumberB, read, run};
use mynacard_sim::{Application, Profile, PublicRoots, VirtualCard};

fn number_of(profile: &Profile) -> VerificationNumberB {
    VerificationNumberB::from_digits(profile.code_b().unwrap().as_bytes()).unwrap()
}

fn examined(plan: Plan, profile: &Profile, mut card: VirtualCard) -> Examined {
    let mut driver = read(card.link(), Limits::default(), number_of(profile), plan).unwrap();
    let reading = run(&mut driver, &mut card).unwrap();
    let facts = run(
        &mut mynacard_core::reading::read_facts(card.link(), Limits::default()).unwrap(),
        &mut card,
    )
    .unwrap();
    let roots = Roots::from_json(PublicRoots::test().to_json().as_bytes()).unwrap();
    let now = "2026-11-22T00:00:00Z".parse().unwrap();
    reading.examine(Some(&facts), &roots, Clock::Trusted(now), &NoRevocationSource)
}

fn all() -> Plan {
    Plan::all().with_challenge(Challenge::new(b"never met before, and long enough").unwrap())
}

#[test]
fn each_is_genuine_and_costs_no_more_exchanges_than_its_like() {
    assert_eq!(Profile::unusual().len(), 9);
    for profile in Profile::unusual() {
        let examined = examined(all(), profile, profile.card());
        let (report, name) = (examined.report(), profile.name());
        assert_eq!(report.verdict(), Verdict::GenuineLive, "{name}");
        let newer = ["furigana", "furigana-listed", "newer-version"].contains(&name);
        let findings: &[Finding] = if newer { &[Finding::NewerLayout] } else { &[] };
        assert_eq!(report.findings(), findings, "{name}");
        let reading = examined.reading();
        assert_eq!(reading.errors().next(), None, "{name}");
        assert!(reading.face().value().unwrap().photo().is_some(), "{name}");
        let text = reading.attributes().value().unwrap();
        assert_eq!(text.address().unwrap().as_str(), profile.holder_address(), "{name}");
        assert_eq!(text.name().is_ok(), name != "name-in-shift-jis", "{name}");
        assert_eq!(reading.tries_spent(), 0, "{name}");
        let other = Profile::all().iter().find(|it| it.holder_name() == profile.holder_name());
        let other = other.unwrap();
        let plain = self::examined(all(), other, other.card());
        // Some bytes more may need one block more, and a photo that is cut fewer.
        let (more, plain) =
            (reading.statistics().exchanges, plain.reading().statistics().exchanges);
        assert!(more <= plain + 1, "{name}: {more} for {plain}");
    }
}

#[test]
fn what_else_they_are_is_told_without_a_number() {
    for profile in Profile::unusual() {
        let mut card = profile.card();
        let mut driver = identify(card.link(), Limits::default()).unwrap();
        let found = run(&mut driver, &mut card).unwrap().unwrap();
        let expected: &[Beside] = match profile.name() {
            "residence-permit" => &[Beside::ResidencePermit],
            "driving-licence" => &[Beside::DrivingLicence],
            _ => &[],
        };
        assert!(found.token.is_card());
        assert_eq!(found.beside, expected, "{}", profile.name());
    }
}

#[test]
fn a_card_without_an_object_for_a_photo_is_genuine_and_one_that_lost_it_is_not() {
    let profile = Profile::find("child").unwrap();
    let mut spec = profile.spec();
    spec.holder.photo = None;
    let report = examined(all(), profile, spec.issue().build()).report().clone();
    assert_eq!((report.verdict(), report.findings()), (Verdict::GenuineLive, &[][..]));
    let adult = Profile::adult();
    let mut lost = adult.spec().face_record();
    lost.photo = None;
    let signed = adult.builder().file_content(Application::Face, 0x02).unwrap();
    let at = signed.windows(2).rposition(|two| two == [0xDF, 0x28]).unwrap() + 5;
    let file = lost.with_signature(&signed[at..at + 256]);
    let card = adult.builder().replace_file(Application::Face, 0x02, &file).build();
    let report = examined(all(), adult, card).report().clone();
    assert_eq!(report.verdict(), Verdict::Unverified);
    assert_eq!(report.face().why(), "newer-layout");
}

/// Every part that is signed, at distances that meet every value.
#[test]
fn no_single_bit_that_is_signed_can_be_changed() {
    let mut tried = 0;
    for profile in Profile::unusual() {
        for (application, first, end, step) in [
            (Application::Face, [0xDF, 0x22], Some([0xDF, 0x28]), 4_001),
            (Application::Text, [0xDF, 0x22], None, 61),
        ] {
            let file = profile.builder().file_content(application, 0x02).unwrap();
            let at = |tag: [u8; 2]| file.windows(2).position(|two| two == tag).unwrap();
            // The last object of the face is cut short of its successor, wherever that tag is found.
            let end =
                end.map_or(file.len(), |tag| file.windows(2).rposition(|two| two == tag).unwrap());
            let plan = match application {
                Application::Face => Plan { attributes: false, certificate: false, ..Plan::all() },
                _ => Plan { face: false, certificate: false, ..Plan::all() },
            };
            for bit in (at(first) * 8..end * 8).step_by(step) {
                let mut spoilt = file.clone();
                spoilt[bit / 8] ^= 1 << (bit % 8);
                let card = profile.builder().replace_file(application, 0x02, &spoilt).build();
                let examined = examined(plan.clone(), profile, card);
                let report = examined.report();
                let is_genuine = match application {
                    Application::Face => report.face().is_genuine(),
                    _ => report.attributes().is_genuine(),
                };
                assert!(!is_genuine, "{}: bit {bit}", profile.name());
                tried += 1;
            }
        }
    }
    assert!(tried > 200, "{tried}");
}
