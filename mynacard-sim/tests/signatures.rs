//! Signatures by the card, and of everything on it, against the public roots.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "tests"
)]

mod common;

use common::*;
use mynacard_sim::records::FaceRecord;
use mynacard_sim::{Application, Issuer, Profile, PublicRoots, TestKey, VirtualCard};
use rsa::{BigUint, Pkcs1v15Sign, RsaPublicKey};
use sha2::{Digest, Sha256};

fn key(record: &[u8]) -> RsaPublicKey {
    let part = |tag| BigUint::from_bytes_be(&object(record, tag).unwrap());
    RsaPublicKey::new(part(0x91), part(0x90)).unwrap()
}

fn sha256(message: &[u8]) -> Vec<u8> {
    Sha256::digest(message).to_vec()
}

/// DigestInfo written out by hand, for digests of 32 and of 96 bytes.
fn digest_info(digest: &[u8]) -> Vec<u8> {
    let algorithm =
        [0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00];
    let total = (algorithm.len() + 2 + digest.len()) as u8;
    [&[0x30, total], &algorithm[..], &[0x04, digest.len() as u8], digest].concat()
}

fn verifies(key: &RsaPublicKey, payload: &[u8], signature: &[u8]) -> bool {
    key.verify(Pkcs1v15Sign::new_unprefixed(), payload, signature).is_ok()
}

fn sha256_verifies(key: &RsaPublicKey, message: &[u8], signature: &[u8]) -> bool {
    verifies(key, &digest_info(&sha256(message)), signature)
}

/// A certified key and its id, from a certificate checked under its issuer.
fn certified(inner: &[u8], issuers: &[(Vec<u8>, RsaPublicKey)]) -> (Vec<u8>, RsaPublicKey) {
    let body = object(inner, 0x5F4E).unwrap();
    let (_, issuer) = issuers.iter().find(|(id, _)| *id == body[..16]).expect("known issuer");
    assert!(sha256_verifies(issuer, &body, &object(inner, 0x5F37).unwrap()));
    (body[16..32].to_vec(), key(&body[32..]))
}

fn roots() -> Vec<(Vec<u8>, RsaPublicKey)> {
    let issuer = Issuer::test();
    [issuer.face_root, issuer.text_root, issuer.mf_root]
        .into_iter()
        .map(|root| {
            let key = root.key.public();
            let n = BigUint::from_bytes_be(&key.modulus);
            let e = BigUint::from_bytes_be(&key.exponent);
            (root.id.0.to_vec(), RsaPublicKey::new(n, e).unwrap())
        })
        .collect()
}

fn open(card: &mut VirtualCard, application: Application, key: u16, secret: &Option<String>) {
    assert_eq!(select(card, application), OK);
    assert_eq!(verify(card, key, secret.as_ref().unwrap()), OK);
}

