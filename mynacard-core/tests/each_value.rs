//! A value that is not understood costs itself and nothing beside it; a layout that is newer than this
//! library is genuine for what its signatures cover, and nobody gains by claiming to be new.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests"
)]

use mynacard_core::applet::Layout;
use mynacard_core::error::MalformedReason;
use mynacard_core::trust::x509::NoRevocationSource;
use mynacard_core::trust::{Challenge, Clock, Finding, Roots, Verdict};
use mynacard_core::{CardTransport, Examined, Limits, Plan, VerificationNumberB, read, run};
use mynacard_sim::records::{AttributesRecord, FaceRecord, integrity_record, number_file};
use mynacard_sim::{Application, CardBuilder, Issuer, Profile, PublicRoots, VirtualCard};

const FURIGANA: (u32, &str) = (0xDF26, "キュウキュウ　タロウ");

/// A card whose records were changed before they were signed.
fn issued(change: impl FnOnce(&mut FaceRecord, &mut AttributesRecord)) -> CardBuilder {
    let (spec, issuer) = (Profile::adult().spec(), Issuer::test());
    let (mut face, mut text) = (spec.face_record(), spec.attributes_record());
    change(&mut face, &mut text);
    let number = number_file(&spec.holder.number);
    let integrity = integrity_record(&number, &text.signed_bytes(), &issuer.text_signer.key);
    let builder = Profile::adult().builder();
    builder
        .replace_file(Application::Face, 0x02, &face.sign(&issuer.face_signer.key))
        .replace_file(Application::Text, 0x02, &text.to_bytes())
        .replace_file(Application::Text, 0x03, &integrity)
}

fn examine(builder: CardBuilder) -> Examined {
    let mut card = builder.build();
    let digits = Profile::adult().code_b().unwrap();
    let number = VerificationNumberB::from_digits(digits.as_bytes()).unwrap();
    let plan =
        Plan::all().with_challenge(Challenge::new(b"never met before, and long enough").unwrap());
    let mut driver = read(card.link(), Limits::default(), number, plan).unwrap();
    let reading = run(&mut driver, &mut card).unwrap();
    assert_eq!(reading.errors().collect::<Vec<_>>(), []);
    let roots = Roots::from_json(PublicRoots::test().to_json().as_bytes()).unwrap();
    let now = "2026-11-22T00:00:00Z".parse().unwrap();
    reading.examine(None, &roots, Clock::Trusted(now), &NoRevocationSource)
}

/// What was not understood, of the face and then of the attributes: object, as shown.
fn not_understood(card: &Examined) -> Vec<(String, String)> {
    let reading = card.reading();
    let face = reading.face().value().unwrap().not_understood();
    let text = reading.attributes().value().unwrap().not_understood();
    let short = |object: &str| object.split(' ').next().unwrap().to_owned();
    face.chain(text).map(|it| (short(it.object()), it.shown().to_string())).collect()
}

fn pair(object: &str, shown: &str) -> (String, String) {
    (object.to_owned(), shown.to_owned())
}

#[test]
fn a_birth_date_that_is_none_costs_itself() {
    for (said, shown) in [
        (&b"19800200"[..], "19800200"),
        (b"00000000", "00000000"),
        (b"19800000", "19800000"),
        (b"        ", "        "),
        (b"", ""),
        (b"S5502", "S5502"),
        (b"\x00\xFF", "00FF"),
        (&[b'9'; 40], "99999999999999999999999999999999…"),
    ] {
        let card = issued(|face, text| {
            face.birth_date = said.to_vec();
            text.birth_date = said.to_vec();
        });
        let card = examine(card);
        let expected = [pair("face/DF22", shown), pair("text/DF24", shown)];
        assert_eq!(not_understood(&card), expected);
        let (face, text) = (card.reading().face().value(), card.reading().attributes().value());
        assert!(face.unwrap().photo().is_some() && face.unwrap().sex().is_ok(), "{shown}");
        assert_eq!(text.unwrap().name().unwrap().as_str(), Profile::adult().holder_name());
        let report = card.report();
        assert_eq!((report.verdict(), report.findings()), (Verdict::GenuineLive, &[][..]));
    }
}

