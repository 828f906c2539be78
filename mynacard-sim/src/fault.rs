//! A virtual card with things going wrong on the way to it, by a script.
//!
//! ```
//! use mynacard_sim::Profile;
//! use mynacard_sim::fault::{FaultyCard, Script};
//!
//! // The card is pulled away at the sixth exchange, before it has seen the command.
//! let script: Script = "lost@5".parse().unwrap();
//! let mut card = FaultyCard::new(Profile::adult().card(), script);
//! ```
//!
//! A script is a list of `fault@n` (at exchange n, counted from 0, over the card's whole life) and
//! `fault@n+` (there and at every later one), separated by commas. See [`Fault`] for the names.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use mynacard_core::error::LinkFault;
use mynacard_core::exchange::{Capabilities, CardTransport, Link};

use crate::VirtualCard;
use crate::apdu::Apdu;
use crate::transport::Connection;

/// One thing that goes wrong with an exchange. In brackets: its name in a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The card is gone before it has seen the command (`lost`), until
    /// [`FaultyCard::place_again`].
    LostBefore,
    /// The card is gone after it has carried the command out; nobody hears the answer
    /// (`lost-after`).
    LostAfter,
    /// The reader says that the card was reset, before the command (`reset`). The card has lost its
    /// power and all that was selected and verified.
    Reset,
    /// The card has lost its power before the command, and nobody says so: a presence check
    /// (`silent-reset`). The command is carried out in that state.
    SilentReset,
    /// Carried out, but the answer came too late: the reader says time-out (`timeout`).
    Timeout,
    /// Carried out; the answer is noise that ends in noise (`garbage`).
    Garbage,
    /// Carried out; only this many bytes of the answer come (`truncated:N`).
    Truncated(usize),
    /// Carried out; one bit of the answer is wrong, counted from its first (`flipped:N`).
    Flipped(usize),
    /// Not carried out; this status word comes instead, alone (four hexadecimal digits: `6F00`,
    /// `6C10`, `61FF`, `9000`).
    Status(u16),
    /// Carried out, but this status word comes instead of the answer (`after:6F00`).
    StatusAfter(u16),
    /// Carried out; the answer announces that as many bytes wait as it brings (`more`).
    More,
    /// Of what a READ BINARY asks for, one byte comes (`one-byte`).
    OneByte,
    /// The first length in the data of a READ BINARY is the largest that its form can hold
    /// (`oversized`).
    Oversized,
    /// More bytes come than a READ BINARY has asked for (`overlong`).
    Overlong,
    /// Not carried out; the answer before this one comes again (`duplicate`).
    Duplicate,
    /// A free query of the tries left is answered with this number (`counter:N`): stuck or lying.
    /// Other commands are untouched.
    Counter(u8),
    /// Carried out this much later, in milliseconds of virtual time (`delay:N`).
    Delay(u64),
}

impl Fault {
    fn parse(name: &str) -> Option<Self> {
        let (name, value) = name.split_once(':').unwrap_or((name, ""));
        let number = || value.parse().ok();
        Some(match name {
            "lost" => Self::LostBefore,
            "lost-after" => Self::LostAfter,
            "reset" => Self::Reset,
            "silent-reset" => Self::SilentReset,
            "timeout" => Self::Timeout,
            "garbage" => Self::Garbage,
            "truncated" => Self::Truncated(number()?),
            "flipped" => Self::Flipped(number()?),
            "after" => Self::StatusAfter(status_word(value)?),
            "more" => Self::More,
            "one-byte" => Self::OneByte,
            "oversized" => Self::Oversized,
            "overlong" => Self::Overlong,
            "duplicate" => Self::Duplicate,
            "counter" => Self::Counter(value.parse().ok().filter(|left| *left <= 15)?),
            "delay" => Self::Delay(value.parse().ok()?),
            status => Self::Status(status_word(status)?),
        })
    }
}

/// The name in a script.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LostBefore => f.write_str("lost"),
            Self::LostAfter => f.write_str("lost-after"),
            Self::Reset => f.write_str("reset"),
            Self::SilentReset => f.write_str("silent-reset"),
            Self::Timeout => f.write_str("timeout"),
            Self::Garbage => f.write_str("garbage"),
            Self::Truncated(bytes) => write!(f, "truncated:{bytes}"),
            Self::Flipped(bit) => write!(f, "flipped:{bit}"),
            Self::Status(status) => write!(f, "{status:04X}"),
            Self::StatusAfter(status) => write!(f, "after:{status:04X}"),
            Self::More => f.write_str("more"),
            Self::OneByte => f.write_str("one-byte"),
            Self::Oversized => f.write_str("oversized"),
            Self::Overlong => f.write_str("overlong"),
            Self::Duplicate => f.write_str("duplicate"),
            Self::Counter(left) => write!(f, "counter:{left}"),
            Self::Delay(milliseconds) => write!(f, "delay:{milliseconds}"),
        }
    }
}

