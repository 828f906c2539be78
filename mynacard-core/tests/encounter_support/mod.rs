//! What the tests of whole encounters share: readings that can be had again and again, a host with
//! its audit log, patients that belong to a card, and the steps of a crew.
#![allow(dead_code, unreachable_pub, reason = "each test file uses its own part of this")]

use std::convert::Infallible;

use mynacard_core::audit::{AuditLog, EncounterId, LogId, LogKind, Salt, SealKey, ShortId};
use mynacard_core::consent::{CardId, PermitLife, Refusal};
use mynacard_core::driver::run;
use mynacard_core::encounter::{Encounter, StoreError};
use mynacard_core::error::LinkFault;
use mynacard_core::exchange::{Capabilities, CardTransport, Limits, Link};
use mynacard_core::medical::FileSource;
use mynacard_core::reading::{CardReading, Examined, Plan, read};
use mynacard_core::trust::x509::NoRevocationSource;
use mynacard_core::trust::{Challenge, Clock, Report, Roots};
use mynacard_core::{Error, Event, Scope, Timestamp, VerificationNumberB};
use mynacard_sim::{Application, Profile, PublicRoots, VirtualCard};

pub const START: &str = "2026-11-22T09:00:00Z";
/// How long a permit is in force in these tests, in milliseconds.
pub const LIFE: u64 = 60_000;

/// The roots of the virtual cards, as a caller's own: to these encounters they are genuine.
pub fn own_roots() -> Roots {
    Roots::from_json(PublicRoots::test().to_json().as_bytes()).expect("roots")
}

/// A reading of one card that can be had again and again without signing anew: what the card said is
/// played back.
pub struct Tap {
    number: Vec<u8>,
    plan: Plan,
    roots: Roots,
    answers: Vec<Vec<u8>>,
    pub report: Report,
    pub card: CardId,
    pub name: String,
    pub address: String,
}

struct Recorder {
    card: VirtualCard,
    answers: Vec<Vec<u8>>,
}

impl CardTransport for Recorder {
    fn transmit(&mut self, command: &[u8], response: &mut Vec<u8>) -> Result<(), LinkFault> {
        let answer = self.card.transmit(command);
        response.extend_from_slice(&answer);
        self.answers.push(answer);
        Ok(())
    }

    fn link(&self) -> &Link {
        self.card.link()
    }
}

struct Player<'a> {
    answers: std::slice::Iter<'a, Vec<u8>>,
    link: Link,
}

impl CardTransport for Player<'_> {
    fn transmit(&mut self, _: &[u8], response: &mut Vec<u8>) -> Result<(), LinkFault> {
        response.extend_from_slice(self.answers.next().ok_or(LinkFault::Lost)?);
        Ok(())
    }

    fn link(&self) -> &Link {
        &self.link
    }
}

impl Tap {
    pub fn of(card: VirtualCard, number: &str, roots: &Roots) -> Self {
        Self::by(challenged(Plan::all()), card, number, roots)
    }

    pub fn by(plan: Plan, card: VirtualCard, number: &str, roots: &Roots) -> Self {
        let mut recorder = Recorder { card, answers: Vec::new() };
        let reading = read_over(&mut recorder, number.as_bytes(), &plan);
        let card = card_id(&reading);
        let examined = examine(reading, roots);
        let attributes = examined.reading().attributes().value();
        let text = |it: Option<&str>| it.unwrap_or("nobody").to_owned();
        Self {
            number: number.as_bytes().to_vec(),
            plan,
            roots: roots.clone(),
            card,
            name: text(attributes.map(|it| it.name().unwrap().as_str())),
            address: text(attributes.map(|it| it.address().unwrap().as_str())),
            report: examined.report().clone(),
            answers: recorder.answers,
        }
    }

    /// The card of a profile under the roots of the virtual cards.
    pub fn profile(name: &str) -> Self {
        Self::profile_by(challenged(Plan::all()), name)
    }

