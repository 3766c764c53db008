//! Which question would tell most.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{
    Contribution, Options, Patient, Posterior, Presence,
    differential::{CLUSTERED, contributions, differential, with_implied},
    likelihood::{Lens, reference},
};
use crate::{
    Graph, TopicId, TopicKind,
    format::{Disease, FindingKind},
};

/// A question worth asking.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NextQuestion {
    /// The symptom to ask about.
    pub topic: TopicId,
    /// Expected drop of uncertainty about the diagnosis, in bits; never negative.
    pub information_gain_bits: f64,
    /// Probability that the patient has it.
    pub expected_present: f64,
}

/// Diseases below this probability do not decide what to ask.
pub(crate) const NEGLIGIBLE: f64 = 0.001;

/// Symptoms not yet known, most telling first: the mutual information between the answer and the
/// diagnosis over the current posterior, with each disease's frequency of the symptom. A symptom
/// that a disease has in one cluster with a known one tells less about that disease.
/// Those that would tell nothing are left out.
pub fn next_questions(
    graph: &Graph,
    evidence: &[(TopicId, Presence)],
    patient: Option<Patient>,
    options: &Options,
) -> Vec<NextQuestion> {
    ranked(graph, evidence, patient, options, is_symptom)
}

/// Whether a patient can be asked about it.
pub(crate) fn is_symptom(kind: FindingKind) -> bool {
    kind == FindingKind::Symptom
}

/// As [`next_questions`], over findings of the kinds that `admits` takes.
pub(super) fn ranked(
    graph: &Graph,
    evidence: &[(TopicId, Presence)],
    patient: Option<Patient>,
    options: &Options,
    admits: fn(FindingKind) -> bool,
) -> Vec<NextQuestion> {
    let lens = Lens { graph, patient, options };
    let evidence = with_implied(graph, evidence);
    let now = differential(graph, &evidence, patient, options);
    let believed = believed(&lens, &now.posteriors, &evidence);
    let rest = 1.0 - believed.iter().map(|disease| disease.probability).sum::<f64>();
    let mut questions: Vec<NextQuestion> = candidates(graph, &believed, &evidence, admits)
        .into_iter()
        .map(|finding| weigh(&lens, &believed, rest.max(0.0), &finding))
        .filter(|question| question.information_gain_bits > 0.0)
        .collect();
    questions.sort_by(|a, b| {
        b.information_gain_bits.total_cmp(&a.information_gain_bits).then_with(|| a.topic.cmp(&b.topic))
    });
    questions
}

/// A disease that decides what to ask.
pub(crate) struct Believed<'a> {
    disease: &'a Disease,
    pub(crate) probability: f64,
    known: Vec<Contribution>,
}

/// The diseases of `posteriors` that are not negligible. `evidence` holds what is implied, too.
pub(crate) fn believed<'a>(
    lens: &Lens<'a>,
    posteriors: &[Posterior],
    evidence: &[(TopicId, Presence)],
) -> Vec<Believed<'a>> {
    let graph = lens.graph;
    posteriors
        .iter()
        .filter(|posterior| posterior.probability >= NEGLIGIBLE)
        .filter_map(|posterior| {
            let disease = graph.disease(&posterior.disease)?;
            let known = contributions(lens, disease, evidence);
            Some(Believed { disease, probability: posterior.probability, known })
        })
        .collect()
}

/// Findings of the believed diseases, of the kinds that `admits` takes, that nobody knows about.
pub(crate) fn candidates(
    graph: &Graph,
    believed: &[Believed<'_>],
    evidence: &[(TopicId, Presence)],
    admits: fn(FindingKind) -> bool,
) -> BTreeSet<String> {
    let known = |finding: &str| {
        let topic = TopicId::new(TopicKind::Finding, finding);
        evidence.iter().any(|(other, _)| *other == topic)
    };
    let admitted = |finding: &str| graph.finding(finding).is_some_and(|node| admits(node.kind));
    believed
        .iter()
        .flat_map(|believed| &believed.disease.presents_with)
        .map(|edge| edge.finding.as_str())
        .filter(|finding| admitted(finding) && !known(finding))
        .map(str::to_owned)
        .collect()
}

fn weigh(lens: &Lens<'_>, believed: &[Believed<'_>], rest: f64, finding: &str) -> NextQuestion {
    let background = reference(lens.graph, finding).silent;
    let mut present = rest * background;
    let mut conditional = rest * entropy(background);
    for disease in believed {
        let rate = disease.rate(lens, finding, background);
        present += disease.probability * rate;
        conditional += disease.probability * entropy(rate);
    }
    NextQuestion {
        topic: TopicId::new(TopicKind::Finding, finding),
        // Jensen's inequality; only rounding can make it negative.
        information_gain_bits: (entropy(present) - conditional).max(0.0),
        expected_present: present,
    }
}

impl Believed<'_> {
    /// Probability that such a patient has the finding, given what is known.
    pub(crate) fn rate(&self, lens: &Lens<'_>, finding: &str, background: f64) -> f64 {
        let rate = lens.probability(self.disease, finding);
        // Nearer to the others' rate, as its ratio will count by half.
        let clustered = in_known_cluster(lens, self.disease, &self.known, finding);
        if clustered { rate.powf(CLUSTERED) * background.powf(1.0 - CLUSTERED) } else { rate }
    }
}

/// Whether something known is of one cluster with the finding in this disease.
fn in_known_cluster(lens: &Lens<'_>, disease: &Disease, known: &[Contribution], finding: &str) -> bool {
    let cluster = lens.edge(disease, finding).and_then(|edge| edge.cluster.as_ref());
    cluster.is_some() && known.iter().any(|other| other.cluster.as_ref() == cluster)
}

/// Entropy of a yes-or-no answer in bits.
pub(crate) fn entropy(probability: f64) -> f64 {
    let part = |p: f64| if p <= 0.0 { 0.0 } else { -p * p.log2() };
    part(probability) + part(1.0 - probability)
}
