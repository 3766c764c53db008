//! Who did what. Ids only: neither names nor transcripts.

use jiff::Timestamp;
use rusqlite::params;
use serde::Serialize;
use uuid::Uuid;

use super::{Store, StoreError, column};

/// One deed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AuditEntry {
    /// Which account; none for the command line.
    pub actor: Option<Uuid>,
    /// What, such as `case-published`.
    pub action: String,
    /// To what, such as `case:chest-pain-1@2`.
    pub subject: String,
    /// When.
    pub at: Timestamp,
}

impl Store {
    /// Records a deed; `actor` is none for the command line.
    pub async fn record(
        &self,
        actor: Option<Uuid>,
        action: &str,
        subject: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (action, subject) = (action.to_owned(), subject.to_owned());
        self.write(move |db| {
            db.execute(
                "INSERT INTO audit (actor, action, subject, at) VALUES (?1, ?2, ?3, ?4)",
                params![actor.map(|id| id.to_string()), action, subject, column::micros(now)],
            )?;
            Ok(())
        })
        .await
    }

    /// The latest deeds, newest first.
    pub async fn audit(&self, limit: u32) -> Result<Vec<AuditEntry>, StoreError> {
        self.read(move |db| {
            let mut query =
                db.prepare_cached("SELECT actor, action, subject, at FROM audit ORDER BY id DESC LIMIT ?1")?;
            let rows = query.query_map([limit], |row| {
                Ok(AuditEntry {
                    actor: column::optional(row, "actor")?,
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
