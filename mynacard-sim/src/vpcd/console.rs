//! The commands with which a person, or another program, handles the virtual card while it runs.

use std::io::{self, BufRead, Write};

use super::VirtualReader;
use crate::Profile;
use crate::fault::Script;

const HELP: &str = "\
remove            takes the card out
insert [PROFILE]  puts it back, or another one in
swap PROFILE      takes it out and puts another one in at once
fault SCRIPT      from now on this goes wrong, as in lost@12 or 6F00@3+ (exchanges from 0); empty: nothing
tries             tries left on every key
traffic           exchanges and bytes so far
quit              ends";

/// Obeys one command a line until `quit` or the end of the input. Every command is answered with
/// at least one line; a wrong one with what there is.
///
/// Errors: input or output fails. What goes wrong with the reader is an answer.
pub fn console(
    reader: &VirtualReader,
    commands: impl BufRead,
    mut replies: impl Write,
) -> io::Result<()> {
    for line in commands.lines() {
        let line = line?;
        let (command, argument) = line.trim().split_once(' ').unwrap_or((line.trim(), ""));
        if command == "quit" {
            return writeln!(replies, "bye");
        }
        let reply = obey(reader, command, argument.trim()).unwrap_or_else(|why| why);
        writeln!(replies, "{reply}")?;
        replies.flush()?;
    }
    Ok(())
}

fn obey(reader: &VirtualReader, command: &str, argument: &str) -> Result<String, String> {
    match (command, argument) {
        ("remove", "") => {
            reader.lift();
            Ok("removed".to_owned())
        }
        ("insert", "") => {
            reader.place_again().map_err(|error| error.to_string())?;
            Ok("inserted".to_owned())
        }
        ("insert" | "swap", name) => {
            let profile = Profile::find(name).ok_or_else(|| unknown(name))?;
            reader.insert(profile.card()).map_err(|error| error.to_string())?;
            Ok(format!("inserted {name}"))
        }
        ("fault", script) => {
            let script: Script =
                script.parse().map_err(|error: crate::fault::ScriptError| error.to_string())?;
            reader.set_script(script);
            let exchanges = reader.with_card(|card| card.exchanges()).ok_or("no card")?;
            Ok(format!("set; {exchanges} exchanges so far"))
        }
        ("tries", "") => {
            let lines = reader.with_card(|card| {
                let line = |(application, key, left): (crate::Application, u16, Option<u8>)| {
                    let left = left.map_or("unlimited".to_owned(), |left| left.to_string());
                    format!("{application:?} {key:04X}: {left}")
                };
                card.card().counters().map(line).collect::<Vec<_>>().join("\n")
            });
            lines.ok_or_else(|| "no card".to_owned())
        }
        ("traffic", "") => {
            let traffic = reader.with_card(|card| card.card().traffic()).ok_or("no card")?;
            Ok(format!(
                "{} exchanges, {} bytes sent to the card, {} received",
                traffic.exchanges, traffic.bytes_sent, traffic.bytes_received
            ))
        }
        _ => Err(HELP.to_owned()),
    }
}

fn unknown(name: &str) -> String {
    let names: Vec<_> =
        Profile::all().iter().chain(Profile::unusual()).map(Profile::name).collect();
    format!("there is no profile {name}; there are: {}", names.join(", "))
}
