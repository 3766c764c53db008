//! Cases being written. Every change is a step that can be taken back; nothing typed is overwritten.

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Transaction, params};
use uuid::Uuid;

use super::{Entity, Store, StoreError, TurnRecord, column};

/// Steps kept of one draft; the oldest go first. A step is a whole case, about 40 kB.
const MOST_STEPS: i64 = 100;

/// A case being written, as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct DraftRecord {
    /// Id of the case.
    pub id: String,
    /// The step that stands.
    pub step: i64,
    /// The oldest and the newest step there are.
    pub steps: (i64, i64),
    /// The case file of the step.
    pub toml: String,
    /// When the step was made.
    pub made: Timestamp,
    /// The questions tried on the patient, and the answers.
    pub talk: Vec<TurnRecord>,
}

impl Store {
    /// The draft of `owner` for this case.
    pub async fn draft(&self, owner: Uuid, id: &str) -> Result<Option<DraftRecord>, StoreError> {
        let (owner, id) = (owner.to_string(), id.to_owned());
        self.read(move |db| find(db, &owner, &id)).await
    }

    /// All drafts of `owner`, last changed first.
    pub async fn drafts_of(&self, owner: Uuid) -> Result<Vec<DraftRecord>, StoreError> {
        let owner = owner.to_string();
        self.read(move |db| {
            let mut ids = db.prepare_cached("SELECT id FROM drafts WHERE owner = ?1 ORDER BY id")?;
            let ids: Vec<String> = ids.query_map([&owner], |row| row.get(0))?.collect::<Result<_, _>>()?;
            let mut drafts = Vec::with_capacity(ids.len());
            for id in ids {
                drafts.extend(find(db, &owner, &id)?);
            }
            drafts.sort_by_key(|draft| std::cmp::Reverse(draft.made));
            Ok(drafts)
        })
        .await
    }

    /// Begins a draft with `toml`; one that is there already stays as it is.
    pub async fn begin_draft(&self, owner: Uuid, id: &str, toml: String, now: Timestamp) -> Result<(), StoreError> {
        let (owner, id) = (owner.to_string(), id.to_owned());
        self.write(move |db| {
            let made = db.execute(
                "INSERT INTO drafts (owner, id, step, talk) VALUES (?1, ?2, 1, '[]') ON CONFLICT DO NOTHING",
                params![owner, id],
            )?;
            if made == 1 {
                add_step(db, (&owner, &id), 1, &toml, now)?;
            }
            Ok(())
        })
        .await
    }

    /// Adds a step after the one that stands and gives its number. Steps taken back before are gone
    /// then. The same text again is no step.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn add_draft_step(&self, owner: Uuid, id: &str, toml: String, now: Timestamp) -> Result<i64, StoreError> {
        let (owner, id) = (owner.to_string(), id.to_owned());
        self.write(move |db| {
            let draft = find(db, &owner, &id)?.ok_or(StoreError::NotFound(Entity::Case))?;
            if draft.toml == toml {
                return Ok(draft.step);
            }
            let step = draft.step + 1;
            db.execute(
                "DELETE FROM draft_steps WHERE owner = ?1 AND id = ?2 AND (step >= ?3 OR step <= ?3 - ?4)",
                params![owner, id, step, MOST_STEPS],
            )?;
            add_step(db, (&owner, &id), step, &toml, now)?;
            stand(db, (&owner, &id), step)?;
            Ok(step)
        })
        .await
    }

    /// The text of one step, while it is kept.
    pub async fn draft_step(&self, owner: Uuid, id: &str, step: i64) -> Result<Option<String>, StoreError> {
        let (owner, id) = (owner.to_string(), id.to_owned());
        self.read(move |db| {
            let sql = "SELECT toml FROM draft_steps WHERE owner = ?1 AND id = ?2 AND step = ?3";
            Ok(db.query_row(sql, params![owner, id, step], |row| row.get(0)).optional()?)
        })
        .await
    }

    /// Takes back the step that stands (`by` −1) or takes one up again (+1). At either end nothing
    /// changes.
    pub async fn move_draft(&self, owner: Uuid, id: &str, by: i64) -> Result<(), StoreError> {
        let (owner, id) = (owner.to_string(), id.to_owned());
        self.write(move |db| {
            let draft = find(db, &owner, &id)?.ok_or(StoreError::NotFound(Entity::Case))?;
            stand(db, (&owner, &id), (draft.step + by).clamp(draft.steps.0, draft.steps.1))
        })
        .await
    }

    /// Keeps what was asked of the patient and answered.
    pub async fn keep_draft_talk(&self, owner: Uuid, id: &str, talk: &[TurnRecord]) -> Result<(), StoreError> {
        let (owner, id) = (owner.to_string(), id.to_owned());
        let talk = serde_json::to_string(talk).unwrap_or_else(|_| "[]".to_owned());
        self.write(move |db| {
            db.execute("UPDATE drafts SET talk = ?3 WHERE owner = ?1 AND id = ?2", params![owner, id, talk])?;
            Ok(())
        })
        .await
    }

    /// Forgets a draft with all its steps.
    pub async fn discard_draft(&self, owner: Uuid, id: &str) -> Result<(), StoreError> {
        let (owner, id) = (owner.to_string(), id.to_owned());
        self.write(move |db| {
            db.execute("DELETE FROM drafts WHERE owner = ?1 AND id = ?2", params![owner, id])?;
            Ok(())
        })
        .await
    }
}

fn add_step(
    db: &Transaction<'_>,
    (owner, id): (&str, &str),
    step: i64,
    toml: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    db.execute(
        "INSERT INTO draft_steps (owner, id, step, toml, made) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![owner, id, step, toml, column::micros(now)],
    )?;
    Ok(())
}

fn stand(db: &Transaction<'_>, (owner, id): (&str, &str), step: i64) -> Result<(), StoreError> {
    db.execute("UPDATE drafts SET step = ?3 WHERE owner = ?1 AND id = ?2", params![owner, id, step])?;
    Ok(())
}

fn find(db: &Transaction<'_>, owner: &str, id: &str) -> Result<Option<DraftRecord>, StoreError> {
    let sql = "SELECT drafts.id, drafts.step, talk, toml, made,
                      (SELECT min(step) FROM draft_steps WHERE owner = ?1 AND id = ?2) AS first,
                      (SELECT max(step) FROM draft_steps WHERE owner = ?1 AND id = ?2) AS last
               FROM drafts JOIN draft_steps USING (owner, id, step) WHERE drafts.owner = ?1 AND drafts.id = ?2";
    let found = db.query_row(sql, params![owner, id], |row| {
        let talk: String = row.get("talk")?;
        Ok(DraftRecord {
            id: row.get("id")?,
            step: row.get("step")?,
            steps: (row.get("first")?, row.get("last")?),
            toml: row.get("toml")?,
            made: column::instant(row, "made")?,
            // Talk of an earlier release that cannot be read any more is only talk.
            talk: serde_json::from_str(&talk).unwrap_or_default(),
        })
    });
    Ok(found.optional()?)
}
