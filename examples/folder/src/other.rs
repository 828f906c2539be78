//! A folder known by its name, where it cannot be held open.

use std::fs::{self, DirBuilder, File};
use std::io;
use std::path::{Path, PathBuf};

use crate::FolderError;

/// Makes folders with the access rights of the one above.
pub(crate) fn builder() -> DirBuilder {
    DirBuilder::new()
}

#[derive(Debug)]
pub(crate) struct Place(PathBuf);

impl Place {
    /// Takes a folder that is not a link.
    pub(crate) fn open(path: &Path) -> Result<Self, FolderError> {
        let path = path.to_owned();
        match fs::symlink_metadata(&path) {
            Ok(found) if found.is_symlink() => Err(FolderError::Link(path)),
            Ok(found) if !found.is_dir() => Err(FolderError::NotAFolder(path)),
            Ok(_) => Ok(Self(path)),
            Err(source) => Err(FolderError::System { path, source }),
        }
    }

    pub(crate) fn create(&self, name: &str) -> io::Result<File> {
        File::create_new(self.0.join(name))
    }

    pub(crate) fn remove(&self, name: &str) -> io::Result<()> {
        fs::remove_file(self.0.join(name))
    }
}
