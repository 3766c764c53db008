//! What each learner asks reliably.

use rusqlite::{Row, Transaction, params, params_from_iter};
use uuid::Uuid;

use super::{MasteryRecord, Scope, Store, StoreError, column, groups};

impl Store {
    /// Mastery of every topic the learner was graded on, by topic.
    pub async fn mastery(&self, student: Uuid) -> Result<Vec<MasteryRecord>, StoreError> {
        self.read(move |db| of_student(db, student)).await
    }

    /// Each student's section that was missed and is mastered least, by the mean of its topics.
    pub async fn weakest_sections(&self, scope: Scope) -> Result<Vec<(Uuid, String)>, StoreError> {
        self.read(move |db| {
            let (among, values) = groups::among(scope, "student");
            let sql = format!(
                "SELECT student, section, min(mean) FROM (
                     SELECT student, section, avg(mastery) AS mean FROM mastery WHERE {among}
                     GROUP BY student, section HAVING sum(missed) > 0)
                 GROUP BY student"
            );
            let weakest = |row: &Row<'_>| Ok((column::parsed(row, "student")?, row.get("section")?));
            Ok(db.prepare_cached(&sql)?.query_map(params_from_iter(values), weakest)?.collect::<Result<_, _>>()?)
        })
        .await
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
