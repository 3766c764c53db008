//! Examinations made and tests ordered.

use rusqlite::params;
use uuid::Uuid;

use super::{OrderRecord, Store, StoreError, column, encounters};

impl Store {
    /// Stores an order. One that was made before keeps its first place and time.
    ///
    /// # Errors
    /// [`StoreError::NotOpen`] when the consultation has ended, [`StoreError::NotFound`].
    pub async fn add_order(&self, encounter: Uuid, order: &OrderRecord) -> Result<(), StoreError> {
        let order = order.clone();
        self.write(move |db| {
            encounters::require_open(db, encounter)?;
            db.execute(
                "INSERT INTO orders (encounter, position, kind, test, after_turn, at)
                 SELECT ?1, (SELECT count(*) FROM orders WHERE encounter = ?1), ?2, ?3, ?4, ?5
                 WHERE NOT EXISTS (SELECT 1 FROM orders WHERE encounter = ?1 AND kind = ?2 AND test = ?3)",
                params![encounter.to_string(), order.kind, order.test, order.after_turn, column::micros(order.at)],
            )?;
            Ok(())
        })
        .await
    }

    /// All orders of a consultation, in order.
    pub async fn orders(&self, encounter: Uuid) -> Result<Vec<OrderRecord>, StoreError> {
        self.read(move |db| {
            let mut query = db.prepare_cached(
                "SELECT kind, test, after_turn, at FROM orders WHERE encounter = ?1 ORDER BY position",
            )?;
            let rows = query.query_map([encounter.to_string()], |row| {
                Ok(OrderRecord {
                    kind: row.get("kind")?,
                    test: row.get("test")?,
                    after_turn: row.get("after_turn")?,
                    at: column::instant(row, "at")?,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }
}
