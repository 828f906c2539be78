//! READ BINARY, READ RECORD and GET DATA.

use super::{Answer, VirtualCard};
use crate::apdu::Apdu;
use crate::files::{Access, Ef};
use crate::status::{self, Sw};

impl VirtualCard {
    /// The end of the file gives a shorter answer with `9000`; an offset at or past it `6B00`.
    pub(super) fn read_binary(&mut self, apdu: &Apdu<'_>) -> Answer {
        let count = expected(apdu)?;
        let (short_id, offset) = match apdu.p1 {
            0x00..=0x7F => (0, usize::from(u16::from_be_bytes([apdu.p1, apdu.p2]))),
            0x81..=0x9E => (apdu.p1 & 0x1F, usize::from(apdu.p2)),
            _ => return Err(status::WRONG_P1P2),
        };
        let id = self.address(short_id)?;
        let Ef::Transparent(file) = self.current(id)? else {
            return Err(status::FILE_STRUCTURE_MISMATCH);
        };
        self.check_access(&file.access)?;
        if offset >= file.size() {
            return Err(status::WRONG_OFFSET);
        }
        Ok(file.read(offset, count))
    }

    /// P2 is the short EF id in the upper five bits (0: current EF), then `4` for one record or
    /// `5` for all from it to the last. A record that does not fit Le answers `6700`
    /// (confidence C); there is no record pointer, so record 0 is never found.
    pub(super) fn read_record(&mut self, apdu: &Apdu<'_>) -> Answer {
        let count = expected(apdu)?;
        if apdu.p2 >> 3 == 0x1F {
            return Err(status::WRONG_P1P2);
        }
        let to_last = match apdu.p2 & 0x07 {
            4 => false,
            5 => true,
            0..=3 => return Err(status::FUNCTION_NOT_SUPPORTED),
            _ => return Err(status::WRONG_P1P2),
        };
        let id = self.address(apdu.p2 >> 3)?;
        let Ef::Records { records, access } = self.current(id)? else {
            return Err(status::FILE_STRUCTURE_MISMATCH);
        };
        self.check_access(access)?;
        let first = usize::from(apdu.p1).checked_sub(1).ok_or(status::RECORD_NOT_FOUND)?;
        let wanted = if to_last { usize::MAX } else { 1 };
        let mut found = records.iter().skip(first).take(wanted).peekable();
        found.peek().ok_or(status::RECORD_NOT_FOUND)?;
        let answer: Vec<u8> = found.flatten().copied().collect();
        if answer.len() > count { Err(status::WRONG_LENGTH) } else { Ok(answer) }
    }

    /// Data objects of the card manager, to be had only while no application is selected
    /// (confidence B). One that does not fit Le answers `6700`.
    pub(super) fn get_data(&self, apdu: &Apdu<'_>) -> Answer {
        let count = expected(apdu)?;
        if self.session.application.is_some() {
            return Err(status::DATA_OBJECT_NOT_FOUND);
        }
        let tag = u16::from_be_bytes([apdu.p1, apdu.p2]);
        let object = self.objects.get(&tag).ok_or(status::DATA_OBJECT_NOT_FOUND)?;
        if object.len() > count { Err(status::WRONG_LENGTH) } else { Ok(object.clone()) }
    }

    fn check_access(&self, access: &Access) -> Result<(), Sw> {
        let open = match access {
            Access::Free => true,
            Access::AnyOf(keys) => keys.iter().any(|key| self.session.verified.contains(key)),
            Access::Never => false,
        };
        if open { Ok(()) } else { Err(status::ACCESS_DENIED) }
    }
}

/// Le of a command that must have one and must not have data.
fn expected(apdu: &Apdu<'_>) -> Result<usize, Sw> {
    apdu.le.filter(|_| apdu.data.is_empty()).ok_or(status::WRONG_LENGTH)
}