    /// The same, read by another plan.
    pub fn profile_by(plan: Plan, name: &str) -> Self {
        let profile = Profile::find(name).expect("known");
        Self::by(plan, profile.card(), profile.code_b().expect("a card"), &own_roots())
    }

    pub fn examined(&self) -> Examined {
        let link = Link::new(Capabilities::EXTENDED);
        let mut player = Player { answers: self.answers.iter(), link };
        examine(read_over(&mut player, &self.number, &self.plan), &self.roots)
    }

    /// A patient whose data are recognised by the mark in the name of the only medicine.
    pub fn patient(&self, mark: &str) -> FileSource {
        self.source(&format!(
            r#""visits":[{{"days_ago":20,"at":{{"name":"病院{mark}"}}}}],
            "medicines":[{{"days_ago":12,"source":"dispensed","name":"薬{mark}"}}]"#
        ))
    }

    /// A source about this card with these members besides the obligatory ones.
    pub fn source(&self, members: &str) -> FileSource {
        let json = format!(r#"{{"synthetic":true,"profile":"-","about":"-",{members}}}"#);
        FileSource::from_json(json.as_bytes(), self.card.clone()).expect("a patient")
    }
}

/// The plan with the nonce of these encounters.
pub fn challenged(plan: Plan) -> Plan {
    plan.with_challenge(Challenge::new(b"a nonce of these encounters").expect("long enough"))
}

fn read_over(transport: &mut impl CardTransport, number: &[u8], plan: &Plan) -> CardReading {
    let number = VerificationNumberB::from_digits(number).expect("fourteen digits");
    let mut driver =
        read(transport.link(), Limits::default(), &number, plan.clone()).expect("free");
    run(&mut driver, transport).expect("the flow awaits only the card")
}

fn examine(reading: CardReading, roots: &Roots) -> Examined {
    let clock = Clock::Trusted(START.parse().expect("a time"));
    reading.examine(None, roots, clock, &NoRevocationSource)
}

/// What tells a card, as the documentation of the encounter says it.
fn card_id(reading: &CardReading) -> CardId {
    let hash = |bytes: &[u8]| {
        let hash = ring::digest::digest(&ring::digest::SHA256, bytes);
        CardId::from_hash(hash.as_ref().try_into().expect("32 bytes"))
    };
    match (reading.face().value(), reading.certificate().value()) {
        (Some(face), _) => hash(face.public_key()),
        (None, Some(certificate)) => hash(certificate),
        (None, None) => CardId::from_hash([0; 32]),
    }
}

/// The card of a profile with the photo of another under the signature that was there before.
pub fn with_swapped_photo(profile: &Profile, other: &str) -> VirtualCard {
    let spec = profile.spec();
    let mut record = spec.face_record();
    let signature = spec.issuer.face_signer.key.sign_verbatim(&record.signed_payload());
    record.photo = Profile::find(other).expect("known").spec().holder.photo;
    let file = record.with_signature(&signature.expect("fits"));
    profile.builder().replace_file(Application::Face, 0x02, &file).build()
}

/// The text application of one genuine card in another.
pub fn with_text_of(profile: &Profile, other: &str) -> VirtualCard {
    let other = Profile::find(other).expect("known").builder();
    let mut builder = profile.builder();
    for file in [0x02, 0x03, 0x04, 0x07] {
        let content = other.file_content(Application::Text, file).expect("there");
        builder = builder.replace_file(Application::Text, file, &content);
    }
    builder.build()
}

/// The end of the strong form as one error: this host always stores.
fn refusal(error: StoreError<Infallible>) -> Error {
    match error {
        StoreError::Refused(error) => error,
        StoreError::NotStored(never) => match never {},
    }
}

/// A tablet with a log in memory, a crew member and one encounter.
pub struct Play<K: LogKind> {
    pub encounter: Encounter<K>,
    pub log: AuditLog<K>,
    pub text: String,
    pub now: Timestamp,
    pub crew: ShortId,
}

impl<K: LogKind> Play<K> {
    pub fn open() -> Self {
        let crew = ShortId::new("C-17").expect("an id");
        let now: Timestamp = START.parse().expect("a time");
        let (id, salt) = (EncounterId::from_random([7; 16]), Salt::from_random([8; 32]));
        let life = PermitLife::from_millis(LIFE).expect("in range");
        let encounter = Encounter::open(id, salt, life, crew, now);
        let device = ShortId::new("T-1").expect("an id");
        let (id, key) = (LogId::from_random([1; 16]), SealKey::from_random([2; 32]));
        let log = AuditLog::create(id, device, key, now);
        let mut play = Self { encounter, log, text: String::new(), now, crew };
        play.store().expect("a log that stores");
        play
    }

