//! After the end of an encounter nothing of the patient is left in this process's memory: name,
//! address, the printed digits, photo, certificate, medicine. The test reads its own memory.
//!
//! The card runs in a process of its own, and what is searched for is kept covered, so that whatever
//! is found was left by the library (or by the app around it, which is played here as carefully as
//! an app can be).
//!
//! What may be left is in [`ALLOWED`], and nowhere else.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests may fail loudly"
)]

#[cfg(target_os = "linux")]
mod memory_support;

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("only Linux shows a process its memory in this way");
}

#[cfg(target_os = "linux")]
fn main() {
    if std::env::args().any(|argument| argument == memory_support::CARD) {
        scan::be_the_card();
    } else {
        scan::run();
    }
}

#[cfg(target_os = "linux")]
mod scan {
    use std::convert::Infallible;

    use mynacard_core::audit::{AuditLog, EncounterId, LogId, Real, Salt, SealKey, ShortId};
    use mynacard_core::consent::PermitLife;
    use mynacard_core::driver::run_with;
    use mynacard_core::encounter::Encounter;
    use mynacard_core::exchange::{Capabilities, CardTransport, Limits};
    use mynacard_core::field::DecodeLimits;
    use mynacard_core::medical::{FileSource, PersonalText};
    use mynacard_core::reading::{CardReading, EarlyPart, Plan, read, resume};
    use mynacard_core::trust::x509::NoRevocationSource;
    use mynacard_core::trust::{Challenge, Clock, Roots};
    use mynacard_core::{Event, Scope, Timestamp, VerificationNumberB};
    use mynacard_sim::{Application, Profile, PublicRoots};

    use crate::memory_support::{self, Covered, Reader, Scanner};

    /// Nothing. The picture decoders do not wipe their working memory, but what they use for a photo
    /// of this size goes back to the system or is used again before an encounter ends.
    const ALLOWED: &[&str] = &[];

    /// What an encounter holds while it lasts.
    const DURING: &[&str] = &[
        "name",
        "address",
        "birth date",
        "digits",
        "photo",
        "pixels",
        "picture of the name",
        "certificate",
        "certificate's name",
        "card key",
        "text key",
        "medicine",
        "institution",
        "complaint",
    ];

    /// Exchange at which the second encounter loses its card: while the photo is read.
    const TORN_AT: usize = 12;

    // --- the card's process ----------------------------------------------------------------------

    /// 32 bytes that are as little like filler as can be found.
    fn telling(bytes: &[u8]) -> &[u8] {
        let different =
            |piece: &&[u8]| piece.iter().collect::<std::collections::BTreeSet<_>>().len();
        bytes.windows(32).step_by(7).max_by_key(different).expect("more than 32 bytes")
    }

