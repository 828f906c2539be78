//! Every fault at every exchange: tries stay within what was authorised, every reading ends, and
//! nothing wrong passes for right. The card itself counts the tries.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests may fail loudly"
)]

mod card_support;
#[path = "card_support/link.rs"]
mod link;

use std::sync::LazyLock;

use card_support::{ok, risks_a_try, sw, with_status};
use link::{FREE, Fault, Faulty, Reader, account, number_of, read_by, wrong_number};
use mynacard_core::Error;
use mynacard_core::credential::VerificationNumberB;
use mynacard_core::driver::run;
use mynacard_core::error::{CredentialFault, LinkFault};
use mynacard_core::exchange::{Capabilities, Limits};
use mynacard_core::reading::{CardReading, Part, Plan, read};
use mynacard_sim::{Application, Profile, VirtualCard};
use proptest::prelude::*;

/// An adult's card whose own keys cannot sign: signatures take time and tell nothing here.
fn quick_card() -> VirtualCard {
    static CARD: LazyLock<VirtualCard> = LazyLock::new(|| {
        let adult = Profile::adult().builder().signing_key(Application::Face, 0x1A, None);
        adult.signing_key(Application::Text, 0x13, None).build()
    });
    CARD.clone()
}

fn plan() -> Plan {
    Plan::all().with_challenge(link::challenge())
}

/// Everything that a reading of the adult's card holds when nothing goes wrong.
struct Truth {
    exchanges: usize,
    parts: Vec<Vec<u8>>,
}

impl Truth {
    fn of(capabilities: Capabilities) -> Self {
        let mut link = Reader::over(capabilities, quick_card());
        let reading = read_by(&plan(), &number_of(Profile::adult()), &mut link);
        let parts = parts_of(&reading).into_iter().map(|part| part.expect("read")).collect();
        Self { exchanges: link.sent.len(), parts }
    }
}

fn parts_of(reading: &CardReading) -> [Option<Vec<u8>>; 7] {
    [
        reading.face().value().map(|face| face.bytes().to_vec()),
        reading.face_certificate().value().map(|bytes| bytes.to_vec()),
        reading.attributes().value().map(|attributes| attributes.bytes().to_vec()),
        reading.integrity().value().map(|record| record.signature().to_vec()),
        reading.text_certificate().value().map(|bytes| bytes.to_vec()),
        reading.text_key().value().map(|bytes| bytes.to_vec()),
        reading.certificate().value().map(|bytes| bytes.to_vec()),
    ]
}

/// What a fault may do to the truth of what is read.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Honesty {
    /// The fault shows: whatever is read is right.
    Shows,
    /// The fault may look like an answer: only tries and limits are promised.
    MayPass,
}

/// Faults that no real answer looks like, then those that may pass for one.
fn faults() -> Vec<(Fault, Honesty)> {
    let garbage: Vec<u8> = (0..258_u32).map(|at| (at * 167 % 251) as u8).collect();
    let shows = [
        Fault::Lost(LinkFault::Lost),
        Fault::Lost(LinkFault::Reset),
        Fault::Lost(LinkFault::Timeout),
        Fault::Truncated(0),
        Fault::Truncated(1),
        Fault::Instead(sw(0x6F00)),
        Fault::Instead(sw(0x6982)),
        Fault::Instead(sw(0x6A82)),
        Fault::Instead(sw(0x6700)),
        Fault::Instead(sw(0x6110)),
        Fault::Instead(sw(0x6C10)),
        Fault::InsteadForEver(sw(0x6F00)),
        Fault::InsteadForEver(sw(0x6110)),
        Fault::InsteadForEver(sw(0x6C10)),
    ];
    let may_pass = [
        Fault::Instead(sw(0x9000)),
        Fault::Instead(sw(0x63C0)),
        Fault::Instead(sw(0x63C5)),
        Fault::Instead(sw(0x6984)),
        Fault::Instead(ok(&garbage[..256])),
        Fault::Instead(garbage),
        Fault::InsteadForEver(sw(0x9000)),
        Fault::InsteadForEver(sw(0x63CA)),
        Fault::InsteadForEver(with_status(&[0x5A; 256], 0x6100)),
        Fault::InsteadForEver(ok(&[0x5A])),
        Fault::Truncated(2),
        Fault::Truncated(100),
        Fault::Repeated,
        Fault::Flipped(7),
        Fault::Flipped(12),
        Fault::Flipped(40),
    ];
    let label = |honesty| move |fault| (fault, honesty);
    shows
        .into_iter()
        .map(label(Honesty::Shows))
        .chain(may_pass.into_iter().map(label(Honesty::MayPass)))
        .collect()
}

fn struck(
    number: &VerificationNumberB,
    capabilities: Capabilities,
    fault: &Fault,
    at: usize,
    delivered: bool,
    card: &VirtualCard,
) -> (CardReading, Faulty) {
    let mut faulty = Faulty::new(capabilities, card.clone(), fault.clone(), at, delivered);
    let reading = read_by(&plan(), number, &mut faulty);
    (reading, faulty)
}

