//! What a program finds in the place of libpcsclite: the functions of PC/SC, answered from a script.
//!
//! The environment names the script (`MYNACARD_STANDIN_SCRIPT`, see [`script`]) and the file in which
//! each connection and each command's header is written down (`MYNACARD_STANDIN_JOURNAL`).
//!
//! Only for the numbers of 64-bit Linux and its kin; elsewhere there is nothing here.
#![cfg(all(unix, target_pointer_width = "64"))]
#![allow(
    unreachable_pub,
    non_upper_case_globals,
    non_snake_case,
    clippy::missing_safety_doc,
    clippy::indexing_slicing,
    clippy::expect_used,
    reason = "the interface is PC/SC's, and what tests stand on may fail loudly"
)]

mod code;
mod script;
mod world;

use std::ffi::{CStr, c_char, c_long, c_ulong, c_void};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use world::World;

static WORLD: Mutex<Option<World>> = Mutex::new(None);

/// `SCARD_STATE_CHANGED`.
const CHANGED: u64 = 0x02;
/// `SCARD_STATE_UNKNOWN`.
const UNKNOWN: u64 = 0x04;
/// The reader whose state is how many readers there are.
const NOTIFICATION: &str = r"\\?PnP?\Notification";

/// `SCARD_IO_REQUEST`.
#[repr(C)]
pub struct Pci {
    protocol: c_ulong,
    length: c_ulong,
}

/// `SCARD_READERSTATE`.
#[repr(C)]
pub struct ReaderState {
    reader: *const c_char,
    user_data: *mut c_void,
    current: c_ulong,
    event: c_ulong,
    atr_length: c_ulong,
    atr: [u8; 33],
}

/// T=0.
#[unsafe(no_mangle)]
pub static g_rgSCardT0Pci: Pci = Pci { protocol: 1, length: 16 };
/// T=1.
#[unsafe(no_mangle)]
pub static g_rgSCardT1Pci: Pci = Pci { protocol: 2, length: 16 };
/// Raw.
#[unsafe(no_mangle)]
pub static g_rgSCardRawPci: Pci = Pci { protocol: 4, length: 16 };

fn world() -> MutexGuard<'static, Option<World>> {
    let mut world = WORLD.lock().unwrap_or_else(PoisonError::into_inner);
    if world.is_none() {
        *world = Some(World::begin().expect("the environment names a script that is one"));
    }
    world
}

fn answer(ask: impl FnOnce(&mut World) -> Result<(), i64>) -> c_long {
    let mut world = world();
    match world.as_mut().map(ask) {
        Some(Ok(())) => 0,
        Some(Err(code)) => code,
        None => code::INTERNAL,
    }
}

/// Puts a value where a program wants it, if it does.
///
/// # Safety
/// `place` is null or valid for a write.
unsafe fn put<T>(place: *mut T, value: T) {
    if !place.is_null() {
        // SAFETY: as the caller promises.
        unsafe { place.write(value) }
    }
}

/// Puts bytes into a program's buffer, or only says how many they are.
///
/// # Safety
/// `buffer` is null or has as many bytes as `length` says, which is valid.
unsafe fn fill(bytes: &[u8], buffer: *mut u8, length: *mut c_ulong) -> Result<(), i64> {
    if length.is_null() {
        return Ok(());
    }
    // SAFETY: as the caller promises.
    let space = unsafe { length.replace(bytes.len() as c_ulong) };
    if buffer.is_null() {
        return Ok(());
    }
    if space < bytes.len() as c_ulong {
        return Err(code::INSUFFICIENT_BUFFER);
    }
    // SAFETY: there is space, as was just seen.
    unsafe { buffer.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
    Ok(())
}

/// # Safety
/// `text` is a C string.
unsafe fn text(text: *const c_char) -> String {
    // SAFETY: as the caller promises.
    unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned()
}

/// Gives a context.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SCardEstablishContext(
    _scope: c_ulong,
    _reserved: *const c_void,
    _reserved_too: *const c_void,
    context: *mut c_long,
) -> c_long {
    answer(|world| {
        let handle = world.establish()?;
        // SAFETY: PC/SC's contract.
        unsafe { put(context, handle) };
        Ok(())
    })
}

/// Ends a context.
#[unsafe(no_mangle)]
pub extern "C" fn SCardReleaseContext(_context: c_long) -> c_long {
    0
}

/// Whether a context is one.
#[unsafe(no_mangle)]
pub extern "C" fn SCardIsValidContext(context: c_long) -> c_long {
    answer(|world| world.check(context))
}

/// Ends who waits.
#[unsafe(no_mangle)]
pub extern "C" fn SCardCancel(context: c_long) -> c_long {
    answer(|world| {
        world.check(context)?;
        world.is_cancelled = true;
        Ok(())
    })
}

/// The names of the readers.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SCardListReaders(
    context: c_long,
    _groups: *const c_char,
    readers: *mut c_char,
    length: *mut c_ulong,
) -> c_long {
    answer(|world| {
        world.check(context)?;
        // SAFETY: PC/SC's contract.
        unsafe { fill(&world.names()?, readers.cast(), length) }
    })
}

