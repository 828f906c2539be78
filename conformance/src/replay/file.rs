//! Recordings as files: one JSON object a line, the header first.

use std::fs;
use std::path::{Path, PathBuf};

use mynacard_core::trust::Roots;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A recording: its header, then what happens.
#[derive(Clone, Debug, PartialEq)]
pub struct Recording<H, L> {
    /// What it is about.
    pub header: H,
    /// What happens.
    pub lines: Vec<L>,
}

/// Why a recording cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    /// It cannot be read.
    #[error("{0}: {1}")]
    Unreadable(PathBuf, std::io::Error),
    /// A line is not of the documented form.
    #[error("{name}, line {line}: {why}")]
    Form {
        /// The recording.
        name: String,
        /// The line, from 1.
        line: usize,
        /// What the parser says.
        why: serde_json::Error,
    },
    /// It has no header.
    #[error("{0}: empty")]
    Empty(String),
    /// It says what cannot be.
    #[error("{0}: {1}")]
    Impossible(String, mynacard::error::Error),
}

impl<H: Serialize, L: Serialize> Recording<H, L> {
    /// The text of the file.
    ///
    /// Errors: none for the types of this module.
    pub fn to_text(&self) -> Result<String, serde_json::Error> {
        let mut text = serde_json::to_string(&self.header)? + "\n";
        for line in &self.lines {
            text += &serde_json::to_string(line)?;
            text.push('\n');
        }
        Ok(text)
    }
}

/// The folder of the recordings.
#[must_use]
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("replay")
}

/// Reads a recording by its path below the folder, without its ending: `readings/adult`.
///
/// Errors: [`RecordingError`].
pub fn load<H, L>(name: &str) -> Result<Recording<H, L>, RecordingError>
where
    H: DeserializeOwned,
    L: DeserializeOwned,
{
    let path = folder().join(format!("{name}.jsonl"));
    let text = fs::read_to_string(&path).map_err(|why| RecordingError::Unreadable(path, why))?;
    let mut lines = text.lines().enumerate();
    let (_, first) = lines.next().ok_or_else(|| RecordingError::Empty(name.to_owned()))?;
    Ok(Recording {
        header: parse(name, 0, first)?,
        lines: lines.map(|(at, line)| parse(name, at, line)).collect::<Result<_, _>>()?,
    })
}

fn parse<T: DeserializeOwned>(name: &str, at: usize, line: &str) -> Result<T, RecordingError> {
    let form = |why| RecordingError::Form { name: name.to_owned(), line: at + 1, why };
    serde_json::from_str(line).map_err(form)
}

/// The roots that a header names.
///
/// Errors: [`RecordingError`], where the file of roots is not there or is none.
pub fn roots(name: &str) -> Result<Roots, RecordingError> {
    if name == "production" {
        return Ok(Roots::production());
    }
    let path = folder().join(name);
    let json = fs::read(&path).map_err(|why| RecordingError::Unreadable(path, why))?;
    Roots::from_json(&json).map_err(|why| RecordingError::Impossible(name.to_owned(), why.into()))
}
