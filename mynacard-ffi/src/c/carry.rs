//! How the library's own transports, the virtual card and PC/SC, take a command from C.

use mynacard_core::error::LinkFault;
use mynacard_core::exchange::Capabilities;
use zeroize::Zeroizing;

use super::boundary::{Out, elements, elements_mut, guarded};
use super::result::mynacard_result;
use crate::error::Error;

/// Sends a command and copies the answer, which is wiped here.
///
/// # Safety
/// `command` is as many bytes as it says; `response` has the room that it says, for this call alone;
/// `response_length` is a place for a length.
pub(crate) unsafe fn carry(
    (command, command_length): (*const u8, usize),
    (response, response_capacity): (*mut u8, usize),
    response_length: *mut usize,
    send: impl FnOnce(&[u8], &mut Vec<u8>) -> Result<(), Error>,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: this function's contract.
        let out = unsafe { Out::new(response_length) }?;
        // SAFETY: this function's contract.
        let command = unsafe { elements(command, command_length) }?;
        // SAFETY: this function's contract.
        let buffer = unsafe { elements_mut(response, response_capacity) }?;
        // As large as an answer can be, so that it never moves and leaves a copy behind.
        let most = Capabilities::EXTENDED.max_response;
        let mut answer = Zeroizing::new(Vec::with_capacity(most));
        send(command, &mut answer)?;
        let place = buffer.get_mut(..answer.len()).ok_or(LinkFault::Transport)?;
        place.copy_from_slice(&answer);
        out.write(answer.len());
        Ok(())
    })
}