    pub(super) fn be_the_card() {
        let profile = Profile::adult();
        let holder = profile.spec().holder;
        let code = profile.code_b().expect("a card");
        let photo = holder.photo.expect("a photo");
        let certificate =
            profile.builder().file_content(Application::Jpki, 0x0A).expect("a certificate");
        let image = mynacard_core::field::Photo::from_object(&photo).expect("a photo");
        let pixels = image.decode(&DecodeLimits::DEFAULT).expect("a picture");
        let json = r#"{"synthetic":true,"profile":"adult","about":"-",
            "visits":[{"days_ago":20,"at":{"name":"架空市立中央病院"},"department":"循環器内科"}],
            "medicines":[{"days_ago":12,"source":"dispensed","name":"メトホルミン塩酸塩錠500mg「架空」"}]}"#;
        let birth = profile.birth_date().digits();
        let key = mynacard_sim::TestKey::named("adult-face").expect("a key").public().modulus;
        let text_key = mynacard_sim::TestKey::named("adult-text").expect("a key").public().modulus;
        let backwards = |key: &[u8]| key.iter().rev().copied().collect::<Vec<u8>>();
        let [limbs, text_limbs] = [backwards(&key), backwards(&text_key)];
        let name = b"TEST990".as_slice();
        let at = certificate.windows(name.len()).position(|part| part == name).expect("a name");
        let personal: [(&str, &[u8]); 17] = [
            ("certificate's name", &certificate[at..at + 23]),
            ("card key", &key[100..132]),
            ("card key as limbs", &limbs[100..132]),
            ("text key", &text_key[100..132]),
            ("text key as limbs", &text_limbs[100..132]),
            ("name", holder.name.as_bytes()),
            ("address", holder.address.as_bytes()),
            ("birth date", birth.as_bytes()),
            ("digits", code.as_bytes()),
            ("photo", telling(&photo)),
            ("picture of the name", telling(&holder.name_image)),
            ("certificate", telling(&certificate)),
            ("pixels", telling(pixels.data())),
            ("medicine", "メトホルミン塩酸塩錠500mg".as_bytes()),
            ("institution", "架空市立中央病院".as_bytes()),
            ("complaint", "胸が痛いと訴えている".as_bytes()),
            ("patient's file", json.as_bytes()),
        ];
        memory_support::be_the_card(profile.card(), &personal);
    }

    // --- the tablet's process --------------------------------------------------------------------

    struct Tablet {
        reader: Reader,
        personal: Vec<Covered>,
        scanner: Scanner,
        log: AuditLog<Real>,
        text: String,
        /// Everything that was said of errors and states.
        said: String,
    }

    fn id(text: &str) -> ShortId {
        ShortId::new(text).expect("an id")
    }

    fn now() -> Timestamp {
        "2026-11-22T09:00:00Z".parse().expect("a time")
    }

    pub(super) fn run() {
        let mut reader = Reader::start();
        let personal = reader.needles();
        let log = LogId::from_random([1; 16]);
        let log = AuditLog::create(log, id("T-1"), SealKey::from_random([2; 32]), now());
        let (text, said) = (String::new(), String::new());
        let scanner = Scanner::new();
        let mut tablet = Tablet { reader, personal, scanner, log, text, said };
        tablet.expect_found("before", |found| found.is_empty());

        tablet.encounter(None);
        tablet.expect_found("after an encounter", only_allowed);
        // In short blocks a tear leaves part of a photo behind.
        tablet.reader.place_again(Capabilities::SHORT);
        tablet.encounter(Some(TORN_AT));
        tablet.expect_found("after one with a torn tap", only_allowed);
        tablet.reader.place_again(Capabilities::SHORT);
        tablet.abandoned_reading();
        tablet.expect_found("after a reading that was given up", only_allowed);

        for covered in &tablet.personal {
            let clear = covered.clear();
            let Ok(clear) = core::str::from_utf8(&clear) else { continue };
            for text in [&tablet.text, &tablet.said] {
                assert!(!text.contains(clear), "{} was said or recorded", covered.name);
            }
        }
        tablet.reader.stop();
    }

    fn only_allowed(found: &[String]) -> bool {
        found.iter().all(|found| ALLOWED.iter().any(|allowed| found.starts_with(allowed)))
    }

    impl Tablet {
        fn expect_found(&mut self, when: &str, fits: impl Fn(&[String]) -> bool) {
            let (found, searched) = self.scanner.find(&self.personal);
            println!("{when}: {} KiB searched, found {found:?}", searched / 1024);
            assert!(searched > 1 << 20, "memory was searched");
            assert!(fits(&found), "{when}: {found:?}");
        }

        fn personal(&self, name: &str) -> &Covered {
            self.personal.iter().find(|it| it.name == name).expect("among the needles")
        }

        fn store(&mut self, encounter: &mut Encounter<Real>) {
            let text = &mut self.text;
            let stored = encounter.store(&mut self.log, now(), |line| {
                text.push_str(line);
                Ok::<(), Infallible>(())
            });
            stored.expect("a log in memory");
        }

        fn number(&self) -> VerificationNumberB {
            VerificationNumberB::from_digits(&self.personal("digits").clear()).expect("digits")
        }

        /// The photo on a screen: as pixels and, for platforms that want a file, as PNG.
        fn show(EarlyPart::Face(face): EarlyPart) -> u32 {
            let photo = face.photo().expect("a photo");
            let pixels = photo.decode(&DecodeLimits::DEFAULT).expect("a picture");
            let png = pixels.to_png().expect("a picture");
            let shown = pixels.data().iter().chain(png.iter());
            shown.fold(0, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(*byte)))
        }

        fn challenge(tap: u8) -> Challenge {
            Challenge::new(&[tap, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15])
                .expect("long enough")
        }

        #[inline(never)]
        fn read(&mut self, lost_at: Option<usize>) -> CardReading {
            let plan = Plan::all().with_challenge(Self::challenge(1));
            let limits = Limits::default();
            let mut driver =
                read(self.reader.link(), limits, self.number(), plan.clone()).expect("free");
            self.reader.lost_at = lost_at.map(|at| self.reader.exchanges + at);
            let mut shown = 0;
            let on_part = |part| shown = Self::show(part);
            let reading =
                run_with(&mut driver, &mut self.reader, |_| {}, on_part).expect("no misuse");
            self.said += &format!("{driver:?} {reading:?}");
            if self.reader.lost_at.take().is_none() {
                assert!(shown != 0, "the photo was shown");
                return reading;
            }
            self.reader.place_again(Capabilities::SHORT);
            let number = self.number();
            let mut driver =
                resume(self.reader.link(), limits, number, plan, reading, Self::challenge(2))
                    .expect("torn");
            let on_part = |part| shown = Self::show(part);
            let reading =
                run_with(&mut driver, &mut self.reader, |_| {}, on_part).expect("no misuse");
            assert!(shown != 0, "the photo was shown");
            reading.expect("the same card")
        }

        #[inline(never)]
        fn encounter(&mut self, lost_at: Option<usize>) {
            let (encounter, salt) = (EncounterId::from_random([3; 16]), Salt::from_random([4; 32]));
            let crew = id("C-17");
            let mut encounter =
                Encounter::<Real>::open(encounter, salt, PermitLife::ORDINARY, crew, now());
            self.store(&mut encounter);
            let reading = self.read(lost_at);
            assert_eq!(reading.errors().next(), None);
            let roots = Roots::from_json(PublicRoots::test().to_json().as_bytes()).expect("roots");
            let examined =
                reading.examine(None, &roots, Clock::Trusted(now()), &NoRevocationSource);
            self.said += &format!("{examined:?} {:?}", examined.report());
            encounter.card_read(examined, crew, now()).expect("a card");
            for event in [Event::FaceMatched, Event::ConsentByPatient] {
                encounter.record(event, crew, now()).expect("taken");
            }
            encounter.request_permit(Scope::Summary, crew, now()).expect("a permit");
            self.store(&mut encounter);
            assert!(encounter.permit(now()).is_some(), "a permit");
            let card = encounter.card().expect("a card").clone();
            let file = self.personal("patient's file").clear();
            let mut source = FileSource::from_json(&file, card).expect("a patient");
            drop(file);
            let answer = encounter.fetch(&mut source, Scope::Summary, crew, now);
            assert!(answer.expect("a view").is_none());
            let complaint = self.personal("complaint").clear();
            encounter.crew_facts().complaint =
                Some(PersonalText::new(core::str::from_utf8(&complaint).expect("text")));
            drop(complaint);
            let handover = encounter.handover(now());
            let forms = [handover.script(), handover.page(), handover.json()];
            for told in ["medicine", "institution", "name", "complaint"] {
                let clear = self.personal(told).clear();
                let clear = core::str::from_utf8(&clear).expect("text");
                assert!(forms[0].contains(clear) || forms[1].contains(clear), "{told} was told");
            }
            // A search that finds nothing must be one that can find.
            let number = self.number();
            let face = encounter.examined().and_then(|card| card.reading().face().value());
            let photo = face.and_then(|face| face.photo()).expect("a photo");
            let pixels = photo.decode(&DecodeLimits::DEFAULT).expect("a picture");
            self.expect_found("during the encounter", |found| {
                let is_there = |name: &&str| {
                    found.iter().any(|found| found.starts_with(&format!("{name} in")))
                };
                DURING.iter().all(is_there)
            });
            drop(pixels);
            drop(number);
            drop(forms);
            self.said += &format!("{encounter:?} {:?}", encounter.handover(now()));
            encounter.record(Event::HandedOver, crew, now()).expect("an end");
            self.store(&mut encounter);
            assert!(encounter.examined().is_none());
            // The encounter itself is still there, as an app may keep it.
            drop(source);
            self.expect_found("after the end", only_allowed);
        }

        /// The crew gives up while the photo is read: driver and reading are dropped.
        #[inline(never)]
        fn abandoned_reading(&mut self) {
            let (limits, number) = (Limits::default(), self.number());
            let mut driver = read(self.reader.link(), limits, &number, Plan::all()).expect("free");
            self.reader.lost_at = Some(self.reader.exchanges + TORN_AT);
            let reading =
                run_with(&mut driver, &mut self.reader, |_| {}, |_| {}).expect("no misuse");
            assert!(reading.face().value().is_none() && reading.errors().next().is_some());
            self.reader.lost_at = None;
        }
    }
}
