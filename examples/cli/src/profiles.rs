//! `mynacard profiles`.

use anyhow::Result;
use clap::Args;
use mynacard_sim::{Forgery, Profile, PublicRoots};
use serde_json::json;

use crate::ended::Ended;
use crate::out::say;
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
        say!("{}\n", PublicRoots::test().to_json())?;
    } else if arguments.json {
        let profiles: Vec<_> = Profile::all()
            .iter()
            .chain(Profile::unusual())
            .map(|profile| {
                json!({
                    "name": profile.name(),
                    "summary": profile.summary(),
                    "code_b": profile.code_b(),
                })
            })
            .collect();
        say!("{:#}\n", json!(profiles))?;
    } else {
        say!("Virtual cards of invented people, for --reader sim:PROFILE\n\n")?;
        say_profiles(Profile::all())?;
        say!("\nGenuine cards on which one thing is not as usual, for --reader sim:PROFILE\n\n")?;
        say_profiles(Profile::unusual())?;
        say!("\nForged cards, for --reader forged:KIND\n\n")?;
        for forgery in Forgery::ALL {
            say!("{:<20} {}\n", forgery.name(), forgery.summary())?;
        }
    }
    Ok(Outcome::Complete.into())
}

fn say_profiles(profiles: &[Profile]) -> Result<()> {
    for profile in profiles {
        let code = profile.code_b().unwrap_or("-");
        say!("{:<20} {code:<16} {}\n", profile.name(), profile.summary())?;
    }
    Ok(())
}
