//! The reader monitor: what comes and goes, as events.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use mynacard_core::error::LinkFault;
use pcsc::{Context, Error, ReaderState, Scope, State};

use crate::atr::Interface;
use crate::cancel::Cancellation;
use crate::fault::{During, is_dead, link_fault, without_service};
use crate::reader::{ReaderName, list};

/// The longest that one call into the service lasts. It bounds how long a reader can stay unnoticed
/// where the service does not report new readers (macOS), and a cancellation that comes at the very
/// moment in which the call begins.
const SLICE: Duration = Duration::from_millis(500);
/// A breath where the service answers at once with nothing new, lest the processor run hot.
const BREATH: Duration = Duration::from_millis(50);
/// Between two looks for a service that is not there.
const ABSENT: Duration = Duration::from_millis(200);
/// So many unnamed failures in a row are no service that is just ending.
const FAILURES: u32 = 20;

/// What has come or gone.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// A reader was connected.
    ReaderAdded(ReaderName),
    /// A reader was disconnected.
    ReaderRemoved(ReaderName),
    /// A card that speaks lies on a reader.
    CardInserted {
        /// The reader.
        reader: ReaderName,
        /// How the card is connected, as far as its ATR tells.
        interface: Interface,
        /// Whether another program holds it.
        in_use: bool,
    },
    /// A card lies on this reader, but does not speak.
    CardMute(ReaderName),
    /// The card has left this reader. A card that was swapped between two looks gives this and
    /// then [`Event::CardInserted`].
    CardRemoved(ReaderName),
}

/// Watches readers and cards. Made by [`Readers::monitor`](crate::Readers::monitor).
///
/// It outlives the service: when that ends, its readers are reported as gone, and when it is back they
/// are reported anew. Windows ends its service with every last reader.
pub struct Monitor {
    /// The connection to the service; none while there is no service.
    context: Option<Arc<Context>>,
    cancellation: Cancellation,
    watched: Watched,
    /// Whether the service has answered the last time.
    is_served: bool,
    failures: u32,
}

impl Monitor {
    pub(crate) fn new(cancellation: Cancellation) -> Result<Self, LinkFault> {
        let watched = Watched::new();
        let mut monitor =
            Self { context: None, cancellation, watched, is_served: false, failures: 0 };
        monitor.ask(|_, _| Ok(()))?;
        Ok(monitor)
    }

    /// The next event; none when the time is over. Without a time it waits for ever.
    ///
    /// Errors: [`LinkFault::NoService`] when the time is over and there is no service (on Windows that
    /// is none, since it means that there is no reader); the next call goes on waiting.
    /// [`LinkFault::Cancelled`], [`LinkFault::NotPermitted`], [`LinkFault::Transport`]. Card effect: none.
    pub fn next(&mut self, timeout: Option<Duration>) -> Result<Option<Event>, LinkFault> {
        self.next_until(deadline(timeout))
    }

    pub(crate) fn next_until(
        &mut self,
        deadline: Option<Instant>,
    ) -> Result<Option<Event>, LinkFault> {
        loop {
            if self.cancellation.is_cancelled() {
                return Err(LinkFault::Cancelled);
            }
            if let Some(event) = self.watched.pending.pop_front() {
                return Ok(Some(event));
            }
            let left = deadline.map_or(SLICE, |at| at.saturating_duration_since(Instant::now()));
            self.wait(left.min(SLICE))?;
            if left.is_zero() && self.watched.pending.is_empty() {
                return if self.knows() { Ok(None) } else { Err(LinkFault::NoService) };
            }
        }
    }

    /// Whether the last look has told which readers there are.
    pub(crate) fn knows(&self) -> bool {
        let without = without_service(During::Wait, cfg!(windows));
        self.is_served || without == LinkFault::NoReader
    }

    /// The readers, as of the last look.
    pub(crate) fn readers(&self) -> impl Iterator<Item = ReaderName> {
        self.watched.readers().map(|state| ReaderName::new(state.name()))
    }

