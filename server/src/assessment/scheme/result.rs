//! What a scheme makes of a report.

use knowledge_graph::Bilingual;
use serde::{Deserialize, Serialize};

use super::{CriticalRule, Form, PassMark, Points, Weights};
use crate::assessment::Evidence;

/// A report's points under a scheme.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SchemeResult {
    /// The scheme's id.
    pub id: String,
    /// Its version.
    pub version: u32,
    /// SHA-256 of its file in lower-case hex.
    pub sha256: String,
    /// Its name.
    pub title: Bilingual,
    /// Dialogue or written outline.
    pub form: Form,
    /// Points: the sum of the parts, less what was taken off.
    pub earned: Points,
    /// Points that could be judged: the sum of the parts.
    pub possible: Points,
    /// 100 × earned ÷ possible.
    pub percent: f64,
    /// What passes; absent where standard setting decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pass: Option<PassMark>,
    /// Whether it passes; absent without a pass mark, unless a critical item fails it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passed: Option<bool>,
    /// Whether a person must confirm: it fails, or points depend on unsure items.
    pub needs_person: bool,
    /// Points that depend on items an examiner must decide.
    pub for_examiner: Points,
    /// By domain.
    pub domains: Vec<DomainResult>,
    /// By part.
    pub parts: Vec<PartResult>,
    /// Taken off for harmful acts.
    pub penalties: Vec<PenaltyResult>,
    /// Critical items.
    pub critical: CriticalResult,
    /// How items were weighed. `graph` may have fallen back to `rubric`.
    pub weights: Weights,
    /// Items of the rubric that no part takes.
    pub unmapped: Vec<String>,
    /// Judgements a part asks for that the text offers no occasion for.
    pub not_judged: Vec<String>,
}

/// A domain's points.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DomainResult {
    /// Id.
    pub id: String,
    /// Name.
    pub title: Bilingual,
    /// Points.
    pub earned: Points,
    /// Points that could be judged; 0 when nothing could.
    pub possible: Points,
}

/// A part's points.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PartResult {
    /// Id.
    pub id: String,
    /// Its domain.
    pub domain: String,
    /// Name.
    pub title: Bilingual,
    /// Points: the sum of the sub-items.
    pub earned: Points,
    /// Points possible here: the scheme's, and what was passed on from parts that a case has nothing for.
    pub possible: Points,
    /// What earns them in this case.
    pub sub_items: Vec<SubItem>,
}

/// What earns some points in this case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SubItem {
    /// Items of the rubric.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<String>,
    /// Judgements.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conduct: Vec<String>,
    /// Points.
    pub earned: Points,
    /// Points possible.
    pub possible: Points,
    /// Whether an examiner must decide one of the items.
    pub needs_review: bool,
    /// Where it shows.
    pub evidence: Vec<Evidence>,
}

/// Points taken off.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PenaltyResult {
    /// For which act.
    pub harm: String,
    /// How many.
    pub points: Points,
    /// Where it shows, every time.
    pub evidence: Vec<Evidence>,
}

/// What came of the critical items.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CriticalResult {
    /// What missing one does.
    pub rule: CriticalRule,
    /// Those missed.
    pub missed: Vec<String>,
    /// Those that an examiner must decide; no consequence until then.
    pub unsure: Vec<String>,
    /// Points lost by the cap.
    pub taken: Points,
}
