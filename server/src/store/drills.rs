//! Drills: the items and what teachers made of them. Answers are in `drill_answers`.

use std::collections::BTreeMap;

use jiff::Timestamp;
use knowledge_graph::TopicId;
use rusqlite::{OptionalExtension as _, Row, Transaction, params, types::Type};
use serde::Serialize;
use uuid::Uuid;

use super::{Entity, Store, StoreError, column};
use crate::learner::{
    DrillCandidate,
    drills::{DrillKind, Item, Rating, guess},
};

/// Whether learners are given an item, and in whose words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DrillState {
    /// As it was made.
    Offered,
    /// As a teacher worded it.
    Edited,
    /// Taken out.
    Retired,
}

impl DrillState {
    /// Every state, in the order they are listed.
    pub const ALL: [Self; 3] = [Self::Offered, Self::Edited, Self::Retired];

    /// The written form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Offered => "offered",
            Self::Edited => "edited",
            Self::Retired => "retired",
        }
    }
}

/// An item with its figures.
#[derive(Clone, Debug, PartialEq)]
pub struct DrillRecord {
    /// As it was made.
    pub made: Item,
    /// As a teacher worded it anew.
    pub edit: Option<Item>,
    /// Whether it is offered.
    pub state: DrillState,
    /// When it was made.
    pub at: Timestamp,
    /// Difficulty, and the answers that counted since its words last changed.
    pub rating: Rating,
    /// What these answers earned, 1 for each that was wholly right.
    pub points: f64,
    /// Corrected item–total correlation; none with too few answers.
    pub discrimination: Option<f64>,
    /// Reports that no teacher has looked at.
    pub reports: u32,
}

impl DrillRecord {
    /// The item as learners see it.
    pub fn item(&self) -> &Item {
        self.edit.as_ref().unwrap_or(&self.made)
    }

    /// Mean credit 0–1 of the answers that counted; none without one.
    pub fn share(&self) -> Option<f64> {
        (self.rating.answers > 0).then(|| self.points / f64::from(self.rating.answers))
    }
}

const COLUMNS: &str = "id, item, edit, retired, made, answers, points, difficulty, discrimination,
    (SELECT count(*) FROM drill_reports WHERE drill = drills.id AND settled IS NULL) AS reports";

impl Store {
    /// Takes the next seed of a kind; nobody gets it again.
    pub async fn claim_drill_seed(&self, kind: DrillKind) -> Result<u64, StoreError> {
        self.write(move |db| {
            let sql = "INSERT INTO drill_seeds (kind, next) VALUES (?1, 1)
                       ON CONFLICT (kind) DO UPDATE SET next = next + 1 RETURNING next - 1";
            let seed: i64 = db.query_row(sql, [kind.as_str()], |row| row.get(0))?;
            Ok(u64::try_from(seed).unwrap_or_default())
        })
        .await
    }

    /// Keeps an item, and says whether it was not there or was made from another graph. A question that is
    /// there already keeps what is known of it and what teachers did; its reasons are those of `item`.
    pub async fn keep_drill(&self, item: Item, now: Timestamp) -> Result<bool, StoreError> {
        self.write(move |db| {
            let known = "SELECT 1 FROM drills WHERE id = ?1 AND graph = ?2";
            if db.prepare_cached(known)?.exists([&item.id, &item.graph])? {
                return Ok(false);
            }
            db.execute(
                "INSERT INTO drills (id, kind, graph, item, guess, made) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (id) DO UPDATE SET
                     graph = excluded.graph, item = excluded.item, guess = excluded.guess",
                params![
                    item.id,
                    item.kind.as_str(),
                    item.graph,
                    serde_json::to_string(&item)?,
                    guess(&item),
                    column::micros(now)
                ],
            )?;
            db.execute("DELETE FROM drill_topics WHERE drill = ?1", [&item.id])?;
            let mut topic = db.prepare_cached("INSERT OR IGNORE INTO drill_topics (drill, topic) VALUES (?1, ?2)")?;
            for of in &item.topics {
                topic.execute(params![item.id, of.node().to_string()])?;
            }
            Ok(true)
        })
        .await
    }

