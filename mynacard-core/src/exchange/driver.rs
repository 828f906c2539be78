//! The driver: a flow turned into a state machine that the host steps.

use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll, Waker};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use super::channel::Channel;
use super::limits::{Capabilities, Limits, Progress, Statistics};
use crate::apdu::{Command, Response};
use crate::card::Card;
use crate::error::{LinkFault, Misuse};

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
    Transmit(Command),
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
}

impl<P> Parts<P> {
    fn new() -> Self {
        Self { queue: Arc::new(Mutex::new(VecDeque::new())) }
    }

    /// Delivers a part.
    pub fn deliver(&self, part: P) {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).push_back(part);
    }

    fn take(&self) -> Option<P> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
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
    pub fn new<F, Fut>(capabilities: Capabilities, limits: Limits, flow: F) -> Self
    where
        F: FnOnce(Card) -> Fut,
        Fut: Future<Output = T> + Send + 'a,
    {
        Self::with_parts(capabilities, limits, |card, _| flow(card))
    }
}

impl<'a, T, P> Driver<'a, T, P> {
    /// A driver for a flow that delivers parts of its result early. Card effect: none before a step.
    pub fn with_parts<F, Fut>(capabilities: Capabilities, limits: Limits, flow: F) -> Self
    where
        F: FnOnce(Card, Parts<P>) -> Fut,
        Fut: Future<Output = T> + Send + 'a,
    {
        let channel = Channel::new(capabilities, limits);
        let parts = Parts::new();
        let for_flow = Parts { queue: Arc::clone(&parts.queue) };
        let flow = flow(Card::new(channel.clone()), for_flow);
        Self { flow: Some(Box::pin(flow)), channel, parts, result: None, awaiting: Awaiting::Start }
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
        let mut mailbox = self.channel.lock();
        mailbox.lost = Some(fault);
        let in_flight = self.awaiting == Awaiting::Response || mailbox.outgoing.is_some();
        mailbox.outgoing = None;
        if in_flight {
            mailbox.incoming = Some(Err(fault.into()));
        }
    }

    fn advance(&mut self) -> Result<Action<T, P>, Misuse> {
        self.poll_flow();
        if let Some(progress) = self.channel.lock().progress.pop_front() {
            self.awaiting = Awaiting::Continue;
            return Ok(Action::Progress(progress));
        }
        if let Some(part) = self.parts.take() {
            self.awaiting = Awaiting::Continue;
            return Ok(Action::Part(part));
        }
        if let Some(result) = self.result.take() {
            self.awaiting = Awaiting::Nothing;
            return Ok(Action::Done(result));
        }
        if let Some(command) = self.channel.lock().hand_out() {
            self.awaiting = Awaiting::Response;
            return Ok(Action::Transmit(command));
        }
        self.awaiting = Awaiting::Nothing;
        self.flow = None;
        Err(Misuse::ForeignAwait)
    }

    /// Runs the flow, unless it waits for the answer to a command that is still to be handed out.
    fn poll_flow(&mut self) {
        if self.channel.lock().outgoing.is_some() {
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
