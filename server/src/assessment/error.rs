//! What can go wrong when a grader is made. Grading itself never fails.

use thiserror::Error;

/// Why a grader could not be made.
#[derive(Debug, Error)]
pub enum GraderError {
    /// The classifier's weights do not read.
    #[error("weights.json: {0}")]
    Weights(String),
}
