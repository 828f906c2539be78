//! The virtual card on a virtual reader, for every program that speaks PC/SC.
//!
//! The reader is `vpcd` of the vsmartcard project (Debian: `vsmartcard-vpcd`), a driver of `pcscd`
//! that takes its card over TCP. This is the card's end:
//!
//! ```no_run
//! use mynacard_sim::Profile;
//! use mynacard_sim::vpcd::{ADDRESS, Atr, VirtualReader};
//!
//! let reader = VirtualReader::new(ADDRESS, Atr::Contact);
//! reader.insert(Profile::adult().card())?;
//! // … another program reads; then, from any thread:
//! reader.set_script("lost@3".parse().unwrap());
//! let card = reader.remove();
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! The protocol, as `vpcd` 3.3 speaks it: a length of two bytes, high byte first, and so many bytes.
//! One byte is an order (00 power off, 01 power on, 02 reset, 04 tell the ATR), more are a command.
//! Only ATR and commands are answered. So an answer has at most 65,535 bytes with its status word.
//!
//! `vpcd` listens on every network interface. These cards are nobody's, but a machine that others can
//! reach should not run it all the same.

mod console;

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::VirtualCard;
use crate::fault::{FaultyCard, Script};

pub use console::console;

/// Where the first slot of a freshly installed `vpcd` waits for its card.
pub const ADDRESS: &str = "127.0.0.1:35963";

/// The answer to reset (ATR) that the card gives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Atr {
    /// Through contacts, as several readers have seen it (confidence A). It is the one in OpenSC's
    /// list, which finds the card's driver at once by it.
    #[default]
    Contact,
    /// What a contactless reader makes up for a published card of type B (confidence A).
    Contactless,
    /// Any other, 2 to 33 bytes.
    Other(Vec<u8>),
}

impl Atr {
    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Contact => &[0x3B, 0xE0, 0x00, 0xFF, 0x81, 0x31, 0xFE, 0x45, 0x14],
            Self::Contactless => {
                &[0x3B, 0x88, 0x80, 0x01, 0x00, 0x00, 0x41, 0xE0, 0xB3, 0x81, 0xA1, 0x00, 0x3B]
            }
            Self::Other(bytes) => bytes,
        }
    }
}

/// One slot of a `vpcd`, with or without a card in it.
///
/// All methods take effect while other programs use the card. Dropping it removes the card.
///
/// `pcscd` looks for its cards every 400 milliseconds, and one that comes back between two looks can
/// leave it believing that there is none. No hand is that fast; here a card comes back a second after
/// it has left, for which [`insert`](Self::insert) and [`place_again`](Self::place_again) wait.
#[derive(Debug)]
pub struct VirtualReader {
    address: String,
    atr: Atr,
    slot: Arc<Mutex<Slot>>,
}

#[derive(Debug, Default)]
struct Slot {
    card: Option<FaultyCard>,
    link: Option<Link>,
    left_at: Option<Instant>,
}

#[derive(Debug)]
struct Link {
    stream: TcpStream,
    server: JoinHandle<()>,
}

impl VirtualReader {
    /// A slot at `host:port`, still empty. Nothing is connected yet.
    #[must_use]
    pub fn new(address: &str, atr: Atr) -> Self {
        Self { address: address.to_owned(), atr, slot: Arc::default() }
    }

    /// Puts a card in, in place of the one that may be there.
    ///
    /// Errors: nobody listens at the address (is `pcscd` running?), or the network fails.
    pub fn insert(&self, card: VirtualCard) -> io::Result<()> {
        self.insert_faulty(FaultyCard::new(card, Script::nothing()))
    }

    /// Puts a card in with things going wrong. What cannot be told over this protocol makes the card
    /// leave: a reset or a time-out that the reader reports, an answer without any byte (at which
    /// `vpcd` would wait for ever). Delays are real ones here.
    ///
    /// Errors: as [`insert`](Self::insert).
    pub fn insert_faulty(&self, card: FaultyCard) -> io::Result<()> {
        self.remove();
        self.lock().card = Some(card);
        self.connect()
    }

    /// Takes the card out; it has lost its power.
    pub fn remove(&self) -> Option<FaultyCard> {
        self.disconnect();
        let mut card = self.lock().card.take()?;
        card.power_off();
        Some(card)
    }

    /// Lifts the card and places it again. This is also how one comes back that a fault has lifted.
    ///
    /// Errors: as [`insert`](Self::insert); [`io::ErrorKind::NotFound`] without a card.
    pub fn place_again(&self) -> io::Result<()> {
        self.disconnect();
        match &mut self.lock().card {
            Some(card) => card.place_again(),
            None => return Err(io::ErrorKind::NotFound.into()),
        }
        self.connect()
    }

