//! Habits of chips and readers that were met in the field: each costs a few exchanges, once, and nothing else.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests"
)]

use mynacard_core::error::LinkFault;
use mynacard_core::exchange::{Capabilities, Link};
use mynacard_core::reading::CardReading;
use mynacard_core::{CardTransport, Limits, Plan, VerificationNumberB, read, run};
use mynacard_sim::{Profile, VirtualCard};

/// What the reader or chip makes of a command and the card's answer; it counts the commands from 0.
type Habit = Box<dyn FnMut(usize, &[u8], &mut dyn FnMut(&[u8]) -> Vec<u8>) -> Vec<u8>>;

/// A card behind a reader with a habit.
struct Odd {
    card: VirtualCard,
    link: Link,
    habit: Habit,
    sent: Vec<Vec<u8>>,
}

impl CardTransport for Odd {
    fn transmit(&mut self, command: &[u8], response: &mut Vec<u8>) -> Result<(), LinkFault> {
        let at = self.sent.len();
        self.sent.push(command.to_vec());
        let card = &mut self.card;
        response.extend((self.habit)(at, command, &mut |command| card.transmit(command)));
        Ok(())
    }

    fn link(&self) -> &Link {
        &self.link
    }
}

impl Odd {
    fn new(
        capabilities: Capabilities,
        habit: impl FnMut(usize, &[u8], &mut dyn FnMut(&[u8]) -> Vec<u8>) -> Vec<u8> + 'static,
    ) -> Self {
        let habit = Box::new(habit);
        Self {
            card: Profile::adult().card(),
            link: Link::new(capabilities),
            habit,
            sent: Vec::new(),
        }
    }

    fn read(&mut self) -> CardReading {
        let digits = Profile::adult().code_b().unwrap();
        let number = VerificationNumberB::from_digits(digits.as_bytes()).unwrap();
        self.sent.clear();
        let mut driver = read(&self.link, Limits::default(), number, Plan::all()).unwrap();
        run(&mut driver, self).unwrap()
    }

    fn presentations(&self) -> usize {
        self.sent.iter().filter(|command| command[1] == 0x20 && command.len() > 5).count()
    }
}

/// How many bytes a READ BINARY wants.
fn wanted(command: &[u8]) -> Option<usize> {
    match command {
        [0x00, 0xB0, _, _, le] => Some(if *le == 0 { 256 } else { usize::from(*le) }),
        [0x00, 0xB0, _, _, 0, high, low] => Some(usize::from(u16::from_be_bytes([*high, *low]))),
        _ => None,
    }
}

/// Everything is there, as from a card without the habit; the exchanges of the first and the second reading.
fn whole(mut odd: Odd, what: &str) -> (usize, usize) {
    let plain = Odd::new(odd.link.capabilities(), |_, command, card| card(command)).read();
    let mut counts = [0; 2];
    for count in &mut counts {
        let reading = odd.read();
        assert_eq!(reading.errors().collect::<Vec<_>>(), [], "{what}");
        let bytes = |of: &CardReading| of.face().value().unwrap().bytes().to_vec();
        assert_eq!(bytes(&reading), bytes(&plain), "{what}");
        let text = |of: &CardReading| of.attributes().value().unwrap().bytes().to_vec();
        assert_eq!(text(&reading), text(&plain), "{what}");
        let certificate = |of: &CardReading| of.certificate().value().unwrap().to_vec();
        assert_eq!(certificate(&reading), certificate(&plain), "{what}");
        assert_eq!(odd.presentations(), 2, "{what}: no tolerance adds a VERIFY");
        assert_eq!(reading.tries_spent(), 0, "{what}");
        *count = odd.sent.len();
    }
    let [first, second] = counts;
    (first, second)
}

/// What a reading takes without habits, the first one on a link and the next.
fn plain(capabilities: Capabilities) -> (usize, usize) {
    whole(Odd::new(capabilities, |_, command, card| card(command)), "plain")
}

