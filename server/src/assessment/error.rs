//! What can go wrong when a grader is made. Grading itself never fails.

use thiserror::Error;

/// Why a grader could not be made.
#[derive(Debug, Error)]
pub enum GraderError {
    /// The classifier's weights do not read.
    #[error("weights.json: {0}")]
    Weights(String),
    /// A file that is part of the program does not read.
    #[error("{file}: {problem}")]
    Content {
        /// Which.
        file: &'static str,
        /// What is wrong.
        problem: String,
    },
}
