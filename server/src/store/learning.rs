//! What learners were graded on, and what they chose to do about it.

use jiff::{Timestamp, civil::Date};
use rusqlite::{OptionalExtension as _, Row, Transaction, params};
use uuid::Uuid;

use super::{CaseRecord, EncounterRecord, MasteryRecord, Store, StoreError, cases, column, encounters, mastery};
use crate::learner::{Observation, Placed, SkillObservation, Source, Tally};

/// What a consultation says of its student.
#[derive(Clone, Debug, PartialEq)]
pub struct Observed {
    /// The consultation.
    pub encounter: Uuid,
    /// Graded occasions.
    pub occasions: Vec<Placed>,
    /// Judgements of how it was held.
    pub skills: Vec<SkillObservation>,
}

/// A plan towards an exam.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StudyPlan {
    /// The day of the exam; none when the plan was given up.
    pub exam: Option<Date>,
    /// Patients a week.
    pub per_week: u32,
}

impl Store {
    /// Everything a learner was graded on, oldest first.
    pub async fn observations(&self, student: Uuid) -> Result<Vec<Placed>, StoreError> {
        self.read(move |db| observations_of(db, student)).await
    }

    /// How the learner's consultations were held, oldest first.
    pub async fn skill_observations(&self, student: Uuid) -> Result<Vec<SkillObservation>, StoreError> {
        self.read(move |db| {
            let sql = "SELECT rule, area, share, encounter, at FROM skill_observations WHERE student = ?1 ORDER BY at";
            Ok(db.prepare_cached(sql)?.query_map([student.to_string()], skill_from)?.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Finished consultations of the student that were not observed since they counted as they do.
    pub async fn unobserved(&self, student: Uuid) -> Result<Vec<EncounterRecord>, StoreError> {
        self.read(move |db| encounters::unobserved(db, student)).await
    }

    /// Students with such consultations.
    pub async fn students_unobserved(&self) -> Result<Vec<Uuid>, StoreError> {
        self.read(|db| {
            let sql = "SELECT DISTINCT student FROM encounters WHERE state = 'finished' AND observed = 0";
            let rows = db
                .prepare_cached(sql)?
                .query_map([], |row| column::parsed(row, "student"))?
                .collect::<Result<_, _>>()?;
            Ok(rows)
        })
        .await
    }

    /// Keeps what was observed, in place of what was kept of the same consultations, and what `sum_up`
    /// makes of everything the learner was graded on, all at once.
    pub async fn keep_observed(
        &self,
        student: Uuid,
        observed: Vec<Observed>,
        sum_up: impl FnOnce(&[Placed]) -> Vec<MasteryRecord> + Send + 'static,
    ) -> Result<(), StoreError> {
        self.write(move |db| {
            for one in &observed {
                replace(db, student, one)?;
            }
            mastery::replace(db, student, &sum_up(&observations_of(db, student)?))
        })
        .await
    }

    /// Keeps what a drill graded. A drill that was kept before, such as a page sent twice, changes
    /// nothing.
    pub async fn keep_drilled(
        &self,
        student: Uuid,
        drilled: Vec<Placed>,
        sum_up: impl FnOnce(&[Placed]) -> Vec<MasteryRecord> + Send + 'static,
    ) -> Result<(), StoreError> {
        self.write(move |db| {
            if already_kept(db, student, &drilled)? {
                return Ok(());
            }
            for one in &drilled {
                insert(db, student, one)?;
            }
            mastery::replace(db, student, &sum_up(&observations_of(db, student)?))
        })
        .await
    }

    /// How often the class asked each topic.
    pub async fn tallies(&self) -> Result<Vec<Tally>, StoreError> {
        self.read(|db| {
            let sql = "SELECT topic, section, sum(asked) AS asked, sum(asked + missed) AS total
                       FROM mastery GROUP BY topic, section";
            let tally = |row: &Row<'_>| {
                Ok(Tally {
                    topic: column::parsed(row, "topic")?,
                    section: column::parsed(row, "section")?,
                    asked: row.get("asked")?,
                    total: row.get("total")?,
                })
            };
            let rows = db.prepare_cached(sql)?.query_map([], tally)?.collect::<Result<_, _>>()?;
            Ok(rows)
        })
        .await
    }

    /// The learner's plan as it stands, if one was ever made.
    pub async fn study_plan(&self, student: Uuid) -> Result<Option<StudyPlan>, StoreError> {
        self.read(move |db| {
            let sql = "SELECT exam, per_week FROM study_plans WHERE student = ?1 ORDER BY id DESC LIMIT 1";
            let plan =
                |row: &Row<'_>| Ok(StudyPlan { exam: column::optional(row, "exam")?, per_week: row.get("per_week")? });
            Ok(db.prepare_cached(sql)?.query_row([student.to_string()], plan).optional()?)
        })
        .await
    }

    /// Makes a plan; the one before comes back when this is undone.
    pub async fn make_study_plan(&self, student: Uuid, plan: StudyPlan, now: Timestamp) -> Result<(), StoreError> {
        self.write(move |db| {
            let exam = plan.exam.map(|day| day.to_string());
            db.execute(
                "INSERT INTO study_plans (student, exam, per_week, made) VALUES (?1, ?2, ?3, ?4)",
                params![student.to_string(), exam, plan.per_week, column::micros(now)],
            )?;
            Ok(())
        })
        .await
    }

    /// Takes the newest plan away, and says whether there was one.
    pub async fn undo_study_plan(&self, student: Uuid) -> Result<bool, StoreError> {
        self.write(move |db| {
            let sql = "DELETE FROM study_plans WHERE id = (SELECT max(id) FROM study_plans WHERE student = ?1)";
            Ok(db.execute(sql, [student.to_string()])? > 0)
        })
        .await
    }

    /// Remembers that the learner does not want this suggestion before `until`.
    pub async fn decline(&self, student: Uuid, suggestion: String, until: Timestamp) -> Result<(), StoreError> {
        self.write(move |db| {
            db.execute(
                "INSERT INTO declined_suggestions (student, suggestion, until) VALUES (?1, ?2, ?3)
                 ON CONFLICT (student, suggestion) DO UPDATE SET until = excluded.until",
                params![student.to_string(), suggestion, column::micros(until)],
            )?;
            Ok(())
        })
        .await
    }

    /// Forgets what the learner declined: everything is suggested again.
    pub async fn forget_declined(&self, student: Uuid) -> Result<(), StoreError> {
        self.write(move |db| {
            db.execute("DELETE FROM declined_suggestions WHERE student = ?1", [student.to_string()])?;
            Ok(())
        })
        .await
    }

    /// What the learner does not want now.
    pub async fn declined(&self, student: Uuid, now: Timestamp) -> Result<Vec<String>, StoreError> {
        self.read(move |db| {
            let sql = "SELECT suggestion FROM declined_suggestions WHERE student = ?1 AND until > ?2";
            let mut query = db.prepare_cached(sql)?;
            let rows = query.query_map(params![student.to_string(), column::micros(now)], |row| row.get(0))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Stores a case as made for this student's own practice.
    ///
    /// # Errors
    /// [`StoreError::CaseVersionTaken`] when the version exists with other content.
    pub async fn save_own_patient(&self, case: CaseRecord, student: Uuid) -> Result<(), StoreError> {
        self.write(move |db| {
            cases::save(db, &case)?;
            db.execute(
                "INSERT INTO own_patients (case_id, version, student, made) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (case_id, version) DO NOTHING",
                params![case.id, case.version, student.to_string(), column::micros(case.created)],
            )?;
            Ok(())
        })
        .await
    }

    /// The patients made for this student's own practice, newest first.
    pub async fn own_patients(&self, student: Uuid) -> Result<Vec<CaseRecord>, StoreError> {
        self.read(move |db| cases::own(db, student)).await
    }
}

fn already_kept(db: &Transaction<'_>, student: Uuid, drilled: &[Placed]) -> Result<bool, StoreError> {
    let Some(Source::Drill(drill)) = drilled.first().map(|one| one.observation.source) else { return Ok(false) };
    let sql = "SELECT 1 FROM observations WHERE student = ?1 AND drill = ?2";
    Ok(db.prepare_cached(sql)?.exists([student.to_string(), drill.to_string()])?)
}

fn observations_of(db: &Transaction<'_>, student: Uuid) -> Result<Vec<Placed>, StoreError> {
    let mut query = db.prepare_cached(
        "SELECT topic, section, system, correct, guess, encounter, drill, at
         FROM observations WHERE student = ?1 ORDER BY at, id",
    )?;
    Ok(query.query_map([student.to_string()], placed_from)?.collect::<Result<_, _>>()?)
}

fn replace(db: &Transaction<'_>, student: Uuid, observed: &Observed) -> Result<(), StoreError> {
    let encounter = observed.encounter.to_string();
    db.prepare_cached("DELETE FROM observations WHERE encounter = ?1")?.execute([&encounter])?;
    db.prepare_cached("DELETE FROM skill_observations WHERE encounter = ?1")?.execute([&encounter])?;
    for one in &observed.occasions {
        insert(db, student, one)?;
    }
    let mut skill = db.prepare_cached(
        "INSERT INTO skill_observations (encounter, rule, student, area, share, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (encounter, rule) DO NOTHING",
    )?;
    for one in &observed.skills {
        skill.execute(params![
            encounter,
            one.rule,
            student.to_string(),
            one.area,
            one.share,
            column::micros(one.at)
        ])?;
    }
    db.prepare_cached("UPDATE encounters SET observed = 1 WHERE id = ?1")?.execute([&encounter])?;
    Ok(())
}

fn insert(db: &Transaction<'_>, student: Uuid, placed: &Placed) -> Result<(), StoreError> {
    let one = &placed.observation;
    let (encounter, drill) = match one.source {
        Source::Encounter(id) => (Some(id.to_string()), None),
        Source::Drill(id) => (None, Some(id.to_string())),
    };
    db.prepare_cached(
        "INSERT INTO observations (student, topic, section, system, correct, guess, encounter, drill, at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute(params![
        student.to_string(),
        one.topic.to_string(),
        one.section.as_str(),
        placed.system,
        one.correct,
        one.guess,
        encounter,
        drill,
        column::micros(one.at),
    ])?;
    Ok(())
}

fn placed_from(row: &Row<'_>) -> rusqlite::Result<Placed> {
    let source = match column::optional(row, "encounter")? {
        Some(id) => Source::Encounter(id),
        None => Source::Drill(column::parsed(row, "drill")?),
    };
    Ok(Placed {
        observation: Observation {
            topic: column::parsed(row, "topic")?,
            section: column::parsed(row, "section")?,
            correct: row.get("correct")?,
            guess: row.get("guess")?,
            source,
            at: column::instant(row, "at")?,
        },
        system: row.get("system")?,
    })
}

fn skill_from(row: &Row<'_>) -> rusqlite::Result<SkillObservation> {
    Ok(SkillObservation {
        rule: row.get("rule")?,
        area: row.get("area")?,
        share: row.get("share")?,
        encounter: column::parsed(row, "encounter")?,
        at: column::instant(row, "at")?,
    })
}
