//! Files of the card's applications: what parses lies where it says, and says what the bytes say.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mynacard_core::applet::common::CardInfo;
use mynacard_core::applet::face::{BasicInfo, CardFace};
use mynacard_core::applet::jpki::{Availability, TokenInfo};
use mynacard_core::applet::text::{Attributes, IntegrityRecord};

fuzz_target!(|bytes: &[u8]| {
    let owned = || bytes.to_vec().into();
    let holds = |part: &[u8]| bytes.windows(part.len().max(1)).any(|window| window == part);

    if let Ok(face) = CardFace::parse(owned()) {
        for signed in [face.signed_attributes_and_key(), face.signed_images(), face.signed_photo()]
        {
            assert!(holds(signed) || signed.is_empty());
        }
        assert!(holds(face.public_key()) || face.public_key().is_empty());
        assert!(holds(face.signature()) || face.signature().is_empty());
        assert!(face.photo().is_none_or(|photo| holds(photo.bytes())));
        match face.birth_date() {
            Ok(birth) => assert!(holds(birth.date().to_string().replace('-', "").as_bytes())),
            Err(said) => assert!(holds(said.said()) || said.said().is_empty()),
        }
        assert!(face.not_understood().all(|value| value.shown().len() < 80));
        assert!(format!("{face:?}").len() < 64);
    }
    if let Ok(attributes) = Attributes::parse(owned()) {
        assert!(holds(attributes.signed()) || attributes.signed().is_empty());
        for text in [attributes.name(), attributes.address()] {
            let said = text.map_or_else(|said| said.said(), |text| text.as_str().as_bytes());
            assert!(holds(said) || said.is_empty());
        }
        assert!(format!("{attributes:?}").len() < 64);
    }
    if let Ok(record) = IntegrityRecord::parse(bytes) {
        assert!(holds(record.attributes_digest()));
    }
    if let Ok(info) = BasicInfo::parse(bytes) {
        assert!(info.key_id.is_none_or(|id| holds(&id)));
        assert!(info.municipality.is_none_or(|code| holds(&code)));
    }
    if let Ok(info) = TokenInfo::parse(bytes) {
        assert!(holds(info.serial()));
    }
    if let Ok(info) = CardInfo::parse(bytes) {
        let serial = info.serial().map_or_else(|said| said.said(), |serial| &serial[..]);
        let code = info.municipality().map_or_else(|said| said.said(), |code| &code[..]);
        assert!(holds(&[serial, code].concat()));
        assert_eq!(format!("{info:?}"), "CardInfo(…)");
    }
    assert!(Availability::parse(bytes).is_err() || bytes.len() == 3);
});
