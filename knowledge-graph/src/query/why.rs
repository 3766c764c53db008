//! Why a topic matters for a disease, in a sentence with its source.

use serde::Serialize;

use super::{path::Step, sentences};
use crate::{
    Bilingual, Graph, TopicId, TopicKind,
    format::{Disease, Evidence, Mimics, PresentsWith, Provenance, RiskFor},
};

/// Why a topic matters.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reason {
    /// From the disease to the topic; only the topic when the reason holds for every patient.
    pub path: Vec<Step>,
    /// The reason in words, source included.
    pub sentence: Bilingual,
    /// Ids of the sources it rests on.
    pub sources: Vec<String>,
    /// Weakest grade among the claims; `None` when nothing is claimed of the disease.
    pub evidence: Option<Evidence>,
    /// Published likelihood ratio of presence, when there is one.
    pub likelihood_ratio: Option<f64>,
    /// Share of the disease's patients who have it, when known.
    pub frequency: Option<f64>,
    /// Whether its presence must never be missed.
    pub red_flag: bool,
}

/// Why `topic` matters when the patient has `disease` (name part): by an edge of the disease; by
/// pointing to a differential instead; by a risk factor asked under it; or, for what is asked of
/// every patient, by the topic's or its section's own reason. `None` when either is unknown or the
/// topic is never asked.
pub fn why(graph: &Graph, topic: &TopicId, disease: &str) -> Option<Reason> {
    let asking = Asking { graph, topic, disease: graph.disease(disease)? };
    if !graph.topic_exists(topic) {
        return None;
    }
    let specific = match (topic.kind(), topic.facet()) {
        (TopicKind::Finding, None) => asking.finding(),
        (TopicKind::Finding, Some(_)) => asking.facet(),
        (TopicKind::RiskFactor, _) => asking.risk_factor(topic.name()),
        (TopicKind::Test, _) => asking.test(),
        (TopicKind::Treatment, _) => asking.treatment(),
        (TopicKind::Disease, _) => asking.other_disease(),
        _ => asking.asked_under(),
    };
    specific.or_else(|| asking.for_everyone())
}

struct Asking<'a> {
    graph: &'a Graph,
    topic: &'a TopicId,
    disease: &'a Disease,
}

impl<'a> Asking<'a> {
    /// A finding of the disease, broader or narrower ones included, else of a differential.
    fn finding(&self) -> Option<Reason> {
        let Some(edge) = self.edge() else {
            return self.points_elsewhere().or_else(|| self.separates());
        };
        let contrast = self.contrast(edge);
        let mut sentence = sentences::presents_with(self.graph, self.disease, edge, contrast.as_ref());
        let mut claims = vec![&edge.provenance];
        if let Some(mimic) = self.mimics().next() {
            sentences::append(&mut sentence, &sentences::separates(self.graph, self.disease, mimic));
            claims.push(&mimic.provenance);
        }
        let finding = TopicId::new(TopicKind::Finding, &edge.finding);
        let path = self.walk(&[("presents-with", false, finding)]);
        let frequency = edge.frequency.as_ref().and_then(crate::format::Frequency::proportion);
        let reason = self.reason(path, sentence, &claims);
        Some(Reason { likelihood_ratio: edge.lr_positive, frequency, ..reason })
    }

