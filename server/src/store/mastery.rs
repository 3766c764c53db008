//! What each learner asks reliably.

use rusqlite::{Row, Transaction, params};
use uuid::Uuid;

use super::{MasteryRecord, Store, StoreError, column};

impl Store {
    /// Mastery of every topic the learner was graded on, by topic.
    pub async fn mastery(&self, student: Uuid) -> Result<Vec<MasteryRecord>, StoreError> {
        self.read(move |db| of_student(db, student)).await
    }

    /// Stores mastery of the given topics, in place of what was stored of them; others stay.
    pub async fn save_mastery(&self, student: Uuid, records: &[MasteryRecord]) -> Result<(), StoreError> {
        let records = records.to_vec();
        self.write(move |db| replace(db, student, &records)).await
    }
}

pub(super) fn of_student(db: &Transaction<'_>, student: Uuid) -> Result<Vec<MasteryRecord>, StoreError> {
    let mut query = db.prepare_cached(
        "SELECT topic, section, mastery, asked, missed, last, last_missed_in
         FROM mastery WHERE student = ?1 ORDER BY topic",
    )?;
    Ok(query.query_map([student.to_string()], from_row)?.collect::<Result<_, _>>()?)
}

pub(super) fn replace(db: &Transaction<'_>, student: Uuid, records: &[MasteryRecord]) -> Result<(), StoreError> {
    let mut upsert = db.prepare_cached(
        "INSERT INTO mastery (student, topic, section, mastery, asked, missed, last, last_missed_in)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (student, topic) DO UPDATE SET
             section = excluded.section, mastery = excluded.mastery, asked = excluded.asked,
             missed = excluded.missed, last = excluded.last, last_missed_in = excluded.last_missed_in",
    )?;
    for record in records {
        upsert.execute(params![
            student.to_string(),
            record.topic.to_string(),
            record.section,
            record.mastery,
            record.asked,
            record.missed,
            column::micros(record.last),
            record.last_missed_in.map(|id| id.to_string()),
        ])?;
    }
    Ok(())
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<MasteryRecord> {
    Ok(MasteryRecord {
        topic: column::parsed(row, "topic")?,
        section: row.get("section")?,
        mastery: row.get("mastery")?,
        asked: row.get("asked")?,
        missed: row.get("missed")?,
        last: column::instant(row, "last")?,
        last_missed_in: column::optional(row, "last_missed_in")?,
    })
}