#[test]
fn another_sex_and_a_name_that_is_no_text_cost_themselves() {
    for code in [b"3", b"7", b"X"] {
        let card = issued(|face, text| (face.sex, text.sex) = (code.to_vec(), code.to_vec()));
        let card = examine(card);
        let shown = str::from_utf8(code).unwrap();
        assert_eq!(not_understood(&card), [pair("face/DF23", shown), pair("text/DF25", shown)]);
        assert_eq!(card.report().verdict(), Verdict::GenuineLive);
    }
    // 救急 in Shift_JIS.
    let card = issued(|_, text| text.name = vec![0x8B, 0x7E, 0x8B, 0x7D]);
    let card = examine(card);
    assert_eq!(not_understood(&card), [pair("text/DF22", "8B7E8B7D")]);
    let text = card.reading().attributes().value().unwrap();
    assert_eq!(text.name().unwrap_err().why(), MalformedReason::BadText);
    assert_eq!(text.address().unwrap().as_str(), Profile::adult().holder_address());
    assert_eq!(card.report().verdict(), Verdict::GenuineLive);
}

#[test]
fn an_expiry_of_blanks_costs_itself() {
    let card = examine(issued(|face, _| face.expiry = vec![b' '; 8]));
    assert_eq!(not_understood(&card), [pair("face/DF29", "        ")]);
    assert_eq!(card.report().verdict(), Verdict::GenuineLive);
}

#[test]
fn values_that_are_not_understood_are_compared_as_far_as_they_can_be() {
    let with = |face_says: &[u8], text_says: &[u8]| {
        let card = issued(|face, text| {
            face.birth_date = face_says.to_vec();
            text.birth_date = text_says.to_vec();
        });
        examine(card).report().findings().to_vec()
    };
    assert_eq!(with(b"19800200", b"19810200"), [Finding::BirthDateDiffers]);
    // The one that is a day is not the last one of the certificate either.
    let both = [Finding::BirthDateDiffers, Finding::CertificateOfAnother];
    assert_eq!(with(b"19800200", b"19800217"), both);
    assert_eq!(with(b"19800200", b"        "), []);
    let sexes = |face_says: &[u8], text_says: &[u8]| {
        let card = issued(|face, text| {
            (face.sex, text.sex) = (face_says.to_vec(), text_says.to_vec());
        });
        examine(card).report().findings().to_vec()
    };
    assert_eq!(sexes(b"3", b"1"), [Finding::SexDiffers]);
    assert_eq!(sexes(b" ", b"1"), []);
}

#[test]
fn nothing_of_what_was_not_understood_is_in_debug_output() {
    let card = issued(|face, text| {
        face.birth_date = b"19800200".to_vec();
        text.name = b"\xFFsecret".to_vec();
    });
    let card = examine(card);
    let output = format!("{card:?} {:?}", card.reading());
    assert!(!output.contains("198002") && !output.contains("secret"), "{output}");
}

#[test]
fn objects_of_a_newer_layout_are_carried_and_genuine_as_far_as_signed() {
    for in_table in [false, true] {
        let card = issued(|_, text| {
            text.further = vec![(FURIGANA.0, FURIGANA.1.as_bytes().to_vec())];
            text.further_in_table = in_table;
        });
        // Hashed with the others, as it would be on a card issued with it.
        let covered = examine(card.clone());
        // Hashed without it, as if it had been added later.
        let (spec, issuer) = (Profile::adult().spec(), Issuer::test());
        let without = spec.attributes_record().signed_bytes();
        let number = number_file(&spec.holder.number);
        let integrity = integrity_record(&number, &without, &issuer.text_signer.key);
        let beside = examine(card.replace_file(Application::Text, 0x03, &integrity));
        for card in [covered, beside] {
            let text = card.reading().attributes().value().unwrap();
            assert_eq!(text.layout(), Layout::Newer);
            assert!(text.bytes().windows(FURIGANA.1.len()).any(|it| it == FURIGANA.1.as_bytes()));
            assert_eq!(card.report().verdict(), Verdict::GenuineLive);
            assert_eq!(card.report().findings(), [Finding::NewerLayout]);
        }
    }
    let card = examine(issued(|face, _| face.further = vec![(0xDF2B, vec![1, 2, 3])]));
    assert_eq!(card.reading().face().value().unwrap().layout(), Layout::Newer);
    assert_eq!(card.report().verdict(), Verdict::GenuineLive);
    assert_eq!(card.report().findings(), [Finding::NewerLayout]);
}

