//! What `--reader` names: a virtual card, or saved files played as one.

use std::path::PathBuf;
use std::str::FromStr;

use anyhow::{Context, Result};
use mynacard_core::apdu::{Command, Response};
use mynacard_core::error::LinkFault;
use mynacard_core::exchange::{Capabilities, CardTransport};
use mynacard_sim::{Forgery, Profile, VirtualCard};

/// What `--reader` names.
#[derive(Clone, Debug)]
pub(crate) enum Reader {
    /// `sim` or `sim:PROFILE`: a virtual card.
    Simulated(&'static Profile),
    /// `forged:KIND`: a virtual card that somebody forged.
    Forged(Forgery),
    /// `dump:DIR`: saved files, played as a virtual card.
    Dump(PathBuf),
}

impl FromStr for Reader {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            None if text == "sim" => Ok(Self::Simulated(Profile::adult())),
            Some(("sim", name)) => Profile::find(name).map(Self::Simulated).ok_or_else(|| {
                let names: Vec<&str> = Profile::all().iter().map(Profile::name).collect();
                format!("no virtual card is named {name}; there are {}", names.join(", "))
            }),
            Some(("forged", name)) => Forgery::find(name).map(Self::Forged).ok_or_else(|| {
                let names: Vec<&str> = Forgery::ALL.iter().map(|forgery| forgery.name()).collect();
                format!("no forged card is named {name}; there are {}", names.join(", "))
            }),
            Some(("dump", folder)) if !folder.is_empty() => Ok(Self::Dump(folder.into())),
            _ => Err("a reader is sim, sim:PROFILE, forged:KIND or dump:DIR".to_owned()),
        }
    }
}

impl Reader {
    /// The virtual card.
    pub(crate) fn card(&self) -> Result<VirtualCard> {
        match self {
            Self::Simulated(profile) => Ok(profile.card()),
            Self::Forged(forgery) => Ok(forgery.card()),
            Self::Dump(folder) => VirtualCard::from_folder(folder)
                .with_context(|| format!("{} is not a dump", folder.display())),
        }
    }

    /// The digits of a virtual card; none for a dump.
    pub(crate) fn known_code_b(&self) -> Option<&str> {
        match self {
            Self::Simulated(profile) => profile.code_b(),
            Self::Forged(forgery) => forgery.profile().code_b(),
            Self::Dump(_) => None,
        }
    }
}

/// A transport that can be told to do without extended length, and to print headers and statuses.
pub(crate) struct Link<T> {
    inner: T,
    extended: bool,
    trace: bool,
}

impl<T: CardTransport> Link<T> {
    pub(crate) const fn new(inner: T, extended: bool, trace: bool) -> Self {
        Self { inner, extended, trace }
    }
}

impl Link<VirtualCard> {
    /// What a program should know about the card beside what it answers.
    pub(crate) fn note(&self) -> Option<&'static str> {
        let any = self.inner.accepts_any_matching();
        any.then_some("no secrets.json: any number opens this dump whose dates match its files")
    }
}

impl<T: CardTransport> CardTransport for Link<T> {
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

    fn capabilities(&self) -> Capabilities {
        if self.extended { self.inner.capabilities() } else { Capabilities::SHORT }
    }
}