    /// The disease's edge to the finding, else to the nearest broader, else to a narrower one.
    fn edge(&self) -> Option<&'a PresentsWith> {
        let node = self.topic.node();
        let of = |id: &TopicId| {
            let mut edges = self.disease.presents_with.iter();
            edges.find(|edge| edge.finding == id.name())
        };
        of(&node)
            .or_else(|| self.graph.ancestors(&node).iter().find_map(of))
            .or_else(|| self.graph.children(&node).iter().find_map(of))
    }

    /// A differential in which the finding is at least twice or at most half as common.
    fn contrast(&self, edge: &PresentsWith) -> Option<(&'a Disease, f64)> {
        let rate = edge.frequency.as_ref()?.proportion()?;
        self.others()
            .filter_map(|other| {
                let mut edges = other.presents_with.iter();
                let theirs = edges.find(|theirs| theirs.finding == edge.finding)?;
                Some((other, theirs.frequency.as_ref()?.proportion()?))
            })
            .filter(|(_, theirs)| rate >= 2.0 * theirs || *theirs >= 2.0 * rate)
            .max_by(|a, b| (a.1 - rate).abs().total_cmp(&(b.1 - rate).abs()))
    }

    fn others(&self) -> impl Iterator<Item = &'a Disease> {
        self.disease.differential.iter().filter_map(|edge| self.graph.disease(&edge.disease))
    }

    /// The disease's differentials that this topic separates, dangerous ones first.
    fn mimics(&self) -> impl Iterator<Item = &'a Mimics> {
        let mut edges: Vec<&Mimics> =
            self.disease.differential.iter().filter(|edge| edge.topics.contains(self.topic)).collect();
        let harmless = |id: &str| self.graph.disease(id).is_none_or(|other| !other.dangerous);
        edges.sort_by_key(|edge| harmless(&edge.disease));
        edges.into_iter()
    }

    /// Not a finding of the disease but of one it is confused with: its absence matters.
    fn points_elsewhere(&self) -> Option<Reason> {
        let name = self.topic.name();
        let theirs = |other: &'a Disease| {
            let mut edges = other.presents_with.iter();
            edges.find(|edge| edge.finding == name && !edge.excluded).map(|edge| (other, edge))
        };
        let rate = |edge: &PresentsWith| edge.frequency.as_ref()?.proportion();
        let (other, edge) = self
            .others()
            .filter_map(theirs)
            .max_by(|a, b| rate(a.1).unwrap_or(0.0).total_cmp(&rate(b.1).unwrap_or(0.0)))?;
        let mut sentence = sentences::points_elsewhere(self.graph, self.disease, other, edge);
        let mut claims = vec![&edge.provenance];
        if let Some(mimic) = self.mimics().find(|mimic| mimic.disease == other.id) {
            sentences::append(&mut sentence, &sentences::separates(self.graph, self.disease, mimic));
            claims.push(&mimic.provenance);
        }
        let elsewhere = TopicId::new(TopicKind::Disease, &other.id);
        let path = self.walk(&[("mimics", false, elsewhere), ("presents-with", false, self.topic.node())]);
        Some(self.reason(path, sentence, &claims))
    }

    /// Mentioned only as what separates the disease from another.
    fn separates(&self) -> Option<Reason> {
        let mimic = self.mimics().next()?;
        let sentence = sentences::separates(self.graph, self.disease, mimic);
        let other = TopicId::new(TopicKind::Disease, &mimic.disease);
        Some(self.reason(self.walk(&[("mimics", false, other)]), sentence, &[&mimic.provenance]))
    }

    /// A facet: what is typical of it in the disease and what it separates.
    fn facet(&self) -> Option<Reason> {
        let facet = self.topic.facet()?;
        let edge = self.edge();
        let typical = edge.filter(|edge| edge.facets.contains_key(&facet));
        let mut claims: Vec<&Provenance> = Vec::new();
        let mut sentence = Bilingual::default();
        if let Some(edge) = typical {
            let text = sentences::typical(self.graph, self.disease, edge, facet)?;
            sentences::append(&mut sentence, &text);
            claims.push(&edge.provenance);
        }
        for mimic in self.mimics().take(2) {
            sentences::append(&mut sentence, &sentences::separates(self.graph, self.disease, mimic));
            claims.push(&mimic.provenance);
        }
        if claims.is_empty() {
            let edge = edge?;
            sentence = sentences::facet_of(self.graph, self.disease, &edge.finding, facet)?;
            claims.push(&edge.provenance);
        }
        let node = self.topic.node();
        let path = match (self.mimics().next(), edge) {
            (_, Some(_)) => self.walk(&[("presents-with", false, node)]),
            (Some(mimic), None) => {
                let other = TopicId::new(TopicKind::Disease, &mimic.disease);
                self.walk(&[("mimics", false, other), ("presents-with", false, node)])
            }
            (None, None) => self.walk(&[]),
        };
        Some(self.reason(path, sentence, &claims))
    }

    fn risk_factor(&self, factor: &str) -> Option<Reason> {
        let edge = self.disease.risk_factor.iter().find(|edge| edge.factor == factor)?;
        self.risk(edge)
    }

    fn risk(&self, edge: &RiskFor) -> Option<Reason> {
        let factor = TopicId::new(TopicKind::RiskFactor, &edge.factor);
        let sentence = sentences::risk(self.graph, self.disease, edge)?;
        let mut hops = vec![("risk-for", true, factor.clone())];
        if *self.topic != factor {
            hops.push(("asked-as", false, self.topic.node()));
        }
        let reason = self.reason(self.walk(&hops), sentence, &[&edge.provenance]);
        Some(Reason { frequency: edge.prevalence, ..reason })
    }

    /// The strongest risk factor of the disease that is asked under this universal topic.
    fn asked_under(&self) -> Option<Reason> {
        let node = self.topic.node();
        let asked = |edge: &&RiskFor| {
            let factor = self.graph.risk_factor(&edge.factor);
            let topic = factor.and_then(|factor| factor.asked_as.as_ref());
            topic.is_some_and(|topic| self.graph.is_a(&topic.node(), &node))
        };
        let strength = |edge: &RiskFor| edge.strength.unwrap_or(1.0);
        let edges = self.disease.risk_factor.iter().filter(asked);
        self.risk(edges.max_by(|a, b| strength(a).total_cmp(&strength(b)))?)
    }

    fn test(&self) -> Option<Reason> {
        let edge = self.disease.tested_by.iter().find(|edge| edge.test == self.topic.name())?;
        let sentence = sentences::tested_by(self.graph, self.disease, edge)?;
        let path = self.walk(&[("tested-by", false, self.topic.node())]);
        Some(self.reason(path, sentence, &[&edge.provenance]))
    }

    fn treatment(&self) -> Option<Reason> {
        let mut edges = self.disease.treated_by.iter();
        let edge = edges.find(|edge| edge.treatment == self.topic.name())?;
        let sentence = sentences::treated_by(self.graph, self.disease, edge)?;
        let path = self.walk(&[("treated-by", false, self.topic.node())]);
        Some(self.reason(path, sentence, &[&edge.provenance]))
    }

    /// Another disease: one it occurs with, or one it is confused with.
    fn other_disease(&self) -> Option<Reason> {
        let name = self.topic.name();
        let together = self.disease.comorbidity.iter().find(|edge| edge.disease == name);
        if let Some(edge) = together {
            let sentence = sentences::comorbid(self.graph, self.disease, edge)?;
            let path = self.walk(&[("comorbid-with", false, self.topic.node())]);
            return Some(self.reason(path, sentence, &[&edge.provenance]));
        }
        let edge = self.disease.differential.iter().find(|edge| edge.disease == name)?;
        let sentence = sentences::separates(self.graph, self.disease, edge);
        let path = self.walk(&[("mimics", false, self.topic.node())]);
        Some(self.reason(path, sentence, &[&edge.provenance]))
    }

    /// What is asked of every patient, whatever the disease.
    fn for_everyone(&self) -> Option<Reason> {
        let node = self.topic.node();
        let lineage = std::iter::once(node.clone()).chain(self.graph.ancestors(&node));
        let own = lineage.into_iter().find_map(|topic| self.graph.history_topic(&topic)?.why.clone());
        let section = self.graph.topic(self.topic)?.section;
        let sentence = own.or_else(|| section.map(sentences::section))?;
        let path = vec![self.step(&node, None)?];
        Some(Reason { evidence: None, ..self.reason(path, sentence, &[]) })
    }

    fn reason(&self, path: Vec<Step>, sentence: Bilingual, claims: &[&Provenance]) -> Reason {
        let mut sources: Vec<String> = claims.iter().filter_map(|claim| claim.source.clone()).collect();
        sources.dedup();
        Reason {
            path,
            sentence,
            sources,
            evidence: claims.iter().map(|claim| self.graph.evidence(claim)).max(),
            likelihood_ratio: None,
            frequency: None,
            red_flag: self
                .graph
                .finding(self.topic.name())
                .is_some_and(|node| self.topic.kind() == TopicKind::Finding && node.red_flag),
        }
    }

    /// The path from the disease over `hops` (relation, whether it runs backwards, node).
    fn walk(&self, hops: &[(&'static str, bool, TopicId)]) -> Vec<Step> {
        let disease = TopicId::new(TopicKind::Disease, &self.disease.id);
        let nodes = std::iter::once(&disease).chain(hops.iter().map(|(_, _, node)| node));
        let relations = hops.iter().map(|(relation, reversed, _)| Some((*relation, *reversed)));
        nodes.zip(relations.chain([None])).filter_map(|(node, relation)| self.step(node, relation)).collect()
    }

    fn step(&self, topic: &TopicId, relation: Option<(&'static str, bool)>) -> Option<Step> {
        Some(Step {
            topic: topic.clone(),
            name: self.graph.topic(topic)?.name,
            relation: relation.map(|(relation, _)| relation),
            reversed: relation.is_some_and(|(_, reversed)| reversed),
        })
    }
}
