//! What patients said before, kept to be said again by the same patient to another student.

use jiff::{SignedDuration, Timestamp};
use rusqlite::params;

use super::{Store, StoreError, column};

/// Ways to say the same that are kept.
pub const MOST_VARIANTS: usize = 4;
/// Replies kept in all; the oldest go first. About 20 MB.
const MOST_ROWS: u32 = 50_000;
/// Replies older than this are spoken anew, so that a better checker has its say.
const LONGEST_KEPT: SignedDuration = SignedDuration::from_hours(180 * 24);

/// Of which case a reply is, and on what occasion.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SpeechKey {
    /// Case id.
    pub case_id: String,
    /// Version of it.
    pub case_version: u32,
    /// Digest of all else that the words depend on.
    pub occasion: String,
}

impl Store {
    /// The variants kept for `key`, oldest first: the sentences of each.
    pub async fn speech(&self, key: &SpeechKey, now: Timestamp) -> Result<Vec<Vec<String>>, StoreError> {
        let key = key.clone();
        let oldest = column::micros(now).saturating_sub(age());
        self.read(move |db| {
            let mut query = db.prepare_cached(
                "SELECT sentences FROM speech
                 WHERE case_id = ?1 AND case_version = ?2 AND occasion = ?3 AND at >= ?4 ORDER BY id",
            )?;
            let written = query
                .query_map(params![key.case_id, key.case_version, key.occasion, oldest], |row| row.get(0))?
                .collect::<Result<Vec<String>, _>>()?;
            Ok(written.iter().map(|text| serde_json::from_str(text)).collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Keeps a reply, unless it is kept already or there are [`MOST_VARIANTS`]; true when it is new.
    /// Sweeps out what is too old or too much.
    pub async fn keep_speech(&self, key: &SpeechKey, sentences: &[String], now: Timestamp) -> Result<bool, StoreError> {
        let key = key.clone();
        let sentences = serde_json::to_string(sentences)?;
        let now = column::micros(now);
        let most = i64::try_from(MOST_VARIANTS).unwrap_or(i64::MAX);
        self.write(move |db| {
            db.execute("DELETE FROM speech WHERE at < ?1", [now.saturating_sub(age())])?;
            let added = db.execute(
                "INSERT INTO speech (case_id, case_version, occasion, sentences, at)
                 SELECT ?1, ?2, ?3, ?4, ?5
                 WHERE EXISTS (SELECT 1 FROM cases WHERE id = ?1 AND version = ?2)
                   AND (SELECT count(*) FROM speech WHERE case_id = ?1 AND case_version = ?2 AND occasion = ?3) < ?6
                 ON CONFLICT DO NOTHING",
                params![key.case_id, key.case_version, key.occasion, sentences, now, most],
            )?;
            db.execute(
                "DELETE FROM speech WHERE id IN (SELECT id FROM speech ORDER BY at DESC, id DESC LIMIT -1 OFFSET ?1)",
                [MOST_ROWS],
            )?;
            Ok(added > 0)
        })
        .await
    }

    /// Replies kept in all.
    pub async fn count_speech(&self) -> Result<u32, StoreError> {
        self.read(|db| Ok(db.query_row("SELECT count(*) FROM speech", [], |row| row.get(0))?)).await
    }
}

fn age() -> i64 {
    i64::try_from(LONGEST_KEPT.as_micros()).unwrap_or(i64::MAX)
}
