//! Algorithms of certificates: those that are known are verified, the others are *not checked*, and a forger
//! gains nothing by naming one of them. The certificates are made by OpenSSL
//! (`tests/data/certificates/make.sh`).

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod common;

use common::pki::{Leaf, Root, key_identifier};
use common::{Key, base64, roots_file};
use mynacard_core::error::{RootsEntry, RootsError};
use mynacard_core::trust::clock::{Clock, Validity};
use mynacard_core::trust::roots::RootsFault;
use mynacard_core::trust::x509::{CertificateTrust, NoRevocationSource, check_authentication};
use mynacard_core::trust::{
    Anchor, Authenticity, Doubt, Forgery, Hierarchy, Issuer, Named, Provenance, Roots, Unchecked,
};
use proptest::prelude::*;
use rcgen::{KeyUsagePurpose, date_time_ymd};

const KNOWN: [&str; 10] = [
    "rsa2048-sha256",
    "rsa2048-sha384",
    "rsa3072-sha512",
    "rsa4096-sha512",
    "p256-sha256",
    "p256-sha384",
    "p384-sha256",
    "p384-sha384",
    "p384-under-rsa",
    "rsa-under-p384",
];

fn file(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/certificates");
    std::fs::read(format!("{folder}/{name}.der")).expect("a certificate")
}

fn load(names: &[&str]) -> Result<Roots, RootsError> {
    let ders: Vec<_> = names.iter().map(|name| file(&format!("{name}-root"))).collect();
    let ders: Vec<&[u8]> = ders.iter().map(Vec::as_slice).collect();
    Roots::from_json(&roots_file("workshop", &[], &ders))
}

fn check(der: &[u8], roots: &Roots) -> CertificateTrust {
    let now = Clock::Trusted("2027-01-01T00:00:00Z".parse().unwrap());
    check_authentication(der, roots, now, &NoRevocationSource)
}

fn judge(der: &[u8], roots: &Roots) -> Authenticity {
    check(der, roots).authenticity
}

fn workshop() -> Authenticity {
    let hierarchy = Hierarchy::Caller("workshop".into());
    Authenticity::Genuine(Anchor { hierarchy, provenance: Provenance::Caller })
}

const fn forged(why: Forgery) -> Authenticity {
    Authenticity::Doubted(Doubt::Forged { why })
}

const fn unknown(named: Named) -> Authenticity {
    Authenticity::Doubted(Doubt::IssuerUnknown { issuer: Issuer::Authority(named) })
}

const NOT_KNOWN: Authenticity =
    Authenticity::Doubted(Doubt::NotChecked { why: Unchecked::Algorithm });

#[test]
fn every_known_algorithm_is_verified_among_roots_of_one_name() {
    let all = load(&KNOWN).unwrap();
    for kind in KNOWN {
        let leaf = file(&format!("{kind}-leaf"));
        for roots in [&all, &load(&[kind]).unwrap()] {
            let trust = check(&leaf, roots);
            assert_eq!(
                (trust.authenticity, trust.validity),
                (workshop(), Validity::Valid),
                "{kind}"
            );
        }
    }
    // Under roots of the same name, but of other keys.
    let others = load(&["rsa3072-sha512", "p256-sha256"]).unwrap();
    for kind in ["rsa2048-sha256", "p384-sha384", "p384-under-rsa", "rsa-under-p384"] {
        assert_eq!(judge(&file(&format!("{kind}-leaf")), &others), unknown(Named::Other), "{kind}");
    }
}

#[test]
fn no_single_bit_of_a_certificate_passes() {
    // Every bit, or every seventh where checking takes long.
    for (kind, step) in
        [("p384-sha384", 1), ("p256-sha256", 1), ("p384-under-rsa", 7), ("rsa4096-sha512", 7)]
    {
        let roots = load(&[kind]).unwrap();
        let mut leaf = file(&format!("{kind}-leaf"));
        for bit in (0..leaf.len() * 8).step_by(step) {
            leaf[bit / 8] ^= 1 << (bit % 8);
            assert!(!judge(&leaf, &roots).is_genuine(), "{kind}, bit {bit}");
            leaf[bit / 8] ^= 1 << (bit % 8);
        }
        for cut in (0..leaf.len()).step_by(step) {
            assert!(!judge(&leaf[..cut], &roots).is_genuine(), "{kind}, cut at {cut}");
        }
        assert_eq!(judge(&leaf, &roots), workshop());
    }
}

