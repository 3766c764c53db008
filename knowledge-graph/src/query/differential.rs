//! Which diseases explain the evidence, and how probably.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    Contribution, Options, Patient, Presence, Sex,
    likelihood::{Lens, reference},
};
use crate::{Graph, TopicId, format::Disease};

/// Share of patients in a band in which the source counts none: rare, not impossible.
pub(crate) const LEAST_SHARE: f64 = 0.001;

/// Weight of the log-ratio of further findings of a cluster. Counting them fully would double the
/// evidence where they also go together in other people; not at all would put a disease whose
/// clusters are written down behind one whose are not.
pub(super) const CLUSTERED: f64 = 0.5;

/// One disease after the evidence.
#[derive(Clone, Debug, Serialize)]
pub struct Posterior {
    /// Name part of the disease's id.
    pub disease: String,
    /// Probability before the evidence.
    pub prior: f64,
    /// Probability after the evidence.
    pub probability: f64,
    /// What counted, strongest first.
    pub contributions: Vec<Contribution>,
}

/// All diseases after the evidence. The probabilities and `something_else` sum to 1.
#[derive(Clone, Debug, Serialize)]
pub struct Differential {
    /// Every modelled disease, most probable first.
    pub posteriors: Vec<Posterior>,
    /// Probability of a disease that is not in the graph.
    pub something_else: f64,
}

impl Differential {
    /// The posterior of the disease with this id.
    pub fn of(&self, disease: &str) -> Option<&Posterior> {
        self.posteriors.iter().find(|posterior| posterior.disease == disease)
    }
}

/// The differential for `evidence` (findings, risk factors and known diseases, present or absent;
/// facets are ignored). The order of the evidence does not matter; evidence given twice counts
/// once, the last time. See the [module](super) for the method.
pub fn differential(
    graph: &Graph,
    evidence: &[(TopicId, Presence)],
    patient: Option<Patient>,
    options: &Options,
) -> Differential {
    scored(graph, evidence, patient, options).differential
}

/// A differential, with what joins it to diseases outside the graph.
pub(crate) struct Scored {
    pub(crate) differential: Differential,
    /// Decimal logarithm of the sum of all priors × ratios, by which they were divided.
    pub(crate) log10_total: f64,
    /// Decimal logarithm of what the evidence does to a disease that mentions none of it.
    pub(crate) log10_silence: f64,
    /// Relative number of such patients over all modelled diseases; see [`weight`].
    pub(crate) cases: f64,
}

pub(crate) fn scored(
    graph: &Graph,
    evidence: &[(TopicId, Presence)],
    patient: Option<Patient>,
    options: &Options,
) -> Scored {
    let lens = Lens { graph, patient, options };
    let evidence = with_implied(graph, evidence);
    let diseases: Vec<&Disease> = graph.diseases().collect();
    let total: f64 = diseases.iter().map(|disease| weight(disease, patient)).sum();
    let something_else = options.something_else.clamp(1e-6, 1.0 - 1e-6);
    let mut logs = Vec::with_capacity(diseases.len());
    let mut posteriors = Vec::with_capacity(diseases.len());
    for disease in diseases {
        let prior = weight(disease, patient) / total * (1.0 - something_else);
        let contributions = contributions(&lens, disease, &evidence);
        let gain: f64 = contributions.iter().map(|contribution| contribution.log10).sum();
        logs.push(prior.log10() + gain);
        let disease = disease.id.clone();
        posteriors.push(Posterior { disease, prior, probability: 0.0, contributions });
    }
    let silence = evidence.iter().filter_map(|(topic, presence)| lens.silence(topic, *presence));
    let log10_silence: f64 = silence.map(|one| one.log10).sum();
    logs.push(something_else.log10() + log10_silence);
    let (probabilities, log10_total) = normalised(&logs);
    for (posterior, probability) in posteriors.iter_mut().zip(&probabilities) {
        posterior.probability = *probability;
    }
    posteriors.sort_by(|a, b| b.probability.total_cmp(&a.probability).then_with(|| a.disease.cmp(&b.disease)));
    let differential = Differential { posteriors, something_else: probabilities.last().copied().unwrap_or(1.0) };
    Scored { differential, log10_total, log10_silence, cases: total }
}

