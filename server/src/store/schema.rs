//! The numbered migrations, and making a file ready for use.

use std::{path::Path, sync::LazyLock};

use rusqlite::Connection;
use rusqlite_migration::{M, MigrationDefinitionError, Migrations};

use super::{StoreError, pool};

/// What SQLite's `application_id` holds in our files: "ANAM".
pub(super) const APPLICATION_ID: i64 = 0x414E_414D;

const STEPS: [&str; 15] = [
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
    include_str!("migrations/0011_modes.sql"),
    include_str!("migrations/0012_drafts.sql"),
    include_str!("migrations/0013_provenance.sql"),
    include_str!("migrations/0014_groups.sql"),
    include_str!("migrations/0015_drills.sql"),
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
    // A step may make a table anew that others refer to, and no step can turn this off by itself: it
    // runs in a transaction. Each step's references are checked before it is committed.
    connection.pragma_update(None, "foreign_keys", false)?;
    let migrated = MIGRATIONS.to_latest(connection);
    connection.pragma_update(None, "foreign_keys", true)?;
    migrated.map_err(|error| match error {
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
    fn cases_keep_their_consultations_when_their_table_is_made_anew() {
        let mut connection = Connection::open_in_memory().unwrap();
        pool::configure(&connection).unwrap();
        MIGRATIONS.to_version(&mut connection, 12).unwrap();
        connection
            .execute_batch(
                "INSERT INTO users VALUES ('u', 'u', 'U', 'student', 'x', NULL, 0);
                 INSERT INTO cases VALUES ('c', 1, 'published', 't', 'h', 'u', 5), ('c', 2, 'draft', 't2', 'h2', NULL, 6);
                 INSERT INTO encounters (id, student, case_id, case_version, language, mode, seed, started)
                     VALUES ('e', 'u', 'c', 1, 'en', 'practice', 1, 1);
                 INSERT INTO speech VALUES (1, 'c', 1, 'o', '[]', 1);",
            )
            .unwrap();

        migrate(&mut connection, Path::new("a.db")).unwrap();

        let count = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, u32>(0)).unwrap();
        let kept =
            "SELECT count(*) FROM encounters AS e JOIN cases AS c ON c.id = e.case_id AND c.version = e.case_version";
        assert_eq!(count(kept), 1);
        assert_eq!(count("SELECT count(*) FROM cases"), 2);
        assert_eq!(count("SELECT count(*) FROM speech"), 1);
        assert_eq!(count("SELECT foreign_keys FROM pragma_foreign_keys"), 1);
        connection.execute("UPDATE cases SET status = 'reviewed' WHERE version = 2", []).unwrap();
        assert!(connection.execute("DELETE FROM cases WHERE version = 1", []).is_err(), "a consultation holds it");
        connection.execute("UPDATE cases SET status = 'retired' WHERE version = 1", []).unwrap();
        assert_eq!(count("SELECT count(*) FROM speech"), 0, "the triggers are there again");
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
