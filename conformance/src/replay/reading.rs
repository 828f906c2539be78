//! The form of a recorded reading: its header, its lines, and what plays it.

use std::sync::Arc;

use mynacard::session::Outcome;
use mynacard_core::Error;
use mynacard_core::card::Floor;
use mynacard_core::credential::VerificationNumberB;
use mynacard_core::exchange::{self, CardTransport};
use mynacard_core::reading::{CardReading, Plan};
use mynacard_core::trust::{Challenge, Clock};
use serde::{Deserialize, Serialize};

use super::expect::{Expect, Statistics};
use super::stage::Tape;

/// The first line: what is read, by which plan, and what its trust is measured against.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// The version of the form.
    pub replay: u32,
    /// `reading`.
    pub kind: String,
    /// The name of the file, without its ending.
    pub name: String,
    /// What happens in it.
    pub about: String,
    /// `read`, `identify`, `tries` or `facts`.
    pub flow: String,
    /// What the link carries.
    pub capabilities: Capabilities,
    /// 照合番号B of an invented person, fourteen digits. Only for `read`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub number: Option<String>,
    /// Only for `read`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub plan: Option<PlanForm>,
    /// `roots.json` beside the file, or `production`.
    pub roots: String,
    /// The host's clock.
    pub clock: ClockForm,
}

/// What the link carries.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Capabilities {
    /// Longest command, in bytes.
    pub max_command: usize,
    /// Longest answer with its status word, in bytes.
    pub max_response: usize,
    /// Whether extended-length commands pass.
    pub extended_length: bool,
}

/// A plan in numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanForm {
    /// 1 face, 2 attributes, 4 certificate, 8 proof, added up.
    pub parts: u32,
    /// Fewest tries that must be left for the face application; 0 is the default.
    pub face_floor: u8,
    /// Fewest tries that must be left for the text application; 0 is the default.
    pub text_floor: u8,
    /// Whether even the last try may be spent.
    pub allow_last_tries: bool,
    /// Whether the text application is not asked to prove itself.
    pub without_text_proof: bool,
    /// What the chip has to sign, in hex; none if it is not asked.
    pub nonce: Option<String>,
}

/// The host's clock.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockForm {
    /// 0 unknown, 1 trusted, 2 untrusted.
    pub kind: u32,
    /// Milliseconds since 1970; 0 if unknown.
    pub unix_millis: u64,
}

/// Every line after the header.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Line {
    /// The driver sends a command, the card answers. Hex.
    Exchange {
        /// The command.
        command: String,
        /// Its answer, status bytes included.
        response: String,
    },
    /// The driver sends a command, and no answer comes.
    Lost {
        /// The command.
        command: String,
        /// Why, as the code of a link fault.
        link: u16,
    },
    /// The driver shows progress.
    Progress {
        /// Phase, bytes done, bytes expected.
        progress: (u32, usize, usize),
    },
    /// The driver delivers the card face before the rest.
    Face {
        /// True.
        face: bool,
    },
    /// What has come out so far.
    Expect {
        /// Everything that can be asked.
        expect: Box<Expect>,
    },
    /// The card is held to the reader again, and a new driver goes on with the reading.
    Resume {
        /// How.
        resume: Resume,
    },
}

/// A new tap.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resume {
    /// The new nonce, in hex.
    pub nonce: String,
    /// 0, or the code with which a driver is refused; the reading is then as it was.
    pub refused: u16,
}

/// What a driver is to do.
#[derive(Debug)]
pub enum Job {
    /// Find out what lies on the reader.
    Identify,
    /// Ask for the tries left.
    Tries,
    /// Read what the card says of itself.
    Facts,
    /// Read by a plan.
    Read(Arc<VerificationNumberB>, Plan),
    /// Go on with a torn reading.
    Resume(Arc<VerificationNumberB>, Plan, Box<CardReading>, Challenge),
}

/// What plays a recording: the core, or what is built on it.
pub trait Front {
    /// Does a job over a transport, and writes progress and early faces on the tape.
    ///
    /// Errors: the reading and the error with which it is not resumed.
    fn run(
        &self,
        job: Job,
        link: &mut impl CardTransport,
        tape: &Tape,
    ) -> Result<(Outcome, Statistics), (Box<CardReading>, Error)>;
}

impl From<&Capabilities> for exchange::Capabilities {
    fn from(form: &Capabilities) -> Self {
        Self {
            max_command: form.max_command,
            max_response: form.max_response,
            extended_length: form.extended_length,
        }
    }
}

impl From<exchange::Capabilities> for Capabilities {
    fn from(from: exchange::Capabilities) -> Self {
        Self {
            max_command: from.max_command,
            max_response: from.max_response,
            extended_length: from.extended_length,
        }
    }
}

impl PlanForm {
    /// The plan without its nonce.
    ///
    /// Errors: a floor that cannot be.
    pub fn plan(&self) -> Result<Plan, Error> {
        let floor = |tries| match (self.allow_last_tries, Floor::new(tries)?) {
            (false, floor) => Ok::<_, Error>(floor),
            (true, _) => Ok(Floor::LAST_TRIES_ALLOWED),
        };
        Ok(Plan {
            face: self.parts & 1 != 0,
            attributes: self.parts & 2 != 0,
            certificate: self.parts & 4 != 0,
            proof: self.parts & 8 != 0,
            challenge: None,
            text_proof: !self.without_text_proof,
            face_floor: floor(self.face_floor)?,
            text_floor: floor(self.text_floor)?,
        })
    }
}

impl ClockForm {
    /// The clock; unknown where the number is none.
    #[must_use]
    pub fn clock(&self) -> Clock {
        match (self.kind, mynacard_core::Timestamp::from_unix_millis(self.unix_millis)) {
            (1, Ok(now)) => Clock::Trusted(now),
            (2, Ok(now)) => Clock::Untrusted(now),
            _ => Clock::Unknown,
        }
    }
}
