//! The driver: it says what to send, and the platform's own reader call sends it.

use std::sync::Arc;

use mynacard_core::driver::Input;
use mynacard_core::error::{LinkFault, Misuse};
use mynacard_core::exchange;
use mynacard_core::reading;
use zeroize::Zeroizing;

use super::credential::NumberB;
use super::error::{MynacardFault, guarded};
use super::face::CardFace;
use super::link::Link;
use super::plain::{Plan, Progress, Statistics};
use super::reading::{AllTries, CardFacts, Identified, Reading};
use crate::error::{BoundaryFault, Error};
use crate::running::{Held, Running, Wish};
use crate::session::{Outcome, Session};

/// A reading in progress: says which command to send, takes the card's answer, does no I/O.
///
/// start, then as each action says: respond, link_lost or proceed, until [`Action::Done`]. Letting it
/// go cancels it; nothing is left behind. Any thread may use it, one at a time.
#[derive(uniffi::Object)]
pub struct Driver(Running);

/// The driver's next wish.
#[derive(uniffi::Enum)]
pub enum Action {
    /// Send the command to the card, once, then call respond with its answer, or link_lost. It may hold
    /// 照合番号B: never log it, and wipe it.
    Transmit {
        /// The command's bytes.
        command: Vec<u8>,
    },
    /// Show this, then call proceed.
    Progress {
        /// How far it has come.
        progress: Progress,
    },
    /// Show the card face, which is there before the rest; then call proceed.
    Face {
        /// The card face.
        face: Arc<CardFace>,
    },
    /// The end. Take the result.
    Done,
}

#[uniffi::export]
impl Driver {
    /// Finds out what lies on the reader ([`Driver::token`]). Effect on the card: selects the JPKI
    /// application, and asks by SELECT for what may lie beside it or tells another card; no VERIFY.
    ///
    /// Errors: `Misuse::LinkBusy` while another driver has the link, as for every driver.
    #[uniffi::constructor]
    pub fn identify(link: Arc<Link>) -> Result<Arc<Self>, MynacardFault> {
        Self::over(&link, |link| Ok(Session::identify(link)?))
    }

    /// Asks for the tries left of every key ([`Driver::all_tries`]). Effect on the card: none that lasts.
    #[uniffi::constructor]
    pub fn tries(link: Arc<Link>) -> Result<Arc<Self>, MynacardFault> {
        Self::over(&link, |link| Ok(Session::tries(link)?))
    }

    /// Reads what the card says of itself ([`Driver::card_facts`]). Effect on the card: no VERIFY.
    #[uniffi::constructor]
    pub fn facts(link: Arc<Link>) -> Result<Arc<Self>, MynacardFault> {
        Self::over(&link, |link| Ok(Session::facts(link)?))
    }

    /// Reads a card by a plan with its 照合番号B ([`Driver::reading`]). Effect on the card: at most one
    /// VERIFY to each of the two applications that the plan opens; a wrong number spends one try and ends
    /// the use of the number.
    ///
    /// Errors: `Misuse::OutOfRange` for a nonce that cannot be a random one.
    #[uniffi::constructor]
    pub fn read(
        link: Arc<Link>,
        number: Arc<NumberB>,
        plan: Plan,
    ) -> Result<Arc<Self>, MynacardFault> {
        Self::over(&link, |link| {
            Ok(Session::read(link, Arc::clone(&number.0), reading::Plan::try_from(plan)?)?)
        })
    }

    /// Goes on with a torn reading (かざし直し). First the chip proves that it is the same card by signing
    /// the plan's nonce, which must be a new one; no number is presented before that. The driver takes out
    /// what is in the reading, and gives it back through [`Driver::reading`], whole or as it was.
    ///
    /// Errors: `CredentialFault::OutcomeUnknown` when a VERIFY may or may not have counted;
    /// `LinkFault::BeginAnew` when it was not torn, or so early that nothing tells the card;
    /// `Misuse::OutOfRange` without a nonce, or with that of an earlier tap. The reading is then as it was.
    #[uniffi::constructor]
    pub fn resume(
        link: Arc<Link>,
        number: Arc<NumberB>,
        plan: Plan,
        reading: Arc<Reading>,
    ) -> Result<Arc<Self>, MynacardFault> {
        Self::over(&link, |link| {
            reading.0.resume(link, Arc::clone(&number.0), reading::Plan::try_from(plan)?)
        })
    }

