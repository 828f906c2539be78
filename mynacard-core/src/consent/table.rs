//! The consent machine as one table. The code runs it; the state diagram is made from it.
//!
//! Each row says for which events and in which circumstances it speaks; the first row that fits
//! decides. Decisions that are not in the scheme itself:
//!
//! - *Any order before the reading.* The official order is: look at the printed photograph, ask,
//!   read. So identity and basis may be said before a card is read; they then belong to the first
//!   card that is. A second card resets both.
//! - *A refusal stands.* After a refusal or a withdrawal only the patient's own consent opens again:
//!   neither a representative nor a later loss of consciousness does.
//! - *A patient who wakes* ends life protection, and a representative's consent as well.
//! - *Another basis, another permit.* Whenever the basis changes, permits on the old one end.
//! - *Forged stays forged*: reading the same card again does not clear it.
//! - *Odd clock.* What protects the patient, and every fact, is taken at any time; only permits are
//!   refused while the clock says less than it did.

use super::event::Trigger;
use super::refusal::Refusal;

macro_rules! fact {
    ($(#[$meta:meta])* $name:ident { $( $(#[$variant_meta:meta])* $variant:ident, )* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub enum $name { $( $(#[$variant_meta])* $variant, )* }

        impl $name {
            /// Every value.
            pub const ALL: &'static [Self] = &[ $( Self::$variant, )* ];
        }
    };
}

fact! {
    /// The card, as the table sees it.
    CardIs {
        /// None has been read.
        Unread,
        /// Read; nothing speaks against it.
        Acceptable,
        /// Read; not authenticated in full.
        Doubtful,
        /// Read; forged.
        Forged,
    }
}

fact! {
    /// The identity, as the table sees it.
    IdentityIs {
        /// Nobody has looked.
        NotChecked,
        /// Face and photograph match.
        Matched,
        /// They differ.
        Differs,
        /// It cannot be told.
        Unverifiable,
    }
}

fact! {
    /// The basis, as the table sees it.
    BasisIs {
        /// Nobody has been asked.
        NotAsked,
        /// The patient's oral consent.
        PatientConsents,
        /// A representative's oral consent.
        RepresentativeConsents,
        /// Life protection.
        LifeProtection,
        /// Refused.
        Refused,
        /// Withdrawn.
        Withdrawn,
    }
}

fact! {
    /// Whether a permit has been released that nothing has ended.
    AccessIs {
        /// There is none.
        Shut,
        /// There is one, in force until its time runs out.
        Released,
    }
}

fact! {
    /// Whether the encounter goes on.
    StageIs {
        /// It goes on.
        Open,
        /// It has ended.
        Ended,
    }
}

fact! {
    /// What the clock says, compared with the latest time heard of in this encounter.
    ClockIs {
        /// The same or later (or less than the tolerated difference earlier).
        Sound,
        /// Earlier.
        WentBack,
    }
}

/// The facts of an encounter, as the table sees them.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Facts {
    /// The card.
    pub card: CardIs,
    /// The identity.
    pub identity: IdentityIs,
    /// The basis.
    pub basis: BasisIs,
    /// The permits.
    pub access: AccessIs,
    /// The encounter.
    pub stage: StageIs,
}

impl Facts {
    /// How every encounter begins.
    pub const START: Self = Self {
        card: CardIs::Unread,
        identity: IdentityIs::NotChecked,
        basis: BasisIs::NotAsked,
        access: AccessIs::Shut,
        stage: StageIs::Open,
    };

    fn after(self, change: Change) -> Self {
        Self {
            card: change.card.unwrap_or(self.card),
            identity: change.identity.unwrap_or(self.identity),
            basis: change.basis.unwrap_or(self.basis),
            access: change.access.unwrap_or(self.access),
            stage: change.stage.unwrap_or(self.stage),
        }
    }
}

/// What an accepted event sets. `access: Some(Shut)` ends every permit, asked for or released.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Change {
    /// The card becomes this.
    pub card: Option<CardIs>,
    /// The identity becomes this.
    pub identity: Option<IdentityIs>,
    /// The basis becomes this.
    pub basis: Option<BasisIs>,
    /// The permits become this.
    pub access: Option<AccessIs>,
    /// The encounter becomes this.
    pub stage: Option<StageIs>,
}

/// One row.
#[derive(Clone, Copy, Debug)]
struct Rule {
    on: &'static [Trigger],
    stage: &'static [StageIs],
    card: &'static [CardIs],
    identity: &'static [IdentityIs],
    basis: &'static [BasisIs],
    clock: &'static [ClockIs],
    then: Result<Change, Refusal>,
}

