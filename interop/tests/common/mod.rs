//! What the tests share.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, reason = "tests")]

use mynacard_core::card::Floor;
use mynacard_core::credential::VerificationNumberB;
use mynacard_core::reading::{CardReading, Plan};
use mynacard_sim::Profile;

pub fn number(profile: &Profile) -> VerificationNumberB {
    VerificationNumberB::from_digits(profile.code_b().unwrap().as_bytes()).unwrap()
}

/// Everything, however few tries are left.
pub fn plan() -> Plan {
    Plan {
        face_floor: Floor::LAST_TRIES_ALLOWED,
        text_floor: Floor::LAST_TRIES_ALLOWED,
        ..Plan::all()
    }
}

/// The bytes of every part that was read.
pub fn parts(reading: &CardReading) -> [Option<Vec<u8>>; 6] {
    [
        reading.face().value().map(|face| face.bytes().to_vec()),
        reading.face_certificate().value().map(|bytes| bytes.to_vec()),
        reading.attributes().value().map(|attributes| attributes.bytes().to_vec()),
        reading.integrity().value().map(|record| record.signature().to_vec()),
        reading.text_certificate().value().map(|bytes| bytes.to_vec()),
        reading.certificate().value().map(|bytes| bytes.to_vec()),
    ]
}
