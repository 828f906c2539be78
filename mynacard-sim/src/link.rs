//! What a reading would take over the air, in virtual time.
//!
//! The bytes that really travel are counted; how long they take is computed from the framing of
//! ISO/IEC 14443 type B, and from assumptions about reader and card that [`LinkModel`] names one by
//! one. Nothing sleeps. The result is good for comparing two ways of reading the same card, and for
//! knowing about how long a crew must hold still; it is no measurement.
//!
//! ```
//! use mynacard_core::driver::run_with;
//! use mynacard_core::exchange::{CardTransport, Limits};
//! use mynacard_core::reading::identify;
//! use mynacard_sim::Profile;
//! use mynacard_sim::link::{LinkModel, TimedLink};
//!
//! let mut link = TimedLink::new(Profile::adult().card(), LinkModel::nfc106());
//! let meter = link.meter();
//! let mut driver = identify(link.link(), Limits::default())?;
//! let token = run_with(&mut driver, &mut link, |progress| meter.enter(progress.phase), |_| {});
//! assert!(token?.is_ok() && meter.total().time.as_millis() > 10);
//! # Ok::<(), mynacard_core::error::Misuse>(())
//! ```

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use mynacard_core::error::LinkFault;
use mynacard_core::exchange::{CardTransport, Link, Phase};

use crate::LogEntry;

/// The times of a link and of the card at its end.
///
/// The framing is the standard's (ISO/IEC 14443-2, -3, -4). Frame sizes, waiting time and the faster
/// rate are those that published My Number Cards announce in their protocol information
/// `B3 81 A1`: 256 bytes a frame, FWI 10, 212 and 424 kbit/s in both directions (confidence A). What
/// the reader and the chip need for themselves is assumed (confidence C), as each field says.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct LinkModel {
    /// Name for tables.
    pub name: &'static str,
    /// One bit, in nanoseconds.
    pub bit: f64,
    /// Bits of one character: a start bit, eight data bits, a stop bit.
    pub character: f64,
    /// Extra guard time between characters towards the card, in bits. The standard allows 0 to 6;
    /// readers of today send none.
    pub guard_to_card: f64,
    /// The same towards the reader; allowed are 0 to 2.
    pub guard_to_reader: f64,
    /// Start of frame: ten bits low and two high at least.
    pub start_of_frame: f64,
    /// End of frame: ten bits low at least.
    pub end_of_frame: f64,
    /// Silence and synchronisation before a card's frame (TR0 and TR1), in microseconds: at least 64
    /// and 80 periods of the subcarrier, at 847.5 kHz.
    pub before_answer: f64,
    /// Silence before a reader's frame, in microseconds: at least 14 bits at the base rate.
    pub before_command: f64,
    /// Longest frame to the card (FSC), with control byte and checksum.
    pub frame_to_card: usize,
    /// Longest frame to the reader (FSD).
    pub frame_to_reader: usize,
    /// What one exchange costs beside the air and the card, in microseconds: the reader's firmware,
    /// its driver, the USB bus or the tablet's NFC service (assumed). USB readers take 2 to 5
    /// milliseconds; for a phone 100 to 120 milliseconds were published for the five to eight
    /// exchanges of a payment, which is 13 to 24 each. The default lies between.
    pub reader: f64,
    /// How long a card may be silent before it must ask for more time, in milliseconds: FWI 10.
    pub frame_waiting: f64,
    /// What the chip needs.
    pub card: CardTimes,
}

/// What the chip needs for a command, in milliseconds, beside the transport. No measurement of this
/// card is public, so all are assumed (confidence C).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CardTimes {
    /// Any command: decoding, access rules.
    pub command: f64,
    /// SELECT of an application, beside that.
    pub select_application: f64,
    /// Reading one byte of a file.
    pub read_byte: f64,
    /// VERIFY with a secret: the counter is written before the comparison, and after.
    pub verify: f64,
    /// A signature with RSA-2048. Other chips that were measured through the field take 55 (NXP P71),
    /// 65 (Infineon SPA1), 140 (Infineon SLE 78) and 200 milliseconds (Infineon SECORA ID X):
    /// JCAlgTest's published results for a private operation with remainders. The SLE 78 is of the
    /// age of this card.
    pub signature: f64,
}

