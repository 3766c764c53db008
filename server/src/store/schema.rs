//! The numbered migrations, and making a file ready for use.

use std::{path::Path, sync::LazyLock};

use rusqlite::Connection;
use rusqlite_migration::{M, MigrationDefinitionError, Migrations};

use super::{StoreError, pool};

/// What SQLite's `application_id` holds in our files: "ANAM".
pub(super) const APPLICATION_ID: i64 = 0x414E_414D;

const STEPS: [&str; 11] = [
    include_str!("migrations/0001_accounts.sql"),
    include_str!("migrations/0002_cases.sql"),
    include_str!("migrations/0003_encounters.sql"),
    include_str!("migrations/0004_mastery.sql"),
    include_str!("migrations/0005_audit.sql"),
    include_str!("migrations/0006_literature.sql"),
    include_str!("migrations/0007_speech.sql"),
    include_str!("migrations/0008_schemes.sql"),
    include_str!("migrations/0009_moderation.sql"),
    include_str!("migrations/0010_learner.sql"),
    include_str!("migrations/0014_groups.sql"),
];

static MIGRATIONS: LazyLock<Migrations<'static>> =
    LazyLock::new(|| Migrations::new(STEPS.iter().map(|sql| M::up(sql).foreign_key_check()).collect()));

/// The schema version this release writes.
pub(super) const VERSION: usize = STEPS.len();

/// Opens the file (made when absent), switches it to WAL and brings its schema up to date.
pub(super) fn prepare(path: &Path) -> Result<(), StoreError> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(StoreError::io(folder))?;
    }
    let mut connection = Connection::open(path)?;
    pool::configure(&connection)?;
    keep_private(path)?;
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    migrate(&mut connection, path)
}

/// Brings the schema up to date.
pub(super) fn migrate(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    MIGRATIONS.to_latest(connection).map_err(|error| match error {
        rusqlite_migration::Error::MigrationDefinition(MigrationDefinitionError::DatabaseTooFarAhead) => {
            StoreError::Newer(path.to_owned())
        }
        other => StoreError::Migration(other),
    })
}

/// Only the account that runs the server may read what students said.
#[cfg(unix)]
pub(super) fn keep_private(path: &Path) -> Result<(), StoreError> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).map_err(StoreError::io(path))
}

#[cfg(not(unix))]
pub(super) fn keep_private(_path: &Path) -> Result<(), StoreError> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn migrations_apply_in_order_to_an_empty_database() {
        MIGRATIONS.validate().unwrap();
    }

    #[test]
    fn every_table_is_strict() {
        let mut connection = Connection::open_in_memory().unwrap();
        MIGRATIONS.to_latest(&mut connection).unwrap();

        let loose: Vec<String> = connection
            .prepare(
                "SELECT name FROM pragma_table_list WHERE schema = 'main' AND strict = 0 AND name NOT LIKE 'sqlite_%'",
            )
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();

        assert_eq!(loose, Vec::<String>::new());
    }
}
