//! The matrix: every flow, at every exchange, with everything that can go wrong there, once and from
//! there on. Each run ends within its bounds and without a panic, with an outcome that is documented;
//! the card, not the reading, counts the tries. The counts are printed.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests may fail loudly"
)]

mod card_support;
#[path = "card_support/link.rs"]
mod link;

use std::collections::BTreeMap;

use link::{FREE, account, number_of, wrong_number};
use mynacard_core::Error;
use mynacard_core::credential::VerificationNumberB;
use mynacard_core::driver::run;
use mynacard_core::error::{CredentialFault, LinkFault};
use mynacard_core::exchange::{Capabilities, CardTransport, Limits, Statistics};
use mynacard_core::reading::{
    CardReading, NotResumed, Part, Plan, Token, identify, read, read_facts, read_tries, resume,
};
use mynacard_core::trust::Challenge;
use mynacard_sim::fault::{Fault, FaultyCard, Script};
use mynacard_sim::{Application, Profile, VirtualCard};

/// Everything that can go wrong, and whether it can pass for an answer of a card that is well.
const FAULTS: &[(Fault, bool)] = &[
    (Fault::LostBefore, false),
    (Fault::LostAfter, false),
    (Fault::Reset, false),
    (Fault::SilentReset, false),
    (Fault::Timeout, false),
    (Fault::Garbage, true),
    (Fault::Truncated(0), false),
    (Fault::Truncated(1), false),
    (Fault::Truncated(2), true),
    (Fault::Truncated(100), true),
    (Fault::Flipped(6), true),
    (Fault::Flipped(13), true),
    (Fault::Flipped(90), true),
    (Fault::Status(0x6F00), false),
    (Fault::Status(0x6982), false),
    (Fault::Status(0x6A82), false),
    (Fault::Status(0x6A86), false),
    (Fault::Status(0x6700), false),
    (Fault::Status(0x6B00), false),
    (Fault::Status(0x6C00), false),
    (Fault::Status(0x6C10), false),
    (Fault::Status(0x6100), false),
    (Fault::Status(0x61FF), false),
    (Fault::Status(0x6281), false),
    (Fault::Status(0x6984), true),
    (Fault::Status(0x63C0), true),
    (Fault::Status(0x63C5), true),
    (Fault::Status(0x6300), true),
    (Fault::Status(0x9000), true),
    (Fault::StatusAfter(0x6F00), false),
    (Fault::StatusAfter(0x9000), true),
    (Fault::More, false),
    (Fault::OneByte, false),
    (Fault::Oversized, true),
    (Fault::Overlong, false),
    (Fault::Duplicate, true),
    (Fault::Counter(0), false),
    (Fault::Counter(1), false),
    (Fault::Counter(15), false),
    (Fault::Delay(5_000), false),
];

/// What a flow may cost, and what it gives.
struct Flow {
    name: &'static str,
    authorised: u64,
    card: fn() -> VirtualCard,
    run: fn(&VerificationNumberB, &mut FaultyCard) -> Ending,
}

/// How a flow has ended: what it has read, in order, and what has stopped it.
#[derive(Debug, Default)]
struct Ending {
    parts: Vec<Option<Vec<u8>>>,
    errors: Vec<Error>,
    refused: bool,
    statistics: Option<Statistics>,
}

const FLOWS: &[Flow] = &[
    Flow { name: "identify", authorised: 0, card: quick_card, run: run_identify },
    Flow { name: "tries", authorised: 0, card: quick_card, run: run_tries },
    Flow { name: "facts", authorised: 0, card: quick_card, run: run_facts },
    Flow {
        name: "certificate",
        authorised: 0,
        card: quick_card,
        run: |number, card| run_read(Plan::certificate_only(), number, card),
    },
    Flow {
        name: "certificate, P-384",
        authorised: 0,
        card: || unsigning("p384-chain"),
        run: |number, card| run_read(Plan::certificate_only(), number, card),
    },
    Flow {
        name: "attributes",
        authorised: 1,
        card: quick_card,
        run: |number, card| run_read(Plan::attributes_only(), number, card),
    },
    Flow {
        name: "face with challenge",
        authorised: 1,
        card: || Profile::adult().card(),
        run: |number, card| run_read(Plan::face_only().with_challenge(challenge(1)), number, card),
    },
    Flow {
        name: "everything",
        authorised: 2,
        card: quick_card,
        run: |number, card| run_read(Plan::all(), number, card),
    },
    Flow {
        name: "everything, of a later layout",
        authorised: 2,
        card: || unsigning("furigana-listed"),
        run: |number, card| run_read(Plan::all(), number, card),
    },
    Flow {
        name: "everything, P-384",
        authorised: 2,
        card: || unsigning("p384-chain"),
        run: |number, card| run_read(Plan::all(), number, card),
    },
];

/// The adult's card, whose own key cannot sign: signatures take time and tell nothing here.
fn quick_card() -> VirtualCard {
    unsigning("adult")
}