#[test]
fn every_record_of_every_card_verifies_under_the_roots() {
    for profile in Profile::all().iter().filter(|profile| profile.printed().is_some()) {
        let mut card = profile.card();
        let secrets = profile.secrets();

        // Card level: two certificates, one under the other.
        let upper = send(&mut card, &[0, 0xCA, 0, 0xF8, 0, 0, 0]);
        if upper.1 == OK {
            let intermediate = certified(&upper.0, &roots());
            if let (lower, OK) = send(&mut card, &[0, 0xCA, 0x7F, 0x21, 0, 0, 0]) {
                certified(&lower, &[intermediate]);
            }
        }

        open(&mut card, Application::Face, 0x12, &secrets.code_b);
        let certificate = object(&read_all(&mut card, 4), 0x7F21).unwrap();
        let (_, signer) = certified(&certificate, &roots());
        let file = read_all(&mut card, 2);
        let record = object(&file, 0xFF20).unwrap();
        let tlv = |tag: u16| whole_object(&record, tag);
        let payload = [
            sha256(&[tlv(0xDF22), tlv(0xDF23), tlv(0xDF24)].concat()),
            sha256(&[tlv(0xDF25), tlv(0xDF26)].concat()),
            sha256(&tlv(0xDF27)),
        ]
        .concat();
        assert_eq!(payload.len(), 96);
        let signature = object(&record, 0xDF28).unwrap();
        assert!(verifies(&signer, &digest_info(&payload), &signature), "{}", profile.name());
        let table = object(&record, 0xDF21).unwrap();
        for (i, tag) in (0xDF22u16..=0xDF2A).enumerate() {
            let at = usize::from(u16::from_be_bytes([table[2 * i], table[2 * i + 1]]));
            assert_eq!(file[at..at + 2], tag.to_be_bytes(), "offset table");
        }

        // The card proves that it has the key in the signed record.
        let card_key = key(&object(&record, 0xDF24).unwrap());
        let nonce = [7; 32];
        let (proof, sw) = sign(&mut card, 0x03, 0x00, &nonce);
        assert_eq!(sw, OK);
        assert!(sha256_verifies(&card_key, &nonce, &proof));

        open(&mut card, Application::Face, 0x11, &secrets.birth_key);
        let age = object(&read_all(&mut card, 1), 0xFF10).unwrap();
        check_pair(&age, [0xDF11, 0xDF12, 0xDF13], &signer);
        open(&mut card, Application::Face, 0x13, &secrets.code_a);
        let number = object(&read_all(&mut card, 5), 0xFF40).unwrap();
        check_pair(&number, [0xDF41, 0xDF42, 0xDF43], &signer);

        // The number file opens with 照合番号A, the attributes with 照合番号B.
        open(&mut card, Application::Text, 0x14, &secrets.code_a);
        let number = read_all(&mut card, 1);
        open(&mut card, Application::Text, 0x15, &secrets.code_b);
        let certificate = object(&read_all(&mut card, 4), 0x7F21).unwrap();
        let (_, signer) = certified(&certificate, &roots());
        let attributes = object(&read_all(&mut card, 2), 0xFF20).unwrap();
        assert_eq!(object(&attributes, 0xDF22).unwrap(), profile.holder_name().as_bytes());
        let integrity = object(&read_all(&mut card, 3), 0xFF30).unwrap();
        let signed: Vec<u8> =
            (0xDF22..=0xDF25).flat_map(|tag| whole_object(&attributes, tag)).collect();
        assert_eq!(object(&integrity, 0xDF31).unwrap(), sha256(&number));
        assert_eq!(object(&integrity, 0xDF32).unwrap(), sha256(&signed));
        check_pair(&integrity, [0xDF31, 0xDF32, 0xDF33], &signer);
        let own_key = object(&read_all(&mut card, 7), 0xFF50).unwrap();
        let public = whole_object(&own_key, 0xDF51);
        assert!(sha256_verifies(&signer, &public, &object(&own_key, 0xDF52).unwrap()));
        let (proof, sw) = sign(&mut card, 0x03, 0x00, &nonce);
        assert_eq!(sw, OK);
        assert!(sha256_verifies(&key(&object(&own_key, 0xDF51).unwrap()), &nonce, &proof));
    }
}

fn check_pair(record: &[u8], [first, second, signature]: [u16; 3], signer: &RsaPublicKey) {
    let signed = [whole_object(record, first), whole_object(record, second)].concat();
    assert!(sha256_verifies(signer, &signed, &object(record, signature).unwrap()));
}

/// An object with its tag and length, as it stands among others.
fn whole_object(bytes: &[u8], tag: u16) -> Vec<u8> {
    let value = object(bytes, tag).unwrap();
    let head = match value.len() {
        0..=0x7F => vec![value.len() as u8],
        0x80..=0xFF => vec![0x81, value.len() as u8],
        _ => [&[0x82], &(value.len() as u16).to_be_bytes()[..]].concat(),
    };
    [&tag.to_be_bytes()[..], &head, &value].concat()
}

