//! The published test card: every record verifies under the test hierarchy and under no other, and
//! no byte of what is signed can change.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::unwrap_used)]

mod common;

use common::{object, published};
use mynacard_core::map::Application;
use mynacard_core::trust::cv::{CvCertificate, SigningKey};
use mynacard_core::trust::record::{AttributesRecord, FaceRecord, TextKeyRecord};
use mynacard_core::trust::roots::TestCardsAccepted;
use mynacard_core::trust::{Doubt, Forgery, Hierarchy, Issuer, Provenance, Roots};

fn test_roots() -> Roots {
    Roots::test(TestCardsAccepted)
}

fn signer(file: &str, application: Application) -> SigningKey {
    let file = published(file);
    CvCertificate::parse(&file).unwrap().verify(&test_roots(), application).unwrap()
}

fn face_signer() -> SigningKey {
    signer("surface-0004.bin", Application::Face)
}

fn text_signer() -> SigningKey {
    signer("text-0004.bin", Application::Text)
}

/// Flips two bits of every byte, one after the other, and asks whether it was caught.
fn every_flip(file: &[u8], mut is_caught: impl FnMut(usize, &[u8]) -> bool) {
    let mut changed = file.to_vec();
    for at in 0..file.len() {
        for bit in [at % 8, (at / 8 + 3 * at + 5) % 8] {
            changed[at] ^= 1 << bit;
            assert!(is_caught(at, &changed), "byte {at}, bit {bit} passed");
            changed[at] ^= 1 << bit;
        }
    }
}

#[test]
fn both_certificates_chain_to_the_test_roots_by_their_whole_key_ids() {
    for (file, application, issuer, subject) in [
        ("surface-0004.bin", Application::Face, "6000023/001", "1322121/000"),
        ("text-0004.bin", Application::Text, "6000033/001", "1322131/000"),
    ] {
        let bytes = published(file);
        let certificate = CvCertificate::parse(&bytes).unwrap();
        assert_eq!(certificate.issuer().to_string(), issuer);
        assert_eq!(certificate.subject().to_string(), subject);
        let key = certificate.verify(&test_roots(), application).unwrap();
        assert_eq!(key.anchor().hierarchy, Hierarchy::Test);
        assert_eq!(key.anchor().provenance, Provenance::Community);
        assert_eq!(key.id(), certificate.subject());
        // A test card offered as one issued to the public.
        let issuer = Issuer::Key(certificate.issuer());
        let doubt = certificate.verify(&Roots::production(), application).unwrap_err();
        assert_eq!(doubt, Doubt::IssuerUnknown { issuer });
    }
}

#[test]
fn a_certificate_serves_its_own_application_only() {
    let bytes = published("text-0004.bin");
    let certificate = CvCertificate::parse(&bytes).unwrap();
    let doubt = certificate.verify(&test_roots(), Application::Face).unwrap_err();
    assert_eq!(doubt, Doubt::Forged { why: Forgery::WrongApplication });
}

#[test]
fn every_record_verifies_and_each_application_names_a_key_of_its_own() {
    let face = published("surface-0002.bin");
    let face = FaceRecord::from_file(&face).unwrap();
    let from_face = face.verify(&face_signer()).unwrap();
    assert_eq!((face.birth_date(), face.sex()), (&b"19800217"[..], &b"1"[..]));
    let (values, integrity) = (published("text-0002.bin"), published("text-0003.bin"));
    let text = AttributesRecord::from_files(&values, &integrity).unwrap();
    text.verify(&text_signer()).unwrap();
    assert_eq!((text.birth_date(), text.sex()), (face.birth_date(), face.sex()));
    let key = published("text-0007.bin");
    let key = TextKeyRecord::from_file(&key).unwrap().verify(&text_signer()).unwrap();
    assert_ne!(key.key(), from_face.key());
}

#[test]
fn records_do_not_verify_under_the_other_application_s_key() {
    let forged = Err(Doubt::Forged { why: Forgery::Signature });
    let (face, key) = (published("surface-0002.bin"), published("text-0007.bin"));
    let face = FaceRecord::from_file(&face).unwrap().verify(&text_signer());
    assert_eq!(face.map(drop), forged);
    assert_eq!(TextKeyRecord::from_file(&key).unwrap().verify(&face_signer()).map(drop), forged);
}

#[test]
fn every_changed_byte_of_a_certificate_is_caught() {
    let roots = test_roots();
    for (file, application) in
        [("surface-0004.bin", Application::Face), ("text-0004.bin", Application::Text)]
    {
        every_flip(&published(file), |_, changed| {
            !CvCertificate::parse(changed).is_ok_and(|it| it.verify(&roots, application).is_ok())
        });
    }
}

#[test]
fn every_changed_byte_of_a_face_is_caught_but_for_what_is_not_signed() {
    let (file, signer) = (published("surface-0002.bin"), face_signer());
    let offsets = object(&file, 0xDF21);
    // The offset table, the expiry and the security code: their values are nobody's word.
    let unsigned = [
        offsets.start + 3..offsets.end,
        object(&file, 0xDF29).start..object(&file, 0xDF29).end,
        object(&file, 0xDF2A).start..file.len(),
    ];
    let mut passed = 0;
    every_flip(&file, |at, changed| {
        let genuine = FaceRecord::from_file(changed).is_ok_and(|it| it.verify(&signer).is_ok());
        passed += usize::from(genuine);
        !genuine || unsigned.iter().any(|range| range.contains(&at))
    });
    // They do change without being noticed, which is why they are reported as unsigned.
    assert!(passed >= 2 * unsigned.iter().map(|range| range.len() - 6).sum::<usize>(), "{passed}");
}

#[test]
fn every_changed_byte_of_the_attributes_is_caught_but_for_the_offsets() {
    let signer = text_signer();
    let (values, integrity) = (published("text-0002.bin"), published("text-0003.bin"));
    let offsets = object(&values, 0xDF21);
    let genuine = |values: &[u8], integrity: &[u8]| {
        AttributesRecord::from_files(values, integrity).is_ok_and(|it| it.verify(&signer).is_ok())
    };
    every_flip(&values, |at, changed| {
        let unsigned = (offsets.start + 3..offsets.end).contains(&at);
        genuine(changed, &integrity) == unsigned
    });
    every_flip(&integrity, |_, changed| !genuine(&values, changed));
}

#[test]
fn every_changed_byte_of_the_text_key_is_caught() {
    let signer = text_signer();
    every_flip(&published("text-0007.bin"), |_, changed| {
        !TextKeyRecord::from_file(changed).is_ok_and(|it| it.verify(&signer).is_ok())
    });
}

#[test]
fn filler_may_follow_a_file_and_nothing_else() {
    let file = published("surface-0004.bin");
    for filler in [0x00, 0xFF] {
        let padded = [file.clone(), vec![filler; 9]].concat();
        assert!(CvCertificate::parse(&padded).is_ok());
    }
    for tail in [&[0x01][..], &[0xFF, 0x00], &[0x00, 0xFF]] {
        assert!(CvCertificate::parse(&[&file, tail].concat()).is_err());
    }
    for cut in 0..file.len() {
        assert!(CvCertificate::parse(&file[..cut]).is_err(), "cut at {cut}");
    }
}
