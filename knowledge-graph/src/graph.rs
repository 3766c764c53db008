//! The graph itself: nodes, edges, and how to find them.

use std::{collections::BTreeMap, sync::OnceLock};

use petgraph::{
    Direction,
    graph::{DiGraph, NodeIndex},
    visit::EdgeRef,
};

use crate::{
    Facet, TopicId, TopicKind,
    diagnosis_text::Spelling,
    format::{
        Comorbidity, Complication, Disease, Evidence, FacetPhrases, Finding, HistoryTopic, Mimics, PresentsWith,
        Provenance, RiskFactor, RiskFor, Source, Test, TestedBy, TreatedBy, Treatment,
    },
    problem::Problem,
    query::Reference,
};

/// A node of the graph.
#[derive(Clone, Debug)]
pub enum Node {
    /// A disease, with its edges as written.
    Disease(Box<Disease>),
    /// A symptom, sign, laboratory or imaging finding.
    Finding(Box<Finding>),
    /// A risk factor.
    RiskFactor(Box<RiskFactor>),
    /// An examination or test.
    Test(Box<Test>),
    /// A treatment.
    Treatment(Box<Treatment>),
    /// A universal history topic.
    HistoryTopic(Box<HistoryTopic>),
    /// A body system, by its name.
    Anatomy(String),
    /// Where facts come from.
    Source(Box<Source>),
}

/// What an edge says.
#[derive(Clone, Debug)]
pub enum Relation {
    /// Disease → finding.
    PresentsWith(Box<PresentsWith>),
    /// Risk factor → disease.
    RiskFor(RiskFor),
    /// Disease → disease it is confused with.
    Mimics(Mimics),
    /// Disease → disease it occurs together with.
    ComorbidWith(Comorbidity),
    /// Complication → disease that leads to it.
    Complicates(Complication),
    /// Disease → test.
    TestedBy(TestedBy),
    /// Disease → treatment.
    TreatedBy(TreatedBy),
    /// Narrower finding or topic → broader one.
    IsA,
    /// Risk factor → history topic under which it is asked.
    AskedAs,
    /// Finding → test or examination that shows it.
    ShownBy,
    /// Disease or finding → body system.
    LocatedIn,
    /// Disease → source one of its edges rests on.
    Cites,
}

impl Relation {
    /// The kind as written in statistics and paths, such as `presents-with`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::PresentsWith(_) => "presents-with",
            Self::RiskFor(_) => "risk-for",
            Self::Mimics(_) => "mimics",
            Self::ComorbidWith(_) => "comorbid-with",
            Self::Complicates(_) => "complicates",
            Self::TestedBy(_) => "tested-by",
            Self::TreatedBy(_) => "treated-by",
            Self::IsA => "is-a",
            Self::AskedAs => "asked-as",
            Self::ShownBy => "shown-by",
            Self::LocatedIn => "located-in",
            Self::Cites => "cites",
        }
    }

    /// Where the claim comes from; `None` for edges that are definitions, not claims.
    pub fn provenance(&self) -> Option<&Provenance> {
        match self {
            Self::PresentsWith(edge) => Some(&edge.provenance),
            Self::RiskFor(edge) => Some(&edge.provenance),
            Self::Mimics(edge) => Some(&edge.provenance),
            Self::ComorbidWith(edge) => Some(&edge.provenance),
            Self::Complicates(edge) => Some(&edge.provenance),
            Self::TestedBy(edge) => Some(&edge.provenance),
            Self::TreatedBy(edge) => Some(&edge.provenance),
            Self::IsA | Self::AskedAs | Self::ShownBy | Self::LocatedIn | Self::Cites => None,
        }
    }
}

/// The checked graph of diseases. Made by [`Graph::load`], [`Graph::embedded`] or
/// [`Graph::load_dir`].
#[derive(Clone, Debug)]
pub struct Graph {
    pub(crate) petgraph: DiGraph<Node, Relation>,
    pub(crate) topics: BTreeMap<TopicId, NodeIndex>,
    pub(crate) sources: BTreeMap<String, NodeIndex>,
    pub(crate) facets: BTreeMap<Facet, FacetPhrases>,
    pub(crate) warnings: Vec<Problem>,
    pub(crate) hash: String,
    /// What findings are compared with, by id; reckoned when first asked for.
    pub(crate) references: OnceLock<BTreeMap<String, Reference>>,
    /// How diseases may be written, in the order of [`Graph::diseases`]; made when first asked for.
    pub(crate) spellings: OnceLock<Vec<Vec<Spelling>>>,
}

