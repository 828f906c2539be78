//! Operations on one card, answer by answer: what is sent, what is fallen back on, what a try costs.
#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests may fail loudly")]

mod card_support;

use card_support::{Script, blocks, der, number, ok, sw, tlv, with_status};
use mynacard_core::Error;
use mynacard_core::card::{Floor, TriesLeft, Verification, VerifyOutcome};
use mynacard_core::driver::{Driver, run};
use mynacard_core::error::{
    CardFault, CredentialFault, LimitFault, LinkFault, Malformed, MalformedReason, Misuse,
};
use mynacard_core::exchange::{Limits, Phase};
use mynacard_core::map::{AUTHENTICATION_CERTIFICATE, AVAILABILITY, Application, FileSpec, KeyRef};

/// Why a driver can be had.
const FREE: &str = "no other driver has the link";

const SELECT_JPKI: [u8; 4] = [0x00, 0xA4, 0x04, 0x0C];
const SELECT_FILE: [u8; 4] = [0x00, 0xA4, 0x02, 0x0C];
const READ_000A_BY_SHORT_ID: [u8; 4] = [0x00, 0xB0, 0x8A, 0x00];
const QUERY: [u8; 4] = [0x00, 0x20, 0x00, 0x80];

fn read_with(card: &mut Script, limits: Limits, file: &'static FileSpec) -> Result<Vec<u8>, Error> {
    let mut driver = Driver::new(&card.link, limits, |mut card| async move {
        card.read(file, Phase::Certificate).await.map(|bytes| bytes.to_vec())
    })
    .expect(FREE);
    run(&mut driver, card).expect("the flow awaits only the card")
}

fn read_file(card: &mut Script) -> Result<Vec<u8>, Error> {
    read_with(card, Limits::default(), &AUTHENTICATION_CERTIFICATE)
}

fn card_fault(result: Result<Vec<u8>, Error>) -> CardFault {
    match result {
        Err(Error::Card(error)) => error.fault,
        other => panic!("a card fault was expected: {:?}", other.err()),
    }
}

/// A script that begins with a successful SELECT of the application.
fn selected(answers: impl IntoIterator<Item = Vec<u8>>) -> Script {
    Script::new(std::iter::once(sw(0x9000)).chain(answers))
}

// --- reading ---------------------------------------------------------------------------------

#[test]
fn a_file_is_read_by_its_short_id_and_then_by_offset_to_its_exact_length() {
    let file = der(700);
    let mut card = selected(blocks(&file));
    assert_eq!(read_file(&mut card), Ok(file));
    let third = [0x00, 0xB0, 0x02, 0x00];
    assert_eq!(
        card.headers(),
        [SELECT_JPKI, READ_000A_BY_SHORT_ID, [0x00, 0xB0, 0x01, 0x00], third]
    );
    let last = card.sent.last().expect("sent");
    assert_eq!(last.get(4..), Some(&[0xBC][..]), "the last block asks for 700 - 512 bytes");
}

#[test]
fn a_selected_application_and_file_are_not_selected_again() {
    let mut card = Script::new([
        sw(0x9000),
        ok(&der(60)),
        ok(&[1, 1, 0]),
        sw(0x9000),
        sw(0x63CA),
        sw(0x63CA),
        sw(0x9000),
    ]);
    let mut driver = Driver::new(&card.link, Limits::default(), |mut card| async move {
        card.read(&AUTHENTICATION_CERTIFICATE, Phase::Certificate).await?;
        card.read_start(&AVAILABILITY).await?;
        card.tries_left(KeyRef::AuthenticationPin).await?;
        card.tries_left(KeyRef::AuthenticationPin).await?;
        card.select(Application::Jpki).await?;
        card.select(Application::Face).await
    })
    .expect(FREE);
    assert_eq!(run(&mut driver, &mut card), Ok(Ok(())));
    assert_eq!(
        card.headers(),
        [
            SELECT_JPKI,
            READ_000A_BY_SHORT_ID,
            [0x00, 0xB0, 0x88, 0x00],
            SELECT_FILE,
            QUERY,
            QUERY,
            SELECT_JPKI
        ]
    );
}

