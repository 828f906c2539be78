//! Promises of the C interface that hang on its shape, called as C calls it. What only C can do wrong (null,
//! stale handles, threads) is tested in C, under each compiler.
#![allow(clippy::unwrap_used, reason = "tests may fail loudly")]

use core::ffi::c_void;
use core::mem::MaybeUninit;
use core::ptr;

use mynacard::c::credential::{mynacard_number_b, mynacard_number_b_from_digits};
use mynacard::c::driver::{
    mynacard_driver, mynacard_driver_free, mynacard_driver_new_read, mynacard_driver_new_tries,
};
use mynacard::c::encounter::{
    mynacard_encounter, mynacard_encounter_card_read, mynacard_encounter_open,
    mynacard_encounter_permit_until, mynacard_encounter_record, mynacard_encounter_request_permit,
    mynacard_encounter_start,
};
use mynacard::c::link::{mynacard_link, mynacard_link_of_reader};
use mynacard::c::log::{
    mynacard_line, mynacard_log, mynacard_log_checkpoint, mynacard_log_confirm,
    mynacard_log_create, mynacard_log_discard, mynacard_log_next_line, mynacard_log_pending,
    mynacard_log_start,
};
use mynacard::c::plan::{mynacard_part, mynacard_plan, mynacard_plan_all};
use mynacard::c::reading::{
    mynacard_reading, mynacard_reading_status, mynacard_reading_verification,
    mynacard_verification, mynacard_verify_outcome,
};
use mynacard::c::sim::{
    mynacard_link_of_sim, mynacard_sim_card, mynacard_sim_card_new, mynacard_sim_card_number_b,
    mynacard_sim_card_presentations, mynacard_sim_roots, mynacard_sim_transmit,
};
use mynacard::c::source::{
    mynacard_answer, mynacard_answer_give_nothing, mynacard_answer_given_at,
    mynacard_encounter_fetch, mynacard_query,
};
use mynacard::c::transport::{mynacard_read_with, mynacard_transmit_callback};
use mynacard::c::trust::{mynacard_clock, mynacard_reading_examine};
use mynacard::c::types::{mynacard_capabilities_extended, mynacard_str};
use mynacard::error::BoundaryFault;
use mynacard_core::audit::Event;
use mynacard_core::error::{AuditFault, MedicalFault, Misuse};

const NOW: u64 = 1_795_000_000_000;
const OK: u32 = 0;

/// Calls a function of the interface.
macro_rules! call {
    ($call:expr) => {{
        // SAFETY: every pointer that these tests pass is null or to a value that outlives the call, and every
        // length is that of the memory before it.
        unsafe { $call }
    }};
}

/// What a function writes that must succeed.
macro_rules! made {
    ($place:ident => $call:expr) => {{
        let mut place = MaybeUninit::uninit();
        let $place = place.as_mut_ptr();
        assert_eq!(call!($call), OK);
        // SAFETY: the call has succeeded, and so has written it.
        unsafe { place.assume_init() }
    }};
}

fn code(code: u16) -> u32 {
    u32::from(code)
}

fn text(text: &'static str) -> mynacard_str {
    text.into()
}

/// A virtual card with the number that is printed on it, and its link.
struct Card {
    card: *mut mynacard_sim_card,
    link: *mut mynacard_link,
    number: *mut mynacard_number_b,
}

impl Card {
    fn new(profile: &'static str) -> Self {
        let card = made!(out => mynacard_sim_card_new(text(profile), out));
        let link = made!(out => mynacard_link_of_sim(card, out));
        let digits = made!(out => mynacard_sim_card_number_b(card, out));
        let number = made!(out => mynacard_number_b_from_digits(digits.data, digits.length, out));
        Self { card, link, number }
    }

    fn presentations(&self) -> u64 {
        made!(out => mynacard_sim_card_presentations(self.card, out))
    }

    fn read(&self, plan: &mynacard_plan) -> *mut mynacard_reading {
        self.read_through(self.card.cast(), Some(mynacard_sim_transmit), plan)
    }

