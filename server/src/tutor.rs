//! stub to be replaced
use serde::{Deserialize, Serialize};
/// Answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// text
    pub text: String,
}
