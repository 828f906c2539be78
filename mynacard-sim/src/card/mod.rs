//! The virtual card itself: what it keeps, and which command goes where.

mod read;
mod select;
mod sign;
mod verify;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::apdu::Apdu;
use crate::files::{Application, Df, Ef};
use crate::status::{self, Sw};
use crate::transport::Connection;
use mynacard_core::exchange::Capabilities;

/// Ways in which one genuine chip differs from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Behaviour {
    /// Whether extended Lc and Le are understood; without, they answer `6700`.
    pub extended_length: bool,
    /// Whether a free query (VERIFY without data) of a key that is already verified answers
    /// `9000` instead of the tries left. Vendors differ.
    pub query_says_verified: bool,
    /// Whether a free query of a blocked key answers `6984` instead of `63C0`. Vendors differ.
    pub query_says_blocked: bool,
    /// Whether the issuer security domain can be selected (cards yes, phones no).
    pub security_domain: bool,
    /// Whether the iPhone's "last command" marker `80 FC 00 00` is answered `9000`;
    /// without, it answers `6700` as a card does.
    pub last_command_marker: bool,
}

impl Default for Behaviour {
    fn default() -> Self {
        Behaviour {
            extended_length: true,
            query_says_verified: false,
            query_says_blocked: false,
            security_domain: true,
            last_command_marker: false,
        }
    }
}

/// One exchange as the log keeps it: the command's header and the status word, never data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogEntry {
    /// CLA, INS, P1, P2; zeros where the command was shorter than that.
    pub header: [u8; 4],
    /// Number of bytes of the whole command.
    pub sent: usize,
    /// Number of bytes of the whole response, status word included.
    pub received: usize,
    /// The status word.
    pub status: u16,
}

/// How much has gone over the link since the card was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Commands answered.
    pub exchanges: u64,
    /// Bytes of commands.
    pub bytes_sent: u64,
    /// Bytes of responses, status words included.
    pub bytes_received: u64,
}

/// What lasts only as long as the card has power.
#[derive(Clone, Default)]
struct Session {
    application: Option<Application>,
    ef: Option<u16>,
    verified: BTreeSet<u16>,
}

/// Answer to one command: data and status word.
type Answer = Result<Vec<u8>, Sw>;

/// A virtual My Number Card: raw command bytes in, raw response bytes out.
///
/// Try counters last; security status (what has been verified) is lost on [`power_off`] and on
/// leaving the application. Make one from a [`Profile`](crate::Profile), from saved files
/// ([`VirtualCard::from_files`]), or with a [`CardBuilder`](crate::CardBuilder).
///
/// Not simulated: changing PINs (`00 24`, `80 32` answer `6D00`), secure messaging, loading a
/// terminal certificate (`80 A2` answers `6700`), PSS signatures (P1 04 and 05 answer `6A86`).
///
/// [`power_off`]: VirtualCard::power_off
#[derive(Clone)]
pub struct VirtualCard {
    pub(crate) label: String,
    pub(crate) applications: Vec<Df>,
    /// Applications of other issuers: they answer SELECT, and nothing in them is simulated.
    pub(crate) beside: Vec<Vec<u8>>,
    pub(crate) objects: BTreeMap<u16, Vec<u8>>,
    pub(crate) behaviour: Behaviour,
    pub(crate) accepts_any_matching: bool,
    challenges: u64,
    session: Session,
    log: Vec<LogEntry>,
    traffic: Traffic,
    pub(crate) connection: Connection,
}

impl VirtualCard {
    pub(crate) fn new(
        label: String,
        applications: Vec<Df>,
        objects: BTreeMap<u16, Vec<u8>>,
        behaviour: Behaviour,
    ) -> Self {
        VirtualCard {
            label,
            applications,
            beside: Vec::new(),
            objects,
            behaviour,
            accepts_any_matching: false,
            challenges: 0,
            session: Session::default(),
            log: Vec::new(),
            traffic: Traffic::default(),
            connection: Connection::new(Capabilities::EXTENDED),
        }
    }

    /// Sends one command and gives the response, which ends in the status word and is therefore
    /// never shorter than two bytes. Any bytes are allowed; only a VERIFY with data can change a
    /// try counter.
    pub fn transmit(&mut self, command: &[u8]) -> Vec<u8> {
        let (mut response, sw) = match self.answer(command) {
            Ok(data) => (data, status::OK),
            Err(sw) => (Vec::new(), sw),
        };
        response.extend_from_slice(&sw.to_be_bytes());
        self.traffic.exchanges += 1;
        self.traffic.bytes_sent += command.len() as u64;
        self.traffic.bytes_received += response.len() as u64;
        self.log.push(LogEntry {
            header: command.first_chunk::<4>().copied().unwrap_or_default(),
            sent: command.len(),
            received: response.len(),
            status: sw,
        });
        response
    }

    /// Takes the power away: selection and security status are lost, try counters stay.
    pub fn power_off(&mut self) {
        self.session = Session::default();
        self.connection.0.forget();
    }

    /// Warm reset, as `SCARD_RESET_CARD` causes it. Measured on a card: the security status
    /// *survives* it, and so the application stays current. That the current EF is forgotten is
    /// an assumption (confidence C).
    pub fn reset(&mut self) {
        self.session.ef = None;
        self.connection.0.forget();
    }

