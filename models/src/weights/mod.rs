//! The weights folder: what is there, whether it is what it claims to be, and getting the rest.
//!
//! A file is given to native code only when its SHA-256 stands in the manifest, was published by
//! the hub it came from (recorded in `recorded.sha256`), or was allowed by an administrator
//! (`allowed.sha256`), and when its header is sound.

mod download;
mod hashes;
mod hub;
mod pip;
mod progress;

use std::{
    io,
    path::{Path, PathBuf},
};

use thiserror::Error;

use crate::{
    chat::TemplateFamily,
    e5::ConversionError,
    engine::ModelIdentity,
    gguf::{self, GgufError, Header},
    manifest::{Manifest, ManifestEntry, Purpose},
};
use hashes::{HashFile, sha256_of_file};

pub use hub::HubAddresses;
pub use progress::{Progress, Silent, TerminalProgress};

/// Why weights cannot be had or used.
#[derive(Debug, Error)]
pub enum WeightsError {
    /// The manifest inside this program is wrong.
    #[error("{0}")]
    Manifest(String),
    /// No such entry and no such file.
    #[error("there are no weights called `{name}`; known are: {known}")]
    Unknown {
        /// What was asked for.
        name: String,
        /// Names of the manifest.
        known: String,
    },
    /// Known, but not in the folder.
    #[error("the weights `{name}` are not in {}; get them with `anamnesis model fetch {name}`", path.display())]
    Missing {
        /// Manifest name.
        name: String,
        /// Where they should be.
        path: PathBuf,
    },
    /// The content is not what was promised.
    #[error(
        "{} is refused: its SHA-256 is {actual}, expected {expected}; nothing was kept, fetch it again", file.display()
    )]
    Mismatch {
        /// The file.
        file: PathBuf,
        /// The pinned or published hash.
        expected: String,
        /// What was found.
        actual: String,
    },
    /// The file in the folder is not what was promised.
    #[error(
        "{} is refused: its SHA-256 is {actual}, expected {expected}; \
         fetch it again with `anamnesis model fetch {name}`", file.display()
    )]
    Damaged {
        /// Manifest name.
        name: String,
        /// The file.
        file: PathBuf,
        /// The pinned or published hash.
        expected: String,
        /// What was found.
        actual: String,
    },
    /// A file nobody vouches for.
    #[error(
        "{} is refused: its SHA-256 {sha256} is in neither the manifest nor the allowed list; \
         an administrator can allow it with `anamnesis model allow {}`", file.display(), file.display()
    )]
    NotAllowed {
        /// The file.
        file: PathBuf,
        /// Its hash.
        sha256: String,
    },
    /// Not a sound GGUF.
    #[error("{} {reason}", file.display())]
    Gguf {
        /// The file.
        file: PathBuf,
        /// What is wrong.
        reason: GgufError,
    },
    /// Reading or writing failed.
    #[error("cannot {doing} {}: {reason}", path.display())]
    Io {
        /// What was tried.
        doing: &'static str,
        /// Which file or folder.
        path: PathBuf,
        /// What the system said.
        reason: io::Error,
    },
    /// A program this one calls failed.
    #[error("{program} failed: {message}\n{mend}")]
    Program {
        /// Such as `pip`.
        program: &'static str,
        /// Its last words.
        message: String,
        /// What to do.
        mend: &'static str,
    },
    /// A wheel does not hold what the manifest says.
    #[error("the wheel {} is not usable: {message}; it was removed, fetch again", wheel.display())]
    Wheel {
        /// The wheel.
        wheel: PathBuf,
        /// What is wrong.
        message: String,
    },
    /// A hub did not publish what is needed.
    #[error("{hub} says nothing usable about {file}: {message}")]
    Hub {
        /// Which hub.
        hub: &'static str,
        /// File in its repository.
        file: String,
        /// What is missing.
        message: String,
    },
    /// The conversion failed.
    #[error("converting `{name}`: {reason}")]
    Conversion {
        /// Manifest name.
        name: String,
        /// What is wrong.
        reason: ConversionError,
    },
    /// No source worked.
    #[error("`{name}` could not be fetched from any source:\n{attempts}")]
    NoSource {
        /// Manifest name.
        name: String,
        /// One line per source.
        attempts: String,
    },
}

