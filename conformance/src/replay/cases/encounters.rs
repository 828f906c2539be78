//! The recorded encounters: every way in which one ends.

use mynacard_core::audit::Event as Code;

use super::NOW;
use crate::replay::VERSION;
use crate::replay::encounter::{Act, Facts, Header, Step, Tapped, act_out};
use crate::replay::file::{Recording, RecordingError};
use crate::replay::host::core_host;

const SUMMARY: u32 = 1;
const FULL: u32 = 2;
const SECOND: u64 = 1_000;

/// An Ed25519 key in PKCS#8 (RFC 8410, section 10.3, which publishes it as an example).
const CHECKPOINT_KEY: &str = "302e020100300506032b657004220420\
                              d4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a88f44755842";

/// An encounter to record: what the host does, a second each.
struct Case {
    header: Header,
    at: u64,
    acts: Vec<(u64, Act)>,
}

impl Case {
    /// A drill that has begun, with its first two lines stored.
    fn new(name: &str, about: &str) -> Self {
        let hex = |count: usize, what: &str| {
            let seed = format!("{what} of {name}");
            let hash = ring::digest::digest(&ring::digest::SHA256, seed.as_bytes());
            data_encoding::HEXLOWER.encode(hash.as_ref().get(..count).unwrap_or_default())
        };
        let header = Header {
            replay: VERSION,
            kind: "encounter".to_owned(),
            name: name.to_owned(),
            about: about.to_owned(),
            drill: true,
            at: NOW,
            crew: "C-17".to_owned(),
            device: "tablet-01".to_owned(),
            log_id: hex(16, "log id"),
            seal_key: hex(32, "seal key"),
            encounter_id: hex(16, "encounter id"),
            salt: hex(32, "salt"),
            permit_millis: 600 * SECOND,
        };
        Self { header, at: NOW, acts: Vec::new() }.then(Act::Store).then(Act::Store)
    }

    /// With a patient: no drill.
    fn in_earnest(mut self) -> Self {
        self.header.drill = false;
        self
    }

    fn then(mut self, act: Act) -> Self {
        self.at += SECOND;
        self.acts.push((self.at, act));
        self
    }

    fn wait(mut self, seconds: u64) -> Self {
        self.at += seconds * SECOND;
        self
    }

    /// Reads a card and stores what comes of it.
    fn tap(self, reading: &str) -> Self {
        self.then(tap(reading, 0)).then(Act::Store)
    }

    /// Reports an event and stores it.
    fn tell(self, code: Code) -> Self {
        self.then(Act::Record { event: code.code() }).then(Act::Store)
    }

    /// Reports an event that is to be refused.
    fn tell_in_vain(self, code: Code) -> Self {
        self.then(Act::Record { event: code.code() })
    }

    fn permit(self, scope: u32) -> Self {
        self.then(Act::MayPermit)
            .then(Act::Permit { scope })
            .then(Act::Store)
            .then(Act::PermitUntil)
    }

    /// Asks for a permit that is to be refused.
    fn permit_in_vain(self, scope: u32) -> Self {
        self.then(Act::MayPermit).then(Act::Permit { scope }).then(Act::PermitUntil)
    }

    /// Asks a source that gives this file.
    fn fetch(self, scope: u32, answer: &str) -> Self {
        self.then(Act::Fetch { scope, answer: Some(answer.to_owned()), after: 250 })
    }

    /// Makes the report in its three forms.
    fn hand_over(self) -> Self {
        (1..=3).fold(self, |case, form| case.then(Act::Handover { form }))
    }

    /// The end, and the log after it.
    fn end(self, code: Code) -> Self {
        self.then(Act::Allowed).tell(code).then(Act::WayOut).then(Act::State)
    }

    fn record(
        self,
        tap: &mut dyn FnMut(&str) -> Result<Tapped, RecordingError>,
    ) -> Result<Recording<Header, Step>, RecordingError> {
        let lines = act_out(&self.header, self.acts, core_host, tap)?;
        Ok(Recording { header: self.header, lines })
    }
}

fn tap(reading: &str, same_card: u32) -> Act {
    Act::Tap { reading: reading.to_owned(), same_card }
}