/// What is promised whatever goes wrong.
fn check_promises(reading: &CardReading, faulty: &Faulty, card: &VirtualCard, case: &str) {
    let authorised = u64::from(plan().tries_authorised());
    let account = account(card, &faulty.card);
    assert!(account.spent <= authorised, "{case}: {account:?}");
    assert!(account.presented <= authorised, "{case}: {account:?}");
    assert!(faulty.tries_risked() as u64 <= authorised, "{case}");
    let limits = Limits::default();
    assert!(faulty.sent.len() <= limits.exchanges, "{case}");
    assert_eq!(reading.statistics().exchanges, faulty.sent.len(), "{case}");
    if matches!(faulty.fault, Fault::Lost(_)) {
        assert!(faulty.sent.len() <= faulty.at + 1, "{case}: sent over a dead link");
    }
}

fn matrix(number: &VerificationNumberB, capabilities: Capabilities) {
    let card = quick_card();
    let truth = Truth::of(capabilities);
    for (fault, honesty) in faults() {
        for at in 0..truth.exchanges {
            for delivered in [false, true] {
                let case = format!("{fault:?} at {at}, delivered: {delivered}");
                let (reading, faulty) = struck(number, capabilities, &fault, at, delivered, &card);
                check_promises(&reading, &faulty, &card, &case);
                if honesty == Honesty::Shows {
                    check_truth(&reading, &faulty, &truth, &case);
                }
            }
        }
    }
}

/// A fault that shows: what is read is right, and a VERIFY that met it ends the use of the number.
fn check_truth(reading: &CardReading, faulty: &Faulty, truth: &Truth, case: &str) {
    for (read, right) in parts_of(reading).iter().zip(&truth.parts) {
        if let Some(read) = read {
            assert!(read == right, "{case}: something wrong was read");
        }
    }
    if faulty.struck_a_verify() {
        let unknown = [reading.face().error(), reading.attributes().error()]
            .contains(&Some(Error::Credential(CredentialFault::OutcomeUnknown)));
        assert!(unknown, "{case}: the outcome of the VERIFY is taken for known");
        assert_eq!(faulty.sent.len(), faulty.at + 1, "{case}: something was sent after it");
    }
}

#[test]
fn every_fault_at_every_exchange_with_the_right_number() {
    matrix(&number_of(Profile::adult()), Capabilities::SHORT);
}

#[test]
fn every_fault_at_every_exchange_with_the_right_number_and_extended_length() {
    matrix(&number_of(Profile::adult()), Capabilities::EXTENDED);
}

#[test]
fn every_fault_at_every_exchange_with_a_wrong_number() {
    let card = quick_card();
    let number = wrong_number(Profile::adult());
    for (fault, honesty) in faults() {
        for at in 0..8 {
            for delivered in [false, true] {
                let case = format!("{fault:?} at {at}, delivered: {delivered}");
                let (reading, faulty) =
                    struck(&number, Capabilities::SHORT, &fault, at, delivered, &card);
                check_promises(&reading, &faulty, &card, &case);
                let spent = account(&card, &faulty.card).spent;
                if honesty == Honesty::Shows {
                    assert!(spent <= 1, "{case}: one wrong number cost {spent} tries");
                }
                let read =
                    reading.face().value().is_some() || reading.attributes().value().is_some();
                assert!(!read, "{case}: a wrong number opened something");
            }
        }
    }
}

#[test]
fn a_lost_verify_is_never_repeated_and_the_next_reading_asks_first() {
    let number = wrong_number(Profile::adult());
    let card = quick_card();
    for delivered in [false, true] {
        let fault = Fault::Lost(LinkFault::Lost);
        let (reading, faulty) = struck(&number, Capabilities::SHORT, &fault, 3, delivered, &card);
        assert!(faulty.struck_a_verify());
        assert_eq!(reading.face().error(), Some(CredentialFault::OutcomeUnknown.into()));
        assert!(matches!(reading.attributes(), Part::NotAttempted | Part::Failed(Error::Link(_))));
        assert_eq!(account(&card, &faulty.card).spent, u64::from(delivered));

        let mut card = faulty.card;
        card.power_off();
        let mut link = Reader::short(card);
        read_by(&plan(), &number, &mut link);
        let verify = link.sent.iter().position(|command| risks_a_try(command)).expect("tried");
        assert_eq!(link.sent[verify - 1], [0x00, 0x20, 0x00, 0x80], "the counter was not read");
    }
}

#[test]
fn a_card_that_loses_every_verify_is_left_alone_at_the_floor() {
    let number = wrong_number(Profile::adult());
    let fresh = quick_card();
    let mut card = fresh.clone();
    for _ in 0..30 {
        card.power_off();
        let fault = Fault::Lost(LinkFault::Lost);
        let (_, faulty) = struck(&number, Capabilities::SHORT, &fault, 3, true, &card);
        card = faulty.card;
    }
    assert_eq!(card.tries_left(Application::Face, 0x12), Some(2), "{:?}", account(&fresh, &card));
}

