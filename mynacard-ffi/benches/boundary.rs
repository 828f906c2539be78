//! What a call costs across the C interface and across UniFFI's, beside Rust, in one run. The fastest of
//! many, which the machine's other work has disturbed least.
//!
//! The card's answers were recorded before, so only the library and the boundary are timed. What Kotlin
//! and Swift add on their side of UniFFI is timed by their packages. Rust's own loop brings a buffer for
//! answers, 64 KiB that it wipes; the others are handed the answers. All three wipe what they free.
#![allow(clippy::expect_used, clippy::panic, reason = "a bench may fail loudly")]

use std::hint::black_box;
use std::ptr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use mynacard::c::credential as c_number;
use mynacard::c::driver as c;
use mynacard::c::link as c_link;
use mynacard::c::plan as c_plan;
use mynacard::c::types as c_types;
use mynacard::uni::credential::NumberB;
use mynacard::uni::driver as uni;
use mynacard::uni::link::Link as UniLink;
use mynacard::uni::plain::{extended_capabilities, plan_all};
use mynacard_core::credential::VerificationNumberB;
use mynacard_core::error::LinkFault;
use mynacard_core::exchange::Capabilities;
use mynacard_core::{CardReading, CardTransport, Limits, Link, Plan, read, run};
use mynacard_sim::{Profile, VirtualCard};
use uniffi::{HandleAlloc, RustBuffer, RustCallStatus};

/// A reading as it went over the link. It is without a challenge, so it goes the same way each time, over
/// a link that knows nothing.
struct Tape {
    link: Link,
    answers: Vec<Vec<u8>>,
    next: usize,
    card: Option<VirtualCard>,
}

impl Tape {
    fn next(&mut self) -> &[u8] {
        let answer = self.answers.get(self.next).expect("goes as it was recorded");
        self.next += 1;
        answer
    }
}

impl CardTransport for Tape {
    fn transmit(&mut self, command: &[u8], response: &mut Vec<u8>) -> Result<(), LinkFault> {
        if let Some(card) = &mut self.card {
            self.answers.push(card.transmit(command));
            self.next = self.answers.len() - 1;
        }
        response.extend_from_slice(self.next());
        Ok(())
    }

    fn link(&self) -> &Link {
        &self.link
    }
}

/// The fastest of several runs, each of so many calls; a call's time.
fn fastest(runs: u32, calls: u32, mut call: impl FnMut()) -> Duration {
    let timed = (0..runs).map(|_| {
        let start = Instant::now();
        (0..calls).for_each(|_| call());
        start.elapsed() / calls
    });
    timed.min().unwrap_or_default()
}

fn in_rust(tape: &mut Tape, number: &Arc<VerificationNumberB>) -> CardReading {
    tape.next = 0;
    tape.link.forget();
    let driver = read(&tape.link, Limits::default(), Arc::clone(number), Plan::all());
    run(&mut driver.expect("a free link"), tape).expect("runs to its end")
}

/// The objects of one reading through the C interface.
struct InC(*mut c::mynacard_driver);

impl InC {
    fn new(number: *const c_number::mynacard_number_b) -> Self {
        let (carried, plan) =
            (c_types::mynacard_capabilities_extended(), c_plan::mynacard_plan_all());
        let (mut link, mut driver) = (ptr::null_mut(), ptr::null_mut());
        // SAFETY: a structure and a place that outlive the call.
        let code = unsafe { c_link::mynacard_link_of_reader("tape".into(), &carried, &mut link) };
        assert_eq!(code, 0);
        // SAFETY: a structure and a place that outlive the call.
        let code = unsafe { c::mynacard_driver_new_read(link, number, &plan, &mut driver) };
        assert_eq!(code, 0);
        let _ = c_link::mynacard_link_free(link);
        Self(driver)
    }

    fn finish(&self, tape: &mut Tape) {
        use c::mynacard_action_kind as Kind;
        tape.next = 0;
        let mut place = core::mem::MaybeUninit::uninit();
        // SAFETY: a place that outlives the call.
        let mut code = unsafe { c::mynacard_driver_start(self.0, place.as_mut_ptr()) };
        loop {
            assert_eq!(code, 0);
            // SAFETY: every call that succeeds has written an action.
            let action: c::mynacard_action = unsafe { place.assume_init() };
            code = match action.kind {
                Kind::MYNACARD_ACTION_TRANSMIT => {
                    let answer = tape.next();
                    let (data, length) = (answer.as_ptr(), answer.len());
                    // SAFETY: an answer and a place that outlive the call.
                    unsafe { c::mynacard_driver_respond(self.0, data, length, place.as_mut_ptr()) }
                }
                Kind::MYNACARD_ACTION_DONE => return,
                // SAFETY: a place that outlives the call.
                _ => unsafe { c::mynacard_driver_continue(self.0, place.as_mut_ptr()) },
            };
        }
    }

