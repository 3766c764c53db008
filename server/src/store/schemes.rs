//! Marking schemes that teachers brought in, and which scheme marks what.

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Row, Transaction, params};
use uuid::Uuid;

use super::{Store, StoreError, column};

/// One version of a scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemeRecord {
    /// Scheme id.
    pub id: String,
    /// SHA-256 of the file in lower-case hex.
    pub hash: String,
    /// Version, as its author counts.
    pub version: u32,
    /// The file.
    pub toml: String,
    /// Who brought it in.
    pub owner: Option<Uuid>,
    /// When.
    pub created: Timestamp,
}

/// Which scheme marks what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemeChoice {
    /// What is marked: `practice`, `exam` or `case:ID`.
    pub place: String,
    /// The scheme's id.
    pub scheme: String,
    /// Its version by content; none for one of the program's own.
    pub hash: Option<String>,
}

const COLUMNS: &str = "id, hash, version, toml, owner, created";

impl Store {
    /// Stores a scheme; the same content again changes nothing.
    ///
    /// # Errors
    /// [`StoreError::SchemeVersionTaken`] when the version exists with other content.
    pub async fn save_scheme(&self, scheme: SchemeRecord) -> Result<(), StoreError> {
        self.write(move |db| {
            let taken = "SELECT hash FROM schemes WHERE id = ?1 AND version = ?2";
            let stored: Option<String> =
                db.query_row(taken, params![scheme.id, scheme.version], |row| row.get(0)).optional()?;
            if let Some(hash) = stored {
                let SchemeRecord { id, version, .. } = scheme;
                return if hash == scheme.hash { Ok(()) } else { Err(StoreError::SchemeVersionTaken { id, version }) };
            }
            db.execute(
                "INSERT INTO schemes (id, hash, version, toml, owner, created) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (id, hash) DO NOTHING",
                params![
                    scheme.id,
                    scheme.hash,
                    scheme.version,
                    scheme.toml,
                    scheme.owner.map(|owner| owner.to_string()),
                    column::micros(scheme.created),
                ],
            )?;
            Ok(())
        })
        .await
    }

    /// The newest version of every scheme, by id.
    pub async fn schemes(&self) -> Result<Vec<SchemeRecord>, StoreError> {
        self.read(|db| {
            let sql = format!(
                "SELECT {COLUMNS} FROM schemes AS newest
                 WHERE version = (SELECT max(version) FROM schemes WHERE id = newest.id) ORDER BY id"
            );
            Ok(db.prepare_cached(&sql)?.query_map([], from_row)?.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// A scheme: the version with this hash, else the newest.
    pub async fn scheme(&self, id: &str, hash: Option<&str>) -> Result<Option<SchemeRecord>, StoreError> {
        let (id, hash) = (id.to_owned(), hash.map(str::to_owned));
        self.read(move |db| find(db, &id, hash.as_deref())).await
    }

    /// What was chosen, by place.
    pub async fn scheme_choices(&self) -> Result<Vec<SchemeChoice>, StoreError> {
        self.read(|db| {
            let sql = "SELECT place, scheme, hash FROM scheme_choices ORDER BY place";
            Ok(db.prepare_cached(sql)?.query_map([], choice_from)?.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Chooses a scheme for its place, in place of the one before.
    pub async fn choose_scheme(&self, choice: SchemeChoice, by: Uuid, now: Timestamp) -> Result<(), StoreError> {
        self.write(move |db| {
            db.execute(
                "INSERT INTO scheme_choices (place, scheme, hash, chooser, chosen) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (place) DO UPDATE SET
                     scheme = excluded.scheme, hash = excluded.hash, chooser = excluded.chooser, chosen = excluded.chosen",
                params![choice.place, choice.scheme, choice.hash, by.to_string(), column::micros(now)],
            )?;
            Ok(())
        })
        .await
    }

    /// Takes a choice back; without one nothing happens.
    pub async fn forget_scheme_choice(&self, place: &str) -> Result<(), StoreError> {
        let place = place.to_owned();
        self.write(move |db| {
            db.execute("DELETE FROM scheme_choices WHERE place = ?1", [place])?;
            Ok(())
        })
        .await
    }
}

fn find(db: &Transaction<'_>, id: &str, hash: Option<&str>) -> Result<Option<SchemeRecord>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM schemes WHERE id = ?1 AND (?2 IS NULL OR hash = ?2) ORDER BY version DESC LIMIT 1"
    );
    Ok(db.query_row(&sql, params![id, hash], from_row).optional()?)
}

fn choice_from(row: &Row<'_>) -> rusqlite::Result<SchemeChoice> {
    Ok(SchemeChoice { place: row.get("place")?, scheme: row.get("scheme")?, hash: row.get("hash")? })
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<SchemeRecord> {
    Ok(SchemeRecord {
        id: row.get("id")?,
        hash: row.get("hash")?,
        version: row.get("version")?,
        toml: row.get("toml")?,
        owner: column::optional(row, "owner")?,
        created: column::instant(row, "created")?,
    })
}