#[test]
fn a_card_without_short_ids_is_selected_file_by_file_and_asked_only_once() {
    for refusal in [0x6A86, 0x6A81] {
        let file = der(100);
        let answers = [sw(0x9000), sw(refusal), sw(0x9000), ok(&file), sw(0x9000), ok(&[1, 1, 0])];
        let mut card = Script::new(answers);
        let mut driver = Driver::new(&card.link, Limits::default(), |mut card| async move {
            card.read(&AUTHENTICATION_CERTIFICATE, Phase::Certificate).await?;
            card.read_start(&AVAILABILITY).await
        })
        .expect(FREE);
        let read = run(&mut driver, &mut card).expect("no misuse").map(|bytes| bytes.to_vec());
        assert_eq!(read, Ok(vec![1, 1, 0]));
        let plain_read = [0x00, 0xB0, 0x00, 0x00];
        assert_eq!(
            card.headers(),
            [SELECT_JPKI, READ_000A_BY_SHORT_ID, SELECT_FILE, plain_read, SELECT_FILE, plain_read]
        );
    }
}

#[test]
fn an_extended_read_takes_the_rest_at_once_and_falls_back_when_refused() {
    let file = der(1_590);
    let rest = file.get(256..).expect("long enough");
    let mut card = selected([ok(file.get(..256).expect("long enough")), ok(rest)]).extended();
    assert_eq!(read_file(&mut card), Ok(file.clone()));
    assert_eq!(card.sent.len(), 3);

    let mut answers = blocks(&file);
    answers.insert(1, sw(0x6700));
    let mut card = selected(answers).extended();
    assert_eq!(read_file(&mut card), Ok(file));
    let extended = card.sent.iter().filter(|command| command.len() == 7).count();
    assert_eq!(extended, 1, "what was refused once is asked for again");
}

#[test]
fn a_card_that_names_the_right_length_is_asked_for_that() {
    let file = der(200);
    let mut card = selected([sw(0x6CC8), ok(&file)]);
    assert_eq!(read_file(&mut card), Ok(file));
    assert_eq!(card.sent.last().and_then(|command| command.get(4)), Some(&0xC8));
}

#[test]
fn what_61xx_announces_is_fetched() {
    let file = der(300);
    let (head, tail) = file.split_at(200);
    let (middle, end) = tail.split_at(56);
    let mut card = selected([with_status(head, 0x6138), ok(middle), ok(end)]);
    assert_eq!(read_file(&mut card), Ok(file.clone()));
    let get_response = card.sent.get(2).expect("sent");
    assert_eq!(*get_response, [0x00, 0xC0, 0x00, 0x00, 0x38]);
}

#[test]
fn a_card_that_gives_single_bytes_is_read_all_the_same() {
    let file = der(100);
    let mut card = selected(file.iter().map(|byte| ok(&[*byte])));
    assert_eq!(read_file(&mut card), Ok(file));
}

#[test]
fn a_card_that_gives_single_bytes_of_a_large_file_meets_the_limit() {
    let mut card = selected(der(1_590).iter().map(|byte| ok(&[*byte])));
    assert_eq!(read_file(&mut card), Err(LimitFault::Exchanges.into()));
    assert_eq!(card.sent.len(), Limits::default().exchanges);
}

#[test]
fn endless_announcements_meet_a_limit() {
    let mut card = selected([]).then_always(sw(0x6110));
    assert_eq!(read_file(&mut card), Err(LimitFault::NoProgress.into()));
    assert!(card.sent.len() <= 2 + 1 + Limits::default().idle);

    let mut card = selected([]).then_always(with_status(&[0xAA; 256], 0x6100));
    let Err(Error::Limit(_)) = read_file(&mut card) else { panic!("a limit was expected") };
    assert!(card.sent.len() <= Limits::default().exchanges);
}

#[test]
fn endless_corrections_of_the_length_meet_a_limit() {
    for correction in [0x6C00, 0x6C10, 0x6CFF] {
        let mut card = selected([]).then_always(sw(correction));
        assert_eq!(read_file(&mut card), Err(LimitFault::NoProgress.into()));
        assert!(card.sent.len() <= 2 + Limits::default().idle);
    }
}