fn status_word(text: &str) -> Option<u16> {
    (text.len() == 4).then(|| u16::from_str_radix(text, 16).ok()).flatten()
}

/// What goes wrong when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Script {
    steps: Vec<Step>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Step {
    fault: Fault,
    at: u64,
    for_ever: bool,
}

impl Script {
    /// Nothing goes wrong.
    #[must_use]
    pub const fn nothing() -> Self {
        Self { steps: Vec::new() }
    }

    /// The same script, and this fault at exchange `at`, from 0.
    #[must_use]
    pub fn once(mut self, at: u64, fault: Fault) -> Self {
        self.steps.push(Step { fault, at, for_ever: false });
        self
    }

    /// The same script, and this fault at exchange `at` and every later one.
    #[must_use]
    pub fn from(mut self, at: u64, fault: Fault) -> Self {
        self.steps.push(Step { fault, at, for_ever: true });
        self
    }

    /// The fault of an exchange: the first in the script that applies.
    fn fault(&self, exchange: u64) -> Option<Fault> {
        let applies = |step: &&Step| {
            if step.for_ever { step.at <= exchange } else { step.at == exchange }
        };
        self.steps.iter().find(applies).map(|step| step.fault)
    }
}

/// Why a script does not parse: the step that is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no step of a fault script: {0:?} (expected fault@exchange, as in lost@7 or 6F00@3+)")]
pub struct ScriptError(String);

impl FromStr for Script {
    type Err = ScriptError;

    fn from_str(text: &str) -> Result<Self, ScriptError> {
        let step = |step: &str| {
            let (fault, at) = step.split_once('@')?;
            let (at, for_ever) = at.strip_suffix('+').map_or((at, false), |at| (at, true));
            Some(Step { fault: Fault::parse(fault)?, at: at.parse().ok()?, for_ever })
        };
        let steps = text.split(',').map(str::trim).filter(|text| !text.is_empty());
        let parsed = steps.map(|text| step(text).ok_or_else(|| ScriptError(text.to_owned())));
        Ok(Self { steps: parsed.collect::<Result<_, _>>()? })
    }
}

impl fmt::Display for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, step) in self.steps.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            let plus = if step.for_ever { "+" } else { "" };
            write!(f, "{comma}{}@{}{plus}", step.fault, step.at)?;
        }
        Ok(())
    }
}

/// A virtual card behind a link on which things go wrong.
///
/// Whatever happens, the try counters of the card inside tell the truth: see
/// [`FaultyCard::card`].
#[derive(Clone, Debug)]
pub struct FaultyCard {
    card: VirtualCard,
    script: Script,
    exchanges: u64,
    struck: u64,
    last_answer: Vec<u8>,
    delayed: Duration,
    is_gone: bool,
    connection: Connection,
}

impl FaultyCard {
    /// A card and what is to go wrong. The link carries extended lengths.
    #[must_use]
    pub fn new(card: VirtualCard, script: Script) -> Self {
        Self {
            card,
            script,
            exchanges: 0,
            struck: 0,
            last_answer: Vec::new(),
            delayed: Duration::ZERO,
            is_gone: false,
            connection: Connection::new(Capabilities::EXTENDED),
        }
    }

    /// The same behind a link that carries this.
    #[must_use]
    pub fn over(self, capabilities: Capabilities) -> Self {
        Self { connection: Connection::new(capabilities), ..self }
    }

    /// The card itself, seen from outside: counters, log, traffic.
    #[must_use]
    pub fn card(&self) -> &VirtualCard {
        &self.card
    }

    /// The card without the link.
    #[must_use]
    pub fn into_card(self) -> VirtualCard {
        self.card
    }

    /// From now on this goes wrong; exchanges go on being counted.
    pub fn set_script(&mut self, script: Script) {
        self.script = script;
    }

    /// How many exchanges were attempted.
    #[must_use]
    pub fn exchanges(&self) -> u64 {
        self.exchanges
    }

    /// How many exchanges met a fault.
    #[must_use]
    pub fn struck(&self) -> u64 {
        self.struck
    }

    /// Virtual time by which faults have delayed answers.
    #[must_use]
    pub fn delayed(&self) -> Duration {
        self.delayed
    }