#[test]
fn keys_that_are_not_known_are_not_checked_even_when_certified() {
    for kind in
        ["p521-under-rsa", "rsa5120-under-rsa", "compressed-under-p384", "ed25519-under-p384"]
    {
        assert_eq!(
            judge(&file(&format!("{kind}-leaf")), &load(&[kind]).unwrap()),
            NOT_KNOWN,
            "{kind}"
        );
    }
}

#[test]
fn algorithms_that_are_not_known_are_not_checked() {
    let roots = load(&KNOWN).unwrap();
    for kind in ["rsa2048-pss", "rsa2048-sha224", "p384-sha512", "p521-sha512", "ed25519"] {
        assert_eq!(judge(&file(&format!("{kind}-leaf")), &roots), NOT_KNOWN, "{kind}");
    }
    // Known algorithms by keys that no root can have: perhaps of a newer generation.
    for kind in ["p521-sha384", "secp256k1-sha256", "rsa5120-sha256"] {
        assert_eq!(judge(&file(&format!("{kind}-leaf")), &roots), unknown(Named::Other), "{kind}");
    }
    // Under roots of other names nothing is known of them at all.
    let others = Roots::production();
    assert_eq!(judge(&file("ed25519-leaf"), &others), unknown(Named::Other));
}

#[test]
fn a_root_that_cannot_be_used_says_what_is_wrong_with_which_certificate() {
    for (kind, fault) in [
        ("rsa2048-pss", RootsFault::Algorithm),
        ("rsa2048-sha224", RootsFault::Algorithm),
        ("p384-sha512", RootsFault::Algorithm),
        ("p521-sha512", RootsFault::Algorithm),
        ("ed25519", RootsFault::Algorithm),
        ("p521-sha384", RootsFault::KeyKind),
        ("secp256k1-sha256", RootsFault::KeyKind),
        ("rsa5120-sha256", RootsFault::KeySize),
    ] {
        let error = load(&["p384-sha384", kind]).unwrap_err();
        assert_eq!(error, RootsError { fault, entry: Some(RootsEntry::X509(1)) }, "{kind}");
        assert!(error.to_string().starts_with("x509[1]: "), "{error}");
        assert_eq!(mynacard_core::Error::from(error).code(), fault.code());
    }
    // One that only says that it is signed by an algorithm, and one by another key.
    let mut root = file("p384-sha384-root");
    *root.last_mut().unwrap() ^= 1;
    let error = Roots::from_json(&roots_file("workshop", &[], &[&root])).unwrap_err();
    assert_eq!(error.fault, RootsFault::NotSelfSigned);
    let cv = serde_json::json!({
        "hierarchy": "workshop",
        "cv": [{ "key_id": "00", "modulus": "", "exponent": "" }],
        "x509": [base64(&root)],
    });
    let error = Roots::from_json(cv.to_string().as_bytes()).unwrap_err();
    assert_eq!(error.to_string(), "cv[0]: a key id in the roots file is not 16 bytes of hex");
}

/// A certificate of the workshop's RSA keys with its signed part altered and signed anew.
fn resigned(der: &[u8], by: &str, alter: impl FnOnce(&mut [u8])) -> Vec<u8> {
    let length = usize::from(u16::from_be_bytes([der[6], der[7]])) + 4;
    let mut der = der.to_vec();
    alter(&mut der[4..4 + length]);
    let signature = Key::load(by).sign(&der[4..4 + length]);
    let at = der.len() - signature.len();
    der[at..].copy_from_slice(&signature);
    der
}

const SHA256_WITH_RSA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0B];

/// Puts another last byte into the identifier of the algorithm, wherever it stands.
fn claim(bytes: &mut [u8], last: u8) {
    let places: Vec<_> =
        (0..bytes.len()).filter(|at| bytes[*at..].starts_with(SHA256_WITH_RSA)).collect();
    assert!(!places.is_empty());
    places.into_iter().for_each(|at| bytes[at + 8] = last);
}

