//! A command that was read is the same when it is written and read again; a response is split once.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mynacard_core::apdu::{Command, Expected, Response};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(command) = Command::parse(bytes) {
        // Not always the same bytes: little data in the extended form is written in the short one.
        let written = command.encode();
        assert!(written.len() == bytes.len() || written.len() + 2 == bytes.len());
        assert!(Command::parse(&written).is_ok_and(|read| read == command));
        match command.expected() {
            Expected::None => {}
            Expected::Short(count) => assert!((1..=256).contains(&count)),
            Expected::Extended(count) => assert!((1..=65_536).contains(&count)),
        }
        assert!(format!("{command:?}").len() < 100, "what is shown grows with the data");
    }
    if let Ok(response) = Response::parse(bytes) {
        assert_eq!(response.data().len() + 2, bytes.len());
        assert_eq!(
            bytes.get(response.data().len()..),
            Some(&response.status().value().to_be_bytes()[..])
        );
    }
});
