//! What `--reader` names: a virtual card, saved files played as one, or a reader.

use std::path::PathBuf;
use std::str::FromStr;

use anyhow::{Context, Result};
use clap::Args;
use mynacard_core::apdu::{Command, Response};
use mynacard_core::error::LinkFault;
use mynacard_core::exchange::{self, Capabilities, CardTransport};
use mynacard_sim::link::{LinkModel, Meter, TimedLink};
use mynacard_sim::{Forgery, Profile, VirtualCard};
use serde_json::{Value, json};

/// What `--reader` names.
#[derive(Clone, Debug)]
pub(crate) enum Reader {
    /// `sim` or `sim:PROFILE`: a virtual card.
    Simulated(&'static Profile),
    /// `forged:KIND`: a virtual card that somebody forged.
    Forged(Forgery),
    /// `dump:DIR`: saved files, played as a virtual card.
    Dump(PathBuf),
    /// `first` (the first My Number Card on any), or the name of a reader or its beginning.
    Named(String),
}

impl FromStr for Reader {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            None if text == "sim" => Ok(Self::Simulated(Profile::adult())),
            Some(("sim", name)) => Profile::find(name).map(Self::Simulated).ok_or_else(|| {
                let all = Profile::all().iter().chain(Profile::unusual());
                let names: Vec<&str> = all.map(Profile::name).collect();
                format!("no virtual card is named {name}; there are {}", names.join(", "))
            }),
            Some(("forged", name)) => Forgery::find(name).map(Self::Forged).ok_or_else(|| {
                let names: Vec<&str> = Forgery::ALL.iter().map(|forgery| forgery.name()).collect();
                format!("no forged card is named {name}; there are {}", names.join(", "))
            }),
            Some(("dump", folder)) if !folder.is_empty() => Ok(Self::Dump(folder.into())),
            Some(("dump", _)) => Err("dump:DIR needs a folder".to_owned()),
            _ if !text.trim().is_empty() => Ok(Self::Named(text.to_owned())),
            _ => {
                Err("a reader is sim[:PROFILE], forged:KIND, dump:DIR, first or a name".to_owned())
            }
        }
    }
}

impl Reader {
    /// The virtual card; none for a real reader.
    pub(crate) fn card(&self) -> Result<Option<VirtualCard>> {
        Ok(match self {
            Self::Simulated(profile) => Some(profile.card()),
            Self::Forged(forgery) => Some(forgery.card()),
            Self::Dump(folder) => Some(
                VirtualCard::from_folder(folder)
                    .with_context(|| format!("{} is not a dump", folder.display()))?,
            ),
            Self::Named(_) => None,
        })
    }

    /// The digits of a virtual card; none for a dump or a real card.
    pub(crate) fn known_code_b(&self) -> Option<&str> {
        match self {
            Self::Simulated(profile) => profile.code_b(),
            Self::Forged(forgery) => forgery.profile().code_b(),
            Self::Dump(_) | Self::Named(_) => None,
        }
    }
}

/// Where the card is, and how it is spoken to.
#[derive(Args)]
pub(crate) struct LinkArguments {
    /// Where the card is: sim, sim:PROFILE, forged:KIND, dump:DIR, first (the first reader that brings
    /// a My Number Card), or the name of a reader or its beginning.
    #[arg(long, default_value = "sim")]
    pub(crate) reader: Reader,
    /// Print headers and statuses of every exchange to standard error.
    #[arg(long)]
    pub(crate) trace: bool,
    /// Use short commands only, as old readers do.
    #[arg(long, conflicts_with = "extended")]
    no_extended: bool,
    /// Use extended length although the reader's driver does not say that it can.
    #[arg(long)]
    extended: bool,
    /// How many seconds to wait for the card on a reader.
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    wait: u64,
    /// Report how long it would take over the air: nfc106 or nfc424 (kbit/s), a model, no measurement.
    #[arg(long, value_name = "MODEL", value_parser = link_model)]
    link: Option<LinkModel>,
}

fn link_model(name: &str) -> Result<LinkModel, String> {
    LinkModel::find(name).ok_or_else(|| "a link is nfc106 or nfc424".to_owned())
}

impl LinkArguments {
    /// The link to the card.
    pub(crate) fn open(&self) -> Result<Link> {
        let (inner, note): (Box<dyn CardTransport>, _) = match (self.reader.card()?, &self.reader) {
            (Some(card), _) => {
                let any = card.accepts_any_matching();
                let note =
                    "no secrets.json: any number opens this dump whose dates match its files";
                (Box::new(card), any.then_some(note))
            }
            (None, Reader::Named(name)) => (self.connect(name)?, None),
            (None, _) => anyhow::bail!("there is no card"),
        };
        let short = self.no_extended.then(|| exchange::Link::new(Capabilities::SHORT));
        let mut link = Link { inner, meter: None, note, short, trace: self.trace };
        if let Some(model) = &self.link {
            let timed = TimedLink::new(link.inner, model.clone());
            link.meter = Some((model.clone(), timed.meter()));
            link.inner = Box::new(timed);
        }
        Ok(link)
    }

