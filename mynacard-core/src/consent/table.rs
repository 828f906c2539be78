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
//!   refused while the clock says less than it did, until its correction is recorded.

use super::fact::{Access, Basis, CardTrust, Identity, Stage};
use crate::audit::Event;
use crate::error::Refusal;

/// What the clock says, compared with the latest time of an event in this encounter.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum ClockIs {
    /// The same or later (or less than the tolerated difference earlier).
    Sound,
    /// Earlier.
    WentBack,
}

impl ClockIs {
    pub(super) const ALL: &'static [Self] = &[Self::Sound, Self::WentBack];
}

/// The facts of an encounter, as the table sees them.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Facts {
    /// The card.
    pub card: CardTrust,
    /// The identity.
    pub identity: Identity,
    /// The basis.
    pub basis: Basis,
    /// The permits.
    pub access: Access,
    /// The encounter.
    pub stage: Stage,
}

impl Facts {
    /// How every encounter begins.
    pub const START: Self = Self {
        card: CardTrust::Unread,
        identity: Identity::NotChecked,
        basis: Basis::NotAsked,
        access: Access::Shut,
        stage: Stage::Open,
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
pub(super) struct Change {
    /// The card becomes this.
    pub(super) card: Option<CardTrust>,
    /// The identity becomes this.
    pub(super) identity: Option<Identity>,
    /// The basis becomes this.
    pub(super) basis: Option<Basis>,
    /// The permits become this.
    pub(super) access: Option<Access>,
    /// The encounter becomes this.
    pub(super) stage: Option<Stage>,
}

/// One row.
#[derive(Clone, Copy, Debug)]
struct Rule {
    on: &'static [Event],
    stage: &'static [Stage],
    card: &'static [CardTrust],
    identity: &'static [Identity],
    basis: &'static [Basis],
    clock: &'static [ClockIs],
    then: Result<Change, Refusal>,
}

impl Rule {
    fn fits(&self, event: Event, facts: Facts, clock: ClockIs) -> bool {
        self.on.contains(&event)
            && self.stage.contains(&facts.stage)
            && self.card.contains(&facts.card)
            && self.identity.contains(&facts.identity)
            && self.basis.contains(&facts.basis)
            && self.clock.contains(&clock)
    }
}

const fn on(on: &'static [Event]) -> Rule {
    Rule {
        on,
        stage: Stage::ALL,
        card: CardTrust::ALL,
        identity: Identity::ALL,
        basis: Basis::ALL,
        clock: ClockIs::ALL,
        then: Ok(NOTHING),
    }
}

const NOTHING: Change =
    Change { card: None, identity: None, basis: None, access: None, stage: None };
const SHUT: Change = Change { access: Some(Access::Shut), ..NOTHING };
const SECOND: Change =
    Change { identity: Some(Identity::NotChecked), basis: Some(Basis::NotAsked), ..SHUT };
const PERMIT: &[Event] = &[Event::PermitSummary, Event::PermitFull];
const CARD_FAILED: &[Event] = &[
    Event::CardUnreadable,
    Event::CardLocked,
    Event::CardNearlyLocked,
    Event::CardWrongNumber,
    Event::CardOfAnotherKind,
    Event::CardExpired,
];
const UNOBTAINABLE: &[Event] = &[
    Event::Unconscious,
    Event::ImpairedConsciousness,
    Event::CannotCommunicate,
    Event::CardiopulmonaryArrest,
];
const SOURCE_FAILED: &[Event] =
    &[Event::NoSignal, Event::SourceDown, Event::NotRegistered, Event::CertificateExpired];
const REMARKS: &[Event] = &[Event::SameCardSaid, Event::LastTriesAllowed];
const ENDS: &[Event] = &[
    Event::HandedOver,
    Event::HandedOverUnseen,
    Event::EndNoCard,
    Event::EndUnreadable,
    Event::EndLocked,
    Event::EndForged,
    Event::EndWrongCard,
    Event::EndExpired,
    Event::EndFaceDiffers,
    Event::EndFaceUnverifiable,
    Event::EndRefused,
    Event::EndWithdrawn,
    Event::EndUrgency,
    Event::EndSurroundings,
    Event::EndCrewOther,
    Event::EndNoSignal,
    Event::EndSourceDown,
    Event::EndNotRegistered,
];
const REFUSED: &[Basis] = &[Basis::Refused, Basis::Withdrawn];

use Event as On;

/// The rows, in the order in which they are asked.
#[rustfmt::skip]
static TABLE: &[Rule] = &[
    // After the end only what protects the patient is still taken; nothing opens again.
    Rule { stage: &[Stage::Ended], then: Ok(Change { basis: Some(Basis::Refused), ..SHUT }), ..on(&[On::ConsentRefused]) },
    Rule { stage: &[Stage::Ended], then: Ok(Change { basis: Some(Basis::Withdrawn), ..SHUT }), ..on(&[On::ConsentWithdrawn]) },
    Rule { stage: &[Stage::Ended], then: Ok(SHUT), ..on(&[On::PatientAwake]) },
    Rule { stage: &[Stage::Ended], then: Err(Refusal::Ended), ..on(Event::ALL) },

    // Ends.
    Rule { then: Ok(Change { stage: Some(Stage::Ended), ..SHUT }), ..on(ENDS) },

    // The card.
    Rule { card: &[CardTrust::Forged], ..on(&[On::CardAcceptable, On::CardDoubtful]) },
    Rule { then: Ok(Change { card: Some(CardTrust::Acceptable), ..NOTHING }), ..on(&[On::CardAcceptable]) },
    Rule { then: Ok(Change { card: Some(CardTrust::Doubtful), ..NOTHING }), ..on(&[On::CardDoubtful]) },
    Rule { then: Ok(Change { card: Some(CardTrust::Forged), ..SHUT }), ..on(&[On::CardForged]) },
    Rule { then: Ok(Change { card: Some(CardTrust::Acceptable), ..SECOND }), ..on(&[On::SecondCardAcceptable]) },
    Rule { then: Ok(Change { card: Some(CardTrust::Doubtful), ..SECOND }), ..on(&[On::SecondCardDoubtful]) },
    Rule { then: Ok(Change { card: Some(CardTrust::Forged), ..SECOND }), ..on(&[On::SecondCardForged]) },
    Rule { then: Ok(NOTHING), ..on(CARD_FAILED) },
    Rule { then: Ok(NOTHING), ..on(REMARKS) },

    // The identity.
    Rule { then: Ok(Change { identity: Some(Identity::Matched), ..NOTHING }), ..on(&[On::FaceMatched]) },
    Rule { then: Ok(Change { identity: Some(Identity::Differs), ..SHUT }), ..on(&[On::FaceDiffers]) },
    Rule { then: Ok(Change { identity: Some(Identity::Unverifiable), ..SHUT }), ..on(&[On::FaceUnverifiable]) },

    // The basis.
    Rule { basis: &[Basis::PatientConsents], ..on(&[On::ConsentByPatient, On::ConsentByRepresentative]) },
    Rule { then: Ok(Change { basis: Some(Basis::PatientConsents), ..SHUT }), ..on(&[On::ConsentByPatient]) },
    Rule { basis: REFUSED, then: Err(Refusal::RefusalStands), ..on(&[On::ConsentByRepresentative]) },
    Rule { basis: REFUSED, then: Err(Refusal::RefusalStands), ..on(UNOBTAINABLE) },
    Rule { basis: &[Basis::RepresentativeConsents], ..on(&[On::ConsentByRepresentative]) },
    Rule { then: Ok(Change { basis: Some(Basis::RepresentativeConsents), ..SHUT }), ..on(&[On::ConsentByRepresentative]) },
    Rule { basis: &[Basis::PatientConsents, Basis::RepresentativeConsents], then: Err(Refusal::ConsentStands), ..on(UNOBTAINABLE) },
    Rule { basis: &[Basis::LifeProtection], ..on(UNOBTAINABLE) },
    Rule { then: Ok(Change { basis: Some(Basis::LifeProtection), ..SHUT }), ..on(UNOBTAINABLE) },
    Rule { then: Ok(Change { basis: Some(Basis::Refused), ..SHUT }), ..on(&[On::ConsentRefused]) },
    Rule { then: Ok(Change { basis: Some(Basis::Withdrawn), ..SHUT }), ..on(&[On::ConsentWithdrawn]) },
    Rule { basis: &[Basis::LifeProtection, Basis::RepresentativeConsents], then: Ok(Change { basis: Some(Basis::NotAsked), ..SHUT }), ..on(&[On::PatientAwake]) },
    Rule { then: Ok(NOTHING), ..on(&[On::PatientAwake]) },

    // The source.
    Rule { then: Ok(NOTHING), ..on(SOURCE_FAILED) },

    // Permits: all three facts, for the card that was read, on a clock that does not go back.
    Rule { clock: &[ClockIs::WentBack], then: Err(Refusal::ClockWentBack), ..on(PERMIT) },
    Rule { card: &[CardTrust::Unread], then: Err(Refusal::NoCard), ..on(PERMIT) },
    Rule { card: &[CardTrust::Forged], then: Err(Refusal::CardForged), ..on(PERMIT) },
    Rule { identity: &[Identity::NotChecked], then: Err(Refusal::FaceNotChecked), ..on(PERMIT) },
    Rule { identity: &[Identity::Differs], then: Err(Refusal::FaceDiffers), ..on(PERMIT) },
    Rule { identity: &[Identity::Unverifiable], then: Err(Refusal::FaceUnverifiable), ..on(PERMIT) },
    Rule { basis: &[Basis::NotAsked], then: Err(Refusal::NotAsked), ..on(PERMIT) },
    Rule { basis: &[Basis::Refused], then: Err(Refusal::Refused), ..on(PERMIT) },
    Rule { basis: &[Basis::Withdrawn], then: Err(Refusal::Withdrawn), ..on(PERMIT) },
    Rule { then: Ok(Change { access: Some(Access::Released), ..NOTHING }), ..on(PERMIT) },
    Rule { then: Ok(SHUT), ..on(&[On::PermitExpired]) },

    // The clock, put right: what was permitted by the wrong one is over.
    Rule { then: Ok(SHUT), ..on(&[On::ClockCorrected]) },
];

/// What the table says of an event: the change and the facts after it, or why it is refused. A permit is
/// asked about twice, when it is requested and when its entry is stored; only then does it take effect.
///
/// Errors: the [`Refusal`]; nothing changes then.
pub(super) fn decide(
    event: Event,
    facts: Facts,
    clock: ClockIs,
) -> Result<(Change, Facts), Refusal> {
    // INVARIANT: for every event of an encounter the last row that names it asks for nothing else; a
    // test looks.
    let rule = TABLE.iter().find(|rule| rule.fits(event, facts, clock));
    let change = rule.map_or(Err(Refusal::Ended), |rule| rule.then)?;
    Ok((change, facts.after(change)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every_state() -> impl Iterator<Item = Facts> {
        let mut all = Vec::new();
        for &card in CardTrust::ALL {
            for &identity in Identity::ALL {
                for &basis in Basis::ALL {
                    for &access in Access::ALL {
                        for &stage in Stage::ALL {
                            all.push(Facts { card, identity, basis, access, stage });
                        }
                    }
                }
            }
        }
        all.into_iter()
    }

    #[test]
    fn every_event_has_an_answer_everywhere_and_every_row_speaks() {
        let mut spoken = vec![false; TABLE.len()];
        for facts in every_state() {
            let decided = Event::ALL.iter().filter(|event| {
                !matches!(event, Event::EncounterOpened | Event::LogOpened | Event::Checkpoint)
            });
            for &event in decided {
                for &clock in ClockIs::ALL {
                    let row = TABLE.iter().position(|rule| rule.fits(event, facts, clock));
                    spoken[row.expect("a row for every event in every state")] = true;
                }
            }
        }
        assert_eq!(spoken.iter().position(|spoke| !spoke), None, "a row that never speaks");
    }
}
