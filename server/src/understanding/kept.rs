//! Vectors of texts that are wanted again and again, kept beside the weights that made them.
//!
//! How topics are asked and what patients say stays the same from start to start, and embedding it
//! takes minutes. The file only grows: a header, then entries of one size, each a hash of weights and
//! text and the vector.

use std::{
    collections::HashMap,
    fs::{self, File, OpenOptions},
    io::{self, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use models::Embedder;
use sha2::{Digest as _, Sha256};

use super::{MatcherError, meaning::embed_all};

const MAGIC: &[u8; 8] = b"anamvec1";
const HEADER: usize = MAGIC.len() + 4;
const HASH: usize = 32;
/// Most vectors kept, some 100 MB. A file that outgrew it, mostly with texts of older versions, is
/// begun again.
const MOST: usize = 60_000;

type Key = [u8; HASH];

/// An embedder that remembers.
pub(crate) struct KeptVectors {
    embedder: Arc<dyn Embedder>,
    weights: String,
    path: Option<PathBuf>,
    known: Mutex<HashMap<Key, Arc<[f32]>>>,
}

impl KeptVectors {
    /// Remembers what `embedder` makes of texts, in the file at `path` where there is one.
    pub fn new(embedder: Arc<dyn Embedder>, path: Option<&Path>) -> Self {
        let known = path.map(read).filter(|known| known.len() <= MOST).unwrap_or_default();
        Self { weights: embedder.identity().sha256, embedder, path: path.map(Path::to_owned), known: Mutex::new(known) }
    }

    /// The embedder itself, for texts that come once.
    pub fn embedder(&self) -> &dyn Embedder {
        self.embedder.as_ref()
    }

    /// A vector for each text, in order. Blocking while texts not seen before are embedded.
    pub fn of(&self, texts: &[&str]) -> Result<Vec<Arc<[f32]>>, MatcherError> {
        let keys: Vec<Key> = texts.iter().map(|text| self.key(text)).collect();
        let mut missing: Vec<(Key, &str)> = {
            let known = self.known();
            keys.iter().copied().zip(texts.iter().copied()).filter(|(key, _)| !known.contains_key(key)).collect()
        };
        missing.sort_unstable();
        missing.dedup();
        let embedded = embed_all(self.embedder(), &missing.iter().map(|(_, text)| *text).collect::<Vec<_>>())?;
        let fresh: Vec<(Key, Arc<[f32]>)> =
            missing.iter().map(|(key, _)| *key).zip(embedded.into_iter().map(Arc::from)).collect();
        let mut known = self.known();
        if let Some(path) = self.path.as_ref().filter(|_| !fresh.is_empty())
            && let Err(error) = write(path, &fresh, known.is_empty())
        {
            tracing::warn!(path = %path.display(), %error, "vectors could not be kept; the next start embeds their texts again");
        }
        known.extend(fresh);
        Ok(keys.iter().filter_map(|key| known.get(key).map(Arc::clone)).collect())
    }

    fn known(&self) -> MutexGuard<'_, HashMap<Key, Arc<[f32]>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn key(&self, text: &str) -> Key {
        Sha256::new().chain_update(&self.weights).chain_update([0]).chain_update(text).finalize().into()
    }
}

/// The vectors in a file; none when it is missing or not such a file.
fn read(path: &Path) -> HashMap<Key, Arc<[f32]>> {
    let parse = |bytes: Vec<u8>| -> Option<HashMap<Key, Arc<[f32]>>> {
        let (size, entries) = (entry_size(&bytes)?, bytes.get(HEADER..)?);
        let entry = |entry: &[u8]| -> Option<(Key, Arc<[f32]>)> {
            let (key, floats) = entry.split_first_chunk::<HASH>()?;
            Some((*key, floats.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()))
        };
        Some(entries.chunks_exact(size).filter_map(entry).collect())
    };
    fs::read(path).ok().and_then(parse).unwrap_or_default()
}

/// Bytes of each entry, by the file's header.
fn entry_size(bytes: &[u8]) -> Option<usize> {
    let (dimensions, _) = bytes.strip_prefix(MAGIC)?.split_first_chunk::<4>()?;
    let floats = (u32::from_le_bytes(*dimensions) as usize).checked_mul(4)?;
    HASH.checked_add(floats).filter(|_| floats > 0)
}

/// Appends `fresh`, behind the last whole entry; `anew` begins the file again. Programs that share the
/// file wait for each other.
fn write(path: &Path, fresh: &[(Key, Arc<[f32]>)], anew: bool) -> io::Result<()> {
    let dimensions = fresh.first().map_or(0, |(_, vector)| vector.len());
    fs::create_dir_all(path.parent().unwrap_or_else(|| Path::new(".")))?;
    let mut file = OpenOptions::new().create(true).truncate(false).read(true).write(true).open(path)?;
    file.lock()?;
    let mut bytes = Vec::new();
    let end = if anew { 0 } else { whole(&file, dimensions)? };
    if end == 0 {
        bytes.extend(MAGIC);
        bytes.extend(u32::try_from(dimensions).unwrap_or_default().to_le_bytes());
    }
    for (key, vector) in fresh {
        bytes.extend(key);
        bytes.extend(vector.iter().flat_map(|x| x.to_le_bytes()));
    }
    file.set_len(end)?;
    file.seek(SeekFrom::Start(end))?;
    file.write_all(&bytes)
}

/// Where the last whole entry ends; 0 when there is no file of vectors of this length.
fn whole(mut file: &File, dimensions: usize) -> io::Result<u64> {
    use io::Read as _;
    let mut header = [0; HEADER];
    let length = file.metadata()?.len();
    let is_ours = file.read_exact(&mut header).is_ok() && entry_size(&header) == Some(HASH + 4 * dimensions);
    let (header, size) = (HEADER as u64, (HASH + 4 * dimensions) as u64);
    Ok(if is_ours { length - (length - header) % size } else { 0 })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use models::{EngineError, ModelIdentity};

    use super::*;

    /// The length of a text, and how many texts were embedded.
    struct Lengths(AtomicUsize);

    impl Embedder for Lengths {
        fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, EngineError> {
            self.0.fetch_add(texts.len(), Ordering::Relaxed);
            Ok(texts.iter().map(|text| vec![text.len() as f32, 1.0]).collect())
        }

        fn identity(&self) -> ModelIdentity {
            ModelIdentity { name: "lengths".into(), sha256: "0".into() }
        }
    }

    fn lengths(kept: &KeptVectors, texts: &[&str]) -> Vec<f32> {
        kept.of(texts).unwrap().iter().map(|vector| vector[0]).collect()
    }

    #[test]
    fn a_text_is_embedded_once_in_the_life_of_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vectors.bin");
        let embedder = Arc::new(Lengths(AtomicUsize::new(0)));
        let open = || KeptVectors::new(Arc::clone(&embedder) as Arc<dyn Embedder>, Some(&path));

        assert_eq!(lengths(&open(), &["one", "three", "one"]), [3.0, 5.0, 3.0]);
        assert_eq!(lengths(&open(), &["three", "fifteen"]), [5.0, 7.0]);
        assert_eq!(lengths(&open(), &["fifteen", "one"]), [7.0, 3.0]);

        assert_eq!(embedder.0.load(Ordering::Relaxed), 3);
    }

    #[test]
    fn a_torn_or_foreign_file_costs_only_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vectors.bin");
        let embedder = Arc::new(Lengths(AtomicUsize::new(0)));
        let open = || KeptVectors::new(Arc::clone(&embedder) as Arc<dyn Embedder>, Some(&path));
        lengths(&open(), &["one", "three"]);
        let file = OpenOptions::new().write(true).open(&path).unwrap();
        file.set_len(file.metadata().unwrap().len() - 3).unwrap();

        assert_eq!(lengths(&open(), &["one", "three", "fifteen"]), [3.0, 5.0, 7.0]);
        assert_eq!(lengths(&open(), &["one", "three", "fifteen"]), [3.0, 5.0, 7.0]);
        assert!(embedder.0.load(Ordering::Relaxed) <= 5, "each once, and once more what was torn");

        fs::write(&path, b"something else").unwrap();
        assert_eq!(lengths(&open(), &["one"]), [3.0]);
        assert_eq!(read(&path).len(), 1);
    }
}
