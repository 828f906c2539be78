//! A whole encounter of an ambulance crew with a My Number Card, in a terminal: `cargo demo`.
//!
//! Everything runs as a drill (訓練): the medical information is invented, and what is recorded fits no
//! real log.
#![forbid(unsafe_code)]

mod encounter;
mod link;
mod picture;
mod scenario;
mod screen;
mod storage;
mod tablet;

use std::path::PathBuf;

use anyhow::Result;
use clap::Parser;
use mynacard_sim::link::LinkModel;

use crate::encounter::Place;
use crate::scenario::Scenario;
use crate::screen::Screen;

/// A whole encounter of an ambulance crew with a My Number Card (マイナ救急), as a drill: on a virtual
/// card, or on one that lies on a reader.
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
    /// How long the air takes for the virtual card: nfc106 or nfc424 (kbit/s), a model, no measurement.
    #[arg(long, value_name = "MODEL", default_value = "nfc106", value_parser = link_model)]
    link: LinkModel,
    /// Read the card on this reader instead: first, or the name of a reader or its beginning.
    #[arg(long, value_name = "NAME", requires = "code_b_file")]
    reader: Option<String>,
    /// File that holds the 14 digits printed on that card (照合番号B).
    #[arg(long, value_name = "FILE", requires = "reader")]
    code_b_file: Option<PathBuf>,
    /// Keep the audit log, its keys and the photo of the invented person in this new or empty folder.
    /// Without it nothing is written to disk.
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
}

fn link_model(name: &str) -> Result<LinkModel, String> {
    LinkModel::find(name).ok_or_else(|| "a link is nfc106 or nfc424".to_owned())
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let place = match (arguments.reader, arguments.code_b_file) {
        (Some(name), Some(digits)) => Place::Reader { name, digits },
        _ => Place::Virtual(arguments.link),
    };
    let screen = Screen::new(arguments.json, arguments.yes);
    let keep = arguments.keep.as_deref();
    let summary = encounter::run_scenario(arguments.scenario, place, keep, screen)?;
    if arguments.json {
        println!("{summary:#}");
    }
    Ok(())
}
