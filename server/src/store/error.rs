//! What can go wrong with stored things.

use std::{fmt, path::PathBuf};

use thiserror::Error;

/// A kind of stored thing, for messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Entity {
    /// An account.
    User,
    /// An access token.
    Token,
    /// A version of a case.
    Case,
    /// A consultation.
    Encounter,
    /// A turn of a consultation.
    Turn,
    /// A text read for the graph.
    Document,
    /// A proposal of such a text.
    Proposal,
    /// A marking scheme.
    Scheme,
    /// An examiner's decision on an item.
    Override,
    /// A group of students, or somebody's place in it.
    Group,
    /// Something a group is to do.
    Assignment,
    /// A teacher's comment.
    Comment,
    /// A topic that is worked on.
    Focus,
    /// A drill.
    Drill,
}

impl fmt::Display for Entity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::User => "account",
            Self::Token => "token",
            Self::Case => "case",
            Self::Encounter => "consultation",
            Self::Turn => "turn",
            Self::Document => "text",
            Self::Proposal => "proposal",
            Self::Scheme => "marking scheme",
            Self::Override => "decision",
            Self::Group => "group",
            Self::Assignment => "assignment",
            Self::Comment => "comment",
            Self::Focus => "focus",
            Self::Drill => "drill",
        })
    }
}

/// Why the store did not do what was asked. Nothing was changed.
#[derive(Debug, Error)]
pub enum StoreError {
    /// There is no such thing.
    #[error("there is no {0} of that id")]
    NotFound(Entity),
    /// Another account has this login.
    #[error("the login `{0}` is taken; choose another")]
    LoginTaken(String),
    /// This version of the case is stored already, with other content.
    #[error("version {version} of case `{id}` exists with other content; count `version` up")]
    CaseVersionTaken {
        /// Case id.
        id: String,
        /// Version.
        version: u32,
    },
    /// This version of the scheme is stored already, with other content.
    #[error("version {version} of scheme `{id}` exists with other content; count `version` up")]
    SchemeVersionTaken {
        /// Scheme id.
        id: String,
        /// Version.
        version: u32,
    },
    /// Another group has this code.
    #[error("another group has this code; make another")]
    CodeTaken,
    /// The consultation was finished or abandoned.
    #[error("the consultation is no longer open")]
    NotOpen,
    /// The idempotency key came before, with other words.
    #[error("this key was used for another turn; send a fresh key")]
    KeyReused,
    /// The turn has its reply already.
    #[error("the turn has been answered already")]
    AlreadyAnswered,
    /// A newer release wrote the file.
    #[error("{}: written by a newer release of Anamnesis; use that release or a backup", .0.display())]
    Newer(PathBuf),
    /// The file is no database of ours, or a damaged one.
    #[error("{}: {what}; choose a file that `anamnesis backup` wrote", path.display())]
    NotABackup {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// A file stands where one is to be written.
    #[error("{}: exists already; choose another path", .0.display())]
    FileExists(PathBuf),
    /// Another process has the database open.
    #[error("{}: in use; stop the server first", .0.display())]
    InUse(PathBuf),
    /// The file system refused.
    #[error("{}: {error}", path.display())]
    Io {
        /// Where.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// The machine gives no random bytes.
    #[error("the operating system gives no random bytes: {0}")]
    NoRandomness(getrandom::Error),
    /// SQLite refused.
    #[error("database: {0}")]
    Database(#[from] rusqlite::Error),
    /// A migration failed; the file is as it was.
    #[error("migrating the database: {0}")]
    Migration(rusqlite_migration::Error),
    /// A stored value cannot be written as JSON.
    #[error("value cannot be stored: {0}")]
    Unstorable(#[from] serde_json::Error),
    /// No connection could be had, or the work on it was cut off.
    #[error("database connection: {0}")]
    Interrupted(String),
}

impl StoreError {
    /// An I/O error at `path`.
    pub(super) fn io(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |error| Self::Io { path, error }
    }
}