impl Rule {
    fn fits(&self, trigger: Trigger, facts: Facts, clock: ClockIs) -> bool {
        self.on.contains(&trigger)
            && self.stage.contains(&facts.stage)
            && self.card.contains(&facts.card)
            && self.identity.contains(&facts.identity)
            && self.basis.contains(&facts.basis)
            && self.clock.contains(&clock)
    }
}

const fn on(on: &'static [Trigger]) -> Rule {
    Rule {
        on,
        stage: StageIs::ALL,
        card: CardIs::ALL,
        identity: IdentityIs::ALL,
        basis: BasisIs::ALL,
        clock: ClockIs::ALL,
        then: Ok(NOTHING),
    }
}

const NOTHING: Change =
    Change { card: None, identity: None, basis: None, access: None, stage: None };
const SHUT: Change = Change { access: Some(AccessIs::Shut), ..NOTHING };
const SECOND: Change =
    Change { identity: Some(IdentityIs::NotChecked), basis: Some(BasisIs::NotAsked), ..SHUT };
const PERMIT: &[Trigger] = &[Trigger::PermitRequested, Trigger::PermitStored];
const REFUSED: &[BasisIs] = &[BasisIs::Refused, BasisIs::Withdrawn];

use Trigger as On;

/// The rows, in the order in which they are asked.
#[rustfmt::skip]
static TABLE: &[Rule] = &[
    // After the end only what protects the patient is still taken; nothing opens again.
    Rule { stage: &[StageIs::Ended], then: Ok(Change { basis: Some(BasisIs::Refused), ..SHUT }), ..on(&[On::ConsentRefused]) },
    Rule { stage: &[StageIs::Ended], then: Ok(Change { basis: Some(BasisIs::Withdrawn), ..SHUT }), ..on(&[On::ConsentWithdrawn]) },
    Rule { stage: &[StageIs::Ended], then: Ok(SHUT), ..on(&[On::PatientAwake]) },
    Rule { stage: &[StageIs::Ended], then: Err(Refusal::Ended), ..on(Trigger::ALL) },

    // Ends.
    Rule { then: Ok(Change { stage: Some(StageIs::Ended), ..SHUT }), ..on(&[On::HandedOver, On::Closed]) },

    // The card.
    Rule { card: &[CardIs::Forged], ..on(&[On::CardAcceptable, On::CardDoubtful]) },
    Rule { then: Ok(Change { card: Some(CardIs::Acceptable), ..NOTHING }), ..on(&[On::CardAcceptable]) },
    Rule { then: Ok(Change { card: Some(CardIs::Doubtful), ..NOTHING }), ..on(&[On::CardDoubtful]) },
    Rule { then: Ok(Change { card: Some(CardIs::Forged), ..SHUT }), ..on(&[On::CardForged]) },
    Rule { then: Ok(Change { card: Some(CardIs::Acceptable), ..SECOND }), ..on(&[On::SecondCardAcceptable]) },
    Rule { then: Ok(Change { card: Some(CardIs::Doubtful), ..SECOND }), ..on(&[On::SecondCardDoubtful]) },
    Rule { then: Ok(Change { card: Some(CardIs::Forged), ..SECOND }), ..on(&[On::SecondCardForged]) },
    Rule { then: Ok(NOTHING), ..on(&[On::CardFailed]) },

    // The identity.
    Rule { then: Ok(Change { identity: Some(IdentityIs::Matched), ..NOTHING }), ..on(&[On::FaceMatched]) },
    Rule { then: Ok(Change { identity: Some(IdentityIs::Differs), ..SHUT }), ..on(&[On::FaceDiffers]) },
    Rule { then: Ok(Change { identity: Some(IdentityIs::Unverifiable), ..SHUT }), ..on(&[On::FaceUnverifiable]) },

    // The basis.
    Rule { basis: &[BasisIs::PatientConsents], ..on(&[On::ConsentByPatient, On::ConsentByRepresentative]) },
    Rule { then: Ok(Change { basis: Some(BasisIs::PatientConsents), ..SHUT }), ..on(&[On::ConsentByPatient]) },
    Rule { basis: REFUSED, then: Err(Refusal::RefusalStands), ..on(&[On::ConsentByRepresentative, On::ConsentUnobtainable]) },
    Rule { basis: &[BasisIs::RepresentativeConsents], ..on(&[On::ConsentByRepresentative]) },
    Rule { then: Ok(Change { basis: Some(BasisIs::RepresentativeConsents), ..SHUT }), ..on(&[On::ConsentByRepresentative]) },
    Rule { basis: &[BasisIs::PatientConsents, BasisIs::RepresentativeConsents], then: Err(Refusal::ConsentStands), ..on(&[On::ConsentUnobtainable]) },
    Rule { basis: &[BasisIs::LifeProtection], ..on(&[On::ConsentUnobtainable]) },
    Rule { then: Ok(Change { basis: Some(BasisIs::LifeProtection), ..SHUT }), ..on(&[On::ConsentUnobtainable]) },
    Rule { then: Ok(Change { basis: Some(BasisIs::Refused), ..SHUT }), ..on(&[On::ConsentRefused]) },
    Rule { then: Ok(Change { basis: Some(BasisIs::Withdrawn), ..SHUT }), ..on(&[On::ConsentWithdrawn]) },
    Rule { basis: &[BasisIs::LifeProtection, BasisIs::RepresentativeConsents], then: Ok(Change { basis: Some(BasisIs::NotAsked), ..SHUT }), ..on(&[On::PatientAwake]) },
    Rule { then: Ok(NOTHING), ..on(&[On::PatientAwake]) },

    // The source.
    Rule { then: Ok(NOTHING), ..on(&[On::SourceFailed]) },

    // Permits: all three facts, for the card that was read, on a clock that does not go back.
    Rule { clock: &[ClockIs::WentBack], then: Err(Refusal::ClockWentBack), ..on(PERMIT) },
    Rule { card: &[CardIs::Unread], then: Err(Refusal::NoCard), ..on(PERMIT) },
    Rule { card: &[CardIs::Forged], then: Err(Refusal::CardForged), ..on(PERMIT) },
    Rule { identity: &[IdentityIs::NotChecked], then: Err(Refusal::FaceNotChecked), ..on(PERMIT) },
    Rule { identity: &[IdentityIs::Differs], then: Err(Refusal::FaceDiffers), ..on(PERMIT) },
    Rule { identity: &[IdentityIs::Unverifiable], then: Err(Refusal::FaceUnverifiable), ..on(PERMIT) },
    Rule { basis: &[BasisIs::NotAsked], then: Err(Refusal::NotAsked), ..on(PERMIT) },
    Rule { basis: &[BasisIs::Refused], then: Err(Refusal::Refused), ..on(PERMIT) },
    Rule { basis: &[BasisIs::Withdrawn], then: Err(Refusal::Withdrawn), ..on(PERMIT) },
    Rule { then: Ok(NOTHING), ..on(&[On::PermitRequested]) },
    Rule { then: Ok(Change { access: Some(AccessIs::Released), ..NOTHING }), ..on(&[On::PermitStored]) },
    Rule { then: Ok(SHUT), ..on(&[On::PermitExpired]) },
    Rule { then: Err(Refusal::NothingExpired), ..on(&[On::PermitNotExpired]) },
];

