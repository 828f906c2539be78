//! A session that any thread may use, one at a time, and that can be cancelled meanwhile.

use core::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, MutexGuard};

use mynacard_core::apdu::Encoded;
use mynacard_core::applet::face::CardFace;
use mynacard_core::driver::Input;
use mynacard_core::error::{LinkFault, Misuse};
use mynacard_core::exchange::{Link, Progress, Statistics};
use mynacard_core::reading::CardReading;

use crate::error::{BoundaryFault, Error};
use crate::exclusive::Exclusive;
use crate::session::{Outcome, Session, Step};

/// A session with what its host may still ask of it.
pub struct Running {
    state: Exclusive<State>,
    cancelled: AtomicBool,
    link: Link,
}

struct State {
    session: Session,
    /// The command that the host is looking at.
    command: Option<Encoded>,
    face: Option<Arc<CardFace>>,
    outcome: Option<Outcome>,
}

/// Exclusive use of a session for one call.
pub struct Held<'a> {
    state: MutexGuard<'a, State>,
    cancelled: &'a AtomicBool,
}

/// What a session wants next.
pub enum Wish {
    /// Send [`Held::command`], then step with the answer or with the lost link.
    Transmit,
    /// Show this, then continue.
    Progress(Progress),
    /// Show this card face, then continue.
    Face(Arc<CardFace>),
    /// Take the outcome.
    Done,
}

impl Running {
    /// A session that has not begun.
    #[must_use]
    pub fn new(link: Link, session: Session) -> Self {
        let state = Exclusive::new(State { session, command: None, face: None, outcome: None });
        Self { state, cancelled: AtomicBool::new(false), link }
    }

    /// The link that it was made for.
    #[must_use]
    pub const fn link(&self) -> &Link {
        &self.link
    }

    /// Takes the session for one call. Errors: as [`Exclusive::hold`].
    pub fn hold(&self) -> Result<Held<'_>, BoundaryFault> {
        Ok(Held { state: self.state.hold()?, cancelled: &self.cancelled })
    }

    /// Cancels, also while another call has the session: nothing more is sent.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Release);
    }

    /// Takes the outcome of a session that is done, if it is the one that is wanted.
    ///
    /// Errors: [`BoundaryFault::Absent`] before the end and after it was taken,
    /// [`BoundaryFault::WrongHandle`] for a session that reads something else.
    pub fn take_outcome<T>(
        &self,
        pick: impl FnOnce(Outcome) -> Result<T, Outcome>,
    ) -> Result<T, BoundaryFault> {
        let mut held = self.hold()?;
        let outcome = held.state.outcome.take().ok_or(BoundaryFault::Absent)?;
        pick(outcome).map_err(|other| {
            held.state.outcome = Some(other);
            BoundaryFault::WrongHandle
        })
    }

    /// Takes what was read, also after a torn tap that did not go on. Errors: as
    /// [`Running::take_outcome`].
    pub fn take_reading(&self) -> Result<CardReading, BoundaryFault> {
        self.take_outcome(|outcome| match outcome {
            Outcome::Reading(reading) => Ok(*reading),
            Outcome::Resumed(Ok(reading)) => Ok(*reading),
            Outcome::Resumed(Err(stopped)) => Ok(*stopped.reading),
            other => Err(other),
        })
    }

    /// Whether a session that goes on with a torn reading went on, asked before its reading is taken.
    ///
    /// Errors: why it did not; [`BoundaryFault::Absent`] before the end, [`BoundaryFault::WrongHandle`]
    /// for a session that reads something else.
    pub fn resumed(&self) -> Result<(), Error> {
        match &self.hold()?.state.outcome {
            Some(Outcome::Resumed(Ok(_))) => Ok(()),
            Some(Outcome::Resumed(Err(stopped))) => Err(stopped.error.into()),
            Some(_) => Err(BoundaryFault::WrongHandle.into()),
            None => Err(BoundaryFault::Absent.into()),
        }
    }
}

impl Held<'_> {
    /// Steps the session. Once cancelled, it sends nothing more; an answer that is there is still
    /// taken in, so that no spent try is overlooked.
    ///
    /// Errors: as [`Session::step`]; nothing changes.
    pub fn step(&mut self, input: Input<'_>) -> Result<Wish, Misuse> {
        let input = match input {
            Input::Start | Input::Continue if self.is_cancelled() => {
                Input::LinkLost(LinkFault::Cancelled)
            }
            input => input,
        };
        let mut step = self.state.session.step(input)?;
        if self.is_cancelled() && matches!(step, Step::Transmit(_)) {
            step = self.state.session.step(Input::LinkLost(LinkFault::Cancelled))?;
        }
        Ok(self.keep(step))
    }

    fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Acquire)
    }

    /// Keeps what the host will look at.
    fn keep(&mut self, step: Step) -> Wish {
        self.state.command = None;
        match step {
            Step::Transmit(command) => {
                self.state.command = Some(command);
                Wish::Transmit
            }
            Step::Progress(progress) => Wish::Progress(progress),
            Step::Face(face) => {
                self.state.face = Some(Arc::clone(&face));
                Wish::Face(face)
            }
            Step::Done(outcome) => {
                self.state.outcome = Some(outcome);
                Wish::Done
            }
        }
    }

    /// The command that was handed out last. It may hold 照合番号B.
    #[must_use]
    pub fn command(&self) -> &[u8] {
        self.state.command.as_deref().unwrap_or_default()
    }

    /// The card face, once it is there.
    #[must_use]
    pub fn face(&self) -> Option<Arc<CardFace>> {
        self.state.face.clone()
    }

    /// What has been spent so far.
    #[must_use]
    pub fn statistics(&self) -> Statistics {
        self.state.session.statistics()
    }
}
