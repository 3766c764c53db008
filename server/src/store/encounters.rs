//! Consultations.

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Row, Transaction, params, params_from_iter, types::Type};
use serde::Serialize;
use uuid::Uuid;

use super::{
    Diagnosis, EncounterRecord, EncounterState, Entity, Mode, NewEncounter, Scope, Store, StoreError, column, groups,
};

/// A consultation as a teacher lists it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClassEncounter {
    /// The consultation.
    pub encounter: EncounterRecord,
    /// The student's name as shown.
    pub student_name: String,
    /// Exchanges so far.
    pub turns: u32,
}

/// A consultation in a list: all but its report.
#[derive(Clone, Debug, PartialEq)]
pub struct Consultation {
    /// Which.
    pub id: Uuid,
    /// Whose.
    pub student: Uuid,
    /// The student's name as shown.
    pub student_name: String,
    /// Which case.
    pub case_id: String,
    /// Which version of it.
    pub case_version: u32,
    /// When it began.
    pub started: Timestamp,
    /// `open`, `finished` or `abandoned`.
    pub state: String,
    /// Score and outcomes, once the result is made; see [`super::ResultRecord`].
    pub result: Option<(f64, String)>,
}

/// A stretch of a long list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Entries to skip.
    pub offset: u32,
    /// Most entries to give.
    pub limit: u32,
}

impl Default for Page {
    fn default() -> Self {
        Self { offset: 0, limit: 50 }
    }
}

const COLUMNS: &str = "encounters.id, encounters.student, encounters.case_id, encounters.case_version,
    encounters.language, encounters.mode, encounters.seed, encounters.started, encounters.state,
    encounters.ended, encounters.diagnoses, encounters.report,
    (SELECT kind FROM encounter_modes WHERE encounter_modes.encounter = encounters.id) AS kind";

impl Store {
    /// Begins a consultation.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without such a student or case.
    pub async fn create_encounter(&self, new: NewEncounter, now: Timestamp) -> Result<EncounterRecord, StoreError> {
        let record = EncounterRecord {
            id: column::new_id(now),
            student: new.student,
            case_id: new.case_id,
            case_version: new.case_version,
            language: new.language,
            mode: new.mode,
            seed: new.seed,
            started: column::to_the_microsecond(now),
            state: EncounterState::Open,
        };
        self.write(move |db| {
            require(db, Entity::User, "SELECT 1 FROM users WHERE id = ?1", [record.student.to_string()])?;
            let case = params![record.case_id, record.case_version];
            require(db, Entity::Case, "SELECT 1 FROM cases WHERE id = ?1 AND version = ?2", case)?;
            insert(db, &record)?;
            Ok(record)
        })
        .await
    }

    /// The consultation of that id. Whether the asker may see it is the caller's to decide.
    pub async fn encounter(&self, id: Uuid) -> Result<Option<EncounterRecord>, StoreError> {
        self.read(move |db| find(db, id)).await
    }

