//! What is stored, as the rest of the server sees it.

use jiff::Timestamp;
use knowledge_graph::{Language, TopicId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Mode;
use crate::encounter::Felt;

/// What an account may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Practises.
    Student,
    /// Authors cases and sees the class; may do all a student may.
    Teacher,
    /// Manages accounts and the engine; may do all a teacher may.
    Admin,
}

/// An account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Id.
    pub id: Uuid,
    /// Name typed at sign-in, lower case.
    pub login: String,
    /// Name shown.
    pub name: String,
    /// What the account may do.
    pub role: Role,
    /// Language of the interface, when chosen.
    pub language: Option<Language>,
    /// When it was made.
    pub created: Timestamp,
}

/// Life of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CaseStatus {
    /// Only teachers see it.
    Draft,
    /// A teacher looked it over; only teachers see it.
    Reviewed,
    /// Students may choose it.
    Published,
    /// Withdrawn; old consultations keep it.
    Retired,
}

/// One version of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseRecord {
    /// Case id.
    pub id: String,
    /// Version within the id.
    pub version: u32,
    /// Whether students may choose it.
    pub status: CaseStatus,
    /// The file as written.
    pub toml: String,
    /// SHA-256 of the content in lower-case hex.
    pub hash: String,
    /// Who brought it in; none for shipped cases.
    pub owner: Option<Uuid>,
    /// When it was stored.
    pub created: Timestamp,
}

/// Where a consultation stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "state")]
pub enum EncounterState {
    /// Going on.
    Open,
    /// Ended and graded.
    Finished {
        /// When.
        at: Timestamp,
        /// The student's differential, most likely first.
        diagnoses: Vec<Diagnosis>,
        /// The stored report, as JSON.
        report: serde_json::Value,
    },
    /// Left without finishing.
    Abandoned {
        /// When.
        at: Timestamp,
    },
}

/// One diagnosis the student offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnosis {
    /// In the student's words.
    pub name: String,
    /// Why.
    #[serde(default)]
    pub reason: String,
}

/// A consultation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EncounterRecord {
    /// Id.
    pub id: Uuid,
    /// Whose.
    pub student: Uuid,
    /// Which case.
    pub case_id: String,
    /// Which version of it.
    pub case_version: u32,
    /// Language spoken.
    pub language: Language,
    /// Rules.
    pub mode: Mode,
    /// Seed of the patient's speech.
    pub seed: u64,
    /// When it began.
    pub started: Timestamp,
    /// Where it stands.
    pub state: EncounterState,
}

/// A consultation about to begin.
#[derive(Clone, Debug)]
pub struct NewEncounter {
    /// Whose.
    pub student: Uuid,
    /// Which case.
    pub case_id: String,
    /// Which version of it.
    pub case_version: u32,
    /// Language spoken.
    pub language: Language,
    /// Rules.
    pub mode: Mode,
    /// Seed of the patient's speech.
    pub seed: u64,
}

/// An exchange: the student's words, committed first, and the patient's once spoken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TurnRecord {
    /// Position in the consultation, from 0.
    pub index: u32,
    /// The browser's idempotency key.
    pub key: String,
    /// What the student said.
    pub said: String,
    /// When it was committed.
    pub said_at: Timestamp,
    /// The patient's reply; none while it is being spoken or after a crash.
    pub reply: Option<TurnReply>,
}

/// What the patient said and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TurnReply {
    /// The words.
    pub text: String,
    /// A quiet stage direction ("looks away"), when mood changed.
    pub cue: Option<String>,
    /// Ids of the facts told.
    pub facts: Vec<String>,
    /// Topics recognised in the student's words.
    pub topics: Vec<TopicId>,
    /// Policy applied, for the debrief and for tests.
    pub policy: String,
    /// Mood after this turn, for the next.
    pub mood: String,
    /// Trust after this turn, 0–100.
    pub trust: u8,
    /// What in the student's words moved mood or trust.
    #[serde(default)]
    pub felt: Vec<Felt>,
    /// How the words were checked: `passed`, `retried`, `replaced`, `scripted`.
    pub check: String,
    /// Weights that spoke; empty when scripted.
    pub model_sha256: String,
    /// Version of the prompt.
    pub prompt_version: String,
    /// Seed of the sampler.
    pub seed: u64,
    /// From commit of the student's words to the first piece of the reply, in milliseconds.
    pub first_token_ms: u32,
    /// From commit of the student's words to the end of the reply, in milliseconds.
    pub total_ms: u32,
    /// When it was committed.
    pub at: Timestamp,
}

/// What was ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OrderKind {
    /// A physical examination.
    Examination,
    /// A test.
    Test,
}

/// An examination made or a test ordered during a consultation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderRecord {
    /// Examination or test.
    pub kind: OrderKind,
    /// Name part of the `test:` node.
    pub test: String,
    /// After how many turns.
    pub after_turn: u32,
    /// When.
    pub at: Timestamp,
}

/// A learner's mastery of one topic.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MasteryRecord {
    /// Which topic.
    pub topic: TopicId,
    /// Section it was graded in, as written in rubrics.
    pub section: String,
    /// Probability 0–1 that the learner asks it when it matters.
    pub mastery: f64,
    /// Times it was asked when it mattered.
    pub asked: u32,
    /// Times it was missed.
    pub missed: u32,
    /// When it was last graded.
    pub last: Timestamp,
    /// The consultation in which it was last missed.
    pub last_missed_in: Option<Uuid>,
}