/// An answer as a hostile or broken card might give it.
fn any_answer() -> impl Strategy<Value = Result<Vec<u8>, LinkFault>> {
    let status = prop_oneof![
        4 => Just(0x9000_u16),
        3 => 0x63C0..=0x63CF_u16,
        1 => 0x6100..=0x61FF_u16,
        1 => 0x6C00..=0x6CFF_u16,
        1 => prop::sample::select(vec![0x6300, 0x6700, 0x6982, 0x6984, 0x6A82, 0x6A86, 0x6B00]),
        1 => any::<u16>(),
    ];
    let data = prop_oneof![
        3 => Just(Vec::new()),
        2 => prop::collection::vec(any::<u8>(), 0..300),
        2 => header_like(),
    ];
    prop_oneof![
        20 => (data, status).prop_map(|(data, status)| Ok(with_status(&data, status))),
        2 => prop::collection::vec(any::<u8>(), 0..4).prop_map(Ok),
        1 => Just(Err(LinkFault::Lost)),
    ]
}

/// Bytes that begin as a file of the card does, and then go anywhere.
fn header_like() -> impl Strategy<Value = Vec<u8>> {
    let tag = prop::sample::select(vec![&[0xFF, 0x20][..], &[0xFF, 0x30], &[0x7F, 0x21], &[0x30]]);
    let length = prop_oneof![
        (0..=0x7F_u8).prop_map(|length| vec![length]),
        any::<u8>().prop_map(|length| vec![0x81, length]),
        any::<[u8; 2]>().prop_map(|[high, low]| vec![0x82, high, low]),
        any::<[u8; 3]>().prop_map(|[a, b, c]| vec![0x83, a, b, c]),
    ];
    (tag, length, prop::collection::vec(any::<u8>(), 0..252)).prop_map(|(tag, length, rest)| {
        [tag, &length, &rest].concat().into_iter().take(256).collect()
    })
}

/// A card that follows no rule.
struct Arbitrary {
    answers: Vec<Result<Vec<u8>, LinkFault>>,
    sent: Vec<Vec<u8>>,
    link: mynacard_core::Link,
}

impl mynacard_core::exchange::CardTransport for Arbitrary {
    fn transmit(&mut self, command: &[u8], response: &mut Vec<u8>) -> Result<(), LinkFault> {
        let answer = &self.answers[self.sent.len() % self.answers.len()];
        self.sent.push(command.to_vec());
        response.extend_from_slice(answer.as_ref().map_err(|fault| *fault)?);
        Ok(())
    }

    fn link(&self) -> &mynacard_core::Link {
        &self.link
    }
}

proptest! {
    /// No answers whatever, in whatever order, cost more than was authorised or keep a reading from
    /// ending.
    #[test]
    fn any_answers_end_within_the_limits(
        answers in prop::collection::vec(any_answer(), 1..40),
        extended: bool,
        bytes in 0..20_000_usize,
        exchanges in 0..80_usize,
        idle in 0..5_usize,
        file in 0..40_000_usize,
    ) {
        let capabilities = if extended { Capabilities::EXTENDED } else { Capabilities::SHORT };
        let limits = Limits { bytes, exchanges, idle, file };
        let mut card = Arbitrary { answers, sent: Vec::new(), link: mynacard_core::Link::new(capabilities) };
        let number = number_of(Profile::adult());
        let mut driver = read(&card.link, limits, &number, plan()).expect(FREE);
        let reading = run(&mut driver, &mut card).expect("the flow awaits only the card");
        prop_assert!(card.sent.len() <= exchanges);
        prop_assert_eq!(reading.statistics().exchanges, card.sent.len());
        let risked = card.sent.iter().filter(|command| risks_a_try(command)).count();
        prop_assert!(risked <= usize::from(plan().tries_authorised()));
        prop_assert!(usize::from(reading.tries_spent()) <= risked);
        for (at, command) in card.sent.iter().enumerate() {
            prop_assert!(command.len() <= capabilities.max_command);
            if risks_a_try(command) {
                prop_assert_eq!(&card.sent[at - 1], &[0x00, 0x20, 0x00, 0x80]);
            }
        }
    }

    /// One wrong bit anywhere never costs more than was authorised.
    #[test]
    fn one_wrong_bit_costs_no_more_than_was_authorised(
        at in 0..40_usize,
        bit in 0..2_064_usize,
        right: bool,
    ) {
        let card = quick_card();
        let profile = Profile::adult();
        let number = if right { number_of(profile) } else { wrong_number(profile) };
        let fault = Fault::Flipped(bit);
        let (reading, faulty) = struck(&number, Capabilities::SHORT, &fault, at, true, &card);
        check_promises(&reading, &faulty, &card, &format!("bit {bit} of {at}"));
    }
}
