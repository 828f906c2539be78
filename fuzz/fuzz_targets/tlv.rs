//! Whatever the bytes, every object lies where its spans say, inside the buffer and in order.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mynacard_core::tlv::{Header, Reader, outer, read_simple};

fuzz_target!(|bytes: &[u8]| {
    walk(bytes, Reader::new(bytes), 0..bytes.len(), 4);
    if let Ok(header) = Header::parse(bytes) {
        let whole = bytes.len() >= header.total();
        assert_eq!(Reader::new(bytes).read("any").is_ok(), whole);
        assert_eq!(outer(bytes, header.tag(), "any").is_ok(), whole);
    }
    if let Ok(simple) = read_simple(bytes, "any") {
        assert!(simple.value.len() < bytes.len());
        assert!(!matches!(simple.tag, 0x00 | 0xFF));
    }
});

/// Reads objects, and those within them, `depth` deep; all must lie within `bounds`.
fn walk(all: &[u8], mut reader: Reader<'_>, bounds: std::ops::Range<usize>, depth: u32) {
    let mut at = bounds.start;
    while let Ok(object) = reader.read("any") {
        // Between objects lies nothing but filler.
        let filler = all.get(at..object.span().start).expect("in order");
        assert!(filler.iter().all(|byte| matches!(byte, 0x00 | 0xFF)));
        at = object.span().end;
        assert!(at <= bounds.end);
        assert_eq!(all.get(object.value_span()), Some(object.value()));
        if depth > 0 {
            walk(all, object.reader(), object.value_span(), depth - 1);
        }
    }
    assert!(reader.is_empty() || at < bounds.end);
}
