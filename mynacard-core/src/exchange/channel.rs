//! The mailbox between a flow and its driver, with the guard and the limits under it.

use core::future::poll_fn;
use core::task::Poll;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::guard::Guard;
use super::limits::{Capabilities, Limits, Progress, Statistics};
use crate::apdu::{Command, Expected, Response, StatusWord};
use crate::error::{Error, LimitFault, LinkFault, Misuse};

/// What the mailbox holds. Dropped, and so wiped, with the last of flow and driver.
pub(super) struct Mailbox {
    pub(super) outgoing: Option<Command>,
    pub(super) incoming: Option<Result<Response, Error>>,
    pub(super) progress: VecDeque<Progress>,
    pub(super) lost: Option<LinkFault>,
    /// A bound that was passed: nothing more is sent.
    stopped: Option<LimitFault>,
    pub(super) statistics: Statistics,
    guard: Guard,
    capabilities: Capabilities,
    limits: Limits,
    idle: usize,
}

impl Mailbox {
    /// Takes the command that is to be sent, and counts it: one that a lost link has overtaken was
    /// never sent.
    pub(super) fn hand_out(&mut self) -> Option<Command> {
        let command = self.outgoing.take()?;
        self.statistics.exchanges += 1;
        self.statistics.bytes_sent += command.to_bytes().len();
        Some(command)
    }
}

/// A flow's end of the mailbox.
#[derive(Clone)]
pub(crate) struct Channel {
    mailbox: Arc<Mutex<Mailbox>>,
}

/// How a status word bears on what the command was to do.
pub(super) enum ReplyKind {
    /// Carried out, with or without a warning, perhaps with more bytes waiting.
    Carried,
    /// Not carried out.
    Refused,
}

impl ReplyKind {
    pub(super) const fn of(status: StatusWord) -> Self {
        match status {
            StatusWord::Ok | StatusWord::MoreAvailable(_) | StatusWord::Warning(_) => Self::Carried,
            _ => Self::Refused,
        }
    }
}

impl Channel {
    pub(super) fn new(capabilities: Capabilities, limits: Limits) -> Self {
        let mailbox = Mailbox {
            outgoing: None,
            incoming: None,
            progress: VecDeque::new(),
            lost: None,
            stopped: None,
            statistics: Statistics::default(),
            guard: Guard::new(),
            capabilities,
            limits,
            idle: 0,
        };
        Self { mailbox: Arc::new(Mutex::new(mailbox)) }
    }

    /// The mailbox. Nothing panics while it is held, so a poisoned lock is still sound.
    pub(super) fn lock(&self) -> MutexGuard<'_, Mailbox> {
        self.mailbox.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn capabilities(&self) -> Capabilities {
        self.lock().capabilities
    }

    pub(crate) fn limits(&self) -> Limits {
        self.lock().limits
    }

    pub(crate) fn statistics(&self) -> Statistics {
        self.lock().statistics
    }

    /// What the card has confirmed as selected.
    pub(crate) fn selection(&self) -> Guard {
        self.lock().guard.clone()
    }

    pub(crate) fn report(&self, progress: Progress) {
        self.lock().progress.push_back(progress);
    }

    /// Says whether the last answer brought something new.
    ///
    /// Errors: [`LimitFault::NoProgress`] after too many in a row that did not.
    pub(crate) fn advanced(&self, something_new: bool) -> Result<(), Error> {
        let mut mailbox = self.lock();
        mailbox.idle = if something_new { 0 } else { mailbox.idle + 1 };
        if mailbox.idle > mailbox.limits.idle {
            return Err(LimitFault::NoProgress.into());
        }
        Ok(())
    }

    /// Sends a command and waits for the answer.
    ///
    /// Errors: [`Misuse::ForbiddenCommand`], [`LimitFault`]: nothing was sent; [`LinkFault`]: it is
    /// not known whether the card carried the command out.
    pub(crate) async fn transmit(&self, command: Command) -> Result<Response, Error> {
        self.post(command)?;
        let response = poll_fn(|_| match self.lock().incoming.take() {
            Some(answer) => Poll::Ready(answer),
            None => Poll::Pending,
        })
        .await;
        self.settle(response)
    }

    fn post(&self, command: Command) -> Result<(), Error> {
        let mut mailbox = self.lock();
        if let Some(fault) = mailbox.lost {
            return Err(fault.into());
        }
        if let Some(fault) = mailbox.stopped {
            return Err(fault.into());
        }
        if mailbox.statistics.exchanges >= mailbox.limits.exchanges {
            return Err(LimitFault::Exchanges.into());
        }
        let length = command.to_bytes().len();
        let is_extended = length > 261 || matches!(command.expected(), Expected::Extended(_));
        if length > mailbox.capabilities.max_command
            || (is_extended && !mailbox.capabilities.extended_length)
        {
            return Err(Misuse::OutOfRange.into());
        }
        mailbox.guard.admit(&command)?;
        mailbox.outgoing = Some(command);
        Ok(())
    }

    fn settle(&self, answer: Result<Response, Error>) -> Result<Response, Error> {
        let mut mailbox = self.lock();
        match answer {
            Ok(response) => {
                mailbox.guard.answered(response.status());
                mailbox.statistics.bytes_received += response.data().len() + 2;
                if mailbox.statistics.bytes_received > mailbox.limits.bytes {
                    mailbox.stopped = Some(LimitFault::Bytes);
                    return Err(LimitFault::Bytes.into());
                }
                Ok(response)
            }
            Err(error) => {
                mailbox.guard.unanswered();
                Err(error)
            }
        }
    }
}
