//! Connections: one that writes, several that read.

use std::{path::Path, time::Duration};

use deadpool_sqlite::{Config, Hook, HookError, Pool, PoolConfig, Runtime, Timeouts};
use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::StoreError;

/// Reading connections. SQLite reads from memory-mapped pages: more would only queue for the disk.
const READERS: usize = 4;
/// How long a caller waits for a connection before giving up.
const PATIENCE: Duration = Duration::from_secs(30);

/// Settings every connection has. WAL is a property of the file; see `schema::prepare`.
pub(super) fn configure(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.execute_batch(
        "PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON;
         PRAGMA trusted_schema = OFF;
         PRAGMA secure_delete = ON;
         PRAGMA cache_size = -16384;
         PRAGMA temp_store = MEMORY;",
    )
}

pub(super) fn writer(path: &Path) -> Result<Pool, StoreError> {
    build(path, 1, false)
}

pub(super) fn readers(path: &Path) -> Result<Pool, StoreError> {
    build(path, READERS, true)
}

fn build(path: &Path, size: usize, read_only: bool) -> Result<Pool, StoreError> {
    let config = Config::new(path);
    let timeouts = Timeouts { wait: Some(PATIENCE), create: Some(PATIENCE), recycle: Some(PATIENCE) };
    let limits = PoolConfig { max_size: size, timeouts, ..PoolConfig::default() };
    let Ok(builder) = config.builder(Runtime::Tokio1);
    builder
        .config(limits)
        .post_create(Hook::async_fn(move |connection, _| {
            Box::pin(async move {
                connection
                    .interact(move |connection| {
                        configure(connection)?;
                        connection.pragma_update(None, "query_only", read_only)
                    })
                    .await
                    .map_err(|error| HookError::message(error.to_string()))?
                    .map_err(HookError::Backend)
            })
        }))
        .build()
        .map_err(|error| StoreError::Interrupted(error.to_string()))
}

/// Runs `work` in one transaction on a connection of `pool`, off the async threads. When the
/// caller goes away the work is still done, and done whole.
pub(super) async fn in_transaction<T, F>(pool: &Pool, behaviour: TransactionBehavior, work: F) -> Result<T, StoreError>
where
    T: Send + 'static,
    F: FnOnce(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
{
    let connection = pool.get().await.map_err(|error| StoreError::Interrupted(error.to_string()))?;
    connection
        .interact(move |connection| {
            let transaction = connection.transaction_with_behavior(behaviour)?;
            let outcome = work(&transaction)?;
            transaction.commit()?;
            Ok(outcome)
        })
        .await
        .map_err(|error| StoreError::Interrupted(error.to_string()))?
}