    /// Whether a card lies on this reader, as of the last look.
    pub(crate) fn has_card(&self, reader: &ReaderName) -> bool {
        let state = self.watched.state(reader);
        state.is_some_and(|state| state.current_state().contains(State::PRESENT))
    }

    /// Looks at every reader without waiting for anything.
    pub(crate) fn look(&mut self) -> Result<(), LinkFault> {
        if self.cancellation.is_cancelled() {
            return Err(LinkFault::Cancelled);
        }
        self.wait(Duration::ZERO)
    }

    /// Waits until something changes, or there is a service, or the time is over.
    fn wait(&mut self, time: Duration) -> Result<(), LinkFault> {
        self.ask(|watched, context| watched.wait(context, time))?;
        if !self.is_served {
            thread::sleep(time.min(ABSENT));
        }
        Ok(())
    }

    /// Asks the service, which may be a new one, and then for its readers.
    fn ask(
        &mut self,
        question: impl FnOnce(&mut Watched, &Context) -> Result<(), Error>,
    ) -> Result<(), LinkFault> {
        let answer = self.context().and_then(|context| {
            question(&mut self.watched, &context)?;
            list(&context)
        });
        self.is_served = answer.is_ok();
        match answer {
            Ok(names) => {
                self.failures = 0;
                self.watched.list(names);
                Ok(())
            }
            Err(error) => {
                // A service that ends tears the connection, and that shows as an unnamed failure.
                // A fresh connection tells.
                let fault = link_fault(error, During::Wait);
                if !is_dead(error) {
                    self.failures += 1;
                    if fault != LinkFault::Transport || self.failures > FAILURES {
                        return Err(fault);
                    }
                    thread::sleep(BREATH);
                }
                self.context = None;
                self.watched.forget();
                Ok(())
            }
        }
    }

    fn context(&mut self) -> Result<Arc<Context>, Error> {
        if let Some(context) = &self.context {
            return Ok(Arc::clone(context));
        }
        let context = Arc::new(Context::establish(Scope::User)?);
        self.cancellation.watch(&context);
        self.context = Some(Arc::clone(&context));
        Ok(context)
    }
}

pub(crate) fn deadline(timeout: Option<Duration>) -> Option<Instant> {
    timeout.and_then(|timeout| Instant::now().checked_add(timeout))
}

/// What was seen last, and the events since that nobody has taken yet.
struct Watched {
    /// One for each reader, after the notification of new readers where the system has it.
    states: Vec<ReaderState>,
    /// For each of them, how many times the service had seen a card come or go.
    counts: Vec<u32>,
    notified: usize,
    pending: VecDeque<Event>,
}

impl Watched {
    fn new() -> Self {
        // The notification of readers that come and go is not to be had on macOS.
        let notifications = usize::from(cfg!(not(target_os = "macos")));
        let mut watched = Self {
            states: vec![],
            counts: vec![],
            notified: notifications,
            pending: VecDeque::new(),
        };
        watched.forget();
        watched
    }

    /// Nothing is known any more: every reader is gone, until the service tells anew.
    fn forget(&mut self) {
        for state in self.states.drain(..).skip(self.notified) {
            self.pending.push_back(Event::ReaderRemoved(ReaderName::new(state.name())));
        }
        let notification = || ReaderState::new(pcsc::PNP_NOTIFICATION(), State::UNAWARE);
        self.states.extend((0..self.notified).map(|_| notification()));
        self.counts = vec![0; self.notified];
    }