#[test]
fn bytes_are_bounded() {
    let limits = Limits { bytes: 1_000, ..Limits::default() };
    let mut card = selected(blocks(&der(1_590)));
    let read = read_with(&mut card, limits, &AUTHENTICATION_CERTIFICATE);
    assert_eq!(read, Err(LimitFault::Bytes.into()));
    assert_eq!(card.sent.len(), 5, "the fourth block passes the bound");
}

#[test]
fn a_length_beyond_the_bound_is_refused_before_anything_is_fetched() {
    for header in [
        &[0x30, 0x83, 0x01, 0x00, 0x00][..],
        &[0x30, 0x82, 0xFF, 0xFF],
        &[0x30, 0x84, 0x7F, 0xFF, 0xFF, 0xFF],
    ] {
        let mut card = selected([ok(&[header, &[0; 100]].concat())]);
        let error = read_file(&mut card).expect_err("too large");
        assert!(
            matches!(
                error,
                Error::Limit(LimitFault::ObjectSize)
                    | Error::Malformed(Malformed { why: MalformedReason::BadLength, .. })
            ),
            "{error:?}"
        );
        assert_eq!(card.sent.len(), 2);
    }
}

#[test]
fn a_success_without_bytes_is_a_short_file() {
    let mut card = selected([sw(0x9000)]);
    assert_eq!(card_fault(read_file(&mut card)), CardFault::ShortFile);

    let file = der(700);
    let block = ok(file.get(..256).expect("long enough"));
    let mut card = selected([block, sw(0x6B00), sw(0x6B00)]);
    assert_eq!(card_fault(read_file(&mut card)), CardFault::ShortFile);
}

#[test]
fn more_bytes_than_asked_for_are_no_response() {
    let file = der(300);
    let mut card = selected([ok(&file)]);
    assert_eq!(card_fault(read_file(&mut card)), CardFault::NotAResponse);
}

#[test]
fn filler_is_empty_and_another_object_is_unexpected() {
    let malformed = |file: &[u8]| match read_file(&mut selected([ok(file)])) {
        Err(Error::Malformed(malformed)) => (malformed.object, malformed.why),
        other => panic!("a malformed object was expected: {:?}", other.err()),
    };
    assert_eq!(malformed(&[0xFF; 256]), ("jpki/000A", MalformedReason::Empty));
    assert_eq!(malformed(&[0x00; 256]), ("jpki/000A", MalformedReason::Empty));
    assert_eq!(malformed(&tlv(0xFF20, &[1])), ("jpki/000A", MalformedReason::UnexpectedTag));
}

#[test]
fn each_refusal_of_a_read_has_its_own_fault() {
    for (status, fault) in [
        (0x6982, CardFault::AccessDenied),
        (0x6A82, CardFault::FileMissing),
        (0x6F00, CardFault::UnexpectedStatus),
        (0x6D00, CardFault::UnexpectedStatus),
        (0x66F1, CardFault::UnexpectedStatus),
    ] {
        let mut card = selected([sw(status)]);
        let Err(Error::Card(error)) = read_file(&mut card) else { panic!("{status:04X}") };
        assert_eq!((error.fault, error.operation), (fault, "jpki/000A"));
        assert_eq!(error.status.map(|word| word.value()), Some(status));
        assert_eq!(card.sent.len(), 2);
    }
}

#[test]
fn every_way_to_say_that_an_application_is_not_there_means_that() {
    for status in [0x6A82, 0x6D00, 0x6E00, 0x6A81, 0x6A86, 0x6999, 0x6985, 0x6700, 0x6F00, 0x6581] {
        let mut card = Script::new([sw(status)]);
        let missing = card_fault(read_file(&mut card));
        let expected = match status {
            0x6F00 | 0x6581 => CardFault::UnexpectedStatus,
            _ => CardFault::ApplicationMissing,
        };
        assert_eq!(missing, expected, "{status:04X}");
        assert_eq!(card.sent.len(), 1);
    }
}