impl WeightsError {
    fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |reason| Self::Io { doing, path: path.to_owned(), reason }
    }
}

/// How an entry of the manifest stands in the folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Not there.
    Missing,
    /// There, with the size the manifest gives (or none given); the hash was not computed.
    Present,
    /// There, with another size.
    WrongSize,
}

/// One line of `anamnesis model list`.
#[derive(Clone, Debug)]
pub struct Listing {
    /// The manifest's entry.
    pub entry: ManifestEntry,
    /// Where it is or would be.
    pub path: PathBuf,
    /// How it stands.
    pub presence: Presence,
}

/// Weights that may be loaded.
#[derive(Clone, Debug)]
pub struct Weights {
    /// Name and hash.
    pub identity: ModelIdentity,
    /// The file.
    pub path: PathBuf,
    /// How a conversation is written down for them.
    pub template: TemplateFamily,
    /// What the manifest says they are for; `None` for an allowed file outside the manifest.
    pub purpose: Option<Purpose>,
}

/// The folder with the weights.
#[derive(Clone, Debug)]
pub struct WeightsStore {
    folder: PathBuf,
    manifest: Manifest,
    hubs: HubAddresses,
}

impl WeightsStore {
    /// The folder `folder`, which need not exist yet, with the manifest of this program.
    pub fn new(folder: impl Into<PathBuf>) -> Result<Self, WeightsError> {
        let manifest = Manifest::embedded().map_err(|message| WeightsError::Manifest(message.to_owned()))?;
        Ok(Self::with_manifest(folder, manifest.clone()))
    }

    /// The same with another manifest.
    pub fn with_manifest(folder: impl Into<PathBuf>, manifest: Manifest) -> Self {
        Self { folder: folder.into(), manifest, hubs: HubAddresses::default() }
    }

    /// The same with hubs at other addresses, such as a mirror.
    #[must_use]
    pub fn with_hubs(self, hubs: HubAddresses) -> Self {
        Self { hubs, ..self }
    }

