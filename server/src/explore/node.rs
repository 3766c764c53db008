//! A finding, risk factor, test or treatment with the diseases it speaks for.

use knowledge_graph::{
    Bilingual, BilingualList, Graph, Node, Section, TopicId, TopicKind,
    format::{Disease, FindingKind, ReferenceRange, Test, TestKind},
    query::Sex,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Edge, SourceView, edge::name_of, sources};
use crate::i18n::Text;

/// A node other than a disease, with the diseases it is joined to.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NodeView {
    /// Its topic.
    #[schema(value_type = String, example = "finding:chest-pain")]
    pub id: TopicId,
    /// Name.
    #[schema(value_type = Text)]
    pub name: Bilingual,
    /// Lay words, colloquial ones included.
    #[schema(value_type = Object)]
    pub lay: BilingualList,
    /// Ways a doctor asks about it.
    #[schema(value_type = Object)]
    pub questions: BilingualList,
    /// Section of the history in which it is asked; none for what is not asked.
    #[schema(value_type = Option<String>)]
    pub section: Option<Section>,
    /// Of a finding: `symptom`, `sign`, `laboratory` or `imaging`.
    #[schema(value_type = Option<String>)]
    pub kind: Option<FindingKind>,
    /// Whether its presence must never be missed.
    pub red_flag: bool,
    /// Of a finding or risk factor: share of people without these diseases who have it.
    pub background: Option<f64>,
    /// Exact HPO term of a finding.
    pub hpo: Option<String>,
    /// The next broader finding.
    #[schema(value_type = Option<String>)]
    pub parent: Option<TopicId>,
    /// The next narrower findings.
    #[schema(value_type = Vec<String>)]
    pub children: Vec<TopicId>,
    /// The test itself, or the test or examination that shows the finding.
    pub test: Option<TestView>,
    /// The diseases: each edge as seen from here.
    pub diseases: Vec<Edge>,
    /// Every source that an edge names.
    pub sources: Vec<SourceView>,
}

/// A test with its reference ranges.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TestView {
    /// Its topic.
    #[schema(value_type = String)]
    pub id: TopicId,
    /// Name.
    #[schema(value_type = Text)]
    pub name: Bilingual,
    /// `examination`, `bedside`, `laboratory`, `imaging` or `procedure`.
    #[schema(value_type = String)]
    pub kind: TestKind,
    /// What a normal result says.
    #[schema(value_type = Text)]
    pub normal: Bilingual,
    /// What it measures.
    pub quantities: Vec<QuantityView>,
}

/// One number a test reports, with the reference ranges of adults.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct QuantityView {
    /// Name.
    #[schema(value_type = Text)]
    pub name: Bilingual,
    /// Unit of the ranges.
    pub unit: String,
    /// Decimals shown.
    pub decimals: u8,
    /// Women's range: `low` and `high`, either of which may be open.
    #[schema(value_type = Object)]
    pub female: ReferenceRange,
    /// Men's range.
    #[schema(value_type = Object)]
    pub male: ReferenceRange,
}

/// The finding, risk factor, test or treatment `topic`; `None` for anything else or nothing.
pub fn node(graph: &Graph, topic: &TopicId) -> Option<NodeView> {
    let joinable = [TopicKind::Finding, TopicKind::RiskFactor, TopicKind::Test, TopicKind::Treatment];
    let info = graph.topic(&topic.node()).filter(|info| joinable.contains(&info.id.kind()))?;
    let diseases = diseases(graph, &info.id);
    let sources = sources(graph, diseases.iter().filter_map(|edge| edge.source.as_deref()));
    let mut view = NodeView {
        children: graph.children(&info.id),
        id: info.id,
        name: info.name,
        lay: info.lay,
        questions: info.questions,
        section: info.section,
        kind: None,
        red_flag: info.red_flag,
        background: None,
        hpo: None,
        parent: info.parent,
        test: None,
        diseases,
        sources,
    };
    match graph.node(&view.id)? {
        Node::Finding(finding) => {
            view.kind = Some(finding.kind);
            view.background = finding.background;
            view.hpo.clone_from(&finding.hpo);
            view.test = finding.test.as_deref().and_then(|test| graph.test(test)).map(TestView::new);
        }
        Node::RiskFactor(factor) => view.background = factor.background,
        Node::Test(test) => view.test = Some(TestView::new(test)),
        _ => {}
    }
    Some(view)
}

impl NodeView {
    /// The names of topics beside this one.
    pub fn names(&self, graph: &Graph, topics: &[TopicId]) -> Vec<(TopicId, Bilingual)> {
        topics.iter().map(|topic| (topic.clone(), name_of(graph, topic))).collect()
    }
}

impl TestView {
    fn new(test: &Test) -> Self {
        let quantities = test.quantities.iter().map(|quantity| QuantityView {
            name: quantity.name.clone(),
            unit: quantity.unit.clone(),
            decimals: quantity.decimals,
            female: quantity.range(Sex::Female),
            male: quantity.range(Sex::Male),
        });
        Self {
            id: TopicId::new(TopicKind::Test, &test.id),
            name: test.name.clone(),
            kind: test.kind,
            normal: test.normal.clone(),
            quantities: quantities.collect(),
        }
    }
}

/// Edges to diseases: by frequency, those that argue against the disease last.
fn diseases(graph: &Graph, topic: &TopicId) -> Vec<Edge> {
    let mut edges: Vec<Edge> = graph.diseases().flat_map(|disease| edges_of(graph, disease, topic)).collect();
    let weight = |edge: &Edge| {
        let share = edge.frequency.as_ref().map(|share| share.proportion);
        (share.unwrap_or(0.0), edge.strength.unwrap_or(0.0))
    };
    edges.sort_by(|a, b| {
        let (mine, theirs) = (weight(a), weight(b));
        let by_weight = theirs.0.total_cmp(&mine.0).then_with(|| theirs.1.total_cmp(&mine.1));
        (a.excluded, !a.decisive).cmp(&(b.excluded, !b.decisive)).then(by_weight)
    });
    edges
}

fn edges_of(graph: &Graph, disease: &Disease, topic: &TopicId) -> Vec<Edge> {
    let end = || TopicId::new(TopicKind::Disease, &disease.id);
    let name = topic.name();
    match topic.kind() {
        TopicKind::Finding => {
            let edges = disease.presents_with.iter().filter(|edge| edge.finding == name);
            edges.map(|edge| Edge::presents_with(graph, end(), edge)).collect()
        }
        TopicKind::RiskFactor => {
            let edges = disease.risk_factor.iter().filter(|edge| edge.factor == name);
            edges.map(|edge| Edge::risk_for(graph, end(), edge)).collect()
        }
        TopicKind::Test => {
            let edges = disease.tested_by.iter().filter(|edge| edge.test == name);
            edges.map(|edge| Edge::tested_by(graph, end(), edge)).collect()
        }
        TopicKind::Treatment => {
            let edges = disease.treated_by.iter().filter(|edge| edge.treatment == name);
            edges.map(|edge| Edge::treated_by(graph, end(), edge)).collect()
        }
        _ => Vec::new(),
    }
}