    pub fn wait(&mut self, millis: u64) {
        self.now = self.now.plus_millis(millis);
    }

    /// Stores everything that waits, whatever is refused on the way; the first refusal.
    pub fn store(&mut self) -> Result<(), Error> {
        let mut first = Ok(());
        loop {
            let text = &mut self.text;
            let stored = self.encounter.store(&mut self.log, self.now, |line| {
                text.push_str(line);
                Ok(())
            });
            match stored.map_err(refusal) {
                Ok(()) => return first,
                refused => first = first.and(refused),
            }
        }
    }

    pub fn tap(&mut self, tap: &Tap) -> Result<Event, Error> {
        let event = self.encounter.card_read(tap.examined(), self.crew, self.now)?;
        self.store()?;
        Ok(event)
    }

    /// The same, with the crew's word on whether it is the card of before.
    pub fn tap_as(&mut self, tap: &Tap, same: bool) -> Result<Event, Error> {
        let event = self.encounter.card_read_as(tap.examined(), same, self.crew, self.now)?;
        self.store()?;
        Ok(event)
    }

    pub fn tell(&mut self, event: Event) -> Result<Event, Error> {
        let event = self.encounter.record(event, self.crew, self.now)?;
        self.store()?;
        Ok(event)
    }

    pub fn permit(&mut self, scope: Scope) -> Result<(), Refusal> {
        self.encounter.request_permit(scope, self.crew, self.now)?;
        match self.store() {
            Err(Error::Refused(refusal)) => Err(refusal),
            stored => {
                stored.expect("a log that stores");
                Ok(())
            }
        }
    }

    pub fn fetch(&mut self, source: &mut FileSource, scope: Scope) -> Result<(), Error> {
        let now = self.now;
        self.encounter.fetch(source, scope, self.crew, || now)?;
        self.store()
    }

    /// The medicine that the crew sees.
    pub fn medicine(&self) -> Option<String> {
        let view = self.encounter.medical(self.now)?;
        view.medicines().first().map(|medicine| medicine.name.as_str().to_owned())
    }

    /// The hand-over in its three forms, one after the other.
    pub fn told(&self) -> String {
        let handover = self.encounter.handover(self.now);
        [handover.script().as_str(), handover.page().as_str(), handover.json().as_str()].concat()
    }

    /// What the log has stored, in order: the codes of its lines without the header.
    pub fn logged(&self) -> Vec<Event> {
        let lines = self.text.lines().skip(1);
        lines.map(|line| logged_event(line).expect("a code")).collect()
    }

    /// Card, face and consent, as usual.
    pub fn up_to_consent(tap: &Tap) -> Self {
        let mut play = Self::open();
        play.tap(tap).expect("a card");
        play.tell(Event::FaceMatched).expect("a match");
        play.tell(Event::ConsentByPatient).expect("consent");
        play
    }

    /// The same, with the summary on the screen.
    pub fn up_to_view(tap: &Tap, mark: &str) -> Self {
        let mut play = Self::up_to_consent(tap);
        play.permit(Scope::Summary).expect("a permit");
        play.fetch(&mut tap.patient(mark), Scope::Summary).expect("a view");
        play
    }
}

/// The event of a line of a log.
pub fn logged_event(line: &str) -> Option<Event> {
    let line: serde_json::Value = serde_json::from_str(line).ok()?;
    Event::from_code(u16::try_from(line["code"].as_u64()?).ok()?)
}
