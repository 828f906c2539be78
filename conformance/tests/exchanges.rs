//! How many exchanges a whole reading takes, for us and for the peer: counted by the card, the same
//! in every run.
#![allow(clippy::expect_used, reason = "helpers of tests may fail loudly")]

use mynacard_conformance::{
    Link, PeerLink, TEST_CARD_NUMBER_B, peer_reads, published_card, we_read,
};
use mynacard_core::card::Floor;
use mynacard_core::reading::Plan;
use mynacard_core::trust::Challenge;
use mynacard_sim::{Profile, Token, VirtualCard};

const NONCE: &[u8] = b"drawn by lot for the count";

/// The plan for everything, however few tries are left.
fn everything() -> Plan {
    let challenge = Challenge::new(NONCE).expect("long enough");
    let floor = Floor::new(2).expect("in range");
    Plan { face_floor: floor, text_floor: floor, ..Plan::all().with_challenge(challenge) }
}

fn ours(mut link: Link, number: &str, plan: Plan) -> u64 {
    let reading = we_read(&mut link, number, plan).expect("well formed");
    assert!(reading.certificate().value().is_some(), "the reading went to its end");
    assert_eq!(reading.statistics().exchanges as u64, link.card.traffic().exchanges);
    link.card.traffic().exchanges
}

fn theirs(card: &VirtualCard, number: &str) -> u64 {
    let (reading, link) = peer_reads(PeerLink(card.clone()), number, NONCE).expect("digits");
    assert!(reading.certificate.is_ok(), "the reading went to its end");
    link.0.traffic().exchanges
}

#[test]
fn the_published_test_card_takes_no_more_than_planned_and_fewer_than_the_peer() {
    let card = published_card().expect("the published files are there");
    let both = |plan: Plan| {
        [Link::short(card.clone()), Link::extended(card.clone())]
            .map(|link| ours(link, TEST_CARD_NUMBER_B, plan.clone()))
    };
    let peer = theirs(&card, TEST_CARD_NUMBER_B);
    // The peer asks nothing that proves name and address to be the chip's.
    let alike = both(everything().without_text_proof());
    let whole = both(everything());
    println!("exchanges: {alike:?} alike, {whole:?} with the proof of the name, peer {peer}");
    assert_eq!((alike, peer), ([38, 18], 46));
    assert_eq!(whole, [42, 20]);
}

#[test]
fn no_profile_takes_more_exchanges_than_the_peer() {
    for profile in Profile::all().iter().filter(|profile| profile.token() == Token::Card) {
        let number = profile.code_b().expect("a card has one");
        let (name, card) = (profile.name(), profile.card());
        let peer = theirs(&card, number);
        let short = ours(Link::short(card.clone()), number, everything());
        let extended = ours(Link::extended(card), number, everything());
        println!("{name}: {short} short, {extended} extended, peer {peer}");
        assert!(short < peer && extended < peer, "{name}: {short}, {extended}, peer {peer}");
    }
}

#[test]
fn the_first_photo_takes_a_third_of_it() {
    let mut link = Link::short(published_card().expect("the published files are there"));
    we_read(&mut link, TEST_CARD_NUMBER_B, Plan::face_only()).expect("well formed");
    let exchanges = link.card.traffic().exchanges;
    assert_eq!(exchanges, 16, "four to open the application, twelve blocks");
}