#[test]
fn blocks_that_are_too_long_become_shorter_once() {
    let (before, before_again) = plain(Capabilities::SHORT);
    for (what, refusal) in [("6700", [0x67, 0x00]), ("6Cxx", [0x6C, 192])] {
        let odd = Odd::new(Capabilities::SHORT, move |_, command, card| {
            if wanted(command).is_some_and(|wanted| wanted > 192) {
                return refusal.to_vec();
            }
            card(command)
        });
        let link = odd.link.clone();
        let (first, again) = whole(odd, what);
        // A quarter more blocks, and one refusal or two; the next reading knows from the beginning.
        assert!(first <= before + before / 3 + 2, "{what}: {first} for {before}");
        assert!(again < first && again <= before_again + before / 3, "{what}: {again}");
        assert_eq!(link.longest_answer(), Some(192), "{what}");
    }
}

#[test]
fn extended_length_falls_back_once_however_it_is_refused() {
    let (short, _) = plain(Capabilities::SHORT);
    let statuses =
        [[0x67, 0x00], [0x6F, 0x00], [0x6D, 0x00], [0x6A, 0x86], [0x64, 0x00], [0x00, 0x00]];
    for refusal in statuses {
        let odd = Odd::new(Capabilities::EXTENDED, move |_, command, card| {
            if wanted(command).is_some_and(|wanted| wanted > 256) {
                return refusal.to_vec();
            }
            card(command)
        });
        let link = odd.link.clone();
        let (first, again) = whole(odd, "refused");
        assert!(first <= short + 1 && again <= short, "{refusal:02X?}: {first}, {again}, {short}");
        assert_eq!(link.longest_answer(), Some(256), "{refusal:02X?}");
    }
}

#[test]
fn an_extended_answer_that_arrives_broken_falls_back_once() {
    let (short, _) = plain(Capabilities::SHORT);
    // Without its status, and cut off halfway: what stands in its place is data. An answer of no bytes at all is
    // a lost link.
    for cut in [1, 2] {
        let odd = Odd::new(Capabilities::EXTENDED, move |_, command, card| {
            let mut answer = card(command);
            if wanted(command).is_some_and(|wanted| wanted > 256) {
                answer.truncate((answer.len() - 2) / cut);
            }
            answer
        });
        let (first, again) = whole(odd, "cut");
        assert!(first <= short + 1 && again <= short, "{cut}: {first}, {again}, {short}");
    }
    // Zeros in the place of data and status.
    let odd = Odd::new(Capabilities::EXTENDED, move |_, command, card| {
        let mut answer = card(command);
        if wanted(command).is_some_and(|wanted| wanted > 256) {
            answer.fill(0);
        }
        answer
    });
    let (first, again) = whole(odd, "zeros");
    assert!(first <= short + 1 && again <= short, "{first}, {again}, {short}");
}

#[test]
fn one_unexpected_answer_amid_a_file_costs_one_block() {
    for refusal in [[0x6B, 0x00], [0x6F, 0x00], [0x64, 0x00], [0x69, 0x85]] {
        let (before, _) = plain(Capabilities::SHORT);
        let reads = Odd::new(Capabilities::SHORT, |_, command, card| card(command));
        let mut reads = reads;
        reads.read();
        let amid: Vec<usize> = (0..reads.sent.len())
            .filter(|at| wanted(&reads.sent[*at]).is_some() && reads.sent[*at][2] & 0x80 == 0)
            .collect();
        assert!(amid.len() > 10);
        for at in amid {
            let odd = Odd::new(Capabilities::SHORT, move |now, command, card| {
                if now == at { refusal.to_vec() } else { card(command) }
            });
            let mut odd = odd;
            let reading = odd.read();
            assert_eq!(reading.errors().collect::<Vec<_>>(), [], "{refusal:02X?} at {at}");
            assert!(odd.sent.len() <= before + 1, "{refusal:02X?} at {at}: {}", odd.sent.len());
            assert_eq!(odd.presentations(), 2);
        }
    }
}

