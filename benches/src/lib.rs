//! The fastest of what Criterion measured, so that two routines can be compared within one run.
#![forbid(unsafe_code)]

use std::cell::RefCell;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Times of one routine, one a sample.
#[derive(Debug, Default)]
pub struct Samples(RefCell<Vec<Duration>>);

impl Samples {
    /// Runs a routine so often, and keeps the average time of one run. Give it to Criterion's
    /// `iter_custom`.
    pub fn measure<R>(&self, iterations: u64, mut routine: impl FnMut() -> R) -> Duration {
        let start = Instant::now();
        for _ in 0..iterations {
            black_box(routine());
        }
        let total = start.elapsed();
        let average = total.as_nanos() / u128::from(iterations.max(1));
        let average = Duration::from_nanos(u64::try_from(average).unwrap_or(u64::MAX));
        self.0.borrow_mut().push(average);
        total
    }

    /// The fastest sample, which the machine's other work has disturbed least; none if nothing was
    /// measured.
    #[must_use]
    pub fn fastest(&self) -> Option<Duration> {
        self.0.borrow().iter().min().copied()
    }
}

/// How many times as long the first takes as the second; none if either was not measured.
#[must_use]
pub fn ratio(first: &Samples, second: &Samples) -> Option<f64> {
    let (first, second) = (first.fastest()?, second.fastest()?);
    Some(first.as_secs_f64() / second.as_secs_f64())
}
