//! What a foreign function may do in the middle of a reading, and other threads meanwhile.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, OnceLock};

use mynacard::error::BoundaryFault;
use mynacard::uni::driver::{Action, CardTransport, Driver, ReadingListener, TransportFailure};
use mynacard::uni::face::CardFace;
use mynacard::uni::plain::{Progress, plan_face_only};
use mynacard::uni::reading::ReadingPart;
use mynacard::uni::sim::SimCard;
use mynacard_core::error::{CredentialFault, LinkFault};

use crate::support::{card, drive, failed, number, plan, read};

/// Cancelled before each exchange, and while each is under way: nothing is sent afterwards.
#[test]
fn a_cancelled_reading_sends_nothing_more() {
    let whole = {
        let card = card("adult");
        drive(&Driver::read(card.link(), number(&card), plan(1)).unwrap(), &card, None)
    };
    for at in 0..whole {
        let card = card("adult");
        let driver = Driver::read(card.link(), number(&card), plan(1)).unwrap();
        let mut sent = 0;
        let mut action = driver.start().unwrap();
        loop {
            action = match action {
                Action::Transmit { command } => {
                    if sent == at {
                        driver.cancel();
                    }
                    sent += 1;
                    driver.respond(card.transmit(command)).unwrap()
                }
                Action::Progress { .. } | Action::Face { .. } => driver.proceed().unwrap(),
                Action::Done => break,
            };
        }
        assert_eq!(sent, at + 1, "cancelled in exchange {at}");
        let reading = driver.reading().unwrap();
        assert_eq!(reading.tries_spent().unwrap(), 0);
        assert!(card.presentations() <= 2);
    }
}

struct Mischief {
    card: Arc<SimCard>,
    driver: OnceLock<Arc<Driver>>,
    kind: usize,
    at: usize,
    calls: AtomicUsize,
}

impl CardTransport for Mischief {
    fn transmit(&self, command: Vec<u8>) -> Result<Vec<u8>, TransportFailure> {
        if self.calls.fetch_add(1, Ordering::Relaxed) == self.at {
            let driver = self.driver.get().unwrap();
            match self.kind {
                0 => return Err(TransportFailure::Link { code: LinkFault::ReaderGone.code() }),
                1 => return Err(TransportFailure::Link { code: 4711 }),
                2 => return Err(uniffi::UnexpectedUniFFICallbackError::new("山田太郎").into()),
                3 => return Ok(Vec::new()),
                4 => driver.cancel(),
                5 => {
                    let busy = Some(failed(BoundaryFault::HandleBusy.code()));
                    assert_eq!(driver.start().err(), busy);
                    assert_eq!(driver.reading().err(), busy);
                }
                6 => panic!("a transport of Rust panics"),
                _ => {}
            }
        }
        Ok(self.card.transmit(command))
    }
}

#[test]
fn a_transport_that_fails_lies_reenters_cancels_or_panics_is_a_code_and_never_two_tries() {
    for kind in 0..8 {
        for at in 0..8 {
            let card = card("adult");
            let driver = Driver::read(card.link(), number(&card), plan_face_only()).unwrap();
            let transport = Arc::new(Mischief {
                card: Arc::clone(&card),
                driver: Arc::clone(&driver).into(),
                kind,
                at,
                calls: AtomicUsize::new(0),
            });
            let ended = driver.run(transport, None);
            assert!(card.presentations() <= 1, "kind {kind} at {at}");
            if kind == 6 && at < 6 {
                let panicked = failed(BoundaryFault::Panicked.code());
                assert_eq!(ended, Err(panicked));
                assert_eq!(driver.reading().err(), Some(panicked));
                continue;
            }
            assert_eq!(ended, Ok(()));
            let status = driver.reading().unwrap().status(ReadingPart::Face).unwrap();
            let expected = match kind {
                0 => Some(LinkFault::ReaderGone.code()),
                1 | 2 => Some(LinkFault::Transport.code()),
                3 => Some(LinkFault::Lost.code()),
                4 => Some(LinkFault::Cancelled.code()),
                _ => None,
            };
            let unknown = Some(CredentialFault::OutcomeUnknown.code());
            assert!(status == expected || status == unknown || status.is_none(), "{kind} {at}");
            // There are six exchanges; what cancels in the last one comes too late.
            let is_late = at > 5 || (kind == 4 && at == 5);
            assert!(is_late || expected.is_none() == status.is_none(), "kind {kind} at {at}");
        }
    }
}

