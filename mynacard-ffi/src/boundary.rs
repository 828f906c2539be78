//! The panic boundary, for every language.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::error::{BoundaryFault, Error};

/// Runs the body of an entry. A panic becomes [`BoundaryFault::Panicked`].
///
/// What a panic may leave half done is an object behind a lock, which recovers by refusing.
///
/// Errors: what the body says; [`BoundaryFault::Panicked`].
pub(crate) fn contained<T>(body: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|payload| {
        // The payload's own drop may panic as well; it is left behind.
        core::mem::forget(payload);
        Err(BoundaryFault::Panicked.into())
    })
}
