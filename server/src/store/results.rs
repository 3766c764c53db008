//! How finished consultations came out, in one narrow row each.

use jiff::Timestamp;
use rusqlite::{Row, Transaction, params, params_from_iter};
use uuid::Uuid;

use super::{EncounterRecord, Mode, Store, StoreError, column, encounters, groups};

/// A finished consultation in a few words.
#[derive(Clone, Debug, PartialEq)]
pub struct ResultRecord {
    /// The consultation.
    pub encounter: Uuid,
    /// Whose.
    pub student: Uuid,
    /// Which case.
    pub case_id: String,
    /// Which version of it.
    pub case_version: u32,
    /// Rules.
    pub mode: Mode,
    /// When it began.
    pub started: Timestamp,
    /// When it was finished.
    pub ended: Timestamp,
    /// Score as it counts, 0–100.
    pub percent: f64,
    /// A letter an item, in the order of the case's rubric: `+` asked, `-` missed, `?` with an examiner.
    pub outcomes: String,
}

/// Whose consultations a teacher looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Every student's.
    Everyone,
    /// Those of students in any group of this teacher.
    Teacher(Uuid),
    /// Those of students in this group.
    Group(Uuid),
}

impl Store {
    /// The results of the students in `scope` that ended at or after `since`, oldest first.
    pub async fn results(&self, scope: Scope, since: Option<Timestamp>) -> Result<Vec<ResultRecord>, StoreError> {
        self.read(move |db| {
            let (among, mut values) = groups::among(scope, "results.student");
            values.push(since.map_or(i64::MIN, column::micros).to_string());
            let sql = format!(
                "SELECT * FROM results WHERE {among} AND ended >= CAST(?{} AS INTEGER) ORDER BY ended",
                values.len()
            );
            Ok(db.prepare_cached(&sql)?.query_map(params_from_iter(values), from_row)?.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// The results of one student, oldest first.
    pub async fn results_of(&self, student: Uuid) -> Result<Vec<ResultRecord>, StoreError> {
        self.read(move |db| {
            let sql = "SELECT * FROM results WHERE student = ?1 ORDER BY ended";
            Ok(db.prepare_cached(sql)?.query_map([student.to_string()], from_row)?.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Finished consultations without a result as they count now, at most `limit`.
    pub async fn results_due(&self, limit: u32) -> Result<Vec<EncounterRecord>, StoreError> {
        self.read(move |db| encounters::due_for_results(db, limit)).await
    }

    /// How many there are.
    pub async fn count_results_due(&self) -> Result<u32, StoreError> {
        self.read(|db| Ok(db.query_row("SELECT count(*) FROM results_due", [], |row| row.get(0))?)).await
    }

    /// Keeps results, in place of those kept of the same consultations.
    pub async fn keep_results(&self, results: Vec<ResultRecord>) -> Result<(), StoreError> {
        self.write(move |db| results.iter().try_for_each(|result| keep(db, result))).await
    }

    /// Stops asking for the result of a consultation whose report or case cannot be read.
    pub async fn give_up_result(&self, encounter: Uuid) -> Result<(), StoreError> {
        self.write(move |db| Ok(settle(db, encounter)?)).await
    }
}

fn keep(db: &Transaction<'_>, result: &ResultRecord) -> Result<(), StoreError> {
    db.prepare_cached(
        "INSERT OR REPLACE INTO results
             (encounter, student, case_id, case_version, mode, started, ended, percent, outcomes)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute(params![
        result.encounter.to_string(),
        result.student.to_string(),
        result.case_id,
        result.case_version,
        result.mode.to_string(),
        column::micros(result.started),
        column::micros(result.ended),
        result.percent,
        result.outcomes,
    ])?;
    Ok(settle(db, result.encounter)?)
}

fn settle(db: &Transaction<'_>, encounter: Uuid) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM results_due WHERE encounter = ?1")?.execute([encounter.to_string()])?;
    Ok(())
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<ResultRecord> {
    Ok(ResultRecord {
        encounter: column::parsed(row, "encounter")?,
        student: column::parsed(row, "student")?,
        case_id: row.get("case_id")?,
        case_version: row.get("case_version")?,
        mode: column::parsed(row, "mode")?,
        started: column::instant(row, "started")?,
        ended: column::instant(row, "ended")?,
        percent: row.get("percent")?,
        outcomes: row.get("outcomes")?,
    })
}
