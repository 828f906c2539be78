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

use card_support::{Script, attributes_file, blocks, der, face_file, header, number, ok, sw};
use mynacard_core::Error;
use mynacard_core::applet::jpki;
use mynacard_core::error::{LinkFault, Misuse};
use mynacard_core::exchange::{
    Action, Capabilities, Driver, Input, Limits, Parts, Phase, Progress, Statistics, run,
    run_async, run_with,
};
use mynacard_core::reading::{CardReading, EarlyPart, Plan, read};

const SELECT: u8 = 0xA4;

type Bytes = Result<Vec<u8>, Error>;

/// Reads the certificate: SELECT, then READ BINARY until all is there.
fn certificate() -> Driver<'static, Bytes> {
    Driver::new(Capabilities::SHORT, Limits::default(), |mut card| async move {
        let bytes = card.read(&jpki::AUTHENTICATION_CERTIFICATE, Phase::Certificate).await;
        bytes.map(|bytes| bytes.to_vec())
    })
}

fn command<T, P>(action: Result<Action<T, P>, Misuse>) -> Vec<u8> {
    match action.expect("the input is awaited") {
        Action::Transmit(command) => command.to_bytes().to_vec(),
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
        let mut driver = read(Capabilities::SHORT, Limits::default(), number(), Plan::all());
        let answers = [sw(0x9000), sw(0x9000), sw(0x63CA), sw(0x9000)];
        let face = blocks(&face_file(600));
        let mut card = Script::new(answers.into_iter().chain(face).take(survived));
        let reading = run(&mut driver, &mut card).expect("a link fault is not a misuse");
        assert_eq!(card.sent.len(), survived + 1, "something was sent over a dead link");
        assert_eq!(reading.statistics.exchanges, survived + 1);
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
        Driver::new(Capabilities::SHORT, Limits::default(), |mut card| async move {
            let _held = held;
            let bytes = card.read(&jpki::AUTHENTICATION_CERTIFICATE, Phase::Certificate).await;
            bytes.map(|bytes| bytes.to_vec())
        });
    command(driver.step(Input::Start));
    assert_eq!(Arc::strong_count(&alive), 2);
    drop(driver);
    assert_eq!(Arc::strong_count(&alive), 1, "the flow outlives its driver");
}

#[test]
fn a_flow_that_waits_for_anything_else_ends_its_driver() {
    let mut driver: Driver<'_, ()> =
        Driver::new(Capabilities::SHORT, Limits::default(), |_| pending());
    assert_eq!(refusal(driver.step(Input::Start)), Some(Misuse::ForeignAwait));
    assert_eq!(refusal(driver.step(Input::Start)), Some(Misuse::AlreadyDone));
}

#[test]
fn everything_reported_before_an_end_is_delivered_before_it() {
    let progress = Progress { phase: Phase::Face, bytes_done: 1, bytes_expected: 2 };
    let mut driver = Driver::with_parts(
        Capabilities::SHORT,
        Limits::default(),
        |card, parts: Parts<u8>| async move {
            card.report(progress.phase, progress.bytes_done, progress.bytes_expected);
            parts.deliver(7);
            parts.deliver(8);
            "end"
        },
    );
    let (mut shown, mut delivered) = (Vec::new(), Vec::new());
    let end = run_with(
        &mut driver,
        &mut Script::new([]),
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

fn driver() -> Driver<'static, CardReading, EarlyPart> {
    read(Capabilities::SHORT, Limits::default(), number(), without_proof())
}

/// What a host sees of a reading, in order.
#[derive(Debug, Eq, PartialEq)]
enum Seen {
    Command([u8; 4]),
    Progress(Progress),
    Face(usize),
}

fn watched(answers: Vec<Vec<u8>>) -> (CardReading, Vec<Seen>) {
    let (mut driver, mut answers) = (driver(), answers.into_iter());
    let mut seen = Vec::new();
    let mut action = driver.step(Input::Start);
    loop {
        action = match action.expect("each input is the one awaited") {
            Action::Transmit(command) => {
                seen.push(Seen::Command(header(&command.to_bytes())));
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
    let early = reading.face.value().expect("read");
    assert_eq!(seen[face], Seen::Face(early.bytes().len()));
    assert!(reading.attributes.value().is_some());
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
        &mut driver(),
        &mut blocking_card,
        |progress| blocking_progress.push(progress),
        |_| {},
    )
    .expect("no misuse");

    let mut card = Script::new(whole_card());
    let (mut progress, mut parts) = (Vec::new(), 0);
    let mut twin = driver();
    let reading = {
        let future = pin!(run_async(
            &mut twin,
            Capabilities::SHORT,
            &mut card,
            |step| progress.push(step),
            |_| parts += 1,
        ));
        match future.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(result) => result.expect("no misuse"),
            Poll::Pending => panic!("this transport never waits"),
        }
    };
    assert_eq!(card.sent, blocking_card.sent);
    assert_eq!((progress, parts), (blocking_progress, 1));
    assert_eq!(reading.statistics, blocking.statistics);
    let bytes = |reading: &CardReading| reading.face.value().map(|face| face.bytes().to_vec());
    assert_eq!(bytes(&reading), bytes(&blocking));
    let name = |reading: &CardReading| {
        reading.attributes.value().map(|attributes| attributes.name().as_str().to_owned())
    };
    assert_eq!(name(&reading), name(&blocking));
}

#[test]
fn debug_of_a_driver_and_a_reading_shows_nobody() {
    let mut twin = driver();
    let reading = run(&mut twin, &mut Script::new(whole_card())).expect("no misuse");
    let shown = format!("{twin:?} {reading:?}");
    for personal in ["見本", "1980", "55021720352285", "53, 53"] {
        assert!(!shown.contains(personal), "{personal} is shown: {shown}");
    }
}
