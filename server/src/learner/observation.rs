//! Something graded, whatever graded it: a consultation or a drill.

use jiff::Timestamp;
use knowledge_graph::{Graph, Section, TopicId, TopicKind};
use serde::Serialize;
use uuid::Uuid;

/// What graded it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// A finished consultation.
    Encounter(Uuid),
    /// A drill or a review.
    Drill(Uuid),
}

/// Chance that a question nobody has the habit of asking is asked in a consultation all the same.
pub const GUESS_IN_CONSULTATION: f64 = 0.03;

/// One graded occasion to ask something.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Observation {
    /// What mattered.
    pub topic: TopicId,
    /// The section of the history it was graded in.
    pub section: Section,
    /// Whether it was asked, or answered right.
    pub correct: bool,
    /// Chance 0–1 of being right by luck: 1 ÷ choices in a drill with choices,
    /// [`GUESS_IN_CONSULTATION`] in a consultation.
    pub guess: f64,
    /// What graded it.
    pub source: Source,
    /// When.
    pub at: Timestamp,
}

/// An observation in its place on the map of weak areas.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Placed {
    /// What was graded.
    #[serde(flatten)]
    pub observation: Observation,
    /// Body system of the patient or of the drill.
    pub system: String,
}

/// A judgement of how a consultation was held, as evidence of a skill.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SkillObservation {
    /// The rule that judged, such as `summary`.
    pub rule: String,
    /// Its area, such as `communication`; `note` is reasoning.
    pub area: String,
    /// Level reached ÷ highest level, 0–1.
    pub share: f64,
    /// The consultation.
    pub encounter: Uuid,
    /// When.
    pub at: Timestamp,
}

/// The body system of what belongs to none, as the graph writes it.
pub const GENERAL: &str = "general";

/// The body system a topic belongs to by itself: that of the finding, disease or else [`GENERAL`].
pub fn system_of(graph: &Graph, topic: &TopicId) -> String {
    let system = match topic.kind() {
        TopicKind::Finding => graph.finding(topic.name()).map(|finding| finding.system.as_str()),
        TopicKind::Disease => graph.disease(topic.name()).map(|disease| disease.system.as_str()),
        _ => None,
    };
    system.unwrap_or(GENERAL).to_owned()
}
