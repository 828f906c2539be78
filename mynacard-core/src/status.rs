//! The status word: total over all 65,536 values.

use core::fmt;

/// Status word SW1-SW2 of a response (card-spec: ISO/IEC 7816-4, JICSAP 1.1, measured cards).
///
/// Every one of the 65,536 values has exactly one variant, and [`StatusWord::value`] gives it back.
#[derive(Clone, Copy, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum StatusWord {
    /// `9000`: done.
    Ok,
    /// `61xx`: done, `xx` more bytes wait for GET RESPONSE (0 means 256 or more).
    MoreAvailable(u8),
    /// `62xx`: warning, nothing changed on the card.
    Warning(u8),
    /// `6300`: a comparison failed and the card counts no tries for this key.
    NoMatch,
    /// `63Cx`: a comparison failed, or a try query; `x` tries are left.
    TriesLeft(u8),
    /// `63xx` other than `6300` and `63Cx`: warning, something changed on the card.
    ChangedWarning(u8),
    /// `64xx`: execution error, nothing changed on the card.
    Unchanged(u8),
    /// `65xx`: execution error, memory problem; something may have changed.
    MemoryFailure(u8),
    /// `6700`: wrong length.
    WrongLength,
    /// `68xx`: function in CLA not supported (`6881` logical channel, `6882` secure messaging).
    ClassFunction(u8),
    /// `6981`: the command does not fit the structure of the file.
    WrongStructure,
    /// `6982`: access condition not fulfilled.
    AccessDenied,
    /// `6983` or `6984`: the key is blocked. This card says `6984`; ISO readers expect `6983`.
    Blocked(u8),
    /// `6985`: conditions of use not fulfilled.
    Conditions,
    /// `6986`: no current file.
    NoCurrentFile,
    /// `69xx` other than the above.
    NotAllowed(u8),
    /// `6A82`: file or application not found.
    FileNotFound,
    /// `6A83`: record not found.
    RecordNotFound,
    /// `6A86`: wrong P1-P2.
    WrongP1P2,
    /// `6Axx` other than the above.
    WrongParameter(u8),
    /// `6B00`: offset outside the file.
    WrongOffset,
    /// `6Cxx`: wrong Le; `xx` bytes are available (0 means 256).
    WrongExpected(u8),
    /// `6D00`: instruction not supported.
    InstructionNotSupported,
    /// `6E00`: class not supported.
    ClassNotSupported,
    /// `6F00`: no precise diagnosis.
    Internal,
    /// Any other value: proprietary (`66F1`, `69FC` is [`StatusWord::NotAllowed`]) or invalid.
    Other(u16),
}

impl StatusWord {
    /// The variant for a 16-bit value.
    #[must_use]
    pub const fn new(value: u16) -> Self {
        let [sw1, sw2] = value.to_be_bytes();
        match (sw1, sw2) {
            (0x90, 0x00) => Self::Ok,
            (0x61, _) => Self::MoreAvailable(sw2),
            (0x62, _) => Self::Warning(sw2),
            (0x63, 0x00) => Self::NoMatch,
            (0x63, 0xC0..=0xCF) => Self::TriesLeft(sw2 & 0x0F),
            (0x63, _) => Self::ChangedWarning(sw2),
            (0x64, _) => Self::Unchanged(sw2),
            (0x65, _) => Self::MemoryFailure(sw2),
            (0x67, 0x00) => Self::WrongLength,
            (0x68, _) => Self::ClassFunction(sw2),
            (0x69, 0x81) => Self::WrongStructure,
            (0x69, 0x82) => Self::AccessDenied,
            (0x69, 0x83 | 0x84) => Self::Blocked(sw2),
            (0x69, 0x85) => Self::Conditions,
            (0x69, 0x86) => Self::NoCurrentFile,
            (0x69, _) => Self::NotAllowed(sw2),
            (0x6A, 0x82) => Self::FileNotFound,
            (0x6A, 0x83) => Self::RecordNotFound,
            (0x6A, 0x86) => Self::WrongP1P2,
            (0x6A, _) => Self::WrongParameter(sw2),
            (0x6B, 0x00) => Self::WrongOffset,
            (0x6C, _) => Self::WrongExpected(sw2),
            (0x6D, 0x00) => Self::InstructionNotSupported,
            (0x6E, 0x00) => Self::ClassNotSupported,
            (0x6F, 0x00) => Self::Internal,
            _ => Self::Other(value),
        }
    }

