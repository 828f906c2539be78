//! The live challenge: only the chip with the key of the verified record passes.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod common;

use common::{FACE_ROOT, Face, Key, cv_certificate, key_id, workshop_roots};
use mynacard_core::error::Misuse;
use mynacard_core::map::Application;
use mynacard_core::trust::cv::CvCertificate;
use mynacard_core::trust::live::{Challenge, Liveness, NotLive};
use mynacard_core::trust::record::{CardKey, FaceRecord};

const NONCE: &[u8] = b"sixteen bytes and then some";

/// The card key of a face that the workshop issued.
fn card_key(card: &Key) -> CardKey {
    let (root, signer) = (Key::load("a"), Key::load("b"));
    let certificate =
        cv_certificate(key_id(FACE_ROOT, "001"), &root, key_id("1322121", "000"), &signer);
    let file = Face::new("19800217", "1", card).signed_by(&signer);
    let key = CvCertificate::parse(&certificate)
        .unwrap()
        .verify(&workshop_roots(&root), Application::Face)
        .unwrap();
    FaceRecord::from_file(&file).unwrap().verify(&key).unwrap()
}

#[test]
fn what_is_sent_is_a_digest_info_and_the_answer_an_ordinary_signature() {
    let card = Key::load("c");
    let challenge = Challenge::new(NONCE).unwrap();
    let data = challenge.command_data();
    assert_eq!(data[..2], [0x30, 0x31]);
    assert_eq!(data[19..], common::sha256(NONCE));
    // The card pads what it is given, verbatim.
    let answer = card.sign_payload(data);
    assert_eq!(answer, card.sign(NONCE));
    assert_eq!(challenge.judge(&card_key(&card), &answer), Liveness::Live);
}

#[test]
fn copies_replays_and_broken_answers_are_not_live() {
    let (card, other) = (Key::load("c"), Key::load("d"));
    let key = card_key(&card);
    let challenge = Challenge::new(NONCE).unwrap();
    let recorded = card.sign_payload(Challenge::new(b"an older challenge").unwrap().command_data());
    let answer = card.sign_payload(challenge.command_data());
    let mut flipped = answer.clone();
    flipped[200] ^= 0x10;
    for wrong in [
        &recorded,
        &other.sign_payload(challenge.command_data()),
        &flipped,
        &answer[..255],
        &[],
        &card.sign_payload(NONCE),
        &card.sign_payload(&common::sha256(NONCE)),
    ] {
        let not_live = Liveness::NotLive { why: NotLive::WrongAnswer };
        assert_eq!(challenge.judge(&key, wrong), not_live);
    }
}

#[test]
fn every_changed_byte_of_an_answer_is_caught() {
    let card = Key::load("c");
    let key = card_key(&card);
    let challenge = Challenge::new(NONCE).unwrap();
    let mut answer = card.sign_payload(challenge.command_data());
    for at in 0..answer.len() {
        for bit in [at % 8, (at + 3) % 8] {
            answer[at] ^= 1 << bit;
            assert_ne!(challenge.judge(&key, &answer), Liveness::Live);
            answer[at] ^= 1 << bit;
        }
    }
}

#[test]
fn a_card_with_a_weak_key_cannot_be_live() {
    let card = Key::load("e3");
    let challenge = Challenge::new(NONCE).unwrap();
    let answer = card.sign_payload(challenge.command_data());
    let not_live = Liveness::NotLive { why: NotLive::WeakKey };
    assert_eq!(challenge.judge(&card_key(&card), &answer), not_live);
}

#[test]
fn nonces_that_are_too_short_too_long_or_never_filled_are_refused() {
    let rising: Vec<u8> = (0..=255).chain(0..10).collect();
    for wrong in [&rising[..0], &rising[..15], &rising[..257], &[0; 16], &[0xFF; 32]] {
        assert_eq!(Challenge::new(wrong).map(drop), Err(Misuse::OutOfRange));
    }
    assert!(Challenge::new(&rising[..16]).is_ok() && Challenge::new(&rising[..256]).is_ok());
    let shown = format!("{:?}", Challenge::new(NONCE).unwrap());
    assert_eq!(shown, "Challenge(…)");
}