    /// Lifts the card without forgetting it.
    pub fn lift(&self) {
        self.disconnect();
        if let Some(card) = &mut self.lock().card {
            card.power_off();
        }
    }

    /// From now on this goes wrong with the card in the slot.
    pub fn set_script(&self, script: Script) {
        if let Some(card) = &mut self.lock().card {
            card.set_script(script);
        }
    }

    /// Looks at the card from outside, between two exchanges: counters, log, traffic.
    pub fn with_card<T>(&self, look: impl FnOnce(&FaultyCard) -> T) -> Option<T> {
        self.lock().card.as_ref().map(look)
    }

    /// Whether a card is connected to the reader at this moment.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.lock().link.as_ref().is_some_and(|link| !link.server.is_finished())
    }

    fn connect(&self) -> io::Result<()> {
        let left_at = self.lock().left_at;
        thread::sleep(left_at.map_or(Duration::ZERO, |at| AWAY.saturating_sub(at.elapsed())));
        let stream = TcpStream::connect(&self.address)?;
        stream.set_nodelay(true)?;
        let mut wire = stream.try_clone()?;
        let slot = Arc::clone(&self.slot);
        let atr = self.atr.bytes().to_vec();
        let server = thread::Builder::new().name("virtual card".to_owned()).spawn(move || {
            // The other end closes when it ends, ours when the card is removed: both are usual.
            let _ = serve(&mut wire, &slot, &atr);
            let _ = wire.shutdown(Shutdown::Both);
            slot.lock().unwrap_or_else(PoisonError::into_inner).left_at = Some(Instant::now());
        })?;
        self.lock().link = Some(Link { stream, server });
        Ok(())
    }

    fn disconnect(&self) {
        let link = self.lock().link.take();
        if let Some(Link { stream, server }) = link {
            // Fails where the other end was faster.
            let _ = stream.shutdown(Shutdown::Both);
            let _ = server.join();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Slot> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for VirtualReader {
    fn drop(&mut self) {
        self.disconnect();
    }
}

/// How long a card is away at least.
const AWAY: Duration = Duration::from_secs(1);

const POWER_OFF: u8 = 0x00;
const POWER_ON: u8 = 0x01;
const RESET: u8 = 0x02;
const TELL_ATR: u8 = 0x04;

/// Answers until either end closes or the card leaves.
fn serve(wire: &mut TcpStream, slot: &Mutex<Slot>, atr: &[u8]) -> io::Result<()> {
    loop {
        let message = receive(wire)?;
        let answer = {
            let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
            let Some(card) = &mut slot.card else { return Ok(()) };
            match message.as_slice() {
                [] | [POWER_ON] => continue,
                [POWER_OFF] => {
                    card.power_off();
                    continue;
                }
                [RESET] => {
                    card.reset();
                    continue;
                }
                [TELL_ATR] => atr.to_vec(),
                command => {
                    let before = card.delayed();
                    let answer = card.answer(command).unwrap_or_default();
                    if answer.is_empty() {
                        return Ok(());
                    }
                    let delay = card.delayed().saturating_sub(before);
                    drop(slot);
                    thread::sleep(delay);
                    answer
                }
            }
        };
        send(wire, &answer)?;
    }
}

fn receive(wire: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut length = [0; 2];
    acknowledge_at_once(wire)?;
    wire.read_exact(&mut length)?;
    let mut message = vec![0; usize::from(u16::from_be_bytes(length))];
    acknowledge_at_once(wire)?;
    wire.read_exact(&mut message)?;
    Ok(message)
}

fn send(wire: &mut TcpStream, answer: &[u8]) -> io::Result<()> {
    let length = u16::try_from(answer.len()).map_err(|_| io::ErrorKind::FileTooLarge)?;
    wire.write_all(&[&length.to_be_bytes(), answer].concat())
}

/// `vpcd` sends length and body in two packets and holds the second back until the first is
/// acknowledged, which costs 44 milliseconds an exchange. The flag does not last: it is set before
/// every read.
#[cfg(target_os = "linux")]
fn acknowledge_at_once(wire: &TcpStream) -> io::Result<()> {
    std::os::linux::net::TcpStreamExt::set_quickack(wire, true)
}

#[cfg(not(target_os = "linux"))]
#[allow(clippy::unnecessary_wraps, reason = "the Linux form can fail")]
fn acknowledge_at_once(_: &TcpStream) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests;
