//! The link to one card from C.

use core::ffi::c_void;
use std::sync::Arc;

use mynacard_core::error::{LinkFault, Misuse};
use mynacard_core::exchange::CardTransport;
use mynacard_pcsc::{ConnectOptions, ExtendedLength, PcscTransport, Readers, Sharing};
use zeroize::Zeroizing;

use super::super::boundary::{Out, elements, elements_mut, guarded, text, value};
use super::super::handle::{self, Handle};
use super::super::types::{mynacard_capabilities, mynacard_result, mynacard_str};
use super::{cancellation, mynacard_pcsc_cancellation, patience};
use crate::exclusive::Exclusive;

/// The link to one card. After its first fault it sends nothing more and repeats that fault: what
/// lies on the reader then may be another card. Freeing it takes the card's power, and with it
/// everything that was verified.
///
/// Any thread may use it, one at a time: a second call at the same time gets
/// MYNACARD_BOUNDARY_HANDLE_BUSY. One driver at a time sends through it: two that take turns could
/// present a number to a key that the other has selected.
pub struct mynacard_pcsc_link {
    _opaque: [u8; 0],
}

impl Handle for mynacard_pcsc_link {
    type Object = LinkObject;
}

pub(crate) struct LinkObject {
    transport: Exclusive<PcscTransport>,
    reader: String,
    capabilities: mynacard_capabilities,
}

/// How to decide on extended length (拡張長).
#[repr(C)]
#[derive(Clone, Copy)]
pub enum mynacard_pcsc_extended_length {
    /// Ask the reader's driver; its silence means no.
    MYNACARD_PCSC_EXTENDED_ASK = 0,
    /// The host knows that reader and driver carry it.
    MYNACARD_PCSC_EXTENDED_ASSUME = 1,
    /// Short commands only.
    MYNACARD_PCSC_EXTENDED_NEVER = 2,
}

/// How to connect. All zeros is a good choice: any reader, a card that lies there already, nobody
/// listening in, extended length as the driver says.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct mynacard_pcsc_options {
    /// The name of the reader, or how the name of just one of them begins. Empty: any reader.
    pub reader: mynacard_str,
    /// How long to wait for a card, in milliseconds; UINT64_MAX: for ever.
    pub wait_millis: u64,
    /// 0: no other program can use the card meanwhile. 1: others may be connected, but have to wait;
    /// Windows then resets the card if nothing is sent for five seconds.
    pub shared: u32,
    /// One of `enum mynacard_pcsc_extended_length`.
    pub extended_length: u32,
}

impl mynacard_pcsc_options {
    fn options(&self) -> Result<ConnectOptions, Misuse> {
        let sharing = match self.shared {
            0 => Sharing::Exclusive,
            1 => Sharing::Shared,
            _ => return Err(Misuse::OutOfRange),
        };
        let length = match self.extended_length {
            0 => ExtendedLength::Ask,
            1 => ExtendedLength::Assume,
            2 => ExtendedLength::Never,
            _ => return Err(Misuse::OutOfRange),
        };
        Ok(ConnectOptions::new().sharing(sharing).extended_length(length))
    }
}

/// Waits for a card and connects to it. `cancellation` may be null; it also ends a reading over the
/// link, before its next command. Effect on the card: powers it up. Free the link with
/// mynacard_pcsc_link_free.
///
/// Codes: MYNACARD_LINK_NO_SERVICE; MYNACARD_LINK_NO_READER; MYNACARD_LINK_READER_GONE if none, or more
/// than one, is called so; MYNACARD_LINK_NO_CARD when the time is over; MYNACARD_LINK_MUTE;
/// MYNACARD_LINK_BUSY if another program holds the card, worth repeating a second later;
/// MYNACARD_LINK_CANCELLED; MYNACARD_LINK_TRANSPORT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_pcsc_connect(
    options: *const mynacard_pcsc_options,
    cancellation: *const mynacard_pcsc_cancellation,
    out_link: *mut *mut mynacard_pcsc_link,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for a handle by the contract of this interface.
        let out = unsafe { Out::new(out_link) }?;
        // SAFETY: the contract of this interface; the structure has no invalid bit patterns.
        let wanted = unsafe { value(options) }?;
        // SAFETY: the text's bytes by the contract of the structure.
        let name = unsafe { text(wanted.reader.data, wanted.reader.length) }?;
        let cancellation = self::cancellation(cancellation)?;
        let options = wanted.options()?.cancellation(&cancellation);
        let reader = (!name.is_empty()).then(|| Readers.find(name)).transpose()?;
        let patience = patience(wanted.wait_millis);
        let reader = Readers.wait_for_card(reader.as_ref(), patience, &cancellation)?;
        let transport = Readers.connect(&reader, &options)?;
        let link = LinkObject {
            capabilities: transport.capabilities().into(),
            reader: reader.to_string(),
            transport: Exclusive::new(transport),
        };
        out.write(handle::open(Arc::new(link))?);
        Ok(())
    })
}

/// Sends a command to the card: a mynacard_transmit_callback whose `userdata` is the link's handle.
/// Nothing is ever sent twice.
///
/// Codes: MYNACARD_LINK_…, among them MYNACARD_LINK_TRANSPORT for a buffer that is too small, whose
/// answer is lost; MYNACARD_BOUNDARY_… for another `userdata`, with nothing sent.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn mynacard_pcsc_transmit(
    userdata: *mut c_void,
    command: *const u8,
    command_length: usize,
    response: *mut u8,
    response_capacity: usize,
    response_length: *mut usize,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for a length by the contract of this interface.
        let out = unsafe { Out::new(response_length) }?;
        // SAFETY: `command_length` bytes by the contract of this interface.
        let command = unsafe { elements(command, command_length) }?;
        // SAFETY: `response_capacity` bytes by the contract of this interface.
        let buffer = unsafe { elements_mut(response, response_capacity) }?;
        let object = handle::get(userdata.cast_const().cast::<mynacard_pcsc_link>())?;
        let mut transport = object.transport.hold()?;
        // As large as an answer can be, so that it never moves and leaves a copy behind.
        let most = object.capabilities.max_response.max(response_capacity);
        let mut answer = Zeroizing::new(Vec::with_capacity(most));
        transport.transmit(command, &mut answer)?;
        let place = buffer.get_mut(..answer.len()).ok_or(LinkFault::Transport)?;
        place.copy_from_slice(&answer);
        out.write(answer.len());
        Ok(())
    })
}

/// What this link can carry: what to make a driver with.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_pcsc_link_capabilities(
    link: *const mynacard_pcsc_link,
    out_capabilities: *mut mynacard_capabilities,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for the structure by the contract of this interface.
        let out = unsafe { Out::new(out_capabilities) }?;
        out.write(handle::get(link)?.capabilities);
        Ok(())
    })
}

/// The name of the reader. Valid until the link is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_pcsc_link_reader(
    link: *const mynacard_pcsc_link,
    out_name: *mut mynacard_str,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for the structure by the contract of this interface.
        let out = unsafe { Out::new(out_name) }?;
        out.write(handle::get(link)?.reader.as_str().into());
        Ok(())
    })
}

/// Ends a link: the card loses its power and forgets what was verified. Null is accepted.
#[unsafe(no_mangle)]
pub extern "C" fn mynacard_pcsc_link_free(link: *mut mynacard_pcsc_link) -> mynacard_result {
    guarded(|| Ok(handle::close(link)?))
}