    /// `$ANAMNESIS_MODELS`, else `~/.cache/anamnesis/models`.
    pub fn default_folder() -> PathBuf {
        let cache = || std::env::home_dir().unwrap_or_default().join(".cache/anamnesis/models");
        std::env::var_os("ANAMNESIS_MODELS").filter(|value| !value.is_empty()).map_or_else(cache, PathBuf::from)
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What the manifest knows.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Every entry of the manifest and how it stands here. Quick: nothing is hashed.
    pub fn list(&self) -> Vec<Listing> {
        let presence = |entry: &ManifestEntry, path: &Path| match path.metadata() {
            Err(_) => Presence::Missing,
            Ok(found) if entry.size.is_some_and(|size| size != found.len()) => Presence::WrongSize,
            Ok(_) => Presence::Present,
        };
        let listing = |entry: &ManifestEntry| {
            let path = self.path_of(entry);
            Listing { presence: presence(entry, &path), entry: entry.clone(), path }
        };
        self.manifest.weights.iter().map(listing).collect()
    }

    /// Gets the entry called `name`, unless it is already here and sound, and returns it opened.
    /// Stopped half-way, the next call goes on where this one was.
    pub fn fetch(&self, name: &str, progress: &dyn Progress) -> Result<Weights, WeightsError> {
        let entry = self.entry(name)?;
        match self.open_checked(entry, progress) {
            Ok(weights) => return Ok(weights),
            Err(WeightsError::Missing { .. }) => {}
            Err(damaged) => progress.note(&format!("{damaged}")),
        }
        download::fetch(self, entry, progress)?;
        self.open_checked(entry, progress)
    }

    /// Hashes a file (a manifest name or a path) and checks its header.
    pub fn verify(&self, name_or_file: &str, progress: &dyn Progress) -> Result<Weights, WeightsError> {
        match self.manifest.find(name_or_file) {
            Some(entry) => self.open_checked(entry, progress),
            None => self.open_file(name_or_file, progress),
        }
    }

    /// The weights to load: verified as by [`WeightsStore::verify`], without showing progress.
    pub fn open(&self, name_or_file: &str) -> Result<Weights, WeightsError> {
        self.verify(name_or_file, &Silent)
    }

    /// Records that `file` may be loaded although the manifest does not know it. Its header must
    /// be sound.
    pub fn allow(&self, file: &Path, progress: &dyn Progress) -> Result<Weights, WeightsError> {
        let header = checked_header(file)?;
        let sha256 = sha256_of_file(file, progress)?;
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        self.allowed().record(&name, &sha256)?;
        Ok(Weights {
            identity: ModelIdentity { name, sha256 },
            path: file.to_owned(),
            template: TemplateFamily::detect(&header),
            purpose: None,
        })
    }

    fn entry(&self, name: &str) -> Result<&ManifestEntry, WeightsError> {
        self.manifest.find(name).ok_or_else(|| self.unknown(name))
    }

    fn unknown(&self, name: &str) -> WeightsError {
        let known: Vec<&str> = self.manifest.weights.iter().map(|entry| entry.name.as_str()).collect();
        WeightsError::Unknown { name: name.to_owned(), known: known.join(", ") }
    }

    fn path_of(&self, entry: &ManifestEntry) -> PathBuf {
        self.folder.join(entry.file_name())
    }

    fn allowed(&self) -> HashFile {
        HashFile::new(self.folder.join("allowed.sha256"))
    }

    fn recorded(&self) -> HashFile {
        HashFile::new(self.folder.join("recorded.sha256"))
    }

    /// The hash an entry must have: pinned, else recorded when it was fetched.
    fn expected_hash(&self, entry: &ManifestEntry) -> Result<Option<String>, WeightsError> {
        match &entry.sha256 {
            Some(pinned) => Ok(Some(pinned.clone())),
            None => self.recorded().hash_of(&entry.name),
        }
    }

    fn open_checked(&self, entry: &ManifestEntry, progress: &dyn Progress) -> Result<Weights, WeightsError> {
        let path = self.path_of(entry);
        if !path.is_file() {
            return Err(WeightsError::Missing { name: entry.name.clone(), path });
        }
        // The header first: it is quick, and says more about a truncated file than a hash can.
        if entry.purpose != Purpose::Vocabulary {
            checked_header(&path)?;
        }
        let actual = sha256_of_file(&path, progress)?;
        let expected = self.expected_hash(entry)?;
        match expected {
            Some(expected) if expected == actual => {}
            Some(expected) => {
                return Err(WeightsError::Damaged { name: entry.name.clone(), file: path, expected, actual });
            }
            None if self.allowed().contains(&actual)? => {}
            None => return Err(WeightsError::NotAllowed { file: path, sha256: actual }),
        }
        Ok(Weights {
            identity: ModelIdentity { name: entry.name.clone(), sha256: actual },
            path,
            template: entry.template,
            purpose: Some(entry.purpose),
        })
    }

    fn open_file(&self, file: &str, progress: &dyn Progress) -> Result<Weights, WeightsError> {
        let path = [PathBuf::from(file), self.folder.join(file)].into_iter().find(|path| path.is_file());
        let path = path.ok_or_else(|| self.unknown(file))?;
        let header = checked_header(&path)?;
        let sha256 = sha256_of_file(&path, progress)?;
        let known = self.manifest.weights.iter().find(|entry| entry.sha256.as_ref() == Some(&sha256));
        if known.is_none() && !self.allowed().contains(&sha256)? {
            return Err(WeightsError::NotAllowed { file: path, sha256 });
        }
        let file_name = || path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Weights {
            identity: ModelIdentity { name: known.map_or_else(file_name, |entry| entry.name.clone()), sha256 },
            template: known.map_or_else(|| TemplateFamily::detect(&header), |entry| entry.template),
            purpose: known.map(|entry| entry.purpose),
            path,
        })
    }
}

fn checked_header(path: &Path) -> Result<Header, WeightsError> {
    gguf::check(path).map_err(|reason| WeightsError::Gguf { file: path.to_owned(), reason })
}