    /// The name of the profile or dump.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.label
    }

    /// Tries left on a key EF; `None` where there is no such key or it has no limit.
    /// A look from outside: costs no exchange and no try.
    #[must_use]
    pub fn tries_left(&self, application: Application, key: u16) -> Option<u8> {
        match self.file(application, key)? {
            Ef::Pin(pin) => pin.tries.map(|tries| tries.left),
            _ => None,
        }
    }

    /// How many VERIFY commands that carried data this key EF has seen, right or wrong, blocked
    /// or not. Zero where there is no such key.
    #[must_use]
    pub fn presentations(&self, application: Application, key: u16) -> u64 {
        match self.file(application, key) {
            Some(Ef::Pin(pin)) => pin.presented,
            _ => 0,
        }
    }

    /// All try counters: application, key EF, tries left (`None`: no limit).
    pub fn counters(&self) -> impl Iterator<Item = (Application, u16, Option<u8>)> + '_ {
        self.applications.iter().flat_map(|df| {
            df.files.iter().filter_map(move |(&id, file)| match file {
                Ef::Pin(pin) => Some((df.id, id, pin.tries.map(|tries| tries.left))),
                _ => None,
            })
        })
    }

    /// The application that is selected now.
    #[must_use]
    pub fn current_application(&self) -> Option<Application> {
        self.session.application
    }

    /// Headers and status words since the card was made or [`clear_log`](Self::clear_log).
    #[must_use]
    pub fn log(&self) -> &[LogEntry] {
        &self.log
    }

    /// Forgets the log; the traffic counters stay.
    pub fn clear_log(&mut self) {
        self.log.clear();
    }

    /// Exchanges and bytes since the card was made.
    #[must_use]
    pub fn traffic(&self) -> Traffic {
        self.traffic
    }

    /// How this chip behaves where chips differ.
    #[must_use]
    pub fn behaviour(&self) -> Behaviour {
        self.behaviour
    }

    /// Whether 照合番号B is checked by its date parts only, since the security code is not known
    /// (a dump without `secrets.json`).
    #[must_use]
    pub fn accepts_any_matching(&self) -> bool {
        self.accepts_any_matching
    }

    fn answer(&mut self, command: &[u8]) -> Answer {
        let apdu = Apdu::parse(command).ok_or(status::WRONG_LENGTH)?;
        check_class(apdu.cla)?;
        if apdu.extended && !self.behaviour.extended_length {
            return Err(status::WRONG_LENGTH);
        }
        match (apdu.cla, apdu.ins) {
            (0x00, 0xA4) => self.select(&apdu),
            (0x00, 0xB0) => self.read_binary(&apdu),
            (0x00, 0xB2) => self.read_record(&apdu),
            (0x00, 0xCA) => self.get_data(&apdu),
            (0x00, 0x20) => self.verify(&apdu),
            (0x00, 0x84) => self.get_challenge(&apdu),
            (0x00, 0x88) => self.internal_authenticate(&apdu),
            (0x80, 0x2A) => self.compute_signature(&apdu),
            (0x80, 0xA2) => Err(status::WRONG_LENGTH),
            (0x80, 0xAE) => Err(self.set_session_key()),
            (0x80, 0xFC) => self.last_command_marker(&apdu),
            _ => Err(status::INS_NOT_SUPPORTED),
        }
    }

    /// Secure messaging is not simulated: no application has a session key configured. The
    /// statuses of the others are as measured (confidence B).
    fn set_session_key(&self) -> Sw {
        match self.session.application {
            Some(Application::Jpki | Application::Juki) => status::ACCESS_DENIED,
            _ => status::NO_SESSION_KEY_CONFIGURED,
        }
    }

    fn last_command_marker(&self, apdu: &Apdu<'_>) -> Answer {
        if self.behaviour.last_command_marker && (apdu.p1, apdu.p2) == (0, 0) {
            Ok(Vec::new())
        } else {
            Err(status::WRONG_LENGTH)
        }
    }

    pub(crate) fn file(&self, application: Application, id: u16) -> Option<&Ef> {
        self.applications.iter().find(|df| df.id == application)?.files.get(&id)
    }

    fn file_mut(&mut self, application: Application, id: u16) -> Option<&mut Ef> {
        self.applications.iter_mut().find(|df| df.id == application)?.files.get_mut(&id)
    }

    /// The file that is current after a short EF id (1–30) or, with 0, the one selected before.
    /// Naming a file by its short id makes it current, whatever becomes of the command.
    fn address(&mut self, short_id: u8) -> Result<u16, Sw> {
        if short_id == 0 {
            return self.session.ef.ok_or(status::NO_CURRENT_FILE);
        }
        let id = u16::from(short_id);
        if !self.exists(id) {
            return Err(status::FILE_NOT_FOUND);
        }
        self.session.ef = Some(id);
        Ok(id)
    }

    /// Whether the current DF, or the card manager where none is current, has this file.
    fn exists(&self, id: u16) -> bool {
        match self.session.application {
            Some(application) => self.file(application, id).is_some(),
            // Measured: only 001E is there, and it cannot be read (confidence B).
            None => id == 0x001E && self.behaviour.security_domain,
        }
    }

    fn current(&self, id: u16) -> Result<&Ef, Sw> {
        match self.session.application {
            Some(application) => self.file(application, id).ok_or(status::FILE_NOT_FOUND),
            None => Ok(&Ef::Opaque),
        }
    }
}

/// Only logical channel 0 exists. A class with secure messaging bits is refused as such, since
/// this card has no session to use them in.
fn check_class(cla: u8) -> Result<(), Sw> {
    match cla {
        0x00 | 0x80 => Ok(()),
        0x01..=0x03 | 0x81..=0x83 => Err(status::CHANNEL_NOT_SUPPORTED),
        0x04..=0x0F => Err(status::SECURE_MESSAGING_NOT_SUPPORTED),
        _ => Err(status::CLA_NOT_SUPPORTED),
    }
}

impl fmt::Debug for VirtualCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VirtualCard")
            .field("label", &self.label)
            .field("application", &self.session.application)
            .field("traffic", &self.traffic)
            .finish_non_exhaustive()
    }
}
