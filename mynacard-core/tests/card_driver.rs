//! The driver's contract, from outside: which inputs it takes when, and what a lost link leaves.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests may fail loudly"
)]

mod card_support;

use std::future::pending;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use card_support::{
    Script, attributes_file, blocks, der, face_file, free_link, header, number, ok, sw,
};
use mynacard_core::Error;
use mynacard_core::driver::{Action, Driver, Input, Parts, run, run_async, run_with};
use mynacard_core::error::{LinkFault, Misuse};
use mynacard_core::exchange::{Limits, Link, Phase, Progress, Statistics};
use mynacard_core::map::{AUTHENTICATION_CERTIFICATE, Application};
use mynacard_core::reading::{CardReading, EarlyPart, Plan, read, read_tries};

const SELECT: u8 = 0xA4;

type Bytes = Result<Vec<u8>, Error>;

/// Reads the certificate: SELECT, then READ BINARY until all is there.
fn certificate() -> Driver<'static, Bytes> {
    let driver = Driver::new(&free_link(), Limits::default(), |mut card| async move {
        let bytes = card.read(&AUTHENTICATION_CERTIFICATE, Phase::Certificate).await;
        bytes.map(|bytes| bytes.to_vec())
    });
    driver.expect("the link is free")
}

fn command<T, P>(action: Result<Action<T, P>, Misuse>) -> Vec<u8> {
    match action.expect("the input is awaited") {
        Action::Transmit(command) => command.to_vec(),
        Action::Progress(_) => panic!("a command was expected, not progress"),
        Action::Part(_) => panic!("a command was expected, not a part"),
        Action::Done(_) => panic!("a command was expected, not the end"),
    }
}

fn done<T, P>(action: Result<Action<T, P>, Misuse>) -> T {
    match action.expect("the input is awaited") {
        Action::Done(result) => result,
        _ => panic!("the end was expected"),
    }
}

fn refusal<T, P>(action: Result<Action<T, P>, Misuse>) -> Option<Misuse> {
    action.err()
}

#[test]
fn before_the_start_only_start_is_taken_and_a_refusal_changes_nothing() {
    let mut driver = certificate();
    for input in [Input::Continue, Input::Response(&[0x90, 0x00]), Input::Response(&[])] {
        assert_eq!(refusal(driver.step(input)), Some(Misuse::UnexpectedInput));
        assert_eq!(driver.statistics(), Statistics::default());
    }
    assert_eq!(command(driver.step(Input::Start)), command(certificate().step(Input::Start)));
}

#[test]
fn while_a_response_is_awaited_nothing_else_is_taken() {
    let mut driver = certificate();
    assert_eq!(header(&command(driver.step(Input::Start)))[1], SELECT);
    let spent = driver.statistics();
    for input in [Input::Start, Input::Continue] {
        assert_eq!(refusal(driver.step(input)), Some(Misuse::UnexpectedInput));
        assert_eq!(driver.statistics(), spent);
    }
    let read = command(driver.step(Input::Response(&sw(0x9000))));
    assert_eq!(header(&read), [0x00, 0xB0, 0x8A, 0x00], "the refused inputs changed the flow");
}

#[test]
fn while_continue_is_awaited_nothing_else_is_taken() {
    let mut driver = certificate();
    let file = der(300);
    command(driver.step(Input::Start));
    command(driver.step(Input::Response(&sw(0x9000))));
    let action = driver.step(Input::Response(&ok(&file[..256])));
    assert!(matches!(action, Ok(Action::Progress(_))));
    let spent = driver.statistics();
    for input in [Input::Start, Input::Response(&sw(0x9000))] {
        assert_eq!(refusal(driver.step(input)), Some(Misuse::UnexpectedInput));
        assert_eq!(driver.statistics(), spent);
    }
    assert_eq!(header(&command(driver.step(Input::Continue))), [0x00, 0xB0, 0x01, 0x00]);
}

#[test]
fn after_the_end_every_input_is_refused() {
    let mut driver = certificate();
    command(driver.step(Input::Start));
    let result = done(driver.step(Input::LinkLost(LinkFault::Timeout)));
    assert_eq!(result, Err(LinkFault::Timeout.into()));
    for input in [
        Input::Start,
        Input::Continue,
        Input::Response(&[0x90, 0x00]),
        Input::LinkLost(LinkFault::Lost),
    ] {
        assert_eq!(refusal(driver.step(input)), Some(Misuse::AlreadyDone));
    }
}

#[test]
fn a_link_lost_before_the_start_ends_it_without_a_command() {
    let mut driver = certificate();
    let result = done(driver.step(Input::LinkLost(LinkFault::NoCard)));
    assert_eq!(result, Err(LinkFault::NoCard.into()));
    assert_eq!(driver.statistics(), Statistics::default());
}

