//! For teachers: texts read for the graph, and decisions on what they propose.

use axum::{Json, extract::State, http::StatusCode};
use jiff::Timestamp;
use knowledge_graph::{
    format::{Evidence, Source},
    literature::{Claim, Completion, Proposal, Values},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{ApiJson, ApiPath};
use crate::{
    app::AppState,
    literature::{Acceptance, NewDocument, exported},
    store::{CaseReview, Entity, ProposalRecord, StoreError},
    web::{
        auth::Teacher,
        error::{ErrorBody, WebError},
    },
};

/// A text to be read.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewText {
    /// Title as published.
    title: String,
    /// Authors or body.
    authors: String,
    /// Year of publication.
    year: u16,
    /// PubMed id, DOI or address.
    #[serde(default)]
    identifier: String,
    /// `systematic-review`, `study`, `guideline` or `textbook`.
    #[schema(value_type = String, example = "study")]
    evidence: Evidence,
    /// The text, at most 200,000 characters.
    text: String,
}

/// A text with its proposals.
#[derive(Serialize, ToSchema)]
pub(super) struct ReadText {
    /// Id.
    id: Uuid,
    /// The source that accepted edges cite.
    #[schema(value_type = Object)]
    source: Source,
    /// When it was brought in.
    created: Timestamp,
    /// Proposals in all.
    proposals: u32,
    /// Those decided.
    decided: u32,
    /// Those accepted.
    accepted: u32,
}

/// Every text read, newest first.
#[utoipa::path(get, path = "/graph/documents", tag = "graph", responses((status = 200, body = [ReadText])))]
pub(super) async fn list(State(app): State<AppState>, _: Teacher) -> Result<Json<Vec<ReadText>>, WebError> {
    let documents = app.store.documents().await?.into_iter().map(|one| ReadText {
        id: one.document.id,
        source: one.document.source,
        created: one.document.created,
        proposals: one.proposals,
        decided: one.decided,
        accepted: one.accepted,
    });
    Ok(Json(documents.collect()))
}

/// The id of a text.
#[derive(Serialize, ToSchema)]
pub(super) struct TextId {
    /// Id.
    id: Uuid,
}

/// Read a text and keep it with its proposals; the same text again gives the id it has.
#[utoipa::path(post, path = "/graph/documents", tag = "graph", request_body = NewText, responses(
    (status = 201, body = TextId),
    (status = 422, body = ErrorBody, description = "`literature-empty`, `literature-too-long`, `literature-pdf`, `literature-binary`, `literature-undescribed`, `literature-year`"),
))]
pub(super) async fn add(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    ApiJson(new): ApiJson<NewText>,
) -> Result<(StatusCode, Json<TextId>), WebError> {
    let NewText { title, authors, year, identifier, evidence, text } = new;
    let new = NewDocument { title, authors, year, identifier, evidence, text };
    let id = app.literature.add(new, user.id, app.clock.now()).await?;
    Ok((StatusCode::CREATED, Json(TextId { id })))
}

/// A proposal and what was decided on it.
#[derive(Serialize, ToSchema)]
pub(super) struct DecidedProposal {
    /// Its place in the text's list, from 0.
    position: u32,
    /// The claim, its quotation with byte offsets into the text, how it stands to the graph, and what
    /// was taken for granted in reading.
    #[schema(value_type = Object)]
    proposal: Proposal,
    /// Whether it was accepted; null until decided.
    accepted: Option<bool>,
    /// The claim as accepted.
    #[schema(value_type = Option<Object>)]
    claim: Option<Claim>,
    /// Who decided.
    reviewer: Option<Uuid>,
    /// When.
    decided: Option<Timestamp>,
    /// Why, in the reviewer's words.
    note: String,
    /// Why the last start of the server could not use it.
    refused: Option<String>,
}

impl From<ProposalRecord> for DecidedProposal {
    fn from(record: ProposalRecord) -> Self {
        let ProposalRecord { position, proposal, decision, refused, .. } = record;
        let (accepted, decided) = (decision.as_ref().map(|one| one.accepted), decision.as_ref().map(|one| one.at));
        let reviewer = decision.as_ref().and_then(|one| one.reviewer);
        let (claim, note) = decision.map_or((None, String::new()), |one| (one.claim, one.note));
        Self { position, proposal, accepted, claim, reviewer, decided, note, refused }
    }
}

/// A text whole.
#[derive(Serialize, ToSchema)]
pub(super) struct WholeText {
    /// The source that accepted edges cite.
    #[schema(value_type = Object)]
    source: Source,
    /// The text, exactly as brought in.
    text: String,
    /// What it proposes, in its order.
    proposals: Vec<DecidedProposal>,
}

/// One text with its proposals.
#[utoipa::path(get, path = "/graph/documents/{id}", tag = "graph", params(("id" = Uuid, Path)), responses(
    (status = 200, body = WholeText),
    (status = 404, body = ErrorBody, description = "`not-found`"),
))]
pub(super) async fn detail(
    State(app): State<AppState>,
    _: Teacher,
    ApiPath(id): ApiPath<Uuid>,
) -> Result<Json<WholeText>, WebError> {
    let document = app.store.document(id).await?.ok_or_else(WebError::not_found)?;
    let proposals = app.store.proposals(id).await?.into_iter().map(DecidedProposal::from).collect();
    Ok(Json(WholeText { source: document.source, text: document.text, proposals }))
}

