//! What is read, and what is refused.

use mynacard::error::BoundaryFault;
use mynacard::uni::credential::{BirthYearForm, NumberB};
use mynacard::uni::driver::Driver;
use mynacard::uni::error::fault_row;
use mynacard::uni::face::Picture;
use mynacard::uni::plain::{Plan, plan_face_only};
use mynacard::uni::reading::{ReadingPart, TokenKind, VerifyOutcome};
use mynacard::uni::sim::SimCard;
use mynacard::uni::trust::{CardValue, CardVerdict, HostClock, Roots};
use mynacard_core::error::{CredentialFault, LinkFault, Misuse};

use crate::support::{NOW, card, drive, failed, number, plan, read, roots, wrong_number};

#[test]
fn a_reading_gives_its_values_and_their_trust() {
    let (card, reading) = read("adult");
    assert_eq!(reading.name().unwrap().as_deref(), Some("救急　太郎"));
    assert_eq!(reading.birth_date().unwrap().unwrap().year, 1985);
    assert_eq!(reading.status(ReadingPart::Certificate).unwrap(), None);
    assert_eq!(reading.verification(ReadingPart::Face).unwrap().outcome, VerifyOutcome::Accepted);
    assert_eq!(reading.verification(ReadingPart::Proof), Err(failed(Misuse::OutOfRange.code())));
    assert_eq!((reading.tries_spent().unwrap(), card.presentations()), (0, 2));
    let report = reading.examine(roots(), HostClock::Trusted { unix_millis: NOW }).unwrap();
    assert_eq!(report.verdict(), CardVerdict::GenuineLive);
    assert!(report.not_live().is_none());
    assert_eq!(report.of(CardValue::Expiry).why, "the card does not sign it");
    let production = reading.examine(Roots::production(), HostClock::Unknown).unwrap();
    assert_eq!(production.verdict(), CardVerdict::IssuerUnknown);
}

#[test]
fn pixels_can_be_read_in_place_and_are_those_of_the_png() {
    let (_, reading) = read("adult");
    let pixels = reading.face().unwrap().pixels(Picture::Photo).unwrap();
    assert_eq!(pixels.length(), u64::from(pixels.width() * pixels.height()));
    let (address, length) = (pixels.address(), usize::try_from(pixels.length()).unwrap());
    let first = usize::try_from(address).unwrap() as *const u8;
    // SAFETY: the pixels are referenced until the end of this test, and nobody writes them.
    let in_place = unsafe { core::slice::from_raw_parts(first, length) };
    let png = pixels.to_png().unwrap();
    let mut decoder = png::Decoder::new(std::io::Cursor::new(&png)).read_info().unwrap();
    let mut decoded = vec![0; decoder.output_buffer_size().unwrap()];
    decoder.next_frame(&mut decoded).unwrap();
    assert_eq!(decoded, in_place);
    let (_, child) = read("child");
    let face = child.face().unwrap();
    assert!(!face.has(Picture::Photo));
    assert_eq!(face.pixels(Picture::Photo).err(), Some(failed(BoundaryFault::Absent.code())));
}

#[test]
fn what_lies_on_the_reader_and_its_tries_are_told_without_a_number() {
    let card = card("nearly-locked");
    let driver = Driver::identify(card.link()).unwrap();
    drive(&driver, &card, None);
    assert_eq!(driver.reading().err(), Some(failed(BoundaryFault::WrongHandle.code())));
    assert_eq!(driver.token().unwrap().kind, TokenKind::Card);
    assert_eq!(driver.token().err(), Some(failed(BoundaryFault::Absent.code())));
    let driver = Driver::tries(card.link()).unwrap();
    drive(&driver, &card, None);
    let left = driver.all_tries().unwrap().face_b.left.unwrap();
    let driver = Driver::read(card.link(), number(&card), plan_face_only()).unwrap();
    drive(&driver, &card, None);
    let reading = driver.reading().unwrap();
    let refused = reading.verification(ReadingPart::Face).unwrap();
    assert_eq!(refused.outcome, VerifyOutcome::RefusedByFloor);
    assert_eq!((refused.left, refused.spent, card.presentations()), (Some(left), 0, 0));
    let driver = Driver::facts(card.link()).unwrap();
    drive(&driver, &card, None);
    assert_eq!(driver.card_facts().unwrap().municipality.unwrap().len(), 5);
}

#[test]
fn a_wrong_number_costs_one_try_and_is_a_value() {
    let card = card("adult");
    let number = wrong_number(&card);
    let driver = Driver::read(card.link(), number, plan(1)).unwrap();
    drive(&driver, &card, None);
    let reading = driver.reading().unwrap();
    let rejected = Some(CredentialFault::Rejected.code());
    assert_eq!(reading.status(ReadingPart::Face).unwrap(), rejected);
    assert_eq!(reading.verification(ReadingPart::Face).unwrap().outcome, VerifyOutcome::Rejected);
    assert_eq!((reading.tries_spent().unwrap(), card.presentations()), (1, 1));
}

