//! One connection to one card, and who drives it.
//!
//! What is selected on a card belongs to the connection, not to whoever speaks over it: two drivers that
//! took turns would each act on the other's selection, and a VERIFY would reach the wrong key. So a
//! [`Link`] lends itself to one driver at a time, and hands what is known of the card from one to the
//! next.

use core::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::limits::Capabilities;
use crate::error::Misuse;
use crate::map::Application;

/// A connection to one card, from its power-up to its removal. Every transport owns one
/// ([`CardTransport::link`](super::CardTransport::link)); whatever wraps a transport passes its link on.
///
/// **One connection, one link**: a host that steps drivers itself makes a link when a card appears,
/// keeps it with the reader's own object, and makes a new one for the next connection. A clone is the
/// same link.
#[derive(Clone)]
pub struct Link {
    shared: Arc<Shared>,
}

struct Shared {
    capabilities: Capabilities,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    is_lent: bool,
    /// Told to forget while lent: what the driver gives back is of no use.
    is_forgotten: bool,
    known: Known,
}

/// What is known of the card on a link between two drivers.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Known {
    /// The application that the card has confirmed as selected. A file is not handed on: a VERIFY
    /// always follows a SELECT of its key by the same driver.
    pub(crate) application: Option<Application>,
    /// The card refused a short file identifier.
    pub(crate) refuses_short_ids: bool,
    /// Most data bytes in one answer, where card or reader turned out to carry fewer than the reader says.
    pub(crate) longest_answer: Option<usize>,
}

impl Link {
    /// A link to a card of which nothing is known.
    #[must_use]
    pub fn new(capabilities: Capabilities) -> Self {
        let state = Mutex::new(State::default());
        Self { shared: Arc::new(Shared { capabilities, state }) }
    }

    /// What the connection can carry.
    #[must_use]
    pub fn capabilities(&self) -> Capabilities {
        self.shared.capabilities
    }

    /// Whether a driver has it that has neither ended nor been dropped.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.shared.lock().is_lent
    }

    /// Most data bytes in one answer, where card or reader turned out to carry fewer than the reader says: 256
    /// for extended length that is refused, less for shorter blocks. None while nothing was refused.
    #[must_use]
    pub fn longest_answer(&self) -> Option<usize> {
        self.shared.lock().known.longest_answer
    }

    /// Forgets what is known of the card, because it was reset or taken away. A driver that is under way sends
    /// nothing more: it ends as if the link had been lost with [`LinkFault::Reset`](crate::error::LinkFault::Reset).
    pub fn forget(&self) {
        let mut state = self.shared.lock();
        state.known = Known::default();
        state.is_forgotten = true;
    }

    /// Lends the link.
    ///
    /// Errors: [`Misuse::LinkBusy`].
    pub(crate) fn lend(&self) -> Result<(Lease, Known), Misuse> {
        let mut state = self.shared.lock();
        if core::mem::replace(&mut state.is_lent, true) {
            return Err(Misuse::LinkBusy);
        }
        state.is_forgotten = false;
        let known = core::mem::take(&mut state.known);
        Ok((Lease { shared: Arc::clone(&self.shared) }, known))
    }
}

impl Shared {
    /// Nothing panics while it is held, so a poisoned lock is still sound.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = if self.is_busy() { "in use" } else { "free" };
        write!(f, "Link({state}, {:?})", self.capabilities())
    }
}

/// The use of a link by one driver. Dropped without a word on what is known, it leaves nothing known.
pub(crate) struct Lease {
    shared: Arc<Shared>,
}

impl Lease {
    /// Gives the link back at the end of a driver, with what is known of the card then.
    pub(crate) fn give_back(self, known: Known) {
        let mut state = self.shared.lock();
        if !state.is_forgotten {
            state.known = known;
        }
    }

    /// Whether the card was reset or taken away since the link was lent.
    pub(crate) fn is_forgotten(&self) -> bool {
        self.shared.lock().is_forgotten
    }

    pub(crate) fn is_of(&self, link: &Link) -> bool {
        Arc::ptr_eq(&self.shared, &link.shared)
    }

    pub(crate) fn capabilities(&self) -> Capabilities {
        self.shared.capabilities
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.shared.lock().is_lent = false;
    }
}
