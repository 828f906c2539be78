//! 共通カードAP: the card's own record. Sources: card-spec §3.2 (B; the serial also by a second one).

use super::digits;
use crate::calendar::Date;
use crate::error::{Malformed, MalformedReason};
use crate::field::NotUnderstood;
use crate::map::CARD_INFO;
use crate::tlv::read_simple;

/// The card's own record (カード情報). Not signed; the serial number identifies the card.
#[derive(Clone, Eq, PartialEq)]
pub struct CardInfo {
    serial: Result<[u8; 15], NotUnderstood>,
    municipality: Result<[u8; 5], NotUnderstood>,
    expiry: Result<Date, NotUnderstood>,
}

impl CardInfo {
    /// Reads the record: simple TLV `01`, 28 digits. Each value stands for itself.
    ///
    /// Errors: another tag or length.
    pub fn parse(record: &[u8]) -> Result<Self, Malformed> {
        let fault = |why| Malformed { object: CARD_INFO.name, at: 0, why };
        let object = read_simple(record, CARD_INFO.name)?;
        if object.tag != 0x01 {
            return Err(fault(MalformedReason::UnexpectedTag));
        }
        let text: &[u8; 28] =
            object.value.try_into().map_err(|_| fault(MalformedReason::BadLength))?;
        let (serial, rest) = text.split_at(15);
        let (municipality, expiry) = rest.split_at(5);
        let kept = |name, said| move |why| NotUnderstood::new(name, why, said);
        Ok(Self {
            serial: digits(serial).map_err(kept("common/0001 serial", serial)),
            municipality: digits(municipality)
                .map_err(kept("common/0001 municipality", municipality)),
            expiry: Date::parse_compact(expiry).map_err(kept("common/0001 expiry", expiry)),
        })
    }

    /// The card's serial number, 15 ASCII digits. How it relates to the printed one is not known.
    ///
    /// Errors: what the chip has in its place.
    pub const fn serial(&self) -> Result<&[u8; 15], &NotUnderstood> {
        self.serial.as_ref()
    }

    /// The issuing municipality (市区町村コード), 5 ASCII digits.
    ///
    /// Errors: what the chip has in its place.
    pub const fn municipality(&self) -> Result<&[u8; 5], &NotUnderstood> {
        self.municipality.as_ref()
    }

    /// The card's expiry (有効期限).
    ///
    /// Errors: what the chip has in its place.
    pub fn expiry(&self) -> Result<Date, &NotUnderstood> {
        self.expiry.as_ref().copied()
    }
}

impl core::fmt::Debug for CardInfo {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("CardInfo(…)")
    }
}