/// What the table says: the change and the facts after it, or why the event is refused.
pub fn decide(trigger: Trigger, facts: Facts, clock: ClockIs) -> Result<(Change, Facts), Refusal> {
    // INVARIANT: for every trigger the last row that names it asks for nothing else; a test looks.
    let rule = TABLE.iter().find(|rule| rule.fits(trigger, facts, clock));
    let change = rule.map_or(Err(Refusal::Ended), |rule| rule.then)?;
    Ok((change, facts.after(change)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every_state() -> impl Iterator<Item = Facts> {
        let mut all = Vec::new();
        for &card in CardIs::ALL {
            for &identity in IdentityIs::ALL {
                for &basis in BasisIs::ALL {
                    for &access in AccessIs::ALL {
                        for &stage in StageIs::ALL {
                            all.push(Facts { card, identity, basis, access, stage });
                        }
                    }
                }
            }
        }
        all.into_iter()
    }

    #[test]
    fn every_trigger_has_an_answer_everywhere_and_every_row_speaks() {
        let mut spoken = vec![false; TABLE.len()];
        for facts in every_state() {
            for &trigger in Trigger::ALL {
                for &clock in ClockIs::ALL {
                    let row = TABLE.iter().position(|rule| rule.fits(trigger, facts, clock));
                    spoken[row.expect("a row for every event in every state")] = true;
                }
            }
        }
        assert_eq!(spoken.iter().position(|spoke| !spoke), None, "a row that never speaks");
    }
}
