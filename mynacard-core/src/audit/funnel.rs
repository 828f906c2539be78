//! The funnel (利用状況の内訳): how many encounters, how many permits, and why not.

use core::fmt;

use super::Event;
use super::verify::LogVerdict;

/// How often each event occurs, over any number of logs. Fixed size.
#[derive(Clone, Eq, PartialEq)]
pub struct Funnel {
    /// By number of the code, which is below 1000.
    counts: Vec<u64>,
}

impl Default for Funnel {
    fn default() -> Self {
        Self { counts: vec![0; 1000] }
    }
}

impl Funnel {
    /// Counts one event.
    pub fn add(&mut self, code: Event) {
        if let Some(count) = self.counts.get_mut(usize::from(code.code())) {
            *count += 1;
        }
    }

    /// Adds what another one counted.
    pub fn absorb(&mut self, other: &Self) {
        self.counts.iter_mut().zip(&other.counts).for_each(|(sum, count)| *sum += count);
    }

    /// How often an event occurs.
    #[must_use]
    pub fn count(&self, code: Event) -> u64 {
        self.counts.get(usize::from(code.code())).copied().unwrap_or(0)
    }

    /// Encounters that began.
    #[must_use]
    pub fn encounters(&self) -> u64 {
        self.count(Event::EncounterOpened)
    }

    /// Permits that were recorded, of either scope.
    #[must_use]
    pub fn permits(&self) -> u64 {
        self.count(Event::PermitSummary) + self.count(Event::PermitFull)
    }

    /// How encounters ended: each way out that occurs, with how often.
    pub fn ways_out(&self) -> impl Iterator<Item = (Event, u64)> {
        self.rows().filter(|(code, _)| code.is_way_out())
    }

    /// Encounters that began and have no recorded end (the app was closed or crashed).
    #[must_use]
    pub fn unended(&self) -> u64 {
        let ended: u64 = self.ways_out().map(|(_, count)| count).sum();
        self.encounters().saturating_sub(ended)
    }

    /// Every event that occurs, in order of codes, with how often.
    pub fn rows(&self) -> impl Iterator<Item = (Event, u64)> {
        Event::ALL.iter().map(|&code| (code, self.count(code))).filter(|(_, count)| *count > 0)
    }
}

impl fmt::Debug for Funnel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.rows().map(|(code, count)| (code.name(), count))).finish()
    }
}

/// The funnel over any number of logs, drills (訓練) apart.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Summary {
    /// Real work.
    pub real: Funnel,
    /// Drills.
    pub drill: Funnel,
    /// Logs that were added.
    pub logs: u64,
    /// Logs among them that are not intact; their events are counted as far as they were taken.
    pub not_intact: u64,
}

impl Summary {
    /// Adds a log that was verified.
    pub fn add(&mut self, verdict: &LogVerdict) {
        let funnel = if verdict.drill { &mut self.drill } else { &mut self.real };
        funnel.absorb(&verdict.funnel);
        self.logs += 1;
        self.not_intact += u64::from(!verdict.is_intact());
    }
}
