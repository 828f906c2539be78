//! A whole encounter of an ambulance crew with a My Number Card, in a terminal: `cargo demo`.
//!
//! Everything runs as a drill (訓練): the medical information is invented, and what is recorded fits no
//! real log.
#![forbid(unsafe_code)]

mod encounter;
mod picture;
mod scenario;
mod screen;
mod tablet;

use anyhow::Result;
use clap::Parser;

use crate::scenario::Scenario;

/// A whole encounter of an ambulance crew with a My Number Card (マイナ救急), on a virtual card.
#[derive(Parser)]
#[command(name = "demo", bin_name = "cargo demo --", version)]
struct Arguments {
    /// What happens.
    #[arg(long, value_enum, default_value = "consent")]
    scenario: Scenario,
    /// Answer every question as the scenario says.
    #[arg(long)]
    yes: bool,
    /// Print one JSON object and nothing else. Implies --yes.
    #[arg(long)]
    json: bool,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let summary = encounter::run_scenario(arguments.scenario, arguments.yes, arguments.json)?;
    if arguments.json {
        println!("{summary:#}");
    }
    Ok(())
}
