//! What learners asked the tutor, and what it answered.

use jiff::Timestamp;
use rusqlite::{params, types::Type};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Store, StoreError, column};
use crate::tutor::Answer;

/// One question and its answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TutorTurn {
    /// The learner's words.
    pub question: String,
    /// What the tutor answered.
    pub answer: Answer,
    /// When.
    pub at: Timestamp,
}

impl Store {
    /// Keeps a question and its answer with the consultation.
    pub async fn add_tutor_turn(&self, encounter: Uuid, turn: &TutorTurn) -> Result<(), StoreError> {
        let (question, at) = (turn.question.clone(), turn.at);
        let answer = serde_json::to_string(&turn.answer)?;
        self.write(move |db| {
            db.execute(
                "INSERT INTO tutor_turns (encounter, position, question, answer, at)
                 VALUES (?1, (SELECT count(*) FROM tutor_turns WHERE encounter = ?1), ?2, ?3, ?4)",
                params![encounter.to_string(), question, answer, column::micros(at)],
            )?;
            Ok(())
        })
        .await
    }

    /// The conversation with the tutor, oldest first.
    pub async fn tutor_turns(&self, encounter: Uuid) -> Result<Vec<TutorTurn>, StoreError> {
        self.read(move |db| {
            let mut query = db.prepare_cached(
                "SELECT question, answer, at FROM tutor_turns WHERE encounter = ?1 ORDER BY position",
            )?;
            let rows = query.query_map([encounter.to_string()], |row| {
                let answer = column::optional_json(row, "answer")?
                    .ok_or_else(|| column::unreadable(Type::Null, "a question without its answer"))?;
                Ok(TutorTurn { question: row.get("question")?, answer, at: column::instant(row, "at")? })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }
}
