//! Cards that never lead to a permit, and those on which the crew decides.

use std::collections::BTreeMap;

use mynacard_core::audit::{Drill, LogKind, Real};
use mynacard_core::consent::{CardTrust, Refusal};
use mynacard_core::trust::roots::TestCardsAccepted;
use mynacard_core::trust::{Finding, Verdict};
use mynacard_core::{Event, Plan, Roots, Scope};
use mynacard_sim::{Application, Forgery, Issuer, NamedKey, Profile, VirtualCard};

use super::common;
use super::encounter_support::{Play, Tap, own_roots, with_swapped_photo, with_text_of};

/// Everything that the crew could say in favour of a card, and whether a permit comes of it.
fn permit_for<K: LogKind>(tap: &Tap) -> Result<(), Refusal> {
    let mut play = Play::<K>::up_to_consent(tap);
    let permit = play.permit(Scope::Summary);
    assert_eq!(play.encounter.permit(play.now).is_some(), permit.is_ok());
    assert_eq!(play.encounter.is_drill(), K::DRILL);
    permit
}

fn published_files() -> BTreeMap<String, Vec<u8>> {
    let names = [
        "surface-0002.bin",
        "surface-0003.bin",
        "surface-0004.bin",
        "text-0002.bin",
        "text-0003.bin",
        "text-0004.bin",
        "jpki-auth-cert.der",
    ];
    names.iter().map(|name| ((*name).to_owned(), common::published(name))).collect()
}

const PUBLISHED_NUMBER: &str = "55021720352285";

#[test]
fn a_test_card_leads_to_a_permit_in_a_drill_only() {
    let test = Roots::test(TestCardsAccepted);
    let whole = published_files();
    let published = |files: &BTreeMap<String, Vec<u8>>, plan: Plan, roots: &Roots| {
        Tap::by(plan, VirtualCard::from_files(files).unwrap(), PUBLISHED_NUMBER, roots)
    };
    let mut partial = whole.clone();
    partial.remove("text-0004.bin");
    let mut mixed = whole.clone();
    let other = Profile::adult().builder();
    mixed.insert("text-0004.bin".to_owned(), other.file_content(Application::Text, 4).unwrap());
    let production = Roots::production();
    let taps = [
        ("whole, test roots", published(&whole, Plan::all(), &test), Verdict::TestNotLive),
        ("whole, production", published(&whole, Plan::all(), &production), Verdict::IssuerUnknown),
        ("without a certificate", published(&partial, Plan::all(), &test), Verdict::Unverified),
        (
            "certificate alone",
            published(&whole, Plan::certificate_only(), &test),
            Verdict::Unverified,
        ),
        (
            "certificate alone, production",
            published(&whole, Plan::certificate_only(), &production),
            Verdict::IssuerUnknown,
        ),
        ("beside an unknown part", published(&mixed, Plan::all(), &test), Verdict::IssuerUnknown),
    ];
    for (what, tap, verdict) in &taps {
        assert_eq!(tap.report.verdict(), *verdict, "{what}: {:?}", tap.report);
        assert_eq!(permit_for::<Real>(tap), Err(Refusal::CardForged), "{what}: nobody's card");
        assert_eq!(permit_for::<Drill>(tap), Ok(()), "{what}");
    }
}

#[test]
fn a_live_card_that_names_the_test_roots_is_nobody_s_in_production() {
    let profile = Profile::adult();
    let mut spec = profile.spec();
    let named = |number, key: &NamedKey| NamedKey {
        id: mynacard_sim::cv::KeyId::new(number, *b"001", [0; 4]),
        key: key.key.clone(),
    };
    spec.issuer.face_root = named(*b"6000023", &spec.issuer.face_root);
    spec.issuer.text_root = named(*b"6000033", &spec.issuer.text_root);
    let card = spec.issue().build();
    let tap = Tap::of(card, profile.code_b().unwrap(), &Roots::production());
    assert!(tap.report.findings().contains(&Finding::ClaimsTest), "{:?}", tap.report);
    assert_eq!(permit_for::<Real>(&tap), Err(Refusal::CardForged));
    assert_eq!(permit_for::<Drill>(&tap), Ok(()));
}

#[test]
fn forged_and_contradictory_cards_never_lead_to_a_permit() {
    let profile = Profile::adult();
    let mut rogue = profile.spec();
    rogue.issuer = Issuer::rogue();
    let mut altered = profile.builder().file_content(Application::Face, 0x02).unwrap();
    altered[700] ^= 1;
    let cards = [
        ("swapped photo", with_swapped_photo(profile, "old-chip"), Verdict::Forged),
        ("text of another person", with_text_of(profile, "long-name"), Verdict::Contradictory),
        ("self-made roots", rogue.issue().build(), Verdict::Forged),
        (
            "one bit",
            profile.builder().replace_file(Application::Face, 0x02, &altered).build(),
            Verdict::Forged,
        ),
    ];
    for (what, card, verdict) in cards {
        let tap = Tap::of(card, profile.code_b().unwrap(), &own_roots());
        assert_eq!(tap.report.verdict(), verdict, "{what}");
        assert_eq!(permit_for::<Real>(&tap), Err(Refusal::CardForged), "{what}");
        assert_eq!(permit_for::<Drill>(&tap), Err(Refusal::CardForged), "{what}");
    }
}

#[test]
fn a_copy_is_doubtful_and_the_crew_decides() {
    let profile = Profile::adult();
    let copy = VirtualCard::from_files(&profile.to_files()).unwrap();
    let tap = Tap::of(copy, profile.code_b().unwrap(), &own_roots());
    assert_eq!(tap.report.verdict(), Verdict::GenuineNotLive);
    let mut play = Play::<Real>::open();
    assert_eq!(play.tap(&tap).unwrap(), Event::CardDoubtful);
    assert_eq!(play.encounter.state().card, CardTrust::Doubtful);
    assert_eq!(permit_for::<Real>(&tap), Ok(()));
}

#[test]
fn an_answer_that_no_trusted_key_can_check_is_not_called_wrong() {
    let profile = Profile::adult();
    let copy = VirtualCard::from_files(&profile.to_files()).unwrap();
    let cards = [
        (profile.card(), own_roots(), "応答検証は正常"),
        (profile.card(), Roots::production(), "応答検証は未実施"),
        (copy, own_roots(), "応答検証は未実施"),
        (Forgery::CopiedWithOtherKey.card(), own_roots(), "応答検証は異常"),
    ];
    for (card, roots, told) in cards {
        let tap = Tap::of(card, profile.code_b().unwrap(), &roots);
        let mut play = Play::<Real>::open();
        play.tap(&tap).unwrap();
        let script = play.encounter.handover(play.now).script();
        assert!(script.contains(told), "{:?}: {}", tap.report.live(), *script);
    }
}
