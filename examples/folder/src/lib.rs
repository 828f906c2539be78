//! A folder for files about one person, which the user asked for by name.
//!
//! - Its files are made new, never written through a link or over something else.
//! - **Unix**: folder and files are their owner's alone (0700, 0600), whatever the umask. The folder is
//!   held open, so that files land in the one that was checked, though its name may lead elsewhere by then.
//! - **Windows**: they inherit the access rights of the folder above, which in a user's profile are that
//!   user's alone; the folder is found by its name each time.
//! - Either everything is there at the end, or nothing: what was written goes again unless it is
//!   [kept](PrivateFolder::keep). A process that is killed leaves what it has written, as private as the rest.
#![forbid(unsafe_code)]

#[cfg_attr(unix, path = "unix.rs")]
#[cfg_attr(not(unix), path = "other.rs")]
mod place;

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::place::Place;

/// Why a folder or a file in it was refused. The text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// The name is that of a link: somebody else may say where it leads.
    #[error("{} is a link: name the folder itself", .0.display())]
    Link(PathBuf),
    /// The name is that of a file.
    #[error("{} is not a folder: name a new or an empty one", .0.display())]
    NotAFolder(PathBuf),
    /// The folder belongs to another user (Unix).
    #[error("{} belongs to another user: name a new folder, or an empty one of your own", .0.display())]
    NotYours(PathBuf),
    /// Its group, or everybody, can write to the folder (Unix).
    #[error("others can write to {}: name a new folder, or run chmod go-w on this one", .0.display())]
    Shared(PathBuf),
    /// Something is there already; nothing is written over.
    #[error("{} exists already: name a new or an empty folder", .0.display())]
    Exists(PathBuf),
    /// The operating system refused.
    #[error("cannot write {}", path.display())]
    System {
        /// The folder or the file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
}

/// A folder that was new or empty, with the files written to it since.
#[derive(Debug)]
pub struct PrivateFolder {
    path: PathBuf,
    place: Place,
    is_new: bool,
    names: Vec<&'static str>,
}

impl PrivateFolder {
    /// Makes the folder, with those above it that are missing, or takes one that is there and empty.
    ///
    /// Errors: each [`FolderError`]; no existing folder is changed then.
    pub fn open(path: &Path) -> Result<Self, FolderError> {
        // `DIR/` and `DIR/.` would be where a link DIR leads.
        let path: PathBuf = path.components().collect();
        let refused = |source| FolderError::System { path: path.clone(), source };
        if let Some(above) = path.parent().filter(|above| !above.as_os_str().is_empty()) {
            place::builder().recursive(true).create(above).map_err(refused)?;
        }
        let is_new = match place::builder().create(&path) {
            Ok(()) => true,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => false,
            Err(error) => return Err(refused(error)),
        };
        let place = Place::open(&path)?;
        let folder = Self { path, place, is_new, names: Vec::new() };
        match fs::read_dir(&folder.path).map(|mut entries| entries.next()) {
            Ok(None) => Ok(folder),
            Ok(Some(Ok(entry))) => Err(FolderError::Exists(entry.path())),
            Ok(Some(Err(source))) | Err(source) => {
                Err(FolderError::System { path: folder.path.clone(), source })
            }
        }
    }

    /// Makes a file for its owner alone.
    ///
    /// Errors: [`FolderError::Exists`], also for a link of this name; [`FolderError::System`].
    pub fn create(&mut self, name: &'static str) -> Result<File, FolderError> {
        let path = self.path.join(name);
        match self.place.create(name) {
            Ok(file) => {
                self.names.push(name);
                Ok(file)
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                Err(FolderError::Exists(path))
            }
            Err(source) => Err(FolderError::System { path, source }),
        }
    }

    /// The same with what is to be in the file; the path of the file.
    ///
    /// Errors: as [`create`](Self::create).
    pub fn write(&mut self, name: &'static str, bytes: &[u8]) -> Result<PathBuf, FolderError> {
        let path = self.path.join(name);
        match self.create(name)?.write_all(bytes) {
            Ok(()) => Ok(path),
            Err(source) => Err(FolderError::System { path, source }),
        }
    }

    /// Its path, as it was given.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Lets the files stay. A folder that was made for none goes all the same.
    pub fn keep(mut self) {
        self.is_new &= self.names.is_empty();
        self.names.clear();
    }
}

impl Drop for PrivateFolder {
    fn drop(&mut self) {
        for name in self.names.drain(..) {
            let _ = self.place.remove(name);
        }
        if self.is_new {
            // Goes only if it is empty.
            let _ = fs::remove_dir(&self.path);
        }
    }
}