/// The attributes' file with furigana behind the name, with an entry in the table or without.
fn furigana_behind_the_name(listed: bool) -> Vec<u8> {
    let spec = Profile::adult().spec();
    let object = |tag: u16, value: &[u8]| {
        [&tag.to_be_bytes()[..], &[u8::try_from(value.len()).unwrap()], value].concat()
    };
    let record = spec.attributes_record();
    let objects = [
        (object(0xDF22, &record.name), true),
        (object(0xDF26, FURIGANA.1.as_bytes()), listed),
        (object(0xDF23, &record.address), true),
        (object(0xDF24, &record.birth_date), true),
        (object(0xDF25, &record.sex), true),
    ];
    let entries = objects.iter().filter(|(_, is_listed)| *is_listed).count();
    let inner: usize = 3 + 2 * entries + objects.iter().map(|(it, _)| it.len()).sum::<usize>();
    let header = [0xFF, 0x20, 0x81, u8::try_from(inner).unwrap()];
    let (mut table, mut at) = (Vec::new(), header.len() + 3 + 2 * entries);
    for (object, is_listed) in &objects {
        if *is_listed {
            table.extend(u16::try_from(at).unwrap().to_be_bytes());
        }
        at += object.len();
    }
    let objects = objects.map(|(object, _)| object).concat();
    [&header[..], &object(0xDF21, &table), &objects].concat()
}

#[test]
fn objects_between_known_ones_are_carried_and_genuine_as_far_as_signed() {
    let (spec, issuer) = (Profile::adult().spec(), Issuer::test());
    let number = number_file(&spec.holder.number);
    for listed in [false, true] {
        let file = furigana_behind_the_name(listed);
        let first = file.windows(2).position(|two| two == [0xDF, 0x22]).unwrap();
        let signer = &issuer.text_signer.key;
        let integrity = integrity_record(&number, &file[first..], signer);
        let card = Profile::adult().builder().replace_file(Application::Text, 0x02, &file);
        let signed = card.clone().replace_file(Application::Text, 0x03, &integrity);
        let genuine = examine(signed.clone());
        let text = genuine.reading().attributes().value().unwrap();
        assert_eq!(text.name().unwrap().as_str(), Profile::adult().holder_name());
        assert_eq!(text.address().unwrap().as_str(), Profile::adult().holder_address());
        assert_eq!(genuine.report().verdict(), Verdict::GenuineLive);
        assert_eq!(genuine.report().findings(), [Finding::NewerLayout]);
        // The signature of the card as it was does not cover it: nothing is known.
        let unknown = examine(card);
        assert_eq!(unknown.report().verdict(), Verdict::Unverified);
        assert_eq!(unknown.report().attributes().why(), "newer-layout");
        // No bit of what is signed can be changed, with a signature that fits the rest.
        for bit in (first * 8..file.len() * 8).step_by(37) {
            let mut spoilt = file.clone();
            spoilt[bit / 8] ^= 1 << (bit % 8);
            let card = signed.clone().replace_file(Application::Text, 0x02, &spoilt).build();
            assert!(!attributes_are_genuine(card), "bit {bit}");
        }
    }
}