    /// The 16-bit value, SW1 in the high byte.
    #[must_use]
    pub const fn value(self) -> u16 {
        let (sw1, sw2) = match self {
            Self::Ok => (0x90, 0x00),
            Self::MoreAvailable(sw2) => (0x61, sw2),
            Self::Warning(sw2) => (0x62, sw2),
            Self::NoMatch => (0x63, 0x00),
            Self::TriesLeft(left) => (0x63, 0xC0 | (left & 0x0F)),
            Self::ChangedWarning(sw2) => (0x63, sw2),
            Self::Unchanged(sw2) => (0x64, sw2),
            Self::MemoryFailure(sw2) => (0x65, sw2),
            Self::WrongLength => (0x67, 0x00),
            Self::ClassFunction(sw2) => (0x68, sw2),
            Self::WrongStructure => (0x69, 0x81),
            Self::AccessDenied => (0x69, 0x82),
            Self::Blocked(sw2) => (0x69, sw2),
            Self::Conditions => (0x69, 0x85),
            Self::NoCurrentFile => (0x69, 0x86),
            Self::NotAllowed(sw2) => (0x69, sw2),
            Self::FileNotFound => (0x6A, 0x82),
            Self::RecordNotFound => (0x6A, 0x83),
            Self::WrongP1P2 => (0x6A, 0x86),
            Self::WrongParameter(sw2) => (0x6A, sw2),
            Self::WrongOffset => (0x6B, 0x00),
            Self::WrongExpected(sw2) => (0x6C, sw2),
            Self::InstructionNotSupported => (0x6D, 0x00),
            Self::ClassNotSupported => (0x6E, 0x00),
            Self::Internal => (0x6F, 0x00),
            Self::Other(value) => return value,
        };
        u16::from_be_bytes([sw1, sw2])
    }

    /// Whether the command was carried out without reserve (`9000`).
    #[must_use]
    pub const fn is_ok(self) -> bool {
        matches!(self, Self::Ok)
    }

    /// Whether the command was carried out, with or without a warning, perhaps with more bytes waiting.
    #[must_use]
    pub const fn is_carried_out(self) -> bool {
        matches!(self, Self::Ok | Self::MoreAvailable(_) | Self::Warning(_))
    }
}

impl fmt::Display for StatusWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04X}", self.value())
    }
}

impl fmt::Debug for StatusWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SW({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::StatusWord as Sw;

    #[test]
    fn every_value_has_one_variant_and_comes_back() {
        for value in 0..=u16::MAX {
            let status = Sw::new(value);
            assert_eq!(status.value(), value);
            assert_eq!(status.is_ok(), value == 0x9000);
            assert_eq!(matches!(status, Sw::TriesLeft(_)), (0x63C0..=0x63CF).contains(&value));
            assert_eq!(matches!(status, Sw::Blocked(_)), value == 0x6983 || value == 0x6984);
            assert_eq!(matches!(status, Sw::MoreAvailable(_)), value >> 8 == 0x61);
            assert_eq!(matches!(status, Sw::WrongExpected(_)), value >> 8 == 0x6C);
        }
    }

    #[test]
    fn the_words_that_cost_tries_are_told_apart() {
        for left in 0..=15_u8 {
            assert_eq!(Sw::new(0x63C0 | u16::from(left)), Sw::TriesLeft(left));
        }
        assert_eq!(Sw::new(0x6300), Sw::NoMatch);
        assert_eq!(Sw::new(0x6381), Sw::ChangedWarning(0x81));
        assert_eq!(Sw::new(0x66F1), Sw::Other(0x66F1));
        assert_eq!(Sw::new(0x69FC), Sw::NotAllowed(0xFC));
        assert_eq!(Sw::new(0x9001), Sw::Other(0x9001));
    }
}
