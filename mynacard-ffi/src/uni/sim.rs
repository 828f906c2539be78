//! A virtual card, to develop and test without a reader. Not for a release.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use mynacard_core::credential::VerificationNumberB;
use mynacard_core::exchange::{CardTransport, Limits};
use mynacard_core::reading::{self, Plan};
use mynacard_core::run;
use mynacard_sim::{Application, Profile, PublicRoots, VirtualCard};

use super::error::{MynacardFault, guarded};
use super::link::Link;
use crate::error::BoundaryFault;

/// A virtual card of an invented person. Calls wait for each other.
#[derive(uniffi::Object)]
pub struct SimCard {
    profile: &'static Profile,
    card: Mutex<VirtualCard>,
}

#[uniffi::export]
impl SimCard {
    /// A card of a profile: `adult`, `child`, `foreign`, … Errors: `BoundaryFault::Absent` if there is none.
    #[uniffi::constructor]
    pub fn of_profile(name: String) -> Result<Arc<Self>, MynacardFault> {
        guarded(|| {
            let profile = Profile::find(&name).ok_or(BoundaryFault::Absent)?;
            Ok(Arc::new(Self { profile, card: Mutex::new(profile.card()) }))
        })
    }

    /// The card's 照合番号B, fourteen ASCII digits. Errors: `BoundaryFault::Absent` for a phone.
    pub fn number_b(&self) -> Result<Vec<u8>, MynacardFault> {
        guarded(|| Ok(self.profile.code_b().ok_or(BoundaryFault::Absent)?.as_bytes().to_vec()))
    }

    /// Sends a command to the virtual card.
    #[must_use]
    pub fn transmit(&self, command: Vec<u8>) -> Vec<u8> {
        self.card().transmit(&command)
    }

    /// How often a secret was presented to the card, by 照合番号B of both applications: what a test compares
    /// with the tries it has allowed.
    #[must_use]
    pub fn presentations(&self) -> u64 {
        let card = self.card();
        card.presentations(Application::Face, 0x12) + card.presentations(Application::Text, 0x15)
    }

    /// Reads the whole card without leaving Rust: what the other languages' readings are measured beside. Gives the number of
    /// exchanges.
    ///
    /// Errors: `BoundaryFault::Absent` for a phone.
    pub fn read_in_rust(&self) -> Result<u64, MynacardFault> {
        guarded(|| {
            let digits = self.profile.code_b().ok_or(BoundaryFault::Absent)?;
            let number = Arc::new(VerificationNumberB::from_digits(digits.as_bytes())?);
            let mut card = self.card();
            let mut driver = reading::read(card.link(), Limits::default(), number, Plan::all())?;
            Ok(run(&mut driver, &mut *card)?.statistics().exchanges as u64)
        })
    }

    /// The card's link, for drivers whose commands go to it.
    #[must_use]
    pub fn link(&self) -> Arc<Link> {
        Arc::new(Link(self.card().link().clone()))
    }

    /// Takes the card off the reader and puts it back: what was verified is forgotten.
    pub fn power_off(&self) {
        self.card().power_off();
    }
}

impl SimCard {
    fn card(&self) -> MutexGuard<'_, VirtualCard> {
        self.card.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The roots of the virtual cards, as the JSON that `Roots::from_json` takes.
#[uniffi::export]
#[must_use]
pub fn sim_roots_json() -> Vec<u8> {
    PublicRoots::test().to_json().into_bytes()
}
