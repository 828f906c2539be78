//! `mynacard`: reads, checks and explains My Number Cards from the command line.
//!
//! The exit status tells outcomes apart: see [`outcome`].
#![forbid(unsafe_code)]

mod audit;
mod ended;
mod out;
mod outcome;
mod profiles;
mod read;
mod reader;
mod report;
mod secret;
mod sim;
mod tries;
mod verify;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::outcome::Outcome;

/// Reads, checks and explains Japanese My Number Cards (個人番号カード). Never the 12-digit number.
#[derive(Parser)]
#[command(name = "mynacard", version)]
struct Arguments {
    #[command(subcommand)]
    command: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Read face, attributes and certificate with the 14 printed digits (照合番号B).
    Read(read::Arguments),
    /// Read, and say how far it can be trusted: is the chip genuine, is it this card, says who.
    Verify(verify::Arguments),
    /// Ask how many tries each key has left. Free: no counter changes.
    Tries(tries::Arguments),
    /// Verify audit logs, and count what they say.
    Audit(audit::Arguments),
    /// Put a virtual card on a virtual reader, for other people's programs.
    Sim(sim::Arguments),
    /// List the virtual cards that `--reader sim:PROFILE` knows.
    Profiles(profiles::Arguments),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = match arguments.command {
        Action::Read(arguments) => read::run(&arguments),
        Action::Verify(arguments) => verify::run(&arguments),
        Action::Tries(arguments) => tries::run(&arguments),
        Action::Audit(arguments) => audit::run(&arguments),
        Action::Sim(arguments) => sim::run(&arguments),
        Action::Profiles(arguments) => profiles::run(&arguments),
    };
    match outcome {
        Ok(outcome) => outcome.exit_code(),
        Err(error) => {
            eprintln!("mynacard: {error:#}");
            let fault = error.downcast_ref::<mynacard_core::Error>();
            if let Some(fault) = fault {
                eprintln!("  [{}] {}", fault.code(), fault.info().advice_ja);
            }
            fault.map_or(Outcome::Failed, Outcome::of_error).exit_code()
        }
    }
}
