//! One call at a time, and a refusal instead of a wait.

use std::sync::{Mutex, MutexGuard, TryLockError};

use crate::error::BoundaryFault;

/// A value that one call at a time may use.
pub struct Exclusive<T>(Mutex<T>);

impl<T> Exclusive<T> {
    /// A value that nobody uses yet.
    pub const fn new(value: T) -> Self {
        Self(Mutex::new(value))
    }

    /// Takes it for one call.
    ///
    /// Errors: [`BoundaryFault::HandleBusy`] while another call has it; [`BoundaryFault::Panicked`], for
    /// ever, once a panic has left it half done.
    pub fn hold(&self) -> Result<MutexGuard<'_, T>, BoundaryFault> {
        self.0.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => BoundaryFault::HandleBusy,
            TryLockError::Poisoned(_) => BoundaryFault::Panicked,
        })
    }
}
