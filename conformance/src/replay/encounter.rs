//! The form of a recorded encounter, and how one is played.

use data_encoding::HEXLOWER;
use mynacard::encounter::event_of;
use mynacard::error::{BoundaryFault, Error};
use mynacard_core::Timestamp;
use mynacard_core::audit::{Ed25519Signer, ShortId};
use mynacard_core::consent::{CardId, PermitLife, Scope};
use mynacard_core::error::Misuse;
use mynacard_core::handover::{CrewFacts, Vitals};
use mynacard_core::medical::{
    FileSource, Found, MedicalFault, MedicalSource, Origin, PersonalText, Query,
};
use mynacard_core::reading::CardReading;
use mynacard_core::trust::{Clock, Roots};
use serde::{Deserialize, Serialize};

use super::file::RecordingError;
use super::host::{Host, OpenHost, Start};

/// The first line: everything that is random, and who takes part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// The version of the form.
    pub replay: u32,
    /// `encounter`.
    pub kind: String,
    /// The name of the file, without its ending.
    pub name: String,
    /// What happens in it.
    pub about: String,
    /// Whether it is a drill (訓練).
    pub drill: bool,
    /// When log and encounter begin, in milliseconds since 1970.
    pub at: u64,
    /// Who reports everything.
    pub crew: String,
    /// The device of the log.
    pub device: String,
    /// 16 bytes in hex.
    pub log_id: String,
    /// 32 bytes in hex: key 0 of the log.
    pub seal_key: String,
    /// 16 bytes in hex.
    pub encounter_id: String,
    /// 32 bytes in hex.
    pub salt: String,
    /// How long a permit lasts, in milliseconds.
    pub permit_millis: u64,
}

/// One thing that the host does, and what comes of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// When, in milliseconds since 1970.
    pub at: u64,
    /// What.
    #[serde(flatten)]
    pub act: Act,
    /// What comes of it.
    pub then: Done,
}

/// What a host does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
pub enum Act {
    /// Asks for the next line, stores it, confirms it.
    Store,
    /// Asks for the next line, and leaves it pending.
    Line,
    /// Confirms a line by its ticket.
    Confirm {
        /// Which one of those handed out, from 0; ticket 0 for one that was not.
        line: usize,
        /// Whether it is confirmed without the encounter, as one of the log's own.
        own: bool,
    },
    /// Drops a line that could not be stored.
    Discard {
        /// As in `Confirm`.
        line: usize,
    },
    /// Asks for a checkpoint, stores it, confirms it without the encounter.
    Checkpoint {
        /// An Ed25519 key in PKCS#8, in hex.
        pkcs8: String,
    },
    /// Asks for the state of the log.
    State,
    /// Plays a recorded reading, examines it as its header says, and tells the encounter.
    Tap {
        /// The recording in `readings/`.
        reading: String,
        /// Whether it is the card of before: 0 as the chips tell, 1 the crew says the same, 2 another.
        same_card: u32,
    },
    /// Records an event.
    Record {
        /// Its number.
        event: u16,
    },
    /// Asks what could be reported now.
    Allowed,
    /// Asks whether a permit would be granted.
    MayPermit,
    /// Asks for a permit.
    Permit {
        /// 1 summary, 2 full.
        scope: u32,
    },
    /// Asks until when the permit lasts.
    PermitUntil,
    /// Asks a source.
    Fetch {
        /// 1 summary, 2 full.
        scope: u32,
        /// The text of the patient file that it gives; none if it fails.
        answer: Option<String>,
        /// How many milliseconds after the question.
        after: u64,
    },
    /// Notes the crew's findings.
    CrewFacts {
        /// Them.
        facts: Facts,
    },
    /// Makes the report for the hospital.
    Handover {
        /// 1 script, 2 page, 3 JSON.
        form: u32,
    },
    /// Asks how it ended.
    WayOut,
}

/// What comes of an act: always a code, and whatever else it gives.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Done {
    /// 0, or the code of the error.
    pub code: u16,
    /// The event that goes into the log, or the way out.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub event: Option<u16>,
    /// What could be reported, in ascending order.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub events: Option<Vec<u16>>,
    /// A line of the log with its line feed, or a report.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub text: Option<String>,
    /// The code of confirming the line.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub confirmed: Option<u16>,
    /// Until when the permit lasts, in milliseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub until: Option<u64>,
    /// The state of the log, in hex.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub state: Option<String>,
    /// Whether the source was asked.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub asked: Option<bool>,
}

