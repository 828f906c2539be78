//! Real logs and drill logs, told apart by type.

use core::fmt::Debug;

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Real {}
    impl Sealed for super::Drill {}
}

/// What an encounter and its log are for: [`Real`] work or a [`Drill`] (訓練).
///
/// A closed set. An occurrence, a log and a machine carry their kind in their type, so that nothing
/// of a drill can be appended to a real log, nor the other way round.
pub trait LogKind: sealed::Sealed + Copy + Debug + Eq + Send + Sync + 'static {
    /// What the header line of a log of this kind says under `drill`.
    const DRILL: bool;
}

/// Real work with a patient.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Real;

/// A drill (訓練): its log is marked in its header line, its permits and receipts say so.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Drill;

impl LogKind for Real {
    const DRILL: bool = false;
}

impl LogKind for Drill {
    const DRILL: bool = true;
}
