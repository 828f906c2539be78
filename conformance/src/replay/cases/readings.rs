//! The recorded readings: every profile, every way in which a reading ends.

use data_encoding::HEXLOWER;
use mynacard_core::exchange::{Capabilities, CardTransport};
use mynacard_sim::fault::{FaultyCard, Script};
use mynacard_sim::{Application, Forgery, Profile, VirtualCard};

use super::NOW;
use crate::replay::VERSION;
use crate::replay::file::{Recording, RecordingError, roots};
use crate::replay::reading::{ClockForm, Header, Line, PlanForm};
use crate::replay::stage::{CoreFront, Recorder, Tape, play};

const FACE: u32 = 1;
const ATTRIBUTES: u32 = 2;
const CERTIFICATE: u32 = 4;
const ALL: u32 = 15;

/// A well-formed number that opens none of the cards.
const WRONG: &str = "01010120350000";

/// The number of nobody, for what has none: it is never presented.
const ANY: &str = "55021720352285";

/// What the chip signs at the first tap, and at the next ones.
const NONCE: &[u8] = b"drawn by lot for the first tap..";
const NEXT_NONCES: [&[u8]; 2] =
    [b"drawn by lot for the second tap.", b"drawn by lot for the third tap.."];

/// A reading to record.
struct Case {
    header: Header,
    /// The card of each tap, with what goes wrong.
    taps: Vec<FaultyCard>,
}

impl Case {
    /// A card that is read by a plan for everything over a short link.
    fn new(name: &str, about: &str, profile: &Profile) -> Self {
        Self::of(name, about, profile.card(), profile.code_b())
    }

    fn of(name: &str, about: &str, card: VirtualCard, number: Option<&str>) -> Self {
        Self {
            header: Header {
                replay: VERSION,
                kind: "reading".to_owned(),
                name: name.to_owned(),
                about: about.to_owned(),
                flow: "read".to_owned(),
                capabilities: Capabilities::SHORT.into(),
                number: Some(number.unwrap_or(ANY).to_owned()),
                plan: Some(PlanForm {
                    parts: ALL,
                    face_floor: 0,
                    text_floor: 0,
                    allow_last_tries: false,
                    without_text_proof: false,
                    nonce: Some(HEXLOWER.encode(NONCE)),
                }),
                roots: "roots.json".to_owned(),
                clock: ClockForm { kind: 1, unix_millis: NOW },
            },
            taps: vec![FaultyCard::new(card, Script::nothing())],
        }
    }

    /// A reading of the usual card on which this goes wrong.
    fn faulty(name: &str, about: &str, script: &str) -> Self {
        Self::new(name, about, Profile::adult()).going_wrong(script)
    }

    fn going_wrong(mut self, script: &str) -> Self {
        let script = script.parse().unwrap_or_default();
        self.taps.iter_mut().for_each(|card| card.set_script(Script::clone(&script)));
        self
    }

    /// Goes on with a card at the next tap.
    fn then(mut self, card: VirtualCard, script: &str) -> Self {
        self.taps.push(FaultyCard::new(card, script.parse().unwrap_or_default()));
        self
    }

    fn extended(mut self) -> Self {
        self.header.capabilities = Capabilities::EXTENDED.into();
        self
    }

    fn number(mut self, digits: &str) -> Self {
        self.header.number = Some(digits.to_owned());
        self
    }

    fn plan(mut self, change: impl FnOnce(&mut PlanForm)) -> Self {
        self.header.plan.as_mut().map(change);
        self
    }

    fn parts(self, parts: u32) -> Self {
        self.plan(|plan| plan.parts = parts)
    }

    fn without_challenge(self) -> Self {
        self.plan(|plan| plan.nonce = None)
    }

    fn clock(mut self, kind: u32, unix_millis: u64) -> Self {
        self.header.clock = ClockForm { kind, unix_millis };
        self
    }

    fn production_roots(mut self) -> Self {
        "production".clone_into(&mut self.header.roots);
        self
    }

    /// Another flow, which needs no number and no plan.
    fn flow(mut self, flow: &str) -> Self {
        flow.clone_into(&mut self.header.flow);
        self.header.number = None;
        self.header.plan = None;
        self
    }

