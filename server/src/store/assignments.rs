//! What groups are to do.

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Row, params};
use uuid::Uuid;

use super::{Entity, Mode, Store, StoreError, column};

/// Cases to be played within a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssignmentRecord {
    /// Id.
    pub id: Uuid,
    /// For which group.
    pub group: Uuid,
    /// Name shown.
    pub title: String,
    /// Rules it is to be played under.
    pub mode: Mode,
    /// Any one case of this body system; none where cases are named.
    pub system: Option<String>,
    /// Each of these cases.
    pub cases: Vec<String>,
    /// What is begun from here on counts.
    pub opens: Timestamp,
    /// Until when it is to be done.
    pub due: Timestamp,
    /// When it was withdrawn; none while it stands.
    pub withdrawn: Option<Timestamp>,
}

impl Store {
    /// Keeps a new assignment; its id is given.
    pub async fn assign(&self, new: AssignmentRecord, now: Timestamp) -> Result<Uuid, StoreError> {
        let id = column::new_id(now);
        let cases = serde_json::to_string(&new.cases)?;
        self.write(move |db| {
            db.execute(
                "INSERT INTO assignments (id, group_id, title, mode, system, cases, opens, due, made)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                params![
                    id.to_string(),
                    new.group.to_string(),
                    new.title,
                    new.mode.to_string(),
                    new.system,
                    cases,
                    column::micros(new.opens),
                    column::micros(new.due),
                    column::micros(now),
                ],
            )?;
            Ok(id)
        })
        .await
    }

    /// The assignment of that id.
    pub async fn assignment(&self, id: Uuid) -> Result<Option<AssignmentRecord>, StoreError> {
        self.read(move |db| {
            let sql = "SELECT * FROM assignments WHERE id = ?1";
            Ok(db.prepare_cached(sql)?.query_row([id.to_string()], from_row).optional()?)
        })
        .await
    }

    /// The assignments of a group, those due last first, withdrawn ones included.
    pub async fn assignments(&self, group: Uuid) -> Result<Vec<AssignmentRecord>, StoreError> {
        self.read(move |db| {
            let sql = "SELECT * FROM assignments WHERE group_id = ?1 ORDER BY due DESC, id DESC";
            Ok(db.prepare_cached(sql)?.query_map([group.to_string()], from_row)?.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// What a student is to do in every group the student is in: what has opened and stands, soonest due
    /// first.
    pub async fn assignments_for(&self, student: Uuid, now: Timestamp) -> Result<Vec<AssignmentRecord>, StoreError> {
        self.read(move |db| {
            let sql = "SELECT a.* FROM assignments AS a JOIN group_members AS m ON m.group_id = a.group_id
                       WHERE m.student = ?1 AND m.ended IS NULL AND a.withdrawn IS NULL AND a.opens <= ?2
                       ORDER BY a.due, a.id";
            let mut query = db.prepare_cached(sql)?;
            let rows = query.query_map(params![student.to_string(), column::micros(now)], from_row)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Withdraws an assignment, or with no instant lets it stand again.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn withdraw_assignment(&self, id: Uuid, at: Option<Timestamp>) -> Result<(), StoreError> {
        self.write(move |db| {
            let sql = "UPDATE assignments SET withdrawn = ?2 WHERE id = ?1";
            let changed = db.execute(sql, params![id.to_string(), at.map(column::micros)])?;
            if changed == 0 { Err(StoreError::NotFound(Entity::Assignment)) } else { Ok(()) }
        })
        .await
    }
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<AssignmentRecord> {
    Ok(AssignmentRecord {
        id: column::parsed(row, "id")?,
        group: column::parsed(row, "group_id")?,
        title: row.get("title")?,
        mode: column::parsed(row, "mode")?,
        system: row.get("system")?,
        cases: column::optional_json(row, "cases")?.unwrap_or_default(),
        opens: column::instant(row, "opens")?,
        due: column::instant(row, "due")?,
        withdrawn: column::optional_instant(row, "withdrawn")?,
    })
}
