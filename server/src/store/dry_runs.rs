//! What simulated students made of a version of a case, and the deeds done to its versions.

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, params};

use super::{CaseRecord, Store, StoreError, cases, column};

/// A stored dry run.
#[derive(Clone, Debug, PartialEq)]
pub struct DryRunRecord {
    /// SHA-256 of the case's content that was played.
    pub hash: String,
    /// What was found, as JSON.
    pub found: String,
    /// When.
    pub at: Timestamp,
}

/// A deed done to a version of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseDeed {
    /// Who; none for the command line or an account that is gone.
    pub actor: Option<String>,
    /// What, such as `case-published`.
    pub action: String,
    /// The version, as the audit log names it: `case:ID@VERSION`.
    pub subject: String,
    /// When.
    pub at: Timestamp,
}

impl Store {
    /// Keeps the newest dry run of a version.
    pub async fn keep_dry_run(&self, id: &str, version: u32, record: DryRunRecord) -> Result<(), StoreError> {
        let id = id.to_owned();
        self.write(move |db| {
            db.execute(
                "INSERT INTO dry_runs (case_id, case_version, hash, found, at) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (case_id, case_version)
                 DO UPDATE SET hash = excluded.hash, found = excluded.found, at = excluded.at",
                params![id, version, record.hash, record.found, column::micros(record.at)],
            )?;
            Ok(())
        })
        .await
    }

    /// The newest dry run of a version.
    pub async fn dry_run(&self, id: &str, version: u32) -> Result<Option<DryRunRecord>, StoreError> {
        let id = id.to_owned();
        self.read(move |db| {
            let sql = "SELECT hash, found, at FROM dry_runs WHERE case_id = ?1 AND case_version = ?2";
            let found = db.query_row(sql, params![id, version], |row| {
                Ok(DryRunRecord { hash: row.get("hash")?, found: row.get("found")?, at: column::instant(row, "at")? })
            });
            Ok(found.optional()?)
        })
        .await
    }

    /// Every version of one case, newest first.
    pub async fn versions(&self, id: &str) -> Result<Vec<CaseRecord>, StoreError> {
        let id = id.to_owned();
        self.read(move |db| cases::versions(db, &id)).await
    }

    /// What was done to the versions of a case, newest first.
    pub async fn case_deeds(&self, id: &str) -> Result<Vec<CaseDeed>, StoreError> {
        let from = format!("case:{id}@");
        self.read(move |db| {
            let mut query = db.prepare_cached(
                "SELECT users.name AS actor, action, subject, at FROM audit LEFT JOIN users ON users.id = audit.actor
                 WHERE substr(subject, 1, length(?1)) = ?1 ORDER BY audit.id DESC",
            )?;
            let rows = query.query_map([from], |row| {
                Ok(CaseDeed {
                    actor: row.get("actor")?,
                    action: row.get("action")?,
                    subject: row.get("subject")?,
                    at: column::instant(row, "at")?,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }
}
