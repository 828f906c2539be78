//! Stopping a wait or a reading from another thread.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use pcsc::Context;

/// Stops waits and readings that were given a clone of it.
///
/// It is set once and stays set: a cancelled wait that begins late is cancelled too, and a new one
/// takes a new cancellation, so that yesterday's "cancel" never ends today's reading.
///
/// A wait ends at once. A reading ends before its next command: an exchange under way is not torn,
/// because nobody would know what the card made of it.
#[derive(Clone, Default)]
pub struct Cancellation {
    inner: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    is_cancelled: AtomicBool,
    /// Connections to the service in which somebody may be waiting, as long as they do.
    waiting: Mutex<Vec<Weak<Context>>>,
}

impl Cancellation {
    /// One that nobody has cancelled.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Cancels, from any thread, any number of times.
    pub fn cancel(&self) {
        self.inner.is_cancelled.store(true, Ordering::SeqCst);
        let waiting = self.inner.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        for context in waiting.iter().filter_map(Weak::upgrade) {
            // Fails where nobody waits any more, which is just as well.
            let _ = context.cancel();
        }
    }

    /// Whether it has been cancelled.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.inner.is_cancelled.load(Ordering::SeqCst)
    }

    /// From here on a cancellation also wakes who waits in this context, while it lives.
    pub(crate) fn watch(&self, context: &Arc<Context>) {
        let mut waiting = self.inner.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(|context| context.strong_count() > 0);
        waiting.push(Arc::downgrade(context));
    }
}

impl fmt::Debug for Cancellation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_cancelled() { "Cancellation(cancelled)" } else { "Cancellation" })
    }
}