#[test]
fn a_length_that_is_no_block_is_not_learnt() {
    let (before, _) = plain(Capabilities::SHORT);
    for stray in [0x01, 0x03, 0x1F] {
        let mut odd = Odd::new(Capabilities::SHORT, move |now, command, card| {
            if now == 9 && wanted(command).is_some() { vec![0x6C, stray] } else { card(command) }
        });
        let reading = odd.read();
        assert_eq!(reading.errors().collect::<Vec<_>>(), [], "{stray}");
        assert_eq!(odd.link.longest_answer(), None);
        assert!(odd.sent.len() <= before + 3, "{stray}: {}", odd.sent.len());
    }
}

/// The reader connects again by itself, with another card, in the middle of a reading; its owner says so.
#[test]
fn a_link_that_is_told_of_another_card_presents_nothing_to_it() {
    let whole = {
        let mut odd = Odd::new(Capabilities::SHORT, |_, command, card| card(command));
        odd.read();
        odd.sent.len()
    };
    for at in 0..whole {
        let mut odd = Odd::new(Capabilities::SHORT, |_, command, card| card(command));
        let link = odd.link.clone();
        odd.habit = Box::new(move |now, command, card| {
            assert!(now <= at, "sent to another card");
            let answer = card(command);
            if now == at {
                link.forget();
            }
            answer
        });
        let reading = odd.read();
        assert_eq!(odd.sent.len(), at + 1);
        assert!(at + 1 == whole || reading.errors().next().is_some(), "at {at}");
        assert_eq!(reading.tries_spent(), 0);
    }
}

#[test]
fn a_select_that_has_more_to_say_or_warns_is_carried_on() {
    for status in [[0x62, 0x83], [0x62, 0x81]] {
        for capabilities in [Capabilities::SHORT, Capabilities::EXTENDED] {
            let odd = Odd::new(capabilities, move |_, command, card| {
                let answer = card(command);
                let is_application = command[1] == 0xA4 && command[2] == 0x04;
                if is_application && answer == [0x90, 0x00] { status.to_vec() } else { answer }
            });
            assert_eq!(whole(odd, "select").0, plain(capabilities).0, "{status:02X?}");
        }
    }
    // More to say: fetched each time.
    let odd = Odd::new(Capabilities::SHORT, |_, command, card| match command[1] {
        0xC0 => vec![0x6F, 0x10, 0x84, 0x0E, 0x90, 0x00],
        0xA4 => match card(command)[..] {
            [0x90, 0x00] => vec![0x61, 0x04],
            ref other => other.to_vec(),
        },
        _ => card(command),
    });
    whole(odd, "61xx");
    // A warning on a key's file is no ground for a VERIFY, nor is one that never ends.
    for status in [[0x62, 0x83], [0x61, 0x10]] {
        let mut odd = Odd::new(Capabilities::SHORT, move |_, command, card| {
            let answer = card(command);
            let is_file = command[1] == 0xA4 && command[2] == 0x02;
            if command[1] == 0xC0 || is_file && answer == [0x90, 0x00] {
                status.to_vec()
            } else {
                answer
            }
        });
        odd.read();
        assert_eq!(odd.presentations(), 0, "{status:02X?}");
    }
}

#[test]
fn a_reader_that_refuses_for_ever_costs_an_error() {
    for refusal in
        [vec![0x67, 0x00], vec![0x6B, 0x00], vec![0x6F, 0x00], vec![0x6C, 0x01], vec![0, 0], vec![]]
    {
        for capabilities in [Capabilities::SHORT, Capabilities::EXTENDED] {
            let refusal = refusal.clone();
            let mut odd = Odd::new(capabilities, move |_, command, card| {
                if wanted(command).is_some() { refusal.clone() } else { card(command) }
            });
            let reading = odd.read();
            assert!(reading.face().value().is_none() && reading.errors().count() >= 2);
            assert!(odd.sent.len() < 60, "{}", odd.sent.len());
            assert!(odd.presentations() <= 2);
        }
    }
}
