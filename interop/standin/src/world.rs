//! The readers and the service as the script has them at this moment.

use std::collections::VecDeque;
use std::io::Write;
use std::{env, fs};

use mynacard_core::error::LinkFault;

use crate::code;
use crate::script::{Line, Lying, scenes};

/// So many refused contexts, and the scene in which the service is down is over.
const REFUSALS: u32 = 3;
/// What a contactless reader makes up for a card of type B.
const ATR: [u8; 13] = *b"\x3B\x88\x80\x01\x00\x00\x05\xE0\xB3\x81\xA1\x00\x7F";

const EMPTY: u64 = 0x10;
const PRESENT: u64 = 0x20;
const EXCLUSIVE: u64 = 0x80;
const IN_USE: u64 = 0x100;
const MUTE: u64 = 0x200;

/// Everything that there is.
pub(crate) struct World {
    scenes: VecDeque<Vec<Line>>,
    readers: Vec<Reader>,
    is_up: bool,
    /// Contexts of an earlier life of the service are dead.
    life: i64,
    contexts: i64,
    refused: u32,
    establish: Refusal,
    pub(crate) is_cancelled: bool,
    journal: Option<fs::File>,
}

#[derive(Default)]
struct Refusal {
    code: i64,
    times: u32,
}

impl Refusal {
    fn next(&mut self) -> Option<i64> {
        self.times = self.times.checked_sub(1)?;
        Some(self.code)
    }
}

struct Reader {
    name: String,
    lying: Lying,
    /// How often a card has come or gone.
    count: u64,
    refusal: Refusal,
    /// The handle that holds the card.
    held: Option<i64>,
}

impl World {
    /// The first scene of the script that the environment names.
    pub(crate) fn begin() -> Option<Self> {
        let script = fs::read_to_string(env::var_os("MYNACARD_STANDIN_SCRIPT")?).ok()?;
        let journal = env::var_os("MYNACARD_STANDIN_JOURNAL")?;
        let mut world = Self {
            scenes: scenes(&script)?.into(),
            readers: Vec::new(),
            is_up: true,
            life: 1,
            contexts: 0,
            refused: 0,
            establish: Refusal::default(),
            is_cancelled: false,
            journal: fs::File::options().create(true).append(true).open(journal).ok(),
        };
        world.next_scene();
        Some(world)
    }

    /// Writes down what a program did.
    pub(crate) fn note(&mut self, line: &str) {
        if let Some(journal) = &mut self.journal {
            let _ = writeln!(journal, "{line}");
        }
    }

    /// Plays the next scene, if there is one.
    pub(crate) fn next_scene(&mut self) {
        for line in self.scenes.pop_front().unwrap_or_default() {
            match line {
                Line::Reader(name, lying) => {
                    let reader = self.reader_or_new(name);
                    reader.lying = lying;
                    reader.count += 1;
                    reader.held = None;
                }
                Line::Gone(name) => self.readers.retain(|reader| reader.name != name),
                Line::Service { is_up } => {
                    self.is_up = is_up;
                    self.life += 1;
                    self.refused = 0;
                }
                Line::Connect { code, times, reader } => {
                    self.reader_or_new(reader).refusal = Refusal { code, times };
                }
                Line::Establish { code, times } => self.establish = Refusal { code, times },
            }
        }
    }

    fn reader_or_new(&mut self, name: String) -> &mut Reader {
        let at = self.readers.iter().position(|reader| reader.name == name);
        let at = at.unwrap_or_else(|| {
            let refusal = Refusal::default();
            self.readers.push(Reader {
                name,
                lying: Lying::Nothing,
                count: 0,
                refusal,
                held: None,
            });
            self.readers.len() - 1
        });
        &mut self.readers[at]
    }

    /// A context, or the code of a refusal.
    pub(crate) fn establish(&mut self) -> Result<i64, i64> {
        if !self.is_up {
            self.refused += 1;
            if self.refused >= REFUSALS {
                self.next_scene();
            }
            return Err(code::NO_SERVICE);
        }
        if let Some(code) = self.establish.next() {
            return Err(code);
        }
        self.contexts += 1;
        Ok((self.life << 32) | self.contexts)
    }