    fn read_through(
        &self,
        userdata: *mut c_void,
        transmit: mynacard_transmit_callback,
        plan: &mynacard_plan,
    ) -> *mut mynacard_reading {
        made!(out => mynacard_read_with(userdata, transmit, self.link, self.number, plan, out))
    }
}

/// A plan of zeros but for its parts.
fn zeros(parts: u32) -> mynacard_plan {
    // SAFETY: zeros are valid in every member.
    let plan: mynacard_plan = unsafe { MaybeUninit::zeroed().assume_init() };
    mynacard_plan { parts, ..plan }
}

const FACE: u32 = mynacard_part::MYNACARD_PART_FACE as u32;

// a
#[test]
fn a_link_has_one_driver_until_that_is_freed_through_every_handle_of_it() {
    let card = Card::new("adult");
    let again = made!(out => mynacard_link_of_sim(card.card, out));
    let plan = mynacard_plan_all();
    let driver = made!(out => mynacard_driver_new_read(card.link, card.number, &plan, out));
    let busy = code(Misuse::LinkBusy.code());
    for link in [card.link, again] {
        let mut other: *mut mynacard_driver = ptr::null_mut();
        assert_eq!(call!(mynacard_driver_new_tries(link, &raw mut other)), busy);
        assert!(other.is_null());
    }
    assert_eq!(mynacard_driver_free(driver), OK);
    let next = made!(out => mynacard_driver_new_tries(again, out));
    assert_eq!(mynacard_driver_free(next), OK);
    let capabilities = mynacard_capabilities_extended();
    let elsewhere =
        made!(out => mynacard_link_of_reader(text("another reader"), &capabilities, out));
    made!(out => mynacard_driver_new_tries(elsewhere, out));
}

/// A reader whose buffer is looked at, and which falls silent once.
struct Silent {
    card: *mut mynacard_sim_card,
    silent_at: usize,
    exchanges: usize,
    last: usize,
    dirty: usize,
}

unsafe extern "C-unwind" fn transmit_or_not(
    userdata: *mut c_void,
    command: *const u8,
    command_length: usize,
    response: *mut u8,
    response_capacity: usize,
    response_length: *mut usize,
) -> u32 {
    // SAFETY: the test lends one, for this call alone.
    let reader = unsafe { &mut *userdata.cast::<Silent>() };
    // SAFETY: a buffer of that room, which nobody else uses.
    let buffer = unsafe { core::slice::from_raw_parts(response, response_capacity) };
    reader.dirty += buffer.iter().filter(|byte| **byte != 0).count();
    // SAFETY: a place for a length, which is set.
    reader.dirty += unsafe { response_length.read() };
    reader.exchanges += 1;
    if reader.exchanges == reader.silent_at {
        // SAFETY: a place for a length.
        unsafe { response_length.write(reader.last) };
        return OK;
    }
    let card = reader.card.cast();
    // SAFETY: as this function was called.
    let code = unsafe {
        mynacard_sim_transmit(
            card,
            command,
            command_length,
            response,
            response_capacity,
            response_length,
        )
    };
    // SAFETY: as above.
    reader.last = unsafe { response_length.read() };
    code
}

#[test]
fn a_callback_that_writes_nothing_never_repeats_the_last_answer() {
    let read = |silent_at| {
        let card = Card::new("adult");
        let mut reader = Silent { card: card.card, silent_at, exchanges: 0, last: 0, dirty: 0 };
        let reading =
            card.read_through((&raw mut reader).cast(), Some(transmit_or_not), &zeros(FACE));
        assert_eq!(reader.dirty, 0, "the buffer is zeros before each exchange");
        (mynacard_reading_status(reading, FACE), reader.exchanges, card.presentations())
    };
    let (status, whole, _) = read(usize::MAX);
    assert_eq!(status, OK);
    for silent_at in 1..=whole {
        let (status, exchanges, presented) = read(silent_at);
        // Amid a file one odd answer is asked for again, or in short blocks: it is never taken for an answer.
        let is_asked_again = exchanges > whole;
        assert!(status != OK || is_asked_again, "silent in exchange {silent_at}");
        assert!(presented <= 1);
    }
}

