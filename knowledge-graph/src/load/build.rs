//! From checked entries to the graph.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::OnceLock,
};

use petgraph::graph::{DiGraph, NodeIndex};

use super::content::{Content, DiseaseFile, Located};
use crate::{
    Graph, Node, Relation, TopicId, TopicKind,
    format::{Disease, Provenance},
    problem::Problem,
};

/// The graph of `content`, which has no errors.
pub(crate) fn build(content: Content, hash: String, warnings: Vec<Problem>) -> Graph {
    let facets = content.facets.into_iter().map(|facet| (facet.value.id, facet.value)).collect();
    let graph = Graph {
        petgraph: DiGraph::new(),
        topics: BTreeMap::new(),
        sources: BTreeMap::new(),
        facets,
        warnings,
        hash,
        references: OnceLock::new(),
        spellings: OnceLock::new(),
    };
    let mut builder = Builder { graph, systems: BTreeMap::new() };
    for Located { value, .. } in content.sources {
        let id = value.id.clone();
        let index = builder.graph.petgraph.add_node(Node::Source(Box::new(value)));
        builder.graph.sources.insert(id, index);
    }
    builder.topics(content.topics.into_iter().map(|node| Node::HistoryTopic(Box::new(node.value))));
    builder.topics(content.tests.into_iter().map(|node| Node::Test(Box::new(node.value))));
    builder.topics(content.findings.into_iter().map(|node| Node::Finding(Box::new(node.value))));
    builder.topics(content.risk_factors.into_iter().map(|node| Node::RiskFactor(Box::new(node.value))));
    builder.topics(content.treatments.into_iter().map(|node| Node::Treatment(Box::new(node.value))));
    builder.topics(content.diseases.into_iter().map(|file| Node::Disease(Box::new(whole(file)))));
    builder.definitions();
    builder.claims();
    builder.graph
}

/// The disease with its edges.
fn whole(file: DiseaseFile) -> Disease {
    fn values<T>(list: Vec<Located<T>>) -> Vec<T> {
        list.into_iter().map(|edge| edge.value).collect()
    }
    Disease {
        presents_with: values(file.edges.presents_with),
        risk_factor: values(file.edges.risk_factor),
        tested_by: values(file.edges.tested_by),
        differential: values(file.edges.differential),
        complication: values(file.edges.complication),
        comorbidity: values(file.edges.comorbidity),
        treated_by: values(file.edges.treated_by),
        ..file.disease
    }
}

struct Builder {
    graph: Graph,
    systems: BTreeMap<String, NodeIndex>,
}

impl Builder {
    fn topics(&mut self, nodes: impl Iterator<Item = Node>) {
        for node in nodes {
            if let Some(topic) = node.topic() {
                let index = self.graph.petgraph.add_node(node);
                self.graph.topics.insert(topic, index);
            }
        }
    }

    fn system(&mut self, name: &str) -> NodeIndex {
        if let Some(index) = self.systems.get(name) {
            return *index;
        }
        let index = self.graph.petgraph.add_node(Node::Anatomy(name.to_owned()));
        self.systems.insert(name.to_owned(), index);
        index
    }

    fn connect(&mut self, from: NodeIndex, to: &TopicId, relation: Relation) {
        if let Some(to) = self.graph.index(to) {
            self.graph.petgraph.add_edge(from, to, relation);
        }
    }

    /// Edges that define nodes: parents, systems, where a thing is asked or shown.
    fn definitions(&mut self) {
        let nodes: Vec<NodeIndex> = self.graph.topics.values().copied().collect();
        for index in nodes {
            match self.graph.petgraph[index].clone() {
                Node::Finding(node) => {
                    if let Some(parent) = &node.parent {
                        self.connect(index, &TopicId::new(TopicKind::Finding, parent), Relation::IsA);
                    }
                    if let Some(test) = &node.test {
                        self.connect(index, &TopicId::new(TopicKind::Test, test), Relation::ShownBy);
                    }
                    let system = self.system(&node.system);
                    self.graph.petgraph.add_edge(index, system, Relation::LocatedIn);
                }
                Node::HistoryTopic(node) => {
                    if let Some(parent) = &node.parent {
                        self.connect(index, parent, Relation::IsA);
                    }
                }
                Node::RiskFactor(node) => {
                    if let Some(topic) = &node.asked_as {
                        self.connect(index, topic, Relation::AskedAs);
                    }
                }
                Node::Disease(node) => {
                    let system = self.system(&node.system);
                    self.graph.petgraph.add_edge(index, system, Relation::LocatedIn);
                }
                Node::Test(_) | Node::Treatment(_) | Node::Anatomy(_) | Node::Source(_) => {}
            }
        }
    }

    /// Edges that claim something, from each disease.
    fn claims(&mut self) {
        let diseases: Vec<Disease> = self.graph.diseases().cloned().collect();
        for disease in diseases {
            let id = TopicId::new(TopicKind::Disease, &disease.id);
            let Some(index) = self.graph.index(&id) else { continue };
            self.cite(index, &disease);
            for edge in disease.presents_with {
                let to = TopicId::new(TopicKind::Finding, &edge.finding);
                self.connect(index, &to, Relation::PresentsWith(Box::new(edge)));
            }
            for edge in disease.risk_factor {
                let factor = TopicId::new(TopicKind::RiskFactor, &edge.factor);
                if let Some(factor) = self.graph.index(&factor) {
                    self.graph.petgraph.add_edge(factor, index, Relation::RiskFor(edge));
                }
            }
            for edge in disease.tested_by {
                let to = TopicId::new(TopicKind::Test, &edge.test);
                self.connect(index, &to, Relation::TestedBy(edge));
            }
            for edge in disease.treated_by {
                let to = TopicId::new(TopicKind::Treatment, &edge.treatment);
                self.connect(index, &to, Relation::TreatedBy(edge));
            }
            for edge in disease.differential {
                let to = TopicId::new(TopicKind::Disease, &edge.disease);
                self.connect(index, &to, Relation::Mimics(edge));
            }
            for edge in disease.comorbidity {
                let to = TopicId::new(TopicKind::Disease, &edge.disease);
                self.connect(index, &to, Relation::ComorbidWith(edge));
            }
            for edge in disease.complication {
                let Some(name) = &edge.disease else { continue };
                let complication = TopicId::new(TopicKind::Disease, name);
                if let Some(complication) = self.graph.index(&complication) {
                    self.graph.petgraph.add_edge(complication, index, Relation::Complicates(edge));
                }
            }
        }
    }

    fn cite(&mut self, index: NodeIndex, disease: &Disease) {
        let cited: BTreeSet<String> = provenances(disease).filter_map(|provenance| provenance.source.clone()).collect();
        for source in cited {
            if let Some(source) = self.graph.sources.get(&source) {
                self.graph.petgraph.add_edge(index, *source, Relation::Cites);
            }
        }
    }
}

fn provenances(disease: &Disease) -> impl Iterator<Item = &Provenance> {
    std::iter::once(&disease.epidemiology.provenance)
        .chain(disease.presents_with.iter().map(|edge| &edge.provenance))
        .chain(disease.risk_factor.iter().map(|edge| &edge.provenance))
        .chain(disease.tested_by.iter().map(|edge| &edge.provenance))
        .chain(disease.differential.iter().map(|edge| &edge.provenance))
        .chain(disease.complication.iter().map(|edge| &edge.provenance))
        .chain(disease.comorbidity.iter().map(|edge| &edge.provenance))
        .chain(disease.treated_by.iter().map(|edge| &edge.provenance))
}
