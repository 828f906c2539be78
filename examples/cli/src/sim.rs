//! `mynacard sim`: the virtual card for other people's programs.

use std::io;

use anyhow::{Context, Result};
use clap::Args;
use mynacard_sim::vpcd::{self, Atr, VirtualReader};

use crate::ended::Ended;
use crate::out::say;
use crate::outcome::Outcome;
use crate::reader::Reader;

#[derive(Args)]
pub(crate) struct Arguments {
    /// Put the card on vsmartcard's virtual reader (vpcd), so that every PC/SC program sees it.
    #[arg(long, value_name = "HOST:PORT", num_args = 0..=1, default_missing_value = vpcd::ADDRESS,
          required = true)]
    vpcd: String,
    /// Which card: the name of a profile, or forged:KIND, or dump:DIR.
    #[arg(long, default_value = "adult")]
    profile: String,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Ended> {
    let name = &arguments.profile;
    let reader: Reader =
        if name.contains(':') { name.parse() } else { format!("sim:{name}").parse() }
            .map_err(anyhow::Error::msg)?;
    let card = reader.card()?.context("a virtual card is wanted")?;
    let virtual_reader = VirtualReader::new(&arguments.vpcd, Atr::default());
    virtual_reader
        .insert(card)
        .with_context(|| format!("no virtual reader listens on {}", arguments.vpcd))?;
    say!("{name} lies on the virtual reader at {}; `help` lists the commands\n", arguments.vpcd)?;
    vpcd::console(&virtual_reader, io::stdin().lock(), io::stdout())?;
    Ok(Outcome::Complete.into())
}