    fn record(self) -> Result<Recording<Header, Line>, RecordingError> {
        let tape = Tape::default();
        let capabilities = Capabilities::from(&self.header.capabilities);
        let nonces: Vec<_> = NEXT_NONCES
            .iter()
            .take(self.taps.len() - 1)
            .map(|nonce| HEXLOWER.encode(nonce))
            .collect();
        let taps = self.taps;
        let link = |tap: usize| -> Box<dyn CardTransport> {
            let card = taps.get(tap).cloned();
            let card = card.unwrap_or_else(|| FaultyCard::new(nothing(), Script::nothing()));
            Box::new(Recorder { link: card.over(capabilities), tape: tape.clone() })
        };
        let roots = roots(&self.header.roots)?;
        play(&self.header, &nonces, &roots, &CoreFront, link, &tape)
            .map_err(|why| RecordingError::Impossible(self.header.name.clone(), why.into()))?;
        Ok(Recording { header: self.header, lines: tape.lines() })
    }
}

/// A card without any application.
fn nothing() -> VirtualCard {
    let all = [Application::Face, Application::Text, Application::Jpki];
    let card = all
        .into_iter()
        .fold(Profile::adult().builder(), |card, application| card.remove_application(application));
    card.build()
}

/// Every recorded reading.
///
/// Errors: [`RecordingError`], where the file of roots is not there.
pub fn readings() -> Result<Vec<Recording<Header, Line>>, RecordingError> {
    let profiles = Profile::all().iter().chain(Profile::unusual()).map(|profile| {
        let case = Case::new(profile.name(), profile.summary(), profile);
        if profile.code_b().is_none() { case.number(ANY) } else { case }
    });
    let forged = Forgery::ALL.iter().map(|forgery| {
        let name = format!("forged-{}", forgery.name());
        let number = forgery.profile().code_b();
        Case::of(&name, forgery.summary(), forgery.card(), number).extended()
    });
    profiles
        .chain(forged)
        .chain(plans())
        .chain(tries())
        .chain(links())
        .chain(answers())
        .chain(other_flows())
        .map(Case::record)
        .collect()
}

/// Other plans, links, roots and clocks.
fn plans() -> Vec<Case> {
    let adult = |name: &str, about: &str| Case::new(name, about, Profile::adult());
    let borrowed = |name: &str, about: &str| {
        let forgery = Forgery::BorrowedName;
        Case::of(name, about, forgery.card(), forgery.profile().code_b())
    };
    vec![
        adult("extended", "the whole card over a link that carries extended length").extended(),
        adult("face-only", "the photo alone, without proof").parts(FACE).without_challenge(),
        adult("attributes-only", "the four attributes alone, without proof")
            .parts(ATTRIBUTES)
            .without_challenge(),
        adult("certificate-only", "the certificate alone; no number is presented")
            .parts(CERTIFICATE)
            .without_challenge(),
        adult("not-challenged", "everything, but the chip is not asked to prove itself")
            .extended()
            .without_challenge(),
        adult(
            "without-text-proof",
            "everything, but the text application is not asked to prove itself",
        )
        .extended()
        .plan(|plan| plan.without_text_proof = true),
        adult("careful", "everything, unless four tries are left").extended().plan(|plan| {
            (plan.face_floor, plan.text_floor) = (4, 15);
        }),
        borrowed("text-not-proven", "the name of another, found out by asking its application")
            .extended(),
        adult("unknown-issuer", "everything, under the roots of real cards")
            .extended()
            .production_roots(),
        adult("no-clock", "everything, on a tablet that does not know the time")
            .extended()
            .clock(0, 0),
        adult("doubtful-clock", "everything, on a tablet whose clock may be wrong")
            .extended()
            .clock(2, NOW),
        adult("late-clock", "everything, long after the certificate has expired")
            .extended()
            .clock(1, 2_500_000_000_000),
    ]
}

/// How careful a reading is with the tries.
fn tries() -> Vec<Case> {
    let adult = Profile::adult();
    let nearly = Profile::find("nearly-locked").unwrap_or(adult);
    let left = |face: u8, text: u8| {
        adult
            .builder()
            .tries_left(Application::Face, 0x12, face)
            .tries_left(Application::Text, 0x15, text)
            .build()
    };
    let number = adult.code_b();
    vec![
        Case::new(
            "wrong-number",
            "a wrong number costs one try, and is not presented again",
            adult,
        )
        .number(WRONG),
        Case::new("nearly-locked-dared", "few tries are left, and the host dares", nearly)
            .extended()
            .plan(|plan| plan.allow_last_tries = true),
        Case::of("blocked", "both keys are blocked", left(0, 0), number),
        Case::of(
            "last-try-lost",
            "a wrong number with the last try: blocked by it",
            left(1, 1),
            number,
        )
        .number(WRONG)
        .plan(|plan| plan.allow_last_tries = true),
        Case::of("text-blocked", "the face opens, the attributes are blocked", left(10, 0), number)
            .extended(),
        Case::faulty("no-counter", "the card does not tell its tries left", "6300@2"),
    ]
}

