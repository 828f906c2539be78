//! Readings of the virtual card: every profile gives exactly what it holds.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests may fail loudly"
)]

mod card_support;
#[path = "card_support/link.rs"]
mod link;

use std::sync::Arc;

use link::{
    Account, FREE, Reader, account, cards, challenge, daring, iso, number_of, presented, read_by,
};
use mynacard_core::applet::face::CardFace;
use mynacard_core::card::TriesLeft;
use mynacard_core::credential::{BirthYear, VerificationNumberB};
use mynacard_core::driver::{run, run_with};
use mynacard_core::exchange::{CardTransport, Limits};
use mynacard_core::field::{DecodeLimits, Image};
use mynacard_core::reading::{EarlyPart, Part, Plan, read, read_facts, read_tries};
use mynacard_sim::{Application, Profile, TestKey};
use zeroize::Zeroizing;

#[test]
fn there_is_a_profile_of_every_kind() {
    for name in [
        "adult",
        "child",
        "foreign",
        "long-name",
        "two-line-address",
        "expired-certificate",
        "no-pins",
        "nearly-locked",
        "old-chip",
        "p384-chain",
        "phone",
    ] {
        assert!(Profile::find(name).is_some(), "{name}");
    }
}

#[test]
fn every_profile_gives_exactly_what_it_holds() {
    for profile in cards() {
        let name = profile.name();
        let issued = profile.builder();
        for extended in [false, true] {
            let mut link = if extended {
                Reader::extended(profile.card())
            } else {
                Reader::short(profile.card())
            };
            let plan = daring(Plan::all().with_challenge(challenge()));
            let reading = read_by(&plan, &number_of(profile), &mut link);
            assert_eq!(reading.errors().next(), None, "{name}");
            assert_eq!(reading.token(), None, "{name}: nothing had to be found out");

            let face = reading.face().value().expect("read");
            let holder = profile.spec().holder;
            let photo = face.photo().map(|photo| photo.bytes().to_vec()).unwrap_or_default();
            assert_eq!(Some(photo), holder.photo, "{name}");
            assert_eq!(face.photo().is_some(), profile.has_photo(), "{name}");
            assert_eq!(
                face.birth_date().unwrap().date().to_string(),
                iso(profile.birth_date()),
                "{name}"
            );
            assert_eq!(face.sex().unwrap().code().to_string(), profile.sex(), "{name}");
            assert_eq!(face.expiry().unwrap().to_string(), iso(profile.expiry()), "{name}");
            let image = |image: Option<Image<'_>>| {
                image.map(|image| image.bytes().to_vec()).unwrap_or_default()
            };
            assert_eq!(image(face.name_image()), holder.name_image, "{name}");
            assert_eq!(image(face.address_image()), holder.address_image, "{name}");
            assert_eq!(image(face.security_code_image()), holder.security_code_image, "{name}");

            let attributes = reading.attributes().value().expect("read");
            assert_eq!(attributes.name().unwrap().as_str(), profile.holder_name(), "{name}");
            assert_eq!(attributes.address().unwrap().as_str(), profile.holder_address(), "{name}");
            assert_eq!(attributes.birth_date(), face.birth_date(), "{name}");
            assert_eq!(attributes.sex(), face.sex(), "{name}");

            let file = |application, file| issued.file_content(application, file);
            let bytes = |part: &Part<Zeroizing<Vec<u8>>>| part.value().map(|bytes| bytes.to_vec());
            assert_eq!(bytes(reading.certificate()), file(Application::Jpki, 0x0A), "{name}");
            assert_eq!(bytes(reading.face_certificate()), file(Application::Face, 0x04), "{name}");
            assert_eq!(bytes(reading.text_certificate()), file(Application::Text, 0x04), "{name}");
            assert_eq!(Some(face.bytes().to_vec()), file(Application::Face, 0x02), "{name}");
            assert_eq!(Some(attributes.bytes().to_vec()), file(Application::Text, 0x02), "{name}");
            assert!(reading.integrity().value().is_some(), "{name}");

            let key = TestKey::named(&format!("{name}-face")).expect("a card has a face key");
            assert_eq!(face.public_key(), key.public().to_record(), "{name}");
            let signature = bytes(reading.live_signature());
            assert_eq!(signature, key.sign_verbatim(challenge().command_data()), "{name}");

            assert_eq!(account(&profile.card(), &link.card).spent, 0, "{name}");
            assert_eq!(presented(&link.card), [1, 1], "{name}");
            let traffic = link.card.traffic();
            assert_eq!(reading.statistics().exchanges as u64, traffic.exchanges, "{name}");
            assert_eq!(reading.statistics().bytes_sent as u64, traffic.bytes_sent, "{name}");
            assert_eq!(
                reading.statistics().bytes_received as u64,
                traffic.bytes_received,
                "{name}"
            );
        }
    }
}

#[test]
fn every_photo_decodes() {
    for profile in cards().filter(|profile| profile.has_photo()) {
        let reading = read_by(
            &daring(Plan::face_only()),
            &number_of(profile),
            &mut Reader::short(profile.card()),
        );
        let photo = reading.face().value().and_then(|face| face.photo()).expect("a photo");
        let said = photo.dimensions().expect("a header");
        let pixels = photo.decode(&DecodeLimits::DEFAULT).expect("a picture");
        assert_eq!((pixels.width(), pixels.height()), (said.width, said.height));
    }
}