/// The crew's findings; -1 for a number that was not measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "named as in the report")]
pub struct Facts {
    pub unit: String,
    pub complaint: String,
    pub consciousness: String,
    pub systolic: i32,
    pub diastolic: i32,
    pub pulse: i32,
    pub breaths: i32,
    pub oxygen: i32,
    pub temperature_tenths: i32,
}

fn exactly<const N: usize>(hex: &str) -> Result<[u8; N], Misuse> {
    let bytes = HEXLOWER.decode(hex.as_bytes()).map_err(|_| Misuse::OutOfRange)?;
    bytes.try_into().map_err(|_| Misuse::OutOfRange)
}

/// What a reading gave, and what its trust is measured against.
#[derive(Debug)]
pub struct Tapped {
    /// The reading.
    pub reading: CardReading,
    /// The roots.
    pub roots: Roots,
    /// The host's clock.
    pub clock: Clock,
}

/// Does one thing after the other from the beginning of an encounter, with a host that `open` makes.
/// `tap` plays a reading by its name.
///
/// Errors: a header that says what cannot be, a reading that is not there.
pub fn act_out(
    header: &Header,
    acts: impl IntoIterator<Item = (u64, Act)>,
    open: OpenHost,
    tap: &mut dyn FnMut(&str) -> Result<Tapped, RecordingError>,
) -> Result<Vec<Step>, RecordingError> {
    let impossible = |why: Error| RecordingError::Impossible(header.name.clone(), why);
    let mut host = open(&header.start().map_err(impossible)?);
    let mut tickets = Vec::new();
    acts.into_iter()
        .map(|(at, act)| {
            let tapped = match &act {
                Act::Tap { reading, .. } => Some(tap(reading)?),
                _ => None,
            };
            let done = Timestamp::from_unix_millis(at)
                .map_err(Error::from)
                .and_then(|now| do_with(&mut *host, &mut tickets, now, &act, tapped));
            let failed = |error: Error| Done { code: error.code(), ..Done::default() };
            Ok(Step { at, act, then: done.unwrap_or_else(failed) })
        })
        .collect()
}

impl Header {
    fn start(&self) -> Result<Start, Error> {
        Ok(Start {
            drill: self.drill,
            at: Timestamp::from_unix_millis(self.at)?,
            crew: ShortId::new(&self.crew)?,
            device: ShortId::new(&self.device)?,
            log_id: exactly(&self.log_id)?,
            seal_key: exactly(&self.seal_key)?,
            encounter_id: exactly(&self.encounter_id)?,
            salt: exactly(&self.salt)?,
            life: PermitLife::from_millis(self.permit_millis)?,
        })
    }
}

