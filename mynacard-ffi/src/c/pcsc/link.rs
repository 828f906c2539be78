//! The link to one card from C.

use core::ffi::c_void;
use std::sync::Arc;

use mynacard_core::error::Misuse;
use mynacard_core::exchange::{CardTransport, Link};
use mynacard_pcsc::{ConnectOptions, ExtendedLength, PcscTransport, Readers, Sharing, Wanted};

use super::super::boundary::{Out, guarded, text, value};
use super::super::carry::carry;
use super::super::handle::{self, Handle};
use super::super::link::{self, mynacard_link};
use super::super::result::mynacard_result;
use super::super::types::mynacard_str;
use super::{cancellation, mynacard_pcsc_cancellation, patience};
use crate::exclusive::Exclusive;

/// The link to one card. After its first fault it sends nothing more and repeats that fault: what
/// lies on the reader then may be another card. Freeing it takes the card's power, and with it
/// everything that was verified.
///
/// Any thread may use it, one at a time: a second call at the same time gets
/// MYNACARD_BOUNDARY_HANDLE_BUSY. One driver at a time sends through it (mynacard_link_of_pcsc).
pub struct mynacard_pcsc_link {
    _opaque: [u8; 0],
}

impl Handle for mynacard_pcsc_link {
    type Object = LinkObject;
}

pub(crate) struct LinkObject {
    transport: Exclusive<PcscTransport>,
    reader: String,
    link: Link,
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
    /// The name of the reader, or how the name of just one of them begins. Empty: the first reader
    /// that brings a My Number Card; other cards and mute slots are passed over.
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
/// Until the time is over it tries again what may come about, since nothing was presented yet. Codes then:
/// MYNACARD_LINK_NO_SERVICE; MYNACARD_LINK_NO_READER; MYNACARD_LINK_READER_GONE if none is called so;
/// MYNACARD_LINK_NO_CARD; MYNACARD_LINK_MUTE; MYNACARD_LINK_BUSY if another program holds the card;
/// MYNACARD_CARD_APPLICATION_MISSING if only another card came. At once: MYNACARD_LINK_READER_GONE if more
/// than one reader is called so; MYNACARD_LINK_NOT_PERMITTED; MYNACARD_LINK_CANCELLED;
/// MYNACARD_LINK_TRANSPORT.
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
        let card = if name.is_empty() { Wanted::FirstMyNumberCard } else { Wanted::On(name) };
        let patience = patience(wanted.wait_millis);
        let transport =
            Readers.open(card, &options, patience, |_, _| {}).map_err(|why| why.error())?;
        let link = LinkObject {
            link: transport.link().clone(),
            reader: transport.reader().to_string(),
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
    let (command, response) = ((command, command_length), (response, response_capacity));
    // SAFETY: the contract of this interface.
    unsafe {
        carry(command, response, response_length, |command, answer| {
            let object = handle::get(userdata.cast_const().cast::<mynacard_pcsc_link>())?;
            Ok(object.transport.hold()?.transmit(command, answer)?)
        })
    }
}

/// The link of this connection, for drivers whose commands go to mynacard_pcsc_transmit. Free it with
/// mynacard_link_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_link_of_pcsc(
    link: *const mynacard_pcsc_link,
    out_link: *mut *mut mynacard_link,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for a handle by the contract of this interface.
        let out = unsafe { Out::new(out_link) }?;
        out.write(link::give(handle::get(link)?.link.clone())?);
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
