//! The authentication certificate: the published one, and a forger's.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod common;

use common::pki::{Leaf, POLICY, POLICY_TEST, Root, critical, key_identifier};
use common::{Key, published, roots_file};
use mynacard_core::Timestamp;
use mynacard_core::trust::clock::{Clock, Validity};
use mynacard_core::trust::roots::{RootsFault, TestCardsAccepted};
use mynacard_core::trust::x509::{
    CertificateTrust, NoRevocationSource, Revocation, RevocationSource, Serial,
    check_authentication,
};
use mynacard_core::trust::{
    Anchor, Authenticity, Doubt, Forgery, Hierarchy, Issuer, Named, Provenance, Roots,
};
use proptest::prelude::*;
use rcgen::{ExtendedKeyUsagePurpose, IsCa, KeyUsagePurpose, date_time_ymd};

fn at(text: &str) -> Clock {
    Clock::Trusted(text.parse().unwrap())
}

fn check(der: &[u8], roots: &Roots) -> CertificateTrust {
    check_authentication(der, roots, at("2026-11-22T00:00:00Z"), &NoRevocationSource)
}

fn test_roots() -> Roots {
    Roots::test(TestCardsAccepted)
}

const fn forged(why: Forgery) -> Authenticity {
    Authenticity::Doubted(Doubt::Forged { why })
}

const fn unknown(named: Named) -> Authenticity {
    Authenticity::Doubted(Doubt::IssuerUnknown { issuer: Issuer::Authority(named) })
}

#[test]
fn the_published_certificate_is_genuine_among_roots_of_one_name() {
    let der = published("jpki-auth-cert.der");
    let trust = check(&der, &test_roots());
    let (hierarchy, provenance) = (Hierarchy::Test, Provenance::TestCards);
    let expected = Authenticity::Genuine(Anchor { hierarchy, provenance });
    assert_eq!(trust.authenticity, expected);
    assert_eq!((trust.validity, trust.revocation), (Validity::Valid, Revocation::NotChecked));
    let facts = trust.facts.unwrap();
    assert_eq!((facts.serial.hex(), facts.serial.decimal()), ("227B13".into(), "2259731".into()));
    assert_eq!(facts.municipality.as_ref(), Some(b"13221"));
    assert_eq!(facts.not_before.to_string(), "2025-10-27T01:35:42Z");
    assert_eq!(facts.not_after.to_string(), "2030-02-17T14:59:59Z");
    assert!(!format!("{:?}", check(&der, &test_roots())).contains("227"));
}

#[test]
fn a_test_certificate_offered_as_production_is_of_an_unknown_issuer() {
    let trust = check(&published("jpki-auth-cert.der"), &Roots::production());
    assert_eq!(trust.authenticity, unknown(Named::Test));
}

#[test]
fn expired_within_grace_and_not_yet_valid_are_different_answers() {
    let der = published("jpki-auth-cert.der");
    for (now, validity) in [
        (at("2025-10-27T01:35:41Z"), Validity::NotYetValid),
        (at("2025-10-27T01:35:42Z"), Validity::Valid),
        (at("2030-02-17T23:59:59+09:00"), Validity::Valid),
        (at("2030-02-18T00:00:00+09:00"), Validity::WithinGrace),
        (at("2030-05-17T23:59:59+09:00"), Validity::WithinGrace),
        (at("2030-05-18T00:00:00+09:00"), Validity::Expired),
        (Clock::Unknown, Validity::Unknown),
    ] {
        let trust = check_authentication(&der, &test_roots(), now, &NoRevocationSource);
        assert_eq!(trust.validity, validity, "{now:?}");
        assert!(trust.authenticity.is_genuine(), "dates do not make it a forgery");
    }
}

#[test]
fn the_signing_certificate_is_not_an_authentication_certificate() {
    let trust = check(&published("jpki-sign-cert.der"), &test_roots());
    assert_eq!(trust.authenticity, forged(Forgery::WrongUse));
    let trust = check(&published("jpki-auth-ca-cert.der"), &test_roots());
    assert_eq!(trust.authenticity, forged(Forgery::WrongUse));
}

#[test]
fn every_changed_byte_of_the_certificate_is_caught() {
    let (mut der, roots) = (published("jpki-auth-cert.der"), test_roots());
    for at in 0..der.len() {
        for bit in [at % 8, (at / 8 + 3 * at + 5) % 8] {
            der[at] ^= 1 << bit;
            assert!(!check(&der, &roots).authenticity.is_genuine(), "byte {at}, bit {bit}");
            der[at] ^= 1 << bit;
        }
    }
    for cut in 0..der.len() {
        assert!(!check(&der[..cut], &roots).authenticity.is_genuine(), "cut at {cut}");
    }
    assert!(!check(&[&der[..], &[0]].concat(), &roots).authenticity.is_genuine());
}

