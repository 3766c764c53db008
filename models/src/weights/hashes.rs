//! Hashes of files and the small files that list them, in the format of `sha256sum`.

use std::{
    fmt::Write as _,
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use super::{Progress, WeightsError};
use crate::manifest::is_sha256;

const BUFFER_BYTES: usize = 1 << 20;

/// SHA-256 of a file in lower-case hex.
pub(super) fn sha256_of_file(path: &Path, progress: &dyn Progress) -> Result<String, WeightsError> {
    let mut file = File::open(path).map_err(WeightsError::io("open", path))?;
    let length = file.metadata().map_err(WeightsError::io("read", path))?.len();
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    progress.begin(&format!("checking {name}"), Some(length));
    let mut hash = Sha256::new();
    let mut buffer = vec![0; BUFFER_BYTES];
    loop {
        let count = file.read(&mut buffer).map_err(WeightsError::io("read", path))?;
        if count == 0 {
            break;
        }
        hash.update(&buffer[..count]);
        progress.advance(count as u64);
    }
    progress.end();
    Ok(hex(&hash.finalize()))
}

/// SHA-256 of bytes in lower-case hex.
pub(super) fn sha256_of(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing into a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A file of lines `HASH  NAME`.
pub(super) struct HashFile {
    path: PathBuf,
}

impl HashFile {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path }
    }

    pub(super) fn contains(&self, sha256: &str) -> Result<bool, WeightsError> {
        Ok(self.lines()?.iter().any(|(hash, _)| hash == sha256))
    }

    pub(super) fn hash_of(&self, name: &str) -> Result<Option<String>, WeightsError> {
        Ok(self.lines()?.into_iter().find(|(_, found)| found == name).map(|(hash, _)| hash))
    }

    /// Adds or replaces a line; the file is replaced as a whole, so it is never half-written.
    pub(super) fn record(&self, name: &str, sha256: &str) -> Result<(), WeightsError> {
        let mut lines = self.lines()?;
        lines.retain(|(hash, found)| hash != sha256 && found != name);
        lines.push((sha256.to_owned(), name.to_owned()));
        let lines: Vec<String> = lines.iter().map(|(hash, name)| format!("{hash}  {name}")).collect();
        let text = lines.join("\n") + "\n";
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder).map_err(WeightsError::io("create", folder))?;
        }
        let partial = self.path.with_extension("partial");
        fs::write(&partial, text).map_err(WeightsError::io("write", &partial))?;
        fs::rename(&partial, &self.path).map_err(WeightsError::io("write", &self.path))
    }

    fn lines(&self) -> Result<Vec<(String, String)>, WeightsError> {
        let text = match fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(WeightsError::io("read", &self.path)(error)),
        };
        let line = |line: &str| {
            let (hash, name) = line.split_once("  ")?;
            is_sha256(hash).then(|| (hash.to_owned(), name.to_owned()))
        };
        Ok(text.lines().filter_map(line).collect())
    }
}
