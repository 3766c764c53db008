//! Looking things up in the disease graph.

use axum::{Json, extract::State, http::StatusCode};
use knowledge_graph::{
    Bilingual, TopicId,
    hpo::{Hit, Join, RareId, TermId},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    app::AppState,
    explore::{self, AskedError, DiseaseView, NodeView, RareDiseaseView, RareName, RareTermView},
    i18n::Text,
    web::{
        api::{ApiPath, ApiQuery},
        auth::Explorer,
        error::{ErrorBody, WebError},
        work::apart,
    },
};

/// Hits given unless said, of either layer, and the most.
const TOP: usize = 20;
const MOST: usize = 100;

/// What is searched for.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Search {
    /// A name, lay word or abbreviation in English or Chinese, or an id: `finding:chest-pain`,
    /// `OMIM:…`, `ORPHA:…`, `DECIPHER:…`, `HP:…`.
    q: String,
    /// Only nodes of this kind, such as `disease` or `finding`.
    kind: Option<String>,
    /// How many hits of either layer to give; 20 unless given, at most 100.
    top: Option<usize>,
}

/// What a search found, best first.
#[derive(Serialize, ToSchema)]
pub(super) struct Found {
    /// Nodes of the core.
    topics: Vec<FoundTopic>,
    /// Rare diseases and terms, when they are imported.
    rare: Vec<FoundRare>,
    /// Credit of the rare layer, to be shown with its hits.
    credit: Option<String>,
}

/// A node that was found.
#[derive(Serialize, ToSchema)]
pub(super) struct FoundTopic {
    /// Topic.
    #[schema(value_type = String, example = "finding:chest-pain")]
    id: TopicId,
    /// Its kind, such as `finding`.
    kind: &'static str,
    /// Name.
    #[schema(value_type = Text)]
    name: Bilingual,
}

/// A rare disease or term that was found.
#[derive(Serialize, ToSchema)]
pub(super) struct FoundRare {
    /// Id in its catalogue.
    #[schema(example = "ORPHA:905")]
    id: String,
    /// English name.
    name: String,
    /// Chinese name, of a term when names were given on import.
    chinese: Option<String>,
}

/// Search names, lay words and ids in both languages.
#[utoipa::path(get, path = "/graph/search", tag = "graph", params(Search), responses(
    (status = 200, body = Found),
    (status = 400, body = ErrorBody, description = "`malformed`: nothing to search for"),
    (status = 403, body = ErrorBody, description = "`exam-running`"),
))]
pub(super) async fn search(
    State(app): State<AppState>,
    _: Explorer,
    ApiQuery(wanted): ApiQuery<Search>,
) -> Result<Json<Found>, WebError> {
    if knowledge_graph::normalise(&wanted.q).is_empty() {
        return Err(AskedError::Nothing("nothing to search for; give a word in English or Chinese, as `q`").into());
    }
    let top = wanted.top.unwrap_or(TOP).clamp(1, MOST);
    apart(move || {
        let of_kind = |id: &TopicId| wanted.kind.as_deref().is_none_or(|kind| id.kind().as_str() == kind);
        let topics = app.graph.search(&wanted.q).into_iter().filter(of_kind).take(top);
        let topics = topics.filter_map(|id| {
            let name = app.graph.topic(&id)?.name;
            Some(FoundTopic { kind: id.kind().as_str(), id, name })
        });
        let layer = if wanted.kind.is_none() { app.rare.layer()? } else { None };
        let hits = layer.as_ref().map(|layer| layer.search(&wanted.q)).unwrap_or_default();
        let rare: Vec<FoundRare> = hits.iter().take(top).map(found).collect();
        let credit = layer.as_ref().filter(|_| !rare.is_empty()).map(|layer| layer.release().credit());
        Ok(Json(Found { topics: topics.collect(), rare, credit }))
    })
    .await
}

fn found(hit: &Hit<'_>) -> FoundRare {
    match hit {
        Hit::Disease(disease) => {
            FoundRare { id: disease.id().to_string(), name: disease.name().to_owned(), chinese: None }
        }
        Hit::Term(term) => {
            let RareName { id, en, zh } = RareName::of(*term);
            FoundRare { id: id.to_string(), name: en, chinese: zh }
        }
    }
}

/// A disease with all its edges.
#[utoipa::path(get, path = "/graph/diseases/{id}", tag = "graph",
    params(("id" = String, Path, description = "Disease, such as `pulmonary-embolism`")), responses(
    (status = 200, body = DiseaseView),
    (status = 403, body = ErrorBody, description = "`exam-running`"),
    (status = 404, body = ErrorBody, description = "`unknown-disease`, with the nearest ids"),
))]
pub(super) async fn disease(
    State(app): State<AppState>,
    _: Explorer,
    ApiPath(id): ApiPath<String>,
) -> Result<Json<DiseaseView>, WebError> {
    let id = explore::disease_id(app.graph, &id)?;
    explore::disease(app.graph, id).map(Json).ok_or_else(WebError::not_found)
}

/// A finding, risk factor, test or treatment with the diseases it speaks for.
#[utoipa::path(get, path = "/graph/nodes/{topic}", tag = "graph", params(
    ("topic" = String, Path, description = "Topic, such as `risk-factor:smoking`; a bare name is a finding")), responses(
    (status = 200, body = NodeView),
    (status = 403, body = ErrorBody, description = "`exam-running`"),
    (status = 404, body = ErrorBody, description = "`unknown-topic`, with the nearest ids"),
))]
pub(super) async fn node(
    State(app): State<AppState>,
    _: Explorer,
    ApiPath(topic): ApiPath<String>,
) -> Result<Json<NodeView>, WebError> {
    let topic = explore::topic(app.graph, &topic)?;
    let elsewhere = || {
        let message = format!(
            "`{topic}` is no finding, risk factor, test or treatment; diseases are at GET /api/v1/graph/diseases/ID"
        );
        WebError::new(StatusCode::NOT_FOUND, "unknown-topic", message)
    };
    explore::node(app.graph, &topic).map(Json).ok_or_else(elsewhere)
}

/// A rare disease or a term of the imported layer.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(super) enum Rare {
    /// A disease.
    Disease(RareDiseaseView),
    /// A term.
    Term(RareTermView),
}

/// A rare disease or a term of the imported layer, with its credit.
#[utoipa::path(get, path = "/graph/rare/{id}", tag = "graph",
    params(("id" = String, Path, description = "`OMIM:…`, `ORPHA:…`, `DECIPHER:…` or `HP:…`")), responses(
    (status = 200, body = Rare),
    (status = 403, body = ErrorBody, description = "`exam-running`"),
    (status = 404, body = ErrorBody, description = "`unknown-rare`, or `no-rare-diseases` when none are imported"),
))]
pub(super) async fn rare(
    State(app): State<AppState>,
    _: Explorer,
    ApiPath(id): ApiPath<String>,
) -> Result<Json<Rare>, WebError> {
    apart(move || {
        let layer = app.rare.layer()?.ok_or(AskedError::NoLayer)?;
        let join = Join::new(app.graph, &layer);
        let unknown = || AskedError::NotInRelease { id: id.clone(), release: layer.release().annotations.clone() };
        if let Ok(term) = id.parse::<TermId>() {
            let term = layer.term(term).ok_or_else(unknown)?;
            return Ok(Json(Rare::Term(explore::rare_term(&join, term))));
        }
        let disease: RareId = id.parse().map_err(AskedError::Malformed)?;
        let disease = layer.disease(disease).ok_or_else(unknown)?;
        Ok(Json(Rare::Disease(explore::rare_disease(&join, disease))))
    })
    .await
}
