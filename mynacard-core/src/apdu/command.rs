//! A command, short or extended, in all the cases of ISO/IEC 7816-3.

use core::fmt;
use core::ops::Deref;

use zeroize::Zeroizing;

use crate::error::Misuse;

/// How many bytes of answer a command asks for (Ne).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Expected {
    /// No Le field: no data wanted.
    None,
    /// Le in the short form, 1..=256 bytes.
    Short(u16),
    /// Le in the extended form, 1..=65,536 bytes.
    Extended(u32),
}

/// Command APDU: header, data and expected length. Data are wiped on drop.
///
/// Card effect of building one: none.
#[derive(Clone, Eq, PartialEq)]
pub struct Command {
    cla: u8,
    ins: u8,
    p1: u8,
    p2: u8,
    data: Zeroizing<Vec<u8>>,
    expected: Expected,
}

impl Command {
    /// A command with neither data nor expected answer (case 1).
    #[must_use]
    pub fn new(cla: u8, ins: u8, p1: u8, p2: u8) -> Self {
        Self { cla, ins, p1, p2, data: Zeroizing::new(Vec::new()), expected: Expected::None }
    }

    /// The same command carrying data of 1 to 65,535 bytes; empty data means no Lc field.
    ///
    /// Errors: [`Misuse::OutOfRange`] when longer.
    pub fn with_data(mut self, data: &[u8]) -> Result<Self, Misuse> {
        if data.len() > 65_535 {
            return Err(Misuse::OutOfRange);
        }
        self.data = Zeroizing::new(data.to_vec());
        Ok(self)
    }

    /// The same command asking for an answer.
    ///
    /// Errors: [`Misuse::OutOfRange`] for 0, for more than 256 short or more than 65,536 extended.
    pub fn expecting(mut self, expected: Expected) -> Result<Self, Misuse> {
        let in_range = match expected {
            Expected::None => true,
            Expected::Short(count) => (1..=256).contains(&count),
            Expected::Extended(count) => (1..=65_536).contains(&count),
        };
        if !in_range {
            return Err(Misuse::OutOfRange);
        }
        self.expected = expected;
        Ok(self)
    }

    /// Class byte.
    #[must_use]
    pub const fn cla(&self) -> u8 {
        self.cla
    }

    /// Instruction byte.
    #[must_use]
    pub const fn ins(&self) -> u8 {
        self.ins
    }

    /// First parameter byte.
    #[must_use]
    pub const fn p1(&self) -> u8 {
        self.p1
    }

    /// Second parameter byte.
    #[must_use]
    pub const fn p2(&self) -> u8 {
        self.p2
    }

    /// Command data; may be secret.
    #[must_use]
    pub fn data(&self) -> &[u8] {
        &self.data
    }

    /// Expected length of the answer.
    #[must_use]
    pub const fn expected(&self) -> Expected {
        self.expected
    }

    /// The bytes to send. Extended as soon as the data or the expected length need it.
    #[must_use]
    pub fn encode(&self) -> Encoded {
        let count = self.data.len();
        let extended = count > 255 || matches!(self.expected, Expected::Extended(_));
        // Full capacity at once, so that no reallocation leaves a copy of a secret behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(count + 9));
        bytes.extend_from_slice(&[self.cla, self.ins, self.p1, self.p2]);
        let [.., high, low] = count.to_be_bytes();
        match (count, extended) {
            (0, _) => {}
            (_, false) => bytes.push(low),
            (_, true) => bytes.extend_from_slice(&[0, high, low]),
        }
        bytes.extend_from_slice(&self.data);
        match self.expected {
            Expected::None => {}
            Expected::Short(expected) if !extended => bytes.push(low_byte(u32::from(expected))),
            Expected::Short(expected) => push_extended(&mut bytes, u32::from(expected), count),
            Expected::Extended(expected) => push_extended(&mut bytes, expected, count),
        }
        Encoded(bytes)
    }

    /// Reads command bytes back, in all seven cases.
    ///
    /// Errors: [`Misuse::NotACommand`] when lengths and fields do not add up.
    pub fn parse(bytes: &[u8]) -> Result<Self, Misuse> {
        let [cla, ins, p1, p2, body @ ..] = bytes else {
            return Err(Misuse::NotACommand);
        };
        let command = Self::new(*cla, *ins, *p1, *p2);
        match body {
            [] => Ok(command),
            [le] => command.expecting(Expected::Short(short_count(*le))),
            [0, high, low] => command.expecting(Expected::Extended(extended_count(*high, *low))),
            [0, high, low, rest @ ..] => {
                let count = usize::from(u16::from_be_bytes([*high, *low]));
                if count == 0 {
                    return Err(Misuse::NotACommand);
                }
                match rest.split_at_checked(count) {
                    Some((data, [])) => command.with_data(data),
                    Some((data, [high, low])) => command
                        .with_data(data)?
                        .expecting(Expected::Extended(extended_count(*high, *low))),
                    _ => Err(Misuse::NotACommand),
                }
            }
            [0, _] => Err(Misuse::NotACommand),
            [count, rest @ ..] => match rest.split_at_checked(usize::from(*count)) {
                Some((data, [])) => command.with_data(data),
                Some((data, [le])) => {
                    command.with_data(data)?.expecting(Expected::Short(short_count(*le)))
                }
                _ => Err(Misuse::NotACommand),
            },
        }
    }
}

