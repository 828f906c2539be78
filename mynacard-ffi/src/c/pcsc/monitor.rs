//! The reader monitor from C: what comes and goes.

use std::sync::Arc;

use mynacard_core::error::LinkFault;
use mynacard_pcsc::{Event, Interface, Monitor, ReaderName, Readers};

use super::super::boundary::{Out, guarded, text};
use super::super::handle::{self, Handle};
use super::super::result::mynacard_result;
use super::super::types::mynacard_str;
use super::{cancellation, mynacard_pcsc_cancellation, patience};
use crate::exclusive::Exclusive;

/// Watches readers and cards. Any thread may use it, one at a time: a second call at the same time
/// gets MYNACARD_BOUNDARY_HANDLE_BUSY.
pub struct mynacard_pcsc_monitor {
    _opaque: [u8; 0],
}

impl Handle for mynacard_pcsc_monitor {
    type Object = Exclusive<MonitorState>;
}

pub(crate) struct MonitorState {
    monitor: Monitor,
    /// The name that C is looking at.
    reader: String,
}

/// What has come or gone.
#[repr(C)]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum mynacard_pcsc_event_kind {
    /// Nothing: the time is over.
    MYNACARD_PCSC_NOTHING = 0,
    /// A reader was connected.
    MYNACARD_PCSC_READER_ADDED = 1,
    /// A reader was disconnected.
    MYNACARD_PCSC_READER_REMOVED = 2,
    /// A card that speaks lies on the reader.
    MYNACARD_PCSC_CARD_INSERTED = 3,
    /// A card lies on the reader, but does not speak.
    MYNACARD_PCSC_CARD_MUTE = 4,
    /// The card has left the reader.
    MYNACARD_PCSC_CARD_REMOVED = 5,
}

/// How a card is connected, as far as its answer to reset tells. Never a way to tell what card it is.
#[repr(C)]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum mynacard_pcsc_interface {
    /// Not known.
    MYNACARD_PCSC_INTERFACE_UNKNOWN = 0,
    /// Through contacts (接触).
    MYNACARD_PCSC_INTERFACE_CONTACT = 1,
    /// Through the field (非接触), type B: what a My Number Card is.
    MYNACARD_PCSC_INTERFACE_CONTACTLESS_B = 2,
    /// Through the field, of another type or one that is not told.
    MYNACARD_PCSC_INTERFACE_CONTACTLESS = 3,
}

impl From<Interface> for mynacard_pcsc_interface {
    fn from(from: Interface) -> Self {
        match from {
            Interface::Contact => Self::MYNACARD_PCSC_INTERFACE_CONTACT,
            Interface::ContactlessTypeB => Self::MYNACARD_PCSC_INTERFACE_CONTACTLESS_B,
            Interface::Contactless => Self::MYNACARD_PCSC_INTERFACE_CONTACTLESS,
            _ => Self::MYNACARD_PCSC_INTERFACE_UNKNOWN,
        }
    }
}

/// What a monitor has seen.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct mynacard_pcsc_event {
    /// What.
    pub kind: mynacard_pcsc_event_kind,
    /// On which reader; empty for MYNACARD_PCSC_NOTHING. Valid until the next call with this monitor.
    pub reader: mynacard_str,
    /// How a card that was inserted is connected.
    pub interface: mynacard_pcsc_interface,
    /// 1 if another program holds a card that was inserted, else 0.
    pub in_use: u32,
}

/// Watches from now on; what is there already is reported first. `cancellation` may be null. Effect
/// on a card: none. Free it with mynacard_pcsc_monitor_free.
///
/// Codes: MYNACARD_LINK_NOT_PERMITTED, MYNACARD_LINK_TRANSPORT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_pcsc_monitor_new(
    cancellation: *const mynacard_pcsc_cancellation,
    out_monitor: *mut *mut mynacard_pcsc_monitor,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for a handle by the contract of this interface.
        let out = unsafe { Out::new(out_monitor) }?;
        let monitor = Readers.monitor(&self::cancellation(cancellation)?)?;
        let state = MonitorState { monitor, reader: String::new() };
        out.write(handle::open(Arc::new(Exclusive::new(state)))?);
        Ok(())
    })
}

