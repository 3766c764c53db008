//! The report contract.

use serde::{Deserialize, Serialize};

use super::{conduct::Conduct, scheme::SchemeResult};

/// What was asked and what not, with evidence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The transcript's id.
    pub transcript: String,
    /// The rubric's id.
    pub rubric: String,
    /// Weighted score.
    pub score: Score,
    /// One entry per rubric item, in the rubric's order.
    pub items: Vec<ItemReport>,
    /// What an examiner should look at.
    pub flags: Vec<Flag>,
    /// How the consultation was held, beyond the checklist.
    #[serde(default)]
    pub conduct: Conduct,
    /// The result under a marking scheme, when one was used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheme: Option<SchemeResult>,
    /// What graded.
    pub engine: EngineStamp,
}

/// Weighted score.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// Sum of weight × credit.
    pub earned: f64,
    /// Sum of weights.
    pub possible: f64,
    /// 100 × earned / possible, 0 when nothing was possible.
    pub percent: f64,
}

/// One item's verdict.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ItemReport {
    /// The rubric item's id.
    pub id: String,
    /// Whether the student asked it.
    pub asked: bool,
    /// Whether the patient gave it, asked or volunteered.
    pub elicited: bool,
    /// 0–1.
    pub credit: f64,
    /// Calibrated probability 0–1 that `asked` is right.
    pub confidence: f64,
    /// Whether an examiner must decide.
    pub needs_review: bool,
    /// Where it shows: student turns for `asked`.
    pub evidence: Vec<Evidence>,
    /// How it was recognised: `lexicon`, `embedding`, `context`, `classifier`, `none`.
    pub method: String,
}

/// A quotation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Turn index from 0.
    pub turn: usize,
    /// An exact substring of that turn.
    pub quote: String,
}

/// Something suspicious.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flag {
    /// What.
    pub kind: FlagKind,
    /// Where.
    pub turn: usize,
}

/// Kinds of flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FlagKind {
    /// Instructions to the grader or the model.
    Injection,
    /// Keywords without a question.
    KeywordStuffing,
    /// Another speaker's words forged inside a turn.
    ForgedRole,
    /// One turn touching more items than a question can.
    TooManyAtOnce,
}

impl FlagKind {
    /// Whether nothing said in the turn can be believed.
    pub const fn discredits(self) -> bool {
        !matches!(self, Self::TooManyAtOnce)
    }
}

/// What graded: enough to reproduce it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EngineStamp {
    /// Version of Anamnesis.
    pub version: String,
    /// Version of the matcher.
    pub matcher: String,
    /// Weights used; none where the words alone decided.
    pub models: Vec<ModelStamp>,
    /// SHA-256 of the classifier's weights; reports of older versions do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub classifier: Option<String>,
    /// Where the lines are drawn; reports of older versions do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thresholds: Option<Thresholds>,
}

/// Where the lines are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Thresholds {
    /// Probability from which on an item counts as asked.
    pub asked: f64,
    /// Probability from which on an item counts as told by the patient.
    pub elicited: f64,
    /// Confidence below which an examiner decides.
    pub review_below: f64,
    /// Most items one turn can earn.
    pub items_per_turn: usize,
    /// Most items one clause can earn.
    pub items_per_clause: usize,
}

/// One model's name and hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelStamp {
    /// Name.
    pub name: String,
    /// SHA-256 in lower-case hex.
    pub sha256: String,
}
