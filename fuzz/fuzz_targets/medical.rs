//! Replies of a medical service and patient files: any bytes are read or refused, the same way twice,
//! and what is said about them tells nothing of their content.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mynacard_core::consent::CardId;
use mynacard_core::medical::oqs_unverified::{Reply, read_into};
use mynacard_core::medical::{Collected, FileSource};

fuzz_target!(|bytes: &[u8]| {
    let read = || read_into(&mut Collected::new(), bytes);
    match (read(), read()) {
        (Ok(first @ Reply::Read(_)), Ok(Reply::Read(_))) => {
            assert_eq!(format!("{first:?}"), "Read(Holder(…))");
        }
        (Ok(Reply::NoResult), Ok(Reply::NoResult)) => {}
        (Err(first), Err(second)) => assert_eq!(first, second),
        _ => panic!("the same bytes are read in two ways"),
    }
    if let Ok(source) = FileSource::from_json(bytes, CardId::from_hash([7; 32])) {
        // Whatever it is, it has said that it is invented.
        assert!(bytes.windows(9).any(|window| window == b"synthetic") || bytes.contains(&b'\\'));
        assert!(!source.profile().is_empty() || bytes.windows(7).any(|part| part == b"profile"));
    }
});
