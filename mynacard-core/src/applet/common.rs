//! 共通カードAP: the card's own record. Sources: card-spec §3.2 (B; the serial also by a second one).

use super::digits;
use crate::calendar::Date;
use crate::error::{Malformed, MalformedReason};
use crate::map::CARD_INFO;
use crate::tlv::read_simple;

/// The card's own record (カード情報). Not signed; the serial number identifies the card.
#[derive(Clone, Eq, PartialEq)]
pub struct CardInfo {
    serial: [u8; 15],
    municipality: [u8; 5],
    expiry: Date,
}

impl CardInfo {
    /// Reads the record: simple TLV `01`, 28 digits.
    ///
    /// Errors: another tag or length, characters that are not digits, an impossible date.
    pub fn parse(record: &[u8]) -> Result<Self, Malformed> {
        let fault = |why| Malformed { object: CARD_INFO.name, at: 0, why };
        let object = read_simple(record, CARD_INFO.name)?;
        if object.tag != 0x01 {
            return Err(fault(MalformedReason::UnexpectedTag));
        }
        let text: [u8; 28] = digits(object.value).map_err(fault)?;
        let (serial, rest) = text.split_at(15);
        let (municipality, expiry) = rest.split_at(5);
        Ok(Self {
            serial: digits(serial).map_err(fault)?,
            municipality: digits(municipality).map_err(fault)?,
            expiry: Date::parse_compact(expiry).map_err(fault)?,
        })
    }

    /// The card's serial number, 15 ASCII digits. How it relates to the printed one is not known.
    #[must_use]
    pub const fn serial(&self) -> &[u8; 15] {
        &self.serial
    }

    /// The issuing municipality (市区町村コード), 5 ASCII digits.
    #[must_use]
    pub const fn municipality(&self) -> &[u8; 5] {
        &self.municipality
    }

    /// The card's expiry (有効期限).
    #[must_use]
    pub const fn expiry(&self) -> &Date {
        &self.expiry
    }
}

impl core::fmt::Debug for CardInfo {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("CardInfo(…)")
    }
}
