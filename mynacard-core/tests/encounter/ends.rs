//! Ends: nothing is held afterwards.

use mynacard_core::audit::Real;
use mynacard_core::consent::Refusal;
use mynacard_core::medical::PersonalText;
use mynacard_core::{Event, Scope};

use super::encounter_support::Play;
use super::{ADULT, every_end};

#[test]
fn after_every_end_nothing_is_held() {
    for end in every_end() {
        let mut play = Play::<Real>::up_to_view(&ADULT, "A");
        play.encounter.crew_facts().complaint = Some(PersonalText::new("胸が痛い"));
        let before = play.told();
        for there in [&ADULT.name, "薬A", "胸が痛い"] {
            assert!(before.contains(there), "the test looks for what is there: {there}");
        }
        let code = play.tell(end).unwrap();
        assert_eq!(play.encounter.way_out(), Some(code));
        assert!(play.encounter.examined().is_none() && play.encounter.card().is_none());
        assert!(play.encounter.medical(play.now).is_none());
        assert!(play.encounter.permit(play.now).is_none());
        let after = play.told();
        for gone in [&ADULT.name, &ADULT.address, "薬A", "病院A", "胸が痛い", "1980"] {
            assert!(!after.contains(gone), "{end:?}: {gone}");
        }
        // Nothing opens again, and nothing comes in again.
        assert_eq!(play.permit(Scope::Summary), Err(Refusal::Ended));
        assert_eq!(play.tap(&ADULT), Err(Refusal::Ended.into()));
        assert!(play.encounter.examined().is_none(), "a refused card is given back");
        let late = play.fetch(&mut ADULT.patient("A"), Scope::Summary);
        assert_eq!(late, Err(Refusal::PermitEnded.into()));
        assert_eq!(play.tell(Event::ConsentByPatient), Err(Refusal::Ended.into()));
        // What protects the patient is still taken, and does not change how it ended.
        play.tell(Event::ConsentWithdrawn).unwrap();
        assert_eq!(play.encounter.way_out(), Some(code));
    }
}
