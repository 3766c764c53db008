//! Topics that teachers decided to work on with a class.

use jiff::Timestamp;
use knowledge_graph::TopicId;
use rusqlite::{Row, params};
use uuid::Uuid;

use super::{Entity, Store, StoreError, column};

/// A topic that is worked on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FocusRecord {
    /// Id.
    pub id: Uuid,
    /// With which group; none for everyone.
    pub group: Option<Uuid>,
    /// What.
    pub topic: TopicId,
    /// From when on.
    pub marked: Timestamp,
}

impl Store {
    /// Marks `topic` as worked on from `now` on; gives the mark's id. A topic that is marked already keeps
    /// its day.
    pub async fn mark_focus(
        &self,
        group: Option<Uuid>,
        topic: TopicId,
        teacher: Uuid,
        now: Timestamp,
    ) -> Result<Uuid, StoreError> {
        let (id, group) = (column::new_id(now), group.map(|id| id.to_string()));
        self.write(move |db| {
            let topic = topic.to_string();
            let known = "SELECT id FROM focuses WHERE group_id IS ?1 AND topic = ?2 AND withdrawn IS NULL";
            let mut query = db.prepare_cached(known)?;
            let mut rows = query.query_map(params![group, topic], |row| column::parsed(row, "id"))?;
            if let Some(known) = rows.next().transpose()? {
                return Ok(known);
            }
            db.execute(
                "INSERT INTO focuses (id, group_id, topic, marked, marked_by) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![id.to_string(), group, topic, column::micros(now), teacher.to_string()],
            )?;
            Ok(id)
        })
        .await
    }

    /// What stands for a group, or for everyone, the newest first.
    pub async fn focuses(&self, group: Option<Uuid>) -> Result<Vec<FocusRecord>, StoreError> {
        self.read(move |db| {
            let sql = "SELECT id, group_id, topic, marked FROM focuses
                       WHERE group_id IS ?1 AND withdrawn IS NULL ORDER BY marked DESC, id DESC";
            let mut query = db.prepare_cached(sql)?;
            let rows = query.query_map([group.map(|id| id.to_string())], from_row)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Takes a mark away, or with no instant puts it back.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such mark for this group.
    pub async fn withdraw_focus(&self, id: Uuid, group: Option<Uuid>, at: Option<Timestamp>) -> Result<(), StoreError> {
        self.write(move |db| {
            let sql = "UPDATE focuses SET withdrawn = ?3 WHERE id = ?1 AND group_id IS ?2";
            let group = group.map(|id| id.to_string());
            let changed = db.execute(sql, params![id.to_string(), group, at.map(column::micros)])?;
            if changed == 0 { Err(StoreError::NotFound(Entity::Focus)) } else { Ok(()) }
        })
        .await
    }
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<FocusRecord> {
    Ok(FocusRecord {
        id: column::parsed(row, "id")?,
        group: column::optional(row, "group_id")?,
        topic: column::parsed(row, "topic")?,
        marked: column::instant(row, "marked")?,
    })
}
