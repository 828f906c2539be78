//! Any bytes at all: the card answers, and only a VERIFY with data can cost a try.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "tests"
)]

use mynacard_sim::{Application, Profile, VirtualCard};
use proptest::prelude::*;

/// Any bytes, and bytes that look like commands of this card.
fn command() -> impl Strategy<Value = Vec<u8>> {
    let body = prop_oneof![
        Just(Vec::new()),
        prop::collection::vec(any::<u8>(), 0..40),
        prop::collection::vec(any::<u8>(), 1..20)
            .prop_map(|data| [&[data.len() as u8], &data[..]].concat()),
    ];
    let head = (
        prop::sample::select(vec![0x00u8, 0x80, 0x01, 0x0C, 0xFF]),
        prop::sample::select(vec![
            0xA4u8, 0xB0, 0xB2, 0xCA, 0x20, 0x84, 0x88, 0x2A, 0xA2, 0xAE, 0xFC, 0x24, 0x32,
        ]),
        prop_oneof![Just(0u8), any::<u8>()],
        prop_oneof![Just(0x80u8), 0x80u8..0xA0, any::<u8>()],
    );
    let select = prop::sample::select(Application::ALL.to_vec())
        .prop_map(|application| [&[0, 0xA4, 4, 0x0C, 10], &application.aid()[..]].concat());
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..300),
        (head, body)
            .prop_map(|((cla, ins, p1, p2), body)| [&[cla, ins, p1, p2], &body[..]].concat()),
        select,
        (0u8..0x20).prop_map(|id| vec![0, 0xA4, 2, 0x0C, 2, 0, id]),
    ]
}

/// Whether the bytes are a VERIFY that carries data, by the bytes alone.
fn verifies(command: &[u8]) -> bool {
    matches!(command, [0x00, 0x20, 0x00, _, lc, ..] if *lc > 0 || command.len() > 7)
}

fn counters(card: &VirtualCard) -> Vec<(Application, u16, Option<u8>)> {
    card.counters().collect()
}

proptest! {
    #[test]
    fn any_bytes_get_an_answer(
        profile in 0..Profile::all().len(),
        commands in prop::collection::vec(command(), 1..60),
    ) {
        let mut card = Profile::all()[profile].card();
        for (i, command) in commands.iter().enumerate() {
            let before = counters(&card);
            let presented: u64 = before.iter().map(|(a, k, _)| card.presentations(*a, *k)).sum();
            let response = card.transmit(command);
            prop_assert!(response.len() >= 2);
            prop_assert!(response.len() <= 65_538);
            prop_assert_eq!(card.traffic().exchanges, i as u64 + 1);
            let after = counters(&card);
            let presented_now: u64 = after.iter().map(|(a, k, _)| card.presentations(*a, *k)).sum();
            if !verifies(command) {
                prop_assert_eq!(&before, &after, "{:02X?}", command);
                prop_assert_eq!(presented, presented_now);
            }
            prop_assert!(presented_now <= presented + 1);
        }
    }
}
