//! The mailbox between a flow and its driver, with the guard and the limits under it.

use core::future::poll_fn;
use core::task::Poll;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::guard::Guard;
use super::limits::{Capabilities, Limits, Progress, Statistics};
use super::link::{Known, Lease, Link};
use crate::apdu::{Command, Encoded, Expected, Response};
use crate::error::{Error, LimitFault, LinkFault, Misuse};
use crate::map::{Application, Fid};

/// What the mailbox holds. Dropped, and so wiped, with the last of flow and driver.
pub(crate) struct Mailbox {
    /// The link, until the driver has ended.
    lease: Option<Lease>,
    outgoing: Option<Encoded>,
    pub(crate) incoming: Option<Result<Response, Error>>,
    /// What the host is to be shown, in the order in which it came about.
    pub(crate) notes: VecDeque<Note>,
    lost: Option<LinkFault>,
    /// A bound that was passed: nothing more is sent.
    stopped: Option<LimitFault>,
    statistics: Statistics,
    guard: Guard,
    refuses_short_ids: bool,
    longest_answer: Option<usize>,
    capabilities: Capabilities,
    limits: Limits,
    idle: usize,
}

/// Something to show.
pub(crate) enum Note {
    Progress(Progress),
    /// The next of the early parts, which lie in a queue of their own type.
    Part,
}

impl Mailbox {
    /// Whether a command waits to be handed out.
    pub(crate) const fn has_command(&self) -> bool {
        self.outgoing.is_some()
    }

    /// Takes the command that is to be sent, and counts it: one that a lost link has overtaken was
    /// never sent.
    pub(crate) fn hand_out(&mut self) -> Option<Encoded> {
        let command = self.outgoing.take()?;
        self.statistics.exchanges += 1;
        self.statistics.bytes_sent += command.len();
        Some(command)
    }

    /// Takes note that the link is lost. `in_flight` says whether a command was handed out whose answer
    /// is awaited.
    pub(crate) fn lose_link(&mut self, fault: LinkFault, in_flight: bool) {
        self.lost = Some(fault);
        if in_flight || self.outgoing.take().is_some() {
            self.incoming = Some(Err(fault.into()));
        }
        self.guard.lose();
    }

    /// Gives the link back. What is known of the card stays with it only if the driver has come to its
    /// end.
    pub(crate) fn give_back(&mut self, at_its_end: bool) {
        let Some(lease) = self.lease.take() else { return };
        let known = Known {
            application: self.guard.handed_on(),
            refuses_short_ids: self.refuses_short_ids,
            longest_answer: self.longest_answer,
        };
        // A flow may have walked away from an answer, and with it from what the card has selected.
        let holds = at_its_end && self.lost.is_none() && self.guard.is_settled();
        lease.give_back(if holds { known } else { Known::default() });
    }

    pub(crate) fn is_over(&self, link: &Link) -> bool {
        self.lease.as_ref().is_some_and(|lease| lease.is_of(link))
    }
}

/// A flow's end of the mailbox.
#[derive(Clone)]
pub(crate) struct Channel {
    mailbox: Arc<Mutex<Mailbox>>,
}

impl Channel {
    /// Takes the link for one driver.
    ///
    /// Errors: [`Misuse::LinkBusy`].
    pub(crate) fn open(link: &Link, limits: Limits) -> Result<Self, Misuse> {
        let (lease, known) = link.lend()?;
        let mailbox = Mailbox {
            capabilities: lease.capabilities(),
            lease: Some(lease),
            outgoing: None,
            incoming: None,
            notes: VecDeque::new(),
            lost: None,
            stopped: None,
            statistics: Statistics::default(),
            guard: Guard::at(known.application),
            refuses_short_ids: known.refuses_short_ids,
            longest_answer: known.longest_answer,
            limits,
            idle: 0,
        };
        Ok(Self { mailbox: Arc::new(Mutex::new(mailbox)) })
    }

    /// The mailbox. Nothing panics while it is held, so a poisoned lock is still sound.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Mailbox> {
        self.mailbox.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn limits(&self) -> Limits {
        self.lock().limits
    }

    pub(crate) fn statistics(&self) -> Statistics {
        self.lock().statistics
    }

    /// The application that the card has confirmed as selected.
    pub(crate) fn application(&self) -> Option<Application> {
        self.lock().guard.application()
    }

    /// Whether it did so with a warning.
    pub(crate) fn is_warned(&self) -> bool {
        self.lock().guard.is_warned()
    }

    /// The file that the card has confirmed as selected.
    pub(crate) fn file(&self) -> Option<Fid> {
        self.lock().guard.file()
    }

    /// Most data bytes that one answer may carry, as far as link and card take it.
    pub(crate) fn most_data(&self) -> usize {
        let mailbox = self.lock();
        let most = mailbox.capabilities.max_data();
        mailbox.longest_answer.map_or(most, |learnt| learnt.min(most))
    }

    /// Takes note that card or reader carries no more data in one answer.
    pub(crate) fn carries_only(&self, longest: usize) {
        let mut mailbox = self.lock();
        let before = mailbox.longest_answer.unwrap_or(usize::MAX);
        mailbox.longest_answer = Some(longest.min(before));
    }

    pub(crate) fn takes_short_ids(&self) -> bool {
        !self.lock().refuses_short_ids
    }

    /// Takes note that the card refuses short file identifiers.
    pub(crate) fn refuses_short_ids(&self) {
        self.lock().refuses_short_ids = true;
    }

    /// Shows something to the host, after what was shown before.
    pub(crate) fn show(&self, note: Note) {
        self.lock().notes.push_back(note);
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
        self.post(&command)?;
        let response = poll_fn(|_| match self.lock().incoming.take() {
            Some(answer) => Poll::Ready(answer),
            None => Poll::Pending,
        })
        .await;
        self.settle(response)
    }

    fn post(&self, command: &Command) -> Result<(), Error> {
        let mut mailbox = self.lock();
        // Another card may lie there: what is selected on it is not known, and this number may not be its own.
        if mailbox.lost.is_none() && mailbox.lease.as_ref().is_some_and(Lease::is_forgotten) {
            mailbox.lose_link(LinkFault::Reset, false);
        }
        if let Some(fault) = mailbox.lost {
            return Err(fault.into());
        }
        if let Some(fault) = mailbox.stopped {
            return Err(fault.into());
        }
        if mailbox.statistics.exchanges >= mailbox.limits.exchanges {
            return Err(LimitFault::Exchanges.into());
        }
        let encoded = command.encode();
        let is_extended =
            encoded.len() > 261 || matches!(command.expected(), Expected::Extended(_));
        if encoded.len() > mailbox.capabilities.max_command
            || (is_extended && !mailbox.capabilities.extended_length)
        {
            return Err(Misuse::OutOfRange.into());
        }
        mailbox.guard.admit(command)?;
        mailbox.outgoing = Some(encoded);
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
                mailbox.guard.lose();
                Err(error)
            }
        }
    }
}
