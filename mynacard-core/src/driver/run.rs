//! The reference loops that step a driver over a transport.

use zeroize::Zeroizing;

use super::{Action, Driver, Input};
use crate::error::Misuse;
use crate::exchange::{AsyncCardTransport, CardTransport, Link, Progress};

/// Steps a driver to its end over a transport: the reference loop.
///
/// Errors: [`Misuse::OtherLink`] for a driver that was made for another link, with nothing sent;
/// [`Misuse::ForeignAwait`] only if a flow awaits something other than the card. Link faults go into the
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
    let mut response = answer_buffer(driver, transport.link())?;
    let mut action = driver.step(Input::Start)?;
    loop {
        action = match action {
            Action::Transmit(command) => {
                response.clear();
                match transport.transmit(&command, &mut response) {
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
    transport: &mut impl AsyncCardTransport,
    mut on_progress: impl FnMut(Progress),
    mut on_part: impl FnMut(P),
) -> Result<T, Misuse> {
    let mut response = answer_buffer(driver, transport.link())?;
    let mut action = driver.step(Input::Start)?;
    loop {
        action = match action {
            Action::Transmit(command) => {
                response.clear();
                match transport.transmit(&command, &mut response).await {
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
fn answer_buffer<T, P>(
    driver: &Driver<'_, T, P>,
    link: &Link,
) -> Result<Zeroizing<Vec<u8>>, Misuse> {
    if !driver.is_over(link) {
        return Err(Misuse::OtherLink);
    }
    Ok(Zeroizing::new(Vec::with_capacity(link.capabilities().max_response)))
}
