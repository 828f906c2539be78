//! What an encounter has made that no log has stored yet.

use std::collections::VecDeque;
use std::sync::{Arc, Weak};

use super::{LogKind, Occurrence};

/// Entries that wait to be stored, in the order in which they came about. Nothing is taken out of it but
/// by a log that has stored it.
pub(crate) struct Outbox<K: LogKind> {
    waiting: VecDeque<Occurrence<K>>,
    /// Tells this outbox from every other one, also from one with equal entries.
    identity: Arc<()>,
    /// Alive while the first entry lies pending in a log.
    offer: Weak<()>,
}

impl<K: LogKind> Outbox<K> {
    pub(crate) fn new() -> Self {
        Self { waiting: VecDeque::new(), identity: Arc::new(()), offer: Weak::new() }
    }

    pub(crate) fn push(&mut self, occurrence: Occurrence<K>) {
        self.waiting.push_back(occurrence);
    }

    pub(crate) fn len(&self) -> usize {
        self.waiting.len()
    }

    pub(super) fn first(&self) -> Option<&Occurrence<K>> {
        self.waiting.front()
    }

    /// Whether the first entry lies pending in a log.
    pub(super) fn is_offered(&self) -> bool {
        self.offer.strong_count() > 0
    }

    /// Notes that the first entry lies pending in a log, as long as that keeps what is returned.
    pub(super) fn offer(&mut self) -> (Weak<()>, Arc<()>) {
        let offer = Arc::new(());
        self.offer = Arc::downgrade(&offer);
        (Arc::downgrade(&self.identity), offer)
    }

    pub(super) fn is(&self, identity: &Weak<()>) -> bool {
        core::ptr::eq(identity.as_ptr(), Arc::as_ptr(&self.identity))
    }

    /// Takes out the first entry, which is stored.
    pub(super) fn stored(&mut self) -> Option<Occurrence<K>> {
        self.offer = Weak::new();
        self.waiting.pop_front()
    }
}