// --- tries -----------------------------------------------------------------------------------

fn tries(answer: Vec<u8>) -> Result<TriesLeft, Error> {
    let mut card = Script::new([sw(0x9000), sw(0x9000), answer]);
    let mut driver = Driver::new(&card.link, Limits::default(), |mut card| async move {
        card.tries_left(KeyRef::FaceNumberB).await
    })
    .expect(FREE);
    let left = run(&mut driver, &mut card).expect("no misuse");
    assert_eq!(card.sent.last().map(Vec::as_slice), Some(&QUERY[..]), "a query carries nothing");
    left
}

#[test]
fn a_query_says_what_the_card_says() {
    assert_eq!(tries(sw(0x63CA)), Ok(TriesLeft::Count(10)));
    assert_eq!(tries(sw(0x63C1)), Ok(TriesLeft::Count(1)));
    assert_eq!(tries(sw(0x63C0)), Ok(TriesLeft::Blocked));
    assert_eq!(tries(sw(0x6984)), Ok(TriesLeft::Blocked));
    assert_eq!(tries(sw(0x6983)), Ok(TriesLeft::Blocked));
    assert_eq!(tries(sw(0x9000)), Ok(TriesLeft::AlreadyVerified));
    assert_eq!(tries(sw(0x6300)), Ok(TriesLeft::NotTold));
    assert!(matches!(tries(sw(0x6700)), Err(Error::Card(_))));
}

/// Verifies 照合番号B of the face application: the answer to the query, then to the VERIFY.
fn verify(
    floor: Floor,
    query: u16,
    answers: impl IntoIterator<Item = Vec<u8>>,
) -> (Result<Verification, Error>, Script) {
    let opening = [sw(0x9000), sw(0x9000), sw(query)];
    let mut card = Script::new(opening.into_iter().chain(answers));
    let number = number();
    let mut driver = Driver::new(&card.link, Limits::default(), |mut card| async move {
        card.verify(KeyRef::FaceNumberB, &number, floor).await
    })
    .expect(FREE);
    let verification = run(&mut driver, &mut card).expect("no misuse");
    (verification, card)
}

fn outcome(query: u16, answer: u16) -> VerifyOutcome {
    let (verification, card) = verify(Floor::DEFAULT, query, [sw(answer)]);
    assert_eq!(card.tries_risked(), 1);
    verification.expect("an outcome").outcome
}

#[test]
fn a_verify_is_select_query_verify_and_its_outcomes_are_values() {
    assert_eq!(outcome(0x63CA, 0x9000), VerifyOutcome::Accepted);
    assert_eq!(outcome(0x63CA, 0x63C9), VerifyOutcome::Rejected { left: 9 });
    assert_eq!(outcome(0x63C3, 0x6984), VerifyOutcome::Blocked);
    let (_, card) = verify(Floor::DEFAULT, 0x63CA, [sw(0x9000)]);
    assert_eq!(card.headers(), [SELECT_JPKI, SELECT_FILE, QUERY, QUERY]);
    let sent = card.sent.last().expect("sent");
    assert_eq!(sent.get(4..), Some(&[&[14], card_support::NUMBER].concat()[..]));
}

#[test]
fn below_the_floor_nothing_is_risked() {
    for (floor, left) in [(3, 2), (3, 1), (10, 9), (2, 1)] {
        let (verification, card) =
            verify(Floor::new(floor).expect("a floor"), 0x63C0 | u16::from(left), []);
        let verification = verification.expect("an outcome");
        assert_eq!(verification.outcome, VerifyOutcome::RefusedByFloor { left, floor });
        assert_eq!(verification.fault(), Some(CredentialFault::RefusedByFloor));
        assert_eq!((card.tries_risked(), verification.tries_spent()), (0, 0));
    }
}