impl Default for CardTimes {
    fn default() -> Self {
        Self {
            command: 2.0,
            select_application: 6.0,
            read_byte: 0.004,
            verify: 20.0,
            signature: 140.0,
        }
    }
}

impl LinkModel {
    /// Type B at 106 kbit/s, on which every card and reader begins and most stay.
    #[must_use]
    pub fn nfc106() -> Self {
        // 128 periods of the carrier of 13.56 MHz.
        Self::at("nfc106", 128.0 / 13.56e-3)
    }

    /// Type B at 424 kbit/s, where card and reader agree on it.
    #[must_use]
    pub fn nfc424() -> Self {
        Self::at("nfc424", 32.0 / 13.56e-3)
    }

    /// The model of this name: `nfc106` or `nfc424`.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        [Self::nfc106(), Self::nfc424()].into_iter().find(|model| model.name == name)
    }

    fn at(name: &'static str, bit: f64) -> Self {
        Self {
            name,
            bit,
            character: 10.0,
            guard_to_card: 0.0,
            guard_to_reader: 0.0,
            start_of_frame: 12.0,
            end_of_frame: 10.0,
            before_answer: (64.0 + 80.0) / 0.8475,
            before_command: 14.0 * 9.44,
            frame_to_card: 256,
            frame_to_reader: 256,
            reader: 8_000.0,
            frame_waiting: 0.302 * 1024.0,
            card: CardTimes::default(),
        }
    }

    /// The time of one exchange.
    #[must_use]
    pub fn exchange(&self, command: &[u8], answer: &[u8]) -> Duration {
        let header = command.first_chunk().copied().unwrap_or_default();
        self.time(header, command.len(), answer.len())
    }

    /// The time of one exchange that a card has logged.
    #[must_use]
    pub fn logged(&self, entry: &LogEntry) -> Duration {
        self.time(entry.header, entry.sent, entry.received)
    }

    fn time(&self, header: [u8; 4], sent: usize, received: usize) -> Duration {
        let card = self.card.time(header, sent, received) * 1e6;
        let nanoseconds = self.reader * 1e3
            + self.send(sent, Direction::ToCard)
            + card
            + self.waits(card)
            + self.send(received, Direction::ToReader);
        Duration::from_nanos(nanoseconds as u64)
    }

    /// The time in which so many bytes alone could travel, without frames, checksums, reader or
    /// card: the limit that nobody can beat.
    #[must_use]
    pub fn bare(&self, bytes: u64) -> Duration {
        Duration::from_nanos((bytes as f64 * self.character * self.bit) as u64)
    }

    /// Nanoseconds for so many bytes in one direction: full frames, each but the last of which the
    /// other side acknowledges.
    fn send(&self, bytes: usize, direction: Direction) -> f64 {
        let longest = match direction {
            Direction::ToCard => self.frame_to_card,
            Direction::ToReader => self.frame_to_reader,
        };
        let full = bytes.saturating_sub(1) / (longest - FRAME_OVERHEAD);
        let last = bytes - full * (longest - FRAME_OVERHEAD);
        let acknowledged = self.frame(longest, direction) + self.frame(ACKNOWLEDGEMENT, !direction);
        full as f64 * acknowledged + self.frame(last + FRAME_OVERHEAD, direction)
    }

    /// Nanoseconds for the requests for more time that a card sends while it computes.
    fn waits(&self, card_nanoseconds: f64) -> f64 {
        let requests = (card_nanoseconds / (self.frame_waiting * 1e6)).floor();
        let both = self.frame(WAIT_REQUEST, Direction::ToReader)
            + self.frame(WAIT_REQUEST, Direction::ToCard);
        requests * both
    }

    /// Nanoseconds for one frame of so many bytes.
    fn frame(&self, bytes: usize, direction: Direction) -> f64 {
        let (guard, before) = match direction {
            Direction::ToCard => (self.guard_to_card, self.before_command),
            Direction::ToReader => (self.guard_to_reader, self.before_answer),
        };
        let characters = bytes as f64 * (self.character + guard);
        before * 1e3 + (self.start_of_frame + characters + self.end_of_frame) * self.bit
    }
}