#[test]
fn the_printed_front_opens_the_card() {
    for profile in cards() {
        let printed = profile.printed().expect("a card is printed");
        let lines: Vec<&str> = printed.lines.iter().map(String::as_str).collect();
        let number = VerificationNumberB::from_ocr_lines(&lines).or_else(|_| {
            // A Gregorian birth date needs a word on which year the number holds.
            let rule = BirthYear::Gregorian;
            VerificationNumberB::from_ocr_lines_with(&lines, rule)
        });
        let number = number.unwrap_or_else(|fault| panic!("{}: {fault}", profile.name()));
        let mut link = Reader::short(profile.card());
        let reading = read_by(&daring(Plan::face_only()), &number, &mut link);
        assert!(reading.face().value().is_some(), "{}", profile.name());
    }
}

#[test]
fn the_face_comes_early_and_is_the_one_of_the_result() {
    let profile = Profile::adult();
    let mut link = Reader::short(profile.card());
    let mut early: Vec<Arc<CardFace>> = Vec::new();
    let number = number_of(profile);
    let mut driver = read(link.link(), Limits::default(), &number, Plan::all()).expect(FREE);
    let reading =
        run_with(&mut driver, &mut link, |_| {}, |EarlyPart::Face(face)| early.push(face))
            .expect("no misuse");
    let face = reading.face().value().expect("read");
    assert!(matches!(early.as_slice(), [one] if Arc::ptr_eq(one, face)));
}

#[test]
fn a_plan_asks_for_nothing_else() {
    let profile = Profile::adult();
    let applications = |plan: Plan| {
        let mut link = Reader::short(profile.card());
        read_by(&plan, &number_of(profile), &mut link);
        let selected = link.sent.iter().filter(|command| command[1..4] == [0xA4, 0x04, 0x0C]);
        (
            selected.map(|command| command[command.len() - 1]).collect::<Vec<_>>(),
            presented(&link.card),
        )
    };
    assert_eq!(applications(Plan::face_only()), (vec![0x02], [1, 0]));
    assert_eq!(applications(Plan::attributes_only()), (vec![0x08], [0, 1]));
    assert_eq!(applications(Plan::certificate_only()), (vec![0x01], [0, 0]));
}

#[test]
fn tries_are_asked_for_free_of_charge() {
    for profile in cards() {
        let mut link = Reader::short(profile.card());
        let tries = run(&mut read_tries(&link.link, Limits::default()).expect(FREE), &mut link);
        let tries = tries.expect("no misuse");
        let count = |application, key| match link.card.tries_left(application, key) {
            Some(0) => Ok(TriesLeft::Blocked),
            Some(left) => Ok(TriesLeft::Count(left)),
            None => Ok(TriesLeft::NotTold),
        };
        assert_eq!(tries.face_b, count(Application::Face, 0x12), "{}", profile.name());
        assert_eq!(tries.text_b, count(Application::Text, 0x15), "{}", profile.name());
        assert_eq!(tries.text_pin, count(Application::Text, 0x11), "{}", profile.name());
        assert_eq!(tries.authentication_pin, count(Application::Jpki, 0x18), "{}", profile.name());
        assert_eq!(tries.signature_password, count(Application::Jpki, 0x1B), "{}", profile.name());
        assert_eq!(account(&profile.card(), &link.card), Account::default());
    }
}

#[test]
fn facts_are_read_without_a_number() {
    for profile in cards() {
        let mut link = Reader::short(profile.card());
        let facts = run(&mut read_facts(&link.link, Limits::default()).expect(FREE), &mut link);
        let facts = facts.expect("no misuse");
        let holder = profile.spec().holder;
        let info = facts.card_info.expect("read");
        assert_eq!(
            info.serial().unwrap().as_slice(),
            holder.card_serial.as_bytes(),
            "{}",
            profile.name()
        );
        assert_eq!(info.municipality().unwrap().as_slice(), holder.municipality.as_bytes());
        assert_eq!(info.expiry().unwrap().to_string(), iso(profile.expiry()));
        let basic = facts.face_info.expect("read");
        assert_eq!(basic.municipality.unwrap().as_slice(), holder.municipality.as_bytes());
        let available = facts.availability.expect("read");
        assert!(available.authentication);
        assert_eq!(available.signature, profile.spec().sign_certificate.is_some());
        assert_eq!(account(&profile.card(), &link.card), Account::default());
    }
}

#[test]
fn the_number_is_never_asked_for() {
    for profile in Profile::all() {
        let mut link = Reader::short(profile.card());
        let number = number_of(Profile::adult());
        read_by(&daring(Plan::all().with_challenge(challenge())), &number, &mut link);
        run(&mut read_tries(&link.link, Limits::default()).expect(FREE), &mut link)
            .expect("no misuse");
        run(&mut read_facts(&link.link, Limits::default()).expect(FREE), &mut link)
            .expect("no misuse");
        for command in &link.sent {
            let file = match command[1] {
                0xA4 if command[2] == 0x02 => command[6],
                0xB0 if command[2] & 0x80 != 0 => command[2] & 0x1F,
                _ => continue,
            };
            assert!(![0x01, 0x05, 0x13, 0x14].contains(&file), "{}", profile.name());
        }
    }
}

#[test]
fn a_card_whose_file_has_no_photo_object_is_read_without_one() {
    let profile = Profile::adult();
    let mut spec = profile.spec();
    spec.holder.photo = None;
    let mut card = spec.issue().build();
    let number = number_of(profile);
    let mut driver = read(card.link(), Limits::default(), number, Plan::all()).expect(FREE);
    let reading = run(&mut driver, &mut card).expect("no misuse");
    let face = reading.face().value().expect("a face without a photo");
    assert!(face.photo().is_none());
    assert_eq!(face.birth_date().unwrap().date().to_string(), iso(profile.birth_date()));
}
