//! A folder held open.

use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use rustix::fs::{AtFlags, Mode, OFlags, fstat, open, openat, unlinkat};
use rustix::process::geteuid;

use crate::FolderError;

/// Makes folders for their owner alone.
pub(crate) fn builder() -> DirBuilder {
    let mut builder = DirBuilder::new();
    builder.mode(0o700);
    builder
}

#[derive(Debug)]
pub(crate) struct Place(OwnedFd);

impl Place {
    /// Opens a folder, and looks at the one that was opened: is it this user's, and can no other write to it?
    pub(crate) fn open(path: &Path) -> Result<Self, FolderError> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let folder =
            open(path, flags, Mode::empty()).map_err(|error| why_not(path, error.into()))?;
        let found = fstat(&folder).map_err(|error| why_not(path, error.into()))?;
        if found.st_uid != geteuid().as_raw() {
            return Err(FolderError::NotYours(path.to_owned()));
        }
        if Mode::from_raw_mode(found.st_mode).intersects(Mode::WGRP | Mode::WOTH) {
            return Err(FolderError::Shared(path.to_owned()));
        }
        Ok(Self(folder))
    }

    pub(crate) fn create(&self, name: &str) -> io::Result<File> {
        let flags =
            OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Ok(openat(&self.0, name, flags, Mode::RUSR | Mode::WUSR)?.into())
    }

    pub(crate) fn remove(&self, name: &str) -> io::Result<()> {
        Ok(unlinkat(&self.0, name, AtFlags::empty())?)
    }
}

fn why_not(path: &Path, source: io::Error) -> FolderError {
    let path = path.to_owned();
    match fs::symlink_metadata(&path) {
        Ok(found) if found.is_symlink() => FolderError::Link(path),
        Ok(found) if !found.is_dir() => FolderError::NotAFolder(path),
        _ => FolderError::System { path, source },
    }
}