/// Control byte and checksum of an I-block.
const FRAME_OVERHEAD: usize = 3;
/// An R-block.
const ACKNOWLEDGEMENT: usize = 3;
/// An S-block that asks for, or grants, more time.
const WAIT_REQUEST: usize = 4;

#[derive(Clone, Copy)]
enum Direction {
    ToCard,
    ToReader,
}

impl std::ops::Not for Direction {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::ToCard => Self::ToReader,
            Self::ToReader => Self::ToCard,
        }
    }
}

impl CardTimes {
    /// Milliseconds for one command.
    fn time(&self, header: [u8; 4], sent: usize, received: usize) -> f64 {
        let data = received.saturating_sub(2) as f64;
        self.command
            + match header {
                [_, 0xA4, 0x04, _] => self.select_application,
                [_, 0xB0 | 0xB2 | 0xCA, ..] => self.read_byte * data,
                [_, 0x20, ..] if sent > 5 => self.verify,
                [_, 0x2A | 0x88, ..] if data > 0.0 => self.signature,
                _ => 0.0,
            }
    }
}

/// What a phase, or a whole reading, has cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Commands sent.
    pub exchanges: u64,
    /// Bytes of commands.
    pub bytes_sent: u64,
    /// Bytes of answers, status words included.
    pub bytes_received: u64,
    /// Virtual time.
    pub time: Duration,
}

impl Cost {
    /// Bytes in both directions.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes_sent + self.bytes_received
    }

    fn add(&mut self, other: &Self) {
        self.exchanges += other.exchanges;
        self.bytes_sent += other.bytes_sent;
        self.bytes_received += other.bytes_received;
        self.time += other.time;
    }
}

/// What each phase has cost, in the order in which they were entered; none before the first.
type Costs = Vec<(Option<Phase>, Cost)>;

/// Reads the costs of a [`TimedLink`], also while a reading uses it.
#[derive(Clone, Debug, Default)]
pub struct Meter {
    phases: Arc<Mutex<Costs>>,
}

impl Meter {
    /// From now on costs belong to this phase; call it with each progress of a reading.
    pub fn enter(&self, phase: Phase) {
        let mut phases = self.lock();
        if phases.last().is_none_or(|(last, _)| *last != Some(phase)) {
            phases.push((Some(phase), Cost::default()));
        }
    }

    /// The phases in the order in which they were entered, with their costs. What came before the
    /// first has none.
    #[must_use]
    pub fn phases(&self) -> Vec<(Option<Phase>, Cost)> {
        self.lock().clone()
    }

    /// All costs so far.
    #[must_use]
    pub fn total(&self) -> Cost {
        let mut total = Cost::default();
        self.lock().iter().for_each(|(_, cost)| total.add(cost));
        total
    }

