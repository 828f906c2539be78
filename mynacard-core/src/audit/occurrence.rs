//! Something that happened in an encounter and belongs in the log.

use core::marker::PhantomData;

use super::{Commitment, EncounterId, EventCode, LogKind, ShortId};
use crate::Timestamp;

/// Something that happened and belongs in the log. Only the consent machine makes it, so that
/// nothing personal can be written into a log by a slip of the host.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[must_use = "what happened is not recorded until a log has stored it"]
pub struct Occurrence<K: LogKind> {
    pub(crate) at: Timestamp,
    pub(crate) encounter: EncounterId,
    pub(crate) code: EventCode,
    pub(crate) crew: ShortId,
    pub(crate) card: Option<Commitment>,
    /// Its place in its encounter: tells two equal permits of the same moment apart.
    pub(crate) ordinal: u32,
    pub(crate) kind: PhantomData<K>,
}

impl<K: LogKind> Occurrence<K> {
    /// When; never earlier than what the same encounter recorded before.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// In which encounter.
    #[must_use]
    pub const fn encounter(&self) -> EncounterId {
        self.encounter
    }

    /// What happened.
    #[must_use]
    pub const fn code(&self) -> EventCode {
        self.code
    }

    /// Which crew member said so.
    #[must_use]
    pub const fn crew(&self) -> ShortId {
        self.crew
    }

    /// The salted commitment to the card, once one has been read.
    #[must_use]
    pub const fn card(&self) -> Option<Commitment> {
        self.card
    }
}
