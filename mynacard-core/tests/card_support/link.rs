//! The virtual card at the end of a link, a link that fails where a test wants it to, and readings
//! over both.
#![allow(dead_code, unreachable_pub, reason = "each test file uses its own part of this")]

use mynacard_core::Error;
use mynacard_core::card::Floor;
use mynacard_core::credential::VerificationNumberB;
use mynacard_core::driver::run;
use mynacard_core::error::{CardFault, LinkFault};
use mynacard_core::exchange::{Capabilities, CardTransport, Limits, Link};
use mynacard_core::reading::{CardReading, Part, Plan, read};
use mynacard_core::trust::Challenge;
use mynacard_sim::{Application, Profile, Token, VirtualCard};

use crate::card_support::{header, risks_a_try};

/// A link that always works.
pub struct Reader {
    pub card: VirtualCard,
    pub link: Link,
    pub sent: Vec<Vec<u8>>,
}

impl Reader {
    pub fn short(card: VirtualCard) -> Self {
        Self::over(Capabilities::SHORT, card)
    }

    pub fn extended(card: VirtualCard) -> Self {
        Self::over(Capabilities::EXTENDED, card)
    }

    pub fn over(capabilities: Capabilities, card: VirtualCard) -> Self {
        Self { card, link: Link::new(capabilities), sent: Vec::new() }
    }

    /// Takes the card's power, and lets the link know, as a reader does.
    pub fn power_off(&mut self) {
        self.card.power_off();
        self.link.forget();
    }

    pub fn headers(&self) -> Vec<[u8; 4]> {
        self.sent.iter().map(|command| header(command)).collect()
    }
}

impl CardTransport for Reader {
    fn transmit(&mut self, command: &[u8], response: &mut Vec<u8>) -> Result<(), LinkFault> {
        self.sent.push(command.to_vec());
        response.extend_from_slice(&self.card.transmit(command));
        Ok(())
    }

    fn link(&self) -> &Link {
        &self.link
    }
}

/// The card's own account of what its keys have been through: not what a reading says of itself.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Account {
    /// VERIFY commands with data that any key has seen.
    pub presented: u64,
    /// Tries that any counter has less than before.
    pub spent: u64,
}

/// What has happened to a card's counters since it was like this.
pub fn account(before: &VirtualCard, after: &VirtualCard) -> Account {
    let mut account = Account::default();
    for (application, key, left) in before.counters() {
        let now = after.tries_left(application, key);
        let less = left.zip(now).map_or(0, |(left, now)| left.saturating_sub(now));
        account.spent += u64::from(less);
        account.presented +=
            after.presentations(application, key) - before.presentations(application, key);
    }
    account
}

/// How often each 照合番号B was presented: face, text.
pub fn presented(card: &VirtualCard) -> [u64; 2] {
    [card.presentations(Application::Face, 0x12), card.presentations(Application::Text, 0x15)]
}

/// What goes wrong with one exchange.
#[derive(Clone, Debug)]
pub enum Fault {
    /// The link fails.
    Lost(LinkFault),
    /// These bytes come instead of the answer.
    Instead(Vec<u8>),
    /// These bytes come instead of the answer, and of every later one.
    InsteadForEver(Vec<u8>),
    /// Only this many bytes of the answer come.
    Truncated(usize),
    /// The answer before this one comes again.
    Repeated,
    /// One bit of the answer is wrong.
    Flipped(usize),
}

/// A link on which one exchange goes wrong.
pub struct Faulty {
    pub card: VirtualCard,
    pub link: Link,
    pub fault: Fault,
    /// Which exchange, from 0.
    pub at: usize,
    /// Whether the command reaches the card all the same.
    pub delivered: bool,
    pub sent: Vec<Vec<u8>>,
    pub last_answer: Vec<u8>,
}

impl Faulty {
    pub fn new(
        capabilities: Capabilities,
        card: VirtualCard,
        fault: Fault,
        at: usize,
        delivered: bool,
    ) -> Self {
        let link = Link::new(capabilities);
        Self { card, link, fault, at, delivered, sent: Vec::new(), last_answer: Vec::new() }
    }