/// The same of the card of this profile: another chip of the same person, with the same number.
fn unsigning(profile: &str) -> VirtualCard {
    let builder = Profile::find(profile).expect("a profile").builder();
    builder.signing_key(Application::Face, 0x1A, None).build()
}

fn challenge(tap: u8) -> Challenge {
    Challenge::new(&[b"a nonce, drawn anew for tap ".as_slice(), &[tap]].concat()).expect("fits")
}

fn run_identify(_: &VerificationNumberB, card: &mut FaultyCard) -> Ending {
    let mut driver = identify(card.link(), Limits::default()).expect(FREE);
    let found = run(&mut driver, card).expect("the flow awaits only the card");
    // A card that refuses, in whatever words, is none of ours: not an error, and not a value either.
    Ending {
        errors: found.as_ref().err().copied().into_iter().collect(),
        refused: matches!(&found, Ok(found) if matches!(found.token, Token::Foreign(_))),
        parts: vec![
            found.ok().filter(|it| it.token.is_card()).map(|it| format!("{:?}", it.token).into()),
        ],
        statistics: Some(driver.statistics()),
    }
}

fn run_tries(_: &VerificationNumberB, card: &mut FaultyCard) -> Ending {
    let mut driver = read_tries(card.link(), Limits::default()).expect(FREE);
    let report = run(&mut driver, card).expect("the flow awaits only the card");
    let all = [
        report.face_b,
        report.text_b,
        report.text_pin,
        report.authentication_pin,
        report.signature_password,
    ];
    Ending {
        parts: all.iter().map(|it| it.ok().map(|it| format!("{it:?}").into_bytes())).collect(),
        errors: all.iter().filter_map(|it| it.err()).collect(),
        refused: false,
        statistics: Some(report.statistics),
    }
}

fn run_facts(_: &VerificationNumberB, card: &mut FaultyCard) -> Ending {
    let mut driver = read_facts(card.link(), Limits::default()).expect(FREE);
    let facts = run(&mut driver, card).expect("the flow awaits only the card");
    let serial = facts.card_info.as_ref().map(|info| format!("{info:?}").into_bytes());
    let errors = [facts.card_info.as_ref().err(), facts.face_info.as_ref().err()];
    Ending {
        parts: vec![
            serial.ok(),
            facts.face_info.as_ref().ok().map(|info| format!("{info:?}").into_bytes()),
            facts.availability.ok().map(|it| format!("{it:?}").into_bytes()),
        ],
        errors: errors.into_iter().flatten().copied().chain(facts.availability.err()).collect(),
        refused: false,
        statistics: Some(driver.statistics()),
    }
}

fn run_read(plan: Plan, number: &VerificationNumberB, card: &mut FaultyCard) -> Ending {
    let mut driver = read(card.link(), Limits::default(), number, plan).expect(FREE);
    ending_of(&run(&mut driver, card).expect("the flow awaits only the card"))
}

fn ending_of(reading: &CardReading) -> Ending {
    let bytes = |part: &Part<zeroize::Zeroizing<Vec<u8>>>| part.value().map(|it| it.to_vec());
    Ending {
        parts: vec![
            reading.face().value().map(|face| face.bytes().to_vec()),
            bytes(reading.face_certificate()),
            reading.attributes().value().map(|it| it.bytes().to_vec()),
            reading.integrity().value().map(|it| it.signature().to_vec()),
            bytes(reading.text_certificate()),
            bytes(reading.certificate()),
        ],
        errors: reading.errors().collect(),
        refused: matches!(reading.face(), Part::Refused(_))
            || matches!(reading.attributes(), Part::Refused(_)),
        statistics: Some(reading.statistics()),
    }
}

/// Only what the flows' documentation names: never a misuse, never trust data.
fn is_documented(error: Error) -> bool {
    matches!(
        error,
        Error::Link(_)
            | Error::Card(_)
            | Error::Credential(_)
            | Error::Malformed(_)
            | Error::Limit(_)
    )
}

#[derive(Debug, Default)]
struct Counts {
    runs: u64,
    complete: u64,
    refused: u64,
    failed: u64,
}

fn limits_are_kept(ending: &Ending, card: &FaultyCard, case: &str) {
    let limits = Limits::default();
    let spent = ending.statistics.expect("every flow tells its costs");
    assert!(spent.exchanges <= limits.exchanges, "{case}: {spent:?}");
    // The answer that goes beyond the bound is the last.
    assert!(spent.bytes_received <= limits.bytes + 65_538, "{case}: {spent:?}");
    assert_eq!(spent.exchanges as u64, card.exchanges(), "{case}");
}

fn strike(
    flow: &Flow,
    number: &VerificationNumberB,
    capabilities: Capabilities,
    script: Script,
) -> (Ending, FaultyCard) {
    let mut card = FaultyCard::new((flow.card)(), script).over(capabilities);
    ((flow.run)(number, &mut card), card)
}

