//! What the tests of whole encounters share: readings that can be had again and again, a host with
//! its audit log, patients that belong to a card, and the steps of a crew.
#![allow(dead_code, unreachable_pub, reason = "each test file uses its own part of this")]

use mynacard_core::audit::{
    AuditLog, EncounterId, EventCode, LogId, LogKind, Occurrence, Salt, SealKey, ShortId, Stored,
};
use mynacard_core::consent::{CardKey, Event, PermitLife, Refusal, Scope};
use mynacard_core::credential::VerificationNumberB;
use mynacard_core::encounter::Encounter;
use mynacard_core::error::LinkFault;
use mynacard_core::exchange::{Capabilities, CardTransport, Limits, run};
use mynacard_core::medical::FileSource;
use mynacard_core::reading::{CardReading, Plan, read};
use mynacard_core::trust::x509::NoRevocationSource;
use mynacard_core::trust::{Challenge, Clock, Report, Roots};
use mynacard_core::{Error, Timestamp};
use mynacard_sim::{Application, Profile, PublicRoots, VirtualCard};

pub const START: &str = "2026-11-22T09:00:00Z";
/// How long a permit is in force in these tests, in milliseconds.
pub const LIFE: u64 = 60_000;

/// The roots of the virtual cards, as a caller's own: to these encounters they are genuine.
pub fn own_roots() -> Roots {
    Roots::from_json(PublicRoots::test().to_json().as_bytes()).expect("roots")
}

/// A reading of one card that can be had again without signing anew: what the card said is played
/// back.
pub struct Tap {
    number: Vec<u8>,
    plan: Plan,
    answers: Vec<Vec<u8>>,
    pub report: Report,
    pub key: CardKey,
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

    fn capabilities(&self) -> Capabilities {
        Capabilities::EXTENDED
    }
}

struct Player<'a>(std::slice::Iter<'a, Vec<u8>>);

impl CardTransport for Player<'_> {
    fn transmit(&mut self, _: &[u8], response: &mut Vec<u8>) -> Result<(), LinkFault> {
        response.extend_from_slice(self.0.next().ok_or(LinkFault::Lost)?);
        Ok(())
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::EXTENDED
    }
}

impl Tap {
    pub fn of(card: VirtualCard, number: &str, roots: &Roots) -> Self {
        let challenge = Challenge::new(b"a nonce of these encounters").expect("long enough");
        Self::by(Plan::all().with_challenge(challenge), card, number, roots)
    }

    pub fn by(plan: Plan, card: VirtualCard, number: &str, roots: &Roots) -> Self {
        let plan = Plan { face_floor: 1, text_floor: 1, ..plan };
        let mut recorder = Recorder { card, answers: Vec::new() };
        let reading = read_over(&mut recorder, number.as_bytes(), &plan);
        let clock = Clock::Trusted(START.parse().expect("a time"));
        let report = reading.examine(None, roots, clock, &NoRevocationSource);
        let attributes = reading.attributes.value();
        let text = |it: Option<&str>| it.unwrap_or("nobody").to_owned();
        Self {
            number: number.as_bytes().to_vec(),
            plan,
            report,
            key: key_of(&reading),
            name: text(attributes.map(|it| it.name().as_str())),
            address: text(attributes.map(|it| it.address().as_str())),
            answers: recorder.answers,
        }
    }

    /// The card of a profile under the roots of the virtual cards.
    pub fn profile(name: &str) -> Self {
        let profile = Profile::find(name).expect("known");
        Self::of(profile.card(), profile.code_b().expect("a card"), &own_roots())
    }

    pub fn reading(&self) -> CardReading {
        read_over(&mut Player(self.answers.iter()), &self.number, &self.plan)
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
        FileSource::from_json(json.as_bytes(), self.key.clone()).expect("a patient")
    }
}

fn read_over(link: &mut impl CardTransport, number: &[u8], plan: &Plan) -> CardReading {
    let number = VerificationNumberB::from_digits(number).expect("fourteen digits");
    let mut driver = read(link.capabilities(), Limits::default(), &number, plan.clone());
    run(&mut driver, link).expect("the flow awaits only the card")
}

/// What tells a card, as the documentation of the encounter says it.
fn key_of(reading: &CardReading) -> CardKey {
    let hash = |bytes: &[u8]| {
        let hash = ring::digest::digest(&ring::digest::SHA256, bytes);
        CardKey::from_hash(hash.as_ref().try_into().expect("32 bytes"))
    };
    match (reading.face.value(), reading.certificate.value()) {
        (Some(face), _) => hash(face.public_key()),
        (None, Some(certificate)) => hash(certificate),
        (None, None) => CardKey::from_hash([0; 32]),
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
        let (encounter, opened) = Encounter::open(id, salt, life, crew, now);
        let device = ShortId::new("T-1").expect("an id");
        let new = AuditLog::create(
            LogId::from_random([1; 16]),
            device,
            SealKey::from_random([2; 32]),
            now,
        );
        let text = new.text().to_owned();
        let log = new.confirm().expect("a new log");
        let mut play = Self { encounter, log, text, now, crew };
        play.store(&opened);
        play
    }

    pub fn wait(&mut self, millis: u64) {
        self.now = self.now.plus_millis(millis);
    }

    pub fn store(&mut self, occurrence: &Occurrence<K>) -> Stored<K> {
        let line = self.log.prepare(occurrence);
        self.text.push_str(line.text());
        self.log.confirm(line).expect("the next line")
    }

    pub fn tap(&mut self, tap: &Tap) -> Result<EventCode, Error> {
        let (crew, now) = (self.crew, self.now);
        let occurrence = self.encounter.card_read(tap.reading(), tap.report.clone(), crew, now)?;
        self.store(&occurrence);
        Ok(occurrence.code())
    }

    pub fn tell(&mut self, event: Event) -> Result<EventCode, Error> {
        let occurrence = self.encounter.apply(event, self.crew, self.now)?;
        self.store(&occurrence);
        Ok(occurrence.code())
    }

    pub fn permit(&mut self, scope: Scope) -> Result<(), Refusal> {
        let entry = self.encounter.request_permit(scope, self.crew, self.now)?;
        let stored = self.store(&entry);
        self.encounter.permit_recorded(&stored, self.now).map(drop)
    }

    pub fn fetch(&mut self, source: &mut FileSource, scope: Scope) -> Result<(), Error> {
        let occurrence = self.encounter.fetch(source, scope, self.crew, self.now)?;
        if let Some(occurrence) = occurrence {
            self.store(&occurrence);
        }
        Ok(())
    }

    /// The medicine that the crew sees.
    pub fn medicine(&self) -> Option<String> {
        let view = self.encounter.medical(self.now)?;
        view.medicines().first().map(|medicine| medicine.name.as_str().to_owned())
    }

    /// The hand-over in its three forms, one after the other.
    pub fn report(&self) -> String {
        let report = self.encounter.report(self.now);
        [report.script().as_str(), report.page().as_str(), report.json().as_str()].concat()
    }

    /// Card, face and consent, as usual.
    pub fn up_to_consent(tap: &Tap) -> Self {
        use mynacard_core::consent::Giver;
        let mut play = Self::open();
        play.tap(tap).expect("a card");
        play.tell(Event::FaceMatched).expect("a match");
        play.tell(Event::ConsentGiven(Giver::Patient)).expect("consent");
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