    /// Whether a context, or a handle made with one, is of this life of the service.
    pub(crate) fn check(&self, handle: i64) -> Result<(), i64> {
        let is_alive = self.is_up && handle >> 32 == self.life;
        if is_alive { Ok(()) } else { Err(code::SERVICE_STOPPED) }
    }

    /// The names, each ended by a zero, and one more at the end.
    pub(crate) fn names(&self) -> Result<Vec<u8>, i64> {
        if self.readers.is_empty() {
            return Err(code::NO_READERS);
        }
        let names = self.readers.iter().flat_map(|reader| [reader.name.as_bytes(), b"\0"].concat());
        Ok(names.chain([0]).collect())
    }

    /// How many readers there are.
    pub(crate) fn readers(&self) -> u64 {
        self.readers.len() as u64
    }

    /// A reader's state, with its counter in the upper half; none for an unknown reader.
    pub(crate) fn state(&self, name: &str) -> Option<u64> {
        let reader = self.readers.iter().find(|reader| reader.name == name)?;
        let lying = match &reader.lying {
            Lying::Nothing => EMPTY,
            Lying::Mute | Lying::Virtual { is_quiet: true, .. } => PRESENT | MUTE,
            Lying::Other | Lying::Virtual { .. } => PRESENT,
        };
        let held = if reader.held.is_some() { IN_USE | EXCLUSIVE } else { 0 };
        Some((reader.count << 16) | lying | held)
    }

    /// The answer to reset of the card on a reader; nothing where none speaks.
    pub(crate) fn atr(&self, name: &str) -> &'static [u8] {
        let speaks = |state: u64| state & PRESENT != 0 && state & MUTE == 0;
        if self.state(name).is_some_and(speaks) { &ATR } else { &[] }
    }

    /// A handle to the card on a reader, or the code of a refusal.
    pub(crate) fn connect(&mut self, context: i64, name: &str) -> Result<i64, i64> {
        self.check(context)?;
        self.contexts += 1;
        let handle = (self.life << 32) | self.contexts;
        let reader = self.readers.iter_mut().find(|reader| reader.name == name);
        let reader = reader.ok_or(code::UNKNOWN_READER)?;
        if let Some(code) = reader.refusal.next() {
            return Err(code);
        }
        match &mut reader.lying {
            Lying::Nothing => return Err(code::NO_CARD),
            Lying::Mute => return Err(code::UNRESPONSIVE),
            _ if reader.held.is_some() => return Err(code::SHARING_VIOLATION),
            Lying::Other => {}
            Lying::Virtual { is_quiet, .. } => *is_quiet = false,
        }
        reader.held = Some(handle);
        Ok(handle)
    }

    fn held(&mut self, handle: i64) -> Result<&mut Reader, i64> {
        self.check(handle)?;
        let reader = self.readers.iter_mut().find(|reader| reader.held == Some(handle));
        reader.ok_or(code::INVALID_HANDLE)
    }

    /// The name of the reader behind a handle.
    pub(crate) fn name(&mut self, handle: i64) -> Result<String, i64> {
        Ok(self.held(handle)?.name.clone())
    }

    /// The card's answer to a command, or the code of the reader's.
    pub(crate) fn transmit(&mut self, handle: i64, command: &[u8]) -> Result<Vec<u8>, i64> {
        let reader = self.held(handle)?;
        match &mut reader.lying {
            Lying::Virtual { card, .. } => card.answer(command).map_err(|fault| match fault {
                LinkFault::NoCard => code::REMOVED,
                LinkFault::Reset => code::RESET,
                LinkFault::Timeout => code::TIMEOUT,
                _ => code::NOT_TRANSACTED,
            }),
            Lying::Other => Ok(vec![0x6A, 0x82]),
            Lying::Nothing | Lying::Mute => Err(code::REMOVED),
        }
    }

    /// Lets go of a card, which loses its power.
    pub(crate) fn disconnect(&mut self, handle: i64) -> Result<(), i64> {
        let reader = self.held(handle)?;
        reader.held = None;
        if let Lying::Virtual { card, .. } = &mut reader.lying {
            card.power_off();
        }
        Ok(())
    }
}
