//! The transcript contract.

use knowledge_graph::Language;
use serde::{Deserialize, Serialize};

/// A consultation as text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transcript {
    /// Id, repeated in the report.
    pub id: String,
    /// Language spoken.
    #[serde(default)]
    pub language: Language,
    /// Turns in order; an index into this list, from 0, names a turn.
    pub turns: Vec<Turn>,
}

/// One turn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// Who speaks.
    pub speaker: Speaker,
    /// What is said.
    pub text: String,
}

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Speaker {
    /// The learner; `doctor` and `candidate` are read as this.
    #[serde(alias = "doctor", alias = "candidate")]
    Student,
    /// The patient.
    Patient,
}