fn generations() -> Roots {
    let (first, second) = (Root::new("JPKI", "a").der(), Root::new("JPKI", "b").der());
    Roots::from_json(&roots_file("workshop", &[], &[&first, &second])).unwrap()
}

/// As if signed by root a, whose key the forger has not.
fn forgery(change: impl FnOnce(&mut Leaf)) -> Vec<u8> {
    let mut leaf = Leaf::new();
    leaf.named_issuer = Some(key_identifier(&Root::new("JPKI", "a").der()));
    change(&mut leaf);
    leaf.signed_by(Root::new("JPKI", "d"), &Key::load("c"))
}

#[test]
fn a_forger_gains_nothing_by_claiming_an_algorithm_that_is_not_known() {
    let roots = generations();
    let plain = forgery(|_| ());
    assert_eq!(judge(&plain, &roots), forged(Forgery::Signature));
    // RSA-PSS, SHA-1, SHA-224 and one that does not exist: not checked, and no better.
    for last in [0x0A, 0x05, 0x0E, 0x7F] {
        let mut claimed = plain.clone();
        claim(&mut claimed, last);
        assert_eq!(judge(&claimed, &roots), NOT_KNOWN, "{last:02X}");
    }
    // SHA-384 and SHA-512 are known: forged.
    for last in [0x0C, 0x0D] {
        let mut claimed = plain.clone();
        claim(&mut claimed, last);
        assert_eq!(judge(&claimed, &roots), forged(Forgery::Signature), "{last:02X}");
    }
    // What is wrong whoever signed it, is wrong all the same.
    let mut wrong_use =
        forgery(|leaf| leaf.params.key_usages.push(KeyUsagePurpose::ContentCommitment));
    claim(&mut wrong_use, 0x7F);
    assert_eq!(judge(&wrong_use, &roots), forged(Forgery::WrongUse));
    let mut wrong_policy = forgery(|leaf| leaf.policy = &[0x2A, 3]);
    claim(&mut wrong_policy, 0x7F);
    assert_eq!(judge(&wrong_policy, &roots), forged(Forgery::WrongPolicy));
    let weak = Leaf::new().signed_by(Root::new("JPKI", "d"), &Key::load("1024"));
    let mut weak = resigned(&weak, "d", |_| ());
    claim(&mut weak, 0x7F);
    assert_eq!(judge(&weak, &roots), forged(Forgery::WeakKey));
}

#[test]
fn the_two_places_that_state_the_algorithm_must_agree() {
    let roots = generations();
    let genuine = Leaf::new().signed_by(Root::new("JPKI", "a"), &Key::load("c"));
    assert_eq!(judge(&genuine, &roots), workshop());
    for last in [0x0A, 0x0C, 0x7F] {
        let inside = resigned(&genuine, "a", |signed| claim(signed, last));
        assert_eq!(judge(&inside, &roots), forged(Forgery::Algorithm), "inside {last:02X}");
        let mut outside = genuine.clone();
        let at = outside.len() - 300;
        claim(&mut outside[at..], last);
        assert_eq!(judge(&outside, &roots), forged(Forgery::Algorithm), "outside {last:02X}");
    }
}

#[test]
fn a_key_of_one_kind_never_made_a_signature_of_the_other() {
    // By a P-384 key of the forger's, in the name of an RSA root, with and without its key identifier.
    let named = key_identifier(&Root::new("JPKI", "a").der());
    let mut leaf = Leaf::new();
    leaf.named_issuer = Some(named);
    let der = leaf.signed_by(Root::new("JPKI", "p384"), &Key::load("c"));
    assert_eq!(judge(&der, &generations()), forged(Forgery::Signature));
    let mut leaf = Leaf::new();
    leaf.params.use_authority_key_identifier_extension = false;
    let der = leaf.signed_by(Root::new("JPKI", "p384"), &Key::load("c"));
    assert_eq!(judge(&der, &generations()), unknown(Named::Production));
    // A root that states an algorithm which its key cannot have.
    for (kind, from, to) in [
        ("p384-sha384", &[0x04, 0x03, 0x03][..], &[0x04, 0x03, 0x02][..]),
        (
            "rsa2048-sha256",
            SHA256_WITH_RSA,
            &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0D],
        ),
    ] {
        let mut root = file(&format!("{kind}-root"));
        for at in 0..root.len() - from.len() {
            if root[at..].starts_with(from) {
                root[at..at + to.len()].copy_from_slice(to);
            }
        }
        let error = Roots::from_json(&roots_file("workshop", &[], &[&root])).unwrap_err();
        assert_eq!(error.fault, RootsFault::NotSelfSigned, "{kind}");
    }
}

