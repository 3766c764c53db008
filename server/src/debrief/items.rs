//! The checklist: what was asked, in the student's words; what was missed, and why it matters.

use cases::format::RubricItem;
use knowledge_graph::{Graph, Section, TopicId, query};
use serde::Serialize;
use utoipa::ToSchema;

use super::Materials;
use crate::assessment::{Evidence, ItemReport};

/// How an item came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Asked.
    Asked,
    /// Not asked.
    Missed,
    /// Unsure: a person decides.
    ForExaminer,
}

/// One item of the checklist.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct DebriefItem {
    /// The rubric item's id.
    pub id: String,
    /// What it asks for.
    pub text: String,
    /// How it came out.
    pub status: Status,
    /// Whether missing it fails a station.
    pub critical: bool,
    /// Whether the patient told it, asked or not.
    pub elicited: bool,
    /// The student's words that earned it.
    pub quotes: Vec<Quote>,
    /// A way to ask it.
    pub example: Option<String>,
    /// Why it matters here.
    pub reason: Option<Reason>,
    /// The examiner's reason, where an examiner decided the item.
    pub decided: Option<String>,
}

/// The student's words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Quote {
    /// Exchange, from 0.
    pub turn: u32,
    /// The words.
    pub words: String,
}

/// Why an item matters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Reason {
    /// One or two sentences.
    pub text: String,
    /// Where they come from.
    pub sources: Vec<SourceNote>,
}

/// A source, as shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SourceNote {
    /// Authors, title and year.
    pub citation: String,
    /// PubMed id.
    pub pmid: Option<u32>,
    /// Grade of the evidence, as written in the graph.
    pub evidence: String,
}

/// Every item with its weight and section, in the rubric's order.
pub(super) fn items(materials: &Materials<'_>) -> Vec<(f64, Section, DebriefItem)> {
    materials
        .report
        .items
        .iter()
        .filter_map(|graded| {
            let item = materials.case.rubric.iter().find(|item| item.id == graded.id)?;
            Some((item.weight, item.section, debrief_item(materials, item, graded)))
        })
        .collect()
}

fn debrief_item(materials: &Materials<'_>, item: &RubricItem, graded: &ItemReport) -> DebriefItem {
    let status = match (graded.needs_review, graded.asked) {
        (true, _) => Status::ForExaminer,
        (false, true) => Status::Asked,
        (false, false) => Status::Missed,
    };
    DebriefItem {
        id: item.id.clone(),
        text: item.text.get(materials.language).to_owned(),
        status,
        critical: item.critical,
        elicited: graded.elicited,
        quotes: quotes(materials, graded),
        example: example(materials, item),
        reason: reason(materials, item),
        decided: materials.decisions.iter().find(|decision| decision.item == item.id).map(|one| one.reason.clone()),
    }
}

/// The transcript has the student's words at every place that `exchange_of` maps to an exchange.
fn quotes(materials: &Materials<'_>, graded: &ItemReport) -> Vec<Quote> {
    quotes_of(materials, &graded.evidence)
}

/// Evidence as quotations of exchanges.
pub(super) fn quotes_of(materials: &Materials<'_>, evidence: &[Evidence]) -> Vec<Quote> {
    let exchanges = super::finish::exchange_of_turn(materials.turns);
    evidence
        .iter()
        .filter_map(|evidence| {
            let turn = *exchanges.get(evidence.turn)?;
            Some(Quote { turn, words: evidence.quote.clone() })
        })
        .collect()
}

pub(super) fn example(materials: &Materials<'_>, item: &RubricItem) -> Option<String> {
    let topic = materials.graph.topic(item.topics.first()?)?;
    topic.questions.get(materials.language).first().cloned()
}

/// The author's reason, else the graph's for the first topic that has one.
fn reason(materials: &Materials<'_>, item: &RubricItem) -> Option<Reason> {
    if let Some(why) = &item.why {
        return Some(Reason { text: why.get(materials.language).to_owned(), sources: Vec::new() });
    }
    item.topics.iter().find_map(|topic| graph_reason(materials, topic))
}

pub(super) fn graph_reason(materials: &Materials<'_>, topic: &TopicId) -> Option<Reason> {
    let disease = materials.case.diagnosis.disease.as_deref()?;
    let why = query::why(materials.graph, topic, disease)?;
    let sources = why.sources.iter().filter_map(|id| source_note(materials.graph, id)).collect();
    Some(Reason { text: why.sentence.get(materials.language).to_owned(), sources })
}

/// The source with this id, as shown.
pub(super) fn source_note(graph: &Graph, id: &str) -> Option<SourceNote> {
    let source = graph.source(id)?;
    let evidence = source.evidence.as_str().to_owned();
    Some(SourceNote { citation: source.citation(), pmid: source.pmid, evidence })
}
