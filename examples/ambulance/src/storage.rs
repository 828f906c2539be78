//! Where a run's files live: nowhere, unless `--keep DIR` asks for them.
//!
//! A tablet in earnest stores every line of its log on its disk before it confirms it. A demonstration
//! leaves nothing, whether it ends well, fails or is killed: its log is in memory, and a line counts as
//! stored when it is there. With `--keep` each line is on the disk as well before it counts.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::slice::Iter;

use anyhow::Result;
use mynacard_core::field::Pixels;
use mynacard_folder::PrivateFolder;

/// The photos of one run; no scenario reads a third card.
const PHOTOS: [&str; 2] = ["photo.png", "second-photo.png"];

/// The log of this run, and the folder to keep it in, if there is one.
pub(crate) struct Storage {
    log: String,
    kept: Option<Kept>,
}

struct Kept {
    folder: PrivateFolder,
    log: File,
    photos: Iter<'static, &'static str>,
}

impl Storage {
    /// Room for a new log. What is kept goes into this folder, which is new or empty, and is gone if the
    /// run fails.
    pub(crate) fn new(folder: Option<&Path>) -> Result<Self> {
        let kept = match folder {
            None => None,
            Some(path) => {
                let mut folder = PrivateFolder::open(path)?;
                let log = folder.create("audit.jsonl")?;
                Some(Kept { folder, log, photos: PHOTOS.iter() })
            }
        };
        Ok(Self { log: String::new(), kept })
    }

    /// Stores a line of the log: one write, flushed to the disk, where it is kept there.
    pub(crate) fn append(&mut self, line: &str) -> Result<()> {
        if let Some(kept) = &mut self.kept {
            kept.log.write_all(line.as_bytes())?;
            kept.log.sync_data()?;
        }
        self.log.push_str(line);
        Ok(())
    }

    /// The log so far.
    pub(crate) fn log(&self) -> &str {
        &self.log
    }

    /// Writes the photo of an invented person beside the log, where anything is kept; its path.
    pub(crate) fn keep_photo(&mut self, photo: &Pixels) -> Result<Option<PathBuf>> {
        let Some(kept) = &mut self.kept else { return Ok(None) };
        let Some(name) = kept.photos.next() else { return Ok(None) };
        Ok(Some(kept.folder.write(name, &photo.to_png()?)?))
    }

    /// Writes a file beside the log, where anything is kept.
    pub(crate) fn keep_file(&mut self, name: &'static str, bytes: &[u8]) -> Result<()> {
        if let Some(kept) = &mut self.kept {
            kept.folder.write(name, bytes)?;
        }
        Ok(())
    }

    /// Lets what was kept stay; its folder.
    pub(crate) fn finish(self) -> Option<PathBuf> {
        let folder = self.kept?.folder;
        let path = folder.path().to_owned();
        folder.keep();
        Some(path)
    }
}
