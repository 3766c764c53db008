//! The rubric contract.

use knowledge_graph::TopicId;
use serde::{Deserialize, Serialize};

/// What a student should ask.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rubric {
    /// Id, repeated in the report.
    pub id: String,
    /// What the patient comes with, when known; helps to read the items.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub presenting_complaint: Option<String>,
    /// Items in order. Order carries no meaning for grading.
    pub items: Vec<RubricItem>,
}

/// One item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RubricItem {
    /// Unique within the rubric.
    pub id: String,
    /// What is asked, such as "Asks about fever."
    pub text: String,
    /// Section or domain, free text.
    #[serde(default)]
    pub domain: String,
    /// Whether missing it fails the station.
    #[serde(default)]
    pub critical: bool,
    /// Weight, positive; 1 unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<f64>,
    /// Topics, any one of which earns the item; none means the text alone decides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<TopicId>,
}