/// What is decided.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Verdict {
    /// It enters the graph.
    Accept,
    /// It does not.
    Reject,
    /// The decision is taken back.
    Open,
}

/// A decision.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewDecision {
    /// What is decided.
    decision: Verdict,
    /// The values as edited; those read when absent.
    #[schema(value_type = Option<Object>)]
    values: Option<Values>,
    /// What the text does not say: names in both languages, what separates two diseases, ….
    #[serde(default)]
    #[schema(value_type = Object)]
    completion: Completion,
    /// Why.
    #[serde(default)]
    note: String,
}

/// Accept, reject or take back. Accepting checks that the quotation stands in the text and that the
/// graph with the change passes every check; the change is used from the next start of the server.
#[utoipa::path(put, path = "/graph/documents/{id}/proposals/{position}/decision", tag = "graph",
    params(("id" = Uuid, Path), ("position" = u32, Path, description = "From 0")), request_body = NewDecision,
    responses(
    (status = 204, description = "Done"),
    (status = 404, body = ErrorBody, description = "`not-found`"),
    (status = 422, body = ErrorBody, description = "`literature-…`: what is missing, out of range, or refused by the graph's checks"),
))]
pub(super) async fn decide(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    ApiPath((id, position)): ApiPath<(Uuid, u32)>,
    ApiJson(new): ApiJson<NewDecision>,
) -> Result<StatusCode, WebError> {
    let (at, now) = ((id, position), app.clock.now());
    match new.decision {
        Verdict::Accept => {
            let read = app.store.proposals(id).await?.into_iter().find(|one| one.position == position);
            let mut claim = read.ok_or(StoreError::NotFound(Entity::Proposal))?.proposal.claim;
            claim.values = new.values.unwrap_or(claim.values);
            let acceptance = Acceptance { claim, completion: new.completion, note: new.note };
            app.literature.accept(at, acceptance, user.id, now).await?;
        }
        Verdict::Reject => app.literature.reject(at, new.note, user.id, now).await?,
        Verdict::Open => app.literature.undo(at, user.id, now).await?,
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Accepted changes.
#[derive(Serialize, ToSchema)]
pub(super) struct AcceptedChanges {
    /// TOML for the core's files, with the quotation and the reviewer of each.
    toml: String,
}

/// All accepted changes, for a maintainer of the core.
#[utoipa::path(get, path = "/graph/changes", tag = "graph", responses((status = 200, body = AcceptedChanges)))]
pub(super) async fn changes(State(app): State<AppState>, _: Teacher) -> Result<Json<AcceptedChanges>, WebError> {
    let sources = app.literature.sources().await?;
    Ok(Json(AcceptedChanges { toml: exported(&app.store.accepted_proposals().await?, &sources) }))
}

/// A version of a case to look at again.
#[derive(Serialize, ToSchema)]
pub(super) struct CaseToReview {
    /// Case id.
    case: String,
    /// Version.
    version: u32,
    /// The text of the change.
    document: Uuid,
    /// The change's place in its list, from 0.
    position: u32,
    /// Facts and results that came from the edge.
    facts: Vec<String>,
    /// Checklist items that rest on it.
    items: Vec<String>,
}

/// Cases that rest on an edge which changed, until somebody looked at them.
#[utoipa::path(get, path = "/graph/cases-to-review", tag = "graph", responses((status = 200, body = [CaseToReview])))]
pub(super) async fn cases_to_review(
    State(app): State<AppState>,
    _: Teacher,
) -> Result<Json<Vec<CaseToReview>>, WebError> {
    let affected = app.literature.affected_cases(&app.catalogue).await?;
    let listed = affected.into_iter().map(|(_, one)| CaseToReview {
        case: one.review.case_id,
        version: one.review.version,
        document: one.review.document,
        position: one.review.position,
        facts: one.facts,
        items: one.items,
    });
    Ok(Json(listed.collect()))
}

/// The change for which a case was looked at.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SeenFor {
    /// The text of the change.
    document: Uuid,
    /// The change's place in its list, from 0.
    position: u32,
}

/// Note that somebody looked at a case after a change.
#[utoipa::path(post, path = "/graph/cases/{id}/{version}/reviewed", tag = "graph",
    params(("id" = String, Path), ("version" = u32, Path)), request_body = SeenFor, responses(
    (status = 204, description = "Done"),
    (status = 404, body = ErrorBody, description = "`not-found`"),
))]
pub(super) async fn reviewed(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    ApiPath((case_id, version)): ApiPath<(String, u32)>,
    ApiJson(seen): ApiJson<SeenFor>,
) -> Result<StatusCode, WebError> {
    let review = CaseReview { case_id, version, document: seen.document, position: seen.position };
    app.literature.case_reviewed(review, user.id, app.clock.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