#[test]
fn numbers_come_from_digits_parts_and_lines_and_impossible_ones_say_why() {
    let printed = |date: &str, form| {
        let bytes = |text: &str| text.as_bytes().to_vec();
        NumberB::from_printed(bytes(date), bytes("2035年5月3日まで有効"), bytes("4819"), form).err()
    };
    assert_eq!(printed("昭和60年5月3日生", BirthYearForm::AsPrinted), None);
    assert!(printed("1985年5月3日生", BirthYearForm::AsPrinted).is_some());
    assert_eq!(printed("1985年5月3日生", BirthYearForm::Gregorian), None);
    let length = Some(failed(CredentialFault::Length.code()));
    assert_eq!(NumberB::from_digits(b"123".to_vec()).err(), length);
    let lines = vec![vec![0xFF]];
    let not_text = Some(failed(BoundaryFault::NotText.code()));
    assert_eq!(NumberB::from_ocr_lines(lines, BirthYearForm::AsPrinted).err(), not_text);
}

#[test]
fn calls_in_the_wrong_order_are_refused_and_change_nothing() {
    let card = card("adult");
    let driver = Driver::read(card.link(), number(&card), plan(1)).unwrap();
    let unexpected = Some(failed(Misuse::UnexpectedInput.code()));
    assert_eq!(driver.respond(vec![0x90, 0x00]).err(), unexpected);
    assert_eq!(driver.proceed().err(), unexpected);
    assert_eq!(driver.link_lost(4711).err(), Some(failed(Misuse::OutOfRange.code())));
    assert_eq!(driver.reading().err(), Some(failed(BoundaryFault::Absent.code())));
    drive(&driver, &card, None);
    let done = Some(failed(Misuse::AlreadyDone.code()));
    assert_eq!(driver.start().err(), done);
    assert_eq!(driver.respond(vec![0x90, 0x00]).err(), done);
    let reading = driver.reading().unwrap();
    assert_eq!(driver.reading().err(), Some(failed(BoundaryFault::Absent.code())));
    assert_eq!(reading.status(ReadingPart::Face).unwrap(), None);
}

#[test]
fn the_text_application_proves_itself_where_it_is_asked() {
    let card = card("adult");
    let read = |text_proof: bool| {
        card.power_off();
        let asked = Plan { without_text_proof: !text_proof, ..plan(1) };
        let driver = Driver::read(card.link(), number(&card), asked).unwrap();
        drive(&driver, &card, None);
        driver.reading().unwrap().status(ReadingPart::TextProof).unwrap()
    };
    assert_eq!(read(false), Some(BoundaryFault::Absent.code()));
    assert_eq!(read(true), None);
}

#[test]
fn a_torn_tap_goes_on_with_the_same_card_and_no_other() {
    let torn = |card: &SimCard| {
        let driver = Driver::read(card.link(), number(card), plan(1)).unwrap();
        drive(&driver, card, Some(9));
        driver.reading().unwrap()
    };
    let (adult, other) = (card("adult"), card("long-name"));
    let reading = torn(&adult);
    let number = number(&adult);
    let again = Driver::resume(adult.link(), number.clone(), plan(1), reading.clone()).err();
    assert_eq!(again, Some(failed(Misuse::OutOfRange.code())), "the nonce of the tap before");
    assert!(reading.statistics().is_ok(), "it is as it was");
    let driver = Driver::resume(other.link(), number.clone(), plan(3), reading.clone()).unwrap();
    assert_eq!(reading.statistics().err(), Some(failed(BoundaryFault::Absent.code())));
    drive(&driver, &other, None);
    assert!(driver.resumed().is_err());
    assert_eq!(other.presentations(), 0);
    let reading = driver.reading().unwrap();
    let driver = Driver::resume(adult.link(), number, plan(5), reading).unwrap();
    drive(&driver, &adult, None);
    assert_eq!(driver.resumed(), Ok(()));
    assert_eq!(driver.reading().unwrap().status(ReadingPart::Attributes).unwrap(), None);
}

#[test]
fn a_fault_has_its_row_and_says_nothing_else() {
    let row = fault_row(LinkFault::Lost.code()).unwrap();
    assert_eq!(row.name, "LinkFault::Lost");
    assert!(row.advice_ja.contains("カード"));
    assert!(fault_row(1).is_none());
    assert_eq!(failed(LinkFault::Lost.code()).to_string(), "mynacard fault 1001");
}
