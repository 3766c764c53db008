//! Where the core and the rare layer mean the same thing.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{RareDisease, RareId, RareLayer, Term, TermId, evidence::core_findings};
use crate::{Graph, format::FindingKind, normalise, query::Presence};

/// Core and layer side by side.
#[derive(Debug)]
pub struct Join<'a> {
    pub(super) graph: &'a Graph,
    pub(super) layer: &'a RareLayer,
    /// Core findings by the place of their HPO term.
    pub(super) findings: HashMap<u16, Vec<&'a str>>,
    /// Core finding → place of its HPO term.
    pub(super) places: BTreeMap<&'a str, u16>,
    /// The core disease with the same name as each rare one.
    pub(super) modelled: Vec<Option<&'a str>>,
    /// In how many entries each disease's name occurs.
    pub(super) listings: Vec<u16>,
    unknown: Vec<(&'a str, &'a str)>,
}

impl<'a> Join<'a> {
    /// Joins findings by their `hpo` and diseases by their English names and synonyms.
    pub fn new(graph: &'a Graph, layer: &'a RareLayer) -> Self {
        let (mut findings, mut places, mut unknown) = (HashMap::<u16, Vec<&str>>::new(), BTreeMap::new(), Vec::new());
        for finding in graph.findings() {
            let Some(hpo) = &finding.hpo else { continue };
            match hpo.parse().ok().and_then(|id: TermId| layer.place(id)) {
                Some(at) => {
                    findings.entry(at).or_default().push(&finding.id);
                    places.insert(finding.id.as_str(), at);
                }
                None => unknown.push((finding.id.as_str(), hpo.as_str())),
            }
        }
        let names: HashMap<String, &str> = graph
            .diseases()
            .flat_map(|disease| {
                let all = std::iter::once(&disease.name.en).chain(&disease.synonyms.en);
                all.map(|name| (normalise(name), disease.id.as_str()))
            })
            .collect();
        let modelled = layer.diseases().map(|disease| names.get(&normalise(disease.name())).copied()).collect();
        Self { graph, layer, findings, places, modelled, listings: layer.listings(), unknown }
    }

    /// The core.
    pub fn graph(&self) -> &'a Graph {
        self.graph
    }

    /// The layer.
    pub fn layer(&self) -> &'a RareLayer {
        self.layer
    }

    /// The HPO term that a core finding is.
    pub fn term_of(&self, finding: &str) -> Option<Term<'a>> {
        self.places.get(finding).map(|at| Term { layer: self.layer, at: *at })
    }

    /// The core findings that are this term.
    pub fn findings_of(&self, term: Term<'_>) -> &[&'a str] {
        self.findings.get(&term.at).map_or(&[], Vec::as_slice)
    }

    /// The core findings that a patient with this term has: those that are it, else the nearest
    /// broader ones.
    pub fn findings_with(&self, term: Term<'_>) -> Vec<&'a str> {
        core_findings(self, term.at, Presence::Present)
    }

    /// The core disease with the same name, which then speaks for it.
    pub fn modelled_by(&self, disease: RareDisease<'_>) -> Option<&'a str> {
        self.modelled[disease.at]
    }

    /// Core findings whose HPO term this release does not have: finding and term.
    pub fn unknown_terms(&self) -> &[(&'a str, &'a str)] {
        &self.unknown
    }

    /// Places of the terms that are symptoms of the core or narrower than one.
    pub(super) fn narrower_than_symptoms(&self) -> HashSet<u16> {
        let symptom = |finding: &str| self.graph.finding(finding).is_some_and(|node| node.kind == FindingKind::Symptom);
        let places = self.places.iter().filter(|(finding, _)| symptom(finding)).map(|(_, at)| *at);
        places.flat_map(|at| self.layer.closure(at, &self.layer.children)).collect()
    }

    /// How many core findings are joined to a term.
    pub fn joined(&self) -> usize {
        self.places.len()
    }
}

impl RareLayer {
    /// For each disease the place of the first with the same name. Equal names are taken to be one
    /// disease in several catalogues.
    fn namesakes(&self) -> &[u32] {
        self.namesakes.get_or_init(|| {
            let mut first: HashMap<String, u32> = HashMap::new();
            (0..).zip(self.diseases()).map(|(at, one)| *first.entry(normalise(one.name())).or_insert(at)).collect()
        })
    }

    /// In how many entries the name of each disease occurs, itself included.
    pub(super) fn listings(&self) -> Vec<u16> {
        let namesakes = self.namesakes();
        let mut counts = vec![0; namesakes.len()];
        for first in namesakes {
            counts[*first as usize] += 1;
        }
        namesakes.iter().map(|first| counts[*first as usize]).collect()
    }

    /// Other ids with the same name: the disease as another catalogue lists it.
    pub fn also_listed(&self, disease: RareDisease<'_>) -> Vec<RareId> {
        let namesakes = self.namesakes();
        let same = |other: &RareDisease<'_>| other.at != disease.at && namesakes[other.at] == namesakes[disease.at];
        self.diseases().filter(same).map(RareDisease::id).collect()
    }
}