    fn book(&self, cost: &Cost) {
        let mut phases = self.lock();
        match phases.last_mut() {
            Some((_, booked)) => booked.add(cost),
            None => phases.push((None, *cost)),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Costs> {
        self.phases.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A transport whose exchanges are timed by a model.
#[derive(Debug)]
pub struct TimedLink<X> {
    inner: X,
    model: LinkModel,
    meter: Meter,
}

impl<X: CardTransport> TimedLink<X> {
    /// Times what goes over a transport.
    pub fn new(inner: X, model: LinkModel) -> Self {
        Self { inner, model, meter: Meter::default() }
    }

    /// The meter of this link.
    #[must_use]
    pub fn meter(&self) -> Meter {
        self.meter.clone()
    }

    /// The transport within.
    #[must_use]
    pub fn inner(&self) -> &X {
        &self.inner
    }

    /// The transport without the model.
    #[must_use]
    pub fn into_inner(self) -> X {
        self.inner
    }
}

impl<X: CardTransport> CardTransport for TimedLink<X> {
    fn transmit(&mut self, command: &[u8], response: &mut Vec<u8>) -> Result<(), LinkFault> {
        let outcome = self.inner.transmit(command, response);
        self.meter.book(&Cost {
            exchanges: 1,
            bytes_sent: command.len() as u64,
            bytes_received: response.len() as u64,
            time: self.model.exchange(command, response),
        });
        outcome
    }

    fn link(&self) -> &Link {
        self.inner.link()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn milliseconds(time: Duration) -> f64 {
        time.as_secs_f64() * 1e3
    }

    /// By hand: 106 kbit/s is 9.4395 us a bit. To the card 5 + 3 characters in 102 bits; to the
    /// reader 256 + 2 bytes: one full frame of 256 and its acknowledgement, then 5 + 3.
    #[test]
    fn a_read_of_256_bytes_takes_what_the_standard_says() {
        let model = LinkModel::nfc106();
        let free = CardTimes {
            command: 0.0,
            select_application: 0.0,
            read_byte: 0.0,
            verify: 0.0,
            signature: 0.0,
        };
        let model = LinkModel { reader: 0.0, card: free, ..model };
        let answer = [0; 258];
        let bits = 102.0 + (22.0 + 2_560.0) + (22.0 + 30.0) + (22.0 + 80.0);
        let gaps = 2.0 * (14.0 * 0.00944 + 144.0 / 847.5);
        let expected = bits * 0.128 / 13.56 + gaps;
        let is = milliseconds(model.exchange(&[0x00, 0xB0, 0x82, 0x00, 0x00], &answer));
        assert!((is - expected).abs() < 0.001, "{is} {expected}");
        assert!((26.0..28.0).contains(&is), "{is}");
    }

    #[test]
    fn the_faster_rate_quarters_the_bits_and_nothing_else() {
        let (slow, fast) = (LinkModel::nfc106(), LinkModel::nfc424());
        assert_eq!(slow.bare(4_000), fast.bare(16_000));
        let (command, answer) = ([0x00, 0xB0, 0x00, 0x00, 0x00], [0x90, 0x00]);
        assert!(slow.exchange(&command, &answer) < fast.exchange(&command, &answer) * 2);
    }

    #[test]
    fn nothing_beats_the_bare_bytes() {
        let model = LinkModel::nfc106();
        for length in [2, 255, 256, 257, 4_098, 60_000] {
            let time =
                model.exchange(&[0x00, 0xB0, 0x00, 0x00, 0x00, 0x00, 0x00], &vec![0; length]);
            assert!(time > model.bare(length as u64 + 7));
        }
    }

    #[test]
    fn a_signature_costs_the_card_time_and_a_slow_one_asks_for_more() {
        let model = LinkModel::nfc106();
        let sign = [&[0x80, 0x2A, 0x00, 0x00, 0x33][..], &[0; 51], &[0]].concat();
        let refused = model.exchange(&sign, &[0x69, 0x85]);
        let signed = model.exchange(&sign, &[0; 258]);
        assert!(model.waits(350e6) > 0.0 && model.waits(140e6) == 0.0);
        assert!(milliseconds(signed - refused) > 140.0);
        assert!(milliseconds(refused) < 20.0);
    }

    #[test]
    fn costs_belong_to_their_phase() {
        let meter = Meter::default();
        let one = Cost { exchanges: 1, time: Duration::from_millis(5), ..Cost::default() };
        meter.book(&one);
        meter.enter(Phase::Face);
        meter.book(&one);
        meter.enter(Phase::Face);
        meter.book(&one);
        let counts: Vec<_> = meter.phases().iter().map(|(_, cost)| cost.exchanges).collect();
        assert_eq!(counts, [1, 2]);
        assert_eq!(meter.total().time, Duration::from_millis(15));
    }
}