#[test]
fn a_link_lost_between_two_commands_sends_nothing_and_counts_nothing() {
    let mut driver = certificate();
    let file = der(600);
    command(driver.step(Input::Start));
    command(driver.step(Input::Response(&sw(0x9000))));
    let action = driver.step(Input::Response(&ok(&file[..256])));
    assert!(matches!(action, Ok(Action::Progress(_))));
    let result = done(driver.step(Input::LinkLost(LinkFault::Reset)));
    assert_eq!(result, Err(LinkFault::Reset.into()));
    assert_eq!(driver.statistics().exchanges, 2, "a command that was never handed out counts");
}

#[test]
fn after_a_lost_link_a_reading_of_many_parts_sends_nothing_more() {
    for survived in 0..8_usize {
        let answers = [sw(0x9000), sw(0x9000), sw(0x63CA), sw(0x9000)];
        let face = blocks(&face_file(600));
        let mut card = Script::new(answers.into_iter().chain(face).take(survived));
        let mut driver =
            read(&card.link, Limits::default(), number(), Plan::all()).expect("the link is free");
        let reading = run(&mut driver, &mut card).expect("a link fault is not a misuse");
        assert_eq!(card.sent.len(), survived + 1, "something was sent over a dead link");
        assert_eq!(reading.statistics().exchanges, survived + 1);
        assert!(reading.errors().next().is_some());
    }
}

#[test]
fn an_answer_too_short_to_be_one_is_a_lost_link() {
    // Some readers report success with no bytes when the card is pulled.
    for answer in [&[][..], &[0x90]] {
        let mut driver = certificate();
        command(driver.step(Input::Start));
        let result = done(driver.step(Input::Response(answer)));
        assert_eq!(result.map(drop), Err(Error::Link(LinkFault::Lost)));
    }
}

#[test]
fn dropping_a_driver_ends_its_flow() {
    let alive = Arc::new(());
    let held = Arc::clone(&alive);
    let mut driver: Driver<'_, Bytes> =
        Driver::new(&free_link(), Limits::default(), |mut card| async move {
            let _held = held;
            let bytes = card.read(&AUTHENTICATION_CERTIFICATE, Phase::Certificate).await;
            bytes.map(|bytes| bytes.to_vec())
        })
        .expect("the link is free");
    command(driver.step(Input::Start));
    assert_eq!(Arc::strong_count(&alive), 2);
    drop(driver);
    assert_eq!(Arc::strong_count(&alive), 1, "the flow outlives its driver");
}

#[test]
fn a_flow_that_waits_for_anything_else_ends_its_driver() {
    let mut driver: Driver<'_, ()> =
        Driver::new(&free_link(), Limits::default(), |_| pending()).expect("the link is free");
    assert_eq!(refusal(driver.step(Input::Start)), Some(Misuse::ForeignAwait));
    assert_eq!(refusal(driver.step(Input::Start)), Some(Misuse::AlreadyDone));
}

#[test]
fn everything_reported_before_an_end_is_delivered_before_it() {
    let progress = Progress { phase: Phase::Face, bytes_done: 1, bytes_expected: 2 };
    let mut transport = Script::new([]);
    let mut driver = Driver::with_parts(
        &transport.link,
        Limits::default(),
        |card, parts: Parts<u8>| async move {
            card.progress(progress.phase, progress.bytes_done, progress.bytes_expected);
            parts.deliver(7);
            parts.deliver(8);
            "end"
        },
    )
    .expect("the link is free");
    let (mut shown, mut delivered) = (Vec::new(), Vec::new());
    let end = run_with(
        &mut driver,
        &mut transport,
        |progress| shown.push(progress),
        |part| delivered.push(part),
    );
    assert_eq!((end, shown, delivered), (Ok("end"), vec![progress], vec![7, 8]));
}

/// The answers of a well-behaved card to [`Plan::all`] without proof.
fn whole_card() -> Vec<Vec<u8>> {
    let open = || vec![sw(0x9000), sw(0x9000), sw(0x63CA), sw(0x9000)];
    [
        open(),
        blocks(&face_file(2_000)),
        open(),
        blocks(&attributes_file()),
        vec![sw(0x9000)],
        blocks(&der(1_590)),
    ]
    .concat()
}

fn without_proof() -> Plan {
    Plan { proof: false, ..Plan::all() }
}

fn driver(link: &Link) -> Driver<'static, CardReading, EarlyPart> {
    read(link, Limits::default(), number(), without_proof()).expect("the link is free")
}

