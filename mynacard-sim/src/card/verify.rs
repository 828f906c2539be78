//! VERIFY: presenting a secret, and asking for the tries left.

use super::{Answer, VirtualCard};
use crate::apdu::Apdu;
use crate::files::{Ef, PinFile};
use crate::status::{self, Sw};

impl VirtualCard {
    /// With data it presents a secret: `9000` restores the counter, `63Cx` leaves x tries, the
    /// last wrong one answers `63C0`, and from then on `6984`. Without data (case 1, four bytes)
    /// it only asks. Any other form answers `6700` and touches nothing (confidence C).
    pub(super) fn verify(&mut self, apdu: &Apdu<'_>) -> Answer {
        if apdu.p1 != 0 || apdu.p2 & 0xE0 != 0x80 || apdu.p2 & 0x1F == 0x1F {
            return Err(status::WRONG_P1P2);
        }
        if apdu.le.is_some() {
            return Err(status::WRONG_LENGTH);
        }
        let id = self.address(apdu.p2 & 0x1F)?;
        let application = self.session.application.ok_or(status::NO_CURRENT_FILE)?;
        let behaviour = self.behaviour;
        let verified = self.session.verified.contains(&id);
        let Some(Ef::Pin(pin)) = self.file_mut(application, id) else {
            return Err(status::FILE_STRUCTURE_MISMATCH);
        };
        if apdu.data.is_empty() {
            return match tries_left(pin) {
                _ if verified && behaviour.query_says_verified => Ok(Vec::new()),
                status::WRONG_TRIES_LEFT if behaviour.query_says_blocked => {
                    Err(status::KEY_BLOCKED)
                }
                answer => Err(answer),
            };
        }
        let outcome = present(pin, apdu.data);
        match outcome {
            Ok(()) => self.session.verified.insert(id),
            // That a wrong secret ends an earlier success is usual, not measured (confidence C).
            Err(_) => self.session.verified.remove(&id),
        };
        outcome.map(|()| Vec::new())
    }
}

fn tries_left(pin: &PinFile) -> Sw {
    match pin.tries {
        Some(tries) => status::WRONG_TRIES_LEFT | Sw::from(tries.left & 0x0F),
        None => status::WRONG_UNLIMITED,
    }
}

fn present(pin: &mut PinFile, secret: &[u8]) -> Result<(), Sw> {
    pin.presented += 1;
    if pin.tries.is_some_and(|tries| tries.left == 0) {
        return Err(status::KEY_BLOCKED);
    }
    let right = pin.secret.accepts(secret);
    if let Some(tries) = &mut pin.tries {
        tries.left = if right { tries.max } else { tries.left.saturating_sub(1) };
    }
    if right { Ok(()) } else { Err(tries_left(pin)) }
}
