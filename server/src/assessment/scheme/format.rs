//! The TOML file of one scheme, as written. Unknown keys are errors.

use knowledge_graph::{Bilingual, Facet, Section};
use serde::{Deserialize, Serialize};

use super::Points;

/// The version of this format.
pub(super) const FORMAT: u32 = 1;

/// A marking scheme.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scheme {
    /// Version of the file format; now 1.
    pub format: u32,
    /// Unique id: lower-case words joined by hyphens.
    pub id: String,
    /// Version, counted up by its author.
    pub version: u32,
    /// Name.
    pub title: Bilingual,
    /// What it is for, and where it comes from.
    pub about: Bilingual,
    /// What is marked: a dialogue or a written outline.
    #[serde(default)]
    pub form: Form,
    /// Smallest amount of points given: 0.5 for half points.
    #[serde(default = "hundredth")]
    pub step: Points,
    /// How a share of a sub-item becomes steps.
    #[serde(default)]
    pub rounding: Rounding,
    /// How much the items of one part count against each other.
    #[serde(default)]
    pub weights: Weights,
    /// Minutes allowed, when the scheme fixes them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u16>,
    /// What passes; left out where standard setting decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pass: Option<PassMark>,
    /// What missing a critical item does.
    #[serde(default)]
    pub critical: Critical,
    /// Sections whose items earn nothing under this scheme.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignore: Vec<Section>,
    /// Words of the overall judgement that an examiner gives beside the points, lowest first. It
    /// scores nothing and feeds standard setting.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub global: Vec<Bilingual>,
    /// Domains.
    #[serde(rename = "domain")]
    pub domains: Vec<Domain>,
    /// Parts.
    #[serde(rename = "part")]
    pub parts: Vec<Part>,
    /// Points taken off for harmful acts.
    #[serde(default, rename = "penalty", skip_serializing_if = "Vec::is_empty")]
    pub penalties: Vec<Penalty>,
}

fn hundredth() -> Points {
    Points::hundredths(1)
}

/// What is marked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// A consultation.
    #[default]
    Dialogue,
    /// A written outline of what would be asked: each line is one student turn.
    Written,
}

/// How a share of a sub-item becomes steps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rounding {
    /// To the nearest step, halves up.
    #[default]
    Nearest,
    /// Only whole steps earned.
    Down,
}

/// How much the items of one part count against each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Weights {
    /// As the rubric says.
    #[default]
    Rubric,
    /// All alike.
    Equal,
    /// By how much the answer would tell the diagnoses apart, by the disease graph; as the rubric
    /// says where the case's disease is not in the graph.
    Graph,
}

/// What passes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum PassMark {
    /// At least this share of the points that could be judged, 0–100.
    Percent(f64),
    /// At least so many points.
    Points(Points),
}

/// What missing a critical item does.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Critical {
    /// The consequence.
    #[serde(default)]
    pub rule: CriticalRule,
    /// For `cap`: most percent of the points that remain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most_percent: Option<u8>,
    /// Topics that are critical under this scheme, beside the items that the rubric marks: a node
    /// (`history:drug-allergy`) or a kind (`course:*`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<String>,
}

/// What missing a critical item does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CriticalRule {
    /// Nothing beyond its own points.
    #[default]
    None,
    /// The total cannot exceed a share of the points.
    Cap,
    /// The station is failed.
    Fail,
}

/// A domain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Domain {
    /// Unique among the domains.
    pub id: String,
    /// Name.
    pub title: Bilingual,
    /// Points; its parts sum to them.
    pub points: Points,
}

/// A part of a domain. It takes either items of the rubric or judgements. An item belongs to the
/// first part that takes it, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Unique among the parts.
    pub id: String,
    /// Domain it counts in.
    pub domain: String,
    /// Parts of one group pass points on to each other first, when a case has nothing for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Name.
    pub title: Bilingual,
    /// Points.
    pub points: Points,
    /// Takes items of these sections …
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sections: Vec<Section>,
    /// … or of rubric domains with these names …
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub named: Vec<String>,
    /// … that ask for one of these attributes, when given …
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facets: Vec<Facet>,
    /// … or topics: a node (`history:drug-allergy`) or a kind (`course:*`) …
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<String>,
    /// … and are critical, when true.
    #[serde(default)]
    pub critical: bool,
    /// Takes every item that no part before takes.
    #[serde(default)]
    pub rest: bool,
    /// Takes these judgements instead of items.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conduct: Vec<String>,
}

/// Points taken off for a harmful act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Penalty {
    /// Which act: a harm's id in the rules of conduct.
    pub harm: String,
    /// Points for each time.
    pub points: Points,
    /// Most points for all times together; once when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most: Option<Points>,
}
