//! What separates two diseases.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{Options, Patient, Presence, likelihood::Lens};
use crate::{
    Bilingual, Graph, TopicId, TopicKind,
    format::{Disease, Evidence, Frequency, Mimics},
};

/// Two diseases side by side.
#[derive(Clone, Debug, Serialize)]
pub struct Comparison {
    /// Name part of the one disease's id.
    pub a: String,
    /// Name part of the other's.
    pub b: String,
    /// How many patients with `a` there are for one with `b`, before any finding.
    pub prior_ratio: f64,
    /// What their own entries say separates them.
    pub told: Vec<Told>,
    /// Findings that either lists, the most separating first.
    pub findings: Vec<Separation>,
}

/// A sentence on what separates one disease from the other.
#[derive(Clone, Debug, Serialize)]
pub struct Told {
    /// Whose entry says it.
    pub disease: String,
    /// What separates it from the other.
    pub separates: Bilingual,
    /// The topics to ask for that.
    pub topics: Vec<TopicId>,
    /// Source, when it has one.
    pub source: Option<String>,
    /// Grade.
    pub evidence: Evidence,
}

/// A finding in either disease, and how far it separates them.
#[derive(Clone, Debug, Serialize)]
pub struct Separation {
    /// Name part of the finding's id.
    pub finding: String,
    /// What `a` says of it; `None` when it does not mention it.
    pub a: Option<Side>,
    /// What `b` says of it.
    pub b: Option<Side>,
    /// Likelihood ratio of `a` against `b` when it is present: by how much it changes their odds.
    pub present: f64,
    /// The same when it is absent.
    pub absent: f64,
}

/// What one disease says of a finding.
#[derive(Clone, Debug, Serialize)]
pub struct Side {
    /// Share of its patients who have it, when known.
    pub frequency: Option<f64>,
    /// Whether that share is its author's estimate.
    pub estimate: bool,
    /// Whether its presence argues the disease away.
    pub excluded: bool,
    /// Whether nobody has verified it, so that it does not count unless asked to.
    pub unverified: bool,
    /// Source, when it has one.
    pub source: Option<String>,
}

/// Compares two diseases (name parts) for `patient`. The ratios are those the differential uses, so
/// the order is what would decide between the two. `None` when either is unknown.
pub fn compare(graph: &Graph, a: &str, b: &str, patient: Option<Patient>, options: &Options) -> Option<Comparison> {
    let (one, other) = (graph.disease(a)?, graph.disease(b)?);
    let lens = Lens { graph, patient, options };
    let listed = [one, other].into_iter().flat_map(|disease| &disease.presents_with);
    let listed: BTreeSet<&str> = listed.map(|edge| edge.finding.as_str()).collect();
    let mut findings: Vec<Separation> = listed.into_iter().map(|id| separation(&lens, one, other, id)).collect();
    findings.sort_by(|x, y| y.strength().total_cmp(&x.strength()).then_with(|| x.finding.cmp(&y.finding)));
    let weight = |disease| super::differential::weight(disease, patient);
    Some(Comparison {
        a: one.id.clone(),
        b: other.id.clone(),
        prior_ratio: weight(one) / weight(other),
        told: told(graph, one, other).chain(told(graph, other, one)).collect(),
        findings,
    })
}

impl Separation {
    /// Decimal logarithm of the stronger of the two ratios, whichever disease it speaks for.
    pub fn strength(&self) -> f64 {
        self.present.log10().abs().max(self.absent.log10().abs())
    }
}

fn separation(lens: &Lens<'_>, one: &Disease, other: &Disease, finding: &str) -> Separation {
    let topic = TopicId::new(TopicKind::Finding, finding);
    let ratio = |presence| {
        let of = |disease| lens.contribution(disease, &topic, presence).map_or(1.0, |one| one.lr);
        of(one) / of(other)
    };
    Separation {
        finding: finding.to_owned(),
        a: side(lens, one, finding),
        b: side(lens, other, finding),
        present: ratio(Presence::Present),
        absent: ratio(Presence::Absent),
    }
}

/// The edge that counts for this patient, else the first that is written.
fn side(lens: &Lens<'_>, disease: &Disease, finding: &str) -> Option<Side> {
    let written = || disease.presents_with.iter().find(|edge| edge.finding == finding);
    let edge = lens.edge(disease, finding).or_else(written)?;
    Some(Side {
        frequency: edge.frequency.as_ref().and_then(Frequency::proportion),
        estimate: edge.frequency_evidence == Some(Evidence::Unverified),
        excluded: edge.excluded,
        unverified: lens.graph.evidence(&edge.provenance) == Evidence::Unverified,
        source: edge.provenance.source.clone(),
    })
}

fn told<'a>(graph: &'a Graph, from: &'a Disease, to: &'a Disease) -> impl Iterator<Item = Told> + 'a {
    let edges = from.differential.iter().filter(|edge| edge.disease == to.id);
    edges.map(|edge: &Mimics| Told {
        disease: from.id.clone(),
        separates: edge.separates.clone(),
        topics: edge.topics.clone(),
        source: edge.provenance.source.clone(),
        evidence: graph.evidence(&edge.provenance),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{fixture::graph, query::differential};

    fn comparison(options: Options) -> Comparison {
        compare(&graph(), "dissection", "infarction", None, &options).unwrap()
    }

    #[test]
    fn what_separates_most_comes_first_and_what_both_have_last() {
        let order: Vec<String> = comparison(Options::default()).findings.into_iter().map(|one| one.finding).collect();

        assert_eq!(order.len(), 5);
        assert_eq!(order.last().map(String::as_str), Some("chest-pain"));
        assert!(order[..2].contains(&"tearing-pain".to_owned()), "{order:?}");
    }

    #[test]
    fn the_ratio_is_what_the_differential_does_to_the_odds_of_the_two() {
        let graph = graph();
        let odds = |evidence: &[_]| {
            let result = differential(&graph, evidence, None, &Options::default());
            result.of("dissection").unwrap().probability / result.of("infarction").unwrap().probability
        };

        let comparison = comparison(Options::default());

        assert!((comparison.prior_ratio - odds(&[])).abs() < 1e-9);
        for one in &comparison.findings {
            // A finding below another brings it along, so only those that stand alone compare.
            if one.finding == "tearing-pain" || one.finding == "chest-pain" {
                continue;
            }
            let topic = TopicId::new(TopicKind::Finding, &one.finding);
            let gain = odds(&[(topic, Presence::Present)]) / odds(&[]);
            assert!((gain / one.present - 1.0).abs() < 1e-9, "{}: {gain} {}", one.finding, one.present);
        }
    }

    #[test]
    fn what_nobody_verified_is_shown_but_counts_only_when_asked_to() {
        let of = |options| {
            let comparison = comparison(options);
            comparison.findings.into_iter().find(|one| one.finding == "tearing-pain").unwrap()
        };

        let (without, with) = (of(Options::default()), of(Options { unverified: true, ..Options::default() }));

        assert!(without.b.as_ref().is_some_and(|side| side.unverified));
        assert!((without.present - with.present).abs() > 1e-6);
    }

    #[test]
    fn both_entries_say_what_separates_them_and_an_unknown_disease_compares_with_nothing() {
        let told: Vec<String> = comparison(Options::default()).told.into_iter().map(|one| one.disease).collect();

        assert_eq!(told, ["dissection", "infarction"]);
        assert!(compare(&graph(), "dissection", "zebra", None, &Options::default()).is_none());
    }
}
