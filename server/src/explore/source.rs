//! Sources, each named once in an answer.

use knowledge_graph::{Graph, format::Evidence};
use serde::Serialize;
use utoipa::ToSchema;

/// Where a claim comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SourceView {
    /// Id, as edges name it.
    #[schema(example = "fanaroff-2015")]
    pub id: String,
    /// Authors, title and year.
    pub citation: String,
    /// `PubMed` id.
    pub pmid: Option<u32>,
    /// Where it can be read.
    pub link: Option<String>,
    /// DOI, address or journal, as the graph has it.
    pub locator: Option<String>,
    /// Grade: `systematic-review`, `study`, `guideline`, `textbook`, `ontology` or `unverified`.
    #[schema(value_type = String)]
    pub evidence: Evidence,
}

/// The sources with these ids, each once, in the order they are first named.
pub fn sources<'a>(graph: &Graph, ids: impl IntoIterator<Item = &'a str>) -> Vec<SourceView> {
    let mut views: Vec<SourceView> = Vec::new();
    for id in ids {
        if views.iter().any(|view| view.id == id) {
            continue;
        }
        let Some(source) = graph.source(id) else { continue };
        views.push(SourceView {
            id: source.id.clone(),
            citation: source.citation(),
            pmid: source.pmid,
            link: source.link(),
            locator: source.locator.clone(),
            evidence: source.evidence,
        });
    }
    views
}
