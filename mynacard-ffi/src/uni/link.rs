//! Links: one connection to one card, which one driver at a time has to itself.

use std::sync::Arc;

use mynacard_core::exchange;

use super::plain::ReaderCapabilities;

/// A connection to one card, from its power-up to its removal. One driver at a time has it: another one is
/// refused with `Misuse::LinkBusy` until the first is done or let go, because two that took turns could
/// present a number to a key that the other has selected.
///
/// Make one when a card appears, keep it with the reader's own object, whatever wraps that, and make a new
/// one for the next card or tap.
#[derive(uniffi::Object)]
pub struct Link(pub(super) exchange::Link);

#[uniffi::export]
impl Link {
    /// A link to a card of which nothing is known.
    #[uniffi::constructor]
    #[must_use]
    pub fn new(capabilities: ReaderCapabilities) -> Arc<Self> {
        Arc::new(Self(exchange::Link::new(capabilities.into())))
    }

    /// What the connection can carry.
    #[must_use]
    pub fn capabilities(&self) -> ReaderCapabilities {
        self.0.capabilities().into()
    }

    /// Whether a driver has it that is neither done nor let go.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.0.is_busy()
    }

    /// Forgets what is known of the card, because it was reset or taken away between two drivers. A driver
    /// that is under way is told with link_lost instead.
    pub fn forget(&self) {
        self.0.forget();
    }
}