// b
#[test]
fn an_encounter_takes_no_reading_that_was_not_examined() {
    let card = Card::new("adult");
    let encounter = encounter();
    let reading = card.read(&mynacard_plan_all());
    let take = || {
        let mut event = 0;
        let taken = call!(mynacard_encounter_card_read(
            encounter,
            reading,
            0,
            text("crew-1"),
            NOW,
            &raw mut event
        ));
        (taken, event)
    };
    assert_eq!(take(), (code(BoundaryFault::NotExamined.code()), 0));
    assert_eq!(mynacard_reading_status(reading, FACE), OK, "it is where it was");
    examine(reading);
    assert_eq!(take().0, OK);
    assert_eq!(mynacard_reading_status(reading, FACE), code(BoundaryFault::Absent.code()));
    let mut event = 0;
    let unknown =
        call!(mynacard_encounter_card_read(encounter, reading, 3, text("crew-1"), NOW, &mut event));
    assert_eq!(unknown, code(Misuse::OutOfRange.code()));
}

fn examine(reading: *mut mynacard_reading) {
    let roots = made!(out => mynacard_sim_roots(out));
    let clock = mynacard_clock { kind: 1, unix_millis: NOW };
    let looked_at = ptr::null_mut();
    assert_eq!(call!(mynacard_reading_examine(reading, roots, &clock, looked_at)), OK);
}

fn encounter() -> *mut mynacard_encounter {
    let (id, salt) = ([3; 16], [4; 32]);
    let start = mynacard_encounter_start {
        drill: 0,
        id: id.as_ptr(),
        salt: salt.as_ptr(),
        permit_millis: 0,
        crew: text("crew-1"),
    };
    made!(out => mynacard_encounter_open(&start, NOW, out))
}

fn log() -> *mut mynacard_log {
    let (id, seal_key) = ([1; 16], [2; 32]);
    let start = mynacard_log_start {
        drill: 0,
        id: id.as_ptr(),
        seal_key: seal_key.as_ptr(),
        device: text("tablet-01"),
    };
    made!(out => mynacard_log_create(&start, NOW, out))
}

/// Stores everything that waits.
fn record(log: *mut mynacard_log, encounter: *mut mynacard_encounter) {
    let mut place = MaybeUninit::<mynacard_line>::uninit();
    while call!(mynacard_log_next_line(log, encounter, place.as_mut_ptr())) == OK {
        // SAFETY: the call has succeeded.
        let line = unsafe { place.assume_init() };
        assert_eq!(mynacard_log_confirm(log, encounter, line.ticket, NOW), OK);
    }
}

