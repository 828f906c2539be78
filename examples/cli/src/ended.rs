//! The exit status that a command ends with.

use std::process::ExitCode;

use crate::outcome::Outcome;

/// How a command ended.
pub(crate) struct Ended(ExitCode);

impl Ended {
    pub(crate) const fn with(code: ExitCode) -> Self {
        Self(code)
    }

    pub(crate) const fn exit_code(&self) -> ExitCode {
        self.0
    }
}

impl From<Outcome> for Ended {
    fn from(outcome: Outcome) -> Self {
        Self(outcome.exit_code())
    }
}