fn do_with(
    host: &mut dyn Host,
    tickets: &mut Vec<u64>,
    now: Timestamp,
    act: &Act,
    tapped: Option<Tapped>,
) -> Result<Done, Error> {
    let mut done = Done::default();
    match act {
        Act::Store => {
            let (ticket, text) = host.next_line()?.ok_or(BoundaryFault::Absent)?;
            tickets.push(ticket);
            done.text = Some(text);
            done.confirmed = Some(code_of(host.confirm(ticket, false, now)));
        }
        Act::Line => {
            let (ticket, text) = host.next_line()?.ok_or(BoundaryFault::Absent)?;
            tickets.push(ticket);
            done.text = Some(text);
        }
        Act::Confirm { line, own } => host.confirm(ticket_of(tickets, *line), *own, now)?,
        Act::Discard { line } => host.discard(ticket_of(tickets, *line))?,
        Act::Checkpoint { pkcs8 } => {
            let key = HEXLOWER.decode(pkcs8.as_bytes()).map_err(|_| Misuse::OutOfRange)?;
            let signer = Ed25519Signer::from_pkcs8(&key)?;
            let (ticket, text) = host.checkpoint(&signer, now)?;
            tickets.push(ticket);
            done.text = Some(text);
            done.confirmed = Some(code_of(host.confirm(ticket, true, now)));
        }
        Act::State => {
            let state = host.state().ok_or(BoundaryFault::Absent)?;
            done.state = Some(HEXLOWER.encode(state.as_bytes()));
        }
        Act::Tap { same_card, .. } => {
            let same = match same_card {
                0 => None,
                1 => Some(true),
                2 => Some(false),
                _ => return Err(Misuse::OutOfRange.into()),
            };
            let event = host.card_read(tapped.ok_or(BoundaryFault::Absent)?, same, now)?;
            done.event = Some(event.code());
        }
        Act::Record { event } => {
            host.record(event_of((*event).into())?, now)?;
        }
        Act::Allowed => {
            let events = host.allowed_events(now);
            done.events = Some(events.iter().map(|event| event.code()).collect());
        }
        Act::MayPermit => host.would_permit(now)?,
        Act::Permit { scope } => {
            host.request_permit(scope_of(*scope)?, now)?;
        }
        Act::PermitUntil => {
            let until = host.permit_until(now).ok_or(BoundaryFault::Absent)?;
            done.until = Some(until.unix_millis());
        }
        Act::Fetch { scope, answer, after } => {
            let card = host.card();
            let mut source = Source {
                card: card.unwrap_or_else(|| CardId::from_hash([0; 32])),
                answer: answer.as_deref(),
                asked: false,
            };
            let mut times = [now, now.plus_millis(*after)].into_iter();
            let mut clock = || times.next().unwrap_or(now);
            let event = host.fetch(&mut source, scope_of(*scope)?, &mut clock);
            done.asked = Some(source.asked);
            match event {
                Ok(event) => done.event = Some(event.map_or(0, |event| event.code())),
                Err(error) => done.code = error.code(),
            }
        }
        Act::CrewFacts { facts } => *host.crew_facts() = facts.to_facts()?,
        Act::Handover { form } => {
            let mut text = Err(Misuse::OutOfRange);
            host.look_at_handover(now, &mut |handover| {
                text = match form {
                    1 => Ok(handover.script()),
                    2 => Ok(handover.page()),
                    3 => Ok(handover.json()),
                    _ => Err(Misuse::OutOfRange),
                };
            });
            done.text = Some(text?.as_str().to_owned());
        }
        Act::WayOut => {
            let event = host.way_out().ok_or(BoundaryFault::Absent)?;
            done.event = Some(event.code());
        }
    }
    Ok(done)
}

fn code_of(result: Result<(), Error>) -> u16 {
    result.err().map_or(0, |error| error.code())
}

fn ticket_of(tickets: &[u64], line: usize) -> u64 {
    tickets.get(line).copied().unwrap_or(0)
}

fn scope_of(number: u32) -> Result<Scope, Misuse> {
    match number {
        1 => Ok(Scope::Summary),
        2 => Ok(Scope::Full),
        _ => Err(Misuse::OutOfRange),
    }
}

/// A source that gives what a recording says.
struct Source<'a> {
    card: CardId,
    answer: Option<&'a str>,
    asked: bool,
}

impl MedicalSource for Source<'_> {
    fn card(&self) -> &CardId {
        &self.card
    }

    fn origin(&self) -> Origin {
        Origin::Synthetic
    }

    fn ask(&mut self, query: &Query<'_>) -> Result<Found, MedicalFault> {
        self.asked = true;
        let json = self.answer.ok_or(MedicalFault::SourceFailed)?;
        FileSource::from_json(json.as_bytes(), self.card.clone())?.ask(query)
    }
}

impl Facts {
    fn to_facts(&self) -> Result<CrewFacts, Misuse> {
        fn number<T: TryFrom<i32>>(value: i32) -> Result<Option<T>, Misuse> {
            match value {
                -1 => Ok(None),
                value => T::try_from(value).map(Some).map_err(|_| Misuse::OutOfRange),
            }
        }
        Ok(CrewFacts {
            unit: PersonalText::some(&self.unit),
            complaint: PersonalText::some(&self.complaint),
            consciousness: PersonalText::some(&self.consciousness),
            vitals: Vitals {
                systolic: number(self.systolic)?,
                diastolic: number(self.diastolic)?,
                pulse: number(self.pulse)?,
                breaths: number(self.breaths)?,
                oxygen: number(self.oxygen)?,
                temperature_tenths: number(self.temperature_tenths)?,
            },
        })
    }
}
