//! Consultations.

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Row, Transaction, params, types::Type};
use serde::Serialize;
use uuid::Uuid;

use super::{Diagnosis, EncounterRecord, EncounterState, Entity, Mode, NewEncounter, Store, StoreError, column};

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

    /// Everyone's consultations, newest first, with the students' names.
    pub async fn encounters(&self, page: Page) -> Result<Vec<ClassEncounter>, StoreError> {
        self.read(move |db| {
            let sql = format!(
                "SELECT {COLUMNS}, users.name AS student_name,
                     (SELECT count(*) FROM turns WHERE turns.encounter = encounters.id) AS turns
                 FROM encounters JOIN users ON users.id = encounters.student
                 ORDER BY encounters.started DESC, encounters.id DESC LIMIT ?1 OFFSET ?2"
            );
            let mut query = db.prepare_cached(&sql)?;
            let rows = query.query_map([page.limit, page.offset], |row| {
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
            db.execute(
                "UPDATE encounters SET state = 'finished', ended = ?2, diagnoses = ?3, report = ?4 WHERE id = ?1",
                params![id.to_string(), column::micros(now), diagnoses, report],
            )?;
            Ok(())
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

fn insert(db: &Transaction<'_>, record: &EncounterRecord) -> rusqlite::Result<()> {
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