#[test]
fn a_floor_without_bottom_lets_a_try_through_and_shows() {
    let (verification, card) = verify(Floor::LAST_TRIES_ALLOWED, 0x63C2, [sw(0x63C1)]);
    let verification = verification.expect("an outcome");
    assert_eq!(verification.outcome, VerifyOutcome::Rejected { left: 1 });
    assert!(verification.allowed_last_tries());
    assert_eq!((verification.tries_spent(), card.tries_risked()), (1, 1));
    let (usual, _) = verify(Floor::DEFAULT, 0x63CA, [sw(0x9000)]);
    assert!(!usual.expect("an outcome").allowed_last_tries());
}

#[test]
fn a_try_that_blocks_the_key_counts_as_spent() {
    let (verification, _) = verify(Floor::LAST_TRIES_ALLOWED, 0x63C1, [sw(0x6984)]);
    let verification = verification.expect("an outcome");
    assert_eq!(verification.outcome, VerifyOutcome::Blocked);
    assert_eq!((verification.tries_spent(), verification.tries_left()), (1, Some(0)));
    let (verification, card) = verify(Floor::LAST_TRIES_ALLOWED, 0x63C0, []);
    let verification = verification.expect("an outcome");
    assert_eq!((verification.tries_spent(), card.tries_risked()), (0, 0));
}

#[test]
fn an_open_key_is_left_and_asked_again_before_digits_count_as_checked() {
    // Query; SELECT of another application and back, of the key; query.
    let left = [sw(0x9000), sw(0x9000), sw(0x9000)];
    let answers = left.clone().into_iter().chain([sw(0x63CA), sw(0x63C9)]);
    let (verification, card) = verify(Floor::DEFAULT, 0x9000, answers);
    assert_eq!(
        verification.expect("an outcome").outcome,
        VerifyOutcome::Rejected { left: 9 },
        "wrong digits pass for checked"
    );
    assert_eq!(card.tries_risked(), 1);
    // A card that keeps its keys open all the same: nothing is sent, and the outcome says so.
    let (verification, card) = verify(Floor::DEFAULT, 0x9000, left.into_iter().chain([sw(0x9000)]));
    let verification = verification.expect("an outcome");
    assert_eq!(verification.outcome, VerifyOutcome::AlreadyVerified);
    assert_eq!(card.tries_risked(), 0);
}

#[test]
fn a_key_that_is_blocked_or_silent_is_not_tried() {
    for query in [0x63C0, 0x6984, 0x6983] {
        let (verification, card) = verify(Floor::LAST_TRIES_ALLOWED, query, []);
        assert_eq!(verification.expect("an outcome").outcome, VerifyOutcome::Blocked);
        assert_eq!(card.tries_risked(), 0);
    }
    let (verification, card) = verify(Floor::LAST_TRIES_ALLOWED, 0x6300, []);
    assert_eq!(verification, Err(CredentialFault::CounterUnreadable.into()));
    assert_eq!(card.tries_risked(), 0);
}

#[test]
fn an_answer_that_says_nothing_of_the_outcome_leaves_it_unknown() {
    let unknown = Err(CredentialFault::OutcomeUnknown.into());
    let flood = with_status(&vec![0xAA; Limits::default().bytes], 0x63C9);
    let nothing: [Vec<u8>; 0] = [];
    assert_eq!(verify(Floor::DEFAULT, 0x63CA, nothing).0, unknown, "lost");
    for answer in [vec![], vec![0x90], sw(0x6F00), sw(0x6700), sw(0x6110), sw(0x6300), flood] {
        let (verification, card) = verify(Floor::DEFAULT, 0x63CA, [answer]);
        assert_eq!(verification, unknown);
        assert_eq!(card.tries_risked(), 1);
    }
}

