//! A disease with all its edges.

use std::collections::BTreeMap;

use knowledge_graph::{
    Bilingual, BilingualList, Graph, TopicId, TopicKind,
    format::{Disease, Evidence},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Edge, SourceView, sources};
use crate::i18n::Text;

/// A disease with all its edges and their sources.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DiseaseView {
    /// Its topic.
    #[schema(value_type = String, example = "disease:pulmonary-embolism")]
    pub id: TopicId,
    /// Name.
    #[schema(value_type = Text)]
    pub name: Bilingual,
    /// Other names and abbreviations.
    #[schema(value_type = Object)]
    pub synonyms: BilingualList,
    /// What patients call it.
    #[schema(value_type = Object)]
    pub lay: BilingualList,
    /// ICD-10 code.
    pub icd10: Option<String>,
    /// Body system.
    pub system: String,
    /// One or two sentences to remember.
    #[schema(value_type = Text)]
    pub summary: Bilingual,
    /// Whether missing it endangers life or function.
    pub dangerous: bool,
    /// How common it is and in whom.
    pub epidemiology: EpidemiologyView,
    /// Findings: those that argue for it by frequency, then those that argue against it.
    pub findings: Vec<Edge>,
    /// Risk factors, strongest first.
    pub risk_factors: Vec<Edge>,
    /// Tests, decisive ones first.
    pub tests: Vec<Edge>,
    /// Treatments.
    pub treatments: Vec<Edge>,
    /// What it is confused with.
    pub differentials: Vec<Edge>,
    /// What it occurs together with.
    pub comorbidities: Vec<Edge>,
    /// What it leads to.
    pub complications: Vec<Edge>,
    /// Every source that an edge names.
    pub sources: Vec<SourceView>,
}

/// How common a disease is and in whom.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EpidemiologyView {
    /// Cases per 100,000 adults a year among acute and primary-care presentations; only ratios
    /// between diseases matter.
    pub incidence: f64,
    /// Share of patients in each age band.
    pub age: BTreeMap<String, f64>,
    /// Share of patients who are female.
    pub female: f64,
    /// Grade.
    #[schema(value_type = String)]
    pub evidence: Evidence,
    /// Source, when there is one.
    pub source: Option<String>,
}

/// The disease with this id (name part) as the graph has it.
pub fn disease(graph: &Graph, id: &str) -> Option<DiseaseView> {
    let disease = graph.disease(id)?;
    let epidemiology = &disease.epidemiology;
    let mut view = DiseaseView {
        id: TopicId::new(TopicKind::Disease, id),
        name: disease.name.clone(),
        synonyms: disease.synonyms.clone(),
        lay: disease.lay.clone(),
        icd10: disease.icd10.clone(),
        system: disease.system.clone(),
        summary: disease.summary.clone(),
        dangerous: disease.dangerous,
        epidemiology: EpidemiologyView {
            incidence: epidemiology.incidence,
            age: epidemiology.age.clone(),
            female: epidemiology.female,
            evidence: graph.evidence(&epidemiology.provenance),
            source: epidemiology.provenance.source.clone(),
        },
        findings: findings(graph, disease),
        risk_factors: risk_factors(graph, disease),
        tests: tests(graph, disease),
        treatments: disease
            .treated_by
            .iter()
            .map(|edge| Edge::treated_by(graph, treatment(&edge.treatment), edge))
            .collect(),
        differentials: disease.differential.iter().map(|edge| Edge::mimics(graph, edge)).collect(),
        comorbidities: disease.comorbidity.iter().map(|edge| Edge::comorbid(graph, edge)).collect(),
        complications: disease.complication.iter().map(|edge| Edge::complicates(graph, edge)).collect(),
        sources: Vec::new(),
    };
    let named = view.edges().filter_map(|edge| edge.source.as_deref());
    view.sources = sources(graph, named.chain(view.epidemiology.source.as_deref()));
    Some(view)
}

impl DiseaseView {
    /// All edges, by kind.
    pub fn edges(&self) -> impl Iterator<Item = &Edge> {
        let kinds = [
            &self.findings,
            &self.risk_factors,
            &self.tests,
            &self.treatments,
            &self.differentials,
            &self.comorbidities,
            &self.complications,
        ];
        kinds.into_iter().flatten()
    }
}

fn treatment(id: &str) -> TopicId {
    TopicId::new(TopicKind::Treatment, id)
}

fn findings(graph: &Graph, disease: &Disease) -> Vec<Edge> {
    let edges = disease.presents_with.iter();
    let mut edges: Vec<Edge> =
        edges.map(|edge| Edge::presents_with(graph, TopicId::new(TopicKind::Finding, &edge.finding), edge)).collect();
    let frequency = |edge: &Edge| edge.frequency.as_ref().map_or(0.0, |share| share.proportion);
    // Stable: equals stay as their author ordered them.
    edges.sort_by(|a, b| a.excluded.cmp(&b.excluded).then_with(|| frequency(b).total_cmp(&frequency(a))));
    edges
}

fn risk_factors(graph: &Graph, disease: &Disease) -> Vec<Edge> {
    let edges = disease.risk_factor.iter();
    let mut edges: Vec<Edge> =
        edges.map(|edge| Edge::risk_for(graph, TopicId::new(TopicKind::RiskFactor, &edge.factor), edge)).collect();
    edges.sort_by(|a, b| b.strength.unwrap_or(0.0).total_cmp(&a.strength.unwrap_or(0.0)));
    edges
}

fn tests(graph: &Graph, disease: &Disease) -> Vec<Edge> {
    let edges = disease.tested_by.iter();
    let mut edges: Vec<Edge> =
        edges.map(|edge| Edge::tested_by(graph, TopicId::new(TopicKind::Test, &edge.test), edge)).collect();
    edges.sort_by_key(|edge| !edge.decisive);
    edges
}
