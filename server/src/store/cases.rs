//! Versions of cases.

use rusqlite::{OptionalExtension as _, Row, Transaction, params};
use uuid::Uuid;

use super::{CaseRecord, CaseStatus, Entity, Store, StoreError, column};

const COLUMNS: &str = "id, version, status, toml, hash, owner, created";

impl Store {
    /// Stores a version of a case. The same version with the same content is stored already and
    /// stays as it is, status included.
    ///
    /// # Errors
    /// [`StoreError::CaseVersionTaken`] when the version exists with other content.
    pub async fn save_case(&self, case: CaseRecord) -> Result<(), StoreError> {
        self.write(move |db| save(db, &case)).await
    }

    /// One version of a case, whatever its status.
    pub async fn case(&self, id: &str, version: u32) -> Result<Option<CaseRecord>, StoreError> {
        let id = id.to_owned();
        self.read(move |db| find(db, &id, version)).await
    }

    /// The newest version of a case, whatever its status.
    pub async fn latest_case(&self, id: &str) -> Result<Option<CaseRecord>, StoreError> {
        let id = id.to_owned();
        self.read(move |db| {
            let sql = format!("SELECT {COLUMNS} FROM cases WHERE id = ?1 ORDER BY version DESC LIMIT 1");
            Ok(db.query_row(&sql, [id], from_row).optional()?)
        })
        .await
    }

    /// What students may choose: of each case its newest published version, by id.
    pub async fn published_cases(&self) -> Result<Vec<CaseRecord>, StoreError> {
        self.read(|db| {
            let sql = format!(
                "SELECT {COLUMNS} FROM cases AS newest
                 WHERE status = 'published' AND version =
                     (SELECT max(version) FROM cases WHERE id = newest.id AND status = 'published')
                 ORDER BY id"
            );
            list(db, &sql)
        })
        .await
    }

    /// Every version of every case but students' own patients, by id, newest version first.
    pub async fn all_cases(&self) -> Result<Vec<CaseRecord>, StoreError> {
        self.read(|db| {
            let sql = format!(
                "SELECT {COLUMNS} FROM cases
                 WHERE NOT EXISTS (SELECT 1 FROM own_patients WHERE case_id = cases.id AND version = cases.version)
                 ORDER BY id, version DESC"
            );
            list(db, &sql)
        })
        .await
    }

    /// Publishes, withdraws or returns to draft.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn set_case_status(&self, id: &str, version: u32, status: CaseStatus) -> Result<(), StoreError> {
        let id = id.to_owned();
        self.write(move |db| {
            let changed = db
                .execute("UPDATE cases SET status = ?3 WHERE id = ?1 AND version = ?2", params![id, version, status])?;
            if changed == 0 { Err(StoreError::NotFound(Entity::Case)) } else { Ok(()) }
        })
        .await
    }
}

/// Stores a version; the same content again changes nothing.
pub(super) fn save(db: &Transaction<'_>, case: &CaseRecord) -> Result<(), StoreError> {
    if let Some(stored) = find(db, &case.id, case.version)? {
        let (id, version) = (case.id.clone(), case.version);
        return if stored.hash == case.hash { Ok(()) } else { Err(StoreError::CaseVersionTaken { id, version }) };
    }
    db.execute(
        "INSERT INTO cases (id, version, status, toml, hash, owner, created)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            case.id,
            case.version,
            case.status,
            case.toml,
            case.hash,
            case.owner.map(|owner| owner.to_string()),
            column::micros(case.created),
        ],
    )?;
    Ok(())
}

fn find(db: &Transaction<'_>, id: &str, version: u32) -> Result<Option<CaseRecord>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM cases WHERE id = ?1 AND version = ?2");
    Ok(db.query_row(&sql, params![id, version], from_row).optional()?)
}

/// Every version of one case, newest first.
pub(super) fn versions(db: &Transaction<'_>, id: &str) -> Result<Vec<CaseRecord>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM cases WHERE id = ?1 ORDER BY version DESC");
    Ok(db.prepare_cached(&sql)?.query_map([id], from_row)?.collect::<Result<_, _>>()?)
}

/// The patients made for one student's own practice, newest first.
pub(super) fn own(db: &Transaction<'_>, student: Uuid) -> Result<Vec<CaseRecord>, StoreError> {
    let sql = "SELECT cases.id, cases.version, status, toml, hash, owner, created
         FROM own_patients JOIN cases ON cases.id = own_patients.case_id AND cases.version = own_patients.version
         WHERE own_patients.student = ?1 ORDER BY own_patients.made DESC, cases.id";
    Ok(db.prepare_cached(sql)?.query_map([student.to_string()], from_row)?.collect::<Result<_, _>>()?)
}

fn list(db: &Transaction<'_>, sql: &str) -> Result<Vec<CaseRecord>, StoreError> {
    Ok(db.prepare_cached(sql)?.query_map([], from_row)?.collect::<Result<_, _>>()?)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<CaseRecord> {
    Ok(CaseRecord {
        id: row.get("id")?,
        version: row.get("version")?,
        status: row.get("status")?,
        toml: row.get("toml")?,
        hash: row.get("hash")?,
        owner: column::optional(row, "owner")?,
        created: column::instant(row, "created")?,
    })
}
