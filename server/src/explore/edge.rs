//! One shape for every edge of a node.

use knowledge_graph::{
    Bilingual, Graph, TopicId, TopicKind,
    format::{
        Comorbidity, Complication, Evidence, Frequency, Mimics, PresentsWith, Provenance, RiskFor, TestedBy, TreatedBy,
    },
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::i18n::Text;

/// One edge of a node: what it joins it to, what it claims, and on whose word.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Edge {
    /// What it says: `presents-with`, `risk-for`, `tested-by`, `treated-by`, `mimics`,
    /// `comorbid-with` or `complicates`.
    pub relation: &'static str,
    /// The node at the other end; none for a complication that is not in the graph.
    #[schema(value_type = Option<String>, example = "finding:chest-pain")]
    pub topic: Option<TopicId>,
    /// What it is called.
    #[schema(value_type = Text)]
    pub name: Bilingual,
    /// Share of the disease's patients concerned, when known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frequency: Option<Share>,
    /// Published likelihood ratio of its presence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lr_positive: Option<f64>,
    /// Published likelihood ratio of its absence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lr_negative: Option<f64>,
    /// Relative risk or odds ratio, of a risk factor or a disease that occurs together with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strength: Option<f64>,
    /// Whether it can be why the patient comes.
    #[serde(skip_serializing_if = "is_false")]
    pub presenting: bool,
    /// Whether its presence argues the disease away.
    #[serde(skip_serializing_if = "is_false")]
    pub excluded: bool,
    /// Whether the test confirms or excludes the disease.
    #[serde(skip_serializing_if = "is_false")]
    pub decisive: bool,
    /// Of patients of this sex only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sex: Option<String>,
    /// Youngest age in years it applies to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_age: Option<u8>,
    /// Oldest age in years it applies to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_age: Option<u8>,
    /// Of a treatment: `first-line`, `acute`, `long-term` or `definitive`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// What a test shows, what separates a differential, what a comorbidity changes.
    #[schema(value_type = Option<Text>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Bilingual>,
    /// Findings that a comorbidity makes more or less common.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub alters: Vec<Alteration>,
    /// Topics to ask for what separates a differential.
    #[schema(value_type = Vec<String>)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<TopicId>,
    /// Grade of the claim; `unverified` claims never count for a grade.
    #[schema(value_type = String, example = "systematic-review")]
    pub evidence: Evidence,
    /// Id of the source, when there is one.
    pub source: Option<String>,
}

/// A share of patients.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Share {
    /// Lower end, 0–1; the same as `high` unless the source gives a range.
    pub low: f64,
    /// Upper end, 0–1.
    pub high: f64,
    /// Patients with it and patients looked at, when the source counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<u32>>)]
    pub count: Option<(u32, u32)>,
    /// The one number that is reckoned with, 0–1.
    pub proportion: f64,
    /// Whether it is its author's estimate, not the source's.
    pub estimate: bool,
}

/// A finding that a comorbidity makes more or less common.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Alteration {
    /// The finding.
    #[schema(value_type = String)]
    pub topic: TopicId,
    /// What it is called.
    #[schema(value_type = Text)]
    pub name: Bilingual,
    /// Factor on its frequency.
    pub factor: f64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
const fn is_false(value: &bool) -> bool {
    !*value
}

impl Share {
    fn new(frequency: &Frequency, grade: Option<Evidence>) -> Option<Self> {
        let proportion = frequency.proportion()?;
        let (low, high) = match frequency {
            Frequency::Range([low, high]) => (*low, *high),
            Frequency::Point(_) | Frequency::Count(_) => (proportion, proportion),
        };
        let estimate = grade == Some(Evidence::Unverified);
        Some(Self { low, high, count: frequency.count(), proportion, estimate })
    }
}

