//! Descriptions of what the graph's queries give. The queries know nothing of OpenAPI; these stand
//! for them in the description, and tests hold them to what is sent.
#![expect(dead_code, reason = "these describe the types of `knowledge_graph::query`, which are what is sent")]

use utoipa::ToSchema;

use crate::i18n::Text;

/// All diseases after the evidence; the probabilities and `something_else` sum to 1.
#[derive(ToSchema)]
pub(super) struct Differential {
    /// Diseases, most probable first.
    posteriors: Vec<Posterior>,
    /// Probability of a disease that is not in the graph.
    something_else: f64,
}

/// One disease after the evidence.
#[derive(ToSchema)]
pub(super) struct Posterior {
    /// Disease.
    #[schema(example = "pulmonary-embolism")]
    disease: String,
    /// Probability before the evidence.
    prior: f64,
    /// Probability after it.
    probability: f64,
    /// What counted, strongest first.
    contributions: Vec<Contribution>,
}

/// What one piece of evidence did to one disease.
#[derive(ToSchema)]
pub(super) struct Contribution {
    /// The evidence, or what it implies.
    topic: String,
    /// `present` or `absent`.
    presence: String,
    /// Likelihood ratio used, 1/1000–1000.
    lr: f64,
    /// What is added to the decimal logarithm of the odds.
    log10: f64,
    /// 1, or less when a stronger finding of its cluster counts already.
    weight: f64,
    /// Source, when it has one; see `cited`.
    source: Option<String>,
    /// Grade.
    evidence: String,
    /// Whether the ratio was computed from frequencies or risks instead of published.
    derived: bool,
    /// Whether the disease does not mention the finding.
    silent: bool,
    /// Findings of one cluster are not independent in the disease.
    cluster: Option<String>,
}

/// Core and rare diseases after the evidence.
#[derive(ToSchema)]
pub(super) struct RareDifferential {
    /// The most probable, as many as asked for: `origin` is `core` or `hpo`.
    #[schema(value_type = Vec<Object>)]
    candidates: Vec<()>,
    /// Probability of the core together.
    core: f64,
    /// Probability of all rare diseases together.
    rare: f64,
    /// Probability of something else.
    something_else: f64,
    /// Cases of every rare disease per 100,000 that were assumed.
    assumed_cases_per_100_000: f64,
    /// Credit, to be shown.
    credit: String,
}

/// A question worth asking.
#[derive(ToSchema)]
pub(super) struct Question {
    /// The symptom; none when rare diseases take part and only they know it.
    topic: Option<String>,
    /// Its HPO term, when rare diseases take part.
    term: Option<String>,
    /// Expected drop of uncertainty about the diagnosis, in bits.
    information_gain_bits: f64,
    /// Probability that the patient has it.
    expected_present: f64,
}

/// A finding, and how far it would move belief.
#[derive(ToSchema)]
pub(super) struct Mover {
    /// The finding.
    topic: String,
    /// Probability that the patient has it.
    expected_present: f64,
    /// Expected drop of uncertainty, in bits.
    information_gain_bits: f64,
    /// If the patient has it.
    present: Shift,
    /// If not.
    absent: Shift,
}

/// How belief would shift.
#[derive(ToSchema)]
pub(super) struct Shift {
    /// Share of belief that would move, 0–1.
    moved: f64,
    /// The diseases that change most.
    beliefs: Vec<Belief>,
}

/// Belief in one disease.
#[derive(ToSchema)]
pub(super) struct Belief {
    /// Disease.
    disease: String,
    /// Probability now.
    before: f64,
    /// Probability with the answer.
    after: f64,
}

/// Why a topic matters.
#[derive(ToSchema)]
pub(super) struct GraphReason {
    /// From the disease to the topic.
    path: Vec<Step>,
    /// The reason in words.
    sentence: Text,
    /// Ids of the sources.
    sources: Vec<String>,
    /// Weakest grade among the claims; none when nothing is claimed of the disease.
    evidence: Option<String>,
    /// Published likelihood ratio of presence.
    likelihood_ratio: Option<f64>,
    /// Share of the disease's patients who have it.
    frequency: Option<f64>,
    /// Whether its presence must never be missed.
    red_flag: bool,
}

/// One node on a path.
#[derive(ToSchema)]
pub(super) struct Step {
    /// The node.
    topic: String,
    /// Its name.
    name: Text,
    /// Relation to the next node, such as `presents-with`; none at the end.
    relation: Option<String>,
    /// Whether it runs from the next node to this one.
    reversed: bool,
}

/// Two diseases side by side.
#[derive(ToSchema)]
pub(super) struct DiseaseComparison {
    /// The one.
    a: String,
    /// The other.
    b: String,
    /// Patients with `a` for one with `b`, before any finding.
    prior_ratio: f64,
    /// What their own entries say separates them.
    #[schema(value_type = Vec<Object>)]
    told: Vec<()>,
    /// Findings of either, the most separating first.
    findings: Vec<Separation>,
}

/// A finding in either disease.
#[derive(ToSchema)]
pub(super) struct Separation {
    /// Finding.
    finding: String,
    /// What `a` says of it.
    a: Option<Side>,
    /// What `b` says of it.
    b: Option<Side>,
    /// Likelihood ratio of `a` against `b` when present.
    present: f64,
    /// The same when absent.
    absent: f64,
}

/// What one disease says of a finding.
#[derive(ToSchema)]
pub(super) struct Side {
    /// Share of its patients who have it.
    frequency: Option<f64>,
    /// Whether that share is its author's estimate.
    estimate: bool,
    /// Whether its presence argues the disease away.
    excluded: bool,
    /// Whether nobody has verified it.
    unverified: bool,
    /// Source.
    source: Option<String>,
}

/// A finding that becomes more or less common.
#[derive(ToSchema)]
pub(super) struct Change {
    /// Finding.
    finding: String,
    /// The comorbidities that change it.
    because_of: Vec<String>,
    /// Factor on its frequency.
    factor: f64,
    /// Frequency without them.
    before: Option<f64>,
    /// Frequency with them.
    after: Option<f64>,
}
