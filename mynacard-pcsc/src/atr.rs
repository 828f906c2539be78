//! Contact or contactless, as far as the answer to reset (ATR, リセット応答) tells.

/// How a card is connected. For display and for time-outs, never for telling what card it is:
/// cards of one kind have many ATRs (card detection is by SELECT, in the core).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Interface {
    /// Through contacts (接触).
    Contact,
    /// Through the field (非接触), as type B: what a My Number Card is.
    ContactlessTypeB,
    /// Through the field, of another type or one that the ATR does not tell.
    Contactless,
    /// The ATR is none.
    Unknown,
}

impl Interface {
    /// Reads an ATR.
    ///
    /// A reader makes up the ATR of a contactless card: `3B 8n 80 01`, n historical bytes, check
    /// byte (PC/SC part 3, 3.1.3.2.3). For type B there are eight: four of application data, three
    /// of protocol information and one whose low half is zero. A type A card with eight historical
    /// bytes can look the same, and so could a contact card for T=0 and T=1 without parameters.
    #[must_use]
    pub fn of(atr: &[u8]) -> Self {
        match atr {
            [0x3B, t0 @ 0x80..=0x8F, 0x80, 0x01, rest @ ..]
                if rest.len() == usize::from(t0 & 0x0F) + 1 && has_check_byte(atr) =>
            {
                match rest {
                    [_, _, _, _, _, _, _, last, _] if last & 0x0F == 0 => Self::ContactlessTypeB,
                    _ => Self::Contactless,
                }
            }
            [0x3B | 0x3F, _, ..] if atr.len() <= 33 => Self::Contact,
            _ => Self::Unknown,
        }
    }

    /// Whether the card is in a field, which it can leave at any moment.
    #[must_use]
    pub const fn is_contactless(self) -> bool {
        matches!(self, Self::ContactlessTypeB | Self::Contactless)
    }
}

/// All bytes after the first, combined by exclusive or, give zero.
fn has_check_byte(atr: &[u8]) -> bool {
    atr.iter().skip(1).fold(0, |sum, byte| sum ^ byte) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Published ATRs of My Number Cards and their predecessors.
    const CONTACT: &[&[u8]] = &[
        b"\x3B\xE0\x00\xFF\x81\x31\xFE\x45\x14",
        b"\x3B\xDA\x13\xFF\x81\x31\xFB\x46\x80\x12\x39\x2F\x31\xC1\x73\xC6\x01\xC0\x3B",
        b"\x3B\xC5\xFF\x81\x31\xFB\x45\x80\x73\xC6\x01\x00\x00",
        b"\x3B\xF5\x91\x00\xFF\x91\x81\x71\xFE\x40\x00\x42\x00\x01\x00\xD1\xD6",
    ];
    const TYPE_B: &[&[u8]] = &[
        b"\x3B\x88\x80\x01\x00\x00\x05\xE0\xB3\x81\xA1\x00\x7F",
        b"\x3B\x88\x80\x01\x00\x00\x41\xE0\xB3\x81\xA1\x00\x3B",
        b"\x3B\x88\x80\x01\x00\x4B\x51\xFF\xB3\x81\xD1\x00\x0F",
        b"\x3B\x88\x80\x01\x00\x00\x14\xE0\xB3\x81\x91\x00\x5E",
    ];

    #[test]
    fn published_atrs_are_told_apart() {
        for atr in CONTACT {
            assert_eq!(Interface::of(atr), Interface::Contact, "{atr:02X?}");
        }
        for atr in TYPE_B {
            assert_eq!(Interface::of(atr), Interface::ContactlessTypeB, "{atr:02X?}");
        }
    }

    #[test]
    fn another_contactless_card_is_not_taken_for_type_b() {
        // A memory card, as a reader presents it.
        let memory =
            b"\x3B\x8F\x80\x01\x80\x4F\x0C\xA0\x00\x00\x03\x06\x03\x00\x01\x00\x00\x00\x00\x6A";
        assert_eq!(Interface::of(memory), Interface::Contactless);
        assert_eq!(Interface::of(b"\x3B\x80\x80\x01\x01"), Interface::Contactless);
    }

    #[test]
    fn what_is_no_atr_is_unknown() {
        for bytes in [&[][..], &[0x3B], &[0x00, 0x00], &[0x3B; 34]] {
            assert_eq!(Interface::of(bytes), Interface::Unknown);
        }
        // A wrong check byte is not what a reader would make up.
        let mut broken = TYPE_B[0].to_vec();
        broken[12] ^= 1;
        assert_eq!(Interface::of(&broken), Interface::Contact);
    }
}
