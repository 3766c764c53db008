//! How much is in the graph, and how well founded it is.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    Graph, Relation,
    format::{Evidence, FindingKind},
};

/// Counts over the whole graph.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Stats {
    /// Nodes by kind.
    pub nodes: BTreeMap<&'static str, usize>,
    /// Edges by kind.
    pub edges: BTreeMap<&'static str, usize>,
    /// Edges that claim something, by grade of evidence.
    pub evidence: BTreeMap<&'static str, usize>,
    /// Diseases by body system.
    pub systems: BTreeMap<String, usize>,
    /// Presents-with edges that give a frequency, 0–1.
    pub with_frequency: f64,
    /// Presents-with edges that give a published likelihood ratio, 0–1.
    pub with_likelihood_ratio: f64,
    /// Claims that rest on a named source, 0–1.
    pub with_source: f64,
    /// Symptoms with lay words in both languages, 0–1.
    pub symptoms_with_lay_words: f64,
    /// Words and phrases in the lexicon, by language.
    pub phrases: BTreeMap<&'static str, usize>,
    /// Warnings on loading.
    pub warnings: usize,
    /// Version of the content.
    pub content_hash: String,
}

impl Graph {
    /// Counts over the whole graph.
    pub fn stats(&self) -> Stats {
        let relations: Vec<&Relation> = self.petgraph.edge_weights().collect();
        let presents = relations.iter().filter_map(|relation| match relation {
            Relation::PresentsWith(edge) => Some(edge),
            _ => None,
        });
        let claims: Vec<_> = relations.iter().filter_map(|relation| relation.provenance()).collect();
        let symptoms = self.findings().filter(|finding| finding.kind == FindingKind::Symptom);
        Stats {
            nodes: tally(self.petgraph.node_weights().map(crate::Node::kind)),
            edges: tally(relations.iter().map(|relation| relation.as_str())),
            evidence: tally(claims.iter().map(|claim| self.evidence(claim).as_str())),
            systems: tally(self.diseases().map(|disease| disease.system.clone())),
            with_frequency: share(presents.clone().map(|edge| edge.frequency.is_some())),
            with_likelihood_ratio: share(presents.map(|edge| edge.lr_positive.is_some() || edge.lr_negative.is_some())),
            with_source: share(claims.iter().map(|claim| self.evidence(claim) != Evidence::Unverified)),
            symptoms_with_lay_words: share(
                symptoms.map(|finding| !finding.lay.en.is_empty() && !finding.lay.zh.is_empty()),
            ),
            phrases: tally(self.lexicon().map(|phrase| phrase.language.tag())),
            warnings: self.warnings.len(),
            content_hash: self.hash.clone(),
        }
    }
}

fn tally<K: Ord>(keys: impl Iterator<Item = K>) -> BTreeMap<K, usize> {
    let mut counts = BTreeMap::new();
    for key in keys {
        *counts.entry(key).or_default() += 1;
    }
    counts
}

/// Share of `true`, 0 when there is nothing.
fn share(flags: impl Iterator<Item = bool>) -> f64 {
    let (yes, all) = flags.fold((0_u32, 0_u32), |(yes, all), flag| (yes + u32::from(flag), all + 1));
    if all == 0 { 0.0 } else { f64::from(yes) / f64::from(all) }
}
