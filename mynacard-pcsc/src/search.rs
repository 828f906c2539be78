//! Finding the card that is meant, among readers as they are in the field.

use std::collections::BTreeMap;
use std::fmt;
use std::time::{Duration, Instant};

use mynacard_core::applet::jpki::TokenKind;
use mynacard_core::error::{CardError, CardFault, Error, LinkFault};
use mynacard_core::exchange::{CardTransport, Limits};
use mynacard_core::map::OtherCard;
use mynacard_core::reading::{Token, recognise};
use mynacard_core::run;

use crate::link::{ConnectOptions, PcscTransport};
use crate::monitor::{Event, Monitor, deadline};
use crate::reader::{ReaderName, Readers, matching};

/// Between two attempts on a card that did not come up: the first time, and at most. Slots of one
/// reader share its wire, so that powering up a mute one keeps the others waiting.
const PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// So many attempts fail before that is said: the first one often does.
const WORTH_SAYING: u32 = 2;

const BUSY: NotOpened = NotOpened::Link(LinkFault::Busy);
const NOT_PERMITTED: NotOpened = NotOpened::Link(LinkFault::NotPermitted);

/// Which card is meant.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Wanted<'a> {
    /// The first My Number Card (or a phone that stands for one) on any reader. Told by SELECT.
    FirstMyNumberCard,
    /// Whatever lies on the reader of this name, or on the only one whose name begins so.
    On(&'a str),
}

/// Why there is no link to a card, or not yet.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum NotOpened {
    /// The way to the card failed.
    Link(LinkFault),
    /// The card is no My Number Card.
    OtherCard(OtherCard),
    /// The name fits all of these readers.
    Ambiguous(Vec<ReaderName>),
}

impl NotOpened {
    /// The same as an error of the core, with a code and advice: for a name that fits several readers
    /// [`LinkFault::ReaderGone`].
    #[must_use]
    pub fn error(&self) -> Error {
        match self {
            Self::Link(fault) => (*fault).into(),
            Self::Ambiguous(_) => LinkFault::ReaderGone.into(),
            Self::OtherCard(_) => {
                let fault = CardFault::ApplicationMissing;
                Error::Card(CardError { fault, operation: "identify", status: None })
            }
        }
    }
}

impl fmt::Display for NotOpened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Link(fault) => fault.fmt(f),
            Self::OtherCard(OtherCard::Unknown) => f.write_str("not a My Number Card"),
            Self::OtherCard(kind) => write!(f, "not a My Number Card: {}", kind.name_ja()),
            Self::Ambiguous(readers) => {
                f.write_str("the name fits more than one reader:")?;
                readers.iter().try_for_each(|reader| write!(f, "\n  {reader}"))
            }
        }
    }
}

impl std::error::Error for NotOpened {}

impl From<LinkFault> for NotOpened {
    fn from(fault: LinkFault) -> Self {
        Self::Link(fault)
    }
}

impl Readers {
    /// Waits for the card that is meant and connects to it.
    ///
    /// Until the time is over (none: for ever) it tries again what may come about, since nothing was
    /// presented yet: a card that is mute, does not come up or is held by another program, a reader or
    /// a service that is not there. It never does so after that: the link that it gives sends
    /// everything once. With [`Wanted::FirstMyNumberCard`] other cards are passed over, until they are
    /// taken away.
    ///
    /// `notice` is told at once what it goes on waiting for, once each: of which reader, if of one, and
    /// why. The patience of the options plays no part.
    ///
    /// Errors: [`NotOpened::Ambiguous`], [`LinkFault::Cancelled`], [`LinkFault::Transport`], and
    /// [`LinkFault::NotPermitted`] where no reader is permitted, at once. When the time is over: what
    /// the card that came meanwhile is or does; [`LinkFault::NoCard`] where a reader is empty;
    /// otherwise what lies there, or [`LinkFault::NoReader`], [`LinkFault::ReaderGone`],
    /// [`LinkFault::NoService`]. Card effect: powers cards up, selects on them to tell them, no VERIFY.
    pub fn open(
        self,
        wanted: Wanted<'_>,
        options: &ConnectOptions,
        timeout: Option<Duration>,
        mut notice: impl FnMut(Option<&ReaderName>, &NotOpened),
    ) -> Result<PcscTransport, NotOpened> {
        let until = deadline(timeout);
        let mut monitor = self.monitor(&options.cancellation)?;
        let mut search =
            Search { wanted, options, seen: BTreeMap::new(), has_looked: false, missing: None };
        // The first look takes what is there, before anything is tried.
        let mut next_look = Some(Instant::now());
        loop {
            let without = match monitor.next_until(next_look) {
                Ok(Some(event)) => {
                    search.note(event);
                    next_look = Some(Instant::now());
                    continue;
                }
                Ok(None) => search.without(&monitor)?,
                Err(LinkFault::NoService) => Some(LinkFault::NoService),
                Err(fault) => return Err(fault.into()),
            };
            search.has_looked = true;
            if without != search.missing {
                search.missing = without;
                without.into_iter().for_each(|fault| notice(None, &fault.into()));
            }
            if let Some(link) = search.try_all(&monitor, &mut notice)? {
                return Ok(link);
            }
            if until.is_some_and(|until| until <= Instant::now()) {
                return Err(search.end(&monitor));
            }
            let at_last = Instant::now() + LONGEST_PAUSE;
            next_look =
                search.next_attempt(&monitor).into_iter().chain(until).chain([at_last]).min();
        }
    }
}

/// A card that was seen, and not taken.
struct Seen {
    /// What came of the last attempt.
    why: NotOpened,
    attempts: u32,
    /// The next attempt; none for what will not change.
    due: Option<Instant>,
    /// Whether it came while we were waiting.
    came: bool,
}

