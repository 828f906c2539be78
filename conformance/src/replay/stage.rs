//! How a recorded reading is played, and the player that answers from a recording.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

use data_encoding::HEXLOWER;
use mynacard::session::Outcome;
use mynacard_core::Error;
use mynacard_core::credential::VerificationNumberB;
use mynacard_core::driver::{Driver, run_with};
use mynacard_core::error::{LinkFault, Misuse};
use mynacard_core::exchange::{Capabilities, CardTransport, Limits, Link};
use mynacard_core::reading::{self, CardReading, EarlyPart, NotResumed};
use mynacard_core::trust::{Challenge, Roots};

use super::expect::{Expect, Statistics};
use super::reading::{Front, Header, Job, Line, Resume};

/// What happens, line after line, as it happens.
#[derive(Clone, Debug, Default)]
pub struct Tape(Rc<RefCell<Vec<Line>>>);

impl Tape {
    /// Writes a line.
    pub fn write(&self, line: Line) {
        self.0.borrow_mut().push(line);
    }

    /// Every line so far.
    #[must_use]
    pub fn lines(&self) -> Vec<Line> {
        self.0.borrow().clone()
    }
}

/// Plays a reading over a front and a link: the first tap, then one for each nonce. Returns the
/// reading, if there is one. What happens is on the tape, with what came out of each tap.
///
/// Errors: a header that says what cannot be.
pub fn play(
    header: &Header,
    nonces: &[String],
    roots: &Roots,
    front: &impl Front,
    mut link: impl FnMut(usize) -> Box<dyn CardTransport>,
    tape: &Tape,
) -> Result<Option<CardReading>, Error> {
    let clock = header.clock.clock();
    let digits = header.number.as_deref().unwrap_or("00000000000000");
    let number = match header.flow.as_str() {
        "read" => Some(Arc::new(VerificationNumberB::from_digits(digits.as_bytes())?)),
        _ => None,
    };
    let plan = header.plan.as_ref();
    let nonce = plan.and_then(|plan| plan.nonce.as_deref());
    let first = nonce.map(|nonce| Challenge::new(&bytes(nonce))).transpose()?;
    let plan = plan.map(super::reading::PlanForm::plan).transpose()?;
    let job = match (header.flow.as_str(), &number, &plan) {
        ("tries", ..) => Job::Tries,
        ("facts", ..) => Job::Facts,
        ("read", Some(number), Some(plan)) => {
            Job::Read(Arc::clone(number), reading::Plan { challenge: first, ..plan.clone() })
        }
        _ => Job::Identify,
    };
    let (outcome, spent) = front.run(job, &mut Boxed(link(0)), tape).map_err(|(_, error)| error)?;
    let (expect, mut held) = Expect::of(outcome, spent, roots, clock);
    tape.write(Line::Expect { expect: Box::new(expect) });
    for (tap, nonce) in nonces.iter().enumerate() {
        let (Some(torn), Some(number), Some(plan)) = (held.take(), &number, &plan) else {
            return Ok(None);
        };
        let challenge = Challenge::new(&bytes(nonce))?;
        let job = Job::Resume(Arc::clone(number), plan.clone(), Box::new(torn), challenge);
        let at = tape.lines().len();
        let ended = front.run(job, &mut Boxed(link(tap + 1)), tape);
        let (refused, expect);
        (refused, (expect, held)) = match ended {
            Ok((outcome, spent)) => (0, Expect::of(outcome, spent, roots, clock)),
            Err((reading, error)) => {
                let (expect, reading) = Expect::of_reading(None, *reading, roots, clock);
                (error.code(), (expect, Some(reading)))
            }
        };
        let resume = Resume { nonce: nonce.clone(), refused };
        tape.0.borrow_mut().insert(at, Line::Resume { resume });
        tape.write(Line::Expect { expect: Box::new(expect) });
    }
    Ok(held)
}

fn bytes(hex: &str) -> Vec<u8> {
    HEXLOWER.decode(hex.as_bytes()).unwrap_or_default()
}

/// A link of any kind.
struct Boxed(Box<dyn CardTransport>);

impl CardTransport for Boxed {
    fn transmit(&mut self, command: &[u8], response: &mut Vec<u8>) -> Result<(), LinkFault> {
        self.0.transmit(command, response)
    }

    fn link(&self) -> &Link {
        self.0.link()
    }
}

/// A link whose every exchange is written on a tape.
pub(super) struct Recorder<L> {
    pub(super) link: L,
    pub(super) tape: Tape,
}