/// A forger changes what the crew is shown, and adds an object so that the card looks new.
#[test]
fn a_forger_gains_nothing_by_claiming_to_be_new() {
    let genuine = Profile::adult().spec();
    for in_table in [false, true] {
        // Known ground: forged.
        let mut name = genuine.attributes_record();
        name.name = "偽　名".as_bytes().to_vec();
        let card = Profile::adult().builder();
        let forged = card.replace_file(Application::Text, 0x02, &name.to_bytes());
        assert_eq!(examine(forged).report().verdict(), Verdict::Forged);
        // Claimed to be new: at best what a card of any unknown issuer gets, never genuine, never live.
        name.further = vec![(FURIGANA.0, vec![b'x'; 9])];
        name.further_in_table = in_table;
        let card = Profile::adult().builder();
        let claimed = examine(card.replace_file(Application::Text, 0x02, &name.to_bytes()));
        assert_eq!(claimed.report().verdict(), Verdict::Unverified);
        assert_eq!(claimed.report().attributes().why(), "newer-layout");
        assert!(claimed.report().findings().contains(&Finding::NewerLayout));
    }
    let mut photo = genuine.face_record();
    photo.photo = Profile::find("old-chip").unwrap().spec().holder.photo;
    photo.further = vec![(0xDF2B, vec![1])];
    let signature = genuine.face_record().sign(&Issuer::test().face_signer.key);
    let at = signature.windows(2).position(|two| two == [0xDF, 0x28]).unwrap() + 5;
    let file = photo.with_signature(&signature[at..at + 256]);
    let claimed = examine(Profile::adult().builder().replace_file(Application::Face, 0x02, &file));
    assert_eq!(claimed.report().verdict(), Verdict::Unverified);
    assert_eq!(claimed.report().face().why(), "newer-layout");
    assert!(!claimed.report().face().is_genuine());
}

#[test]
fn filler_between_and_after_objects_is_passed_over() {
    let genuine = Profile::adult().builder().file_content(Application::Text, 0x02).unwrap();
    for filler in [&[0x00][..], &[0xFF], &[0x00, 0xFF, 0x00], &[0xFF; 12]] {
        // Inside the outer object, after its last child.
        let mut file = genuine.clone();
        assert!(file[2] < 0x70);
        file[2] += u8::try_from(filler.len()).unwrap();
        file.extend_from_slice(filler);
        let card = examine(Profile::adult().builder().replace_file(Application::Text, 0x02, &file));
        assert_eq!(card.report().verdict(), Verdict::GenuineLive, "{filler:02X?}");
        assert_eq!(card.report().findings(), []);
    }
}

#[test]
fn a_wrong_entry_of_a_known_object_is_refused_in_every_layout() {
    for further in [false, true] {
        let card = issued(|_, text| {
            if further {
                text.further = vec![(FURIGANA.0, FURIGANA.1.as_bytes().to_vec())];
                text.further_in_table = true;
            }
        });
        let mut file = card.file_content(Application::Text, 0x02).unwrap();
        let table = file.windows(2).position(|two| two == [0xDF, 0x21]).unwrap() + 3;
        file[table + 3] ^= 1;
        let parsed = mynacard_core::applet::text::Attributes::parse(file.into());
        assert_eq!(parsed.unwrap_err().why, MalformedReason::OffsetMismatch);
    }
}

/// Every bit of the attributes' values and of what is hashed with them: none passes for genuine.
#[test]
fn no_single_bit_of_a_newer_layout_s_values_passes() {
    let card = issued(|_, text| {
        text.further = vec![(FURIGANA.0, FURIGANA.1.as_bytes().to_vec())];
        text.further_in_table = true;
        text.birth_date = b"19850500".to_vec();
    });
    let file = card.file_content(Application::Text, 0x02).unwrap();
    let first = file.windows(2).position(|two| two == [0xDF, 0x22]).unwrap();
    for bit in (first * 8..file.len() * 8).step_by(7) {
        let mut spoilt = file.clone();
        spoilt[bit / 8] ^= 1 << (bit % 8);
        let card = card.clone().replace_file(Application::Text, 0x02, &spoilt).build();
        assert!(!attributes_are_genuine(card), "bit {bit}");
    }
}

fn attributes_are_genuine(mut card: VirtualCard) -> bool {
    let digits = Profile::adult().code_b().unwrap();
    let number = VerificationNumberB::from_digits(digits.as_bytes()).unwrap();
    let plan = Plan { face: false, certificate: false, ..Plan::all() };
    let mut driver = read(card.link(), Limits::default(), number, plan).unwrap();
    let reading = run(&mut driver, &mut card).unwrap();
    let roots = Roots::from_json(PublicRoots::test().to_json().as_bytes()).unwrap();
    let card = reading.examine(None, &roots, Clock::Unknown, &NoRevocationSource);
    card.report().attributes().is_genuine()
}