/// The bytes of a command, as they go to the card. They may be secret: wiped on drop, and not shown.
pub struct Encoded(Zeroizing<Vec<u8>>);

impl Deref for Encoded {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Encoded {
    /// The header only.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Encoded({:02X?}, {} bytes)", self.get(..4).unwrap_or_default(), self.len())
    }
}

fn low_byte(count: u32) -> u8 {
    let [.., low] = count.to_be_bytes();
    low
}

fn push_extended(bytes: &mut Vec<u8>, expected: u32, data_count: usize) {
    if data_count == 0 {
        bytes.push(0);
    }
    let [.., high, low] = expected.to_be_bytes();
    bytes.extend_from_slice(&[high, low]);
}

fn short_count(le: u8) -> u16 {
    if le == 0 { 256 } else { u16::from(le) }
}

fn extended_count(high: u8, low: u8) -> u32 {
    match u16::from_be_bytes([high, low]) {
        0 => 65_536,
        count => u32::from(count),
    }
}

impl fmt::Debug for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Command({:02X} {:02X} {:02X} {:02X}, {} bytes, {:?})",
            self.cla,
            self.ins,
            self.p1,
            self.p2,
            self.data.len(),
            self.expected
        )
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn command(data: usize, expected: Expected) -> Command {
        Command::new(0x00, 0xB0, 0x01, 0x02)
            .with_data(&vec![0xAB; data])
            .and_then(|command| command.expecting(expected))
            .unwrap()
    }

    #[test]
    fn the_seven_cases_are_encoded_as_the_standard_says() {
        let bytes = |data, expected| command(data, expected).encode().to_vec();
        assert_eq!(bytes(0, Expected::None), [0, 0xB0, 1, 2]);
        assert_eq!(bytes(0, Expected::Short(1)), [0, 0xB0, 1, 2, 1]);
        assert_eq!(bytes(0, Expected::Short(256)), [0, 0xB0, 1, 2, 0]);
        assert_eq!(bytes(2, Expected::None), [0, 0xB0, 1, 2, 2, 0xAB, 0xAB]);
        assert_eq!(bytes(1, Expected::Short(256)), [0, 0xB0, 1, 2, 1, 0xAB, 0]);
        assert_eq!(bytes(0, Expected::Extended(257)), [0, 0xB0, 1, 2, 0, 1, 1]);
        assert_eq!(bytes(0, Expected::Extended(65_536)), [0, 0xB0, 1, 2, 0, 0, 0]);
        assert_eq!(bytes(256, Expected::None)[..7], [0, 0xB0, 1, 2, 0, 1, 0]);
        let both = bytes(1, Expected::Extended(4096));
        assert_eq!(both, [0, 0xB0, 1, 2, 0, 0, 1, 0xAB, 0x10, 0x00]);
        assert_eq!(bytes(256, Expected::Short(256))[7 + 256..], [1, 0]);
    }

    #[test]
    fn lengths_outside_the_standard_are_refused() {
        for expected in [Expected::Short(0), Expected::Short(257), Expected::Extended(0)] {
            assert_eq!(Command::new(0, 0, 0, 0).expecting(expected), Err(Misuse::OutOfRange));
        }
        let too_long = Command::new(0, 0, 0, 0).with_data(&vec![0; 65_536]);
        assert_eq!(too_long, Err(Misuse::OutOfRange));
    }

    #[test]
    fn debug_shows_no_data() {
        let secret = Command::new(0, 0x20, 0, 0x80).with_data(b"55021720352285").unwrap();
        let shown = format!("{secret:?}");
        assert!(!shown.contains("5502") && !shown.contains("35, 35") && shown.contains("14 bytes"));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(
            header: [u8; 4],
            count in prop_oneof![Just(0_usize), 1..300_usize, 65_530..=65_535_usize],
            expected in prop_oneof![
                Just(Expected::None),
                (1..=256_u16).prop_map(Expected::Short),
                (1..=65_536_u32).prop_map(Expected::Extended),
            ],
        ) {
            let [cla, ins, p1, p2] = header;
            let command = Command::new(cla, ins, p1, p2)
                .with_data(&vec![0x5A; count])?
                .expecting(expected)?;
            let read = Command::parse(&command.encode())?;
            prop_assert_eq!(read.encode().to_vec(), command.encode().to_vec());
        }

        #[test]
        fn any_bytes_parse_or_are_refused(bytes: Vec<u8>) {
            if let Ok(command) = Command::parse(&bytes) {
                prop_assert_eq!(command.encode().to_vec(), bytes);
            }
        }
    }
}