#[test]
fn the_four_ways_to_sign() {
    let profile = Profile::adult();
    let mut card = profile.card();
    let public = TestKey::named("adult-auth").unwrap().public();
    let public = RsaPublicKey::new(
        BigUint::from_bytes_be(&public.modulus),
        BigUint::from_bytes_be(&public.exponent),
    )
    .unwrap();
    select(&mut card, Application::Jpki);
    select_ef(&mut card, 0x17);
    assert_eq!(sign(&mut card, 0, 0x80, b"x").1, 0x6982, "needs its PIN");
    open(&mut card, Application::Jpki, 0x18, &profile.secrets().auth_pin);
    select_ef(&mut card, 0x17);
    let message = b"message";
    let digest = sha256(message);
    for (p1, data, payload) in [
        (0x00, message.to_vec(), message.to_vec()),
        (0x01, message.to_vec(), digest.clone()),
        (0x02, digest.clone(), digest_info(&digest)),
        (0x03, message.to_vec(), digest_info(&digest)),
    ] {
        let (signature, sw) = sign(&mut card, p1, 0x80, &data);
        assert_eq!((signature.len(), sw), (256, OK));
        assert!(verifies(&public, &payload, &signature));
        assert_eq!(
            sign(&mut card, p1, 0x97, &data),
            (signature, OK),
            "by short id, the same again"
        );
    }
    assert_eq!(sign(&mut card, 0, 0x80, &[1; 245]).1, OK);
    assert_eq!(sign(&mut card, 0, 0x80, &[1; 246]).1, 0x6985);
    assert_eq!(sign(&mut card, 2, 0x80, &[1; 31]).1, 0x6985);
    assert_eq!(sign(&mut card, 6, 0x80, b"x").1, 0x6A86);
    assert_eq!(status(&mut card, &[0x80, 0x2A, 0, 0x80, 0]), 0x6700);
    assert_eq!(status(&mut card, &[0x80, 0x2A, 0, 0x80, 1, 1]), 0x6700, "no Le");
    assert_eq!(sign(&mut card, 0, 0x9A, b"x").1, 0x6982, "the other key has its own PIN");
    assert_eq!(sign(&mut card, 0, 0x98, b"x").1, 0x6981, "a PIN does not sign");
}

#[test]
fn internal_authentication_is_for_one_key() {
    let mut card = Profile::adult().card();
    let internal = |card: &mut VirtualCard, key: u8| {
        send(card, &[0x00, 0x88, 0x00, 0x80 | key, 4, 1, 2, 3, 4, 0])
    };
    select(&mut card, Application::Common);
    let (signature, sw) = internal(&mut card, 0x19);
    assert_eq!(sw, OK);
    let expected = TestKey::named("common-0019").unwrap().sign_sha256(&[1, 2, 3, 4]);
    assert_eq!(signature, expected);
    assert_eq!(internal(&mut card, 0x1C).1, 0x6982);
    assert_eq!(sign(&mut card, 0, 0x99, b"x").1, 0x6985, "and PSO is not for it");
    select(&mut card, Application::Face);
    assert_eq!(internal(&mut card, 0x1A).1, 0x6985);
}

#[test]
fn certificates_verify_under_the_roots() {
    use myna_card::{Certificate, Date};
    let roots: Vec<_> =
        PublicRoots::test().x509.iter().map(|der| Certificate::parse(der).unwrap()).collect();
    for generation in [1, 3] {
        assert_eq!(roots[0].subject(), roots[generation].subject(), "three generations, one name");
    }
    for profile in Profile::all() {
        let files = profile.to_files();
        let own_root = Certificate::parse(&files["jpki-auth-ca-cert.der"]).unwrap();
        assert!(roots.iter().any(|root| root.der() == own_root.der()));
        let leaf = Certificate::parse(&files["jpki-auth-cert.der"]).unwrap();
        if profile.name() == "p384-chain" {
            on_p384(&own_root, &leaf);
            continue;
        }
        let signed_by = roots.iter().filter(|root| leaf.verify_signature(root).is_ok()).count();
        assert_eq!(signed_by, 1);
        let on = Date { year: 2026, month: 1, day: 15 };
        let valid = Certificate::verify_chain(&[leaf, own_root], on).is_ok();
        assert_eq!(valid, profile.name() != "expired-certificate");
        if let Some(der) = files.get("jpki-sign-cert.der") {
            let leaf = Certificate::parse(der).unwrap();
            leaf.verify_signature(&roots[2]).unwrap();
        }
    }
}

