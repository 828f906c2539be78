//! What an encounter has made that no log has stored yet.

use core::fmt;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use super::{LogKind, Occurrence};

/// Entries that wait to be stored, in the order in which they came about. Nothing is taken out of it but
/// by a log that has stored it, and what is left when the encounter is dropped stays with the log.
pub(crate) struct Outbox<K: LogKind> {
    queue: Queue<K>,
}

/// The entries, for the encounter that makes them and the log that stores them.
pub(super) struct Queue<K: LogKind>(Arc<Mutex<Waiting<K>>>);

struct Waiting<K: LogKind> {
    entries: VecDeque<Occurrence<K>>,
    /// The encounter is gone.
    left: bool,
    /// Alive while the first entry lies pending in a log.
    offer: Weak<()>,
}

impl<K: LogKind> Outbox<K> {
    pub(crate) fn new() -> Self {
        let waiting = Waiting { entries: VecDeque::new(), left: false, offer: Weak::new() };
        Self { queue: Queue(Arc::new(Mutex::new(waiting))) }
    }

    pub(crate) fn push(&mut self, occurrence: Occurrence<K>) {
        self.queue.hold().entries.push_back(occurrence);
    }

    pub(crate) fn len(&self) -> usize {
        self.queue.hold().entries.len()
    }

    pub(super) const fn queue(&self) -> &Queue<K> {
        &self.queue
    }
}

impl<K: LogKind> Drop for Outbox<K> {
    fn drop(&mut self) {
        self.queue.hold().left = true;
    }
}

impl<K: LogKind> Queue<K> {
    fn hold(&self) -> MutexGuard<'_, Waiting<K>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn share(&self) -> Self {
        Self(Arc::clone(&self.0))
    }

    pub(super) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Whether the encounter that made the entries is gone.
    pub(super) fn is_left(&self) -> bool {
        self.hold().left
    }

    pub(super) fn is_empty(&self) -> bool {
        self.hold().entries.is_empty()
    }

    /// Whether the first entry lies pending in a log.
    pub(super) fn is_offered(&self) -> bool {
        self.hold().offer.strong_count() > 0
    }

    /// What `make` makes of the first entry, which lies pending in a log as long as the second value is
    /// kept. None when nothing waits.
    pub(super) fn offer<T>(&self, make: impl FnOnce(&Occurrence<K>) -> T) -> Option<(T, Arc<()>)> {
        let mut waiting = self.hold();
        let made = make(waiting.entries.front()?);
        let offer = Arc::new(());
        waiting.offer = Arc::downgrade(&offer);
        Some((made, offer))
    }

    /// Takes out the first entry, which is stored.
    pub(super) fn stored(&self) -> Option<Occurrence<K>> {
        let mut waiting = self.hold();
        waiting.offer = Weak::new();
        waiting.entries.pop_front()
    }
}

impl<K: LogKind> fmt::Debug for Queue<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Queue").field(&self.hold().entries.len()).finish()
    }
}