/// The next event, or MYNACARD_PCSC_NOTHING when the time is over; UINT64_MAX waits for ever.
///
/// Codes: MYNACARD_LINK_NO_SERVICE when the time is over and there is no service (not on Windows, where
/// that means no reader); the next call goes on waiting. MYNACARD_LINK_CANCELLED,
/// MYNACARD_LINK_NOT_PERMITTED, MYNACARD_LINK_TRANSPORT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_pcsc_monitor_next(
    monitor: *mut mynacard_pcsc_monitor,
    timeout_millis: u64,
    out_event: *mut mynacard_pcsc_event,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for the structure by the contract of this interface.
        let out = unsafe { Out::new(out_event) }?;
        let object = handle::get(monitor)?;
        let mut state = object.hold()?;
        let event = state.monitor.next(patience(timeout_millis))?;
        out.write(state.show(event));
        Ok(())
    })
}

impl MonitorState {
    /// Keeps the name that C will look at, and describes the event.
    fn show(&mut self, event: Option<Event>) -> mynacard_pcsc_event {
        let mut shown = mynacard_pcsc_event {
            kind: mynacard_pcsc_event_kind::MYNACARD_PCSC_NOTHING,
            reader: "".into(),
            interface: mynacard_pcsc_interface::MYNACARD_PCSC_INTERFACE_UNKNOWN,
            in_use: 0,
        };
        let mut on = |kind, reader: &ReaderName| {
            shown.kind = kind;
            self.reader = reader.to_string();
        };
        match event {
            Some(Event::ReaderAdded(reader)) => {
                on(mynacard_pcsc_event_kind::MYNACARD_PCSC_READER_ADDED, &reader);
            }
            Some(Event::ReaderRemoved(reader)) => {
                on(mynacard_pcsc_event_kind::MYNACARD_PCSC_READER_REMOVED, &reader);
            }
            Some(Event::CardInserted { reader, interface, in_use }) => {
                on(mynacard_pcsc_event_kind::MYNACARD_PCSC_CARD_INSERTED, &reader);
                shown.interface = interface.into();
                shown.in_use = u32::from(in_use);
            }
            Some(Event::CardMute(reader)) => {
                on(mynacard_pcsc_event_kind::MYNACARD_PCSC_CARD_MUTE, &reader);
            }
            Some(Event::CardRemoved(reader)) => {
                on(mynacard_pcsc_event_kind::MYNACARD_PCSC_CARD_REMOVED, &reader);
            }
            _ => return shown,
        }
        shown.reader = self.reader.as_str().into();
        shown
    }
}

/// Frees a monitor. Null is accepted.
#[unsafe(no_mangle)]
pub extern "C" fn mynacard_pcsc_monitor_free(
    monitor: *mut mynacard_pcsc_monitor,
) -> mynacard_result {
    guarded(|| Ok(handle::close(monitor)?))
}

/// Waits until no card lies on the reader of this name, for example before the next patient's. A
/// reader that goes away takes its card with it. `cancellation` may be null. Effect on a card: none.
///
/// Codes: MYNACARD_LINK_TIMEOUT when the time is over (UINT64_MAX: never), MYNACARD_LINK_CANCELLED,
/// MYNACARD_LINK_NO_SERVICE, MYNACARD_LINK_TRANSPORT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_pcsc_wait_for_removal(
    reader: mynacard_str,
    timeout_millis: u64,
    cancellation: *const mynacard_pcsc_cancellation,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: the text's bytes by the contract of this interface.
        let name = unsafe { text(reader.data, reader.length) }?;
        let cancellation = self::cancellation(cancellation)?;
        match Readers.find(name) {
            Ok(reader) => {
                Readers.wait_for_removal(&reader, patience(timeout_millis), &cancellation)?;
            }
            // A reader that is not there has no card; a name that fits more than one says nothing.
            Err(LinkFault::NoReader) => {}
            Err(LinkFault::ReaderGone) => {
                let is_meant = |reader: &ReaderName| reader.to_string().starts_with(name);
                if Readers.names()?.iter().any(is_meant) {
                    return Err(LinkFault::ReaderGone.into());
                }
            }
            Err(fault) => return Err(fault.into()),
        }
        Ok(())
    })
}
