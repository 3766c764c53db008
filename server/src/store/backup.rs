//! Copies of the whole database, made while it is in use and put back whole or not at all.

use std::{
    fs,
    path::{Path, PathBuf},
};

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::{Store, StoreError, pool, schema};

impl Store {
    /// Writes a copy of the database to `target`: one consistent moment, compact, checked. The
    /// server may go on meanwhile.
    ///
    /// # Errors
    /// [`StoreError::FileExists`] when `target` exists.
    pub async fn backup(&self, target: impl AsRef<Path>) -> Result<(), StoreError> {
        let (source, target) = (self.path().to_owned(), target.as_ref().to_owned());
        blocking(move || write_copy(&source, &target)).await
    }

    /// Puts the copy at `source` in the place of the database at `target`, which no process may
    /// have open. The copy is checked first (ours, undamaged, not from a newer release) and
    /// brought to this release's schema; the exchange is one rename. What stood at `target` is
    /// kept beside it, and its path is returned.
    ///
    /// # Errors
    /// [`StoreError::NotABackup`], [`StoreError::Newer`], [`StoreError::InUse`]; `target` is then
    /// as it was.
    pub async fn restore(source: impl AsRef<Path>, target: impl AsRef<Path>) -> Result<Option<PathBuf>, StoreError> {
        let (source, target) = (source.as_ref().to_owned(), target.as_ref().to_owned());
        blocking(move || put_back(&source, &target)).await
    }

    /// Folds the write-ahead log into the database and empties it.
    pub(super) async fn empty_log(&self) -> Result<(), StoreError> {
        let path = self.path().to_owned();
        blocking(move || {
            let connection = Connection::open(path)?;
            pool::configure(&connection)?;
            Ok(connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?)
        })
        .await
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| StoreError::Interrupted(error.to_string()))?
}

fn write_copy(source: &Path, target: &Path) -> Result<(), StoreError> {
    if target.exists() {
        return Err(StoreError::FileExists(target.to_owned()));
    }
    let partial = beside(target, "partial");
    remove(&partial)?;
    let connection = Connection::open(source)?;
    pool::configure(&connection)?;
    connection.execute("VACUUM INTO ?1", [partial.to_string_lossy()])?;
    check(&partial)?;
    schema::keep_private(&partial)?;
    move_into_place(&partial, target)
}

fn put_back(source: &Path, target: &Path) -> Result<Option<PathBuf>, StoreError> {
    check(source)?;
    if let Some(folder) = target.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).map_err(StoreError::io(folder))?;
    }
    let partial = beside(target, "partial");
    remove(&partial)?;
    fs::copy(source, &partial).map_err(StoreError::io(&partial))?;
    schema::keep_private(&partial)?;
    let mut copy = Connection::open(&partial)?;
    pool::configure(&copy)?;
    schema::migrate(&mut copy, &partial)?;
    drop(copy);
    check(&partial)?;
    let kept = keep_old(target)?;
    move_into_place(&partial, target)?;
    Ok(kept)
}

/// Refuses what is not an undamaged database of ours that this release can read.
fn check(path: &Path) -> Result<(), StoreError> {
    let refuse = |what: String| StoreError::NotABackup { path: path.to_owned(), what };
    if !path.is_file() {
        return Err(refuse("no such file".to_owned()));
    }
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let pragma = |name: &str| connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i64>(0));
    let application = pragma("application_id").map_err(|error| refuse(error.to_string()))?;
    if application != schema::APPLICATION_ID {
        return Err(refuse("not a database of Anamnesis".to_owned()));
    }
    let version = pragma("user_version").map_err(|error| refuse(error.to_string()))?;
    if usize::try_from(version).is_ok_and(|version| version > schema::VERSION) {
        return Err(StoreError::Newer(path.to_owned()));
    }
    let verdict: String = connection
        .query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
        .map_err(|error| refuse(error.to_string()))?;
    if verdict != "ok" {
        return Err(refuse(format!("damaged ({verdict})")));
    }
    let dangling = connection
        .prepare("PRAGMA foreign_key_check")
        .and_then(|mut query| query.exists([]))
        .map_err(|error| refuse(error.to_string()))?;
    if dangling { Err(refuse("damaged (a row refers to one that is gone)".to_owned())) } else { Ok(()) }
}

/// Makes the database at `target` one quiet file and keeps a copy of it. Leaving WAL mode needs
/// the file to itself, so this fails when any other process has it open.
fn keep_old(target: &Path) -> Result<Option<PathBuf>, StoreError> {
    if !target.exists() {
        return Ok(None);
    }
    let old = Connection::open(target)?;
    let mode = old.query_row("PRAGMA journal_mode = DELETE", [], |row| row.get::<_, String>(0));
    match mode {
        Ok(mode) if mode == "delete" => {}
        Err(rusqlite::Error::SqliteFailure(error, _)) if error.code == ErrorCode::NotADatabase => {}
        Err(rusqlite::Error::SqliteFailure(error, _)) if error.code != ErrorCode::DatabaseBusy => {
            return Err(rusqlite::Error::SqliteFailure(error, None).into());
        }
        _ => return Err(StoreError::InUse(target.to_owned())),
    }
    drop(old);
    let kept = (1_u32..=9_999)
        .map(|number| beside(target, &format!("replaced-{number}")))
        .find(|path| !path.exists())
        .unwrap_or_else(|| beside(target, "replaced"));
    fs::copy(target, &kept).map_err(StoreError::io(&kept))?;
    Ok(Some(kept))
}

/// Renames after everything is on the disk, then makes the rename itself durable.
fn move_into_place(partial: &Path, target: &Path) -> Result<(), StoreError> {
    fs::File::open(partial).and_then(|file| file.sync_all()).map_err(StoreError::io(partial))?;
    fs::rename(partial, target).map_err(StoreError::io(target))?;
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(StoreError::io(folder))
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    PathBuf::from(name)
}

fn remove(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(StoreError::io(path)(error)),
        _ => Ok(()),
    }
}