    /// Whether the card has left the reader.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        self.is_gone
    }

    /// Places the card on the reader again: the next tap. It has lost its power meanwhile.
    pub fn place_again(&mut self) {
        self.power_off();
        self.is_gone = false;
    }

    /// Takes the card's power, as [`VirtualCard::power_off`].
    pub fn power_off(&mut self) {
        self.card.power_off();
        self.connection.0.forget();
    }

    /// Resets the card, as [`VirtualCard::reset`].
    pub fn reset(&mut self) {
        self.card.reset();
        self.connection.0.forget();
    }

    /// Sends one command.
    ///
    /// Errors: as the script says, and [`LinkFault::NoCard`] once the card is gone.
    pub fn answer(&mut self, command: &[u8]) -> Result<Vec<u8>, LinkFault> {
        if self.is_gone {
            return Err(LinkFault::NoCard);
        }
        let fault = self.script.fault(self.exchanges);
        self.exchanges += 1;
        self.struck += u64::from(fault.is_some());
        let answer = match fault {
            Some(fault) => self.go_wrong(fault, command)?,
            None => self.card.transmit(command),
        };
        self.last_answer.clone_from(&answer);
        Ok(answer)
    }

    fn go_wrong(&mut self, fault: Fault, command: &[u8]) -> Result<Vec<u8>, LinkFault> {
        let is_query = matches!(command, [0x00, 0x20, 0x00, 0x80..=0x9E]);
        let reads = Apdu::parse(command).filter(|apdu| apdu.ins == 0xB0).and_then(|apdu| apdu.le);
        match fault {
            Fault::LostBefore => {
                self.leave();
                return Err(LinkFault::Lost);
            }
            Fault::Reset => {
                self.card.power_off();
                return Err(LinkFault::Reset);
            }
            Fault::SilentReset => self.card.power_off(),
            Fault::Status(status) => return Ok(status.to_be_bytes().to_vec()),
            Fault::Duplicate => return Ok(self.last_answer.clone()),
            Fault::Counter(left) if is_query => return Ok(vec![0x63, 0xC0 | (left & 0x0F)]),
            Fault::Delay(milliseconds) => self.delayed += Duration::from_millis(milliseconds),
            _ => {}
        }
        let mut answer = self.card.transmit(command);
        match (fault, reads) {
            (Fault::LostAfter, _) => {
                self.leave();
                return Err(LinkFault::Lost);
            }
            (Fault::Timeout, _) => return Err(LinkFault::Timeout),
            (Fault::Garbage, _) => answer = noise(answer.len(), self.exchanges),
            (Fault::Truncated(bytes), _) => answer.truncate(bytes),
            (Fault::Flipped(bit), _) => {
                let at = (bit / 8) % answer.len().max(1);
                if let Some(byte) = answer.get_mut(at) {
                    *byte ^= 1 << (bit % 8);
                }
            }
            (Fault::StatusAfter(status), _) => answer = status.to_be_bytes().to_vec(),
            (Fault::More, _) => {
                let waiting = u8::try_from(answer.len().saturating_sub(2)).unwrap_or(0);
                answer.truncate(answer.len().saturating_sub(2));
                answer.extend_from_slice(&[0x61, waiting]);
            }
            (Fault::OneByte, Some(_)) if answer.len() > 3 => {
                answer.drain(1..answer.len() - 2);
            }
            (Fault::Oversized, Some(_)) => enlarge(&mut answer),
            (Fault::Overlong, Some(_)) if answer.ends_with(&[0x90, 0x00]) => {
                let data = noise(16, self.exchanges);
                let end = answer.len() - 2;
                answer.splice(end..end, data);
            }
            _ => {}
        }
        Ok(answer)
    }

    fn leave(&mut self) {
        self.card.power_off();
        self.is_gone = true;
    }
}

/// Bytes that mean nothing; the same for the same seed.
fn noise(count: usize, seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let next = |_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_be_bytes()[0]
    };
    (0..count).map(next).collect()
}

/// Sets every bit of the first BER length in the data.
fn enlarge(answer: &mut [u8]) {
    let tag_bytes = match answer {
        [first, second, ..] if *first & 0x1F == 0x1F => 2 + usize::from(*second & 0x80 != 0),
        _ => 1,
    };
    let end = answer.len().saturating_sub(2);
    let Some([form, rest @ ..]) = answer.get_mut(tag_bytes..end) else { return };
    match *form {
        0x81..=0x84 => {
            let count = usize::from(*form & 0x0F);
            rest.iter_mut().take(count).for_each(|byte| *byte = 0xFF);
        }
        _ => *form = 0x7F,
    }
}

