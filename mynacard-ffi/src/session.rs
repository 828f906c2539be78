//! Any of the core's drivers behind one type, for languages without generics.

use std::sync::Arc;

use mynacard_core::Error;
use mynacard_core::apdu::Encoded;
use mynacard_core::applet::face::CardFace;
use mynacard_core::credential::VerificationNumberB;
use mynacard_core::driver::{Action, Driver, Input};
use mynacard_core::error::Misuse;
use mynacard_core::exchange::{Limits, Link, Progress, Statistics};
use mynacard_core::reading::{
    self, CardFacts, CardReading, EarlyPart, Identified, NotResumed, Plan, Tries,
};
use mynacard_core::trust::Challenge;

/// What a driver came to.
#[derive(Debug)]
pub enum Outcome {
    /// What lies on the reader.
    Token(Result<Identified, Error>),
    /// The tries left.
    Tries(Box<Tries>),
    /// What the card says of itself.
    Facts(Box<CardFacts>),
    /// What was read.
    Reading(Box<CardReading>),
    /// What was read after a torn tap, or why the reading did not go on.
    Resumed(Result<Box<CardReading>, Box<NotResumed>>),
}

/// What a session tells its host.
#[derive(Debug)]
pub enum Step {
    /// Send this to the card, then step with the answer or with the lost link.
    Transmit(Encoded),
    /// Show this, then continue.
    Progress(Progress),
    /// The card face is ready before the rest; show it, then continue.
    Face(Arc<CardFace>),
    /// The end.
    Done(Outcome),
}

/// A reading in progress, whatever is being read. Dropping it cancels it; nothing is left behind.
pub struct Session {
    driver: Box<dyn Steps>,
}

impl Session {
    /// A session that finds out what lies on the reader. Errors and card effect: as
    /// [`reading::identify`].
    pub fn identify(link: &Link) -> Result<Self, Misuse> {
        let driver = reading::identify(link, Limits::default())?;
        Ok(Self::over(driver, Outcome::Token, |part| match part {}))
    }

    /// A session that asks for the tries left. Errors and card effect: as [`reading::read_tries`].
    pub fn tries(link: &Link) -> Result<Self, Misuse> {
        let driver = reading::read_tries(link, Limits::default())?;
        Ok(Self::over(driver, |tries| Outcome::Tries(Box::new(tries)), |part| match part {}))
    }

    /// A session that reads what the card says of itself. Errors and card effect: as
    /// [`reading::read_facts`].
    pub fn facts(link: &Link) -> Result<Self, Misuse> {
        let driver = reading::read_facts(link, Limits::default())?;
        Ok(Self::over(driver, |facts| Outcome::Facts(Box::new(facts)), |part| match part {}))
    }

    /// A session that reads a card by a plan. Errors and card effect: as [`reading::read`], at most one
    /// try of each counter that the plan touches.
    pub fn read(link: &Link, number: Arc<VerificationNumberB>, plan: Plan) -> Result<Self, Misuse> {
        let driver = reading::read(link, Limits::default(), number, plan)?;
        Ok(Self::over(driver, |read| Outcome::Reading(Box::new(read)), face_of))
    }

    /// A session that goes on with a torn reading.
    ///
    /// Errors and card effect: as [`reading::resume`].
    pub fn resume(
        link: &Link,
        number: Arc<VerificationNumberB>,
        plan: Plan,
        torn: CardReading,
        challenge: Challenge,
    ) -> Result<Self, Box<NotResumed>> {
        let limits = Limits::default();
        let driver = reading::resume(link, limits, number, plan, torn, challenge)?;
        let done = |read: Result<_, _>| Outcome::Resumed(read.map(Box::new).map_err(Box::new));
        Ok(Self::over(driver, done, face_of))
    }

    fn over<T: Send + 'static, P: Send + 'static>(
        driver: Driver<'static, T, P>,
        done: fn(T) -> Outcome,
        part: fn(P) -> Arc<CardFace>,
    ) -> Self {
        Self { driver: Box::new(Typed { driver, done, part }) }
    }

    /// Advances by one input.
    ///
    /// Errors: as [`Driver::step`]; nothing changes.
    pub fn step(&mut self, input: Input<'_>) -> Result<Step, Misuse> {
        self.driver.step(input)
    }

    /// What has been spent so far.
    #[must_use]
    pub fn statistics(&self) -> Statistics {
        self.driver.statistics()
    }
}

fn face_of(part: EarlyPart) -> Arc<CardFace> {
    match part {
        EarlyPart::Face(face) => face,
    }
}

/// A driver without its type parameters.
trait Steps: Send {
    fn step(&mut self, input: Input<'_>) -> Result<Step, Misuse>;
    fn statistics(&self) -> Statistics;
}

struct Typed<T, P> {
    driver: Driver<'static, T, P>,
    done: fn(T) -> Outcome,
    part: fn(P) -> Arc<CardFace>,
}

impl<T: Send, P: Send> Steps for Typed<T, P> {
    fn step(&mut self, input: Input<'_>) -> Result<Step, Misuse> {
        Ok(match self.driver.step(input)? {
            Action::Transmit(command) => Step::Transmit(command),
            Action::Progress(progress) => Step::Progress(progress),
            Action::Part(part) => Step::Face((self.part)(part)),
            Action::Done(value) => Step::Done((self.done)(value)),
        })
    }

    fn statistics(&self) -> Statistics {
        self.driver.statistics()
    }
}
