//! Something that happened in an encounter and belongs in the log.

use core::marker::PhantomData;

use super::{Commitment, EncounterId, Event, LogKind, ShortId};
use crate::Timestamp;

/// Something that happened and belongs in the log. Only the consent machine makes it, so that
/// nothing personal can be written into a log by a slip of the host.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Occurrence<K: LogKind> {
    pub(crate) at: Timestamp,
    pub(crate) encounter: EncounterId,
    pub(crate) event: Event,
    pub(crate) crew: ShortId,
    pub(crate) card: Option<Commitment>,
    /// Its place in its encounter: tells two equal permits of the same moment apart.
    pub(crate) ordinal: u32,
    pub(crate) kind: PhantomData<K>,
}
