//! Whole consultations at once, as made for measurements.

use rusqlite::{Transaction, params};

use super::{EncounterRecord, EncounterState, Store, StoreError, TurnRecord, column, encounters};

impl Store {
    /// Keeps finished consultations with their turns, all or none.
    ///
    /// # Errors
    /// [`StoreError::Database`] without such a student or case.
    pub async fn import_finished(&self, all: Vec<(EncounterRecord, Vec<TurnRecord>)>) -> Result<(), StoreError> {
        self.write(move |db| all.iter().try_for_each(|(encounter, turns)| import(db, encounter, turns))).await
    }
}

fn import(db: &Transaction<'_>, encounter: &EncounterRecord, turns: &[TurnRecord]) -> Result<(), StoreError> {
    encounters::insert(db, encounter)?;
    let id = encounter.id.to_string();
    let mut insert = db.prepare_cached(
        "INSERT INTO turns (encounter, position, key, said, said_at, reply) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    for turn in turns {
        let reply = turn.reply.as_ref().map(serde_json::to_string).transpose()?;
        insert.execute(params![id, turn.index, turn.key, turn.said, column::micros(turn.said_at), reply])?;
    }
    if let EncounterState::Finished { at, diagnoses, report } = &encounter.state {
        let (diagnoses, report) = (serde_json::to_string(diagnoses)?, serde_json::to_string(report)?);
        encounters::close(db, &id, *at, (&diagnoses, &report))?;
    }
    Ok(())
}
