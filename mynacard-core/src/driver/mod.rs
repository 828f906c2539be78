//! The sans-IO driver: flows inside, bytes in and out, nothing else.
//!
//! A flow is straight-line `async` code over a [`Card`]. A [`Driver`] polls it with a waker that does
//! nothing: the only thing a flow can wait for is the card's next answer. The host owns the reader call,
//! and so the thread, the time-out and the cancellation: it drops the driver, or tells it
//! [`Input::LinkLost`].
//!
//! ```text
//! step(Start) ──► Transmit(command) ──► step(Response(bytes)) ──► Transmit … ──► Done(value)
//!                 Progress / Part   ──► step(Continue)        ──► …
//! ```
//!
//! A driver has its [`Link`] to itself from its making until it is done or dropped. [`run`] is the
//! reference loop; a host that writes its own must do exactly what it does.

mod run;

use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll, Waker};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub use run::{run, run_async, run_with};

use crate::apdu::{Encoded, Response};
use crate::card::Card;
use crate::error::{LinkFault, Misuse};
use crate::exchange::{Channel, Limits, Link, Note, Progress, Statistics};

/// What the host tells a driver.
#[derive(Clone, Copy)]
pub enum Input<'a> {
    /// Begin. The first input, and only that.
    Start,
    /// Go on after [`Action::Progress`] or [`Action::Part`].
    Continue,
    /// The card's answer to the last [`Action::Transmit`]: data and status word.
    Response(&'a [u8]),
    /// The link failed; accepted at any time before the end. The driver sends nothing after it and
    /// ends with what it has.
    LinkLost(LinkFault),
}

/// What a driver tells the host.
pub enum Action<T, P = NoParts> {
    /// Send this to the card, then step with [`Input::Response`] or [`Input::LinkLost`].
    Transmit(Encoded),
    /// Show this, then step with [`Input::Continue`].
    Progress(Progress),
    /// A part of the result is ready before the rest; step with [`Input::Continue`].
    Part(P),
    /// The end. Stepping again is an error.
    Done(T),
}

/// The part type of flows that deliver everything at their end.
#[derive(Clone, Copy, Debug)]
pub enum NoParts {}

/// Where a flow puts parts of its result that should not wait for its end.
pub struct Parts<P> {
    queue: Arc<Mutex<VecDeque<P>>>,
    channel: Channel,
}

impl<P> Parts<P> {
    fn new(channel: Channel) -> Self {
        Self { queue: Arc::new(Mutex::new(VecDeque::new())), channel }
    }

    /// Delivers a part, after whatever was shown before it.
    pub fn deliver(&self, part: P) {
        self.lock().push_back(part);
        self.channel.show(Note::Part);
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<P>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Awaiting {
    Start,
    Continue,
    Response,
    Nothing,
}

/// A reading in progress, without any I/O. Dropping it cancels it; nothing is left behind.
///
/// Each [`Driver::step`] runs the flow up to its next need. No step blocks, and a refused step
/// changes nothing.
pub struct Driver<'a, T, P = NoParts> {
    flow: Option<Pin<Box<dyn Future<Output = T> + Send + 'a>>>,
    channel: Channel,
    parts: Parts<P>,
    result: Option<T>,
    awaiting: Awaiting,
}

impl<'a, T> Driver<'a, T> {
    /// A driver for a flow that delivers everything at its end. Card effect: none before a step.
    ///
    /// Errors: [`Misuse::LinkBusy`].
    pub fn new<F, Fut>(link: &Link, limits: Limits, flow: F) -> Result<Self, Misuse>
    where
        F: FnOnce(Card) -> Fut,
        Fut: Future<Output = T> + Send + 'a,
    {
        Self::with_parts(link, limits, |card, _| flow(card))
    }
}

impl<'a, T, P> Driver<'a, T, P> {
    /// A driver for a flow that delivers parts of its result early. Card effect: none before a step.
    ///
    /// Errors: [`Misuse::LinkBusy`].
    pub fn with_parts<F, Fut>(link: &Link, limits: Limits, flow: F) -> Result<Self, Misuse>
    where
        F: FnOnce(Card, Parts<P>) -> Fut,
        Fut: Future<Output = T> + Send + 'a,
    {
        Ok(Self::over(Channel::open(link, limits)?, flow))
    }

