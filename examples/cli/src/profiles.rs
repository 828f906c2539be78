//! `mynacard profiles`.

use anyhow::Result;
use clap::Args;
use mynacard_sim::{Forgery, Profile, PublicRoots};
use serde_json::json;

use crate::ended::Ended;
use crate::outcome::Outcome;

#[derive(Args)]
pub(crate) struct Arguments {
    /// Print JSON.
    #[arg(long)]
    json: bool,
    /// Print the roots of the virtual cards instead, as `verify --roots FILE` reads them.
    #[arg(long)]
    roots: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Ended> {
    if arguments.roots {
        println!("{}", PublicRoots::test().to_json());
    } else if arguments.json {
        let profiles: Vec<_> = Profile::all()
            .iter()
            .map(|profile| {
                json!({
                    "name": profile.name(),
                    "summary": profile.summary(),
                    "code_b": profile.code_b(),
                })
            })
            .collect();
        println!("{:#}", json!(profiles));
    } else {
        println!("Virtual cards of invented people, for --reader sim:PROFILE\n");
        for profile in Profile::all() {
            let code = profile.code_b().unwrap_or("-");
            println!("{:<20} {code:<16} {}", profile.name(), profile.summary());
        }
        println!("\nForged cards, for --reader forged:KIND\n");
        for forgery in Forgery::ALL {
            println!("{:<20} {}", forgery.name(), forgery.summary());
        }
    }
    Ok(Outcome::Complete.into())
}
