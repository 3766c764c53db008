//! All entries of all files, each with its place.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    TopicId, TopicKind,
    format::{
        Comorbidity, Complication, Disease, FacetPhrases, Finding, HistoryTopic, Mimics, PresentsWith, RiskFactor,
        RiskFor, Source, Test, TestedBy, TreatedBy, Treatment,
    },
    problem::Place,
};

/// A value and where it was written.
#[derive(Clone, Debug)]
pub(crate) struct Located<T> {
    pub(crate) value: T,
    pub(crate) place: Place,
}

/// One disease file; `disease` has no edges yet, they are in `edges` with their places.
#[derive(Clone, Debug)]
pub(crate) struct DiseaseFile {
    pub(crate) disease: Disease,
    pub(crate) place: Place,
    pub(crate) epidemiology_place: Place,
    pub(crate) edges: Edges,
}

/// The edges of one disease.
#[derive(Clone, Debug, Default)]
pub(crate) struct Edges {
    pub(crate) presents_with: Vec<Located<PresentsWith>>,
    pub(crate) risk_factor: Vec<Located<RiskFor>>,
    pub(crate) tested_by: Vec<Located<TestedBy>>,
    pub(crate) differential: Vec<Located<Mimics>>,
    pub(crate) complication: Vec<Located<Complication>>,
    pub(crate) comorbidity: Vec<Located<Comorbidity>>,
    pub(crate) treated_by: Vec<Located<TreatedBy>>,
}

/// Everything that was read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Content {
    pub(crate) sources: Vec<Located<Source>>,
    pub(crate) topics: Vec<Located<HistoryTopic>>,
    pub(crate) facets: Vec<Located<FacetPhrases>>,
    pub(crate) findings: Vec<Located<Finding>>,
    pub(crate) risk_factors: Vec<Located<RiskFactor>>,
    pub(crate) tests: Vec<Located<Test>>,
    pub(crate) treatments: Vec<Located<Treatment>>,
    pub(crate) diseases: Vec<DiseaseFile>,
}

/// The ids that exist, by kind, for telling a dangling one.
#[derive(Debug, Default)]
pub(crate) struct Ids {
    topics: BTreeMap<TopicKind, BTreeSet<String>>,
    pub(crate) sources: BTreeSet<String>,
}

impl Ids {
    pub(crate) fn of(content: &Content) -> Self {
        let mut ids = Self::default();
        let mut add = |kind: TopicKind, name: &str| {
            ids.topics.entry(kind).or_default().insert(name.to_owned());
        };
        content.findings.iter().for_each(|node| add(TopicKind::Finding, &node.value.id));
        content.risk_factors.iter().for_each(|node| add(TopicKind::RiskFactor, &node.value.id));
        content.tests.iter().for_each(|node| add(TopicKind::Test, &node.value.id));
        content.treatments.iter().for_each(|node| add(TopicKind::Treatment, &node.value.id));
        content.diseases.iter().for_each(|node| add(TopicKind::Disease, &node.disease.id));
        content.topics.iter().for_each(|node| add(node.value.id.kind(), node.value.id.name()));
        ids.sources = content.sources.iter().map(|node| node.value.id.clone()).collect();
        ids
    }

    pub(crate) fn has(&self, kind: TopicKind, name: &str) -> bool {
        self.topics.get(&kind).is_some_and(|names| names.contains(name))
    }

    pub(crate) fn has_topic(&self, topic: &TopicId) -> bool {
        self.has(topic.kind(), topic.name())
    }

    /// The existing name most like `name`, if any is close.
    pub(crate) fn nearest(&self, kind: TopicKind, name: &str) -> Option<&str> {
        nearest(name, self.topics.get(&kind)?.iter())
    }

    /// The existing source most like `id`, if any is close.
    pub(crate) fn nearest_source(&self, id: &str) -> Option<&str> {
        nearest(id, self.sources.iter())
    }
}

/// How alike two ids must be (Jaro–Winkler) for one to be offered in place of the other.
const NEAR: f64 = 0.88;

fn nearest<'a>(id: &str, among: impl Iterator<Item = &'a String>) -> Option<&'a str> {
    among
        .map(|other| (strsim::jaro_winkler(id, other), other.as_str()))
        .filter(|(likeness, _)| *likeness >= NEAR)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, other)| other)
}