    pub fn tries_risked(&self) -> usize {
        self.sent.iter().filter(|command| risks_a_try(command)).count()
    }

    /// Whether the command that met the fault was a VERIFY with a secret.
    pub fn struck_a_verify(&self) -> bool {
        self.sent.get(self.at).is_some_and(|command| risks_a_try(command))
    }

    fn answer(&mut self, command: &[u8], count: usize) -> Result<Vec<u8>, LinkFault> {
        let strikes = match self.fault {
            Fault::InsteadForEver(_) => count >= self.at,
            _ => count == self.at,
        };
        if !strikes {
            return Ok(self.card.transmit(command));
        }
        let real = if self.delivered { self.card.transmit(command) } else { vec![0x90, 0x00] };
        match &self.fault {
            Fault::Lost(fault) => Err(*fault),
            Fault::Instead(bytes) | Fault::InsteadForEver(bytes) => Ok(bytes.clone()),
            Fault::Truncated(count) => Ok(real.into_iter().take(*count).collect()),
            Fault::Repeated => Ok(self.last_answer.clone()),
            Fault::Flipped(at) => {
                let mut real = real;
                let count = real.len();
                if let Some(byte) = real.get_mut((at / 8) % count) {
                    *byte ^= 1 << (at % 8);
                }
                Ok(real)
            }
        }
    }
}

impl CardTransport for Faulty {
    fn transmit(&mut self, command: &[u8], response: &mut Vec<u8>) -> Result<(), LinkFault> {
        let count = self.sent.len();
        self.sent.push(command.to_vec());
        let answer = self.answer(command, count)?;
        response.extend_from_slice(&answer);
        self.last_answer = answer;
        Ok(())
    }

    fn link(&self) -> &Link {
        &self.link
    }
}

/// Why a driver can be had.
pub const FREE: &str = "no other driver has the link";

pub fn number_of(profile: &Profile) -> VerificationNumberB {
    let digits = profile.code_b().expect("a card has a 照合番号B");
    VerificationNumberB::from_digits(digits.as_bytes())
        .expect("the profile's number is well formed")
}

/// The profile's number with its last digit changed.
pub fn wrong_number(profile: &Profile) -> VerificationNumberB {
    let mut digits = profile.code_b().expect("a card has a 照合番号B").as_bytes().to_vec();
    let last = digits.last_mut().expect("fourteen");
    *last = if *last == b'9' { b'0' } else { *last + 1 };
    VerificationNumberB::from_digits(&digits).expect("still well formed")
}

pub fn read_by(
    plan: &Plan,
    number: &VerificationNumberB,
    link: &mut impl CardTransport,
) -> CardReading {
    let mut driver = read(link.link(), Limits::default(), number, plan.clone()).expect(FREE);
    run(&mut driver, link).expect("the flow awaits only the card")
}

pub fn cards() -> impl Iterator<Item = &'static Profile> {
    Profile::all().iter().filter(|profile| profile.token() == Token::Card)
}

pub fn phones() -> impl Iterator<Item = &'static Profile> {
    Profile::all().iter().filter(|profile| profile.token() != Token::Card)
}

/// The plan that opens a profile however few tries it has left.
pub fn daring(plan: Plan) -> Plan {
    let floor = Floor::LAST_TRIES_ALLOWED;
    Plan { face_floor: floor, text_floor: floor, ..plan }
}

/// The challenge of the tests, and what a card must sign for it.
pub fn challenge() -> Challenge {
    Challenge::new(b"a nonce that no card has met before").expect("long enough")
}

pub fn card_fault<T>(part: &Part<T>) -> CardFault {
    match part.error() {
        Some(Error::Card(error)) => error.fault,
        other => panic!("a card fault was expected: {other:?}"),
    }
}

pub fn iso(date: mynacard_sim::Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year, date.month, date.day)
}