impl<L: CardTransport> CardTransport for Recorder<L> {
    fn transmit(&mut self, command: &[u8], response: &mut Vec<u8>) -> Result<(), LinkFault> {
        let answered = self.link.transmit(command, response);
        let command = HEXLOWER.encode(command);
        self.tape.write(match answered {
            Ok(()) => Line::Exchange { command, response: HEXLOWER.encode(response) },
            Err(fault) => Line::Lost { command, link: fault.code() },
        });
        answered
    }

    fn link(&self) -> &Link {
        self.link.link()
    }
}

type Answers = VecDeque<Result<Vec<u8>, LinkFault>>;

/// A link that answers from a recording, and writes on a tape what it was really sent: the tape is
/// the recording, or the player was sent something else.
#[derive(Clone, Debug)]
pub struct Player {
    answers: Rc<RefCell<Answers>>,
    connection: Link,
    tape: Tape,
}

impl Player {
    /// A player of these lines.
    #[must_use]
    pub fn new(header: &Header, lines: &[Line], tape: &Tape) -> Self {
        let answers = lines.iter().filter_map(|line| match line {
            Line::Exchange { response, .. } => Some(Ok(bytes(response))),
            Line::Lost { link, .. } => LinkFault::from_code(*link).map(Err),
            _ => None,
        });
        Self {
            answers: Rc::new(RefCell::new(answers.collect())),
            connection: Link::new(Capabilities::from(&header.capabilities)),
            tape: tape.clone(),
        }
    }

    /// The same for the next tap, behind a tape.
    #[must_use]
    pub fn tap(&self) -> Box<dyn CardTransport> {
        let connection = Link::new(self.connection.capabilities());
        let link = Self { connection, ..self.clone() };
        Box::new(Recorder { link, tape: self.tape.clone() })
    }
}

impl CardTransport for Player {
    fn transmit(&mut self, _: &[u8], response: &mut Vec<u8>) -> Result<(), LinkFault> {
        let next = self.answers.borrow_mut().pop_front();
        response.extend_from_slice(&next.unwrap_or(Err(LinkFault::NoCard))?);
        Ok(())
    }

    fn link(&self) -> &Link {
        &self.connection
    }
}

/// The core itself.
#[derive(Clone, Copy, Debug)]
pub struct CoreFront;

impl Front for CoreFront {
    fn run(
        &self,
        job: Job,
        link: &mut impl CardTransport,
        tape: &Tape,
    ) -> Result<(Outcome, Statistics), (Box<CardReading>, Error)> {
        let limits = Limits::default();
        match job {
            Job::Identify => {
                let driver = free(reading::identify(link.link(), limits));
                Ok(finish(driver, link, tape, |_| {}, Outcome::Token))
            }
            Job::Tries => {
                let driver = free(reading::read_tries(link.link(), limits));
                Ok(finish(driver, link, tape, |_| {}, |it| Outcome::Tries(Box::new(it))))
            }
            Job::Facts => {
                let driver = free(reading::read_facts(link.link(), limits));
                Ok(finish(driver, link, tape, |_| {}, |it| Outcome::Facts(Box::new(it))))
            }
            Job::Read(number, plan) => {
                let driver = free(reading::read(link.link(), limits, number, plan));
                Ok(finish(driver, link, tape, show(tape), |it| Outcome::Reading(Box::new(it))))
            }
            Job::Resume(number, plan, torn, challenge) => {
                let driver = reading::resume(link.link(), limits, number, plan, *torn, challenge)
                    .map_err(|NotResumed { reading, error }| (reading, error))?;
                let done = |it: Result<_, _>| Outcome::Resumed(it.map(Box::new).map_err(Box::new));
                Ok(finish(driver, link, tape, show(tape), done))
            }
        }
    }
}

/// A driver for a link that nobody else has.
#[allow(clippy::expect_used, reason = "each tap has a link of its own")]
fn free<T, P>(driver: Result<Driver<'_, T, P>, Misuse>) -> Driver<'_, T, P> {
    driver.expect("a free link")
}

/// Writes an early face on the tape.
fn show(tape: &Tape) -> impl FnMut(EarlyPart) {
    |EarlyPart::Face(_)| tape.write(Line::Face { face: true })
}

/// Runs a driver to its end.
#[allow(clippy::expect_used, reason = "a flow that awaits something else is a defect to stop at")]
fn finish<T, P>(
    mut driver: Driver<'_, T, P>,
    link: &mut impl CardTransport,
    tape: &Tape,
    part: impl FnMut(P),
    outcome: impl FnOnce(T) -> Outcome,
) -> (Outcome, Statistics) {
    let progress = |it: mynacard_core::exchange::Progress| {
        tape.write(Line::Progress {
            progress: (it.phase as u32, it.bytes_done, it.bytes_expected),
        });
    };
    let ended = run_with(&mut driver, link, progress, part).expect("flows await only the card");
    (outcome(ended), driver.statistics().into())
}