#[test]
fn serial_numbers_of_zero_and_below_are_shown_as_they_are() {
    let mut leaf = Leaf::new();
    leaf.params.serial_number = Some(rcgen::SerialNumber::from_slice(&[0x7F]));
    let der = leaf.signed_by(Root::new("JPKI", "a"), &Key::load("c"));
    for (byte, hex, decimal) in
        [(0x7F, "7F", "127"), (0, "00", "0"), (0xFF, "-01", "-1"), (0x80, "-80", "-128")]
    {
        // Version, [0] and its INTEGER, then the serial number.
        let der = resigned(&der, "a", |signed| {
            assert_eq!(signed[4..11], [0xA0, 3, 2, 1, 2, 2, 1]);
            signed[11] = byte;
        });
        let trust = check(&der, &generations());
        assert_eq!(trust.authenticity, workshop(), "{hex}");
        let serial = trust.facts.unwrap().serial;
        assert_eq!((serial.hex().as_str(), serial.decimal().as_str()), (hex, decimal));
    }
}

#[test]
fn dates_are_as_written_from_1950_on() {
    for (year, text) in [
        (1950, "1950-02-03T00:00:00Z"),
        (1969, "1969-02-03T00:00:00Z"),
        (1999, "1999-02-03T00:00:00Z"),
        (2049, "2049-02-03T00:00:00Z"),
        // A GeneralizedTime.
        (2050, "2050-02-03T00:00:00Z"),
        (9998, "9998-02-03T00:00:00Z"),
    ] {
        let mut leaf = Leaf::new();
        leaf.params.not_before = date_time_ymd(1950, 1, 1);
        leaf.params.not_after = date_time_ymd(year, 2, 3);
        let der = leaf.signed_by(Root::new("JPKI", "a"), &Key::load("c"));
        let trust = check(&der, &generations());
        let facts = trust.facts.unwrap();
        let dates = (facts.not_before.to_string(), facts.not_after.to_string());
        assert_eq!(dates, ("1950-01-01T00:00:00Z".into(), text.into()));
        assert_eq!(facts.not_after.timestamp().is_some(), year >= 1970);
        let expected = if year < 2027 { Validity::Expired } else { Validity::Valid };
        assert_eq!((trust.authenticity, trust.validity), (workshop(), expected), "{year}");
    }
}

proptest! {
    #[test]
    fn a_certificate_of_any_kind_with_any_span_overwritten_is_judged(
        which in 0..KNOWN.len(),
        at in 0_usize..1388,
        patch in proptest::collection::vec(any::<u8>(), 1..40),
    ) {
        let original = file(&format!("{}-leaf", KNOWN[which]));
        let roots = load(&KNOWN[which..=which]).unwrap();
        let mut der = original.clone();
        let at = at % der.len();
        der.iter_mut().skip(at).zip(&patch).for_each(|(slot, byte)| *slot = *byte);
        prop_assert_eq!(judge(&der, &roots).is_genuine(), der == original);
        let root = file(&format!("{}-root", KNOWN[which]));
        let mut spoilt = root.clone();
        let at = at % spoilt.len();
        spoilt.iter_mut().skip(at).zip(&patch).for_each(|(slot, byte)| *slot = *byte);
        let loaded = Roots::from_json(&roots_file("workshop", &[], &[&spoilt]));
        prop_assert_eq!(loaded.is_ok(), spoilt == root);
    }
}
