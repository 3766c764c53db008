//! The file in which imported rare diseases are kept, beside the database.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use knowledge_graph::hpo::{RareLayer, StoredError};
use thiserror::Error;

use crate::config::Config;

/// Its name, in the database's folder.
const FILE: &str = "rare-diseases.hpo";

/// Why the rare diseases cannot be read or kept.
#[derive(Debug, Error)]
pub enum RareError {
    /// The system refused.
    #[error("{}: {error}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// The file is not whole or of another version.
    #[error("{}: {error}: anamnesis graph import hpo", path.display())]
    Stored {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: StoredError,
    },
}

/// Where the rare diseases are kept under these settings.
pub fn file(config: &Config) -> PathBuf {
    config.database.with_file_name(FILE)
}

/// The imported rare diseases; `None` when nothing was imported.
pub fn load(path: &Path) -> Result<Option<RareLayer>, RareError> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(RareError::Io { path: path.to_owned(), error }),
    };
    let layer = RareLayer::from_bytes(&bytes);
    layer.map(Some).map_err(|error| RareError::Stored { path: path.to_owned(), error })
}

/// The imported rare diseases, read when somebody first asks for them and again when another
/// release was imported meanwhile.
#[derive(Debug)]
pub struct Shelf {
    path: PathBuf,
    read: Mutex<Option<(SystemTime, Arc<RareLayer>)>>,
}

impl Shelf {
    /// The diseases kept at `path`, if there are any by the time they are asked for.
    pub fn new(path: PathBuf) -> Self {
        Self { path, read: Mutex::default() }
    }

    /// The layer; `None` when nothing is imported. Blocks while it is read.
    ///
    /// # Errors
    /// [`RareError`] when the file cannot be read or is of another version.
    pub fn layer(&self) -> Result<Option<Arc<RareLayer>>, RareError> {
        let changed = match fs::metadata(&self.path).and_then(|file| file.modified()) {
            Ok(changed) => changed,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(RareError::Io { path: self.path.clone(), error }),
        };
        let mut kept = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((when, layer)) = &*kept
            && *when == changed
        {
            return Ok(Some(Arc::clone(layer)));
        }
        let layer = load(&self.path)?.map(Arc::new);
        *kept = layer.clone().map(|layer| (changed, layer));
        Ok(layer)
    }
}

/// Keeps the rare diseases in place of those before. The new file is whole on the disk before it
/// takes the old one's name, so a failure changes nothing.
pub fn keep(layer: &RareLayer, path: &Path) -> Result<(), RareError> {
    let new = path.with_extension(format!("new-{}", std::process::id()));
    let written = write_through(&new, &layer.to_bytes()).and_then(|()| fs::rename(&new, path));
    written.map_err(|error| {
        // What is left of it is of no use; the error is what matters.
        let _gone = fs::remove_file(&new);
        RareError::Io { path: path.to_owned(), error }
    })
}

fn write_through(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_imported_is_no_error_and_a_foreign_file_says_what_to_do() {
        let folder = std::env::temp_dir().join(format!("anamnesis-rare-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join(FILE);

        let before = load(&path).unwrap();
        fs::write(&path, "something else").unwrap();
        let message = load(&path).unwrap_err().to_string();
        fs::remove_dir_all(&folder).unwrap();

        assert!(before.is_none());
        assert!(message.contains("import"), "{message}");
    }
}
