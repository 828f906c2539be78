//! Nothing personal is shown by accident.

use mynacard_core::audit::Real;
use mynacard_core::consent::Refusal;
use mynacard_core::error::Misuse;
use mynacard_core::medical::PersonalText;
use mynacard_core::{Encounter, Plan, Scope, VerificationNumberB};
use mynacard_sim::Profile;

use super::ADULT;
use super::encounter_support::{Play, Tap};

#[test]
fn debug_errors_and_the_log_name_nobody() {
    let profile = Profile::adult();
    let mut play = Play::<Real>::up_to_view(&ADULT, "A");
    play.encounter.crew_facts().complaint = Some(PersonalText::new("胸が痛い"));
    let examined = ADULT.examined();
    let reading = examined.reading();
    let face = reading.face().value().unwrap();
    let number = VerificationNumberB::from_digits(profile.code_b().unwrap().as_bytes()).unwrap();
    let refused = play.encounter.card_read(
        Tap::profile_by(Plan::attributes_only(), "adult").examined(),
        play.crew,
        play.now,
    );
    play.encounter.request_permit(Scope::Summary, play.crew, play.now).unwrap();
    let mut shown = vec![
        format!("{:?}", play.encounter),
        format!("{reading:?} {examined:?} {refused:?}"),
        format!("{face:?} {:?}", reading.attributes().value().unwrap()),
        format!("{:?} {:?}", face.birth_date(), face.photo()),
        format!("{:?}", face.photo().unwrap().decode(&Default::default()).unwrap()),
        format!("{:?}", ADULT.report),
        format!("{:?}", play.encounter.handover(play.now)),
        format!("{:?}", play.encounter.permit(play.now)),
        format!("{:?}", play.encounter.medical(play.now)),
        format!("{:?} {:?}", play.encounter.identity(), play.encounter.basis()),
        format!("{number:?} {:?} {:?}", play.log, ADULT.patient("A")),
        format!("{:?}", play.encounter.crew_facts()),
        play.text.clone(),
    ];
    for error in reading.errors().chain([Refusal::OtherCard.into(), Misuse::OutOfRange.into()]) {
        shown.push(format!("{error} {error:?} {:?}", error.info()));
    }
    let code = profile.code_b().unwrap();
    let holder = profile.spec().holder;
    let birth = profile.birth_date().digits();
    let dashed = format!("{}-{}-{}", &birth[..4], &birth[4..6], &birth[6..]);
    let mut personal = vec![
        ADULT.name.clone(),
        ADULT.address.clone(),
        code.to_owned(),
        code[10..].to_owned(),
        holder.number,
        holder.card_serial,
        "薬A".to_owned(),
        "病院A".to_owned(),
        "胸が痛い".to_owned(),
        birth,
        dashed,
    ];
    personal.extend(ADULT.name.split('\u{3000}').map(str::to_owned));
    for (at, text) in shown.iter().enumerate() {
        for personal in &personal {
            assert!(!text.contains(personal.as_str()), "{at}: {personal} in {text}");
        }
    }
}

/// An encounter can be moved to another thread, as apps do.
#[test]
fn an_encounter_is_send() {
    fn is_send<T: Send>() {}
    is_send::<Encounter<Real>>();
}
