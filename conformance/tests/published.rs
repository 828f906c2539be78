//! The published test card, through the whole path: a virtual card made of its files, opened with
//! its printed number, read over a link.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests may fail loudly"
)]

use mynacard_conformance::{Link, TEST_CARD_NUMBER_B, published_card, published_files, we_read};
use mynacard_core::card::VerifyOutcome;
use mynacard_core::field::{DecodeLimits, Dimensions, ImageKind, PixelFormat, Sex};
use mynacard_core::reading::{CardReading, Part, Plan};
use mynacard_sim::Application;
use zeroize::Zeroizing;

fn test_card() -> Link {
    Link::short(published_card().expect("the published files are there"))
}

fn whole() -> CardReading {
    let reading = we_read(&mut test_card(), TEST_CARD_NUMBER_B, Plan::all()).expect("well formed");
    assert_eq!(reading.errors().next(), None);
    reading
}

#[test]
fn the_four_attributes_are_those_printed_on_it() {
    let reading = whole();
    let attributes = reading.attributes().value().expect("read");
    assert_eq!(attributes.name().unwrap().as_str(), "黒桐\u{3000}幹也");
    assert_eq!(attributes.address().unwrap().as_str(), "東京都清瀬市観布子南１２－７－２０２");
    assert_eq!(attributes.birth_date().unwrap().date().to_string(), "1980-02-17");
    assert_eq!(attributes.sex().unwrap(), Sex::Male);
}

#[test]
fn the_card_face_agrees_and_bears_its_pictures() {
    let reading = whole();
    let face = reading.face().value().expect("read");
    assert_eq!(face.bytes().len(), 3_070);
    assert_eq!(face.birth_date().unwrap().date().to_string(), "1980-02-17");
    assert_eq!(face.sex().unwrap(), Sex::Male);
    assert_eq!(face.expiry().unwrap().to_string(), "2035-02-17");

    let photo = face.photo().expect("it has a photo");
    assert_eq!(photo.kind(), ImageKind::Jp2);
    assert_eq!(photo.dimensions(), Ok(Dimensions { width: 378, height: 472 }));
    let pixels = photo.decode(&DecodeLimits::DEFAULT).expect("it decodes");
    assert_eq!((pixels.width(), pixels.height()), (378, 472));
    assert_eq!(pixels.format(), PixelFormat::Grey8);

    for (image, width, what) in [
        (face.name_image(), 216, "name"),
        (face.address_image(), 288, "address"),
        (face.security_code_image(), 24, "security code"),
    ] {
        let image = image.expect(what);
        assert_eq!(image.kind(), ImageKind::Png, "{what}");
        assert_eq!(image.dimensions(), Ok(Dimensions { width, height: 12 }), "{what}");
        assert!(image.decode(&DecodeLimits::DEFAULT).is_ok(), "{what}");
    }
}

#[test]
fn the_certificate_is_the_published_one() {
    let reading = whole();
    let der = reading.certificate().value().expect("read");
    let files = published_files().expect("there");
    assert_eq!(der.as_slice(), files["jpki-auth-cert.der"]);
    assert_eq!(der.len(), 1_590);
    // The parser is the peer's (`x509-cert`), not ours.
    let certificate = myna_card::Certificate::parse(der).expect("X.509");
    assert_eq!(certificate.serial_number(), [0x22, 0x7B, 0x13]);
    let (not_before, not_after) = certificate.validity();
    assert_eq!(not_before.to_string(), "2025-10-27");
    assert_eq!(not_after.to_string(), "2030-02-17");
}

#[test]
fn the_proofs_are_the_published_files() {
    let reading = whole();
    let files = published_files().expect("there");
    let certificate = |part: &Part<Zeroizing<Vec<u8>>>| part.value().map(|bytes| bytes.to_vec());
    assert_eq!(certificate(reading.face_certificate()).as_ref(), files.get("surface-0004.bin"));
    assert_eq!(certificate(reading.text_certificate()).as_ref(), files.get("text-0004.bin"));
    let integrity = reading.integrity().value().expect("read");
    let file = &files["text-0003.bin"];
    assert!(file.windows(32).any(|window| window == integrity.attributes_digest()));
    assert!(file.ends_with(integrity.signature()));
}

#[test]
fn one_wrong_digit_in_any_place_is_rejected_with_the_tries_left_and_costs_one() {
    for place in 0..TEST_CARD_NUMBER_B.len() {
        let mut digits = TEST_CARD_NUMBER_B.as_bytes().to_vec();
        digits[place] = if digits[place] == b'9' { b'0' } else { digits[place] + 1 };
        let digits = String::from_utf8(digits).expect("digits");
        // Some places make a date that nobody was born on, which costs nothing.
        if mynacard_core::credential::VerificationNumberB::from_digits(digits.as_bytes()).is_err() {
            assert!(place < 10, "only the dates can be impossible");
            continue;
        }
        let mut link = test_card();
        let reading = we_read(&mut link, &digits, Plan::all()).expect("well formed");
        let Part::Refused(refused) = &reading.face() else { panic!("place {place}: opened") };
        assert_eq!(refused.outcome, VerifyOutcome::Rejected { left: 9 }, "place {place}");
        assert_eq!(link.card.tries_left(Application::Face, 0x12), Some(9));
        assert_eq!(link.card.tries_left(Application::Text, 0x15), Some(10));
        assert!(matches!(reading.attributes(), Part::NotAttempted));
    }
}
