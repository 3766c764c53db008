//! Help that was asked for during a consultation, and pauses of its clock.

use jiff::{SignedDuration, Timestamp};
use knowledge_graph::TopicId;
use rusqlite::{OptionalExtension as _, params, types::Type};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Store, StoreError, column, encounters};

/// How much a hint gives away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Strength {
    /// Which part of the history.
    Area,
    /// What kind of thing in it.
    Direction,
    /// The item itself and a way to ask it.
    Full,
}

impl Strength {
    /// The next stronger, if there is one.
    pub const fn stronger(self) -> Option<Self> {
        match self {
            Self::Area => Some(Self::Direction),
            Self::Direction => Some(Self::Full),
            Self::Full => None,
        }
    }

    /// The written form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Area => "area",
            Self::Direction => "direction",
            Self::Full => "full",
        }
    }
}

/// What help was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Help {
    /// A hint at one item of the rubric.
    Nudge {
        /// The item's id.
        item: String,
        /// How much it gave away.
        strength: Strength,
    },
    /// What an expert would ask now.
    Expert {
        /// The topics named, the most telling first.
        topics: Vec<TopicId>,
    },
}

/// Help as it was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HintRecord {
    /// After how many turns: it was there for the turn of this index and those that follow.
    pub after_turn: u32,
    /// What was given.
    pub help: Help,
    /// When.
    pub at: Timestamp,
}

/// How long the clock of a consultation has stood still.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Paused {
    /// Sum of the pauses that ended.
    pub total: SignedDuration,
    /// Since when it stands still now.
    pub since: Option<Timestamp>,
}

impl Paused {
    /// How long the consultation has run at `now`, pauses left out.
    pub fn elapsed(&self, started: Timestamp, now: Timestamp) -> SignedDuration {
        self.since.unwrap_or(now).duration_since(started) - self.total
    }
}

impl Store {
    /// Keeps help that was given after `after_turn` turns.
    ///
    /// # Errors
    /// [`StoreError::NotOpen`] when the consultation has ended, [`StoreError::NotFound`].
    pub async fn add_hint(&self, encounter: Uuid, hint: &HintRecord) -> Result<(), StoreError> {
        let hint = hint.clone();
        let help = serde_json::to_string(&hint.help)?;
        self.write(move |db| {
            encounters::require_open(db, encounter)?;
            db.execute(
                "INSERT INTO hints (encounter, position, after_turn, help, at)
                 VALUES (?1, (SELECT count(*) FROM hints WHERE encounter = ?1), ?2, ?3, ?4)",
                params![encounter.to_string(), hint.after_turn, help, column::micros(hint.at)],
            )?;
            Ok(())
        })
        .await
    }

    /// All help given in a consultation, in order.
    pub async fn hints(&self, encounter: Uuid) -> Result<Vec<HintRecord>, StoreError> {
        self.read(move |db| {
            let mut query =
                db.prepare_cached("SELECT after_turn, help, at FROM hints WHERE encounter = ?1 ORDER BY position")?;
            let rows = query.query_map([encounter.to_string()], |row| {
                let help = column::optional_json(row, "help")?
                    .ok_or_else(|| column::unreadable(Type::Null, "a hint without help"))?;
                Ok(HintRecord { after_turn: row.get("after_turn")?, help, at: column::instant(row, "at")? })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Stops the clock; one that stands still already stays as it is.
    ///
    /// # Errors
    /// [`StoreError::NotOpen`] when the consultation has ended, [`StoreError::NotFound`].
    pub async fn pause(&self, encounter: Uuid, now: Timestamp) -> Result<(), StoreError> {
        self.write(move |db| {
            encounters::require_open(db, encounter)?;
            db.execute(
                "INSERT INTO pauses (encounter, began) SELECT ?1, ?2
                 WHERE NOT EXISTS (SELECT 1 FROM pauses WHERE encounter = ?1 AND (ended IS NULL OR began = ?2))",
                params![encounter.to_string(), column::micros(now)],
            )?;
            Ok(())
        })
        .await
    }

    /// Lets the clock go on; true when it stood still.
    pub async fn go_on(&self, encounter: Uuid, now: Timestamp) -> Result<bool, StoreError> {
        self.write(move |db| {
            let changed = db.execute(
                "UPDATE pauses SET ended = max(began, ?2) WHERE encounter = ?1 AND ended IS NULL",
                params![encounter.to_string(), column::micros(now)],
            )?;
            Ok(changed > 0)
        })
        .await
    }

    /// The pauses of a consultation.
    pub async fn paused(&self, encounter: Uuid) -> Result<Paused, StoreError> {
        self.read(move |db| {
            let id = encounter.to_string();
            let total: i64 = db
                .prepare_cached("SELECT coalesce(sum(ended - began), 0) FROM pauses WHERE encounter = ?1")?
                .query_row([&id], |row| row.get(0))?;
            let since = db
                .prepare_cached("SELECT began FROM pauses WHERE encounter = ?1 AND ended IS NULL")?
                .query_row([&id], |row| column::instant(row, "began"))
                .optional()?;
            Ok(Paused { total: SignedDuration::from_micros(total), since })
        })
        .await
    }
}