impl CardTransport for FaultyCard {
    fn transmit(&mut self, command: &[u8], response: &mut Vec<u8>) -> Result<(), LinkFault> {
        response.extend_from_slice(&self.answer(command)?);
        Ok(())
    }

    fn link(&self) -> &Link {
        &self.connection.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Application, Profile};

    fn faulty(script: &str) -> FaultyCard {
        FaultyCard::new(Profile::adult().card(), script.parse().unwrap())
    }

    fn select(application: Application) -> Vec<u8> {
        [&[0x00, 0xA4, 0x04, 0x0C, 0x0A], &application.aid()[..]].concat()
    }

    const SELECT_KEY: &[u8] = &[0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, 0x12];
    const QUERY: &[u8] = &[0x00, 0x20, 0x00, 0x80];
    const READ: &[u8] = &[0x00, 0xB0, 0x8A, 0x00, 0x20];

    #[test]
    fn a_script_is_read_and_written() {
        let text = "lost@7,lost-after@8,reset@1,silent-reset@2,timeout@3,garbage@0,truncated:5@4,\
                    flipped:9@4,6F00@5,after:9000@6,more@9+,one-byte@9,oversized@1,overlong@2,\
                    duplicate@3,counter:3@4+,delay:250@5";
        assert_eq!(text.parse::<Script>().unwrap().to_string(), text);
        assert_eq!("".parse::<Script>().unwrap(), Script::nothing());
        for wrong in ["lost", "lost@", "lost@x", "gone@3", "6F@3", "counter:16@1", "truncated@2"] {
            assert_eq!(wrong.parse::<Script>(), Err(ScriptError(wrong.to_owned())), "{wrong}");
        }
    }

    #[test]
    fn a_lost_card_stays_away_until_it_is_placed_again() {
        let mut card = faulty("lost@1");
        assert_eq!(card.answer(&select(Application::Face)), Ok(vec![0x90, 0x00]));
        assert_eq!(card.answer(SELECT_KEY), Err(LinkFault::Lost));
        assert_eq!(card.answer(SELECT_KEY), Err(LinkFault::NoCard));
        card.place_again();
        assert_eq!(card.answer(SELECT_KEY), Ok(vec![0x6A, 0x82]), "nothing is selected any more");
    }

    #[test]
    fn lost_after_means_that_the_card_has_done_it() {
        let verify = [&[0x00, 0x20, 0x00, 0x80, 0x0E][..], b"00000000000000"].concat();
        for (script, left) in [("lost@2", 10), ("lost-after@2", 9), ("timeout@2", 9)] {
            let mut card = faulty(script);
            card.answer(&select(Application::Face)).unwrap();
            card.answer(SELECT_KEY).unwrap();
            assert!(card.answer(&verify).is_err());
            assert_eq!(card.card().tries_left(Application::Face, 0x12), Some(left), "{script}");
        }
    }

    #[test]
    fn a_silent_reset_forgets_the_selection() {
        let mut card = faulty("silent-reset@1");
        card.answer(&select(Application::Jpki)).unwrap();
        assert_eq!(card.answer(READ), Ok(vec![0x6A, 0x82]));
    }

    #[test]
    fn answers_are_bent_as_the_script_says() {
        let answer = |script: &str| {
            let mut card = faulty(script);
            card.answer(&select(Application::Jpki)).unwrap();
            card.answer(READ).unwrap()
        };
        let right = answer("");
        assert_eq!(right.len(), 34);
        assert_eq!(answer("truncated:7@1"), right[..7]);
        assert_eq!(answer("flipped:0@1")[0], right[0] ^ 1);
        assert_eq!(answer("6F00@1"), [0x6F, 0x00]);
        assert_eq!(answer("one-byte@1"), [right[0], 0x90, 0x00]);
        assert_eq!(answer("more@1")[32..], [0x61, 0x20]);
        assert_eq!(answer("overlong@1").len(), 50);
        assert_eq!(answer("oversized@1")[..4], [right[0], right[1], 0xFF, 0xFF]);
        assert_eq!(answer("duplicate@1"), [0x90, 0x00]);
        assert_eq!(answer("garbage@1").len(), 34);
        assert_eq!(answer("delay:9@1"), right);
    }

    #[test]
    fn a_lying_counter_lies_about_queries_only() {
        let mut card = faulty("counter:3@0+");
        card.answer(&select(Application::Face)).unwrap();
        assert_eq!(card.answer(SELECT_KEY), Ok(vec![0x90, 0x00]));
        assert_eq!(card.answer(QUERY), Ok(vec![0x63, 0xC3]));
        assert_eq!(card.card().tries_left(Application::Face, 0x12), Some(10));
    }
}