    /// A driver for a flow over a link that it has got already.
    pub(crate) fn over<F, Fut>(channel: Channel, flow: F) -> Self
    where
        F: FnOnce(Card, Parts<P>) -> Fut,
        Fut: Future<Output = T> + Send + 'a,
    {
        let parts = Parts::new(channel.clone());
        let for_flow = Parts { queue: Arc::clone(&parts.queue), channel: channel.clone() };
        let flow = Box::pin(flow(Card::new(channel.clone()), for_flow));
        Self { flow: Some(flow), channel, parts, result: None, awaiting: Awaiting::Start }
    }

    /// Whether the driver has this link: from its making until it is done.
    #[must_use]
    pub fn is_over(&self, link: &Link) -> bool {
        self.channel.lock().is_over(link)
    }

    /// Advances the reading by one input.
    ///
    /// Errors: [`Misuse::UnexpectedInput`] (nothing changes), [`Misuse::AlreadyDone`],
    /// [`Misuse::ForeignAwait`] (the flow waits for something that can never come; the driver has
    /// ended). Card effect: none; what the returned action does is the flow's to document.
    pub fn step(&mut self, input: Input<'_>) -> Result<Action<T, P>, Misuse> {
        match (input, self.awaiting) {
            (_, Awaiting::Nothing) => return Err(Misuse::AlreadyDone),
            (Input::Start, Awaiting::Start) | (Input::Continue, Awaiting::Continue) => {}
            // Some readers report success with no bytes when the card is pulled.
            (Input::Response([] | [_]), Awaiting::Response) => self.lose_link(LinkFault::Lost),
            (Input::Response(bytes), Awaiting::Response) => {
                let answer = Response::parse(bytes).map_err(Into::into);
                self.channel.lock().incoming = Some(answer);
            }
            (Input::LinkLost(fault), _) => self.lose_link(fault),
            _ => return Err(Misuse::UnexpectedInput),
        }
        self.advance()
    }

    /// What has been spent so far. Never decreases.
    #[must_use]
    pub fn statistics(&self) -> Statistics {
        self.channel.statistics()
    }

    fn lose_link(&mut self, fault: LinkFault) {
        self.channel.lock().lose_link(fault, self.awaiting == Awaiting::Response);
    }

    fn advance(&mut self) -> Result<Action<T, P>, Misuse> {
        self.poll_flow();
        if let Some(note) = self.next_note() {
            self.awaiting = Awaiting::Continue;
            return Ok(note);
        }
        if let Some(result) = self.result.take() {
            self.awaiting = Awaiting::Nothing;
            self.channel.lock().give_back(true);
            return Ok(Action::Done(result));
        }
        if let Some(command) = self.channel.lock().hand_out() {
            self.awaiting = Awaiting::Response;
            return Ok(Action::Transmit(command));
        }
        self.awaiting = Awaiting::Nothing;
        self.flow = None;
        self.channel.lock().give_back(false);
        Err(Misuse::ForeignAwait)
    }

    fn next_note(&self) -> Option<Action<T, P>> {
        match self.channel.lock().notes.pop_front()? {
            Note::Progress(progress) => Some(Action::Progress(progress)),
            Note::Part => self.parts.lock().pop_front().map(Action::Part),
        }
    }

    /// Runs the flow, unless it waits for the answer to a command that is still to be handed out.
    fn poll_flow(&mut self) {
        if self.channel.lock().has_command() {
            return;
        }
        let Some(flow) = &mut self.flow else { return };
        if let Poll::Ready(result) = flow.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            self.result = Some(result);
            self.flow = None;
        }
    }
}

impl<T, P> fmt::Debug for Driver<'_, T, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self.awaiting {
            Awaiting::Start => "to be started",
            Awaiting::Continue => "to be continued",
            Awaiting::Response => "awaits a response",
            Awaiting::Nothing => "done",
        };
        write!(f, "Driver({state}, {:?})", self.statistics())
    }
}

impl<T, P> Drop for Driver<'_, T, P> {
    /// One that is dropped on its way leaves nothing known of the card.
    fn drop(&mut self) {
        self.flow = None;
        self.channel.lock().give_back(false);
    }
}