/// Each topic with its last answer, and what follows from it: the broader findings of one that is
/// present, the narrower of one that is absent. What was said outweighs what follows.
pub(crate) fn with_implied(graph: &Graph, evidence: &[(TopicId, Presence)]) -> Vec<(TopicId, Presence)> {
    let said: BTreeMap<TopicId, Presence> = evidence.iter().cloned().collect();
    let mut known = said.clone();
    for (topic, presence) in &said {
        let implied = match presence {
            Presence::Present => graph.ancestors(topic),
            Presence::Absent => descendants(graph, topic),
        };
        for other in implied {
            // Present beats absent where two answers imply different things.
            let slot = known.entry(other.clone()).or_insert(*presence);
            if *presence == Presence::Present && !said.contains_key(&other) {
                *slot = Presence::Present;
            }
        }
    }
    known.into_iter().collect()
}

fn descendants(graph: &Graph, topic: &TopicId) -> Vec<TopicId> {
    let mut found = graph.children(topic);
    let mut next = 0;
    while let Some(child) = found.get(next) {
        found.extend(graph.children(child));
        next += 1;
    }
    found
}

/// Relative number of such patients: incidence × share of the age band × share of the sex.
pub(super) fn weight(disease: &Disease, patient: Option<Patient>) -> f64 {
    let epidemiology = &disease.epidemiology;
    let Some(patient) = patient else { return epidemiology.incidence };
    let of_age = epidemiology.age.get(age_band(patient.age)).copied().unwrap_or(0.0);
    let of_sex = match patient.sex {
        Sex::Female => epidemiology.female,
        Sex::Male => 1.0 - epidemiology.female,
    };
    epidemiology.incidence * of_age.max(LEAST_SHARE) * of_sex.max(LEAST_SHARE)
}

/// The age band of `format::Epidemiology::age` for an age in years.
fn age_band(age: u8) -> &'static str {
    match age {
        0..=17 => "0-17",
        18..=39 => "18-39",
        40..=59 => "40-59",
        60..=79 => "60-79",
        _ => "80+",
    }
}

/// What counts for one disease: implied findings once, further ones of a cluster by half.
pub(crate) fn contributions(lens: &Lens<'_>, disease: &Disease, evidence: &[(TopicId, Presence)]) -> Vec<Contribution> {
    let mut all: Vec<Contribution> =
        evidence.iter().filter_map(|(topic, presence)| lens.contribution(disease, topic, *presence)).collect();
    all.sort_by(|a, b| b.log10.abs().total_cmp(&a.log10.abs()).then_with(|| a.topic.cmp(&b.topic)));
    let mut kept: Vec<Contribution> = Vec::new();
    for contribution in all {
        if kept.iter().any(|other| implied_by(lens.graph, other, &contribution)) {
            continue;
        }
        let clustered =
            contribution.cluster.is_some() && kept.iter().any(|other| other.cluster == contribution.cluster);
        let weight = if clustered { CLUSTERED } else { 1.0 };
        kept.push(Contribution { log10: contribution.log10 * weight, weight, ..contribution });
    }
    kept
}

/// Whether one of two pieces of evidence on a finding and its broader one says nothing more.
fn implied_by(graph: &Graph, a: &Contribution, b: &Contribution) -> bool {
    if a.presence != b.presence {
        return false;
    }
    let narrower = match (graph.is_a(&a.topic, &b.topic), graph.is_a(&b.topic, &a.topic)) {
        (true, _) => a,
        (_, true) => b,
        (false, false) => return false,
    };
    match a.presence {
        Presence::Present => !reference(graph, narrower.topic.name()).studied,
        Presence::Absent => true,
    }
}

/// Probabilities from decimal logarithms of weights, and the logarithm of the weights' sum.
pub(crate) fn normalised(logs: &[f64]) -> (Vec<f64>, f64) {
    let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights: Vec<f64> = logs.iter().map(|log| 10_f64.powf(log - most)).collect();
    let total: f64 = weights.iter().sum();
    (weights.iter().map(|weight| weight / total).collect(), most + total.log10())
}
