//! Whether the reader carries extended-length commands: found out, not assumed.

use mynacard_core::exchange::Capabilities;
use pcsc::Card;

/// How to decide on extended length (拡張長).
///
/// A reader that cannot carry it fails in the middle of a reading, and a card that leaves its
/// session there costs the crew another tap; short commands always work. So the default is to
/// believe only what the reader's driver says of itself.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum ExtendedLength {
    /// Ask the driver for its property `dwMaxAPDUDataSize` (PC/SC part 10, 2.6.14). Drivers of
    /// `libccid` and of macOS have it, few of Windows do, virtual readers mostly do not. Silence
    /// means no.
    #[default]
    Ask,
    /// The caller knows that reader and driver carry it. The card may still refuse, which costs one
    /// exchange and no more.
    Assume,
    /// Short commands only.
    Never,
}

impl ExtendedLength {
    /// What the link to this card can carry. Card effect: none, the reader is asked.
    pub(crate) fn capabilities(self, card: &Card) -> Capabilities {
        match self {
            Self::Assume => Capabilities::EXTENDED,
            Self::Never => Capabilities::SHORT,
            Self::Ask => match max_data(card) {
                // Less than this is forbidden, and not worth the longer commands either.
                Some(most @ 257..) => Capabilities {
                    max_command: most.saturating_add(9).min(Capabilities::EXTENDED.max_command),
                    max_response: most.saturating_add(2).min(Capabilities::EXTENDED.max_response),
                    extended_length: true,
                },
                _ => Capabilities::SHORT,
            },
        }
    }
}

/// `FEATURE_GET_TLV_PROPERTIES`.
const GET_PROPERTIES: u8 = 0x12;
/// `dwMaxAPDUDataSize`.
const MAX_DATA: u8 = 0x0A;

/// The most data bytes that one command or answer can carry; none if the driver does not tell.
fn max_data(card: &Card) -> Option<usize> {
    let mut buffer = [0; 1024];
    // `CM_IOCTL_GET_FEATURE_REQUEST`.
    let features = card.control(pcsc::ctl_code(3400), &[], &mut buffer).ok()?;
    // PC/SC has this one number in network order, and properties in the host's (little endian).
    let code = value(features, GET_PROPERTIES).map(u32::from_be_bytes)?;
    let properties = card.control(code.into(), &[], &mut buffer).ok()?;
    value(properties, MAX_DATA).map(u32::from_le_bytes).and_then(|most| most.try_into().ok())
}

/// The four bytes under a tag in a list of tag, length, value.
fn value(mut list: &[u8], wanted: u8) -> Option<[u8; 4]> {
    while let [tag, length, rest @ ..] = list {
        let (value, after) = rest.split_at_checked(usize::from(*length))?;
        if *tag == wanted {
            return value.try_into().ok();
        }
        list = after;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_found_behind_others_of_any_length() {
        let list = [0x01, 0x02, 0xAA, 0xBB, 0x0A, 0x04, 0x00, 0x00, 0x01, 0x00, 0x0B, 0x00];
        assert_eq!(value(&list, MAX_DATA).map(u32::from_le_bytes), Some(0x10000));
        assert_eq!(value(&list, 0x0C), None);
    }

    #[test]
    fn a_broken_list_gives_nothing() {
        for list in [&[][..], &[0x0A], &[0x0A, 0x04, 0, 0, 1], &[0x0A, 0x02, 1, 0], &[0x01, 0xFF]] {
            assert_eq!(value(list, MAX_DATA), None, "{list:02X?}");
        }
    }
}
