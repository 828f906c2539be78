//! A reading that its host holds, until an encounter or a resumed session takes it out.

use std::sync::{Arc, PoisonError, RwLock, RwLockWriteGuard};

use mynacard_core::credential::VerificationNumberB;
use mynacard_core::encounter::NotTaken;
use mynacard_core::error::Misuse;
use mynacard_core::exchange::Link;
use mynacard_core::reading::{CardReading, Examined, Part, Plan};
use mynacard_core::trust::Report;

use crate::error::{BoundaryFault, Error};
use crate::session::Session;

/// A reading, examined or not, or the place where one was.
pub struct KeptReading(RwLock<Kept>);

enum Kept {
    Read(Box<CardReading>),
    Examined(Box<Examined>),
    Taken,
}

impl KeptReading {
    /// Keeps a reading.
    #[must_use]
    pub fn new(reading: CardReading) -> Self {
        Self(RwLock::new(Kept::Read(Box::new(reading))))
    }

    /// Looks at the reading.
    ///
    /// Errors: [`BoundaryFault::Absent`] if it was taken; what `look` says.
    pub fn look<T>(&self, look: impl FnOnce(&CardReading) -> Result<T, Error>) -> Result<T, Error> {
        match &*self.0.read().unwrap_or_else(PoisonError::into_inner) {
            Kept::Read(reading) => look(reading),
            Kept::Examined(examined) => look(examined.reading()),
            Kept::Taken => Err(BoundaryFault::Absent.into()),
        }
    }

    /// Examines the reading where it lies, in the place of an earlier examination; gives the report.
    ///
    /// Errors: [`BoundaryFault::Absent`] if it was taken.
    pub fn examine(&self, examine: impl FnOnce(CardReading) -> Examined) -> Result<Report, Error> {
        let mut kept = self.hold();
        let examined = examine(kept.take().ok_or(BoundaryFault::Absent)?);
        let report = examined.report().clone();
        *kept = Kept::Examined(Box::new(examined));
        Ok(report)
    }

    /// Offers the examined reading to an encounter, which takes it or gives it back.
    ///
    /// Errors: [`BoundaryFault::Absent`] if it was taken, [`BoundaryFault::NotExamined`]; why it was not
    /// taken, with the reading as it was.
    pub fn offer<T>(&self, take: impl FnOnce(Examined) -> Result<T, NotTaken>) -> Result<T, Error> {
        let mut kept = self.hold();
        match core::mem::replace(&mut *kept, Kept::Taken) {
            Kept::Examined(examined) => take(*examined).map_err(|not_taken| {
                *kept = Kept::Examined(not_taken.card);
                not_taken.error.into()
            }),
            Kept::Read(reading) => {
                *kept = Kept::Read(reading);
                Err(BoundaryFault::NotExamined.into())
            }
            Kept::Taken => Err(BoundaryFault::Absent.into()),
        }
    }

    /// Takes the reading out into a session that goes on with it. The plan has the new challenge.
    ///
    /// Errors: as [`Session::resume`]; [`Misuse::OutOfRange`] without a challenge; the reading is then as
    /// it was, to be examined anew.
    pub fn resume(
        &self,
        link: &Link,
        number: Arc<VerificationNumberB>,
        plan: Plan,
    ) -> Result<Session, Error> {
        let challenge = plan.challenge.clone().ok_or(Misuse::OutOfRange)?;
        let mut kept = self.hold();
        let reading = kept.take().ok_or(BoundaryFault::Absent)?;
        Session::resume(link, number, plan, reading, challenge).map_err(|stopped| {
            *kept = Kept::Read(stopped.reading);
            stopped.error.into()
        })
    }

    fn hold(&self) -> RwLockWriteGuard<'_, Kept> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn take(&mut self) -> Option<CardReading> {
        match core::mem::replace(self, Self::Taken) {
            Self::Read(reading) => Some(*reading),
            Self::Examined(examined) => Some(examined.into_reading()),
            Self::Taken => None,
        }
    }
}

/// The value of a part. Errors: why there is none.
pub fn value_of<T>(part: &Part<T>) -> Result<&T, Error> {
    match part {
        Part::Read(value) => Ok(value),
        Part::Failed(error) => Err((*error).into()),
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
