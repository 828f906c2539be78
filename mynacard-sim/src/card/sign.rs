//! PSO: COMPUTE DIGITAL SIGNATURE, INTERNAL AUTHENTICATE and GET CHALLENGE.

use sha2::{Digest, Sha256};

use super::{Answer, VirtualCard};
use crate::apdu::Apdu;
use crate::files::{Ef, SigningFile};
use crate::keys::{digest_info, sha256};
use crate::status::{self, Sw};

impl VirtualCard {
    /// `80 2A P1 P2`. P1 says what the card does with the data before PKCS#1 v1.5 padding:
    /// 00 nothing, 01 SHA-256, 02 DigestInfo around a given SHA-256, 03 both. P2: 00 the
    /// application's default key, 80 the current EF, 81–9E by short id.
    pub(super) fn compute_signature(&mut self, apdu: &Apdu<'_>) -> Answer {
        let id = match apdu.p2 {
            0x00 => self.default_key()?,
            0x80..=0x9E => self.address(apdu.p2 & 0x1F)?,
            _ => return Err(status::WRONG_P1P2),
        };
        if apdu.p1 > 0x03 {
            return Err(status::WRONG_P1P2);
        }
        // A signature has 256 bytes; asking for none or fewer is a wrong length (confidence C).
        if apdu.data.is_empty() || apdu.le.is_none_or(|le| le < 256) {
            return Err(status::WRONG_LENGTH);
        }
        let file = self.signing_file(id)?;
        if file.internal_authentication {
            return Err(status::CONDITIONS_NOT_MET);
        }
        if file.needs.is_some_and(|pin| !self.session.verified.contains(&pin)) {
            return Err(status::ACCESS_DENIED);
        }
        let payload = match apdu.p1 {
            0x00 => apdu.data.to_vec(),
            0x01 => sha256(apdu.data).to_vec(),
            0x02 => digest_info(
                &<[u8; 32]>::try_from(apdu.data).map_err(|_| status::CONDITIONS_NOT_MET)?,
            ),
            _ => digest_info(&sha256(apdu.data)),
        };
        sign(file, &payload)
    }

    /// Answered by 共通カードAP key 0019 only, without any PIN: sha256WithRSA over a challenge of
    /// 1–255 bytes (confidence B).
    pub(super) fn internal_authenticate(&mut self, apdu: &Apdu<'_>) -> Answer {
        if apdu.p1 != 0 || !(0x80..=0x9E).contains(&apdu.p2) {
            return Err(status::WRONG_P1P2);
        }
        let id = self.address(apdu.p2 & 0x1F)?;
        if let Ef::Pin(_) = self.current(id)? {
            return Err(status::ACCESS_DENIED);
        }
        let file = self.signing_file(id)?;
        if !file.internal_authentication {
            return Err(status::CONDITIONS_NOT_MET);
        }
        if apdu.data.is_empty() || apdu.data.len() > 255 || apdu.le.is_none_or(|le| le < 256) {
            return Err(status::WRONG_LENGTH);
        }
        sign(file, &digest_info(&sha256(apdu.data)))
    }

    /// 1–256 bytes; the extended form answers `6985` (confidence B). The bytes are a hash chain
    /// over the card's label and a count, so that a run can be repeated: not random, and never
    /// the same twice on one card.
    pub(super) fn get_challenge(&mut self, apdu: &Apdu<'_>) -> Answer {
        if (apdu.p1, apdu.p2) != (0, 0) {
            return Err(status::WRONG_P1P2);
        }
        if apdu.extended {
            return Err(status::CONDITIONS_NOT_MET);
        }
        let count = apdu.le.filter(|_| apdu.data.is_empty()).ok_or(status::WRONG_LENGTH)?;
        let mut bytes = Vec::with_capacity(count + 32);
        while bytes.len() < count {
            self.challenges += 1;
            let block = Sha256::new()
                .chain_update(self.label.as_bytes())
                .chain_update(self.challenges.to_be_bytes());
            bytes.extend_from_slice(&block.finalize());
        }
        bytes.truncate(count);
        Ok(bytes)
    }

    /// Which key P2=00 means in the JPKI, juki and common applications is unknown; here none.
    fn default_key(&self) -> Result<u16, Sw> {
        self.applications
            .iter()
            .find(|df| Some(df.id) == self.session.application)
            .and_then(|df| df.default_key)
            .ok_or(status::NO_CURRENT_FILE)
    }

    fn signing_file(&self, id: u16) -> Result<&SigningFile, Sw> {
        match self.current(id)? {
            Ef::Signing(file) => Ok(file),
            _ => Err(status::FILE_STRUCTURE_MISMATCH),
        }
    }
}

/// `6985` where the data does not fit the key, and on a card of saved files, which has no key.
fn sign(file: &SigningFile, payload: &[u8]) -> Answer {
    file.key.as_ref().and_then(|key| key.sign_verbatim(payload)).ok_or(status::CONDITIONS_NOT_MET)
}