/// The peer checks RSA only, so this does what it would.
fn on_p384(root: &myna_card::Certificate, leaf: &myna_card::Certificate) {
    use p384::ecdsa::signature::Verifier;
    use p384::ecdsa::{DerSignature, VerifyingKey};
    for certificate in [root, leaf] {
        assert_eq!(certificate.signature_algorithm(), "1.2.840.10045.4.3.3", "ecdsa-with-SHA384");
        assert_eq!(certificate.issuer(), root.subject());
        // The key is the last thing before the extensions, the signature the last of all.
        let point =
            root.der().windows(4).position(|it| it == [0x03, 0x62, 0x00, 0x04]).unwrap() + 3;
        let key = VerifyingKey::from_sec1_bytes(&root.der()[point..][..97]).unwrap();
        let der = certificate.der();
        let signed = usize::from(u16::from_be_bytes([der[6], der[7]])) + 4;
        let algorithm_and_header = 12 + 3;
        let signature =
            DerSignature::from_bytes(&der[4 + signed + algorithm_and_header..]).unwrap();
        key.verify(&der[4..4 + signed], &signature).unwrap();
    }
}

#[test]
fn roots_as_json() {
    let json: serde_json::Value = serde_json::from_str(&PublicRoots::test().to_json()).unwrap();
    assert_eq!(json["hierarchy"], "mynacard-test");
    let cv = json["cv"].as_array().unwrap();
    assert_eq!(cv.len(), 2, "none at card level");
    for (root, application) in cv.iter().zip(["face", "text"]) {
        assert_eq!(root["application"], application);
        assert!(root["key_id"].as_str().unwrap().starts_with("3939303030"), "digits 99000");
        assert_eq!(root["modulus"].as_str().unwrap().len(), 512);
        assert_eq!(root["exponent"], "010001");
    }
    assert_eq!(json["x509"].as_array().unwrap().len(), 4);
}

/// Forgeries are made of these parts; each must be wrong in exactly the intended way.
#[test]
fn forgers_parts() {
    // A dump on a card without the key, and on one with another key.
    let profile = Profile::adult();
    let other = TestKey::named("rogue-card").unwrap();
    let builder = profile.builder();
    let mut copied = builder.clone().signing_key(Application::Face, 0x1A, None).build();
    select(&mut copied, Application::Face);
    assert_eq!(sign(&mut copied, 3, 0, b"nonce").1, 0x6985);
    let mut wrong = builder.signing_key(Application::Face, 0x1A, Some(other.clone())).build();
    select(&mut wrong, Application::Face);
    assert_eq!(sign(&mut wrong, 3, 0, b"nonce").0, other.sign_sha256(b"nonce"));

    // A swapped photo under the old signature: the payload differs in its last hash only.
    let spec = profile.spec();
    let genuine = spec.face_record();
    let photo = Profile::find("foreign").unwrap().spec().holder.photo;
    let swapped = FaceRecord { photo, ..genuine.clone() };
    assert_eq!(genuine.signed_payload()[..19 + 64], swapped.signed_payload()[..19 + 64]);
    assert_ne!(genuine.signed_payload(), swapped.signed_payload());
    let signature = spec.issuer.face_signer.key.sign_verbatim(&genuine.signed_payload()).unwrap();
    let file = swapped.with_signature(&signature);
    let card = profile.builder().replace_file(Application::Face, 2, &file).build();
    assert_eq!(card.to_files()["surface-0002.bin"], file);

    // A whole card of a self-made hierarchy with the same ids.
    let mut forged = profile.spec();
    forged.issuer = Issuer::rogue();
    let files = forged.issue().build().to_files();
    let genuine = profile.to_files();
    let ids = |files: &std::collections::BTreeMap<String, Vec<u8>>| {
        files["surface-0004.bin"][9..41].to_vec()
    };
    assert_eq!(ids(&files), ids(&genuine));
    assert_ne!(files["surface-0004.bin"], genuine["surface-0004.bin"]);

    // A record without a photo object at all.
    let mut spec = Profile::find("child").unwrap().spec();
    spec.holder.photo = None;
    let file = spec.issue().build().to_files()["surface-0002.bin"].clone();
    assert!(object(&object(&file, 0xFF20).unwrap(), 0xDF27).is_none());
}
