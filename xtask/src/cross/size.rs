//! The table of what a vendor gets, and how large it is.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

/// Files with their sizes.
#[derive(Debug, Default)]
pub(crate) struct Sizes {
    rows: Vec<(&'static str, String, u64)>,
}

impl Sizes {
    /// Adds the files of one target.
    ///
    /// Errors: a sentence naming a file that is not there.
    pub(crate) fn add(&mut self, target: &'static str, files: &[PathBuf]) -> Result<(), String> {
        for file in files {
            let size =
                fs::metadata(file).map_err(|why| format!("{}: {why}", file.display()))?.len();
            let name = file.file_name().map(Path::new).unwrap_or(file);
            self.rows.push((target, name.display().to_string(), size));
        }
        Ok(())
    }
}

impl fmt::Display for Sizes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (target, name, size) in &self.rows {
            writeln!(f, "{target:<20} {name:<18} {:>7} KiB", size.div_ceil(1024))?;
        }
        Ok(())
    }
}
