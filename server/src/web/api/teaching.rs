//! For teachers: bringing in cases, publishing them, and seeing the class.

use axum::{
    Json,
    extract::{Query, State, rejection::QueryRejection},
    http::StatusCode,
};
use cases::{Case, Problem};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{ApiJson, ApiPath, cases::CaseSummary, encounters::EncounterSummary};
use crate::{
    app::AppState,
    classroom,
    store::{CaseRecord, CaseStatus, Page},
    web::{
        auth::Teacher,
        error::{ErrorBody, WebError},
    },
};

/// Most consultations on one page.
const LONGEST_PAGE: u32 = 200;

/// A case file.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CaseFile {
    /// The file, as `anamnesis case schema` describes it.
    toml: String,
}

/// What was found in a case file.
#[derive(Serialize, ToSchema)]
pub(super) struct Checked {
    /// The case, when it can be used.
    case: Option<CaseSummary>,
    /// What is wrong (`severity` `error`) or worth a look (`warning`), each with line, place and
    /// mend in both languages.
    #[schema(value_type = Vec<Object>)]
    problems: Vec<Problem>,
}

impl Checked {
    fn fine(case: &Case, warnings: Vec<Problem>) -> Self {
        Self { case: Some(case.into()), problems: warnings }
    }
}

/// Check a case file; nothing is stored.
#[utoipa::path(post, path = "/cases:check", tag = "teaching", request_body = CaseFile,
    responses((status = 200, body = Checked)))]
pub(super) async fn check(State(app): State<AppState>, _: Teacher, ApiJson(file): ApiJson<CaseFile>) -> Json<Checked> {
    Json(match cases::parse_and_check(&file.toml, "case.toml", app.graph) {
        Ok((case, warnings)) => Checked::fine(&case, warnings),
        Err(problems) => Checked { case: None, problems },
    })
}

/// Store a case file as a draft.
#[utoipa::path(post, path = "/cases", tag = "teaching", request_body = CaseFile, responses(
    (status = 201, body = Checked),
    (status = 409, body = ErrorBody, description = "`case-version-taken`"),
    (status = 422, body = ErrorBody, description = "`case-invalid`, with its problems"),
))]
pub(super) async fn bring_in(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    ApiJson(file): ApiJson<CaseFile>,
) -> Result<(StatusCode, Json<Checked>), WebError> {
    let (case, warnings) = app.catalogue.bring_in(&file.toml, app.graph, user.id, app.clock.now()).await?;
    Ok((StatusCode::CREATED, Json(Checked::fine(&case, warnings))))
}

/// A stored version of a case.
#[derive(Serialize, ToSchema)]
pub(super) struct StoredCase {
    /// Case id.
    id: String,
    /// Version.
    version: u32,
    /// `draft`, `reviewed`, `published` or `retired`.
    #[schema(value_type = String)]
    status: CaseStatus,
    /// SHA-256 of the content.
    hash: String,
    /// Who brought it in; none for shipped cases.
    owner: Option<Uuid>,
    /// When it was stored.
    created: Timestamp,
    /// The file; absent in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    toml: Option<String>,
}

impl StoredCase {
    fn listed(record: CaseRecord) -> Self {
        Self { toml: None, ..Self::whole(record) }
    }

    fn whole(record: CaseRecord) -> Self {
        let CaseRecord { id, version, status, toml, hash, owner, created } = record;
        Self { id, version, status, hash, owner, created, toml: Some(toml) }
    }
}

/// Every version of every case.
#[utoipa::path(get, path = "/class/cases", tag = "teaching", responses((status = 200, body = [StoredCase])))]
pub(super) async fn stored(State(app): State<AppState>, _: Teacher) -> Result<Json<Vec<StoredCase>>, WebError> {
    Ok(Json(app.store.all_cases().await?.into_iter().map(StoredCase::listed).collect()))
}

