//! A reading that its host holds, until an encounter or a resumed session takes it out.

use std::sync::{Arc, PoisonError, RwLock};

use mynacard_core::Error;
use mynacard_core::credential::VerificationNumberB;
use mynacard_core::error::{BoundaryFault, Misuse};
use mynacard_core::exchange::Capabilities;
use mynacard_core::reading::{CardReading, Part, Plan};

use crate::session::Session;

/// A reading, or the place where one was.
pub struct KeptReading(RwLock<Option<CardReading>>);

impl KeptReading {
    /// Keeps a reading.
    #[must_use]
    pub const fn new(reading: CardReading) -> Self {
        Self(RwLock::new(Some(reading)))
    }

    /// Looks at the reading.
    ///
    /// Errors: [`BoundaryFault::Absent`] if it was taken; what `look` says.
    pub fn look<T>(&self, look: impl FnOnce(&CardReading) -> Result<T, Error>) -> Result<T, Error> {
        let reading = self.0.read().unwrap_or_else(PoisonError::into_inner);
        look(reading.as_ref().ok_or(BoundaryFault::Absent)?)
    }

    /// Takes the reading out.
    ///
    /// Errors: [`BoundaryFault::Absent`] if it was taken.
    pub fn take(&self) -> Result<CardReading, BoundaryFault> {
        let mut reading = self.0.write().unwrap_or_else(PoisonError::into_inner);
        reading.take().ok_or(BoundaryFault::Absent)
    }

    fn put(&self, reading: CardReading) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(reading);
    }

    /// Takes the reading out into a session that goes on with it. The plan has the new challenge.
    ///
    /// Errors: as [`Session::resume`]; [`Misuse::OutOfRange`] without a challenge; the reading is then as
    /// it was.
    pub fn resume(
        &self,
        capabilities: Capabilities,
        number: Arc<VerificationNumberB>,
        plan: Plan,
    ) -> Result<Session, Error> {
        let challenge = plan.challenge.clone().ok_or(Misuse::OutOfRange)?;
        Session::resume(capabilities, number, plan, self.take()?, challenge).map_err(|stopped| {
            self.put(*stopped.reading);
            stopped.error
        })
    }
}

/// The value of a part. Errors: why there is none.
pub fn value_of<T>(part: &Part<T>) -> Result<&T, Error> {
    match part {
        Part::Read(value) => Ok(value),
        Part::Failed(error) => Err(*error),
        Part::Refused(verification) => match verification.fault() {
            Some(fault) => Err(fault.into()),
            None => Err(BoundaryFault::Absent.into()),
        },
        Part::NotAttempted => Err(BoundaryFault::Absent.into()),
    }
}

/// A sentence for the log on why there is no value, with the operation and the card's status word;
/// empty if there is one. Nothing personal is in it.
pub fn log_line<T>(part: &Part<T>) -> String {
    value_of(part).err().map_or_else(String::new, |error| error.to_string())
}
