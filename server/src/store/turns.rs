//! Turns of a consultation: the student's words first, the patient's once spoken.

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Row, Transaction, params};
use uuid::Uuid;

use super::{Entity, Store, StoreError, TurnRecord, TurnReply, column, encounters};

/// What became of a turn that was sent.
#[derive(Clone, Debug, PartialEq)]
pub enum BegunTurn {
    /// It is new and now committed, without a reply.
    New(TurnRecord),
    /// Its key came before with the same words: this is what is stored, with its reply when
    /// one was given.
    Replay(TurnRecord),
}

impl BegunTurn {
    /// The turn, new or not.
    pub fn turn(&self) -> &TurnRecord {
        match self {
            Self::New(turn) | Self::Replay(turn) => turn,
        }
    }
}

impl Store {
    /// Commits what the student said. A key that came before gives back the turn it began, so a
    /// browser may send again after a broken connection, even when the consultation has ended.
    ///
    /// # Errors
    /// [`StoreError::KeyReused`] when the key came with other words, [`StoreError::NotOpen`] when
    /// the consultation has ended, [`StoreError::NotFound`].
    pub async fn begin_turn(
        &self,
        encounter: Uuid,
        key: &str,
        said: &str,
        now: Timestamp,
    ) -> Result<BegunTurn, StoreError> {
        let (key, said) = (key.to_owned(), said.to_owned());
        self.write(move |db| {
            if let Some(turn) = by_key(db, encounter, &key)? {
                return if turn.said == said { Ok(BegunTurn::Replay(turn)) } else { Err(StoreError::KeyReused) };
            }
            encounters::require_open(db, encounter)?;
            let index = next_index(db, encounter)?;
            let turn = TurnRecord { index, key, said, said_at: column::to_the_microsecond(now), reply: None };
            db.execute(
                "INSERT INTO turns (encounter, position, key, said, said_at) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![encounter.to_string(), turn.index, turn.key, turn.said, column::micros(turn.said_at)],
            )?;
            Ok(BegunTurn::New(turn))
        })
        .await
    }

    /// Commits what the patient replied; happens once per turn.
    ///
    /// # Errors
    /// [`StoreError::AlreadyAnswered`], [`StoreError::NotOpen`] when the consultation ended while
    /// the patient was speaking (its report is made; nothing may change), [`StoreError::NotFound`].
    pub async fn finish_turn(&self, encounter: Uuid, index: u32, reply: &TurnReply) -> Result<(), StoreError> {
        let reply = serde_json::to_string(reply)?;
        self.write(move |db| {
            encounters::require_open(db, encounter)?;
            let id = encounter.to_string();
            let answered: Option<bool> = db
                .prepare_cached("SELECT reply IS NOT NULL FROM turns WHERE encounter = ?1 AND position = ?2")?
                .query_row(params![id, index], |row| row.get(0))
                .optional()?;
            match answered {
                None => return Err(StoreError::NotFound(Entity::Turn)),
                Some(true) => return Err(StoreError::AlreadyAnswered),
                Some(false) => {}
            }
            db.execute(
                "UPDATE turns SET reply = ?3 WHERE encounter = ?1 AND position = ?2",
                params![id, index, reply],
            )?;
            Ok(())
        })
        .await
    }

    /// All turns of a consultation, in order.
    pub async fn turns(&self, encounter: Uuid) -> Result<Vec<TurnRecord>, StoreError> {
        self.read(move |db| {
            let mut query = db.prepare_cached(
                "SELECT position, key, said, said_at, reply FROM turns WHERE encounter = ?1 ORDER BY position",
            )?;
            Ok(query.query_map([encounter.to_string()], from_row)?.collect::<Result<_, _>>()?)
        })
        .await
    }
}

fn by_key(db: &Transaction<'_>, encounter: Uuid, key: &str) -> Result<Option<TurnRecord>, StoreError> {
    let mut query =
        db.prepare_cached("SELECT position, key, said, said_at, reply FROM turns WHERE encounter = ?1 AND key = ?2")?;
    Ok(query.query_row(params![encounter.to_string(), key], from_row).optional()?)
}

fn next_index(db: &Transaction<'_>, encounter: Uuid) -> rusqlite::Result<u32> {
    db.prepare_cached("SELECT coalesce(max(position) + 1, 0) FROM turns WHERE encounter = ?1")?
        .query_row([encounter.to_string()], |row| row.get(0))
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<TurnRecord> {
    Ok(TurnRecord {
        index: row.get("position")?,
        key: row.get("key")?,
        said: row.get("said")?,
        said_at: column::instant(row, "said_at")?,
        reply: column::optional_json(row, "reply")?,
    })
}
