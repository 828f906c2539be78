//! What is counted while lines are taken.

use crate::Timestamp;
use crate::audit::Funnel;
use crate::audit::line::Line;

/// What is counted while lines are taken; parts of a log can be counted apart and put together.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    pub(super) funnel: Funnel,
    pub(super) first_at: Option<Timestamp>,
    pub(super) last_at: Option<Timestamp>,
    pub(super) clock_steps_back: u64,
    pub(super) signatures: u64,
    pub(super) signed_to: Option<u64>,
}

impl Tally {
    #[inline]
    pub(super) fn take(&mut self, line: &Line<'_>) {
        self.funnel.add(line.code);
        self.clock_steps_back += u64::from(self.last_at.is_some_and(|last| line.at < last));
        self.first_at = self.first_at.or(Some(line.at));
        self.last_at = Some(line.at);
    }

    pub(super) fn sign(&mut self, seq: u64) {
        self.signatures += 1;
        self.signed_to = Some(seq);
    }

    /// Appends what was counted in the part that follows.
    pub(super) fn append(&mut self, next: &Self) {
        self.funnel.absorb(&next.funnel);
        let back = matches!((self.last_at, next.first_at), (Some(a), Some(b)) if b < a);
        self.clock_steps_back += next.clock_steps_back + u64::from(back);
        self.first_at = self.first_at.or(next.first_at);
        self.last_at = next.last_at.or(self.last_at);
        self.signatures += next.signatures;
        self.signed_to = next.signed_to.or(self.signed_to);
    }
}
