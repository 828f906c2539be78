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
        let signed = [face.signed_attributes_and_key(), face.signed_images(), face.signed_photo()];
        // The three signed ranges follow each other without a gap.
        assert!(holds(&signed.concat()));
        assert!(holds(face.public_key()) || face.public_key().is_empty());
        assert!(holds(face.signature()) || face.signature().is_empty());
        assert!(face.photo().is_none_or(|photo| holds(photo.bytes())));
        assert!(holds(face.birth_date().date().to_string().replace('-', "").as_bytes()));
        assert!(format!("{face:?}").len() < 64);
    }
    if let Ok(attributes) = Attributes::parse(owned()) {
        assert!(holds(attributes.signed()));
        for text in [attributes.name(), attributes.address()] {
            assert!(holds(text.as_str().as_bytes()) || text.as_str().is_empty());
        }
        assert!(format!("{attributes:?}").len() < 64);
    }
    if let Ok(record) = IntegrityRecord::parse(bytes) {
        assert!(holds(record.attributes_digest()));
    }
    if let Ok(info) = BasicInfo::parse(bytes) {
        assert!(holds(&info.key_id) && holds(&info.municipality));
    }
    if let Ok(info) = TokenInfo::parse(bytes) {
        assert!(holds(info.serial()));
    }
    if let Ok(info) = CardInfo::parse(bytes) {
        assert!(holds(&[&info.serial()[..], info.municipality()].concat()));
        assert_eq!(format!("{info:?}"), "CardInfo(…)");
    }
    assert!(Availability::parse(bytes).is_err() || bytes.len() == 3);
});
