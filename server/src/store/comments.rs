//! What teachers write to students about their consultations.

use jiff::Timestamp;
use rusqlite::{Row, params};
use serde::Serialize;
use uuid::Uuid;

use super::{Entity, Store, StoreError, column};

/// A comment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CommentRecord {
    /// Id.
    pub id: Uuid,
    /// On which consultation.
    pub encounter: Uuid,
    /// On which exchange, from 0; none for the whole.
    pub exchange: Option<u32>,
    /// Who wrote it; none when the account is gone.
    pub author: Option<Uuid>,
    /// The author's name as shown.
    pub author_name: Option<String>,
    /// The words.
    pub text: String,
    /// When.
    pub at: Timestamp,
    /// When the student first saw it.
    pub seen: Option<Timestamp>,
    /// When it was taken back; none while it stands.
    pub withdrawn: Option<Timestamp>,
}

/// A comment about to be kept.
#[derive(Clone, Debug)]
pub struct NewComment {
    /// On which consultation.
    pub encounter: Uuid,
    /// On which exchange, from 0; none for the whole.
    pub exchange: Option<u32>,
    /// Who writes.
    pub author: Uuid,
    /// The words.
    pub text: String,
}

const COMMENT: &str = "SELECT c.id, c.encounter, c.exchange, c.author, users.name AS author_name, c.text, c.at,
    c.seen, c.withdrawn FROM comments AS c LEFT JOIN users ON users.id = c.author";

impl Store {
    /// Keeps a comment; its id is given.
    pub async fn comment(&self, new: NewComment, now: Timestamp) -> Result<Uuid, StoreError> {
        let id = column::new_id(now);
        self.write(move |db| {
            db.execute(
                "INSERT INTO comments (id, encounter, exchange, author, text, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    id.to_string(),
                    new.encounter.to_string(),
                    new.exchange,
                    new.author.to_string(),
                    new.text,
                    column::micros(now),
                ],
            )?;
            Ok(id)
        })
        .await
    }

    /// The comments on a consultation, oldest first, those taken back included.
    pub async fn comments(&self, encounter: Uuid) -> Result<Vec<CommentRecord>, StoreError> {
        self.read(move |db| {
            let sql = format!("{COMMENT} WHERE c.encounter = ?1 ORDER BY c.at, c.id");
            Ok(db.prepare_cached(&sql)?.query_map([encounter.to_string()], from_row)?.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// The latest comments to a student that stand: those not seen first, then the newest.
    pub async fn comments_to(&self, student: Uuid, limit: u32) -> Result<Vec<CommentRecord>, StoreError> {
        self.read(move |db| {
            let sql = format!(
                "{COMMENT} JOIN encounters ON encounters.id = c.encounter
                 WHERE encounters.student = ?1 AND c.withdrawn IS NULL
                 ORDER BY c.seen IS NOT NULL, c.at DESC, c.id LIMIT ?2"
            );
            let mut query = db.prepare_cached(&sql)?;
            Ok(query.query_map(params![student.to_string(), limit], from_row)?.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Remembers that the student has the comments on a consultation on the screen.
    pub async fn comments_seen(&self, encounter: Uuid, now: Timestamp) -> Result<(), StoreError> {
        self.write(move |db| {
            db.execute(
                "UPDATE comments SET seen = ?2 WHERE encounter = ?1 AND seen IS NULL AND withdrawn IS NULL",
                params![encounter.to_string(), column::micros(now)],
            )?;
            Ok(())
        })
        .await
    }

    /// Takes a comment of `author` back, or with no instant lets it stand again; gives its consultation.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such comment of this author.
    pub async fn withdraw_comment(&self, id: Uuid, author: Uuid, at: Option<Timestamp>) -> Result<Uuid, StoreError> {
        self.write(move |db| {
            let sql = "UPDATE comments SET withdrawn = ?3 WHERE id = ?1 AND author = ?2 RETURNING encounter";
            let mut query = db.prepare_cached(sql)?;
            let values = params![id.to_string(), author.to_string(), at.map(column::micros)];
            let mut rows = query.query_map(values, |row| column::parsed(row, "encounter"))?;
            rows.next().transpose()?.ok_or(StoreError::NotFound(Entity::Comment))
        })
        .await
    }
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<CommentRecord> {
    Ok(CommentRecord {
        id: column::parsed(row, "id")?,
        encounter: column::parsed(row, "encounter")?,
        exchange: row.get("exchange")?,
        author: column::optional(row, "author")?,
        author_name: row.get("author_name")?,
        text: row.get("text")?,
        at: column::instant(row, "at")?,
        seen: column::optional_instant(row, "seen")?,
        withdrawn: column::optional_instant(row, "withdrawn")?,
    })
}