    /// Begins. Errors: `Misuse::UnexpectedInput` if it has begun; nothing changes.
    pub fn start(&self) -> Result<Action, MynacardFault> {
        self.step(Input::Start)
    }

    /// Goes on after [`Action::Progress`] or [`Action::Face`].
    pub fn proceed(&self) -> Result<Action, MynacardFault> {
        self.step(Input::Continue)
    }

    /// Takes the card's answer, data and status bytes, to the last command. It is personal: the caller
    /// wipes its own copy.
    pub fn respond(&self, response: Vec<u8>) -> Result<Action, MynacardFault> {
        let response = Zeroizing::new(response);
        self.step(Input::Response(&response))
    }

    /// Says that the link failed, with a code of `LinkFault`; allowed at any time before the end. The
    /// driver sends nothing after it and ends with what it has.
    ///
    /// Errors: `Misuse::OutOfRange` for a code that is none of a link.
    pub fn link_lost(&self, code: u16) -> Result<Action, MynacardFault> {
        let fault = LinkFault::from_code(code).ok_or(Misuse::OutOfRange)?;
        self.step(Input::LinkLost(fault))
    }

    /// Cancels: from any thread, at any time, never busy. The driver sends no further command and ends at
    /// its next step, as if the link had been lost with `LinkFault::Cancelled`; what was read is kept.
    pub fn cancel(&self) {
        self.0.cancel();
    }

    /// The card face, from [`Action::Face`] on. Errors: `BoundaryFault::Absent` before.
    pub fn face(&self) -> Result<Arc<CardFace>, MynacardFault> {
        guarded(|| Ok(CardFace::keep(self.0.hold()?.face().ok_or(BoundaryFault::Absent)?)))
    }

    /// What has been spent so far.
    pub fn statistics(&self) -> Result<Statistics, MynacardFault> {
        guarded(|| Ok(self.0.hold()?.statistics().into()))
    }

    /// What lies on the reader, from a driver that identifies. Errors: why nothing was found out;
    /// `BoundaryFault::Absent` before the end and when it was taken.
    pub fn token(&self) -> Result<Identified, MynacardFault> {
        guarded(|| {
            let token = self.0.take_outcome(|outcome| match outcome {
                Outcome::Token(token) => Ok(token),
                other => Err(other),
            })?;
            Ok(token?.into())
        })
    }

    /// The tries left, from a driver that asks for them. Errors: `BoundaryFault::Absent` before the end and
    /// when it was taken.
    pub fn all_tries(&self) -> Result<AllTries, MynacardFault> {
        guarded(|| {
            let tries = self.0.take_outcome(|outcome| match outcome {
                Outcome::Tries(tries) => Ok(tries),
                other => Err(other),
            })?;
            Ok((*tries).into())
        })
    }

    /// What the card says of itself, from a driver that asks for it. Errors: `BoundaryFault::Absent` before
    /// the end and when it was taken.
    pub fn card_facts(&self) -> Result<CardFacts, MynacardFault> {
        guarded(|| {
            let facts = self.0.take_outcome(|outcome| match outcome {
                Outcome::Facts(facts) => Ok(facts),
                other => Err(other),
            })?;
            Ok((*facts).into())
        })
    }

    /// Takes what was read. Errors: `BoundaryFault::Absent` before the end and when it was taken;
    /// `BoundaryFault::WrongHandle` for a driver that reads something else.
    pub fn reading(&self) -> Result<Arc<Reading>, MynacardFault> {
        guarded(|| Ok(Reading::keep(self.0.take_reading()?)))
    }

