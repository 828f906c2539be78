//! SELECT: applications by AID, elementary files by id.

use super::{Answer, Session, VirtualCard};
use crate::apdu::Apdu;
use crate::files::ISSUER_SECURITY_DOMAIN_AID;
use crate::status;
use crate::tlv;

impl VirtualCard {
    pub(super) fn select(&mut self, apdu: &Apdu<'_>) -> Answer {
        match (apdu.p1, apdu.p2) {
            (0x04, 0x00 | 0x0C) => self.select_application(apdu),
            (0x02, 0x00 | 0x0C) => self.select_file(apdu),
            (0x00, 0x00 | 0x0C) => self.select_master_file(apdu),
            _ => Err(status::WRONG_P1P2),
        }
    }

    /// A prefix of an AID is enough (confidence B). Selecting the application that is current
    /// already keeps its security status (measured); any other selection clears it. A failed
    /// one changes nothing.
    fn select_application(&mut self, apdu: &Apdu<'_>) -> Answer {
        if apdu.data.is_empty() || apdu.data.len() > 16 {
            return Err(status::WRONG_LENGTH);
        }
        let named = self
            .applications
            .iter()
            .map(|df| df.id)
            .find(|application| application.aid().starts_with(apdu.data));
        if let Some(application) = named {
            if self.session.application == Some(application) {
                self.session.ef = None;
            } else {
                self.session = Session { application: named, ..Session::default() };
            }
            return Ok(control_information(apdu.p2, 0x84, &application.aid()));
        }
        if let Some(aid) = self.beside.iter().find(|aid| aid.starts_with(apdu.data)) {
            self.session = Session::default();
            return Ok(control_information(apdu.p2, 0x84, aid));
        }
        if self.behaviour.security_domain && ISSUER_SECURITY_DOMAIN_AID.starts_with(apdu.data) {
            self.session = Session::default();
            return Ok(control_information(apdu.p2, 0x84, &ISSUER_SECURITY_DOMAIN_AID));
        }
        Err(status::FILE_NOT_FOUND)
    }

    fn select_file(&mut self, apdu: &Apdu<'_>) -> Answer {
        let &[hi, lo] = apdu.data else { return Err(status::WRONG_LENGTH) };
        let id = u16::from_be_bytes([hi, lo]);
        if !self.exists(id) {
            return Err(status::FILE_NOT_FOUND);
        }
        self.session.ef = Some(id);
        Ok(control_information(apdu.p2, 0x83, &[hi, lo]))
    }

    /// There is no usable MF (measured, confidence B): refused after a reset, and inside an
    /// application it answers `9000` without any effect.
    fn select_master_file(&self, apdu: &Apdu<'_>) -> Answer {
        match (apdu.data, self.session.application) {
            ([], Some(_)) => Ok(Vec::new()),
            ([], None) => Err(status::WRONG_P1P2),
            _ => Err(status::FILE_NOT_FOUND),
        }
    }
}

/// File control information where P2 asks for it. Only that a template comes is known; the
/// objects in it are the least that ISO/IEC 7816-4 allows (confidence C).
fn control_information(p2: u8, tag: u32, name: &[u8]) -> Vec<u8> {
    if p2 == 0x0C { Vec::new() } else { tlv::object(0x6F, &tlv::object(tag, name)) }
}