    /// The consultations of one student, newest first.
    pub async fn encounters_of(&self, student: Uuid) -> Result<Vec<EncounterRecord>, StoreError> {
        self.read(move |db| {
            let sql = format!("SELECT {COLUMNS} FROM encounters WHERE student = ?1 ORDER BY started DESC, id DESC");
            Ok(db.prepare_cached(&sql)?.query_map([student.to_string()], from_row)?.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Whether a student is in an exam now: has an open consultation under exam conditions.
    pub async fn sits_exam(&self, student: Uuid) -> Result<bool, StoreError> {
        self.read(move |db| {
            let sql =
                "SELECT EXISTS (SELECT 1 FROM encounters WHERE student = ?1 AND state = 'open' AND mode = 'exam')";
            Ok(db.prepare_cached(sql)?.query_row([student.to_string()], |row| row.get(0))?)
        })
        .await
    }

    /// The consultations of the students in `scope` without their reports, newest first.
    pub async fn consultations(&self, scope: Scope, page: Page) -> Result<Vec<Consultation>, StoreError> {
        self.read(move |db| {
            let (among, mut values) = groups::among(scope, "e.student");
            values.extend([page.limit.to_string(), page.offset.to_string()]);
            let sql = format!(
                "SELECT e.id, e.student, users.name AS student_name, e.case_id, e.case_version, e.started, e.state,
                     results.percent, results.outcomes
                 FROM encounters AS e JOIN users ON users.id = e.student LEFT JOIN results ON results.encounter = e.id
                 WHERE {among} ORDER BY e.started DESC, e.id DESC
                 LIMIT CAST(?{} AS INTEGER) OFFSET CAST(?{} AS INTEGER)",
                values.len() - 1,
                values.len()
            );
            let mut query = db.prepare_cached(&sql)?;
            Ok(query.query_map(params_from_iter(values), consultation_from)?.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// How many consultations the students in `scope` have begun, and when each of them last did.
    pub async fn last_practised(&self, scope: Scope) -> Result<Vec<(Uuid, u32, Timestamp)>, StoreError> {
        self.read(move |db| {
            let (among, values) = groups::among(scope, "student");
            let sql = format!(
                "SELECT student, count(*) AS begun, max(started) AS last FROM encounters WHERE {among} GROUP BY student"
            );
            let last =
                |row: &Row<'_>| Ok((column::parsed(row, "student")?, row.get("begun")?, column::instant(row, "last")?));
            Ok(db.prepare_cached(&sql)?.query_map(params_from_iter(values), last)?.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Everyone's consultations, newest first, with the students' names.
    pub async fn encounters(&self, page: Page) -> Result<Vec<ClassEncounter>, StoreError> {
        self.listed(Scope::Everyone, "1", page).await
    }

    /// Those that a teacher may see of the students in `scope`: self-tests are for their own eyes. Of
    /// everyone, those of teachers who try a case out, too.
    pub async fn encounters_in(&self, scope: Scope, page: Page) -> Result<Vec<ClassEncounter>, StoreError> {
        self.listed(scope, "kind IS NOT 'self-test'", page).await
    }

    async fn listed(&self, scope: Scope, only: &'static str, page: Page) -> Result<Vec<ClassEncounter>, StoreError> {
        self.read(move |db| {
            let (among, mut values) = match scope {
                Scope::Everyone => ("1".to_owned(), Vec::new()),
                scope => groups::among(scope, "encounters.student"),
            };
            values.extend([page.limit.to_string(), page.offset.to_string()]);
            let sql = format!(
                "SELECT {COLUMNS}, users.name AS student_name,
                     (SELECT count(*) FROM turns WHERE turns.encounter = encounters.id) AS turns
                 FROM encounters JOIN users ON users.id = encounters.student WHERE {among} AND {only}
                 ORDER BY encounters.started DESC, encounters.id DESC
                 LIMIT CAST(?{} AS INTEGER) OFFSET CAST(?{} AS INTEGER)",
                values.len() - 1,
                values.len()
            );
            let mut query = db.prepare_cached(&sql)?;
            let rows = query.query_map(params_from_iter(values), |row| {
                Ok(ClassEncounter {
                    encounter: from_row(row)?,
                    student_name: row.get("student_name")?,
                    turns: row.get("turns")?,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// How many consultations there are.
    pub async fn count_encounters(&self) -> Result<u32, StoreError> {
        self.read(|db| Ok(db.query_row("SELECT count(*) FROM encounters", [], |row| row.get(0))?)).await
    }

    /// Ends a consultation with the student's differential, most likely first, and its report;
    /// happens exactly once.
    ///
    /// # Errors
    /// [`StoreError::NotOpen`] when it has ended already, [`StoreError::NotFound`].
    pub async fn finish_encounter(
        &self,
        id: Uuid,
        diagnoses: Vec<Diagnosis>,
        report: serde_json::Value,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let diagnoses = serde_json::to_string(&diagnoses)?;
        let report = serde_json::to_string(&report)?;
        self.write(move |db| {
            require_open(db, id)?;
            Ok(close(db, &id.to_string(), now, (&diagnoses, &report))?)
        })
        .await
    }

    /// Leaves a consultation without a report.
    ///
    /// # Errors
    /// [`StoreError::NotOpen`] when it has ended already, [`StoreError::NotFound`].
    pub async fn abandon_encounter(&self, id: Uuid, now: Timestamp) -> Result<(), StoreError> {
        self.write(move |db| {
            require_open(db, id)?;
            db.execute(
                "UPDATE encounters SET state = 'abandoned', ended = ?2 WHERE id = ?1",
                params![id.to_string(), column::micros(now)],
            )?;
            Ok(())
        })
        .await
    }

    /// Keeps the student's notes of a consultation, in place of those kept before.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn save_notes(&self, encounter: Uuid, text: String) -> Result<(), StoreError> {
        self.write(move |db| {
            let changed =
                db.execute("UPDATE encounters SET notes = ?2 WHERE id = ?1", params![encounter.to_string(), text])?;
            if changed == 0 { Err(StoreError::NotFound(Entity::Encounter)) } else { Ok(()) }
        })
        .await
    }

    /// The student's notes; empty when none were kept.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn notes(&self, encounter: Uuid) -> Result<String, StoreError> {
        self.read(move |db| {
            db.query_row("SELECT notes FROM encounters WHERE id = ?1", [encounter.to_string()], |row| row.get(0))
                .optional()?
                .ok_or(StoreError::NotFound(Entity::Encounter))
        })
        .await
    }
}

/// Finished consultations of the student whose report was not taken in as it counts now, oldest first.
pub(super) fn unobserved(db: &Transaction<'_>, student: Uuid) -> Result<Vec<EncounterRecord>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM encounters
         WHERE student = ?1 AND state = 'finished' AND observed = 0 ORDER BY ended, id"
    );
    Ok(db.prepare_cached(&sql)?.query_map([student.to_string()], from_row)?.collect::<Result<_, _>>()?)
}

/// Finished consultations whose result is to be made, at most `limit`, oldest first.
pub(super) fn due_for_results(db: &Transaction<'_>, limit: u32) -> Result<Vec<EncounterRecord>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM results_due JOIN encounters ON encounters.id = results_due.encounter
         WHERE encounters.state = 'finished' ORDER BY results_due.encounter LIMIT ?1"
    );
    Ok(db.prepare_cached(&sql)?.query_map([limit], from_row)?.collect::<Result<_, _>>()?)
}

/// Refuses a consultation that is unknown or has ended.
pub(super) fn require_open(db: &Transaction<'_>, id: Uuid) -> Result<(), StoreError> {
    let open: Option<bool> = db
        .prepare_cached("SELECT state = 'open' FROM encounters WHERE id = ?1")?
        .query_row([id.to_string()], |row| row.get(0))
        .optional()?;
    match open {
        None => Err(StoreError::NotFound(Entity::Encounter)),
        Some(false) => Err(StoreError::NotOpen),
        Some(true) => Ok(()),
    }
}

fn require(db: &Transaction<'_>, entity: Entity, sql: &str, params: impl rusqlite::Params) -> Result<(), StoreError> {
    if db.prepare_cached(sql)?.exists(params)? { Ok(()) } else { Err(StoreError::NotFound(entity)) }
}

/// Ends a consultation with its differential and report, both JSON.
pub(super) fn close(
    db: &Transaction<'_>,
    id: &str,
    at: Timestamp,
    (diagnoses, report): (&str, &str),
) -> rusqlite::Result<()> {
    db.prepare_cached(
        "UPDATE encounters SET state = 'finished', ended = ?2, diagnoses = ?3, report = ?4 WHERE id = ?1",
    )?
    .execute(params![id, column::micros(at), diagnoses, report])?;
    Ok(())
}

pub(super) fn insert(db: &Transaction<'_>, record: &EncounterRecord) -> rusqlite::Result<()> {
    db.execute(
        "INSERT INTO encounters (id, student, case_id, case_version, language, mode, seed, started)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            record.id.to_string(),
            record.student.to_string(),
            record.case_id,
            record.case_version,
            record.language.tag(),
            record.mode.base(),
            record.seed.cast_signed(),
            column::micros(record.started),
        ],
    )?;
    let kind = record.mode.to_string();
    if kind != record.mode.base() {
        let row = params![record.id.to_string(), kind];
        db.execute("INSERT INTO encounter_modes (encounter, kind) VALUES (?1, ?2)", row)?;
    }
    Ok(())
}

fn find(db: &Transaction<'_>, id: Uuid) -> Result<Option<EncounterRecord>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM encounters WHERE id = ?1");
    Ok(db.prepare_cached(&sql)?.query_row([id.to_string()], from_row).optional()?)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<EncounterRecord> {
    Ok(EncounterRecord {
        id: column::parsed(row, "id")?,
        student: column::parsed(row, "student")?,
        case_id: row.get("case_id")?,
        case_version: row.get("case_version")?,
        language: column::parsed(row, "language")?,
        mode: mode_from_row(row)?,
        seed: row.get::<_, i64>("seed")?.cast_unsigned(),
        started: column::instant(row, "started")?,
        state: state_from_row(row)?,
    })
}

fn consultation_from(row: &Row<'_>) -> rusqlite::Result<Consultation> {
    let percent: Option<f64> = row.get("percent")?;
    let outcomes: Option<String> = row.get("outcomes")?;
    Ok(Consultation {
        id: column::parsed(row, "id")?,
        student: column::parsed(row, "student")?,
        student_name: row.get("student_name")?,
        case_id: row.get("case_id")?,
        case_version: row.get("case_version")?,
        started: column::instant(row, "started")?,
        state: row.get("state")?,
        result: percent.zip(outcomes),
    })
}

/// The kind that stands beside the mode, else the mode itself.
fn mode_from_row(row: &Row<'_>) -> rusqlite::Result<Mode> {
    column::optional(row, "kind")?.map_or_else(|| column::parsed(row, "mode"), Ok)
}

fn state_from_row(row: &Row<'_>) -> rusqlite::Result<EncounterState> {
    let Some(at) = column::optional_instant(row, "ended")? else { return Ok(EncounterState::Open) };
    if row.get::<_, String>("state")? == "abandoned" {
        return Ok(EncounterState::Abandoned { at });
    }
    match (column::optional_json(row, "diagnoses")?, column::optional_json(row, "report")?) {
        (Some(diagnoses), Some(report)) => Ok(EncounterState::Finished { at, diagnoses, report }),
        _ => Err(column::unreadable(Type::Null, "a finished consultation without its report")),
    }
}
