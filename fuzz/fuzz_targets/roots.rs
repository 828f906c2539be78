//! A file of roots is taken whole or refused, and never passes for the built-in ones.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mynacard_core::trust::roots::RootsEntry;
use mynacard_core::trust::{Hierarchy, Roots};

/// Most entries of a list.
const MOST: usize = 64;

fuzz_target!(|bytes: &[u8]| {
    let roots = match Roots::from_json(bytes) {
        Ok(roots) => roots,
        Err(error) => {
            // One entry is named, of those that there can be.
            if let Some(RootsEntry::Cv(at) | RootsEntry::X509(at)) = error.entry {
                assert!(at < MOST, "{error}");
            }
            return;
        }
    };
    assert!(!matches!(roots.hierarchy(), Hierarchy::Production | Hierarchy::Test));
    assert!(roots.cv().len() + roots.x509().len() > 0);
    assert!(roots.cv().len() <= MOST && roots.x509().len() <= MOST);
    assert!(roots.cv().iter().all(|root| {
        let named = root.id().root_application();
        named.is_none_or(|named| named == root.application())
    }));
    for (at, root) in roots.cv().iter().enumerate() {
        assert!(roots.cv().iter().skip(at + 1).all(|other| other.id() != root.id()));
    }
});