// d
#[test]
fn a_line_is_named_and_nothing_else_is_confirmed_in_its_place() {
    let (log, encounter, other) = (log(), encounter(), encounter());
    let not_pending = code(AuditFault::NotPending.code());
    assert_eq!(mynacard_log_confirm(log, ptr::null_mut(), 0, NOW), not_pending, "a header");
    let header = made!(out => mynacard_log_next_line(log, ptr::null_mut(), out));
    assert_eq!(mynacard_log_confirm(log, ptr::null_mut(), header.ticket, NOW), OK);
    let line = made!(out => mynacard_log_next_line(log, encounter, out));
    let pending = code(AuditFault::LinePending.code());
    let mut place = MaybeUninit::<mynacard_line>::uninit();
    let mut key = vec![0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
    key.extend([7; 32]);
    let (first, length) = (key.as_ptr(), key.len());
    let checkpoint = mynacard_log_checkpoint;
    assert_eq!(call!(checkpoint(log, first, length, NOW, place.as_mut_ptr())), pending);
    assert_eq!(call!(mynacard_log_next_line(log, other, place.as_mut_ptr())), pending);
    assert_eq!(mynacard_log_confirm(log, other, line.ticket, NOW), not_pending);
    assert_eq!(mynacard_log_confirm(log, encounter, line.ticket + 1, NOW), not_pending);
    assert_eq!(made!(out => mynacard_log_pending(log, out)).ticket, line.ticket);
    assert_eq!(mynacard_log_discard(log, line.ticket + 1), not_pending);
    assert_eq!(mynacard_log_discard(log, line.ticket), OK);
    let absent = code(BoundaryFault::Absent.code());
    assert_eq!(call!(mynacard_log_pending(log, place.as_mut_ptr())), absent);
    record(log, encounter);
    assert_eq!(mynacard_log_confirm(log, encounter, line.ticket, NOW), not_pending, "twice");
}

// e
#[test]
fn a_plan_of_zeros_is_the_safest_plan() {
    let card = Card::new("adult");
    let reading = card.read(&zeros(0));
    let absent = code(BoundaryFault::Absent.code());
    assert_eq!(mynacard_reading_status(reading, FACE), absent);
    assert_eq!(card.presentations(), 0);
    let nearly = Card::new("nearly-locked");
    let reading = nearly.read(&zeros(FACE));
    let verification: mynacard_verification =
        made!(out => mynacard_reading_verification(reading, FACE, out));
    let refused = mynacard_verify_outcome::MYNACARD_VERIFY_REFUSED_BY_FLOOR;
    assert_eq!((verification.outcome, verification.floor), (refused, 3));
    assert_eq!((verification.allowed_last_tries, nearly.presentations()), (0, 0));
    let allowed = mynacard_plan { allow_last_tries: 1, ..zeros(FACE) };
    let reading = nearly.read(&allowed);
    let verification: mynacard_verification =
        made!(out => mynacard_reading_verification(reading, FACE, out));
    assert_eq!((verification.allowed_last_tries, verification.floor), (1, 1));

    let no_plan = |plan: mynacard_plan| {
        let mut driver: *mut mynacard_driver = ptr::null_mut();
        let made = call!(mynacard_driver_new_read(card.link, card.number, &plan, &mut driver));
        assert_eq!(made, code(Misuse::OutOfRange.code()));
    };
    let face = || zeros(FACE);
    for tries in [1, 16, 255] {
        no_plan(mynacard_plan { face_floor: tries, ..face() });
        no_plan(mynacard_plan { text_floor: tries, ..face() });
    }
    no_plan(mynacard_plan { allow_last_tries: 2, ..face() });
    no_plan(mynacard_plan { without_text_proof: 2, ..face() });
    no_plan(zeros(mynacard_part::MYNACARD_PART_TEXT_PROOF as u32));
}

/// Says that it has nothing, at the time that the test lends.
unsafe extern "C-unwind" fn nothing_at(
    userdata: *mut c_void,
    _: *const mynacard_query,
    answer: *mut mynacard_answer,
) -> u32 {
    // SAFETY: the test lends a time or none.
    let at = unsafe { userdata.cast::<Option<u64>>().read() };
    if let Some(at) = at {
        mynacard_answer_given_at(answer, at);
    }
    mynacard_answer_give_nothing(answer, 4)
}

#[test]
fn an_answer_says_when_it_was_there() {
    let (log, encounter) = (log(), encounter());
    let reading = Card::new("adult").read(&mynacard_plan_all());
    examine(reading);
    let (mut event, crew) = (0, text("crew-1"));
    let taken = call!(mynacard_encounter_card_read(encounter, reading, 0, crew, NOW, &mut event));
    assert_eq!(taken, OK);
    for event in [Event::FaceMatched, Event::ConsentByPatient] {
        let event = u32::from(event.code());
        assert_eq!(call!(mynacard_encounter_record(encounter, event, crew, NOW)), OK);
    }
    assert_eq!(call!(mynacard_encounter_request_permit(encounter, 1, crew, NOW)), OK);
    record(log, encounter);
    made!(out => mynacard_encounter_permit_until(encounter, NOW, out));
    let mut fetch = |mut at: Option<u64>| {
        let source = Some(nothing_at as unsafe extern "C-unwind" fn(_, _, _) -> _);
        let at = (&raw mut at).cast();
        call!(mynacard_encounter_fetch(encounter, 1, crew, NOW, at, source, &mut event))
    };
    let failed = code(MedicalFault::SourceFailed.code());
    assert_eq!(fetch(None), failed);
    assert_eq!(fetch(Some(0)), failed);
    assert_eq!(fetch(Some(NOW - 1)), failed);
    assert_eq!(fetch(Some(NOW)), OK);
    assert_eq!(event, u32::from(Event::NoSignal.code()));
}
