//! `mynacard tries`.

use anyhow::Result;
use clap::Args;
use mynacard_core::Error;
use mynacard_core::card::TriesLeft;
use mynacard_core::error::CardFault;
use mynacard_core::exchange::{CardTransport, Limits};
use mynacard_core::reading::read_tries;
use mynacard_core::run as run_driver;
use serde_json::{Value, json};

use crate::ended::Ended;
use crate::out::say;
use crate::outcome::Outcome;
use crate::reader::LinkArguments;

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    link: LinkArguments,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Ended> {
    let mut link = arguments.link.open()?;
    let mut driver = read_tries(link.link(), Limits::default())?;
    let all = run_driver(&mut driver, &mut link)?;
    let keys = [
        ("face_b", "照合番号B, card face (券面事項確認AP)", &all.face_b),
        ("text_b", "照合番号B, text (券面事項入力補助AP)", &all.text_b),
        ("text_pin", "PIN, text (券面事項入力補助用)", &all.text_pin),
        ("authentication_pin", "PIN, authentication (利用者証明用)", &all.authentication_pin),
        ("signature_password", "password, signature (署名用)", &all.signature_password),
    ];
    if arguments.json {
        let tries: serde_json::Map<String, Value> =
            keys.iter().map(|(key, _, left)| ((*key).to_owned(), as_json(left))).collect();
        let errors: serde_json::Map<String, Value> = keys
            .iter()
            .filter_map(|(key, _, left)| {
                let error = left.as_ref().err()?;
                Some((
                    (*key).to_owned(),
                    json!({ "code": error.code(), "error": error.to_string() }),
                ))
            })
            .collect();
        let exchanges = all.statistics.exchanges;
        say!("{:#}\n", json!({ "tries": tries, "errors": errors, "exchanges": exchanges }))?;
    } else {
        for (_, name, left) in keys {
            say!("{:>16}  {name}\n", as_text(left))?;
        }
    }
    let all_failed = keys.iter().all(|(_, _, left)| left.is_err());
    let outcome = match all.face_b {
        Err(error) if all_failed => Outcome::of_error(&error),
        _ => Outcome::Complete,
    };
    Ok(outcome.into())
}

fn as_json(left: &Result<TriesLeft, Error>) -> Value {
    match left {
        Ok(TriesLeft::Count(count)) => json!(count),
        Ok(TriesLeft::Blocked) => json!(0),
        Ok(TriesLeft::AlreadyVerified | TriesLeft::NotTold) | Err(_) => Value::Null,
    }
}

fn as_text(left: &Result<TriesLeft, Error>) -> String {
    match left {
        Ok(TriesLeft::Count(count)) => format!("{count} left"),
        Ok(TriesLeft::Blocked) => "blocked".to_owned(),
        Ok(TriesLeft::AlreadyVerified) => "verified".to_owned(),
        Ok(TriesLeft::NotTold) => "not told".to_owned(),
        Err(Error::Card(error))
            if matches!(error.fault, CardFault::ApplicationMissing | CardFault::FileMissing) =>
        {
            "not on this card".to_owned()
        }
        Err(error) => error.to_string(),
    }
}