/// One version of a case, with its file.
#[utoipa::path(get, path = "/cases/{id}/versions/{version}", tag = "teaching",
    params(("id" = String, Path), ("version" = u32, Path)), responses(
    (status = 200, body = StoredCase),
    (status = 404, body = ErrorBody, description = "`unknown-case`"),
))]
pub(super) async fn version(
    State(app): State<AppState>,
    _: Teacher,
    ApiPath((id, version)): ApiPath<(String, u32)>,
) -> Result<Json<StoredCase>, WebError> {
    let record = app.store.case(&id, version).await?.ok_or_else(WebError::unknown_case)?;
    Ok(Json(StoredCase::whole(record)))
}

/// One version as a file to hand on: with what it is based on, and with the hash of its content. What
/// this answers can be posted to `/cases` elsewhere.
#[utoipa::path(get, path = "/cases/{id}/versions/{version}/file", tag = "teaching",
    params(("id" = String, Path), ("version" = u32, Path)), responses(
    (status = 200, body = CaseFile),
    (status = 404, body = ErrorBody, description = "`unknown-case`"),
))]
pub(super) async fn file(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    ApiPath((id, version)): ApiPath<(String, u32)>,
) -> Result<Json<CaseFile>, WebError> {
    let toml = app.catalogue.export((&id, version), user.id, app.clock.now()).await?;
    Ok(Json(CaseFile { toml: toml.ok_or_else(WebError::unknown_case)? }))
}

/// A new status.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewStatus {
    /// `draft`, `reviewed`, `published` or `retired`.
    #[schema(value_type = String, example = "published")]
    status: CaseStatus,
}

/// Mark a version as reviewed, publish it, withdraw it, or make it a draft again.
#[utoipa::path(put, path = "/cases/{id}/versions/{version}/status", tag = "teaching",
    params(("id" = String, Path), ("version" = u32, Path)), request_body = NewStatus, responses(
    (status = 204, description = "Done"),
    (status = 404, body = ErrorBody, description = "`unknown-case`"),
    (status = 409, body = ErrorBody, description = "`own-draft`: another teacher reviews it"),
    (status = 422, body = ErrorBody, description = "`case-invalid`: it is not true to the graph any more"),
))]
pub(super) async fn set_status(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    ApiPath((id, version)): ApiPath<(String, u32)>,
    ApiJson(new): ApiJson<NewStatus>,
) -> Result<StatusCode, WebError> {
    app.catalogue.set_status((&id, version), new.status, app.graph, user.id, app.clock.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A stretch of the list.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Stretch {
    /// Entries to skip.
    offset: u32,
    /// Most entries to give, up to 200.
    limit: u32,
}

impl Default for Stretch {
    fn default() -> Self {
        let Page { offset, limit } = Page::default();
        Self { offset, limit }
    }
}

/// A student's consultation.
#[derive(Serialize, ToSchema)]
pub(super) struct ClassEntry {
    /// The consultation.
    #[serde(flatten)]
    encounter: EncounterSummary,
    /// Whose.
    student: Uuid,
    /// The student's name.
    student_name: String,
    /// Exchanges so far.
    turns: u32,
}

/// The class's consultations, newest first: those of one's own groups' students, or everyone's for an
/// administrator and where there are no groups.
#[utoipa::path(get, path = "/class/encounters", tag = "teaching", params(
    ("offset" = Option<u32>, Query, description = "Entries to skip"),
    ("limit" = Option<u32>, Query, description = "Most entries to give; 50 unless given, at most 200")),
    responses((status = 200, body = [ClassEntry])))]
pub(super) async fn class(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    stretch: Result<Query<Stretch>, QueryRejection>,
) -> Result<Json<Vec<ClassEntry>>, WebError> {
    let Query(stretch) = stretch.map_err(|error| WebError::malformed(error.body_text()))?;
    let page = Page { offset: stretch.offset, limit: stretch.limit.min(LONGEST_PAGE) };
    let scope = classroom::widest_scope(&app.store, &user).await?;
    let mut entries = Vec::new();
    for entry in app.store.encounters_in(scope, page).await? {
        entries.push(ClassEntry {
            encounter: EncounterSummary::as_it_counts(&app, &entry.encounter).await?,
            student: entry.encounter.student,
            student_name: entry.student_name,
            turns: entry.turns,
        });
    }
    Ok(Json(entries))
}