/// What a host sees of a reading, in order.
#[derive(Debug, Eq, PartialEq)]
enum Seen {
    Command([u8; 4]),
    Progress(Progress),
    Face(usize),
}

fn watched(answers: Vec<Vec<u8>>) -> (CardReading, Vec<Seen>) {
    let (mut driver, mut answers) = (driver(&free_link()), answers.into_iter());
    let mut seen = Vec::new();
    let mut action = driver.step(Input::Start);
    loop {
        action = match action.expect("each input is the one awaited") {
            Action::Transmit(command) => {
                seen.push(Seen::Command(header(&command)));
                driver.step(Input::Response(&answers.next().expect("the script is long enough")))
            }
            Action::Progress(progress) => {
                seen.push(Seen::Progress(progress));
                driver.step(Input::Continue)
            }
            Action::Part(EarlyPart::Face(face)) => {
                seen.push(Seen::Face(face.bytes().len()));
                driver.step(Input::Continue)
            }
            Action::Done(reading) => return (reading, seen),
        };
    }
}

#[test]
fn the_face_is_delivered_before_anything_of_the_attributes_is_asked_for() {
    let (reading, seen) = watched(whole_card());
    let face = seen.iter().position(|event| matches!(event, Seen::Face(_))).expect("delivered");
    let selects = seen.iter().enumerate().filter_map(|(at, event)| {
        matches!(event, Seen::Command([0x00, SELECT, 0x04, _])).then_some(at)
    });
    // The first application is the face's own, the second the attributes'.
    assert!(face < selects.clone().nth(1).expect("a second application is selected"));
    let early = reading.face().value().expect("read");
    assert_eq!(seen[face], Seen::Face(early.bytes().len()));
    assert!(reading.attributes().value().is_some());
}

#[test]
fn progress_only_grows_and_never_passes_what_is_expected() {
    let (_, seen) = watched(whole_card());
    let progress: Vec<Progress> = seen
        .iter()
        .filter_map(|event| match event {
            Seen::Progress(progress) => Some(*progress),
            _ => None,
        })
        .collect();
    for pair in progress.windows(2) {
        let [before, after] = pair else { continue };
        assert!(before.phase <= after.phase, "{before:?} then {after:?}");
        if before.phase == after.phase && before.bytes_expected != 0 {
            assert_eq!(before.bytes_expected, after.bytes_expected);
            assert!(before.bytes_done < after.bytes_done, "{before:?} then {after:?}");
        }
    }
    assert!(progress.iter().all(|step| step.bytes_done <= step.bytes_expected));
    for phase in [Phase::Face, Phase::Attributes, Phase::Certificate] {
        let last = progress.iter().rev().find(|step| step.phase == phase).expect("reported");
        assert_eq!(last.bytes_done, last.bytes_expected, "{phase:?} does not end at its end");
    }
}

#[test]
fn the_asynchronous_loop_gives_what_the_blocking_one_gives() {
    let mut blocking_card = Script::new(whole_card());
    let mut blocking_progress = Vec::new();
    let blocking = run_with(
        &mut driver(&blocking_card.link.clone()),
        &mut blocking_card,
        |progress| blocking_progress.push(progress),
        |_| {},
    )
    .expect("no misuse");

    let mut card = Script::new(whole_card());
    let (mut progress, mut parts) = (Vec::new(), 0);
    let mut twin = driver(&card.link);
    let reading = {
        let future =
            pin!(run_async(&mut twin, &mut card, |step| progress.push(step), |_| parts += 1,));
        match future.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(result) => result.expect("no misuse"),
            Poll::Pending => panic!("this transport never waits"),
        }
    };
    assert_eq!(card.sent, blocking_card.sent);
    assert_eq!((progress, parts), (blocking_progress, 1));
    assert_eq!(reading.statistics(), blocking.statistics());
    let bytes = |reading: &CardReading| reading.face().value().map(|face| face.bytes().to_vec());
    assert_eq!(bytes(&reading), bytes(&blocking));
    let name = |reading: &CardReading| {
        reading
            .attributes()
            .value()
            .map(|attributes| attributes.name().unwrap().as_str().to_owned())
    };
    assert_eq!(name(&reading), name(&blocking));
}

#[test]
fn debug_of_a_driver_and_a_reading_shows_nobody() {
    let mut card = Script::new(whole_card());
    let mut twin = driver(&card.link);
    let reading = run(&mut twin, &mut card).expect("no misuse");
    let shown = format!("{twin:?} {reading:?}");
    for personal in ["見本", "1980", "55021720352285", "53, 53"] {
        assert!(!shown.contains(personal), "{personal} is shown: {shown}");
    }
}