    fn statistics(&self) -> usize {
        let mut place = core::mem::MaybeUninit::<c_types::mynacard_statistics>::uninit();
        // SAFETY: a place that outlives the call.
        let code = unsafe { c::mynacard_driver_statistics(self.0, place.as_mut_ptr()) };
        assert_eq!(code, 0);
        // SAFETY: the call has succeeded.
        unsafe { place.assume_init() }.exchanges
    }
}

impl Drop for InC {
    fn drop(&mut self) {
        let _ = c::mynacard_driver_free(self.0);
    }
}

/// A driver behind UniFFI's handles and buffers, which is used as its generated sources do: a handle is
/// cloned for each call, and what comes back is copied out of its buffer.
struct InUniffi(Arc<uni::Driver>);

impl InUniffi {
    fn handle(&self) -> uniffi::Handle {
        <uni::Driver as HandleAlloc<mynacard::UniFfiTag>>::new_handle(Arc::clone(&self.0))
    }

    fn call<T>(&self, call: impl FnOnce(uniffi::Handle, &mut RustCallStatus) -> T) -> T {
        let mut status = RustCallStatus::default();
        let given = call(self.handle(), &mut status);
        assert_eq!(status.code, uniffi::RustCallStatusCode::Success);
        given
    }

    fn finish(&self, tape: &mut Tape) {
        tape.next = 0;
        let mut action =
            self.call(|handle, status| uni::uniffi_mynacard_fn_method_driver_start(handle, status));
        loop {
            let bytes = action.destroy_into_vec();
            action = match bytes.get(3) {
                Some(1) => {
                    black_box(bytes.get(8..).expect("a command").to_vec());
                    let answer = tape.next();
                    let mut buffer = Vec::with_capacity(4 + answer.len());
                    let length = i32::try_from(answer.len()).expect("short");
                    buffer.extend_from_slice(&length.to_be_bytes());
                    buffer.extend_from_slice(answer);
                    let buffer = RustBuffer::from_vec(buffer);
                    self.call(|handle, status| {
                        uni::uniffi_mynacard_fn_method_driver_respond(handle, buffer, status)
                    })
                }
                Some(4) => return,
                _ => self.call(|handle, status| {
                    uni::uniffi_mynacard_fn_method_driver_proceed(handle, status)
                }),
            };
        }
    }

    fn statistics(&self) -> usize {
        self.call(|handle, status| uni::uniffi_mynacard_fn_method_driver_statistics(handle, status))
            .destroy_into_vec()
            .len()
    }
}

fn row(what: &str, [rust, c, uniffi]: [Duration; 3]) {
    println!("{what:<38}{rust:>14.2?}{c:>14.2?}{uniffi:>14.2?}");
}

fn main() {
    let profile = Profile::adult();
    let digits = profile.code_b().expect("a card has one").as_bytes();
    let number = Arc::new(VerificationNumberB::from_digits(digits).expect("a number"));
    let link = Link::new(Capabilities::EXTENDED);
    let mut tape = Tape { link, answers: Vec::new(), next: 0, card: Some(profile.card()) };
    assert!(in_rust(&mut tape, &number).errors().next().is_none());
    tape.card = None;

    let mut c_number = ptr::null_mut();
    let (first, length) = (digits.as_ptr(), digits.len());
    // SAFETY: digits and a place that outlive the call.
    let code = unsafe { c_number::mynacard_number_b_from_digits(first, length, &mut c_number) };
    assert_eq!(code, 0);
    let uni_number = NumberB::from_digits(digits.to_vec()).expect("a number");
    let for_uniffi = || {
        let link = UniLink::new(extended_capabilities());
        let driver = uni::Driver::read(link, Arc::clone(&uni_number), plan_all());
        InUniffi(driver.expect("a driver"))
    };

    println!("{:<38}{:>14}{:>14}{:>14}", "", "Rust", "C", "UniFFI");
    let link = Link::new(Capabilities::EXTENDED);
    let driver = read(&link, Limits::default(), Arc::clone(&number), Plan::all());
    let driver = driver.expect("a free link");
    let (in_c, in_uniffi) = (InC::new(c_number), for_uniffi());
    row(
        "one call (what was spent so far)",
        [
            fastest(50, 10_000, || _ = black_box(black_box(&driver).statistics())),
            fastest(50, 10_000, || _ = black_box(in_c.statistics())),
            fastest(50, 10_000, || _ = black_box(in_uniffi.statistics())),
        ],
    );
    let whole = format!("a whole reading, {} exchanges", tape.answers.len());
    let rust = fastest(100, 1, || drop(in_rust(&mut tape, &number)));
    let c = fastest(100, 1, || InC::new(c_number).finish(&mut tape));
    let uniffi = fastest(100, 1, || for_uniffi().finish(&mut tape));
    row(&whole, [rust, c, uniffi]);
    let _ = c_number::mynacard_number_b_free(c_number);
}