macro_rules! nodes {
    ($(#[$doc:meta])* $one:ident, $(#[$docs:meta])* $all:ident, $kind:ident, $type:ty) => {
        $(#[$doc])*
        pub fn $one(&self, id: &str) -> Option<&$type> {
            match self.node(&TopicId::new(TopicKind::$kind, id))? {
                Node::$kind(node) => Some(node),
                _ => None,
            }
        }

        $(#[$docs])*
        pub fn $all(&self) -> impl Iterator<Item = &$type> {
            self.of_kind(TopicKind::$kind).filter_map(|node| match node {
                Node::$kind(node) => Some(&**node),
                _ => None,
            })
        }
    };
}

impl Graph {
    nodes!(
        /// The disease with this id (name part).
        disease,
        /// All diseases, by id.
        diseases, Disease, Disease
    );
    nodes!(
        /// The finding with this id (name part).
        finding,
        /// All findings, by id.
        findings, Finding, Finding
    );
    nodes!(
        /// The risk factor with this id (name part).
        risk_factor,
        /// All risk factors, by id.
        risk_factors, RiskFactor, RiskFactor
    );
    nodes!(
        /// The test or examination with this id (name part).
        test,
        /// All tests and examinations, by id.
        tests, Test, Test
    );
    nodes!(
        /// The treatment with this id (name part).
        treatment,
        /// All treatments, by id.
        treatments, Treatment, Treatment
    );

    /// The universal history topic with this id; its facet is ignored.
    pub fn history_topic(&self, id: &TopicId) -> Option<&HistoryTopic> {
        match self.node(id)? {
            Node::HistoryTopic(topic) => Some(topic),
            _ => None,
        }
    }

    /// All universal history topics, by id.
    pub fn history_topics(&self) -> impl Iterator<Item = &HistoryTopic> {
        self.topics.values().filter_map(|index| match &self.petgraph[*index] {
            Node::HistoryTopic(topic) => Some(&**topic),
            _ => None,
        })
    }

    /// The source with this id.
    pub fn source(&self, id: &str) -> Option<&Source> {
        match &self.petgraph[*self.sources.get(id)?] {
            Node::Source(source) => Some(source),
            _ => None,
        }
    }

    /// All sources, by id.
    pub fn sources(&self) -> impl Iterator<Item = &Source> {
        self.sources.keys().filter_map(|id| self.source(id))
    }

    /// How `facet` is asked, whatever the finding.
    pub fn facet_phrases(&self, facet: Facet) -> Option<&FacetPhrases> {
        self.facets.get(&facet)
    }

    /// How strong a claim is: its own grade, else its source's, else unverified.
    pub fn evidence(&self, provenance: &Provenance) -> Evidence {
        let of_source = || self.source(provenance.source.as_deref()?).map(|source| source.evidence);
        provenance.evidence.or_else(of_source).unwrap_or(Evidence::Unverified)
    }

    /// The node a topic is about; the facet is ignored.
    pub fn node(&self, topic: &TopicId) -> Option<&Node> {
        Some(&self.petgraph[self.index(topic)?])
    }

    /// The broader topics of `topic`, nearest first; a facet is kept.
    pub fn ancestors(&self, topic: &TopicId) -> Vec<TopicId> {
        let mut found = Vec::new();
        let mut next = self.parent(topic);
        while let Some(parent) = next {
            next = self.parent(&parent);
            found.push(parent);
        }
        found
    }

    /// The next broader topic; a facet is kept.
    pub fn parent(&self, topic: &TopicId) -> Option<TopicId> {
        self.related(topic, Direction::Outgoing).into_iter().next()
    }

    /// The next narrower topics; a facet is kept.
    pub fn children(&self, topic: &TopicId) -> Vec<TopicId> {
        let mut children = self.related(topic, Direction::Incoming);
        children.sort();
        children
    }

    /// Whether `topic` is `broader` or specialises it, however far; both with the same facet.
    pub fn is_a(&self, topic: &TopicId, broader: &TopicId) -> bool {
        if topic == broader {
            return true;
        }
        // Most have nothing broader: those need no second look-up.
        let Some(first) = self.index(topic).and_then(|from| self.above(from)) else { return false };
        let Some(goal) = self.index(broader) else { return false };
        topic.facet() == broader.facet()
            && std::iter::successors(Some(first), |at| self.above(*at)).any(|at| at == goal)
    }

    /// Whether something specialises `topic`.
    pub(crate) fn has_narrower(&self, topic: &TopicId) -> bool {
        self.index(topic).is_some_and(|index| {
            let mut edges = self.petgraph.edges_directed(index, Direction::Incoming);
            edges.any(|edge| matches!(edge.weight(), Relation::IsA))
        })
    }

    /// The broader node; as [`Graph::parent`], without making ids: belief asks it very often.
    fn above(&self, node: NodeIndex) -> Option<NodeIndex> {
        let mut edges = self.petgraph.edges_directed(node, Direction::Outgoing);
        edges.find(|edge| matches!(edge.weight(), Relation::IsA)).map(|edge| edge.target())
    }

    /// The relations from `from` to `to` (nodes; facets are ignored).
    pub fn relations(&self, from: &TopicId, to: &TopicId) -> impl Iterator<Item = &Relation> {
        let ends = self.index(from).zip(self.index(to));
        ends.into_iter().flat_map(|(from, to)| self.petgraph.edges_connecting(from, to).map(|edge| edge.weight()))
    }

    /// Diseases that present with the finding `id`, with the edge; each sex or age variant counts.
    pub fn diseases_with(&self, finding: &str) -> impl Iterator<Item = (&Disease, &PresentsWith)> {
        let finding = self.index(&TopicId::new(TopicKind::Finding, finding));
        finding.into_iter().flat_map(|index| {
            let edges = self.petgraph.edges_directed(index, Direction::Incoming);
            edges.filter_map(|edge| match (&self.petgraph[edge.source()], edge.weight()) {
                (Node::Disease(disease), Relation::PresentsWith(edge)) => Some((&**disease, &**edge)),
                _ => None,
            })
        })
    }

    /// What someone should look at although the graph works.
    pub fn warnings(&self) -> &[Problem] {
        &self.warnings
    }

    /// The version of the content: SHA-256 over all files, in hexadecimal.
    pub fn content_hash(&self) -> &str {
        &self.hash
    }

    pub(crate) fn index(&self, topic: &TopicId) -> Option<NodeIndex> {
        match topic.facet() {
            None => self.topics.get(topic).copied(),
            Some(_) => self.topics.get(&topic.node()).copied(),
        }
    }

    fn of_kind(&self, kind: TopicKind) -> impl Iterator<Item = &Node> {
        self.topics
            .range(TopicId::new(kind, "")..)
            .map_while(move |(id, index)| (id.kind() == kind).then(|| &self.petgraph[*index]))
    }

    fn related(&self, topic: &TopicId, direction: Direction) -> Vec<TopicId> {
        let Some(index) = self.index(topic) else { return Vec::new() };
        let edges = self.petgraph.edges_directed(index, direction);
        edges
            .filter(|edge| matches!(edge.weight(), Relation::IsA))
            .filter_map(|edge| match direction {
                Direction::Outgoing => self.petgraph[edge.target()].topic(),
                Direction::Incoming => self.petgraph[edge.source()].topic(),
            })
            .map(|node| topic.facet().map_or_else(|| node.clone(), |facet| node.with_facet(facet)))
            .collect()
    }
}

impl Node {
    /// The topic this node is, unless it is a source or a body system.
    pub fn topic(&self) -> Option<TopicId> {
        Some(match self {
            Self::Disease(node) => TopicId::new(TopicKind::Disease, &node.id),
            Self::Finding(node) => TopicId::new(TopicKind::Finding, &node.id),
            Self::RiskFactor(node) => TopicId::new(TopicKind::RiskFactor, &node.id),
            Self::Test(node) => TopicId::new(TopicKind::Test, &node.id),
            Self::Treatment(node) => TopicId::new(TopicKind::Treatment, &node.id),
            Self::HistoryTopic(node) => node.id.clone(),
            Self::Anatomy(_) | Self::Source(_) => return None,
        })
    }

    /// The kind as written in statistics, such as `risk-factor`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Disease(_) => "disease",
            Self::Finding(_) => "finding",
            Self::RiskFactor(_) => "risk-factor",
            Self::Test(_) => "test",
            Self::Treatment(_) => "treatment",
            Self::HistoryTopic(_) => "history-topic",
            Self::Anatomy(_) => "anatomy",
            Self::Source(_) => "source",
        }
    }
}