/// Roots of the workshop with two generations of one name, keys a and b.
fn generations() -> Roots {
    let (first, second) = (Root::new("JPKI", "a").der(), Root::new("JPKI", "b").der());
    Roots::from_json(&roots_file("workshop", &[], &[&first, &second])).unwrap()
}

fn leaf_by(key: &'static str, leaf: Leaf) -> Authenticity {
    let der = leaf.signed_by(Root::new("JPKI", key), &Key::load("c"));
    check(&der, &generations()).authenticity
}

fn workshop() -> Authenticity {
    let hierarchy = Hierarchy::Caller("workshop".into());
    Authenticity::Genuine(Anchor { hierarchy, provenance: Provenance::Caller })
}

#[test]
fn the_issuer_is_chosen_by_signature_among_roots_of_one_name() {
    for key in ["a", "b"] {
        assert_eq!(leaf_by(key, Leaf::new()), workshop());
        // Without an authority key identifier, the signature alone decides.
        let mut leaf = Leaf::new();
        leaf.params.use_authority_key_identifier_extension = false;
        assert_eq!(leaf_by(key, leaf), workshop());
    }
}

#[test]
fn a_self_made_root_of_the_same_name_is_unknown_and_one_that_poses_as_ours_is_forged() {
    assert_eq!(leaf_by("d", Leaf::new()), unknown(Named::Production));
    let mut leaf = Leaf::new();
    leaf.named_issuer = Some(key_identifier(&Root::new("JPKI", "a").der()));
    assert_eq!(leaf_by("d", leaf), forged(Forgery::Signature));
    // Another name with one of our keys: the name is signed too, but it is not ours.
    let der = Leaf::new().signed_by(Root::new("ACME", "a"), &Key::load("c"));
    assert_eq!(check(&der, &generations()).authenticity, unknown(Named::Other));
}

#[test]
fn certificates_for_another_use_are_refused() {
    let with = |change: fn(&mut Leaf)| {
        let mut leaf = Leaf::new();
        change(&mut leaf);
        leaf_by("a", leaf)
    };
    let wrong_use = forged(Forgery::WrongUse);
    assert_eq!(with(|it| it.params.key_usages.clear()), wrong_use);
    assert_eq!(with(|it| it.params.key_usages = vec![KeyUsagePurpose::KeyEncipherment]), wrong_use);
    assert_eq!(with(|it| it.params.key_usages.push(KeyUsagePurpose::ContentCommitment)), wrong_use);
    assert_eq!(with(|it| it.params.key_usages.push(KeyUsagePurpose::KeyCertSign)), wrong_use);
    assert_eq!(with(|it| it.params.extended_key_usages.clear()), wrong_use);
    let server = |it: &mut Leaf| {
        it.params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    };
    assert_eq!(with(server), wrong_use);
    let authority = |it: &mut Leaf| {
        it.params.is_ca = IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    };
    assert_eq!(with(authority), wrong_use);
    let not_critical = |it: &mut Leaf| {
        it.params.key_usages.clear();
        let usage = rcgen::CustomExtension::from_oid_content(&[2, 5, 29, 15], vec![3, 2, 7, 0x80]);
        it.params.custom_extensions.push(usage);
    };
    assert_eq!(with(not_critical), wrong_use);
    let twice = |it: &mut Leaf| {
        it.params.custom_extensions.push(critical(&[2, 5, 29, 15], vec![3, 2, 7, 0x80]));
    };
    assert_eq!(with(twice), wrong_use);
}

#[test]
fn an_unknown_critical_extension_is_refused_and_an_unknown_other_one_is_not() {
    let mut leaf = Leaf::new();
    leaf.params.custom_extensions.push(critical(&[1, 2, 3, 4], vec![5, 0]));
    assert_eq!(leaf_by("a", leaf), forged(Forgery::UnknownCritical));
    let mut leaf = Leaf::new();
    let harmless = rcgen::CustomExtension::from_oid_content(&[1, 2, 3, 4], vec![5, 0]);
    leaf.params.custom_extensions.push(harmless);
    assert_eq!(leaf_by("a", leaf), workshop());
    // Name constraints are understood by the parser, but not by the check.
    let mut leaf = Leaf::new();
    leaf.params.custom_extensions.push(critical(&[2, 5, 29, 30], vec![0x30, 0]));
    assert_eq!(leaf_by("a", leaf), forged(Forgery::UnknownCritical));
}