    /// Whether a driver of [`Driver::resume`], which is done and whose reading is not yet taken, went on.
    /// Errors: why it did not, for example `CardFault::OtherCard`.
    pub fn resumed(&self) -> Result<(), MynacardFault> {
        guarded(|| self.0.resumed())
    }

    /// Steps the driver to its end over a transport and a listener. A failure of the link is no failure of
    /// this function: the result says what was read before it. Whatever the transport throws ends the reading.
    ///
    /// Errors: `Misuse` if it has begun; `BoundaryFault::HandleBusy` while another call has it, as inside the
    /// transport itself.
    pub fn run(
        &self,
        transport: Arc<dyn CardTransport>,
        listener: Option<Arc<dyn ReadingListener>>,
    ) -> Result<(), MynacardFault> {
        guarded(|| finish(&mut self.0.hold()?, &*transport, listener.as_deref()))
    }
}

impl Driver {
    fn over(
        link: &Link,
        session: impl FnOnce(&exchange::Link) -> Result<Session, Error>,
    ) -> Result<Arc<Self>, MynacardFault> {
        guarded(|| Ok(Arc::new(Self(Running::new(link.0.clone(), session(&link.0)?)))))
    }

    fn step(&self, input: Input<'_>) -> Result<Action, MynacardFault> {
        guarded(|| {
            let mut held = self.0.hold()?;
            Ok(match held.step(input)? {
                Wish::Transmit => Action::Transmit { command: held.command().to_vec() },
                Wish::Progress(progress) => Action::Progress { progress: progress.into() },
                Wish::Face(face) => Action::Face { face: CardFace::keep(face) },
                Wish::Done => Action::Done,
            })
        })
    }
}

/// Why a transport gave no answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error, uniffi::Error)]
pub enum TransportFailure {
    /// The link failed.
    #[error("link fault {code}")]
    Link {
        /// A code of `LinkFault`; another counts as `LinkFault::Transport`.
        code: u16,
    },
}

impl From<uniffi::UnexpectedUniFFICallbackError> for TransportFailure {
    /// What the transport threw without declaring it. Its text is dropped: it could say anything.
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Link { code: LinkFault::Transport.code() }
    }
}

/// Sends commands to a card, for [`Driver::run`].
#[uniffi::export(with_foreign)]
pub trait CardTransport: Send + Sync {
    /// Sends a command to the card, once, and gives its answer, data and status bytes. Must not send
    /// anything twice: a repeated VERIFY costs the patient a try. Neither may be logged.
    ///
    /// Errors: why there is no answer.
    fn transmit(&self, command: Vec<u8>) -> Result<Vec<u8>, TransportFailure>;
}

/// Watches a reading, for [`Driver::run`]. What it throws is ignored.
#[uniffi::export(with_foreign)]
pub trait ReadingListener: Send + Sync {
    /// How far the reading has come. Errors: ignored.
    fn on_progress(&self, progress: Progress) -> Result<(), TransportFailure>;

    /// The card face, before the rest is read. Errors: ignored.
    fn on_face(&self, face: Arc<CardFace>) -> Result<(), TransportFailure>;
}

fn finish(
    held: &mut Held<'_>,
    transport: &dyn CardTransport,
    listener: Option<&dyn ReadingListener>,
) -> Result<(), Error> {
    let mut wish = held.step(Input::Start)?;
    loop {
        wish = match wish {
            Wish::Transmit => match transport.transmit(held.command().to_vec()) {
                Ok(answer) => held.step(Input::Response(&Zeroizing::new(answer)))?,
                Err(TransportFailure::Link { code }) => {
                    let fault = LinkFault::from_code(code).unwrap_or(LinkFault::Transport);
                    held.step(Input::LinkLost(fault))?
                }
            },
            Wish::Progress(progress) => {
                let _ = listener.map(|listener| listener.on_progress(progress.into()));
                held.step(Input::Continue)?
            }
            Wish::Face(face) => {
                let _ = listener.map(|listener| listener.on_face(CardFace::keep(face)));
                held.step(Input::Continue)?
            }
            Wish::Done => return Ok(()),
        };
    }
}
