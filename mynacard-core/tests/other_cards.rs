//! What lies beside the card's own applications, and cards that are none of ours: named by SELECT alone.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests may fail loudly"
)]

mod card_support;
#[path = "card_support/link.rs"]
mod link;

use link::{Account, FREE, Reader, account, card_fault, number_of, read_by};
use mynacard_core::driver::run;
use mynacard_core::error::CardFault;
use mynacard_core::exchange::Limits;
use mynacard_core::map::{Beside, OtherCard};
use mynacard_core::reading::{Identified, Plan, Token, identify};
use mynacard_sim::{Application, CardBuilder, Profile, VirtualCard};

/// A card with nothing of ours, that answers SELECT of some identifier.
fn other_card(aid: &[u8]) -> VirtualCard {
    Application::ALL
        .into_iter()
        .fold(Profile::adult().builder(), CardBuilder::remove_application)
        .beside(aid)
        .build()
}

#[test]
fn what_lies_beside_the_own_applications_is_named_and_costs_a_reading_nothing() {
    let residence: [u8; 16] = hex("D392F0004F0100000000000000000000");
    let licence: [u8; 16] = hex("A0000002310600000000000000000000");
    for (aids, expected) in [
        (&[][..], &[][..]),
        (&[residence], &[Beside::ResidencePermit]),
        (&[licence], &[Beside::DrivingLicence]),
        (&[licence, residence], &[Beside::ResidencePermit, Beside::DrivingLicence]),
    ] {
        let builder = aids.iter().fold(Profile::adult().builder(), |card, aid| card.beside(aid));
        let mut link = Reader::short(builder.clone().build());
        let found = run(&mut identify(&link.link, Limits::default()).expect(FREE), &mut link);
        let Identified { token, beside } = found.expect("no misuse").expect("identified");
        assert!(token.is_card());
        assert_eq!(beside, expected);
        assert_eq!(account(&builder.clone().build(), &link.card), Account::default());
        // A reading after it starts anew, and asks for nothing of it.
        let before = link.card.traffic().exchanges;
        let number = number_of(Profile::adult());
        let reading = read_by(&Plan::all(), &number, &mut link);
        assert_eq!(reading.errors().next(), None);
        let mut alone = Reader::short(Profile::adult().card());
        read_by(&Plan::all(), &number, &mut alone);
        assert_eq!(link.card.traffic().exchanges - before, alone.card.traffic().exchanges);
    }
}

#[test]
fn other_cards_are_named_where_they_tell() {
    for (aid, kind) in [
        (&hex::<16>("D392F0004F0200000000000000000000")[..], OtherCard::ResidenceCard),
        (&hex::<16>("D392F0004F0100000000000000000000"), OtherCard::ResidenceCard),
        (&hex::<16>("A0000002310100000000000000000000"), OtherCard::DrivingLicence),
        (&hex::<7>("A0000002471001"), OtherCard::Passport),
        (&hex::<10>("D3921000310001010401"), OtherCard::JukiCard),
        (&hex::<7>("A0000000031010"), OtherCard::Unknown),
    ] {
        let mut link = Reader::short(other_card(aid));
        let found = run(&mut identify(&link.link, Limits::default()).expect(FREE), &mut link);
        let Identified { token, beside } = found.expect("no misuse").expect("identified");
        assert_eq!((token, &*beside), (Token::Foreign(kind), &[][..]));
        let mut link = Reader::short(other_card(aid));
        let reading = read_by(&Plan::all(), &number_of(Profile::adult()), &mut link);
        assert_eq!(reading.token(), Some(Token::Foreign(kind)));
        assert_eq!(card_fault(reading.face()), CardFault::ApplicationMissing);
        assert_eq!(account(&other_card(aid), &link.card), Account::default());
    }
}

#[test]
fn the_list_of_identifiers_names_what_a_reader_has_to_look_for() {
    let aids: Vec<_> = mynacard_core::map::aids().map(|(aid, _)| aid).collect();
    let listed = |aid: &[u8]| aids.contains(&aid);
    assert!(Application::ALL.into_iter().all(|application| listed(&application.aid())));
    // iOS selects the first one that answers: the photo's application saves a SELECT.
    assert_eq!(aids.first().copied(), Some(Application::Face.aid().as_slice()));
}

/// The bytes of hexadecimal digits.
fn hex<const N: usize>(digits: &str) -> [u8; N] {
    std::array::from_fn(|at| u8::from_str_radix(&digits[2 * at..2 * at + 2], 16).expect("hex"))
}