#[test]
fn one_driver_at_a_time_has_a_link_whatever_wraps_it() {
    let mut card = Script::new([sw(0x9000)]);
    let same = card.link.clone();
    let mut first = driver(&card.link);
    first.step(Input::Start).expect("the input is awaited");
    for link in [&card.link, &same] {
        assert!(link.is_busy());
        let second = read(link, Limits::default(), number(), Plan::all()).map(drop);
        assert_eq!(second, Err(Misuse::LinkBusy));
        assert_eq!(read_tries(link, Limits::default()).map(drop), Err(Misuse::LinkBusy));
    }
    // Another connection is another card.
    driver(&free_link());
    drop(first);
    assert!(!same.is_busy());
    run(&mut driver(&same), &mut card).expect("the link is free again");
    assert!(!same.is_busy(), "a driver that is done has given the link back");
}

#[test]
fn a_driver_runs_over_its_own_link_alone() {
    let (mut card, mut other) = (Script::new([]), Script::new([]));
    let mut first = driver(&card.link);
    assert_eq!(run(&mut first, &mut other).map(drop), Err(Misuse::OtherLink));
    assert_eq!(other.sent.len(), 0);
    assert!(first.is_over(&card.link) && !first.is_over(&other.link));
    run(&mut first, &mut card).expect("nothing had begun");
}

/// Selects JPKI unless it is known to be selected, then reads.
fn certificate_over(link: &Link) -> Driver<'static, Bytes> {
    Driver::new(link, Limits::default(), |mut card| async move {
        card.select(Application::Jpki).await?;
        let bytes = card.read(&AUTHENTICATION_CERTIFICATE, Phase::Certificate).await;
        bytes.map(|bytes| bytes.to_vec())
    })
    .expect("the link is free")
}

#[test]
fn what_is_selected_is_known_to_the_next_driver_and_unknown_after_one_that_was_dropped() {
    let small = der(100);
    let mut card = Script::new([sw(0x9000), ok(&small), ok(&small), sw(0x9000), ok(&small)]);
    let selects = |card: &Script| card.headers().iter().filter(|it| it[1] == SELECT).count();
    for _ in 0..2 {
        let mut driver = certificate_over(&card.link);
        let read = run(&mut driver, &mut card).expect("no misuse");
        assert_eq!(read.as_deref(), Ok(&small[..]));
        assert_eq!(selects(&card), 1, "the second one need not select again");
    }
    let mut dropped = certificate_over(&card.link);
    command(dropped.step(Input::Start));
    drop(dropped);
    let mut driver = certificate_over(&card.link);
    run(&mut driver, &mut card).expect("no misuse").expect("read");
    assert_eq!(selects(&card), 2, "nobody knows what was selected meanwhile");
    // Also when it is told to forget while a driver has it.
    let mut under_way = certificate_over(&card.link);
    assert_eq!(header(&command(under_way.step(Input::Start)))[1], 0xB0, "still selected");
    card.link.forget();
    let mut action = under_way.step(Input::Response(&ok(&small)));
    while matches!(action, Ok(Action::Progress(_))) {
        action = under_way.step(Input::Continue);
    }
    done(action).expect("read");
    assert_eq!(header(&command(certificate_over(&card.link).step(Input::Start)))[1], SELECT);
    assert_eq!(header(&command(certificate_over(&card.link).step(Input::Start)))[1], SELECT);
}

#[test]
fn what_an_earlier_driver_selected_is_doubted_once_the_card_refuses() {
    // A card that was reset meanwhile, and nobody said so.
    let mut card = Script::new([sw(0x9000), ok(&der(100)), sw(0x6A82), sw(0x9000), ok(&der(100))]);
    run(&mut certificate_over(&card.link), &mut card).expect("no misuse").expect("read");
    run(&mut certificate_over(&card.link), &mut card).expect("no misuse").expect_err("refused");
    run(&mut certificate_over(&card.link), &mut card).expect("no misuse").expect("selected again");
    assert_eq!(card.headers().iter().filter(|it| it[1] == SELECT).count(), 2);
}

#[test]
fn after_a_lost_link_nothing_is_known() {
    let mut card = Script::new([sw(0x9000), ok(&der(100))]);
    let mut driver = certificate_over(&card.link);
    run(&mut driver, &mut card).expect("no misuse").expect("read");
    let mut driver = certificate_over(&card.link);
    run(&mut driver, &mut card).expect("no misuse").expect_err("the script is over");
    let mut next = certificate_over(&card.link);
    assert_eq!(header(&command(next.step(Input::Start)))[1], SELECT);
}
