//! The link to a card: the scenario's virtual card over a model of the air, or a reader.

use std::time::Instant;

use anyhow::Result;
use mynacard_core::error::LinkFault;
use mynacard_core::exchange::{self, CardTransport, Phase};
use mynacard_sim::VirtualCard;
use mynacard_sim::link::{LinkModel, Meter, TimedLink};

/// A link to one card, and the time that it takes.
pub(crate) struct Link {
    inner: Box<dyn CardTransport>,
    watch: Stopwatch,
}

impl Link {
    /// The link to a virtual card, timed as the air would take.
    pub(crate) fn modelled(card: VirtualCard, model: &LinkModel) -> Self {
        let timed = TimedLink::new(card, model.clone());
        let watch = Stopwatch::Modelled(timed.meter());
        Self { inner: Box::new(timed), watch }
    }

    /// The link to the card on a reader: `first`, or a name. Waits for one.
    #[cfg(feature = "pcsc")]
    pub(crate) fn on_reader(name: &str) -> Result<Self> {
        use std::time::Duration;

        use mynacard_pcsc::{ConnectOptions, Readers, Wanted};

        eprintln!("カードをリーダーに当ててください。 Place the card on the reader.");
        let wanted = if name == "first" { Wanted::FirstMyNumberCard } else { Wanted::On(name) };
        let patience = Some(Duration::from_secs(30));
        let link = Readers
            .open(wanted, &ConnectOptions::new(), patience, |reader, why| match reader {
                Some(reader) => eprintln!("{reader}: {why}; still waiting (待機を続けます)"),
                None => eprintln!("{why}; still waiting (待機を続けます)"),
            })
            .map_err(|why| anyhow::anyhow!("{why}\n  {}", why.error().info().advice_ja))?;
        Ok(Self { inner: Box::new(link), watch: Stopwatch::Wall(Instant::now()) })
    }

    /// Says what to build.
    #[cfg(not(feature = "pcsc"))]
    pub(crate) fn on_reader(name: &str) -> Result<Self> {
        anyhow::bail!(
            "this build cannot open the reader {name}: it was built without PC/SC.\n  \
             Build it with: cargo demo --features pcsc -- --reader {name} … \
             (on Debian it needs libpcsclite-dev and pkg-config)"
        )
    }

    /// What shows the time on this link.
    pub(crate) fn watch(&self) -> Stopwatch {
        self.watch.clone()
    }
}

impl CardTransport for Link {
    fn transmit(&mut self, command: &[u8], response: &mut Vec<u8>) -> Result<(), LinkFault> {
        self.inner.transmit(command, response)
    }

    fn link(&self) -> &exchange::Link {
        self.inner.link()
    }
}

/// Shows the time on a link: what the air would have taken so far, or what passed.
#[derive(Clone)]
pub(crate) enum Stopwatch {
    Modelled(Meter),
    #[cfg_attr(not(feature = "pcsc"), allow(dead_code, reason = "readers run by the clock"))]
    Wall(Instant),
}

impl Stopwatch {
    /// Milliseconds since the link was opened.
    pub(crate) fn millis(&self) -> f64 {
        match self {
            Self::Modelled(meter) => meter.total().time.as_secs_f64() * 1000.0,
            Self::Wall(begun) => begun.elapsed().as_secs_f64() * 1000.0,
        }
    }
}

/// Milliseconds that each phase took, in the order in which they came.
#[derive(Clone, Default)]
pub(crate) struct Phases(Vec<(&'static str, f64)>);

impl Phases {
    /// Adds to a phase.
    pub(crate) fn add(&mut self, name: &'static str, millis: f64) {
        match self.0.iter_mut().find(|(phase, _)| *phase == name) {
            Some((_, sum)) => *sum += millis,
            None => self.0.push((name, millis)),
        }
    }

    /// Each phase with its milliseconds.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&'static str, f64)> + '_ {
        self.0.iter().copied()
    }
}

/// Adds up the time of each phase of a reading.
pub(crate) struct PhaseClock {
    watch: Stopwatch,
    phase: Option<(Phase, f64)>,
}

impl PhaseClock {
    pub(crate) const fn new(watch: Stopwatch) -> Self {
        Self { watch, phase: None }
    }

    pub(crate) fn enter(&mut self, phase: Phase, phases: &mut Phases) {
        if self.phase.is_none_or(|(current, _)| current != phase) {
            self.leave(phases);
            self.phase = Some((phase, self.watch.millis()));
        }
    }

    pub(crate) fn leave(&mut self, phases: &mut Phases) {
        if let Some((phase, since)) = self.phase.take() {
            phases.add(phase.name(), self.watch.millis() - since);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mynacard_core::Limits;
    use mynacard_core::driver::run_with;
    use mynacard_core::reading::identify;
    use mynacard_sim::Profile;

    #[test]
    fn the_time_of_a_virtual_card_is_that_of_the_air_and_all_of_it_belongs_to_a_phase() {
        let mut link = Link::modelled(Profile::adult().card(), &LinkModel::nfc106());
        let (mut clock, mut phases) = (PhaseClock::new(link.watch()), Phases::default());
        let mut driver = identify(CardTransport::link(&link), Limits::default()).unwrap();
        let done = run_with(
            &mut driver,
            &mut link,
            |progress| clock.enter(progress.phase, &mut phases),
            |_| {},
        );
        clock.leave(&mut phases);
        let sum: f64 = phases.iter().map(|(_, millis)| millis).sum();
        assert!(done.is_ok() && (sum - link.watch().millis()).abs() < 1e-6, "{sum}");
        // Two exchanges at least, each of which costs the reader alone 8 ms.
        assert!(sum > 16.0, "{sum}");
    }
}
