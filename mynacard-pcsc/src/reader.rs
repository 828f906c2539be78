//! Readers, and cards that come and go.

use std::ffi::{CStr, CString};
use std::fmt;
use std::time::Duration;

use mynacard_core::error::LinkFault;
use pcsc::{Context, Error, Scope};

use crate::cancel::Cancellation;
use crate::fault::{During, link_fault};
use crate::link::{ConnectOptions, PcscTransport};
use crate::monitor::{Event, Monitor, deadline};

/// The name by which the service knows a reader.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct ReaderName(CString);

impl ReaderName {
    pub(crate) fn new(name: &CStr) -> Self {
        Self(name.to_owned())
    }

    pub(crate) fn as_c_str(&self) -> &CStr {
        &self.0
    }
}

/// The name as text; bytes that are none are shown as such.
impl fmt::Display for ReaderName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_string_lossy())
    }
}

/// The way to the smart card service of the system, and to its readers.
///
/// Each wait and each card gets a connection of its own to the service, since a wait keeps its own
/// busy. So a value of this can be used from several threads at once.
#[derive(Clone, Copy, Debug, Default)]
pub struct Readers;

impl Readers {
    /// All readers that are connected now; none is no error.
    ///
    /// Errors: [`LinkFault::NoService`], [`LinkFault::NotPermitted`], [`LinkFault::Transport`].
    /// Card effect: none.
    pub fn names(self) -> Result<Vec<ReaderName>, LinkFault> {
        let names = establish()
            .and_then(|context| list(&context).map_err(|error| link_fault(error, During::Wait)));
        match names {
            // Windows has no service then.
            Err(LinkFault::NoReader) => Ok(Vec::new()),
            names => names,
        }
    }

    /// The readers that a name fits: the one of exactly this name, or all whose names begin so.
    ///
    /// Errors: as [`Readers::names`]. Card effect: none.
    pub fn matching(self, name: &str) -> Result<Vec<ReaderName>, LinkFault> {
        Ok(matching(self.names()?, name))
    }

    /// The reader that is meant: the one with this name, or the only one whose name begins so.
    ///
    /// Errors: [`LinkFault::NoReader`] where there is none at all, [`LinkFault::ReaderGone`] where
    /// there is none of this name, or more than one: [`Readers::matching`] tells which. Card effect:
    /// none.
    pub fn find(self, name: &str) -> Result<ReaderName, LinkFault> {
        let names = self.names()?;
        if names.is_empty() {
            return Err(LinkFault::NoReader);
        }
        match <[ReaderName; 1]>::try_from(matching(names, name)) {
            Ok([reader]) => Ok(reader),
            Err(_) => Err(LinkFault::ReaderGone),
        }
    }

    /// The first reader, in the service's order.
    ///
    /// Errors: [`LinkFault::NoReader`], and as [`Readers::names`]. Card effect: none.
    pub fn first(self) -> Result<ReaderName, LinkFault> {
        self.names()?.into_iter().next().ok_or(LinkFault::NoReader)
    }

    /// Watches readers and cards from now on; what is there already is reported first.
    ///
    /// Errors: [`LinkFault::NotPermitted`], [`LinkFault::Transport`]. That there is no service is told
    /// by [`Monitor::next`], since it may come. Card effect: none.
    pub fn monitor(self, cancellation: &Cancellation) -> Result<Monitor, LinkFault> {
        Monitor::new(cancellation.clone())
    }

    /// Waits until a card that speaks lies on a reader: on this one, or with none named on any, also
    /// on one that is connected meanwhile, and through an end of the service. [`Readers::open`] also
    /// has mute cards tried again and passes other cards over.
    ///
    /// Errors, when the time is over: [`LinkFault::NoCard`], [`LinkFault::Mute`] for a card that does
    /// not speak on this reader, [`LinkFault::ReaderGone`] where this reader is not there,
    /// [`LinkFault::NoReader`] where there is none at all, [`LinkFault::NoService`]; at once:
    /// [`LinkFault::Cancelled`], [`LinkFault::NotPermitted`], [`LinkFault::Transport`]. Card effect: none.
    pub fn wait_for_card(
        self,
        reader: Option<&ReaderName>,
        timeout: Option<Duration>,
        cancellation: &Cancellation,
    ) -> Result<ReaderName, LinkFault> {
        let mut monitor = self.monitor(cancellation)?;
        let until = deadline(timeout);
        loop {
            match monitor.next_until(until)? {
                Some(Event::CardInserted { reader: name, .. })
                    if reader.is_none_or(|reader| *reader == name) =>
                {
                    return Ok(name);
                }
                Some(_) => {}
                None => break,
            }
        }
        Err(match reader {
            _ if monitor.readers().next().is_none() => LinkFault::NoReader,
            Some(reader) if monitor.readers().all(|name| name != *reader) => LinkFault::ReaderGone,
            Some(reader) if monitor.has_card(reader) => LinkFault::Mute,
            _ => LinkFault::NoCard,
        })
    }

    /// Waits until no card lies on a reader. A reader that goes away takes its card with it.
    ///
    /// Errors: [`LinkFault::Timeout`] when the time is over, [`LinkFault::NoService`] when there is no
    /// service then, [`LinkFault::Cancelled`], [`LinkFault::NotPermitted`], [`LinkFault::Transport`].
    /// Card effect: none.
    pub fn wait_for_removal(
        self,
        reader: &ReaderName,
        timeout: Option<Duration>,
        cancellation: &Cancellation,
    ) -> Result<(), LinkFault> {
        let mut monitor = self.monitor(cancellation)?;
        let until = deadline(timeout);
        // The first look tells whether a card is there at all.
        monitor.look()?;
        while !monitor.knows() || monitor.has_card(reader) {
            if monitor.next_until(until)?.is_none() {
                return Err(LinkFault::Timeout);
            }
        }
        Ok(())
    }

    /// Connects to the card on a reader.
    ///
    /// Errors: [`LinkFault::NoCard`], [`LinkFault::Mute`], [`LinkFault::Busy`] (another program
    /// holds the card), [`LinkFault::ReaderGone`], [`LinkFault::NoReader`], [`LinkFault::NoService`],
    /// [`LinkFault::NotPermitted`], [`LinkFault::Transport`]. Card effect: powers it up.
    pub fn connect(
        self,
        reader: &ReaderName,
        options: &ConnectOptions,
    ) -> Result<PcscTransport, LinkFault> {
        PcscTransport::connect(reader, options)
    }
}

/// Those of the readers that a name fits.
pub(crate) fn matching(mut names: Vec<ReaderName>, name: &str) -> Vec<ReaderName> {
    if names.iter().any(|reader| reader.to_string() == name) {
        names.retain(|reader| reader.to_string() == name);
    } else {
        names.retain(|reader| reader.to_string().starts_with(name));
    }
    names
}

pub(crate) fn list(context: &Context) -> Result<Vec<ReaderName>, Error> {
    // A reader that appears between the two questions behind this makes the buffer too short.
    let mut answer = context.list_readers_owned();
    for _ in 0..3 {
        if matches!(answer, Err(Error::InsufficientBuffer)) {
            answer = context.list_readers_owned();
        }
    }
    match answer {
        Ok(names) => Ok(names.into_iter().map(ReaderName).collect()),
        Err(Error::NoReadersAvailable | Error::UnknownReader) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

pub(crate) fn establish() -> Result<Context, LinkFault> {
    Context::establish(Scope::User).map_err(|error| link_fault(error, During::Wait))
}