struct Watch(AtomicUsize, AtomicUsize);

impl ReadingListener for Watch {
    fn on_progress(&self, _: Progress) -> Result<(), TransportFailure> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Err(TransportFailure::Link { code: 1 })
    }

    fn on_face(&self, face: Arc<CardFace>) -> Result<(), TransportFailure> {
        assert_eq!(face.birth_date().unwrap().year, 1985);
        self.1.fetch_add(1, Ordering::Relaxed);
        Err(uniffi::UnexpectedUniFFICallbackError::new("no").into())
    }
}

#[test]
fn what_a_listener_throws_changes_nothing() {
    let card = card("adult");
    let driver = Driver::read(card.link(), number(&card), plan(1)).unwrap();
    let watch = Arc::new(Watch(AtomicUsize::new(0), AtomicUsize::new(0)));
    let transport = Arc::new(Mischief {
        card,
        driver: Arc::clone(&driver).into(),
        kind: 7,
        at: 0,
        calls: AtomicUsize::new(0),
    });
    driver.run(transport, Some(Arc::clone(&watch) as Arc<dyn ReadingListener>)).unwrap();
    assert_eq!(driver.reading().unwrap().status(ReadingPart::Face).unwrap(), None);
    assert!(watch.0.load(Ordering::Relaxed) > 5);
    assert_eq!(watch.1.load(Ordering::Relaxed), 1);
}

/// Says that a command has come, and answers once it is told to.
struct Slow {
    card: Arc<SimCard>,
    came: Mutex<Sender<()>>,
    go_on: Mutex<Receiver<()>>,
}

impl CardTransport for Slow {
    fn transmit(&self, command: Vec<u8>) -> Result<Vec<u8>, TransportFailure> {
        self.came.lock().unwrap().send(()).unwrap();
        self.go_on.lock().unwrap().recv().unwrap();
        Ok(self.card.transmit(command))
    }
}

#[test]
fn another_thread_is_refused_meanwhile_and_may_cancel() {
    let card = card("adult");
    let driver = Driver::read(card.link(), number(&card), plan(1)).unwrap();
    let ((came, has_come), (tell, go_on)) = (channel(), channel());
    let slow =
        Arc::new(Slow { card: Arc::clone(&card), came: Mutex::new(came), go_on: go_on.into() });
    let its = Arc::clone(&driver);
    let running = std::thread::spawn(move || its.run(slow, None));
    has_come.recv().unwrap();
    let busy = failed(BoundaryFault::HandleBusy.code());
    assert_eq!(driver.statistics().err(), Some(busy));
    assert_eq!(driver.link_lost(LinkFault::Lost.code()).err(), Some(busy));
    driver.cancel();
    tell.send(()).unwrap();
    assert_eq!(running.join().unwrap(), Ok(()));
    assert!(has_come.try_recv().is_err(), "nothing more is sent");
    let reading = driver.reading().unwrap();
    assert_eq!(reading.status(ReadingPart::Face), Ok(Some(LinkFault::Cancelled.code())));
    assert_eq!(card.presentations(), 0);
}

#[test]
fn what_does_not_change_is_used_by_many_threads_at_once() {
    let (_, reading) = read("adult");
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..50 {
                    assert_eq!(reading.name().unwrap().as_deref(), Some("救急　太郎"));
                    assert_eq!(reading.face().unwrap().birth_date().unwrap().year, 1985);
                }
            });
        }
    });
}
