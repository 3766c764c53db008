//! What learners answered in drills, what the answers say of items and learners, and what learners
//! reported.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Row, Transaction, params, types::Type};
use serde::Serialize;
use uuid::Uuid;

use super::{Entity, Store, StoreError, column};
use crate::learner::drills::{Answer, DrillKind, Rating, discrimination, rated};

/// An answer to be kept.
#[derive(Clone, Debug, PartialEq)]
pub struct NewDrillAnswer {
    /// Made by whoever sends it: the same again is kept once.
    pub id: Uuid,
    /// Whose it is.
    pub student: Uuid,
    /// The item.
    pub drill: String,
    /// The answer.
    pub answer: Answer,
    /// Credit 0–1.
    pub points: f64,
    /// Credit of a blind guess; 0 when nothing was guessed.
    pub floor: f64,
    /// Whether it may move the figures of the item: a student's may, a teacher's who tries it not.
    pub counts: bool,
    /// Answered before, later than this, it shows memory of the key and is no evidence.
    pub since: Timestamp,
}

/// An answer as it is kept.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DrillAnswerRecord {
    /// Id.
    pub id: Uuid,
    /// Whose it is.
    pub student: Uuid,
    /// The item.
    pub drill: String,
    /// The answer.
    pub answer: Answer,
    /// Credit 0–1.
    pub points: f64,
    /// Whether the item had not been answered a short time before: only then it is evidence.
    pub fresh: bool,
    /// When.
    pub at: Timestamp,
}

/// What a learner did of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct DrillTally {
    /// Answers.
    pub answers: u32,
    /// What they earned.
    pub points: f64,
}

/// What a learner said is wrong with an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DrillReport {
    /// The item.
    pub drill: String,
    /// In the learner's words.
    pub reason: String,
    /// When.
    pub at: Timestamp,
    /// When a teacher had looked at it.
    pub settled: Option<Timestamp>,
}

const COLUMNS: &str = "id, student, drill, answer, points, fresh, at";

impl Store {
    /// Keeps an answer and moves the figures of item and learner, all at once; gives the answer as kept.
    /// The first answer of a student since the item's words last changed counts; further ones are kept.
    /// What was kept under the same id before stays as it is.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the item does not exist or was retired; [`StoreError::KeyReused`] when
    /// the id is another student's or another item's.
    pub async fn keep_drill_answer(
        &self,
        new: NewDrillAnswer,
        now: Timestamp,
    ) -> Result<DrillAnswerRecord, StoreError> {
        self.write(move |db| {
            if let Some(kept) = find(db, new.id)? {
                let same = kept.student == new.student && kept.drill == new.drill;
                return if same { Ok(kept) } else { Err(StoreError::KeyReused) };
            }
            let offered = "SELECT 1 FROM drills WHERE id = ?1 AND retired IS NULL";
            if !db.prepare_cached(offered)?.exists([&new.drill])? {
                return Err(StoreError::NotFound(Entity::Drill));
            }
            let recent = "SELECT 1 FROM drill_answers WHERE student = ?1 AND drill = ?2 AND at > ?3";
            let since = params![new.student.to_string(), new.drill, column::micros(new.since)];
            let fresh = !db.prepare_cached(recent)?.exists(since)?;
            let counted = new.counts && fresh && is_first(db, &new)?;
            db.execute(
                "INSERT INTO drill_answers (id, student, drill, answer, points, fresh, counted, observed, at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, NOT ?6, ?8)",
                params![
                    new.id.to_string(),
                    new.student.to_string(),
                    new.drill,
                    serde_json::to_string(&new.answer)?,
                    new.points,
                    fresh,
                    counted,
                    column::micros(now),
                ],
            )?;
            if counted {
                rate(db, &new)?;
            }
            find(db, new.id)?.ok_or(StoreError::NotFound(Entity::Drill))
        })
        .await
    }

    /// An answer of this student.
    pub async fn drill_answer(&self, id: Uuid, student: Uuid) -> Result<Option<DrillAnswerRecord>, StoreError> {
        self.read(move |db| Ok(find(db, id)?.filter(|kept| kept.student == student))).await
    }