/// Links that fail, and what is resumed after it.
fn links() -> Vec<Case> {
    let adult = Profile::adult();
    let other = Profile::find("long-name").unwrap_or(adult);
    vec![
        Case::faulty("lost-at-once", "the card leaves before it has answered anything", "lost@0"),
        Case::faulty(
            "lost-at-verify",
            "the answer to a VERIFY is lost: a try may be spent",
            "lost-after@3",
        )
        .then(adult.card(), ""),
        Case::faulty("torn", "the card leaves amid the photo; the same card goes on", "lost@12")
            .then(adult.card(), ""),
        Case::faulty(
            "torn-twice",
            "the card leaves amid the photo, and again amid the rest",
            "lost@9",
        )
        .extended()
        .going_wrong("lost@6")
        .then(adult.card(), "lost@7")
        .then(adult.card(), ""),
        Case::faulty("torn-other-card", "another card after the photo was torn", "lost@12")
            .then(other.card(), ""),
        Case::faulty("torn-too-early", "so early that nothing tells the card", "lost@4")
            .then(adult.card(), ""),
        Case::new("not-torn", "a whole reading is not resumed", adult)
            .extended()
            .then(adult.card(), ""),
        Case::faulty("reset", "the reader says that the card was reset", "reset@8"),
        Case::faulty("timeout", "the card takes too long", "timeout@8"),
        Case::faulty(
            "silent-reset",
            "the card forgets what was opened, and nobody says so",
            "silent-reset@6",
        )
        .extended(),
    ]
}

/// Answers that are none.
fn answers() -> Vec<Case> {
    vec![
        Case::of("foreign-card", "a card that is none of ours", nothing(), None),
        Case::faulty("silent-card", "a card that refuses every command", "6D00@0+"),
        Case::faulty("no-status", "answers without a status word", "truncated:1@0+"),
        Case::faulty("empty-answer", "an answer of no bytes amid the photo", "truncated:0@8"),
        Case::faulty("short-block", "an answer that ends early amid the photo", "truncated:40@8"),
        Case::faulty("garbage", "noise amid the photo", "garbage@8"),
        Case::faulty("garbage-for-ever", "noise from the fifth exchange on", "garbage@5+"),
        Case::faulty("flipped-bit", "one bit of the photo is wrong", "flipped:999@9"),
        Case::faulty("one-byte-a-time", "the card gives one byte of each block", "one-byte@5+"),
        Case::faulty("oversized", "an object says that it is larger than any file", "oversized@4"),
        Case::faulty("overlong", "more bytes than were asked for", "overlong@6"),
        Case::faulty("duplicate", "the answer before comes again amid the photo", "duplicate@8"),
        Case::faulty("more-for-ever", "the card always says that more is waiting", "more@4+"),
        Case::faulty(
            "lying-verify",
            "a VERIFY is answered with a word that means nothing",
            "after:6F00@3",
        ),
    ]
}

/// The flows that take no number.
fn other_flows() -> Vec<Case> {
    let profile = |name: &str| Profile::find(name).unwrap_or(Profile::adult());
    let case = |flow: &str, name: &str| {
        let about = format!("{flow}: {}", profile(name).summary());
        Case::new(&format!("{flow}-{name}"), &about, profile(name)).flow(flow)
    };
    vec![
        case("identify", "adult"),
        case("identify", "phone"),
        case("identify", "iphone"),
        Case::of("identify-foreign", "identify: a card that is none of ours", nothing(), None)
            .flow("identify"),
        Case::faulty("identify-lost", "identify: the card leaves", "lost@1").flow("identify"),
        case("tries", "adult"),
        case("tries", "nearly-locked"),
        case("tries", "no-pins"),
        case("tries", "phone"),
        Case::faulty("tries-lost", "tries: the card leaves", "lost@5").flow("tries"),
        case("facts", "adult"),
        case("facts", "child"),
        case("facts", "phone"),
    ]
}