#[test]
fn the_policy_must_be_that_of_authentication() {
    for (policy, expected) in [
        (POLICY, workshop()),
        (POLICY_TEST, workshop()),
        (&[][..], forged(Forgery::WrongPolicy)),
        // That of signing certificates, and that of no one.
        (&[0x2A, 0x83, 0x08, 0x8C, 0x9B, 0x55, 8, 5, 1, 1, 0x14], forged(Forgery::WrongPolicy)),
        (&[0x2A, 3], forged(Forgery::WrongPolicy)),
        // Those of smartphones.
        (&[0x2A, 0x83, 0x08, 0x8C, 0x9B, 0x55, 8, 5, 1, 1, 0x28], forged(Forgery::PhonePolicy)),
        (&[0x2A, 0x83, 0x08, 0x8C, 0x9B, 0x55, 8, 5, 1, 3, 0x28], forged(Forgery::PhonePolicy)),
    ] {
        let leaf = Leaf { policy, ..Leaf::new() };
        assert_eq!(leaf_by("a", leaf), expected);
    }
}

#[test]
fn weak_keys_are_refused_even_when_certified() {
    for weak in ["e3", "1024"] {
        let der = Leaf::new().signed_by(Root::new("JPKI", "a"), &Key::load(weak));
        assert_eq!(check(&der, &generations()).authenticity, forged(Forgery::WeakKey), "{weak}");
    }
}

#[test]
fn a_root_without_the_right_to_issue_is_not_a_root() {
    let load = |root: &Root| {
        Roots::from_json(&roots_file("workshop", &[], &[&root.der()]))
            .map(drop)
            .map_err(|it| it.fault)
    };
    let mut root = Root::new("JPKI", "a");
    assert_eq!(load(&root), Ok(()));
    root.params.is_ca = IsCa::ExplicitNoCa;
    assert_eq!(load(&root), Err(RootsFault::NotAuthority));
    root.params.is_ca = IsCa::NoCa;
    assert_eq!(load(&root), Err(RootsFault::NotAuthority));
    let mut root = Root::new("JPKI", "a");
    root.params.key_usages = vec![KeyUsagePurpose::CrlSign];
    assert_eq!(load(&root), Err(RootsFault::NotAuthority));
    root.params.key_usages.clear();
    assert_eq!(load(&root), Err(RootsFault::NotAuthority));
    let mut root = Root::new("JPKI", "a");
    root.params.custom_extensions.push(critical(&[1, 2, 3, 4], vec![5, 0]));
    assert_eq!(load(&root), Err(RootsFault::Extension));
}

#[test]
fn a_certificate_is_good_for_no_longer_than_its_root() {
    let mut root = Root::new("JPKI", "a");
    root.params.not_after = date_time_ymd(2026, 6, 1);
    let roots = Roots::from_json(&roots_file("workshop", &[], &[&root.der()])).unwrap();
    let der = Leaf::new().signed_by(root, &Key::load("c"));
    let trust = check(&der, &roots);
    assert_eq!((trust.authenticity, trust.validity), (workshop(), Validity::Expired));
}

struct Everything;

impl RevocationSource for Everything {
    fn revocation(&self, serial: &Serial, issuer: &Anchor) -> Revocation {
        assert_eq!((serial.hex(), &issuer.hierarchy), ("227B13".into(), &Hierarchy::Test));
        Revocation::Revoked { as_of: Timestamp::MAX }
    }
}

#[test]
fn a_source_of_revocations_is_asked_about_genuine_certificates_only() {
    let der = published("jpki-auth-cert.der");
    let now = at("2026-11-22T00:00:00Z");
    let trust = check_authentication(&der, &test_roots(), now, &Everything);
    assert_eq!(trust.revocation, Revocation::Revoked { as_of: Timestamp::MAX });
    let trust = check_authentication(&der, &Roots::production(), now, &Everything);
    assert_eq!(trust.revocation, Revocation::NotChecked);
}

proptest! {
    #[test]
    fn any_bytes_are_judged_and_never_genuine(bytes: Vec<u8>) {
        prop_assert!(!check(&bytes, &test_roots()).authenticity.is_genuine());
    }

    #[test]
    fn a_certificate_with_any_span_overwritten_is_judged(
        at in 0_usize..1590,
        patch in proptest::collection::vec(any::<u8>(), 1..40),
    ) {
        let original = published("jpki-auth-cert.der");
        let mut der = original.clone();
        der.iter_mut().skip(at).zip(&patch).for_each(|(slot, byte)| *slot = *byte);
        let genuine = check(&der, &test_roots()).authenticity.is_genuine();
        prop_assert_eq!(genuine, der == original);
    }
}