    /// Everything a student answered, newest first.
    pub async fn drill_answers_of(&self, student: Uuid) -> Result<Vec<DrillAnswerRecord>, StoreError> {
        self.read(move |db| {
            let sql = format!("SELECT {COLUMNS} FROM drill_answers WHERE student = ?1 ORDER BY at DESC, id");
            let mut query = db.prepare_cached(&sql)?;
            Ok(query.query_map([student.to_string()], from_row)?.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Answers that were not yet taken in as evidence of what their student knows, oldest first.
    pub async fn unobserved_drill_answers(&self, student: Uuid) -> Result<Vec<DrillAnswerRecord>, StoreError> {
        self.read(move |db| {
            let sql =
                format!("SELECT {COLUMNS} FROM drill_answers WHERE student = ?1 AND observed = 0 ORDER BY at, id");
            let mut query = db.prepare_cached(&sql)?;
            Ok(query.query_map([student.to_string()], from_row)?.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Says that an answer was taken in.
    pub async fn drill_answer_observed(&self, id: Uuid) -> Result<(), StoreError> {
        self.write(move |db| {
            db.execute("UPDATE drill_answers SET observed = 1 WHERE id = ?1", [id.to_string()])?;
            Ok(())
        })
        .await
    }

    /// What a student did, by kind.
    pub async fn drill_tallies(&self, student: Uuid) -> Result<BTreeMap<DrillKind, DrillTally>, StoreError> {
        self.read(move |db| {
            let sql = "SELECT drills.kind, count(*) AS answers, sum(a.points) AS points
                       FROM drill_answers AS a JOIN drills ON drills.id = a.drill WHERE a.student = ?1 GROUP BY kind";
            let tally = |row: &Row<'_>| {
                let done = DrillTally { answers: row.get("answers")?, points: row.get("points")? };
                Ok((column::parsed(row, "kind")?, done))
            };
            let mut query = db.prepare_cached(sql)?;
            Ok(query.query_map([student.to_string()], tally)?.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// The kinds of a student's last answers, newest first.
    pub async fn last_drill_kinds(&self, student: Uuid, most: u32) -> Result<Vec<DrillKind>, StoreError> {
        self.read(move |db| {
            let sql = "SELECT drills.kind FROM drill_answers AS a JOIN drills ON drills.id = a.drill
                       WHERE a.student = ?1 ORDER BY a.at DESC, a.id LIMIT ?2";
            let mut query = db.prepare_cached(sql)?;
            let rows = query.query_map(params![student.to_string(), most], |row| column::parsed(row, "kind"))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// The ability a learner shows in drills.
    pub async fn drill_ability(&self, student: Uuid) -> Result<Rating, StoreError> {
        self.read(move |db| ability(db, student)).await
    }

    /// Keeps what a learner says is wrong with an item, in place of what they said before.
    pub async fn report_drill(
        &self,
        drill: &str,
        student: Uuid,
        reason: String,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let drill = drill.to_owned();
        self.write(move |db| {
            if !db.prepare_cached("SELECT 1 FROM drills WHERE id = ?1")?.exists([&drill])? {
                return Err(StoreError::NotFound(Entity::Drill));
            }
            db.execute(
                "INSERT INTO drill_reports (drill, student, reason, at) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (drill, student) DO UPDATE SET
                     reason = excluded.reason, at = excluded.at, settled = NULL",
                params![drill, student.to_string(), reason, column::micros(now)],
            )?;
            Ok(())
        })
        .await
    }

    /// What learners reported of an item, newest first.
    pub async fn drill_reports(&self, drill: &str) -> Result<Vec<DrillReport>, StoreError> {
        let drill = drill.to_owned();
        self.read(move |db| reports(db, "drill = ?1", &drill)).await
    }

    /// What a learner reported, newest first.
    pub async fn drill_reports_by(&self, student: Uuid) -> Result<Vec<DrillReport>, StoreError> {
        self.read(move |db| reports(db, "student = ?1", &student.to_string())).await
    }
}

fn reports(db: &Transaction<'_>, condition: &str, value: &str) -> Result<Vec<DrillReport>, StoreError> {
    let sql = format!("SELECT drill, reason, at, settled FROM drill_reports WHERE {condition} ORDER BY at DESC");
    let report = |row: &Row<'_>| {
        Ok(DrillReport {
            drill: row.get("drill")?,
            reason: row.get("reason")?,
            at: column::instant(row, "at")?,
            settled: column::optional_instant(row, "settled")?,
        })
    };
    Ok(db.prepare_cached(&sql)?.query_map([value], report)?.collect::<Result<_, _>>()?)
}

fn find(db: &Transaction<'_>, id: Uuid) -> Result<Option<DrillAnswerRecord>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM drill_answers WHERE id = ?1");
    Ok(db.prepare_cached(&sql)?.query_row([id.to_string()], from_row).optional()?)
}

/// Whether the student has not yet answered the item in the words it has now.
fn is_first(db: &Transaction<'_>, new: &NewDrillAnswer) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM drill_answers AS a JOIN drills ON drills.id = a.drill
               WHERE a.student = ?1 AND a.drill = ?2 AND a.at >= drills.counted_from";
    Ok(!db.prepare_cached(sql)?.exists(params![new.student.to_string(), new.drill])?)
}

fn ability(db: &Transaction<'_>, student: Uuid) -> Result<Rating, StoreError> {
    let sql = "SELECT ability, answers FROM drill_learners WHERE student = ?1";
    let rating = |row: &Row<'_>| Ok(Rating { logits: row.get("ability")?, answers: row.get("answers")? });
    Ok(db.prepare_cached(sql)?.query_row([student.to_string()], rating).optional()?.unwrap_or_default())
}

/// Moves difficulty, ability and discrimination after an answer that was just kept.
fn rate(db: &Transaction<'_>, new: &NewDrillAnswer) -> Result<(), StoreError> {
    let item = db.query_row("SELECT difficulty, answers FROM drills WHERE id = ?1", [&new.drill], |row| {
        Ok(Rating { logits: row.get(0)?, answers: row.get(1)? })
    })?;
    let (learner, item) = rated(ability(db, new.student)?, item, new.points, new.floor);
    db.execute(
        "INSERT INTO drill_learners (student, answers, points, ability) VALUES (?1, 1, ?2, ?3)
         ON CONFLICT (student) DO UPDATE SET
             answers = answers + 1, points = points + excluded.points, ability = excluded.ability",
        params![new.student.to_string(), new.points, learner.logits],
    )?;
    db.execute(
        "UPDATE drills SET answers = ?2, points = points + ?3, difficulty = ?4 WHERE id = ?1",
        params![new.drill, item.answers, new.points, item.logits],
    )?;
    let separates = discrimination(&pairs(db, &new.drill)?);
    db.execute("UPDATE drills SET discrimination = ?2 WHERE id = ?1", params![new.drill, separates])?;
    Ok(())
}

/// For each learner whose answer counts: its credit, and the learner's mean credit on all other items.
fn pairs(db: &Transaction<'_>, drill: &str) -> Result<Vec<(f64, f64)>, StoreError> {
    let sql = "SELECT a.points, (l.points - o.points) / (l.answers - o.answers)
               FROM drill_answers AS a
               JOIN drills ON drills.id = a.drill
               JOIN drill_learners AS l ON l.student = a.student
               JOIN (SELECT student, count(*) AS answers, sum(points) AS points FROM drill_answers
                     WHERE drill = ?1 AND counted GROUP BY student) AS o ON o.student = a.student
               WHERE a.drill = ?1 AND a.counted AND a.at >= drills.counted_from AND l.answers > o.answers";
    let mut query = db.prepare_cached(sql)?;
    Ok(query.query_map([drill], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<DrillAnswerRecord> {
    let absent = || column::unreadable(Type::Null, "the answer is missing");
    Ok(DrillAnswerRecord {
        id: column::parsed(row, "id")?,
        student: column::parsed(row, "student")?,
        drill: row.get("drill")?,
        answer: column::optional_json(row, "answer")?.ok_or_else(absent)?,
        points: row.get("points")?,
        fresh: row.get("fresh")?,
        at: column::instant(row, "at")?,
    })
}