struct Search<'a> {
    wanted: Wanted<'a>,
    options: &'a ConnectOptions,
    /// The cards on the readers that are meant.
    seen: BTreeMap<ReaderName, Seen>,
    /// Whether what comes now was not there at the beginning.
    has_looked: bool,
    /// What is missing that any card could come: a service, a reader.
    missing: Option<LinkFault>,
}

impl Search<'_> {
    fn note(&mut self, event: Event) {
        match event {
            Event::CardInserted { reader, .. } | Event::CardMute(reader) => {
                let came = self.has_looked;
                // A card that was mute and speaks now, or the other way round, is not another one.
                self.seen.entry(reader).or_insert_with(|| Seen {
                    why: LinkFault::NoCard.into(),
                    attempts: 0,
                    due: Some(Instant::now()),
                    came,
                });
            }
            Event::CardRemoved(reader) | Event::ReaderRemoved(reader) => {
                self.seen.remove(&reader);
            }
            Event::ReaderAdded(_) => {}
        }
    }

    /// The readers that are meant.
    fn meant(&self, monitor: &Monitor) -> Vec<ReaderName> {
        match self.wanted {
            Wanted::FirstMyNumberCard => monitor.readers().collect(),
            Wanted::On(name) => matching(monitor.readers().collect(), name),
        }
    }

    /// What is missing that a card could come; an error for a name that fits several readers.
    fn without(&self, monitor: &Monitor) -> Result<Option<LinkFault>, NotOpened> {
        let meant = self.meant(monitor);
        match (self.wanted, meant.len()) {
            (Wanted::On(_), 2..) => Err(NotOpened::Ambiguous(meant)),
            (_, 1..) => Ok(None),
            (_, 0) if monitor.readers().next().is_none() => Ok(Some(LinkFault::NoReader)),
            (_, 0) => Ok(Some(LinkFault::ReaderGone)),
        }
    }

    /// Tries every card whose time has come, new ones first.
    fn try_all(
        &mut self,
        monitor: &Monitor,
        notice: &mut impl FnMut(Option<&ReaderName>, &NotOpened),
    ) -> Result<Option<PcscTransport>, NotOpened> {
        let meant = self.meant(monitor);
        let now = Instant::now();
        let mut due: Vec<_> = self
            .seen
            .iter_mut()
            .filter(|(reader, seen)| {
                meant.contains(reader) && seen.due.is_some_and(|due| due <= now)
            })
            .collect();
        due.sort_by_key(|(_, seen)| seen.attempts);
        for (reader, seen) in due {
            let why = match attempt(self.wanted, reader, self.options) {
                Ok(link) => return Ok(Some(link)),
                Err(NotOpened::Link(LinkFault::Cancelled)) => {
                    return Err(LinkFault::Cancelled.into());
                }
                Err(why) => why,
            };
            seen.attempts += 1;
            let is_final = matches!(why, NotOpened::OtherCard(_) | NOT_PERMITTED);
            // Looking whether another program has done with a card powers nothing up.
            let doublings = if why == BUSY { 0 } else { seen.attempts.min(4) - 1 };
            let pause = PAUSE.saturating_mul(1 << doublings).min(LONGEST_PAUSE);
            seen.due = (!is_final).then(|| Instant::now() + pause);
            if is_final || seen.attempts == WORTH_SAYING {
                notice(Some(reader), &why);
            }
            seen.why = why;
        }
        let is_refused = |reader: &ReaderName| {
            let why = self.seen.get(reader).map(|seen| &seen.why);
            why == Some(&NOT_PERMITTED)
        };
        match !meant.is_empty() && meant.iter().all(is_refused) {
            true => Err(NOT_PERMITTED),
            false => Ok(None),
        }
    }

    /// When the next card that is meant is to be tried again.
    fn next_attempt(&self, monitor: &Monitor) -> Option<Instant> {
        let meant = self.meant(monitor);
        meant.iter().filter_map(|reader| self.seen.get(reader)?.due).min()
    }

    /// Why there is no link when the time is over.
    fn end(&self, monitor: &Monitor) -> NotOpened {
        if let Some(fault) = self.missing {
            return fault.into();
        }
        let meant = self.meant(monitor);
        let seen = || meant.iter().filter_map(|reader| self.seen.get(reader));
        let has_empty = seen().count() < meant.len();
        let there = || if has_empty { None } else { seen().next() };
        let telling = seen().find(|seen| seen.came).or_else(there);
        telling.map_or(NotOpened::Link(LinkFault::NoCard), |seen| seen.why.clone())
    }
}

/// One attempt: connects, and where any card could be meant asks what it is.
fn attempt(
    wanted: Wanted<'_>,
    reader: &ReaderName,
    options: &ConnectOptions,
) -> Result<PcscTransport, NotOpened> {
    let mut transport = PcscTransport::attempt(reader, options)?;
    if options.cancellation.is_cancelled() {
        return Err(LinkFault::Cancelled.into());
    }
    if wanted != Wanted::FirstMyNumberCard {
        return Ok(transport);
    }
    let told = recognise(transport.link(), Limits::default())
        .and_then(|mut driver| run(&mut driver, &mut transport));
    match (told, transport.fault()) {
        (_, Some(fault)) => Err(fault.into()),
        (Ok(Ok(Token::Foreign(kind))), None) => Err(NotOpened::OtherCard(kind)),
        (Ok(Ok(Token::Jpki(info))), None) if info.kind() == TokenKind::JukiCard => {
            Err(NotOpened::OtherCard(OtherCard::JukiCard))
        }
        // What it answers beyond that is for the reading to judge.
        (Ok(_), None) => Ok(transport),
        (Err(_), None) => Err(LinkFault::Transport.into()),
    }
}
