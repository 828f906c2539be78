//! Prints `docs/consent-states.md`: the diagram of the table that the consent machine runs.

fn main() {
    println!("# Consent: states and events");
    println!();
    println!(
        "Made by `cargo run -p mynacard-core --example consent_states` from the table that the"
    );
    println!("code runs; a test compares it.");
    println!();
    println!("```mermaid");
    println!("{}", mynacard_core::consent::diagram().trim_end());
    println!("```");
}
