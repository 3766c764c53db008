//! What can go wrong when a matcher is made. Understanding itself never fails.

use thiserror::Error;

/// Why a matcher could not be made.
#[derive(Debug, Error)]
pub enum MatcherError {
    /// A content file that is part of the program does not read.
    #[error("{file}: {problem}")]
    Content {
        /// Which file.
        file: &'static str,
        /// What is wrong.
        problem: String,
    },
    /// The phrases could not be compiled for searching.
    #[error("the phrases could not be compiled: {0}")]
    Phrases(String),
    /// The embedder did not answer.
    #[error("the embedding model did not answer: {0}; start again, or go on without weights")]
    Embedder(#[from] models::EngineError),
}