#[test]
fn after_an_unknown_outcome_the_counter_is_read_before_another_try() {
    let answers = [sw(0x9000), sw(0x9000), sw(0x63CA), sw(0x6F00), sw(0x63C9), sw(0x9000)];
    let mut card = Script::new(answers);
    let number = number();
    let mut driver = Driver::new(&card.link, Limits::default(), |mut card| async move {
        let first = card.verify(KeyRef::FaceNumberB, &number, Floor::DEFAULT).await;
        let second = card.verify(KeyRef::FaceNumberB, &number, Floor::DEFAULT).await;
        (first, second)
    })
    .expect(FREE);
    let (first, second) = run(&mut driver, &mut card).expect("no misuse");
    assert_eq!(first, Err(CredentialFault::OutcomeUnknown.into()));
    assert_eq!(second.map(|verification| verification.outcome), Ok(VerifyOutcome::Accepted));
    let first = [SELECT_JPKI, SELECT_FILE, QUERY, QUERY];
    let commands = card.headers();
    assert!(commands.starts_with(&first));
    assert_eq!(commands[4..], [QUERY, QUERY], "the counter is read again before the second");
}

#[test]
fn a_lost_verify_is_not_repeated_on_a_dead_link() {
    let opening = [sw(0x9000), sw(0x9000), sw(0x63CA)];
    let mut card = Script::new(opening);
    let number = number();
    let mut driver = Driver::new(&card.link, Limits::default(), |mut card| async move {
        let first = card.verify(KeyRef::FaceNumberB, &number, Floor::DEFAULT).await;
        let second = card.verify(KeyRef::FaceNumberB, &number, Floor::DEFAULT).await;
        (first, second)
    })
    .expect(FREE);
    let (first, second) = run(&mut driver, &mut card).expect("no misuse");
    assert_eq!(first, Err(CredentialFault::OutcomeUnknown.into()));
    assert_eq!(second, Err(LinkFault::Lost.into()));
    assert_eq!((card.tries_risked(), card.sent.len()), (1, 4));
}

#[test]
fn a_key_that_takes_another_secret_is_sent_nothing_at_all() {
    for key in [KeyRef::TextPin, KeyRef::AuthenticationPin, KeyRef::SignaturePassword] {
        let mut card = Script::new([]);
        let number = number();
        let mut driver = Driver::new(&card.link, Limits::default(), move |mut card| async move {
            card.verify(key, &number, Floor::LAST_TRIES_ALLOWED).await
        })
        .expect(FREE);
        let refused = run(&mut driver, &mut card).expect("no misuse");
        assert_eq!(refused, Err(Misuse::WrongCredential.into()));
        assert!(card.sent.is_empty());
    }
}

#[test]
fn zero_is_the_usual_floor_and_the_last_try_has_a_name_of_its_own() {
    assert_eq!(Floor::new(0), Ok(Floor::DEFAULT));
    for out in [1, 16, 255] {
        assert_eq!(Floor::new(out), Err(Misuse::OutOfRange), "{out}");
    }
    for (left, risked) in [(2_u16, 0), (3, 1)] {
        let floor = Floor::new(0).expect("the usual one");
        let (verification, card) = verify(floor, 0x63C0 | left, [sw(0x63C0 | (left - 1))]);
        assert!(!verification.expect("an outcome").allowed_last_tries());
        assert_eq!(card.tries_risked(), risked, "{left} left");
    }
}

#[test]
fn the_signature_of_jpki_cannot_be_asked_for() {
    let mut card = Script::new([]).then_always(sw(0x9000));
    let mut driver = Driver::new(&card.link, Limits::default(), |mut card| async move {
        card.sign(Application::Jpki, &[0x30; 51]).await.map(|signature| signature.to_vec())
    })
    .expect(FREE);
    let refused = run(&mut driver, &mut card).expect("no misuse");
    assert_eq!(refused, Err(Misuse::ForbiddenCommand.into()));
    assert_eq!(card.headers(), [SELECT_JPKI], "only the selection went out");
}

#[test]
fn the_cards_own_key_signs_without_a_try() {
    let mut card = Script::new([sw(0x9000), ok(&[0x51; 256])]);
    let mut driver = Driver::new(&card.link, Limits::default(), |mut card| async move {
        card.sign(Application::Face, &[0x30; 51]).await.map(|signature| signature.to_vec())
    })
    .expect(FREE);
    let signature = run(&mut driver, &mut card).expect("no misuse");
    assert_eq!(signature, Ok(vec![0x51; 256]));
    assert_eq!(card.headers(), [SELECT_JPKI, [0x80, 0x2A, 0x00, 0x00]]);
}
