//! What carries bytes to a card, and the reference loops that step a driver over it.

use zeroize::Zeroizing;

use super::driver::{Action, Driver, Input};
use super::limits::{Capabilities, Progress};
use crate::error::{LinkFault, Misuse};

/// A link to one card. Implemented for every reader, and by the simulator.
pub trait CardTransport {
    /// Sends command bytes and appends the answer, data and status word, to `response`, which is
    /// empty and has room for [`Capabilities::max_response`] bytes.
    ///
    /// Must not send anything twice, whatever happens: a repeated VERIFY costs the patient a try.
    /// Errors: why there is no answer. The transport keeps details for its own log.
    fn transmit(&mut self, command: &[u8], response: &mut Vec<u8>) -> Result<(), LinkFault>;

    /// What this link can carry.
    fn capabilities(&self) -> Capabilities;
}

impl<X: CardTransport + ?Sized> CardTransport for &mut X {
    fn transmit(&mut self, command: &[u8], response: &mut Vec<u8>) -> Result<(), LinkFault> {
        (**self).transmit(command, response)
    }

    fn capabilities(&self) -> Capabilities {
        (**self).capabilities()
    }
}

impl<X: CardTransport + ?Sized> CardTransport for Box<X> {
    fn transmit(&mut self, command: &[u8], response: &mut Vec<u8>) -> Result<(), LinkFault> {
        (**self).transmit(command, response)
    }

    fn capabilities(&self) -> Capabilities {
        (**self).capabilities()
    }
}

/// The same for hosts whose reader call is asynchronous.
pub trait AsyncCardTransport {
    /// As [`CardTransport::transmit`].
    fn transmit(
        &mut self,
        command: &[u8],
        response: &mut Vec<u8>,
    ) -> impl Future<Output = Result<(), LinkFault>>;
}

/// Steps a driver to its end over a transport: the reference loop.
///
/// Errors: [`Misuse`] only if a flow awaits something other than the card. Link faults go into the
/// flow, whose result says what they left.
pub fn run<T, P>(
    driver: &mut Driver<'_, T, P>,
    transport: &mut impl CardTransport,
) -> Result<T, Misuse> {
    run_with(driver, transport, |_| {}, |_| {})
}

/// As [`run`], showing progress and early parts to the host as they come.
///
/// Errors: as [`run`].
pub fn run_with<T, P>(
    driver: &mut Driver<'_, T, P>,
    transport: &mut impl CardTransport,
    mut on_progress: impl FnMut(Progress),
    mut on_part: impl FnMut(P),
) -> Result<T, Misuse> {
    let mut response = answer_buffer(transport.capabilities());
    let mut action = driver.step(Input::Start)?;
    loop {
        action = match action {
            Action::Transmit(command) => {
                response.clear();
                match transport.transmit(&command.to_bytes(), &mut response) {
                    Ok(()) => driver.step(Input::Response(&response))?,
                    Err(fault) => driver.step(Input::LinkLost(fault))?,
                }
            }
            Action::Progress(progress) => {
                on_progress(progress);
                driver.step(Input::Continue)?
            }
            Action::Part(part) => {
                on_part(part);
                driver.step(Input::Continue)?
            }
            Action::Done(result) => return Ok(result),
        };
    }
}

/// The asynchronous twin of [`run_with`].
///
/// Errors: as [`run`].
pub async fn run_async<T, P>(
    driver: &mut Driver<'_, T, P>,
    capabilities: Capabilities,
    transport: &mut impl AsyncCardTransport,
    mut on_progress: impl FnMut(Progress),
    mut on_part: impl FnMut(P),
) -> Result<T, Misuse> {
    let mut response = answer_buffer(capabilities);
    let mut action = driver.step(Input::Start)?;
    loop {
        action = match action {
            Action::Transmit(command) => {
                response.clear();
                match transport.transmit(&command.to_bytes(), &mut response).await {
                    Ok(()) => driver.step(Input::Response(&response))?,
                    Err(fault) => driver.step(Input::LinkLost(fault))?,
                }
            }
            Action::Progress(progress) => {
                on_progress(progress);
                driver.step(Input::Continue)?
            }
            Action::Part(part) => {
                on_part(part);
                driver.step(Input::Continue)?
            }
            Action::Done(result) => return Ok(result),
        };
    }
}

/// One buffer for all answers, large enough that it never moves and leaves a copy behind.
fn answer_buffer(capabilities: Capabilities) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(Vec::with_capacity(capabilities.max_response))
}