    #[cfg(feature = "pcsc")]
    fn connect(&self, name: &str) -> Result<Box<dyn CardTransport>> {
        use mynacard_pcsc::{ConnectOptions, ExtendedLength, NotOpened, Readers, Wanted};

        eprintln!("カードをリーダーに当ててください。 Place the card on the reader.");
        let length = match (self.no_extended, self.extended) {
            (true, _) => ExtendedLength::Never,
            (false, true) => ExtendedLength::Assume,
            (false, false) => ExtendedLength::Ask,
        };
        let options = ConnectOptions::new().extended_length(length);
        let wanted = if name == "first" { Wanted::FirstMyNumberCard } else { Wanted::On(name) };
        let patience = std::time::Duration::from_secs(self.wait);
        let link = Readers.open(wanted, &options, Some(patience), |reader, why| match reader {
            Some(reader) => eprintln!("{reader}: {why}; still waiting (待機を続けます)"),
            None => eprintln!("{why}; still waiting (待機を続けます)"),
        });
        match link {
            Ok(link) => Ok(Box::new(link)),
            Err(why @ NotOpened::Ambiguous(_)) => Err(why.into()),
            Err(why) => Err(why.error().into()),
        }
    }

    #[cfg(not(feature = "pcsc"))]
    fn connect(&self, name: &str) -> Result<Box<dyn CardTransport>> {
        let _ = (self.extended, self.wait);
        anyhow::bail!(
            "this build cannot open the reader {name}: it was built without PC/SC.\n  \
             Build it with: cargo run -p mynacard-cli --features pcsc -- … \
             (on Debian it needs libpcsclite-dev and pkg-config)"
        )
    }
}

/// A link to a card that can be told to do without extended length, to time itself by a model, and to
/// print headers and statuses.
pub(crate) struct Link {
    inner: Box<dyn CardTransport>,
    meter: Option<(LinkModel, Meter)>,
    note: Option<&'static str>,
    /// The connection as if it carried short commands only.
    short: Option<exchange::Link>,
    trace: bool,
}

impl Link {
    /// What a program should know about the card beside what it answers.
    pub(crate) const fn note(&self) -> Option<&'static str> {
        self.note
    }

    /// Whether exchanges are printed.
    pub(crate) const fn is_traced(&self) -> bool {
        self.trace
    }

    /// What times the exchanges, to be told of each phase; none without a model.
    pub(crate) fn meter(&self) -> Option<Meter> {
        self.meter.as_ref().map(|(_, meter)| meter.clone())
    }

    /// The modelled time, phase by phase; none without a model.
    pub(crate) fn time_json(&self) -> Option<Value> {
        let (model, meter) = self.meter.as_ref()?;
        let phases: Vec<Value> = meter
            .phases()
            .iter()
            .map(|(phase, cost)| {
                let name = phase.map_or("before", |phase| phase.name());
                json!({ "phase": name, "exchanges": cost.exchanges, "bytes": cost.bytes(),
                        "ms": cost.time.as_secs_f64() * 1000.0 })
            })
            .collect();
        let total = meter.total();
        Some(json!({
            "model": model.name,
            "ms": total.time.as_secs_f64() * 1000.0,
            "bare_wire_ms": model.bare(total.bytes()).as_secs_f64() * 1000.0,
            "phases": phases,
        }))
    }

    /// The modelled time for people; nothing without a model.
    pub(crate) fn time_text(&self) -> String {
        let Some((model, meter)) = &self.meter else { return String::new() };
        let mut text = String::new();
        for (phase, cost) in meter.phases() {
            let name = phase.map_or("before", |phase| phase.name());
            let millis = cost.time.as_secs_f64() * 1000.0;
            text.push_str(&format!(
                "{name:<18}{millis:>8.0} ms  {:>3} exchanges\n",
                cost.exchanges
            ));
        }
        let millis = meter.total().time.as_secs_f64() * 1000.0;
        text.push_str(&format!("{:<18}{millis:>8.0} ms  (modelled)\n", model.name));
        text
    }
}

impl CardTransport for Link {
    fn transmit(&mut self, command: &[u8], response: &mut Vec<u8>) -> Result<(), LinkFault> {
        let result = self.inner.transmit(command, response);
        if self.trace {
            // `Debug` of both shows header, lengths and status, never data.
            if let Ok(command) = Command::parse(command) {
                eprintln!("> {command:?}");
            }
            match (&result, Response::parse(response)) {
                (Ok(()), Ok(response)) => eprintln!("< {response:?}"),
                (Ok(()), Err(error)) => eprintln!("< {error}"),
                (Err(fault), _) => eprintln!("< {fault}"),
            }
        }
        result
    }

    fn link(&self) -> &exchange::Link {
        self.short.as_ref().unwrap_or_else(|| self.inner.link())
    }
}