    /// Items that are offered to nobody because they were made from another graph than this.
    pub async fn outdated_drills(&self, graph: &str) -> Result<Vec<Item>, StoreError> {
        let graph = graph.to_owned();
        self.read(move |db| {
            let sql = format!(
                "SELECT {COLUMNS} FROM drills WHERE graph <> ?1 AND retired IS NULL AND edit IS NULL ORDER BY made, id"
            );
            let mut query = db.prepare_cached(&sql)?;
            let rows = query.query_map([graph], |row| Ok(from_row(row)?.made))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// An item, retired ones included.
    pub async fn drill(&self, id: &str) -> Result<Option<DrillRecord>, StoreError> {
        let id = id.to_owned();
        self.read(move |db| {
            let sql = format!("SELECT {COLUMNS} FROM drills WHERE id = ?1");
            Ok(db.prepare_cached(&sql)?.query_row([id], from_row).optional()?)
        })
        .await
    }

    /// Every item, retired ones included: those with open reports first, then those that `weak` or less
    /// discriminates, then the newest.
    pub async fn drills(&self, weak: f64) -> Result<Vec<DrillRecord>, StoreError> {
        self.read(move |db| {
            let sql = format!(
                "SELECT {COLUMNS} FROM drills
                 ORDER BY reports = 0, retired IS NOT NULL, discrimination IS NULL OR discrimination >= ?1,
                          made DESC, id"
            );
            Ok(db.prepare_cached(&sql)?.query_map([weak], from_row)?.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// How many items of each kind are offered that were made from `graph` or worded by a teacher.
    pub async fn drills_offered(&self, graph: &str) -> Result<BTreeMap<DrillKind, u32>, StoreError> {
        let graph = graph.to_owned();
        self.read(move |db| {
            let sql = "SELECT kind, count(*) AS items FROM drills
                       WHERE retired IS NULL AND (graph = ?1 OR edit IS NOT NULL) GROUP BY kind";
            let of_kind = |row: &Row<'_>| Ok((column::parsed(row, "kind")?, row.get("items")?));
            Ok(db.prepare_cached(sql)?.query_map([graph], of_kind)?.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// What can be given to a learner: made from `graph` or worded by a teacher, not retired, not answered
    /// by this learner since `since`.
    pub async fn drill_candidates(
        &self,
        student: Uuid,
        graph: &str,
        since: Timestamp,
    ) -> Result<Vec<DrillCandidate>, StoreError> {
        let graph = graph.to_owned();
        self.read(move |db| {
            let sql = "SELECT id, kind, guess, answers, difficulty,
                              (SELECT group_concat(topic, ' ') FROM drill_topics WHERE drill = drills.id) AS topics
                       FROM drills
                       WHERE retired IS NULL AND (graph = ?2 OR edit IS NOT NULL) AND NOT EXISTS (
                           SELECT 1 FROM drill_answers WHERE student = ?1 AND drill = drills.id AND at > ?3)
                       ORDER BY id";
            let mut query = db.prepare_cached(sql)?;
            let rows = query.query_map(params![student.to_string(), graph, column::micros(since)], candidate_from)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Words an item anew; with none, it is as it was made again. Its figures are counted from `now` on,
    /// from the difficulty it had, and its reports are settled.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such item.
    pub async fn word_drill(&self, id: &str, edit: Option<Item>, by: Uuid, now: Timestamp) -> Result<(), StoreError> {
        let id = id.to_owned();
        self.write(move |db| {
            let json = edit.as_ref().map(serde_json::to_string).transpose()?;
            let changed = db.execute(
                "UPDATE drills SET edit = ?2, edited = iif(?2 IS NULL, NULL, ?3), edited_by = iif(?2 IS NULL, NULL, ?4),
                     counted_from = ?3, answers = 0, points = 0, discrimination = NULL
                 WHERE id = ?1",
                params![id, json, column::micros(now), by.to_string()],
            )?;
            if changed == 0 {
                return Err(StoreError::NotFound(Entity::Drill));
            }
            settle(db, &id, now)
        })
        .await
    }

    /// Takes an item out, or brings it back; its reports are settled.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such item.
    pub async fn retire_drill(&self, id: &str, retired: bool, by: Uuid, now: Timestamp) -> Result<(), StoreError> {
        let id = id.to_owned();
        self.write(move |db| {
            let at = retired.then(|| column::micros(now));
            let by = retired.then(|| by.to_string());
            let changed =
                db.execute("UPDATE drills SET retired = ?2, retired_by = ?3 WHERE id = ?1", params![id, at, by])?;
            if changed == 0 {
                return Err(StoreError::NotFound(Entity::Drill));
            }
            settle(db, &id, now)
        })
        .await
    }

    /// Says that a teacher has looked at the reports of an item.
    pub async fn settle_drill_reports(&self, id: &str, now: Timestamp) -> Result<(), StoreError> {
        let id = id.to_owned();
        self.write(move |db| settle(db, &id, now)).await
    }
}

fn settle(db: &Transaction<'_>, id: &str, now: Timestamp) -> Result<(), StoreError> {
    let sql = "UPDATE drill_reports SET settled = ?2 WHERE drill = ?1 AND settled IS NULL";
    db.execute(sql, params![id, column::micros(now)])?;
    Ok(())
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<DrillRecord> {
    let edit: Option<Item> = column::optional_json(row, "edit")?;
    let retired: Option<i64> = row.get("retired")?;
    let absent = || column::unreadable(Type::Null, "the item is missing");
    Ok(DrillRecord {
        made: column::optional_json(row, "item")?.ok_or_else(absent)?,
        state: match (retired, &edit) {
            (Some(_), _) => DrillState::Retired,
            (None, Some(_)) => DrillState::Edited,
            (None, None) => DrillState::Offered,
        },
        edit,
        at: column::instant(row, "made")?,
        rating: rating_from(row)?,
        points: row.get("points")?,
        discrimination: row.get("discrimination")?,
        reports: row.get("reports")?,
    })
}

fn rating_from(row: &Row<'_>) -> rusqlite::Result<Rating> {
    Ok(Rating { logits: row.get("difficulty")?, answers: row.get("answers")? })
}

fn candidate_from(row: &Row<'_>) -> rusqlite::Result<DrillCandidate> {
    let topics: Option<String> = row.get("topics")?;
    Ok(DrillCandidate {
        id: row.get("id")?,
        kind: column::parsed(row, "kind")?,
        // A topic that the graph no longer has decides nothing.
        topics: topics.unwrap_or_default().split(' ').filter_map(|topic| topic.parse::<TopicId>().ok()).collect(),
        rating: rating_from(row)?,
        guess: row.get("guess")?,
    })
}
