//! Work that takes a processor for a while, away from the threads that answer requests.

use super::error::WebError;

/// Does `work` on a thread of its own.
///
/// # Errors
/// What `work` refuses; 500 when it panics.
pub async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, WebError> + Send + 'static,
) -> Result<T, WebError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| WebError::internal(&error))?
}