/// A patient file with these members besides the obligatory ones.
fn patient(members: &str) -> String {
    format!(r#"{{"synthetic":true,"profile":"adult","about":"架空の傷病者"{members}}}"#)
}

fn seen() -> String {
    patient(
        r#","visits":[{"days_ago":20,"at":{"name":"架空内科クリニック"}}],
"medicines":[{"days_ago":12,"source":"dispensed","name":"ワルファリンK錠1mg「架空」"}]"#,
    )
}

fn findings() -> Facts {
    Facts {
        unit: "架空救急1".to_owned(),
        complaint: "胸が痛い".to_owned(),
        consciousness: "JCS 2".to_owned(),
        systolic: 148,
        diastolic: 92,
        pulse: 104,
        breaths: 22,
        oxygen: 94,
        temperature_tenths: 368,
    }
}

/// Every recorded encounter. `tap` plays a recorded reading by its name.
///
/// Errors: [`RecordingError`], where a reading is not there.
pub fn encounters(
    tap: &mut dyn FnMut(&str) -> Result<Tapped, RecordingError>,
) -> Result<Vec<Recording<Header, Step>>, RecordingError> {
    let cases = permitted().into_iter().chain(not_permitted()).chain(cards());
    cases.map(|case| case.record(tap)).collect()
}

/// Where information is seen, and where that ends.
fn permitted() -> Vec<Case> {
    let adult_up_to =
        |name: &str, about: &str| Case::new(name, about).tap("extended").tell(Code::FaceMatched);
    vec![
        Case::new("consent", "the patient consents; summary, hand-over, checkpoint")
            .then(Act::Allowed)
            .permit_in_vain(SUMMARY)
            .tap("extended")
            .permit_in_vain(SUMMARY)
            .tell(Code::FaceMatched)
            .then(Act::Allowed)
            .permit_in_vain(SUMMARY)
            .fetch(SUMMARY, &seen())
            .tell(Code::ConsentByPatient)
            .tell_in_vain(Code::Unconscious)
            .permit(SUMMARY)
            .fetch(FULL, &seen())
            .fetch(SUMMARY, "no file")
            .fetch(SUMMARY, &patient(r#","unheard_of":1"#))
            .then(Act::Fetch { scope: SUMMARY, answer: None, after: 0 })
            .fetch(SUMMARY, &seen())
            .then(Act::CrewFacts { facts: findings() })
            .hand_over()
            .then(Act::Checkpoint { pkcs8: CHECKPOINT_KEY.to_owned() })
            .end(Code::HandedOver)
            .tell_in_vain(Code::FaceMatched)
            .then(Act::Store),
        adult_up_to("representative", "a relative consents; the full view")
            .tell(Code::ConsentByRepresentative)
            .permit(FULL)
            .fetch(FULL, &seen())
            .hand_over()
            .end(Code::HandedOver),
        adult_up_to("unconscious", "no consent can be had: life protection")
            .tell(Code::Unconscious)
            .permit(FULL)
            .fetch(SUMMARY, &seen())
            .hand_over()
            .end(Code::HandedOver),
        adult_up_to("wakes", "the patient wakes: the permit ends, and is asked for anew")
            .tell(Code::Unconscious)
            .permit(FULL)
            .fetch(FULL, &seen())
            .tell(Code::PatientAwake)
            .then(Act::PermitUntil)
            .fetch(FULL, &seen())
            .permit_in_vain(SUMMARY)
            .then(Act::Handover { form: 3 })
            .tell(Code::ConsentByPatient)
            .permit(SUMMARY)
            .fetch(SUMMARY, &seen())
            .then(Act::Handover { form: 2 })
            .end(Code::HandedOver),
        adult_up_to("withdrawn", "the patient withdraws: what was seen goes")
            .tell(Code::ConsentByPatient)
            .permit(SUMMARY)
            .fetch(SUMMARY, &seen())
            .tell(Code::ConsentWithdrawn)
            .then(Act::PermitUntil)
            .hand_over()
            .permit_in_vain(SUMMARY)
            .end(Code::EndWithdrawn),
        adult_up_to("expired", "the permit expires; a new one is asked for")
            .tell(Code::ConsentByPatient)
            .permit(SUMMARY)
            .tell_in_vain(Code::PermitExpired)
            .fetch(SUMMARY, &seen())
            .wait(600)
            .then(Act::PermitUntil)
            .fetch(SUMMARY, &seen())
            .then(Act::Handover { form: 3 })
            .tell(Code::PermitExpired)
            .permit(SUMMARY)
            .fetch(SUMMARY, &seen())
            .end(Code::HandedOver),
        adult_up_to("no-signal", "there is no signal")
            .tell(Code::ConsentByPatient)
            .permit(SUMMARY)
            .fetch(SUMMARY, &patient(r#","answer":"no-signal""#))
            .then(Act::Store)
            .hand_over()
            .end(Code::EndNoSignal),
        adult_up_to("not-registered", "the card is not registered for insurance")
            .tell(Code::CardiopulmonaryArrest)
            .permit(SUMMARY)
            .fetch(SUMMARY, &patient(r#","answer":"not-registered""#))
            .then(Act::Store)
            .hand_over()
            .end(Code::EndNotRegistered),
        adult_up_to("expired-while-asked", "the permit expires while the source is asked")
            .tell(Code::ConsentByPatient)
            .permit(SUMMARY)
            .then(Act::Fetch { scope: SUMMARY, answer: Some(seen()), after: 600 * SECOND })
            .then(Act::Handover { form: 3 })
            .end(Code::HandedOver),
        adult_up_to("line-by-line", "each line is confirmed by its ticket, or dropped by it")
            .tell(Code::ConsentByPatient)
            .then(Act::Permit { scope: SUMMARY })
            .then(Act::Line)
            .then(Act::Line)
            .then(Act::Checkpoint { pkcs8: CHECKPOINT_KEY.to_owned() })
            .then(Act::Confirm { line: 4, own: false })
            .then(Act::Confirm { line: 5, own: true })
            .then(Act::PermitUntil)
            .then(Act::Discard { line: 6 })
            .then(Act::Discard { line: 5 })
            .then(Act::Confirm { line: 5, own: false })
            .then(Act::Checkpoint { pkcs8: CHECKPOINT_KEY.to_owned() })
            .then(Act::Line)
            .then(Act::Confirm { line: 5, own: false })
            .then(Act::Discard { line: 5 })
            .then(Act::Confirm { line: 7, own: false })
            .then(Act::Confirm { line: 7, own: false })
            .then(Act::PermitUntil)
            .end(Code::HandedOver),
        adult_up_to("stale-permit", "the patient withdraws before the permit's line is stored")
            .tell(Code::ConsentByPatient)
            .then(Act::Permit { scope: SUMMARY })
            .then(Act::Record { event: Code::ConsentWithdrawn.code() })
            .then(Act::Store)
            .then(Act::Store)
            .then(Act::Store)
            .then(Act::PermitUntil)
            .end(Code::EndWithdrawn),
    ]
}

/// Where nothing is seen.
fn not_permitted() -> Vec<Case> {
    vec![
        Case::new("refuses", "the patient refuses; life protection does not undo it")
            .tap("extended")
            .tell(Code::FaceMatched)
            .tell(Code::ConsentRefused)
            .tell_in_vain(Code::Unconscious)
            .permit_in_vain(SUMMARY)
            .then(Act::Handover { form: 1 })
            .end(Code::EndRefused),
        Case::new("face-differs", "the face on the chip is another's")
            .tap("extended")
            .tell(Code::ConsentByPatient)
            .tell(Code::FaceDiffers)
            .permit_in_vain(SUMMARY)
            .then(Act::Handover { form: 2 })
            .end(Code::EndFaceDiffers),
        Case::new("face-unverifiable", "the face cannot be compared")
            .tap("child")
            .tell(Code::FaceUnverifiable)
            .tell(Code::ConsentByRepresentative)
            .permit_in_vain(SUMMARY)
            .end(Code::EndFaceUnverifiable),
        Case::new("urgency", "the crew goes without")
            .tell_in_vain(Code::CardAcceptable)
            .tell_in_vain(Code::PermitFull)
            .then(Act::Record { event: 99 })
            .end(Code::EndUrgency),
        Case::new(
            "clock-went-back",
            "the tablet's clock goes back, and its correction is recorded",
        )
        .tap("extended")
        .tell(Code::FaceMatched)
        .tell(Code::ConsentByPatient)
        .clock_back()
        .permit_in_vain(SUMMARY)
        .tell(Code::ClockCorrected)
        .permit(SUMMARY)
        .fetch(SUMMARY, &seen())
        .end(Code::HandedOver),
        Case::new("unseen", "handed over without anything seen")
            .tap("extended")
            .then(Act::CrewFacts { facts: findings() })
            .hand_over()
            .end(Code::HandedOver),
    ]
}

/// Cards that are not what they should be.
fn cards() -> Vec<Case> {
    let ends = |name: &str, about: &str, reading: &str, end: Code| {
        Case::new(name, about).tap(reading).permit_in_vain(SUMMARY).end(end)
    };
    vec![
        Case::new("second-card", "a second card takes the place of the first")
            .tap("extended")
            .tell(Code::FaceMatched)
            .tell(Code::ConsentByPatient)
            .permit(SUMMARY)
            .fetch(SUMMARY, &seen())
            .tap("long-name")
            .then(Act::PermitUntil)
            .permit_in_vain(SUMMARY)
            .hand_over()
            .tell(Code::FaceMatched)
            .permit_in_vain(SUMMARY)
            .tell(Code::ConsentByPatient)
            .permit(SUMMARY)
            .end(Code::HandedOver),
        Case::new("same-card-again", "the same card is read again: nothing is lost")
            .tap("extended")
            .tell(Code::FaceMatched)
            .tell(Code::ConsentByPatient)
            .permit(SUMMARY)
            .tap("torn")
            .then(Act::PermitUntil)
            .fetch(SUMMARY, &seen())
            .end(Code::HandedOver),
        Case::new(
            "card-unclear",
            "certificate first, then the face: the crew says whether it is one card",
        )
        .tap("certificate-only")
        .then(tap("face-only", 0))
        .then(tap("face-only", 1))
        .then(Act::Store)
        .then(Act::Store)
        .tell(Code::FaceMatched)
        .tap("certificate-only")
        .then(tap("long-name", 1))
        .then(Act::Store)
        .permit_in_vain(SUMMARY)
        .end(Code::EndWrongCard),
        Case::new("forged-again", "a forged card stays forged, whatever is read of it later")
            .tap("forged-swapped-photo")
            .tap("long-name")
            .tap("face-only")
            .tell(Code::FaceMatched)
            .tell(Code::ConsentByPatient)
            .permit_in_vain(SUMMARY)
            .end(Code::EndForged),
        Case::new("last-tries", "a reading that was allowed to spend the last tries")
            .tap("nearly-locked-dared")
            .then(Act::Store)
            .end(Code::EndCrewOther),
        ends("card-forged", "the photo was swapped", "forged-swapped-photo", Code::EndForged),
        ends("card-copied", "a copy that is not live", "forged-copied", Code::EndWrongCard),
        ends(
            "card-unknown-issuer",
            "the issuer is not known",
            "unknown-issuer",
            Code::EndCrewOther,
        ),
        ends("card-foreign", "none of ours", "foreign-card", Code::EndUnreadable),
        ends("card-phone", "a phone", "phone", Code::EndNoCard),
        ends(
            "card-wrong-number",
            "the number was read wrongly",
            "wrong-number",
            Code::EndUnreadable,
        ),
        ends("card-locked", "the number is blocked", "blocked", Code::EndLocked),
        ends("card-nearly-locked", "too few tries are left", "nearly-locked", Code::EndLocked),
        ends("card-torn", "it left before anything was read", "lost-at-once", Code::EndUnreadable),
        ends(
            "in-earnest",
            "with a patient, under roots of the host's own",
            "extended",
            Code::EndUrgency,
        )
        .in_earnest(),
    ]
}

impl Case {
    fn clock_back(mut self) -> Self {
        self.at -= 3_600 * SECOND;
        self
    }
}