    fn wait(&mut self, context: &Context, time: Duration) -> Result<(), Error> {
        if self.states.is_empty() {
            thread::sleep(time.min(BREATH));
            return Ok(());
        }
        match context.get_status_change(time, &mut self.states) {
            Ok(()) => {
                if !self.compare() {
                    thread::sleep(time.min(BREATH));
                }
                Ok(())
            }
            // A cancellation of ours shows in its flag; somebody else's is no reason to stop.
            Err(Error::Timeout | Error::Cancelled) => Ok(()),
            // A reader has just gone; the list will say which.
            Err(Error::UnknownReader | Error::ReaderUnavailable | Error::NoReadersAvailable) => {
                thread::sleep(time.min(BREATH));
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    fn readers(&self) -> impl Iterator<Item = &ReaderState> {
        self.states.iter().skip(self.notified)
    }

    fn state(&self, reader: &ReaderName) -> Option<&ReaderState> {
        self.readers().find(|state| state.name() == reader.as_c_str())
    }

    /// Compares the readers that there are with those that are watched.
    fn list(&mut self, names: Vec<ReaderName>) {
        let known = std::mem::take(&mut self.states);
        let counts = std::mem::take(&mut self.counts);
        for (at, (state, count)) in known.into_iter().zip(counts).enumerate() {
            let is_there = |name: &ReaderName| name.as_c_str() == state.name();
            if at < self.notified || names.iter().any(is_there) {
                self.states.push(state);
                self.counts.push(count);
            } else {
                self.pending.push_back(Event::ReaderRemoved(ReaderName::new(state.name())));
            }
        }
        for name in names {
            if self.state(&name).is_none() {
                self.states.push(ReaderState::new(name.as_c_str(), State::UNAWARE));
                self.counts.push(0);
                self.pending.push_back(Event::ReaderAdded(name));
            }
        }
    }

    /// Turns what the service has reported into events. Says whether there were any.
    fn compare(&mut self) -> bool {
        let before = self.pending.len();
        for (at, (state, count)) in self.states.iter_mut().zip(&mut self.counts).enumerate() {
            if at >= self.notified {
                report(state, *count, &mut self.pending);
            }
            *count = state.event_count();
            state.sync_current_state();
        }
        self.pending.len() > before
    }
}

/// What has changed on one reader since the state that was known.
fn report(state: &ReaderState, count: u32, events: &mut VecDeque<Event>) {
    let (before, now) = (state.current_state(), state.event_state());
    let was_present = before.contains(State::PRESENT);
    let is_present = now.contains(State::PRESENT);
    let was_swapped = was_present && is_present && count != state.event_count();
    if was_present && (!is_present || was_swapped) {
        events.push_back(Event::CardRemoved(ReaderName::new(state.name())));
    }
    let is_mute = now.contains(State::MUTE);
    let is_new = !was_present || was_swapped;
    // On some systems a card is present first and found mute, or not, a moment later.
    if is_present && (is_new || before.contains(State::MUTE) != is_mute) {
        let reader = ReaderName::new(state.name());
        events.push_back(if is_mute {
            Event::CardMute(reader)
        } else {
            Event::CardInserted {
                reader,
                interface: Interface::of(state.atr()),
                in_use: now.intersects(State::INUSE | State::EXCLUSIVE),
            }
        });
    }
}

impl fmt::Debug for Monitor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let readers = self.watched.readers().count();
        write!(f, "Monitor({readers} readers, {:?})", self.cancellation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(name: &str) -> ReaderName {
        ReaderName::new(&std::ffi::CString::new(name).unwrap())
    }

    #[test]
    fn readers_that_come_and_go_are_reported_once() {
        let mut watched = Watched::new();
        let mut after = |names: &[&str]| {
            watched.list(names.iter().map(|reader| name(reader)).collect());
            watched.pending.drain(..).collect::<Vec<_>>()
        };
        assert_eq!(after(&[]), []);
        assert_eq!(after(&["a"]), [Event::ReaderAdded(name("a"))]);
        assert_eq!(after(&["a"]), []);
        let swapped = [Event::ReaderRemoved(name("a")), Event::ReaderAdded(name("b"))];
        assert_eq!(after(&["b"]), swapped);
        assert_eq!(after(&[]), [Event::ReaderRemoved(name("b"))]);
    }

    #[test]
    fn readers_of_a_service_that_ended_are_gone_and_may_come_back() {
        let mut watched = Watched::new();
        watched.list(vec![name("a")]);
        watched.forget();
        watched.list(vec![name("a")]);
        let [added, removed] = [Event::ReaderAdded(name("a")), Event::ReaderRemoved(name("a"))];
        assert_eq!(watched.pending, [added.clone(), removed, added]);
    }
}