/// The name of a node, its id where it has none.
pub(super) fn name_of(graph: &Graph, topic: &TopicId) -> Bilingual {
    graph.topic(topic).map_or_else(|| Bilingual { en: topic.to_string(), zh: topic.to_string() }, |info| info.name)
}

impl Edge {
    fn bare(graph: &Graph, relation: &'static str, topic: TopicId, provenance: &Provenance) -> Self {
        Self {
            relation,
            name: name_of(graph, &topic),
            topic: Some(topic),
            frequency: None,
            lr_positive: None,
            lr_negative: None,
            strength: None,
            presenting: false,
            excluded: false,
            decisive: false,
            sex: None,
            min_age: None,
            max_age: None,
            role: None,
            note: None,
            alters: Vec::new(),
            topics: Vec::new(),
            evidence: graph.evidence(provenance),
            source: provenance.source.clone(),
        }
    }

    /// Disease and finding, seen from the one that is not `end`.
    pub(super) fn presents_with(graph: &Graph, end: TopicId, edge: &PresentsWith) -> Self {
        Self {
            frequency: edge.frequency.as_ref().and_then(|frequency| Share::new(frequency, edge.frequency_evidence)),
            lr_positive: edge.lr_positive,
            lr_negative: edge.lr_negative,
            presenting: edge.presenting,
            excluded: edge.excluded,
            sex: edge.sex.clone(),
            min_age: edge.min_age,
            max_age: edge.max_age,
            ..Self::bare(graph, "presents-with", end, &edge.provenance)
        }
    }

    /// Disease and risk factor, seen from the one that is not `end`.
    pub(super) fn risk_for(graph: &Graph, end: TopicId, edge: &RiskFor) -> Self {
        let prevalence = edge.prevalence.map(Frequency::Point);
        Self {
            frequency: prevalence.and_then(|share| Share::new(&share, edge.prevalence_evidence)),
            strength: edge.strength,
            ..Self::bare(graph, "risk-for", end, &edge.provenance)
        }
    }

    /// Disease and test, seen from the one that is not `end`.
    pub(super) fn tested_by(graph: &Graph, end: TopicId, edge: &TestedBy) -> Self {
        Self {
            decisive: edge.decisive,
            note: Some(edge.result.clone()),
            ..Self::bare(graph, "tested-by", end, &edge.provenance)
        }
    }

    /// Disease and treatment, seen from the one that is not `end`.
    pub(super) fn treated_by(graph: &Graph, end: TopicId, edge: &TreatedBy) -> Self {
        Self { role: Some(edge.role.clone()), ..Self::bare(graph, "treated-by", end, &edge.provenance) }
    }

    pub(super) fn mimics(graph: &Graph, edge: &Mimics) -> Self {
        Self {
            note: Some(edge.separates.clone()),
            topics: edge.topics.clone(),
            ..Self::bare(graph, "mimics", TopicId::new(TopicKind::Disease, &edge.disease), &edge.provenance)
        }
    }

    pub(super) fn comorbid(graph: &Graph, edge: &Comorbidity) -> Self {
        let alters = edge.alters.iter().map(|(finding, factor)| {
            let topic = TopicId::new(TopicKind::Finding, finding);
            Alteration { name: name_of(graph, &topic), topic, factor: *factor }
        });
        Self {
            strength: edge.strength,
            note: edge.note.clone(),
            alters: alters.collect(),
            ..Self::bare(graph, "comorbid-with", TopicId::new(TopicKind::Disease, &edge.disease), &edge.provenance)
        }
    }

    /// A complication has a node of its own or only a name.
    pub(super) fn complicates(graph: &Graph, edge: &Complication) -> Self {
        let id = edge.disease.clone().unwrap_or_default();
        let known = Self::bare(graph, "complicates", TopicId::new(TopicKind::Disease, id), &edge.provenance);
        match (&edge.disease, &edge.name) {
            (None, Some(name)) => Self { topic: None, name: name.clone(), ..known },
            _ => known,
        }
    }
}
