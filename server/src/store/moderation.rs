//! What examiners decided of single items, and reports made again by other versions.

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Row, Transaction, params};
use serde::Serialize;
use uuid::Uuid;

use super::{Entity, Store, StoreError, column};

/// An examiner's decision on one item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OverrideRecord {
    /// Of which consultation.
    pub encounter: Uuid,
    /// The rubric item's id.
    pub item: String,
    /// Whether the examiner finds that the student asked it.
    pub asked: bool,
    /// Why, in the examiner's words; may be empty where the examiner agrees with the machine.
    pub reason: String,
    /// Who; none when the account is gone.
    pub examiner: Option<Uuid>,
    /// The examiner's name as shown.
    pub examiner_name: Option<String>,
    /// When.
    pub at: Timestamp,
    /// When it was taken back or replaced; none while it stands.
    pub undone: Option<Timestamp>,
}

/// A decision about to be kept.
#[derive(Clone, Debug)]
pub struct NewOverride {
    /// Of which consultation.
    pub encounter: Uuid,
    /// The rubric item's id.
    pub item: String,
    /// Whether the student asked it.
    pub asked: bool,
    /// Why.
    pub reason: String,
    /// Who.
    pub examiner: Uuid,
}

/// A report made again.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RegradingRecord {
    /// Of which consultation.
    pub encounter: Uuid,
    /// The report, as JSON.
    pub report: serde_json::Value,
    /// When.
    pub at: Timestamp,
}

const OVERRIDE: &str = "SELECT o.encounter, o.item, o.asked, o.reason, o.examiner, users.name AS examiner_name, o.at,
    o.undone FROM overrides AS o LEFT JOIN users ON users.id = o.examiner";

impl Store {
    /// Keeps a decision; one that stood on the item before is taken back in the same step.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without such a consultation.
    pub async fn override_item(&self, new: NewOverride, now: Timestamp) -> Result<(), StoreError> {
        self.write(move |db| {
            let known = "SELECT 1 FROM encounters WHERE id = ?1";
            if !db.prepare_cached(known)?.exists([new.encounter.to_string()])? {
                return Err(StoreError::NotFound(Entity::Encounter));
            }
            undo(db, new.encounter, &new.item, new.examiner, now)?;
            db.execute(
                "INSERT INTO overrides (encounter, item, asked, reason, examiner, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    new.encounter.to_string(),
                    new.item,
                    new.asked,
                    new.reason,
                    new.examiner.to_string(),
                    column::micros(now),
                ],
            )?;
            Ok(())
        })
        .await
    }

    /// Takes back the decision that stands on an item; its row stays.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when none stands.
    pub async fn undo_override(
        &self,
        encounter: Uuid,
        item: String,
        examiner: Uuid,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(move |db| match undo(db, encounter, &item, examiner, now)? {
            0 => Err(StoreError::NotFound(Entity::Override)),
            _ => Ok(()),
        })
        .await
    }

    /// Every decision on a consultation, oldest first, those taken back included.
    pub async fn overrides(&self, encounter: Uuid) -> Result<Vec<OverrideRecord>, StoreError> {
        self.read(move |db| {
            let sql = format!("{OVERRIDE} WHERE o.encounter = ?1 ORDER BY o.id");
            let rows = db.prepare_cached(&sql)?.query_map([encounter.to_string()], from_row)?.collect::<Result<_, _>>();
            Ok(rows?)
        })
        .await
    }

    /// Every decision that stands, on any consultation, oldest first.
    pub async fn standing_overrides(&self) -> Result<Vec<OverrideRecord>, StoreError> {
        self.read(|db| {
            let sql = format!("{OVERRIDE} WHERE o.undone IS NULL ORDER BY o.id");
            let rows = db.prepare_cached(&sql)?.query_map([], from_row)?.collect::<Result<_, _>>();
            Ok(rows?)
        })
        .await
    }

    /// Keeps a report made again, beside the one that was given.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without such a consultation.
    pub async fn keep_regrading(
        &self,
        encounter: Uuid,
        report: serde_json::Value,
        actor: Option<Uuid>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(move |db| {
            let known = "SELECT 1 FROM encounters WHERE id = ?1";
            if !db.prepare_cached(known)?.exists([encounter.to_string()])? {
                return Err(StoreError::NotFound(Entity::Encounter));
            }
            let (actor, report) = (actor.map(|id| id.to_string()), serde_json::to_string(&report)?);
            db.execute(
                "INSERT INTO regradings (encounter, report, actor, at) VALUES (?1, ?2, ?3, ?4)",
                params![encounter.to_string(), report, actor, column::micros(now)],
            )?;
            Ok(())
        })
        .await
    }

    /// The newest report made again of a consultation, if there is one.
    pub async fn latest_regrading(&self, encounter: Uuid) -> Result<Option<RegradingRecord>, StoreError> {
        self.read(move |db| {
            let sql = "SELECT encounter, report, at FROM regradings WHERE encounter = ?1 ORDER BY id DESC LIMIT 1";
            let found = db
                .prepare_cached(sql)?
                .query_row([encounter.to_string()], |row| {
                    Ok((
                        column::parsed(row, "encounter")?,
                        row.get::<_, String>("report")?,
                        column::instant(row, "at")?,
                    ))
                })
                .optional()?;
            let Some((encounter, report, at)) = found else { return Ok(None) };
            Ok(Some(RegradingRecord { encounter, report: serde_json::from_str(&report)?, at }))
        })
        .await
    }
}

fn undo(db: &Transaction<'_>, encounter: Uuid, item: &str, by: Uuid, now: Timestamp) -> rusqlite::Result<usize> {
    db.execute(
        "UPDATE overrides SET undone = ?3, undone_by = ?4 WHERE encounter = ?1 AND item = ?2 AND undone IS NULL",
        params![encounter.to_string(), item, column::micros(now), by.to_string()],
    )
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<OverrideRecord> {
    Ok(OverrideRecord {
        encounter: column::parsed(row, "encounter")?,
        item: row.get("item")?,
        asked: row.get("asked")?,
        reason: row.get("reason")?,
        examiner: column::optional(row, "examiner")?,
        examiner_name: row.get("examiner_name")?,
        at: column::instant(row, "at")?,
        undone: column::optional_instant(row, "undone")?,
    })
}
