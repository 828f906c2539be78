//! What is generated from the code and checked in is what the code says today.

use mynacard_core::{Event, consent};

#[test]
fn the_diagram_in_the_docs_is_that_of_the_table() {
    let page = include_str!("../../docs/consent-states.md");
    assert!(
        page.contains(consent::diagram().trim_end()),
        "run `cargo run -p mynacard-core --example consent_states > docs/consent-states.md`"
    );
}

#[test]
fn the_ways_out_in_the_docs_are_those_of_the_log() {
    let page = include_str!("../../docs/consent-states.md");
    for code in Event::ALL.iter().filter(|event| event.is_way_out()) {
        let row = format!("| {} | `{}` | {} |\n", code.code(), code.name(), code.label_ja());
        assert!(page.contains(&row), "{row}");
    }
}
