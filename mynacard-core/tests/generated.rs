//! What is generated from the code and checked in is what the code says today.

use mynacard_core::consent;

#[test]
fn the_diagram_in_the_docs_is_that_of_the_table() {
    let page = include_str!("../../docs/consent-states.md");
    assert!(
        page.contains(consent::diagram().trim_end()),
        "run `cargo run -p mynacard-core --example consent_states > docs/consent-states.md`"
    );
}