fn matrix(
    flow: &Flow,
    number: &VerificationNumberB,
    capabilities: Capabilities,
    counts: &mut Counts,
) {
    let (truth, untouched) = strike(flow, number, capabilities, Script::nothing());
    let before = (flow.card)();
    for at in 0..untouched.exchanges() {
        for &(fault, may_pass) in FAULTS {
            for script in [Script::nothing().once(at, fault), Script::nothing().from(at, fault)] {
                let case = format!("{}, {script}", flow.name);
                let (ending, card) = strike(flow, number, capabilities, script);
                assert!(card.struck() > 0, "{case}");
                limits_are_kept(&ending, &card, &case);
                let account = account(&before, card.card());
                assert!(account.spent <= flow.authorised, "{case}: {account:?}");
                assert!(account.presented <= flow.authorised, "{case}: {account:?}");
                let undocumented = ending.errors.iter().find(|error| !is_documented(**error));
                assert_eq!(undocumented, None, "{case}");
                if !may_pass && !matches!(fault, Fault::Counter(_)) {
                    for (read, true_part) in ending.parts.iter().zip(&truth.parts) {
                        assert!(read.is_none() || read == true_part, "{case}: a wrong value");
                    }
                }
                if let Fault::Delay(_) = fault {
                    assert!(ending.errors.is_empty() && !card.delayed().is_zero(), "{case}");
                }
                counts.runs += 1;
                match () {
                    () if !ending.errors.is_empty() => counts.failed += 1,
                    () if ending.refused => counts.refused += 1,
                    () => counts.complete += 1,
                }
            }
        }
    }
}

#[test]
fn every_flow_at_every_exchange_with_every_fault() {
    let profile = Profile::adult();
    println!("{:<22}{:>8}{:>10}{:>10}{:>10}", "flow", "runs", "complete", "refused", "failed");
    let mut all = 0;
    for flow in FLOWS {
        let mut counts = Counts::default();
        for capabilities in [Capabilities::SHORT, Capabilities::EXTENDED] {
            let is_slow = flow.name.ends_with("challenge") && !capabilities.extended_length;
            if !is_slow {
                matrix(flow, &number_of(profile), capabilities, &mut counts);
            }
            if flow.authorised > 0 {
                matrix(flow, &wrong_number(profile), capabilities, &mut counts);
            }
        }
        let Counts { runs, complete, refused, failed } = counts;
        println!("{:<22}{runs:>8}{complete:>10}{refused:>10}{failed:>10}", flow.name);
        all += runs;
    }
    println!("{all} runs");
    assert!(all > 10_000);
}

/// What became of a reading that a link fault has ended, with the next tap.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum NextTap {
    Completed,
    BegunAnew,
    NotBeforeTheTriesAreRead,
}

/// Blocks are counted as READ BINARY commands that the card has carried out.
fn blocks(card: &VirtualCard) -> usize {
    card.log().iter().filter(|entry| entry.header[1] == 0xB0 && entry.status == 0x9000).count()
}

#[test]
fn where_the_link_comes_back_the_reading_completes_with_at_most_one_repeated_block() {
    let profile = Profile::adult();
    let number = number_of(profile);
    let plan = || Plan::all().with_challenge(challenge(1));
    let first = |script: Script| {
        let mut card = FaultyCard::new(profile.card(), script);
        let mut driver = read(card.link(), Limits::default(), &number, plan()).expect(FREE);
        let reading = run(&mut driver, &mut card).expect("the flow awaits only the card");
        (reading, card)
    };
    let (whole, untouched) = first(Script::nothing());
    let truth = ending_of(&whole).parts;
    let mut counts = BTreeMap::new();
    for at in 0..untouched.exchanges() {
        for fault in [Fault::LostBefore, Fault::LostAfter, Fault::Reset, Fault::Timeout] {
            let (torn, mut card) = first(Script::nothing().once(at, fault));
            card.place_again();
            let resumed =
                resume(card.link(), Limits::default(), &number, plan(), torn, challenge(2));
            let next = match resumed {
                Ok(mut driver) => {
                    let reading = run(&mut driver, &mut card)
                        .expect("the flow awaits only the card")
                        .expect("the same card");
                    assert_eq!(ending_of(&reading).parts, truth, "{fault}@{at}");
                    let repeated = blocks(card.card()) - blocks(untouched.card());
                    assert!(repeated <= 1, "{fault}@{at}: {repeated} blocks twice");
                    NextTap::Completed
                }
                Err(NotResumed { error, .. })
                    if error == CredentialFault::OutcomeUnknown.into() =>
                {
                    NextTap::NotBeforeTheTriesAreRead
                }
                Err(NotResumed { error, .. }) if error == LinkFault::BeginAnew.into() => {
                    NextTap::BegunAnew
                }
                Err(other) => panic!("{fault}@{at}: {other:?}"),
            };
            *counts.entry(next).or_insert(0_u32) += 1;
            let [face, text] = link::presented(card.card());
            assert!(face <= 2 && text <= 2, "{fault}@{at}");
            let account = account(&profile.card(), card.card());
            assert_eq!(account.spent, 0, "{fault}@{at}: the number is right");
        }
    }
    println!("torn at each of {} exchanges in four ways: {counts:?}", untouched.exchanges());
    assert!(counts[&NextTap::Completed] > 30);
}