/// Waits until something is new. When nothing is, and somebody would wait, the next scene begins.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SCardGetStatusChange(
    context: c_long,
    timeout: c_ulong,
    states: *mut ReaderState,
    count: c_ulong,
) -> c_long {
    // SAFETY: PC/SC's contract.
    let states = unsafe { std::slice::from_raw_parts_mut(states, count as usize) };
    let until = Instant::now() + Duration::from_millis(timeout);
    loop {
        let mut is_new = false;
        let code = answer(|world| {
            world.check(context)?;
            if std::mem::take(&mut world.is_cancelled) {
                return Err(code::CANCELLED);
            }
            is_new = look(world, states);
            if !is_new {
                if until <= Instant::now() {
                    return Err(code::TIMEOUT);
                }
                world.next_scene();
            }
            Ok(())
        });
        if is_new || code != 0 {
            return code;
        }
        thread::sleep(Duration::from_millis(10));
    }
}

/// Says of each reader how it is. Whether anything is new.
fn look(world: &World, states: &mut [ReaderState]) -> bool {
    for state in states.iter_mut() {
        // SAFETY: PC/SC's contract.
        let name = unsafe { text(state.reader) };
        let now = match name.as_str() {
            NOTIFICATION => world.readers() << 16,
            name => world.state(name).unwrap_or(UNKNOWN),
        };
        let is_new = now != state.current & !CHANGED;
        state.event = now | if is_new { CHANGED } else { 0 };
        let atr = world.atr(&name);
        state.atr[..atr.len()].copy_from_slice(atr);
        state.atr_length = atr.len() as c_ulong;
    }
    states.iter().any(|state| state.event & CHANGED != 0)
}

/// Connects to the card on a reader.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SCardConnect(
    context: c_long,
    reader: *const c_char,
    _sharing: c_ulong,
    _protocols: c_ulong,
    card: *mut c_long,
    protocol: *mut c_ulong,
) -> c_long {
    // SAFETY: PC/SC's contract.
    let reader = unsafe { text(reader) };
    answer(|world| {
        let handle = world.connect(context, &reader);
        world.note(&format!("connect {reader}: {:08X}", handle.err().unwrap_or(0)));
        // SAFETY: PC/SC's contract.
        unsafe {
            put(card, handle?);
            put(protocol, 2);
        }
        Ok(())
    })
}

/// Connects anew to the card of a handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SCardReconnect(
    card: c_long,
    _sharing: c_ulong,
    _protocols: c_ulong,
    _initialization: c_ulong,
    protocol: *mut c_ulong,
) -> c_long {
    answer(|world| {
        let reader = world.name(card)?;
        world.note(&format!("reconnect {reader}"));
        // SAFETY: PC/SC's contract.
        unsafe { put(protocol, 2) };
        Ok(())
    })
}

/// Lets go of a card.
#[unsafe(no_mangle)]
pub extern "C" fn SCardDisconnect(card: c_long, _disposition: c_ulong) -> c_long {
    answer(|world| world.disconnect(card))
}

/// Begins what nobody else can interrupt, which nobody could anyhow.
#[unsafe(no_mangle)]
pub extern "C" fn SCardBeginTransaction(card: c_long) -> c_long {
    answer(|world| world.name(card).map(drop))
}

/// Ends that.
#[unsafe(no_mangle)]
pub extern "C" fn SCardEndTransaction(card: c_long, _disposition: c_ulong) -> c_long {
    answer(|world| world.name(card).map(drop))
}

/// The reader and the ATR of a handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SCardStatus(
    card: c_long,
    reader: *mut c_char,
    reader_length: *mut c_ulong,
    state: *mut c_ulong,
    protocol: *mut c_ulong,
    atr: *mut u8,
    atr_length: *mut c_ulong,
) -> c_long {
    answer(|world| {
        let name = world.name(card)?;
        // SAFETY: PC/SC's contract.
        unsafe {
            put(state, 0x34);
            put(protocol, 2);
            fill(&[name.as_bytes(), b"\0"].concat(), reader.cast(), reader_length)?;
            fill(world.atr(&name), atr, atr_length)
        }
    })
}

/// Sends a command.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SCardTransmit(
    card: c_long,
    _send: *const Pci,
    command: *const u8,
    command_length: c_ulong,
    _receive: *mut Pci,
    response: *mut u8,
    response_length: *mut c_ulong,
) -> c_long {
    // SAFETY: PC/SC's contract.
    let command = unsafe { std::slice::from_raw_parts(command, command_length as usize) };
    answer(|world| {
        let reader = world.name(card)?;
        let header = command.iter().take(4).map(|byte| format!("{byte:02X}")).collect::<String>();
        world.note(&format!("transmit {reader}: {header}, {} bytes", command.len()));
        let answer = world.transmit(card, command)?;
        // SAFETY: PC/SC's contract.
        unsafe { fill(&answer, response, response_length) }
    })
}

/// Asks the reader's driver, which knows nothing.
#[unsafe(no_mangle)]
pub extern "C" fn SCardControl(
    _card: c_long,
    _control: c_ulong,
    _send: *const u8,
    _send_length: c_ulong,
    _receive: *mut u8,
    _receive_length: c_ulong,
    _returned: *mut c_ulong,
) -> c_long {
    code::UNSUPPORTED
}

/// As [`SCardControl`].
#[unsafe(no_mangle)]
pub extern "C" fn SCardGetAttrib(
    _card: c_long,
    _attribute: c_ulong,
    _value: *mut u8,
    _length: *mut c_ulong,
) -> c_long {
    code::UNSUPPORTED
}

/// As [`SCardControl`].
#[unsafe(no_mangle)]
pub extern "C" fn SCardSetAttrib(
    _card: c_long,
    _attribute: c_ulong,
    _value: *const u8,
    _length: c_ulong,
) -> c_long {
    code::UNSUPPORTED
}
